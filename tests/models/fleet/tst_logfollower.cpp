// SPDX-License-Identifier: GPL-3.0-or-later
// The console's own look at a log: every way in which a store could deceive is found on the next look, named, and kept.
#include "models/fleet/logfollower.h"
#include "models/transparency/conflictbundle.h"
#include "tests/support/provenlog.h"
#include "tests/support/waiting.h"

#include <QtCore/QDirIterator>
#include <QtCore/QTemporaryDir>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace parapet;
using namespace parapet::fleet;
using namespace parapet::support;
using namespace Qt::StringLiterals;
using LogVerdict = transparency::Verdict;

namespace {

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// A console's follower over a fake system whose log is published.
struct Console {
    explicit Console(qint64 events = 300) : log(system)
    {
        log.grow(events);
        watch = system.control.watch();
        make();
    }
    void make()
    {
        follower = std::make_unique<LogFollower>(folder.path(), system.world.clock);
        conflicts = std::make_unique<QSignalSpy>(follower.get(), &LogFollower::conflictFound);
    }
    void connectSystem(const QString &id = u"ca-1"_s) { follower->setSystem(&system.audit, watch.get(), id, log.key()); }
    bool reaches(LogState state)
    {
        return waitUntil([&] { return follower->state() == state && !follower->isBusy(); });
    }
    bool look(LogState state)
    {
        follower->refresh();
        return reaches(state);
    }
    QVector<AuditEvent> rows(qint64 from, qint64 to)
    {
        QVector<AuditEvent> rows;
        for (qint64 i = from; i < to; ++i) {
            rows << system.world.events.at(i);
            if (system.audit.alter)
                system.audit.alter(rows.last());
        }
        return rows;
    }
    bool check(const QVector<AuditEvent> &rows)
    {
        QSignalSpy checked(follower.get(), &LogFollower::rowsChecked);
        follower->check(rows);
        return waitUntil([&] { return checked.count() > 0 && !follower->isBusy(); });
    }
    /// The bundle of the conflict as a third party reads it.
    Result<transparency::ConflictBundle> bundle() const
    {
        if (!waitUntil([&] { return follower->conflict() && (!follower->conflict()->bundlePath.isEmpty() || !follower->conflict()->bundleError.isEmpty()); }))
            return fail(Error::Code::NotFound, u"no bundle"_s);
        return transparency::ConflictBundle::fromBytes(contentOf(follower->conflict()->bundlePath));
    }

    FakeSystem system;
    ProvenLog log;
    QTemporaryDir folder;
    std::unique_ptr<Watch> watch;
    std::unique_ptr<LogFollower> follower;
    std::unique_ptr<QSignalSpy> conflicts;
};

} // namespace

class TestLogFollower : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anHonestLogIsVerified();
    void itIsFollowedByEvents();
    void readsAreNotFollowed();
    void rowsAreProven();
    void newestRowsAreProvenWithTheNextCheckpoint();
    void pathsLeadToTheRoot();
    void proofsGoIntoABundle();
    void checkpointsThatDeceive_data();
    void checkpointsThatDeceive();
    void whatWasKeptOutlivesTheConsole_data();
    void whatWasKeptOutlivesTheConsole();
    void anAlteredEntryIsFound();
    void manyAlteredEventsAreToldOnce();
    void anAnswerThatLiesIsFound();
    void aTileThatIsWrongIsFound();
    void whatWasProvenBeforeIsRemembered();
    void theSameIsToldOnce();
    void itComesBackAndIsAcknowledged();
    void troubleIsNotTampering_data();
    void troubleIsNotTampering();
    void aDamagedKeptFileIsSaid();
    void withoutAKeyNothingIsClaimed();
    void anotherSystemIsAnotherLog();
    void otherSignersAreNamed();
    void aClosingSystemCancels();
    void aFolderThatCannotBeWrittenIsSaid();
    void cachesAreBounded();
};

void TestLogFollower::anHonestLogIsVerified()
{
    Console console;
    QCOMPARE(console.follower->state(), LogState::Off);
    console.connectSystem();
    QCOMPARE(console.follower->state(), LogState::Waiting);
    QVERIFY(console.reaches(LogState::Verified));
    QCOMPARE(console.follower->checkpoint()->size(), 300);
    QCOMPARE(console.follower->checkpoint()->verdict, LogVerdict::First);
    QCOMPARE(console.follower->checkpoint()->consistentWith, -1);
    console.log.grow(1100);
    QVERIFY(console.look(LogState::Verified));
    QCOMPARE(console.follower->checkpoint()->size(), 1100);
    QCOMPARE(console.follower->checkpoint()->consistentWith, 300);
    QCOMPARE(console.conflicts->count(), 0);
    QVERIFY(!QFileInfo::exists(console.folder.filePath(u"conflicts"_s)));
}

void TestLogFollower::itIsFollowedByEvents()
{
    Console console;
    console.connectSystem();
    QVERIFY(console.reaches(LogState::Verified));
    const int before = console.system.audit.script.count(u"published"_s, u"checkpoint"_s);
    for (int i = 0; i < 50; ++i)
        console.log.append();
    QTRY_COMPARE(console.follower->checkpoint()->size(), 350);
    // Fifty events are one look.
    QCOMPARE(console.system.audit.script.count(u"published"_s, u"checkpoint"_s), before + 1);
}

void TestLogFollower::readsAreNotFollowed()
{
    Console console;
    console.connectSystem();
    QVERIFY(console.reaches(LogState::Verified));
    const int before = console.system.audit.script.count(u"published"_s, u"checkpoint"_s);
    console.log.append(u"event.list"_s);
    console.log.append(u"workspace.stop"_s); // what is waited for: one look, and no more
    QTRY_COMPARE(console.follower->checkpoint()->size(), 302);
    console.log.append(u"event.list"_s);
    QCoreApplication::sendPostedEvents();
    QVERIFY(!console.follower->isBusy());
    QCOMPARE(console.system.audit.script.count(u"published"_s, u"checkpoint"_s), before + 1);
}

void TestLogFollower::rowsAreProven()
{
    Console console(700);
    console.connectSystem();
    QVERIFY(console.reaches(LogState::Verified));
    QCOMPARE(console.follower->proofOf(5), RowProof::Unknown);
    QVERIFY(console.check(console.rows(0, 600)));
    for (qint64 i = 0; i < 600; ++i)
        QCOMPARE(console.follower->proofOf(i), RowProof::Verified);
    QCOMPARE(console.follower->state(), LogState::Verified);
    // Tiles are fetched once.
    const int fetched = console.system.audit.script.count(u"published"_s);
    QVERIFY(console.check(console.rows(0, 600)));
    QCOMPARE(console.system.audit.script.count(u"published"_s), fetched);
}

void TestLogFollower::newestRowsAreProvenWithTheNextCheckpoint()
{
    Console console;
    console.log.signedSize = 300;
    console.connectSystem();
    QVERIFY(console.reaches(LogState::Verified));
    console.log.append();
    QVERIFY(console.check(console.rows(290, 301)));
    QCOMPARE(console.follower->proofOf(299), RowProof::Verified);
    QCOMPARE(console.follower->proofOf(300), RowProof::NotCovered);
    console.log.signedSize = -1;
    console.follower->refresh();
    QTRY_COMPARE(console.follower->proofOf(300), RowProof::Verified);
}

void TestLogFollower::pathsLeadToTheRoot()
{
    Console console(700);
    QVERIFY(!await(console.follower->pathOf(console.system.world.events.at(3))));
    console.connectSystem();
    QVERIFY(console.reaches(LogState::Verified));
    for (const qint64 index : {0, 255, 256, 511, 699}) {
        const auto path = await(console.follower->pathOf(console.system.world.events.at(index)));
        QVERIFY2(path, why(path));
        QVERIFY(path->holds());
        QCOMPARE(path->size, 700);
        AuditEvent other = console.system.world.events.at(index);
        other.reason = Untrusted(u"another"_s);
        const auto wrong = await(console.follower->pathOf(other));
        QVERIFY2(wrong, why(wrong));
        QVERIFY(!wrong->holds());
        QCOMPARE(wrong->steps.size(), path->steps.size());
    }
    const AuditEvent newer = console.log.append();
    const auto uncovered = await(console.follower->pathOf(newer));
    QVERIFY(!uncovered && uncovered.error().code == Error::Code::NotFound);
}

void TestLogFollower::proofsGoIntoABundle()
{
    Console console(700);
    console.connectSystem();
    QVERIFY(console.reaches(LogState::Verified));
    const auto proven = await(console.follower->prove(console.rows(100, 500)));
    QVERIFY2(proven, why(proven));
    transparency::ProofBundle bundle{console.log.key(), proven->checkpoint, u"action:workspace.stop"_s, proven->rows};
    const auto again = transparency::ProofBundle::fromBytes(bundle.toBytes());
    QVERIFY2(again, why(again));
    const auto verified = again->verify(console.log.signer.verifier());
    QVERIFY2(verified, why(verified));
    QCOMPARE(verified->head().size, 700);
    QVector<AuditEvent> forged = console.rows(0, 3);
    forged[1].target = Untrusted(u"other"_s);
    QVERIFY(!await(console.follower->prove(forged)));
}

void TestLogFollower::checkpointsThatDeceive_data()
{
    QTest::addColumn<int>("way");
    QTest::addColumn<int>("verdict");
    QTest::addColumn<int>("weight");
    using Weight = transparency::ConflictBundle::Weight;
    QTest::newRow("the last events dropped") << 0 << int(LogVerdict::RolledBack) << int(Weight::StatedByTheObserver);
    QTest::newRow("another history of the same size") << 1 << int(LogVerdict::Forked) << int(Weight::ProvenByTheLog);
    QTest::newRow("another history that grew") << 2 << int(LogVerdict::Forked) << int(Weight::ProvenByTheLog);
    QTest::newRow("another key in the same name") << 3 << int(LogVerdict::KeySwapped) << int(Weight::StatedByTheObserver);
    QTest::newRow("tiles withheld") << 4 << int(LogVerdict::Unproven) << int(Weight::StatedByTheObserver);
    QTest::newRow("a tile altered") << 5 << int(LogVerdict::Unproven) << int(Weight::StatedByTheObserver);
}

void TestLogFollower::checkpointsThatDeceive()
{
    QFETCH(int, way);
    QFETCH(int, verdict);
    QFETCH(int, weight);
    Console console;
    console.connectSystem();
    QVERIFY(console.reaches(LogState::Verified));
    const Instant good = console.system.world.clock.now();
    console.system.world.clock.advance(std::chrono::minutes(1));
    const QString pinned = console.log.key();
    const auto key = *crypto::NoteVerifier::parse(pinned);
    if (way == 0) {
        console.log.signedSize = 290;
    } else if (way == 1 || way == 2) {
        console.log.hashed.insert(7, "{\"forged\":true}");
        console.log.grow(way == 1 ? 300 : 420);
    } else if (way == 3) {
        console.log.signer = *crypto::NoteSigner::make(console.log.signer.name, crypto::PrivateKey::generate(crypto::KeyKind::Ed25519));
    } else {
        console.log.grow(420);
        const QString path = u"tile/0/001.p/164"_s;
        if (way == 4)
            console.log.withheld << path << u"tile/0/001"_s;
        else
            console.log.replacement.insert(path, QByteArray(164 * 32, 'x'));
    }
    QVERIFY2(console.look(LogState::Refused), qPrintable(console.follower->reason()));
    QTRY_COMPARE(console.conflicts->count(), 1);
    const LogConflict &conflict = *console.follower->conflict();
    QCOMPARE(int(conflict.verdict), verdict);
    QCOMPARE(conflict.lastGood, good);
    QCOMPARE(conflict.goodSize, 300);
    QCOMPARE(conflict.seen, console.system.world.clock.now());
    QVERIFY(!conflict.title.isEmpty() && !conflict.what.isEmpty());
    QCOMPARE(console.follower->since(), conflict.seen);
    const auto bundle = console.bundle();
    QVERIFY2(bundle, why(bundle));
    QCOMPARE(int(bundle->verdict), verdict);
    const auto worth = bundle->verify(key);
    QVERIFY2(worth, why(worth));
    QCOMPARE(int(*worth), weight);
    QCOMPARE(QFile::permissions(conflict.bundlePath) & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    QCOMPARE(conflict.bundleBytes, QFileInfo(conflict.bundlePath).size());
    // What was verified before still is.
    QVERIFY(console.follower->checkpoint());
    QCOMPARE(console.follower->checkpoint()->size(), 300);
}

void TestLogFollower::whatWasKeptOutlivesTheConsole_data()
{
    QTest::addColumn<bool>("back");
    QTest::newRow("rolled back while it was away") << true;
    QTest::newRow("grown while it was away") << false;
}

void TestLogFollower::whatWasKeptOutlivesTheConsole()
{
    QFETCH(bool, back);
    Console console;
    console.connectSystem();
    QVERIFY(console.reaches(LogState::Verified));
    console.make();
    if (back)
        console.log.signedSize = 250;
    else
        console.log.grow(900);
    console.connectSystem();
    QVERIFY(console.reaches(back ? LogState::Refused : LogState::Verified));
    if (back)
        QVERIFY(console.follower->conflict()->verdict == LogVerdict::RolledBack && console.follower->conflict()->goodSize == 300);
    else
        QCOMPARE(console.follower->checkpoint()->consistentWith, 300);
}

void TestLogFollower::anAlteredEntryIsFound()
{
    Console console;
    console.connectSystem();
    QVERIFY(console.reaches(LogState::Verified));
    // One byte of what is stored, and so of what is answered; the tree stays as it was signed.
    console.system.audit.alter = [](AuditEvent &event) {
        if (event.index == 42)
            event.actor = PrincipalId(u"person-2"_s);
    };
    AuditEvent stored = console.system.world.events.at(42);
    console.system.audit.alter(stored);
    console.log.stored.insert(42, transparency::leafOf(stored));
    QVERIFY(console.check(console.rows(0, 100)));
    QTRY_COMPARE(console.follower->state(), LogState::Refused);
    QCOMPARE(console.follower->proofOf(42), RowProof::Failed);
    QVERIFY(!console.follower->failureOf(42).isEmpty());
    QCOMPARE(console.follower->proofOf(41), RowProof::Verified);
    QTRY_COMPARE(console.conflicts->count(), 1);
    const LogConflict &conflict = *console.follower->conflict();
    QCOMPARE(conflict.leaf, 42);
    QCOMPARE(conflict.verdict, LogVerdict::Altered);
    QCOMPARE(conflict.where, u"tile/entries/000"_s);
    const auto bundle = console.bundle();
    QVERIFY2(bundle, why(bundle));
    const auto worth = bundle->verify(console.log.signer.verifier());
    QVERIFY2(worth, why(worth));
    QCOMPARE(bundle->altered->served, transparency::leafOf(stored));
    // The bundle convinces nobody of what it does not show.
    transparency::ConflictBundle honest = *bundle;
    honest.altered->served = transparency::leafOf(console.system.world.events.at(42));
    QVERIFY(!honest.verify(console.log.signer.verifier()));
    honest = *bundle;
    honest.altered->index = 43;
    QVERIFY(!honest.verify(console.log.signer.verifier()));
    honest.altered.reset();
    QVERIFY(!honest.verify(console.log.signer.verifier()));
    // One spelling of each kind: the event is there for this one, and for no other.
    QVERIFY(!transparency::ConflictBundle::fromBytes(honest.toBytes()));
    honest = *bundle;
    honest.verdict = LogVerdict::Unproven;
    QVERIFY(!transparency::ConflictBundle::fromBytes(honest.toBytes()));
}

void TestLogFollower::manyAlteredEventsAreToldOnce()
{
    Console console;
    console.connectSystem();
    QVERIFY(console.reaches(LogState::Verified));
    console.system.audit.alter = [](AuditEvent &event) {
        if (event.index % 20 == 3)
            event.reason = Untrusted(u"forged"_s);
    };
    QVERIFY(console.check(console.rows(0, 200)));
    QVERIFY(waitUntil([&] { return console.follower->failedRows() == 10 && !console.follower->isBusy(); }));
    QTRY_COMPARE(QDir(console.folder.filePath(u"conflicts"_s)).entryList(QDir::Files).size(), 10); // the evidence of each
    QCOMPARE(console.conflicts->count(), 1);
    QCOMPARE(console.follower->conflict()->leaf, 3);
    // A whole that does not hold outweighs events.
    console.log.signedSize = 100;
    console.follower->refresh();
    QTRY_COMPARE(console.conflicts->count(), 2);
    QCOMPARE(console.follower->conflict()->leaf, -1);
    // And under it single events are marked, and told no more.
    QVERIFY(console.check(console.rows(200, 300)));
    QCOMPARE(console.follower->proofOf(203), RowProof::Failed);
    QCOMPARE(console.conflicts->count(), 2);
}

void TestLogFollower::anAnswerThatLiesIsFound()
{
    Console console;
    console.connectSystem();
    QVERIFY(console.reaches(LogState::Verified));
    console.system.audit.alter = [](AuditEvent &event) {
        if (event.index == 290)
            event.outcome = Outcome::Denied;
    };
    QVERIFY(console.check(console.rows(280, 300)));
    QTRY_COMPARE(console.follower->state(), LogState::Refused);
    const LogConflict &conflict = *console.follower->conflict();
    QCOMPARE(conflict.where, u"v1/events/290"_s);
    QVERIFY(conflict.what.contains(u"outcome"_s));
    QVERIFY(conflict.title.contains(u"lies"_s));
}

void TestLogFollower::aTileThatIsWrongIsFound()
{
    Console console(700);
    console.connectSystem();
    QVERIFY(console.reaches(LogState::Verified));
    console.log.replacement.insert(u"tile/0/001"_s, QByteArray(256 * 32, 'x'));
    QVERIFY(console.check(console.rows(256, 300)));
    QTRY_COMPARE(console.follower->state(), LogState::Refused);
    QCOMPARE(console.follower->conflict()->verdict, LogVerdict::Unproven);
    QTRY_COMPARE(console.conflicts->count(), 1);
    const auto bundle = console.bundle();
    QVERIFY2(bundle, why(bundle));
    const auto worth = bundle->verify(console.log.signer.verifier());
    QVERIFY2(worth, why(worth));
    QVERIFY(console.check(console.rows(0, 100)));
    QCOMPARE(console.follower->proofOf(99), RowProof::Verified);
}

void TestLogFollower::whatWasProvenBeforeIsRemembered()
{
    Console console;
    console.connectSystem();
    QVERIFY(console.reaches(LogState::Verified));
    QVERIFY(console.check(console.rows(0, 100)));
    console.system.audit.alter = [](AuditEvent &event) { event.target = Untrusted(u"ws-elsewhere"_s); };
    // Not for a moment does the earlier proof stand for what is in its place now.
    QCOMPARE(console.follower->proofOf(10), RowProof::Verified);
    console.follower->check(console.rows(10, 11));
    QCOMPARE(console.follower->proofOf(10), RowProof::Unknown);
    QVERIFY(console.check(console.rows(10, 11)));
    QTRY_COMPARE(console.follower->state(), LogState::Refused);
    const auto copy = console.follower->provenCopy(10);
    QVERIFY(copy);
    QCOMPARE(copy->target, console.system.world.events.at(10).target);
    QVERIFY(console.follower->conflict()->what.contains(u"target"_s));
}

void TestLogFollower::theSameIsToldOnce()
{
    Console console;
    console.connectSystem();
    QVERIFY(console.reaches(LogState::Verified));
    console.log.signedSize = 200;
    QVERIFY(console.look(LogState::Refused));
    QTRY_COMPARE(console.conflicts->count(), 1);
    for (int i = 0; i < 3; ++i) {
        QVERIFY(console.look(LogState::Refused));
        QVERIFY(waitUntil([&] { return !console.follower->isBusy(); }));
    }
    QCOMPARE(console.conflicts->count(), 1);
    QCOMPARE(QDir(console.folder.filePath(u"conflicts"_s)).entryList(QDir::Files).size(), 1);
    // Something else is told again.
    console.log.signedSize = 100;
    console.follower->refresh();
    QTRY_COMPARE(console.conflicts->count(), 2);
}

void TestLogFollower::itComesBackAndIsAcknowledged()
{
    Console console;
    console.connectSystem();
    QVERIFY(console.reaches(LogState::Verified));
    console.log.signedSize = 200;
    QVERIFY(console.look(LogState::Refused));
    console.follower->acknowledge(); // it is not good again
    QVERIFY(console.follower->conflict());
    console.log.signedSize = -1;
    console.system.world.clock.advance(std::chrono::minutes(2));
    console.follower->refresh();
    QVERIFY(waitUntil([&] { return console.follower->isGoodAgain(); }));
    // It stays to be seen until somebody has seen it.
    QCOMPARE(console.follower->state(), LogState::Refused);
    console.follower->acknowledge();
    QCOMPARE(console.follower->state(), LogState::Verified);
    QVERIFY(!console.follower->conflict());
}

void TestLogFollower::troubleIsNotTampering_data()
{
    QTest::addColumn<int>("way");
    QTest::newRow("it does not answer") << 0;
    QTest::newRow("garbage") << 1;
    QTest::newRow("nothing") << 2;
    QTest::newRow("it publishes nothing") << 3;
    QTest::newRow("tiles do not come") << 4;
}

void TestLogFollower::troubleIsNotTampering()
{
    QFETCH(int, way);
    Console console;
    console.connectSystem();
    QVERIFY(console.reaches(LogState::Verified));
    console.system.world.clock.advance(std::chrono::minutes(1));
    const Error gone{Error::Code::Network, u"It does not answer."_s, {}, true};
    Script &script = console.system.audit.script;
    if (way == 0)
        script.failAlways(u"published"_s, gone);
    else if (way == 1)
        console.log.replacement.insert(u"checkpoint"_s, "<html>502 Bad Gateway</html>");
    else if (way == 2)
        console.log.replacement.insert(u"checkpoint"_s, QByteArray());
    else if (way == 3)
        console.log.withheld << u"checkpoint"_s;
    else
        script.failAlways(u"published tile/0/001.p/164"_s, gone);
    if (way == 4)
        console.log.grow(420);
    QVERIFY(console.look(LogState::Stale));
    QCOMPARE(console.follower->since(), console.system.world.clock.now());
    QVERIFY(!console.follower->reason().isEmpty());
    QVERIFY(!console.follower->conflict());
    QCOMPARE(console.follower->checkpoint()->size(), 300);
    script.succeed(u"published"_s);
    script.succeed(u"published tile/0/001.p/164"_s);
    console.log.replacement.clear();
    console.log.withheld.clear();
    QVERIFY(console.look(LogState::Verified));
}

void TestLogFollower::aDamagedKeptFileIsSaid()
{
    Console console;
    console.connectSystem();
    QVERIFY(console.reaches(LogState::Verified));
    QDirIterator it(console.folder.filePath(u"log"_s), {u"*.json"_s}, QDir::Files, QDirIterator::Subdirectories);
    QVERIFY(it.hasNext());
    QFile file(it.next());
    QVERIFY(file.open(QIODevice::ReadWrite));
    file.write("{");
    file.resize(1);
    file.close();
    console.make();
    console.connectSystem();
    QVERIFY(console.reaches(LogState::Stale));
    QVERIFY2(console.follower->reason().contains(u"damaged"_s), qPrintable(console.follower->reason()));
}

void TestLogFollower::withoutAKeyNothingIsClaimed()
{
    Console console;
    for (const QString &key : {QString(), u"nonsense"_s}) {
        console.follower->setSystem(&console.system.audit, console.watch.get(), u"ca"_s, key);
        QCOMPARE(console.follower->state(), LogState::Off);
        QVERIFY(!console.follower->reason().isEmpty());
        console.follower->refresh();
        console.follower->check(console.rows(0, 10));
        QVERIFY(!console.follower->isBusy());
        QCOMPARE(console.follower->proofOf(3), RowProof::Unknown);
    }
    QCOMPARE(console.system.audit.script.count(u"published"_s), 0);
}

void TestLogFollower::anotherSystemIsAnotherLog()
{
    Console console;
    console.connectSystem(u"ca-1"_s);
    QVERIFY(console.reaches(LogState::Verified));
    QVERIFY(console.check(console.rows(0, 10)));
    console.log.signedSize = 200; // of the other system: nothing to do with the first one's 300
    console.connectSystem(u"ca-2"_s);
    QVERIFY(console.reaches(LogState::Verified));
    QCOMPARE(console.follower->checkpoint()->size(), 200);
    QCOMPARE(console.follower->proofOf(3), RowProof::Unknown);
    console.follower->clearSystem();
    QCOMPARE(console.follower->state(), LogState::Stale);
    console.connectSystem(u"ca-1"_s);
    QVERIFY(console.reaches(LogState::Refused)); // the first one had 300
}

void TestLogFollower::otherSignersAreNamed()
{
    Console console;
    const auto witness = *crypto::NoteSigner::make(u"witness.example"_s, crypto::PrivateKey::generate(crypto::KeyKind::Ed25519), crypto::NoteAlgorithm::Cosignature);
    console.log.more = {transparency::NoteSignature{u"witness.example"_s, witness.verifier().keyHash(), QByteArray(72, 'w')}};
    console.connectSystem();
    QVERIFY(console.reaches(LogState::Verified));
    QCOMPARE(console.follower->checkpoint()->otherSigners.size(), 1);
    QCOMPARE(console.follower->checkpoint()->otherSigners.first().name, u"witness.example"_s);
}

void TestLogFollower::aClosingSystemCancels()
{
    Console console;
    console.connectSystem();
    QVERIFY(console.reaches(LogState::Verified));
    console.system.audit.script.hold(u"published"_s);
    const Reply<InclusionPath> path = console.follower->pathOf(console.system.world.events.at(3));
    console.follower->refresh();
    console.follower->clearSystem();
    const auto answer = await(path);
    QVERIFY(!answer);
    QCOMPARE(console.follower->state(), LogState::Stale);
    console.system.audit.script.release(u"published"_s);
    QCoreApplication::sendPostedEvents();
    QCOMPARE(console.follower->state(), LogState::Stale);
    console.connectSystem();
    QVERIFY(console.reaches(LogState::Verified));
    // And a follower that goes while something is under way takes nothing with it.
    console.follower->refresh();
    console.follower.reset();
    QCoreApplication::sendPostedEvents();
}

void TestLogFollower::aFolderThatCannotBeWrittenIsSaid()
{
    Console console;
    QFile blocker(console.folder.filePath(u"conflicts"_s));
    QVERIFY(blocker.open(QIODevice::WriteOnly));
    blocker.close();
    console.connectSystem();
    QVERIFY(console.reaches(LogState::Verified));
    console.log.signedSize = 200;
    QVERIFY(console.look(LogState::Refused));
    QTRY_COMPARE(console.conflicts->count(), 1);
    QVERIFY(console.follower->conflict()->bundlePath.isEmpty());
    QVERIFY(!console.follower->conflict()->bundleError.isEmpty());
}

void TestLogFollower::cachesAreBounded()
{
    Console console(100);
    console.connectSystem();
    QVERIFY(console.reaches(LogState::Verified));
    QVector<AuditEvent> far;
    for (int i = 0; i < 60'000; ++i) {
        AuditEvent event;
        event.index = 1'000'000 + i;
        far << event;
    }
    QVERIFY(console.check(far));
    QCOMPARE(console.follower->proofOf(1'000'000), RowProof::Unknown); // gone for newer ones
    QCOMPARE(console.follower->proofOf(1'059'999), RowProof::NotCovered);
}

QTEST_GUILESS_MAIN(TestLogFollower)
#include "tst_logfollower.moc"
