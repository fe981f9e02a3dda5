// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/verify/logsource.h"

namespace parapet::verify {

/// What a conflict bundle says besides what does not fit.
struct ConflictFrame {
    const crypto::NoteVerifier &log;
    QByteArray note; ///< the checkpoint that was read
    Instant at{};
    std::optional<transparency::KeptCheckpoint> before; ///< what was kept of an earlier run
};

/// Tiles that are not what the checkpoint says, or that the log does not have. Nothing when there are none.
std::optional<transparency::ConflictBundle> conflictOfTiles(const ConflictFrame &frame, const transparency::TileReader &reader,
                                                           const QVector<transparency::TileId> &missing);

/// The first entry of a bundle that is not what the checkpoint says. The tile above it was proven; the others that its proof needs are
/// read from the source. Nothing when the bundle cannot be taken apart, so that no single entry can be shown.
Result<std::optional<transparency::ConflictBundle>> conflictOfEntry(const ConflictFrame &frame, transparency::TileReader &reader,
                                                                    const LogSource &source, const transparency::TileId &bundle,
                                                                    const QByteArray &bytes);

/// Whether a log can have come to that state without its key: then the bundle is worth nothing to others, unless it was asked for.
bool isOfTheLog(transparency::Verdict verdict);

/// Writes it to `path`, or when that is empty to a new file of the current folder; never over another one. Where it was written.
Result<QString> writeConflict(const transparency::ConflictBundle &conflict, const QString &path);

} // namespace parapet::verify
