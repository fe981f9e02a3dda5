// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/transparency/merkletree.h"

#include <QtCore/QCoreApplication>

namespace parapet::transparency {

namespace {

void merkleAppend(QByteArray &to, const Hash &hash)
{
    to.append(reinterpret_cast<const char *>(hash.data()), qsizetype(hash.size()));
}

} // namespace

QVector<MerkleTree::EdgeTile> MerkleTree::edgeOf(qint64 size)
{
    QVector<EdgeTile> edge;
    int level = 0;
    for (qint64 hashes = size; hashes > 0; hashes /= tileWidth, ++level) {
        if (hashes % tileWidth != 0)
            edge.append({level, hashes / tileWidth, int(hashes % tileWidth)});
    }
    return edge;
}

Result<MerkleTree> MerkleTree::fromEdge(qint64 size, const QVector<Tile> &edge)
{
    MerkleTree tree;
    tree.m_size = size;
    for (const EdgeTile &needed : edgeOf(size)) {
        const auto found = std::find_if(edge.cbegin(), edge.cend(), [&](const Tile &tile) {
            return tile.level == needed.level && tile.index == needed.index;
        });
        if (found == edge.cend() || found->hashes.size() != needed.width * 32) {
            return fail(Error::Code::Storage, QCoreApplication::translate("audit", "The audit log's tree is incomplete."),
                        QStringLiteral("tile %1/%2 is not %3 hashes wide").arg(needed.level).arg(needed.index).arg(needed.width));
        }
        if (tree.m_partial.size() <= size_t(needed.level))
            tree.m_partial.resize(size_t(needed.level) + 1);
        tree.m_partial[size_t(needed.level)] = found->hashes;
    }
    tree.m_dirty.resize(tree.m_partial.size());
    // The peaks: from the top tile level down, and within a partial tile its perfect subtrees from left to right.
    for (size_t level = tree.m_partial.size(); level-- > 0;) {
        const QByteArrayView hashes = tree.m_partial[level];
        qsizetype from = 0;
        for (qsizetype span = tileWidth / 2; span > 0; span /= 2) {
            if ((hashes.size() / 32) & span) {
                tree.m_peaks.push_back(rootOfHashes(hashes.sliced(from * 32, span * 32)));
                from += span;
            }
        }
    }
    return tree;
}

void MerkleTree::push(size_t level, const Hash &hash)
{
    if (m_partial.size() <= level) {
        m_partial.resize(level + 1);
        m_dirty.resize(level + 1);
    }
    QByteArray &partial = m_partial[level];
    merkleAppend(partial, hash);
    m_dirty[level] = true;
    if (partial.size() < tileWidth * 32)
        return;
    const qint64 complete = m_size >> (8 * level);
    const Hash above = rootOfHashes(partial);
    m_completed.append({int(level), complete / tileWidth - 1, partial});
    m_dirty[level] = false;
    m_partial[level] = QByteArray(); // not `partial`: the next line may move the vector
    push(level + 1, above);
}

void MerkleTree::append(const Hash &leaf)
{
    Hash peak = leaf;
    for (qint64 bit = 1; m_size & bit; bit <<= 1) {
        peak = nodeHash(m_peaks.back(), peak);
        m_peaks.pop_back();
    }
    m_peaks.push_back(peak);
    ++m_size;
    push(0, leaf);
}

Hash MerkleTree::root() const
{
    if (m_peaks.empty())
        return emptyRoot();
    Hash root = m_peaks.back();
    for (size_t i = m_peaks.size() - 1; i-- > 0;)
        root = nodeHash(m_peaks[i], root);
    return root;
}

QVector<Tile> MerkleTree::takeChangedTiles()
{
    QVector<Tile> tiles = std::exchange(m_completed, {});
    for (size_t level = 0; level < m_partial.size(); ++level) {
        if (!m_dirty[level])
            continue;
        m_dirty[level] = false;
        if (!m_partial[level].isEmpty())
            tiles.append({int(level), (m_size >> (8 * level)) / tileWidth, m_partial[level]});
    }
    return tiles;
}

} // namespace parapet::transparency
