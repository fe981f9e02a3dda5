// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/operations/operationspage.h"

#include "models/response/actions.h"
#include "models/response/revocationcertifier.h"
#include "models/response/revoke.h"
#include "tests/models/operation/scripted.h"
#include "tests/ui/pages/desk.h"
#include "ui/kit/tableview.h"
#include "ui/operation/certificateview.h"
#include "ui/pages/operations/operationsmodel.h"

#include <QtCore/QTemporaryDir>
#include <QtGui/QClipboard>
#include <QtTest/QAbstractItemModelTester>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QTabBar>

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
        environment.certifier = &certifier;
        environment.timers = &timers;
        environment.starter = [this] { return operation::Operator{system.world.self.id, system.world.self.name}; };
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
    /// Revokes the workspace, with a certificate signed by a key of a test's authority, and waits for its end.
    operation::Operation *revoke(const char *workspace)
    {
        const auto authority = crypto::CertificateAuthority::create(u"test"_s, system.world.clock);
        certifier.setOperator(system.world.self, authority.issueClient(system.world.self.id.value, u"A. Operator"_s, {system.world.clock}));
        response::PlanOptions options{u"fake"_s, {}, true, 32, &system.world.clock};
        auto plan = await(response::planRevoke(system.system(), response::Targets::one(WorkspaceId(QLatin1String(workspace))), u"INC-9, credential misuse"_s, options));
        const auto started = plan ? runner->start(*plan) : Result<operation::Operation *>(fail(plan.error()));
        if (!started || !turnUntil(timers, [&] { return (*started)->isOver() && (*started)->run().certificate; }))
            return nullptr;
        return *started;
    }
    ui::CertificateView *certificate() { return shown.window.findChild<ui::CertificateView *>(); }
    QString cell(int row, int column, int role = Qt::DisplayRole) const { return table.model()->index(row, column).data(role).toString(); }
    StateMark mark(int row) const { return StateMark(table.model()->index(row, OperationsModel::StateColumn).data(StateMarkRole).toInt()); }

    QTemporaryDir folder;
    ManualTimers timers{system.world.clock};
    response::RevocationCertifier certifier{system.world.clock};
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
    void earlierRunsAreListed();
    void certificatesAreVerifiedAgain();
    void itFiltersByKeyboard();
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

void TestOperationsPage::earlierRunsAreListed()
{
    Operations desk(2);
    QAbstractItemModelTester tester(desk.table.model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    operation::Operation *run = desk.start(response::OneStep::Freeze, "ws-1");
    QVERIFY(run);
    QTRY_VERIFY(run->isOver());
    const QString id = run->id().value;
    const QString path = run->run().journalPath;
    QTRY_COMPARE(desk.mark(0), StateMark::Observed);
    const QString result = desk.cell(0, OperationsModel::StateColumn);
    desk.makeRunner(); // another start of the console
    QTRY_COMPARE(desk.table.model()->rowCount(), 1);
    QVERIFY(desk.page.model()->pastAt(0));
    QCOMPARE(desk.cell(0, 0, KeyRole), id);
    QCOMPARE(desk.mark(0), StateMark::Observed);
    QCOMPARE(desk.cell(0, OperationsModel::StateColumn), result); // the same words, of whichever process it was
    QVERIFY(!desk.cell(0, OperationsModel::ByColumn).isEmpty());
    QCOMPARE(desk.cell(0, OperationsModel::ReasonColumn), u"INC-7 <b>now</b>"_s);
    QCOMPARE(desk.cell(0, OperationsModel::StepsColumn), u"1 of 1"_s);
    QVERIFY(!desk.cell(0, OperationsModel::StartedColumn).isEmpty());
    QVERIFY(!desk.cell(0, OperationsModel::EndedColumn).isEmpty());
    QVERIFY(desk.cell(0, OperationsModel::StartedColumn, Qt::ToolTipRole).contains(u"UTC"_s));
    QSignalSpy requested(&desk.context, &shell::ConsoleContext::pastOperationRequested);
    desk.table.setCurrentIndex(desk.table.model()->index(0, 0));
    QTest::keyClick(&desk.table, Qt::Key_Return);
    QTRY_COMPARE(requested.count(), 1);
    QVERIFY(QFileInfo::exists(requested.first().first().toString()));
    const auto opened = await(desk.runner->open(requested.first().first().toString()));
    QVERIFY2(opened, why(opened));
    QCOMPARE((*opened)->id().value, id);
    desk.runner->close(*opened);
    // It has no certificate, and says so.
    const shell::Availability verify = desk.commands.availability(*desk.commands.find(u"certificate.verify"_s));
    QVERIFY(!verify.enabled && !verify.reason.isEmpty());
}

void TestOperationsPage::certificatesAreVerifiedAgain()
{
    Operations desk(1);
    QVERIFY(desk.revoke("ws-1"));
    desk.makeRunner();
    QTRY_COMPARE(desk.table.model()->rowCount(), 1);
    const QString path = desk.page.model()->certificateAt(0);
    QVERIFY2(QFileInfo::exists(path), qPrintable(path));
    desk.table.setCurrentIndex(desk.table.model()->index(0, 0));
    QVERIFY(desk.commands.trigger(u"certificate.copy-path"_s).enabled);
    QCOMPARE(QGuiApplication::clipboard()->text(), path);
    QVERIFY(desk.commands.trigger(u"certificate.verify"_s).enabled);
    QVERIFY(desk.certificate());
    QTRY_VERIFY(desk.certificate()->verifyButton()->isEnabled());
    QCOMPARE(desk.certificate()->verdict()->mark(), StateMark::Observed);
    QDir().mkpath(QStringLiteral(PARAPET_BINARY_DIR "/pages")); // to be looked at
    desk.shown.window.grab().save(QStringLiteral(PARAPET_BINARY_DIR "/pages/certificate.png"));
    // What lies on the disk is what is checked: somebody changes it.
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadWrite));
    const QByteArray before = file.readAll();
    QByteArray after = before;
    const qsizetype at = after.indexOf("\"sig\":\"") + 7;
    after[at + 4] = after[at + 4] == 'A' ? 'B' : 'A';
    QVERIFY(file.seek(0) && file.write(after) == after.size());
    file.close();
    QSignalSpy verified(desk.certificate(), &ui::CertificateView::verified);
    QTest::mouseClick(desk.certificate()->verifyButton(), Qt::LeftButton);
    QTRY_COMPARE(verified.count(), 1);
    QVERIFY(!verified.first().first().toBool());
    QCOMPARE(desk.certificate()->verdict()->mark(), StateMark::Survives);
    // And takes it away.
    QVERIFY(QFile::remove(path));
    QTest::mouseClick(desk.certificate()->verifyButton(), Qt::LeftButton);
    QTRY_COMPARE(verified.count(), 2);
    QVERIFY(!verified.last().first().toBool());
    QTest::keyClick(desk.certificate(), Qt::Key_Escape);
    QTRY_VERIFY(!desk.certificate());
}

void TestOperationsPage::itFiltersByKeyboard()
{
    Operations desk(3);
    for (const char *workspace : {"ws-1", "ws-2"}) {
        operation::Operation *run = desk.start(response::OneStep::Freeze, workspace);
        QVERIFY(run);
        QTRY_VERIFY(run->isOver());
    }
    desk.makeRunner();
    desk.system.runtime.script.hold(u"setIsolated"_s);
    operation::Operation *open = desk.start(response::OneStep::Isolate, "ws-3");
    QVERIFY(open);
    QTRY_COMPARE(desk.table.model()->rowCount(), 3);
    auto *tabs = desk.page.findChild<QTabBar *>();
    QCOMPARE(tabs->tabText(0).simplified(), u"All 3"_s);
    QCOMPARE(tabs->tabText(1).simplified(), u"Not over 1"_s);
    tabs->setFocus();
    QTest::keyClick(tabs, Qt::Key_Right);
    QCOMPARE(desk.table.model()->rowCount(), 1);
    QCOMPARE(desk.cell(0, 0, KeyRole), open->id().value);
    QCOMPARE(desk.page.location().param(u"view"_s), u"open"_s);
    QTest::keyClick(tabs, Qt::Key_Right);
    QCOMPARE(desk.table.model()->rowCount(), 2);
    QCOMPARE(desk.page.filterWidget(), desk.page.filterField());
    desk.page.filterField()->setFocus();
    QTest::keyClicks(desk.page.filterField(), u"nowhere"_s);
    QCOMPARE(stateIn(&desk.page), kit::StatePage::State::Empty);
    QVERIFY(buttonIn(&desk.page, u"Clear filter"_s));
    QTest::keyClick(desk.page.filterField(), Qt::Key_Escape);
    QCOMPARE(desk.table.model()->rowCount(), 2);
    QTest::keyClicks(desk.page.filterField(), u"inc-7"_s);
    QCOMPARE(desk.table.model()->rowCount(), 2);
    QTest::keyClick(desk.page.filterField(), Qt::Key_Down);
    QVERIFY(desk.table.currentIndex().isValid());
    // A place that says what is shown brings it back.
    const shell::Location place = desk.page.location();
    desk.page.goTo({u"operations"_s, {}});
    QCOMPARE(desk.table.model()->rowCount(), 3);
    desk.page.goTo(place);
    QCOMPARE(desk.table.model()->rowCount(), 2);
    QCOMPARE(desk.page.filterField()->text(), u"inc-7"_s);
    desk.system.runtime.script.release(u"setIsolated"_s);
    QTRY_COMPARE(desk.page.model()->count(OperationsFilter::Which::Over), 3);
    QCOMPARE(desk.table.model()->rowCount(), 3);
}

QTEST_MAIN(TestOperationsPage)
#include "tst_operationspage.moc"
