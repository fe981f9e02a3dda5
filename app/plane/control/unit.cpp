// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/control/unit.h"

#include "app/plane/audit/auditlog.h"

namespace parapet::plane {

Intent Unit::intent(const QString &workspace) const
{
    if (const auto mine = m_intents.constFind(workspace); mine != m_intents.cend())
        return *mine;
    Intent intent = m_state.intents.value(workspace);
    intent.workspace = WorkspaceId(workspace);
    return intent;
}

void Unit::put(const Intent &intent)
{
    m_intents.insert(intent.workspace.value, intent);
}

void Unit::put(const TargetRow &target)
{
    m_targets.insert(target.name, target);
}

template<class T, class Match>
void Unit::overlay(QVector<T> &rows, Match match) const
{
    for (const Changed<T> &change : changes<T>()) {
        const T &value = change.row->value();
        if (!match(value))
            continue;
        const auto at = std::find_if(rows.begin(), rows.end(), [&](const T &row) { return row.id == value.id; });
        if (at == rows.end())
            rows.append(value);
        else
            *at = value;
    }
}

QVector<Session> Unit::sessionsOf(const QString &workspace) const
{
    QVector<Session> rows;
    for (const QString &id : m_state.sessionsOf.value(workspace))
        rows.append(m_state.sessions.find(id)->value());
    overlay(rows, [&](const Session &session) { return session.workspace.value == workspace; });
    return rows;
}

QVector<Lease> Unit::leasesOf(const QString &workspace) const
{
    QVector<Lease> rows;
    for (const QString &id : m_state.leasesOf.value(workspace))
        rows.append(m_state.leases.find(id)->value());
    overlay(rows, [&](const Lease &lease) { return lease.workspace.value == workspace; });
    return rows;
}

QVector<Session> Unit::sessionsBy(const QString &principal) const
{
    QVector<Session> rows;
    for (const QString &id : m_state.sessionsBy.value(principal))
        rows.append(m_state.sessions.find(id)->value());
    overlay(rows, [&](const Session &session) { return session.actor.value == principal; });
    return rows;
}

void Unit::addToken(const QByteArray &digest, const QString &session, const QByteArray &sealed)
{
    m_tokens.push_back({digest, session, sealed, false});
}

void Unit::dropTokenOf(const QString &session)
{
    QByteArray digest = m_state.tokenOf.value(session);
    for (const TokenChange &mine : m_tokens) {
        if (mine.session == session && !mine.dropped)
            digest = mine.digest;
    }
    if (!digest.isEmpty())
        m_tokens.push_back({digest, session, {}, true});
}

void Unit::record(AuditEvent event, Tell tell)
{
    if (!isKnown(event.time))
        event.time = m_now;
    m_events.push_back({std::move(event), tell});
}

qint64 Unit::nextEventIndex() const
{
    return m_log.size() + qint64(m_events.size());
}

qint64 Unit::nextSequence(const QString &origin) const
{
    return m_log.lastOf(origin) + 1
        + std::count_if(m_events.cbegin(), m_events.cend(), [&](const Recorded &recorded) { return recorded.event.origin == origin; });
}

void Unit::reset()
{
    m_changes = {};
    m_intents.clear();
    m_targets.clear();
    m_tokens.clear();
    m_events.clear();
    m_statements.clear();
    m_afterCommit.clear();
    m_authority.reset();
}

} // namespace parapet::plane
