// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/verify/logsource.h"
#include "app/verify/report.h"

namespace parapet::verify {

/// A new key of a witness (Ed25519, cosignature/v1) in a new file that its owner alone can read. An empty name: one that says nothing of
/// machine or person. Conflict when the file is there already, Invalid for a name that no key can have.
Result<crypto::NoteVerifier> makeWitnessKey(const QString &file, const QString &name);
Result<crypto::NoteSigner> readWitnessKey(const QString &file);

/// One cosignature of a log's newest checkpoint (C2SP tlog-cosignature), made by the rules of C2SP tlog-witness: only when the tree that
/// was cosigned last is proven to be its beginning, and only after it became durable that it is cosigned now.
class Witness
{
public:
    /// Hands the signature line, without its newline, to the log.
    using Send = std::function<Status(qint64 size, const QString &line)>;

    /// What it cosigned is kept in `folder` (KeptCheckpoints). Without `send` the line is only in the report.
    Witness(crypto::NoteSigner signer, crypto::NoteVerifier log, QString folder, Send send)
        : m_signer(std::move(signer)), m_log(std::move(log)), m_folder(std::move(folder)), m_send(std::move(send))
    {
    }

    /// An error means that nothing was decided, or that the log did not take the cosignature: running it again is safe.
    Result<Checked> cosign(const LogSource &source, const Clock &clock);
    /// The evidence when the log contradicts what was cosigned before.
    const std::optional<transparency::ConflictBundle> &conflict() const { return m_conflict; }

private:
    crypto::NoteSigner m_signer;
    crypto::NoteVerifier m_log;
    QString m_folder;
    Send m_send;
    std::optional<transparency::ConflictBundle> m_conflict;
};

} // namespace parapet::verify
