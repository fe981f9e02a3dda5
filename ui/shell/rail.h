// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/page.h"

#include <QtWidgets/QWidget>

class QListView;

namespace parapet::shell {

/// The navigation at the left: product, palette field, pages in groups with badges, the person, the connection. 180 px,
/// or 48 px with icons alone.
class Rail : public QWidget
{
    Q_OBJECT

public:
    explicit Rail(const QVector<PageInfo> &pages, QWidget *parent = nullptr);

    void setCurrent(const QString &pageId);
    QString current() const;
    void setBadge(const QString &pageId, const Badge &badge);
    void setUser(const QString &name, const QString &role);
    void setConnectionName(const QString &name);
    bool isCollapsed() const { return m_collapsed; }
    void setCollapsed(bool collapsed);
    /// The pages; those of the foot are in a list of their own below it.
    QListView *list() const { return m_list; }
    QSize sizeHint() const override;

Q_SIGNALS:
    void pageRequested(const QString &pageId);
    void paletteRequested();
    void userMenuRequested(const QPoint &globalPosition);
    void connectionRequested();
    void collapsedChanged(bool collapsed);

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void applyWidth();
    QListView *makeList(const QString &name);

    class RailModel *m_model;
    QListView *m_list;
    QListView *m_foot;
    class RailHead *m_head;
    class RailSearch *m_search;
    class RailDelegate *m_delegate;
    class RailUser *m_user;
    class RailConnection *m_connection;
    bool m_collapsed = false;
};

} // namespace parapet::shell
