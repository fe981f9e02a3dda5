// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/kit/filterfield.h"

#include <QtCore/QAbstractListModel>
#include <QtWidgets/QListView>
#include <QtWidgets/QStyledItemDelegate>

namespace parapet::kit {

/// The rows that can be completed now.
class CompletionModel : public QAbstractListModel
{
    Q_OBJECT

public:
    using QAbstractListModel::QAbstractListModel;
    int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : int(m_rows.size()); }
    QVariant data(const QModelIndex &index, int role) const override;
    void setRows(const QVector<Completion> &rows);
    const Completion &at(int row) const { return m_rows.at(row); }

private:
    QVector<Completion> m_rows;
};

class CompletionDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

/// The popup of FilterField: a child of the window that never takes the focus, with the keys in its foot.
class CompletionPopup : public QWidget
{
    Q_OBJECT

public:
    explicit CompletionPopup(QWidget *field);

    QListView *list() const { return m_list; }
    CompletionModel *model() const { return m_model; }
    void setRows(const QVector<Completion> &rows);
    /// Below `anchor` (in the field's coordinates), inside the window.
    void place(const QPoint &anchor);
    void move(int by);
    int current() const { return m_list->currentIndex().row(); }

Q_SIGNALS:
    void chosen();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    int footHeight() const;

    QWidget *m_field;
    QListView *m_list;
    CompletionModel *m_model;
};

} // namespace parapet::kit
