// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connectors/plane/runtimeobserver.h"

#include "models/connectors/plane/follow.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>
#include <QtCore/QFileInfo>

namespace parapet::planeconnector {

using namespace Qt::StringLiterals;

namespace {

QString runtimeText(const char *text)
{
    return QCoreApplication::translate("connectors", text);
}

/// "PID@TICKS"; zeros when it is something else.
std::pair<qint64, qint64> processOf(const QString &subject)
{
    const qsizetype at = subject.indexOf(u'@');
    return at < 0 ? std::pair<qint64, qint64>(0, 0)
                  : std::pair(subject.left(at).toLongLong(), subject.mid(at + 1).toLongLong());
}

QString agentName(const RuntimeState &state)
{
    return runtimeText(QT_TRANSLATE_NOOP("connectors", "agent on %1")).arg(Untrusted(state.host).inert(100));
}

/// Nothing runs behind a simulated workspace: what is seen says so.
QString markSimulated(const RuntimeState &state, const QString &seen)
{
    return state.simulated ? runtimeText(QT_TRANSLATE_NOOP("connectors", "%1 (simulated)")).arg(seen) : seen;
}

} // namespace

QString KernelView::bootId() const
{
    QFile file(m_proc + u"/sys/kernel/random/boot_id"_s);
    return file.open(QIODevice::ReadOnly) ? QString::fromLatin1(file.read(64)).trimmed() : QString();
}

bool KernelView::seesEveryProcess() const
{
    // PROC_PID_INIT_INO (linux/proc_ns.h): the number of the first pid namespace on every kernel.
    return QFile::symLinkTarget(m_proc + u"/self/ns/pid"_s).endsWith(u"pid:[4026531836]"_s);
}

KernelView::Sight KernelView::find(qint64 pid, qint64 startTicks) const
{
    QFile file(m_proc + u"/%1/stat"_s.arg(pid));
    if (!file.open(QIODevice::ReadOnly))
        return file.exists() ? Sight::Unreadable : Sight::Gone;
    const QByteArray stat = file.read(4096);
    if (stat.isEmpty())
        return Sight::Gone; // it ended between opening and reading
    // The command in parentheses may hold anything, so that fields count from its last parenthesis: state is field 3.
    const QList<QByteArray> fields = stat.mid(stat.lastIndexOf(')') + 2).split(' ');
    bool isNumber = false;
    const qint64 ticks = fields.value(19).toLongLong(&isNumber);
    if (!isNumber)
        return Sight::Unreadable;
    return ticks == startTicks ? Sight::There : Sight::Gone; // another start: the pid was given to another process
}

Reply<ProbeResult> ProcessObserver::attempt(const Probe &probe)
{
    const auto judged = [this, probe](const Result<RuntimeState> &state) {
        return ready<ProbeResult>(state ? Result<ProbeResult>(judge(probe, *state)) : Result<ProbeResult>(fail(state.error())));
    };
    return follow<ProbeResult>(this, m_states.state(probe.workspace), judged, First::Shared);
}

ProbeResult ProcessObserver::judge(const Probe &probe, const RuntimeState &state) const
{
    const auto [pid, ticks] = processOf(probe.subject);
    const bool isHere = !state.simulated && pid > 0 && !state.bootId.isEmpty() && state.bootId == m_kernel.bootId() &&
                        (m_sameHost || m_kernel.seesEveryProcess());
    const QString kernel = runtimeText(QT_TRANSLATE_NOOP("connectors", "this console's kernel"));
    if (isHere) {
        const auto sight = m_kernel.find(pid, ticks);
        if (sight == KernelView::Sight::There)
            return {Verdict::Survives,
                    Untrusted(runtimeText(QT_TRANSLATE_NOOP("connectors", "process %1 still exists")).arg(pid)), kernel,
                    m_clock.now()};
        if (sight == KernelView::Sight::Unreadable)
            return {Verdict::Unknown,
                    Untrusted(runtimeText(QT_TRANSLATE_NOOP("connectors", "process %1 cannot be looked at")).arg(pid)),
                    kernel, m_clock.now()};
    }
    if (state.exists || state.processes > 0) {
        const QString seen = runtimeText(QT_TRANSLATE_NOOP("connectors", "%1 processes are left")).arg(state.processes);
        return {Verdict::Survives, Untrusted(markSimulated(state, seen)), agentName(state), m_clock.now()};
    }
    const QString gone = runtimeText(QT_TRANSLATE_NOOP("connectors", "no such process"));
    return {Verdict::Holds, Untrusted(markSimulated(state, gone)), isHere ? kernel : agentName(state), m_clock.now()};
}

Reply<ProbeResult> NetworkObserver::attempt(const Probe &probe)
{
    return follow<ProbeResult>(
        this, m_states.state(probe.workspace),
        [this, probe](const Result<RuntimeState> &state) {
            if (!state)
                return ready<ProbeResult>(fail(state.error()));
            bool holds = false;
            QString seen;
            if (probe.kind == ProbeKind::SandboxNetwork) {
                holds = !state->networkPresent;
                seen = holds ? runtimeText(QT_TRANSLATE_NOOP("connectors", "no network namespace"))
                             : runtimeText(QT_TRANSLATE_NOOP("connectors", "its network namespace exists"));
            } else {
                holds = state->openFlows == 0;
                seen =
                    holds
                        ? runtimeText(QT_TRANSLATE_NOOP("connectors", "no open connection"))
                        : runtimeText(QT_TRANSLATE_NOOP("connectors", "%1 connections are open")).arg(state->openFlows);
            }
            return ready<ProbeResult>(ProbeResult{holds ? Verdict::Holds : Verdict::Survives,
                                                  Untrusted(markSimulated(*state, seen)), agentName(*state),
                                                  m_clock.now()});
        },
        First::Shared);
}

} // namespace parapet::planeconnector
