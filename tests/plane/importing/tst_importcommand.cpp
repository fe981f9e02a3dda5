// SPDX-License-Identifier: GPL-3.0-or-later
// `parapet-plane import` as people start it, and killed in its midst.
#include "models/storage/database.h"
#include "tests/plane/control/planeprogram.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace parapet;
using namespace parapet::planetest;

class TestImportCommand : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void importsIntoAFolder();
    void refuses();
    void killedItGoesOn();

private:
    static QByteArray login(int n)
    {
        return "type=USER_LOGIN msg=audit(" + QByteArray::number(1364481400 + n) + ".001:" + QByteArray::number(n) + "): pid=9 auid=1000 msg='op=login acct=\"alice\" res=success'\n";
    }
    /// Two records of one event: the second one may be in another batch than the first.
    static QByteArray pair(int n)
    {
        const QByteArray head = "msg=audit(" + QByteArray::number(1364481400 + n) + ".001:" + QByteArray::number(n) + "): ";
        return "type=SYSCALL " + head + "arch=c000003e syscall=59 success=yes auid=1000\ntype=CWD " + head + "cwd=\"/\"\n";
    }
    static void write(const QString &path, const QByteArray &bytes)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    }
    static QStringList quiet() { return {u"--world"_s, u"empty"_s, u"--activity"_s, u"none"_s, u"--no-workspaces"_s}; }
};

void TestImportCommand::importsIntoAFolder()
{
    PlaneProgram program;
    QVERIFY(program.start(quiet()));
    write(program.file(u"audit.log"_s), login(1) + "?\n" + login(2));
    const QStringList import{u"import"_s, u"--data"_s, program.data(), u"--format"_s, u"auditd"_s, program.file(u"audit.log"_s)};
    PlaneProgram other;
    QCOMPARE(other.run(import), 3); // the plane holds the folder
    QVERIFY(program.end());
    QCOMPARE(other.run(import), 8); // a line was kept aside
    const QJsonObject said = parseJson(other.process->readAllStandardOutput().trimmed())->toObject();
    const QJsonObject totals = said.value("totals"_L1).toObject();
    QCOMPARE(totals.value("lines"_L1).toInt(), 3);
    QCOMPARE(totals.value("imported"_L1).toInt(), 2);
    QCOMPARE(totals.value("aside"_L1).toInt(), 1);
    QCOMPARE(said.value("origin"_L1).toString(), u"import:auditd"_s);
    QCOMPARE(other.run(import), 0); // nothing new
    QVERIFY(program.start(quiet() + QStringList{u"--check"_s}));
}

void TestImportCommand::refuses()
{
    PlaneProgram program;
    QCOMPARE(program.run({u"import"_s, u"--help"_s}), 0);
    QVERIFY(program.process->readAllStandardOutput().contains("Exit codes"));
    QCOMPARE(program.run({u"import"_s}), 2);
    QCOMPARE(program.run({u"import"_s, u"--data"_s, program.data(), u"--format"_s, u"json"_s, u"x"_s}), 2);
    QCOMPARE(program.run({u"import"_s, u"--data"_s, program.data(), u"--format"_s, u"syslog"_s, u"x"_s}), 2);
    QCOMPARE(program.run({u"import"_s, u"--data"_s, program.data(), u"--format"_s, u"vault"_s, u"x"_s}), 1); // no such folder
    write(program.file(u"map"_s), R"({"fields":{"time":{"pointer":"ts"}}})");
    QCOMPARE(program.run({u"import"_s, u"--data"_s, program.data(), u"--format"_s, u"json"_s, u"--mapping"_s, program.file(u"map"_s), u"x"_s}), 2);
    QVERIFY(program.errors().contains("/fields/time/pointer"));
}

void TestImportCommand::killedItGoesOn()
{
    PlaneProgram program;
    QVERIFY(program.start(quiet()));
    QVERIFY(program.end());
    constexpr int many = 60'000;
    QByteArray text;
    for (int i = 0; i < many; ++i)
        text += i % 100 == 99 ? QByteArray("damaged\n") : pair(i);
    write(program.file(u"audit.log"_s), text);
    const QStringList import{u"import"_s, u"--data"_s, program.data(), u"--format"_s, u"auditd"_s, program.file(u"audit.log"_s)};
    for (int round = 0; round < 3; ++round) {
        program.process = std::make_unique<QProcess>();
        program.process->start(QStringLiteral(PARAPET_BINARY_DIR "/bin/parapet-plane"), import);
        (void)program.process->waitForFinished(400 * (round + 1)); // wherever it is then
        program.kill();
    }
    QCOMPARE(program.run(import) & ~8, 0);
    const QJsonObject file = parseJson(program.process->readAllStandardOutput().trimmed())->toObject().value("files"_L1).toArray().first().toObject();
    QCOMPARE(file.value("next"_L1).toInteger(), text.size());
    QCOMPARE(file.value("before"_L1).toInteger() + file.value("lines"_L1).toInteger(), text.count('\n'));
    QFile aside(program.data() + u"/imports/"_s + QDir(program.data() + u"/imports"_s).entryList(QDir::Files).value(0));
    QVERIFY(aside.open(QIODevice::ReadOnly));
    QCOMPARE(aside.readAll().count('\n'), many / 100);
    QVERIFY(program.start(quiet() + QStringList{u"--check"_s})); // each origin's numbers are gapless, and the tree holds
    QVERIFY(program.end());
    auto database = storage::Database::open(program.data() + u"/plane.sqlite"_s, storage::Database::Mode::ReadOnly);
    QVERIFY(database);
    auto count = (*database)->prepare(R"(SELECT COUNT(*),COUNT(DISTINCT "requestId") FROM events WHERE "origin"='import:auditd')");
    QVERIFY(count && count->step().value_or(false));
    QCOMPARE(count->integer(0), many - many / 100);
    QCOMPARE(count->integer(1), many - many / 100);
}

QTEST_GUILESS_MAIN(TestImportCommand)
#include "tst_importcommand.moc"
