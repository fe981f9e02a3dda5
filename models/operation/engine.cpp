// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/operation/engine.h"

#include <QtCore/QCoreApplication>

namespace parapet::operation {

namespace {

constexpr Milliseconds signalInterval{50};

bool isEnded(StepState state)
{
    return state == StepState::Observed || state == StepState::Skipped;
}

} // namespace

Engine::Engine(Operation &operation, std::unique_ptr<JournalWriter> journal, const Environment &environment)
    : m_operation(operation), m_run(operation.m_run), m_journal(std::move(journal)), m_environment(environment), m_timers(*environment.timers)
{
    m_journal->onFailure([this](const Error &error) { journalFails(error); });
    prepare();
}

void Engine::prepare()
{
    const Plan &plan = m_run.plan;
    m_work.resize(plan.steps.size());
    m_undo.resize(plan.steps.size());
    m_probeWork.resize(plan.probes.size());
    for (int i = 0; i < plan.steps.size(); ++i) {
        const Step &step = plan.steps[i];
        const QString chain = step.workspace.isEmpty() ? u'/' + step.id : step.workspace.value;
        if (!m_chainOf.contains(chain)) {
            m_chainOf.insert(chain, int(m_chains.size()));
            m_chains.append(Chain{});
        }
        m_work[i].chain = m_chainOf.value(chain);
        m_chains[m_work[i].chain].steps.append(i);
        for (const QString &id : step.after)
            m_work[m_run.rowOf.value(id)].children.append(i);
    }
    for (const int i : order(plan)) {
        for (const int child : std::as_const(m_work[i].children))
            m_work[child].depth = std::max(m_work[child].depth, m_work[i].depth + 1);
    }
    for (int i = 0; i < plan.probes.size(); ++i) {
        m_probeWork[i].chain = m_chainOf.value(plan.probes[i].workspace.value, -1);
        if (m_probeWork[i].chain >= 0)
            m_chains[m_probeWork[i].chain].probes.append(i);
        m_probesOpen += m_run.probes[i].verdict != Verdict::Holds;
    }
    for (int i = 0; i < plan.steps.size(); ++i) {
        const StepRun &run = m_run.steps[i];
        const bool ended = isEnded(run.state) && !run.undoing;
        m_openSteps += !ended;
        m_chains[m_work[i].chain].open += !ended;
        if (plan.steps[i].destructive && run.wasRequested)
            m_chains[m_work[i].chain].destroyed = true;
        // What a crash interrupted may or may not have arrived; an answer that is known needs only to be seen.
        if (run.state == StepState::Requested)
            m_work[i].asked = run.answer.isEmpty() ? Asked::Lost : Asked::Answered;
        for (const int child : std::as_const(m_work[i].children))
            m_work[child].missing += !ended;
    }
}

void Engine::begin(bool resumed)
{
    const auto go = [this] {
        m_begun = true;
        skipEvidence();
        if (m_run.certificate && m_openSteps == 0 && m_probesOpen == 0) {
            close(RunState::Finished);
            return;
        }
        for (int i = 0; i < m_work.size(); ++i) {
            const StepState state = m_run.steps[i].state;
            if (m_work[i].missing == 0 && (state == StepState::Waiting || state == StepState::Requested) && !m_run.cancelled)
                m_ready.insert({m_work[i].depth, i});
        }
        for (int i = 0; i < m_chains.size(); ++i) {
            if (m_run.cancelled && !m_chains[i].destroyed)
                takeBack(i);
            else if (m_chains[i].open == 0)
                startProbes(i);
        }
        if (m_run.cancelled) {
            // Chains that had begun to destroy go on.
            for (int i = 0; i < m_work.size(); ++i) {
                const StepState state = m_run.steps[i].state;
                if (m_chains[m_work[i].chain].destroyed && m_work[i].missing == 0
                    && (state == StepState::Waiting || state == StepState::Requested))
                    m_ready.insert({m_work[i].depth, i});
            }
        }
        pump();
        checkOver();
    };
    if (resumed) {
        if (m_run.state == RunState::Stopped)
            m_run.state = m_run.cancelled ? RunState::Cancelling : RunState::Running;
        go();
        return;
    }
    m_run.started = now();
    m_journal->open([this](const Result<Replayed> &opened) {
        if (opened && !opened->run.plan.id.isEmpty())
            journalFails(Error{Error::Code::Conflict, QCoreApplication::translate("operation", "A journal of this operation exists already."), {}, false});
    });
    const QVector<QJsonObject> entries = planEntries(m_run.plan, m_run.started, m_run.startedBy);
    for (int i = 0; i < entries.size(); ++i) {
        if (i + 1 < entries.size())
            m_journal->append(entries[i]);
        else
            m_journal->append(entries[i], go);
    }
}

void Engine::skipEvidence()
{
    if (m_run.plan.evidenceOverride.isEmpty())
        return;
    for (int i = 0; i < m_work.size(); ++i) {
        if (!m_run.plan.steps[i].evidence || m_run.steps[i].state != StepState::Waiting)
            continue;
        StepRun &run = m_run.steps[i];
        run.state = StepState::Skipped;
        run.seen = QCoreApplication::translate("operation", "Skipped: %1").arg(m_run.plan.evidenceOverride);
        run.ended = now();
        m_journal->append(entry::skipped(m_run, i));
        settle(i);
        stepChanged(i);
    }
}

bool Engine::isHalted() const
{
    return m_operation.m_journalError || m_run.state == RunState::Paused || m_ending || !m_begun;
}

/// Starts what is ready, as far as there are slots.
void Engine::pump()
{
    while (!isHalted() && m_slots < m_environment.parallelism && !m_ready.empty()) {
        const int step = m_ready.begin()->second;
        m_ready.erase(m_ready.begin());
        const Work &work = m_work[step];
        if (work.busy)
            continue;
        m_work[step].slot = true;
        ++m_slots;
        setBusy(step, true);
        look(step);
    }
    pumpProbes();
}

void Engine::release(int step)
{
    if (m_work[step].slot) {
        m_work[step].slot = false;
        --m_slots;
    }
}

void Engine::setBusy(int step, bool busy)
{
    Work &work = m_work[step];
    if (work.busy == busy)
        return;
    work.busy = busy;
    m_busySteps += busy ? 1 : -1;
    m_chains[work.chain].busy += busy ? 1 : -1;
}

/// A step is observed or skipped: what comes after it may begin, and when its chain is through, the probes.
void Engine::settle(int step)
{
    Chain &chain = m_chains[m_work[step].chain];
    --m_openSteps;
    --chain.open;
    for (const int child : std::as_const(m_work[step].children)) {
        const StepState state = m_run.steps[child].state;
        if (--m_work[child].missing == 0 && (state == StepState::Waiting || state == StepState::Requested)
            && !m_chains[m_work[child].chain].takingBack)
            m_ready.insert({m_work[child].depth, child});
    }
    if (chain.open == 0 && !chain.takingBack)
        startProbes(m_work[step].chain);
}

/// Decides, whenever something came to rest, whether the run is finished, taken back, or stands still.
void Engine::checkOver()
{
    if (!m_begun || m_ending || m_operation.m_journalError)
        return;
    if (m_run.cancelled) {
        for (const Chain &chain : std::as_const(m_chains)) {
            if (chain.takingBack && !chain.takenBack && chain.busy > 0)
                return;
        }
    } else if (m_openSteps == 0 && m_probesOpen == 0) {
        finish();
        return;
    }
    if (m_busySteps > 0 || m_probesRunning > 0 || m_probesWaiting > 0 || m_run.state == RunState::Paused)
        return;
    if (!m_ready.empty() || !m_probeQueue.empty())
        return;
    if (m_run.cancelled) {
        const bool through = std::all_of(m_chains.cbegin(), m_chains.cend(), [this](const Chain &chain) {
            return chain.takenBack || (chain.open == 0 && std::all_of(chain.probes.cbegin(), chain.probes.cend(), [this](int probe) {
                return m_run.probes[probe].verdict == Verdict::Holds;
            }));
        });
        if (through) {
            close(RunState::Cancelled);
            return;
        }
    }
    setState(RunState::Stopped);
}

void Engine::setState(RunState state)
{
    if (m_run.state == state)
        return;
    m_run.state = state;
    m_journal->append(entry::state(state, now()));
    sendSignals();
    Q_EMIT m_operation.stateChanged(state);
}

void Engine::pause()
{
    if (m_run.state == RunState::Running)
        setState(RunState::Paused);
}

void Engine::resume()
{
    if (m_run.state != RunState::Paused)
        return;
    setState(RunState::Running);
    pump();
    checkOver();
}

/// One wait ends now, whatever it was for. A journal that failed is opened again first.
void Engine::retryNow()
{
    if (m_operation.m_journalError) {
        m_operation.m_journalError.reset();
        m_journal->reopen();
        Q_EMIT m_operation.stateChanged(m_run.state);
    }
    if (m_ending || !m_begun)
        return;
    if (m_run.state == RunState::Stopped)
        setState(m_run.cancelled ? RunState::Cancelling : RunState::Running);
    retryFailed();
    for (int i = 0; i < m_work.size(); ++i) {
        if (m_work[i].waiting)
            endWait(i);
    }
    for (int i = 0; i < m_probeWork.size(); ++i) {
        const Chain *chain = m_probeWork[i].chain >= 0 ? &m_chains[m_probeWork[i].chain] : nullptr;
        if (chain && chain->open == 0 && !chain->takingBack && m_run.probes[i].verdict != Verdict::Holds)
            queueProbe(i);
    }
    pump();
    checkOver();
}

Instant Engine::nextTry() const
{
    Instant next{};
    const auto consider = [&next](Instant at) {
        if (isKnown(at) && (!isKnown(next) || at < next))
            next = at;
    };
    for (const StepRun &step : std::as_const(m_run.steps))
        consider(step.nextTry);
    for (const ProbeRun &probe : std::as_const(m_run.probes))
        consider(probe.nextTry);
    return next;
}

void Engine::journalFails(const Error &error)
{
    m_operation.m_journalError = error;
    sendSignals();
    Q_EMIT m_operation.journalFailed(error);
}

void Engine::stepChanged(int step)
{
    m_dirtySteps.insert(step);
    scheduleSignals();
}

void Engine::probeChanged(int probe)
{
    m_dirtyProbes.insert(probe);
    scheduleSignals();
}

/// A run of a thousand workspaces changes ten thousand times: those who draw it hear of it twenty times a second.
void Engine::scheduleSignals()
{
    if (m_signalsScheduled)
        return;
    m_signalsScheduled = true;
    m_timers.after(signalInterval, this, [this] {
        m_signalsScheduled = false;
        sendSignals();
    });
}

void Engine::sendSignals()
{
    const auto take = [](QSet<int> &rows) {
        QVector<int> sorted(rows.cbegin(), rows.cend());
        rows.clear();
        std::sort(sorted.begin(), sorted.end());
        return sorted;
    };
    if (const QVector<int> rows = take(m_dirtySteps); !rows.isEmpty())
        Q_EMIT m_operation.stepsChanged(rows);
    if (const QVector<int> rows = take(m_dirtyProbes); !rows.isEmpty())
        Q_EMIT m_operation.probesChanged(rows);
}

} // namespace parapet::operation
