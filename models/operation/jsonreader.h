// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/count.h"
#include "models/core/instant.h"
#include "models/core/result.h"
#include "models/core/untrusted.h"
#include "models/domain/fields.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonObject>

namespace parapet::operation {

/// Reads one JSON object strictly: every member that is asked for must be there with its type, and no other may be.
/// The first thing that is wrong is kept; read on regardless and ask finish() at the end.
class JsonReader
{
public:
    JsonReader(const QJsonObject &object, QString what) : m_object(object), m_what(std::move(what)) {}

    void text(const char *name, QString &into);
    void text(const char *name, Untrusted &into);
    void flag(const char *name, bool &into);
    void integer(const char *name, qint64 &into);
    void integer(const char *name, int &into);
    void time(const char *name, Instant &into);   ///< empty text: unknown
    void count(const char *name, Count &into);    ///< {"value","exact"}
    void texts(const char *name, QStringList &into);
    void object(const char *name, QJsonObject &into);
    QJsonArray array(const char *name);
    bool has(const char *name) const { return m_object.contains(QLatin1String(name)); }

    template<class Tag>
    void id(const char *name, Id<Tag> &into)
    {
        QString value;
        text(name, value);
        if (!value.isEmpty() && !isIdentifier(value))
            wrong(name);
        into.value = value;
    }
    template<class E>
    void enumeration(const char *name, E &into)
    {
        QString value;
        text(name, value);
        if (!fromName(value, into))
            wrong(name);
    }
    void wrong(const char *name);
    void adopt(const Status &status);

    Status finish() const;

private:
    QJsonValue take(const char *name, QJsonValue::Type type);

    const QJsonObject &m_object;
    QString m_what;
    QSet<QString> m_seen;
    std::optional<Error> m_error;
};

QJsonObject countToJson(const Count &count);

} // namespace parapet::operation
