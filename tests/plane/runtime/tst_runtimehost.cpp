// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/plane/runtime/hostfixture.h"

using namespace parapet;
using namespace parapet::runtimetest;
using namespace Qt::StringLiterals;

namespace {

/// Appends to a file as fast as the shell can: whoever stands still stops growing it.
QByteArray growing(const char *file)
{
    return QByteArray("while :; do echo x >>") + file + "; done";
}

} // namespace

class TestRuntimeHost : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void capabilities();
    void absentWithoutBubblewrap();
    void showsWhatRuns_data() { cgroupRows(); }
    void showsWhatRuns();
    void hidesTheHost();
    void freezesAndThaws_data() { cgroupRows(); }
    void freezesAndThaws();
    void pausesOnlyTheAgent_data() { cgroupRows(); }
    void pausesOnlyTheAgent();
    void startsWithTheAgentPaused_data() { cgroupRows(); }
    void startsWithTheAgentPaused();
    void terminateLeavesNothing_data() { cgroupRows(); }
    void terminateLeavesNothing();
    void terminatesTheFrozen();
    void endsByItself();
    void startsAgainAfterItsEnd();
    void refusesWrongLaunches_data();
    void refusesWrongLaunches();
    void unknownWorkspaces();
    void rotatesSecrets();
    void announcementsAreTheirSpeakers();
    void announcementsAreBounded();
    void forkStormsHangNothing_data() { cgroupRows(); }
    void forkStormsHangNothing();

private:
    static void cgroupRows()
    {
        QTest::addColumn<bool>("useCgroups");
        QTest::newRow("as the machine has it") << true;
        QTest::newRow("signals only") << false;
    }
};

void TestRuntimeHost::capabilities()
{
    const HostFixture fixture;
    for (const QString &verb : plane::RuntimeHost::verbs()) {
        const Capability able = fixture.host->capability(verb);
        QVERIFY2(able.isPresent(), qPrintable(verb + u": "_s + able.reason()));
    }
    const Capability unknown = fixture.host->capability(u"levitate"_s);
    QVERIFY(!unknown.isPresent() && !unknown.reason().isEmpty());

    const HostFixture signalsOnly(false);
    QVERIFY(signalsOnly.host->capability(u"freeze"_s).isDegraded());
    QVERIFY(!signalsOnly.host->capability(u"isolate"_s).isDegraded());
}

void TestRuntimeHost::absentWithoutBubblewrap()
{
    HostFixture::adjustment = [](plane::RuntimeHost::Options &options) { options.bwrapProgram = u"/usr/bin/false"_s; };
    const HostFixture fixture;
    HostFixture::adjustment = nullptr;
    for (const QString &verb : plane::RuntimeHost::verbs()) {
        QVERIFY(!fixture.host->capability(verb).isPresent());
        QVERIFY(!fixture.host->capability(verb).reason().isEmpty());
    }
    const Status started = fixture.host->start(fixture.launch(u"ws-1"_s, "exec tail -f /dev/null"));
    QVERIFY(!started);
    QVERIFY(started.error().code == Error::Code::Server);
    QVERIFY(!fixture.host->state(WorkspaceId(u"ws-1"_s)).exists);
}

void TestRuntimeHost::showsWhatRuns()
{
    QFETCH(bool, useCgroups);
    const HostFixture fixture(useCgroups);
    const WorkspaceId id(u"ws-1"_s);
    const Status started = fixture.host->start(
        fixture.launch(id.value, "tail -f /dev/null & wait", "tail -F /dev/zero-of-the-agent & wait"));
    QVERIFY2(started, support::why(started));

    const RuntimeState state = fixture.host->state(id);
    QVERIFY(state.exists && state.networkPresent && !state.frozen && !state.agentPaused && !state.isolated &&
            !state.simulated);
    QVERIFY(isAlive(state.rootPid));
    QVERIFY(state.rootStartTicks > 0);
    QCOMPARE(state.bootId.size(), 36);
    QVERIFY(isKnown(state.at));

    QVector<Process> processes;
    const auto look = [&] {
        const auto seen = fixture.host->processes(id);
        processes = seen ? *seen : QVector<Process>();
        const auto settled = [](const Process &process) { // neither on its way to exec nor from it
            return process.pid == 1 || process.command.raw().startsWith("/bin/sh"_L1) ||
                   process.command.raw().startsWith("tail"_L1);
        };
        const auto tails = [](const Process &process) { return process.command.raw().startsWith("tail"_L1); };
        return processes.size() == 5 && std::all_of(processes.cbegin(), processes.cend(), settled) &&
               std::count_if(processes.cbegin(), processes.cend(), tails) == 2;
    };
    TRY_REAL(look());
    QCOMPARE(fixture.host->state(id).processes, 5);
    qint64 memory = 0;
    int people = 0;
    int agents = 0;
    int services = 0;
    for (const Process &process : std::as_const(processes)) {
        QVERIFY(process.hostPid > 0 && process.pid > 0 && process.startTicks > 0);
        QVERIFY(std::chrono::abs(Clock::system().now() - process.started) < std::chrono::minutes(5));
        QVERIFY(process.cpu >= 0 && process.cpu < 10'000);
        const QString command = process.command.raw();
        memory += process.memory;
        people += process.actorKind == ActorKind::Human && process.actor.value == "p-ada"_L1;
        agents += process.actorKind == ActorKind::Agent && process.actor.value == "a-forge"_L1;
        services += process.actorKind == ActorKind::Service && process.actor.isEmpty();
        if (command.contains("of-the-agent"_L1))
            QCOMPARE(process.actorKind, ActorKind::Agent);
        if (process.pid == 1) {
            QCOMPARE(process.hostPid, state.rootPid);
            QCOMPARE(process.parent, 0);
            QVERIFY(command.startsWith("/run/parapet-init"_L1));
        } else {
            QVERIFY(process.parent > 0);
        }
    }
    QVERIFY(memory > 100'000);
    QCOMPARE(people, 2);
    QCOMPARE(agents, 2);
    QCOMPARE(services, 1);
    TRY_REAL(fixture.events(u"process.start"_s).size() == 2);
    QCOMPARE(fixture.events(u"process.start"_s)[1].actorKind, ActorKind::Agent);
    QCOMPARE(fixture.host->running(), QVector<WorkspaceId>{id});
}

void TestRuntimeHost::hidesTheHost()
{
    qputenv("PARAPET_TEST_OF_THE_HOST", "secret");
    const HostFixture fixture;
    const WorkspaceId id(u"ws-1"_s);
    plane::Launch launch = fixture.launch(id.value, R"(
        { id -u; id -un; hostname; grep CapPrm /proc/self/status; cat /run/secrets/git; echo; grep Uid: /proc/self/status; } >facts
        env >environment
        ls / >root
        ls -A /etc >etc
        cat /proc/net/route /proc/net/dev >network
        for place in /usr/x /etc/x /x /dev/x /run/parapet/x /run/secrets/x /opt/dev/bin/x /proc/sys/kernel/hostname; do
            (echo x >$place) 2>/dev/null && echo "$place" >>written
        done
        echo fine >/tmp/x && echo fine >/dev/shm/x && cat /tmp/x /dev/shm/x >writable
        unshare --user true 2>/dev/null && echo unshare >>written
        mount -t tmpfs none /tmp 2>/dev/null && echo mount >>written
        ulimit -c >core
        echo done >done
        exec tail -f /dev/null)");
    launch.secrets.append({u"git"_s, "ada:s3cret"});
    launch.environment.append({u"PARAPET_REPO"_s, u"meridian/ledger"_s});
    const Status started = fixture.host->start(launch);
    QVERIFY2(started, support::why(started));
    TRY_REAL(fixture.read(id.value, u"done"_s) == "done\n");

    const QList<QByteArray> facts = fixture.read(id.value, u"facts"_s).split('\n');
    QVERIFY(facts[0].toUInt() >= 1000);
    QCOMPARE(facts[1], "dev");
    QCOMPARE(facts[2], "ws-1");
    QVERIFY2(facts[3].endsWith("0000000000000000"), facts[3].constData());
    QCOMPARE(facts[4], "ada:s3cret");
    QCOMPARE(facts[5].split('\t').mid(1), QByteArrayList(4, facts[0])); // real, effective, saved, file system
    QCOMPARE(fixture.read(id.value, u"written"_s), QByteArray());
    QCOMPARE(fixture.read(id.value, u"writable"_s), "fine\nfine\n");
    QCOMPARE(fixture.read(id.value, u"core"_s), "0\n");
    const QByteArray environment = fixture.read(id.value, u"environment"_s);
    QVERIFY(!environment.contains("OF_THE_HOST"));
    QVERIFY(environment.contains("PARAPET_REPO=meridian/ledger") && environment.contains("PARAPET_ACTOR=p-ada") &&
            environment.contains("PARAPET_ACTOR_KIND=human"));
    QVERIFY(!fixture.read(id.value, u"etc"_s).contains("shadow"));
    QVERIFY(!fixture.read(id.value, u"root"_s).contains("root\n"));
    const QByteArray network = fixture.read(id.value, u"network"_s);
    QVERIFY(network.contains("lo:"));
    QVERIFY(!network.contains("eth"));
}

void TestRuntimeHost::freezesAndThaws()
{
    QFETCH(bool, useCgroups);
    const HostFixture fixture(useCgroups);
    const WorkspaceId id(u"ws-1"_s);
    QVERIFY(fixture.host->start(fixture.launch(id.value, growing("a"), growing("b"))));
    TRY_REAL(fixture.size(id.value, u"a"_s) > 100 && fixture.size(id.value, u"b"_s) > 100);

    QVERIFY(fixture.host->setFrozen(id, true));
    TRY_REAL(fixture.host->state(id).frozen);
    const qint64 a = fixture.size(id.value, u"a"_s);
    const qint64 b = fixture.size(id.value, u"b"_s);
    for (int i = 0; i < 100; ++i) {
        QVERIFY(fixture.host->state(id).frozen);
        QVERIFY(fixture.host->processes(id));
    }
    QCOMPARE(fixture.size(id.value, u"a"_s), a);
    QCOMPARE(fixture.size(id.value, u"b"_s), b);
    QVERIFY(fixture.changes() > 0);

    QVERIFY(fixture.host->setFrozen(id, false));
    TRY_REAL(!fixture.host->state(id).frozen);
    TRY_REAL(fixture.size(id.value, u"a"_s) > a && fixture.size(id.value, u"b"_s) > b);
}

void TestRuntimeHost::pausesOnlyTheAgent()
{
    QFETCH(bool, useCgroups);
    const HostFixture fixture(useCgroups);
    const WorkspaceId id(u"ws-1"_s);
    QVERIFY(fixture.host->start(fixture.launch(id.value, growing("person"), growing("agent"))));
    TRY_REAL(fixture.size(id.value, u"agent"_s) > 100);

    QVERIFY(fixture.host->setAgentPaused(id, true));
    TRY_REAL(fixture.host->state(id).agentPaused);
    QVERIFY(!fixture.host->state(id).frozen);
    const qint64 agent = fixture.size(id.value, u"agent"_s);
    const qint64 person = fixture.size(id.value, u"person"_s);
    TRY_REAL(fixture.size(id.value, u"person"_s) > person + 200);
    QCOMPARE(fixture.size(id.value, u"agent"_s), agent);

    QVERIFY(fixture.host->setAgentPaused(id, false));
    TRY_REAL(!fixture.host->state(id).agentPaused && fixture.size(id.value, u"agent"_s) > agent);

    QVERIFY(fixture.host->start(fixture.launch(u"ws-2"_s, growing("person"))));
    const auto alone = fixture.host->setAgentPaused(WorkspaceId(u"ws-2"_s), true);
    QVERIFY(!alone);
    QVERIFY(alone.error().code == Error::Code::Conflict);
}

void TestRuntimeHost::startsWithTheAgentPaused()
{
    QFETCH(bool, useCgroups);
    const HostFixture fixture(useCgroups);
    const WorkspaceId id(u"ws-1"_s);
    plane::Launch launch = fixture.launch(id.value, growing("person"), growing("agent"));
    launch.agentPaused = true;
    launch.isolated = true;
    QVERIFY(fixture.host->start(launch));
    TRY_REAL(fixture.size(id.value, u"person"_s) > 200);
    TRY_REAL(fixture.host->state(id).agentPaused);
    QVERIFY(fixture.host->state(id).isolated);
    const qint64 agent = fixture.size(id.value, u"agent"_s);
    QVERIFY(!useCgroups || agent == 0);
    QVERIFY(fixture.host->setAgentPaused(id, false));
    TRY_REAL(fixture.size(id.value, u"agent"_s) > agent);
}

void TestRuntimeHost::terminateLeavesNothing()
{
    QFETCH(bool, useCgroups);
    HostFixture fixture(useCgroups);
    const WorkspaceId id(u"ws-1"_s);
    // Leaves its session and its parents, ignores what can be ignored.
    QVERIFY(fixture.host->start(fixture.launch(
        id.value, "trap '' TERM HUP INT; (setsid tail -f /dev/null &) ; tail -f /dev/null & wait", growing("agent"))));
    TRY_REAL(fixture.host->state(id).processes >= 5);
    const auto before = fixture.host->processes(id);
    QVERIFY(before);
    const RuntimeState running = fixture.host->state(id);
    const QVector<Process> processes = *before;

    QVERIFY(fixture.host->terminate(id));
    TRY_REAL(fixture.exits().size() == 1);
    QCOMPARE(fixture.exits().constFirst(), qMakePair(id, true));
    const RuntimeState gone = fixture.host->state(id);
    QVERIFY(!gone.exists && !gone.networkPresent && !gone.frozen);
    QCOMPARE(gone.processes, 0);
    QCOMPARE(gone.rootPid, 0);
    QCOMPARE(gone.openFlows, 0);
    QVERIFY(!isAlive(running.rootPid));
    for (const Process &process : processes)
        QVERIFY2(!isAlive(process.hostPid), qPrintable(process.command.raw()));
    QVERIFY(fixture.host->processes(id).error().code == Error::Code::NotFound);
    QVERIFY(fixture.host->flows(id));
    QVERIFY(fixture.host->terminate(id)); // again: nothing to do
    QVERIFY(fixture.host->running().isEmpty());
    QCOMPARE(fixture.events(u"process.exit"_s).size(), 2);
    fixture.host->forget(id);
    QVERIFY(!fixture.host->flows(id));
}

void TestRuntimeHost::terminatesTheFrozen()
{
    const HostFixture fixture;
    const WorkspaceId id(u"ws-1"_s);
    QVERIFY(fixture.host->start(fixture.launch(id.value, growing("a"))));
    QVERIFY(fixture.host->setFrozen(id, true));
    TRY_REAL(fixture.host->state(id).frozen);
    QVERIFY(fixture.host->terminate(id));
    TRY_REAL(!fixture.host->state(id).exists);
}

void TestRuntimeHost::endsByItself()
{
    const HostFixture fixture;
    const WorkspaceId id(u"ws-1"_s);
    QVERIFY(fixture.host->start(fixture.launch(id.value, "exit 3", "exit 0")));
    TRY_REAL(fixture.exits().size() == 1);
    QCOMPARE(fixture.exits().constFirst(), qMakePair(id, false));
    QVERIFY(!fixture.host->state(id).exists);
}

void TestRuntimeHost::startsAgainAfterItsEnd()
{
    const HostFixture fixture;
    const WorkspaceId id(u"ws-1"_s);
    const plane::Launch launch = fixture.launch(id.value, "echo run >>runs; exec tail -f /dev/null");
    QVERIFY(fixture.host->start(launch));
    TRY_REAL(fixture.read(id.value, u"runs"_s) == "run\n");
    const Status twice = fixture.host->start(launch);
    QVERIFY(!twice);
    QVERIFY(twice.error().code == Error::Code::Conflict);
    const RuntimeState first = fixture.host->state(id);
    QVERIFY(fixture.host->terminate(id));
    TRY_REAL(fixture.exits().size() == 1);
    QVERIFY(fixture.host->start(launch));
    TRY_REAL(fixture.read(id.value, u"runs"_s) == "run\nrun\n");
    QVERIFY(fixture.host->state(id).rootPid != first.rootPid ||
            fixture.host->state(id).rootStartTicks != first.rootStartTicks);
}

void TestRuntimeHost::refusesWrongLaunches_data()
{
    QTest::addColumn<std::function<void(plane::Launch &)>>("spoil");
    const auto row = [](const char *name, std::function<void(plane::Launch &)> spoil) { QTest::newRow(name) << spoil; };
    row("no identifier", [](plane::Launch &launch) { launch.workspace = WorkspaceId(u"../ws"_s); });
    row("no actor", [](plane::Launch &launch) { launch.actors.clear(); });
    row("too many actors", [](plane::Launch &launch) { launch.actors.resize(17); });
    row("unknown script", [](plane::Launch &launch) {
        launch.actors[0].customScript.clear();
        launch.actors[0].script = u"../lib.sh"_s;
    });
    row("secret with a path", [](plane::Launch &launch) { launch.secrets.append({u"../passwd"_s, "x"}); });
    row("no room", [](plane::Launch &launch) { launch.limits.processes = 1; });
}

void TestRuntimeHost::refusesWrongLaunches()
{
    using Spoil = std::function<void(plane::Launch &)>;
    QFETCH(Spoil, spoil);
    const HostFixture fixture;
    plane::Launch launch = fixture.launch(u"ws-1"_s, "exit 0");
    spoil(launch);
    const Status started = fixture.host->start(launch);
    QVERIFY(!started);
    QVERIFY(started.error().code == Error::Code::Invalid);
    QVERIFY(!started.error().message.isEmpty());
    QVERIFY(fixture.host->running().isEmpty());
}

void TestRuntimeHost::unknownWorkspaces()
{
    const HostFixture fixture;
    const WorkspaceId id(u"ws-none"_s);
    const RuntimeState state = fixture.host->state(id);
    QVERIFY(!state.exists && !state.networkPresent);
    QCOMPARE(state.workspace, id);
    QVERIFY(fixture.host->setFrozen(id, true).error().code == Error::Code::NotFound);
    QVERIFY(fixture.host->setIsolated(id, true).error().code == Error::Code::NotFound);
    QVERIFY(fixture.host->setAgentPaused(id, true).error().code == Error::Code::NotFound);
    QVERIFY(fixture.host->flows(id).error().code == Error::Code::NotFound);
    QVERIFY(fixture.host->terminate(id));
    const Status snapshot =
        fixture.host->takeSnapshot({id, SnapshotId(u"snap-1"_s), fixture.folder.path()}, [](const Snapshot &) {});
    QVERIFY(snapshot.error().code == Error::Code::NotFound);
}

void TestRuntimeHost::rotatesSecrets()
{
    const HostFixture fixture;
    const WorkspaceId id(u"ws-1"_s);
    plane::Launch launch = fixture.launch(
        id.value,
        "while :; do cat /run/secrets/git >seen.new && mv seen.new seen || echo none >seen; done 2>/dev/null");
    launch.secrets.append({u"git"_s, "first"});
    QVERIFY(fixture.host->start(launch));
    TRY_REAL(fixture.read(id.value, u"seen"_s) == "first");
    QVERIFY(fixture.host->placeSecrets(id, {{u"git"_s, "second"}}));
    TRY_REAL(fixture.read(id.value, u"seen"_s) == "second");
    QVERIFY(fixture.host->placeSecrets(id, {}, {u"git"_s}));
    TRY_REAL(fixture.read(id.value, u"seen"_s) == "none\n");
    QVERIFY(fixture.host->placeSecrets(id, {{u"../git"_s, "x"}}).error().code == Error::Code::Invalid);
}

void TestRuntimeHost::announcementsAreTheirSpeakers()
{
    const HostFixture fixture;
    const WorkspaceId id(u"ws-1"_s);
    QVERIFY(fixture.host->start(fixture.launch(
        id.value, "printf 'file.edit notes.txt' >&3; printf 'workspace.revoke x' >&3; exec tail -f /dev/null",
        "printf 'tool.call read_file\\033[31m' >&3; exec tail -f /dev/null")));
    TRY_REAL(fixture.events(u"tool.call"_s).size() == 1 && fixture.events(u"file.edit"_s).size() == 1);
    QCOMPARE(fixture.events(u"tool.call"_s)[0].actorKind, ActorKind::Agent);
    QCOMPARE(fixture.events(u"tool.call"_s)[0].actor.value, u"a-forge"_s);
    QCOMPARE(fixture.events(u"tool.call"_s)[0].detail, Untrusted(u"read_file\x1b[31m"_s));
    QCOMPARE(fixture.events(u"file.edit"_s)[0].actorKind, ActorKind::Human);
    QVERIFY(fixture.events(u"workspace.revoke"_s).isEmpty());
}

void TestRuntimeHost::announcementsAreBounded()
{
    const HostFixture fixture;
    const WorkspaceId id(u"ws-1"_s);
    QVERIFY(
        fixture.host->start(fixture.launch(id.value, "while :; do printf 'tool.call again' >&3; echo x >>said; done")));
    TRY_REAL(fixture.events(u"tool.call"_s).size() >= 60);
    TRY_REAL(fixture.events(u"events.dropped"_s).size() >= 1);
    QVERIFY(fixture.events(u"tool.call"_s).size() < 300);
    QVERIFY(fixture.host->terminate(id));
    TRY_REAL(!fixture.host->state(id).exists);
}

void TestRuntimeHost::forkStormsHangNothing()
{
    QFETCH(bool, useCgroups);
    HostFixture fixture(useCgroups);
    const WorkspaceId id(u"ws-1"_s);
    // bash tries again when it cannot fork; sh would give up and end the storm. What holds the workspace up does not fork any more:
    // bash gives up in the end too, on a machine that is busy.
    plane::Launch launch = fixture.launch(
        id.value, "bash -c 'for i in $(seq 40); do (while :; do (:) & done) & done; wait' 2>/dev/null & exec sleep 3600",
        "while :; do head -c 1000000 /dev/zero >endless; done");
    launch.limits.processes = 64;
    QVERIFY(fixture.host->start(launch));
    TRY_REAL(fixture.host->state(id).processes > 20);
    for (int i = 0; i < 20; ++i) {
        QVERIFY(fixture.host->state(id).processes <= 66);
        QVERIFY(fixture.host->processes(id));
        QVERIFY(fixture.host->flows(id));
    }
    QVERIFY(fixture.host->setFrozen(id, true));
    if (useCgroups && !fixture.host->capability(u"freeze"_s).isDegraded())
        TRY_REAL(fixture.host->state(id).frozen);
    QVERIFY(fixture.host->terminate(id));
    TRY_REAL(!fixture.host->state(id).exists);
}

QTEST_GUILESS_MAIN(TestRuntimeHost)
#include "tst_runtimehost.moc"
