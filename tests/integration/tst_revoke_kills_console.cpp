// SPDX-License-Identifier: GPL-3.0-or-later
// kill -9 of the console at every step boundary of one bulk revoke of workspaces that really run: each life goes on where the
// one before stood, nothing is done twice, no event is lost.
#include "models/operation/journal.h"
#include "tests/integration/boundaryfile.h"
#include "tests/integration/bulkrevoke.h"

#include <QtTest/QTest>

using namespace parapet;
using namespace parapet::support;
using namespace Qt::StringLiterals;

class TestRevokeKillsConsole : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void atEveryBoundary();
};

void TestRevokeKillsConsole::atEveryBoundary()
{
    PlaneProcess plane;
    plane.setArguments({u"--seed"_s, u"7"_s, u"--fleet"_s, u"8"_s, u"--activity"_s, u"none"_s});
    const Status started = plane.start();
    QVERIFY2(started, why(started));
    QTemporaryDir folder;
    PlaneDesk desk(plane.profile(), folder.filePath(u"watching"_s));
    const Status open = desk.open();
    QVERIFY2(open, why(open));
    BulkRevoke bulk;
    const Status chosen = bulk.choose(desk, 3, 5);
    QVERIFY2(chosen, why(chosen));
    QCOMPARE(bulk.alive().size(), 3);

    const QString operations = folder.filePath(u"operations"_s);
    const QString profile = QString::fromUtf8(canonicalJson(profileToJson(plane.profile())));
    QStringList targets;
    for (const WorkspaceId &id : bulk.ids())
        targets.append(id.value);
    QStringList ahead = BoundaryFile::ofRevoke();
    QStringList lives;
    bool finished = false;
    while (!finished) {
        QProcess console;
        QStringList arguments{profile, operations};
        arguments += lives.isEmpty() ? QStringList{u"start"_s, targets.join(u',')} : QStringList{u"resume"_s};
        console.start(QStringLiteral(PARAPET_BINARY_DIR "/tests/parapet-revokedriver"), arguments << ahead.join(u','));
        QVERIFY2(console.waitForFinished(60'000), qPrintable(u"it hangs after "_s + lives.join(u", "_s)));
        const QByteArray said = console.readAllStandardError();
        finished = console.exitStatus() == QProcess::NormalExit;
        if (finished) {
            QVERIFY2(console.exitCode() == 0, said.constData());
            break;
        }
        const QString last = QString::fromLatin1(said.trimmed().split('\n').last());
        QVERIFY2(!last.isEmpty(), "it was killed by nobody that we know");
        lives.append(last);
        for (const QString &boundary : last.split(u','))
            QVERIFY2(ahead.removeOne(boundary), said.constData());
        // What the dead one left is one run, whole, that is not over.
        const QStringList running = QDir(operations).entryList({u"*.running"_s}, QDir::Files);
        QCOMPARE(running.size(), 1);
        const auto records = AppendFile::read(operations + u'/' + running.first());
        QVERIFY2(records, why(records));
        const auto whole = operation::replay(*records);
        QVERIFY2(whole && whole->whole, why(whole));
        QVERIFY(whole->run.state != operation::RunState::Finished);
    }
    QVERIFY2(ahead.isEmpty(), qPrintable(u"never reached: "_s + ahead.join(u", "_s)));
    QVERIFY2(lives.size() >= 18, qPrintable(lives.join(u"; "_s)));

    QVERIFY(bulk.alive().isEmpty());
    const QStringList twice = bulk.doneOnce(desk);
    QVERIFY2(twice.isEmpty(), qPrintable(twice.join(u'\n')));
    const QStringList missing = BulkRevoke::logIsWhole(desk);
    QVERIFY2(missing.isEmpty(), qPrintable(missing.join(u'\n')));
    const QStringList certificates = QDir(operations).entryList({u"*.dsse.json"_s, u"*.certificate*"_s}, QDir::Files);
    QCOMPARE(certificates.size(), 1);
    QByteArray verdict;
    QVERIFY2(verifyByProgram(operations + u'/' + certificates.first(), plane.profile().caPath, &verdict) == 0, verdict.constData());
    QVERIFY(plane.stop());
    plane.setArguments({u"--no-workspaces"_s, u"--check"_s});
    const Status verified = plane.start();
    QVERIFY2(verified, why(verified));
}

QTEST_GUILESS_MAIN(TestRevokeKillsConsole)
#include "tst_revoke_kills_console.moc"
