// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/operations/operationspage.h"

#include "models/response/actions.h"
#include "models/response/revoke.h"
#include "tests/ui/pages/desk.h"
#include "ui/kit/tableview.h"
#include "ui/pages/operations/operationsmodel.h"

#include <QtCore/QTemporaryDir>
#include <QtTest/QAbstractItemModelTester>

using namespace parapet;
using namespace parapet::pages;
using namespace parapet::support;
using namespace Qt::StringLiterals;

namespace {

struct Operations : Desk {
    explicit Operations(int workspaces)
        : Desk(workspaces), actions(response::actionsFor(system.system())), shown(commands, context), page(*shown.page), table(*page.table())
    {
        connectSystem();
        makeRunner();
    }
    ~Operations() { context.setRunner(nullptr); }

    void makeRunner()
    {
        context.setRunner(nullptr);
        runner.reset();
        operation::Environment environment;
        environment.folder = folder.path();
        environment.actions = actions.get();
        environment.observers = {&system.observer};
        environment.clock = &system.world.clock;
        runner = std::make_unique<operation::Runner>(environment);
        context.setRunner(runner.get());
    }
    operation::Operation *start(response::OneStep step, const char *workspace)
    {
        const response::PlanOptions options{u"fake"_s, {}, true, 32, &system.world.clock};
        const auto plan = await(response::planOneStep(system.system(), step, response::Targets::one(WorkspaceId(QLatin1String(workspace))),
                                                      u"INC-7 <b>now</b>"_s, options));
        const auto started = plan ? runner->start(*plan) : Result<operation::Operation *>(fail(plan.error()));
        return started ? *started : nullptr;
    }
    QString cell(int row, int column, int role = Qt::DisplayRole) const { return table.model()->index(row, column).data(role).toString(); }
    StateMark mark(int row) const { return StateMark(table.model()->index(row, OperationsModel::StateColumn).data(StateMarkRole).toInt()); }

    QTemporaryDir folder;
    std::unique_ptr<operation::ActionSet> actions;
    std::unique_ptr<operation::Runner> runner;
    PageWindow<OperationsPage> shown;
    OperationsPage &page;
    kit::TableView &table;
};

} // namespace

class TestOperationsPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void emptinessLeadsToWorkspaces();
    void aRunShowsHowItStands();
    void aRowOpensItsSheet();
    void unfinishedRunsAreTakenUp();
    void aDamagedJournalIsSaid();
    void withoutRunnerThereAreNoRows();
};

void TestOperationsPage::emptinessLeadsToWorkspaces()
{
    Operations desk(1);
    QTRY_COMPARE(stateIn(&desk.page), kit::StatePage::State::Empty);
    QSignalSpy wanted(&desk.page, &shell::Page::locationRequested);
    QTest::mouseClick(buttonIn(&desk.page, u"Workspaces"_s), Qt::LeftButton);
    QCOMPARE(wanted.first().first().value<shell::Location>().page, u"workspaces"_s);
}

void TestOperationsPage::aRunShowsHowItStands()
{
    Operations desk(2);
    QAbstractItemModelTester tester(desk.table.model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    desk.system.runtime.script.hold(u"setIsolated"_s);
    operation::Operation *run = desk.start(response::OneStep::Isolate, "ws-1");
    QVERIFY(run);
    QTRY_COMPARE(desk.table.model()->rowCount(), 1);
    QCOMPARE(stateIn(&desk.page), kit::StatePage::State::Ready);
    QCOMPARE(desk.mark(0), StateMark::Step);
    QCOMPARE(desk.cell(0, OperationsModel::ReasonColumn), u"INC-7 <b>now</b>"_s);
    QCOMPARE(desk.cell(0, OperationsModel::IdColumn), run->id().value);
    desk.system.runtime.script.release(u"setIsolated"_s);
    QTRY_COMPARE(desk.mark(0), StateMark::Observed);
    QCOMPARE(desk.cell(0, OperationsModel::StepsColumn), u"1 of 1"_s);
    // The newest stands on top.
    operation::Operation *second = desk.start(response::OneStep::Freeze, "ws-2");
    QVERIFY(second);
    QTRY_COMPARE(desk.table.model()->rowCount(), 2);
    QCOMPARE(desk.cell(0, 0, KeyRole), second->id().value);
}

void TestOperationsPage::aRowOpensItsSheet()
{
    Operations desk(1);
    operation::Operation *run = desk.start(response::OneStep::Freeze, "ws-1");
    QVERIFY(run);
    QTRY_VERIFY(run->isOver());
    QSignalSpy requested(&desk.context, &shell::ConsoleContext::operationRequested);
    desk.table.setCurrentIndex(desk.table.model()->index(0, 0));
    QCOMPARE(desk.commands.objectCount(), 1);
    desk.table.setFocus();
    QTest::keyClick(&desk.table, Qt::Key_Return);
    QTRY_COMPARE(requested.count(), 1);
    desk.commands.trigger(u"operation.open"_s);
    QTRY_COMPARE(requested.count(), 2);
    QCOMPARE(requested.last().first().value<OperationId>(), run->id());
}

void TestOperationsPage::unfinishedRunsAreTakenUp()
{
    Operations desk(1);
    desk.system.runtime.script.hold(u"setFrozen"_s);
    operation::Operation *run = desk.start(response::OneStep::Freeze, "ws-1");
    QVERIFY(run);
    const QString id = run->id().value;
    QTRY_COMPARE(desk.system.runtime.script.waiting(u"setFrozen"_s), 1);
    desk.makeRunner(); // the console ended in the middle of it, and began anew
    QTRY_COMPARE(desk.table.model()->rowCount(), 1);
    QCOMPARE(desk.cell(0, 0, KeyRole), id);
    QCOMPARE(desk.mark(0), StateMark::Survives);
    desk.system.runtime.script.release(u"setFrozen"_s);
    QSignalSpy requested(&desk.context, &shell::ConsoleContext::operationRequested);
    desk.table.setCurrentIndex(desk.table.model()->index(0, 0));
    QTest::keyClick(&desk.table, Qt::Key_Return);
    QTRY_COMPARE(requested.count(), 1);
    QTRY_COMPARE(desk.mark(0), StateMark::Observed);
    QCOMPARE(desk.table.model()->rowCount(), 1); // once: the journal and its run are one row
    QCOMPARE(desk.system.runtime.script.count(u"setFrozen"_s), 1);
}

void TestOperationsPage::aDamagedJournalIsSaid()
{
    Operations desk(1);
    desk.system.runtime.script.hold(u"setFrozen"_s);
    operation::Operation *run = desk.start(response::OneStep::Freeze, "ws-1");
    QVERIFY(run);
    const QString path = run->run().journalPath;
    QTRY_COMPARE(desk.system.runtime.script.waiting(u"setFrozen"_s), 1);
    desk.context.setRunner(nullptr);
    desk.runner.reset();
    QFile journal(path);
    QVERIFY(journal.open(QIODevice::ReadWrite));
    QVERIFY(journal.seek(journal.size() / 2));
    QVERIFY(journal.write("XXXX") == 4);
    journal.close();
    desk.makeRunner();
    QTRY_COMPARE(desk.cell(0, OperationsModel::StateColumn), u"Damaged"_s);
    QVERIFY(!desk.cell(0, OperationsModel::ReasonColumn).isEmpty());
    QSignalSpy refused(&desk.commands, &shell::CommandRegistry::refused);
    QSignalSpy requested(&desk.context, &shell::ConsoleContext::operationRequested);
    desk.table.setCurrentIndex(desk.table.model()->index(0, 0));
    QTest::keyClick(&desk.table, Qt::Key_Return);
    QTRY_COMPARE(refused.count(), 1);
    QCOMPARE(requested.count(), 0);
}

void TestOperationsPage::withoutRunnerThereAreNoRows()
{
    Operations desk(1);
    QVERIFY(desk.start(response::OneStep::Freeze, "ws-1"));
    QTRY_COMPARE(desk.table.model()->rowCount(), 1);
    desk.context.setRunner(nullptr);
    QTRY_COMPARE(desk.table.model()->rowCount(), 0);
    QCOMPARE(stateIn(&desk.page), kit::StatePage::State::Empty);
}

QTEST_MAIN(TestOperationsPage)
#include "tst_operationspage.moc"
