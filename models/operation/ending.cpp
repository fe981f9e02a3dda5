// SPDX-License-Identifier: GPL-3.0-or-later
// The ends of a run: taken back, tried again, or proven and signed.
#include "models/operation/engine.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QCryptographicHash>

namespace parapet::operation {

using namespace Qt::StringLiterals;

bool Engine::canCancel() const
{
    if (m_run.cancelled || m_ending || m_operation.isOver())
        return false;
    return std::any_of(m_chains.cbegin(), m_chains.cend(), [](const Chain &chain) { return chain.open > 0 && !chain.destroyed; });
}

void Engine::cancel()
{
    if (!canCancel())
        return;
    m_run.cancelled = true;
    setState(RunState::Cancelling);
    for (int i = 0; i < m_chains.size(); ++i) {
        if (!m_chains[i].destroyed)
            takeBack(i);
    }
    pump();
    checkOver();
}

void Engine::takeBack(int chain)
{
    m_chains[chain].takingBack = true;
    for (const int step : std::as_const(m_chains[chain].steps)) {
        m_ready.erase({m_work[step].depth, step});
        Work &work = m_work[step];
        // What waits for a timer waits no longer; what is under way is seen to its end first.
        if (work.waiting && !m_run.steps[step].undoing) {
            work.waiting = false;
            ++work.ticket;
            release(step);
            setBusy(step, false);
            m_run.steps[step].nextTry = Instant{};
        }
    }
    takeBackNext(chain);
}

/// The last thing asked for that has a way back, one at a time. What never began is skipped, what has no way back stays.
void Engine::takeBackNext(int row)
{
    Chain &chain = m_chains[row];
    if (chain.busy > 0 || chain.takenBack)
        return;
    int last = -1;
    for (const int step : std::as_const(chain.steps)) {
        StepRun &run = m_run.steps[step];
        if (run.undoing && run.state == StepState::Failed)
            return; // a person decides: retryNow() tries the way back again
        if (run.state == StepState::Waiting && !run.undoing) {
            run.state = StepState::Skipped;
            run.seen = QCoreApplication::translate("operation", "Cancelled before it began.");
            run.ended = now();
            m_journal->append(entry::skipped(m_run, step));
            stepChanged(step);
            continue;
        }
        const bool unfinishedUndo = run.undoing && run.state != StepState::Undone;
        const bool undoable = !run.undoing && run.wasRequested && m_run.plan.steps[step].isReversible();
        if ((unfinishedUndo || undoable) && (last < 0 || m_work[step].depth >= m_work[last].depth))
            last = step;
    }
    if (last < 0) {
        chain.takenBack = true;
        return;
    }
    StepRun &run = m_run.steps[last];
    Step back = m_run.plan.steps[last];
    back.id += u".undo"_s;
    back.verb = back.undoVerb;
    back.destructive = false;
    back.targetIdentity.clear();
    m_undo[last] = back;
    m_work[last].failures = 0;
    if (!run.undoing) {
        run.undoing = true;
        run.state = StepState::Waiting;
        run.tries = 0;
        run.round = 0;
        run.answer = {};
        run.error.reset();
        run.requested = run.ended = Instant{};
        m_work[last].asked = Asked::No;
        m_work[last].refusal.reset();
        m_journal->append(entry::undoing(m_run, last, now()));
    }
    stepChanged(last);
    setBusy(last, true);
    look(last);
}

void Engine::retryFailed()
{
    for (int i = 0; i < m_work.size(); ++i) {
        StepRun &run = m_run.steps[i];
        if (run.state != StepState::Failed || (m_chains[m_work[i].chain].takingBack && !run.undoing))
            continue;
        run.state = StepState::Waiting;
        run.tries = 0;
        ++run.round;
        run.answer = {};
        run.error.reset();
        run.requested = run.ended = Instant{};
        m_work[i].failures = 0;
        m_work[i].asked = Asked::No;
        m_journal->append(entry::retried(m_run, i, now()));
        stepChanged(i);
        if (run.undoing)
            takeBackNext(m_work[i].chain);
        else if (m_work[i].missing == 0)
            m_ready.insert({m_work[i].depth, i});
    }
}

/// Everything was observed and every probe holds.
void Engine::finish()
{
    if (!m_run.plan.certified || m_run.certificate) {
        close(RunState::Finished);
        return;
    }
    sign();
}

void Engine::signNow()
{
    if (m_begun && !m_ending && m_run.plan.certified && !m_run.certificate && m_openSteps == 0 && m_probesOpen == 0 && !m_run.cancelled)
        sign();
}

void Engine::sign()
{
    if (!m_environment.certifier || m_environment.certifier->keyName().isEmpty()) {
        m_run.certificateRefused = QCoreApplication::translate("operation", "No signing key is at hand. Connect with an identity, then sign.");
        sendSignals();
        Q_EMIT m_operation.certificateChanged();
        setState(RunState::Stopped);
        return;
    }
    // Whoever answers for the certificate is whoever answers for the run.
    const Operator signer = m_environment.certifier->signer();
    if (!m_run.startedBy.id.isEmpty() && signer.id != m_run.startedBy.id) {
        const QString starter = m_run.startedBy.name.isEmpty() ? m_run.startedBy.id.value : m_run.startedBy.name.inert(80);
        m_run.certificateRefused = QCoreApplication::translate("operation", "%1 started this operation, so that only they can sign for it. Connect "
                                                                            "with their identity, then sign.").arg(starter);
        sendSignals();
        Q_EMIT m_operation.certificateChanged();
        setState(RunState::Stopped);
        return;
    }
    m_ending = true;
    m_journal->flush([this](const QByteArray &head) {
        m_run.journalHead = head;
        deliver(this, m_environment.certifier->issue(m_run), [this](const Result<QByteArray> &envelope) {
            if (envelope) {
                storeCertificate(*envelope);
                return;
            }
            m_ending = false;
            m_run.certificateRefused = envelope.error().message;
            Q_EMIT m_operation.certificateChanged();
            setState(RunState::Stopped);
        });
    });
}

void Engine::storeCertificate(const QByteArray &envelope)
{
    Certificate certificate;
    certificate.envelope = envelope;
    certificate.sha256 = QString::fromLatin1(QCryptographicHash::hash(envelope, QCryptographicHash::Sha256).toHex());
    certificate.keyName = m_environment.certifier->keyName();
    certificate.path = certificatePath(m_environment.folder, m_run.plan.id);
    certificate.issued = now();
    m_journal->store(certificate.path, envelope, [this, certificate](const Status &stored) {
        m_ending = false;
        if (!stored) {
            m_run.certificateRefused = stored.error().message;
            Q_EMIT m_operation.certificateChanged();
            setState(RunState::Stopped);
            return;
        }
        m_run.certificate = certificate;
        m_run.certificateRefused.clear();
        m_journal->append(entry::certificate(certificate));
        Q_EMIT m_operation.certificateChanged();
        close(RunState::Finished);
    });
}

/// Over: said when the journal holds it and has its final name.
void Engine::close(RunState state)
{
    m_ending = true;
    const Instant at = now();
    m_journal->append(entry::state(state, at));
    m_journal->finish(journalPath(m_environment.folder, m_run.plan.id), [this, state, at](const Status &renamed) {
        if (renamed)
            m_run.journalPath = journalPath(m_environment.folder, m_run.plan.id);
        m_run.state = state;
        m_run.ended = at;
        sendSignals();
        Q_EMIT m_operation.stateChanged(state);
    });
}

} // namespace parapet::operation
