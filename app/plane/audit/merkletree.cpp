// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/audit/merkletree.h"

#include <QtCore/QCoreApplication>

#include <openssl/evp.h>

#include <cstring>

namespace parapet::plane {

namespace {

/// One digest context a thread: fetching the algorithm for each node would cost more than hashing it.
class MerkleHasher
{
public:
    MerkleHasher() : m_digest(EVP_MD_fetch(nullptr, "SHA256", nullptr)), m_context(EVP_MD_CTX_new()) {}
    ~MerkleHasher()
    {
        EVP_MD_CTX_free(m_context);
        EVP_MD_free(m_digest);
    }
    MerkleHasher(const MerkleHasher &) = delete;
    MerkleHasher &operator=(const MerkleHasher &) = delete;

    void begin() { EVP_DigestInit_ex2(m_context, m_digest, nullptr); }
    void add(const void *bytes, size_t size) { EVP_DigestUpdate(m_context, bytes, size); }
    Hash end()
    {
        Hash out;
        EVP_DigestFinal_ex(m_context, out.data(), nullptr);
        return out;
    }

private:
    EVP_MD *m_digest;
    EVP_MD_CTX *m_context;
};

MerkleHasher &merkleHasher()
{
    thread_local MerkleHasher hasher;
    return hasher;
}

Hash merkleHashAt(const char *bytes)
{
    Hash hash;
    std::memcpy(hash.data(), bytes, hash.size());
    return hash;
}

void merkleAppend(QByteArray &to, const Hash &hash)
{
    to.append(reinterpret_cast<const char *>(hash.data()), qsizetype(hash.size()));
}

} // namespace

Hash leafHash(QByteArrayView entry)
{
    MerkleHasher &hasher = merkleHasher();
    hasher.begin();
    hasher.add("\x00", 1);
    hasher.add(entry.data(), size_t(entry.size()));
    return hasher.end();
}

Hash nodeHash(const Hash &left, const Hash &right)
{
    // One update over one buffer: three would be slower than the compression itself.
    unsigned char buffer[65];
    buffer[0] = 1;
    std::memcpy(buffer + 1, left.data(), 32);
    std::memcpy(buffer + 33, right.data(), 32);
    MerkleHasher &hasher = merkleHasher();
    hasher.begin();
    hasher.add(buffer, sizeof buffer);
    return hasher.end();
}

Hash emptyRoot()
{
    MerkleHasher &hasher = merkleHasher();
    hasher.begin();
    return hasher.end();
}

QByteArray toBytes(const Hash &hash)
{
    return QByteArray(reinterpret_cast<const char *>(hash.data()), qsizetype(hash.size()));
}

Hash rootOfHashes(QByteArrayView hashes)
{
    const qsizetype count = hashes.size() / 32;
    if (count == 0)
        return emptyRoot();
    if (count == 1)
        return merkleHashAt(hashes.data());
    qsizetype split = 1;
    while (split * 2 < count)
        split *= 2;
    return nodeHash(rootOfHashes(hashes.first(split * 32)), rootOfHashes(hashes.sliced(split * 32)));
}

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

} // namespace parapet::plane
