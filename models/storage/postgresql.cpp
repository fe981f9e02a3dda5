// SPDX-License-Identifier: GPL-3.0-or-later
// PostgreSQL behind a Connection, through libpq: rows one at a time as the server sends them (single-row mode), in binary.
#include "models/storage/connection.h"
#include "models/storage/postgresqltext.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QtEndian>

#include <libpq-fe.h>

#include <bit>
#include <deque>

namespace parapet::storage {

namespace {

/// Types of columns by their fixed numbers (PostgreSQL, catalog/pg_type.dat).
enum PgType : unsigned { PgBoolean = 16, PgInteger8 = 20, PgInteger2 = 21, PgInteger4 = 23, PgReal4 = 700, PgReal8 = 701, PgNumeric = 1700 };

constexpr int pgPatience = 256; ///< rows that nobody wants any more and that are read to their end rather than cancelled
constexpr const char *pgNull = "\xe2\x90\x80"; ///< U+2400, for the U+0000 that text cannot hold there

struct PgResultDelete {
    void operator()(PGresult *result) const { PQclear(result); }
};
using PgResult = std::unique_ptr<PGresult, PgResultDelete>;

QString pgMessage(QByteArrayView state)
{
    if (state.isEmpty() || state.startsWith("08") || state.startsWith("57P"))
        return QCoreApplication::translate("storage", "The database server cannot be reached. Check that it runs, and its address.");
    if (state.startsWith("28"))
        return QCoreApplication::translate("storage", "The database server does not accept this user. Check name, password and pg_hba.conf.");
    if (state == "3D000")
        return QCoreApplication::translate("storage", "The database server has no such database. Create it, then start again.");
    if (state.startsWith("53"))
        return QCoreApplication::translate("storage", "The database server has run out of space or connections. Give it more, then start again.");
    if (state == "55P03")
        return QCoreApplication::translate("storage", "The database is in use by another program. End it, then try again.");
    if (state == "42501" || state == "25006")
        return QCoreApplication::translate("storage", "The database cannot be opened for writing. Check the rights of its user.");
    if (state.startsWith("23"))
        return QCoreApplication::translate("storage", "The database refused the change because it contradicts what it holds.");
    return QCoreApplication::translate("storage", "The database failed. Look into the server's log.");
}

class PgCursor;

/// The connection to the server. Cursors keep it, so that it is closed after the last of them.
class PgHandle
{
public:
    explicit PgHandle(PGconn *connection) : m_connection(connection) {}
    ~PgHandle() { PQfinish(m_connection); }
    PgHandle(const PgHandle &) = delete;
    PgHandle &operator=(const PgHandle &) = delete;

    PGconn *native() const { return m_connection; }
    Failure failure(const char *what, const PGresult *result = nullptr) const;
    /// Runs a text without parameters; the last of its results, or what failed.
    Result<PgResult> run(const char *sql);
    /// Makes the connection free for another statement: what the active one has still to say is kept with it.
    void settle();
    bool inTransaction() const { return transaction; }

    PgCursor *active = nullptr; ///< whose rows are still coming
    qint64 changes = 0;
    int lastName = 0;
    bool transaction = false; ///< between BEGIN and COMMIT

private:
    PGconn *m_connection;
};

Failure PgHandle::failure(const char *what, const PGresult *result) const
{
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
    const QByteArray code(state ? state : "");
    // Words of the class "data exception" repeat the value; a constraint's name is in DETAIL-free primary words.
    const char *primary = result && !code.startsWith("22") ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : nullptr;
    const QString words = primary ? QString::fromUtf8(primary) : QString();
    const bool transient = code.isEmpty() || code.startsWith("08") || code == "40001" || code == "40P01" || code == "55P03";
    return fail(Error::Code::Storage, pgMessage(code),
                QStringLiteral("%1: postgresql %2: %3").arg(QString::fromLatin1(what), QString::fromLatin1(code), words), transient);
}

class PgCursor : public Cursor
{
public:
    PgCursor(std::shared_ptr<PgHandle> handle, QByteArray sql, QByteArray name)
        : m_handle(std::move(handle)), m_sql(std::move(sql)), m_name(std::move(name))
    {
    }
    ~PgCursor() override { PgCursor::reset(); }

    void bindInteger(int parameter, qint64 value) override { set(parameter, QByteArray::number(value), 0); }
    void bindReal(int parameter, double value) override { set(parameter, QByteArray::number(value, 'g', 17), 0); }
    void bindText(int parameter, QByteArrayView utf8) override
    {
        QByteArray text = utf8.toByteArray();
        if (text.contains('\0'))
            text.replace(QByteArray(1, '\0'), pgNull);
        set(parameter, text, 0);
    }
    void bindBlob(int parameter, QByteArrayView value) override { set(parameter, value.toByteArray(), 1); }
    void bindNull(int parameter) override
    {
        set(parameter, {}, 0);
        m_parameters[size_t(parameter - 1)].null = true;
    }
    void clearBindings() override { m_parameters.clear(); }

    Result<bool> step() override;
    void reset() override;
    /// Reads everything that the server still sends, and keeps it.
    void keepRest();

    qint64 integer(int column) const override;
    double real(int column) const override;
    QString text(int column) const override
    {
        const QByteArrayView bytes = raw(column);
        return QString::fromUtf8(bytes.data(), bytes.size());
    }
    QByteArray blob(int column) const override { return raw(column).toByteArray(); }
    bool isNull(int column) const override { return !m_row || PQgetisnull(m_row.get(), 0, column); }
    int columns() const override { return m_row ? PQnfields(m_row.get()) : 0; }

private:
    struct Parameter {
        QByteArray bytes;
        int format = 0; ///< 0 text, 1 binary
        bool null = true;
    };

    void set(int parameter, QByteArray bytes, int format)
    {
        if (parameter < 1)
            return;
        if (m_parameters.size() < size_t(parameter))
            m_parameters.resize(size_t(parameter));
        m_parameters[size_t(parameter - 1)] = {std::move(bytes), format, false};
    }
    Status send();
    QByteArrayView raw(int column) const
    {
        if (isNull(column))
            return {};
        return QByteArrayView(PQgetvalue(m_row.get(), 0, column), PQgetlength(m_row.get(), 0, column));
    }
    qint64 numeric(QByteArrayView bytes) const;

    std::shared_ptr<PgHandle> m_handle;
    QByteArray m_sql;
    QByteArray m_name; ///< empty: not prepared at the server
    bool m_prepared = false;
    bool m_sent = false;
    std::vector<Parameter> m_parameters;
    std::deque<PgResult> m_kept; ///< rows that came before they were asked for, then how it ended
    PgResult m_row;
};

void PgHandle::settle()
{
    if (active)
        active->keepRest();
}

Result<PgResult> PgHandle::run(const char *sql)
{
    settle();
    PgResult result(PQexec(m_connection, sql));
    const ExecStatusType status = result ? PQresultStatus(result.get()) : PGRES_FATAL_ERROR;
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        return failure("execute", result.get());
    return result;
}

Status PgCursor::send()
{
    m_handle->settle();
    PGconn *connection = m_handle->native();
    std::vector<const char *> values;
    std::vector<int> lengths, formats;
    for (const Parameter &parameter : m_parameters) {
        values.push_back(parameter.null ? nullptr : parameter.bytes.constData());
        lengths.push_back(int(parameter.bytes.size()));
        formats.push_back(parameter.format);
    }
    const int count = int(values.size());
    int sent = 0;
    if (m_name.isEmpty()) {
        sent = PQsendQueryParams(connection, m_sql.constData(), count, nullptr, values.data(), lengths.data(), formats.data(), 1);
    } else {
        if (!m_prepared) {
            const PgResult prepared(PQprepare(connection, m_name.constData(), m_sql.constData(), 0, nullptr));
            if (!prepared || PQresultStatus(prepared.get()) != PGRES_COMMAND_OK)
                return m_handle->failure("prepare", prepared.get());
            m_prepared = true;
        }
        sent = PQsendQueryPrepared(connection, m_name.constData(), count, values.data(), lengths.data(), formats.data(), 1);
    }
    if (!sent || !PQsetSingleRowMode(connection))
        return m_handle->failure("send");
    m_handle->active = this;
    m_sent = true;
    return {};
}

Result<bool> PgCursor::step()
{
    if (!m_sent) {
        if (Status sent = send(); !sent)
            return fail(sent.error());
    }
    m_row.reset();
    PgResult result;
    if (!m_kept.empty()) {
        result = std::move(m_kept.front());
        m_kept.pop_front();
    } else if (m_handle->active == this) {
        result.reset(PQgetResult(m_handle->native()));
    }
    if (!result) { // all was told before
        if (m_handle->active == this)
            m_handle->active = nullptr;
        return false;
    }
    switch (PQresultStatus(result.get())) {
    case PGRES_SINGLE_TUPLE:
        m_row = std::move(result);
        return true;
    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK:
        m_handle->changes = QByteArray(PQcmdTuples(result.get())).toLongLong();
        if (m_handle->active == this) {
            while (PgResult(PQgetResult(m_handle->native())))
                ;
            m_handle->active = nullptr;
        }
        return false;
    default:
        break;
    }
    const Failure failed = m_handle->failure("step", result.get());
    reset();
    return failed;
}

void PgCursor::keepRest()
{
    while (PgResult result{PQgetResult(m_handle->native())})
        m_kept.push_back(std::move(result));
    if (m_handle->active == this)
        m_handle->active = nullptr;
}

void PgCursor::reset()
{
    m_row.reset();
    m_kept.clear();
    m_sent = false;
    if (m_handle->active != this)
        return;
    // A short rest is read to its end; a long one is cancelled, unless that would undo what the transaction did.
    int patience = m_handle->inTransaction() ? std::numeric_limits<int>::max() : pgPatience;
    while (PgResult(PQgetResult(m_handle->native()))) {
        if (--patience != 0)
            continue;
        if (PGcancel *cancel = PQgetCancel(m_handle->native())) {
            char words[256];
            PQcancel(cancel, words, sizeof words);
            PQfreeCancel(cancel);
        }
    }
    m_handle->active = nullptr;
}

/// Whole part of a numeric in its binary form: count, weight, sign, scale, then digits to the base 10,000 (PostgreSQL, numeric_send).
qint64 PgCursor::numeric(QByteArrayView bytes) const
{
    if (bytes.size() < 8)
        return 0;
    const auto word = [&](qsizetype place) { return qFromBigEndian<qint16>(bytes.data() + 2 * place); };
    const int digits = word(0), weight = word(1);
    qint64 value = 0;
    for (int i = 0; i <= weight && i < 5; ++i)
        value = value * 10'000 + (i < digits && bytes.size() >= 2 * (5 + i) ? word(4 + i) : 0);
    return word(2) == 0x4000 ? -value : value;
}

qint64 PgCursor::integer(int column) const
{
    const QByteArrayView bytes = raw(column);
    if (bytes.isEmpty())
        return 0;
    switch (PQftype(m_row.get(), column)) {
    case PgBoolean: return bytes[0] != 0;
    case PgInteger2: return qFromBigEndian<qint16>(bytes.data());
    case PgInteger4: return qFromBigEndian<qint32>(bytes.data());
    case PgInteger8: return qFromBigEndian<qint64>(bytes.data());
    case PgReal4:
    case PgReal8: return qint64(real(column));
    case PgNumeric: return numeric(bytes);
    default: return bytes.toByteArray().toLongLong();
    }
}

double PgCursor::real(int column) const
{
    const QByteArrayView bytes = raw(column);
    if (bytes.isEmpty())
        return 0;
    switch (PQftype(m_row.get(), column)) {
    case PgReal4: return double(std::bit_cast<float>(qFromBigEndian<quint32>(bytes.data())));
    case PgReal8: return std::bit_cast<double>(qFromBigEndian<quint64>(bytes.data()));
    default: return double(integer(column));
    }
}

class PgConnection : public Connection
{
public:
    explicit PgConnection(std::shared_ptr<PgHandle> handle) : m_handle(std::move(handle)) {}

    Database::Engine engine() const override { return Database::Engine::Postgresql; }
    Status execute(const char *sql) override
    {
        const Result<PgResult> done = m_handle->run(sql);
        if (!done)
            return fail(done.error());
        if (QByteArrayView(sql).startsWith("ROLLBACK") && !QByteArrayView(sql).startsWith("ROLLBACK TO"))
            m_handle->transaction = false;
        return {};
    }
    Result<std::shared_ptr<Cursor>> prepare(QByteArrayView sql, bool keep) override
    {
        return std::make_shared<PgCursor>(m_handle, postgresqlMarks(sql), keep ? 's' + QByteArray::number(++m_handle->lastName) : QByteArray());
    }
    Status begin() override
    {
        const Result<PgResult> done = m_handle->run("BEGIN");
        if (!done)
            return fail(done.error());
        m_handle->transaction = true;
        return {};
    }
    Status commit() override
    {
        const Result<PgResult> done = m_handle->run("COMMIT");
        if (!done)
            return fail(done.error());
        m_handle->transaction = false;
        // A transaction in which something failed is rolled back by COMMIT, and that is no error of COMMIT's.
        if (qstrcmp(PQcmdStatus(done->get()), "COMMIT") != 0)
            return fail(Error::Code::Storage, pgMessage("XX000"), QStringLiteral("commit: rolled back"));
        return {};
    }
    bool inTransaction() const override { return m_handle->inTransaction(); }
    qint64 changes() const override { return m_handle->changes; }
    Status checkpoint() override { return {}; }
    QByteArray schema(const char *sql) const override { return postgresqlSchema(sql); }

private:
    std::shared_ptr<PgHandle> m_handle;
};

} // namespace

Result<std::unique_ptr<Connection>> openPostgresql(const QString &uri, Database::Mode mode)
{
    const QByteArray text = uri.toUtf8();
    // What the operator wrote into the URI wins; the rest is set here.
    const char *const names[] = {"client_encoding", "application_name", "connect_timeout", "dbname", nullptr};
    const char *const values[] = {"UTF8", "parapet-plane", "10", text.constData(), nullptr};
    const auto handle = std::make_shared<PgHandle>(PQconnectdbParams(names, values, 1));
    if (PQstatus(handle->native()) != CONNECTION_OK) {
        // libpq's words name host and user, never the password.
        const QString words = QString::fromUtf8(PQerrorMessage(handle->native())).simplified();
        const QByteArray state = words.contains(QLatin1String("does not exist")) ? QByteArray("3D000")
            : words.contains(QLatin1String("authentication"))                    ? QByteArray("28000")
                                                                                 : QByteArray();
        return fail(Error::Code::Storage, pgMessage(state), words, state.isEmpty());
    }
    PQsetNoticeProcessor(handle->native(), [](void *, const char *) {}, nullptr);
    auto connection = std::make_unique<PgConnection>(handle);
    const char *settings = mode == Database::Mode::ReadWrite
        ? "SET synchronous_commit=on; SET lock_timeout='5s'; SELECT pg_advisory_lock(1885434465, 1885957733); SET lock_timeout=0"
        : "SET default_transaction_read_only=on";
    if (Status done = connection->execute(settings); !done)
        return fail(done.error());
    return connection;
}

} // namespace parapet::storage
