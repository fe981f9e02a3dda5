// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/transparency/tile.h"

#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace parapet;
using namespace parapet::transparency;

class TestTile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void paths_data();
    void paths();
    void otherSpellingsAreRefused_data();
    void otherSpellingsAreRefused();
    void theSpecificationsTreeOf70000();
    void widths();
    void bundles();
    void damagedBundlesAreRefused();
};

void TestTile::paths_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<int>("level");
    QTest::addColumn<qint64>("index");
    QTest::addColumn<int>("width");
    // C2SP tlog-tiles, "Merkle Tree": index 1234067.
    QTest::newRow("the specification's") << u"tile/0/x001/x234/067"_s << 0 << qint64(1234067) << 256;
    // golang.org/x/mod, sumdb/tlog/tlog_test.go (tilePaths), without its tile height.
    QTest::newRow("one group") << u"tile/0/001"_s << 0 << qint64(1) << 256;
    QTest::newRow("partial") << u"tile/0/001.p/5"_s << 0 << qint64(1) << 5;
    QTest::newRow("three groups") << u"tile/5/x123/x456/078"_s << 5 << qint64(123456078) << 256;
    QTest::newRow("three groups, partial") << u"tile/5/x123/x456/078.p/2"_s << 5 << qint64(123456078) << 2;
    QTest::newRow("zeroes inside") << u"tile/0/x003/x057/500"_s << 0 << qint64(3057500) << 256;
    QTest::newRow("entries") << u"tile/entries/x003/x057/500"_s << -1 << qint64(3057500) << 256;
    QTest::newRow("entries, partial") << u"tile/entries/000.p/255"_s << -1 << qint64(0) << 255;
    QTest::newRow("the highest level") << u"tile/63/000.p/1"_s << 63 << qint64(0) << 1;
    QTest::newRow("a large index") << u"tile/0/x035/x184/x372/x088/831"_s << 0 << qint64(35184372088831) << 256;
}

void TestTile::paths()
{
    QFETCH(QString, path);
    QFETCH(int, level);
    QFETCH(qint64, index);
    QFETCH(int, width);
    const TileId id{level, index, width};
    QCOMPARE(id.path(), path);
    const Result<TileId> parsed = TileId::parse(path);
    QVERIFY(parsed);
    QCOMPARE(*parsed, id);
    QCOMPARE(id.full().path(), QString(path).section(u".p/"_s, 0, 0));
}

void TestTile::otherSpellingsAreRefused_data()
{
    QTest::addColumn<QString>("path");
    for (const char *path : {"", "tile", "tile/0", "tile/0/", "tile//000", "/tile/0/000", "tile/0/000/", "tile/0/0", "tile/0/00", "tile/0/0000",
                             "tile/0/123/456/078", "tile/-1/123", "tile/0/x123", "tile/0/x000/001", "tile/0/X001/000", "tile/64/000", "tile/00/000", "tile/01/000",
                             "tile/+1/000", "tile/0/000.p", "tile/0/000.p/", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p/1/2", "tile/0/.p/1",
                             "tile/0/000.P/1", "tile/data/000", "tile/entries", "tile/entries/1", "tile/entries/000.p/256", "tile/0/x999/x999/x999/x999/x999/x999/999",
                             "tile/0/00a", "tile/0/000 ", "tile/0/../000", "tile/0/%30", "tile/0/x001/x23/067", "entries/000", "tile/0/000.p/-1", "tile/0/000.p/999"})
        QTest::newRow(path) << QString::fromLatin1(path);
    QTest::newRow("Arabic digits") << u"tile/0/\u0660\u0661\u0662"_s;
    QTest::newRow("very long") << u"tile/0/"_s + QString(u"x001/"_s).repeated(5000) + u"000"_s;
}

void TestTile::otherSpellingsAreRefused()
{
    QFETCH(QString, path);
    QVERIFY(!TileId::parse(path));
}

// C2SP tlog-tiles, "Partial Tiles": 273 full tiles of level 0 and one 112 wide, one full of level 1 and one 17 wide, one of level 2
// that is 1 wide.
void TestTile::theSpecificationsTreeOf70000()
{
    QCOMPARE(tileWidth(0, 272, 70000), 256);
    QCOMPARE(tileWidth(0, 273, 70000), 112);
    QCOMPARE(tileWidth(0, 274, 70000), 0);
    QCOMPARE(tileWidth(1, 0, 70000), 256);
    QCOMPARE(tileWidth(1, 1, 70000), 17);
    QCOMPARE(tileWidth(2, 0, 70000), 1);
    QCOMPARE(tileWidth(3, 0, 70000), 0);
    QCOMPARE(tileWidth(TileId::entriesLevel, 273, 70000), 112);
    QCOMPARE(edgeTiles(70000), (QVector<TileId>{{0, 273, 112}, {1, 1, 17}, {2, 0, 1}}));
    // "a tree of size 256 will be represented by a full level 0 tile and a partial level 1 tile of width 1"
    QCOMPARE(edgeTiles(256), (QVector<TileId>{{1, 0, 1}}));
    QCOMPARE(edgeTiles(0), QVector<TileId>());
}

void TestTile::widths()
{
    for (const qint64 size : {qint64(1), qint64(255), qint64(256), qint64(257), qint64(65536), qint64(16777217), maximumTreeSize}) {
        for (int level = 0; level < 64; ++level) {
            const qint64 hashes = level < 7 ? size >> (8 * level) : 0;
            QCOMPARE(tileWidth(level, hashes / 256, size), int(hashes % 256));
            QCOMPARE(tileWidth(level, hashes / 256 + 1, size), 0);
            QCOMPARE(tileWidth(level, -1, size), 0);
            if (hashes >= 256)
                QCOMPARE(tileWidth(level, 0, size), 256);
        }
        QCOMPARE(tileHolding(0, size - 1, size).width, int((size - 1) % 256 + 1));
    }
}

void TestTile::bundles()
{
    QByteArray bundle;
    appendEntry(bundle, "one");
    appendEntry(bundle, "");
    appendEntry(bundle, QByteArray(maximumEntry, 'x'));
    QCOMPARE(bundle.first(7), QByteArray("\0\3one\0\0", 7));
    const auto entries = entriesOf(bundle, 3);
    QVERIFY(entries);
    QCOMPARE(entries->at(0).toByteArray(), QByteArray("one"));
    QVERIFY(entries->at(1).isEmpty());
    QCOMPARE(entries->at(2).size(), maximumEntry);
}

void TestTile::damagedBundlesAreRefused()
{
    QByteArray bundle;
    appendEntry(bundle, "one");
    appendEntry(bundle, "two");
    QVERIFY(entriesOf(bundle, 2));
    QVERIFY(!entriesOf(bundle, 1));
    QVERIFY(!entriesOf(bundle, 3));
    QVERIFY(!entriesOf(bundle, 0));
    QVERIFY(!entriesOf(bundle, 257));
    QVERIFY(!entriesOf(bundle, -1));
    for (qsizetype size = 0; size < bundle.size(); ++size)
        QVERIFY(!entriesOf(bundle.first(size), 2));
    QVERIFY(!entriesOf(bundle + '\0', 2));
    QVERIFY(!entriesOf(QByteArray("\xff\xff" "short"), 1));
}

QTEST_GUILESS_MAIN(TestTile)
#include "tst_tile.moc"
