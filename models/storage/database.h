// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"

#include <QtCore/QByteArray>
#include <QtCore/QHash>
#include <QtCore/QString>

#include <memory>

struct sqlite3;
struct sqlite3_stmt;

namespace parapet::storage {

class Statement;

/// One connection to one SQLite file: WAL, synchronous=FULL (a commit is on the disk when it returns), foreign keys on, private to
/// its thread. Every failure is an Error with code Storage; `detail` holds SQLite's extended code and its words, never bound values.
class Database
{
public:
    enum class Mode { ReadWrite, ReadOnly };

    /// Opens `path`; creates it (mode 0600) when ReadWrite. A lock held by another process is waited for at most five seconds.
    static Result<std::unique_ptr<Database>> open(const QString &path, Mode mode = Mode::ReadWrite);

    ~Database();
    Database(const Database &) = delete;
    Database &operator=(const Database &) = delete;

    /// Runs statements without parameters, one after the other.
    Status execute(const char *sql);

    /// A statement from the connection's cache, reset and without bindings. `sql` must outlive the connection (a literal) unless
    /// `cached` is false. Valid until the same text is prepared again.
    Result<Statement> prepare(QByteArrayView sql, bool cached = true);

    /// The rowid of the last insert.
    qint64 lastInsertId() const;
    /// Rows that the last statement changed.
    qint64 changes() const;
    bool inTransaction() const;

    /// Moves the whole write-ahead log into the file and empties it.
    Status checkpoint();

    QString path() const { return m_path; }

private:
    friend class Statement;
    explicit Database(QString path) : m_path(std::move(path)) {}
    Failure failure(const char *what) const;

    QString m_path;
    sqlite3 *m_handle = nullptr;
    QHash<QByteArray, sqlite3_stmt *> m_cache;
};

/// A prepared statement. Parameters count from 1, columns from 0.
class Statement
{
public:
    Statement(Statement &&other) noexcept;
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
    /// Steps a statement that answers no rows, and resets it.
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
    Statement(Database &database, sqlite3_stmt *statement, bool owned) : m_database(&database), m_statement(statement), m_owned(owned) {}
    void check(int code);

    Database *m_database;
    sqlite3_stmt *m_statement;
    bool m_owned;
    int m_bindError = 0;
};

/// BEGIN IMMEDIATE … COMMIT; rolls back when it is destroyed without a commit.
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
