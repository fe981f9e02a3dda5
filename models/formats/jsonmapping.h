// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"
#include "models/formats/lineimporter.h"

#include <QtCore/QHash>
#include <QtCore/QStringList>

#include <optional>
#include <string>

namespace parapet::formats {

/// How JSON lines of any shape become events: a small JSON document, read by one strict decoder (resources/formats/import.md).
///
///   {"name": "billing", "fields": {
///      "time":    {"pointer": "/ts", "format": "epoch-milliseconds"},
///      "action":  {"pointer": "/event", "prefix": "billing."},
///      "actor":   {"pointer": "/user/id"},
///      "outcome": {"pointer": "/ok", "values": {"true": "success", "false": "denied"}, "otherwise": "failure"},
///      "source":  {"constant": "10.0.0.7"}}}
class JsonMapping
{
public:
    /// How "time" is written.
    enum class TimeFormat { Rfc3339, Seconds, Milliseconds, Microseconds, Nanoseconds, Pattern };

    /// One field's rule. Either a pointer (RFC 6901) into the line, or a constant.
    struct Rule {
        std::string pointer;
        bool isPointer = false;
        bool required = false;           ///< a line without it is kept aside
        QString constant;
        QString prefix;                  ///< put before what the pointer leads to
        QHash<QString, QString> values;  ///< what the line says → what the field holds
        std::optional<QString> otherwise;
    };

    /// Code Invalid; `detail` begins with the JSON pointer of the place in the mapping.
    static Result<JsonMapping> fromJson(QByteArrayView document);

    /// "import:json", or "import:" and the mapping's name.
    const QString &origin() const { return m_origin; }
    /// The rule of a field; null when the mapping has none.
    const Rule *rule(const char *field) const;
    TimeFormat timeFormat() const { return m_timeFormat; }
    const QString &timePattern() const { return m_timePattern; }

    /// The fields that a mapping may set.
    static QStringList fields();

private:
    QString m_origin;
    QHash<QString, Rule> m_rules;
    TimeFormat m_timeFormat = TimeFormat::Rfc3339;
    QString m_timePattern;
};

/// JSON lines by a mapping. Without a rule for "detail" the event's detail is the whole line.
std::unique_ptr<LineImporter> makeJsonImporter(JsonMapping mapping);

} // namespace parapet::formats
