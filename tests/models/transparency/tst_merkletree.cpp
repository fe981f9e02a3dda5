// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/transparency/merkletree.h"

#include <QtCore/QMap>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace parapet;
using namespace parapet::transparency;

namespace {

/// MTH of RFC 6962 §2.1, letter by letter.
Hash slowRoot(const QVector<QByteArray> &leaves, qsizetype from, qsizetype count)
{
    if (count == 0)
        return emptyRoot();
    if (count == 1)
        return leafHash(leaves[from]);
    qsizetype split = 1;
    while (split * 2 < count)
        split *= 2;
    return nodeHash(slowRoot(leaves, from, split), slowRoot(leaves, from + split, count - split));
}

QVector<QByteArray> leavesOf(int count)
{
    QVector<QByteArray> leaves;
    for (int i = 0; i < count; ++i)
        leaves.append("entry " + QByteArray::number(i));
    return leaves;
}

} // namespace

class TestMerkleTree : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knownAnswers_data();
    void knownAnswers();
    void equalsTheDefinition_data();
    void equalsTheDefinition();
    void tilesAreThoseOfTlogTiles();
    void tellsOnlyWhatChanged();
    void takesUpAStoredEdge_data();
    void takesUpAStoredEdge();
    void refusesAnEdgeThatDoesNotFit();
};

// The reference vectors of the Certificate Transparency code base (merkletree tests): leaves and roots of the first eight trees.
void TestMerkleTree::knownAnswers_data()
{
    QTest::addColumn<int>("size");
    QTest::addColumn<QByteArray>("root");
    const char *const roots[] = {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                                 "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                 "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                 "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                 "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                 "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                 "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                 "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                 "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
    for (int size = 0; size <= 8; ++size)
        QTest::addRow("%d leaves", size) << size << QByteArray(roots[size]);
}

void TestMerkleTree::knownAnswers()
{
    QFETCH(int, size);
    QFETCH(QByteArray, root);
    const char *const leaves[] = {"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
    MerkleTree tree;
    for (int i = 0; i < size; ++i)
        tree.append(leafHash(QByteArray::fromHex(leaves[i])));
    QCOMPARE(toBytes(tree.root()).toHex(), root);
    QCOMPARE(tree.size(), size);
}

void TestMerkleTree::equalsTheDefinition_data()
{
    QTest::addColumn<int>("size");
    for (const int size : {1, 2, 3, 127, 255, 256, 257, 511, 512, 513, 1000, 4095, 65535, 65536, 65537, 65793})
        QTest::addRow("%d", size) << size;
}

void TestMerkleTree::equalsTheDefinition()
{
    QFETCH(int, size);
    const QVector<QByteArray> leaves = leavesOf(size);
    MerkleTree tree;
    for (const QByteArray &leaf : leaves)
        tree.append(leafHash(leaf));
    QCOMPARE(toBytes(tree.root()).toHex(), toBytes(slowRoot(leaves, 0, size)).toHex());
}

void TestMerkleTree::tilesAreThoseOfTlogTiles()
{
    const int size = 70000; // 273 full tiles and 112 hashes; then 1 full tile and 17 hashes; then 1 hash
    const QVector<QByteArray> leaves = leavesOf(size);
    MerkleTree tree;
    QMap<QPair<int, qint64>, QByteArray> tiles;
    for (int i = 0; i < size; ++i) {
        tree.append(leafHash(leaves[i]));
        if (i % 1000 == 999) {
            for (const Tile &tile : tree.takeChangedTiles())
                tiles[{tile.level, tile.index}] = tile.hashes;
        }
    }
    QCOMPARE(tiles.size(), 274 + 2 + 1);
    QCOMPARE(tiles.value({0, 273}).size(), 112 * 32);
    QCOMPARE(tiles.value({1, 1}).size(), 17 * 32);
    QCOMPARE(tiles.value({2, 0}).size(), 32);
    for (const int leaf : {0, 255, 256, 69999})
        QCOMPARE(tiles.value({0, leaf / 256}).mid(leaf % 256 * 32, 32), toBytes(leafHash(leaves[leaf])));
    for (const int node : {0, 1, 255, 272})
        QCOMPARE(tiles.value({1, node / 256}).mid(node % 256 * 32, 32), toBytes(slowRoot(leaves, node * 256, 256)));
    QCOMPARE(tiles.value({2, 0}), toBytes(slowRoot(leaves, 0, 65536)));
}

void TestMerkleTree::tellsOnlyWhatChanged()
{
    MerkleTree tree;
    QVERIFY(tree.takeChangedTiles().isEmpty());
    for (int i = 0; i < 256; ++i)
        tree.append(leafHash(QByteArray::number(i)));
    QVector<Tile> changed = tree.takeChangedTiles();
    QCOMPARE(changed.size(), 2); // the full one, and the first hash of the level above
    QCOMPARE(changed[0].width(), 256);
    QCOMPARE(changed[1].level, 1);
    QVERIFY(tree.takeChangedTiles().isEmpty());
    tree.append(leafHash("more"));
    changed = tree.takeChangedTiles();
    QCOMPARE(changed.size(), 1);
    QCOMPARE(changed[0].level, 0);
    QCOMPARE(changed[0].index, 1);
    QCOMPARE(changed[0].width(), 1);
}

void TestMerkleTree::takesUpAStoredEdge_data()
{
    QTest::addColumn<int>("size");
    for (const int size : {0, 1, 2, 255, 256, 257, 300, 65535, 65536, 66000, 131072 + 511})
        QTest::addRow("%d", size) << size;
}

void TestMerkleTree::takesUpAStoredEdge()
{
    QFETCH(int, size);
    MerkleTree tree;
    QMap<QPair<int, qint64>, Tile> stored;
    for (int i = 0; i < size; ++i)
        tree.append(leafHash(QByteArray::number(i)));
    for (const Tile &tile : tree.takeChangedTiles())
        stored[{tile.level, tile.index}] = tile;
    QVector<Tile> edge;
    for (const MerkleTree::EdgeTile &needed : MerkleTree::edgeOf(size))
        edge.append(stored.value({needed.level, needed.index}));
    Result<MerkleTree> again = MerkleTree::fromEdge(size, edge);
    QVERIFY(again);
    QCOMPARE(toBytes(again->root()), toBytes(tree.root()));
    for (int i = 0; i < 600; ++i) { // and goes on like the first
        tree.append(leafHash(QByteArray::number(size + i)));
        again->append(leafHash(QByteArray::number(size + i)));
    }
    QCOMPARE(toBytes(again->root()), toBytes(tree.root()));
    const QVector<Tile> one = tree.takeChangedTiles(), other = again->takeChangedTiles();
    QCOMPARE(one.size(), other.size());
    for (qsizetype i = 0; i < one.size(); ++i)
        QCOMPARE(one[i].hashes, other[i].hashes);
}

void TestMerkleTree::refusesAnEdgeThatDoesNotFit()
{
    MerkleTree tree;
    for (int i = 0; i < 300; ++i)
        tree.append(leafHash(QByteArray::number(i)));
    QVector<Tile> edge;
    for (const Tile &tile : tree.takeChangedTiles()) {
        if (tile.width() < 256)
            edge.append(tile);
    }
    QVERIFY(MerkleTree::fromEdge(300, edge));
    QVERIFY(!MerkleTree::fromEdge(301, edge));
    QVERIFY(!MerkleTree::fromEdge(299, edge));
    QVERIFY(!MerkleTree::fromEdge(300, edge.mid(1)));
    edge[0].hashes.chop(32);
    QVERIFY(!MerkleTree::fromEdge(300, edge));
}

QTEST_GUILESS_MAIN(TestMerkleTree)
#include "tst_merkletree.moc"
