// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/filterfield.h"
#include "ui/kit/notifications.h"
#include "ui/kit/tableview.h"
#include "ui/kit/text/label.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/palette.h"
#include "ui/shell/rail.h"
#include "ui/shell/statusline.h"

#include <QtCore/QDir>
#include <QtCore/QTemporaryDir>
#include <QtGui/QStandardItemModel>
#include <QtTest/QtTest>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QListView>
#include <QtWidgets/QTabBar>

using namespace parapet;
using namespace parapet::shell;
using namespace Qt::StringLiterals;

namespace {

class ListPage : public Page
{
public:
    ListPage(const QString &title, QWidget *parent)
        : Page(title, parent), m_filter(new kit::FilterField), m_table(new kit::TableView)
    {
        setFigures(
            {{u"46"_s, kit::Type::Table, kit::Role::Text, 600}, {u" of 318"_s, kit::Type::Table, kit::Role::Text2}});
        addHeaderWidget(new kit::Button(u"Columns"_s, kit::Icon::Columns));
        views()->addTab(u"All\t318"_s);
        views()->addTab(u"Payments && ledger\t46"_s);
        setFilterBar(m_filter);
        auto *model = new QStandardItemModel(40, 3, m_table);
        for (int row = 0; row < 40; ++row) {
            for (int column = 0; column < 3; ++column)
                model->setData(model->index(row, column), u"ws-payments-api-%1"_s.arg(row));
        }
        m_table->setModel(model);
        m_table->setColumns({{u"a"_s, u"Workspace"_s, kit::CellKind::Mono, 200},
                             {u"b"_s, u"Owner"_s, kit::CellKind::Text, 200},
                             {u"c"_s, u"Region"_s, kit::CellKind::Muted, 100}});
        setContent(m_table);
        setObjectName(title);
    }
    QVector<Command> commands() override
    {
        Command revoke;
        revoke.id = u"revoke"_s;
        revoke.text = u"Revoke…"_s;
        revoke.hint = u"evidence first"_s;
        revoke.icon = kit::Icon::Ban;
        revoke.shortcut = QKeySequence(Qt::Key_R);
        revoke.needs = NeedsObjects;
        revoke.onObject = true;
        revoke.run = [this] { ++revoked; };
        return {revoke};
    }
    QWidget *firstFocus() override { return m_table; }
    QWidget *filterWidget() override { return m_filter; }
    void say(const Location &place) { setLocation(place); }

    int shown = 0, hidden = 0, revoked = 0;
    Location last;

protected:
    void showLocation(const Location &place) override { last = place; }
    void activated() override { ++shown; }
    void deactivated() override { ++hidden; }

private:
    kit::FilterField *m_filter;
    kit::TableView *m_table;
};

/// Answers when told to.
class LateProvider : public PaletteProvider
{
public:
    QString heading() const override { return u"Objects"_s; }
    Reply<PaletteAnswer> search(const QString &needle) override
    {
        needles << needle;
        promises.emplace_back();
        promises.back().start();
        return promises.back().future();
    }
    void answer(size_t index, const QStringList &names, qint64 total)
    {
        PaletteAnswer answer;
        for (const QString &name : names) {
            PaletteItem item;
            item.icon = kit::Icon::Terminal;
            item.text = name;
            item.mono = true;
            item.note = u"Tomasz Wilk, running"_s;
            item.run = [this, name] { opened << name; };
            item.commands = [this, name] {
                PaletteItem isolate;
                isolate.text = u"Isolate"_s;
                isolate.run = [this, name] { opened << u"isolate "_s + name; };
                return QVector<PaletteItem>{isolate};
            };
            answer.items << item;
        }
        answer.total = Count::exactly(total);
        promises[index].addResult(Result<PaletteAnswer>(answer));
        promises[index].finish();
    }
    QStringList needles;
    QStringList opened;
    std::vector<QPromise<Result<PaletteAnswer>>> promises;
};

} // namespace

class TestMainWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void goesAndComesBack();
    void unknownPlaceIsSaid();
    void pageIsLeftAndFoundAgain();
    void railByKeyboardAndMouse();
    void railFoldsAndIsRemembered();
    void paletteFindsPlaces();
    void paletteCommandsByKeyboard();
    void paletteLateAnswers();
    void paletteTabShowsCommands();
    void slashFocusesTheFilter();
    void idleHasNoShortTimer();
    void everythingHasAName();
    void largeTextFits();
    void picture();

private:
    QString currentText() const;

    kit::Theme m_theme{kit::ThemeChoice::Dark};
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<QSettings> m_store;
    std::unique_ptr<CommandRegistry> m_registry;
    std::unique_ptr<LateProvider> m_objects;
    std::unique_ptr<MainWindow> m_window;
};

void TestMainWindow::initTestCase()
{
    m_theme.install(*qApp);
}

void TestMainWindow::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_store = std::make_unique<QSettings>(m_folder->filePath(u"s.ini"_s), QSettings::IniFormat);
    m_registry = std::make_unique<CommandRegistry>();
    m_objects = std::make_unique<LateProvider>();
    const auto page = [](const QString &id, const QString &title, kit::Icon icon, int group) {
        return PageInfo{id, title, icon, group,
                        [title](QWidget *parent) -> Page * { return new ListPage(title, parent); }};
    };
    m_window = std::make_unique<MainWindow>(
        QVector<PageInfo>{page(u"overview"_s, u"Overview"_s, kit::Icon::Overview, 0),
                          page(u"workspaces"_s, u"Workspaces"_s, kit::Icon::Terminal, 1),
                          page(u"operations"_s, u"Operations"_s, kit::Icon::Checklist, 1),
                          page(u"settings"_s, u"Settings"_s, kit::Icon::Sliders, PageInfo::FootGroup)},
        *m_registry, *m_store);
    m_window->addPaletteProvider(m_objects.get());
    m_window->setUser(u"Karin Lindqvist"_s, u"Security operator"_s);
    m_window->setConnectionName(u"meridian · prod-eu"_s);
    m_window->setBadge(u"workspaces"_s, {u"318"_s, Severity::None});
    m_window->setBadge(u"operations"_s, {u"7"_s, Severity::Critical});
    m_window->statusLine()->connection(u"control"_s)->set(StateMark::Observed, u"Control plane 11 ms"_s);
    m_window->statusLine()->logHead()->set(Proof::Verified, u"Checkpoint 4,812,006 verified 14 s ago"_s);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    m_window->activateWindow();
    QVERIFY(m_window->goTo({u"overview"_s, {}}));
}

void TestMainWindow::cleanup()
{
    m_window.reset();
    m_objects.reset();
    m_registry.reset();
}

QString TestMainWindow::currentText() const
{
    return m_window->palettePanel()->list()->currentIndex().data().toString();
}

void TestMainWindow::goesAndComesBack()
{
    auto *overview = static_cast<ListPage *>(m_window->currentPage());
    QCOMPARE(overview->shown, 1);
    const Location there{u"workspaces"_s, {{u"filter"_s, u"team:a"_s}}};
    QVERIFY(m_window->goTo(there));
    auto *workspaces = static_cast<ListPage *>(m_window->currentPage());
    QCOMPARE(workspaces->last, there);
    QCOMPARE(overview->hidden, 1);
    QCOMPARE(m_window->rail()->current(), u"workspaces"_s);
    QVERIFY(m_window->windowTitle().startsWith(u"Workspaces"_s));
    m_window->goBack();
    QCOMPARE(m_window->location().page, u"overview"_s);
    m_window->goForward();
    QCOMPARE(m_window->location(), there);
    m_window->goForward();
    QCOMPARE(m_window->location(), there);
}

void TestMainWindow::unknownPlaceIsSaid()
{
    QVERIFY(!m_window->goTo({u"nowhere"_s, {}}));
    QCOMPARE(m_window->location().page, u"overview"_s);
    QCOMPARE(m_window->notifications()->count(), 1);
}

void TestMainWindow::pageIsLeftAndFoundAgain()
{
    m_window->goTo({u"workspaces"_s, {}});
    auto *page = static_cast<ListPage *>(m_window->currentPage());
    page->say({u"workspaces"_s, {{u"filter"_s, u"team:b"_s}}});
    QCOMPARE(m_window->location().param(u"filter"_s), u"team:b"_s);
    m_window->goTo({u"overview"_s, {}});
    m_window->goTo({u"workspaces"_s, {}}); // by the rail: as it was left
    QCOMPARE(m_window->location().param(u"filter"_s), u"team:b"_s);
    // What a page says while another is shown does not move the history.
    m_window->goTo({u"overview"_s, {}});
    page->say({u"workspaces"_s, {{u"filter"_s, u"team:c"_s}}});
    QCOMPARE(m_window->location().page, u"overview"_s);
}

void TestMainWindow::railByKeyboardAndMouse()
{
    QListView *list = m_window->rail()->list();
    list->setFocus();
    QTest::keyClick(list, Qt::Key_Down);
    QCOMPARE(m_window->location().page, u"overview"_s);
    QTest::keyClick(list, Qt::Key_Return);
    QCOMPARE(m_window->location().page, u"workspaces"_s);
    const QModelIndex first = list->model()->index(0, 0);
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(first).center());
    QCOMPARE(m_window->location().page, u"overview"_s);
    QCOMPARE(list->model()->index(3, 0).data(Qt::AccessibleTextRole).toString(), u"Operations, Critical, 7"_s);
}

void TestMainWindow::railFoldsAndIsRemembered()
{
    QCOMPARE(m_window->rail()->width(), kit::size::rail);
    QVERIFY(m_registry->trigger(u"window.rail"_s).enabled);
    QTRY_COMPARE(m_window->rail()->width(), kit::size::railCollapsed);
    QVERIFY(m_store->value(u"window/railCollapsed"_s).toBool());
    QVERIFY(!m_window->grab().isNull());
}

void TestMainWindow::paletteFindsPlaces()
{
    QTest::keyClick(m_window.get(), Qt::Key_K, Qt::ControlModifier);
    Palette *palette = m_window->palettePanel();
    QTRY_VERIFY(palette->isVisible());
    QVERIFY(palette->edit()->hasFocus());
    QTest::keyClicks(palette->edit(), u"#set"_s);
    QTRY_COMPARE(currentText(), u"Settings"_s);
    QTest::keyClick(palette->edit(), Qt::Key_Return);
    QCOMPARE(m_window->location().page, u"settings"_s);
    QVERIFY(!palette->isVisible());
}

void TestMainWindow::paletteCommandsByKeyboard()
{
    auto *page = static_cast<ListPage *>(m_window->currentPage());
    Palette *palette = m_window->palettePanel();
    m_window->openPalette(u">revo"_s);
    QTRY_COMPARE(currentText(), u"Revoke…"_s);
    QTest::keyClick(palette->edit(), Qt::Key_Return); // not available: nothing is chosen
    QVERIFY(palette->isVisible());
    QCOMPARE(page->revoked, 0);
    Q_EMIT page->objectsChanged(1, u"ws-payments-api-7f3"_s);
    m_window->openPalette(u">revo"_s);
    QTRY_COMPARE(palette->list()->model()->index(0, 0).data().toString(), u"Commands on ws-payments-api-7f3"_s);
    QTest::keyClick(palette->edit(), Qt::Key_Return);
    QCOMPARE(page->revoked, 1);
    m_window->openPalette(u">no such command"_s);
    QTRY_VERIFY(!palette->isSearching());
    QTest::keyClick(palette->edit(), Qt::Key_Down);
    QTest::keyClick(palette->edit(), Qt::Key_Return);
    QTest::keyClick(palette->edit(), Qt::Key_Escape);
    QVERIFY(!palette->isVisible());
}

void TestMainWindow::paletteLateAnswers()
{
    Palette *palette = m_window->palettePanel();
    m_window->openPalette();
    QTest::keyClicks(palette->edit(), u"pa"_s);
    QCOMPARE(m_objects->needles, (QStringList{QString(), u"p"_s, u"pa"_s}));
    QVERIFY(palette->isSearching());
    // The answer to an older needle comes after all: it is not shown.
    m_objects->answer(1, {u"old"_s}, 1);
    m_objects->answer(2, {u"ws-payments-api-7f3"_s, u"ws-payments-api-88d"_s}, 31);
    QTRY_VERIFY(!palette->isSearching());
    QStringList texts;
    for (int row = 0; row < palette->list()->model()->rowCount(); ++row)
        texts << palette->list()->model()->index(row, 0).data().toString();
    QVERIFY(!texts.contains(u"old"_s));
    QCOMPARE(texts.at(0), u"Objects"_s);
    QVERIFY(palette->summary().contains(u" of 3"_s));
    QVERIFY(palette->summary().contains(u"ms"_s));
    while (currentText() != u"ws-payments-api-88d"_s)
        QTest::keyClick(palette->edit(), Qt::Key_Down);
    QTest::keyClick(palette->edit(), Qt::Key_Return);
    QCOMPARE(m_objects->opened, QStringList{u"ws-payments-api-88d"_s});
}

void TestMainWindow::paletteTabShowsCommands()
{
    Palette *palette = m_window->palettePanel();
    m_window->openPalette(u"pay"_s);
    m_objects->answer(m_objects->promises.size() - 1, {u"ws-payments-api-7f3"_s}, 1);
    QTRY_VERIFY(!palette->isSearching());
    QCOMPARE(currentText(), u"ws-payments-api-7f3"_s);
    QTest::keyClick(palette->edit(), Qt::Key_Tab);
    QCOMPARE(currentText(), u"Isolate"_s);
    QTest::keyClick(palette->edit(), Qt::Key_Escape); // back to what was found
    QVERIFY(palette->isVisible());
    m_objects->answer(m_objects->promises.size() - 1, {u"ws-payments-api-7f3"_s}, 1);
    QTRY_COMPARE(currentText(), u"ws-payments-api-7f3"_s);
    QTest::keyClick(palette->edit(), Qt::Key_Tab);
    QTest::keyClick(palette->edit(), Qt::Key_Return);
    QCOMPARE(m_objects->opened, QStringList{u"isolate ws-payments-api-7f3"_s});
}

void TestMainWindow::slashFocusesTheFilter()
{
    QTest::keyClick(m_window->currentPage()->firstFocus(), Qt::Key_Slash);
    QTRY_VERIFY(m_window->currentPage()->filterWidget()->hasFocus());
}

void TestMainWindow::idleHasNoShortTimer()
{
    QTRY_COMPARE(m_window->notifications()->count(), 0);
    for (const QTimer *timer : m_window->findChildren<QTimer *>())
        QVERIFY2(!timer->isActive() || (timer->isSingleShot() && timer->interval() > 0),
                 qPrintable(timer->parent()->objectName()));
}

void TestMainWindow::everythingHasAName()
{
    for (QWidget *widget : m_window->findChildren<QWidget *>()) {
        if (!widget->isVisible() || !(widget->focusPolicy() & Qt::TabFocus))
            continue;
        if (widget->objectName().startsWith(u"qt_"_s) || qobject_cast<QTabBar *>(widget->parentWidget()))
            continue;
        QVERIFY2(!widget->accessibleName().isEmpty(), widget->metaObject()->className());
    }
}

void TestMainWindow::largeTextFits()
{
    m_theme.setTextScale(2);
    m_window->resize(1800, 1100);
    QTRY_COMPARE(m_window->rail()->width(), 2 * kit::size::rail);
    for (const kit::Button *button : m_window->findChildren<kit::Button *>()) {
        if (button->isVisible())
            QVERIFY2(button->width() >= button->sizeHint().width(), qPrintable(button->text()));
    }
    QDir().mkpath(QStringLiteral(PARAPET_BINARY_DIR "/parts"));
    QVERIFY(m_window->grab().save(QStringLiteral(PARAPET_BINARY_DIR "/parts/window-large.png")));
    m_theme.setTextScale(1);
}

void TestMainWindow::picture()
{
    m_window->resize(1440, 900);
    m_window->goTo({u"workspaces"_s, {}});
    Q_EMIT m_window->currentPage()->objectsChanged(1, u"ws-payments-api-7f3"_s);
    QDir().mkpath(QStringLiteral(PARAPET_BINARY_DIR "/parts"));
    QVERIFY(m_window->grab().save(QStringLiteral(PARAPET_BINARY_DIR "/parts/window.png")));
    m_window->notifications()->post({Severity::Critical, u"A lease survives"_s,
                                     u"db-payments-ro is still accepted by postgres-payments"_s, u"Show"_s, [] {}});
    m_window->notifications()->post({Severity::Info, u"Exported 46 rows"_s, {}, {}, {}});
    m_window->openPalette(u"pay api"_s);
    m_objects->answer(m_objects->promises.size() - 1, {u"ws-payments-api-7f3"_s, u"ws-payments-api-88d"_s}, 31);
    QTRY_VERIFY(!m_window->palettePanel()->isSearching());
    QVERIFY(m_window->grab().save(QStringLiteral(PARAPET_BINARY_DIR "/parts/palette.png")));
}

QTEST_MAIN(TestMainWindow)
#include "tst_mainwindow.moc"
