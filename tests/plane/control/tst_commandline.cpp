// SPDX-License-Identifier: GPL-3.0-or-later
// parapet-plane as people and programs start it.
#include "models/storage/database.h"
#include "tests/plane/api/planeclient.h"
#include "tests/plane/control/planeprogram.h"

#include <QtCore/QFile>
#include <QtCore/QRegularExpression>
#include <QtNetwork/QTcpServer>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace parapet;
using namespace parapet::planetest;

class TestCommandline : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysWhatItIs();
    void refusesWrongOptions_data();
    void refusesWrongOptions();
    void announcesItself();
    void endsWhenAsked_data();
    void endsWhenAsked();
    void endsWithStandardInput();
    void refusesAHeldFolder();
    void refusesAnExposedFolder();
    void refusesABrokenLog();
    void refusesABrokenDatabase();
    void refusesATakenPort();
    void issuesIdentities();
    void exitCodesAreDocumented();
};

void TestCommandline::saysWhatItIs()
{
    PlaneProgram program;
    QCOMPARE(program.run({u"--help"_s}), 0);
    const QByteArray help = program.process->readAllStandardOutput();
    for (const char *word : {"--data", "--listen", "--world", "--fleet", "--seed", "--check", "--ship", "import", "--until-stdin-closes", "identity", "Exit codes"})
        QVERIFY2(help.contains(word), word);
    QCOMPARE(program.run({u"--version"_s}), 0);
    QVERIFY(program.process->readAllStandardOutput().startsWith("parapet-plane "));
}

void TestCommandline::refusesWrongOptions_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("nothing") << QStringList();
    QTest::newRow("unknown") << QStringList{u"--nonsense"_s};
    QTest::newRow("world") << QStringList{u"--data"_s, u"D"_s, u"--world"_s, u"mars"_s};
    QTest::newRow("fleet") << QStringList{u"--data"_s, u"D"_s, u"--fleet"_s, u"many"_s};
    QTest::newRow("negative fleet") << QStringList{u"--data"_s, u"D"_s, u"--fleet=-1"_s};
    QTest::newRow("seed") << QStringList{u"--data"_s, u"D"_s, u"--seed"_s, u"x"_s};
    QTest::newRow("listen") << QStringList{u"--data"_s, u"D"_s, u"--listen"_s, u"here"_s};
    QTest::newRow("port") << QStringList{u"--data"_s, u"D"_s, u"--listen"_s, u"127.0.0.1:99999"_s};
    QTest::newRow("more words") << QStringList{u"--data"_s, u"D"_s, u"now"_s};
    QTest::newRow("identity alone") << QStringList{u"identity"_s};
    QTest::newRow("identity of no role") << QStringList{u"identity"_s, u"--data"_s, u"D"_s, u"--principal"_s, u"a"_s, u"--role"_s, u"king"_s, u"--out"_s, u"F"_s};
}

void TestCommandline::refusesWrongOptions()
{
    QFETCH(QStringList, arguments);
    PlaneProgram program;
    for (QString &argument : arguments) {
        if (argument == u"D"_s)
            argument = program.data();
    }
    QCOMPARE(program.run(arguments), 2);
    QVERIFY(!program.errors().isEmpty());
    QVERIFY(program.process->readAllStandardOutput().isEmpty());
    QVERIFY(!QFile::exists(program.data()));
}

void TestCommandline::announcesItself()
{
    PlaneProgram program;
    QVERIFY2(program.start({u"--no-workspaces"_s}), program.errors().constData());
    for (const char *name : {"control", "audit", "agent", "ca", "ca_sha256", "identity", "prober", "log_key", "data"})
        QVERIFY2(!program.text(name).isEmpty(), name);
    QVERIFY(program.text("control").startsWith(u"https://127.0.0.1:"_s));
    QCOMPARE(program.text("ca_sha256").size(), 64);
    QVERIFY(QRegularExpression(u"^[^+ ]+\\+[0-9a-f]{8}\\+[A-Za-z0-9+/=]+$"_s).match(program.text("log_key")).hasMatch());
    PlaneClient client(program.text("control"), program.text("ca"), program.text("identity"));
    const HttpReply list = client.get("/v1/workspaces");
    QCOMPARE(list.status, 200);
    QCOMPARE(list.json().value("total"_L1).toInt(), 24);
    QCOMPARE(list.items().size(), 24);
    QVERIFY(list.json().contains("next"_L1));
    // The same ports after a restart: connections come back by themselves.
    const QJsonObject before = program.said;
    QVERIFY(program.end());
    QVERIFY(program.start({u"--no-workspaces"_s}));
    QCOMPARE(program.said, before);
}

void TestCommandline::endsWhenAsked_data()
{
    QTest::addColumn<int>("signal");
    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("SIGINT") << SIGINT;
}

void TestCommandline::endsWhenAsked()
{
    QFETCH(int, signal);
    PlaneProgram program;
    QVERIFY(program.start({u"--no-workspaces"_s}));
    QVERIFY(program.end(signal));
    QCOMPARE(program.process->exitCode(), 0);
    const QFile wal(program.data() + u"/plane.sqlite-wal"_s);
    QVERIFY(!wal.exists() || wal.size() == 0); // everything is in the file
}

void TestCommandline::endsWithStandardInput()
{
    PlaneProgram program;
    QVERIFY(program.start({u"--no-workspaces"_s, u"--until-stdin-closes"_s}));
    program.process->write("still here\n");
    program.process->closeWriteChannel();
    QVERIFY(program.process->waitForFinished(60000));
    QCOMPARE(program.process->exitCode(), 0);
}

void TestCommandline::refusesAHeldFolder()
{
    PlaneProgram program;
    QVERIFY(program.start({u"--no-workspaces"_s}));
    QProcess second;
    second.start(QStringLiteral(PARAPET_BINARY_DIR "/bin/parapet-plane"), {u"--data"_s, program.data()});
    QVERIFY(second.waitForFinished(60000));
    QCOMPARE(second.exitCode(), 3);
    QVERIFY(second.readAllStandardError().contains("--data"));
    QCOMPARE(PlaneClient(program.text("control"), program.text("ca"), program.text("identity")).get("/v1/self").status, 200);
}

void TestCommandline::refusesAnExposedFolder()
{
    PlaneProgram program;
    QVERIFY(program.start({u"--no-workspaces"_s}));
    QVERIFY(program.end());
    QFile::setPermissions(program.data(), QFile::permissions(program.data()) | QFile::ReadGroup);
    QVERIFY(!program.start());
    QCOMPARE(program.process->exitCode(), 4);
    QVERIFY(program.errors().contains("chmod"));
}

void TestCommandline::refusesABrokenLog()
{
    PlaneProgram program;
    QVERIFY(program.start({u"--no-workspaces"_s}));
    QVERIFY(program.end());
    {
        auto database = storage::Database::open(program.data() + u"/plane.sqlite"_s);
        QVERIFY((*database)->execute(R"(UPDATE events SET "leaf"=CAST(replace(CAST("leaf" AS TEXT),'success','denied') AS BLOB) WHERE "index"=5)"));
    }
    // An old event: seen by the whole check, which names it.
    QVERIFY(!program.start({u"--no-workspaces"_s, u"--check"_s}));
    QCOMPARE(program.process->exitCode(), 5);
    QVERIFY(program.errors().contains("event 5"));
    {
        auto database = storage::Database::open(program.data() + u"/plane.sqlite"_s);
        QVERIFY((*database)->execute(R"(DELETE FROM events WHERE "index"=(SELECT MAX("index") FROM events))"));
    }
    QVERIFY(!program.start({u"--no-workspaces"_s}));
    QCOMPARE(program.process->exitCode(), 5);
}

void TestCommandline::refusesABrokenDatabase()
{
    PlaneProgram program;
    QVERIFY(program.start({u"--no-workspaces"_s}));
    QVERIFY(program.end());
    {
        auto database = storage::Database::open(program.data() + u"/plane.sqlite"_s);
        QVERIFY((*database)->execute("PRAGMA user_version=99"));
    }
    QVERIFY(!program.start());
    QCOMPARE(program.process->exitCode(), 6);
    QFile file(program.data() + u"/plane.sqlite"_s);
    QVERIFY(file.open(QIODevice::ReadWrite));
    file.write(QByteArray(4096, 'x'));
    file.close();
    QVERIFY(!program.start());
    QCOMPARE(program.process->exitCode(), 6);
}

void TestCommandline::refusesATakenPort()
{
    QTcpServer taken;
    QVERIFY(taken.listen(QHostAddress::LocalHost));
    PlaneProgram program;
    QVERIFY(!program.start({u"--no-workspaces"_s, u"--listen"_s, u"127.0.0.1:%1"_s.arg(taken.serverPort())}));
    QCOMPARE(program.process->exitCode(), 7);
}

void TestCommandline::issuesIdentities()
{
    PlaneProgram program;
    QVERIFY(program.start({u"--no-workspaces"_s}));
    QProcess issue;
    const QString out = program.file(u"vera.pem"_s);
    issue.start(QStringLiteral(PARAPET_BINARY_DIR "/bin/parapet-plane"),
                {u"identity"_s, u"--data"_s, program.data(), u"--principal"_s, u"vera"_s, u"--name"_s, u"Vera"_s, u"--role"_s, u"viewer"_s, u"--out"_s, out});
    QVERIFY(issue.waitForFinished(60000));
    QCOMPARE(issue.exitCode(), 0);
    PlaneClient vera(program.text("control"), program.text("ca"), out);
    QCOMPARE(vera.get("/v1/self").text("name"), u"Vera"_s);
    QCOMPARE(vera.post("/v1/workspaces/ws-payments-api-7f3/revoke").status, 403);
    // And over a restart.
    QVERIFY(program.end());
    QVERIFY(program.start({u"--no-workspaces"_s}));
    QCOMPARE(PlaneClient(program.text("control"), program.text("ca"), out).get("/v1/workspaces").status, 200);
}

void TestCommandline::exitCodesAreDocumented()
{
    QFile page(QStringLiteral(PARAPET_SOURCE_DIR "/packaging/man/parapet-plane.1"));
    QVERIFY(page.open(QIODevice::ReadOnly));
    const QByteArray text = page.readAll();
    for (const char *code : {"0", "1", "2", "3", "4", "5", "6", "7", "75"})
        QVERIFY2(text.contains(QByteArray(".It ") + code + '\n'), code);
    PlaneProgram program;
    QCOMPARE(program.run({u"--help"_s}), 0);
    static const QRegularExpression option(u"--([a-z-]+)"_s);
    for (auto it = option.globalMatch(QString::fromUtf8(program.process->readAllStandardOutput())); it.hasNext();) {
        const QString name = it.next().captured(1);
        if (name != u"cacert"_s && name != u"cert"_s && name != u"help-all"_s)
            QVERIFY2(text.contains(name.toUtf8().replace("-", "\\-")) || text.contains(name.toUtf8()), qPrintable(name));
    }
}

QTEST_GUILESS_MAIN(TestCommandline)
#include "tst_commandline.moc"
