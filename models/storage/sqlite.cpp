// SPDX-License-Identifier: GPL-3.0-or-later
// SQLite behind a Connection: through its own C interface, since QtSql boxes every cell in a QVariant.
#include "models/storage/connection.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>

#include <sqlite3.h>

#include <fcntl.h>
#include <unistd.h>

namespace parapet::storage {

namespace {

constexpr int storageBusyMilliseconds = 5000;

QString storageMessage(int code)
{
    switch (code & 0xff) {
    case SQLITE_FULL:
        return QCoreApplication::translate("storage", "The disk is full. Free some space, then start again.");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return QCoreApplication::translate("storage", "The database is in use by another program. End it, then try again.");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return QCoreApplication::translate("storage", "The database file is damaged. Restore it from a backup.");
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
        return QCoreApplication::translate("storage", "The database cannot be opened for writing. Check its owner and permissions.");
    case SQLITE_CONSTRAINT:
        return QCoreApplication::translate("storage", "The database refused the change because it contradicts what it holds.");
    default:
        return QCoreApplication::translate("storage", "The database failed. Check the disk that holds it.");
    }
}

/// The open file. Cursors keep it, so that it is closed after the last of them.
struct SqliteHandle {
    sqlite3 *file = nullptr;
    ~SqliteHandle() { sqlite3_close(file); }

    Failure failure(const char *what) const
    {
        const int code = file ? sqlite3_extended_errcode(file) : SQLITE_NOMEM;
        const QString words = QString::fromUtf8(file ? sqlite3_errmsg(file) : "out of memory");
        return fail(Error::Code::Storage, storageMessage(code),
                    QStringLiteral("%1: sqlite %2: %3").arg(QString::fromLatin1(what), QString::number(code), words),
                    (code & 0xff) == SQLITE_BUSY);
    }
};

class SqliteCursor : public Cursor
{
public:
    SqliteCursor(std::shared_ptr<SqliteHandle> handle, sqlite3_stmt *statement) : m_handle(std::move(handle)), m_statement(statement) {}
    ~SqliteCursor() override { sqlite3_finalize(m_statement); }

    void bindInteger(int parameter, qint64 value) override { check(sqlite3_bind_int64(m_statement, parameter, value)); }
    void bindReal(int parameter, double value) override { check(sqlite3_bind_double(m_statement, parameter, value)); }
    void bindNull(int parameter) override { check(sqlite3_bind_null(m_statement, parameter)); }
    // A null pointer would bind NULL; an empty text or blob is a value.
    void bindText(int parameter, QByteArrayView utf8) override
    {
        check(sqlite3_bind_text64(m_statement, parameter, utf8.isEmpty() ? "" : utf8.data(), sqlite3_uint64(utf8.size()), SQLITE_TRANSIENT,
                                  SQLITE_UTF8));
    }
    void bindBlob(int parameter, QByteArrayView value) override
    {
        check(sqlite3_bind_blob64(m_statement, parameter, value.isEmpty() ? "" : value.data(), sqlite3_uint64(value.size()), SQLITE_TRANSIENT));
    }

    Result<bool> step() override
    {
        if (m_bindError != 0)
            return m_handle->failure("bind");
        const int code = sqlite3_step(m_statement);
        if (code == SQLITE_ROW)
            return true;
        if (code == SQLITE_DONE)
            return false;
        const Failure failed = m_handle->failure("step");
        sqlite3_reset(m_statement);
        return failed;
    }
    void reset() override
    {
        sqlite3_reset(m_statement);
        m_bindError = 0;
    }
    void clearBindings() override { sqlite3_clear_bindings(m_statement); }

    qint64 integer(int column) const override { return sqlite3_column_int64(m_statement, column); }
    double real(int column) const override { return sqlite3_column_double(m_statement, column); }
    QString text(int column) const override
    {
        const auto *bytes = reinterpret_cast<const char *>(sqlite3_column_text(m_statement, column));
        return QString::fromUtf8(bytes, bytes ? sqlite3_column_bytes(m_statement, column) : 0);
    }
    QByteArray blob(int column) const override
    {
        const void *bytes = sqlite3_column_blob(m_statement, column);
        return QByteArray(static_cast<const char *>(bytes), bytes ? sqlite3_column_bytes(m_statement, column) : 0);
    }
    bool isNull(int column) const override { return sqlite3_column_type(m_statement, column) == SQLITE_NULL; }
    int columns() const override { return sqlite3_column_count(m_statement); }

private:
    void check(int code)
    {
        if (code != SQLITE_OK && m_bindError == 0)
            m_bindError = code;
    }

    std::shared_ptr<SqliteHandle> m_handle;
    sqlite3_stmt *m_statement;
    int m_bindError = 0;
};

class SqliteConnection : public Connection
{
public:
    explicit SqliteConnection(std::shared_ptr<SqliteHandle> handle) : m_handle(std::move(handle)) {}

    Database::Engine engine() const override { return Database::Engine::Sqlite; }
    Status execute(const char *sql) override
    {
        if (sqlite3_exec(m_handle->file, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
            return m_handle->failure("execute");
        return {};
    }
    Result<std::shared_ptr<Cursor>> prepare(QByteArrayView sql, bool keep) override
    {
        sqlite3_stmt *statement = nullptr;
        const unsigned flags = keep ? SQLITE_PREPARE_PERSISTENT : 0;
        if (sqlite3_prepare_v3(m_handle->file, sql.data(), int(sql.size()), flags, &statement, nullptr) != SQLITE_OK)
            return m_handle->failure("prepare");
        return std::make_shared<SqliteCursor>(m_handle, statement);
    }
    Status begin() override { return execute("BEGIN IMMEDIATE"); }
    Status commit() override { return execute("COMMIT"); }
    bool inTransaction() const override { return sqlite3_get_autocommit(m_handle->file) == 0; }
    qint64 changes() const override { return sqlite3_changes64(m_handle->file); }
    Status checkpoint() override
    {
        if (sqlite3_wal_checkpoint_v2(m_handle->file, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr) != SQLITE_OK)
            return m_handle->failure("checkpoint");
        return {};
    }
    QByteArray schema(const char *sql) const override { return sql; }

private:
    std::shared_ptr<SqliteHandle> m_handle;
};

} // namespace

Result<std::unique_ptr<Connection>> openSqlite(const QString &path, Database::Mode mode)
{
    const bool writes = mode == Database::Mode::ReadWrite;
    const auto handle = std::make_shared<SqliteHandle>();
    const QByteArray name = QFile::encodeName(path);
    if (writes) {
        // SQLite would create the file with the process's umask; the -wal and -shm files take the mode of this one.
        const int fd = ::open(name.constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0) {
            return fail(Error::Code::Storage, storageMessage(SQLITE_CANTOPEN),
                        QStringLiteral("open %1: %2").arg(path, qt_error_string(errno)));
        }
        ::close(fd);
    }
    const int flags = (writes ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(name.constData(), &handle->file, flags, nullptr) != SQLITE_OK)
        return handle->failure("open");
    sqlite3_extended_result_codes(handle->file, 1);
    sqlite3_busy_timeout(handle->file, storageBusyMilliseconds);
    auto connection = std::make_unique<SqliteConnection>(handle);
    const char *pragmas = writes
        ? "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA secure_delete=FAST; "
          "PRAGMA temp_store=MEMORY"
        : "PRAGMA query_only=ON; PRAGMA trusted_schema=OFF; PRAGMA temp_store=MEMORY";
    if (Status done = connection->execute(pragmas); !done)
        return fail(done.error());
    return connection;
}

} // namespace parapet::storage
