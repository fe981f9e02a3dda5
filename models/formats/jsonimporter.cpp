// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/formats/importtext.h"
#include "models/formats/jsonline.h"
#include "models/formats/jsonmapping.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>

#include <charconv>
#include <cmath>

namespace parapet::formats {

namespace {

using MappingRule = JsonMapping::Rule;

/// A value as text: numbers and booleans as they are written, arrays and objects as compact JSON. False for null and nothing.
bool nodeText(const JsonNode &node, std::string &buffer, std::string_view &text)
{
    using simdjson::dom::element_type;
    switch (node.type()) {
    case element_type::STRING:
        text = node.get_string().value_unsafe();
        return true;
    case element_type::NULL_VALUE:
        return false;
    default:
        buffer = simdjson::minify(node);
        text = buffer;
        return true;
    }
}

/// Moments that can be written: years 1 to 9999.
bool isWritable(double milliseconds)
{
    return std::isfinite(milliseconds) && milliseconds > -62135596800e3 && milliseconds < 253402300800e3;
}

class JsonMappingImporter final : public LineImporter
{
public:
    explicit JsonMappingImporter(JsonMapping mapping) : m_mapping(std::move(mapping))
    {
        for (const QString &field : JsonMapping::fields()) {
            const QByteArray name = field.toLatin1();
            m_rules.push_back({findField<AuditEvent>(field), m_mapping.rule(name.constData()), name});
        }
    }

    void line(qint64 number, QByteArrayView bytes, ImportSink &sink) override
    {
        const Result<JsonMembers> root = m_json.parse(bytes);
        if (!root)
            return sink.aside(number, bytes, root.error().message);
        AuditEvent event;
        event.actorKind = ActorKind::Service;
        for (const Mapped &mapped : m_rules) {
            if (const QString wrong = apply(mapped, *root, event); !wrong.isEmpty())
                return sink.aside(number, bytes, wrong);
        }
        if (event.actorName.isEmpty() && !event.actor.isEmpty())
            event.actorName = Untrusted(event.actor.value);
        sink.event(std::move(event), 0);
    }

private:
    struct Mapped {
        const Field<AuditEvent> *field;
        const MappingRule *rule;
        QByteArray name;
    };

    /// What is wrong, with the pointer; empty when the field is set or may stay empty.
    QString apply(const Mapped &mapped, const JsonMembers &root, AuditEvent &event)
    {
        if (!mapped.rule) {
            if (mapped.name == "detail")
                takeWhole(event);
            return {};
        }
        const MappingRule &rule = *mapped.rule;
        if (!rule.isPointer)
            return set(mapped, rule.constant.toStdString(), event);
        std::string_view text;
        const auto node = rule.pointer.empty() ? simdjson::simdjson_result<JsonNode>(JsonNode(m_json.root())) : root.at_pointer(rule.pointer);
        const bool there = !node.error() && nodeText(node.value_unsafe(), m_buffer, text);
        const bool needed = rule.required || mapped.name == "time" || mapped.name == "action";
        if (!there && (!rule.otherwise || mapped.name == "time"))
            return needed ? QCoreApplication::translate("formats", "It has nothing at %1.").arg(QString::fromStdString(rule.pointer)) : QString();
        if (mapped.name == "time")
            return setTime(node.value_unsafe(), text, event);
        if (!rule.values.isEmpty() || rule.otherwise) {
            const auto known = there ? rule.values.constFind(importedText(text, longestImportedName)) : rule.values.cend();
            if (known != rule.values.cend())
                return set(mapped, known->toStdString(), event);
            if (rule.otherwise)
                return set(mapped, rule.otherwise->toStdString(), event);
            return mustBe(mapped, QCoreApplication::translate("formats", "a value that the mapping names"));
        }
        if (rule.prefix.isEmpty())
            return set(mapped, text, event);
        return set(mapped, rule.prefix.toStdString().append(text), event);
    }

    QString mustBe(const Mapped &mapped, const QString &what) const
    {
        return QCoreApplication::translate("formats", "What stands at %1 is not %2.").arg(QString::fromStdString(mapped.rule->pointer), what);
    }

    QString set(const Mapped &mapped, std::string_view text, AuditEvent &event) const
    {
        const QByteArray &name = mapped.name;
        if (name == "action") {
            event.action.clear();
            appendAction(event.action, text);
            return event.action.isEmpty() ? mustBe(mapped, QCoreApplication::translate("formats", "an action")) : QString();
        }
        if (name == "source") {
            event.source = importedAddress(text);
            return event.source.isEmpty() && !text.empty() ? mustBe(mapped, QCoreApplication::translate("formats", "an IP address")) : QString();
        }
        if (name == "requestId" || mapped.field->kind == FieldKind::Identifier) {
            const QString identifier = importedIdentifier(text);
            if (identifier.isEmpty() && !text.empty())
                return mustBe(mapped, QCoreApplication::translate("formats", "an identifier of at most 128 letters, digits and . _ : -"));
            (void)mapped.field->set(event, FieldValue(identifier));
            return {};
        }
        if (mapped.field->kind == FieldKind::Enumeration) {
            if (mapped.field->set(event, FieldValue(importedText(text, longestImportedName))))
                return {};
            return mustBe(mapped, QCoreApplication::translate("formats", "one of the names that the field knows"));
        }
        const qsizetype most = name == "detail" ? longestImportedDetail : name == "target" ? longestImportedTarget
            : name == "reason" ? longestImportedReason : longestImportedName;
        (void)mapped.field->set(event, FieldValue(Untrusted(importedText(text, most))));
        return {};
    }

    QString setTime(const JsonNode &node, std::string_view text, AuditEvent &event) const
    {
        using TimeFormat = JsonMapping::TimeFormat;
        const TimeFormat format = m_mapping.timeFormat();
        if (format == TimeFormat::Rfc3339) {
            event.time = importedTime(text);
        } else if (format == TimeFormat::Pattern) {
            QDateTime at = QDateTime::fromString(importedText(text, longestImportedName), m_mapping.timePattern());
            at.setTimeSpec(Qt::UTC);
            if (at.isValid() && isWritable(double(at.toMSecsSinceEpoch())))
                event.time = Instant(Milliseconds(at.toMSecsSinceEpoch()));
        } else {
            setEpoch(node, text, event);
        }
        const Mapped time{nullptr, m_mapping.rule("time"), "time"};
        return isKnown(event.time) ? QString() : mustBe(time, QCoreApplication::translate("formats", "a time as the mapping says"));
    }

    /// A number since the epoch, written as a number or as text. Whole numbers keep every digit.
    void setEpoch(const JsonNode &node, std::string_view text, AuditEvent &event) const
    {
        using TimeFormat = JsonMapping::TimeFormat;
        const TimeFormat format = m_mapping.timeFormat();
        qint64 whole = 0;
        const auto read = std::from_chars(text.data(), text.data() + text.size(), whole);
        double milliseconds = 0;
        if (read.ec == std::errc() && read.ptr == text.data() + text.size()) {
            milliseconds = format == TimeFormat::Seconds ? double(whole) * 1e3 : format == TimeFormat::Milliseconds ? double(whole)
                : format == TimeFormat::Microseconds ? double(whole / 1000) : double(whole / 1'000'000);
        } else {
            double number = 0;
            if (node.get_double().get(number)) {
                const auto real = std::from_chars(text.data(), text.data() + text.size(), number);
                if (real.ec != std::errc() || real.ptr != text.data() + text.size())
                    return;
            }
            milliseconds = format == TimeFormat::Seconds ? number * 1e3 : format == TimeFormat::Milliseconds ? number
                : format == TimeFormat::Microseconds ? number / 1e3 : number / 1e6;
        }
        if (isWritable(milliseconds))
            event.time = Instant(Milliseconds(qint64(std::floor(milliseconds))));
    }

    void takeWhole(AuditEvent &event)
    {
        m_buffer = simdjson::minify(m_json.root());
        event.detail = Untrusted(importedText(m_buffer, longestImportedDetail));
    }

    JsonMapping m_mapping;
    std::vector<Mapped> m_rules;
    JsonLine m_json;
    std::string m_buffer;
};

} // namespace

std::unique_ptr<LineImporter> makeJsonImporter(JsonMapping mapping)
{
    return std::make_unique<JsonMappingImporter>(std::move(mapping));
}

} // namespace parapet::formats
