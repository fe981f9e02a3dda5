// SPDX-License-Identifier: GPL-3.0-or-later
// The log as a real plane publishes it over its audit interface: verified from what was fetched alone, and every way of altering it named.
#include "app/plane/audit/logpublisher.h"
#include "models/wire/codec.h"
#include "tests/plane/api/planefixture.h"
#include "tests/plane/audit/publishedlog.h"
#include "tests/support/slowproofs.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace parapet;
using namespace parapet::planetest;
using namespace parapet::transparency;
using plane::Interface;

class TestPublishedLog : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void theTreeFromWhatWasFetchedAlone();
    void aGrowingLogStaysConsistent();
    void partialTilesOfEarlierCheckpointsStay();
    void lookingMakesNoEvents();
    void mediaAndCaching();
    void onlyWithTheRight();
    void whatIsNotThereIsNotFound_data();
    void whatIsNotThereIsNotFound();
    void earlierCheckpoints();
    void cosignaturesAppear();
    void cosignaturesAreChecked();
    void cosignaturesOutliveARestart();
    void anEditedEventIsNamed();
    void anEditedTileIsNamed();
    void aRolledBackLogIsNamed();
    void aRewrittenLogIsNamed();
    void aSwappedKeyIsNamed();

private:
    void restart()
    {
        m_fixture->stop();
        QVERIFY2(m_fixture->start(), qPrintable(m_fixture->failure));
    }
    void grow(int events, const QString &word = u"step"_s)
    {
        const Status done = m_fixture->plane->store().perform([&](plane::Unit &unit) {
            for (int i = 0; i < events; ++i) {
                AuditEvent event;
                event.time = unit.now();
                event.action = u"load.step"_s;
                event.origin = u"control"_s;
                event.target = Untrusted(u"%1 %2 “quoted” \U0001f40e"_s.arg(word).arg(i));
                unit.record(event, plane::Tell::Nobody);
            }
        });
        QVERIFY(done);
    }
    void sql(const char *statement)
    {
        auto database = storage::Database::open(m_fixture->options.dataFolder + u"/plane.sqlite"_s);
        QVERIFY(database);
        QVERIFY((*database)->execute(statement));
    }
    QString databasePath() const { return m_fixture->options.dataFolder + u"/plane.sqlite"_s; }
    crypto::NoteVerifier key() const { return *crypto::NoteVerifier::parse(m_fixture->plane->announcement().logKey); }
    TreeHead head() { return openCheckpoint(m_client->get("/checkpoint").body, key())->head(); }
    void know(const crypto::NoteSigner &witness)
    {
        QFile keys(m_fixture->options.dataFolder + u"/witnesses"_s);
        QVERIFY(keys.open(QIODevice::Append));
        keys.write("# who looks too\n\n" + witness.verifier().text().toUtf8() + '\n');
    }
    HttpReply cosign(const crypto::NoteSigner &witness, const QByteArray &note, Instant at)
    {
        const Note parsed = *Note::parse(note);
        const QString line = QString::fromUtf8(transparency::cosign(witness, parsed.text, at).line().chopped(1));
        return m_client->post("/v1/cosignatures", {{u"size"_s, Checkpoint::fromText(parsed.text)->head.size}, {u"line"_s, line}});
    }
    static crypto::NoteSigner witness(const QString &name)
    {
        return *crypto::NoteSigner::make(name, crypto::PrivateKey::generate(crypto::KeyKind::Ed25519), crypto::NoteAlgorithm::Cosignature);
    }
    void connectAgain() { m_client = std::make_unique<PlaneClient>(m_fixture->client(Interface::Audit)); }

    std::unique_ptr<PlaneFixture> m_fixture;
    std::unique_ptr<PlaneClient> m_client;
};

void TestPublishedLog::init()
{
    m_client.reset();
    m_fixture = std::make_unique<PlaneFixture>(0);
    QVERIFY2(m_fixture->start(), qPrintable(m_fixture->failure));
    connectAgain();
}

void TestPublishedLog::theTreeFromWhatWasFetchedAlone()
{
    grow(700);
    PublishedLog log(*m_client);
    const auto opened = openCheckpoint(log.checkpoint().body, key());
    QVERIFY2(opened, qPrintable(opened ? QString() : opened.error().message));
    const TreeHead seen = opened->head();
    QVERIFY(seen.size >= 700);
    QCOMPARE(opened->checkpoint.origin, key().name);

    TileReader reader(seen);
    QVERIFY(log.feed(reader, [&] { return reader.missingForLeaves(0, seen.size); }));
    QVector<QByteArray> leaves;
    for (qint64 index = 0; index * 256 < seen.size; ++index) {
        const TileId id{TileId::entriesLevel, index, tileWidth(0, index, seen.size)};
        const QByteArray bundle = log.tile(id).body;
        const auto entries = reader.proveEntries(id, bundle);
        QVERIFY2(entries, qPrintable(entries ? QString() : entries.error().message));
        for (const QByteArrayView entry : *entries)
            leaves.append(entry.toByteArray());
    }
    // The root a second time, by the definition and with another hash function.
    QCOMPARE(leaves.size(), seen.size);
    QCOMPARE(slow::root(leaves), toBytes(seen.root));
    QCOMPARE(m_client->get("/v1/head").json().value("origin"_L1).toString(), key().name);
    for (const qint64 index : {qint64(0), qint64(255), qint64(256), qint64(511), seen.size - 1}) {
        QVERIFY(log.feed(reader, [&] { return reader.missingForInclusion(index); }));
        const auto path = reader.inclusionProof(index);
        QVERIFY(path);
        QVERIFY(verifyInclusion(index, seen.size, leafHash(leaves[index]), *path, seen.root));
        // What the interface answers as the event is the leaf, byte for byte; and so is what a console has read from it.
        const QByteArray answered = m_client->get("/v1/events/" + QByteArray::number(index)).body;
        QCOMPARE(answered, leaves[index]);
        const auto event = wire::fromJson<AuditEvent>(parseJson(answered)->toObject());
        QVERIFY(event);
        QCOMPARE(leafOf(*event), leaves[index]);
    }
}

void TestPublishedLog::aGrowingLogStaysConsistent()
{
    PublishedLog log(*m_client);
    Follower follower(key());
    QCOMPARE(log.follow(follower).verdict, Verdict::First);
    QCOMPARE(log.follow(follower).verdict, Verdict::SameSize);
    for (const int more : {1, 2, 250, 3, 256, 511, 1000}) {
        grow(more);
        const Judgement judgement = log.follow(follower);
        QVERIFY2(judgement.verdict == Verdict::Consistent, qPrintable(judgement.words));
    }
    // With the tiles of before in the cache a step costs a handful.
    log.fetched = 0;
    grow(5);
    QCOMPARE(log.follow(follower).verdict, Verdict::Consistent);
    QVERIFY2(log.fetched <= 4, qPrintable(QString::number(log.fetched)));
}

void TestPublishedLog::partialTilesOfEarlierCheckpointsStay()
{
    grow(100);
    PublishedLog log(*m_client);
    const QByteArray note = log.checkpoint().body;
    const TreeHead then = openCheckpoint(note, key())->head();
    QVector<QByteArray> tiles;
    for (const TileId &id : edgeTiles(then.size))
        tiles.append(log.tile(id).body);
    grow(600);
    const QVector<TileId> edge = edgeTiles(then.size);
    for (qsizetype i = 0; i < edge.size(); ++i)
        QCOMPARE(log.tile(edge[i]).body, tiles[i]);
    TileReader reader(then);
    QVERIFY(log.feed(reader, [&] { return reader.missingForInclusion(42); }));
    QVERIFY(reader.inclusionProof(42));
    const TileId entries{TileId::entriesLevel, 0, edge.first().width};
    QVERIFY(reader.proveEntries(entries, log.tile(entries).body));
}

void TestPublishedLog::lookingMakesNoEvents()
{
    grow(300);
    PublishedLog log(*m_client);
    const TreeHead before = head();
    QCOMPARE(m_client->get("/tile/0/000").status, 200);
    QCOMPARE(m_client->get("/v1/checkpoints/5").status, 200);
    QCOMPARE(m_client->get("/v1/cosignatures").status, 200);
    QCOMPARE(head(), before);
    // Entries are events: reading them is one.
    QCOMPARE(m_client->get("/tile/entries/000").status, 200);
    QCOMPARE(head().size, before.size + 1);
    const QJsonObject event = m_client->get("/v1/events/" + QByteArray::number(before.size)).json();
    QCOMPARE(event.value("action"_L1).toString(), u"entries.read"_s);
    QVERIFY(isReadAction(u"entries.read"));
    // And what is refused is recorded.
    const qint64 size = head().size;
    QCOMPARE(m_client->get("/tile/0/999").status, 404);
    QCOMPARE(head().size, size + 1);
}

void TestPublishedLog::mediaAndCaching()
{
    grow(300);
    const HttpReply checkpoint = m_client->get("/checkpoint");
    QCOMPARE(checkpoint.header("Content-Type"), QByteArray("text/plain; charset=utf-8"));
    QCOMPARE(checkpoint.header("Cache-Control"), QByteArray("no-store"));
    const HttpReply full = m_client->get("/tile/0/000");
    QCOMPARE(full.header("Content-Type"), QByteArray("application/octet-stream"));
    QVERIFY(full.header("Cache-Control").contains("immutable"));
    QCOMPARE(full.body.size(), 8192);
    QVERIFY(m_client->get("/tile/entries/000").header("Cache-Control").contains("immutable"));
    const HttpReply partial = m_client->get("/tile/0/001.p/3");
    QCOMPARE(partial.header("Content-Type"), QByteArray("application/octet-stream"));
    QVERIFY(!partial.header("Cache-Control").contains("immutable"));
    QCOMPARE(partial.body.size(), 96);
    QCOMPARE(partial.head.count("Cache-Control"), 1);
}

void TestPublishedLog::onlyWithTheRight()
{
    const QString stranger = m_fixture->identity(u"eve"_s, u"developer"_s, u"project:none"_s);
    QVERIFY(!stranger.isEmpty());
    PlaneClient client = m_fixture->client(Interface::Audit, stranger);
    for (const char *target : {"/checkpoint", "/v1/checkpoints/1", "/tile/0/000.p/1", "/tile/entries/000.p/1", "/v1/cosignatures"})
        QCOMPARE(client.get(target).status, 403);
    QCOMPARE(client.post("/v1/cosignatures", {{u"size"_s, 1}, {u"line"_s, u"x"_s}}).status, 403);
    // The other interfaces do not have it.
    QCOMPARE(m_fixture->client(Interface::Control).get("/checkpoint").status, 404);
    QCOMPARE(m_fixture->client(Interface::Agent).get("/tile/0/000.p/1").status, 404);
}

void TestPublishedLog::whatIsNotThereIsNotFound_data()
{
    QTest::addColumn<QByteArray>("target");
    for (const char *target : {"/tile/0/001", "/tile/0/002.p/1", "/tile/1/000.p/9", "/tile/2/000.p/1", "/tile/63/000.p/1", "/tile/0/000.p/256", "/tile/0/000.p/0",
                               "/tile/0/x000/000", "/tile/0/0", "/tile/0", "/tile", "/tile/entries", "/tile/entries/0", "/tile/entries/001", "/tile/entries/x999/999",
                               "/tile/0/000/extra", "/tile/entries/000/extra", "/tile/-1/000", "/v1/checkpoints/99999999"})
        QTest::newRow(target) << QByteArray(target);
}

void TestPublishedLog::whatIsNotThereIsNotFound()
{
    QFETCH(QByteArray, target);
    grow(300);
    const HttpReply reply = m_client->get(target);
    QCOMPARE(reply.status, 404);
    QCOMPARE(reply.header("Content-Type"), QByteArray("application/problem+json"));
}

void TestPublishedLog::earlierCheckpoints()
{
    grow(1);
    QVector<QByteArray> notes;
    for (const int more : {1, 100, 200, 300}) {
        grow(more);
        notes.append(m_client->get("/checkpoint").body);
    }
    for (const QByteArray &note : std::as_const(notes)) {
        const qint64 size = openCheckpoint(note, key())->head().size;
        // Ed25519 signs one text one way: the very same note.
        QCOMPARE(m_client->get("/v1/checkpoints/" + QByteArray::number(size)).body, note);
    }
    QCOMPARE(openCheckpoint(m_client->get("/v1/checkpoints/0").body, key())->head(), TreeHead{});
    QCOMPARE(m_client->get("/v1/checkpoints/-1").status, 400);
    QCOMPARE(m_client->get("/v1/checkpoints/x").status, 400);
}

void TestPublishedLog::cosignaturesAppear()
{
    const crypto::NoteSigner first = witness(u"witness.example/a"_s), second = witness(u"witness.example/b"_s);
    know(first);
    know(second);
    grow(40);
    const Instant at(std::chrono::seconds(1'700'000'000));
    const QByteArray note = m_client->get("/checkpoint").body;
    const HttpReply taken = cosign(second, note, at);
    QVERIFY2(taken.status == 200, taken.body.constData());
    QCOMPARE(taken.text("witness"), u"witness.example/b"_s);
    QCOMPARE(taken.text("principal"), m_client->get("/v1/cosignatures").items().first().toObject().value("principal"_L1).toString());
    QCOMPARE(cosign(first, note, at).status, 200);

    // The head has not moved, and is published with both.
    const crypto::NoteVerifier both[] = {first.verifier(), second.verifier()};
    const auto opened = openCheckpoint(m_client->get("/checkpoint").body, key(), both);
    QVERIFY(opened);
    QCOMPARE(opened->head(), openCheckpoint(note, key())->head());
    QCOMPARE(opened->cosigned.size(), 2);
    QCOMPARE(opened->cosigned[0].at, at);
    QVERIFY(m_client->get("/checkpoint").body.startsWith(note));

    // An earlier one too, once the log has grown.
    grow(1);
    QVERIFY(openCheckpoint(m_client->get("/checkpoint").body, key(), both)->cosigned.isEmpty());
    const QByteArray earlier = m_client->get("/v1/checkpoints/7").body;
    QCOMPARE(cosign(first, earlier, at).status, 200);
    QCOMPARE(openCheckpoint(m_client->get("/v1/checkpoints/7").body, key(), both)->cosigned.size(), 1);
    const QJsonArray all = m_client->get("/v1/cosignatures").items();
    QCOMPARE(all.size(), 3);
    QCOMPARE(all.at(2).toObject().value("size"_L1).toInteger(), 7);
    QCOMPARE(m_client->get("/v1/cosignatures?limit=1").items().size(), 1);
    QCOMPARE(m_client->get("/v1/cosignatures?limit=0").status, 400);

    // The latest time of a witness stands.
    QCOMPARE(cosign(first, earlier, at + std::chrono::seconds(60)).status, 200);
    QCOMPARE(cosign(first, earlier, at + std::chrono::seconds(30)).status, 200);
    const auto again = openCheckpoint(m_client->get("/v1/checkpoints/7").body, key(), both);
    QCOMPARE(again->cosigned.size(), 1);
    QCOMPARE(again->cosigned[0].at, at + std::chrono::seconds(60));
}

void TestPublishedLog::cosignaturesAreChecked()
{
    const crypto::NoteSigner known = witness(u"witness.example/a"_s), unknown = witness(u"witness.example/a"_s);
    grow(10);
    const QByteArray note = m_client->get("/checkpoint").body;
    const Instant now = Clock::system().now();
    QCOMPARE(cosign(known, note, now).status, 403); // nobody is known yet
    know(known);
    const QByteArray again = m_client->get("/checkpoint").body;
    QCOMPARE(cosign(unknown, again, now).status, 403); // the same name, another key
    QCOMPARE(cosign(known, again, now + std::chrono::hours(1)).status, 400);
    Checkpoint other{key().name, {5, leafHash("x")}, {}};
    const auto post = [&](qint64 size, const QString &line) { return m_client->post("/v1/cosignatures", {{u"size"_s, size}, {u"line"_s, line}}).status; };
    const auto lineFor = [&](const QByteArray &text) { return QString::fromUtf8(transparency::cosign(known, text, now).line().chopped(1)); };
    QCOMPARE(post(5, lineFor(other.text())), 400); // another history
    QCOMPARE(post(99999999, lineFor(other.text())), 404);
    QCOMPARE(post(-1, lineFor(other.text())), 404);
    QCOMPARE(post(5, u"nonsense"_s), 400);
    QCOMPARE(post(5, lineFor(other.text()) + u'\n' + lineFor(other.text())), 400);
    QCOMPARE(post(5, lineFor(other.text()) + u'\n'), 400);
    QCOMPARE(m_client->post("/v1/cosignatures", {{u"size"_s, 5}}).status, 400);
    QCOMPARE(m_client->post("/v1/cosignatures", {{u"size"_s, 5}, {u"line"_s, u"x"_s}, {u"more"_s, 1}}).status, 400);
    QCOMPARE(m_client->get("/v1/cosignatures").items().size(), 0);
    // Each refusal is recorded.
    QVERIFY(m_client->get("/v1/events?filter=action:cosignature.add").json().value("total"_L1).toInteger() >= 9);
    QCOMPARE(cosign(known, m_client->get("/v1/checkpoints/5").body, now).status, 200);
    // A list that cannot be read refuses, rather than letting anyone or no one in silently.
    QFile keys(m_fixture->options.dataFolder + u"/witnesses"_s);
    QVERIFY(keys.open(QIODevice::Append));
    keys.write("spoons\n");
    keys.close();
    QVERIFY(cosign(known, m_client->get("/v1/checkpoints/6").body, now).status >= 500);
}

void TestPublishedLog::cosignaturesOutliveARestart()
{
    const crypto::NoteSigner known = witness(u"witness.example/a"_s);
    know(known);
    grow(10);
    const QByteArray note = m_client->get("/v1/checkpoints/8").body;
    QCOMPARE(cosign(known, note, Clock::system().now()).status, 200);
    const QByteArray cosigned = m_client->get("/v1/checkpoints/8").body;
    QVERIFY(cosigned != note);
    restart();
    connectAgain();
    QCOMPARE(m_client->get("/v1/checkpoints/8").body, cosigned);
}

// One byte of a stored event, too old for the check at the start.
void TestPublishedLog::anEditedEventIsNamed()
{
    grow(2000);
    PublishedLog log(*m_client);
    Follower follower(key());
    QCOMPARE(log.follow(follower).verdict, Verdict::First);
    m_fixture->stop();
    sql(R"(UPDATE events SET "leaf"=CAST(replace(CAST("leaf" AS TEXT),'"action":"load.step"','"action":"load.stop"') AS BLOB) WHERE "index"=300)");
    QVERIFY2(m_fixture->start(), qPrintable(m_fixture->failure));
    connectAgain();
    PublishedLog again(*m_client);
    QVERIFY(isTrusted(again.follow(follower).verdict)); // the tree is as it was: the event is not of it
    TileReader &reader = *follower.reader();
    QVERIFY(again.feed(reader, [&] { return reader.missingForLeaves(256, 512); }));
    const auto entries = reader.proveEntries({TileId::entriesLevel, 1, 256}, again.tile({TileId::entriesLevel, 1, 256}).body);
    QVERIFY(!entries);
    QCOMPARE(entries.error().code, Error::Code::Protocol);
    QCOMPARE(entries.error().detail, u"leaf 300"_s);
    const QByteArray shown = m_client->get("/v1/events/300").body;
    QVERIFY(!reader.proveLeaf(300, leafHash(shown)));
    QVERIFY(reader.proveLeaf(301, leafHash(m_client->get("/v1/events/301").body)));
}

void TestPublishedLog::anEditedTileIsNamed()
{
    grow(2000);
    PublishedLog log(*m_client);
    Follower follower(key());
    QCOMPARE(log.follow(follower).verdict, Verdict::First);
    m_fixture->stop();
    sql(R"(UPDATE tiles SET "hashes"=CAST(zeroblob(32) || substr("hashes",33) AS BLOB) WHERE "level"=0 AND "index"=1)");
    QVERIFY2(m_fixture->start(), qPrintable(m_fixture->failure));
    connectAgain();
    PublishedLog again(*m_client);
    QVERIFY(isTrusted(again.follow(follower).verdict));
    TileReader &reader = *follower.reader();
    QVERIFY(again.feed(reader, [&] { return reader.missingForLeaves(256, 512); }));
    const auto leaf = reader.leaf(300);
    QVERIFY(!leaf);
    QCOMPARE(leaf.error().code, Error::Code::Protocol);
    QCOMPARE(leaf.error().detail, u"tile/0/001"_s);
    // The plane does not sign over it either.
    QCOMPARE(m_client->get("/v1/checkpoints/300").status, 500);
}

void TestPublishedLog::aRolledBackLogIsNamed()
{
    grow(100);
    m_fixture->stop();
    QVERIFY(QFile::copy(databasePath(), databasePath() + u".before"_s));
    QVERIFY(m_fixture->start());
    connectAgain();
    grow(50);
    PublishedLog log(*m_client);
    Follower follower(key());
    QCOMPARE(log.follow(follower).verdict, Verdict::First);
    const TreeHead kept = follower.keptHead();
    m_fixture->stop();
    for (const QString &end : {u""_s, u"-wal"_s, u"-shm"_s})
        QFile::remove(databasePath() + end);
    QVERIFY(QFile::rename(databasePath() + u".before"_s, databasePath()));
    QVERIFY(m_fixture->start());
    connectAgain();
    PublishedLog again(*m_client);
    QCOMPARE(again.follow(follower).verdict, Verdict::RolledBack);
    QCOMPARE(follower.keptHead(), kept);
    QVERIFY(follower.conflict()->verify(key()));
    // Filled up again with other events it is longer than before, and still not the same.
    grow(200, u"other"_s);
    QCOMPARE(again.follow(follower).verdict, Verdict::Forked);
    const auto bundle = ConflictBundle::fromBytes(follower.conflict()->toBytes());
    QVERIFY(bundle);
    QCOMPARE(*bundle->verify(key()), ConflictBundle::Weight::ProvenByTheLog);
}

// An event rewritten together with every hash above it, by one who has the log's key.
void TestPublishedLog::aRewrittenLogIsNamed()
{
    grow(600);
    PublishedLog log(*m_client);
    Follower follower(key());
    QCOMPARE(log.follow(follower).verdict, Verdict::First);
    const TreeHead kept = follower.keptHead();
    m_fixture->stop();
    {
        auto database = std::move(*storage::Database::open(databasePath()));
        QVERIFY(database->execute(R"(UPDATE events SET "action"='load.stop',"leaf"=CAST(replace(CAST("leaf" AS TEXT),'"action":"load.step"','"action":"load.stop"') AS BLOB) WHERE "index"=300)"));
        MerkleTree tree;
        auto rows = database->prepare(R"(SELECT "leaf" FROM events ORDER BY "index")");
        QVERIFY(rows);
        while (rows->step().value_or(false))
            tree.append(leafHash(rows->blob(0)));
        QCOMPARE(tree.size(), kept.size);
        for (const Tile &tile : tree.takeChangedTiles()) {
            auto update = database->prepare(R"(UPDATE tiles SET "hashes"=? WHERE "level"=? AND "index"=?)");
            QVERIFY(update->bindBlob(1, tile.hashes).bind(2, qint64(tile.level)).bind(3, tile.index).run());
        }
        auto update = database->prepare(R"(UPDATE head SET "root"=?)");
        QVERIFY(update->bindBlob(1, toBytes(tree.root())).run());
    }
    m_fixture->options.check = plane::LogCheck::Whole;
    QVERIFY2(m_fixture->start(), qPrintable(m_fixture->failure)); // the log itself finds nothing wrong
    connectAgain();
    PublishedLog again(*m_client);
    QCOMPARE(again.follow(follower).verdict, Verdict::Forked);
    QCOMPARE(follower.keptHead(), kept);
    QCOMPARE(*follower.conflict()->verify(key()), ConflictBundle::Weight::ProvenByTheLog);
    grow(300);
    QCOMPARE(again.follow(follower).verdict, Verdict::Forked);
    QCOMPARE(*follower.conflict()->verify(key()), ConflictBundle::Weight::ProvenByTheLog);
}

void TestPublishedLog::aSwappedKeyIsNamed()
{
    grow(10);
    PublishedLog log(*m_client);
    Follower follower(key());
    QCOMPARE(log.follow(follower).verdict, Verdict::First);
    const crypto::NoteVerifier pinned = key();
    m_fixture->stop();
    QVERIFY(crypto::PrivateKey::generate(crypto::KeyKind::Ed25519).save(m_fixture->options.dataFolder + u"/log-key.pem"_s));
    QVERIFY(m_fixture->start());
    connectAgain();
    PublishedLog again(*m_client);
    QCOMPARE(again.follow(follower).verdict, Verdict::KeySwapped);
    QVERIFY(!(key() == pinned));
    QVERIFY(follower.conflict()->verify(pinned));
}

QTEST_GUILESS_MAIN(TestPublishedLog)
#include "tst_publishedlog.moc"
