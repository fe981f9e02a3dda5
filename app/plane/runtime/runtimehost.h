// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/runtime/launch.h"
#include "app/plane/runtime/terminaltap.h"
#include "models/core/capability.h"
#include "models/core/result.h"
#include "models/domain/snapshot.h"
#include "models/ports/runtime.h"

#include <functional>
#include <memory>

namespace parapet::plane {

/// Something that happened in a workspace, as the host saw it.
struct RuntimeEvent {
    WorkspaceId workspace;
    PrincipalId actor; ///< empty when it cannot be told
    ActorKind actorKind = ActorKind::Service;
    /// "process.start", "process.exit" (an actor's first process), "network.connect", "network.denied", or what a work
    /// script announced: "agent.plan", "tool.call", "tool.result", "file.edit", "command.run", "git.fetch", "git.push".
    /// Network and announced events are limited to bursts of 60 and 4 a second for each workspace; "events.dropped"
    /// says how many were not told singly.
    QString action;
    Untrusted detail;    ///< a command line, "host:port", a tool's name and argument; at most 512 characters
    bool allowed = true; ///< false for network.denied
    Instant at{};
};

/// Runs workspaces as sandboxed process trees and tells what the kernel says of them.
///
/// Threads: every function may be called from any thread. Calls read /proc and cgroup files or wait for the host's own
/// thread (start(): some 20 ms); none waits for a workspace. Callbacks come on a thread of the host, one at a time for
/// events and exits; a callback may call every function but must not destroy the host. Errors: NotFound (never started
/// here, or long gone), Conflict (already running), Invalid, Server (the kernel refused).
class RuntimeHost
{
public:
    struct Options {
        QString planeId; ///< [a-z0-9-], at most 32: names cgroups and folders, the same for each run on one data folder
        QString stateFolder;            ///< private folder (0700) for what has no place in memory; created when missing
        QString initProgram;            ///< parapet-sandbox-init; empty: beside the running program
        QString bwrapProgram;           ///< empty: found in PATH
        bool useCgroups = true;         ///< false: only signals, as on a machine without cgroup v2 (tests)
        qint64 snapshotFiles = 200'000; ///< most files in one snapshot
        qint64 snapshotBytes = qint64(8) << 30; ///< most bytes of file content in one snapshot
        std::function<void(const RuntimeEvent &)> onEvent;
        /// The state of a running workspace changed (frozen, thawed, flow opened or closed, …): read state() again.
        std::function<void(const WorkspaceId &)> onChanged;
        /// No process of it is left: observed, not assumed. `asked` tells whether terminate() preceded.
        std::function<void(const WorkspaceId &, bool asked)> onExited;
        /// Asked as an actor starts: who is shown its terminal. Null, or unset: nobody.
        std::function<std::unique_ptr<TerminalTap>(const WorkspaceId &, const SandboxActor &)> onTerminal;
    };

    struct SnapshotRequest {
        WorkspaceId workspace;
        SnapshotId id;
        QString folder; ///< receives ID.tar and ID.manifest; created (0700) when missing
        QString home =
            {}; ///< what to preserve when the workspace does not run (any more); empty: then there is nothing
    };

    explicit RuntimeHost(Options options);
    /// Kills every sandbox and waits until the kernel shows none.
    ~RuntimeHost();
    RuntimeHost(const RuntimeHost &) = delete;
    RuntimeHost &operator=(const RuntimeHost &) = delete;

    /// "start", "freeze", "isolate", "snapshot", "pauseAgent", "terminate", "processes", "flows", "limits".
    Capability capability(const QString &verb) const;
    static QStringList verbs();

    /// Returns when pid 1 of the sandbox runs and every actor is in its place, or the reason why not (nothing is left
    /// then).
    Status start(const Launch &launch);

    QVector<WorkspaceId> running() const;

    /// Never NotFound: a workspace that is not there is one whose state says so.
    RuntimeState state(const WorkspaceId &id) const;
    /// At most 4,096, by host pid. CPU is the percentage of one core since the previous call for this workspace.
    Result<QVector<Process>> processes(const WorkspaceId &id) const;
    /// Open flows and the last 256 closed or refused ones, newest first. Answers after the workspace ended too, until
    /// it is started again or forgotten.
    Result<QVector<Flow>> flows(const WorkspaceId &id) const;

    Result<RuntimeState> setFrozen(const WorkspaceId &id, bool frozen);
    Result<RuntimeState> setIsolated(const WorkspaceId &id, bool isolated);
    /// Conflict when no AI agent is in the workspace.
    Result<RuntimeState> setAgentPaused(const WorkspaceId &id, bool paused);
    /// Asks the kernel to kill; state() and onExited tell what became of it. Fine for a workspace that has ended.
    Result<RuntimeState> terminate(const WorkspaceId &id);
    /// Tells whoever is shown the terminals of this actor that a piece of work is over.
    void cutTerminals(const WorkspaceId &id, const PrincipalId &actor);
    /// Drops what is remembered (flows) of a workspace that has ended.
    void forget(const WorkspaceId &id);

    /// Replaces or adds secret files of a running workspace (rotation); `removed` names are deleted.
    Status placeSecrets(const WorkspaceId &id, const QVector<SandboxSecret> &secrets, const QStringList &removed = {});
    /// Replaces the egress rules and routes; flows that they no longer allow are closed.
    Status setEgress(const WorkspaceId &id, const QVector<EgressRule> &egress, const QVector<Route> &routes);

    /// Answers at once whether it could start; `done` comes later on a thread of the host with complete = true, or with
    /// `failure` (translated, what to do) and nothing left on disk. The workspace is frozen while it is read, and
    /// thawed afterwards unless it was frozen before. A workspace that has ended is read as it lies on disk.
    Status takeSnapshot(const SnapshotRequest &request, std::function<void(const Snapshot &)> done);
    static QString archivePath(const QString &folder, const SnapshotId &id);  ///< FOLDER/ID.tar
    static QString manifestPath(const QString &folder, const SnapshotId &id); ///< FOLDER/ID.manifest

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace parapet::plane
