// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/workspaces/workspacespage.h"

#include "models/fleet/secretstore.h"
#include "models/items/workspacemodel.h"
#include "tests/ui/pages/desk.h"
#include "ui/kit/filterfield.h"
#include "ui/kit/statemessage.h"
#include "ui/kit/tableview.h"
#include "ui/kit/text/label.h"
#include "ui/pages/workspaces/bulkbar.h"
#include "ui/pages/workspaces/detailpane.h"

#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QListView>
#include <QtWidgets/QTabBar>

using namespace parapet;
using namespace parapet::pages;
using namespace parapet::support;
using namespace Qt::StringLiterals;

using Arrange = std::function<void(Desk &)>;
Q_DECLARE_METATYPE(Arrange)

namespace {

struct Fleet : Desk {
    explicit Fleet(int workspaces) : Desk(workspaces), shown(commands, context), page(*shown.page), table(*page.table()) {}

    QVariant cell(int row, const char *field, int role = Qt::DisplayRole) const
    {
        return table.model()->index(row, WorkspaceModel::columnOf(QLatin1String(field))).data(role);
    }
    QStringList names() const
    {
        QStringList names;
        for (int row = 0; row < table.model()->rowCount(); ++row)
            names << cell(row, "name").toString();
        return names;
    }
    bool connectAndLoad(int rows)
    {
        connectSystem();
        return waitUntil([&] { return table.model()->rowCount() == rows && stateIn(&page) == kit::StatePage::State::Ready; });
    }
    void makeCurrent(int row) { table.setCurrentIndex(table.model()->index(row, WorkspaceModel::columnOf(QLatin1String("name")))); }
    kit::Banner *banner() const { return visibleChild<kit::Banner>(&page); }
    QTabBar *views() const { return page.findChild<QTabBar *>(); }
    QString currentView() const { return views()->tabText(views()->currentIndex()).section(u'\t', 0, 0); }
    QString listText() const
    {
        QString text;
        const QAbstractItemModel *model = page.detail()->list()->model();
        for (int row = 0; row < model->rowCount(); ++row)
            text += model->index(row, 0).data().toString() + u'\n';
        return text;
    }

    PageWindow<WorkspacesPage> shown;
    WorkspacesPage &page;
    kit::TableView &table;
};

void typeFilter(Fleet &fleet, const QString &text)
{
    fleet.page.filterField()->edit()->setFocus();
    QTest::keyClicks(fleet.page.filterField()->edit(), text);
    QTest::keyClick(fleet.page.filterField()->edit(), Qt::Key_Return);
}

} // namespace

class TestWorkspacesPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rowsArePainted();
    void withoutConnectionItLeadsToConnections();
    void filtersChangeTheQuery_data();
    void filtersChangeTheQuery();
    void sortingAsksTheSource();
    void theSortIsRememberedAndTrue();
    void someOrAllThatMatchAreTargets();
    void bulkBarFitsWhereItIsNarrow();
    void commandsSayWhyTheyCannot_data();
    void commandsSayWhyTheyCannot();
    void theDetailShowsWhatRuns();
    void hostileTextIsDrawnInert();
    void aPlaceOpensTheDetail();
    void emptinessIsExplained_data();
    void emptinessIsExplained();
    void theFirstFailureIsAnErrorWithAWayOut();
    void aFailingSourceKeepsStaleRowsAndRecovers();
    void aSilentWatchIsSaid();
    void aSourceThatCameBackMustAnswerFirst();
    void anotherSystemsRowsAreForgotten();
};

void TestWorkspacesPage::rowsArePainted()
{
    Fleet fleet(30);
    QVERIFY(fleet.connectAndLoad(30));
    QCOMPARE(fleet.names().first(), u"workspace 1"_s);
    const QImage frame = fleet.table.viewport()->grab().toImage();
    const QRect row = fleet.table.visualRect(fleet.table.model()->index(0, WorkspaceModel::columnOf(QLatin1String("name"))));
    QSet<QRgb> colours;
    for (int x = row.left(); x < row.right(); ++x) {
        for (int y = row.top(); y < row.bottom(); ++y)
            colours.insert(frame.pixel(x, y));
    }
    QVERIFY2(colours.size() > 8, "the first row shows no text");
    QTRY_COMPARE(fleet.views()->tabText(0).simplified(), u"All 30"_s);
    // The watch, not a command's reply, changes a row.
    fleet.workspace("ws-1").workspace.state = WorkspaceState::Frozen;
    QCOMPARE(fleet.cell(0, "state").toString(), u"Running"_s);
    fleet.system.world.touch(WorkspaceId(u"ws-1"_s));
    QTRY_COMPARE(fleet.cell(0, "state", StateMarkRole).toInt(), int(StateMark::Frozen));
}

void TestWorkspacesPage::withoutConnectionItLeadsToConnections()
{
    Fleet fleet(3);
    QCOMPARE(stateIn(&fleet.page), kit::StatePage::State::Empty);
    QSignalSpy wanted(&fleet.page, &shell::Page::locationRequested);
    QAbstractButton *way = buttonIn(&fleet.page, u"Connections"_s);
    QVERIFY(way);
    QTest::mouseClick(way, Qt::LeftButton);
    QCOMPARE(wanted.count(), 1);
    QCOMPARE(wanted.first().first().value<shell::Location>().page, u"connections"_s);
    QVERIFY(fleet.connectAndLoad(3));
}

void TestWorkspacesPage::filtersChangeTheQuery_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<int>("rows");
    QTest::addColumn<QString>("view");
    QTest::newRow("a built-in view") << u"state:running"_s << 9 << u"Running"_s;
    QTest::newRow("one field") << u"state:stopped"_s << 1 << u"Filtered"_s;
    QTest::newRow("a comparison") << u"leases>=2"_s << 10 << u"Filtered"_s;
    QTest::newRow("text in a name") << u"name~10"_s << 1 << u"Filtered"_s;
}

void TestWorkspacesPage::filtersChangeTheQuery()
{
    QFETCH(QString, typed);
    QFETCH(int, rows);
    QFETCH(QString, view);
    Fleet fleet(10);
    fleet.workspace("ws-3").workspace.state = WorkspaceState::Stopped;
    QVERIFY(fleet.connectAndLoad(10));
    fleet.page.selection()->setChecked(u"ws-1"_s, true);
    QSignalSpy moved(&fleet.page, &shell::Page::locationChanged);
    typeFilter(fleet, typed);
    QTRY_COMPARE(fleet.table.model()->rowCount(), rows);
    QVERIFY(fleet.page.selection()->isEmpty()); // what was checked may no longer match
    QCOMPARE(moved.last().first().value<shell::Location>().param(u"filter"_s), fleet.page.filterField()->filter());
    QCOMPARE(fleet.currentView(), view);
    fleet.views()->setCurrentIndex(0);
    QTRY_COMPARE(fleet.table.model()->rowCount(), 10);
    QCOMPARE(fleet.page.filterField()->filter(), QString());
}

void TestWorkspacesPage::sortingAsksTheSource()
{
    Fleet fleet(9);
    QVERIFY(fleet.connectAndLoad(9));
    QHeaderView *header = fleet.table.horizontalHeader();
    const int column = WorkspaceModel::columnOf(QLatin1String("name"));
    const QPoint at(header->sectionViewportPosition(column) + 20, header->height() / 2);
    QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, at);
    QTRY_COMPARE(fleet.page.location().param(u"sort"_s), u"name"_s);
    QTRY_COMPARE(fleet.names().value(0), u"workspace 1"_s);
    QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, at);
    QTRY_COMPARE(fleet.names().value(0), u"workspace 9"_s);
    QCOMPARE(fleet.page.location().param(u"order"_s), u"desc"_s);
}

void TestWorkspacesPage::theSortIsRememberedAndTrue()
{
    Desk desk(3);
    for (const bool firstVisit : {true, false}) {
        desk.connectSystem();
        PageWindow<WorkspacesPage> shown(desk.commands, desk.context);
        kit::TableView *table = shown.page->table();
        shown.page->goTo({u"workspaces"_s, {}});
        QTRY_COMPARE(table->model()->rowCount(), 3);
        if (firstVisit) {
            table->setSort(u"name"_s, true);
            Q_EMIT table->sortRequested(u"name"_s, true);
            table->setColumnShown(u"region"_s, true);
        } else {
            // The header's mark must not promise an order that the rows do not have.
            QVERIFY(table->horizontalHeader()->isSortIndicatorShown());
        }
        QTRY_COMPARE(table->model()->index(0, WorkspaceModel::columnOf(QLatin1String("name"))).data().toString(), u"workspace 3"_s);
        desk.dropSystem();
    }
}

void TestWorkspacesPage::bulkBarFitsWhereItIsNarrow()
{
    Fleet fleet(12);
    QVERIFY(fleet.connectAndLoad(12));
    auto *bar = fleet.page.findChild<BulkBar *>();
    fleet.makeCurrent(2);
    fleet.table.setFocus();
    QTest::keyClick(&fleet.table, Qt::Key_Space);
    QWidget host; // in which the bar is as wide as the test says
    host.resize(1400, 200);
    QWidget *home = bar->parentWidget();
    const auto back = qScopeGuard([&] { bar->setParent(home); });
    bar->setParent(&host);
    host.show();
    for (const int width : {1400, 760}) {
        bar->resize(width, bar->height());
        bar->show();
        QTest::qWait(0);
        for (const QAbstractButton *button : bar->findChildren<QAbstractButton *>()) {
            if (!button->isHidden())
                QVERIFY2(button->width() >= button->sizeHint().width() && button->geometry().right() < width, qPrintable(u"%1 at %2: %3 wide"_s.arg(button->text()).arg(width).arg(button->width())));
        }
        const QAbstractButton *revoke = buttonIn(bar, u"Revoke…"_s);
        QVERIFY(revoke->width() > 2 * revoke->height()); // what destroys keeps its words
    }
}

void TestWorkspacesPage::someOrAllThatMatchAreTargets()
{
    Fleet fleet(12);
    QVERIFY(fleet.connectAndLoad(12));
    auto *bar = fleet.page.findChild<BulkBar *>();
    QVERIFY(bar->isHidden());
    fleet.makeCurrent(2);
    fleet.table.setFocus();
    QTest::keyClick(&fleet.table, Qt::Key_Space);
    QVERIFY(bar->isVisible());
    QCOMPARE(fleet.page.selection()->keys(), QStringList{fleet.cell(2, "name", KeyRole).toString()});
    QCOMPARE(fleet.commands.objectCount(), 1);
    QAbstractButton *all = buttonIn(bar, u"Select all 12 that match"_s);
    QVERIFY(all);
    QTest::mouseClick(all, Qt::LeftButton);
    QVERIFY(fleet.page.selection()->isAll());
    QVERIFY(all->isHidden());
    QTest::keyClick(&fleet.table, Qt::Key_Space); // all but this one
    QCOMPARE(fleet.commands.objectCount(), 11);

    const QString spared = fleet.cell(2, "name", KeyRole).toString();
    QString title;
    shell::ConsoleContext::Planner planner;
    QObject::connect(&fleet.context, &shell::ConsoleContext::planProposed, &fleet.page,
                     [&](const QString &of, const shell::ConsoleContext::Planner &made) { title = of; planner = made; });
    QAbstractButton *revoke = buttonIn(bar, u"Revoke…"_s);
    QVERIFY(revoke && revoke->isEnabled());
    QTest::mouseClick(revoke, Qt::LeftButton);
    QCOMPARE(title, u"Revoke 11 workspaces"_s);
    const Result<operation::Plan> plan = await(planner(fleet.context.system()));
    QVERIFY2(plan, why(plan));
    QCOMPARE(plan->workspaces.size(), 11);
    QCOMPARE(plan->system, u"fake"_s);
    for (const operation::PlanWorkspace &one : plan->workspaces)
        QVERIFY(one.id.value != spared);
    QTest::keyClick(&fleet.table, Qt::Key_Escape);
    QVERIFY(bar->isHidden());
}

void TestWorkspacesPage::commandsSayWhyTheyCannot_data()
{
    QTest::addColumn<Arrange>("arrange");
    QTest::addColumn<QString>("command");
    QTest::addColumn<bool>("current");
    QTest::addColumn<QString>("reason"); ///< what the sentence must hold; empty: it is available
    const auto nothing = Arrange([](Desk &) {});
    QTest::newRow("all is well") << nothing << u"workspace.revoke"_s << true << QString();
    QTest::newRow("nothing chosen") << nothing << u"workspace.revoke"_s << false << u"."_s;
    QTest::newRow("offline") << Arrange([](Desk &desk) {
        shell::CommandContext context;
        context.online = shell::Availability::no(u"Silent since noon."_s);
        desk.commands.setContext(context);
    }) << u"workspace.freeze"_s << true << u"Silent since noon."_s;
    QTest::newRow("the agent cannot") << Arrange([](Desk &desk) {
        desk.system.runtime.capabilities.insert(u"freeze"_s, Capability::absent(u"This host has no freezer."_s));
    }) << u"workspace.freeze"_s << true << u"This host has no freezer."_s;
    QTest::newRow("the agent can with limits") << Arrange([](Desk &desk) {
        desk.system.runtime.capabilities.insert(u"freeze"_s, Capability::degraded(u"Signals only."_s));
    }) << u"workspace.freeze"_s << true << QString();
    QTest::newRow("no right") << Arrange([](Desk &desk) {
        shell::CommandContext context;
        context.may = [](const QString &right) {
            return right == u"workspace:revoke"_s ? shell::Availability::no(u"You may not revoke."_s) : shell::Availability::yes();
        };
        desk.commands.setContext(context);
    }) << u"workspace.revoke"_s << true << u"You may not revoke."_s;
}

void TestWorkspacesPage::commandsSayWhyTheyCannot()
{
    QFETCH(Arrange, arrange);
    QFETCH(QString, command);
    QFETCH(bool, current);
    QFETCH(QString, reason);
    Fleet fleet(2);
    arrange(fleet);
    QVERIFY(fleet.connectAndLoad(2));
    if (current)
        fleet.makeCurrent(0);
    fleet.commands.refresh();
    const shell::Availability availability = fleet.commands.availability(*fleet.commands.find(command));
    QCOMPARE(availability.enabled, reason.isEmpty());
    QVERIFY2(availability.reason.contains(reason), qPrintable(availability.reason));
    QSignalSpy refused(&fleet.commands, &shell::CommandRegistry::refused);
    QSignalSpy proposed(&fleet.context, &shell::ConsoleContext::planProposed);
    fleet.commands.trigger(command);
    QCOMPARE(proposed.count(), reason.isEmpty() ? 1 : 0);
    QCOMPARE(refused.count(), reason.isEmpty() ? 0 : 1);
    // The button that stands for the command tells the same.
    std::unique_ptr<kit::Button> button(fleet.commands.createButton(command, &fleet.page));
    QCOMPARE(button->isEnabled(), reason.isEmpty());
    QCOMPARE(button->reason(), availability.reason);
}

void TestWorkspacesPage::theDetailShowsWhatRuns()
{
    Fleet fleet(4);
    AuditEvent event;
    event.action = u"workspace.freeze"_s;
    event.actorName = Untrusted(u"A. Operator"_s);
    event.workspace = WorkspaceId(u"ws-2"_s);
    event.time = fleet.system.world.clock.now();
    fleet.system.world.events << event;
    QVERIFY(fleet.connectAndLoad(4));
    QVERIFY(!fleet.page.detail()->isVisible());
    fleet.makeCurrent(1);
    fleet.table.setFocus();
    QTest::keyClick(&fleet.table, Qt::Key_Return);
    QTRY_VERIFY(fleet.page.detail()->isVisible());
    QCOMPARE(fleet.page.location().param(u"key"_s), u"ws-2"_s);
    for (const QString &expected : {u"Person 2"_s, u"Agent 2"_s, u"/usr/bin/bash"_s, u"db-payments-ro"_s, u"production"_s, u"git.example:443"_s})
        QTRY_VERIFY2(fleet.listText().contains(expected), qPrintable(expected));
    QVERIFY(fleet.system.audit.script.count(u"events"_s) >= 1);
    QVERIFY(fleet.system.audit.script.calls().last().subject.startsWith(u"workspace:ws-2 "_s)); // what was only read is left out

    // A part that fails says so, keeps what it knew, and says since when.
    fleet.system.broker.script.failAlways(u"leases"_s, networkError(u"The broker is silent."_s));
    fleet.system.world.touch(WorkspaceId(u"ws-2"_s));
    QTRY_VERIFY(fleet.listText().contains(u"The broker is silent."_s));
    QVERIFY(fleet.listText().contains(u"db-payments-ro"_s));
    QVERIFY(fleet.listText().contains(u"as of "_s));
    fleet.system.broker.script.succeed(u"leases"_s);
    fleet.system.world.touch(WorkspaceId(u"ws-2"_s));
    QTRY_VERIFY(!fleet.listText().contains(u"The broker is silent."_s));

    // Another row: nothing of the former one may stand under its name, however late its answers come.
    fleet.system.control.script.hold(u"sessions ws-2"_s);
    fleet.system.world.touch(WorkspaceId(u"ws-2"_s));
    QTRY_COMPARE(fleet.system.control.script.waiting(u"sessions ws-2"_s), 1);
    fleet.makeCurrent(2);
    QTRY_VERIFY(fleet.listText().contains(u"Person 3"_s));
    fleet.system.control.script.release(u"sessions ws-2"_s);
    QTRY_COMPARE(fleet.system.control.script.waiting(u"sessions ws-2"_s), 0);
    QCoreApplication::sendPostedEvents();
    QVERIFY(!fleet.listText().contains(u"Person 2"_s));

    fleet.dropSystem();
    QVERIFY(fleet.listText().contains(u"as of "_s));
    QVERIFY(fleet.listText().contains(u"Person 3"_s));
    fleet.page.detail()->setFocus();
    QTest::keyClick(fleet.page.detail(), Qt::Key_Escape);
    QTRY_VERIFY(!fleet.page.detail()->isVisible());
    QVERIFY(fleet.page.location().param(u"key"_s).isEmpty());
}

void TestWorkspacesPage::hostileTextIsDrawnInert()
{
    const QString hostile = u"<img src='file:///etc/passwd'><b>x</b>\u202Egnp.exe\u0007\n[line]"_s;
    Fleet fleet(1);
    FakeWorkspace &workspace = fleet.workspace("ws-1");
    workspace.workspace.name = workspace.workspace.ownerName = Untrusted(hostile);
    workspace.sessions[0].client = workspace.sessions[0].actorName = Untrusted(hostile);
    workspace.processes[1].command = Untrusted(hostile);
    workspace.flows[0].host = Untrusted(hostile);
    workspace.leases[0].holderName = Untrusted(hostile);
    QVERIFY(fleet.connectAndLoad(1));
    fleet.makeCurrent(0);
    QTest::keyClick(&fleet.table, Qt::Key_Return);
    QTRY_VERIFY(fleet.listText().contains(u"<img"_s)); // as text, not as markup
    const QStringList shown{fleet.listText(), fleet.cell(0, "name").toString(), fleet.cell(0, "ownerName").toString(), fleet.commands.objectName()};
    for (const QString &text : shown) {
        QVERIFY(!text.contains(QChar(0x202E)) && !text.contains(QChar(7)));
        QVERIFY(text.contains(u"⟨U+202E⟩"_s));
    }
    for (const QLabel *label : fleet.page.findChildren<QLabel *>())
        QCOMPARE(label->textFormat(), Qt::PlainText);
    const QAbstractItemModel *list = fleet.page.detail()->list()->model();
    for (int row = 0; row < list->rowCount(); ++row)
        QVERIFY(!list->index(row, 0).data(Qt::ToolTipRole).toString().contains(QChar(0x202E)));
}

void TestWorkspacesPage::aPlaceOpensTheDetail()
{
    Fleet fleet(6);
    fleet.page.goTo({u"workspaces"_s, {{u"filter"_s, u"project:ledger"_s}, {u"key"_s, u"ws-3"_s}, {u"sort"_s, u"name"_s}, {u"order"_s, u"desc"_s}}});
    QVERIFY(fleet.connectAndLoad(3));
    QTRY_VERIFY(fleet.page.detail()->isVisible());
    QCOMPARE(fleet.page.detail()->workspace().id.value, u"ws-3"_s);
    QCOMPARE(fleet.table.currentKey(), u"ws-3"_s);
    QCOMPARE(fleet.names(), (QStringList{u"workspace 5"_s, u"workspace 3"_s, u"workspace 1"_s}));
    QCOMPARE(fleet.page.filterField()->filter(), u"project:ledger"_s);
}

void TestWorkspacesPage::emptinessIsExplained_data()
{
    QTest::addColumn<int>("workspaces");
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QString>("title");
    QTest::newRow("none exists") << 0 << QString() << u"No workspace exists"_s;
    QTest::newRow("none matches") << 4 << u"name~nothing"_s << u"No workspace matches"_s;
}

void TestWorkspacesPage::emptinessIsExplained()
{
    QFETCH(int, workspaces);
    QFETCH(QString, filter);
    QFETCH(QString, title);
    Fleet fleet(workspaces);
    fleet.page.goTo({u"workspaces"_s, {{u"filter"_s, filter}}});
    fleet.connectSystem();
    QTRY_COMPARE(stateIn(&fleet.page), kit::StatePage::State::Empty);
    auto *message = visibleChild<kit::MessageView>(&fleet.page);
    QTRY_COMPARE(message->accessibleName(), title);
    if (filter.isEmpty())
        return;
    QTRY_VERIFY(message->accessibleDescription().contains(u"4 workspaces exist."_s));
    QVERIFY(message->accessibleDescription().contains(filter));
    QAbstractButton *clear = buttonIn(message, u"Clear filter"_s);
    QVERIFY(clear);
    QTest::mouseClick(clear, Qt::LeftButton);
    QTRY_COMPARE(stateIn(&fleet.page), kit::StatePage::State::Ready);
    QCOMPARE(fleet.table.model()->rowCount(), 4);
}

void TestWorkspacesPage::theFirstFailureIsAnErrorWithAWayOut()
{
    Fleet fleet(2);
    fleet.system.control.script.failAlways(u"workspaces"_s, networkError(u"The plane is gone."_s, false));
    fleet.connectSystem();
    QTRY_COMPARE(stateIn(&fleet.page), kit::StatePage::State::Error);
    auto *message = visibleChild<kit::MessageView>(&fleet.page);
    QVERIFY(message->accessibleDescription().contains(u"The plane is gone."_s));
    fleet.system.control.script.succeed(u"workspaces"_s);
    QAbstractButton *again = buttonIn(message, u"Try again"_s);
    QVERIFY(again);
    QTest::mouseClick(again, Qt::LeftButton);
    QTRY_COMPARE(stateIn(&fleet.page), kit::StatePage::State::Ready);
    QCOMPARE(fleet.fakeWatch().reconnects, 1);
}

void TestWorkspacesPage::aFailingSourceKeepsStaleRowsAndRecovers()
{
    Fleet fleet(5);
    QVERIFY(fleet.connectAndLoad(5));
    QVERIFY(!fleet.banner());
    fleet.system.control.script.failAlways(u"workspaces"_s, networkError(u"The plane is slow to come back."_s));
    fleet.commands.trigger(u"workspaces.refresh"_s);
    QTRY_VERIFY(fleet.banner());
    QCOMPARE(stateIn(&fleet.page), kit::StatePage::State::Ready);
    QVERIFY(fleet.banner()->text().contains(u"The plane is slow to come back."_s));
    QVERIFY(fleet.banner()->text().contains(u"Rows are as they were at "_s));
    QCOMPARE(fleet.table.model()->rowCount(), 5);
    QVERIFY(fleet.cell(0, "name", StaleRole).toBool());
    fleet.system.control.script.succeed(u"workspaces"_s);
    QTRY_VERIFY(!fleet.banner()); // alone: the model tries again
    QVERIFY(!fleet.cell(0, "name", StaleRole).toBool());
}

void TestWorkspacesPage::aSilentWatchIsSaid()
{
    Fleet fleet(2);
    QVERIFY(fleet.connectAndLoad(2));
    fleet.fakeWatch().breakOff(networkError());
    QTRY_VERIFY(fleet.banner());
    QVERIFY(fleet.banner()->text().contains(u"has not been heard since"_s));
    QVERIFY(fleet.cell(1, "name", StaleRole).toBool());
    fleet.system.world.clock.advance(std::chrono::minutes(3));
    fleet.fakeWatch().recover(true);
    QTRY_VERIFY(!fleet.banner());
    QVERIFY(!fleet.cell(1, "name", StaleRole).toBool());
}

void TestWorkspacesPage::aSourceThatCameBackMustAnswerFirst()
{
    Fleet fleet(2);
    QVERIFY(fleet.connectAndLoad(2));
    fleet.dropSystem();
    QVERIFY(fleet.cell(0, "name", StaleRole).toBool());
    QVERIFY(fleet.banner());
    fleet.system.control.script.hold(u"workspaces"_s);
    fleet.connectSystem();
    QTRY_VERIFY(fleet.system.control.script.waiting(u"workspaces"_s) > 0);
    QVERIFY(fleet.cell(0, "name", StaleRole).toBool());
    QVERIFY(fleet.banner());
    fleet.system.control.script.release(u"workspaces"_s);
    QTRY_VERIFY(!fleet.cell(0, "name", StaleRole).toBool());
    QTRY_VERIFY(!fleet.banner());
}

void TestWorkspacesPage::anotherSystemsRowsAreForgotten()
{
    Fleet fleet(3);
    QVERIFY(fleet.connectAndLoad(3));
    fleet.page.selection()->setChecked(u"ws-2"_s, true);
    fleet::MemorySecretStore secrets;
    fleet::Connection other({u"other"_s, {}, {}, {}, {}, {}, {}, {}, {}, {}}, secrets, fleet.system.world.clock);
    fleet.context.setConnection(&other);
    QCOMPARE(fleet.table.model()->rowCount(), 0);
    QVERIFY(fleet.page.selection()->isEmpty());
    QVERIFY(stateIn(&fleet.page) != kit::StatePage::State::Ready);
    fleet.context.setConnection(nullptr);
}

QTEST_MAIN(TestWorkspacesPage)
#include "tst_workspacespage.moc"
