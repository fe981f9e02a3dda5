// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/response/actions.h"
#include "models/response/revoke.h"
#include "tests/models/operation/scripted.h"
#include "tests/support/fakeports.h"

#include <QtTest/QTest>

using namespace parapet;
using namespace parapet::operation;
using namespace parapet::response;
using namespace parapet::support;
using namespace Qt::StringLiterals;

using Seen = std::function<bool(const FakeWorkspace &)>;
Q_DECLARE_METATYPE(Seen)
Q_DECLARE_METATYPE(parapet::response::OneStep)

class TestOneStep : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eachIsDoneAndSeen_data();
    void eachIsDoneAndSeen();
    void eachSaysWhenItIsNotPossible();
    void whatDoesNotRunIsNotFrozen();
};

void TestOneStep::eachIsDoneAndSeen_data()
{
    QTest::addColumn<OneStep>("what");
    QTest::addColumn<Seen>("before");
    QTest::addColumn<Seen>("after");
    const auto row = [](const char *name, OneStep what, Seen before, Seen after) { QTest::newRow(name) << what << before << after; };
    const auto frozen = [](bool is) -> Seen { return [is](const FakeWorkspace &w) { return w.runtime.frozen == is; }; };
    const auto isolated = [](bool is) -> Seen { return [is](const FakeWorkspace &w) { return w.runtime.isolated == is; }; };
    const auto paused = [](bool is) -> Seen { return [is](const FakeWorkspace &w) { return w.runtime.agentPaused == is; }; };
    const Seen any = [](const FakeWorkspace &) { return true; };
    row("freeze", OneStep::Freeze, frozen(false), frozen(true));
    row("thaw", OneStep::Thaw, any, frozen(false));
    row("isolate", OneStep::Isolate, isolated(false), isolated(true));
    row("rejoin", OneStep::Rejoin, any, isolated(false));
    row("pause agent", OneStep::PauseAgent, paused(false), paused(true));
    row("resume agent", OneStep::ResumeAgent, any, paused(false));
    row("snapshot", OneStep::Snapshot, any, [](const FakeWorkspace &w) { return w.runtime.exists; });
    row("stop", OneStep::Stop, any, [](const FakeWorkspace &w) { return w.workspace.state == WorkspaceState::Stopped; });
}

void TestOneStep::eachIsDoneAndSeen()
{
    QFETCH(OneStep, what);
    QFETCH(Seen, before);
    QFETCH(Seen, after);
    FakeSystem system(3);
    QTemporaryDir folder;
    ManualTimers timers(system.world.clock);
    const auto actions = actionsFor(system.system());
    Environment environment;
    environment.folder = folder.path();
    environment.actions = actions.get();
    environment.clock = &system.world.clock;
    environment.timers = &timers;
    Runner runner(environment);
    QVERIFY(before(*system.world.find(WorkspaceId(u"ws-1"_s))));
    const auto plan = await(planOneStep(system.system(), what, Targets::these({WorkspaceId(u"ws-1"_s), WorkspaceId(u"ws-2"_s)}), u"a test"_s));
    QVERIFY2(plan, why(plan));
    QVERIFY(!plan->title.isEmpty() && !plan->title.contains(u'%'));
    QCOMPARE(plan->feature, verbOf(what));
    QVERIFY(!plan->certified);
    Operation *operation = *runner.start(*plan);
    QVERIFY(turnUntil(timers, [&] { return operation->isOver(); }));
    QCOMPARE(operation->state(), RunState::Finished);
    QVERIFY(after(*system.world.find(WorkspaceId(u"ws-1"_s))));
    QVERIFY(after(*system.world.find(WorkspaceId(u"ws-2"_s))));
    QCOMPARE(operation->summary().stepsObserved, 2);
}

void TestOneStep::eachSaysWhenItIsNotPossible()
{
    FakeSystem system(1);
    system.runtime.capabilities.insert(u"freeze"_s, Capability::absent(u"no cgroups"_s));
    const auto plan = await(planOneStep(system.system(), OneStep::Freeze, Targets::one(WorkspaceId(u"ws-1"_s)), {}));
    QVERIFY(!plan);
    QVERIFY2(plan.error().message.contains(u"no cgroups"_s), qPrintable(plan.error().message));
    System withoutRuntime = system.system();
    withoutRuntime.runtime = nullptr;
    QVERIFY(!await(planOneStep(withoutRuntime, OneStep::Isolate, Targets::one(WorkspaceId(u"ws-1"_s)), {})));
}

void TestOneStep::whatDoesNotRunIsNotFrozen()
{
    FakeSystem system(1);
    QTemporaryDir folder;
    const auto actions = actionsFor(system.system());
    Environment environment;
    environment.folder = folder.path();
    environment.actions = actions.get();
    Runner runner(environment);
    const auto plan = await(planOneStep(system.system(), OneStep::Freeze, Targets::one(WorkspaceId(u"ws-1"_s)), {}));
    system.world.find(WorkspaceId(u"ws-1"_s))->runtime.exists = false;
    Operation *operation = *runner.start(*plan);
    QTRY_COMPARE(operation->state(), RunState::Stopped);
    QVERIFY(operation->run().steps.first().error->code == Error::Code::Conflict);
    QCOMPARE(system.runtime.script.count(u"setFrozen"_s), 0);
}

QTEST_GUILESS_MAIN(TestOneStep)
#include "tst_onestep.moc"
