// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/command.h"
#include "ui/shell/location.h"
#include "ui/shell/page.h"

#include <QtCore/QSettings>
#include <QtWidgets/QMainWindow>

class QStackedWidget;

namespace parapet::kit {
class Notifications;
}

namespace parapet::shell {

class Palette;
class PaletteProvider;
class Rail;
class StatusLine;

/// The window: rail, one page at a time, status line, palette, notifications. It knows pages only by their PageInfo,
/// and nothing of what they show.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    /// `registry` and `store` live longer than the window.
    MainWindow(QVector<PageInfo> pages, CommandRegistry &registry, QSettings &store, QWidget *parent = nullptr);
    ~MainWindow() override;

    /// Goes there; false, with a note, when no such page exists.
    bool goTo(const Location &place);
    const Location &location() const;
    /// The page if it was visited.
    Page *page(const QString &id) const { return m_made.value(id); }
    Page *currentPage() const;

    void setUser(const QString &name, const QString &role);
    void setConnectionName(const QString &name);
    void setBadge(const QString &pageId, const Badge &badge);

    /// Not owned.
    void addPaletteProvider(PaletteProvider *provider);
    /// Made when it is first asked for.
    Palette *palettePanel();
    StatusLine *statusLine() const { return m_status; }
    Rail *rail() const { return m_rail; }
    kit::Notifications *notifications() const { return m_notifications; }
    const QVector<PageInfo> &pages() const { return m_pages; }

public Q_SLOTS:
    void goBack();
    void goForward();
    void openPalette(const QString &needle = {});

Q_SIGNALS:
    void locationChanged(const parapet::shell::Location &place);
    /// The person wants to close; the composition may veto with a question (QCloseEvent stays accepted otherwise).
    void aboutToClose(bool *veto);

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    Page *make(const PageInfo &info);
    void showPlace(const Location &place);
    void addOwnCommands();
    void restore();

    QVector<PageInfo> m_pages;
    CommandRegistry &m_registry;
    QSettings &m_store;
    QHash<QString, Page *> m_made;
    History m_history;
    Rail *m_rail;
    QStackedWidget *m_stack;
    StatusLine *m_status;
    Palette *m_palette = nullptr;
    QVector<PaletteProvider *> m_paletteProviders; ///< of the composition, until the palette is made
    kit::Notifications *m_notifications;
    PaletteProvider *m_placeProvider = nullptr; ///< the palette gets it last
};

} // namespace parapet::shell
