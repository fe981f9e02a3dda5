// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/runtime/sandbox.h"

#include <signal.h>
#include <sys/syscall.h>

#include <algorithm>

namespace parapet::plane {

bool EventBudget::take(std::chrono::steady_clock::time_point now, qint64 *dropped)
{
    m_left = std::min(60.0, m_left + 4 * std::chrono::duration<double>(now - m_at).count());
    m_at = now;
    if (m_left < 1) {
        ++m_dropped;
        return false;
    }
    m_left -= 1;
    *dropped = std::exchange(m_dropped, 0);
    return true;
}

QVector<pid_t> Sandbox::pids() const
{
    QVector<pid_t> found;
    if (!group.isNull()) {
        found = group.processes();
    } else if (pidNamespace != 0) {
        for (const pid_t pid : allPids()) {
            if (namespaceInode(pid, "pid") == pidNamespace)
                found.append(pid);
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

bool Sandbox::hasNetwork(const QVector<pid_t> &pids) const
{
    const auto inside = [this](pid_t pid) { return namespaceInode(pid, "net") == netNamespace; };
    if (netNamespace == 0)
        return false;
    if (std::any_of(pids.cbegin(), pids.cend(), inside))
        return true;
    const QVector<pid_t> all = allPids();
    return std::any_of(all.cbegin(), all.cend(), inside);
}

bool Sandbox::isFrozen(const QVector<pid_t> &pids) const
{
    if (pids.isEmpty())
        return false;
    if (!group.isNull())
        return group.freezeAsked() && group.isFrozen();
    return std::all_of(pids.cbegin(), pids.cend(), [](pid_t pid) {
        const auto stat = readProcStat(pid);
        return !stat || stat->state == 'T' || stat->state == 'Z' || stat->state == 'X';
    });
}

bool Sandbox::isAgentPaused(const QVector<pid_t> &pids) const
{
    bool any = false;
    for (const ActorPlace &place : actors) {
        if (place.actor.kind != ActorKind::Agent)
            continue;
        if (!group.isNull()) {
            if (!place.group.isPopulated())
                continue;
            any = true;
            if (!place.group.freezeAsked() || !place.group.isFrozen())
                return false;
            continue;
        }
        for (const pid_t pid : pids) {
            if (actorOf(pid) != &place)
                continue;
            const auto stat = readProcStat(pid);
            if (!stat || stat->state == 'Z')
                continue;
            any = true;
            if (stat->state != 'T')
                return false;
        }
    }
    return any;
}

const ActorPlace *Sandbox::actorOf(pid_t pid) const
{
    if (!group.isNull()) {
        for (const QByteArray &line :
             readSmallFile("/proc/" + QByteArray::number(qint64(pid)) + "/cgroup").split('\n')) {
            if (!line.startsWith("0::"))
                continue;
            const QByteArray leaf = line.mid(line.lastIndexOf('/'));
            for (const ActorPlace &place : actors) {
                if (place.group.folder().endsWith(leaf))
                    return &place;
            }
        }
        return nullptr;
    }
    // Each actor's first process leads a session. What left both its session and its line of parents cannot be told.
    for (int depth = 0; depth < 64 && pid > 1 && pid != init; ++depth) {
        const auto stat = readProcStat(pid);
        if (!stat)
            return nullptr;
        for (const ActorPlace &place : actors) {
            if (place.pid == pid || place.pid == stat->session)
                return &place;
        }
        pid = stat->parent;
    }
    return nullptr;
}

bool Sandbox::hasAgent() const
{
    return std::any_of(actors.cbegin(), actors.cend(),
                       [](const ActorPlace &place) { return place.actor.kind == ActorKind::Agent; });
}

bool Sandbox::isInitAlive() const
{
    const auto stat = readProcStat(init);
    return init > 0 && stat && stat->startTicks == initTicks && stat->state != 'Z' && stat->state != 'X';
}

/// Signals process after process until a look finds none to signal: new ones may have been born meanwhile. Bounded,
/// because a workspace may fork as fast as we look; isFrozen() tells what came of it.
void Sandbox::signalAll(bool stop, const std::function<bool(pid_t)> &concerned) const
{
    for (int round = 0; round < 16; ++round) {
        bool moving = false;
        for (const pid_t pid : pids()) {
            const auto stat = readProcStat(pid);
            if (!stat || stat->state == 'Z' || stat->state == 'X' || !concerned(pid) || (stat->state == 'T') == stop)
                continue;
            // Checked again by the namespace, so that a number used anew is not hit.
            if (namespaceInode(pid, "pid") != pidNamespace)
                continue;
            ::kill(pid, stop ? SIGSTOP : SIGCONT);
            moving = true;
        }
        if (!moving)
            return;
    }
}

bool Sandbox::applyFrozen(bool frozen) const
{
    if (!group.isNull())
        return group.setFrozen(frozen);
    signalAll(frozen, [](pid_t) { return true; });
    return true;
}

bool Sandbox::applyAgentPaused(bool paused) const
{
    if (group.isNull()) {
        signalAll(paused, [this](pid_t pid) {
            const ActorPlace *place = actorOf(pid);
            return place && place->actor.kind == ActorKind::Agent;
        });
        return true;
    }
    bool done = true;
    for (const ActorPlace &place : actors) {
        if (place.actor.kind == ActorKind::Agent)
            done = place.group.setFrozen(paused) && done;
    }
    return done;
}

void Sandbox::kill() const
{
    // Either way all of it goes: the kernel kills a pid namespace with its first process.
    if (!group.isNull())
        group.kill();
    if (initProcess)
        ::syscall(SYS_pidfd_send_signal, initProcess.get(), SIGKILL, nullptr, 0);
    // bwrap's monitor is left alone: it reaps pid 1, then ends.
}

} // namespace parapet::plane
