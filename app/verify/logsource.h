// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/transparency/follower.h"

#include <functional>

namespace parapet::verify {

/// Where a published log (C2SP tlog-tiles) is read from.
struct LogSource {
    /// What is going to be read.
    struct Wanted {
        QString path;
        qsizetype limit = 0;
    };

    /// The bytes at a path such as "checkpoint" or "tile/0/000.p/3"; cut after `limit` + 1 of them. NotFound when the log has no
    /// such thing, which is a statement of the log; any other error is not.
    std::function<Result<QByteArray>(const QString &path, qsizetype limit)> read;
    /// Says what will be read next, in that order, instead of what was said before: a source that is far away begins with it. May be
    /// empty.
    std::function<void(const QVector<Wanted> &next)> announce;
};

/// A folder that holds what a log publishes.
LogSource folderSource(const QString &folder);
/// The same source, whose reading ends as Cancelled once the program is interrupted.
LogSource interruptible(LogSource source);

constexpr qsizetype hashTileLimit = transparency::TileId::fullWidth * 32;
constexpr qsizetype bundleLimit = transparency::TileId::fullWidth * (2 + transparency::maximumEntry);

/// A tile or an entry bundle; where a partial one is gone, the full one in its place, and then `id` is that one's: a log may take partial
/// ones away once the full one is there (C2SP tlog-tiles, "Partial Tiles").
Result<QByteArray> readTile(const LogSource &source, transparency::TileId &id);

/// Lets the follower judge a checkpoint, with the tiles that it wants. An error is one of the source, and then nothing is judged.
Status judgeCheckpoint(transparency::Follower &follower, const LogSource &source, const QByteArray &note, Instant now);

} // namespace parapet::verify
