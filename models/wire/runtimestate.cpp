// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/wire/runtimestate.h"

namespace parapet::wire {
namespace {

void appendFlag(QByteArray &out, const char *name, bool set)
{
    appendName(out, name);
    out += set ? "true" : "false";
}

void appendNumber(QByteArray &out, const char *name, qint64 number)
{
    appendName(out, name);
    appendInteger(out, number);
}

void appendText(QByteArray &out, const char *name, const QString &text)
{
    appendName(out, name);
    appendString(out, text);
}

} // namespace

template<>
void appendJson<RuntimeState>(QByteArray &out, const RuntimeState &state)
{
    out += '{';
    appendText(out, "workspace", state.workspace.value);
    appendFlag(out, "exists", state.exists);
    appendNumber(out, "processes", state.processes);
    appendNumber(out, "rootPid", state.rootPid);
    appendNumber(out, "rootStartTicks", state.rootStartTicks);
    appendFlag(out, "frozen", state.frozen);
    appendFlag(out, "agentPaused", state.agentPaused);
    appendFlag(out, "isolated", state.isolated);
    appendFlag(out, "networkPresent", state.networkPresent);
    appendNumber(out, "openFlows", state.openFlows);
    appendText(out, "bootId", state.bootId);
    appendText(out, "host", state.host);
    appendName(out, "at");
    appendTime(out, state.at);
    appendFlag(out, "simulated", state.simulated);
    out += '}';
}

template<>
Result<RuntimeState> fromJson<RuntimeState>(const QJsonObject &object, Unknown unknown, Missing missing,
                                            const QString &pointer)
{
    ObjectReader reader(object, pointer);
    RuntimeState state;
    state.workspace = reader.id<WorkspaceTag>("workspace", missing);
    state.exists = reader.boolean("exists", missing);
    state.processes = reader.integer("processes", missing);
    state.rootPid = reader.integer("rootPid", missing);
    state.rootStartTicks = reader.integer("rootStartTicks", missing);
    state.frozen = reader.boolean("frozen", missing);
    state.agentPaused = reader.boolean("agentPaused", missing);
    state.isolated = reader.boolean("isolated", missing);
    state.networkPresent = reader.boolean("networkPresent", missing);
    state.openFlows = reader.integer("openFlows", missing);
    state.bootId = reader.text("bootId", missing, maxIdentifierLength);
    state.host = reader.text("host", missing, 256);
    state.at = reader.time("at", missing);
    state.simulated = reader.boolean("simulated", missing);
    if (auto error = reader.finish(unknown))
        return fail(std::move(*error));
    return state;
}

void appendCapabilities(QByteArray &out, const QVector<VerbCapability> &capabilities)
{
    out += "{\"items\":[";
    for (const auto &[verb, capability] : capabilities) {
        if (!out.endsWith('['))
            out += ',';
        out += '{';
        appendText(out, "verb", verb);
        appendFlag(out, "present", capability.isPresent());
        appendText(out, "reason", capability.reason());
        out += '}';
    }
    out += "]}";
}

Result<QVector<VerbCapability>> capabilitiesFromJson(const QJsonObject &object)
{
    const QString list = QStringLiteral("/items");
    const Result<QJsonArray> items = arrayFrom(object.value(QLatin1String("items")), 64, list);
    if (!items)
        return fail(items.error());
    QVector<VerbCapability> capabilities;
    for (const QJsonValue item : *items) {
        const QString place = list + u'/' + QString::number(capabilities.size());
        if (!item.isObject())
            return fail(wrongKind(place, "an object"));
        ObjectReader reader(item.toObject(), place);
        const QString verb = reader.text("verb", Missing::Refuse, maxIdentifierLength);
        const bool present = reader.boolean("present");
        const QString reason = reader.text("reason", Missing::Refuse, 2000);
        // An absence without a reason would be shown as nothing at all.
        if (!present && reason.isEmpty())
            reader.refuse(wrongValue(reader.place("reason")));
        if (auto error = reader.finish())
            return fail(std::move(*error));
        const auto limited = [&] { return reason.isEmpty() ? Capability::present() : Capability::degraded(reason); };
        capabilities << VerbCapability(verb, present ? limited() : Capability::absent(reason));
    }
    return capabilities;
}

} // namespace parapet::wire
