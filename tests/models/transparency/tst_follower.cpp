// SPDX-License-Identifier: GPL-3.0-or-later
// One who follows a log: every way in which it can be altered is named, kept, and shown to a third party.
#include "models/transparency/keptcheckpoints.h"
#include "models/transparency/proofbundle.h"

#include "tests/models/transparency/tiledlog.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace parapet;
using namespace parapet::transparency;
using crypto::NoteSigner;
using Weight = ConflictBundle::Weight;

namespace {

const Instant noon(std::chrono::seconds(1'773'748'800));
const Instant later = noon + std::chrono::minutes(5);

/// Offers a checkpoint and fetches what is wanted from a log; `alter` may change a tile on its way.
void follow(Follower &follower, const QByteArray &note, const TiledLog &log, const std::function<QByteArray(const TileId &, QByteArray)> &alter = {},
            Instant at = later)
{
    follower.offer(note, at);
    for (int round = 0; round < 100; ++round) {
        const QVector<TileId> wanted = follower.wanted();
        if (wanted.isEmpty())
            return;
        for (const TileId &id : wanted) {
            QByteArray bytes = log.tile(id);
            if (alter)
                bytes = alter(id, bytes);
            if (bytes.isEmpty())
                follower.withhold(id);
            else
                follower.supply(id, bytes);
        }
    }
}

} // namespace

class TestFollower : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void aHonestLog();
    void everyStepOfAHonestLog();
    void rolledBack();
    void forkedAtTheSameSize();
    void forkedWhileGrowing_data();
    void forkedWhileGrowing();
    void tilesAltered_data();
    void tilesAltered();
    void tileWithheld();
    void keySwapped();
    void badSignature();
    void garbage();
    void whatWasKeptStaysAndComesBack();
    void resumesOnlyWhatIsSigned();
    void forgedConflictsAreRefused();
    void conflictDocumentsAreStrict_data();
    void conflictDocumentsAreStrict();
    void proofBundle();
    void alteredProofBundles();
    void keptCheckpoints();
    void keptCheckpointsNeverGoBack();
    void damagedKeptCheckpoint_data();
    void damagedKeptCheckpoint();

private:
    QByteArray noteOf(const TiledLog &log) const { return signCheckpoint({m_log->name, log.head(), {}}, *m_log); }
    ConflictBundle readAgain(const Follower &follower) const
    {
        const QByteArray bytes = follower.conflict()->toBytes();
        const auto again = ConflictBundle::fromBytes(bytes);
        if (!again || again->toBytes() != bytes)
            qFatal("a conflict bundle does not read back");
        return *again;
    }

    std::optional<NoteSigner> m_log, m_thief;
};

void TestFollower::init()
{
    m_log = *NoteSigner::make(u"log.example"_s, crypto::PrivateKey::generate(crypto::KeyKind::Ed25519));
    m_thief = *NoteSigner::make(u"log.example"_s, crypto::PrivateKey::generate(crypto::KeyKind::Ed25519));
}

void TestFollower::aHonestLog()
{
    TiledLog log;
    log.grow(10);
    Follower follower(m_log->verifier());
    QVERIFY(!follower.reader());
    QVERIFY(!follower.isJudged());
    follow(follower, noteOf(log), log, {}, noon);
    QCOMPARE(follower.judgement().verdict, Verdict::First);
    QVERIFY(isTrusted(follower.judgement().verdict));
    QVERIFY(!follower.conflict());
    QVERIFY(follower.reader());
    QCOMPARE(follower.kept()->at, noon);

    follow(follower, noteOf(log), log);
    QCOMPARE(follower.judgement().verdict, Verdict::SameSize);
    log.grow(1000);
    follow(follower, noteOf(log), log);
    QCOMPARE(follower.judgement().verdict, Verdict::Consistent);
    QCOMPARE(follower.keptHead(), log.head());
    QCOMPARE(follower.kept()->note, noteOf(log));
    QCOMPARE(follower.reader()->head(), log.head());
    QVERIFY(follower.judgement().words.contains(u"1000"_s));
    QVERIFY(!follower.conflict());
    for (const TileId &id : follower.reader()->missingForLeaves(0, 1000))
        QVERIFY(follower.reader()->add(id, log.tile(id)));
    QVERIFY(follower.reader()->proveLeaf(999, leafHash(log.entry(999))));
}

void TestFollower::everyStepOfAHonestLog()
{
    TiledLog log;
    Follower follower(m_log->verifier());
    follow(follower, noteOf(log), log);
    QCOMPARE(follower.judgement().verdict, Verdict::First);
    QCOMPARE(follower.keptHead().size, 0);
    for (qint64 size = 1; size < 600; size += 1 + size / 7) {
        log.grow(size);
        follow(follower, noteOf(log), log);
        QCOMPARE(follower.judgement().verdict, Verdict::Consistent);
    }
}

void TestFollower::rolledBack()
{
    TiledLog log, shorter;
    log.grow(500);
    shorter.grow(490);
    Follower follower(m_log->verifier());
    follow(follower, noteOf(log), log, {}, noon);
    follow(follower, noteOf(shorter), shorter);
    QCOMPARE(follower.judgement().verdict, Verdict::RolledBack);
    QVERIFY(follower.judgement().words.contains(u"490"_s));
    QVERIFY(follower.judgement().words.contains(u"500"_s));
    QVERIFY(follower.judgement().words.contains(toRfc3339(noon)));
    QCOMPARE(follower.keptHead(), log.head());
    const ConflictBundle bundle = readAgain(follower);
    QCOMPARE(bundle.verdict, Verdict::RolledBack);
    QCOMPARE(bundle.kept, noteOf(log));
    QCOMPARE(bundle.seen, noteOf(shorter));
    QCOMPARE(bundle.keptAt, noon);
    QCOMPARE(bundle.seenAt, later);
    QCOMPARE(*bundle.verify(m_log->verifier()), Weight::StatedByTheObserver);
    QCOMPARE(bundle.verify(m_thief->verifier()).error().code, Error::Code::Unauthorized);
}

void TestFollower::forkedAtTheSameSize()
{
    TiledLog log, other("altered", 77);
    log.grow(100);
    other.grow(100);
    Follower follower(m_log->verifier());
    follow(follower, noteOf(log), log);
    follow(follower, noteOf(other), other);
    QCOMPARE(follower.judgement().verdict, Verdict::Forked);
    QCOMPARE(*readAgain(follower).verify(m_log->verifier()), Weight::ProvenByTheLog);
    QCOMPARE(follower.keptHead(), log.head());
}

void TestFollower::forkedWhileGrowing_data()
{
    QTest::addColumn<qint64>("kept");
    QTest::addColumn<qint64>("seen");
    QTest::addColumn<qint64>("changed");
    for (const auto &[kept, seen, changed] : std::initializer_list<std::tuple<qint64, qint64, qint64>>{
             {1, 2, 0}, {2, 3, 1}, {4, 9, 3}, {128, 129, 0}, {256, 300, 255}, {256, 512, 17}, {300, 301, 299}, {300, 70000, 12}, {65536, 66000, 65535}, {255, 257, 254}})
        QTest::addRow("%lld to %lld, event %lld", kept, seen, changed) << kept << seen << changed;
}

void TestFollower::forkedWhileGrowing()
{
    QFETCH(qint64, kept);
    QFETCH(qint64, seen);
    QFETCH(qint64, changed);
    TiledLog log, other("altered", changed);
    log.grow(kept);
    other.grow(seen);
    Follower follower(m_log->verifier());
    follow(follower, noteOf(log), log, {}, noon);
    follow(follower, noteOf(other), other);
    QCOMPARE(follower.judgement().verdict, Verdict::Forked);
    QCOMPARE(follower.keptHead(), log.head());
    const ConflictBundle bundle = readAgain(follower);
    const auto weight = bundle.verify(m_log->verifier());
    QVERIFY2(weight, qPrintable(weight ? QString() : weight.error().detail));
    QCOMPARE(*weight, Weight::ProvenByTheLog);
    QVERIFY(!bundle.nodes.isEmpty());
    // Not one bit of the evidence can be another.
    for (qsizetype i = 0; i < bundle.nodes.size(); ++i) {
        ConflictBundle wrong = bundle;
        wrong.nodes[i].hash[5] ^= 4;
        QVERIFY(!wrong.verify(m_log->verifier()));
        wrong = bundle;
        wrong.nodes.remove(i);
        QVERIFY(!wrong.verify(m_log->verifier()));
    }
}

void TestFollower::tilesAltered_data()
{
    QTest::addColumn<QString>("path");
    QTest::newRow("edge, leaves") << u"tile/0/273.p/112"_s;
    QTest::newRow("edge, above") << u"tile/1/001.p/17"_s;
    QTest::newRow("edge, top") << u"tile/2/000.p/1"_s;
    QTest::newRow("full, leaves") << u"tile/0/269"_s;
}

void TestFollower::tilesAltered()
{
    QFETCH(QString, path);
    TiledLog log;
    log.grow(69000);
    Follower follower(m_log->verifier());
    follow(follower, noteOf(log), log, {}, noon);
    const TreeHead kept = log.head();
    log.grow(70000);
    bool altered = false;
    follow(follower, noteOf(log), log, [&](const TileId &id, QByteArray bytes) {
        if (id.path() == path) {
            bytes[31] = char(bytes[31] ^ 0x40);
            altered = true;
        }
        return bytes;
    });
    QVERIFY(altered);
    QCOMPARE(follower.judgement().verdict, Verdict::Unproven);
    QCOMPARE(follower.keptHead(), kept);
    const ConflictBundle bundle = readAgain(follower);
    QVERIFY(std::any_of(bundle.fetched.begin(), bundle.fetched.end(), [&](const auto &tile) { return tile.path == path; }));
    const auto weight = bundle.verify(m_log->verifier());
    QVERIFY2(weight, qPrintable(weight ? QString() : weight.error().detail));
    QCOMPARE(*weight, Weight::StatedByTheObserver);
    // With the true tiles in their place the bundle states nothing.
    ConflictBundle honest = bundle;
    for (auto &tile : honest.fetched)
        tile.bytes = log.tile(*TileId::parse(tile.path));
    QVERIFY(!honest.verify(m_log->verifier()));
}

void TestFollower::tileWithheld()
{
    TiledLog log;
    log.grow(100);
    Follower follower(m_log->verifier());
    follow(follower, noteOf(log), log);
    log.grow(400);
    follow(follower, noteOf(log), log, [](const TileId &id, const QByteArray &bytes) { return id.level == 0 && id.isFull() ? QByteArray() : bytes; });
    QCOMPARE(follower.judgement().verdict, Verdict::Unproven);
    QCOMPARE(*readAgain(follower).verify(m_log->verifier()), Weight::StatedByTheObserver);
    // A tile that is too short.
    follow(follower, noteOf(log), log, [](const TileId &, const QByteArray &bytes) { return bytes.chopped(1); });
    QCOMPARE(follower.judgement().verdict, Verdict::Unproven);
    QCOMPARE(*readAgain(follower).verify(m_log->verifier()), Weight::StatedByTheObserver);
    follow(follower, noteOf(log), log);
    QCOMPARE(follower.judgement().verdict, Verdict::Consistent);
}

void TestFollower::keySwapped()
{
    TiledLog log;
    log.grow(5);
    Follower follower(m_log->verifier());
    follow(follower, noteOf(log), log);
    follow(follower, signCheckpoint({m_log->name, log.head(), {}}, *m_thief), log);
    QCOMPARE(follower.judgement().verdict, Verdict::KeySwapped);
    QVERIFY(!follower.judgement().seen);
    QCOMPARE(*readAgain(follower).verify(m_log->verifier()), Weight::StatedByTheObserver);
    QVERIFY(!readAgain(follower).verify(m_thief->verifier()));
}

void TestFollower::badSignature()
{
    TiledLog log;
    log.grow(5);
    Follower follower(m_log->verifier());
    follow(follower, noteOf(log).replace("\n5\n", "\n6\n"), log);
    QCOMPARE(follower.judgement().verdict, Verdict::BadSignature);
    QVERIFY(!follower.kept());
    QVERIFY(!follower.reader());
    QCOMPARE(*readAgain(follower).verify(m_log->verifier()), Weight::StatedByTheObserver);
}

void TestFollower::garbage()
{
    TiledLog log;
    log.grow(5);
    Follower follower(m_log->verifier());
    const NoteSigner other = *NoteSigner::make(u"else.example"_s, m_log->key);
    for (const QByteArray &note : {QByteArray(), QByteArray("<html>\n\n"), QByteArray(1 << 20, 'x'), signCheckpoint({u"else.example"_s, log.head(), {}}, other)}) {
        follow(follower, note, log);
        QCOMPARE(follower.judgement().verdict, Verdict::Garbage);
        QVERIFY(!follower.judgement().words.isEmpty());
        QCOMPARE(*readAgain(follower).verify(m_log->verifier()), Weight::StatedByTheObserver);
    }
}

void TestFollower::whatWasKeptStaysAndComesBack()
{
    TiledLog log, other("altered");
    log.grow(50);
    other.grow(60);
    Follower follower(m_log->verifier());
    follow(follower, noteOf(log), log);
    for (int again = 0; again < 3; ++again) {
        follow(follower, noteOf(other), other);
        QCOMPARE(follower.judgement().verdict, Verdict::Forked);
    }
    log.grow(70);
    follow(follower, noteOf(log), log);
    QCOMPARE(follower.judgement().verdict, Verdict::Consistent);
    QVERIFY(!follower.conflict());
}

void TestFollower::resumesOnlyWhatIsSigned()
{
    TiledLog log;
    log.grow(50);
    Follower follower(m_log->verifier());
    QVERIFY(!follower.resume({"garbage", noon}));
    QVERIFY(!follower.resume({signCheckpoint({m_log->name, log.head(), {}}, *m_thief), noon}));
    QVERIFY(!follower.kept());
    QVERIFY(follower.resume({noteOf(log), noon}));
    log.grow(55);
    follow(follower, noteOf(log), log);
    QCOMPARE(follower.judgement().verdict, Verdict::Consistent);
}

void TestFollower::forgedConflictsAreRefused()
{
    // Against an honest log nothing can be made up.
    TiledLog log;
    log.grow(100);
    const QByteArray before = noteOf(log);
    log.grow(130);
    const QByteArray after = noteOf(log);
    ConflictBundle bundle;
    bundle.log = m_log->verifier().text();
    bundle.kept = before;
    bundle.seen = after;
    TileReader reader(log.head());
    for (const TileId &id : reader.missingForRoot(100))
        QVERIFY(reader.add(id, log.tile(id)));
    for (const LeafRange range : {LeafRange{0, 100}, LeafRange{100, 130}}) {
        for (const Node &node : coverOf(range))
            bundle.nodes.append({node, *reader.hashOf(node.leaves())});
    }
    bundle.verdict = Verdict::Forked;
    QVERIFY(!bundle.verify(m_log->verifier())); // the nodes are true, and agree
    ConflictBundle forged = bundle;
    forged.nodes[0].hash[0] ^= 1;
    QVERIFY(!forged.verify(m_log->verifier())); // they do not make the signed root
    forged = bundle;
    forged.nodes.clear();
    QVERIFY(!forged.verify(m_log->verifier()));
    std::swap(bundle.kept, bundle.seen);
    bundle.verdict = Verdict::Forked;
    QVERIFY(!bundle.verify(m_log->verifier()));
    std::swap(bundle.kept, bundle.seen);
    for (const Verdict verdict : {Verdict::RolledBack, Verdict::KeySwapped, Verdict::BadSignature, Verdict::Garbage, Verdict::Unproven, Verdict::First,
                                  Verdict::Consistent, Verdict::SameSize}) {
        bundle.verdict = verdict;
        QVERIFY2(!bundle.verify(m_log->verifier()), qPrintable(nameOf(verdict)));
    }
    bundle.verdict = Verdict::Forked;
    bundle.seen = signCheckpoint({m_log->name, {100, leafHash("x")}, {}}, *m_thief);
    QCOMPARE(bundle.verify(m_log->verifier()).error().code, Error::Code::Unauthorized);
}

void TestFollower::conflictDocumentsAreStrict_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::newRow("white space") << QByteArray("{") << QByteArray("{ ");
    QTest::newRow("unknown member") << QByteArray("\"version\":1,") << QByteArray("\"version\":1,\"versiox\":1,");
    QTest::newRow("doubled member") << QByteArray("\"version\":1,") << QByteArray("\"version\":1,\"version\":1,");
    QTest::newRow("another version") << QByteArray("\"version\":1,") << QByteArray("\"version\":2,");
    QTest::newRow("another type") << QByteArray("conflict-bundle") << QByteArray("proof-bundle");
    QTest::newRow("unknown verdict") << QByteArray("\"forked\"") << QByteArray("\"spoons\"");
    QTest::newRow("missing member") << QByteArray("\"fetched\":[],") << QByteArray();
    QTest::newRow("a node too high") << QByteArray("\"level\":0") << QByteArray("\"level\":60");
    QTest::newRow("a negative node") << QByteArray("\"level\":0") << QByteArray("\"level\":-1");
    QTest::newRow("a fraction") << QByteArray("\"level\":0") << QByteArray("\"level\":0.5");
    QTest::newRow("not base64") << QByteArray("\"hash\":\"") << QByteArray("\"hash\":\"!");
}

void TestFollower::conflictDocumentsAreStrict()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    TiledLog log, other("altered");
    log.grow(3);
    other.grow(4);
    Follower follower(m_log->verifier());
    follow(follower, noteOf(log), log);
    follow(follower, noteOf(other), other);
    const QByteArray text = follower.conflict()->toBytes();
    QVERIFY(ConflictBundle::fromBytes(text));
    QVERIFY(text.contains(from));
    QByteArray changed = text;
    changed.replace(changed.indexOf(from), from.size(), to);
    QVERIFY(!ConflictBundle::fromBytes(changed));
    QVERIFY(!ConflictBundle::fromBytes(text.chopped(1)));
    QVERIFY(!ConflictBundle::fromBytes(text + ' '));
    QVERIFY(!ConflictBundle::fromBytes(text + '\n'));
    QVERIFY(!ConflictBundle::fromBytes({}));
}

void TestFollower::proofBundle()
{
    TiledLog log;
    log.grow(1000);
    TileReader reader(log.head());
    ProofBundle bundle{m_log->verifier().text(), noteOf(log), u"actor:amara"_s, {}};
    for (const qint64 index : {0, 17, 255, 256, 900, 999}) {
        for (const TileId &id : reader.missingForInclusion(index))
            QVERIFY(reader.add(id, log.tile(id)));
        bundle.rows.append({index, log.entry(index), *reader.inclusionProof(index)});
    }
    const QByteArray text = bundle.toBytes();
    const auto again = ProofBundle::fromBytes(text);
    QVERIFY2(again, qPrintable(again ? QString() : again.error().detail));
    QCOMPARE(again->toBytes(), text);
    const auto opened = again->verify(m_log->verifier());
    QVERIFY(opened);
    QCOMPARE(opened->head(), log.head());
    QCOMPARE(again->query, u"actor:amara"_s);
    QCOMPARE(again->verify(m_thief->verifier()).error().code, Error::Code::Unauthorized);
    bundle.rows.clear();
    QVERIFY(ProofBundle::fromBytes(bundle.toBytes())->verify(m_log->verifier()));
}

void TestFollower::alteredProofBundles()
{
    TiledLog log;
    log.grow(40);
    TileReader reader(log.head());
    for (const TileId &id : reader.missingForEdge())
        QVERIFY(reader.add(id, log.tile(id)));
    ProofBundle bundle{m_log->verifier().text(), noteOf(log), {}, {}};
    for (const qint64 index : {3, 20})
        bundle.rows.append({index, log.entry(index), *reader.inclusionProof(index)});
    QVERIFY(bundle.verify(m_log->verifier()));
    ProofBundle wrong = bundle;
    wrong.rows[1].leaf[2] = 'X';
    QVERIFY(wrong.verify(m_log->verifier()).error().message.contains(u"20"_s));
    wrong = bundle;
    wrong.rows[0].index = 4;
    QVERIFY(!wrong.verify(m_log->verifier()));
    wrong = bundle;
    wrong.rows[0].path[0][0] ^= 1;
    QVERIFY(!wrong.verify(m_log->verifier()));
    wrong = bundle;
    wrong.rows[0].path.removeLast();
    QVERIFY(!wrong.verify(m_log->verifier()));
    wrong = bundle;
    wrong.checkpoint.replace("\n40\n", "\n41\n");
    QVERIFY(!wrong.verify(m_log->verifier()));
    // Rows out of order, or one twice, are not read at all.
    wrong = bundle;
    std::swap(wrong.rows[0], wrong.rows[1]);
    QVERIFY(!ProofBundle::fromBytes(wrong.toBytes()));
    wrong = bundle;
    wrong.rows[1] = wrong.rows[0];
    QVERIFY(!ProofBundle::fromBytes(wrong.toBytes()));
    wrong = bundle;
    wrong.rows[0].path = QVector<Hash>(65, leafHash("x"));
    QVERIFY(!ProofBundle::fromBytes(wrong.toBytes()));
    QVERIFY(!ProofBundle::fromBytes(bundle.toBytes() + ' '));
}

void TestFollower::keptCheckpoints()
{
    QTemporaryDir folder;
    const KeptCheckpoints store(folder.filePath(u"deep/kept"_s));
    TiledLog log;
    log.grow(20);
    const auto none = store.read(m_log->verifier());
    QVERIFY(none);
    QVERIFY(!*none);
    const KeptCheckpoint first{noteOf(log), noon};
    QVERIFY(store.keep(m_log->verifier(), first, std::nullopt));
    const auto read = store.read(m_log->verifier());
    QVERIFY(read && *read);
    QCOMPARE((*read)->note, first.note);
    QCOMPARE((*read)->at, noon);
    QCOMPARE(QFile::permissions(store.pathOf(m_log->name)) & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    log.grow(30);
    QVERIFY(store.keep(m_log->verifier(), {noteOf(log), later}, first));
    QCOMPARE((*store.read(m_log->verifier()))->at, later);
    // Another log's is another file.
    const NoteSigner other = *NoteSigner::make(u"../../else"_s, m_log->key);
    QVERIFY(!*store.read(other.verifier()));
    QVERIFY(store.keep(other.verifier(), {signCheckpoint({other.name, log.head(), {}}, other), noon}, std::nullopt));
    QCOMPARE(QDir(folder.filePath(u"deep/kept"_s)).entryList({u"*.json"_s}, QDir::Files).size(), 2);
}

void TestFollower::keptCheckpointsNeverGoBack()
{
    QTemporaryDir folder;
    const KeptCheckpoints store(folder.path());
    TiledLog log, other("altered");
    log.grow(20);
    const KeptCheckpoint twenty{noteOf(log), noon};
    log.grow(30);
    const KeptCheckpoint thirty{noteOf(log), noon};
    log.grow(40);
    const KeptCheckpoint forty{noteOf(log), noon};
    QVERIFY(store.keep(m_log->verifier(), thirty, std::nullopt));
    QCOMPARE(store.keep(m_log->verifier(), twenty, thirty).error().code, Error::Code::Conflict);
    other.grow(30);
    QCOMPARE(store.keep(m_log->verifier(), {noteOf(other), later}, thirty).error().code, Error::Code::Conflict);
    QVERIFY(store.keep(m_log->verifier(), {thirty.note, later}, thirty)); // seen again
    // Judged beside another one than what is kept: another program was here.
    other.grow(40);
    const Status raced = store.keep(m_log->verifier(), forty, twenty);
    QVERIFY(!raced);
    QCOMPARE(raced.error().code, Error::Code::Conflict);
    QVERIFY(raced.error().isTransient());
    QVERIFY(!store.keep(m_log->verifier(), forty, std::nullopt));
    QVERIFY(store.keep(m_log->verifier(), forty, thirty));
    QVERIFY(!store.keep(m_log->verifier(), {signCheckpoint({m_log->name, {50, leafHash("x")}, {}}, *m_thief), later}, forty));
    QVERIFY(!store.keep(m_log->verifier(), {"garbage", later}, forty));
    QCOMPARE((*store.read(m_log->verifier()))->note, forty.note);
}

void TestFollower::damagedKeptCheckpoint_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("torn") << QByteArray("{\"at\":\"2026");
    QTest::newRow("no JSON") << QByteArray("garbage");
    QTest::newRow("another document") << QByteArray("{}");
    QTest::newRow("unsigned") << QByteArray("{\"at\":null,\"note\":\"AAAA\",\"type\":\"https://parapet.dev/kept-checkpoint\",\"version\":1}");
}

void TestFollower::damagedKeptCheckpoint()
{
    QFETCH(QByteArray, content);
    QTemporaryDir folder;
    const KeptCheckpoints store(folder.path());
    TiledLog log;
    log.grow(5);
    QVERIFY(store.keep(m_log->verifier(), {noteOf(log), noon}, std::nullopt));
    QFile file(store.pathOf(m_log->name));
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    file.write(content);
    file.close();
    // Never taken for "none was kept", and never overwritten.
    QCOMPARE(store.read(m_log->verifier()).error().code, Error::Code::Storage);
    QCOMPARE(store.keep(m_log->verifier(), {noteOf(log), noon}, std::nullopt).error().code, Error::Code::Storage);
    // A file of another key than the pinned one neither.
    QVERIFY(file.remove());
    QVERIFY(store.keep(m_thief->verifier(), {signCheckpoint({m_log->name, log.head(), {}}, *m_thief), noon}, std::nullopt));
    QCOMPARE(store.read(m_log->verifier()).error().code, Error::Code::Storage);
}

QTEST_GUILESS_MAIN(TestFollower)
#include "tst_follower.moc"
