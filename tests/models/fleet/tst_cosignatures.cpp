// SPDX-License-Identifier: GPL-3.0-or-later
// What a cosignature is worth: only a pinned witness's, over a head that the verified tree has.
#include "models/fleet/cosignatures.h"

#include "models/fleet/logfollower.h"
#include "tests/support/provenlog.h"
#include "tests/support/waiting.h"

#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace parapet;
using namespace parapet::fleet;
using namespace parapet::support;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

crypto::NoteSigner witness(const QString &name)
{
    return *crypto::NoteSigner::make(name, crypto::PrivateKey::generate(crypto::KeyKind::Ed25519), crypto::NoteAlgorithm::Cosignature);
}

/// A follower over a log that witnesses look at.
struct Watched {
    explicit Watched(qint64 events = 40) : log(system), follower(folder.path(), system.world.clock)
    {
        log.grow(events);
        watch = system.control.watch();
    }
    bool connectSystem()
    {
        follower.setSystem(&system.audit, watch.get(), u"ca"_s, log.key());
        return waitUntil([this] { return follower.state() == LogState::Verified && !follower.isBusy(); });
    }
    transparency::Hash rootAt(qint64 size) const
    {
        transparency::MerkleTree tree;
        for (qint64 i = 0; i < size; ++i)
            tree.append(transparency::leafHash(transparency::leafOf(system.world.events.at(i))));
        return tree.root();
    }
    /// `signer` says it saw `size` events with that root.
    void cosign(const crypto::NoteSigner &signer, qint64 size, transparency::Hash root)
    {
        const transparency::Checkpoint seen{log.signer.name, {size, root}, {}};
        const transparency::NoteSignature signature = transparency::cosign(signer, seen.text(), system.world.clock.now());
        system.audit.cosigned.append({size, transparency::toBytes(root), signer.name, QString::fromUtf8(signature.line().chopped(1)), system.world.clock.now()});
    }
    void cosign(const crypto::NoteSigner &signer, qint64 size) { cosign(signer, size, rootAt(size)); }

    FakeSystem system;
    ProvenLog log;
    QTemporaryDir folder;
    std::unique_ptr<Watch> watch;
    LogFollower follower;
};

} // namespace

class TestCosignatures : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keysAreJudged_data();
    void keysAreJudged();
    void thePolicyIsASentence_data();
    void thePolicyIsASentence();
    void theEarliestThatCoversCounts();
    void aWitnessWhoIsNotPinnedProvesNothing();
    void deceptionIsNamed_data();
    void deceptionIsNamed();
    void withoutAListTheCheckpointItselfTells();
    void troubleIsNotAWitness();
    void anEarlierRootIsProven();
};

void TestCosignatures::keysAreJudged_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("count");
    QTest::addColumn<QString>("words");
    const QString a = witness(u"a.example"_s).verifier().text();
    const QString b = witness(u"b.example"_s).verifier().text();
    const QString log = crypto::NoteSigner::make(u"log.example"_s, crypto::PrivateKey::generate(crypto::KeyKind::Ed25519))->verifier().text();
    QTest::newRow("none") << QString() << 0 << QString();
    QTest::newRow("two") << a + u"\n\n  "_s + b + u"  \n"_s << 2 << QString();
    QTest::newRow("remarks") << u"# ours\n"_s + a << 1 << QString();
    QTest::newRow("a log's key") << a + u'\n' + log << -1 << u"line 2"_s;
    QTest::newRow("nonsense") << a + u"\n\nnonsense"_s << -1 << u"line 3"_s;
    QTest::newRow("cut") << a.chopped(4) << -1 << u"line 1"_s;
    QTest::newRow("twice") << a + u'\n' + a << -1 << u"twice"_s;
    QStringList many;
    for (int i = 0; i <= mostWitnesses; ++i)
        many << witness(u"w%1"_s.arg(i)).verifier().text();
    QTest::newRow("too many") << many.join(u'\n') << -1 << u"at most 32"_s;
}

void TestCosignatures::keysAreJudged()
{
    QFETCH(QString, text);
    QFETCH(int, count);
    QFETCH(QString, words);
    const auto keys = parseWitnessKeys(text);
    QCOMPARE(keys.has_value(), count >= 0);
    if (keys)
        QCOMPARE(int(keys->size()), count);
    else
        QVERIFY2(keys.error().message.contains(words), qPrintable(keys.error().message));
}

void TestCosignatures::thePolicyIsASentence_data()
{
    QTest::addColumn<int>("least");
    QTest::addColumn<bool>("ofEvent");
    QTest::addColumn<int>("nowHours");
    QTest::addColumn<bool>("holds");
    QTest::addColumn<QString>("words");
    QTest::newRow("none wanted") << 0 << true << 1 << true << QString();
    QTest::newRow("one in time") << 1 << true << 9 << true << u"1 of 3"_s;
    QTest::newRow("two, one late") << 2 << true << 9 << false << u"wanted: 2"_s;
    QTest::newRow("still time") << 2 << true << 1 << false << u"still time"_s;
    QTest::newRow("of the log") << 2 << false << 6 << true << u"2 of 3"_s;
    QTest::newRow("of the log, old") << 1 << false << 30 << false << u"0 of 3"_s;
}

void TestCosignatures::thePolicyIsASentence()
{
    QFETCH(int, least);
    QFETCH(bool, ofEvent);
    QFETCH(int, nowHours);
    QFETCH(bool, holds);
    QFETCH(QString, words);
    const Instant happened(std::chrono::seconds(1'773'754'800));
    const QVector<WitnessStatement> statements{{u"a"_s, 1, 10, happened + 1h, WitnessWorth::Verified},
                                               {u"b"_s, 2, 12, happened + 5h, WitnessWorth::Verified},
                                               {u"c"_s, 3, 12, happened + 1h, WitnessWorth::Wrong},
                                               {u"d"_s, 4, 12, happened + 1h, WitnessWorth::Unknown}};
    const PolicyVerdict verdict = judgePolicy({least, ofEvent ? 4 : 8}, statements, 3, ofEvent ? happened : Instant{}, happened + std::chrono::hours(nowHours));
    QCOMPARE(verdict.holds, holds);
    QVERIFY2(words.isEmpty() ? verdict.sentence.isEmpty() : verdict.sentence.contains(words), qPrintable(verdict.sentence));
}

void TestCosignatures::theEarliestThatCoversCounts()
{
    Watched watched;
    const auto one = witness(u"one.example"_s);
    watched.cosign(one, 40);
    watched.cosign(one, 20);
    watched.cosign(one, 10);
    QVERIFY(watched.connectSystem());
    watched.follower.setWitnesses({one.verifier()}, {});
    const auto first = await(watched.follower.witnessesOf(3));
    QVERIFY2(first, why(first));
    QCOMPARE(first->size(), 1);
    QCOMPARE(first->first().size, 10);
    QCOMPARE(first->first().worth, WitnessWorth::Verified);
    QCOMPARE(await(watched.follower.witnessesOf(10))->first().size, 20); // a tree of ten has no leaf ten
    QCOMPARE(await(watched.follower.witnessesOf(-1))->first().size, 40);
    watched.log.grow(60);
    watched.follower.refresh();
    QTRY_COMPARE(watched.follower.checkpoint()->size(), 60);
    QVERIFY(await(watched.follower.witnessesOf(50))->isEmpty());
}

void TestCosignatures::aWitnessWhoIsNotPinnedProvesNothing()
{
    Watched watched;
    const auto pinned = witness(u"pinned.example"_s);
    const auto other = witness(u"pinned.example"_s); // of the same name, with another key
    watched.cosign(other, 40);
    watched.cosign(pinned, 40);
    QVERIFY(watched.connectSystem());
    watched.follower.setWitnesses({pinned.verifier()}, {});
    const auto all = await(watched.follower.witnessesOf(-1));
    QVERIFY2(all, why(all));
    QCOMPARE(all->size(), 2);
    for (const WitnessStatement &one : *all)
        QCOMPARE(one.worth, one.keyHash == pinned.verifier().keyHash() ? WitnessWorth::Verified : WitnessWorth::Unknown);
}

void TestCosignatures::deceptionIsNamed_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("worth");
    QTest::newRow("another history") << 0 << int(WitnessWorth::OtherHistory);
    QTest::newRow("a signature of something else") << 1 << int(WitnessWorth::Wrong);
    QTest::newRow("a claimed root beside a good signature") << 2 << int(WitnessWorth::Verified);
}

void TestCosignatures::deceptionIsNamed()
{
    QFETCH(int, kind);
    QFETCH(int, worth);
    Watched watched;
    const auto one = witness(u"one.example"_s);
    transparency::Hash forged{};
    forged.fill(7);
    if (kind == 0) {
        watched.cosign(one, 30, forged);
    } else {
        watched.cosign(one, kind == 1 ? 20 : 30);
        watched.system.audit.cosigned.last().size = 30;
        watched.system.audit.cosigned.last().rootHash = transparency::toBytes(kind == 1 ? watched.rootAt(30) : forged);
    }
    QVERIFY(watched.connectSystem());
    watched.follower.setWitnesses({one.verifier()}, {});
    const auto all = await(watched.follower.witnessesOf(5));
    QVERIFY2(all, why(all));
    QCOMPARE(all->size(), 1);
    QCOMPARE(int(all->first().worth), worth);
}

void TestCosignatures::withoutAListTheCheckpointItselfTells()
{
    Watched watched;
    const auto one = witness(u"one.example"_s);
    const transparency::Checkpoint seen{watched.log.signer.name, {40, watched.rootAt(40)}, {}};
    watched.log.more = {transparency::cosign(one, seen.text(), watched.system.world.clock.now())};
    watched.system.audit.script.failAlways(u"cosignatures"_s, {Error::Code::NotFound, u"none"_s, {}, false});
    QVERIFY(watched.connectSystem());
    watched.follower.setWitnesses({one.verifier()}, {});
    const auto all = await(watched.follower.witnessesOf(39));
    QVERIFY2(all, why(all));
    QCOMPARE(all->size(), 1);
    QCOMPARE(all->first().worth, WitnessWorth::Verified);
    QCOMPARE(all->first().size, 40);
}

void TestCosignatures::troubleIsNotAWitness()
{
    Watched watched;
    QVERIFY(!await(watched.follower.witnessesOf(1))); // nothing is verified
    QVERIFY(watched.connectSystem());
    watched.system.audit.script.failNext(u"cosignatures"_s, {Error::Code::Network, u"It does not answer."_s, {}, true});
    const auto failed = await(watched.follower.witnessesOf(1));
    QVERIFY(!failed && failed.error().code == Error::Code::Network);
    watched.system.audit.script.hold(u"cosignatures"_s);
    const auto asked = watched.follower.witnessesOf(1);
    watched.follower.clearSystem();
    watched.system.audit.script.release(u"cosignatures"_s);
    const auto dropped = await(asked);
    QVERIFY(!dropped && dropped.error().code == Error::Code::Cancelled);
    // What cannot be read of the list is left out.
    watched.system.audit.cosigned.append({5, QByteArray(32, 'x'), u"w"_s, u"no signature line"_s, {}});
    QVERIFY(watched.connectSystem());
    const auto none = await(watched.follower.witnessesOf(1));
    QVERIFY2(none && none->isEmpty(), why(none));
}

void TestCosignatures::anEarlierRootIsProven()
{
    Watched watched(700);
    QVERIFY(watched.connectSystem());
    for (const qint64 size : {qint64(1), qint64(255), qint64(256), qint64(699), qint64(700)}) {
        const auto root = await(watched.follower.rootAt(size));
        QVERIFY2(root, why(root));
        QCOMPARE(*root, watched.rootAt(size));
    }
    QVERIFY(!await(watched.follower.rootAt(701)));
}

QTEST_GUILESS_MAIN(TestCosignatures)
#include "tst_cosignatures.moc"
