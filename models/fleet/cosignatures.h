// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/transparency/checkpoint.h"

#include <QtCore/QStringList>

namespace parapet::fleet {

/// What a cosignature is worth on this console.
enum class WitnessWorth : quint8 {
    Verified,     ///< by a pinned witness, over a tree head that this console's verified tree has
    Unknown,      ///< the witness is not pinned: it proves nothing here
    Wrong,        ///< in the name of a pinned witness, and not its signature
    OtherHistory, ///< a pinned witness did sign, but another root at that size than the verified tree has
};

/// That a witness saw a tree head, judged.
struct WitnessStatement {
    QString witness;
    quint32 keyHash = 0;
    qint64 size = 0; ///< of the tree that it saw
    Instant at{};    ///< when it says that it signed
    WitnessWorth worth = WitnessWorth::Unknown;
    friend bool operator==(const WitnessStatement &, const WitnessStatement &) = default;
};

/// One cosignature, not judged yet.
struct WitnessClaim {
    qint64 size = 0;
    transparency::Hash root{}; ///< as the store states it
    transparency::NoteSignature signature;
};

/// Judges a claim against the root that the verified tree has at its size (nothing: the witness is unknown and no root was asked for).
WitnessStatement judgeClaim(const WitnessClaim &claim, const QString &origin, const std::optional<transparency::Hash> &root,
                            const QVector<crypto::NoteVerifier> &pinned);
/// The pinned witness in whose name a signature is.
const crypto::NoteVerifier *witnessOf(const transparency::NoteSignature &signature, const QVector<crypto::NoteVerifier> &pinned);

/// Of the claims of each witness key the earliest that covers an event (size > index), or with index −1 the latest of all; none
/// beyond `size`. In alphabetical order of the witnesses.
QVector<WitnessClaim> claimsThatCount(const QVector<WitnessClaim> &claims, qint64 index, qint64 size);

/// How many witnesses are wanted, and how soon. least 0: none is wanted.
struct WitnessPolicy {
    int least = 0;
    int hours = 24;
    friend bool operator==(const WitnessPolicy &, const WitnessPolicy &) = default;
};
/// The policy held against statements, in a sentence: of an event of `happened`, cosignatures count until `hours` after it; with an
/// unknown moment, those of the last `hours` before `now`. Empty when the policy wants none.
struct PolicyVerdict {
    bool holds = true;
    QString sentence;
};
PolicyVerdict judgePolicy(const WitnessPolicy &policy, const QVector<WitnessStatement> &statements, int pinned, Instant happened, Instant now);

/// Verifier keys of witnesses (c2sp.org/signed-note, type 0x04), one a line; empty lines and lines that begin with # are left out.
/// Invalid, with the line's number, for one that is none, is there twice, or is a log's key; at most 32.
Result<QVector<crypto::NoteVerifier>> parseWitnessKeys(const QString &text);
inline constexpr int mostWitnesses = 32;

} // namespace parapet::fleet
