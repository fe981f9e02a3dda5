// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operation/operationsheet.h"

#include "models/crypto/certificate.h"
#include "models/response/actions.h"
#include "models/response/revocationcertifier.h"
#include "models/response/revoke.h"
#include "tests/models/operation/scripted.h"
#include "tests/ui/pages/desk.h"
#include "ui/kit/tableview.h"
#include "ui/operation/certificatebar.h"
#include "ui/operation/probemodel.h"
#include "ui/operation/startform.h"
#include "ui/operation/survivorbar.h"

#include <QtCore/QTemporaryDir>
#include <QtTest/QAbstractItemModelTester>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QLineEdit>

using namespace parapet;
using namespace parapet::operation;
using namespace parapet::support;
using namespace parapet::ui;
using namespace Qt::StringLiterals;

namespace {

/// A sheet over a runner on fake ports, in a window; with the operator's real key unless `hasKey` is false.
struct Sheet : Desk {
    explicit Sheet(int workspaces = 1, bool hasKey = true) : Desk(workspaces), actions(response::actionsFor(system.system()))
    {
        if (hasKey)
            giveKey();
        Environment environment;
        environment.folder = folder.path();
        environment.actions = actions.get();
        environment.observers = {&system.observer};
        environment.certifier = &certifier;
        environment.clock = &system.world.clock;
        environment.timers = &timers;
        runner = std::make_unique<Runner>(environment);
        host.resize(1400, 900);
        host.show();
        sheet = new OperationSheet(*runner, system.world.clock, &host);
    }

    void giveKey()
    {
        const auto authority = crypto::CertificateAuthority::create(u"test"_s, system.world.clock);
        certifier.setOperator(system.world.self, authority.issueClient(system.world.self.id.value, u"A. Operator"_s, {system.world.clock}));
    }
    Reply<Plan> plan()
    {
        const response::PlanOptions options{u"fake"_s, {}, true, 32, &system.world.clock};
        QVector<WorkspaceId> all;
        for (const Workspace &workspace : system.world.workspaceList())
            all << workspace.id;
        return response::planRevoke(system.system(), response::Targets::these(all), {}, options);
    }
    bool propose()
    {
        sheet->propose(u"Revoke"_s, plan());
        return waitUntil([this] { return sheet->plan() != nullptr; });
    }
    bool start()
    {
        if (!propose())
            return false;
        QTest::keyClicks(sheet->startForm()->reasonEdit(), u"INC-0147, credential misuse"_s);
        QTest::mouseClick(sheet->startButton(), Qt::LeftButton);
        return sheet->operation();
    }
    template<class Condition>
    bool until(Condition condition)
    {
        return turnUntil(timers, condition);
    }
    QString certificateText() const
    {
        QString text;
        for (const kit::RunLine *line : sheet->certificateBar()->findChildren<kit::RunLine *>())
            text += line->text() + u'\n';
        return text;
    }
    kit::StatePill *certificatePill() const { return sheet->certificateBar()->findChild<kit::StatePill *>(); }

    QTemporaryDir folder;
    ManualTimers timers{system.world.clock};
    std::unique_ptr<ActionSet> actions;
    response::RevocationCertifier certifier{system.world.clock};
    std::unique_ptr<Runner> runner;
    QWidget host;
    QPointer<OperationSheet> sheet;
};

} // namespace

class TestOperationSheet : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aPlanThatCannotBeMadeSaysWhy();
    void itCannotStartWithoutAReason_data();
    void itCannotStartWithoutAReason();
    void skippingEvidenceNeedsATypedReason();
    void everythingHoldsAndIsSigned();
    void survivorsStandInRedByName();
    void survivorsAreRetriedFromTheSheet();
    void withoutAKeyNothingIsSigned();
    void closingLeavesTheRun();
    void closingWhileThePlanIsMadeCancelsIt();
    void anUnfitPlanIsRefusedInTheSheet();
    void probesOfManyWorkspaces();
};

void TestOperationSheet::aPlanThatCannotBeMadeSaysWhy()
{
    Sheet desk(1);
    desk.system.control.script.failAlways(u"workspace"_s, networkError(u"The control plane is silent."_s, false));
    desk.sheet->propose(u"Revoke ws-1"_s, desk.plan());
    QTRY_COMPARE(stateIn(desk.sheet), kit::StatePage::State::Error);
    QVERIFY(!desk.sheet->startButton()->isVisible());
    QVERIFY(!desk.sheet->plan());
}

void TestOperationSheet::itCannotStartWithoutAReason_data()
{
    QTest::addColumn<QString>("reason");
    QTest::addColumn<bool>("starts");
    QTest::newRow("nothing") << QString() << false;
    QTest::newRow("blanks") << u"   "_s << false;
    QTest::newRow("a reason") << u"INC-1"_s << true;
}

void TestOperationSheet::itCannotStartWithoutAReason()
{
    QFETCH(QString, reason);
    QFETCH(bool, starts);
    Sheet desk;
    QVERIFY(desk.propose());
    QTest::keyClicks(desk.sheet->startForm()->reasonEdit(), reason);
    QCOMPARE(desk.sheet->startButton()->isEnabled(), starts);
    QCOMPARE(desk.sheet->startButton()->reason().isEmpty(), starts);
    QTest::keyClick(desk.sheet->startForm()->reasonEdit(), Qt::Key_Return);
    QCOMPARE(desk.sheet->operation() != nullptr, starts);
    QCOMPARE(desk.runner->operations().size(), starts ? 1 : 0);
    if (starts)
        QCOMPARE(desk.sheet->operation()->plan().reason, reason);
}

void TestOperationSheet::skippingEvidenceNeedsATypedReason()
{
    Sheet desk;
    QVERIFY(desk.propose());
    StartForm *form = desk.sheet->startForm();
    QTest::keyClicks(form->reasonEdit(), u"INC-0147"_s);
    QVERIFY(desk.sheet->startButton()->isEnabled());
    form->skipEvidence()->click();
    QVERIFY(form->overrideEdit()->isVisible());
    QVERIFY(!desk.sheet->startButton()->isEnabled());
    QTest::keyClicks(form->overrideEdit(), u"short"_s);
    QVERIFY(!desk.sheet->startButton()->isEnabled());
    QVERIFY(desk.sheet->startButton()->reason().contains(QString::number(MinimumOverride)));
    form->overrideEdit()->clear();
    QTest::keyClicks(form->overrideEdit(), u"the disk is being wiped"_s);
    QVERIFY(desk.sheet->startButton()->isEnabled());
    QTest::mouseClick(desk.sheet->startButton(), Qt::LeftButton);
    QVERIFY(desk.sheet->operation());
    QCOMPARE(desk.sheet->operation()->plan().evidenceOverride, u"the disk is being wiped"_s);
    QVERIFY(desk.until([&] { return desk.sheet->operation()->isOver(); }));
    QCOMPARE(desk.system.runtime.script.count(u"takeSnapshot"_s), 0);
}

void TestOperationSheet::everythingHoldsAndIsSigned()
{
    Sheet desk;
    QVERIFY(desk.propose());
    QCOMPARE(desk.certificatePill()->mark(), StateMark::Requested);
    QVERIFY(desk.certificateText().contains(u"It will be signed when all"_s));
    QVERIFY(!buttonIn(desk.sheet, u"Export draft"_s)->isEnabled()); // there is nothing to export before the start
    QTest::keyClicks(desk.sheet->startForm()->reasonEdit(), u"INC-0147"_s);
    QTest::mouseClick(desk.sheet->startButton(), Qt::LeftButton);
    QVERIFY(desk.sheet->operation());
    QVERIFY(!desk.sheet->startForm()->isVisible());
    QTRY_VERIFY(buttonIn(desk.sheet, u"Export draft"_s)->isEnabled());
    QVERIFY(desk.until([&] { return desk.sheet->operation()->run().certificate.has_value(); }));
    QTRY_COMPARE(desk.certificatePill()->mark(), StateMark::Observed);
    QVERIFY(desk.certificateText().contains(desk.certifier.keyName()));
    QVERIFY(buttonIn(desk.sheet, u"Export"_s));
    QVERIFY(!desk.sheet->survivorBar()->isVisible());
    QTRY_VERIFY(buttonIn(desk.sheet, u"Close"_s));
}

void TestOperationSheet::survivorsStandInRedByName()
{
    Sheet desk;
    desk.system.world.survivors << u"lease-1-db"_s;
    QVERIFY(desk.start());
    QVERIFY(desk.until([&] { return desk.sheet->operation()->summary().survive == 1; }));
    QTRY_VERIFY(desk.sheet->survivorBar()->isVisible());
    QVERIFY2(desk.sheet->survivorBar()->text().contains(u"db-payments-ro"_s), qPrintable(desk.sheet->survivorBar()->text()));
    QCOMPARE(desk.certificatePill()->mark(), StateMark::Requested);
    QVERIFY(!desk.sheet->operation()->run().certificate);
    QVERIFY(!buttonIn(desk.sheet, u"Sign certificate"_s)->isEnabled());
    // On top of the table, and marked.
    const QAbstractItemModel *probes = desk.sheet->findChild<ProbeModel *>();
    QVERIFY(desk.until([&] { return probes->index(0, 0).data(FailedRole).toBool(); }));
    const QString first = probes->index(0, ProbeModel::TargetColumn).data().toString();
    QVERIFY2(first.contains(u"db-payments-ro"_s), qPrintable(first));
    const QImage bar = desk.sheet->survivorBar()->grab().toImage();
    const QColor ground = bar.pixelColor(bar.width() / 2, 3);
    QVERIFY2(ground.red() > ground.green() && ground.red() > ground.blue(), "what survives must be red");
}

void TestOperationSheet::survivorsAreRetriedFromTheSheet()
{
    Sheet desk;
    desk.system.world.survivors << u"lease-1-git"_s;
    QVERIFY(desk.start());
    QVERIFY(desk.until([&] { return desk.sheet->operation()->summary().survive > 0; }));
    QTRY_VERIFY(desk.sheet->survivorBar()->isVisible());
    desk.system.world.survivors.clear();
    QTest::mouseClick(desk.sheet->survivorBar()->retryButton(), Qt::LeftButton);
    QVERIFY(desk.until([&] { return desk.sheet->operation()->state() == RunState::Finished; }));
    QTRY_VERIFY(!desk.sheet->survivorBar()->isVisible());
    QVERIFY(desk.until([&] { return desk.sheet->operation()->run().certificate.has_value(); }));
}

void TestOperationSheet::withoutAKeyNothingIsSigned()
{
    Sheet desk(1, false);
    QVERIFY(desk.start());
    QVERIFY(desk.until([&] { return desk.sheet->operation()->state() == RunState::Stopped; }));
    QTRY_VERIFY(desk.certificateText().contains(u"No signing key"_s));
    QVERIFY(!desk.sheet->operation()->run().certificate);
    QCOMPARE(desk.certificatePill()->mark(), StateMark::Requested);
    auto *sign = static_cast<kit::Button *>(buttonIn(desk.sheet, u"Sign certificate"_s));
    QVERIFY(sign && !sign->isEnabled() && !sign->reason().isEmpty());
    // The operator connects, and signs what holds.
    desk.giveKey();
    QTRY_VERIFY(sign->isEnabled());
    QTest::mouseClick(sign, Qt::LeftButton);
    QVERIFY(desk.until([&] { return desk.sheet->operation()->state() == RunState::Finished; }));
    QTRY_COMPARE(desk.certificatePill()->mark(), StateMark::Observed);
}

void TestOperationSheet::closingLeavesTheRun()
{
    Sheet desk;
    desk.system.runtime.script.hold(u"setIsolated"_s);
    QVERIFY(desk.start());
    QPointer<Operation> run = desk.sheet->operation();
    QObject::connect(desk.sheet, &kit::Overlay::dismissed, desk.sheet, &QObject::deleteLater);
    QTest::keyClick(desk.sheet, Qt::Key_Escape);
    QTRY_VERIFY(!desk.sheet);
    QVERIFY(run && !run->isOver());
    desk.system.runtime.script.release(u"setIsolated"_s);
    QVERIFY(desk.until([&] { return run->run().certificate.has_value(); }));
    // And it is shown again as it stands.
    desk.sheet = new OperationSheet(*desk.runner, desk.system.world.clock, &desk.host);
    desk.sheet->showOperation(run);
    QCOMPARE(desk.sheet->operation(), run);
    QCOMPARE(desk.certificatePill()->mark(), StateMark::Observed);
    QVERIFY(!desk.sheet->startButton()->isVisible());
}

void TestOperationSheet::closingWhileThePlanIsMadeCancelsIt()
{
    Sheet desk;
    desk.system.control.script.hold(u"workspace"_s);
    const Reply<Plan> plan = desk.plan();
    desk.sheet->propose(u"Revoke ws-1"_s, plan);
    QVERIFY(!desk.sheet->startButton()->isVisible());
    QTest::keyClick(desk.sheet, Qt::Key_Escape);
    QVERIFY(plan.isCanceled());
    desk.system.control.script.release(u"workspace"_s);
    QCoreApplication::sendPostedEvents();
    QVERIFY(!desk.sheet->plan());
}

void TestOperationSheet::anUnfitPlanIsRefusedInTheSheet()
{
    Sheet desk;
    Result<Plan> plan = await(desk.plan());
    QVERIFY2(plan, why(plan));
    plan->steps.first().verb = u"unknownVerb"_s;
    desk.sheet->propose(u"Revoke"_s, ready<Plan>(*plan));
    QTRY_VERIFY(desk.sheet->plan());
    QTest::keyClicks(desk.sheet->startForm()->reasonEdit(), u"INC-0147"_s);
    QTest::mouseClick(desk.sheet->startButton(), Qt::LeftButton);
    QVERIFY(!desk.sheet->operation());
    auto *banner = visibleChild<kit::Banner>(desk.sheet);
    QVERIFY(banner && !banner->text().isEmpty());
}

void TestOperationSheet::probesOfManyWorkspaces()
{
    Sheet desk(6);
    auto *probes = desk.sheet->findChild<ProbeModel *>();
    QAbstractItemModelTester tester(probes, QAbstractItemModelTester::FailureReportingMode::QtTest);
    desk.system.world.survivors << u"lease-4-git"_s << u"lease-2-db"_s;
    QVERIFY(desk.start());
    QVERIFY(desk.until([&] { return desk.sheet->operation()->summary().survive == 2; }));
    QVERIFY(desk.until([&] { return probes->index(1, 0).data(FailedRole).toBool(); }));
    QVERIFY(probes->index(0, 0).data(FailedRole).toBool());
    QVERIFY(!probes->index(2, 0).data(FailedRole).toBool());
    QTRY_VERIFY(desk.sheet->survivorBar()->isVisible());
    QVERIFY(desk.sheet->survivorBar()->text().contains(u"1 more"_s));
}

QTEST_MAIN(TestOperationSheet)
#include "tst_operationsheet.moc"
