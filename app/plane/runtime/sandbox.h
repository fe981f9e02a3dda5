// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/runtime/cgroups.h"
#include "app/plane/runtime/filedescriptor.h"
#include "app/plane/runtime/gateway.h"
#include "app/plane/runtime/launch.h"
#include "app/plane/runtime/procfs.h"
#include "app/plane/runtime/terminal.h"

#include <QtCore/QHash>

#include <atomic>
#include <mutex>

namespace parapet::plane {

/// An actor in its place: its first process and, where there are cgroups, the group of all that came of it.
struct ActorPlace {
    SandboxActor actor;
    FileDescriptor channel; ///< what its script announces; also how its first process waits for us
    FileDescriptor process; ///< pidfd of the first process
    FileDescriptor terminal; ///< master of its terminal, until its reader has it
    std::shared_ptr<TerminalReader> reader; ///< null where nobody is shown its terminal
    pid_t pid = 0;          ///< on the host
    quint64 startTicks = 0;
    Cgroup group;
};

/// How fast a workspace may raise events, so that a hostile one fills no log: a bucket of 60, refilled with 4 a second.
class EventBudget
{
public:
    /// True when one more may pass. `dropped` receives how many did not since the last that did.
    bool take(std::chrono::steady_clock::time_point now, qint64 *dropped);

private:
    double m_left = 60;
    std::chrono::steady_clock::time_point m_at = std::chrono::steady_clock::now();
    qint64 m_dropped = 0;
};

/// One sandbox. What identifies it in the kernel is fixed once it runs; what it does is always read anew.
struct Sandbox {
    WorkspaceId id;
    QByteArray home;
    QByteArray folder; ///< what is bound to /run/parapet: gateway socket, secrets, scripts
    uid_t user = 0;    ///< owner of its files on the host
    Cgroup group;      ///< null without cgroups
    pid_t monitor = 0; ///< bwrap outside the namespaces
    pid_t init = 0;    ///< pid 1 of it, on the host
    quint64 initTicks = 0;
    ino_t pidNamespace = 0;
    ino_t netNamespace = 0;
    FileDescriptor monitorProcess; ///< pidfds
    FileDescriptor initProcess;
    FileDescriptor control; ///< to init; when it closes, init ends
    FileDescriptor events;  ///< cgroup.events
    std::vector<ActorPlace> actors;
    std::shared_ptr<Gateway> gateway;
    std::atomic<bool> monitorGone = false; ///< reaped
    std::atomic<bool> initGone = false;    ///< its pidfd says so
    std::shared_ptr<EventBudget> budget = std::make_shared<EventBudget>();

    struct Sample {
        quint64 startTicks = 0;
        quint64 cpuTicks = 0;
        std::chrono::steady_clock::time_point at;
    };
    mutable std::mutex mutex; ///< guards what follows
    bool freezeWanted = false;
    int readers = 0;    ///< snapshots being taken: it stays frozen as long
    bool asked = false; ///< terminate() was called
    bool ended = false;
    mutable QHash<qint64, Sample> samples;

    /// Host pids of all that runs in it, from its cgroup or else by its pid namespace.
    QVector<pid_t> pids() const;
    /// Some process still is in its network namespace.
    bool hasNetwork(const QVector<pid_t> &pids) const;
    bool isFrozen(const QVector<pid_t> &pids) const;
    bool isAgentPaused(const QVector<pid_t> &pids) const;
    /// The actor whose process it is; null for what belongs to none.
    const ActorPlace *actorOf(pid_t pid) const;
    bool hasAgent() const;
    /// The pid 1 that was started, not another that has its number now.
    bool isInitAlive() const;

    // Asks of the kernel.
    bool applyFrozen(bool frozen) const;
    bool applyAgentPaused(bool paused) const;
    void kill() const;

private:
    void signalAll(bool stop, const std::function<bool(pid_t)> &concerned) const;
};

} // namespace parapet::plane
