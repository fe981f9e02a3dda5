// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/plane/runtime/hostfixture.h"

#include <QtCore/QProcess>

using namespace parapet;
using namespace parapet::runtimetest;
using namespace Qt::StringLiterals;

class TestWorkScripts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void areWellFormed_data();
    void areWellFormed();
    void work_data();
    void work();
    void theAgentIsSeenAtWork();
};

void TestWorkScripts::areWellFormed_data()
{
    QTest::addColumn<QString>("path");
    const QDir folder(QStringLiteral(PARAPET_SOURCE_DIR "/app/plane/world/scripts"));
    for (const QFileInfo &file : folder.entryInfoList(QDir::Files)) {
        if (file.suffix() != "md"_L1)
            QTest::newRow(qPrintable(file.fileName())) << file.filePath();
    }
}

void TestWorkScripts::areWellFormed()
{
    QFETCH(QString, path);
    QProcess shell;
    shell.start(u"/bin/sh"_s, {u"-n"_s, path});
    QVERIFY(shell.waitForFinished(support::patience));
    QCOMPARE(shell.readAllStandardError(), QByteArray());
    QCOMPARE(shell.exitCode(), 0);
    QFile embedded(u":/parapet/scripts/"_s + QFileInfo(path).fileName());
    QFile source(path);
    QVERIFY(embedded.open(QIODevice::ReadOnly) && source.open(QIODevice::ReadOnly));
    QCOMPARE(embedded.readAll(), source.readAll());
}

void TestWorkScripts::work_data()
{
    QTest::addColumn<QString>("script");
    QTest::addColumn<QString>("event");
    QTest::addColumn<QString>("file");
    QTest::newRow("develop") << u"develop"_s << u"file.edit"_s << u"src/ledger/src/journal.py"_s;
    QTest::newRow("review") << u"review"_s << u"git.fetch"_s << u"src/ledger/README.md"_s;
    QTest::newRow("data") << u"data"_s << u"command.run"_s << u"data/entries.csv"_s;
    QTest::newRow("pipeline") << u"pipeline"_s << u"process.start"_s << u"src/ledger/build/build.log"_s;
    QTest::newRow("agentd") << u"agentd"_s << u"agent.plan"_s << u"src/ledger/tests/test_entry.py"_s;
}

void TestWorkScripts::work()
{
    QFETCH(QString, script);
    QFETCH(QString, event);
    QFETCH(QString, file);
    QVERIFY(plane::workScripts().contains(script));
    const HostFixture fixture;
    plane::Launch launch = fixture.launch(u"ws-1"_s, "");
    launch.actors[0].customScript.clear();
    launch.actors[0].script = script;
    launch.environment.append({u"PARAPET_REPO"_s, u"meridian/ledger"_s});
    const Status started = fixture.host->start(launch);
    QVERIFY2(started, support::why(started));
    TRY_REAL(!fixture.events(event).isEmpty());
    TRY_REAL(QFile::exists(fixture.home(u"ws-1"_s) + u'/' + file));
    // It goes on: some rest is under way, and nothing has ended.
    const auto rests = [&] {
        const auto processes = fixture.host->processes(WorkspaceId(u"ws-1"_s));
        return processes && std::any_of(processes->cbegin(), processes->cend(), [](const Process &process) {
                   return process.command.raw().startsWith("sleep "_L1);
               });
    };
    TRY_REAL(rests());
    QVERIFY(fixture.events(u"process.exit"_s).isEmpty());
}

void TestWorkScripts::theAgentIsSeenAtWork()
{
    const HostFixture fixture;
    plane::Launch launch = fixture.launch(u"ws-1"_s, "exec tail -f /dev/null", "");
    launch.actors.append({PrincipalId(u"a-forge"_s),
                          ActorKind::Agent,
                          Untrusted(u"Forge"_s),
                          u"agentd"_s,
                          {u"--task"_s, u"PAY-2291"_s},
                          {}});
    QVERIFY(fixture.host->start(launch));
    TRY_REAL(!fixture.events(u"agent.plan"_s).isEmpty());
    QCOMPARE(fixture.events(u"agent.plan"_s)[0].actorKind, ActorKind::Agent);
    QVERIFY(fixture.events(u"agent.plan"_s)[0].detail.raw().startsWith("PAY-2291"_L1));
    const auto processes = fixture.host->processes(WorkspaceId(u"ws-1"_s));
    QVERIFY(processes);
    QVERIFY(std::any_of(processes->cbegin(), processes->cend(), [](const Process &process) {
        return process.actorKind == ActorKind::Agent && process.command.raw().endsWith("agentd --task PAY-2291"_L1);
    }));
}

QTEST_GUILESS_MAIN(TestWorkScripts)
#include "tst_workscripts.moc"
