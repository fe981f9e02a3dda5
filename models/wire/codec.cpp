// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/wire/codec.h"

#include <cmath>

namespace parapet::wire {
namespace {

Result<FieldValue> codecText(const QJsonValue &json, FieldKind kind, const QString &pointer)
{
    if (!json.isString())
        return fail(wrongKind(pointer, "a string"));
    QString text = json.toString();
    if (text.size() > maxTextLength)
        return fail(tooLong(pointer, maxTextLength));
    if (kind == FieldKind::Identifier && text.size() > maxIdentifierLength)
        return fail(tooLong(pointer, maxIdentifierLength));
    return FieldValue(std::move(text));
}

Result<FieldValue> codecInteger(const QJsonValue &json, const QString &pointer)
{
    const double number = json.isDouble() ? json.toDouble() : std::nan("");
    if (!(std::abs(number) <= double(maxInteger)) || number != std::floor(number))
        return fail(wrongKind(pointer, "a whole number within 2^53"));
    return FieldValue(qint64(number));
}

Result<FieldValue> codecTime(const QJsonValue &json, const QString &pointer)
{
    if (json.isNull())
        return FieldValue(Instant{});
    const QString text = json.toString();
    if (json.isString() && text.size() <= 64) {
        if (const Result<Instant> at = fromRfc3339(text))
            return FieldValue(*at);
    }
    return fail(wrongKind(pointer, "a time (RFC 3339) or null"));
}

} // namespace

QJsonValue jsonOf(const FieldValue &value)
{
    struct Visitor {
        QJsonValue operator()(std::monostate) const { return QJsonValue::Null; }
        QJsonValue operator()(const QString &text) const { return text; }
        QJsonValue operator()(const Untrusted &text) const { return text.raw(); }
        QJsonValue operator()(qint64 number) const { return number; }
        QJsonValue operator()(double number) const
        {
            return std::isfinite(number) ? QJsonValue(number) : QJsonValue::Null;
        }
        QJsonValue operator()(bool set) const { return set; }
        QJsonValue operator()(Instant at) const { return isKnown(at) ? QJsonValue(toRfc3339(at)) : QJsonValue::Null; }
    };
    return std::visit(Visitor{}, value);
}

Result<FieldValue> valueFrom(const QJsonValue &json, FieldKind kind, bool whole, const QString &pointer)
{
    switch (kind) {
    case FieldKind::Identifier:
        return whole ? codecInteger(json, pointer) : codecText(json, kind, pointer);
    case FieldKind::Text:
    case FieldKind::Enumeration:
        return codecText(json, kind, pointer);
    case FieldKind::Integer:
    case FieldKind::Bytes:
    case FieldKind::Duration:
        return codecInteger(json, pointer);
    case FieldKind::Real:
        if (!json.isDouble())
            return fail(wrongKind(pointer, "a number"));
        return FieldValue(json.toDouble());
    case FieldKind::Boolean:
        if (!json.isBool())
            return fail(wrongKind(pointer, "true or false"));
        return FieldValue(json.toBool());
    case FieldKind::Time:
        return codecTime(json, pointer);
    }
    return fail(wrongValue(pointer));
}

} // namespace parapet::wire
