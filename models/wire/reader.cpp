// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/wire/reader.h"

#include "models/core/untrusted.h"

#include <QtCore/QCoreApplication>

#include <cmath>

namespace parapet::wire {
namespace {

/// All of these are one thing to a person: the answer cannot be used. The place is for the log.
Error readerError(const QString &detail)
{
    return {Error::Code::Invalid,
            QCoreApplication::translate("wire", "The data does not have the agreed form. Check that both sides run "
                                                "matching versions of Parapet."),
            detail, false};
}

/// RFC 6901 §3, cut so that a hostile name cannot fill the log.
QString readerToken(QString name)
{
    name.replace(u'~', QLatin1String("~0")).replace(u'/', QLatin1String("~1"));
    return Untrusted(name).inert(64);
}

std::optional<qint64> readerInteger(const QJsonValue &json)
{
    const double number = json.toDouble(std::nan(""));
    if (!(std::abs(number) <= double(maxInteger)) || number != std::floor(number))
        return std::nullopt;
    return qint64(number);
}

} // namespace

Error missingMember(const QString &pointer)
{
    return readerError(pointer + QLatin1String(": missing"));
}

Error unknownMember(const QString &pointer, const QString &name)
{
    return readerError(pointer + u'/' + readerToken(name) + QLatin1String(": not known"));
}

Error wrongKind(const QString &pointer, const char *expected)
{
    return readerError(pointer + QLatin1String(": must be ") + QLatin1String(expected));
}

Error wrongValue(const QString &pointer, std::span<const char *const> allowed)
{
    if (allowed.empty())
        return readerError(pointer + QLatin1String(": not a valid value"));
    QStringList names;
    for (const char *name : allowed)
        names << QLatin1String(name);
    return readerError(pointer + QLatin1String(": must be one of ") + names.join(QLatin1String(", ")));
}

Error tooLong(const QString &pointer, qsizetype limit)
{
    return readerError(pointer + QLatin1String(": longer than ") + QString::number(limit));
}

Result<QJsonArray> arrayFrom(const QJsonValue &json, qsizetype limit, const QString &pointer)
{
    if (json.isUndefined())
        return fail(missingMember(pointer));
    if (!json.isArray())
        return fail(wrongKind(pointer, "an array"));
    QJsonArray array = json.toArray();
    if (array.size() > limit)
        return fail(tooLong(pointer, limit));
    return array;
}

ObjectReader::ObjectReader(QJsonObject object, QString pointer)
    : m_object(std::move(object)), m_pointer(std::move(pointer))
{
}

void ObjectReader::refuse(Error error)
{
    if (!m_error)
        m_error = std::move(error);
}

QJsonValue ObjectReader::take(const char *name, Missing missing)
{
    m_known << QLatin1String(name);
    const QJsonValue json = m_object.value(QLatin1String(name));
    if (json.isUndefined() && missing == Missing::Refuse)
        refuse(missingMember(place(name)));
    return json;
}

QString ObjectReader::text(const char *name, Missing missing, qsizetype limit)
{
    const QJsonValue json = take(name, missing);
    if (json.isUndefined())
        return {};
    if (!json.isString())
        refuse(wrongKind(place(name), "a string"));
    QString text = json.toString();
    if (text.size() > limit) {
        refuse(tooLong(place(name), limit));
        return {};
    }
    return text;
}

QString ObjectReader::identifier(const char *name, Missing missing)
{
    QString text = this->text(name, missing, maxIdentifierLength);
    if (!text.isEmpty() && !isIdentifier(text)) {
        refuse(wrongKind(place(name), "an identifier"));
        return {};
    }
    return text;
}

qint64 ObjectReader::integer(const char *name, Missing missing)
{
    const QJsonValue json = take(name, missing);
    if (json.isUndefined())
        return 0;
    const std::optional<qint64> number = json.isDouble() ? readerInteger(json) : std::nullopt;
    if (!number)
        refuse(wrongKind(place(name), "a whole number within 2^53"));
    return number.value_or(0);
}

bool ObjectReader::boolean(const char *name, Missing missing)
{
    const QJsonValue json = take(name, missing);
    if (!json.isUndefined() && !json.isBool())
        refuse(wrongKind(place(name), "true or false"));
    return json.toBool();
}

Instant ObjectReader::time(const char *name, Missing missing)
{
    const QJsonValue json = take(name, missing);
    if (json.isUndefined() || json.isNull())
        return {};
    const Result<Instant> at = json.isString() && json.toString().size() <= 64
                                   ? fromRfc3339(json.toString())
                                   : Result<Instant>(fail(Error::Code::Invalid, {}));
    if (!at)
        refuse(wrongKind(place(name), "a time (RFC 3339) or null"));
    return at.value_or(Instant{});
}

QByteArray ObjectReader::bytes(const char *name, qsizetype limit)
{
    const QString encoded = text(name, Missing::Refuse, (limit + 2) / 3 * 4);
    const auto decoded = QByteArray::fromBase64Encoding(encoded.toLatin1(), QByteArray::AbortOnBase64DecodingErrors);
    // Padding and trailing bits must be canonical, else two texts would stand for one value.
    if (!decoded || QLatin1String(decoded.decoded.toBase64()) != encoded) {
        refuse(wrongKind(place(name), "base64"));
        return {};
    }
    if (decoded.decoded.size() > limit) {
        refuse(tooLong(place(name), limit));
        return {};
    }
    return decoded.decoded;
}

QJsonArray ObjectReader::array(const char *name, qsizetype limit)
{
    m_known << QLatin1String(name);
    Result<QJsonArray> array = arrayFrom(m_object.value(QLatin1String(name)), limit, place(name));
    if (!array) {
        refuse(std::move(array.error()));
        return {};
    }
    return *array;
}

QJsonObject ObjectReader::object(const char *name, Missing missing)
{
    const QJsonValue json = take(name, missing);
    if (!json.isUndefined() && !json.isObject())
        refuse(wrongKind(place(name), "an object"));
    return json.toObject();
}

size_t ObjectReader::enumeration(const char *name, std::span<const char *const> names, Missing missing)
{
    const QJsonValue json = take(name, missing);
    if (json.isUndefined())
        return 0;
    for (size_t i = 0; i < names.size(); ++i) {
        if (json.isString() && json.toString() == QLatin1String(names[i]))
            return i;
    }
    refuse(wrongValue(place(name), names));
    return 0;
}

std::optional<Error> ObjectReader::finish(Unknown unknown)
{
    if (unknown == Unknown::Refuse && !m_error) {
        for (const QString &name : m_object.keys()) {
            if (!m_known.contains(name)) {
                refuse(unknownMember(m_pointer, name));
                break;
            }
        }
    }
    return m_error;
}

} // namespace parapet::wire
