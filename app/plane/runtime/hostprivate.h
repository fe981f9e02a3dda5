// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/runtime/runtimehost.h"
#include "app/plane/runtime/spawn.h"

#include <QtCore/QSet>

#include <atomic>
#include <condition_variable>

namespace parapet::plane {

/// What is behind RuntimeHost. Threads: `loop` watches descriptors and owns the gateways; `terminals` reads what
/// workspaces show, so that a flood or a slow disk holds up nothing else; `spawner` forks (see spawn()), `callbacks`
/// calls the owner, `snapshots` reads homes. A Sandbox is registered under `mutex`; its own mutex guards its wishes.
class RuntimeHost::Private
{
public:
    using SandboxPtr = std::shared_ptr<Sandbox>;

    explicit Private(Options given);
    ~Private();

    SandboxPtr find(const WorkspaceId &id) const;
    /// The sandbox when it is running, else NotFound.
    Result<SandboxPtr> running(const WorkspaceId &id) const;
    RuntimeState read(const WorkspaceId &id, const Sandbox *sandbox) const;
    QVector<Process> readProcesses(const Sandbox &sandbox) const;

    // hostlife.cpp
    Status checkLaunch(const Launch &launch) const;
    Status begin(const Launch &launch);
    Result<SandboxPtr> prepare(const Launch &launch);
    void attach(const SandboxPtr &sandbox);
    void watchActor(const SandboxPtr &sandbox, ActorPlace &place);
    void actorEnded(const SandboxPtr &sandbox, ActorPlace &place);
    void readAnnouncement(const SandboxPtr &sandbox, ActorPlace &place);
    void attachTerminal(const Sandbox &sandbox, ActorPlace &place);
    /// Does something with a reader on the terminals' thread.
    void atTerminal(const ActorPlace &place, void (TerminalReader::*what)());
    void monitorEnded(const SandboxPtr &sandbox);
    void endIfGone(const SandboxPtr &sandbox);
    void discard(const SandboxPtr &sandbox);
    void tellAttempt(const SandboxPtr &sandbox, const Gateway::Attempt &attempt);

    void emitEvent(const Sandbox &sandbox, const ActorPlace *place, const QString &action, const QString &detail,
                   bool allowed = true);
    /// The same, but within the workspace's budget. False when it was not emitted.
    bool emitBudgeted(const Sandbox &sandbox, const ActorPlace *place, const QString &action, const QString &detail,
                      bool allowed = true);
    void emitChanged(const WorkspaceId &id);
    /// Runs `work` on the callbacks' thread; drops it once the host is closing down.
    void tell(std::function<void()> work);

    // hostsnapshot.cpp
    Snapshot snapshotNow(const SnapshotRequest &request, const SandboxPtr &sandbox);
    bool hold(const SandboxPtr &sandbox);
    void release(const SandboxPtr &sandbox);

    Options options;
    SandboxPrograms programs;
    QByteArray seccomp;
    CgroupTree tree;
    QByteArray folder; ///< private, for the sandboxes' own folders
    FileDescriptor folderLock;
    QString folderProblem; ///< why there is no folder
    QString boot;
    QString host;
    QHash<QString, Capability> capabilities;
    std::atomic<bool> closing = false;

    mutable std::mutex mutex; ///< guards what follows
    std::condition_variable ended;
    QHash<WorkspaceId, SandboxPtr> sandboxes;
    QSet<WorkspaceId> starting;
    quint64 folders = 0;

    std::mutex telling;        ///< guards what follows; taken last
    QSet<WorkspaceId> changed; ///< told soon
    bool silent = false;

    std::unique_ptr<Loop> terminals;
    std::unique_ptr<Loop> loop;
    std::unique_ptr<WorkQueue> callbacks;
    std::unique_ptr<WorkQueue> spawner;
    std::unique_ptr<WorkQueue> snapshots;

private:
    void findPrograms();
    void findCapabilities();
};

QString runtimeText(const char *text);

} // namespace parapet::plane
