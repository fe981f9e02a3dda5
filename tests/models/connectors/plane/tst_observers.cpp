// SPDX-License-Identifier: GPL-3.0-or-later
// Verdicts are exact: a refusal in the agreed words holds, an acceptance survives, anything else is unknown.
#include "models/connectors/plane/planeconnector.h"
#include "models/crypto/digest.h"
#include "tests/support/fakeports.h"
#include "tests/support/scriptedplane.h"
#include "tests/support/waiting.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtTest/QTest>

using namespace parapet;
using namespace Qt::StringLiterals;
using support::await;
using support::ScriptedPlane;
using support::ScriptedServer;

namespace {

/// A /proc of the test's making.
class FakeProc
{
public:
    FakeProc()
    {
        write(u"sys/kernel/random/boot_id"_s, "11111111-2222-4333-8444-555555555555\n");
        QDir(folder.path()).mkpath(u"self/ns"_s);
    }
    void write(const QString &path, const QByteArray &text)
    {
        QDir(folder.path()).mkpath(path.section(u'/', 0, -2));
        QFile file(folder.filePath(path));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    void addProcess(qint64 pid, qint64 ticks, const QByteArray &command = "a b) R (c")
    {
        QByteArray stat = QByteArray::number(pid) + " (" + command + ") S";
        for (int field = 4; field <= 52; ++field)
            stat += ' ' + (field == 22 ? QByteArray::number(ticks) : QByteArray("0"));
        write(u"%1/stat"_s.arg(pid), stat + '\n');
    }
    void inFirstNamespace() { QVERIFY(QFile::link(u"pid:[4026531836]"_s, folder.filePath(u"self/ns/pid"_s))); }
    QTemporaryDir folder;
};

Probe probeOf(ProbeKind kind, const QString &subject, const QString &expected = {})
{
    Probe probe;
    probe.kind = kind;
    probe.workspace = WorkspaceId(u"ws-1"_s);
    probe.subject = subject;
    probe.expected = expected;
    return probe;
}

} // namespace

class TestObservers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void tokens();
    void everyTokenOfASessionIsTried();
    void onlyTheAgreedRefusalHolds_data();
    void onlyTheAgreedRefusalHolds();
    void leases();
    void leaseAnswers_data();
    void leaseAnswers();
    void aTargetThatIsGoneProvesNothing();
    void whatIsNotHeldCannotBeTried();
    void secretsAreFetchedOnceAndForgotten();
    void theProberIsNotTheDoer();
    void withoutAProberThereIsNoObserver();
    void processes();
    void simulatedIsSaid();
    void theKernelIsAskedHere();
    void oneTurnsProbesShareAReading();
    void aReusedPidIsGone();
    void inAContainerTheKernelIsNotOurs();
    void network();
    void sessionRecords();
    void auditEntries();
    void evidence();
    void cancellingEndsTheAttempt();

private:
    Observer *observerOf(ProbeKind kind);
    Result<ProbeResult> attempt(const Probe &probe) { return await(observerOf(probe.kind)->attempt(probe)); }
    support::FakeWorkspace &workspace() { return *m_plane->world.find(WorkspaceId(u"ws-1"_s)); }

    std::unique_ptr<ScriptedPlane> m_plane;
    std::unique_ptr<planeconnector::PlaneConnector> m_connector;
};

void TestObservers::init()
{
    m_connector.reset();
    m_plane = std::make_unique<ScriptedPlane>();
    m_plane->world.addWorkspaces(2);
    const QUrl url = m_plane->server.url();
    m_connector = std::make_unique<planeconnector::PlaneConnector>(
        planeconnector::PlaneConnector::Parts{m_plane->factory.trust(),
                                              m_plane->factory.tlsClient(u"operator"_s),
                                              m_plane->factory.tlsClient(u"prober"_s),
                                              {url, url, url},
                                              false},
        m_plane->world.clock);
}

Observer *TestObservers::observerOf(ProbeKind kind)
{
    for (Observer *observer : m_connector->system().observers) {
        if (observer->canTry(kind))
            return observer;
    }
    return nullptr;
}

void TestObservers::tokens()
{
    auto result = attempt(probeOf(ProbeKind::SessionToken, u"sess-1-a"_s));
    QVERIFY2(result, support::why(result));
    QCOMPARE(result->verdict, Verdict::Survives);
    QCOMPARE(result->seen.raw(), u"login accepted"_s);
    workspace().sessions[0].state = SessionState::Ended;
    result = attempt(probeOf(ProbeKind::SessionToken, u"sess-1-a"_s));
    QCOMPARE(result->verdict, Verdict::Holds);
    QCOMPARE(result->seen.raw(), u"401 invalid_token"_s);
    QCOMPARE(result->observer, u"control plane"_s);
    QCOMPARE(result->at, m_plane->world.clock.now());
}

void TestObservers::everyTokenOfASessionIsTried()
{
    workspace().sessions[0].state = SessionState::Ended;
    m_plane->accepted.insert("new:sess-1-a"); // the second in rotation
    QCOMPARE(attempt(probeOf(ProbeKind::SessionToken, u"sess-1-a"_s))->verdict, Verdict::Survives);
    m_plane->accepted.clear();
    QCOMPARE(attempt(probeOf(ProbeKind::SessionToken, u"sess-1-a"_s))->verdict, Verdict::Holds);
}

void TestObservers::onlyTheAgreedRefusalHolds_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("challenge");
    QTest::addColumn<Verdict>("verdict");
    QTest::newRow("RFC 6750 §3")
        << 401
        << QByteArray("Bearer realm=\"example\",\n error=\"invalid_token\", error_description=\"expired\"")
               .replace('\n', "")
        << Verdict::Holds;
    QTest::newRow("unquoted") << 401 << QByteArray("Bearer error=invalid_token") << Verdict::Holds;
    QTest::newRow("no challenge: perhaps the prober itself") << 401 << QByteArray() << Verdict::Unknown;
    QTest::newRow("another error") << 401 << QByteArray("Bearer error=\"insufficient_scope\"") << Verdict::Unknown;
    QTest::newRow("another scheme") << 401 << QByteArray("Basic realm=\"invalid_token\"") << Verdict::Unknown;
    QTest::newRow("redirect") << 302 << QByteArray() << Verdict::Unknown;
    QTest::newRow("forbidden") << 403 << QByteArray("Bearer error=\"invalid_token\"") << Verdict::Unknown;
    QTest::newRow("not found") << 404 << QByteArray() << Verdict::Unknown;
    QTest::newRow("overloaded") << 503 << QByteArray() << Verdict::Unknown;
    QTest::newRow("accepted") << 200 << QByteArray("Bearer error=\"invalid_token\"") << Verdict::Survives;
}

void TestObservers::onlyTheAgreedRefusalHolds()
{
    QFETCH(int, status);
    QFETCH(QByteArray, challenge);
    QFETCH(Verdict, verdict);
    ScriptedServer::Answer answer;
    answer.status = status;
    answer.body = "{}";
    if (!challenge.isEmpty())
        answer.headers = {{"WWW-Authenticate", challenge}};
    m_plane->overruled.insert(u"/v1/token"_s, answer);
    const auto result = attempt(probeOf(ProbeKind::SessionToken, u"sess-1-a"_s));
    QVERIFY2(result, support::why(result));
    QCOMPARE(result->verdict, verdict);
    QVERIFY(!result->seen.isEmpty());
}

void TestObservers::leases()
{
    for (const QString &lease : {u"lease-1-db"_s, u"lease-1-git"_s}) {
        auto result = attempt(probeOf(ProbeKind::Lease, lease));
        QVERIFY2(result, support::why(result));
        QCOMPARE(result->verdict, Verdict::Survives);
    }
    for (Lease &lease : workspace().leases)
        lease.state = LeaseState::Revoked;
    const auto password = attempt(probeOf(ProbeKind::Lease, u"lease-1-db"_s));
    QCOMPARE(password->verdict, Verdict::Holds);
    QCOMPARE(password->seen.raw(), u"401 password_expired"_s);
    QCOMPARE(password->observer, u"postgres-payments"_s);
    QCOMPARE(attempt(probeOf(ProbeKind::Lease, u"lease-1-git"_s))->verdict, Verdict::Holds);
    // The seam of the proof: one that stays alive is found, whatever its record says.
    m_plane->accepted.insert("lease:lease-1-db");
    QCOMPARE(attempt(probeOf(ProbeKind::Lease, u"lease-1-db"_s))->verdict, Verdict::Survives);
    // To a target the prober shows no certificate of its own.
    QCOMPARE(m_plane->targets.requests().size(), 5);
    for (const auto &request : m_plane->targets.requests())
        QVERIFY(request.client.isEmpty());
}

void TestObservers::leaseAnswers_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<Verdict>("verdict");
    QTest::newRow("refused") << 401 << QByteArray(R"({"target":"t","accepted":false,"error":"revoked"})")
                             << Verdict::Holds;
    QTest::newRow("refused without a word") << 401 << QByteArray() << Verdict::Unknown;
    QTest::newRow("contradiction") << 401 << QByteArray(R"({"accepted":true})") << Verdict::Unknown;
    QTest::newRow("no JSON") << 401 << QByteArray("<html>") << Verdict::Unknown;
    QTest::newRow("duplicate member") << 401 << QByteArray(R"({"accepted":true,"accepted":false})") << Verdict::Unknown;
    QTest::newRow("not found") << 404 << QByteArray(R"({"accepted":false})") << Verdict::Unknown;
    QTest::newRow("accepted") << 200 << QByteArray(R"({"accepted":false})") << Verdict::Survives;
}

void TestObservers::leaseAnswers()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(Verdict, verdict);
    ScriptedServer::Answer answer;
    answer.status = status;
    answer.body = body;
    m_plane->overruled.insert(u"/v1/try"_s, answer);
    const auto result = attempt(probeOf(ProbeKind::Lease, u"lease-1-db"_s));
    QVERIFY2(result, support::why(result));
    QCOMPARE(result->verdict, verdict);
}

void TestObservers::aTargetThatIsGoneProvesNothing()
{
    ScriptedServer::Answer cut;
    cut.body = "{";
    cut.announcedLength = 100;
    cut.close = true;
    m_plane->overruled.insert(u"/v1/try"_s, cut);
    const auto result = attempt(probeOf(ProbeKind::Lease, u"lease-1-db"_s));
    QVERIFY(!result);
    QCOMPARE(result.error().code, Error::Code::Network);
}

void TestObservers::whatIsNotHeldCannotBeTried()
{
    const auto result = attempt(probeOf(ProbeKind::Lease, u"lease-unknown"_s));
    QVERIFY2(result, support::why(result));
    QCOMPARE(result->verdict, Verdict::Unknown);

    ScriptedServer::Answer forbidden;
    forbidden.status = 403;
    m_plane->overruled.insert(u"/v1/workspaces/ws-2/held-secrets"_s, forbidden);
    Probe other = probeOf(ProbeKind::Lease, u"lease-2-db"_s);
    other.workspace = WorkspaceId(u"ws-2"_s);
    QCOMPARE(attempt(other).error().code, Error::Code::Forbidden);
    m_plane->overruled.clear(); // the next attempt asks again
    QCOMPARE(attempt(other)->verdict, Verdict::Survives);
}

void TestObservers::secretsAreFetchedOnceAndForgotten()
{
    support::FakeSystem system(1);
    planeconnector::SecretCache cache(system.broker, std::chrono::hours(1));
    system.broker.script.hold(u"heldSecrets"_s);
    const WorkspaceId id(u"ws-1"_s);
    const auto first = cache.secretsOf(id, HeldSecret::Kind::LeaseSecret, u"lease-1-db"_s);
    const auto second = cache.secretsOf(id, HeldSecret::Kind::SessionToken, u"sess-1-a"_s);
    auto cancelled = cache.secretsOf(id, HeldSecret::Kind::SessionToken, u"sess-1-b"_s);
    cancelled.cancel();
    system.broker.script.release(u"heldSecrets"_s);
    QVERIFY(await(first));
    QVERIFY(await(second));
    QVERIFY(await(cache.secretsOf(id, HeldSecret::Kind::LeaseSecret, u"lease-1-git"_s)));
    QCOMPARE(system.broker.script.count(u"heldSecrets"_s), 1);
    QCOMPARE(await(cache.secretsOf(id, HeldSecret::Kind::LeaseSecret, u"sess-1-a"_s)).error().code,
             Error::Code::NotFound);
    QCOMPARE(cache.size(), 1);

    planeconnector::SecretCache forgetful(system.broker, Milliseconds(1));
    QVERIFY(await(forgetful.secretsOf(id, HeldSecret::Kind::LeaseSecret, u"lease-1-db"_s)));
    QTRY_COMPARE_WITH_TIMEOUT(forgetful.size(), 0, support::patience);
    QVERIFY(await(forgetful.secretsOf(id, HeldSecret::Kind::LeaseSecret, u"lease-1-db"_s)));
    QCOMPARE(system.broker.script.count(u"heldSecrets"_s), 3);
}

void TestObservers::theProberIsNotTheDoer()
{
    QVERIFY(attempt(probeOf(ProbeKind::SessionToken, u"sess-1-a"_s)));
    QVERIFY(attempt(probeOf(ProbeKind::ProcessTree, u"1000@5001"_s)));
    QVERIFY(await(m_connector->system().control->whoAmI()));
    for (const auto &request : m_plane->server.requests())
        QCOMPARE(request.client, request.path == u"/v1/self"_s ? u"operator"_s : u"prober"_s);
}

void TestObservers::withoutAProberThereIsNoObserver()
{
    const QUrl url = m_plane->server.url();
    planeconnector::PlaneConnector connector(
        {m_plane->factory.trust(), m_plane->factory.tlsClient(u"operator"_s), std::nullopt, {url, url, url}, false},
        m_plane->world.clock);
    QVERIFY(connector.system().observers.isEmpty());
    QVERIFY(connector.system().control);
}

void TestObservers::processes()
{
    auto result = attempt(probeOf(ProbeKind::ProcessTree, u"1000@5001"_s));
    QVERIFY2(result, support::why(result));
    QCOMPARE(result->verdict, Verdict::Survives);
    QCOMPARE(result->observer, u"agent on host-1"_s);
    workspace().runtime.exists = false;
    QCOMPARE(attempt(probeOf(ProbeKind::ProcessTree, u"1000@5001"_s))->verdict,
             Verdict::Survives); // it still counts three
    workspace().runtime.processes = 0;
    result = attempt(probeOf(ProbeKind::ProcessTree, u"1000@5001"_s));
    QCOMPARE(result->verdict, Verdict::Holds);
    QCOMPARE(result->seen.raw(), u"no such process"_s);
}

void TestObservers::simulatedIsSaid()
{
    workspace().runtime.simulated = true;
    workspace().runtime.exists = false;
    workspace().runtime.processes = 0;
    const auto result = attempt(probeOf(ProbeKind::ProcessTree, u"1000@5001"_s));
    QCOMPARE(result->verdict, Verdict::Holds);
    QVERIFY(result->seen.raw().contains(u"simulated"_s));
    QVERIFY(result->observer.startsWith(u"agent"_s));
}

void TestObservers::theKernelIsAskedHere()
{
    FakeProc proc;
    proc.inFirstNamespace();
    proc.addProcess(1000, 5001);
    const planeconnector::KernelView kernel(proc.folder.path());
    support::FakeSystem system(1);
    support::FakeWorkspace *workspace = system.world.find(WorkspaceId(u"ws-1"_s));
    workspace->runtime.bootId = kernel.bootId();
    planeconnector::SharedStates observerStates(system.runtime);
    planeconnector::ProcessObserver observer(observerStates, kernel, false, system.world.clock);
    const Probe probe = probeOf(ProbeKind::ProcessTree, u"1000@5001"_s);

    // The agent claims that it is gone; the kernel knows better.
    workspace->runtime.exists = false;
    workspace->runtime.processes = 0;
    auto result = await(observer.attempt(probe));
    QCOMPARE(result->verdict, Verdict::Survives);
    QCOMPARE(result->observer, u"this console's kernel"_s);

    QVERIFY(QFile::remove(proc.folder.filePath(u"1000/stat"_s)));
    result = await(observer.attempt(probe));
    QCOMPARE(result->verdict, Verdict::Holds);
    QCOMPARE(result->observer, u"this console's kernel"_s);

    // The kernel no longer has the first process; the agent still sees others of the tree.
    workspace->runtime.processes = 2;
    QCOMPARE(await(observer.attempt(probe))->verdict, Verdict::Survives);

    // Another machine's agent is not checked against this machine's kernel.
    workspace->runtime.processes = 0;
    workspace->runtime.bootId = u"99999999-2222-4333-8444-555555555555"_s;
    proc.addProcess(1000, 5001);
    result = await(observer.attempt(probe));
    QCOMPARE(result->verdict, Verdict::Holds);
    QVERIFY(result->observer.startsWith(u"agent"_s));
}

void TestObservers::oneTurnsProbesShareAReading()
{
    support::FakeSystem system(2);
    planeconnector::SharedStates states(system.runtime);
    const planeconnector::KernelView kernel;
    planeconnector::ProcessObserver processes(states, kernel, false, system.world.clock);
    planeconnector::NetworkObserver network(states, system.world.clock);
    const auto readings = [&system] {
        const auto calls = system.runtime.script.calls();
        return std::count_if(calls.cbegin(), calls.cend(), [](const support::Call &call) { return call.name == u"state"_s; });
    };
    Probe elsewhere = probeOf(ProbeKind::SandboxNetwork, u"ws-2"_s);
    elsewhere.workspace = WorkspaceId(u"ws-2"_s);
    QVector<Reply<ProbeResult>> replies{processes.attempt(probeOf(ProbeKind::ProcessTree, u"1000@5001"_s)),
                                        network.attempt(probeOf(ProbeKind::SandboxNetwork, u"ws-1"_s)),
                                        network.attempt(probeOf(ProbeKind::NetworkFlow, u"ws-1"_s)), network.attempt(elsewhere)};
    QCOMPARE(readings(), 0); // asked for after the last of them asked
    replies[0].cancel();     // is nothing to the others
    for (qsizetype i = 1; i < replies.size(); ++i)
        QVERIFY(await(replies[i]));
    QCOMPARE(readings(), 2);
    // A later question gets a later reading.
    QVERIFY(await(network.attempt(probeOf(ProbeKind::SandboxNetwork, u"ws-1"_s))));
    QCOMPARE(readings(), 3);
}

void TestObservers::aReusedPidIsGone()
{
    FakeProc proc;
    proc.addProcess(1000, 777);
    const planeconnector::KernelView kernel(proc.folder.path());
    QCOMPARE(kernel.find(1000, 5001), planeconnector::KernelView::Sight::Gone);
    QCOMPARE(kernel.find(1000, 777), planeconnector::KernelView::Sight::There);
    QCOMPARE(kernel.find(1001, 777), planeconnector::KernelView::Sight::Gone);
    proc.write(u"1002/stat"_s, "nonsense");
    QCOMPARE(kernel.find(1002, 1), planeconnector::KernelView::Sight::Unreadable);
    // This program, in the real /proc.
    const planeconnector::KernelView here;
    QFile stat(u"/proc/self/stat"_s);
    QVERIFY(stat.open(QIODevice::ReadOnly));
    const QByteArray text = stat.readAll();
    const qint64 ticks = text.mid(text.lastIndexOf(')') + 2).split(' ').at(19).toLongLong();
    QCOMPARE(here.find(QCoreApplication::applicationPid(), ticks), planeconnector::KernelView::Sight::There);
    QCOMPARE(here.bootId().size(), 36);
}

void TestObservers::inAContainerTheKernelIsNotOurs()
{
    FakeProc proc; // not in the first pid namespace: a host pid means nothing here
    const planeconnector::KernelView kernel(proc.folder.path());
    support::FakeSystem system(1);
    support::FakeWorkspace *workspace = system.world.find(WorkspaceId(u"ws-1"_s));
    workspace->runtime.bootId = kernel.bootId();
    workspace->runtime.exists = false;
    workspace->runtime.processes = 0;
    const Probe probe = probeOf(ProbeKind::ProcessTree, u"1000@5001"_s);
    planeconnector::SharedStates strangerStates(system.runtime);
    planeconnector::ProcessObserver stranger(strangerStates, kernel, false, system.world.clock);
    QVERIFY(await(stranger.attempt(probe))->observer.startsWith(u"agent"_s));
    planeconnector::SharedStates parentStates(system.runtime);
    planeconnector::ProcessObserver parent(parentStates, kernel, true, system.world.clock);
    QCOMPARE(await(parent.attempt(probe))->observer, u"this console's kernel"_s);
}

void TestObservers::network()
{
    QCOMPARE(attempt(probeOf(ProbeKind::SandboxNetwork, u"ws-1"_s))->verdict, Verdict::Survives);
    QCOMPARE(attempt(probeOf(ProbeKind::NetworkFlow, u"ws-1"_s))->verdict, Verdict::Survives);
    workspace().runtime.networkPresent = false;
    QCOMPARE(attempt(probeOf(ProbeKind::SandboxNetwork, u"ws-1"_s))->verdict, Verdict::Holds);
    QCOMPARE(attempt(probeOf(ProbeKind::NetworkFlow, u"ws-1"_s))->verdict, Verdict::Survives);
    workspace().runtime.openFlows = 0;
    QCOMPARE(attempt(probeOf(ProbeKind::NetworkFlow, u"ws-1"_s))->verdict, Verdict::Holds);
}

void TestObservers::sessionRecords()
{
    QCOMPARE(attempt(probeOf(ProbeKind::SessionRecord, u"sess-1-a"_s))->verdict, Verdict::Survives);
    workspace().sessions[0].state = SessionState::Ended;
    QCOMPARE(attempt(probeOf(ProbeKind::SessionRecord, u"sess-1-a"_s))->verdict, Verdict::Holds);
    QCOMPARE(attempt(probeOf(ProbeKind::SessionRecord, u"sess-9"_s)).error().code, Error::Code::NotFound);
}

void TestObservers::auditEntries()
{
    AuditEvent event;
    event.index = 0;
    event.time = m_plane->world.clock.now();
    event.action = u"workspace.revoke"_s;
    event.target = Untrusted(u"ws-1"_s);
    event.workspace = WorkspaceId(u"ws-1"_s);
    event.reason = Untrusted(u"stolen laptop"_s);
    event.detail = Untrusted(u"{\"plan\":1}"_s);
    event.origin = u"console"_s;
    m_plane->world.events.append(event);
    for (const QString &expected :
         {QString(), u"workspace.revoke"_s, u"stolen laptop"_s, crypto::sha256Hex("{\"plan\":1}")})
        QCOMPARE(attempt(probeOf(ProbeKind::AuditEntry, u"0"_s, expected))->verdict, Verdict::Holds);
    QCOMPARE(attempt(probeOf(ProbeKind::AuditEntry, u"0"_s, crypto::sha256Hex("other")))->verdict, Verdict::Survives);
    // The action alone is any operation's: the event must name this one.
    event.index = 1;
    event.detail = Untrusted(uR"({"operation":"op-1","snapshot":"snap-1"})"_s);
    m_plane->world.events.append(event);
    QCOMPARE(attempt(probeOf(ProbeKind::AuditEntry, u"1"_s, u"workspace.revoke op-1"_s))->verdict, Verdict::Holds);
    QCOMPARE(attempt(probeOf(ProbeKind::AuditEntry, u"1"_s, u"workspace.revoke op-2"_s))->verdict, Verdict::Survives);
    QCOMPARE(attempt(probeOf(ProbeKind::AuditEntry, u"1"_s, u"workspace.stop op-1"_s))->verdict, Verdict::Survives);
    QCOMPARE(attempt(probeOf(ProbeKind::AuditEntry, u"0"_s, u"workspace.revoke op-1"_s))->verdict, Verdict::Survives);
    QCOMPARE(attempt(probeOf(ProbeKind::AuditEntry, u"2"_s))->verdict, Verdict::Survives);
    QCOMPARE(attempt(probeOf(ProbeKind::AuditEntry, QString()))->verdict, Verdict::Unknown);
}

void TestObservers::evidence()
{
    Snapshot snapshot;
    snapshot.id = SnapshotId(u"snap-1"_s);
    snapshot.workspace = WorkspaceId(u"ws-1"_s);
    snapshot.taken = m_plane->world.clock.now();
    m_plane->world.snapshots.insert(u"snap-1"_s, snapshot);
    QCOMPARE(attempt(probeOf(ProbeKind::Evidence, u"snap-1"_s))->verdict, Verdict::Survives); // not complete
    m_plane->world.completeSnapshot(snapshot.id);
    const Snapshot taken = m_plane->world.snapshots.value(u"snap-1"_s);
    for (const QString &expected :
         {QString(), taken.archiveSha256, taken.manifestSha256, taken.manifestSha256 + u' ' + taken.archiveSha256})
        QCOMPARE(attempt(probeOf(ProbeKind::Evidence, u"snap-1"_s, expected))->verdict, Verdict::Holds);
    QCOMPARE(attempt(probeOf(ProbeKind::Evidence, u"snap-1"_s, crypto::sha256Hex("other")))->verdict,
             Verdict::Survives);
    m_plane->world.archives[u"snap-1"_s][0] = 'X';
    QCOMPARE(attempt(probeOf(ProbeKind::Evidence, u"snap-1"_s, taken.archiveSha256))->verdict, Verdict::Survives);
}

void TestObservers::cancellingEndsTheAttempt()
{
    ScriptedServer::Answer silent;
    silent.stall = true;
    m_plane->overruled.insert(u"/v1/workspaces/ws-1/state"_s, silent);
    auto reply = observerOf(ProbeKind::ProcessTree)->attempt(probeOf(ProbeKind::ProcessTree, u"1000@5001"_s));
    QTRY_COMPARE_WITH_TIMEOUT(m_plane->server.count(u"/v1/workspaces/ws-1/state"_s), 1, support::patience);
    reply.cancel();
    QCOMPARE(await(reply).error().code, Error::Code::Cancelled);
}

QTEST_GUILESS_MAIN(TestObservers)
#include "tst_observers.moc"
