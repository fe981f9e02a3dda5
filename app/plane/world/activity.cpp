// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/world/activity.h"

namespace parapet::plane {

using namespace Qt::StringLiterals;

namespace {

/// Every how many moments.
constexpr qint64 activityKeepUp = 8;         // about a minute
constexpr qint64 activityKeepInUse = 60;     // about eight minutes: well within 30
constexpr auto activityRenewBefore = std::chrono::minutes(10);

struct ActivityAct {
    const char *action;
    const char *detail;
};
constexpr ActivityAct activityActs[] = {{"git.fetch", "git.meridian.internal"}, {"command.run", "make test"}, {"file.edit", "src/entry.py"},
                                        {"git.push", "1 commit"}, {"secret.read", "kv/dev/config"}};
constexpr ActivityAct activityAgentActs[] = {{"tool.call", "read_file src/journal.py"}, {"tool.call", "run_command pytest"},
                                             {"tool.result", "tests passed"}, {"tool.call", "edit_file src/balance.py"}};

bool activityGoesOn(const Workspace &row)
{
    return row.state == WorkspaceState::Running && !row.isolated;
}

} // namespace

void Activity::moment()
{
    ++m_moments;
    if (m_moments % activityKeepUp == 1)
        keepUp();
    if (m_moments % activityKeepInUse == 2)
        keepSimulatedInUse();
    somebodyDoesSomething();
}

void Activity::keepUp()
{
    m_store.submit([this](Unit &unit) {
        for (const auto &row : unit.state().workspaces.rows()) {
            const Workspace &workspace = row->value();
            if (!activityGoesOn(workspace))
                continue;
            const Intent intent = unit.intent(workspace.id.value);
            if (intent.held || intent.revoking)
                continue;
            for (const QString &id : unit.state().leasesOf.value(workspace.id.value)) {
                const Lease &lease = unit.state().leases.find(id)->value();
                if (lease.state == LeaseState::Active && lease.expires - unit.now() < activityRenewBefore) {
                    AuditEvent by = brokerEvent();
                    by.actor = lease.holder;
                    by.actorName = lease.holderName;
                    by.actorKind = ActorKind::Human;
                    m_broker.renewLease(unit, lease, std::max<Milliseconds>(lease.expires - lease.issued, std::chrono::minutes(30)), by);
                }
            }
            // Whose eight hours are over begins another session; real workspaces get back what expired, too.
            const auto owner = unit.find<Principal>(workspace.owner.value);
            if (owner && (!workspace.simulated || workspace.sessions == 0))
                m_broker.provide(unit, workspace, *owner, unit.find<Principal>(intent.agent.value), intent.leases);
        }
    });
}

void Activity::keepSimulatedInUse()
{
    m_store.submit([this](Unit &unit) {
        for (const auto &row : unit.state().sessions.rows()) {
            const Session &session = row->value();
            if (session.state != SessionState::Open)
                continue;
            const RowPtr<Workspace> workspace = unit.state().workspaces.find(session.workspace.value);
            // Their lives are too many to tell: who looks reads them.
            if (workspace && workspace->value().simulated && activityGoesOn(workspace->value()))
                m_broker.touch(unit, session, Tell::Nobody);
        }
    });
}

void Activity::somebodyDoesSomething()
{
    const quint64 roll = m_dice.roll();
    m_store.submit([this, roll](Unit &unit) {
        const auto &rows = unit.state().workspaces.rows();
        if (rows.empty())
            return;
        const Workspace &workspace = rows[size_t(roll % rows.size())]->value();
        if (!activityGoesOn(workspace) || !workspace.simulated)
            return; // what really runs speaks for itself
        const QVector<QString> sessions = unit.state().sessionsOf.value(workspace.id.value);
        if (sessions.isEmpty())
            return;
        const Session session = unit.state().sessions.find(sessions[qsizetype((roll >> 20) % quint64(sessions.size()))])->value();
        if (session.state != SessionState::Open)
            return;
        const bool agent = session.actorKind == ActorKind::Agent;
        if (agent && workspace.agentPaused)
            return;
        const ActivityAct &act = agent ? activityAgentActs[(roll >> 40) % std::size(activityAgentActs)] : activityActs[(roll >> 40) % std::size(activityActs)];
        AuditEvent event;
        event.actor = session.actor;
        event.actorName = session.actorName;
        event.actorKind = session.actorKind;
        event.action = QLatin1String(act.action);
        event.target = Untrusted(workspace.id.value);
        event.workspace = workspace.id;
        event.detail = Untrusted(QLatin1String(act.detail));
        event.source = session.source;
        event.session = session.id;
        event.origin = u"world"_s;
        unit.record(event);
        m_broker.touch(unit, session, Tell::Heartbeat);
    });
}

} // namespace parapet::plane
