// SPDX-License-Identifier: GPL-3.0-or-later
// How the sheet looks before, during and after a run: pictures into BUILD/pictures, and what a machine can see in them.
#include "models/items/roles.h"
#include "models/response/actions.h"
#include "models/response/revocationcertifier.h"
#include "models/response/revoke.h"
#include "tests/models/operation/scripted.h"
#include "tests/ui/pages/desk.h"
#include "ui/kit/tableview.h"
#include "ui/operation/journalmodel.h"
#include "ui/operation/journalview.h"
#include "ui/operation/operationsheet.h"
#include "ui/operation/probemodel.h"
#include "ui/operation/startform.h"
#include "ui/operation/stepmodel.h"
#include "ui/operation/survivorbar.h"

#include <QtCore/QDir>
#include <QtTest/QAbstractItemModelTester>
#include <QtWidgets/QLineEdit>

using namespace parapet;
using namespace parapet::operation;
using namespace parapet::support;
using namespace Qt::StringLiterals;

namespace {

struct SheetDesk : Desk {
    explicit SheetDesk(int workspaces = 1) : Desk(workspaces)
    {
        const auto authority = crypto::CertificateAuthority::create(u"test"_s, system.world.clock);
        certifier.setOperator(system.world.self, authority.issueClient(system.world.self.id.value, u"A. Operator"_s, {system.world.clock}));
        environment.folder = folder.path();
        environment.actions = actions.get();
        environment.observers = {&system.observer};
        environment.certifier = &certifier;
        environment.clock = &system.world.clock;
        environment.timers = &timers;
        runner = std::make_unique<Runner>(environment);
        window.resize(1440, 900);
        window.show();
        sheet = new ui::OperationSheet(*runner, system.world.clock, &window);
    }
    bool propose()
    {
        response::PlanOptions options;
        options.clock = &system.world.clock;
        options.system = u"test"_s;
        sheet->propose(u"Revoke"_s, response::planRevoke(system.system(), response::Targets::all(Query{}), {}, options));
        return waitUntil([this] { return sheet->plan() != nullptr; });
    }
    void start()
    {
        QTest::keyClicks(sheet->startForm()->reasonEdit(), u"INC-0147, credential misuse"_s);
        QTest::mouseClick(sheet->startButton(), Qt::LeftButton);
    }
    bool untilOver() { return turnUntil(timers, [this] { return sheet->operation() && sheet->operation()->isOver(); }); }

    QTemporaryDir folder;
    ManualTimers timers{system.world.clock};
    std::unique_ptr<ActionSet> actions = response::actionsFor(system.system());
    response::RevocationCertifier certifier{system.world.clock};
    Environment environment;
    std::unique_ptr<Runner> runner;
    QWidget window;
    QPointer<ui::OperationSheet> sheet;
};

} // namespace

class TestSheetLook : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void pictures_data();
    void pictures();
    void theJournalIsShown();
    void everythingHasAName();
    void modelsHoldTheirPromises();
    void oneWorkspaceTellsWhatWasSeen();
    void manyWorkspacesShareALine();
    void whatIsFoundIsShown();
};

void TestSheetLook::pictures_data()
{
    QTest::addColumn<int>("choice");
    QTest::addColumn<QString>("name");
    QTest::newRow("dark") << int(kit::ThemeChoice::Dark) << u"dark"_s;
    QTest::newRow("light") << int(kit::ThemeChoice::Light) << u"light"_s;
    QTest::newRow("contrast") << int(kit::ThemeChoice::HighContrast) << u"contrast"_s;
}

void TestSheetLook::pictures()
{
    QFETCH(int, choice);
    QFETCH(QString, name);
    SheetDesk desk;
    desk.theme.setChoice(kit::ThemeChoice(choice));
    const QString folder = QStringLiteral(PARAPET_BINARY_DIR "/pictures");
    QVERIFY(QDir().mkpath(folder));
    desk.system.world.survivors.insert(u"lease-1-db"_s);
    QVERIFY(desk.propose());
    QCoreApplication::sendPostedEvents();
    QVERIFY(desk.window.grab().save(folder + u"/sheet-plan-%1.png"_s.arg(name)));
    desk.start();
    QVERIFY(turnUntil(desk.timers, [&] { return desk.sheet->survivorBar()->isVisibleTo(desk.sheet) && desk.sheet->operation()->summary().unknown == 0; }));
    desk.timers.advance(Milliseconds(60));
    QCoreApplication::sendPostedEvents();
    QVERIFY(desk.window.grab().save(folder + u"/sheet-survives-%1.png"_s.arg(name)));
    desk.system.world.survivors.clear();
    desk.sheet->operation()->retryNow();
    QVERIFY(desk.untilOver());
    QCoreApplication::sendPostedEvents();
    QVERIFY(desk.window.grab().save(folder + u"/sheet-proven-%1.png"_s.arg(name)));
}

void TestSheetLook::theJournalIsShown()
{
    SheetDesk desk;
    QVERIFY(desk.propose());
    desk.start();
    QVERIFY(desk.untilOver());
    ui::JournalView view(desk.sheet->operation()->run().journalPath, &desk.window);
    view.present();
    const QAbstractItemModel *entries = view.table()->model();
    QTRY_VERIFY(entries->rowCount() > 20);
    const QString last = entries->index(entries->rowCount() - 1, ui::JournalModel::Detail).data().toString();
    QVERIFY2(last.contains(u"finished"_s), qPrintable(last));
    QVERIFY(!entries->index(0, ui::JournalModel::At).data().toString().isEmpty());
}

void TestSheetLook::everythingHasAName()
{
    SheetDesk desk;
    QVERIFY(desk.propose());
    for (const QWidget *widget : desk.sheet->findChildren<QWidget *>()) {
        if (!(widget->focusPolicy() & Qt::TabFocus) || !widget->isVisibleTo(desk.sheet) || widget->inherits("QScrollBar"))
            continue;
        const auto *button = qobject_cast<const QAbstractButton *>(widget);
        QVERIFY2(!widget->accessibleName().isEmpty() || (button && !button->text().isEmpty()), widget->metaObject()->className());
    }
}

void TestSheetLook::modelsHoldTheirPromises()
{
    Run run = freshRun(scriptedPlan({u"ws-1"_s, u"ws-2"_s, u"ws-3"_s}));
    ui::ProbeModel probes;
    ui::StepModel steps;
    QAbstractItemModelTester probeTester(&probes, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QAbstractItemModelTester stepTester(&steps, QAbstractItemModelTester::FailureReportingMode::QtTest);
    probes.setPlan(run.plan);
    steps.setPlan(run.plan);
    for (int i = 0; i < run.probes.size(); ++i) {
        run.probes[i].tries = 1;
        run.probes[i].verdict = i % 3 == 2 ? Verdict::Survives : Verdict::Holds;
        probes.setRun(run, {i});
    }
    QVERIFY(probes.index(0, 0).data(FailedRole).toBool() && probes.index(1, 0).data(FailedRole).toBool());
    QVERIFY(!probes.index(2, 0).data(FailedRole).toBool());
    for (int i = 0; i < run.steps.size(); ++i) {
        run.steps[i].state = i == 5 ? StepState::Failed : StepState::Observed;
        steps.setRun(run, {i});
    }
    QCOMPARE(steps.rowCount(), 4);
    QCOMPARE(steps.group(1).state(), ui::StepGroup::State::Failed);
    QCOMPARE(steps.group(0).state(), ui::StepGroup::State::Observed);
}

void TestSheetLook::oneWorkspaceTellsWhatWasSeen()
{
    SheetDesk desk;
    QVERIFY(desk.propose());
    const auto *steps = desk.sheet->findChild<ui::StepModel *>();
    // isolate, snapshot, log, terminate, what runs side by side, mark revoked
    QCOMPARE(steps->rowCount(), 6);
    QCOMPARE(steps->group(4).size(), 3);
    desk.start();
    QVERIFY(desk.untilOver());
    QTRY_COMPARE(steps->group(4).state(), ui::StepGroup::State::Observed);
    QVERIFY2(steps->group(4).lines.join(u' ').contains(u"Leases revoked: 2"_s), qPrintable(steps->group(4).lines.join(u' ')));
}

void TestSheetLook::manyWorkspacesShareALine()
{
    SheetDesk desk(40);
    QVERIFY(desk.propose());
    const auto *steps = desk.sheet->findChild<ui::StepModel *>();
    QCOMPARE(steps->rowCount(), 8);
    QVERIFY(desk.sheet->startButton()->text().contains(u"40"_s));
    desk.start();
    QVERIFY(desk.untilOver());
    QTRY_VERIFY(steps->index(0, 0).data(Qt::AccessibleTextRole).toString().contains(u"40"_s));
}

/// A session that began after the plan was made: its probes join the table.
void TestSheetLook::whatIsFoundIsShown()
{
    SheetDesk desk;
    QVERIFY(desk.propose());
    FakeWorkspace &workspace = desk.workspace("ws-1");
    Session late = workspace.sessions.first();
    late.id = SessionId(u"sess-late"_s);
    workspace.sessions.append(late);
    auto *probes = desk.sheet->findChild<ui::ProbeModel *>();
    QAbstractItemModelTester tester(probes, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const int planned = probes->rowCount();
    desk.start();
    QVERIFY(desk.untilOver());
    QTRY_COMPARE(probes->rowCount(), planned + 2);
}

QTEST_MAIN(TestSheetLook)
#include "tst_sheetlook.moc"
