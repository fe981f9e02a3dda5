// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/kit/tableview.h"

#include <QtWidgets/QHeaderView>
#include <QtWidgets/QStyledItemDelegate>

namespace parapet::kit {

RowLook rowLook(const TableView &table, const QModelIndex &index);
/// Ground and hairline of a row, or of a part of it.
void paintRowGround(QPainter &painter, const QRect &rect, const RowLook &look, const Theme &theme);

/// The titles: `raised` ground, sort arrow, upright titles where a column asks for them.
class TableHeader : public QHeaderView
{
    Q_OBJECT

public:
    explicit TableHeader(TableView *table);
    QSize sizeHint() const override;

protected:
    void paintSection(QPainter *painter, const QRect &rect, int logicalIndex) const override;
    void paintEvent(QPaintEvent *event) override;

private:
    bool isUpright() const;
    const TableView *m_table;
};

/// The check boxes: the vertical header, so that it stays in place while the table scrolls sideways.
class CheckHeader : public RowGutter
{
    Q_OBJECT

public:
    explicit CheckHeader(TableView *table);
    QSize sizeHint() const override;

    /// Checks or unchecks a row, or the range from the last one on.
    void toggle(int row, bool extend);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;

private:
    TableView *m_table;
    int m_anchor = -1;
};

/// The check box above the check boxes: none, some, all that match.
class CheckCorner : public QWidget
{
    Q_OBJECT

public:
    explicit CheckCorner(TableView *table);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void toggle();
    TableView *m_table;
};

/// Draws a cell of one kind.
class CellDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    CellDelegate(CellKind kind, TableView *table);

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    bool helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option,
                   const QModelIndex &index) override;

    static bool isRightAligned(CellKind kind) { return kind == CellKind::Figure || kind == CellKind::Age; }

private:
    void paintContent(QPainter &painter, QRect cell, const QModelIndex &index, const RowLook &row,
                      const Theme &theme) const;
    void paintPlain(QPainter &painter, const QRect &cell, const QModelIndex &index, const RowLook &row,
                    const Theme &theme) const;
    QString textOf(const QModelIndex &index) const;

    CellKind m_kind;
    TableView *m_table;
};

} // namespace parapet::kit
