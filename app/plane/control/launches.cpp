// SPDX-License-Identifier: GPL-3.0-or-later
// What happens to workspaces when the plane starts.
#include "app/plane/control/lifecycle.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>

namespace parapet::plane {

using namespace Qt::StringLiterals;

namespace {

AuditEvent launchEvent(const char *action, const WorkspaceId &workspace)
{
    AuditEvent event;
    event.actor = PrincipalId(u"plane"_s);
    event.actorName = Untrusted(u"plane"_s);
    event.actorKind = ActorKind::Service;
    event.source = u"local"_s;
    event.origin = u"control"_s;
    event.action = QLatin1String(action);
    event.target = Untrusted(workspace.value);
    event.workspace = workspace;
    return event;
}

/// What the work scripts call the service of each kind (world/scripts/README.md).
struct LaunchName {
    const char *variable;
    const char *file;
};

LaunchName launchName(LeaseKind kind)
{
    switch (kind) {
    case LeaseKind::GitToken:
        return {"PARAPET_GIT_URL", "git"};
    case LeaseKind::DatabasePassword:
        return {"PARAPET_DB_URL", "database"};
    case LeaseKind::RegistryToken:
        return {"PARAPET_REGISTRY_URL", "registry"};
    case LeaseKind::CloudRole:
        break;
    }
    return {"PARAPET_CLOUD_URL", "cloud"};
}

} // namespace

void Lifecycle::begin(bool run)
{
    m_recorder->recover();
    QVector<WorkspaceId> wanted;
    QVector<Snapshot> interrupted;
    const Status corrected = m_store.perform([&](Unit &unit) {
        for (const auto &row : unit.state().workspaces.rows()) {
            const Workspace &workspace = row->value();
            if (workspace.simulated || workspace.state == WorkspaceState::Revoked)
                continue;
            const Intent intent = unit.intent(workspace.id.value);
            const bool start = run && intent.run && !intent.held && !intent.revoking;
            if (start)
                wanted.append(workspace.id);
            const WorkspaceState state = intent.revoking ? WorkspaceState::Revoked : start ? WorkspaceState::Starting : WorkspaceState::Stopped;
            if (state == workspace.state)
                continue;
            // Sandboxes end with their plane: what was running does not run now.
            Workspace changed = workspace;
            changed.state = state;
            changed.runtime = RuntimeStatus::None;
            changed.started = {};
            changed.observed = unit.now();
            unit.put(changed);
            if (state != WorkspaceState::Starting && workspace.state != WorkspaceState::Starting) {
                AuditEvent event = launchEvent("workspace.exit", workspace.id);
                event.detail = Untrusted(intent.held ? u"it ended with the plane, and is not started again because it was cut, frozen or ended"_s
                                                             : u"it ended with the plane"_s);
                unit.record(event);
            }
        }
        for (const auto &row : unit.state().snapshots.rows()) {
            if (!row->value().complete && row->value().failure.isEmpty())
                interrupted.append(row->value());
        }
    });
    if (!corrected)
        return;
    for (const Snapshot &snapshot : interrupted) {
        QFile::remove(archiveOf(snapshot.id));
        QFile::remove(manifestOf(snapshot.id));
        if (const Status begun = takeSnapshot(snapshot.workspace, snapshot.id); !begun) {
            m_store.submit([snapshot, why = begun.error().message](Unit &unit) {
                Snapshot failed = snapshot;
                failed.failure = why;
                unit.put(failed);
            });
        }
    }
    for (const WorkspaceId &id : wanted)
        m_pool.start([this, id] { start(id); });
}

bool Lifecycle::makeLaunch(Unit &unit, const Workspace &row, Launch &launch)
{
    const Intent intent = unit.intent(row.id.value);
    const auto owner = unit.find<Principal>(row.owner.value);
    if (!owner)
        return false;
    launch.workspace = row.id;
    launch.name = row.name.raw();
    launch.home = m_options.homes + u'/' + row.id.value;
    launch.caCertificate = m_options.authority;
    launch.isolated = row.isolated;
    launch.agentPaused = row.agentPaused;
    launch.actors.append({owner->id, ActorKind::Human, owner->name, intent.script.isEmpty() ? u"develop"_s : intent.script, {}, {}});
    if (const auto agent = unit.find<Principal>(intent.agent.value); agent && !agent->suspended)
        launch.actors.append({agent->id, ActorKind::Agent, agent->name, u"agentd"_s, {u"--task"_s, intent.task}, {}});
    launch.environment = {{u"PARAPET_REPO"_s, row.project}, {u"PARAPET_TASK"_s, intent.task}};
    if (!intent.strays.isEmpty())
        launch.environment.append({u"PARAPET_AGENT_STRAYS"_s, intent.strays});
    QSet<QString> routed;
    QSet<LeaseKind> kinds;
    for (const QString &wish : intent.leases) {
        const TargetRow target = unit.state().targets.value(wish.section(u'@', 1));
        if (target.port == 0 || routed.contains(target.name))
            continue;
        routed.insert(target.name);
        launch.egress.append({target.host, target.hostPort});
        launch.routes.append({target.host, target.hostPort, target.port});
        if (!kinds.contains(target.kind)) {
            kinds.insert(target.kind);
            launch.environment.append({QLatin1String(launchName(target.kind).variable), u"https://%1:%2"_s.arg(target.host).arg(target.hostPort)});
        }
    }
    return true;
}

void Lifecycle::start(const WorkspaceId &id)
{
    if (m_ending)
        return;
    Launch launch;
    bool may = false;
    const Status prepared = m_store.perform([&](Unit &unit) {
        const auto row = unit.find<Workspace>(id.value);
        const Intent intent = unit.intent(id.value);
        // Someone may have ended it between the start of the plane and its turn.
        may = row && intent.run && !intent.held && !intent.revoking && row->state == WorkspaceState::Starting && makeLaunch(unit, *row, launch);
        if (may)
            giveCredentials(unit, *row);
    });
    if (!prepared || !may)
        return;
    launch.secrets = secretsOf(id);
    const Status started = m_host->start(launch);
    const RuntimeState seen = m_host->state(id);
    m_store.submit([this, id, started, seen](Unit &unit) {
        const auto row = unit.find<Workspace>(id.value);
        if (!row)
            return;
        AuditEvent event = launchEvent("workspace.start", id);
        if (!started) {
            event.outcome = Outcome::Failure;
            event.detail = Untrusted(started.error().message);
            endCredentials(unit, id, QCoreApplication::translate("control", "The workspace could not start."), event);
        } else {
            event.detail = Untrusted(row->image);
        }
        observe(unit, *unit.find<Workspace>(id.value), seen);
        unit.record(event);
    });
}

void Lifecycle::refreshSecrets(const WorkspaceId &id)
{
    if (m_ending)
        return;
    m_pool.start([this, id] {
        if (!m_ending && m_host->running().contains(id))
            (void)m_host->placeSecrets(id, secretsOf(id));
    });
}

void Lifecycle::giveCredentials(Unit &unit, const Workspace &row)
{
    const Intent intent = unit.intent(row.id.value);
    if (const auto owner = unit.find<Principal>(row.owner.value))
        m_broker.provide(unit, row, *owner, unit.find<Principal>(intent.agent.value), intent.leases);
}

QVector<SandboxSecret> Lifecycle::secretsOf(const WorkspaceId &id)
{
    QVector<SandboxSecret> secrets;
    // In a second unit: what the first one issued is stored now.
    (void)m_store.perform([&](Unit &unit) {
        const QStringList wishes = unit.intent(id.value).leases;
        QHash<LeaseKind, qsizetype> best; // the first one that is wished for is the one that the scripts use
        QHash<LeaseKind, Lease> chosen;
        for (const Lease &lease : unit.leasesOf(id.value)) {
            const qsizetype place = wishes.indexOf(lease.name + u'@' + lease.target);
            if (lease.state != LeaseState::Active || place < 0 || (best.contains(lease.kind) && best.value(lease.kind) <= place))
                continue;
            best.insert(lease.kind, place);
            chosen.insert(lease.kind, lease);
        }
        for (const Lease &lease : std::as_const(chosen)) {
            const auto secret = m_broker.secretOf(unit.database(), lease.id);
            if (secret) {
                secrets.append({QLatin1String(launchName(lease.kind).file),
                                secret->first.isEmpty() ? secret->second : secret->first.toUtf8() + ':' + secret->second});
            }
        }
    });
    return secrets;
}

} // namespace parapet::plane
