// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/storage/database.h"

#include "models/storage/connection.h"

namespace parapet::storage {

bool Database::isServer(QStringView location)
{
    return location.startsWith(u"postgresql://") || location.startsWith(u"postgres://");
}

Database::Database(std::unique_ptr<Connection> connection) : m_connection(std::move(connection)) {}

Database::~Database()
{
    m_cache.clear(); // before their connection
}

Result<std::unique_ptr<Database>> Database::open(const QString &location, Mode mode)
{
    Result<std::unique_ptr<Connection>> connection = isServer(location) ? openPostgresql(location, mode) : openSqlite(location, mode);
    if (!connection)
        return fail(std::move(connection.error()));
    return std::unique_ptr<Database>(new Database(std::move(*connection)));
}

Status Database::execute(const char *sql)
{
    return m_connection->execute(sql);
}

Result<Statement> Database::prepare(QByteArrayView sql, bool cached)
{
    // The key borrows the caller's bytes: a literal outlives the connection.
    const QByteArray key = QByteArray::fromRawData(sql.data(), sql.size());
    if (cached) {
        if (const auto it = m_cache.constFind(key); it != m_cache.cend()) {
            it.value()->reset();
            it.value()->clearBindings();
            return Statement(it.value());
        }
    }
    Result<std::shared_ptr<Cursor>> cursor = m_connection->prepare(sql, cached);
    if (!cursor)
        return fail(std::move(cursor.error()));
    if (cached)
        m_cache.insert(key, *cursor);
    return Statement(std::move(*cursor));
}

qint64 Database::changes() const
{
    return m_connection->changes();
}

bool Database::inTransaction() const
{
    return m_connection->inTransaction();
}

Status Database::checkpoint()
{
    return m_connection->checkpoint();
}

Database::Engine Database::engine() const
{
    return m_connection->engine();
}

QByteArray Database::schema(const char *sql) const
{
    return m_connection->schema(sql);
}

Statement::~Statement()
{
    if (m_cursor)
        m_cursor->reset();
}

Statement &Statement::bind(int parameter, qint64 value)
{
    m_cursor->bindInteger(parameter, value);
    return *this;
}

Statement &Statement::bind(int parameter, double value)
{
    m_cursor->bindReal(parameter, value);
    return *this;
}

Statement &Statement::bind(int parameter, const QString &value)
{
    return bindUtf8(parameter, value.toUtf8());
}

Statement &Statement::bindBlob(int parameter, QByteArrayView value)
{
    m_cursor->bindBlob(parameter, value);
    return *this;
}

Statement &Statement::bindUtf8(int parameter, QByteArrayView value)
{
    m_cursor->bindText(parameter, value);
    return *this;
}

Statement &Statement::bindNull(int parameter)
{
    m_cursor->bindNull(parameter);
    return *this;
}

Result<bool> Statement::step()
{
    return m_cursor->step();
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
    m_cursor->reset();
}

qint64 Statement::integer(int column) const
{
    return m_cursor->integer(column);
}

double Statement::real(int column) const
{
    return m_cursor->real(column);
}

QString Statement::text(int column) const
{
    return m_cursor->text(column);
}

QByteArray Statement::blob(int column) const
{
    return m_cursor->blob(column);
}

bool Statement::isNull(int column) const
{
    return m_cursor->isNull(column);
}

int Statement::columns() const
{
    return m_cursor->columns();
}

Result<Transaction> Transaction::begin(Database &database)
{
    if (Status begun = database.m_connection->begin(); !begun)
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
    const Status done = m_database->m_connection->commit();
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
