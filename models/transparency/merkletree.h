// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/transparency/hash.h"

#include <vector>

namespace parapet::transparency {

/// One hash tile as tlog-tiles lays it out: tile `index` of tile level `level` holds `width` hashes (1 to 256) of the tree level
/// 8·level, from left to right, 32 bytes each (C2SP tlog-tiles, "Merkle Tree"). A tile of 256 never changes again.
struct Tile {
    int level = 0;
    qint64 index = 0;
    QByteArray hashes;
    int width() const { return int(hashes.size() / 32); }
};

/// The growing edge of a Merkle tree (RFC 6962): appends leaves, tells the root, and which tiles changed. It holds one tile a tile
/// level, never the tree. Not thread-safe.
class MerkleTree
{
public:
    static constexpr int tileWidth = 256;

    MerkleTree() = default;

    /// Takes up a stored tree: `edge` holds, for each tile level whose last tile is partial, that tile. Error Storage when they
    /// do not fit `size`.
    static Result<MerkleTree> fromEdge(qint64 size, const QVector<Tile> &edge);

    /// Which partial tiles fromEdge needs for a tree of that size: (level, index, width), lowest level first.
    struct EdgeTile { int level; qint64 index; int width; };
    static QVector<EdgeTile> edgeOf(qint64 size);

    void append(const Hash &leaf);
    qint64 size() const { return m_size; }
    Hash root() const;

    /// The tiles that appends changed since the last call, each once, as they are now.
    QVector<Tile> takeChangedTiles();

private:
    void push(size_t level, const Hash &hash);

    qint64 m_size = 0;
    std::vector<QByteArray> m_partial; ///< by tile level: the hashes of the last, incomplete tile
    std::vector<Hash> m_peaks;         ///< roots of the perfect subtrees, largest first: one for each set bit of the size
    std::vector<bool> m_dirty;         ///< by tile level: the partial tile changed
    QVector<Tile> m_completed;
};

} // namespace parapet::transparency
