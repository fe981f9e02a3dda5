// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/recordings/recordingproof.h"

#include "ui/kit/text/format.h"

#include <QtCore/QRegularExpression>

namespace parapet::pages {

using namespace Qt::StringLiterals;

RecordingProof::RecordingProof(QObject *parent) : QObject(parent)
{
}

QString digestIn(const AuditEvent &event)
{
    // A digest is plain text in any form of it; one that stands among others is none.
    static const QRegularExpression pattern(u"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])"_s);
    auto found = pattern.globalMatch(event.detail.inert());
    const QString digest = found.hasNext() ? found.next().captured() : QString();
    return found.hasNext() ? QString() : digest;
}

void RecordingProof::setSystem(AuditStore *audit, fleet::LogFollower *log)
{
    m_audit = audit;
    if (log != m_log) {
        if (m_log)
            disconnect(m_log, nullptr, this, nullptr);
        m_log = log;
        if (log) {
            connect(log, &fleet::LogFollower::changed, this, &RecordingProof::judge);
            connect(log, &fleet::LogFollower::rowsChecked, this, [this](const QVector<qint64> &indexes) {
                if (m_event && indexes.contains(m_event->index))
                    judge();
            });
        }
    }
    ++m_generation;
    if (m_recording && !m_event)
        askEvent();
    judge();
}

void RecordingProof::setRecording(const std::optional<Recording> &recording)
{
    const bool same = recording && m_recording && recording->id == m_recording->id && recording->event == m_recording->event && recording->state == m_recording->state;
    m_recording = recording;
    if (!same) {
        ++m_generation;
        m_event.reset();
        m_eventError.clear();
        m_digest.clear();
        if (recording)
            askEvent();
    }
    judge();
}

void RecordingProof::setFileDigest(const QString &sha256)
{
    m_digest = sha256;
    judge();
}

void RecordingProof::askEvent()
{
    if (!m_audit || m_recording->event < 0 || m_recording->state == RecordingState::Running)
        return;
    deliver(this, m_audit->event(m_recording->event), [this, generation = m_generation](const Result<AuditEvent> &event) {
        if (generation != m_generation)
            return;
        if (event) {
            m_event = *event;
            if (m_log)
                m_log->check({*event});
        } else {
            m_eventError = event.error().message;
        }
        judge();
    });
}

void RecordingProof::enter(State state, const QString &sentence, const QString &detail)
{
    if (state == m_state && sentence == m_sentence && detail == m_detail)
        return;
    m_state = state;
    m_sentence = sentence;
    m_detail = detail;
    Q_EMIT changed();
}

void RecordingProof::judge()
{
    if (!m_recording)
        return enter(State::None, {});
    if (m_recording->state == RecordingState::Running)
        return enter(State::Running, tr("Not ended: nothing proves it yet."));
    const QString place = m_recording->event >= 0 ? tr("event %1").arg(kit::numberText(m_recording->event)) : QString();
    if (m_recording->event < 0)
        return enter(State::NoEvent, tr("The store names no event of the log for it: nothing proves it."));
    if (!m_eventError.isEmpty())
        return enter(State::NoEvent, tr("Its %1 cannot be had, so nothing proves it: %2").arg(place, m_eventError));
    if (!m_event)
        return enter(State::Asking, tr("Its event of the log is being asked for."));
    if (m_event->index != m_recording->event || m_event->action != "recording.end"_L1 || m_event->target != Untrusted(m_recording->id))
        return enter(State::Mismatch, tr("The %1 of the log is not about the end of this recording.").arg(place),
                     tr("It says %1 on %2.").arg(Untrusted(m_event->action).inert(64), m_event->target.inert(80)));
    const QString stated = digestIn(*m_event);
    if (stated.isEmpty())
        return enter(State::Mismatch, tr("The %1 of the log states no digest.").arg(place));
    if (m_log && m_log->proofOf(m_event->index) == fleet::RowProof::Failed)
        return enter(State::BrokenEvent, tr("The %1, which states its digest, does not verify in the log.").arg(place), m_log->failureOf(m_event->index));
    if (m_digest.isEmpty())
        return enter(State::Asking, tr("The file is being read."));
    if (m_digest != stated)
        return enter(State::Mismatch, tr("This file is not the one that the log speaks of."),
                     tr("The file's SHA-256 is %1, %2 states %3.").arg(m_digest.left(16) + u'…', place, stated.left(16) + u'…'));
    const fleet::RowProof proof = m_log ? m_log->proofOf(m_event->index) : fleet::RowProof::Unknown;
    if (proof == fleet::RowProof::Verified)
        return enter(State::Verified, tr("Matches %1 of the log · verified").arg(place));
    if (proof == fleet::RowProof::NotCovered)
        return enter(State::NotCovered, tr("Matches %1, which is newer than the last verified checkpoint.").arg(place));
    const QString why = !m_log ? tr("this console follows no log") : m_log->reason().isEmpty() ? tr("not checked yet") : m_log->reason();
    enter(State::Unproven, tr("Matches %1, which is not proven here: %2").arg(place, why));
}

} // namespace parapet::pages
