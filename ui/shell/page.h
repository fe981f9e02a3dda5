// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/kit/parts.h"
#include "ui/shell/command.h"
#include "ui/shell/location.h"

#include <QtWidgets/QWidget>

#include <functional>

class QHBoxLayout;
class QTabBar;
class QVBoxLayout;

namespace parapet::shell {

class PageHeader;
class Page;

/// The number beside a page in the rail. `severity` None draws it plain.
struct Badge {
    QString text;
    Severity severity = Severity::None;
    friend bool operator==(const Badge &, const Badge &) = default;
};

/// One page as the rail and the palette know it; made on first visit.
struct PageInfo {
    QString id; ///< Location::page
    QString title;
    kit::Icon icon = kit::Icon::None;
    int group = 0; ///< a hairline separates groups; FootGroup stands at the bottom
    std::function<Page *(QWidget *parent)> make;
    static constexpr int FootGroup = 1000;
};

/// One page: header (title, figures, actions), views bar, filter bar, content. A page asks for places by signal and
/// never sees another page. It is created once, then activated and deactivated as the person goes to and fro.
class Page : public QWidget
{
    Q_OBJECT

public:
    explicit Page(const QString &title, QWidget *parent = nullptr);
    ~Page() override;

    /// Shows what the place says. Called when the person comes here, also by history; `place.page` is this page.
    void goTo(const Location &place);
    const Location &location() const { return m_location; }

    /// Life cycle, called by the window: shown and hidden. Nothing may run or poll while inactive.
    void setActive(bool active);
    bool isActive() const { return m_active; }

    /// The commands that this page adds while it is shown.
    virtual QVector<Command> commands() { return {}; }
    /// Where the keyboard goes when the page is shown.
    virtual QWidget *firstFocus() { return nullptr; }
    /// "/" focuses it; null: the page has none.
    virtual QWidget *filterWidget() { return nullptr; }

    const QString &title() const { return m_title; }
    PageHeader *header() const { return m_header; }

Q_SIGNALS:
    /// The person wants to be there.
    void locationRequested(const parapet::shell::Location &place);
    /// This page now shows this: the history's current entry follows.
    void locationChanged(const parapet::shell::Location &place);
    /// How many objects commands act on, and the current one's name.
    void objectsChanged(int count, const QString &name);
    /// A condition of a command changed.
    void commandsChanged();

protected:
    /// Parameters changed: show them. The default does nothing.
    virtual void showLocation(const Location &place) { Q_UNUSED(place) }
    virtual void activated() {}
    virtual void deactivated() {}

    /// Tells the window what is shown now, after the person changed a filter, a view, a current row.
    void setLocation(const Location &place);

    void setTitle(const QString &title);
    void setFigures(const QVector<kit::Run> &figures);
    /// Adds a widget (a Button) at the right end of the header.
    void addHeaderWidget(QWidget *widget);
    /// The bar of views below the header; made on first use.
    QTabBar *views();
    /// Puts a row (40 px) below the views: filter field, group button.
    void setFilterBar(QWidget *bar);
    /// A banner or anything that stands above the content.
    void insertAboveContent(QWidget *widget);
    void setContent(QWidget *content);

private:
    QString m_title;
    Location m_location;
    bool m_active = false;
    PageHeader *m_header;
    QTabBar *m_views = nullptr;
    QWidget *m_filterBar = nullptr;
    QWidget *m_content = nullptr;
    QVBoxLayout *m_column;
};

/// The row of 48 px on top of a page: back, forward, title, figures, actions.
class PageHeader : public QWidget
{
    Q_OBJECT

public:
    explicit PageHeader(QWidget *parent = nullptr);
    void setTitle(const QString &title);
    void setFigures(const QVector<kit::Run> &figures);
    void addWidget(QWidget *widget);
    void setHistory(bool canGoBack, bool canGoForward);

Q_SIGNALS:
    void backRequested();
    void forwardRequested();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    kit::Button *m_back;
    kit::Button *m_forward;
    kit::PlainLabel *m_title;
    kit::RunLine *m_figures;
    QHBoxLayout *m_actions;
};

} // namespace parapet::shell
