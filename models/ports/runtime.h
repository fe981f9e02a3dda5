// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/capability.h"
#include "models/core/reply.h"
#include "models/domain/process.h"
#include "models/domain/snapshot.h"
#include "models/domain/workspace.h"
#include "models/ports/change.h"

namespace parapet {

/// What the runtime agent sees of a workspace in the kernel, at one instant.
struct RuntimeState {
    WorkspaceId workspace;
    bool exists = false;         ///< some process, cgroup or namespace of it is left
    qint64 processes = 0;
    qint64 rootPid = 0;          ///< host pid of its pid 1, 0 when gone
    qint64 rootStartTicks = 0;
    bool frozen = false;
    bool agentPaused = false;
    bool isolated = false;       ///< its gateway refuses and holds no flow
    bool networkPresent = false; ///< its network namespace still exists
    qint64 openFlows = 0;
    QString bootId;              ///< /proc/sys/kernel/random/boot_id of the host
    QString host;
    Instant at{};
    bool simulated = false;
};

/// What runs in a workspace, and the hands that freeze, isolate, preserve and kill it.
/// Each destructive call answers when it was asked of the kernel; `state()` tells what became of it.
class Runtime
{
public:
    virtual ~Runtime() = default;

    /// By verb: "freeze", "isolate", "snapshot", "pauseAgent", "terminate", "processes", "flows", "limits".
    virtual Capability capability(const QString &verb) const = 0;

    virtual Reply<RuntimeState> state(const WorkspaceId &id) = 0;
    virtual Reply<QVector<Process>> processes(const WorkspaceId &id) = 0;
    virtual Reply<QVector<Flow>> flows(const WorkspaceId &id) = 0;

    virtual Reply<RuntimeState> setFrozen(const WorkspaceId &id, bool frozen, const Change &change) = 0;
    virtual Reply<RuntimeState> setIsolated(const WorkspaceId &id, bool isolated, const Change &change) = 0;
    virtual Reply<RuntimeState> setAgentPaused(const WorkspaceId &id, bool paused, const Change &change) = 0;
    virtual Reply<RuntimeState> terminate(const WorkspaceId &id, const Change &change) = 0;

    /// Starts a snapshot; poll-free: the watch brings "snapshot" changes, snapshot() re-reads it.
    virtual Reply<Snapshot> takeSnapshot(const WorkspaceId &id, const Change &change) = 0;
    virtual Reply<Snapshot> snapshot(const SnapshotId &id) = 0;
    /// The manifest: canonical JSON lines {"path","size","sha256","mode"} sorted by path.
    virtual Reply<QByteArray> manifest(const SnapshotId &id) = 0;
    /// SHA-256 (hex) of the archive as it streams past this side; nothing is kept.
    virtual Reply<QString> hashArchive(const SnapshotId &id) = 0;
};

} // namespace parapet
