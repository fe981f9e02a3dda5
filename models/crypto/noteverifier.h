// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"
#include "models/crypto/key.h"

namespace parapet::crypto {

/// A key that verifies C2SP signed notes, in its text form "name+hash+base64" (c2sp.org/signed-note: verifier keys).
/// hash = first 4 bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key), in 8 hex digits; base64 of 0x01 ‖ the 32 Ed25519 bytes.
struct NoteVerifier {
    QString name;
    PublicKey key;

    /// Invalid when the name is empty or holds a space or a plus, or when the key is not Ed25519.
    static Result<NoteVerifier> make(const QString &name, const PublicKey &key);
    static Result<NoteVerifier> parse(const QString &text);

    quint32 keyHash() const;
    QString text() const;
    friend bool operator==(const NoteVerifier &a, const NoteVerifier &b) { return a.name == b.name && a.key == b.key; }
};

} // namespace parapet::crypto
