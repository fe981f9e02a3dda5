// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/control/authority.h"
#include "app/plane/world/meridian.h"
#include "app/plane/world/simulated.h"
#include "app/plane/world/world.h"
#include "models/core/json.h"
#include "models/wire/codec.h"

#include <QtCore/QSet>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace parapet;
using namespace parapet::plane;

namespace {

class StandingClock final : public Clock
{
public:
    Instant now() const override { return Instant(std::chrono::seconds{1773754891}); }
};

struct Made {
    QTemporaryDir folder;
    StandingClock clock;
    std::unique_ptr<Store> store;
    crypto::SecretBox box = std::move(*crypto::SecretBox::fromKey(QByteArray(32, 'k')));
    std::unique_ptr<Broker> broker;

    explicit Made(const WorldOptions &options, int fleet = 0)
    {
        Store::Options opened;
        opened.path = folder.filePath(u"plane.sqlite"_s);
        opened.clock = &clock;
        store = std::move(*Store::open(opened));
        broker = std::make_unique<Broker>(*store, box);
        if (!createWorld(*store, options) || !createFleet(*store, *broker, fleet, options.seed))
            store.reset();
    }
    QByteArray rows() const
    {
        QByteArray all;
        for (const auto &row : store->state().workspaces.rows())
            all += row->json() + '\n';
        for (const auto &row : store->state().principals.rows())
            all += row->json() + '\n';
        return all;
    }
};

} // namespace

class TestWorld : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isWhatItPromises();
    void isTheSameFromTheSameSeed();
    void isMadeOnce();
    void everyoneFits();
    void peopleMayWorkInTheirProjects();
    void fleetGrowsAndStaysTheSame();
    void historyIsADay();
    void theEmptyWorldHasAnOperator();
    void simulatedRuntimeFollowsItsRow();
};

void TestWorld::isWhatItPromises()
{
    Made made({u"meridian"_s, 1, true});
    QVERIFY(made.store);
    const State &state = made.store->state();
    QCOMPARE(state.workspaces.size(), 24);
    qint64 meantToRun = 0, people = 0, agents = 0;
    QSet<QString> teams;
    for (const auto &row : state.workspaces.rows())
        meantToRun += state.intents.value(row->value().id.value).run;
    for (const auto &row : state.principals.rows()) {
        people += row->value().kind == ActorKind::Human;
        agents += row->value().kind == ActorKind::Agent;
        if (row->value().kind == ActorKind::Human)
            teams.insert(row->value().team);
    }
    QCOMPARE(meantToRun, 12);
    QCOMPARE(people, 60);
    QVERIFY(agents >= 8);
    QCOMPARE(teams.size(), 8);
    QCOMPARE(state.targets.size(), 8);
}

void TestWorld::isTheSameFromTheSameSeed()
{
    const QByteArray one = Made({u"meridian"_s, 7, false}, 50).rows();
    QCOMPARE(Made({u"meridian"_s, 7, false}, 50).rows(), one);
    QVERIFY(Made({u"meridian"_s, 8, false}, 50).rows() != one);
}

void TestWorld::isMadeOnce()
{
    Made made({u"meridian"_s, 1, false});
    const QByteArray rows = made.rows();
    QVERIFY(createWorld(*made.store, {u"meridian"_s, 99, true}));
    QCOMPARE(made.rows(), rows);
}

void TestWorld::everyoneFits()
{
    QSet<QString> people, agents, targets;
    for (const MeridianPerson &person : meridianPeople())
        people.insert(QString::fromUtf8(person.id));
    QCOMPARE(people.size(), qsizetype(meridianPeople().size()));
    for (const MeridianAgent &agent : meridianAgents()) {
        agents.insert(QString::fromUtf8(agent.id));
        QVERIFY2(people.contains(QString::fromUtf8(agent.actsFor)), agent.id);
    }
    for (const MeridianTarget &target : meridianTargets())
        targets.insert(QString::fromUtf8(target.name));
    for (const MeridianWorkspace &row : meridianWorkspaces()) {
        QVERIFY(isIdentifier(QString::fromUtf8(row.id)));
        QVERIFY2(people.contains(QString::fromUtf8(row.owner)), row.id);
        QVERIFY2(!row.agent[0] || agents.contains(QString::fromUtf8(row.agent)), row.id);
        for (const QString &wish : QString::fromUtf8(row.leases).split(u' '))
            QVERIFY2(targets.contains(wish.section(u'@', 1)), row.id);
    }
}

void TestWorld::peopleMayWorkInTheirProjects()
{
    Made made({u"meridian"_s, 1, false});
    const State &state = made.store->state();
    const Workspace payments = state.workspaces.find(u"ws-payments-api-7f3"_s)->value();
    const Workspace ledger = state.workspaces.find(u"ws-ledger-core-21c"_s)->value();
    const PrincipalId tomasz(u"tomasz.wilk"_s);
    QVERIFY(state.authority->allows(tomasz, u"workspace:read"_s, &payments));
    QVERIFY(!state.authority->allows(tomasz, u"workspace:read"_s, &ledger));
    QVERIFY(!state.authority->allows(tomasz, u"workspace:revoke"_s, &payments));
    QVERIFY(state.authority->allows(firstOperator(u"meridian"_s), u"workspace:revoke"_s, &ledger));
    QVERIFY(!state.authority->allows(PrincipalId(u"nobody"_s), u"workspace:read"_s, &payments));
}

void TestWorld::fleetGrowsAndStaysTheSame()
{
    Made made({u"meridian"_s, 1, false}, 30);
    const State &state = made.store->state();
    const QByteArray first = state.workspaces.find(u"sim-000007"_s)->json();
    QVERIFY(createFleet(*made.store, *made.broker, 80, 1));
    QCOMPARE(state.workspaces.size(), 24 + 80);
    QCOMPARE(state.workspaces.find(u"sim-000007"_s)->json(), first);
    QVERIFY(createFleet(*made.store, *made.broker, 10, 1)); // never fewer
    QCOMPARE(state.workspaces.size(), 24 + 80);
    for (const auto &row : state.workspaces.rows()) {
        const Workspace &workspace = row->value();
        if (!workspace.simulated)
            continue;
        QCOMPARE(qint64(state.sessionsOf.value(workspace.id.value).size()), workspace.sessions);
        QCOMPARE(qint64(state.leasesOf.value(workspace.id.value).size()), workspace.leases);
    }
}

void TestWorld::historyIsADay()
{
    const Instant now{std::chrono::seconds{1773754891}};
    const QVector<AuditEvent> events = worldHistory(1, now);
    QVERIFY(events.size() > 2000 && events.size() < 12000);
    qint64 agents = 0;
    for (qsizetype i = 0; i < events.size(); ++i) {
        QVERIFY(events[i].time <= now && events[i].time >= now - std::chrono::hours(24) - std::chrono::minutes(1));
        QVERIFY(i == 0 || events[i].time >= events[i - 1].time);
        QCOMPARE(events[i].origin, u"world"_s);
        agents += events[i].actorKind == ActorKind::Agent;
    }
    QVERIFY(agents > events.size() / 5 && agents < events.size() * 4 / 5);
}

void TestWorld::theEmptyWorldHasAnOperator()
{
    Made made({u"empty"_s, 1, true}, 5);
    const State &state = made.store->state();
    QCOMPARE(state.principals.size(), 2 + std::count_if(state.principals.rows().begin(), state.principals.rows().end(),
                                                       [](const auto &row) { return row->value().kind == ActorKind::Agent; }));
    QCOMPARE(state.workspaces.size(), 5);
    QVERIFY(state.authority->allows(PrincipalId(u"operator"_s), u"workspace:revoke"_s));
}

void TestWorld::simulatedRuntimeFollowsItsRow()
{
    Workspace row;
    row.id = WorkspaceId(u"sim-000001"_s);
    row.simulated = true;
    row.state = WorkspaceState::Running;
    row.agents = 1;
    const Instant now{std::chrono::seconds{1773754891}};
    RuntimeState state = simulatedState(row, now);
    QVERIFY(state.exists && state.simulated && state.processes > 0 && state.rootPid > 0 && state.openFlows > 0);
    row.isolated = true;
    QCOMPARE(simulatedState(row, now).openFlows, 0);
    row.state = WorkspaceState::Frozen;
    QVERIFY(simulatedState(row, now).frozen);
    for (const Process &process : simulatedProcesses(row))
        QCOMPARE(process.cpu, 0.0);
    row.state = WorkspaceState::Revoked;
    state = simulatedState(row, now);
    QVERIFY(!state.exists && !state.networkPresent && state.rootPid == 0);
    QVERIFY(simulatedProcesses(row).isEmpty() && simulatedFlows(row).isEmpty());
    const SimulatedEvidence evidence = simulatedEvidence(row.id, SnapshotId(u"snap-1"_s), now);
    QCOMPARE(evidence.archive.size() % 512, 0);
    QCOMPARE(evidence.archive, simulatedEvidence(row.id, SnapshotId(u"snap-1"_s), now).archive);
}

QTEST_GUILESS_MAIN(TestWorld)
#include "tst_world.moc"
