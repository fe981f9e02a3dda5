// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/transparency/proof.h"
#include "models/transparency/tile.h"

#include <QtCore/QCache>

#include <memory>
#include <mutex>

namespace parapet::transparency {

/// What a checkpoint says of the tree.
struct TreeHead {
    qint64 size = 0;
    Hash root = emptyRoot();
    friend bool operator==(const TreeHead &, const TreeHead &) = default;
};

/// Full hash tiles as they came, kept in memory over several tree heads, least recently used out first. Nothing in it is
/// trusted: each reader proves what it takes against its own head. Any thread.
class TileCache
{
public:
    /// 8 KiB a tile.
    explicit TileCache(qsizetype tiles = 2048) : m_tiles(tiles) {}

    QByteArray find(const TileId &id);
    void insert(const TileId &id, const QByteArray &hashes);
    void remove(const TileId &id);

private:
    std::mutex m_lock;
    QCache<TileId, QByteArray> m_tiles;
};

/// Reads a published log through its tiles, of which none is believed before it is proven: the partial tiles of the edge make
/// the signed root; a full tile's root is a hash in the tile above it, up to one of those. Not thread-safe; does not fetch:
///
///   while (!(missing = reader.missingForInclusion(index)).isEmpty()) fetch each, then reader.add(id, bytes);
///   reader.inclusionProof(index)
///
/// Errors: Invalid for what is not in the tree; NotFound when a tile has not been added; Protocol when a tile is not what the
/// head says: its path is then in `detail`, it is in refuted(), and it is asked for again. Protocol errors are evidence of a log that was
/// altered, if it came over a connection that is trusted.
class TileReader
{
public:
    explicit TileReader(TreeHead head, std::shared_ptr<TileCache> cache = std::make_shared<TileCache>());

    const TreeHead &head() const { return m_head; }

    /// What must be fetched before the question of the same name can be answered, top level first; empty when all is there.
    QVector<TileId> missingForEdge() const;
    /// At most a million leaves at once: older proven leaf tiles are let go, so that browsing does not fill the memory.
    QVector<TileId> missingForLeaves(qint64 from, qint64 to) const;
    QVector<TileId> missingForInclusion(qint64 index) const;
    QVector<TileId> missingForRoot(qint64 size) const;
    QVector<TileId> missingForConsistency(qint64 size) const;
    /// For the hashes of some ranges: all the others are this.
    QVector<TileId> missingFor(std::span<const LeafRange> ranges) const;

    /// Takes a fetched hash tile: one that was asked for, or the full one in its place (TileId::full()). Protocol when its length
    /// is wrong; whether it is true is seen when it is used.
    Status add(const TileId &id, const QByteArray &bytes);

    /// That the head is the root of its own tree's edge.
    Status proveEdge();
    /// The proven hash of a leaf.
    Result<Hash> leaf(qint64 index);
    /// That the leaf has this hash. Protocol, naming the leaf, when it has another.
    Status proveLeaf(qint64 index, const Hash &hash);
    /// RFC 9162 §2.1.3.1 and §2.1.4.1, made from proven tiles and checked against the head.
    Result<QVector<Hash>> inclusionProof(qint64 index);
    Result<QVector<Hash>> consistencyProof(qint64 size);
    /// The root that this log had at an earlier size.
    Result<Hash> rootAt(qint64 size);
    /// The hash of any range that nodesOf() takes.
    Result<Hash> hashOf(LeafRange range);

    /// The entries of a fetched bundle, each proven. Views into `bytes`. Needs the bundle's tile of level 0 (missingForLeaves).
    /// Protocol, naming the entry, when one is not what the tree says.
    Result<QVector<QByteArrayView>> proveEntries(const TileId &bundle, QByteArrayView bytes);

    /// That one tile of this tree is what the head says.
    Status proveTile(const TileId &id);
    /// The tiles that this one is proven by, itself included: those above it, and the edge.
    QVector<TileId> witnessesOf(const TileId &id) const;
    /// A tile as it was fetched, proven or not; empty when it is not here.
    QByteArray bytesOf(const TileId &id) const;

    /// Tiles that were fetched and are not what the head says, as they came, newest last; at most 8.
    struct Refuted {
        TileId id;
        QByteArray bytes;
    };
    const QVector<Refuted> &refuted() const { return m_refuted; }

private:
    TileId idHere(int level, qint64 index) const { return {level, index, tileWidth(level, index, m_head.size)}; }
    Result<QByteArray> proven(const TileId &id);
    Failure refute(const TileId &id, const QByteArray &bytes);
    Result<Hash> hashOf(const Node &node);

    TreeHead m_head;
    std::shared_ptr<TileCache> m_cache;
    QHash<TileId, QByteArray> m_proven;
    mutable QHash<TileId, QByteArray> m_fetched; ///< not proven yet; what a cache had is held here once it was counted as not missing
    int m_leafTiles = 0;                         ///< full tiles of level 0 among m_proven
    QVector<Refuted> m_refuted;
    bool m_edgeProven = false;
};

} // namespace parapet::transparency
