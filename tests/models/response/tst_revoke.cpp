// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/response/revoke.h"

#include "models/crypto/certificate.h"
#include "models/evidence/verify.h"
#include "models/response/actions.h"
#include "models/response/revocationcertifier.h"
#include "tests/models/operation/scripted.h"
#include "tests/support/fakeports.h"

#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtTest/QTest>

using namespace parapet;
using namespace parapet::operation;
using namespace parapet::response;
using namespace parapet::support;
using namespace Qt::StringLiterals;

using Arrange = std::function<void(FakeSystem &)>;
Q_DECLARE_METATYPE(Arrange)

namespace {

/// A fake system, the actions over its ports, and a runner with the operator's real key.
struct Desk {
    explicit Desk(int workspaces) : system(workspaces)
    {
        const auto authority = crypto::CertificateAuthority::create(u"test"_s, system.world.clock);
        trust.authority = authority.certificate();
        certifier.setOperator(system.world.self, authority.issueClient(system.world.self.id.value, u"A. Operator"_s, {system.world.clock}));
        environment.folder = folder.path();
        environment.actions = actions.get();
        environment.observers = {&system.observer};
        environment.certifier = &certifier;
        environment.clock = &system.world.clock;
        environment.timers = &timers;
        runner = std::make_unique<Runner>(environment);
        options.system = u"test"_s;
        options.clock = &system.world.clock;
    }
    Result<Plan> plan(const Targets &targets) { return await(planRevoke(system.system(), targets, u"INC-0147, credential misuse"_s, options)); }
    template<class Condition>
    bool until(Condition condition)
    {
        return turnUntil(timers, condition);
    }
    bool untilOver(Operation *operation) { return until([operation] { return operation->isOver(); }); }

    FakeSystem system;
    QTemporaryDir folder;
    ManualTimers timers{system.world.clock};
    std::unique_ptr<ActionSet> actions = actionsFor(system.system());
    RevocationCertifier certifier{system.world.clock};
    evidence::Trust trust;
    Environment environment;
    std::unique_ptr<Runner> runner;
    PlanOptions options;
};

QStringList verbsOf(const Plan &plan, const QString &workspace)
{
    QStringList verbs;
    for (const Step &step : plan.steps) {
        if (step.workspace.value == workspace)
            verbs.append(step.verb);
    }
    return verbs;
}

int countOf(const Plan &plan, ProbeKind kind)
{
    return int(std::count_if(plan.probes.cbegin(), plan.probes.cend(), [kind](const Probe &probe) { return probe.kind == kind; }));
}

} // namespace

class TestRevoke : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void thePlanNamesEverything();
    void allThatMatchAreTaken();
    void unknownTargetsAreNamed();
    void whatTheSystemLacksIsSaid();
    void aRevocationIsProvenAndSigned();
    void aLeaseThatSurvivesIsNamed();
    void whatBeganMeanwhileIsEndedAndTried();
    void whatBeginsWhileItRunsIsEndedToo();
    void arrangementsEndWell_data();
    void arrangementsEndWell();
    void aFailedSnapshotStopsBeforeDestruction();
    void theLogHoldsTheDigests();
    void anotherOperationsEntryIsNoProof();
    void aConnectionThatGoesEndsThePlanning();
    void whoStartedItIsWhoAnswersForIt();
    void anotherWorkspaceUnderTheNameIsLeftAlone();
    void cancelRejoinsTheNetwork();
    void aThousandAreRevoked();
};

void TestRevoke::thePlanNamesEverything()
{
    Desk desk(2);
    const auto plan = desk.plan(Targets::one(WorkspaceId(u"ws-1"_s)));
    QVERIFY2(plan, why(plan));
    const Status sound = check(*plan);
    QVERIFY2(sound, why(sound));
    QCOMPARE(verbsOf(*plan, u"ws-1"_s), (QStringList{u"isolate"_s, u"snapshot"_s, u"log"_s, u"terminate"_s, u"endSessions"_s, u"revokeLeases"_s, u"suspend"_s, u"markRevoked"_s}));
    QCOMPARE(plan->workspaces.size(), 1);
    QCOMPARE(plan->touched.processes, Count::exactly(3));
    QCOMPARE(plan->touched.sessions, Count::exactly(2));
    QCOMPARE(plan->touched.leases, Count::exactly(2));
    QCOMPARE(plan->touched.dependants, Count::exactly(1));
    QCOMPARE(plan->touched.people, Count::exactly(1));
    QCOMPARE(countOf(*plan, ProbeKind::SessionToken), 2);
    QCOMPARE(countOf(*plan, ProbeKind::SessionRecord), 2);
    QCOMPARE(countOf(*plan, ProbeKind::Lease), 2);
    QCOMPARE(countOf(*plan, ProbeKind::ProcessTree), 1);
    QCOMPARE(countOf(*plan, ProbeKind::SandboxNetwork), 1);
    QCOMPARE(countOf(*plan, ProbeKind::NetworkFlow), 1);
    QCOMPARE(countOf(*plan, ProbeKind::AuditEntry), 1);
    QCOMPARE(countOf(*plan, ProbeKind::Evidence), 1);
    QVERIFY(plan->certified);
    QVERIFY(plan->warnings.isEmpty());
    // Making a plan changes nothing.
    for (const Script *script : {&desk.system.control.script, &desk.system.runtime.script, &desk.system.broker.script, &desk.system.audit.script}) {
        for (const Call &call : script->calls())
            QVERIFY2(call.change.idempotencyKey.isEmpty(), qPrintable(call.name));
    }
}

void TestRevoke::allThatMatchAreTaken()
{
    Desk desk(730);
    const auto plan = desk.plan(Targets::all(Query{}, {WorkspaceId(u"ws-3"_s)}));
    QVERIFY2(plan, why(plan));
    QCOMPARE(plan->workspaces.size(), 729);
    QVERIFY(verbsOf(*plan, u"ws-3"_s).isEmpty());
    QCOMPARE(plan->touched.workspaces, Count::exactly(729));
    const auto twice = desk.plan(Targets::these({WorkspaceId(u"ws-1"_s), WorkspaceId(u"ws-1"_s)}));
    QCOMPARE(twice->workspaces.size(), 1);
}

void TestRevoke::unknownTargetsAreNamed()
{
    Desk desk(1);
    const auto plan = desk.plan(Targets::these({WorkspaceId(u"ws-1"_s), WorkspaceId(u"ws-77"_s)}));
    QVERIFY(!plan);
    QVERIFY(plan.error().code == Error::Code::NotFound);
    QVERIFY(plan.error().message.contains(u"ws-77"_s));
    QVERIFY(!desk.plan(Targets::all(Query{u"nothing-matches"_s, {}, false})));
}

void TestRevoke::whatTheSystemLacksIsSaid()
{
    Desk desk(1);
    desk.system.runtime.capabilities.insert(u"snapshot"_s, Capability::absent(u"no space"_s));
    desk.system.runtime.capabilities.insert(u"isolate"_s, Capability::degraded(u"only at the gateway"_s));
    auto plan = desk.plan(Targets::one(WorkspaceId(u"ws-1"_s)));
    QVERIFY2(plan, why(plan));
    QVERIFY(!verbsOf(*plan, u"ws-1"_s).contains(u"snapshot"_s));
    QVERIFY(plan->warnings.join(u' ').contains(u"no space"_s));
    QVERIFY(plan->warnings.join(u' ').contains(u"only at the gateway"_s));
    // Without evidence it does not start, unless somebody says why.
    QVERIFY(!desk.runner->start(*plan));
    plan->evidenceOverride = u"the disk is full, the attacker is live"_s;
    const auto started = desk.runner->start(*plan);
    QVERIFY2(started, why(started));
    QVERIFY(desk.untilOver(*started));
    QCOMPARE((*started)->state(), RunState::Finished);
    QVERIFY(desk.system.world.events.last().detail.inert().contains(u"the disk is full"_s));
    QVERIFY2((*started)->run().certificate, qPrintable((*started)->run().certificateRefused));
}

void TestRevoke::aRevocationIsProvenAndSigned()
{
    Desk desk(2);
    const auto plan = desk.plan(Targets::one(WorkspaceId(u"ws-1"_s)));
    const auto started = desk.runner->start(*plan);
    QVERIFY2(started, why(started));
    QVERIFY(desk.untilOver(*started));
    QCOMPARE((*started)->state(), RunState::Finished);
    const FakeWorkspace *revoked = desk.system.world.find(WorkspaceId(u"ws-1"_s));
    QCOMPARE(revoked->workspace.state, WorkspaceState::Revoked);
    QVERIFY(!revoked->runtime.exists);
    QVERIFY(revoked->principals.last().suspended || revoked->principals.first().suspended);
    QCOMPARE(desk.system.world.find(WorkspaceId(u"ws-2"_s))->workspace.state, WorkspaceState::Running);
    QFile file((*started)->run().certificate->path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto report = evidence::verify(file.readAll(), desk.trust);
    QVERIFY2(report, why(report));
    QStringList fails;
    for (const evidence::Finding &finding : report->findings) {
        if (finding.state == evidence::Finding::State::Fails)
            fails.append(finding.id + u": "_s + finding.why.join(u' '));
    }
    QVERIFY2(report->holds(), qPrintable(fails.join(u'\n')));
    QCOMPARE(report->record->operation, plan->id);
    QCOMPARE(report->record->auditEvents.size(), 1);
    QCOMPARE(report->record->auditLog, u"fake.example/log"_s);
    QCOMPARE(report->record->probes.size(), (*started)->run().probes.size());
    // No secret has come near the journal.
    QFile journal((*started)->run().journalPath);
    QVERIFY(journal.open(QIODevice::ReadOnly));
    QVERIFY(!journal.readAll().contains("secret of"));
}

void TestRevoke::aLeaseThatSurvivesIsNamed()
{
    Desk desk(1);
    desk.system.world.survivors.insert(u"lease-1-db"_s);
    const auto plan = desk.plan(Targets::one(WorkspaceId(u"ws-1"_s)));
    Operation *operation = *desk.runner->start(*plan);
    QVERIFY(desk.until([&] { return operation->summary().survive == 1 && operation->summary().unknown == 0; }));
    QVERIFY(desk.until([&] { return desk.system.observer.script.count(u"lease"_s, u"lease-1-db"_s) >= 3; }));
    QCOMPARE(operation->state(), RunState::Running);
    QVERIFY(!operation->run().certificate);
    const QStringList names = survivors(operation->run());
    QCOMPARE(names.size(), 1);
    const QString leaseName = desk.system.world.findLease(LeaseId(u"lease-1-db"_s))->name;
    QVERIFY2(names.first().contains(leaseName), qPrintable(names.first()));
    // Whoever asks for a certificate all the same is refused by name.
    const auto refused = await(desk.certifier.issue(operation->run()));
    QVERIFY(!refused);
    QVERIFY2((refused.error().message + refused.error().detail).contains(u"lease-1-db"_s), qPrintable(refused.error().message));
    desk.system.world.survivors.clear();
    operation->retryNow();
    QVERIFY(desk.untilOver(operation));
    QVERIFY(operation->run().certificate);
}

void TestRevoke::whatBeganMeanwhileIsEndedAndTried()
{
    Desk desk(1);
    const auto plan = desk.plan(Targets::one(WorkspaceId(u"ws-1"_s)));
    FakeWorkspace *workspace = desk.system.world.find(WorkspaceId(u"ws-1"_s));
    Session late = workspace->sessions.first();
    late.id = SessionId(u"sess-late"_s);
    workspace->sessions.append(late);
    Lease lateLease = workspace->leases.first();
    lateLease.id = LeaseId(u"lease-late"_s);
    lateLease.name = u"late"_s;
    workspace->leases.append(lateLease);
    Operation *operation = *desk.runner->start(*plan);
    QVERIFY(desk.untilOver(operation));
    QCOMPARE(operation->state(), RunState::Finished);
    QCOMPARE(desk.system.world.findSession(SessionId(u"sess-late"_s))->state, SessionState::Ended);
    QCOMPARE(desk.system.world.findLease(LeaseId(u"lease-late"_s))->state, LeaseState::Revoked);
    QCOMPARE(desk.system.observer.script.count(u"sessionToken"_s, u"sess-late"_s), 1);
    QCOMPARE(desk.system.observer.script.count(u"lease"_s, u"lease-late"_s), 1);
    QCOMPARE(operation->run().probes.size(), plan->probes.size() + 3);
}

/// A session that begins while the others are being ended: it is asked for anew.
void TestRevoke::whatBeginsWhileItRunsIsEndedToo()
{
    Desk desk(1);
    const auto plan = desk.plan(Targets::one(WorkspaceId(u"ws-1"_s)));
    bool begun = false;
    desk.system.control.script.onCall = [&](const Call &call) {
        if (begun || call.name != u"endSession"_s)
            return;
        begun = true;
        FakeWorkspace *workspace = desk.system.world.find(WorkspaceId(u"ws-1"_s));
        Session late = workspace->sessions.first();
        late.id = SessionId(u"sess-late"_s);
        late.state = SessionState::Open;
        workspace->sessions.append(late);
    };
    Operation *operation = *desk.runner->start(*plan);
    QVERIFY(desk.untilOver(operation));
    QCOMPARE(operation->state(), RunState::Finished);
    QCOMPARE(desk.system.world.findSession(SessionId(u"sess-late"_s))->state, SessionState::Ended);
    QCOMPARE(desk.system.control.script.count(u"endSession"_s, u"sess-late"_s), 1);
    QCOMPARE(desk.system.observer.script.count(u"sessionToken"_s, u"sess-late"_s), 1);
}

void TestRevoke::arrangementsEndWell_data()
{
    QTest::addColumn<Arrange>("arrange");
    const auto row = [](const char *name, Arrange arrange) { QTest::newRow(name) << arrange; };
    row("already isolated", [](FakeSystem &s) { s.world.find(WorkspaceId(u"ws-1"_s))->runtime.isolated = true; });
    row("agent away for a moment", [](FakeSystem &s) { s.runtime.script.failNext(u"terminate"_s, transientError(), 2); });
    row("answer of the log lost", [](FakeSystem &s) { s.audit.script.loseAnswer(u"record"_s, transientError()); });
    row("answer of the snapshot lost", [](FakeSystem &s) { s.runtime.script.loseAnswer(u"takeSnapshot"_s, transientError()); });
    row("one lease refuses once", [](FakeSystem &s) { s.broker.script.failNext(u"revokeLease lease-1-git"_s, transientError()); });
    row("nothing runs", [](FakeSystem &s) {
        FakeWorkspace *workspace = s.world.find(WorkspaceId(u"ws-1"_s));
        workspace->runtime.exists = workspace->runtime.networkPresent = false;
        workspace->runtime.processes = workspace->runtime.rootPid = workspace->runtime.openFlows = 0;
        workspace->processes.clear();
    });
}

void TestRevoke::arrangementsEndWell()
{
    QFETCH(Arrange, arrange);
    Desk desk(1);
    arrange(desk.system);
    const auto plan = desk.plan(Targets::one(WorkspaceId(u"ws-1"_s)));
    QVERIFY2(plan, why(plan));
    Operation *operation = *desk.runner->start(*plan);
    QVERIFY(desk.untilOver(operation));
    QCOMPARE(operation->state(), RunState::Finished);
    QVERIFY(operation->run().certificate);
    QCOMPARE(desk.system.world.events.size(), 1);
    QCOMPARE(desk.system.world.snapshots.size(), 1);
}

void TestRevoke::aFailedSnapshotStopsBeforeDestruction()
{
    Desk desk(1);
    desk.system.world.snapshotsComplete = false;
    const auto plan = desk.plan(Targets::one(WorkspaceId(u"ws-1"_s)));
    Operation *operation = *desk.runner->start(*plan);
    QVERIFY(desk.until([&] { return desk.system.world.snapshots.size() == 1; }));
    desk.system.world.snapshots.first().failure = u"no space left"_s;
    QVERIFY(desk.until([&] { return operation->state() == RunState::Stopped; }));
    QVERIFY(desk.system.world.find(WorkspaceId(u"ws-1"_s))->runtime.exists);
    QCOMPARE(desk.system.runtime.script.count(u"terminate"_s), 0);
    // Trying again takes another snapshot, not the broken one.
    desk.system.world.snapshotsComplete = true;
    operation->retryNow();
    QVERIFY(desk.untilOver(operation));
    QCOMPARE(desk.system.world.snapshots.size(), 2);
    QVERIFY(operation->run().certificate);
}

void TestRevoke::theLogHoldsTheDigests()
{
    Desk desk(1);
    const auto plan = desk.plan(Targets::one(WorkspaceId(u"ws-1"_s)));
    Operation *operation = *desk.runner->start(*plan);
    bool destroyedBeforeLogged = false;
    desk.system.runtime.script.onCall = [&](const Call &call) { destroyedBeforeLogged |= call.name == u"terminate"_s && desk.system.world.events.isEmpty(); };
    QVERIFY(desk.untilOver(operation));
    QVERIFY(!destroyedBeforeLogged);
    const AuditEvent &event = desk.system.world.events.first();
    QCOMPARE(event.action, u"workspace.revoke"_s);
    QCOMPARE(event.reason.inert(), u"INC-0147, credential misuse"_s);
    const QString detail = event.detail.inert();
    const Snapshot snapshot = desk.system.world.snapshots.first();
    QVERIFY(detail.contains(snapshot.manifestSha256) && detail.contains(snapshot.archiveSha256) && detail.contains(plan->id.value));
}

void TestRevoke::anotherOperationsEntryIsNoProof()
{
    Desk desk(1);
    const auto plan = desk.plan(Targets::one(WorkspaceId(u"ws-1"_s)));
    QVERIFY2(plan, why(plan));
    Operation *operation = *desk.runner->start(*plan);
    QVERIFY(desk.untilOver(operation));
    for (qsizetype i = 0; i < operation->plan().probes.size(); ++i) {
        if (operation->plan().probes.at(i).kind == ProbeKind::AuditEntry)
            QCOMPARE(resolved(operation->run(), int(i)).expected, u"workspace.revoke "_s + plan->id.value);
    }
    // The same action about the same workspace, of another operation: neither the step nor the probe takes it for its own.
    const auto again = desk.plan(Targets::one(WorkspaceId(u"ws-1"_s)));
    QVERIFY2(again, why(again));
    Action *log = desk.actions->find(u"log"_s);
    const auto step = std::find_if(again->steps.cbegin(), again->steps.cend(), [](const Step &one) { return one.verb == u"log"_s; });
    QVERIFY(step != again->steps.cend());
    const qint64 index = desk.system.world.events.size() - 1;
    const auto entry = std::find_if(desk.system.world.events.cbegin(), desk.system.world.events.cend(),
                                    [](const AuditEvent &event) { return event.detail.raw().contains(u"archiveSha256"_s); });
    QVERIFY(entry != desk.system.world.events.cend() && index >= 0);
    Context context{*again, true, {{u"event"_s, entry->index}}, {}};
    const auto seen = await(log->observe(*step, context));
    QVERIFY(!seen);
    QCOMPARE(seen.error().code, Error::Code::Protocol);
    Context own{operation->plan(), true, {{u"event"_s, entry->index}}, {}};
    const auto mine = await(log->observe(*step, own));
    QVERIFY2(mine, why(mine));
    QVERIFY(mine->done);
}

void TestRevoke::aConnectionThatGoesEndsThePlanning()
{
    Desk desk(3);
    auto connection = std::make_unique<QObject>();
    System system = desk.system.system();
    system.owner = connection.get();
    desk.options.parallelism = 1; // so that much remains to be asked
    const Reply<Plan> planning = planRevoke(system, Targets::all({}), u"because"_s, desk.options);
    const Reply<Plan> one = planOneStep(system, OneStep::Freeze, Targets::all({}), u"because"_s, desk.options);
    connection.reset();
    qsizetype asked = desk.system.runtime.script.calls().size();
    for (const Reply<Plan> &reply : {planning, one}) {
        const auto plan = await(reply);
        QVERIFY(!plan);
        QCOMPARE(plan.error().code, Error::Code::Cancelled);
    }
    // Not one more call goes to ports that are gone.
    QCOMPARE(desk.system.runtime.script.calls().size(), asked);
}

void TestRevoke::whoStartedItIsWhoAnswersForIt()
{
    Desk desk(1);
    const auto plan = desk.plan(Targets::one(WorkspaceId(u"ws-1"_s)));
    QVERIFY2(plan, why(plan));
    Operation *operation = *desk.runner->start(*plan);
    const Principal starter = desk.system.world.self;
    QCOMPARE(operation->run().startedBy.id, starter.id);
    // Another operator's key comes before it ends.
    const auto authority = crypto::CertificateAuthority::create(u"other"_s, desk.system.world.clock);
    Principal other = starter;
    other.id = PrincipalId(u"somebody.else"_s);
    other.name = Untrusted(u"Somebody Else"_s);
    desk.certifier.setOperator(other, authority.issueClient(other.id.value, u"Somebody Else"_s, {desk.system.world.clock}));
    QVERIFY(desk.until([operation] { return operation->state() == RunState::Stopped; }));
    QVERIFY(!operation->run().certificate);
    QVERIFY(!operation->run().certificateRefused.isEmpty());
    QCOMPARE(desk.certifier.record(operation->run()).operatorId, starter.id);
    QCOMPARE(desk.certifier.record(operation->run()).operatorName.raw(), starter.name.raw());
}

void TestRevoke::anotherWorkspaceUnderTheNameIsLeftAlone()
{
    Desk desk(1);
    desk.system.world.find(WorkspaceId(u"ws-1"_s))->workspace.created = desk.system.world.clock.now();
    const auto plan = desk.plan(Targets::one(WorkspaceId(u"ws-1"_s)));
    desk.system.world.find(WorkspaceId(u"ws-1"_s))->workspace.created = desk.system.world.clock.now() + std::chrono::hours(1);
    Operation *operation = *desk.runner->start(*plan);
    QVERIFY(desk.until([&] { return operation->state() == RunState::Stopped; }));
    QVERIFY(desk.system.world.find(WorkspaceId(u"ws-1"_s))->runtime.exists);
    QCOMPARE(desk.system.runtime.script.count(u"terminate"_s), 0);
}

void TestRevoke::cancelRejoinsTheNetwork()
{
    Desk desk(1);
    desk.system.world.snapshotsComplete = false;
    const auto plan = desk.plan(Targets::one(WorkspaceId(u"ws-1"_s)));
    Operation *operation = *desk.runner->start(*plan);
    QVERIFY(desk.until([&] { return desk.system.world.snapshots.size() == 1; }));
    QVERIFY(desk.system.world.find(WorkspaceId(u"ws-1"_s))->runtime.isolated);
    operation->cancel();
    QVERIFY(desk.untilOver(operation));
    QCOMPARE(operation->state(), RunState::Cancelled);
    QVERIFY(!desk.system.world.find(WorkspaceId(u"ws-1"_s))->runtime.isolated);
    QVERIFY(desk.system.world.find(WorkspaceId(u"ws-1"_s))->runtime.exists);
}

void TestRevoke::aThousandAreRevoked()
{
    Desk desk(1000);
    desk.environment.timers = &Timers::system();
    desk.runner = std::make_unique<Runner>(desk.environment);
    const auto plan = desk.plan(Targets::all(Query{}));
    QVERIFY2(plan, why(plan));
    QCOMPARE(plan->workspaces.size(), 1000);
    Operation *operation = *desk.runner->start(*plan);
    QSignalSpy changed(operation, &Operation::stateChanged);
    QVERIFY(changed.wait(100'000));
    QCOMPARE(operation->state(), RunState::Finished);
    QVERIFY2(operation->run().certificate, qPrintable(operation->run().certificateRefused));
    // Economy: what a workspace costs, planning included. (The secrets are the observers' to share.)
    const qsizetype calls = desk.system.control.script.calls().size() + desk.system.runtime.script.calls().size()
        + desk.system.broker.script.calls().size() + desk.system.audit.script.calls().size();
    QVERIFY2(calls < 1000 * 32, qPrintable(QString::number(calls)));
}

QTEST_GUILESS_MAIN(TestRevoke)
#include "tst_revoke.moc"
