// SPDX-License-Identifier: GPL-3.0-or-later
// A plane that dies without a word must leave no sandbox. This program plays that plane when called with --plane.
#include "tests/plane/runtime/hostfixture.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QProcess>

#include <cstdio>

using namespace parapet;
using namespace parapet::runtimetest;
using namespace Qt::StringLiterals;

namespace {

/// Starts two workspaces (one frozen), prints the pids of all that runs in them, and waits for its end.
int playPlane(const QString &planeId, bool useCgroups)
{
    const HostFixture fixture(useCgroups, planeId);
    for (const QString &id : {u"ws-1"_s, u"ws-2"_s}) {
        if (!fixture.host->start(
                fixture.launch(id, "trap '' TERM HUP; (setsid tail -f /dev/null &); tail -f /dev/null & wait",
                               "exec tail -f /dev/null")))
            return 1;
    }
    while (fixture.host->state(WorkspaceId(u"ws-1"_s)).processes < 5 ||
           fixture.host->state(WorkspaceId(u"ws-2"_s)).processes < 5) {
    }
    if (!fixture.host->setFrozen(WorkspaceId(u"ws-2"_s), true))
        return 2;
    QByteArray line;
    for (const QString &id : {u"ws-1"_s, u"ws-2"_s}) {
        const auto processes = fixture.host->processes(WorkspaceId(id));
        for (const Process &process : *processes)
            line += QByteArray::number(process.hostPid) + ' ';
    }
    std::puts(line.constData());
    std::fflush(stdout);
    return QCoreApplication::exec();
}

} // namespace

class TestRuntimeCrash : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void killedPlaneLeavesNoSandbox_data();
    void killedPlaneLeavesNoSandbox();
    void anotherPlaneClearsUp();
    void onePlaneAnIdentity();
    void destructionLeavesNoSandbox();
};

void TestRuntimeCrash::killedPlaneLeavesNoSandbox_data()
{
    QTest::addColumn<bool>("useCgroups");
    QTest::newRow("as the machine has it") << true;
    QTest::newRow("signals only") << false;
}

void TestRuntimeCrash::killedPlaneLeavesNoSandbox()
{
    QFETCH(bool, useCgroups);
    const QString planeId = u"crash-%1-%2"_s.arg(::getpid()).arg(useCgroups);
    QProcess plane;
    plane.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    plane.start(QCoreApplication::applicationFilePath(),
                {u"--plane"_s, planeId, useCgroups ? u"cgroups"_s : u"signals"_s});
    QVERIFY(plane.waitForStarted());
    TRY_REAL(plane.canReadLine());
    QVector<qint64> pids;
    for (const QByteArray &word : plane.readLine().simplified().split(' '))
        pids.append(word.toLongLong());
    QVERIFY(pids.size() >= 8);
    for (const qint64 pid : std::as_const(pids))
        QVERIFY(isAlive(pid));

    plane.kill();
    QVERIFY(plane.waitForFinished(support::patience));
    TRY_REAL(std::none_of(pids.cbegin(), pids.cend(), isAlive));

    // The next run on the same data finds nothing of the old one, and can start the same workspace.
    const HostFixture next(useCgroups, planeId);
    const WorkspaceId id(u"ws-1"_s);
    QVERIFY(!next.host->state(id).exists);
    const Status started = next.host->start(next.launch(id.value, "exec tail -f /dev/null"));
    QVERIFY2(started, support::why(started));
}

void TestRuntimeCrash::anotherPlaneClearsUp()
{
    const QString planeId = u"gone-%1"_s.arg(::getpid());
    const QString place = u"/dev/shm/parapet-%1-%2"_s.arg(::geteuid()).arg(planeId);
    QProcess plane;
    plane.start(QCoreApplication::applicationFilePath(), {u"--plane"_s, planeId, u"cgroups"_s});
    QVERIFY(plane.waitForStarted());
    TRY_REAL(plane.canReadLine());
    if (!QDir(u"/dev/shm"_s).exists())
        QSKIP("This machine has no folder in memory.");
    QVERIFY(QDir(place).exists());
    {
        const HostFixture beside;
        QVERIFY(QDir(place).exists()); // it lives: hands off
    }
    plane.kill();
    QVERIFY(plane.waitForFinished(support::patience));
    const HostFixture after;
    QVERIFY(!QDir(place).exists());
    for (const QString &top : {u"/sys/fs/cgroup"_s, u"/sys/fs/cgroup/unified"_s})
        QVERIFY(!QDir(top + u"/parapet-"_s + planeId).exists());
}

void TestRuntimeCrash::onePlaneAnIdentity()
{
    const QString planeId = u"twin-%1"_s.arg(::getpid());
    const HostFixture first(true, planeId);
    QVERIFY(first.host->start(first.launch(u"ws-1"_s, "exec tail -f /dev/null")));
    {
        const HostFixture second(true, planeId);
        QVERIFY(!second.host->capability(u"start"_s).isPresent());
        QVERIFY(!second.host->start(second.launch(u"ws-2"_s, "exec tail -f /dev/null")));
    }
    QVERIFY(first.host->state(WorkspaceId(u"ws-1"_s)).exists);
    QVERIFY(first.host->start(first.launch(u"ws-2"_s, "exec tail -f /dev/null")));
}

void TestRuntimeCrash::destructionLeavesNoSandbox()
{
    QVector<Process> processes;
    {
        HostFixture fixture;
        const WorkspaceId id(u"ws-1"_s);
        QVERIFY(fixture.host->start(fixture.launch(id.value, "tail -f /dev/null & wait", "exec tail -f /dev/null")));
        QVERIFY(fixture.host->setFrozen(id, true));
        processes = *fixture.host->processes(id);
        QVERIFY(processes.size() >= 3);
        fixture.host.reset();
        for (const Process &process : std::as_const(processes))
            QVERIFY(!isAlive(process.hostPid));
        QCOMPARE(fixture.exits().size(), 1);
    }
}

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    if (argc == 4 && QByteArrayView(argv[1]) == "--plane")
        return playPlane(QString::fromLocal8Bit(argv[2]), QByteArrayView(argv[3]) == "cgroups");
    TestRuntimeCrash test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_runtimecrash.moc"
