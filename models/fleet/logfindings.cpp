// SPDX-License-Identifier: GPL-3.0-or-later
// What a LogFollower makes of judgements and proofs, and what it remembers of events.
#include "models/fleet/logfollower.h"

#include "models/crypto/digest.h"
#include "models/fleet/logwork.h"
#include "models/transparency/eventleaf.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QLocale>

namespace parapet::fleet {

using namespace Qt::StringLiterals;

namespace {

constexpr int mostRowsKept = 50'000;
constexpr int mostCopies = 5'000;

} // namespace

void LogFollower::takeJudgement(const LogJudged &judged)
{
    using transparency::Verdict;
    const transparency::Judgement &judgement = judged.judgement;
    if (transparency::isTrusted(judgement.verdict) && judgement.seen) {
        if (judged.again)
            return refresh();
        GoodCheckpoint good;
        good.content = *judgement.seen;
        good.verdict = judgement.verdict;
        good.consistentWith = judged.before;
        good.at = m_clock.now();
        if (const auto note = transparency::Note::parse(judged.note)) {
            for (const transparency::NoteSignature &signature : note->signatures) {
                if (signature.name != good.content.checkpoint.origin)
                    good.otherSigners.append(signature);
            }
        }
        m_checkpoint = good;
        enter(LogState::Verified, judged.kept ? QString() : tr("It could not be kept: %1").arg(judged.kept.error().message));
        const QVector<AuditEvent> waiting = QVector<AuditEvent>(m_uncovered.cbegin(), m_uncovered.cend());
        m_uncovered.clear();
        if (!waiting.isEmpty())
            enqueue([this, waiting] { checkRows(waiting); });
        return;
    }
    if (judgement.verdict == Verdict::Garbage) {
        // Nothing signed contradicts anything: an answer that cannot be read, whoever gave it.
        enter(m_checkpoint ? LogState::Stale : LogState::Waiting, judgement.words.isEmpty() ? transparency::wordsFor(judgement.verdict) : judgement.words);
        return;
    }
    LogConflict conflict;
    conflict.verdict = judgement.verdict;
    conflict.title = transparency::wordsFor(judgement.verdict);
    const qint64 seen = judgement.seen ? judgement.seen->head().size : -1;
    const QLocale locale;
    if (seen >= 0 && judged.before >= 0)
        conflict.what = tr("checkpoint of %1 events, the last good one had %2").arg(locale.toString(seen), locale.toString(judged.before));
    else if (judged.before >= 0)
        conflict.what = tr("the checkpoint after the good one of %1 events").arg(locale.toString(judged.before));
    else
        conflict.what = tr("the first checkpoint that this console saw");
    conflict.where = u"checkpoint"_s;
    conflict.lastGood = judged.keptAt;
    conflict.goodSize = judged.before;
    conflict.seenSize = seen;
    accuse(conflict, judged.bundle, parapet::nameOf(judgement.verdict).toLatin1() + crypto::sha256(judged.note));
}

void LogFollower::takeExam(const AuditEvent &shown, const LogExam &exam)
{
    if (exam.finding == LogExam::Finding::Same) {
        settle(shown.index, RowProof::Verified);
        remember(shown);
        Q_EMIT rowsChecked({shown.index});
        return;
    }
    const std::optional<AuditEvent> before = provenCopy(shown.index);
    LogConflict conflict;
    conflict.verdict = exam.finding == LogExam::Finding::TilesDiffer ? transparency::Verdict::Unproven : transparency::Verdict::Altered;
    conflict.leaf = shown.index;
    conflict.action = Untrusted(shown.action).inert(80);
    conflict.where = exam.resource;
    conflict.seenSize = m_checkpoint ? m_checkpoint->size() : -1;
    if (exam.finding == LogExam::Finding::TilesDiffer)
        conflict.title = transparency::wordsFor(transparency::Verdict::Unproven);
    else if (exam.finding == LogExam::Finding::AnswerDiffers)
        conflict.title = tr("The audit store lies about an event. It answers what its own log does not hold.");
    else if (before)
        conflict.title = tr("The audit log was altered. One event is not what this console proved before.");
    else
        conflict.title = tr("The audit log was altered. One event is not what the log signed.");
    QStringList differs;
    const std::optional<AuditEvent> &other = before ? before : exam.finding == LogExam::Finding::AnswerDiffers ? exam.entry : before;
    if (other) {
        for (const Field<AuditEvent> &field : fieldsOf<AuditEvent>()) {
            if (field.get(*other) != field.get(shown))
                differs << QLatin1String(field.name);
        }
    }
    conflict.what = tr("event %1, %2").arg(QString::number(shown.index), conflict.action);
    if (!differs.isEmpty())
        conflict.what += u", "_s + tr("differs in: %1").arg(differs.join(u", "_s));
    settle(shown.index, RowProof::Failed, conflict.title);
    Q_EMIT rowsChecked({shown.index});
    // One tile speaks for all events below it.
    const bool tiles = exam.finding == LogExam::Finding::TilesDiffer;
    accuse(conflict, exam.bundle, tiles ? "tiles " + exam.resource.toUtf8() : QByteArray::number(shown.index) + crypto::sha256(transparency::leafOf(shown)));
}

RowProof LogFollower::proofOf(qint64 index) const
{
    return m_rows.value(index, RowProof::Unknown);
}

std::optional<AuditEvent> LogFollower::provenCopy(qint64 index) const
{
    const auto copy = m_copies.constFind(index);
    return copy == m_copies.cend() ? std::nullopt : std::optional(*copy);
}

void LogFollower::settle(qint64 index, RowProof proof, const QString &failure)
{
    if (!m_rows.contains(index)) {
        m_order.push_back(index);
        if (m_order.size() > mostRowsKept) {
            m_rows.remove(m_order.front());
            m_failures.remove(m_order.front());
            m_failed.remove(m_order.front());
            m_order.pop_front();
        }
    }
    if (proof == RowProof::Failed)
        m_failed.insert(index);
    else
        m_failed.remove(index);
    m_rows.insert(index, proof);
    if (failure.isEmpty())
        m_failures.remove(index);
    else
        m_failures.insert(index, failure);
}

void LogFollower::remember(const AuditEvent &event)
{
    if (!m_copies.contains(event.index)) {
        m_copyOrder.push_back(event.index);
        if (m_copyOrder.size() > mostCopies) {
            m_copies.remove(m_copyOrder.front());
            m_copyOrder.pop_front();
        }
    }
    m_copies.insert(event.index, event);
}

} // namespace parapet::fleet
