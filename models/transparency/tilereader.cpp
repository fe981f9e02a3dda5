// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/transparency/tilereader.h"

#include "models/transparency/merkletree.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QSet>

#include <cstring>

namespace parapet::transparency {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype refutedKept = 8;
/// 32 MiB of hashes: a million leaves.
constexpr int leafTilesKept = 4096;

QString readerText(const char *text)
{
    return QCoreApplication::translate("transparency", text);
}

Failure notInTree()
{
    return fail(Error::Code::Invalid, readerText("That is not within the log."));
}

Hash hashAt(const QByteArray &hashes, qint64 place)
{
    Hash hash;
    std::memcpy(hash.data(), hashes.constData() + place * 32, hash.size());
    return hash;
}

} // namespace

QByteArray TileCache::find(const TileId &id)
{
    const std::scoped_lock guard(m_lock);
    const QByteArray *found = m_tiles.object(id);
    return found ? *found : QByteArray();
}

void TileCache::insert(const TileId &id, const QByteArray &hashes)
{
    const std::scoped_lock guard(m_lock);
    m_tiles.insert(id, new QByteArray(hashes));
}

void TileCache::remove(const TileId &id)
{
    const std::scoped_lock guard(m_lock);
    m_tiles.remove(id);
}

TileReader::TileReader(TreeHead head, std::shared_ptr<TileCache> cache) : m_head(head), m_cache(std::move(cache))
{
    Q_ASSERT(head.size >= 0 && head.size <= maximumTreeSize);
}

QByteArray TileReader::bytesOf(const TileId &id) const
{
    if (const auto it = m_proven.constFind(id); it != m_proven.constEnd())
        return *it;
    if (const auto it = m_fetched.constFind(id); it != m_fetched.constEnd())
        return *it;
    return id.isFull() ? m_cache->find(id) : QByteArray();
}

QVector<TileId> TileReader::witnessesOf(const TileId &id) const
{
    QVector<TileId> tiles = edgeTiles(m_head.size);
    std::reverse(tiles.begin(), tiles.end());
    QVector<TileId> above;
    // Up to the first partial tile, which is one of the edge.
    for (TileId here = idHere(id.level, id.index); here.isFull(); here = idHere(here.level + 1, here.index / TileId::fullWidth))
        above.prepend(here);
    return tiles + above;
}

QVector<TileId> TileReader::missingFor(std::span<const LeafRange> ranges) const
{
    QVector<TileId> missing;
    QSet<TileId> seen;
    const auto need = [&](const TileId &id) {
        if (seen.contains(id))
            return;
        seen.insert(id);
        const QByteArray bytes = bytesOf(id);
        if (bytes.isEmpty())
            missing.append(id);
        else if (!m_proven.contains(id))
            m_fetched.insert(id, bytes);
    };
    if (!m_edgeProven) {
        for (const TileId &id : edgeTiles(m_head.size))
            need(id);
    }
    for (const LeafRange range : ranges) {
        if (range.from < 0 || range.to > m_head.size)
            continue;
        for (const Node &node : nodesOf(range)) {
            const int level = node.level / 8;
            TileId id = tileHolding(level, node.index << (node.level % 8), m_head.size);
            for (; id.isFull() && !seen.contains(id); id = idHere(id.level + 1, id.index / TileId::fullWidth))
                need(id);
            need(id);
        }
    }
    std::stable_sort(missing.begin(), missing.end(), [](const TileId &a, const TileId &b) { return a.level > b.level; });
    return missing;
}

QVector<TileId> TileReader::missingForEdge() const
{
    return missingFor({});
}

QVector<TileId> TileReader::missingForLeaves(qint64 from, qint64 to) const
{
    QVector<LeafRange> ranges;
    for (qint64 at = std::max<qint64>(from, 0); at < std::min(to, m_head.size); at = (at / TileId::fullWidth + 1) * TileId::fullWidth)
        ranges.append({at, at + 1});
    return missingFor(ranges);
}

QVector<TileId> TileReader::missingForInclusion(qint64 index) const
{
    if (index < 0 || index >= m_head.size)
        return {};
    QVector<LeafRange> ranges = inclusionRanges(index, m_head.size);
    ranges.append({index, index + 1});
    return missingFor(ranges);
}

QVector<TileId> TileReader::missingForRoot(qint64 size) const
{
    const LeafRange range{0, size};
    return missingFor({&range, 1});
}

QVector<TileId> TileReader::missingForConsistency(qint64 size) const
{
    if (size < 0 || size > m_head.size)
        return {};
    QVector<LeafRange> ranges = consistencyRanges(size, m_head.size);
    ranges.append({0, size});
    return missingFor(ranges);
}

Status TileReader::add(const TileId &id, const QByteArray &bytes)
{
    const TileId here = id.isEntries() ? TileId{0, 0, 0} : idHere(id.level, id.index);
    if (here.width == 0 || (id != here && id != here.full())) {
        return fail(Error::Code::Protocol, readerText("The log answered with a tile that its checkpoint has no place for."), id.path());
    }
    if (bytes.size() != qsizetype(id.width) * 32) {
        m_refuted.append({id, bytes});
        m_refuted = m_refuted.mid(std::max<qsizetype>(0, m_refuted.size() - refutedKept));
        return fail(Error::Code::Protocol, readerText("The log's tile %1 is of the wrong length.").arg(id.path()), id.path());
    }
    if (!m_proven.contains(here))
        m_fetched.insert(here, bytes.first(here.width * 32));
    return {};
}

Failure TileReader::refute(const TileId &id, const QByteArray &bytes)
{
    m_fetched.remove(id);
    m_cache->remove(id);
    m_refuted.append({id, bytes});
    m_refuted = m_refuted.mid(std::max<qsizetype>(0, m_refuted.size() - refutedKept));
    return fail(Error::Code::Protocol,
                readerText("The log's tile %1 is not what its signed checkpoint says: the log was altered.").arg(id.path()), id.path());
}

Status TileReader::proveEdge()
{
    if (m_edgeProven)
        return {};
    QVector<Tile> tiles;
    for (const TileId &id : edgeTiles(m_head.size)) {
        const auto found = m_fetched.constFind(id);
        if (found == m_fetched.constEnd())
            return fail(Error::Code::NotFound, readerText("A tile of the log is not there yet."), id.path(), true);
        tiles.append({id.level, id.index, *found});
    }
    const Result<MerkleTree> tree = MerkleTree::fromEdge(m_head.size, tiles);
    if (tree && tree->root() == m_head.root) {
        for (const TileId &id : edgeTiles(m_head.size))
            m_proven.insert(id, m_fetched.take(id));
        m_edgeProven = true;
        return {};
    }
    // Which one of them it is cannot be told.
    QStringList paths;
    for (const Tile &tile : tiles) {
        const TileId id = idHere(tile.level, tile.index);
        paths.append(id.path());
        (void)refute(id, tile.hashes);
    }
    return fail(Error::Code::Protocol, readerText("The log's newest tiles do not have the root that its checkpoint signs: the log was altered."),
                paths.join(u' '));
}

Result<QByteArray> TileReader::proven(const TileId &id)
{
    if (Status edge = proveEdge(); !edge)
        return fail(edge.error());
    if (const auto it = m_proven.constFind(id); it != m_proven.constEnd())
        return *it;
    if (id.width == 0)
        return notInTree();
    const QByteArray bytes = bytesOf(id);
    if (bytes.isEmpty())
        return fail(Error::Code::NotFound, readerText("A tile of the log is not there yet."), id.path(), true);
    const Result<QByteArray> above = proven(idHere(id.level + 1, id.index / TileId::fullWidth));
    if (!above)
        return fail(above.error());
    if (rootOfHashes(bytes) != hashAt(*above, id.index % TileId::fullWidth))
        return refute(id, bytes);
    m_fetched.remove(id);
    if (id.level == 0 && ++m_leafTiles > leafTilesKept) {
        m_proven.removeIf([](const auto &tile) { return tile.key().level == 0 && tile.key().isFull(); });
        m_leafTiles = 1;
    }
    m_proven.insert(id, bytes);
    m_cache->insert(id, bytes);
    return bytes;
}

Status TileReader::proveTile(const TileId &id)
{
    const Result<QByteArray> tile = proven(idHere(id.level, id.index));
    return tile ? Status() : fail(tile.error());
}

Result<Hash> TileReader::hashOf(const Node &node)
{
    const int within = node.level % 8;
    const qint64 position = node.index << within;
    const Result<QByteArray> tile = proven(tileHolding(node.level / 8, position, m_head.size));
    if (!tile)
        return fail(tile.error());
    const qsizetype from = position % TileId::fullWidth * 32, size = qsizetype(32) << within;
    if (from + size > tile->size())
        return notInTree();
    return rootOfHashes(QByteArrayView(*tile).sliced(from, size));
}

Result<Hash> TileReader::hashOf(LeafRange range)
{
    if (range.from < 0 || range.to < range.from || range.to > m_head.size)
        return notInTree();
    QVector<Hash> hashes;
    for (const Node &node : nodesOf(range)) {
        const Result<Hash> hash = hashOf(node);
        if (!hash)
            return fail(hash.error());
        hashes.append(*hash);
    }
    return foldNodes(hashes);
}

Result<Hash> TileReader::leaf(qint64 index)
{
    return hashOf(LeafRange{index, index + 1});
}

Status TileReader::proveLeaf(qint64 index, const Hash &hash)
{
    const Result<Hash> there = leaf(index);
    if (!there)
        return fail(there.error());
    if (*there != hash) {
        return fail(Error::Code::Protocol, readerText("Event %1 is not what the log's signed checkpoint says: it was altered.").arg(index),
                    u"leaf %1"_s.arg(index));
    }
    return {};
}

Result<QVector<Hash>> TileReader::inclusionProof(qint64 index)
{
    const Result<Hash> hash = leaf(index);
    if (!hash)
        return fail(hash.error());
    QVector<Hash> path;
    for (const LeafRange range : inclusionRanges(index, m_head.size)) {
        const Result<Hash> sibling = hashOf(range);
        if (!sibling)
            return fail(sibling.error());
        path.append(*sibling);
    }
    if (Status holds = verifyInclusion(index, m_head.size, *hash, path, m_head.root); !holds)
        return fail(holds.error());
    return path;
}

Result<Hash> TileReader::rootAt(qint64 size)
{
    // Also for the head's own size: from its tiles, not from its word.
    if (Status edge = proveEdge(); !edge)
        return fail(edge.error());
    return hashOf(LeafRange{0, size});
}

Result<QVector<Hash>> TileReader::consistencyProof(qint64 size)
{
    const Result<Hash> root = rootAt(size);
    if (!root)
        return fail(root.error());
    QVector<Hash> path;
    for (const LeafRange range : consistencyRanges(size, m_head.size)) {
        const Result<Hash> hash = hashOf(range);
        if (!hash)
            return fail(hash.error());
        path.append(*hash);
    }
    if (Status holds = verifyConsistency(size, m_head.size, path, *root, m_head.root); !holds)
        return fail(holds.error());
    return path;
}

Result<QVector<QByteArrayView>> TileReader::proveEntries(const TileId &bundle, QByteArrayView bytes)
{
    const TileId tile = idHere(0, bundle.index);
    if (!bundle.isEntries() || tile.width == 0 || (bundle.width != tile.width && !bundle.isFull()))
        return notInTree();
    const Result<QByteArray> hashes = proven(tile);
    if (!hashes)
        return fail(hashes.error());
    Result<QVector<QByteArrayView>> entries = entriesOf(bytes, bundle.width);
    if (!entries)
        return entries;
    // A full bundle in place of a partial one has more than this head covers.
    entries->resize(tile.width);
    const QByteArray found = leafHashes(*entries);
    for (int i = 0; i < tile.width; ++i) {
        if (std::memcmp(found.constData() + i * 32, hashes->constData() + i * 32, 32) != 0) {
            const qint64 index = tile.index * TileId::fullWidth + i;
            return fail(Error::Code::Protocol,
                        readerText("Event %1 is not what the log's signed checkpoint says: it was altered.").arg(index), u"leaf %1"_s.arg(index));
        }
    }
    return entries;
}

} // namespace parapet::transparency
