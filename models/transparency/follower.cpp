// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/transparency/follower.h"

#include <QtCore/QCoreApplication>

namespace parapet::transparency {

using namespace Qt::StringLiterals;

namespace {

QString followerText(const char *text)
{
    return QCoreApplication::translate("transparency", text);
}

} // namespace

Follower::Follower(crypto::NoteVerifier pinned, QVector<crypto::NoteVerifier> witnesses, std::shared_ptr<TileCache> cache)
    : m_pinned(std::move(pinned)), m_witnesses(std::move(witnesses)), m_cache(std::move(cache))
{
}

Status Follower::resume(const KeptCheckpoint &kept)
{
    const Result<SignedCheckpoint> opened = openCheckpoint(kept.note, m_pinned);
    if (!opened)
        return fail(opened.error());
    m_kept = kept;
    m_keptHead = opened->head();
    m_reader = std::make_unique<TileReader>(m_keptHead, m_cache);
    return {};
}

void Follower::offer(const QByteArray &note, Instant at)
{
    m_note = note;
    m_at = at;
    m_seen.reset();
    m_proving.reset();
    m_judgement.reset();
    m_conflict.reset();
    examine();
}

void Follower::examine()
{
    ExaminedCheckpoint examined = examineCheckpoint(m_note, m_pinned, m_witnesses);
    switch (examined.fault) {
    case CheckpointFault::Garbage:
    case CheckpointFault::OtherOrigin:
        return judge(Verdict::Garbage, examined.words);
    case CheckpointFault::BadSignature:
        return judge(Verdict::BadSignature, examined.words);
    case CheckpointFault::KeySwapped:
        return judge(Verdict::KeySwapped, examined.words);
    case CheckpointFault::None:
        break;
    }
    m_seen = std::move(examined.opened);
    const TreeHead &head = m_seen->head();
    m_proving = std::make_unique<TileReader>(head, m_cache);
    if (!m_kept)
        return judge(Verdict::First, wordsFor(Verdict::First));
    if (head.size < m_keptHead.size) {
        return judge(Verdict::RolledBack, followerText("The log has %1 events; it had %2. Its newest events were dropped.")
                                              .arg(head.size).arg(m_keptHead.size));
    }
    if (head.size == m_keptHead.size) {
        if (head.root == m_keptHead.root)
            return judge(Verdict::SameSize, wordsFor(Verdict::SameSize));
        return judge(Verdict::Forked, followerText("The log signed two different histories of %1 events.").arg(head.size));
    }
    advance();
}

QVector<TileId> Follower::wanted() const
{
    if (m_judgement || !m_proving)
        return {};
    return m_proving->missingFor(evidenceRanges());
}

QVector<LeafRange> Follower::evidenceRanges() const
{
    // What makes the old root within the new tree, and what else makes the new root: a fork is shown with these subtrees.
    QVector<LeafRange> ranges;
    for (const LeafRange range : {LeafRange{0, m_keptHead.size}, LeafRange{m_keptHead.size, m_seen->head().size}}) {
        for (const Node &node : coverOf(range))
            ranges.append(node.leaves());
    }
    return ranges;
}

void Follower::supply(const TileId &id, const QByteArray &bytes)
{
    if (m_judgement || !m_proving)
        return;
    if (const Status added = m_proving->add(id, bytes); !added)
        return judge(Verdict::Unproven, added.error().message);
    advance();
}

void Follower::withhold(const TileId &id)
{
    if (m_judgement || !m_proving)
        return;
    judge(Verdict::Unproven, followerText("The log does not have its tile %1, which its signed checkpoint needs.").arg(id.path()));
    if (m_conflict)
        m_conflict->fetched.append({id.path(), {}});
}

void Follower::advance()
{
    if (!wanted().isEmpty())
        return;
    const Result<Hash> rootThen = m_proving->rootAt(m_keptHead.size);
    if (!rootThen)
        return judge(Verdict::Unproven, rootThen.error().message);
    if (*rootThen != m_keptHead.root)
        return judgeFork();
    judge(Verdict::Consistent, followerText("The log grew from %1 to %2 events, and begins with all that it held before.")
                                   .arg(m_keptHead.size).arg(m_seen->head().size));
}

void Follower::judgeFork()
{
    QVector<ConflictBundle::ProvenNode> nodes;
    for (const LeafRange range : {LeafRange{0, m_keptHead.size}, LeafRange{m_keptHead.size, m_seen->head().size}}) {
        for (const Node &node : coverOf(range)) {
            const Result<Hash> hash = m_proving->hashOf(node.leaves());
            if (!hash)
                return judge(Verdict::Unproven, hash.error().message);
            nodes.append({node, *hash});
        }
    }
    judge(Verdict::Forked, followerText("The log's first %1 events are no longer those that it had signed: its history was rewritten.")
                               .arg(m_keptHead.size));
    m_conflict->nodes = std::move(nodes);
}

void Follower::judge(Verdict verdict, const QString &words)
{
    m_judgement = Judgement{verdict, words, m_seen};
    if (isTrusted(verdict)) {
        m_kept = KeptCheckpoint{m_note, m_at};
        m_keptHead = m_seen->head();
        // The tiles that were proven on the way are proven for the reader too.
        if (!m_reader || verdict != Verdict::SameSize)
            m_reader = std::move(m_proving);
        m_proving.reset();
        return;
    }
    if (m_kept)
        m_judgement->words += u' ' + followerText("What it had signed was seen last on %1.").arg(toRfc3339(m_kept->at));
    ConflictBundle conflict;
    conflict.verdict = verdict;
    conflict.log = m_pinned.text();
    if (m_kept) {
        conflict.kept = m_kept->note;
        conflict.keptAt = m_kept->at;
    }
    conflict.seen = m_note.first(std::min(m_note.size(), Note::maximumBytes));
    conflict.seenAt = m_at;
    conflict.words = m_judgement->words;
    if (verdict == Verdict::Unproven && m_proving)
        conflict.fetched = evidenceOf(*m_proving);
    m_conflict = std::move(conflict);
    m_proving.reset();
}

QVector<ConflictBundle::Fetched> Follower::evidenceOf(const TileReader &reader)
{
    // The tiles that do not fit, each with those that say so.
    QVector<ConflictBundle::Fetched> tiles;
    const auto add = [&](const TileId &id, const QByteArray &bytes) {
        const bool there = std::any_of(tiles.begin(), tiles.end(), [&](const ConflictBundle::Fetched &tile) { return tile.path == id.path(); });
        if (!bytes.isEmpty() && !there && tiles.size() < ConflictBundle::maximumTiles)
            tiles.append({id.path(), bytes.first(std::min<qsizetype>(bytes.size(), 2 * TileId::fullWidth * 32))});
    };
    for (const TileReader::Refuted &refuted : reader.refuted())
        add(refuted.id, refuted.bytes);
    for (const TileReader::Refuted &refuted : reader.refuted()) {
        for (const TileId &id : reader.witnessesOf(refuted.id))
            add(id, reader.bytesOf(id));
    }
    return tiles;
}

std::optional<ConflictBundle> Follower::conflict() const
{
    return m_conflict;
}

} // namespace parapet::transparency
