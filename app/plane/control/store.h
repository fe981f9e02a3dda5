// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/audit/auditlog.h"
#include "app/plane/control/unit.h"

#include <condition_variable>
#include <deque>
#include <thread>

namespace parapet::plane {

/// One change or event as it goes out on /v1/changes.
struct StoredChange {
    const char *kind;   ///< "workspace", "session", "lease", "principal", "snapshot", "event"
    QString id;
    QByteArray object;  ///< wire JSON
    QString workspace = {}; ///< whose scope decides who is told; empty: the organisation's
};

/// The plane's memory and disk: one thread writes, in batches with one fsync each (group commit).
///
/// A unit's rows, its events and the log's tree are one transaction; its `done` runs after the commit, so that whatever is answered
/// from there is durable. A unit that the database refuses is rolled back alone. When a commit fails nothing more is
/// answered: the plane ends at once (Options::fatal), and the next start finds the last commit.
class Store
{
public:
    struct Options {
        QString path;                        ///< plane.sqlite, or the URI of a PostgreSQL database
        QString origin;                      ///< the log's name
        LogCheck check = LogCheck::Edge;
        const Clock *clock = &Clock::system();
        std::function<void(const Error &)> fatal; ///< must not return; unset: says so on stderr and ends the process with exitStorage
        /// The changes of one commit, on the store's thread.
        std::function<void(std::vector<StoredChange>)> onCommitted;
    };
    static constexpr int exitStorage = 75;

    /// Opens or creates the database, proves the log, reads everything into memory.
    static Result<std::unique_ptr<Store>> open(Options options);
    /// Works off what was submitted, then empties the write-ahead log into the file.
    ~Store();

    /// `work` runs on the store's thread and must not wait. `done` gets an error only when the database refused what work put.
    void submit(std::function<void(Unit &)> work, std::function<void(const Status &)> done = {});
    /// The same for callers that have nothing else to do: returns when it is durable. Not from the store's thread.
    Status perform(std::function<void(Unit &)> work);

    const State &state() const { return m_state; }
    const AuditLog &log() const { return *m_log; }
    const Clock &clock() const { return *m_options.clock; }
    QString path() const { return m_options.path; }
    /// Called on the store's thread after each commit that made the log longer; it must not wait. Empty: nobody.
    void onAppended(std::function<void()> callback);
    /// Units that were committed, and commits.
    qint64 units() const { return m_units; }
    qint64 commits() const { return m_commits; }

private:
    struct Job {
        std::function<void(Unit &)> work;
        std::function<void(const Status &)> done;
    };

    explicit Store(Options options) : m_options(std::move(options)) {}
    /// A database belongs to one log: another data folder's is refused.
    Status checkOwner();
    Status load();
    template<class T> Status loadTable(const char *table);
    Status loadRest();
    void run();
    void commit(std::deque<Job> &batch);
    Status writeRows(Unit &unit);
    Status writeOwnRows(Unit &unit);
    void apply(Unit &unit, std::vector<StoredChange> &changes);
    Status appendEvents(Unit &unit, std::vector<StoredChange> &changes);
    void die(const Error &error);

    Options m_options;
    std::unique_ptr<storage::Database> m_database;
    std::unique_ptr<AuditLog> m_log;
    State m_state;
    std::thread m_thread;
    std::mutex m_queueLock;
    std::condition_variable m_queued;
    std::deque<Job> m_queue;
    bool m_ending = false;
    std::mutex m_appendedLock;
    std::function<void()> m_appended;
    std::atomic<qint64> m_units = 0;
    std::atomic<qint64> m_commits = 0;
};

} // namespace parapet::plane
