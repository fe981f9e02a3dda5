// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"

#include <QtCore/QByteArray>
#include <QtCore/QHash>
#include <QtCore/QString>

#include <memory>

namespace parapet::storage {

class Connection;
class Cursor;
class Statement;

/// One connection to a database, private to its thread: a SQLite file, or a PostgreSQL server (13 or newer). A commit is on the disk
/// when it returns. Every failure is an Error with code Storage; `detail` holds the engine's code and its words, never bound values.
///
/// The SQL is what both understand: parameters are `?` or `?N`, identifiers are quoted, text compares by code point, lower() knows
/// ASCII letters only. PostgreSQL has no U+0000 in text: it is kept as U+2400 there.
class Database
{
public:
    enum class Mode { ReadWrite, ReadOnly };
    enum class Engine { Sqlite, Postgresql };

    /// Opens `location`: the path of a file, created (mode 0600) when ReadWrite, with write-ahead log, synchronous=FULL and foreign
    /// keys on; or a connection URI "postgresql://…" (libpq, "Connection URIs"). One ReadWrite connection at a time has a server's
    /// database. A lock held by another process is waited for at most five seconds.
    static Result<std::unique_ptr<Database>> open(const QString &location, Mode mode = Mode::ReadWrite);
    /// True when `location` names a server and not a file.
    static bool isServer(QStringView location);

    ~Database();
    Database(const Database &) = delete;
    Database &operator=(const Database &) = delete;

    /// Runs statements without parameters, one after the other.
    Status execute(const char *sql);

    /// A statement from the connection's cache, reset and without bindings. `sql` must outlive the connection (a literal) unless
    /// `cached` is false. Valid until the same text is prepared again.
    Result<Statement> prepare(QByteArrayView sql, bool cached = true);

    /// Rows that the last statement changed.
    qint64 changes() const;
    bool inTransaction() const;

    /// Moves the whole write-ahead log into the file and empties it. A server does this by itself.
    Status checkpoint();

    Engine engine() const;
    /// A schema as SQLite spells it (INTEGER, REAL, TEXT, BLOB) in the words of this engine, with text that compares by code point.
    QByteArray schema(const char *sql) const;

private:
    friend class Transaction;
    explicit Database(std::unique_ptr<Connection> connection);

    std::unique_ptr<Connection> m_connection;
    QHash<QByteArray, std::shared_ptr<Cursor>> m_cache;
};

/// A prepared statement. Parameters count from 1, columns from 0.
class Statement
{
public:
    Statement(Statement &&other) noexcept = default;
    Statement &operator=(Statement &&) = delete;
    ~Statement();

    Statement &bind(int parameter, qint64 value);
    Statement &bind(int parameter, double value);
    Statement &bind(int parameter, const QString &value);
    /// As BLOB. The bytes are copied.
    Statement &bindBlob(int parameter, QByteArrayView value);
    /// UTF-8 bytes as TEXT. The bytes are copied.
    Statement &bindUtf8(int parameter, QByteArrayView value);
    Statement &bindNull(int parameter);

    /// True: a row is there. False: the statement is done.
    Result<bool> step();
    /// Steps a statement that answers no rows, and resets it. A server tells what is wrong with the text itself only now.
    Status run();
    void reset();

    qint64 integer(int column) const;
    double real(int column) const;
    QString text(int column) const;
    QByteArray blob(int column) const;
    bool isNull(int column) const;
    int columns() const;

private:
    friend class Database;
    explicit Statement(std::shared_ptr<Cursor> cursor) : m_cursor(std::move(cursor)) {}

    std::shared_ptr<Cursor> m_cursor; ///< shared with the cache; null when moved from
};

/// From BEGIN (with SQLite's write lock taken at once) to COMMIT; rolls back when it is destroyed without a commit.
class Transaction
{
public:
    static Result<Transaction> begin(Database &database);
    Transaction(Transaction &&other) noexcept : m_database(other.m_database) { other.m_database = nullptr; }
    Transaction &operator=(Transaction &&) = delete;
    ~Transaction();

    Status commit();

private:
    explicit Transaction(Database *database) : m_database(database) {}
    Database *m_database;
};

/// One SAVEPOINT within a transaction; rolls back to it when it is destroyed without a release. One at a time.
class Savepoint
{
public:
    static Result<Savepoint> begin(Database &database);
    Savepoint(Savepoint &&other) noexcept : m_database(other.m_database) { other.m_database = nullptr; }
    Savepoint &operator=(Savepoint &&) = delete;
    ~Savepoint();

    Status release();

private:
    explicit Savepoint(Database *database) : m_database(database) {}
    Database *m_database;
};

} // namespace parapet::storage
