// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/fields.h"
#include "models/storage/database.h"

namespace parapet::storage {

namespace detail {
/// Text and identifiers as TEXT, times as INTEGER milliseconds since the epoch, booleans as 0 or 1.
void bindField(Statement &statement, int parameter, const FieldValue &value);
FieldValue readField(const Statement &statement, int column, const FieldValue &sample);
} // namespace detail

/// "INSERT … ON CONFLICT(id) DO UPDATE …" with one column for each row of T's field table, named as the field. The same text
/// runs on PostgreSQL. The first field is the key.
template<class T>
QByteArray upsertSql(QByteArrayView table)
{
    QByteArray names, marks, sets;
    for (const Field<T> &field : fieldsOf<T>()) {
        const QByteArray quoted = '"' + QByteArray(field.name) + '"';
        names += (names.isEmpty() ? "" : ",") + quoted;
        marks += marks.isEmpty() ? "?" : ",?";
        if (&field != &fieldsOf<T>().front())
            sets += (sets.isEmpty() ? "" : ",") + quoted + "=excluded." + quoted;
    }
    const QByteArray key = '"' + QByteArray(fieldsOf<T>().front().name) + '"';
    return "INSERT INTO " + table.toByteArray() + '(' + names + ") VALUES(" + marks + ") ON CONFLICT(" + key + ") DO UPDATE SET " + sets;
}

/// "SELECT …" of the columns of T's field table, in its order, from `table`.
template<class T>
QByteArray selectSql(QByteArrayView table)
{
    QByteArray names;
    for (const Field<T> &field : fieldsOf<T>())
        names += (names.isEmpty() ? "\"" : ",\"") + QByteArray(field.name) + '"';
    return "SELECT " + names + " FROM " + table.toByteArray();
}

/// Binds every field of `value`, parameters 1 to the number of fields.
template<class T>
void bindRow(Statement &statement, const T &value)
{
    int parameter = 1;
    for (const Field<T> &field : fieldsOf<T>())
        detail::bindField(statement, parameter++, field.get(value));
}

/// The row that `statement`, made from selectSql<T>, stands on. Protocol error when a stored value does not fit its member.
template<class T>
Result<T> readRow(const Statement &statement)
{
    T value;
    int column = 0;
    for (const Field<T> &field : fieldsOf<T>()) {
        const FieldValue stored = detail::readField(statement, column, field.get(value));
        if (!field.set(value, stored)) {
            return fail(Error::Code::Storage, QStringLiteral("The database holds a value that this version does not know."),
                        QStringLiteral("column %1").arg(QLatin1String(field.name)));
        }
        ++column;
    }
    return value;
}

} // namespace parapet::storage
