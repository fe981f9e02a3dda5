// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/storage/database.h"

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

} // namespace

Failure Database::failure(const char *what) const
{
    const int code = m_handle ? sqlite3_extended_errcode(m_handle) : SQLITE_NOMEM;
    const QString words = QString::fromUtf8(m_handle ? sqlite3_errmsg(m_handle) : "out of memory");
    return fail(Error::Code::Storage, storageMessage(code),
                QStringLiteral("%1: sqlite %2: %3").arg(QString::fromLatin1(what), QString::number(code), words),
                (code & 0xff) == SQLITE_BUSY);
}

Result<std::unique_ptr<Database>> Database::open(const QString &path, Mode mode)
{
    std::unique_ptr<Database> database(new Database(path));
    const QByteArray name = QFile::encodeName(path);
    if (mode == Mode::ReadWrite) {
        // SQLite would create the file with the process's umask; the -wal and -shm files take the mode of this one.
        const int fd = ::open(name.constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0) {
            return fail(Error::Code::Storage, storageMessage(SQLITE_CANTOPEN),
                        QStringLiteral("open %1: %2").arg(path, qt_error_string(errno)));
        }
        ::close(fd);
    }
    const int flags = (mode == Mode::ReadWrite ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(name.constData(), &database->m_handle, flags, nullptr) != SQLITE_OK)
        return database->failure("open");
    sqlite3_extended_result_codes(database->m_handle, 1);
    sqlite3_busy_timeout(database->m_handle, storageBusyMilliseconds);
    const char *pragmas = mode == Mode::ReadWrite
        ? "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA secure_delete=FAST; "
          "PRAGMA temp_store=MEMORY"
        : "PRAGMA query_only=ON; PRAGMA trusted_schema=OFF; PRAGMA temp_store=MEMORY";
    if (Status done = database->execute(pragmas); !done)
        return fail(done.error());
    return database;
}

Database::~Database()
{
    for (sqlite3_stmt *statement : std::as_const(m_cache))
        sqlite3_finalize(statement);
    sqlite3_close(m_handle);
}

Status Database::execute(const char *sql)
{
    if (sqlite3_exec(m_handle, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
        return failure("execute");
    return {};
}

Result<Statement> Database::prepare(QByteArrayView sql, bool cached)
{
    // The key borrows the caller's bytes: a literal outlives the connection.
    const QByteArray key = QByteArray::fromRawData(sql.data(), sql.size());
    if (cached) {
        if (const auto it = m_cache.constFind(key); it != m_cache.cend()) {
            sqlite3_reset(it.value());
            sqlite3_clear_bindings(it.value());
            return Statement(*this, it.value(), false);
        }
    }
    sqlite3_stmt *statement = nullptr;
    if (sqlite3_prepare_v3(m_handle, sql.data(), int(sql.size()), cached ? SQLITE_PREPARE_PERSISTENT : 0, &statement, nullptr) != SQLITE_OK)
        return failure("prepare");
    if (cached)
        m_cache.insert(key, statement);
    return Statement(*this, statement, !cached);
}

qint64 Database::lastInsertId() const
{
    return sqlite3_last_insert_rowid(m_handle);
}

qint64 Database::changes() const
{
    return sqlite3_changes64(m_handle);
}

bool Database::inTransaction() const
{
    return sqlite3_get_autocommit(m_handle) == 0;
}

Status Database::checkpoint()
{
    if (sqlite3_wal_checkpoint_v2(m_handle, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr) != SQLITE_OK)
        return failure("checkpoint");
    return {};
}

Statement::Statement(Statement &&other) noexcept
    : m_database(other.m_database), m_statement(std::exchange(other.m_statement, nullptr)), m_owned(other.m_owned), m_bindError(other.m_bindError)
{
}

Statement::~Statement()
{
    if (!m_statement)
        return;
    if (m_owned)
        sqlite3_finalize(m_statement);
    else
        sqlite3_reset(m_statement);
}

void Statement::check(int code)
{
    if (code != SQLITE_OK && m_bindError == 0)
        m_bindError = code;
}

Statement &Statement::bind(int parameter, qint64 value)
{
    check(sqlite3_bind_int64(m_statement, parameter, value));
    return *this;
}

Statement &Statement::bind(int parameter, double value)
{
    check(sqlite3_bind_double(m_statement, parameter, value));
    return *this;
}

Statement &Statement::bind(int parameter, const QString &value)
{
    return bindUtf8(parameter, value.toUtf8());
}

Statement &Statement::bindBlob(int parameter, QByteArrayView value)
{
    // A null pointer would bind NULL; an empty blob is a value.
    check(sqlite3_bind_blob64(m_statement, parameter, value.isEmpty() ? "" : value.data(), sqlite3_uint64(value.size()), SQLITE_TRANSIENT));
    return *this;
}

Statement &Statement::bindUtf8(int parameter, QByteArrayView value)
{
    check(sqlite3_bind_text64(m_statement, parameter, value.isEmpty() ? "" : value.data(), sqlite3_uint64(value.size()), SQLITE_TRANSIENT,
                              SQLITE_UTF8));
    return *this;
}

Statement &Statement::bindNull(int parameter)
{
    check(sqlite3_bind_null(m_statement, parameter));
    return *this;
}

Result<bool> Statement::step()
{
    if (m_bindError != 0)
        return m_database->failure("bind");
    const int code = sqlite3_step(m_statement);
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    const Failure failed = m_database->failure("step");
    sqlite3_reset(m_statement);
    return failed;
}

Status Statement::run()
{
    const Result<bool> stepped = step();
    if (!stepped)
        return fail(stepped.error());
    reset();
    return {};
}

void Statement::reset()
{
    sqlite3_reset(m_statement);
    m_bindError = 0;
}

qint64 Statement::integer(int column) const
{
    return sqlite3_column_int64(m_statement, column);
}

double Statement::real(int column) const
{
    return sqlite3_column_double(m_statement, column);
}

QString Statement::text(int column) const
{
    const auto *bytes = reinterpret_cast<const char *>(sqlite3_column_text(m_statement, column));
    return QString::fromUtf8(bytes, bytes ? sqlite3_column_bytes(m_statement, column) : 0);
}

QByteArray Statement::blob(int column) const
{
    const void *bytes = sqlite3_column_blob(m_statement, column);
    return QByteArray(static_cast<const char *>(bytes), bytes ? sqlite3_column_bytes(m_statement, column) : 0);
}

bool Statement::isNull(int column) const
{
    return sqlite3_column_type(m_statement, column) == SQLITE_NULL;
}

int Statement::columns() const
{
    return sqlite3_column_count(m_statement);
}

Result<Transaction> Transaction::begin(Database &database)
{
    if (Status begun = database.execute("BEGIN IMMEDIATE"); !begun)
        return fail(begun.error());
    return Transaction(&database);
}

Transaction::~Transaction()
{
    if (m_database && m_database->inTransaction())
        (void)m_database->execute("ROLLBACK");
}

Status Transaction::commit()
{
    const Status done = m_database->execute("COMMIT");
    if (done)
        m_database = nullptr;
    return done;
}

Result<Savepoint> Savepoint::begin(Database &database)
{
    if (Status begun = database.execute("SAVEPOINT unit"); !begun)
        return fail(begun.error());
    return Savepoint(&database);
}

Savepoint::~Savepoint()
{
    if (m_database && m_database->inTransaction())
        (void)m_database->execute("ROLLBACK TO unit; RELEASE unit");
}

Status Savepoint::release()
{
    const Status done = m_database->execute("RELEASE unit");
    if (done)
        m_database = nullptr;
    return done;
}

} // namespace parapet::storage
