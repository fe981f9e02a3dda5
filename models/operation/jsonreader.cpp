// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/operation/jsonreader.h"

#include <QtCore/QCoreApplication>

#include <cmath>

namespace parapet::operation {

using namespace Qt::StringLiterals;

void JsonReader::wrong(const char *name)
{
    if (!m_error) {
        m_error = Error{Error::Code::Invalid, QCoreApplication::translate("operation", "This document is not one that Parapet wrote, or a newer version wrote it."),
                        u"%1: member “%2” is missing or wrong"_s.arg(m_what, QLatin1String(name)), false};
    }
}

void JsonReader::adopt(const Status &status)
{
    if (!status && !m_error)
        m_error = status.error();
}

QJsonValue JsonReader::take(const char *name, QJsonValue::Type type)
{
    const QLatin1String key(name);
    m_seen.insert(key);
    const QJsonValue value = m_object.value(key);
    if (value.type() != type)
        wrong(name);
    return value;
}

void JsonReader::text(const char *name, QString &into)
{
    into = take(name, QJsonValue::String).toString();
}

void JsonReader::text(const char *name, Untrusted &into)
{
    into = Untrusted(take(name, QJsonValue::String).toString());
}

void JsonReader::flag(const char *name, bool &into)
{
    into = take(name, QJsonValue::Bool).toBool();
}

void JsonReader::integer(const char *name, qint64 &into)
{
    const double value = take(name, QJsonValue::Double).toDouble();
    if (value != std::floor(value) || std::abs(value) > 9007199254740991.0)
        wrong(name);
    else
        into = qint64(value);
}

void JsonReader::integer(const char *name, int &into)
{
    qint64 wide = 0;
    integer(name, wide);
    if (wide < 0 || wide > std::numeric_limits<int>::max())
        wrong(name);
    else
        into = int(wide);
}

void JsonReader::time(const char *name, Instant &into)
{
    const QString value = take(name, QJsonValue::String).toString();
    if (value.isEmpty()) {
        into = Instant{};
        return;
    }
    const Result<Instant> at = fromRfc3339(value);
    if (!at)
        wrong(name);
    else
        into = *at;
}

void JsonReader::count(const char *name, Count &into)
{
    const QJsonObject value = take(name, QJsonValue::Object).toObject();
    JsonReader reader(value, m_what + u'.' + QLatin1String(name));
    qint64 n = 0;
    bool exact = true;
    reader.integer("value", n);
    reader.flag("exact", exact);
    adopt(reader.finish());
    into = exact ? Count::exactly(n) : Count::atLeast(n);
}

void JsonReader::texts(const char *name, QStringList &into)
{
    const QJsonArray values = array(name);
    into.clear();
    into.reserve(values.size());
    for (const QJsonValue &value : values) {
        if (!value.isString())
            wrong(name);
        into.append(value.toString());
    }
}

void JsonReader::object(const char *name, QJsonObject &into)
{
    into = take(name, QJsonValue::Object).toObject();
}

QJsonArray JsonReader::array(const char *name)
{
    return take(name, QJsonValue::Array).toArray();
}

Status JsonReader::finish() const
{
    if (m_error)
        return fail(*m_error);
    if (m_seen.size() != m_object.size()) {
        for (auto it = m_object.begin(); it != m_object.end(); ++it) {
            if (!m_seen.contains(it.key())) {
                return fail(Error::Code::Invalid,
                            QCoreApplication::translate("operation", "This document is not one that Parapet wrote, or a newer version wrote it."),
                            u"%1: unknown member “%2”"_s.arg(m_what, it.key()));
            }
        }
    }
    return {};
}

QJsonObject countToJson(const Count &count)
{
    return {{u"value"_s, count.value()}, {u"exact"_s, count.isExact()}};
}

} // namespace parapet::operation
