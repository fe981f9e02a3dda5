// SPDX-License-Identifier: GPL-3.0-or-later
// Reading a log through its tiles: what must be fetched, what is believed, and that no altered tile is.
#include "models/transparency/tilereader.h"

#include "tests/models/transparency/tiledlog.h"
#include "tests/support/slowproofs.h"

#include <QtCore/QRandomGenerator>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace parapet;
using namespace parapet::transparency;

namespace {

/// Fetches what is missing from a log; how many tiles that were.
int feed(TileReader &reader, const TiledLog &log, const std::function<QVector<TileId>()> &missing)
{
    int fetched = 0;
    for (QVector<TileId> ids = missing(); !ids.isEmpty() && fetched < 1000; ids = missing()) {
        for (const TileId &id : ids) {
            ++fetched;
            if (!reader.add(id, log.tile(id)))
                return fetched;
        }
    }
    return fetched;
}

} // namespace

class TestTileReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void proofsOfEverySize_data();
    void proofsOfEverySize();
    void nothingIsBelievedUnproven();
    void everyAlteredTileIsRefuted();
    void anAlteredEntryIsNamed();
    void aGrowingLogFetchesLittle();
    void theFullTileMayComeInAPartialOnesPlace();
    void whatIsNotInTheTree();
    void wrongLengthsAndPlaces();
    void theCacheIsNotTrusted();
};

void TestTileReader::proofsOfEverySize_data()
{
    QTest::addColumn<qint64>("size");
    for (const qint64 size : {1, 2, 3, 255, 256, 257, 511, 512, 513, 700, 65536, 65537, 70000})
        QTest::newRow(qPrintable(QString::number(size))) << qint64(size);
}

void TestTileReader::proofsOfEverySize()
{
    QFETCH(qint64, size);
    TiledLog log;
    log.grow(size);
    TileReader reader(log.head());
    QRandomGenerator random{quint32(size)};
    for (int round = 0; round < (size > 1000 ? 5 : 12); ++round) {
        const qint64 index = round == 0 ? 0 : round == 1 ? size - 1 : random.bounded(size);
        feed(reader, log, [&] { return reader.missingForInclusion(index); });
        const auto path = reader.inclusionProof(index);
        QVERIFY2(path, qPrintable(path ? QString() : path.error().message));
        QVERIFY(verifyInclusion(index, size, leafHash(log.entry(index)), *path, log.head().root));
        QVERIFY(reader.proveLeaf(index, leafHash(log.entry(index))));
        const Status wrong = reader.proveLeaf(index, leafHash("another"));
        QVERIFY(!wrong);
        QCOMPARE(wrong.error().code, Error::Code::Protocol);

        const qint64 earlier = round == 0 ? 0 : round == 1 ? size : random.bounded(size + 1);
        feed(reader, log, [&] { return reader.missingForConsistency(earlier); });
        const auto proof = reader.consistencyProof(earlier);
        QVERIFY2(proof, qPrintable(proof ? QString() : proof.error().message));
        const auto then = reader.rootAt(earlier);
        QVERIFY(then);
        QCOMPARE(*then, log.headAt(earlier).root);
        QVERIFY(verifyConsistency(earlier, size, *proof, *then, log.head().root));
        if (size <= 700) {
            QVector<QByteArray> bytes;
            for (const Hash &hash : *proof)
                bytes.append(toBytes(hash));
            QVERIFY(slow::consistent(earlier, size, bytes, slow::root(log.entries(earlier)), slow::root(log.entries(size))));
        }
    }
    QVERIFY(reader.refuted().isEmpty());
}

void TestTileReader::nothingIsBelievedUnproven()
{
    TiledLog log;
    log.grow(600);
    TileReader reader(log.head());
    const auto leaf = reader.leaf(3);
    QVERIFY(!leaf);
    QCOMPARE(leaf.error().code, Error::Code::NotFound);
    // The tile alone, without the edge above it, proves nothing.
    QVERIFY(reader.add({0, 0, 256}, log.tile({0, 0, 256})));
    QCOMPARE(reader.leaf(3).error().code, Error::Code::NotFound);
    const QVector<TileId> edge = reader.missingForEdge();
    QCOMPARE(edge, (QVector<TileId>{{1, 0, 2}, {0, 2, 88}}));
    for (const TileId &id : edge)
        QVERIFY(reader.add(id, log.tile(id)));
    QVERIFY(reader.missingForEdge().isEmpty());
    QCOMPARE(*reader.leaf(3), leafHash(log.entry(3)));
    QCOMPARE(*reader.leaf(599), leafHash(log.entry(599)));
}

void TestTileReader::everyAlteredTileIsRefuted()
{
    QRandomGenerator random(3);
    TiledLog log;
    log.grow(66000);
    TileReader honest(log.head());
    feed(honest, log, [&] { return honest.missingForInclusion(300); });
    feed(honest, log, [&] { return honest.missingForInclusion(65999); });
    const QVector<TileId> tiles = honest.witnessesOf({0, 1, 256}) + QVector<TileId>{{0, 257, 208}};
    for (const TileId &altered : tiles) {
        for (int round = 0; round < 4; ++round) {
            TileReader reader(log.head());
            const auto fetch = [&](const TileId &id) {
                QByteArray bytes = log.tile(id);
                if (id == altered)
                    bytes[random.bounded(bytes.size())] ^= char(1 << random.bounded(8));
                return bytes;
            };
            for (const TileId &id : reader.missingForInclusion(300))
                QVERIFY(reader.add(id, fetch(id)));
            for (const TileId &id : reader.missingForInclusion(65999))
                QVERIFY(reader.add(id, fetch(id)));
            const auto first = reader.inclusionProof(300), second = reader.inclusionProof(65999);
            QVERIFY2(!first || !second, qPrintable(altered.path()));
            const Error &error = first ? second.error() : first.error();
            QCOMPARE(error.code, Error::Code::Protocol);
            QVERIFY2(error.detail.contains(altered.path()), qPrintable(error.detail));
            QVERIFY(std::any_of(reader.refuted().begin(), reader.refuted().end(), [&](const TileReader::Refuted &one) { return one.id == altered; }));
            // It is asked for again, and the right one is then believed.
            feed(reader, log, [&] { return reader.missingForInclusion(300) + reader.missingForInclusion(65999); });
            QVERIFY(reader.inclusionProof(300));
            QVERIFY(reader.inclusionProof(65999));
        }
    }
}

void TestTileReader::anAlteredEntryIsNamed()
{
    TiledLog log;
    log.grow(300);
    TileReader reader(log.head());
    feed(reader, log, [&] { return reader.missingForLeaves(0, 300); });
    const TileId first{TileId::entriesLevel, 0, 256}, last{TileId::entriesLevel, 1, 44};
    QByteArray bundle = log.tile(first);
    const auto entries = reader.proveEntries(first, bundle);
    QVERIFY(entries);
    QCOMPARE(entries->size(), 256);
    QCOMPARE(entries->at(17).toByteArray(), log.entry(17));
    QVERIFY(reader.proveEntries(last, log.tile(last)));

    bundle[bundle.indexOf("entry 17 ") + 2] = 'T';
    const auto altered = reader.proveEntries(first, bundle);
    QVERIFY(!altered);
    QCOMPARE(altered.error().code, Error::Code::Protocol);
    QCOMPARE(altered.error().detail, u"leaf 17"_s);
    QVERIFY(!reader.proveEntries(last, log.tile(first)));
    QVERIFY(!reader.proveEntries({TileId::entriesLevel, 1, 43}, log.tile(last)));
    QVERIFY(!reader.proveEntries({TileId::entriesLevel, 2, 1}, log.tile(last)));
    QVERIFY(!reader.proveEntries({0, 1, 44}, log.tile(last)));
}

void TestTileReader::aGrowingLogFetchesLittle()
{
    auto cache = std::make_shared<TileCache>();
    TiledLog log;
    log.grow(70000);
    TileReader before(log.head(), cache);
    feed(before, log, [&] { return before.missingForConsistency(69000); });
    feed(before, log, [&] { return before.missingForLeaves(0, 1000); });
    QVERIFY(before.consistencyProof(69000));
    for (qint64 index = 0; index < 1000; index += 256)
        QVERIFY(before.leaf(index));
    log.grow(70010);
    TileReader after(log.head(), cache);
    QVERIFY(feed(after, log, [&] { return after.missingForConsistency(70000); }) <= 4);
    QVERIFY(after.consistencyProof(70000));
    // The full tiles of before are proven against the new head, not fetched.
    QCOMPARE(feed(after, log, [&] { return after.missingForLeaves(0, 1000); }), 0);
    QCOMPARE(*after.leaf(999), leafHash(log.entry(999)));
}

void TestTileReader::theFullTileMayComeInAPartialOnesPlace()
{
    TiledLog log;
    log.grow(100);
    const TreeHead then = log.head();
    log.grow(1000);
    TileReader reader(then);
    const QVector<TileId> missing = reader.missingForInclusion(40);
    QCOMPARE(missing, (QVector<TileId>{{0, 0, 100}}));
    QVERIFY(reader.add(missing.first().full(), log.tile(missing.first().full())));
    QVERIFY(reader.inclusionProof(40));
    QCOMPARE(reader.leaf(100).error().code, Error::Code::Invalid);
    const auto entries = reader.proveEntries({TileId::entriesLevel, 0, 256}, log.tile({TileId::entriesLevel, 0, 256}));
    QVERIFY(entries);
    QCOMPARE(entries->size(), 100);
}

void TestTileReader::whatIsNotInTheTree()
{
    TiledLog log;
    log.grow(5);
    TileReader reader(log.head());
    feed(reader, log, [&] { return reader.missingForEdge(); });
    QCOMPARE(reader.leaf(5).error().code, Error::Code::Invalid);
    QCOMPARE(reader.leaf(-1).error().code, Error::Code::Invalid);
    QCOMPARE(reader.inclusionProof(5).error().code, Error::Code::Invalid);
    QCOMPARE(reader.rootAt(6).error().code, Error::Code::Invalid);
    QCOMPARE(reader.consistencyProof(6).error().code, Error::Code::Invalid);
    QVERIFY(reader.missingForInclusion(5).isEmpty());
    QVERIFY(reader.missingForConsistency(6).isEmpty());
    QVERIFY(reader.missingForLeaves(5, 1000).isEmpty());

    TileReader empty(TreeHead{});
    QVERIFY(empty.missingForEdge().isEmpty());
    QVERIFY(empty.proveEdge());
    QCOMPARE(*empty.rootAt(0), emptyRoot());
    QVERIFY(!empty.leaf(0));
}

void TestTileReader::wrongLengthsAndPlaces()
{
    TiledLog log;
    log.grow(300);
    TileReader reader(log.head());
    const TileId edge{0, 1, 44};
    QVERIFY(!reader.add(edge, log.tile(edge).chopped(1)));
    QVERIFY(!reader.add(edge, log.tile(edge) + QByteArray(32, 'x')));
    QVERIFY(!reader.add(edge, {}));
    QVERIFY(!reader.add({0, 1, 43}, QByteArray(43 * 32, 'x')));
    QVERIFY(!reader.add({0, 2, 1}, QByteArray(32, 'x')));
    QVERIFY(!reader.add({2, 0, 1}, QByteArray(32, 'x')));
    QVERIFY(!reader.add({63, 0, 1}, QByteArray(32, 'x')));
    QVERIFY(!reader.add({TileId::entriesLevel, 1, 44}, log.tile(edge)));
    QVERIFY(reader.refuted().size() <= 8);
    QVERIFY(reader.add(edge, log.tile(edge)));
}

void TestTileReader::theCacheIsNotTrusted()
{
    TiledLog log;
    log.grow(700);
    auto cache = std::make_shared<TileCache>();
    QByteArray poison = log.tile({0, 0, 256});
    poison[0] = char(poison[0] ^ 1);
    cache->insert({0, 0, 256}, poison);
    TileReader reader(log.head(), cache);
    feed(reader, log, [&] { return reader.missingForInclusion(3); });
    QCOMPARE(reader.inclusionProof(3).error().code, Error::Code::Protocol);
    // It is out of the cache, fetched, and right.
    QCOMPARE(feed(reader, log, [&] { return reader.missingForInclusion(3); }), 1);
    QVERIFY(reader.inclusionProof(3));
}

QTEST_GUILESS_MAIN(TestTileReader)
#include "tst_tilereader.moc"
