// SPDX-License-Identifier: GPL-3.0-or-later
// One step: look, ask (durable first), look again until it is seen.
#include "models/operation/engine.h"

#include <QtCore/QCoreApplication>

namespace parapet::operation {

using namespace Qt::StringLiterals;

namespace {

constexpr int patientLooks = 6; ///< about three seconds: then others may have the slot

QString stepText(const char *source)
{
    return QCoreApplication::translate("operation", source);
}

} // namespace

/// The step, or its way back while it is being taken back.
const Step &Engine::stepOf(int step) const
{
    return m_run.steps[step].undoing ? m_undo[step] : m_run.plan.steps[step];
}

Context Engine::contextOf(int step) const
{
    Context context{m_run.plan, m_run.steps[step].wasRequested, m_run.steps[step].answer, {}};
    QVector<int> rest{step};
    while (!rest.isEmpty()) {
        const int row = rest.takeLast();
        for (const QString &id : m_run.plan.steps[row].after) {
            if (context.outputs.contains(id))
                continue;
            const int ancestor = m_run.rowOf.value(id);
            context.outputs.insert(id, m_run.steps[ancestor].outputs);
            rest.append(ancestor);
        }
    }
    return context;
}

void Engine::look(int step)
{
    StepRun &run = m_run.steps[step];
    if (!isKnown(run.began))
        run.began = now();
    run.running = true;
    run.nextTry = Instant{};
    stepChanged(step);
    const Step &what = stepOf(step);
    Action *action = m_environment.actions->find(what.verb);
    if (!action) {
        fails(step, Error{Error::Code::Invalid, stepText("This version does not know how to “%1”.").arg(what.verb), {}, false});
        return;
    }
    deliver(this, action->observe(what, contextOf(step)), [this, step](const Result<Observation> &result) { looked(step, result); });
}

void Engine::looked(int step, const Result<Observation> &result)
{
    StepRun &run = m_run.steps[step];
    Work &work = m_work[step];
    run.running = false;
    stepChanged(step);
    if (!result) {
        if (result.error().isTransient() || result.error().code == Error::Code::Cancelled)
            waitAfterError(step, result.error());
        else
            fails(step, work.refusal.value_or(result.error()));
        return;
    }
    if (result->done) {
        observed(step, *result);
        return;
    }
    const QString &expected = stepOf(step).targetIdentity;
    if (!expected.isEmpty() && !result->identity.isEmpty() && expected != result->identity) {
        fails(step, Error{Error::Code::Conflict,
                          stepText("%1 is no longer what this plan was made for: it was started again meanwhile. Make a new plan.").arg(stepOf(step).target),
                          u"expected %1, found %2"_s.arg(expected, result->identity), false});
        return;
    }
    if (work.refusal)
        fails(step, *work.refusal);
    else if (work.asked != Asked::Answered)
        ask(step);
    else if (result->again && !isHalted())
        askAnew(step);
    else
        waitToSee(step);
}

/// More came up since it was asked for: another round, under another key.
void Engine::askAnew(int step)
{
    StepRun &run = m_run.steps[step];
    ++run.round;
    run.tries = 0;
    run.answer = {};
    m_work[step].asked = Asked::No;
    m_journal->append(entry::retried(m_run, step, now()));
    ask(step);
}

/// Asked for only when the journal holds that it was: whoever resumes must know that it may have happened.
void Engine::ask(int step)
{
    Work &work = m_work[step];
    Chain &chain = m_chains[work.chain];
    StepRun &run = m_run.steps[step];
    const bool stopped = chain.takingBack && !run.undoing;
    if (isHalted() || stopped) {
        release(step);
        setBusy(step, false);
        if (stopped)
            takeBackNext(work.chain);
        else
            m_ready.insert({work.depth, step});
        checkOver();
        return;
    }
    if (stepOf(step).destructive)
        chain.destroyed = true;
    run.state = StepState::Requested;
    run.wasRequested = true;
    ++run.tries;
    if (!isKnown(run.requested))
        run.requested = now();
    work.asked = Asked::Sent;
    const QString key = idempotencyKey(m_run.plan.id, m_run.plan.steps[step].id, run.undoing, run.round);
    m_journal->append(entry::requested(m_run, step, key, now()), [this, step, key] { send(step, key); });
    stepChanged(step);
}

void Engine::send(int step, const QString &key)
{
    const Step &what = stepOf(step);
    m_run.steps[step].running = true;
    stepChanged(step);
    const Change change{key, {}, m_run.plan.reason, m_run.plan.id};
    deliver(this, m_environment.actions->find(what.verb)->request(what, contextOf(step), change),
            [this, step](const Result<QJsonObject> &result) { answered(step, result); });
}

void Engine::answered(int step, const Result<QJsonObject> &result)
{
    StepRun &run = m_run.steps[step];
    Work &work = m_work[step];
    run.running = false;
    work.looks = 0;
    if (result) {
        work.asked = Asked::Answered;
        work.failures = 0;
        run.error.reset();
        run.answer = *result;
        // An empty answer is told apart from a lost one.
        if (run.answer.isEmpty())
            run.answer[u"asked"_s] = true;
        m_journal->append(entry::answered(m_run, step, now()));
        look(step);
        return;
    }
    work.asked = Asked::Lost;
    if (result.error().isTransient() || result.error().code == Error::Code::Cancelled) {
        waitAfterError(step, result.error());
        return;
    }
    // Refused, perhaps because it is so already: one more look decides.
    work.refusal = result.error();
    look(step);
}

void Engine::observed(int step, const Observation &observation)
{
    StepRun &run = m_run.steps[step];
    run.state = run.undoing ? StepState::Undone : StepState::Observed;
    run.ended = now();
    run.observer = observation.by;
    run.seen = observation.seen;
    run.outputs = observation.outputs;
    run.error.reset();
    run.nextTry = Instant{};
    m_work[step].refusal.reset();
    const QVector<Probe> found = run.undoing ? QVector<Probe>() : observation.found;
    m_journal->append(entry::observed(m_run, step, found));
    stepChanged(step);
    release(step);
    setBusy(step, false);
    const int chain = m_work[step].chain;
    if (!run.undoing) {
        addProbes(step, found);
        settle(step);
    }
    if (m_chains[chain].takingBack)
        takeBackNext(chain);
    pump();
    checkOver();
}

void Engine::fails(int step, const Error &error)
{
    StepRun &run = m_run.steps[step];
    run.state = StepState::Failed;
    run.running = false;
    run.error = error;
    run.ended = now();
    run.nextTry = Instant{};
    m_work[step].refusal.reset();
    m_work[step].asked = Asked::No;
    m_journal->append(entry::failed(m_run, step));
    stepChanged(step);
    release(step);
    setBusy(step, false);
    if (m_chains[m_work[step].chain].takingBack && !run.undoing)
        takeBackNext(m_work[step].chain);
    pump();
    checkOver();
}

void Engine::waitAfterError(int step, const Error &error)
{
    Work &work = m_work[step];
    StepRun &run = m_run.steps[step];
    release(step);
    if (m_chains[work.chain].takingBack && !run.undoing) {
        run.error = error;
        setBusy(step, false);
        takeBackNext(work.chain);
        checkOver();
        return;
    }
    const Milliseconds wait = growingWait(++work.failures);
    run.error = error;
    run.nextTry = now() + wait;
    work.waiting = true;
    stepChanged(step);
    m_timers.after(wait, this, [this, step, ticket = ++work.ticket] {
        if (m_work[step].waiting && m_work[step].ticket == ticket)
            endWait(step);
    });
    pump();
}

/// It was answered and is not to be seen yet: the watch usually tells when, the timer makes sure.
void Engine::waitToSee(int step)
{
    Work &work = m_work[step];
    if (m_chains[work.chain].takingBack && !m_run.steps[step].undoing) {
        // Whether it will be seen matters no more: it is taken back if it can be.
        release(step);
        setBusy(step, false);
        takeBackNext(work.chain);
        checkOver();
        return;
    }
    const Milliseconds wait = growingWait(++work.looks, Milliseconds(50), Milliseconds(5'000));
    if (work.looks > patientLooks) {
        release(step);
        m_run.steps[step].nextTry = now() + wait;
    }
    work.waiting = true;
    m_timers.after(wait, this, [this, step, ticket = ++work.ticket] {
        if (m_work[step].waiting && m_work[step].ticket == ticket)
            endWait(step);
    });
    if (!work.slot)
        pump();
}

void Engine::endWait(int step)
{
    Work &work = m_work[step];
    work.waiting = false;
    ++work.ticket;
    m_run.steps[step].nextTry = Instant{};
    if (work.asked == Asked::Answered || m_run.steps[step].undoing) {
        look(step);
        return;
    }
    setBusy(step, false);
    m_ready.insert({work.depth, step});
    pump();
    checkOver();
}

void Engine::hint(const WorkspaceId &workspace)
{
    if (!m_chainOf.contains(workspace.value))
        return;
    m_hints.insert(workspace.value);
    if (m_hintsScheduled)
        return;
    m_hintsScheduled = true;
    m_timers.after(Milliseconds(10), this, [this] {
        m_hintsScheduled = false;
        handleHints();
    });
}

void Engine::handleHints()
{
    const QSet<QString> hints = std::exchange(m_hints, {});
    for (const QString &workspace : hints) {
        const Chain &chain = m_chains[m_chainOf.value(workspace)];
        for (const int step : std::as_const(chain.steps)) {
            if (m_work[step].waiting && m_work[step].asked == Asked::Answered)
                endWait(step);
        }
        if (chain.open > 0)
            continue;
        for (const int probe : std::as_const(chain.probes)) {
            if (m_probeWork[probe].waiting)
                queueProbe(probe);
        }
    }
    pumpProbes();
}

} // namespace parapet::operation
