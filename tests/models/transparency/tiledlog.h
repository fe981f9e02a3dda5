// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/transparency/checkpoint.h"
#include "models/transparency/merkletree.h"

#include <QtCore/QMap>

namespace parapet::transparency {

/// A log in memory that publishes tiles as C2SP tlog-tiles says; its entries are "entry N " and its salt from `changedFrom` on.
class TiledLog
{
public:
    explicit TiledLog(QByteArray salt = {}, qint64 changedFrom = 0) : m_salt(std::move(salt)), m_changedFrom(changedFrom) {}

    void grow(qint64 size)
    {
        while (m_tree.size() < size)
            m_tree.append(leafHash(entry(m_tree.size())));
        for (const Tile &tile : m_tree.takeChangedTiles())
            m_tiles.insert({tile.level, tile.index}, tile.hashes);
    }

    QByteArray entry(qint64 index) const { return "entry " + QByteArray::number(index) + ' ' + (index >= m_changedFrom ? m_salt : QByteArray()); }
    QVector<QByteArray> entries(qint64 size) const
    {
        QVector<QByteArray> all;
        for (qint64 i = 0; i < size; ++i)
            all.append(entry(i));
        return all;
    }
    TreeHead head() const { return {m_tree.size(), m_tree.root()}; }
    TreeHead headAt(qint64 size) const
    {
        MerkleTree tree;
        while (tree.size() < size)
            tree.append(leafHash(entry(tree.size())));
        return {size, tree.root()};
    }

    /// What a server answers: the tile, or as much of it as the name says. Empty when there is none.
    QByteArray tile(const TileId &id) const
    {
        if (id.isEntries()) {
            QByteArray bundle;
            for (qint64 i = id.index * 256; i < id.index * 256 + id.width && i < m_tree.size(); ++i)
                appendEntry(bundle, entry(i));
            return bundle;
        }
        const QByteArray hashes = m_tiles.value({id.level, id.index});
        return hashes.size() >= id.width * 32 ? hashes.first(id.width * 32) : QByteArray();
    }

private:
    QByteArray m_salt;
    qint64 m_changedFrom;
    MerkleTree m_tree;
    QMap<std::pair<int, qint64>, QByteArray> m_tiles;
};

} // namespace parapet::transparency
