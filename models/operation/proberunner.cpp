// SPDX-License-Identifier: GPL-3.0-or-later
// Probes: tried when the steps of their workspace are through, and again until they hold.
#include "models/operation/engine.h"

#include <QtCore/QCoreApplication>

namespace parapet::operation {

void Engine::startProbes(int chain)
{
    for (const int probe : std::as_const(m_chains[chain].probes)) {
        if (m_run.probes[probe].verdict != Verdict::Holds)
            queueProbe(probe);
    }
    pumpProbes();
}

void Engine::addProbes(int step, const QVector<Probe> &found)
{
    if (found.isEmpty())
        return;
    const int first = int(m_run.plan.probes.size());
    const int chain = m_work[step].chain;
    for (const Probe &probe : found) {
        m_chains[chain].probes.append(int(m_run.plan.probes.size()));
        m_run.plan.probes.append(probe);
        m_run.probes.append(ProbeRun{});
        ProbeWork work;
        work.chain = chain;
        m_probeWork.append(work);
        ++m_probesOpen;
    }
    Q_EMIT m_operation.probesAdded(first);
}

void Engine::queueProbe(int probe)
{
    ProbeWork &work = m_probeWork[probe];
    if (work.queued || m_run.probes[probe].running)
        return;
    if (work.waiting) {
        work.waiting = false;
        ++work.ticket;
        --m_probesWaiting;
    }
    m_run.probes[probe].nextTry = Instant{};
    work.queued = true;
    m_probeQueue.push_back(probe);
}

void Engine::pumpProbes()
{
    // A pause stops what changes something; looking goes on.
    while (m_begun && !m_ending && !m_operation.m_journalError && m_probesRunning < m_environment.probeParallelism && !m_probeQueue.empty()) {
        const int probe = m_probeQueue.front();
        m_probeQueue.pop_front();
        m_probeWork[probe].queued = false;
        attempt(probe);
    }
}

void Engine::attempt(int probe)
{
    ProbeRun &run = m_run.probes[probe];
    const Probe what = resolved(m_run, probe);
    const auto able = std::find_if(m_environment.observers.cbegin(), m_environment.observers.cend(),
                                   [&what](const Observer *observer) { return observer->canTry(what.kind); });
    ++run.tries;
    if (able == m_environment.observers.cend()) {
        run.at = now();
        run.seen = QCoreApplication::translate("operation", "no observer of this system can try it");
        m_journal->append(entry::probe(m_run, probe));
        probeChanged(probe);
        return;
    }
    run.running = true;
    ++m_probesRunning;
    probeChanged(probe);
    deliver(this, (*able)->attempt(what), [this, probe](const Result<ProbeResult> &result) { attempted(probe, result); });
}

void Engine::attempted(int probe, const Result<ProbeResult> &result)
{
    ProbeRun &run = m_run.probes[probe];
    ProbeWork &work = m_probeWork[probe];
    const ProbeRun before = run;
    --m_probesRunning;
    run.running = false;
    if (result) {
        run.verdict = result->verdict;
        run.seen = result->seen.inert(400);
        run.observer = result->observer;
        run.at = now(); // by this clock, as the steps are: what came first must be told
    } else {
        run.verdict = Verdict::Unknown;
        run.seen = result.error().message;
        run.at = now();
    }
    m_probesOpen += int(run.verdict != Verdict::Holds) - int(before.verdict != Verdict::Holds);
    // A survivor that is tried for hours does not fill the journal with the same line.
    if (run.tries == 1 || run.verdict != before.verdict || run.seen != before.seen || run.observer != before.observer)
        m_journal->append(entry::probe(m_run, probe));
    if (run.verdict != Verdict::Holds) {
        const Milliseconds wait = growingWait(run.tries, Milliseconds(500));
        run.nextTry = now() + wait;
        work.waiting = true;
        ++m_probesWaiting;
        m_timers.after(wait, this, [this, probe, ticket = ++work.ticket] {
            if (!m_probeWork[probe].waiting || m_probeWork[probe].ticket != ticket)
                return;
            queueProbe(probe);
            pumpProbes();
        });
    }
    probeChanged(probe);
    pumpProbes();
    checkOver();
}

} // namespace parapet::operation
