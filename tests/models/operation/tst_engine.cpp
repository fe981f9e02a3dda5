// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/operation/journal.h"
#include "models/core/json.h"
#include "tests/models/operation/scripted.h"

#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace parapet;
using namespace parapet::operation;
using namespace parapet::support;
using namespace Qt::StringLiterals;

using Arrange = std::function<void(Bench &, Plan &)>;
using Assert = std::function<void(Bench &, Operation &)>;
Q_DECLARE_METATYPE(Arrange)
Q_DECLARE_METATYPE(Assert)

namespace {

StepState stateOf(const Operation &operation, const QString &step)
{
    return operation.run().steps[operation.run().rowOf.value(step)].state;
}

const StepRun &runOf(const Operation &operation, const QString &step)
{
    return operation.run().steps[operation.run().rowOf.value(step)];
}

/// Whether the journal on disk says that a key was asked for.
bool isJournaled(const QString &path, const QString &key)
{
    const auto records = AppendFile::read(path);
    if (!records)
        return false;
    for (const QByteArray &record : *records) {
        if (record.contains(key.toUtf8()))
            return true;
    }
    return false;
}

} // namespace

class TestEngine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void runsEndWell_data();
    void runsEndWell();
    void runsStandStill_data();
    void runsStandStill();
    void nothingIsAskedBeforeItIsJournaled();
    void chainsRunSideBySideWithinTheBound();
    void survivorsStayNamedAndAreTriedAgain();
    void aFailedStepIsTriedAgainUnderAnotherKey();
    void hintsMakeItLookAtOnce();
    void pauseStartsNothing();
    void cancelTakesBackInReverse();
    void cancelLeavesWhatWasFound();
    void cancelLetsDestructionEnd();
    void signalsComeBatched();
    void theRunnerRefusesWhatItCannotRun();
    void foundProbesAreTriedToo();
};

void TestEngine::runsEndWell_data()
{
    QTest::addColumn<Arrange>("arrange");
    QTest::addColumn<QString>("requests");
    const auto row = [](const char *name, Arrange arrange, const QString &requests) { QTest::newRow(name) << arrange << requests; };
    const QString all = u"cut keep kill end"_s;
    row("plain", [](Bench &, Plan &) {}, all);
    row("found done", [](Bench &b, Plan &) { b.world.facts.insert(u"cut ws-1"_s); }, u"keep kill end"_s);
    row("all found done", [](Bench &b, Plan &) { b.world.facts = {u"cut ws-1"_s, u"keep ws-1"_s, u"kill ws-1"_s, u"end ws-1"_s}; }, QString());
    row("transient request", [](Bench &b, Plan &) { b.world.requestErrors[u"kill.ws-1"_s] = {transientError(), transientError()}; }, u"cut keep kill kill kill end"_s);
    row("lost answer", [](Bench &b, Plan &) { b.world.lostAnswers[u"kill.ws-1"_s] = {transientError()}; }, all);
    row("refused but so", [](Bench &b, Plan &) { b.world.lostAnswers[u"kill.ws-1"_s] = {finalError()}; }, all);
    row("transient look", [](Bench &b, Plan &) { b.world.lookErrors[u"keep.ws-1"_s] = {transientError(), transientError()}; }, all);
    row("same identity", [](Bench &b, Plan &p) { p.steps[2].targetIdentity = u"boot/7@9"_s; b.world.identity[u"ws-1"_s] = u"boot/7@9"_s; }, all);
    row("identity not told", [](Bench &, Plan &p) { p.steps[2].targetIdentity = u"boot/7@9"_s; }, all);
    row("evidence skipped", [](Bench &, Plan &p) { p.evidenceOverride = u"the host is on fire"_s; }, u"cut kill end"_s);
}

void TestEngine::runsEndWell()
{
    QFETCH(Arrange, arrange);
    QFETCH(QString, requests);
    Bench bench;
    Plan plan = scriptedPlan();
    arrange(bench, plan);
    const auto started = bench.runner->start(plan);
    QVERIFY2(started, why(started));
    Operation *operation = *started;
    QVERIFY(bench.untilOver(operation));
    QCOMPARE(operation->state(), RunState::Finished);
    QStringList verbs;
    for (const QString &step : std::as_const(bench.world.requests))
        verbs.append(step.section(u'.', 0, 0));
    QCOMPARE(verbs.join(u' '), requests);
    for (const int effects : std::as_const(bench.world.effects))
        QCOMPARE(effects, 1);
    QVERIFY(operation->run().certificate);
    QFile certificate(operation->run().certificate->path);
    QVERIFY(certificate.open(QIODevice::ReadOnly));
    QCOMPARE(certificate.readAll(), operation->run().certificate->envelope);
    QCOMPARE(operation->run().journalPath, journalPath(bench.folder.path(), plan.id));
    QVERIFY(QFile::exists(operation->run().journalPath));
    QVERIFY(!QFile::exists(runningPath(bench.folder.path(), plan.id)));
    const Summary sum = operation->summary();
    QCOMPARE(sum.hold, sum.probes);
    QCOMPARE(sum.stepsObserved + sum.stepsSkipped, 4);
    QCOMPARE(sum.stepsSkipped, plan.evidenceOverride.isEmpty() ? 0 : 1);
}

void TestEngine::runsStandStill_data()
{
    QTest::addColumn<Arrange>("arrange");
    QTest::addColumn<Assert>("expect");
    const auto row = [](const char *name, Arrange arrange, Assert expect) { QTest::newRow(name) << arrange << expect; };
    row("refused", [](Bench &b, Plan &) { b.world.requestErrors[u"kill.ws-1"_s] = {finalError()}; }, [](Bench &b, Operation &o) {
        QCOMPARE(stateOf(o, u"kill.ws-1"_s), StepState::Failed);
        QCOMPARE(runOf(o, u"kill.ws-1"_s).error->message, u"You may not."_s);
        QCOMPARE(stateOf(o, u"end.ws-1"_s), StepState::Waiting);
        QVERIFY(b.observer.attempts.isEmpty());
    });
    row("one chain of two", [](Bench &b, Plan &p) {
        p = scriptedPlan({u"ws-1"_s, u"ws-2"_s});
        b.world.requestErrors[u"cut.ws-1"_s] = {finalError()};
    }, [](Bench &b, Operation &o) {
        QCOMPARE(stateOf(o, u"cut.ws-1"_s), StepState::Failed);
        QCOMPARE(stateOf(o, u"end.ws-2"_s), StepState::Observed);
        QVERIFY(b.observer.attempts.contains(u"lease-ws-2"_s) && !b.observer.attempts.contains(u"lease-ws-1"_s));
    });
    row("another identity", [](Bench &b, Plan &p) {
        p.steps[2].targetIdentity = u"boot/7@9"_s;
        b.world.identity[u"ws-1"_s] = u"boot/8@11"_s;
    }, [](Bench &b, Operation &o) {
        QCOMPARE(stateOf(o, u"kill.ws-1"_s), StepState::Failed);
        QVERIFY(runOf(o, u"kill.ws-1"_s).error->code == Error::Code::Conflict);
        QVERIFY(!b.world.requests.contains(u"kill.ws-1"_s));
        QVERIFY(!b.world.facts.contains(u"kill ws-1"_s));
    });
    row("cannot be looked at", [](Bench &b, Plan &) { b.world.lookErrors[u"keep.ws-1"_s] = {finalError()}; }, [](Bench &b, Operation &o) {
        QCOMPARE(stateOf(o, u"keep.ws-1"_s), StepState::Failed);
        QVERIFY(!b.world.requests.contains(u"keep.ws-1"_s) && !b.world.requests.contains(u"kill.ws-1"_s));
    });
    row("nobody can try it", [](Bench &, Plan &p) { p.probes[0].kind = ProbeKind::NetworkFlow; }, [](Bench &, Operation &o) {
        QCOMPARE(o.run().probes[0].verdict, Verdict::Unknown);
        QVERIFY(!o.run().certificate);
        QCOMPARE(survivors(o.run()).size(), 1);
    });
    row("no key", [](Bench &b, Plan &) { b.certifier.name.clear(); }, [](Bench &b, Operation &o) {
        QVERIFY(!o.run().certificateRefused.isEmpty());
        QCOMPARE(b.certifier.issued, 0);
    });
    row("not signed", [](Bench &b, Plan &) { b.certifier.refusal = finalError(); }, [](Bench &b, Operation &o) {
        QCOMPARE(o.run().certificateRefused, u"You may not."_s);
        b.certifier.refusal.reset();
        o.signNow();
        QVERIFY(b.untilOver(&o));
        QVERIFY(o.run().certificate);
    });
}

void TestEngine::runsStandStill()
{
    QFETCH(Arrange, arrange);
    QFETCH(Assert, expect);
    Bench bench;
    Plan plan = scriptedPlan();
    arrange(bench, plan);
    const auto started = bench.runner->start(plan);
    QVERIFY2(started, why(started));
    QVERIFY(bench.until([&] { return (*started)->state() == RunState::Stopped; }));
    expect(bench, **started);
}

void TestEngine::nothingIsAskedBeforeItIsJournaled()
{
    Bench bench;
    const Plan plan = scriptedPlan({u"ws-1"_s, u"ws-2"_s});
    const QString path = runningPath(bench.folder.path(), plan.id);
    int asked = 0;
    bench.world.onRequest = [&](const Step &, const QString &key) {
        ++asked;
        QVERIFY2(isJournaled(path, key), qPrintable(key));
    };
    Operation *operation = *bench.runner->start(plan);
    QVERIFY(bench.untilOver(operation));
    QCOMPARE(asked, 8);
}

void TestEngine::chainsRunSideBySideWithinTheBound()
{
    Bench bench;
    bench.environment.parallelism = 5;
    bench.restart();
    QStringList workspaces;
    for (int i = 0; i < 23; ++i)
        workspaces.append(u"ws-%1"_s.arg(i));
    bench.world.holding = true;
    Operation *operation = *bench.runner->start(scriptedPlan(workspaces));
    QVERIFY(bench.until([&] { return bench.world.held.size() == 5; }));
    QVERIFY(bench.until([&] {
        if (!bench.world.held.empty())
            bench.world.releaseOne();
        return operation->isOver();
    }));
    QCOMPARE(bench.world.mostUnderWay, 5);
    // Breadth first: the last network is cut before the first process is killed.
    QVERIFY(bench.world.requests.indexOf(u"cut.ws-22"_s) < bench.world.requests.indexOf(u"kill.ws-0"_s));
}

void TestEngine::survivorsStayNamedAndAreTriedAgain()
{
    Bench bench;
    bench.world.survivors.insert(u"lease-ws-1"_s);
    Operation *operation = *bench.runner->start(scriptedPlan());
    QVERIFY(bench.until([&] { return operation->run().probes[0].tries >= 4 && isKnown(operation->nextTry()); }));
    QCOMPARE(operation->state(), RunState::Running);
    QVERIFY(!operation->run().certificate);
    QCOMPARE(bench.certifier.issued, 0);
    const QStringList names = survivors(operation->run());
    QCOMPARE(names.size(), 1);
    QVERIFY2(names[0].contains(u"db of ws-1"_s) && names[0].contains(u"target"_s), qPrintable(names[0]));
    QVERIFY(isKnown(operation->nextTry()));
    bench.world.survivors.clear();
    const int before = operation->run().probes[0].tries;
    operation->retryNow();
    QVERIFY(bench.untilOver(operation));
    QCOMPARE(operation->run().probes[0].tries, before + 1);
    QCOMPARE(operation->state(), RunState::Finished);
    // A survivor that is tried again and again does not fill the journal.
    const auto records = AppendFile::read(operation->run().journalPath);
    QVERIFY(records);
    QCOMPARE(QByteArray(records->join(' ')).count("\"probe\":0"), 2);
}

void TestEngine::aFailedStepIsTriedAgainUnderAnotherKey()
{
    Bench bench;
    bench.world.requestErrors[u"kill.ws-1"_s] = {finalError()};
    const Plan plan = scriptedPlan();
    Operation *operation = *bench.runner->start(plan);
    QVERIFY(bench.until([&] { return operation->state() == RunState::Stopped; }));
    operation->retryNow();
    QVERIFY(bench.untilOver(operation));
    QCOMPARE(operation->state(), RunState::Finished);
    QCOMPARE(bench.world.arrivals.value(idempotencyKey(plan.id, u"kill.ws-1"_s)), 1);
    QCOMPARE(bench.world.arrivals.value(idempotencyKey(plan.id, u"kill.ws-1"_s, false, 1)), 1);
}

void TestEngine::hintsMakeItLookAtOnce()
{
    Bench bench;
    bench.world.invisible.insert(u"keep.ws-1"_s);
    Operation *operation = *bench.runner->start(scriptedPlan());
    QVERIFY(bench.until([&] { return runOf(*operation, u"keep.ws-1"_s).state == StepState::Requested && isKnown(operation->nextTry()); }));
    // It waits for seconds now; the hint is heard within a hundredth of one.
    bench.world.invisible.clear();
    operation->hint(WorkspaceId(u"ws-1"_s));
    bench.timers->advance(Milliseconds(10));
    QTRY_COMPARE(stateOf(*operation, u"keep.ws-1"_s), StepState::Observed);
    QVERIFY(bench.untilOver(operation));
    QCOMPARE(bench.world.requests.count(u"keep.ws-1"_s), 1);
}

void TestEngine::pauseStartsNothing()
{
    Bench bench;
    bench.world.holding = true;
    Operation *operation = *bench.runner->start(scriptedPlan());
    QVERIFY(bench.until([&] { return bench.world.held.size() == 1; }));
    operation->pause();
    QCOMPARE(operation->state(), RunState::Paused);
    bench.world.releaseOne();
    QTRY_COMPARE(stateOf(*operation, u"cut.ws-1"_s), StepState::Observed);
    for (int i = 0; i < 20; ++i) {
        bench.timers->advance(Milliseconds(1'000));
        QCoreApplication::sendPostedEvents();
    }
    QCOMPARE(bench.world.requests.size(), 1);
    bench.world.holding = false;
    operation->resume();
    QVERIFY(bench.untilOver(operation));
    QCOMPARE(operation->state(), RunState::Finished);
}

void TestEngine::cancelTakesBackInReverse()
{
    Bench bench;
    Plan plan = scriptedPlan();
    plan.steps.insert(1, scriptedStep(u"ws-1"_s, u"cut"_s, {u"cut"_s}));
    plan.steps[1].id = u"cut2.ws-1"_s;
    plan.steps[1].target = u"gateway-1"_s;
    plan.steps[2].after = {u"cut2.ws-1"_s};
    bench.world.invisible.insert(u"keep.ws-1"_s);
    Operation *operation = *bench.runner->start(plan);
    QVERIFY(bench.until([&] { return runOf(*operation, u"keep.ws-1"_s).state == StepState::Requested; }));
    QVERIFY(operation->canCancel());
    operation->cancel();
    bench.world.invisible.clear();
    QVERIFY(bench.untilOver(operation));
    QCOMPARE(operation->state(), RunState::Cancelled);
    QCOMPARE(bench.world.requests.mid(3), (QStringList{u"cut2.ws-1.undo"_s, u"cut.ws-1.undo"_s}));
    QCOMPARE(stateOf(*operation, u"cut.ws-1"_s), StepState::Undone);
    QCOMPARE(stateOf(*operation, u"kill.ws-1"_s), StepState::Skipped);
    QVERIFY(!bench.world.facts.contains(u"cut ws-1"_s));
    QVERIFY(!bench.world.facts.contains(u"kill ws-1"_s));
    QVERIFY(!operation->run().certificate);
}

void TestEngine::cancelLeavesWhatWasFound()
{
    Bench bench;
    bench.world.facts.insert(u"cut ws-1"_s);
    bench.world.invisible.insert(u"keep.ws-1"_s);
    Operation *operation = *bench.runner->start(scriptedPlan());
    QVERIFY(bench.until([&] { return runOf(*operation, u"keep.ws-1"_s).state == StepState::Requested; }));
    operation->cancel();
    QVERIFY(bench.untilOver(operation));
    QVERIFY(bench.world.facts.contains(u"cut ws-1"_s));
    QCOMPARE(stateOf(*operation, u"cut.ws-1"_s), StepState::Observed);
}

void TestEngine::cancelLetsDestructionEnd()
{
    Bench bench;
    bench.world.invisible = {u"kill.ws-1"_s, u"keep.ws-2"_s};
    Operation *operation = *bench.runner->start(scriptedPlan({u"ws-1"_s, u"ws-2"_s}));
    QVERIFY(bench.until([&] { return bench.world.requests.contains(u"kill.ws-1"_s) && bench.world.requests.contains(u"keep.ws-2"_s); }));
    operation->cancel();
    bench.world.invisible.clear();
    QVERIFY(bench.untilOver(operation));
    QCOMPARE(operation->state(), RunState::Cancelled);
    QCOMPARE(stateOf(*operation, u"end.ws-1"_s), StepState::Observed);
    QCOMPARE(operation->run().probes[0].verdict, Verdict::Holds);
    QCOMPARE(stateOf(*operation, u"cut.ws-2"_s), StepState::Undone);
    QVERIFY(!bench.world.facts.contains(u"cut ws-2"_s));
    QVERIFY(!operation->canCancel());
}

void TestEngine::signalsComeBatched()
{
    Bench bench;
    QStringList workspaces;
    for (int i = 0; i < 200; ++i)
        workspaces.append(u"ws-%1"_s.arg(i));
    Operation *operation = *bench.runner->start(scriptedPlan(workspaces));
    QSignalSpy steps(operation, &Operation::stepsChanged);
    QVERIFY(bench.untilOver(operation));
    QSet<int> rows;
    for (const QList<QVariant> &signal : std::as_const(steps)) {
        const auto changed = signal[0].value<QVector<int>>();
        rows.unite(QSet<int>(changed.cbegin(), changed.cend()));
    }
    QCOMPARE(rows.size(), 800);
    QVERIFY2(steps.size() < 200, qPrintable(QString::number(steps.size())));
}

void TestEngine::theRunnerRefusesWhatItCannotRun()
{
    Bench bench;
    Plan unsound = scriptedPlan();
    unsound.steps[1].evidence = false;
    QVERIFY(bench.runner->start(unsound).error().code == Error::Code::Invalid);
    Plan unknown = scriptedPlan();
    unknown.steps[0].verb = u"levitate"_s;
    QVERIFY(bench.runner->start(unknown).error().message.contains(u"levitate"_s));
    const Plan plan = scriptedPlan();
    QVERIFY(bench.untilOver(*bench.runner->start(plan)));
    QVERIFY(bench.runner->start(plan).error().code == Error::Code::Invalid);
    bench.restart();
    QVERIFY(bench.runner->start(plan).error().code == Error::Code::Invalid);
    QCOMPARE(bench.runner->operations().size(), 0);
}

void TestEngine::foundProbesAreTriedToo()
{
    Bench bench;
    bench.world.found[u"end.ws-1"_s] = {Probe{ProbeKind::Lease, WorkspaceId(u"ws-1"_s), u"lease-new"_s, Untrusted(u"issued meanwhile"_s), u"refused"_s, {}}};
    Operation *operation = *bench.runner->start(scriptedPlan());
    QSignalSpy added(operation, &Operation::probesAdded);
    QVERIFY(bench.untilOver(operation));
    QCOMPARE(added.size(), 1);
    QCOMPARE(operation->run().probes.size(), 3);
    QVERIFY(bench.observer.attempts.contains(u"lease-new"_s));
    const auto records = AppendFile::read(operation->run().journalPath);
    const auto replayed = replay(*records);
    QVERIFY2(replayed, why(replayed));
    QCOMPARE(replayed->run.plan.probes.size(), 3);
    QCOMPARE(replayed->run.state, RunState::Finished);
    QCOMPARE(replayed->run.certificate->sha256, operation->run().certificate->sha256);
}

QTEST_GUILESS_MAIN(TestEngine)
#include "tst_engine.moc"
