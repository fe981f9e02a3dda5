// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/control/store.h"

#include "app/plane/control/authority.h"
#include "app/plane/control/schema.h"
#include "models/storage/fieldrow.h"
#include "models/storage/migrations.h"

#include <QtCore/QCoreApplication>

#include <cstdio>
#include <future>

namespace parapet::plane {

namespace {

/// Most units in one transaction: bounds what waits for one fsync.
constexpr size_t storeBatch = 512;

/// Runs a statement that answers no rows, with parameters bound by `bind`.
template<class Bind>
Status storeRun(storage::Database &database, QByteArrayView sql, Bind bind)
{
    Result<storage::Statement> statement = database.prepare(sql);
    if (!statement)
        return fail(statement.error());
    bind(*statement);
    return statement->run();
}

/// The workspace whose scope decides about the row.
template<class T>
QString storedWorkspaceOf(const T &value)
{
    if constexpr (std::is_same_v<T, Workspace>)
        return value.id.value;
    else if constexpr (requires { value.workspace; })
        return value.workspace.value;
    else
        return {};
}

template<class T>
Status storeUpsert(storage::Database &database, const char *table, const T &value)
{
    static const QByteArray sql = storage::upsertSql<T>(table);
    return storeRun(database, sql, [&](storage::Statement &statement) { storage::bindRow(statement, value); });
}

} // namespace

Result<std::unique_ptr<Store>> Store::open(Options options)
{
    std::unique_ptr<Store> store(new Store(std::move(options)));
    auto database = storage::Database::open(store->m_options.path);
    if (!database)
        return fail(database.error());
    store->m_database = std::move(*database);
    if (Status migrated = storage::migrate(*store->m_database, planeSchema()); !migrated)
        return fail(migrated.error());
    if (Status owner = store->checkOwner(); !owner)
        return fail(owner.error());
    auto log = AuditLog::open(*store->m_database, store->m_options.origin, store->m_options.check);
    if (!log)
        return fail(log.error());
    store->m_log = std::move(*log);
    if (Status loaded = store->load(); !loaded)
        return fail(loaded.error());
    store->m_thread = std::thread([store = store.get()] { store->run(); });
    return store;
}

Store::~Store()
{
    if (m_thread.joinable()) {
        {
            const std::scoped_lock guard(m_queueLock);
            m_ending = true;
        }
        m_queued.notify_one();
        m_thread.join();
    }
    if (m_database)
        (void)m_database->checkpoint();
}

Status Store::checkOwner()
{
    auto row = m_database->prepare(R"(SELECT "value" FROM meta WHERE "name"='log')", false);
    if (!row)
        return fail(row.error());
    const Result<bool> there = row->step();
    if (!there)
        return fail(there.error());
    if (!*there) {
        return storeRun(*m_database, R"(INSERT INTO meta("name","value") VALUES('log',?))",
                        [this](storage::Statement &statement) { statement.bind(1, m_options.origin); });
    }
    if (row->text(0) == m_options.origin)
        return {};
    return fail(Error::Code::Storage, QCoreApplication::translate("storage", "The database holds another plane's log. Use that plane's data folder, or an empty database."),
                Untrusted(row->text(0)).inert(200));
}

template<class T>
Status Store::loadTable(const char *table)
{
    auto rows = m_database->prepare(storage::selectSql<T>(table) + " ORDER BY \"id\"", false);
    if (!rows)
        return fail(rows.error());
    while (true) {
        const Result<bool> there = rows->step();
        if (!there)
            return fail(there.error());
        if (!*there)
            return {};
        Result<T> value = storage::readRow<T>(*rows);
        if (!value)
            return fail(value.error());
        m_state.put(std::make_shared<const Row<T>>(std::move(*value)));
    }
}

Status Store::load()
{
    if (Status done = loadTable<Principal>("principals"); !done)
        return done;
    if (Status done = loadTable<Workspace>("workspaces"); !done)
        return done;
    if (Status done = loadTable<Session>("sessions"); !done)
        return done;
    if (Status done = loadTable<Lease>("leases"); !done)
        return done;
    if (Status done = loadTable<Snapshot>("snapshots"); !done)
        return done;
    if (Status done = loadTable<Recording>("recordings"); !done)
        return done;
    return loadRest();
}

Status Store::loadRest()
{
    using storage::Statement;
    const auto each = [this](const char *sql, const std::function<void(const Statement &)> &take) -> Status {
        auto rows = m_database->prepare(sql, false);
        if (!rows)
            return fail(rows.error());
        while (true) {
            const Result<bool> there = rows->step();
            if (!there)
                return fail(there.error());
            if (!*there)
                return {};
            take(*rows);
        }
    };
    Status done = each(R"(SELECT "workspace","run","held","revoking","agent","script","task","strays","leases" FROM intents)", [this](const Statement &row) {
        m_state.intents.insert(row.text(0), {WorkspaceId(row.text(0)), row.integer(1) != 0, row.integer(2) != 0, row.integer(3) != 0,
                                             PrincipalId(row.text(4)), row.text(5), row.text(6),
                                             row.text(7), row.text(8).split(u' ', Qt::SkipEmptyParts)});
    });
    if (!done)
        return done;
    done = each(R"(SELECT "name","kind","host","hostPort","production","port" FROM targets)", [this](const Statement &row) {
        TargetRow target{row.text(0), {}, row.text(2), quint16(row.integer(3)), row.integer(4) != 0, quint16(row.integer(5))};
        fromName(row.text(1), target.kind);
        m_state.targets.insert(target.name, target);
    });
    if (!done)
        return done;
    done = each(R"(SELECT "digest","session" FROM tokens WHERE "dropped"=0)",
                [this](const Statement &row) {
                    m_state.tokens.insert(row.blob(0), row.text(1));
                    m_state.tokenOf.insert(row.text(1), row.blob(0));
                });
    if (!done)
        return done;
    Result<std::shared_ptr<const Authority>> authority = Authority::load(*m_database);
    if (!authority)
        return fail(authority.error());
    m_state.authority = *authority;
    return {};
}

void Store::submit(std::function<void(Unit &)> work, std::function<void(const Status &)> done)
{
    {
        const std::scoped_lock guard(m_queueLock);
        m_queue.push_back({std::move(work), std::move(done)});
    }
    m_queued.notify_one();
}

void Store::onAppended(std::function<void()> callback)
{
    const std::scoped_lock guard(m_appendedLock);
    m_appended = std::move(callback);
}

Status Store::perform(std::function<void(Unit &)> work)
{
    std::promise<Status> promise;
    std::future<Status> future = promise.get_future();
    submit(std::move(work), [&promise](const Status &status) { promise.set_value(status); });
    return future.get();
}

void Store::run()
{
    while (true) {
        std::deque<Job> batch;
        {
            std::unique_lock guard(m_queueLock);
            m_queued.wait(guard, [this] { return m_ending || !m_queue.empty(); });
            if (m_queue.empty())
                return;
            if (m_queue.size() <= storeBatch) {
                batch.swap(m_queue);
            } else {
                std::move(m_queue.begin(), m_queue.begin() + storeBatch, std::back_inserter(batch));
                m_queue.erase(m_queue.begin(), m_queue.begin() + storeBatch);
            }
        }
        commit(batch);
    }
}

void Store::commit(std::deque<Job> &batch)
{
    Result<storage::Transaction> transaction = storage::Transaction::begin(*m_database);
    if (!transaction)
        return die(transaction.error());
    const Instant now = m_options.clock->now();
    std::vector<StoredChange> changes;
    std::vector<Status> results;
    std::vector<std::function<void()>> afterwards;
    for (Job &job : batch) {
        Unit unit(m_state, *m_database, *m_log, now);
        job.work(unit);
        Status written = writeRows(unit);
        if (written) {
            apply(unit, changes);
            if (Status appended = appendEvents(unit, changes); !appended)
                return die(appended.error());
            std::move(unit.m_afterCommit.begin(), unit.m_afterCommit.end(), std::back_inserter(afterwards));
        }
        results.push_back(std::move(written));
    }
    if (Status sealed = m_log->seal(*m_database, now); !sealed)
        return die(sealed.error());
    if (Status committed = transaction->commit(); !committed)
        return die(committed.error());
    const qint64 before = m_log->head().size;
    m_log->publish();
    if (m_log->size() > before) {
        const std::scoped_lock guard(m_appendedLock);
        if (m_appended)
            m_appended();
    }
    ++m_commits;
    m_units += qint64(batch.size());
    if (m_options.onCommitted && !changes.empty())
        m_options.onCommitted(std::move(changes));
    for (const auto &callback : afterwards)
        callback();
    for (size_t i = 0; i < batch.size(); ++i) {
        if (batch[i].done)
            batch[i].done(results[i]);
    }
}

Status Store::writeRows(Unit &unit)
{
    const bool rows = !unit.changes<Workspace>().empty() || !unit.changes<Session>().empty() || !unit.changes<Lease>().empty()
        || !unit.changes<Principal>().empty() || !unit.changes<Snapshot>().empty() || !unit.changes<Recording>().empty()
        || !unit.m_intents.isEmpty() || !unit.m_targets.isEmpty() || !unit.m_tokens.empty() || !unit.m_statements.empty();
    if (!rows)
        return {}; // most units only record a read: no savepoint
    Result<storage::Savepoint> savepoint = storage::Savepoint::begin(*m_database);
    if (!savepoint)
        return fail(savepoint.error());
    Status done;
    const auto writeAll = [&](const auto &changed, const char *table) {
        for (auto it = changed.begin(); done && it != changed.end(); ++it)
            done = storeUpsert(*m_database, table, it->row->value());
    };
    writeAll(unit.changes<Principal>(), "principals");
    writeAll(unit.changes<Workspace>(), "workspaces");
    writeAll(unit.changes<Session>(), "sessions");
    writeAll(unit.changes<Lease>(), "leases");
    writeAll(unit.changes<Snapshot>(), "snapshots");
    writeAll(unit.changes<Recording>(), "recordings");
    if (done)
        done = writeOwnRows(unit);
    for (auto it = unit.m_statements.cbegin(); done && it != unit.m_statements.cend(); ++it)
        done = (*it)(*m_database);
    if (!done)
        return done;
    return savepoint->release();
}

Status Store::writeOwnRows(Unit &unit)
{
    Status done;
    for (auto it = unit.m_intents.cbegin(); done && it != unit.m_intents.cend(); ++it) {
        done = storeRun(*m_database,
                        R"(INSERT INTO intents("workspace","run","held","revoking","agent","script","task","strays","leases") VALUES(?,?,?,?,?,?,?,?,?)
ON CONFLICT("workspace") DO UPDATE SET "run"=excluded."run","held"=excluded."held","revoking"=excluded."revoking",
"agent"=excluded."agent","script"=excluded."script","task"=excluded."task","strays"=excluded."strays","leases"=excluded."leases")",
                        [&](storage::Statement &row) {
                            row.bind(1, it->workspace.value).bind(2, qint64(it->run)).bind(3, qint64(it->held)).bind(4, qint64(it->revoking));
                            row.bind(5, it->agent.value).bind(6, it->script).bind(7, it->task).bind(8, it->strays).bind(9, it->leases.join(u' '));
                        });
    }
    for (auto it = unit.m_targets.cbegin(); done && it != unit.m_targets.cend(); ++it) {
        done = storeRun(*m_database,
                        R"(INSERT INTO targets("name","kind","host","hostPort","production","port") VALUES(?,?,?,?,?,?)
ON CONFLICT("name") DO UPDATE SET "kind"=excluded."kind","host"=excluded."host","hostPort"=excluded."hostPort",
"production"=excluded."production","port"=excluded."port")",
                        [&](storage::Statement &row) {
                            row.bind(1, it->name).bind(2, nameOf(it->kind)).bind(3, it->host).bind(4, qint64(it->hostPort));
                            row.bind(5, qint64(it->production)).bind(6, qint64(it->port));
                        });
    }
    for (auto it = unit.m_tokens.cbegin(); done && it != unit.m_tokens.cend(); ++it) {
        if (it->dropped) {
            done = storeRun(*m_database, R"(UPDATE tokens SET "dropped"=? WHERE "digest"=?)", [&](storage::Statement &row) {
                row.bind(1, qint64(unit.now().time_since_epoch().count())).bindBlob(2, it->digest);
            });
        } else {
            done = storeRun(*m_database, R"(INSERT INTO tokens("digest","session","sealed","dropped") VALUES(?,?,?,0))",
                            [&](storage::Statement &row) { row.bindBlob(1, it->digest).bind(2, it->session).bindBlob(3, it->sealed); });
        }
    }
    return done;
}

void Store::apply(Unit &unit, std::vector<StoredChange> &changes)
{
    const std::unique_lock guard(m_state.lock);
    const auto applyAll = [&](const auto &changed, const char *kind) {
        bool added = false;
        for (const auto &change : changed) {
            added |= m_state.put(change.row);
            if (change.tell != Tell::Nobody)
                changes.push_back({kind, keyOf(change.row->value()), change.row->json(), storedWorkspaceOf(change.row->value())});
        }
        return added;
    };
    applyAll(unit.changes<Principal>(), "principal");
    // The one table that is listed keeps the order of its identifiers.
    if (applyAll(unit.changes<Workspace>(), "workspace"))
        m_state.workspaces.sort();
    applyAll(unit.changes<Session>(), "session");
    applyAll(unit.changes<Lease>(), "lease");
    applyAll(unit.changes<Snapshot>(), "snapshot");
    // Not told as rows: the events of their start and end are.
    for (const auto &change : unit.changes<Recording>())
        m_state.put(change.row);
    m_state.intents.insert(unit.m_intents);
    m_state.targets.insert(unit.m_targets);
    for (const Unit::TokenChange &token : unit.m_tokens) {
        if (token.dropped) {
            m_state.tokens.remove(token.digest);
            m_state.tokenOf.remove(token.session);
        } else {
            m_state.tokens.insert(token.digest, token.session);
            m_state.tokenOf.insert(token.session, token.digest);
        }
    }
    if (unit.m_authority)
        m_state.authority = unit.m_authority;
}

Status Store::appendEvents(Unit &unit, std::vector<StoredChange> &changes)
{
    for (Unit::Recorded &recorded : unit.m_events) {
        if (Status appended = m_log->append(*m_database, recorded.event); !appended)
            return appended;
        if (recorded.tell == Tell::Everyone)
            changes.push_back({"event", QString::number(recorded.event.index), leafOf(recorded.event)});
    }
    return {};
}

void Store::die(const Error &error)
{
    if (m_options.fatal)
        m_options.fatal(error);
    std::fprintf(stderr, "parapet-plane: nothing can be stored any more, so the plane ends. %s (%s)\n", qPrintable(error.message),
                 qPrintable(error.detail));
    std::_Exit(exitStorage);
}

} // namespace parapet::plane
