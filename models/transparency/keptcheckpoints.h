// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/transparency/follower.h"

namespace parapet::transparency {

/// The checkpoints that this machine keeps, a small file for each log in a private folder (resources/formats/kept-checkpoint.md).
/// Written whole or not at all; never replaced by a smaller one, nor by another one of the same size. Several processes may
/// share the folder. Waits for the disk; any thread.
class KeptCheckpoints
{
public:
    explicit KeptCheckpoints(QString folder) : m_folder(std::move(folder)) {}

    /// Nothing when none was kept yet. Storage when the file is damaged, or its signature is not of `log`: never taken for "none".
    Result<std::optional<KeptCheckpoint>> read(const crypto::NoteVerifier &log) const;

    /// Keeps a checkpoint that a Follower found good beside `basis` (what it resumed from; nothing: none). Unauthorized or Invalid when
    /// `log` did not sign it; Conflict when the log would go back, or when another process kept another one than `basis`
    /// meanwhile: read again and judge anew.
    Status keep(const crypto::NoteVerifier &log, const KeptCheckpoint &checkpoint, const std::optional<KeptCheckpoint> &basis) const;

    /// FOLDER/SHA-256 of the origin in hex.json
    QString pathOf(const QString &origin) const;

private:
    QString m_folder;
};

} // namespace parapet::transparency
