// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"
#include "models/crypto/key.h"

namespace parapet::crypto {

/// What a key of signed notes signs, by its signature type byte (c2sp.org/signed-note: signature types).
enum class NoteAlgorithm : unsigned char {
    Ed25519 = 0x01,     ///< the note's text
    Cosignature = 0x04, ///< a time and the text: a witness's cosignature/v1 (c2sp.org/tlog-cosignature)
};

/// Whether a key may have this name: not empty, no Unicode space, no plus, no control character.
bool isNoteKeyName(QStringView name);

/// A key that verifies C2SP signed notes, in its text form "name+hash+base64" (c2sp.org/signed-note: verifier keys).
/// hash = first 4 bytes of SHA-256(name ‖ 0x0A ‖ algorithm ‖ key), in 8 hex digits; base64 of algorithm ‖ the 32 Ed25519 bytes.
struct NoteVerifier {
    QString name;
    PublicKey key;
    NoteAlgorithm algorithm = NoteAlgorithm::Ed25519;

    /// Invalid when the name is empty or holds a space or a plus, or when the key is not Ed25519.
    static Result<NoteVerifier> make(const QString &name, const PublicKey &key, NoteAlgorithm algorithm = NoteAlgorithm::Ed25519);
    /// Invalid too for a key of another algorithm than the one expected: a witness's key never passes for a log's.
    static Result<NoteVerifier> parse(const QString &text, NoteAlgorithm algorithm = NoteAlgorithm::Ed25519);

    quint32 keyHash() const;
    QString text() const;
    friend bool operator==(const NoteVerifier &a, const NoteVerifier &b)
    {
        return a.name == b.name && a.algorithm == b.algorithm && a.key == b.key;
    }
};

/// A key that signs notes, in its text form "PRIVATE+KEY+name+hash+base64" (golang.org/x/mod/sumdb/note: generating keys), base64
/// of algorithm ‖ the 32-byte Ed25519 seed. The text is a secret.
struct NoteSigner {
    QString name;
    PrivateKey key;
    NoteAlgorithm algorithm = NoteAlgorithm::Ed25519;

    /// Invalid as NoteVerifier's.
    static Result<NoteSigner> make(const QString &name, const PrivateKey &key, NoteAlgorithm algorithm = NoteAlgorithm::Ed25519);
    static Result<NoteSigner> parse(const QString &text, NoteAlgorithm algorithm = NoteAlgorithm::Ed25519);

    NoteVerifier verifier() const { return {name, key.publicKey(), algorithm}; }
    QString text() const;
};

} // namespace parapet::crypto
