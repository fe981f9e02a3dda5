// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtWidgets/QHeaderView>
#include <QtWidgets/QTableView>

namespace parapet::kit {

/// A table of rows of one height. Nothing is kept for each row: ten million of them cost what ten do (QTableView alone makes a
/// section a row: 80 MB and a third of a second for those). It stays a QTableView for what that knows of columns, selection and
/// assistive technology; its vertical header is a gutter without sections, and whoever draws there asks for the rows in sight.
class RowsView : public QTableView
{
    Q_OBJECT

public:
    explicit RowsView(QWidget *parent = nullptr);

    void setModel(QAbstractItemModel *model) override;

    int rowHeight(int row = 0) const;
    void setRowHeight(int height);
    /// The row at that y of the viewport; -1 when there is none.
    int rowAt(int y) const;
    int rowViewportPosition(int row) const;
    int rowCount() const;

    QModelIndex indexAt(const QPoint &point) const override;
    QRect visualRect(const QModelIndex &index) const override;
    void scrollTo(const QModelIndex &index, ScrollHint hint = EnsureVisible) override;

Q_SIGNALS:
    /// Which rows are in sight, where, or what is in them changed.
    void rowsMoved();

protected:
    /// Its cells are painted next, over what is painted here; `rect` is as wide as they are together.
    virtual void beginRow(QPainter &painter, const QRect &rect, const QModelIndex &first)
    {
        Q_UNUSED(painter)
        Q_UNUSED(rect)
        Q_UNUSED(first)
    }

    QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
    int horizontalOffset() const override;
    int verticalOffset() const override;
    bool isIndexHidden(const QModelIndex &index) const override;
    void setSelection(const QRect &rect, QItemSelectionModel::SelectionFlags flags) override;
    QRegion visualRegionForSelection(const QItemSelection &selection) const override;
    void scrollContentsBy(int dx, int dy) override;
    void paintEvent(QPaintEvent *event) override;
    void updateGeometries() override;
    int sizeHintForColumn(int column) const override;

protected Q_SLOTS:
    void reset() override;
    void dataChanged(const QModelIndex &topLeft, const QModelIndex &bottomRight, const QVector<int> &roles = {}) override;
    void rowsInserted(const QModelIndex &parent, int start, int end) override;

private:
    void followModel();
    qint64 offset() const;
    /// The first column that is shown, by place; -1 when there is none.
    int firstColumn() const;
    /// The next column that is shown, by place; `column` itself when there is none.
    int nextColumn(int column, int step) const;

    QVector<QMetaObject::Connection> m_following;
    int m_rowHeight = 28;
    bool m_placing = false;
    int m_unit = 1; ///< pixels of a step of the scroll bar: more than 1 where an int does not hold all pixels
};

/// A vertical header that never learns of rows, however many the model has.
class RowGutter : public QHeaderView
{
    Q_OBJECT

public:
    explicit RowGutter(QWidget *parent);
    void setModel(QAbstractItemModel *model) override;
    void setSelectionModel(QItemSelectionModel *) override {}
};

} // namespace parapet::kit
