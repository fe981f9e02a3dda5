// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/logwork.h"

#include "models/core/json.h"
#include "models/transparency/eventleaf.h"
#include "models/wire/codec.h"

#include <QtCore/QCoreApplication>

namespace parapet::fleet {

using namespace Qt::StringLiterals;
using transparency::TileId;

namespace {

Failure notCovered(qint64 index)
{
    return fail(Error::Code::NotFound, QCoreApplication::translate("fleet", "Event %1 is newer than the last checkpoint that was verified.").arg(index));
}

} // namespace

LogWork::LogWork(const crypto::NoteVerifier &pinned, const QString &folder)
    : m_pinned(pinned), m_files(folder), m_follower(pinned)
{
    m_pool.setMaxThreadCount(1);
    m_pool.setExpiryTimeout(10'000);
}

Status LogWork::resume()
{
    if (m_resumed)
        return {};
    const Result<std::optional<transparency::KeptCheckpoint>> kept = m_files.read(m_pinned);
    if (!kept)
        return fail(kept.error());
    if (*kept) {
        if (Status taken = m_follower.resume(**kept); !taken)
            return taken;
    }
    m_basis = *kept;
    m_resumed = true;
    return {};
}

void LogWork::offer(const QByteArray &note, Instant at)
{
    m_note = note;
    m_noteAt = at;
    m_follower.offer(note, at);
}

void LogWork::supply(const TileId &tile, const std::optional<QByteArray> &bytes)
{
    if (bytes)
        m_follower.supply(tile, *bytes);
    else
        m_follower.withhold(tile);
}

LogJudged LogWork::judged()
{
    LogJudged out;
    out.note = m_note;
    out.judgement = m_follower.judgement();
    if (m_basis) {
        if (const auto before = transparency::openCheckpoint(m_basis->note, m_pinned))
            out.before = before->head().size;
        out.keptAt = m_basis->at;
    }
    if (!transparency::isTrusted(out.judgement.verdict)) {
        if (const auto conflict = m_follower.conflict())
            out.bundle = conflict->toBytes();
        return out;
    }
    if (out.judgement.verdict == transparency::Verdict::SameSize)
        return out;
    const transparency::KeptCheckpoint good{m_note, m_noteAt};
    out.kept = m_files.keep(m_pinned, good, m_basis);
    if (out.kept) {
        m_basis = good;
    } else if (out.kept.error().code == Error::Code::Conflict) {
        m_resumed = false;
        out.again = bool(resume());
    }
    return out;
}

QVector<TileId> LogWork::missingFor(const QVector<AuditEvent> &rows) const
{
    QVector<TileId> missing;
    QSet<qint64> tiles;
    for (const AuditEvent &row : rows) {
        const qint64 tile = row.index / TileId::fullWidth;
        if (row.index < 0 || row.index >= size() || tiles.contains(tile))
            continue;
        tiles.insert(tile);
        const qint64 first = tile * TileId::fullWidth;
        for (const TileId &id : reader()->missingForLeaves(first, std::min(first + TileId::fullWidth, size()))) {
            if (!missing.contains(id))
                missing.append(id);
        }
    }
    return missing;
}

LogChecked LogWork::check(const QVector<AuditEvent> &rows)
{
    LogChecked out;
    for (const AuditEvent &row : rows) {
        if (row.index < 0)
            out.mismatched.append(row);
        else if (row.index >= size())
            out.uncovered.append(row);
        else if (reader()->proveLeaf(row.index, transparency::leafHash(transparency::leafOf(row))))
            out.verified.append(row);
        else
            out.mismatched.append(row);
    }
    return out;
}

QVector<TileId> LogWork::missingForPaths(const QVector<qint64> &indexes) const
{
    QVector<TileId> missing;
    for (const qint64 index : indexes) {
        if (index < 0 || index >= size())
            continue;
        for (const TileId &id : reader()->missingForInclusion(index)) {
            if (!missing.contains(id))
                missing.append(id);
        }
    }
    return missing;
}

Result<InclusionPath> LogWork::path(const AuditEvent &event)
{
    if (event.index < 0 || event.index >= size())
        return notCovered(event.index);
    Result<QVector<transparency::Hash>> proof = reader()->inclusionProof(event.index);
    if (!proof)
        return fail(proof.error());
    InclusionPath out;
    out.index = event.index;
    out.size = size();
    out.leaf = transparency::leafHash(transparency::leafOf(event));
    out.root = reader()->head().root;
    Result<QVector<transparency::PathStep>> steps = transparency::stepsOf(event.index, out.size, out.leaf, *proof);
    if (!steps)
        return fail(steps.error());
    out.steps = std::move(*steps);
    return out;
}

Result<LogFollower::ProvenRows> LogWork::prove(const QVector<AuditEvent> &rows)
{
    LogFollower::ProvenRows out;
    if (!reader() || !m_follower.kept())
        return fail(Error::Code::NotFound, QCoreApplication::translate("fleet", "No checkpoint of the log was verified yet."));
    out.checkpoint = m_follower.kept()->note;
    out.size = size();
    for (const AuditEvent &row : rows) {
        if (row.index < 0 || row.index >= size())
            return notCovered(row.index);
        const QByteArray leaf = transparency::leafOf(row);
        if (const Status same = reader()->proveLeaf(row.index, transparency::leafHash(leaf)); !same) {
            return fail(Error::Code::Invalid, QCoreApplication::translate("fleet", "Event %1 does not verify: it cannot go into a proof bundle.").arg(row.index),
                        same.error().detail);
        }
        Result<QVector<transparency::Hash>> proof = reader()->inclusionProof(row.index);
        if (!proof)
            return fail(proof.error());
        out.rows.append({row.index, leaf, std::move(*proof)});
    }
    return out;
}

QVector<TileId> LogWork::missingForRoots(const QVector<qint64> &sizes) const
{
    QVector<TileId> missing;
    for (const qint64 one : sizes) {
        if (one < 0 || one > size())
            continue;
        for (const TileId &id : reader()->missingForRoot(one)) {
            if (!missing.contains(id))
                missing.append(id);
        }
    }
    return missing;
}

Result<QHash<qint64, transparency::Hash>> LogWork::rootsAt(const QVector<qint64> &sizes)
{
    QHash<qint64, transparency::Hash> roots;
    for (const qint64 one : sizes) {
        if (one < 0 || one > size() || !reader())
            return fail(Error::Code::NotFound, QCoreApplication::translate("fleet", "The verified log has not reached %1 events.").arg(one));
        const Result<transparency::Hash> root = reader()->rootAt(one);
        if (!root)
            return fail(root.error());
        roots.insert(one, *root);
    }
    return roots;
}

TileId LogWork::entriesWith(qint64 index) const
{
    TileId entries = transparency::tileHolding(0, index, size());
    entries.level = TileId::entriesLevel;
    return entries;
}

LogExam LogWork::examine(const AuditEvent &shown, const TileId &bundleId, const std::optional<QByteArray> &bundle, Instant at)
{
    LogExam exam;
    exam.resource = u"v1/events/%1"_s.arg(shown.index);
    if (shown.index < 0 || shown.index >= size() || !m_follower.kept())
        return exam;
    transparency::ConflictBundle evidence;
    evidence.log = m_pinned.text();
    evidence.kept = evidence.seen = m_follower.kept()->note;
    evidence.keptAt = m_follower.kept()->at;
    evidence.seenAt = at;
    const Result<transparency::Hash> leaf = reader()->leaf(shown.index);
    const Result<QVector<transparency::Hash>> path = leaf ? reader()->inclusionProof(shown.index) : Result<QVector<transparency::Hash>>(fail(leaf.error()));
    if (!path) {
        // The tree's own tiles are not what was signed: nothing can be said of any event below them.
        exam.resource = path.error().detail;
        evidence.verdict = transparency::Verdict::Unproven;
        evidence.words = transparency::wordsFor(evidence.verdict);
        evidence.fetched = transparency::Follower::evidenceOf(*reader());
        exam.finding = LogExam::Finding::TilesDiffer;
        exam.bundle = evidence.toBytes();
        return exam;
    }
    QByteArray served = transparency::leafOf(shown);
    if (bundle) {
        // The full bundle may have come in place of a partial one.
        Result<QVector<QByteArrayView>> entries = transparency::entriesOf(*bundle, bundleId.width);
        if (!entries)
            entries = transparency::entriesOf(*bundle, TileId::fullWidth);
        const qint64 place = shown.index % TileId::fullWidth;
        if (entries && place < entries->size()) {
            const QByteArrayView entry = entries->at(place);
            if (const auto json = parseJson(entry); json && json->isObject()) {
                if (auto read = wire::fromJson<AuditEvent>(json->toObject()))
                    exam.entry = std::move(*read);
            }
            if (transparency::leafHash(entry) == *leaf) {
                const bool same = exam.entry && transparency::leafOf(*exam.entry) == served;
                exam.finding = same ? LogExam::Finding::Same : LogExam::Finding::AnswerDiffers;
            } else {
                exam.finding = LogExam::Finding::EntryDiffers;
                exam.resource = bundleId.path();
                served = entry.toByteArray();
            }
        }
    }
    evidence.verdict = transparency::Verdict::Altered;
    evidence.words = QCoreApplication::translate("fleet", "Event %1 is not what the log signed.").arg(shown.index);
    evidence.altered = transparency::ConflictBundle::AlteredEvent{shown.index, served.first(std::min(served.size(), transparency::maximumEntry)), *leaf, *path};
    exam.bundle = evidence.toBytes();
    return exam;
}

} // namespace parapet::fleet
