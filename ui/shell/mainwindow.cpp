// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/mainwindow.h"

#include "ui/kit/notifications.h"
#include "ui/shell/palette.h"
#include "ui/shell/rail.h"
#include "ui/shell/statusline.h"

#include <QtGui/QCloseEvent>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QStackedWidget>

namespace parapet::shell {

using namespace Qt::StringLiterals;

MainWindow::MainWindow(QVector<PageInfo> pages, CommandRegistry &registry, QSettings &store, QWidget *parent)
    : QMainWindow(parent),
      m_pages(std::move(pages)),
      m_registry(registry),
      m_store(store),
      m_rail(new Rail(m_pages, this)),
      m_stack(new QStackedWidget(this)),
      m_status(new StatusLine(this)),
      m_notifications(nullptr)
{
    setWindowTitle(tr("Parapet"));
    auto *central = new QWidget(this);
    auto *column = new QVBoxLayout;
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_stack, 1);
    column->addWidget(m_status);
    auto *row = new QHBoxLayout(central);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_rail);
    row->addLayout(column, 1);
    setCentralWidget(central);
    m_notifications = new kit::Notifications(this);

    connect(m_rail, &Rail::pageRequested, this, [this](const QString &id) { goTo({id, {}}); });
    connect(m_rail, &Rail::paletteRequested, this, [this] { openPalette(); });
    connect(m_rail, &Rail::collapsedChanged, this,
            [this](bool collapsed) { m_store.setValue(u"window/railCollapsed"_s, collapsed); });
    connect(&m_registry, &CommandRegistry::refused, this, [this](const QString &command, const QString &reason) {
        m_notifications->post({Severity::Info, tr("%1 is not available").arg(command), reason, {}, {}});
    });

    QVector<PlaceProvider::Place> places;
    for (const PageInfo &page : std::as_const(m_pages))
        places.append({page.title, page.icon, {}, [this, id = page.id] { goTo({id, {}}); }});
    m_placeProvider = new PlaceProvider(places, this);
    addOwnCommands();
    m_registry.installShortcuts(this);
    restore();
}

MainWindow::~MainWindow()
{
    // Pages take their commands with them; the registry outlives the window.
    for (Page *page : std::as_const(m_made))
        m_registry.remove(page);
    m_registry.remove(this);
    m_registry.installShortcuts(nullptr);
}

void MainWindow::restore()
{
    constexpr QSize fallback(1440, 900);
    if (!restoreGeometry(m_store.value(u"window/geometry"_s).toByteArray()))
        resize(fallback);
    m_rail->setCollapsed(m_store.value(u"window/railCollapsed"_s, false).toBool());
}

void MainWindow::addOwnCommands()
{
    QVector<Command> own;
    const auto add = [&](const QString &id, const QString &text, kit::Icon icon, const QKeySequence &key,
                         std::function<void()> run) {
        Command command;
        command.id = id;
        command.text = text;
        command.icon = icon;
        command.shortcut = key;
        command.run = std::move(run);
        own.append(command);
    };
    add(u"window.palette"_s, tr("Go to or do…"), kit::Icon::Search, QKeySequence(Qt::CTRL | Qt::Key_K),
        [this] { openPalette(); });
    add(u"window.back"_s, tr("Back"), kit::Icon::ArrowLeft, QKeySequence(Qt::ALT | Qt::Key_Left), [this] { goBack(); });
    own.last().condition = [this] {
        return m_history.canGoBack() ? Availability::yes() : Availability::no(tr("This is where you began."));
    };
    add(u"window.forward"_s, tr("Forward"), kit::Icon::ArrowRight, QKeySequence(Qt::ALT | Qt::Key_Right),
        [this] { goForward(); });
    own.last().condition = [this] {
        return m_history.canGoForward() ? Availability::yes() : Availability::no(tr("You have not gone back."));
    };
    add(u"window.rail"_s, tr("Fold or unfold the navigation"), kit::Icon::Columns, QKeySequence(Qt::CTRL | Qt::Key_B),
        [this] { m_rail->setCollapsed(!m_rail->isCollapsed()); });
    add(u"window.filter"_s, tr("Filter this page"), kit::Icon::Filter, QKeySequence(Qt::Key_Slash),
        [this] { currentPage()->filterWidget()->setFocus(Qt::ShortcutFocusReason); });
    own.last().condition = [this] {
        Page *page = currentPage();
        return page && page->filterWidget() ? Availability::yes() : Availability::no(tr("This page lists nothing."));
    };
    add(u"window.notifications"_s, tr("Go to the newest notification"), kit::Icon::Bell, QKeySequence(Qt::Key_F8),
        [this] { m_notifications->focusNewest(); });
    own.last().condition = [this] {
        return m_notifications->count() > 0 ? Availability::yes() : Availability::no(tr("There is none."));
    };
    m_registry.addGlobal(this, own);
}

Page *MainWindow::currentPage() const
{
    return m_history.isEmpty() ? nullptr : m_made.value(m_history.current().page);
}

const Location &MainWindow::location() const
{
    static const Location nowhere;
    return m_history.isEmpty() ? nowhere : m_history.current();
}

bool MainWindow::goTo(const Location &place)
{
    const bool known =
        std::any_of(m_pages.begin(), m_pages.end(), [&](const PageInfo &info) { return info.id == place.page; });
    if (!known) {
        m_notifications->post({Severity::Low, tr("There is no such page"), place.toString().left(80), {}, {}});
        return false;
    }
    Location target = place;
    // A page alone means that page as it was left.
    if (target.params.isEmpty()) {
        if (const Page *made = m_made.value(place.page))
            target = made->location();
    }
    m_history.push(target);
    showPlace(target);
    return true;
}

void MainWindow::goBack()
{
    if (m_history.canGoBack())
        showPlace(m_history.back());
}

void MainWindow::goForward()
{
    if (m_history.canGoForward())
        showPlace(m_history.forward());
}

Page *MainWindow::make(const PageInfo &info)
{
    Page *page = info.make(m_stack);
    m_made.insert(info.id, page);
    m_stack->addWidget(page);
    connect(page, &Page::locationRequested, this, &MainWindow::goTo);
    connect(page, &Page::locationChanged, this, [this, page](const Location &place) {
        if (page != currentPage())
            return;
        m_history.replace(place);
        Q_EMIT locationChanged(place);
    });
    connect(page, &Page::objectsChanged, this, [this, page](int count, const QString &name) {
        if (page == currentPage())
            m_registry.setObjects(count, name);
    });
    connect(page, &Page::commandsChanged, &m_registry, &CommandRegistry::refresh);
    connect(page->header(), &PageHeader::backRequested, this, &MainWindow::goBack);
    connect(page->header(), &PageHeader::forwardRequested, this, &MainWindow::goForward);
    m_registry.add(page, page->commands());
    return page;
}

void MainWindow::showPlace(const Location &place)
{
    // A copy: making or showing a page may move the history.
    const Location target = place;
    Page *page = m_made.value(target.page);
    if (!page) {
        const auto info =
            std::find_if(m_pages.begin(), m_pages.end(), [&](const PageInfo &each) { return each.id == target.page; });
        page = make(*info);
    }
    const bool other = m_stack->currentWidget() != page || !page->isActive();
    if (other) {
        if (auto *former = qobject_cast<Page *>(m_stack->currentWidget()); former && former != page)
            former->setActive(false);
        m_stack->setCurrentWidget(page);
        m_registry.setActive(page);
    }
    m_rail->setCurrent(target.page);
    page->goTo(target);
    page->setActive(true);
    page->header()->setHistory(m_history.canGoBack(), m_history.canGoForward());
    setWindowTitle(tr("%1 — Parapet").arg(page->title()));
    if (other) {
        if (QWidget *first = page->firstFocus())
            first->setFocus(Qt::OtherFocusReason);
    }
    m_registry.refresh();
    Q_EMIT locationChanged(target);
}

void MainWindow::setUser(const QString &name, const QString &role)
{
    m_rail->setUser(name, role);
}

void MainWindow::setConnectionName(const QString &name)
{
    m_rail->setConnectionName(name);
}

void MainWindow::setBadge(const QString &pageId, const Badge &badge)
{
    m_rail->setBadge(pageId, badge);
}

void MainWindow::addPaletteProvider(PaletteProvider *provider)
{
    if (m_palette)
        m_palette->addProvider(provider);
    else
        m_paletteProviders.append(provider);
}

Palette *MainWindow::palettePanel()
{
    if (!m_palette) {
        m_palette = new Palette(this);
        // The window's own sources come after those of the composition: objects first, then commands, then places.
        m_paletteProviders << new CommandProvider(m_registry, true, this) << new CommandProvider(m_registry, false, this)
                           << m_placeProvider;
        for (PaletteProvider *provider : std::exchange(m_paletteProviders, {}))
            m_palette->addProvider(provider);
    }
    return m_palette;
}

void MainWindow::openPalette(const QString &needle)
{
    palettePanel()->open(needle);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    bool veto = false;
    Q_EMIT aboutToClose(&veto);
    if (veto) {
        event->ignore();
        return;
    }
    m_store.setValue(u"window/geometry"_s, saveGeometry());
    QMainWindow::closeEvent(event);
}

} // namespace parapet::shell
