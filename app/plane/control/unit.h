// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/control/state.h"
#include "models/domain/auditevent.h"
#include "models/storage/database.h"

#include <functional>
#include <optional>

namespace parapet::plane {

class AuditLog;

/// What becomes of a change besides being stored: told on /v1/changes and counted in the row's version; told only (it is a
/// sign of life, not a change that a precondition is about: lastActive, observed); or neither.
enum class Tell { Everyone, Heartbeat, Nobody };

/// One unit of work on the store's thread: what it puts and records is written, made visible and committed together, after the
/// work function returned. Until then nothing is written, so that work may give up at any point with reset().
class Unit
{
public:
    Unit(const State &state, storage::Database &database, const AuditLog &log, Instant now)
        : m_state(state), m_database(database), m_log(log), m_now(now)
    {
    }

    Instant now() const { return m_now; }
    /// Everything as the units before this one left it, without this one's own changes.
    const State &state() const { return m_state; }
    /// For reading: what this unit puts is not in it yet.
    storage::Database &database() { return m_database; }

    /// A row as this unit sees it, its own changes included.
    template<class T>
    std::optional<T> find(const QString &id) const
    {
        const auto &mine = changes<T>();
        for (auto it = mine.crbegin(); it != mine.crend(); ++it) {
            if (keyOf(it->row->value()) == id)
                return it->row->value();
        }
        const RowPtr<T> row = m_state.table<T>().find(id);
        return row ? std::optional<T>(row->value()) : std::nullopt;
    }

    /// Adds or replaces a row. A row with a version gets the next one where everyone is told.
    template<class T>
    void put(T value, Tell tell = Tell::Everyone)
    {
        // Several changes of one row in one unit are one change: one version, one row written, one thing told.
        auto &mine = changes<T>();
        const size_t oldest = mine.size() > recentChanges ? mine.size() - recentChanges : 0;
        for (size_t i = mine.size(); i-- > oldest;) {
            Changed<T> &earlier = mine[i];
            if (keyOf(earlier.row->value()) != keyOf(value))
                continue;
            if constexpr (requires { value.version; }) {
                if (tell == Tell::Everyone && earlier.tell != Tell::Everyone && !earlier.isNew)
                    ++value.version;
            }
            earlier.row = std::make_shared<const Row<T>>(std::move(value));
            earlier.tell = std::min(earlier.tell, tell);
            return;
        }
        bool isNew = false;
        if constexpr (requires { value.version; }) {
            isNew = value.version == 0;
            if (tell == Tell::Everyone || isNew)
                ++value.version;
        }
        mine.push_back({std::make_shared<const Row<T>>(std::move(value)), tell, isNew});
    }

    Intent intent(const QString &workspace) const;
    void put(const Intent &intent);
    void put(const TargetRow &target);

    /// Sessions and leases of a workspace, sessions of a principal: with this unit's own changes.
    QVector<Session> sessionsOf(const QString &workspace) const;
    QVector<Lease> leasesOf(const QString &workspace) const;
    QVector<Session> sessionsBy(const QString &principal) const;

    /// A new token of a session, by its SHA-256; `sealed` is kept so that it can be tried.
    void addToken(const QByteArray &digest, const QString &session, const QByteArray &sealed);
    /// The session's token is accepted no longer; sealed it stays for 24 hours.
    void dropTokenOf(const QString &session);

    /// Adds an event; its index and its number in its origin are set when it is written. Events of reads are not told.
    void record(AuditEvent event, Tell tell = Tell::Everyone);

    /// What the next recorded event will have as its index, and as its number in `origin`.
    qint64 nextEventIndex() const;
    qint64 nextSequence(const QString &origin) const;

    /// Runs when the unit is written, in its transaction.
    void sql(std::function<Status(storage::Database &)> statement) { m_statements.push_back(std::move(statement)); }
    /// Runs after the commit, on the store's thread; it must not wait.
    void afterCommit(std::function<void()> callback) { m_afterCommit.push_back(std::move(callback)); }
    /// The policy as this unit sees it.
    std::shared_ptr<const Authority> authority() const { return m_authority ? m_authority : m_state.authority; }
    void setAuthority(std::shared_ptr<const Authority> authority) { m_authority = std::move(authority); }

    /// Forgets everything put, recorded and planned.
    void reset();

private:
    friend class Store;

    template<class T> struct Changed { RowPtr<T> row; Tell tell; bool isNew = false; };
    /// How far back an earlier change of the same row is looked for: worlds are made by the ten thousand rows.
    static constexpr size_t recentChanges = 64;
    struct TokenChange { QByteArray digest; QString session; QByteArray sealed; bool dropped; };
    struct Recorded { AuditEvent event; Tell tell; };

    template<class T> std::vector<Changed<T>> &changes() { return std::get<std::vector<Changed<T>>>(m_changes); }
    template<class T> const std::vector<Changed<T>> &changes() const { return std::get<std::vector<Changed<T>>>(m_changes); }
    template<class T, class Match>
    void overlay(QVector<T> &rows, Match match) const;

    const State &m_state;
    storage::Database &m_database;
    const AuditLog &m_log;
    Instant m_now;
    std::tuple<std::vector<Changed<Principal>>, std::vector<Changed<Workspace>>, std::vector<Changed<Session>>, std::vector<Changed<Lease>>,
               std::vector<Changed<Snapshot>>, std::vector<Changed<Recording>>>
        m_changes;
    QHash<QString, Intent> m_intents;
    QHash<QString, TargetRow> m_targets;
    std::vector<TokenChange> m_tokens;
    std::vector<Recorded> m_events;
    std::vector<std::function<Status(storage::Database &)>> m_statements;
    std::vector<std::function<void()>> m_afterCommit;
    std::shared_ptr<const Authority> m_authority;
};

} // namespace parapet::plane
