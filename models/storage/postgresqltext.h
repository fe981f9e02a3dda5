// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArray>

namespace parapet::storage {

/// SQL with SQLite's parameter marks `?` and `?N` in PostgreSQL's `$N`; marks within '…' and "…" are text.
QByteArray postgresqlMarks(QByteArrayView sql);

/// A schema in SQLite's words in PostgreSQL's: INTEGER → BIGINT, REAL → DOUBLE PRECISION, BLOB → BYTEA, and TEXT with the collation "C",
/// which compares by code point and whose lower() knows ASCII letters only, as SQLite's does. Quoted names stay as they are.
QByteArray postgresqlSchema(QByteArrayView sql);

} // namespace parapet::storage
