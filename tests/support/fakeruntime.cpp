// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fakeports.h"

#include "models/crypto/digest.h"
#include "models/wire/codec.h"

namespace parapet::support {

using namespace Qt::StringLiterals;

namespace {

Failure runtimeNotFound(const QString &id)
{
    return fail(Error::Code::NotFound, u"%1 is not known."_s.arg(id));
}

} // namespace

Capability FakeRuntime::capability(const QString &verb) const
{
    return capabilities.value(verb, Capability::present());
}

Reply<RuntimeState> FakeRuntime::state(const WorkspaceId &id)
{
    return script.run<RuntimeState>({u"state"_s, id.value, {}}, [this, id]() -> Result<RuntimeState> {
        FakeWorkspace *found = m_world.find(id);
        if (!found)
            return runtimeNotFound(id.value);
        found->runtime.at = m_world.clock.now();
        return found->runtime;
    });
}

Reply<QVector<Process>> FakeRuntime::processes(const WorkspaceId &id)
{
    return script.run<QVector<Process>>({u"processes"_s, id.value, {}}, [this, id]() -> Result<QVector<Process>> {
        const FakeWorkspace *found = m_world.find(id);
        return found ? Result<QVector<Process>>(found->processes) : runtimeNotFound(id.value);
    });
}

Reply<QVector<Flow>> FakeRuntime::flows(const WorkspaceId &id)
{
    return script.run<QVector<Flow>>({u"flows"_s, id.value, {}}, [this, id]() -> Result<QVector<Flow>> {
        const FakeWorkspace *found = m_world.find(id);
        return found ? Result<QVector<Flow>>(found->flows) : runtimeNotFound(id.value);
    });
}

Reply<RuntimeState> FakeRuntime::setFrozen(const WorkspaceId &id, bool frozen, const Change &change)
{
    return script.run<RuntimeState>({u"setFrozen"_s, id.value, change}, [this, id, frozen]() -> Result<RuntimeState> {
        FakeWorkspace *found = m_world.find(id);
        if (!found)
            return runtimeNotFound(id.value);
        found->runtime.frozen = frozen;
        found->workspace.state = frozen ? WorkspaceState::Frozen : WorkspaceState::Running;
        m_world.touch(id);
        return found->runtime;
    });
}

Reply<RuntimeState> FakeRuntime::setIsolated(const WorkspaceId &id, bool isolated, const Change &change)
{
    return script.run<RuntimeState>({u"setIsolated"_s, id.value, change},
                                    [this, id, isolated]() -> Result<RuntimeState> {
                                        FakeWorkspace *found = m_world.find(id);
                                        if (!found)
                                            return runtimeNotFound(id.value);
                                        found->runtime.isolated = isolated;
                                        if (isolated && !m_world.survivors.contains(u"network "_s + id.value)) {
                                            for (Flow &flow : found->flows) {
                                                flow.open = false;
                                                flow.closed = m_world.clock.now();
                                            }
                                            found->runtime.openFlows = 0;
                                        }
                                        m_world.touch(id);
                                        return found->runtime;
                                    });
}

Reply<RuntimeState> FakeRuntime::setAgentPaused(const WorkspaceId &id, bool paused, const Change &change)
{
    return script.run<RuntimeState>({u"setAgentPaused"_s, id.value, change},
                                    [this, id, paused]() -> Result<RuntimeState> {
                                        FakeWorkspace *found = m_world.find(id);
                                        if (!found)
                                            return runtimeNotFound(id.value);
                                        found->runtime.agentPaused = paused;
                                        m_world.touch(id);
                                        return found->runtime;
                                    });
}

Reply<RuntimeState> FakeRuntime::terminate(const WorkspaceId &id, const Change &change)
{
    return script.run<RuntimeState>({u"terminate"_s, id.value, change}, [this, id]() -> Result<RuntimeState> {
        FakeWorkspace *found = m_world.find(id);
        if (!found)
            return runtimeNotFound(id.value);
        if (!m_world.survivors.contains(u"process "_s + id.value)) {
            found->processes.clear();
            found->runtime.exists = false;
            found->runtime.processes = found->runtime.rootPid = found->runtime.rootStartTicks = 0;
            if (found->workspace.state == WorkspaceState::Stopping)
                found->workspace.state = WorkspaceState::Revoked;
            found->workspace.runtime = RuntimeStatus::None;
        }
        if (!m_world.survivors.contains(u"network "_s + id.value)) {
            found->runtime.networkPresent = false;
            found->runtime.openFlows = 0;
            for (Flow &flow : found->flows)
                flow.open = false;
        }
        m_world.touch(id);
        return found->runtime;
    });
}

Reply<Snapshot> FakeRuntime::takeSnapshot(const WorkspaceId &id, const Change &change)
{
    return script.run<Snapshot>({u"takeSnapshot"_s, id.value, change}, [this, id]() -> Result<Snapshot> {
        if (!m_world.find(id))
            return runtimeNotFound(id.value);
        Snapshot snapshot;
        snapshot.id = SnapshotId(u"snap-%1"_s.arg(m_world.snapshots.size() + 1));
        snapshot.workspace = id;
        snapshot.taken = m_world.clock.now();
        m_world.snapshots.insert(snapshot.id.value, snapshot);
        m_world.announce(u"snapshot"_s, snapshot.id.value, wire::toJson(snapshot));
        if (m_world.snapshotsComplete)
            m_world.completeSnapshot(snapshot.id);
        return m_world.snapshots.value(snapshot.id.value);
    });
}

Reply<Snapshot> FakeRuntime::snapshot(const SnapshotId &id)
{
    return script.run<Snapshot>({u"snapshot"_s, id.value, {}}, [this, id]() -> Result<Snapshot> {
        const auto found = m_world.snapshots.constFind(id.value);
        return found == m_world.snapshots.cend() ? runtimeNotFound(id.value) : Result<Snapshot>(*found);
    });
}

Reply<QByteArray> FakeRuntime::manifest(const SnapshotId &id)
{
    return script.run<QByteArray>({u"manifest"_s, id.value, {}}, [this, id]() -> Result<QByteArray> {
        const auto found = m_world.manifests.constFind(id.value);
        return found == m_world.manifests.cend() ? runtimeNotFound(id.value) : Result<QByteArray>(*found);
    });
}

Reply<QString> FakeRuntime::hashArchive(const SnapshotId &id)
{
    return script.run<QString>({u"hashArchive"_s, id.value, {}}, [this, id]() -> Result<QString> {
        const auto found = m_world.archives.constFind(id.value);
        return found == m_world.archives.cend() ? runtimeNotFound(id.value)
                                                : Result<QString>(crypto::sha256Hex(*found));
    });
}

} // namespace parapet::support
