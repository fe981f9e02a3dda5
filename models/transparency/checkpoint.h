// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/transparency/note.h"
#include "models/transparency/tilereader.h"

namespace parapet::transparency {

/// The text of a C2SP tlog-checkpoint: origin, size and root, each a line, then opaque lines.
struct Checkpoint {
    QString origin;
    TreeHead head;
    QByteArrayList extensions;

    /// What is signed.
    QByteArray text() const;
    /// Strict: no leading zero, no sign, no empty line, strict base64, at most maximumTreeSize. Invalid otherwise.
    static Result<Checkpoint> fromText(QByteArrayView text);
};

/// A witness that says it saw this tree head, consistent with all it had seen of the log, at that time.
struct Cosigned {
    QString witness;
    quint32 keyHash = 0;
    Instant at{};
};

/// A checkpoint whose log signature was verified.
struct SignedCheckpoint {
    Checkpoint checkpoint;
    QByteArray note;               ///< as it came
    QVector<Cosigned> cosigned;    ///< by the known witnesses only, verified

    const TreeHead &head() const { return checkpoint.head; }
};

/// Why a checkpoint is not one.
enum class CheckpointFault {
    None,
    Garbage,      ///< no signed note, or no checkpoint in it
    OtherOrigin,  ///< signed, but of another log
    BadSignature, ///< not signed by the log, or its signature does not verify
    KeySwapped,   ///< signed in the log's name by another key than the known one
};

struct ExaminedCheckpoint {
    CheckpointFault fault = CheckpointFault::None;
    QString words;                             ///< translated: what is wrong; empty when nothing is
    std::optional<SignedCheckpoint> opened;    ///< set when nothing is
    std::optional<Checkpoint> claimed;         ///< what it says, where that can be read; unproven
};
/// `log` is the pinned key, whose name is the origin. A wrong cosignature of a known witness refuses the whole (BadSignature).
ExaminedCheckpoint examineCheckpoint(QByteArrayView note, const crypto::NoteVerifier &log,
                                     std::span<const crypto::NoteVerifier> witnesses = {});
/// The same as a result: Invalid for garbage, Unauthorized otherwise.
Result<SignedCheckpoint> openCheckpoint(QByteArrayView note, const crypto::NoteVerifier &log,
                                        std::span<const crypto::NoteVerifier> witnesses = {});

/// The signed note of a checkpoint with further signatures, such as cosignatures, in their order.
QByteArray signCheckpoint(const Checkpoint &checkpoint, const crypto::NoteSigner &log, const QVector<NoteSignature> &more = {});

} // namespace parapet::transparency
