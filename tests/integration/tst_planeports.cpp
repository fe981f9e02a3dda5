// SPDX-License-Identifier: GPL-3.0-or-later
// Every port, every observer and the watch, over HTTPS against the plane that is shipped.
#include "models/connectors/plane/planeconnector.h"
#include "models/crypto/digest.h"
#include "models/fleet/connection.h"
#include "models/transport/httpclient.h"
#include "models/wire/codec.h"
#include "tests/support/certificatefactory.h"
#include "tests/support/planeprocess.h"
#include "tests/support/waiting.h"

#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace parapet;
using namespace Qt::StringLiterals;
using support::await;
using support::why;

class TestPlanePorts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void whoAmI();
    void pagesByCursorAndPosition();
    void filtersSortsAndCounts();
    void wrongRequestsAreRefused();
    void whatHangsOnAWorkspace();
    void processesAndFlows();
    void freezeAndThawComeBackByTheWatch();
    void isolateAndPause();
    void snapshotsAreEvidence();
    void oneKeyOneEffect();
    void staleVersionsConflict();
    void sessionsEndAndTheirTokensDie();
    void leasesAreRevokedAndTriedAtTheirTargets();
    void recordsAreInTheLog();
    void activityAndHead();
    void agentsAreSuspended();
    void stoppingEndsTheProcesses();
    void aForeignIdentityIsRefused();
    void noTokenNoLogin();

private:
    Change change();
    Result<ProbeResult> probe(ProbeKind kind, const QString &subject, const QString &expected = {});
    ControlPlane &control() { return *m_connection->system().control; }
    Runtime &runtime() { return *m_connection->system().runtime; }
    CredentialBroker &broker() { return *m_connection->system().broker; }
    AuditStore &audit() { return *m_connection->system().audit; }
    PageRequest ask(const QString &filter, int limit = 100) const;

    support::PlaneProcess m_plane;
    fleet::MemorySecretStore m_secrets;
    std::unique_ptr<fleet::Connection> m_connection;
    Workspace m_workspace; ///< one that really runs, with sessions and leases
    int m_keys = 0;
};

Change TestPlanePorts::change()
{
    Change change;
    change.idempotencyKey = u"key-%1-%2"_s.arg(QCoreApplication::applicationPid()).arg(++m_keys);
    change.reason = u"INC-0147, a test"_s;
    change.operation = OperationId(u"op-test"_s);
    return change;
}

PageRequest TestPlanePorts::ask(const QString &filter, int limit) const
{
    PageRequest request;
    request.query.filter = filter;
    request.limit = limit;
    return request;
}

Result<ProbeResult> TestPlanePorts::probe(ProbeKind kind, const QString &subject, const QString &expected)
{
    Probe probe;
    probe.kind = kind;
    probe.workspace = m_workspace.id;
    probe.subject = subject;
    probe.expected = expected;
    for (Observer *observer : m_connection->system().observers) {
        if (observer->canTry(kind))
            return await(observer->attempt(probe));
    }
    return fail(Error::Code::NotFound, u"no observer"_s);
}

void TestPlanePorts::initTestCase()
{
    m_plane.setArguments({u"--seed"_s, u"7"_s, u"--fleet"_s, u"40"_s});
    const Status started = m_plane.start();
    QVERIFY2(started, why(started));
    m_connection = std::make_unique<fleet::Connection>(m_plane.profile(), m_secrets);
    m_connection->open();
    QVERIFY(support::waitUntil(
        [this] { return m_connection->state() == fleet::HealthState::Healthy && m_connection->self(); }));
    QVERIFY(support::waitUntil([this] { return runtime().capability(u"freeze"_s).isPresent(); }));
    QVERIFY(support::waitUntil(
        [this] {
            const auto page = await(control().workspaces(ask({}, 500)));
            if (!page)
                return false;
            const auto found = std::find_if(page->items.cbegin(), page->items.cend(), [](const Workspace &one) {
                return one.state == WorkspaceState::Running && !one.simulated && one.sessions > 0 && one.leases > 0 &&
                       one.agents > 0;
            });
            if (found == page->items.cend())
                return false;
            m_workspace = *found;
            return true;
        },
        60'000));
}

void TestPlanePorts::cleanupTestCase()
{
    m_connection.reset();
    if (m_plane.isRunning())
        QVERIFY(m_plane.stop());
}

void TestPlanePorts::whoAmI()
{
    const auto self = await(control().whoAmI());
    QVERIFY2(self, why(self));
    QCOMPARE(self->principal.kind, ActorKind::Human);
    QCOMPARE(m_connection->self()->value().id, self->principal.id);
    QVERIFY(m_connection->rights()->allows(u"workspace:revoke"_s));
    QVERIFY(m_connection->acceptedUntil() > Clock::system().now());
}

void TestPlanePorts::pagesByCursorAndPosition()
{
    QStringList byCursor;
    PageRequest request = ask({}, 10);
    request.query.sort = u"name"_s;
    qint64 total = 0;
    do {
        const auto page = await(control().workspaces(request));
        QVERIFY2(page, why(page));
        QVERIFY(page->total.isExact());
        QVERIFY(isKnown(page->asOf));
        total = page->total.value();
        for (const Workspace &workspace : page->items)
            byCursor << workspace.id.value;
        request.after = page->next;
    } while (!request.after.isEmpty());
    QCOMPARE(byCursor.size(), total);
    QCOMPARE(QSet<QString>(byCursor.cbegin(), byCursor.cend()).size(), total);

    request.after.clear();
    request.at = 17;
    const auto jumped = await(control().workspaces(request));
    QVERIFY2(jumped, why(jumped));
    QCOMPARE(jumped->items.first().id.value, byCursor.at(17));
}

void TestPlanePorts::filtersSortsAndCounts()
{
    const auto running = await(control().workspaces(ask(u"state:running"_s, 500)));
    QVERIFY2(running, why(running));
    QVERIFY(!running->items.isEmpty());
    for (const Workspace &workspace : running->items)
        QCOMPARE(workspace.state, WorkspaceState::Running);
    const auto counts = await(control().countWorkspaces({}, u"state"_s));
    QVERIFY2(counts, why(counts));
    qint64 sum = 0;
    for (const Bucket &bucket : *counts)
        sum += bucket.count;
    QCOMPARE(sum, 64); // 24 of the world and 40 simulated

    PageRequest sorted = ask({}, 500);
    sorted.query.sort = u"leases"_s;
    sorted.query.descending = true;
    const auto page = await(control().workspaces(sorted));
    QVERIFY2(page, why(page));
    QVERIFY(std::is_sorted(page->items.cbegin(), page->items.cend(),
                           [](const Workspace &a, const Workspace &b) { return a.leases > b.leases; }));
}

void TestPlanePorts::wrongRequestsAreRefused()
{
    QCOMPARE(await(control().workspaces(ask(u"state:(("_s))).error().code, Error::Code::Invalid);
    PageRequest wrong = ask({});
    wrong.query.sort = u"nonsense"_s;
    QCOMPARE(await(control().workspaces(wrong)).error().code, Error::Code::Invalid);
    wrong = ask({});
    wrong.after = u"nonsense"_s;
    QCOMPARE(await(control().workspaces(wrong)).error().code, Error::Code::Invalid);
    QCOMPARE(await(control().workspace(WorkspaceId(u"ws-unknown"_s))).error().code, Error::Code::NotFound);
    QCOMPARE(await(control().countWorkspaces({}, u"nonsense"_s)).error().code, Error::Code::Invalid);
    Change withoutKey = change();
    withoutKey.idempotencyKey.clear();
    QCOMPARE(await(control().stopWorkspace(m_workspace.id, withoutKey)).error().code, Error::Code::Invalid);
    QCOMPARE(m_connection->state(), fleet::HealthState::Healthy); // a refusal is no failure
}

void TestPlanePorts::whatHangsOnAWorkspace()
{
    const auto sessions = await(control().sessions(m_workspace.id));
    QVERIFY2(sessions, why(sessions));
    QVERIFY(!sessions->isEmpty());
    const auto session = await(control().session(sessions->first().id));
    QVERIFY2(session, why(session));
    QCOMPARE(session->workspace, m_workspace.id);
    const auto principals = await(control().principals(m_workspace.id));
    QVERIFY2(principals, why(principals));
    QVERIFY(std::any_of(principals->cbegin(), principals->cend(),
                        [this](const Principal &one) { return one.id == m_workspace.owner; }));
    const auto leases = await(broker().leases(m_workspace.id));
    QVERIFY2(leases, why(leases));
    const auto lease = await(broker().lease(leases->first().id));
    QVERIFY2(lease, why(lease));
    QCOMPARE(lease->workspace, m_workspace.id);
}

void TestPlanePorts::processesAndFlows()
{
    const auto state = await(runtime().state(m_workspace.id));
    QVERIFY2(state, why(state));
    QVERIFY(state->exists && state->rootPid > 0 && state->rootStartTicks > 0);
    QVERIFY(!state->simulated);
    QCOMPARE(state->bootId, planeconnector::KernelView().bootId());
    const auto processes = await(runtime().processes(m_workspace.id));
    QVERIFY2(processes, why(processes));
    QVERIFY(!processes->isEmpty());
    for (const Process &process : *processes)
        QCOMPARE(planeconnector::KernelView().find(process.hostPid, process.startTicks) ==
                     planeconnector::KernelView::Sight::Unreadable,
                 false);
    const auto flows = await(runtime().flows(m_workspace.id));
    QVERIFY2(flows, why(flows));

    const auto alive = probe(ProbeKind::ProcessTree, u"%1@%2"_s.arg(state->rootPid).arg(state->rootStartTicks));
    QVERIFY2(alive, why(alive));
    QCOMPARE(alive->verdict, Verdict::Survives);
    QCOMPARE(alive->observer, u"this console's kernel"_s);
}

void TestPlanePorts::freezeAndThawComeBackByTheWatch()
{
    if (!runtime().capability(u"freeze"_s).isPresent())
        QSKIP(qPrintable(runtime().capability(u"freeze"_s).reason()));
    std::optional<WorkspaceState> seen;
    const auto connected =
        connect(m_connection->watch(), &Watch::changed, this, [&](const QVector<ChangeEvent> &events) {
            for (const ChangeEvent &event : events) {
                if (event.kind != u"workspace"_s || event.id != m_workspace.id.value)
                    continue;
                const auto workspace = wire::fromJson<Workspace>(event.object);
                QVERIFY2(workspace, why(workspace));
                seen = workspace->state;
            }
        });
    const auto frozen = await(runtime().setFrozen(m_workspace.id, true, change()));
    QVERIFY2(frozen, why(frozen));
    QTRY_COMPARE_WITH_TIMEOUT(seen.value_or(WorkspaceState::Starting), WorkspaceState::Frozen, support::patience);
    QVERIFY(await(runtime().state(m_workspace.id))->frozen);
    QVERIFY(await(runtime().setFrozen(m_workspace.id, false, change())));
    QTRY_COMPARE_WITH_TIMEOUT(seen.value_or(WorkspaceState::Starting), WorkspaceState::Running, support::patience);
    disconnect(connected);
}

void TestPlanePorts::isolateAndPause()
{
    QVERIFY(await(runtime().setIsolated(m_workspace.id, true, change())));
    QTRY_VERIFY_WITH_TIMEOUT(await(runtime().state(m_workspace.id))->isolated, support::patience);
    QTRY_COMPARE_WITH_TIMEOUT(probe(ProbeKind::NetworkFlow, m_workspace.id.value)->verdict, Verdict::Holds,
                              support::patience);
    QCOMPARE(probe(ProbeKind::SandboxNetwork, m_workspace.id.value)->verdict, Verdict::Survives);
    QVERIFY(await(runtime().setIsolated(m_workspace.id, false, change())));
    QTRY_VERIFY_WITH_TIMEOUT(!await(runtime().state(m_workspace.id))->isolated, support::patience);
    if (runtime().capability(u"pauseAgent"_s).isPresent()) {
        QVERIFY(await(runtime().setAgentPaused(m_workspace.id, true, change())));
        QTRY_VERIFY_WITH_TIMEOUT(await(runtime().state(m_workspace.id))->agentPaused, support::patience);
        QVERIFY(await(runtime().setAgentPaused(m_workspace.id, false, change())));
    }
}

void TestPlanePorts::snapshotsAreEvidence()
{
    const auto begun = await(runtime().takeSnapshot(m_workspace.id, change()));
    QVERIFY2(begun, why(begun));
    QTRY_VERIFY_WITH_TIMEOUT(await(runtime().snapshot(begun->id))->complete, support::patience);
    const auto snapshot = await(runtime().snapshot(begun->id));
    QVERIFY2(snapshot, why(snapshot));
    QVERIFY(snapshot->files > 0);
    const auto manifest = await(runtime().manifest(begun->id));
    QVERIFY2(manifest, why(manifest));
    QCOMPARE(crypto::sha256Hex(*manifest), snapshot->manifestSha256);
    QCOMPARE(manifest->count('\n'), snapshot->files);
    const auto archive = await(runtime().hashArchive(begun->id));
    QVERIFY2(archive, why(archive));
    QCOMPARE(*archive, snapshot->archiveSha256);
    const auto evidence =
        probe(ProbeKind::Evidence, begun->id.value, snapshot->archiveSha256 + u' ' + snapshot->manifestSha256);
    QVERIFY2(evidence, why(evidence));
    QCOMPARE(evidence->verdict, Verdict::Holds);
    QCOMPARE(probe(ProbeKind::Evidence, begun->id.value, QString(64, u'0'))->verdict, Verdict::Survives);
    QCOMPARE(await(runtime().snapshot(SnapshotId(u"snap-unknown"_s))).error().code, Error::Code::NotFound);
}

void TestPlanePorts::oneKeyOneEffect()
{
    const Change once = change();
    const auto first = await(runtime().takeSnapshot(m_workspace.id, once));
    QVERIFY2(first, why(first));
    const auto again = await(runtime().takeSnapshot(m_workspace.id, once));
    QVERIFY2(again, why(again));
    QCOMPARE(again->id, first->id);
    Change other = once;
    other.reason = u"another reason"_s;
    QCOMPARE(await(runtime().takeSnapshot(m_workspace.id, other)).error().code, Error::Code::Conflict);
}

void TestPlanePorts::staleVersionsConflict()
{
    Change stale = change();
    stale.ifMatch = u"0"_s;
    QCOMPARE(await(control().revokeWorkspace(m_workspace.id, stale)).error().code, Error::Code::Conflict);
    QCOMPARE(await(control().workspace(m_workspace.id))->state, WorkspaceState::Running);
}

void TestPlanePorts::sessionsEndAndTheirTokensDie()
{
    const auto sessions = await(control().sessions(m_workspace.id));
    const auto open = std::find_if(sessions->cbegin(), sessions->cend(),
                                   [](const Session &one) { return one.state == SessionState::Open; });
    QVERIFY(open != sessions->cend());
    const auto before = probe(ProbeKind::SessionToken, open->id.value);
    QVERIFY2(before, why(before));
    QCOMPARE(before->verdict, Verdict::Survives);
    QCOMPARE(probe(ProbeKind::SessionRecord, open->id.value)->verdict, Verdict::Survives);
    const auto ended = await(control().endSession(open->id, change()));
    QVERIFY2(ended, why(ended));
    const auto after = probe(ProbeKind::SessionToken, open->id.value);
    QVERIFY2(after, why(after));
    QCOMPARE(after->verdict, Verdict::Holds);
    QCOMPARE(after->seen.raw(), u"401 invalid_token"_s);
    QCOMPARE(probe(ProbeKind::SessionRecord, open->id.value)->verdict, Verdict::Holds);
}

void TestPlanePorts::leasesAreRevokedAndTriedAtTheirTargets()
{
    const auto leases = await(broker().leases(m_workspace.id));
    QVERIFY2(leases, why(leases));
    int tried = 0;
    for (const Lease &lease : *leases) {
        if (lease.state != LeaseState::Active)
            continue;
        ++tried;
        const auto before = probe(ProbeKind::Lease, lease.id.value);
        QVERIFY2(before, why(before));
        QCOMPARE(before->verdict, Verdict::Survives);
        QCOMPARE(before->observer, lease.target);
        const auto revoked = await(broker().revokeLease(lease.id, change()));
        QVERIFY2(revoked, why(revoked));
        QCOMPARE(revoked->state, LeaseState::Revoked);
        const auto after = probe(ProbeKind::Lease, lease.id.value);
        QVERIFY2(after, why(after));
        QVERIFY2(after->verdict == Verdict::Holds, qPrintable(nameOf(lease.kind) + u": "_s + after->seen.inert()));
    }
    QVERIFY(tried > 0);
}

void TestPlanePorts::recordsAreInTheLog()
{
    AuditEvent draft;
    draft.action = u"operation.planned"_s;
    draft.target = Untrusted(m_workspace.id.value);
    draft.workspace = m_workspace.id;
    draft.reason = Untrusted(u"INC-0147, a test"_s);
    draft.detail = Untrusted(u"{\"plan\":\"x\"}"_s);
    const auto recorded = await(audit().record(draft, change()));
    QVERIFY2(recorded, why(recorded));
    QVERIFY(recorded->index >= 0);
    const auto read = await(audit().event(recorded->index));
    QVERIFY2(read, why(read));
    QCOMPARE(read->action, draft.action);
    QCOMPARE(read->reason, draft.reason);
    QCOMPARE(read->actor, m_connection->self()->value().id);
    const auto entry = probe(ProbeKind::AuditEntry, QString::number(recorded->index), draft.action);
    QVERIFY2(entry, why(entry));
    QCOMPARE(entry->verdict, Verdict::Holds);
    QCOMPARE(probe(ProbeKind::AuditEntry, QString::number(recorded->index), u"other.action"_s)->verdict,
             Verdict::Survives);
    QCOMPARE(probe(ProbeKind::AuditEntry, u"999999999"_s)->verdict, Verdict::Survives);

    const auto events = await(audit().events(ask(u"workspace:"_s + m_workspace.id.value, 50)));
    QVERIFY2(events, why(events));
    QVERIFY(std::any_of(events->items.cbegin(), events->items.cend(),
                        [&](const AuditEvent &one) { return one.index == recorded->index; }));
    QVERIFY(std::is_sorted(events->items.cbegin(), events->items.cend(),
                           [](const AuditEvent &a, const AuditEvent &b) { return a.index > b.index; }));
}

void TestPlanePorts::activityAndHead()
{
    const Instant now = Clock::system().now();
    const auto slices = await(audit().activity(now - std::chrono::hours(24), now, std::chrono::minutes(15)));
    QVERIFY2(slices, why(slices));
    QVERIFY(slices->size() >= 96);
    const auto head = await(audit().head());
    QVERIFY2(head, why(head));
    QCOMPARE(head->rootHash.size(), 32);
    QVERIFY(head->size > 0);
    QVERIFY(m_plane.profile().logKey.startsWith(head->origin + u'+'));
}

void TestPlanePorts::agentsAreSuspended()
{
    const auto principals = await(control().principals(m_workspace.id));
    const auto agent = std::find_if(principals->cbegin(), principals->cend(),
                                    [](const Principal &one) { return one.kind == ActorKind::Agent; });
    QVERIFY(agent != principals->cend());
    const auto suspended = await(control().suspendPrincipal(agent->id, true, change()));
    QVERIFY2(suspended, why(suspended));
    QVERIFY(suspended->suspended);
    QVERIFY(!await(control().suspendPrincipal(agent->id, false, change()))->suspended);
}

void TestPlanePorts::stoppingEndsTheProcesses()
{
    const auto state = await(runtime().state(m_workspace.id));
    const QString tree = u"%1@%2"_s.arg(state->rootPid).arg(state->rootStartTicks);
    const auto asked = await(runtime().terminate(m_workspace.id, change()));
    QVERIFY2(asked, why(asked));
    QTRY_COMPARE_WITH_TIMEOUT(probe(ProbeKind::ProcessTree, tree)->verdict, Verdict::Holds, support::patience);
    const auto gone = probe(ProbeKind::ProcessTree, tree);
    QCOMPARE(gone->observer, u"this console's kernel"_s);
    QCOMPARE(gone->seen.raw(), u"no such process"_s);
    QTRY_COMPARE_WITH_TIMEOUT(probe(ProbeKind::SandboxNetwork, m_workspace.id.value)->verdict, Verdict::Holds,
                              support::patience);
    QCOMPARE(probe(ProbeKind::NetworkFlow, m_workspace.id.value)->verdict, Verdict::Holds);
    QVERIFY(await(control().revokeWorkspace(m_workspace.id, change())));
    QTRY_COMPARE_WITH_TIMEOUT(await(control().workspace(m_workspace.id))->state, WorkspaceState::Revoked,
                              support::patience);
}

void TestPlanePorts::aForeignIdentityIsRefused()
{
    const support::CertificateFactory foreign;
    const auto trust = transport::loadTrust(m_plane.profile().caPath, m_plane.profile().caSha256);
    QVERIFY2(trust, why(trust));
    transport::HttpClient client(*trust, foreign.tlsClient(m_connection->self()->value().id.value), Clock::system());
    const auto answer = await(client.send<int>(planecalls::get(m_plane.profile().control, u"/v1/self"_s),
                                               [](transport::HttpResponse &) -> Result<int> { return 1; }));
    QVERIFY(!answer);
    QVERIFY2(answer.error().code == Error::Code::Unauthorized || answer.error().code == Error::Code::Network,
             why(answer));

    transport::HttpClient nobody(*trust, std::nullopt, Clock::system());
    QVERIFY(!await(nobody.send<int>(planecalls::get(m_plane.profile().control, u"/v1/self"_s),
                                    [](transport::HttpResponse &) -> Result<int> { return 1; })));
}

void TestPlanePorts::noTokenNoLogin()
{
    const auto trust = transport::loadTrust(m_plane.profile().caPath, m_plane.profile().caSha256);
    const auto prober = transport::loadTlsIdentity(m_plane.profile().proberIdentityPath);
    QVERIFY2(prober, why(prober));
    transport::HttpClient client(*trust, *prober, Clock::system());
    auto request = planecalls::get(m_plane.profile().control, u"/v1/token"_s);
    request.anyStatus = true;
    request.authorization = "Bearer not-a-token";
    const auto verdict = await(client.send<int>(request, [](transport::HttpResponse &response) -> Result<int> {
        return int(planeconnector::judgeToken(response).verdict);
    }));
    QVERIFY2(verdict, why(verdict));
    QCOMPARE(Verdict(*verdict), Verdict::Holds);
    // The prober may look and try, and do nothing.
    const auto self = await(client.send<int>(
        planecalls::post(m_plane.profile().control, u"/v1/workspaces/{}/stop"_s, m_workspace.id.value, change()),
        [](transport::HttpResponse &) -> Result<int> { return 1; }));
    QCOMPARE(self.error().code, Error::Code::Forbidden);
}

QTEST_GUILESS_MAIN(TestPlanePorts)
#include "tst_planeports.moc"
