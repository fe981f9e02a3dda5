// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connectors/plane/sharedstates.h"
#include "models/ports/observer.h"

#include <QtCore/QObject>

namespace parapet::planeconnector {

/// What this machine's kernel says, read from /proc by this program itself. Replaced in tests.
class KernelView
{
public:
    enum class Sight { Gone, There, Unreadable };

    explicit KernelView(QString procFolder = QStringLiteral("/proc")) : m_proc(std::move(procFolder)) {}
    virtual ~KernelView() = default;

    /// /proc/sys/kernel/random/boot_id; empty where there is none.
    virtual QString bootId() const;
    /// True when this program is in the kernel's first pid namespace, so that it sees every process by its host pid.
    virtual bool seesEveryProcess() const;
    /// Whether the process with this pid and start time (/proc/PID/stat field 22, proc(5)) exists; zombies do.
    virtual Sight find(qint64 pid, qint64 startTicks) const;

private:
    QString m_proc;
};

/// The process tree of a workspace is gone: the agent, asked anew through the prober's connection, no longer has it,
/// and, where the agent's machine is this one, this program does not find it in the kernel either.
class ProcessObserver final : public QObject, public Observer
{
    Q_OBJECT

public:
    /// `sameHost`: the agent was started by this program, so that its pids are ours even in a container.
    ProcessObserver(SharedStates &states, const KernelView &kernel, bool sameHost, const Clock &clock)
        : m_states(states), m_kernel(kernel), m_sameHost(sameHost), m_clock(clock)
    {
    }

    bool canTry(ProbeKind kind) const override { return kind == ProbeKind::ProcessTree; }
    Reply<ProbeResult> attempt(const Probe &probe) override;

private:
    ProbeResult judge(const Probe &probe, const RuntimeState &state) const;
    SharedStates &m_states;
    const KernelView &m_kernel;
    bool m_sameHost;
    const Clock &m_clock;
};

/// The sandbox's network is gone, and no connection of the workspace is open at its gateway.
class NetworkObserver final : public QObject, public Observer
{
    Q_OBJECT

public:
    NetworkObserver(SharedStates &states, const Clock &clock) : m_states(states), m_clock(clock) {}

    bool canTry(ProbeKind kind) const override
    {
        return kind == ProbeKind::SandboxNetwork || kind == ProbeKind::NetworkFlow;
    }
    Reply<ProbeResult> attempt(const Probe &probe) override;

private:
    SharedStates &m_states;
    const Clock &m_clock;
};

} // namespace parapet::planeconnector
