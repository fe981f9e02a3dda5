// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/transparency/checkpoint.h"
#include "models/transparency/verdict.h"

namespace parapet::transparency {

/// What was seen when a log did not check: for a third party, offline. Canonical JSON, resources/formats/conflict-bundle.md.
struct ConflictBundle {
    static constexpr qsizetype maximumBytes = 4 << 20;
    static constexpr qsizetype maximumTiles = 16;

    struct ProvenNode {
        Node node;
        Hash hash{};
    };
    struct Fetched {
        QString path;
        QByteArray bytes;
    };

    /// An event as it was served, and the leaf that stands in its place in the signed tree.
    struct AlteredEvent {
        qint64 index = 0;
        QByteArray served;  ///< at most maximumEntry bytes
        Hash leaf{};        ///< of the signed tree: not the hash of what was served
        QVector<Hash> path; ///< RFC 9162 §2.1.3.1, from that leaf to the root of `seen`
    };

    Verdict verdict = Verdict::Forked;
    QString log;                 ///< the pinned verifier key, as text
    QByteArray kept;             ///< the note that the observer had kept; empty when there was none
    Instant keptAt{};
    QByteArray seen;             ///< what was fetched, as it came
    Instant seenAt{};
    QVector<ProvenNode> nodes;   ///< Forked, of unlike sizes: the subtrees of the newer tree, with a boundary at the older size
    QVector<Fetched> fetched;    ///< Unproven: the tiles that are not what the checkpoint says, and those above them
    std::optional<AlteredEvent> altered; ///< Altered, and then always
    QString words;               ///< as the observer was told

    QByteArray toBytes() const;
    /// Strict and canonical, no member unknown, missing or doubled, bounded. Invalid otherwise.
    static Result<ConflictBundle> fromBytes(QByteArrayView text);

    /// What it is worth to one who trusts the key `log` and nobody else.
    enum class Weight {
        ProvenByTheLog,      ///< the log's own signatures contradict each other: no honest log can have made both
        StatedByTheObserver, ///< it can have been like this, but only the observer says that it was served, or in which order
    };
    /// Invalid when the bundle does not show what its verdict says; Unauthorized when its notes are not signed by `log`.
    Result<Weight> verify(const crypto::NoteVerifier &log) const;
};

} // namespace parapet::transparency
