// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/transparency/hash.h"

#include <QtCore/QHashFunctions>
#include <QtCore/QString>

namespace parapet::transparency {

/// The name of a hash tile or an entry bundle: C2SP tlog-tiles. A full one is 256 wide and never changes.
struct TileId {
    static constexpr int fullWidth = 256;
    static constexpr int entriesLevel = -1;

    int level = 0;         ///< 0 to 63: the tile's hashes are nodes of tree level 8·level; entriesLevel: an entry bundle
    qint64 index = 0;
    int width = fullWidth; ///< 1 to 256

    bool isEntries() const { return level == entriesLevel; }
    bool isFull() const { return width == fullWidth; }
    /// The same one when it will have become full: what to ask for when a partial one is no longer there.
    TileId full() const { return {level, index, fullWidth}; }

    /// "tile/0/x001/x234/067", "tile/1/000.p/17", "tile/entries/000.p/3".
    QString path() const;
    /// The exact opposite of path(). Invalid for any other spelling: leading zeroes, missing groups, a width of 0 or 256.
    static Result<TileId> parse(QStringView path);

    friend bool operator==(const TileId &, const TileId &) = default;
    friend size_t qHash(const TileId &id, size_t seed = 0) { return qHashMulti(seed, id.level, id.index, id.width); }
};

/// How many hashes a tile has in a tree of `size` leaves: 0 where there is none. Entry bundles are as wide as their tile of level 0.
int tileWidth(int level, qint64 index, qint64 size);

/// The tile that holds hash `position` of tile level `level` in a tree of that size.
TileId tileHolding(int level, qint64 position, qint64 size);

/// The partial tiles of a tree, lowest level first: their hashes alone make its root. None for a tree of no leaves.
QVector<TileId> edgeTiles(qint64 size);

/// The entries of a bundle: big-endian uint16 length, then that many bytes, for each (C2SP tlog-tiles, "Log entries").
/// Invalid unless there are exactly `width` of them (1 to 256) and nothing behind. The views point into `bundle`.
Result<QVector<QByteArrayView>> entriesOf(QByteArrayView bundle, int width);
/// Appends one entry of at most maximumEntry bytes.
void appendEntry(QByteArray &bundle, QByteArrayView entry);

} // namespace parapet::transparency
