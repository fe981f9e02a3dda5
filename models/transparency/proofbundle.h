// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/transparency/checkpoint.h"

namespace parapet::transparency {

/// Events with the proof that each is in the log that a checkpoint signs. Canonical JSON, resources/formats/proof-bundle.md.
struct ProofBundle {
    static constexpr qsizetype maximumBytes = 256 << 20;
    static constexpr qsizetype maximumRows = 100'000;

    struct Row {
        qint64 index = 0;
        QByteArray leaf;      ///< exactly as it was hashed
        QVector<Hash> path;   ///< RFC 9162 §2.1.3.1
    };

    QString log;              ///< the verifier key that the exporter had pinned: a claim, never a reason to trust
    QByteArray checkpoint;    ///< a signed note
    QString query;            ///< the filter whose matches these are; may be empty. A claim of the exporter
    QVector<Row> rows;        ///< ascending by index, none twice

    QByteArray toBytes() const;
    /// Strict and canonical, bounded. Invalid otherwise.
    static Result<ProofBundle> fromBytes(QByteArrayView text);

    /// That `log` signed the checkpoint and that every row is in its tree. Unauthorized, or Invalid naming the row. It does not
    /// show that these are all rows that match. The checkpoint as opened, for its size and cosignatures.
    Result<SignedCheckpoint> verify(const crypto::NoteVerifier &log, std::span<const crypto::NoteVerifier> witnesses = {}) const;
};

} // namespace parapet::transparency
