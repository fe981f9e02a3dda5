// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fakeworld.h"

#include "models/crypto/digest.h"
#include "models/wire/codec.h"
#include "tests/support/fakeports.h"

namespace parapet::support {

using namespace Qt::StringLiterals;

namespace {

Principal worldPrincipal(const QString &id, const QString &name, ActorKind kind, const QString &actsFor = {})
{
    Principal principal;
    principal.id = PrincipalId(id);
    principal.name = Untrusted(name);
    principal.kind = kind;
    principal.team = u"payments"_s;
    principal.actsFor = PrincipalId(actsFor);
    principal.version = 1;
    return principal;
}

Session worldSession(const QString &id, const Workspace &workspace, const Principal &actor, Instant now)
{
    Session session;
    session.id = SessionId(id);
    session.workspace = workspace.id;
    session.actor = actor.id;
    session.actorName = actor.name;
    session.actorKind = actor.kind;
    session.client = Untrusted(actor.kind == ActorKind::Human ? u"VS Code 1.86"_s : u"agent-runner 3"_s);
    session.source = u"10.20.0.7"_s;
    session.mfa = actor.kind == ActorKind::Human ? u"webauthn"_s : u"workload"_s;
    session.started = now - std::chrono::hours(1);
    session.lastActive = now;
    session.idleEnds = now + std::chrono::minutes(30);
    session.expires = now + std::chrono::hours(7);
    session.rotates = now + std::chrono::hours(23);
    session.version = 1;
    return session;
}

Lease worldLease(const QString &id, const QString &name, LeaseKind kind, const Workspace &workspace,
                 const Principal &holder, Instant now)
{
    Lease lease;
    lease.id = LeaseId(id);
    lease.name = name;
    lease.kind = kind;
    lease.target = kind == LeaseKind::DatabasePassword ? u"postgres-payments"_s : u"git-payments"_s;
    lease.endpoint = u"https://127.0.0.1:9"_s;
    lease.workspace = workspace.id;
    lease.holder = holder.id;
    lease.holderName = holder.name;
    lease.production = kind == LeaseKind::DatabasePassword;
    lease.issued = now - std::chrono::minutes(20);
    lease.expires = now + std::chrono::minutes(40);
    lease.version = 1;
    return lease;
}

void furnish(FakeWorkspace &made, int n, Instant now)
{
    const Principal person = worldPrincipal(u"person-%1"_s.arg(n), u"Person %1"_s.arg(n), ActorKind::Human);
    const Principal agent =
        worldPrincipal(u"agent-%1"_s.arg(n), u"Agent %1"_s.arg(n), ActorKind::Agent, person.id.value);
    Workspace &workspace = made.workspace;
    workspace.owner = person.id;
    workspace.ownerName = person.name;
    made.principals = {person, agent};
    made.sessions = {worldSession(u"sess-%1-a"_s.arg(n), workspace, person, now),
                     worldSession(u"sess-%1-b"_s.arg(n), workspace, agent, now)};
    made.leases = {
        worldLease(u"lease-%1-db"_s.arg(n), u"db-payments-ro"_s, LeaseKind::DatabasePassword, workspace, person, now),
        worldLease(u"lease-%1-git"_s.arg(n), u"git-payments"_s, LeaseKind::GitToken, workspace, agent, now)};
    const std::array commands{u"/bin/init"_s, u"/usr/bin/bash"_s, u"/usr/bin/agent --task 7"_s};
    for (qint64 i = 0; i < 3; ++i) {
        Process process;
        process.pid = i + 1;
        process.parent = i ? 1 : 0;
        process.hostPid = 1000 * n + i;
        process.startTicks = 5000 + n + i;
        process.actorKind = i == 2 ? ActorKind::Agent : ActorKind::Human;
        process.actor = i == 2 ? agent.id : person.id;
        process.command = Untrusted(commands[size_t(i)]);
        process.cpu = 1.5 * double(i);
        process.memory = (i + 1) << 20;
        process.started = now - std::chrono::hours(1);
        made.processes.append(process);
    }
    Flow flow;
    flow.id = u"flow-%1"_s.arg(n);
    flow.host = Untrusted(u"git.example"_s);
    flow.port = 443;
    flow.intended = flow.open = true;
    flow.bytesUp = 1000;
    flow.bytesDown = 20'000;
    flow.opened = now - std::chrono::minutes(3);
    made.flows = {flow};
}

} // namespace

void FakeWorld::addWorkspaces(int count)
{
    const int first = int(m_workspaces.size()) + 1;
    for (int n = first; n < first + count; ++n) {
        Workspace workspace;
        workspace.id = WorkspaceId(u"ws-%1"_s.arg(n));
        workspace.name = Untrusted(u"workspace %1"_s.arg(n));
        workspace.state = WorkspaceState::Running;
        workspace.team = u"payments"_s;
        workspace.project = n % 2 ? u"ledger"_s : u"checkout"_s;
        workspace.image = u"registry.example/dev:1"_s;
        workspace.imageDigest = u"sha256:"_s + QString(64, u'a');
        workspace.imageSigned = true;
        workspace.created = clock.now() - std::chrono::hours(24 * n);
        workspace.started = clock.now() - std::chrono::hours(1);
        workspace.runtime = RuntimeStatus::Observed;
        workspace.observed = clock.now();
        workspace.region = u"eu-central"_s;
        workspace.host = u"host-1"_s;
        FakeWorkspace &made = add(workspace);
        furnish(made, n, clock.now());
        RuntimeState &runtime = made.runtime;
        runtime.exists = runtime.networkPresent = true;
        runtime.processes = 3;
        runtime.rootPid = 1000 * n;
        runtime.rootStartTicks = 5000 + n;
        runtime.openFlows = 1;
        touch(workspace.id);
    }
}

FakeWorkspace &FakeWorld::add(const Workspace &workspace)
{
    FakeWorkspace &made = m_workspaces[workspace.id.value];
    made.workspace = workspace;
    made.runtime.workspace = workspace.id;
    made.runtime.bootId = u"00000000-0000-4000-8000-000000000000"_s;
    made.runtime.host = workspace.host;
    made.runtime.simulated = workspace.simulated;
    made.runtime.at = clock.now();
    return made;
}

FakeWorkspace *FakeWorld::find(const WorkspaceId &id)
{
    const auto found = m_workspaces.find(id.value);
    return found == m_workspaces.end() ? nullptr : &*found;
}

Session *FakeWorld::findSession(const SessionId &id)
{
    for (FakeWorkspace &workspace : m_workspaces) {
        for (Session &session : workspace.sessions) {
            if (session.id == id)
                return &session;
        }
    }
    return nullptr;
}

Lease *FakeWorld::findLease(const LeaseId &id)
{
    for (FakeWorkspace &workspace : m_workspaces) {
        for (Lease &lease : workspace.leases) {
            if (lease.id == id)
                return &lease;
        }
    }
    return nullptr;
}

QVector<Workspace> FakeWorld::workspaceList() const
{
    QVector<Workspace> list;
    for (const FakeWorkspace &one : m_workspaces)
        list.append(one.workspace);
    return list;
}

void FakeWorld::touch(const WorkspaceId &id)
{
    FakeWorkspace *found = find(id);
    if (!found)
        return;
    Workspace &workspace = found->workspace;
    workspace.sessions = workspace.leases = workspace.productionLeases = workspace.people = workspace.agents = 0;
    for (const Session &session : std::as_const(found->sessions)) {
        if (session.state != SessionState::Open)
            continue;
        ++workspace.sessions;
        (session.actorKind == ActorKind::Human ? workspace.people : workspace.agents) += 1;
    }
    for (const Lease &lease : std::as_const(found->leases)) {
        if (lease.state != LeaseState::Active)
            continue;
        ++workspace.leases;
        workspace.productionLeases += lease.production;
    }
    workspace.agentPaused = found->runtime.agentPaused;
    workspace.isolated = found->runtime.isolated;
    ++workspace.version;
    found->runtime.at = workspace.observed = clock.now();
    announce(u"workspace"_s, id.value, wire::toJson(workspace));
}

void FakeWorld::announce(const QString &kind, const QString &id, const QJsonObject &object, bool removed)
{
    const ChangeEvent event{u"fake-%1"_s.arg(++m_sequence), kind, id, removed, object};
    for (const auto &watch : std::as_const(m_watches)) {
        if (auto *live = qobject_cast<FakeWatch *>(watch.data()); live && live->state() == Watch::State::Live)
            live->send({event});
    }
}

void FakeWorld::completeSnapshot(const SnapshotId &id)
{
    const auto found = snapshots.find(id.value);
    if (found == snapshots.end())
        return;
    const QByteArray manifest = "{\"mode\":\"0644\",\"path\":\"home/notes.txt\",\"sha256\":\"" +
                                crypto::sha256Hex("notes").toLatin1() + "\",\"size\":5}\n";
    const QByteArray archive = "archive of " + found->workspace.value.toUtf8();
    found->complete = true;
    found->files = 1;
    found->bytes = archive.size();
    found->archiveSha256 = crypto::sha256Hex(archive);
    found->manifestSha256 = crypto::sha256Hex(manifest);
    manifests.insert(id.value, manifest);
    archives.insert(id.value, archive);
    announce(u"snapshot"_s, id.value, wire::toJson(*found));
}

} // namespace parapet::support
