// SPDX-License-Identifier: GPL-3.0-or-later
// This console as a witness: it cosigns what it verified, one history only, and gives up where it is not wanted.
#include "models/fleet/logwitness.h"

#include "tests/support/provenlog.h"
#include "tests/support/waiting.h"

#include <QtCore/QDir>
#include <QtCore/QDirIterator>
#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace parapet;
using namespace parapet::fleet;
using namespace parapet::support;
using namespace Qt::StringLiterals;

namespace {

/// A console that follows a log and is a witness of it.
struct Desk {
    explicit Desk(qint64 events = 20) : log(system), signer(newWitnessKey())
    {
        log.grow(events);
        watch = system.control.watch();
        (void)secrets.write(witnessSecret(signer.verifier()), signer.text().toLatin1());
        make();
    }
    void make()
    {
        witness.reset();
        follower = std::make_unique<LogFollower>(folder.path(), system.world.clock);
        witness = std::make_unique<LogWitness>(folder.path(), secrets, *follower, system.world.clock);
        witness->setPause(Milliseconds(0));
    }
    void connectSystem()
    {
        follower->setSystem(&system.audit, watch.get(), u"ca"_s, log.key());
        witness->setSystem(&system.audit, u"ca"_s, signer.verifier().text());
    }
    bool reaches(LogWitness::State state, qint64 size = -1)
    {
        return waitUntil([&] { return witness->state() == state && (size < 0 || witness->lastSize() == size); });
    }
    int sent() const { return system.audit.script.count(u"addCosignature"_s); }
    QString recordPath() const
    {
        QDirIterator files(folder.path(), {u"witness.json"_s}, QDir::Files, QDirIterator::Subdirectories);
        return files.hasNext() ? files.next() : QString();
    }
    WitnessRecord record() const
    {
        QFile file(recordPath());
        return file.open(QIODevice::ReadOnly) ? WitnessRecord::fromBytes(file.readAll()).value_or(WitnessRecord{}) : WitnessRecord{};
    }
    void writeRecord(const QByteArray &bytes)
    {
        QFile file(recordPath());
        if (file.open(QIODevice::WriteOnly | QIODevice::Truncate))
            file.write(bytes);
    }

    FakeSystem system;
    ProvenLog log;
    QTemporaryDir folder;
    MemorySecretStore secrets;
    crypto::NoteSigner signer;
    std::unique_ptr<Watch> watch;
    std::unique_ptr<LogFollower> follower;
    std::unique_ptr<LogWitness> witness;
};

const Error networkTrouble{Error::Code::Network, u"It does not answer."_s, {}, true};

} // namespace

class TestLogWitness : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsVerifiedIsCosigned();
    void theSameIsSentOnce();
    void theSizeIsDurableBeforeItIsSent();
    void oneAtATime();
    void anotherHistoryIsNeverSigned();
    void aDamagedRecordStopsIt();
    void twoConsolesSignOneHistory();
    void aWitnessThatIsNotKnownAsksOnce();
    void troubleIsTriedAgain();
    void withoutItsKeyItSaysSo_data();
    void withoutItsKeyItSaysSo();
    void aLogThatDoesNotVerifyIsNotCosigned();
    void offIsOff();
};

void TestLogWitness::whatIsVerifiedIsCosigned()
{
    Desk desk;
    QSignalSpy changed(desk.witness.get(), &LogWitness::changed);
    desk.connectSystem();
    QVERIFY(desk.reaches(LogWitness::State::Cosigned, 20));
    QVERIFY(changed.count() >= 2);
    QVERIFY(desk.witness->sentence().contains(u"20"_s));
    QCOMPARE(desk.system.audit.cosigned.size(), 1);
    const auto signature = transparency::NoteSignature::fromLine((desk.system.audit.cosigned.first().line + u'\n').toUtf8());
    QVERIFY(signature);
    QVERIFY(transparency::isSignatureOf(desk.signer.verifier(), desk.follower->checkpoint()->content.checkpoint.text(), *signature));
    QCOMPARE(transparency::cosignedAt(*signature), std::optional(desk.system.world.clock.now()));
    // What is newer follows, and the record with it.
    desk.log.grow(300);
    desk.follower->refresh();
    QVERIFY(desk.reaches(LogWitness::State::Cosigned, 300));
    QTRY_VERIFY(desk.record().sent);
    QCOMPARE(desk.record().size, 300);
    QVERIFY(!(QFile::permissions(desk.recordPath()) & (QFileDevice::ReadGroup | QFileDevice::ReadOther)));
}

void TestLogWitness::theSameIsSentOnce()
{
    Desk desk;
    desk.connectSystem();
    QVERIFY(desk.reaches(LogWitness::State::Cosigned, 20));
    QTRY_VERIFY(desk.record().sent);
    QSignalSpy looked(desk.follower.get(), &LogFollower::changed);
    desk.follower->refresh();
    QTRY_VERIFY(looked.count() > 0);
    QCOMPARE(desk.sent(), 1);
    // Nor by the next run of the console.
    desk.make();
    desk.connectSystem();
    QVERIFY(waitUntil([&] { return desk.follower->state() == LogState::Verified && !desk.follower->isBusy(); }));
    desk.log.grow(21);
    desk.follower->refresh();
    QVERIFY(desk.reaches(LogWitness::State::Cosigned, 21));
    QCOMPARE(desk.sent(), 2);
}

void TestLogWitness::theSizeIsDurableBeforeItIsSent()
{
    Desk desk;
    std::optional<WitnessRecord> then;
    desk.system.audit.script.onCall = [&](const Call &call) {
        if (call.name == u"addCosignature"_s)
            then = desk.record();
    };
    desk.connectSystem();
    QVERIFY(desk.reaches(LogWitness::State::Cosigned, 20));
    QVERIFY(then);
    QCOMPARE(then->size, 20);
    QCOMPARE(then->root, transparency::toBytes(desk.follower->checkpoint()->content.head().root));
    QVERIFY(!then->sent);
}

void TestLogWitness::oneAtATime()
{
    Desk desk;
    desk.system.audit.script.hold(u"addCosignature"_s);
    desk.connectSystem();
    QTRY_COMPARE(desk.sent(), 1);
    for (const qint64 size : {25, 30, 35}) {
        desk.log.grow(size);
        desk.follower->refresh();
        QTRY_COMPARE(desk.follower->checkpoint()->size(), size);
    }
    QCOMPARE(desk.sent(), 1);
    desk.system.audit.script.release(u"addCosignature"_s);
    // Then the newest alone.
    QVERIFY(desk.reaches(LogWitness::State::Cosigned, 35));
    QCOMPARE(desk.sent(), 2);
}

void TestLogWitness::anotherHistoryIsNeverSigned()
{
    Desk desk;
    desk.connectSystem();
    QVERIFY(desk.reaches(LogWitness::State::Cosigned, 20));
    QTRY_VERIFY(desk.record().sent);
    // The console forgets what it kept, but not what it signed: the other history is the first that it sees.
    WitnessRecord record = desk.record();
    record.root = QByteArray(32, 'x');
    desk.writeRecord(record.toBytes());
    desk.log.grow(40);
    desk.make();
    desk.connectSystem();
    QVERIFY(desk.reaches(LogWitness::State::Refused));
    QVERIFY2(desk.witness->sentence().contains(u"another history"_s), qPrintable(desk.witness->sentence()));
    QCOMPARE(desk.sent(), 1);
    QCOMPARE(desk.record().size, 20);
}

void TestLogWitness::aDamagedRecordStopsIt()
{
    Desk desk;
    desk.connectSystem();
    QVERIFY(desk.reaches(LogWitness::State::Cosigned, 20));
    QTRY_VERIFY(desk.record().sent);
    desk.writeRecord("{}");
    desk.log.grow(40);
    desk.make();
    desk.connectSystem();
    QVERIFY(desk.reaches(LogWitness::State::Refused));
    QVERIFY(desk.witness->sentence().contains(u"damaged"_s));
    QCOMPARE(desk.sent(), 1);
}

void TestLogWitness::twoConsolesSignOneHistory()
{
    Desk desk;
    desk.connectSystem();
    QVERIFY(desk.reaches(LogWitness::State::Cosigned, 20));
    QTRY_VERIFY(desk.record().sent);
    // Another console with this data folder has signed further meanwhile.
    WitnessRecord further = desk.record();
    further.size = 50;
    further.root = QByteArray(32, 'y');
    desk.writeRecord(further.toBytes());
    desk.log.grow(30);
    desk.follower->refresh();
    QVERIFY(desk.reaches(LogWitness::State::Failing));
    QCOMPARE(desk.sent(), 1);
    QCOMPARE(desk.record(), further);
}

void TestLogWitness::aWitnessThatIsNotKnownAsksOnce()
{
    Desk desk;
    desk.system.audit.script.failAlways(u"addCosignature"_s, {Error::Code::Forbidden, u"It is not a witness that this plane knows."_s, {}, false});
    desk.connectSystem();
    QVERIFY(desk.reaches(LogWitness::State::Refused));
    QVERIFY2(desk.witness->sentence().contains(desk.signer.verifier().text()), qPrintable(desk.witness->sentence()));
    // Each refusal is an event, and each event a new head: to ask again would go round for ever.
    desk.log.grow(30);
    desk.follower->refresh();
    QTRY_COMPARE(desk.follower->checkpoint()->size(), 30);
    QCoreApplication::sendPostedEvents();
    QCOMPARE(desk.sent(), 1);
    desk.system.audit.script.succeed(u"addCosignature"_s);
    desk.witness->retry();
    QVERIFY(desk.reaches(LogWitness::State::Cosigned, 30));
}

void TestLogWitness::troubleIsTriedAgain()
{
    Desk desk;
    desk.system.audit.script.failNext(u"addCosignature"_s, networkTrouble);
    desk.connectSystem();
    QVERIFY(desk.reaches(LogWitness::State::Cosigned, 20)); // the same head again: it was never taken
    QCOMPARE(desk.sent(), 2);
    QCOMPARE(desk.record().size, 20);
}

void TestLogWitness::withoutItsKeyItSaysSo_data()
{
    QTest::addColumn<QByteArray>("secret");
    QTest::newRow("gone") << QByteArray();
    QTest::newRow("damaged") << QByteArray("PRIVATE+KEY+x");
    QTest::newRow("another") << newWitnessKey().text().toLatin1();
}

void TestLogWitness::withoutItsKeyItSaysSo()
{
    QFETCH(QByteArray, secret);
    Desk desk;
    const QString name = witnessSecret(desk.signer.verifier());
    if (secret.isEmpty())
        (void)desk.secrets.remove(name);
    else
        (void)desk.secrets.write(name, secret);
    desk.connectSystem();
    QVERIFY(desk.reaches(LogWitness::State::Refused));
    QVERIFY(desk.witness->sentence().contains(u"witness key"_s));
    QCOMPARE(desk.sent(), 0);
}

void TestLogWitness::aLogThatDoesNotVerifyIsNotCosigned()
{
    Desk desk;
    desk.connectSystem();
    QVERIFY(desk.reaches(LogWitness::State::Cosigned, 20));
    desk.log.signedSize = 10;
    desk.follower->refresh();
    QTRY_COMPARE(desk.follower->state(), LogState::Refused);
    QCOMPARE(desk.sent(), 1);
}

void TestLogWitness::offIsOff()
{
    Desk desk;
    desk.follower->setSystem(&desk.system.audit, desk.watch.get(), u"ca"_s, desk.log.key());
    desk.witness->setSystem(&desk.system.audit, u"ca"_s, {});
    QVERIFY(waitUntil([&] { return desk.follower->state() == LogState::Verified; }));
    QCOMPARE(desk.witness->state(), LogWitness::State::Off);
    QVERIFY(desk.witness->sentence().isEmpty() && desk.witness->ownKey().isEmpty());
    desk.connectSystem();
    desk.system.audit.script.hold(u"addCosignature"_s);
    QTRY_COMPARE(desk.sent(), 1);
    desk.witness->clearSystem();
    desk.system.audit.script.release(u"addCosignature"_s);
    QCoreApplication::sendPostedEvents();
    QCOMPARE(desk.witness->state(), LogWitness::State::Off);
    // A key's name says nothing of this machine, and its secret never is the verifier.
    QVERIFY(desk.signer.name.startsWith(u"console-"_s));
    QVERIFY(!witnessSecret(desk.signer.verifier()).contains(desk.signer.verifier().text()));
}

QTEST_GUILESS_MAIN(TestLogWitness)
#include "tst_logwitness.moc"
