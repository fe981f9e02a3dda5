// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/audit/auditlog.h"
#include "app/plane/audit/eventqueries.h"
#include "models/transparency/checkpoint.h"

namespace parapet::plane {

class Unit;

/// The log as C2SP tlog-tiles publishes it, read from the store's rows: signed checkpoints of durable heads, hash tiles, entry
/// bundles, and what witnesses say of checkpoints. Nothing beyond the last durable head is ever told, so that no checkpoint can be
/// taken back by a crash. Any thread, unless it says otherwise; waits for the disk.
class LogPublisher
{
public:
    /// `signer` is the log's key, by the log's name. `witnessFile` holds the verifier keys of witnesses whose cosignatures are taken
    /// (c2sp.org/signed-note, type 0x04), one a line; read at each cosignature, so that it can be changed while the plane runs.
    LogPublisher(EventQueries &queries, const AuditLog &log, crypto::NoteSigner signer, QString witnessFile);

    /// The newest durable head, signed, with the cosignatures of just that head.
    Result<QByteArray> checkpoint();
    /// The same of an earlier size. NotFound beyond the newest head.
    Result<QByteArray> checkpointAt(qint64 size);
    /// The bytes of a hash tile or an entry bundle. NotFound when the durable head has no such tile, or none as wide.
    Result<QByteArray> tile(const transparency::TileId &id);

    /// A cosignature that was checked.
    struct Cosignature {
        qint64 size = 0;
        QByteArray rootHash;
        transparency::NoteSignature signature;
        Instant at{};         ///< when the witness says that it signed
        Instant received{};
        QString principal;    ///< who brought it

        QByteArray json() const;
    };
    /// Checks a signature line (without its newline) of a registered witness over the checkpoint of `size`, and stores it in the
    /// caller's transaction. On the store's thread. NotFound beyond the durable head; Forbidden for a witness that is not registered;
    /// Invalid when it does not verify, or is of the future.
    Result<Cosignature> addCosignature(Unit &unit, qint64 size, const QString &line, const QString &principal);
    /// The newest `limit` ones, by size, as {"items":[…]}.
    Result<QByteArray> cosignatures(int limit);

private:
    Result<QVector<crypto::NoteVerifier>> witnesses() const;
    Result<transparency::TreeHead> headAt(storage::Database &database, qint64 size) const;
    Result<QByteArray> sign(storage::Database &database, const transparency::TreeHead &head) const;

    EventQueries &m_queries;
    const AuditLog &m_log;
    crypto::NoteSigner m_signer;
    QString m_witnessFile;
};

} // namespace parapet::plane
