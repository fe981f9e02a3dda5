// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/control/lifecycle.h"

#include "app/plane/world/simulated.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QTimer>

namespace parapet::plane {

using namespace Qt::StringLiterals;

namespace {

/// A workspace is hostile: above this its events are counted, not stored.
constexpr qint64 lifecycleEventsPerSecond = 50;
constexpr auto lifecycleTouchEvery = std::chrono::seconds(20);

AuditEvent lifecycleEvent(const char *action, const WorkspaceId &workspace)
{
    AuditEvent event;
    event.actor = PrincipalId(u"plane"_s);
    event.actorName = Untrusted(u"plane"_s);
    event.actorKind = ActorKind::Service;
    event.source = u"local"_s;
    event.origin = u"agent"_s;
    event.action = QLatin1String(action);
    event.target = Untrusted(workspace.value);
    event.workspace = workspace;
    return event;
}

bool lifecycleAlive(WorkspaceState state)
{
    return state != WorkspaceState::Stopped && state != WorkspaceState::Revoked;
}

} // namespace

Lifecycle::Lifecycle(Store &store, Broker &broker, Options options) : m_store(store), m_broker(broker), m_options(std::move(options))
{
    m_pool.setMaxThreadCount(1);
    RuntimeHost::Options host = m_options.host;
    host.onEvent = [this](const RuntimeEvent &event) { onEvent(event); };
    host.onChanged = [this](const WorkspaceId &id) { recheck(id); };
    host.onExited = [this](const WorkspaceId &id, bool asked) { onExited(id, asked); };
    m_recorder = std::make_unique<Recorder>(m_store, m_options.recordings);
    host.onTerminal = [this](const WorkspaceId &id, const SandboxActor &actor) { return m_recorder->tap(id, actor); };
    m_host = std::make_unique<RuntimeHost>(std::move(host));
}

Lifecycle::~Lifecycle()
{
    end();
}

void Lifecycle::end()
{
    m_ending = true;
    m_pool.waitForDone();
    m_host.reset();
    m_recorder.reset();
}

bool Lifecycle::isSimulated(const WorkspaceId &id) const
{
    const State &state = m_store.state();
    const std::shared_lock guard(state.lock);
    const RowPtr<Workspace> row = state.workspaces.find(id.value);
    return row && row->value().simulated;
}

RuntimeState Lifecycle::stateOf(const WorkspaceId &id) const
{
    {
        const State &state = m_store.state();
        const std::shared_lock guard(state.lock);
        const RowPtr<Workspace> row = state.workspaces.find(id.value);
        if (row && row->value().simulated)
            return simulatedState(row->value(), m_store.clock().now());
    }
    return m_host->state(id);
}

Result<QVector<Process>> Lifecycle::processesOf(const WorkspaceId &id) const
{
    {
        const State &state = m_store.state();
        const std::shared_lock guard(state.lock);
        const RowPtr<Workspace> row = state.workspaces.find(id.value);
        if (row && row->value().simulated)
            return simulatedProcesses(row->value());
    }
    Result<QVector<Process>> processes = m_host->processes(id);
    // A workspace that does not run has no processes: that is an answer, not an error.
    if (!processes && processes.error().code == Error::Code::NotFound)
        return QVector<Process>();
    return processes;
}

Result<QVector<Flow>> Lifecycle::flowsOf(const WorkspaceId &id) const
{
    {
        const State &state = m_store.state();
        const std::shared_lock guard(state.lock);
        const RowPtr<Workspace> row = state.workspaces.find(id.value);
        if (row && row->value().simulated)
            return simulatedFlows(row->value());
    }
    Result<QVector<Flow>> flows = m_host->flows(id);
    if (!flows && flows.error().code == Error::Code::NotFound)
        return QVector<Flow>();
    return flows;
}

void Lifecycle::sessionEnded(const WorkspaceId &id, const PrincipalId &actor)
{
    if (m_ending)
        return;
    m_pool.start([this, id, actor] {
        if (!m_ending)
            m_host->cutTerminals(id, actor);
    });
}

Workspace Lifecycle::observe(Unit &unit, Workspace row, const RuntimeState &seen)
{
    const Workspace before = row;
    const Intent intent = unit.intent(row.id.value);
    if (seen.exists) {
        row.state = seen.frozen ? WorkspaceState::Frozen : before.state == WorkspaceState::Stopping ? WorkspaceState::Stopping : WorkspaceState::Running;
        row.isolated = seen.isolated;
        row.agentPaused = seen.agentPaused;
        row.runtime = RuntimeStatus::Observed;
        if (!seen.host.isEmpty())
            row.host = seen.host;
        if (!isKnown(row.started))
            row.started = unit.now();
    } else {
        // What cut it stays on the row: it is why nobody starts it again.
        row.state = intent.revoking ? WorkspaceState::Revoked : WorkspaceState::Stopped;
        row.runtime = RuntimeStatus::None;
        row.started = {};
    }
    row.observed = isKnown(seen.at) ? seen.at : unit.now();
    const bool changed = row.state != before.state || row.isolated != before.isolated || row.agentPaused != before.agentPaused
        || row.runtime != before.runtime || row.host != before.host || row.started != before.started;
    unit.put(row, changed ? Tell::Everyone : Tell::Heartbeat);
    return *unit.find<Workspace>(row.id.value);
}

void Lifecycle::endCredentials(Unit &unit, const WorkspaceId &id, const QString &reason, const AuditEvent &by)
{
    for (const Session &session : unit.sessionsOf(id.value))
        m_broker.endSession(unit, session, reason, by);
    for (const Lease &lease : unit.leasesOf(id.value))
        m_broker.revokeLease(unit, lease, by);
}

void Lifecycle::recheck(const WorkspaceId &id)
{
    if (m_ending)
        return;
    m_pool.start([this, id] {
        if (m_ending || isSimulated(id))
            return;
        const RuntimeState seen = m_host->state(id);
        m_store.submit([this, id, seen](Unit &unit) {
            const auto row = unit.find<Workspace>(id.value);
            if (!row || row->state == WorkspaceState::Starting || (!seen.exists && !lifecycleAlive(row->state)))
                return;
            if (seen.at >= row->observed)
                observe(unit, *row, seen);
        });
    });
}

void Lifecycle::recheckSoon(const WorkspaceId &id)
{
    recheck(id);
    QMetaObject::invokeMethod(&m_context, [this, id] {
        for (const int milliseconds : {150, 1500})
            QTimer::singleShot(milliseconds, &m_context, [this, id] { recheck(id); });
    }, Qt::QueuedConnection);
}

void Lifecycle::observeRunning()
{
    if (m_ending)
        return;
    m_pool.start([this] {
        if (m_ending)
            return;
        QVector<RuntimeState> seen;
        for (const WorkspaceId &id : m_host->running())
            seen.append(m_host->state(id));
        if (seen.isEmpty())
            return;
        m_store.submit([this, seen](Unit &unit) {
            for (const RuntimeState &state : seen) {
                const auto row = unit.find<Workspace>(state.workspace.value);
                if (row && row->state != WorkspaceState::Starting && lifecycleAlive(row->state) && state.at >= row->observed)
                    observe(unit, *row, state);
            }
        });
    });
}

bool Lifecycle::mayRecord(const WorkspaceId &id, qint64 &missed)
{
    const std::scoped_lock guard(m_rateLock);
    Rate &rate = m_rates[id.value];
    const Instant now = m_store.clock().now();
    if (now - rate.since >= std::chrono::seconds(1)) {
        missed = rate.missed;
        rate = {now, 0, 0};
    }
    if (++rate.events <= lifecycleEventsPerSecond)
        return true;
    ++rate.missed;
    return false;
}

void Lifecycle::onEvent(const RuntimeEvent &seen)
{
    qint64 missed = 0;
    if (m_ending || !mayRecord(seen.workspace, missed))
        return;
    m_store.submit([this, seen, missed](Unit &unit) {
        if (missed > 0) {
            AuditEvent flood = lifecycleEvent("events.dropped", seen.workspace);
            flood.outcome = Outcome::Failure;
            flood.detail = Untrusted(u"%1 events in one second were too many to store"_s.arg(missed));
            unit.record(flood);
        }
        AuditEvent event = lifecycleEvent("", seen.workspace);
        event.time = seen.at;
        event.action = seen.action;
        event.outcome = seen.allowed ? Outcome::Success : Outcome::Denied;
        event.detail = seen.detail;
        event.source = seen.workspace.value;
        if (!seen.actor.isEmpty()) {
            event.actor = seen.actor;
            event.actorKind = seen.actorKind;
            const auto actor = unit.find<Principal>(seen.actor.value);
            event.actorName = actor ? actor->name : Untrusted(seen.actor.value);
            for (const Session &session : unit.sessionsOf(seen.workspace.value)) {
                if (session.actor != seen.actor || session.state != SessionState::Open)
                    continue;
                event.session = session.id;
                if (unit.now() - session.lastActive > lifecycleTouchEvery)
                    m_broker.touch(unit, session, Tell::Heartbeat);
            }
        }
        unit.record(event);
    });
}

void Lifecycle::onExited(const WorkspaceId &id, bool asked)
{
    if (m_ending)
        return;
    m_pool.start([this, id, asked] {
        if (m_ending)
            return;
        const RuntimeState seen = m_host->state(id);
        m_store.submit([this, id, asked, seen](Unit &unit) {
            const auto row = unit.find<Workspace>(id.value);
            if (!row)
                return;
            const Workspace after = observe(unit, *row, seen);
            // Nobody ended it: its sessions and credentials have nothing left to be for.
            if (!asked && !seen.exists)
                endCredentials(unit, id, QCoreApplication::translate("control", "The workspace ended."), lifecycleEvent("", id));
            AuditEvent event = lifecycleEvent(after.state == WorkspaceState::Revoked ? "workspace.revoked" : "workspace.exit", id);
            event.detail = Untrusted(asked ? u"no process is left, as asked"_s : u"its processes ended by themselves"_s);
            unit.record(event);
        });
    });
}

Status Lifecycle::takeSnapshot(const WorkspaceId &id, const SnapshotId &snapshot)
{
    return m_host->takeSnapshot({id, snapshot, m_options.evidence, m_options.homes + u'/' + id.value}, [this, id](const Snapshot &taken) {
        if (m_ending)
            return; // taken again at the next start
        m_store.submit([id, taken](Unit &unit) {
            Snapshot row = taken;
            row.workspace = id;
            unit.put(row);
            AuditEvent event = lifecycleEvent("snapshot.complete", id);
            event.target = Untrusted(row.id.value);
            event.outcome = row.complete ? Outcome::Success : Outcome::Failure;
            event.detail = Untrusted(row.complete ? u"%1 files, %2 bytes, archive SHA-256 %3"_s.arg(row.files).arg(row.bytes).arg(row.archiveSha256)
                                                  : row.failure);
            unit.record(event);
        });
    });
}

} // namespace parapet::plane
