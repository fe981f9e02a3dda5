// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/overviewpage.h"

#include "models/response/actions.h"
#include "models/response/revoke.h"
#include "models/wire/codec.h"
#include "tests/support/provenlog.h"
#include "tests/ui/pages/desk.h"
#include "ui/kit/charts.h"
#include "ui/kit/marks.h"
#include "ui/kit/statemessage.h"
#include "ui/pages/overview/lists.h"
#include "ui/pages/overview/needslist.h"

#include <QtCore/QTemporaryDir>

using namespace parapet;
using namespace parapet::pages;
using namespace parapet::support;
using namespace Qt::StringLiterals;

using Arrange = std::function<void(FakeWorkspace &)>;
Q_DECLARE_METATYPE(Arrange)

namespace {

struct Overview : Desk {
    explicit Overview(int workspaces) : Desk(workspaces), shown(commands, context), page(*shown.page), wanted(&page, &shell::Page::locationRequested) {}

    bool connectAndLoad()
    {
        connectSystem();
        return waitUntil([&] { return stateIn(&page) == kit::StatePage::State::Ready; });
    }
    const QVector<Need> &needs() const { return page.findChild<NeedsList *>()->needs(); }
    const Need *need(const QString &key) const
    {
        for (const Need &one : needs()) {
            if (one.key == key)
                return &one;
        }
        return nullptr;
    }
    shell::Location lastWanted() const { return wanted.isEmpty() ? shell::Location() : wanted.last().first().value<shell::Location>(); }
    kit::Banner *banner() const { return visibleChild<kit::Banner>(&page); }
    qsizetype asked() const { return system.control.script.calls().size() + system.audit.script.calls().size(); }

    PageWindow<OverviewPage> shown;
    OverviewPage &page;
    QSignalSpy wanted;
};

QString plainText(const QVector<kit::Run> &runs)
{
    QString text;
    for (const kit::Run &run : runs)
        text += run.text;
    return text;
}

AuditEvent eventOf(const char *action, const char *actor)
{
    AuditEvent event;
    event.action = QLatin1String(action);
    event.actor = PrincipalId(QLatin1String(actor));
    event.actorName = Untrusted(QLatin1String(actor));
    event.target = Untrusted(u"ws-1"_s);
    event.time = Instant(std::chrono::seconds(1773754891));
    return event;
}

} // namespace

class TestOverviewPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void withoutConnectionItLeadsToConnections();
    void driftNeedsAHumanAndLeadsToTheRows_data();
    void driftNeedsAHumanAndLeadsToTheRows();
    void nothingNeedsAHuman();
    void figuresLeadToTheRows();
    void operationsThatAreNotOverNeedAHuman();
    void anEventIsShownInert();
    void eachEventWearsItsOwnProof();
    void ownReadingDoesNotGoRound();
    void nothingIsAskedWhileHidden();
    void failureIsSaidAndPasses();
    void theFirstFailureIsAnError();
    void theKeyboardFindsThePage();
};

void TestOverviewPage::withoutConnectionItLeadsToConnections()
{
    Overview overview(1);
    QCOMPARE(stateIn(&overview.page), kit::StatePage::State::Empty);
    QTest::mouseClick(buttonIn(&overview.page, u"Connections"_s), Qt::LeftButton);
    QCOMPARE(overview.lastWanted().page, u"connections"_s);
}

void TestOverviewPage::driftNeedsAHumanAndLeadsToTheRows_data()
{
    QTest::addColumn<Arrange>("arrange");
    QTest::addColumn<QString>("sentence");
    QTest::addColumn<QString>("filter");
    QTest::newRow("silent") << Arrange([](FakeWorkspace &one) { one.workspace.runtime = RuntimeStatus::Silent; }) << u"workspace is silent"_s << u"runtime:silent"_s;
    QTest::newRow("unsigned") << Arrange([](FakeWorkspace &one) { one.workspace.imageSigned = false; }) << u"unsigned image"_s
                              << u"imageSigned:false state:running,frozen"_s;
    QTest::newRow("isolated") << Arrange([](FakeWorkspace &one) { one.workspace.isolated = true; }) << u"cut from the network"_s << u"isolated:true"_s;
}

void TestOverviewPage::driftNeedsAHumanAndLeadsToTheRows()
{
    QFETCH(Arrange, arrange);
    QFETCH(QString, sentence);
    QFETCH(QString, filter);
    Overview overview(5);
    for (int i = 1; i <= 5; ++i)
        overview.workspace(qPrintable(u"ws-%1"_s.arg(i))).workspace.imageBuilt = overview.system.world.clock.now();
    arrange(overview.workspace("ws-2"));
    QVERIFY(overview.connectAndLoad());
    QTRY_COMPARE(overview.needs().size(), 1);
    const Need &need = overview.needs().first();
    QVERIFY2(plainText(need.what).contains(sentence), qPrintable(plainText(need.what)));
    QVERIFY(plainText(need.what).startsWith(u'1'));
    QAbstractButton *show = visibleChild<QAbstractButton>(overview.page.findChild<NeedsList *>());
    QVERIFY(show && show->accessibleName().contains(sentence));
    QTest::mouseClick(show, Qt::LeftButton);
    QCOMPARE(overview.lastWanted().page, u"workspaces"_s);
    QCOMPARE(overview.lastWanted().param(u"filter"_s), filter);
}

void TestOverviewPage::nothingNeedsAHuman()
{
    Overview overview(2);
    for (const char *id : {"ws-1", "ws-2"})
        overview.workspace(id).workspace.imageBuilt = overview.system.world.clock.now();
    QVERIFY(overview.connectAndLoad());
    QTRY_VERIFY(overview.system.control.script.count(u"workspaces"_s) >= FleetFigure::Size);
    QCoreApplication::sendPostedEvents();
    QVERIFY(overview.needs().isEmpty());
    // What no longer holds is gone, and what begins to hold comes: by the watch.
    overview.workspace("ws-1").runtime.isolated = true;
    overview.system.world.touch(WorkspaceId(u"ws-1"_s));
    QTRY_COMPARE(overview.needs().size(), 1);
    overview.workspace("ws-1").runtime.isolated = false;
    overview.system.world.touch(WorkspaceId(u"ws-1"_s));
    QTRY_COMPARE(overview.needs().size(), 0);
}

void TestOverviewPage::figuresLeadToTheRows()
{
    Overview overview(6);
    overview.workspace("ws-4").workspace.state = WorkspaceState::Stopped;
    QVERIFY(overview.connectAndLoad());
    auto *states = overview.page.findChild<kit::StackedBar *>();
    QTRY_COMPARE(states->parts().size(), 2);
    QCOMPARE(states->parts().first().value, 5);
    states->setFocus();
    QTest::keyClick(states, Qt::Key_Right);
    QTest::keyClick(states, Qt::Key_Return);
    QCOMPARE(overview.lastWanted().param(u"filter"_s), u"state:stopped"_s);
    const QStringList filters{u"agents>=1"_s, u"productionLeases>=1"_s, u"imageBuilt>60d"_s, u"state:running started>8h"_s,
                              u"imageSigned:false state:running,frozen"_s};
    const QList<kit::FigureBar *> bars = overview.page.findChildren<kit::FigureBar *>();
    QCOMPARE(bars.size(), filters.size());
    for (int i = 0; i < bars.size(); ++i) {
        bars[i]->setFocus();
        QTest::keyClick(bars[i], Qt::Key_Return);
        QCOMPARE(overview.lastWanted().param(u"filter"_s), filters[i]);
    }
}

void TestOverviewPage::operationsThatAreNotOverNeedAHuman()
{
    Overview overview(3);
    QVERIFY(overview.connectAndLoad());
    QTemporaryDir folder;
    const auto actions = response::actionsFor(overview.system.system());
    operation::Environment environment;
    environment.folder = folder.path();
    environment.actions = actions.get();
    environment.observers = {&overview.system.observer};
    environment.clock = &overview.system.world.clock;
    operation::Runner runner(environment);
    overview.context.setRunner(&runner);
    overview.system.runtime.script.hold(u"setIsolated"_s);
    const auto plan = await(response::planOneStep(overview.system.system(), response::OneStep::Isolate, response::Targets::one(WorkspaceId(u"ws-2"_s)), u"INC-1"_s,
                                                  {u"fake"_s, {}, true, 32, &overview.system.world.clock}));
    QVERIFY2(plan, why(plan));
    const auto started = runner.start(*plan);
    QVERIFY2(started, why(started));
    const QString key = u"operation:"_s + (*started)->id().value;
    QTRY_VERIFY(overview.need(key));
    QVERIFY(plainText(overview.need(key)->what).contains(u"under way"_s));
    QSignalSpy requested(&overview.context, &shell::ConsoleContext::operationRequested);
    QTest::mouseClick(visibleChild<QAbstractButton>(overview.page.findChild<NeedsList *>()), Qt::LeftButton);
    QTRY_COMPARE(requested.count(), 1);
    overview.system.runtime.script.release(u"setIsolated"_s);
    QTRY_VERIFY((*started)->isOver());
    QTRY_VERIFY(!overview.need(key));
    overview.context.setRunner(nullptr);
}

void TestOverviewPage::anEventIsShownInert()
{
    Overview overview(1);
    AuditEvent event = eventOf("workspace.freeze", "mallory");
    event.actorName = Untrusted(u"<b>m\u202Eyrollam"_s);
    overview.system.world.events << event;
    overview.system.control.script.forgetCalls();
    QVERIFY(overview.connectAndLoad());
    const auto shownText = [&] {
        QString text;
        for (const kit::RunLine *line : overview.page.findChild<EventList *>()->findChildren<kit::RunLine *>())
            text += line->text();
        return text;
    };
    overview.system.world.announce(u"event"_s, u"0"_s, wire::toJson(event));
    QTRY_VERIFY(shownText().contains(u"workspace.freeze"_s));
    QVERIFY(shownText().contains(u"<b>m⟨U+202E⟩"_s));
}

void TestOverviewPage::eachEventWearsItsOwnProof()
{
    Desk desk(1);
    ProvenLog log(desk.system);
    const QTemporaryDir folder;
    fleet::LogFollower follower(folder.path(), desk.system.world.clock);
    desk.context.setLog(&follower);
    PageWindow<OverviewPage> shown(desk.commands, desk.context);
    desk.connectSystem();
    follower.setSystem(&desk.system.audit, desk.watch.get(), u"ca"_s, log.key());
    QVERIFY(waitUntil([&] { return stateIn(shown.page) == kit::StatePage::State::Ready; }));
    const auto worn = [&] {
        QStringList words;
        for (const kit::RunLine *line : shown.page->findChild<EventList *>()->findChildren<kit::RunLine *>()) {
            if (!line->isHidden())
                words << line->accessibleDescription();
        }
        return words;
    };
    const QString verified = kit::proofText(Proof::Verified);
    log.append();
    log.append();
    QTRY_COMPARE(worn(), (QStringList{verified, verified}));
    // One that came after the checkpoint is not proven by its neighbours.
    log.signedSize = 2;
    log.append();
    QTRY_COMPARE(worn().mid(1), (QStringList{verified, verified}));
    QTRY_COMPARE(worn().first(), kit::proofText(Proof::Pending));
    desk.context.setLog(nullptr);
    follower.clearSystem();
}

void TestOverviewPage::ownReadingDoesNotGoRound()
{
    Overview overview(1);
    QVERIFY(overview.connectAndLoad());
    QTRY_VERIFY(overview.system.audit.script.count(u"activity"_s) == 1);
    QCoreApplication::sendPostedEvents();
    const qsizetype before = overview.asked();
    overview.system.world.announce(u"event"_s, u"7"_s, wire::toJson(eventOf("api.workspaces.list", "operator")));
    QCoreApplication::sendPostedEvents();
    QCOMPARE(overview.asked(), before);
    for (const QTimer *timer : overview.page.findChildren<QTimer *>())
        QVERIFY2(!timer->isActive() || timer->interval() < 1000, "reading is answered by more reading");
}

void TestOverviewPage::nothingIsAskedWhileHidden()
{
    Overview overview(3);
    QVERIFY(overview.connectAndLoad());
    QTRY_VERIFY(overview.system.control.script.count(u"workspaces"_s) >= FleetFigure::Size);
    overview.page.setActive(false);
    const qsizetype before = overview.asked();
    overview.workspace("ws-1").runtime.isolated = true;
    overview.system.world.touch(WorkspaceId(u"ws-1"_s));
    overview.fakeWatch().recover(true);
    QCoreApplication::sendPostedEvents();
    QCOMPARE(overview.asked(), before);
    overview.page.setActive(true); // and at once when it comes up again
    QVERIFY(overview.asked() > before);
}

void TestOverviewPage::failureIsSaidAndPasses()
{
    Overview overview(4);
    QVERIFY(overview.connectAndLoad());
    QVERIFY(!overview.banner());
    overview.system.control.script.failAlways(u"countWorkspaces"_s, networkError(u"It is gone."_s));
    overview.commands.trigger(u"overview.refresh"_s);
    QTRY_VERIFY(overview.banner());
    QVERIFY(overview.banner()->text().contains(u"It is gone."_s));
    QVERIFY(overview.banner()->text().contains(u"What is shown was answered at "_s));
    QCOMPARE(stateIn(&overview.page), kit::StatePage::State::Ready);
    overview.system.control.script.succeed(u"countWorkspaces"_s);
    overview.system.world.touch(WorkspaceId(u"ws-1"_s)); // it is heard again: nobody has to press anything
    QTRY_VERIFY(!overview.banner());
    overview.fakeWatch().breakOff(networkError());
    QTRY_VERIFY(overview.banner());
    QVERIFY(overview.banner()->text().contains(u"has not been heard since"_s));
    overview.fakeWatch().recover();
    QTRY_VERIFY(!overview.banner());
}

void TestOverviewPage::theFirstFailureIsAnError()
{
    Overview overview(1);
    overview.system.control.script.failAlways(u"countWorkspaces"_s, networkError(u"No route."_s));
    overview.connectSystem();
    QTRY_COMPARE(stateIn(&overview.page), kit::StatePage::State::Error);
    QVERIFY(visibleChild<kit::MessageView>(&overview.page)->accessibleDescription().contains(u"No route."_s));
    overview.system.control.script.succeed(u"countWorkspaces"_s);
    QTest::mouseClick(buttonIn(&overview.page, u"Try again"_s), Qt::LeftButton);
    QTRY_COMPARE(stateIn(&overview.page), kit::StatePage::State::Ready);
}

void TestOverviewPage::theKeyboardFindsThePage()
{
    Overview overview(3);
    overview.workspace("ws-1").workspace.imageSigned = false;
    QVERIFY(overview.connectAndLoad());
    QTRY_VERIFY(!overview.needs().isEmpty());
    QWidget *first = overview.page.firstFocus();
    QVERIFY(first);
    first->setFocus(Qt::OtherFocusReason);
    QVERIFY2(QApplication::focusWidget() && overview.page.isAncestorOf(QApplication::focusWidget()), "the page takes no focus when it is shown");
}

QTEST_MAIN(TestOverviewPage)
#include "tst_overviewpage.moc"
