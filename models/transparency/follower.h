// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/transparency/conflictbundle.h"

namespace parapet::transparency {

/// A checkpoint that was checked and is held on to.
struct KeptCheckpoint {
    QByteArray note; ///< as it was fetched
    Instant at{};    ///< when
};

/// What became of one offered checkpoint.
struct Judgement {
    Verdict verdict = Verdict::Garbage;
    QString words;                             ///< for a person, with sizes: what, and since when
    std::optional<SignedCheckpoint> seen;      ///< set when its signature verified
};

/// Follows one log: each checkpoint that is offered is compared with the last one that was found good, by proofs made from
/// tiles. A log that was once found altered stays so until it shows a checkpoint that is consistent with what was kept: nothing
/// ever replaces that but such a one. Does not fetch and does not store. Not thread-safe.
///
///   follower.offer(note, now);
///   while (!(wanted = follower.wanted()).isEmpty()) fetch each, then follower.supply(id, bytes) or follower.withhold(id, error);
///   follower.judgement()  → trusted: KeptCheckpoints::keep(), follower.reader() for rows; else: save follower.conflict()
class Follower
{
public:
    explicit Follower(crypto::NoteVerifier pinned, QVector<crypto::NoteVerifier> witnesses = {},
                      std::shared_ptr<TileCache> cache = std::make_shared<TileCache>());

    /// Takes up what was kept. Unauthorized or Invalid when that is not a checkpoint signed by the pinned key.
    Status resume(const KeptCheckpoint &kept);
    /// The last checkpoint that was found good.
    const std::optional<KeptCheckpoint> &kept() const { return m_kept; }
    /// Its content. Size 0 and the empty root when there is none.
    TreeHead keptHead() const { return m_keptHead; }

    /// Begins to judge a fetched checkpoint; what was under way is dropped.
    void offer(const QByteArray &note, Instant at);
    /// What must be fetched now, top level first. Empty once there is a judgement.
    QVector<TileId> wanted() const;
    /// A fetched tile: the one wanted, or the full one in its place. Judges when it was the last one.
    void supply(const TileId &id, const QByteArray &bytes);
    /// The log answered that it has no such tile (not: the connection failed, which is no statement of the log).
    void withhold(const TileId &id);

    bool isJudged() const { return m_judgement.has_value(); }
    /// Of the last offer; Garbage with empty words before there is one.
    Judgement judgement() const { return m_judgement.value_or(Judgement{}); }

    /// The evidence of a judgement that is not trusted; nothing otherwise.
    std::optional<ConflictBundle> conflict() const;

    /// The tiles that a reader refuted, each with those that say so, as a bundle takes them.
    static QVector<ConflictBundle::Fetched> evidenceOf(const TileReader &reader);

    /// Reads the tree of the last trusted checkpoint; nullptr before there is one. Valid until the next offer is judged.
    TileReader *reader() const { return m_reader.get(); }

private:
    void examine();
    void advance();
    void judge(Verdict verdict, const QString &words);
    void judgeFork();
    QVector<LeafRange> evidenceRanges() const;

    crypto::NoteVerifier m_pinned;
    QVector<crypto::NoteVerifier> m_witnesses;
    std::shared_ptr<TileCache> m_cache;
    std::optional<KeptCheckpoint> m_kept;
    TreeHead m_keptHead;

    QByteArray m_note;
    Instant m_at{};
    std::optional<SignedCheckpoint> m_seen;
    std::unique_ptr<TileReader> m_proving; ///< of the offered checkpoint
    std::unique_ptr<TileReader> m_reader;  ///< of the kept one
    std::optional<Judgement> m_judgement;
    std::optional<ConflictBundle> m_conflict;
};

} // namespace parapet::transparency
