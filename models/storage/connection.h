// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/storage/database.h"

namespace parapet::storage {

/// What a Statement stands on: one prepared text, its parameters (from 1) and its rows (columns from 0).
class Cursor
{
public:
    virtual ~Cursor() = default;
    virtual void bindInteger(int parameter, qint64 value) = 0;
    virtual void bindReal(int parameter, double value) = 0;
    virtual void bindText(int parameter, QByteArrayView utf8) = 0;
    virtual void bindBlob(int parameter, QByteArrayView value) = 0;
    virtual void bindNull(int parameter) = 0;
    virtual Result<bool> step() = 0;
    virtual void reset() = 0;
    virtual void clearBindings() = 0;
    virtual qint64 integer(int column) const = 0;
    virtual double real(int column) const = 0;
    virtual QString text(int column) const = 0;
    virtual QByteArray blob(int column) const = 0;
    virtual bool isNull(int column) const = 0;
    virtual int columns() const = 0;
};

/// What a Database stands on. Destroyed after its cursors.
class Connection
{
public:
    virtual ~Connection() = default;
    virtual Database::Engine engine() const = 0;
    virtual Status execute(const char *sql) = 0;
    virtual Result<std::shared_ptr<Cursor>> prepare(QByteArrayView sql, bool keep) = 0;
    virtual Status begin() = 0;
    virtual Status commit() = 0;
    virtual bool inTransaction() const = 0;
    virtual qint64 changes() const = 0;
    virtual Status checkpoint() = 0;
    virtual QByteArray schema(const char *sql) const = 0;
};

/// Opens a file (SQLite) or a server's database (PostgreSQL): see Database::open.
Result<std::unique_ptr<Connection>> openSqlite(const QString &path, Database::Mode mode);
Result<std::unique_ptr<Connection>> openPostgresql(const QString &uri, Database::Mode mode);

} // namespace parapet::storage
