// SPDX-License-Identifier: GPL-3.0-or-later
// What a person may not do is disabled beforehand, with the reason in words, wherever a command is shown.
#include "models/items/workspacemodel.h"
#include "tests/ui/pages/desk.h"
#include "ui/kit/tableview.h"
#include "ui/pages/overview/overviewpage.h"
#include "ui/pages/workspaces/workspacecommands.h"
#include "ui/pages/workspaces/workspacespage.h"
#include "ui/shell/palette.h"

#include <QtGui/QAction>
#include <QtWidgets/QMenu>

using namespace parapet;
using namespace parapet::pages;
using namespace parapet::support;
using namespace Qt::StringLiterals;

namespace {

access::Rights rightsOf(const QVector<Grant> &grants)
{
    return *access::Rights::fromGrants(grants);
}

QVector<Grant> viewerGrants()
{
    QVector<Grant> grants;
    for (const char *right : {"workspace:read", "session:read", "lease:read", "principal:read", "runtime:read"})
        grants.append({QLatin1String(right), u"organisation"_s, GrantEffect::Allow});
    return grants;
}

struct Fleet : Desk {
    Fleet() : Desk(4), shown(commands, context), page(*shown.page)
    {
        workspace("ws-1").workspace.project = u"payments"_s;
        workspace("ws-2").workspace.project = u"risk"_s;
        const auto follow = [this] {
            shell::CommandContext now;
            now.may = [this](const QString &right) { return context.may(right); };
            commands.setContext(now);
        };
        QObject::connect(&context, &shell::ConsoleContext::rightsChanged, &commands, follow);
        follow();
        connectSystem();
    }
    bool load()
    {
        return waitUntil([this] { return page.table()->model()->rowCount() == 4 && stateIn(&page) == kit::StatePage::State::Ready; });
    }
    void choose(const char *key)
    {
        page.table()->setCurrentKey(QLatin1String(key));
        QTRY_COMPARE(commands.objectCount(), 1);
    }
    shell::Availability availability(const QString &id) const { return commands.availability(*commands.find(id)); }

    PageWindow<WorkspacesPage> shown;
    WorkspacesPage &page;
};

} // namespace

class TestRights : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aViewerIsToldEverywhere();
    void scopesAreLookedAtRowByRow();
    void changedRightsAreFollowed();
    void whatIsNotKnownIsNotRefused();
    void theOverviewSaysWhichRightTheLogNeeds();
};

void TestRights::aViewerIsToldEverywhere()
{
    Fleet fleet;
    fleet.context.setRights(rightsOf(viewerGrants()));
    QVERIFY(fleet.load());
    fleet.choose("ws-1");
    const QString why = u"You may not revoke workspaces: ask for workspace:revoke on the organisation."_s;
    QCOMPARE(fleet.availability(u"workspace.revoke"_s).reason, why);
    // The toolbar's button, the menu's entry and the palette's row are views of the same answer.
    std::unique_ptr<kit::Button> button(fleet.commands.createButton(u"workspace.revoke"_s, &fleet.shown.window));
    QVERIFY(!button->isEnabled());
    QCOMPARE(button->reason(), why);
    std::unique_ptr<QMenu> menu(fleet.commands.createMenu(menuCommandIds(), &fleet.shown.window));
    int refused = 0;
    for (const QAction *action : menu->actions()) {
        if (action->isEnabled())
            continue;
        ++refused;
        QVERIFY2(action->toolTip().contains(u"You may not"_s), qPrintable(action->text() + action->toolTip()));
    }
    QCOMPARE(refused, 9); // eight verbs and Revoke; looking and copying stay
    shell::CommandProvider provider(fleet.commands, true);
    const auto found = await(provider.search(u"revoke"_s));
    QVERIFY(found);
    QVERIFY2(std::any_of(found->items.begin(), found->items.end(), [&](const shell::PaletteItem &item) { return item.available.reason == why; }),
             "the palette says nothing");
    QSignalSpy proposed(&fleet.context, &shell::ConsoleContext::planProposed);
    QVERIFY(!fleet.commands.trigger(u"workspace.revoke"_s).enabled);
    QCOMPARE(proposed.count(), 0);
}

void TestRights::scopesAreLookedAtRowByRow()
{
    Fleet fleet;
    QVector<Grant> grants = viewerGrants();
    grants.append({u"workspace:revoke"_s, u"project:payments"_s, GrantEffect::Allow});
    fleet.context.setRights(rightsOf(grants));
    QVERIFY(fleet.load());
    fleet.choose("ws-1");
    QVERIFY(fleet.availability(u"workspace.revoke"_s).enabled);
    fleet.choose("ws-2");
    QCOMPARE(fleet.availability(u"workspace.revoke"_s).reason, u"You may not revoke workspaces: ask for workspace:revoke on project risk."_s);
    fleet.page.selection()->setChecked({u"ws-1"_s, u"ws-2"_s}, true);
    QVERIFY(!fleet.availability(u"workspace.revoke"_s).enabled);
    fleet.page.selection()->setChecked(u"ws-2"_s, false);
    QVERIFY(fleet.availability(u"workspace.revoke"_s).enabled);
    fleet.page.selection()->selectAll(); // which ones is the source's to say, and the plane's to refuse
    QVERIFY(fleet.availability(u"workspace.revoke"_s).enabled);
}

void TestRights::changedRightsAreFollowed()
{
    Fleet fleet;
    fleet.context.setRights(rightsOf(viewerGrants()));
    QVERIFY(fleet.load());
    fleet.choose("ws-1");
    const int asked = fleet.system.control.script.count(u"workspaces"_s);
    QSignalSpy told(&fleet.context, &shell::ConsoleContext::rightsChanged);
    fleet.context.setRights(rightsOf(viewerGrants())); // the same again
    QCOMPARE(told.count(), 0);
    QVector<Grant> more = viewerGrants();
    more.append({u"runtime:freeze"_s, u"organisation"_s, GrantEffect::Allow});
    fleet.context.setRights(rightsOf(more));
    QCOMPARE(told.count(), 1);
    QVERIFY(fleet.availability(u"workspace.freeze"_s).enabled);
    QVERIFY(!fleet.availability(u"workspace.isolate"_s).enabled);
    QTRY_VERIFY(fleet.system.control.script.count(u"workspaces"_s) > asked); // other rights, other rows
}

void TestRights::whatIsNotKnownIsNotRefused()
{
    Fleet fleet;
    QVERIFY(fleet.load());
    fleet.choose("ws-1");
    QVERIFY(!fleet.context.rights());
    QVERIFY(fleet.availability(u"workspace.revoke"_s).enabled);
}

void TestRights::theOverviewSaysWhichRightTheLogNeeds()
{
    Desk desk(3);
    desk.context.setRights(rightsOf(viewerGrants()));
    PageWindow<OverviewPage> shown(desk.commands, desk.context);
    desk.connectSystem();
    QTRY_COMPARE(stateIn(shown.page), kit::StatePage::State::Ready);
    QVERIFY(!visibleChild<kit::Banner>(shown.page)); // nothing is broken
    int said = 0;
    for (const QLabel *label : shown.page->findChildren<QLabel *>())
        said += label->isVisible() && label->text().contains(u"ask for audit:read on the organisation"_s);
    QCOMPARE(said, 2);
    QCOMPARE(desk.system.audit.script.count(u"events"_s), 0); // what would be refused is not asked
    QVector<Grant> more = viewerGrants();
    more.append({u"audit:read"_s, u"organisation"_s, GrantEffect::Allow});
    desk.context.setRights(rightsOf(more));
    QTRY_VERIFY(desk.system.audit.script.count(u"events"_s) > 0);
    for (const QLabel *label : shown.page->findChildren<QLabel *>())
        QVERIFY(!label->isVisible() || !label->text().contains(u"audit:read"_s));
}

QTEST_MAIN(TestRights)
#include "tst_rights.moc"
