// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/id.h"
#include "models/core/instant.h"
#include "models/core/result.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonObject>

#include <span>

namespace parapet::wire {

/// What to do with a member that the contract does not know: answers may have grown, requests must not hold any.
enum class Unknown { Ignore, Refuse };
/// What to do about a member that is not there: answers are whole, drafts and requests need not be.
enum class Missing { Refuse, Allow };

inline constexpr qsizetype maxIdentifierLength = 128;
inline constexpr qsizetype maxTextLength = 65536;
inline constexpr qsizetype maxPageItems = 500;
inline constexpr qsizetype maxItems = 100000;
inline constexpr qint64 maxInteger = (qint64(1) << 53) - 1; ///< RFC 7493 §2.2

/// Errors of code Invalid, each naming the place by JSON pointer (RFC 6901) in its detail.
Error missingMember(const QString &pointer);
Error unknownMember(const QString &pointer, const QString &name);
Error wrongKind(const QString &pointer, const char *expected);
Error wrongValue(const QString &pointer, std::span<const char *const> allowed = {});
Error tooLong(const QString &pointer, qsizetype limit);

/// An array of at most `limit` entries.
Result<QJsonArray> arrayFrom(const QJsonValue &json, qsizetype limit, const QString &pointer);

/// Reads the members of one object in any order and keeps the first error; for values without a field table.
/// Typical use: read every member, then `if (auto e = reader.finish(Unknown::Refuse)) return fail(*e);`
class ObjectReader
{
public:
    explicit ObjectReader(QJsonObject object, QString pointer = {});

    /// A member of another kind, or a missing one unless `missing` allows it, becomes the reader's error; then a
    /// neutral value is returned.
    QString text(const char *name, Missing missing = Missing::Refuse, qsizetype limit = maxTextLength);
    qint64 integer(const char *name, Missing missing = Missing::Refuse);
    bool boolean(const char *name, Missing missing = Missing::Refuse);
    /// RFC 3339, or null for a moment that is not known.
    Instant time(const char *name, Missing missing = Missing::Refuse);
    /// Base64 (RFC 4648 §4, padded) of at most `limit` bytes.
    QByteArray bytes(const char *name, qsizetype limit);
    QJsonArray array(const char *name, qsizetype limit);
    QJsonObject object(const char *name, Missing missing = Missing::Refuse);
    /// An identifier (core/id.h); may be empty.
    template<class Tag>
    Id<Tag> id(const char *name, Missing missing = Missing::Refuse)
    {
        return Id<Tag>(identifier(name, missing));
    }
    /// The place in `names` of an enumeration's name.
    size_t enumeration(const char *name, std::span<const char *const> names, Missing missing = Missing::Refuse);

    bool has(const char *name) const { return m_object.contains(QLatin1String(name)); }
    bool failed() const { return m_error.has_value(); }
    QString place(const char *name) const { return m_pointer + u'/' + QLatin1String(name); }
    /// Notes an error of the caller's own.
    void refuse(Error error);
    /// The first error, members that were never asked for included when `unknown` refuses them.
    std::optional<Error> finish(Unknown unknown = Unknown::Ignore);

private:
    QJsonValue take(const char *name, Missing missing);
    QString identifier(const char *name, Missing missing);

    QJsonObject m_object;
    QString m_pointer;
    QStringList m_known;
    std::optional<Error> m_error;
};

} // namespace parapet::wire
