// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/verify/report.h"
#include "models/crypto/noteverifier.h"

namespace parapet::verify {

enum class DocumentKind { Certificate, ProofBundle, ConflictBundle, Checkpoint };

/// What a document is, by its content alone; a certificate when it is nothing else.
DocumentKind kindOf(QByteArrayView bytes);

/// Each of these: Invalid when the bytes are not readable as such a document at all; everything else is in the report. Without a
/// key a bundle is checked with the key that it names, and whose key that is stays unchecked.
Result<Checked> checkProofBundle(QByteArrayView bytes, const std::optional<crypto::NoteVerifier> &key);
Result<Checked> checkConflictBundle(QByteArrayView bytes, const std::optional<crypto::NoteVerifier> &key);
/// A bare signed checkpoint names no key.
Result<Checked> checkCheckpoint(QByteArrayView bytes, const crypto::NoteVerifier &key);

} // namespace parapet::verify
