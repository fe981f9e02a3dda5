// SPDX-License-Identifier: GPL-3.0-or-later
// The plane that is shipped and a console that is its witness: refused until its key is registered, then shown by every console.
#include "models/fleet/connection.h"
#include "models/fleet/logwitness.h"
#include "tests/support/planeprocess.h"
#include "tests/support/waiting.h"

#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace parapet;
using namespace parapet::fleet;
using namespace Qt::StringLiterals;
using support::await;
using support::waitUntil;
using support::why;

namespace {

constexpr int witnessPatience = 60'000;

/// What a console is without its window: connection, follower, witness.
struct WitnessDesk {
    WitnessDesk(const Profile &profile, const crypto::NoteSigner &signer)
        : follower(folder.path(), Clock::system()), witness(folder.path(), secrets, follower, Clock::system()), connection(profile, secrets)
    {
        (void)secrets.write(witnessSecret(signer.verifier()), signer.text().toLatin1());
        witness.setPause(Milliseconds(0));
        QObject::connect(&connection, &Connection::ready, &follower, [this, key = signer.verifier().text()] {
            const Profile &open = connection.profile();
            follower.setSystem(connection.system().audit, connection.watch(), open.caSha256, open.logKey);
            witness.setSystem(connection.system().audit, open.caSha256, key);
        });
        QObject::connect(&connection, &Connection::aboutToClose, &follower, [this] {
            witness.clearSystem();
            follower.clearSystem();
        });
        QObject::connect(&witness, &LogWitness::changed, &connection, [this] { connection.setRemark(witness.sentence()); });
        connection.open();
    }
    ~WitnessDesk() { connection.close(); }
    bool reaches(LogWitness::State state, qint64 beyond = -1)
    {
        return waitUntil([&] { return witness.state() == state && witness.lastSize() > beyond; }, witnessPatience);
    }

    QTemporaryDir folder;
    MemorySecretStore secrets;
    LogFollower follower;
    LogWitness witness;
    Connection connection;
};

} // namespace

class TestWitness : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aConsoleIsAWitness();
};

void TestWitness::aConsoleIsAWitness()
{
    support::PlaneProcess plane;
    plane.setArguments({u"--seed"_s, u"7"_s, u"--no-workspaces"_s, u"--activity"_s, u"none"_s});
    const Status started = plane.start();
    QVERIFY2(started, why(started));
    const crypto::NoteSigner signer = newWitnessKey();
    WitnessDesk desk(plane.profile(), signer);

    // Nobody has told the plane of this witness: it says so, with what to do, and the connection does.
    QVERIFY2(desk.reaches(LogWitness::State::Refused, -2), qPrintable(desk.witness.sentence()));
    QVERIFY2(desk.witness.sentence().contains(signer.verifier().text()), qPrintable(desk.witness.sentence()));
    QVERIFY(waitUntil([&] { return desk.connection.summary().contains(signer.verifier().text()); }, witnessPatience));

    QFile witnesses(plane.dataFolder() + u"/witnesses"_s);
    QVERIFY(witnesses.open(QIODevice::WriteOnly));
    witnesses.write(signer.verifier().text().toUtf8() + '\n');
    witnesses.close();
    desk.witness.retry();
    QVERIFY2(desk.reaches(LogWitness::State::Cosigned, 0), qPrintable(desk.witness.sentence()));
    const qint64 first = desk.witness.lastSize();

    // The log grows (a read is an event), and the next checkpoint is cosigned too.
    for (int i = 0; i < 5; ++i)
        QVERIFY(await(desk.connection.system().audit->event(i)));
    desk.follower.refresh();
    QVERIFY2(desk.reaches(LogWitness::State::Cosigned, first), qPrintable(desk.witness.sentence()));

    // Every console that pins the witness sees it: of an early event the earliest cosignature that covers it.
    desk.follower.setWitnesses({signer.verifier()}, {1, 24});
    const auto seen = await(desk.follower.witnessesOf(0), witnessPatience);
    QVERIFY2(seen, why(seen));
    QCOMPARE(seen->size(), 1);
    QCOMPARE(seen->first().worth, WitnessWorth::Verified);
    QCOMPARE(seen->first().size, first);
    const auto latest = await(desk.follower.witnessesOf(-1), witnessPatience);
    QVERIFY2(latest, why(latest));
    QVERIFY(latest->first().size > first);
    QVERIFY(judgePolicy(desk.follower.witnessPolicy(), *latest, 1, {}, Clock::system().now()).holds);
    // And one that does not, does not.
    desk.follower.setWitnesses({newWitnessKey().verifier()}, {});
    const auto unknown = await(desk.follower.witnessesOf(0), witnessPatience);
    QVERIFY2(unknown, why(unknown));
    QCOMPARE(unknown->first().worth, WitnessWorth::Unknown);
}

QTEST_GUILESS_MAIN(TestWitness)
#include "tst_witness.moc"
