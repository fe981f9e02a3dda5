// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/instant.h"
#include "models/crypto/noteverifier.h"

#include <QtCore/QVector>

#include <optional>
#include <span>

namespace parapet::transparency {

/// One signature line of a note: "— name base64(key hash ‖ signature)".
struct NoteSignature {
    QString name;
    quint32 keyHash = 0;
    QByteArray signature; ///< without the key hash

    /// With its newline.
    QByteArray line() const;
    /// Exactly one line with its newline. Invalid otherwise.
    static Result<NoteSignature> fromLine(QByteArrayView line);
    friend bool operator==(const NoteSignature &, const NoteSignature &) = default;
};

/// A text with signatures: C2SP signed-note. Nothing is verified by parsing.
struct Note {
    static constexpr qsizetype maximumBytes = 128 * 1024;
    static constexpr int maximumSignatures = 100; ///< at least 16 must be accepted

    QByteArray text; ///< ends in a newline
    QVector<NoteSignature> signatures;

    /// Strict: UTF-8, no control character but the newline, at least one signature, the limits above. Invalid otherwise.
    static Result<Note> parse(QByteArrayView bytes);
    QByteArray toBytes() const;
};

/// What one known key's signature of a note is worth.
enum class SignatureState {
    Absent,   ///< the key did not sign
    Verified, ///< all its signatures verify
    Wrong,    ///< one of its signatures does not: the note must be refused
};
SignatureState stateOf(const Note &note, const crypto::NoteVerifier &verifier);

/// Whether a signature of this key's verifies over a note's text: plain (0x01) or as a timestamped cosignature (0x04).
bool isSignatureOf(const crypto::NoteVerifier &verifier, QByteArrayView text, const NoteSignature &signature);

/// The signature of a text that ends in a newline, by a key of kind Ed25519 (not Cosignature).
NoteSignature signNote(const crypto::NoteSigner &signer, QByteArrayView text);

/// Opens a note that must be signed by at least one of `known`: unknown keys are ignored; one wrong signature of a known key refuses
/// the whole. Invalid when it is no note, Unauthorized when the signatures are not right.
struct OpenedNote {
    Note note;
    QVector<qsizetype> signedBy; ///< places in `known`, each once, ascending
};
Result<OpenedNote> openNote(QByteArrayView bytes, std::span<const crypto::NoteVerifier> known);

/// C2SP tlog-cosignature v1, Ed25519: big-endian 64-bit seconds since 1970, then 64 bytes over
/// "cosignature/v1\ntime N\n" and the note's text.
NoteSignature cosign(const crypto::NoteSigner &witness, QByteArrayView text, Instant at);
/// When a cosignature says that it was made. Nothing when it is none.
std::optional<Instant> cosignedAt(const NoteSignature &signature);

} // namespace parapet::transparency
