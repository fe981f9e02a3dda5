// SPDX-License-Identifier: GPL-3.0-or-later
// Plans ↔ JSON (resources/formats/operation-journal.md). Names are written inert: a journal may be read by other programs.
#include "models/operation/planjson.h"

#include "models/operation/jsonreader.h"

namespace parapet {

template<> struct EnumNames<operation::TouchedLine::Kind> {
    static constexpr std::array names{"person", "agent", "workspace", "service", "lease"};
};

namespace operation {

using namespace Qt::StringLiterals;

namespace {

QJsonObject stepToJson(const Step &step)
{
    return {{u"id"_s, step.id}, {u"verb"_s, step.verb}, {u"title"_s, step.title}, {u"workspace"_s, step.workspace.value},
            {u"target"_s, step.target}, {u"targetIdentity"_s, step.targetIdentity}, {u"destructive"_s, step.destructive},
            {u"evidence"_s, step.evidence}, {u"undoVerb"_s, step.undoVerb}, {u"undoText"_s, step.undoText},
            {u"after"_s, QJsonArray::fromStringList(step.after)}, {u"parameters"_s, step.parameters}};
}

Result<Step> stepFromJson(const QJsonObject &json)
{
    Step step;
    JsonReader reader(json, u"step"_s);
    reader.text("id", step.id);
    reader.text("verb", step.verb);
    reader.text("title", step.title);
    reader.id("workspace", step.workspace);
    reader.text("target", step.target);
    reader.text("targetIdentity", step.targetIdentity);
    reader.flag("destructive", step.destructive);
    reader.flag("evidence", step.evidence);
    reader.text("undoVerb", step.undoVerb);
    reader.text("undoText", step.undoText);
    reader.texts("after", step.after);
    reader.object("parameters", step.parameters);
    if (const Status status = reader.finish(); !status)
        return fail(status.error());
    return step;
}

QJsonObject workspaceToJson(const PlanWorkspace &workspace)
{
    return {{u"id"_s, workspace.id.value}, {u"name"_s, workspace.name.inert()}, {u"project"_s, workspace.project},
            {u"owner"_s, workspace.owner}, {u"imageDigest"_s, workspace.imageDigest}, {u"host"_s, workspace.host},
            {u"identity"_s, workspace.identity}, {u"simulated"_s, workspace.simulated}};
}

Result<PlanWorkspace> workspaceFromJson(const QJsonObject &json)
{
    PlanWorkspace workspace;
    JsonReader reader(json, u"workspace"_s);
    reader.id("id", workspace.id);
    reader.text("name", workspace.name);
    reader.text("project", workspace.project);
    reader.text("owner", workspace.owner);
    reader.text("imageDigest", workspace.imageDigest);
    reader.text("host", workspace.host);
    reader.text("identity", workspace.identity);
    reader.flag("simulated", workspace.simulated);
    if (const Status status = reader.finish(); !status)
        return fail(status.error());
    return workspace;
}

QJsonObject touchedToJson(const Touched &touched)
{
    QJsonArray lines;
    for (const TouchedLine &line : touched.lines) {
        lines.append(QJsonObject{{u"kind"_s, nameOf(line.kind)}, {u"name"_s, line.name.inert()}, {u"effect"_s, line.effect},
                                 {u"workspace"_s, line.workspace.value}});
    }
    return {{u"workspaces"_s, countToJson(touched.workspaces)}, {u"processes"_s, countToJson(touched.processes)},
            {u"sessions"_s, countToJson(touched.sessions)}, {u"leases"_s, countToJson(touched.leases)},
            {u"dependants"_s, countToJson(touched.dependants)}, {u"people"_s, countToJson(touched.people)}, {u"lines"_s, lines}};
}

Result<Touched> touchedFromJson(const QJsonObject &json)
{
    Touched touched;
    JsonReader reader(json, u"touched"_s);
    reader.count("workspaces", touched.workspaces);
    reader.count("processes", touched.processes);
    reader.count("sessions", touched.sessions);
    reader.count("leases", touched.leases);
    reader.count("dependants", touched.dependants);
    reader.count("people", touched.people);
    for (const QJsonValue &value : reader.array("lines")) {
        const QJsonObject object = value.toObject();
        TouchedLine line;
        JsonReader one(object, u"touched.lines"_s);
        one.enumeration("kind", line.kind);
        one.text("name", line.name);
        one.text("effect", line.effect);
        one.id("workspace", line.workspace);
        reader.adopt(one.finish());
        touched.lines.append(line);
    }
    if (const Status status = reader.finish(); !status)
        return fail(status.error());
    return touched;
}

template<class T, class Write>
QJsonArray listToJson(const QVector<T> &values, Write write)
{
    QJsonArray array;
    for (const T &value : values)
        array.append(write(value));
    return array;
}

template<class T, class Read>
void listFromJson(JsonReader &reader, const char *name, QVector<T> &into, Read read)
{
    const QJsonArray values = reader.array(name);
    into.clear();
    into.reserve(values.size());
    for (const QJsonValue &value : values) {
        Result<T> item = read(value.toObject());
        if (!item) {
            reader.adopt(fail(item.error()));
            return;
        }
        into.append(std::move(*item));
    }
}

} // namespace

QJsonObject probeToJson(const Probe &probe)
{
    return {{u"kind"_s, nameOf(probe.kind)}, {u"workspace"_s, probe.workspace.value}, {u"subject"_s, probe.subject},
            {u"label"_s, probe.label.inert()}, {u"expectation"_s, probe.expectation}, {u"expected"_s, probe.expected}};
}

Result<Probe> probeFromJson(const QJsonObject &json)
{
    Probe probe;
    JsonReader reader(json, u"probe"_s);
    reader.enumeration("kind", probe.kind);
    reader.id("workspace", probe.workspace);
    reader.text("subject", probe.subject);
    reader.text("label", probe.label);
    reader.text("expectation", probe.expectation);
    reader.text("expected", probe.expected);
    if (const Status status = reader.finish(); !status)
        return fail(status.error());
    return probe;
}

QJsonObject toJson(const Plan &plan)
{
    return {{u"id"_s, plan.id.value}, {u"feature"_s, plan.feature}, {u"title"_s, plan.title}, {u"reason"_s, plan.reason},
            {u"evidenceOverride"_s, plan.evidenceOverride}, {u"system"_s, plan.system}, {u"made"_s, toRfc3339(plan.made)},
            {u"workspaces"_s, listToJson(plan.workspaces, workspaceToJson)}, {u"steps"_s, listToJson(plan.steps, stepToJson)},
            {u"probes"_s, listToJson(plan.probes, probeToJson)}, {u"touched"_s, touchedToJson(plan.touched)},
            {u"warnings"_s, QJsonArray::fromStringList(plan.warnings)}, {u"certified"_s, plan.certified}};
}

Result<Plan> planFromJson(const QJsonObject &json)
{
    Plan plan;
    QJsonObject touched;
    JsonReader reader(json, u"plan"_s);
    reader.id("id", plan.id);
    reader.text("feature", plan.feature);
    reader.text("title", plan.title);
    reader.text("reason", plan.reason);
    reader.text("evidenceOverride", plan.evidenceOverride);
    reader.text("system", plan.system);
    reader.time("made", plan.made);
    reader.object("touched", touched);
    reader.texts("warnings", plan.warnings);
    reader.flag("certified", plan.certified);
    listFromJson(reader, "workspaces", plan.workspaces, workspaceFromJson);
    listFromJson(reader, "steps", plan.steps, stepFromJson);
    listFromJson(reader, "probes", plan.probes, probeFromJson);
    if (const Status status = reader.finish(); !status)
        return fail(status.error());
    Result<Touched> what = touchedFromJson(touched);
    if (!what)
        return fail(what.error());
    plan.touched = std::move(*what);
    return plan;
}

} // namespace operation
} // namespace parapet
