// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/page.h"

#include <QtCore/QAbstractListModel>
#include <QtWidgets/QStyledItemDelegate>

namespace parapet::shell {

/// Pages of the rail, with a row of its own for the hairline between two groups.
class RailModel : public QAbstractListModel
{
    Q_OBJECT

public:
    explicit RailModel(const QVector<PageInfo> &pages, QObject *parent);

    int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : int(m_rows.size()); }
    QVariant data(const QModelIndex &index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

    /// Null for a hairline.
    const PageInfo *page(int row) const;
    Badge badge(int row) const;
    int rowOf(const QString &pageId) const;
    bool isFoot(int row) const;
    void setBadge(const QString &pageId, const Badge &badge);
    void setCurrent(const QString &pageId);
    const QString &current() const { return m_current; }

private:
    QVector<PageInfo> m_pages;
    QVector<int> m_rows; ///< index into m_pages, -1 for a hairline
    QHash<QString, Badge> m_badges;
    QString m_current;
};

class RailDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    explicit RailDelegate(QObject *parent) : QStyledItemDelegate(parent) {}
    void setCollapsed(bool collapsed) { m_collapsed = collapsed; }
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    bool m_collapsed = false;
};

} // namespace parapet::shell
