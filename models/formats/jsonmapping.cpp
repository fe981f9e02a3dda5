// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/formats/jsonmapping.h"

#include "models/core/json.h"
#include "models/wire/reader.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonObject>

namespace parapet::formats {

using namespace Qt::StringLiterals;

namespace {

constexpr const char *mappedFields[] = {"time",    "action", "actor",  "actorName", "actorKind", "target",  "workspace",
                                        "outcome", "reason", "detail", "source",    "requestId", "session"};
constexpr const char *timeFormatNames[] = {"rfc3339", "epoch-seconds", "epoch-milliseconds", "epoch-microseconds", "epoch-nanoseconds", "pattern"};
constexpr qsizetype mostMappedValues = 256;

std::span<const char *const> namesOfField(const QString &field)
{
    if (field == "outcome"_L1)
        return EnumNames<Outcome>::names;
    if (field == "actorKind"_L1)
        return EnumNames<ActorKind>::names;
    return {};
}

Failure badMapping(const QString &pointer, const QString &what)
{
    return fail(Error::Code::Invalid, QCoreApplication::translate("formats", "The mapping cannot be used: %1 at %2.").arg(what, pointer), pointer);
}

/// RFC 6901 §3: empty, or "/" before each part, and "~" only as ~0 or ~1.
bool isJsonPointer(const QString &text)
{
    if (!text.isEmpty() && !text.startsWith(u'/'))
        return false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] == u'~' && (i + 1 == text.size() || (text[i + 1] != u'0' && text[i + 1] != u'1')))
            return false;
    }
    return true;
}

Status checkEnumeration(const QString &field, const JsonMapping::Rule &rule, const QString &place)
{
    const auto names = namesOfField(field);
    if (names.empty())
        return {};
    const auto known = [&](const QString &value) {
        return std::any_of(names.begin(), names.end(), [&](const char *name) { return value == QLatin1String(name); });
    };
    if (!rule.isPointer && !known(rule.constant))
        return fail(wire::wrongValue(place + "/constant"_L1, names));
    for (auto it = rule.values.cbegin(); it != rule.values.cend(); ++it) {
        if (!known(*it))
            return fail(wire::wrongValue(place + "/values/"_L1 + it.key(), names));
    }
    if (rule.otherwise && !known(*rule.otherwise))
        return fail(wire::wrongValue(place + "/otherwise"_L1, names));
    return {};
}

} // namespace

QStringList JsonMapping::fields()
{
    QStringList names;
    for (const char *field : mappedFields)
        names << QLatin1String(field);
    return names;
}

const JsonMapping::Rule *JsonMapping::rule(const char *field) const
{
    const auto rule = m_rules.constFind(QLatin1String(field));
    return rule == m_rules.cend() ? nullptr : &*rule;
}

namespace {

Result<JsonMapping::Rule> readRule(const QString &field, const QJsonObject &object, const QString &place, QString &format)
{
    wire::ObjectReader reader(object, place);
    JsonMapping::Rule rule;
    rule.isPointer = reader.has("pointer");
    if (rule.isPointer == reader.has("constant"))
        return badMapping(place, QCoreApplication::translate("formats", "a field takes either a “pointer” or a “constant”, and neither or both stand"));
    if (rule.isPointer) {
        const QString pointer = reader.text("pointer", wire::Missing::Refuse, 512);
        if (!isJsonPointer(pointer))
            return badMapping(place + "/pointer"_L1, QCoreApplication::translate("formats", "“%1” is not a JSON pointer (RFC 6901)").arg(pointer.left(64)));
        rule.pointer = pointer.toStdString();
        rule.required = reader.has("required") && reader.boolean("required");
        rule.prefix = reader.text("prefix", wire::Missing::Allow, 64);
        if (reader.has("otherwise"))
            rule.otherwise = reader.text("otherwise", wire::Missing::Allow, 256);
        if (reader.has("values")) {
            const QJsonObject values = reader.object("values");
            if (values.size() > mostMappedValues)
                return fail(wire::tooLong(place + "/values"_L1, mostMappedValues));
            for (auto it = values.begin(); it != values.end(); ++it) {
                if (!it.value().isString())
                    return fail(wire::wrongKind(place + "/values/"_L1 + it.key(), "a string"));
                rule.values.insert(it.key(), it.value().toString());
            }
        }
        if (field == "time"_L1)
            format = reader.text("format", wire::Missing::Allow, 128);
    } else {
        rule.constant = reader.text("constant", wire::Missing::Refuse, 256);
    }
    if (const auto error = reader.finish(wire::Unknown::Refuse))
        return fail(*error);
    if (Status checked = checkEnumeration(field, rule, place); !checked)
        return fail(checked.error());
    return rule;
}

} // namespace

Result<JsonMapping> JsonMapping::fromJson(QByteArrayView document)
{
    const Result<QJsonValue> json = parseJson(document, {.bytes = 65536, .depth = 8});
    if (!json)
        return fail(json.error());
    if (!json->isObject())
        return fail(wire::wrongKind({}, "an object"));
    wire::ObjectReader reader(json->toObject());
    JsonMapping mapping;
    const QString name = reader.text("name", wire::Missing::Allow, 48);
    const QJsonObject fields = reader.object("fields");
    if (const auto error = reader.finish(wire::Unknown::Refuse))
        return fail(*error);
    if (!name.isEmpty() && !isIdentifier(name))
        return badMapping(u"/name"_s, QCoreApplication::translate("formats", "a name is letters, digits and . _ : -"));
    mapping.m_origin = u"import:"_s + (name.isEmpty() ? u"json"_s : name);
    QString format;
    for (auto it = fields.begin(); it != fields.end(); ++it) {
        const QString place = "/fields/"_L1 + it.key();
        if (!JsonMapping::fields().contains(it.key()))
            return fail(wire::unknownMember(u"/fields"_s, it.key()));
        if (!it.value().isObject())
            return fail(wire::wrongKind(place, "an object"));
        Result<Rule> rule = readRule(it.key(), it.value().toObject(), place, format);
        if (!rule)
            return fail(rule.error());
        mapping.m_rules.insert(it.key(), *std::move(rule));
    }
    for (const char *needed : {"time", "action"}) {
        if (!mapping.m_rules.contains(QLatin1String(needed)))
            return fail(wire::missingMember("/fields/"_L1 + QLatin1String(needed)));
    }
    if (!mapping.rule("time")->isPointer)
        return badMapping(u"/fields/time"_s, QCoreApplication::translate("formats", "a time comes from the line, not from a constant"));
    if (format.startsWith("pattern:"_L1)) {
        mapping.m_timeFormat = TimeFormat::Pattern;
        mapping.m_timePattern = format.mid(8);
    } else if (!format.isEmpty()) {
        const auto known = std::find_if(std::begin(timeFormatNames), std::end(timeFormatNames), [&](const char *each) { return format == QLatin1String(each); });
        if (known == std::end(timeFormatNames))
            return fail(wire::wrongValue(u"/fields/time/format"_s, timeFormatNames));
        mapping.m_timeFormat = TimeFormat(known - std::begin(timeFormatNames));
    }
    if (mapping.m_timeFormat == TimeFormat::Pattern && mapping.m_timePattern.isEmpty())
        return badMapping(u"/fields/time/format"_s, QCoreApplication::translate("formats", "a pattern is written as “pattern:yyyy-MM-dd HH:mm:ss”"));
    return mapping;
}

} // namespace parapet::formats
