// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/storage/postgresqltext.h"

#include <QtCore/QByteArrayList>

namespace parapet::storage {

namespace {

bool isSqlWord(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/// The end of the quoted piece that begins at `at`: a doubled quote is two pieces side by side, which comes to the same.
qsizetype sqlQuoteEnd(QByteArrayView sql, qsizetype at)
{
    const qsizetype end = sql.indexOf(sql[at], at + 1);
    return end < 0 ? sql.size() : end + 1;
}

} // namespace

QByteArray postgresqlMarks(QByteArrayView sql)
{
    QByteArray out;
    out.reserve(sql.size() + 16);
    int next = 1;
    for (qsizetype at = 0; at < sql.size();) {
        if (sql[at] == '\'' || sql[at] == '"') {
            const qsizetype end = sqlQuoteEnd(sql, at);
            out += sql.sliced(at, end - at);
            at = end;
        } else if (sql[at] != '?') {
            out += sql[at++];
        } else {
            out += '$';
            if (++at < sql.size() && sql[at] >= '0' && sql[at] <= '9')
                continue; // "?3": its number follows
            out += QByteArray::number(next++);
        }
    }
    return out;
}

QByteArray postgresqlSchema(QByteArrayView sql)
{
    QByteArray out;
    out.reserve(sql.size() * 2);
    for (qsizetype at = 0; at < sql.size();) {
        if (sql[at] == '\'' || sql[at] == '"') {
            const qsizetype end = sqlQuoteEnd(sql, at);
            out += sql.sliced(at, end - at);
            at = end;
        } else if (sql.sliced(at).startsWith("--")) {
            const qsizetype end = sql.indexOf('\n', at);
            at = end < 0 ? sql.size() : end;
        } else if (isSqlWord(sql[at])) {
            const qsizetype from = at;
            while (at < sql.size() && isSqlWord(sql[at]))
                ++at;
            const QByteArrayView word = sql.sliced(from, at - from);
            out += word == "INTEGER" ? QByteArrayView("BIGINT")
                 : word == "REAL"    ? QByteArrayView("DOUBLE PRECISION")
                 : word == "BLOB"    ? QByteArrayView("BYTEA")
                 : word == "TEXT"    ? QByteArrayView("TEXT COLLATE \"C\"")
                                     : word;
        } else {
            out += sql[at++];
        }
    }
    return out;
}

} // namespace parapet::storage
