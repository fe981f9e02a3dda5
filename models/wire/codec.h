// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/fields.h"
#include "models/wire/reader.h"
#include "models/wire/writer.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonObject>

namespace parapet::wire {

/// The JSON form of a field's value: times as RFC 3339 in UTC or null when not known, all else as it is.
QJsonValue jsonOf(const FieldValue &value);

/// Reads `json` as a value of `kind`; `pointer` names the place in errors. Bounded: texts of at most maxTextLength
/// characters, identifiers of maxIdentifierLength, whole numbers within ±(2^53−1).
Result<FieldValue> valueFrom(const QJsonValue &json, FieldKind kind, bool whole, const QString &pointer);

template<class T>
QJsonObject toJson(const T &value)
{
    QJsonObject object;
    for (const Field<T> &field : fieldsOf<T>())
        object.insert(QLatin1String(field.name), jsonOf(field.get(value)));
    return object;
}

/// Appends the same object as toJson(), compact, without building it: members in the order of the table.
template<class T>
void appendJson(QByteArray &out, const T &value)
{
    char separator = '{';
    for (const Field<T> &field : fieldsOf<T>()) {
        out += separator;
        separator = ',';
        out += '"';
        out += field.name;
        out += "\":";
        if (field.text) {
            appendString(out, *field.text(value));
        } else if (!field.number) {
            appendReal(out, std::get<double>(field.get(value)));
        } else if (const qint64 number = field.number(value); field.kind == FieldKind::Time) {
            appendTime(out, Instant(Milliseconds(number)));
        } else if (field.kind == FieldKind::Boolean) {
            out += number ? "true" : "false";
        } else if (field.kind == FieldKind::Enumeration) {
            out += '"';
            out += field.values[size_t(number)];
            out += '"';
        } else {
            appendInteger(out, number);
        }
    }
    out += '}';
}

/// Reads a T from its object. Errors are of code Invalid; their detail begins with the JSON pointer of the place.
template<class T>
Result<T> fromJson(const QJsonObject &object, Unknown unknown = Unknown::Ignore, Missing missing = Missing::Refuse,
                   const QString &pointer = {})
{
    T value;
    qsizetype known = 0;
    for (const Field<T> &field : fieldsOf<T>()) {
        const auto member = object.constFind(QLatin1String(field.name));
        const QString place = pointer + u'/' + QLatin1String(field.name);
        if (member == object.constEnd()) {
            if (missing == Missing::Refuse)
                return fail(missingMember(place));
            continue;
        }
        ++known;
        // Identifiers may be numbers (a process, a place in the log): whole ones.
        const bool whole = field.number != nullptr;
        Result<FieldValue> read = valueFrom(*member, field.kind, whole, place);
        if (!read)
            return fail(std::move(read.error()));
        if (field.set(value, *read))
            continue;
        // The same text may be held as plain or as untrusted text.
        const auto *text = std::get_if<QString>(&*read);
        if (!text || !field.set(value, FieldValue(Untrusted(*text))))
            return fail(wrongValue(place, field.values));
    }
    if (unknown == Unknown::Refuse && known != object.size()) {
        for (const QString &name : object.keys()) {
            if (!findField<T>(name))
                return fail(unknownMember(pointer, name));
        }
    }
    return value;
}

/// An array of objects as `{"items":[…]}`, or a member of one: at most `limit` of them.
template<class T>
Result<QVector<T>> listFrom(const QJsonValue &json, qsizetype limit, const QString &pointer)
{
    Result<QJsonArray> array = arrayFrom(json, limit, pointer);
    if (!array)
        return fail(std::move(array.error()));
    QVector<T> items;
    items.reserve(array->size());
    for (const QJsonValue entry : *array) {
        const QString place = pointer + u'/' + QString::number(items.size());
        if (!entry.isObject())
            return fail(wrongKind(place, "an object"));
        Result<T> item = fromJson<T>(entry.toObject(), Unknown::Ignore, Missing::Refuse, place);
        if (!item)
            return fail(std::move(item.error()));
        items << std::move(*item);
    }
    return items;
}

/// Reads `{"items":[…]}`: an answer that is whole, at most `limit` items.
template<class T>
Result<QVector<T>> itemsFromJson(const QJsonObject &object, qsizetype limit = maxItems)
{
    return listFrom<T>(object.value(QLatin1String("items")), limit, QStringLiteral("/items"));
}

/// Appends `{"items":[…]}`.
template<class T>
void appendItems(QByteArray &out, const QVector<T> &items)
{
    out += "{\"items\":[";
    for (qsizetype i = 0; i < items.size(); ++i) {
        if (i)
            out += ',';
        appendJson(out, items[i]);
    }
    out += "]}";
}

} // namespace parapet::wire
