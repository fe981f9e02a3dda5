// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/rowsview.h"

#include <QtGui/QAccessible>
#include <QtGui/QPainter>
#include <QtGui/QStandardItemModel>
#include <QtWidgets/QScrollBar>

namespace parapet::kit {

namespace {
constexpr qint64 longestScroll = 1'000'000'000; ///< well inside an int
}

RowGutter::RowGutter(QWidget *parent) : QHeaderView(Qt::Vertical, parent) {}

void RowGutter::setModel(QAbstractItemModel *)
{
    if (!model())
        QHeaderView::setModel(new QStandardItemModel(this));
}

RowsView::RowsView(QWidget *parent) : QTableView(parent)
{
    setHorizontalScrollMode(ScrollPerPixel);
    setVerticalScrollMode(ScrollPerPixel);
    setVerticalHeader(new RowGutter(this));
}

void RowsView::setModel(QAbstractItemModel *model)
{
    for (const QMetaObject::Connection &connection : std::exchange(m_following, {}))
        disconnect(connection);
    QTableView::setModel(model);
    if (model)
        followModel();
    updateGeometries();
}

void RowsView::followModel()
{
    const auto moved = [this] {
        updateGeometries();
        viewport()->update();
        Q_EMIT rowsMoved();
    };
    m_following << connect(model(), &QAbstractItemModel::rowsRemoved, this, moved)
                << connect(model(), &QAbstractItemModel::layoutChanged, this, moved)
                << connect(model(), &QAbstractItemModel::columnsInserted, this, moved)
                << connect(model(), &QAbstractItemModel::columnsRemoved, this, moved);
}

int RowsView::rowCount() const
{
    return model() ? model()->rowCount(rootIndex()) : 0;
}

int RowsView::rowHeight(int) const
{
    return m_rowHeight;
}

void RowsView::setRowHeight(int height)
{
    if (height == m_rowHeight || height < 1)
        return;
    const int top = rowAt(0);
    m_rowHeight = height;
    updateGeometries();
    if (top > 0)
        verticalScrollBar()->setValue(int(qint64(top) * m_rowHeight / m_unit));
    viewport()->update();
    Q_EMIT rowsMoved();
}

qint64 RowsView::offset() const
{
    return qint64(verticalScrollBar()->value()) * m_unit;
}

int RowsView::rowAt(int y) const
{
    const qint64 row = (offset() + y) / m_rowHeight;
    return offset() + y >= 0 && row < rowCount() ? int(row) : -1;
}

int RowsView::rowViewportPosition(int row) const
{
    // Rows far away lie beyond what an int holds: just out of sight is as good.
    return int(std::clamp<qint64>(qint64(row) * m_rowHeight - offset(), -longestScroll, longestScroll));
}

QModelIndex RowsView::indexAt(const QPoint &point) const
{
    const int row = rowAt(point.y());
    const int column = QTableView::columnAt(point.x());
    return row < 0 || column < 0 ? QModelIndex() : model()->index(row, column, rootIndex());
}

QRect RowsView::visualRect(const QModelIndex &index) const
{
    const QHeaderView *header = horizontalHeader();
    if (!index.isValid() || index.parent() != rootIndex() || isIndexHidden(index))
        return {};
    return {header->sectionViewportPosition(index.column()), rowViewportPosition(index.row()), header->sectionSize(index.column()),
            m_rowHeight};
}

void RowsView::scrollTo(const QModelIndex &index, ScrollHint hint)
{
    const QHeaderView *header = horizontalHeader();
    if (!index.isValid() || index.parent() != rootIndex() || isIndexHidden(index))
        return;
    const int height = viewport()->height();
    const qint64 top = qint64(index.row()) * m_rowHeight;
    const bool above = top < offset();
    const bool below = top + m_rowHeight > offset() + height;
    // Where a step of the scroll bar is several pixels, the row ends a little inside rather than cut off.
    if (hint == PositionAtTop || (hint == EnsureVisible && above))
        verticalScrollBar()->setValue(int(top / m_unit));
    else if (hint == PositionAtBottom || (hint == EnsureVisible && below))
        verticalScrollBar()->setValue(int((std::max<qint64>(0, top + m_rowHeight - height) + m_unit - 1) / m_unit));
    else if (hint == PositionAtCenter)
        verticalScrollBar()->setValue(int(std::max<qint64>(0, top - (height - m_rowHeight) / 2) / m_unit));
    // Sideways only as far as needed, and not at all for a row that is chosen as a whole.
    if (selectionBehavior() == SelectRows)
        return;
    const int left = header->sectionViewportPosition(index.column());
    const int right = left + header->sectionSize(index.column());
    if (left < 0)
        horizontalScrollBar()->setValue(horizontalScrollBar()->value() + left);
    else if (right > viewport()->width())
        horizontalScrollBar()->setValue(horizontalScrollBar()->value() + std::min(left, right - viewport()->width()));
}

int RowsView::nextColumn(int column, int step) const
{
    const QHeaderView *header = horizontalHeader();
    for (int at = header->visualIndex(column) + step; at >= 0 && at < header->count(); at += step) {
        const int logical = header->logicalIndex(at);
        if (!header->isSectionHidden(logical))
            return logical;
    }
    return column;
}

int RowsView::firstColumn() const
{
    const QHeaderView *header = horizontalHeader();
    for (int visual = 0; visual < header->count(); ++visual) {
        if (const int column = header->logicalIndex(visual); !header->isSectionHidden(column))
            return column;
    }
    return -1;
}

QModelIndex RowsView::moveCursor(CursorAction action, Qt::KeyboardModifiers)
{
    const int rows = rowCount();
    const int home = firstColumn();
    if (rows == 0 || home < 0)
        return {};
    const QModelIndex current = currentIndex();
    const int column = current.isValid() ? current.column() : home;
    const int page = std::max(1, viewport()->height() / m_rowHeight - 1);
    const auto to = [&](qint64 row) { return model()->index(int(std::clamp<qint64>(row, 0, rows - 1)), column, rootIndex()); };
    if (!current.isValid())
        return to(0);
    switch (action) {
    case MoveUp: return to(current.row() - 1);
    case MoveDown: return to(qint64(current.row()) + 1);
    case MovePageUp: return to(qint64(current.row()) - page);
    case MovePageDown: return to(qint64(current.row()) + page);
    case MoveHome: return to(0);
    case MoveEnd: return to(rows - 1);
    case MoveLeft:
    case MovePrevious: return model()->index(current.row(), nextColumn(column, -1), rootIndex());
    case MoveRight:
    case MoveNext: return model()->index(current.row(), nextColumn(column, 1), rootIndex());
    }
    return current;
}

int RowsView::horizontalOffset() const
{
    return horizontalHeader()->offset();
}

int RowsView::verticalOffset() const
{
    return int(std::min<qint64>(offset(), longestScroll));
}

bool RowsView::isIndexHidden(const QModelIndex &index) const
{
    return isColumnHidden(index.column());
}

void RowsView::setSelection(const QRect &rect, QItemSelectionModel::SelectionFlags flags)
{
    const QModelIndex from = indexAt(rect.topLeft());
    const QModelIndex to = indexAt(rect.bottomRight());
    if (selectionModel() && from.isValid())
        selectionModel()->select(QItemSelection(from, to.isValid() ? to : from), flags);
}

QRegion RowsView::visualRegionForSelection(const QItemSelection &selection) const
{
    QRegion region;
    for (const QItemSelectionRange &range : selection) {
        const int top = std::max(0, rowViewportPosition(range.top()));
        const int bottom = std::min(viewport()->height(), rowViewportPosition(range.bottom()) + m_rowHeight);
        if (bottom > top)
            region += QRect(0, top, viewport()->width(), bottom - top);
    }
    return region;
}

void RowsView::scrollContentsBy(int dx, int dy)
{
    if (dx)
        horizontalHeader()->setOffset(horizontalScrollBar()->value());
    if (m_unit == 1 && std::abs(dy) < viewport()->height())
        viewport()->scroll(dx, dy);
    else
        viewport()->update();
    Q_EMIT rowsMoved();
}

void RowsView::paintEvent(QPaintEvent *event)
{
    const QHeaderView *header = horizontalHeader();
    const int rows = rowCount();
    if (rows == 0)
        return;
    QPainter painter(viewport());
    QStyleOptionViewItem option;
    initViewItemOption(&option);
    const QRect dirty = event->rect();
    const int first = std::max(0, rowAt(std::max(0, dirty.top())));
    const int bottom = rowAt(dirty.bottom());
    const int last = bottom < 0 ? rows - 1 : bottom;
    const QStyle::State state = option.state & ~QStyle::State_HasFocus;
    QVector<int> columns;
    for (int visual = 0; visual < header->count(); ++visual) {
        const int column = header->logicalIndex(visual);
        const int left = header->sectionViewportPosition(column);
        const int width = header->sectionSize(column);
        if (!header->isSectionHidden(column) && left + width > dirty.left() && left <= dirty.right())
            columns << column;
    }
    for (int row = first; row <= last; ++row) {
        beginRow(painter, QRect(-header->offset(), rowViewportPosition(row), header->length(), m_rowHeight),
                 model()->index(row, 0, rootIndex()));
        for (const int column : std::as_const(columns)) {
            const QModelIndex index = model()->index(row, column, rootIndex());
            option.rect = QRect(header->sectionViewportPosition(column), rowViewportPosition(row), header->sectionSize(column), m_rowHeight);
            option.state = state;
            if (index == currentIndex() && hasFocus())
                option.state |= QStyle::State_HasFocus;
            itemDelegateForIndex(index)->paint(&painter, option, index);
        }
    }
}

void RowsView::updateGeometries()
{
    if (m_placing)
        return; // placing the headers makes them tell of it
    m_placing = true;
    QHeaderView *columns = horizontalHeader();
    QHeaderView *gutter = verticalHeader();
    const int height = columns->isHidden() ? 0 : columns->sizeHint().height();
    const int width = gutter->isHidden() ? 0 : gutter->sizeHint().width();
    const bool rightToLeft = isRightToLeft();
    setViewportMargins(rightToLeft ? 0 : width, height, rightToLeft ? width : 0, 0);
    const QRect area = viewport()->geometry();
    columns->setGeometry(area.left(), area.top() - height, area.width(), height);
    gutter->setGeometry(rightToLeft ? area.right() + 1 : area.left() - width, area.top(), width, area.height());
    horizontalScrollBar()->setPageStep(area.width());
    horizontalScrollBar()->setSingleStep(std::max(1, area.width() / 20));
    horizontalScrollBar()->setRange(0, std::max(0, columns->length() - area.width()));
    columns->setOffset(horizontalScrollBar()->value());
    const qint64 pixels = qint64(rowCount()) * m_rowHeight;
    const qint64 beyond = std::max<qint64>(0, pixels - viewport()->height());
    m_unit = int(beyond / longestScroll) + 1;
    verticalScrollBar()->setPageStep(std::max(1, viewport()->height() / m_unit));
    verticalScrollBar()->setSingleStep(std::max(1, m_rowHeight / m_unit));
    verticalScrollBar()->setRange(0, int((beyond + m_unit - 1) / m_unit));
    QAbstractItemView::updateGeometries();
    m_placing = false;
    Q_EMIT rowsMoved();
}

int RowsView::sizeHintForColumn(int column) const
{
    if (!model())
        return -1;
    QStyleOptionViewItem option;
    initViewItemOption(&option);
    int width = 0;
    const int first = std::max(0, rowAt(0));
    const int last = rowAt(viewport()->height());
    for (int row = first; row <= (last < 0 ? rowCount() - 1 : last); ++row) {
        const QModelIndex index = model()->index(row, column, rootIndex());
        width = std::max(width, itemDelegateForIndex(index)->sizeHint(option, index).width());
    }
    return width;
}

void RowsView::reset()
{
    QAbstractItemView::reset();
    updateGeometries();
    viewport()->update();
    Q_EMIT rowsMoved();
}

void RowsView::dataChanged(const QModelIndex &topLeft, const QModelIndex &bottomRight, const QVector<int> &)
{
    // Of the rows that changed only those in sight.
    if (!isVisible() || !topLeft.isValid() || !bottomRight.isValid())
        return;
    const int top = std::max(0, rowViewportPosition(topLeft.row()));
    const int bottom = std::min(viewport()->height(), rowViewportPosition(bottomRight.row()) + m_rowHeight);
    if (bottom > top) {
        viewport()->update(QRect(0, top, viewport()->width(), bottom - top));
        Q_EMIT rowsMoved();
    }
    if (QAccessible::isActive()) {
        QAccessibleTableModelChangeEvent changed(this, QAccessibleTableModelChangeEvent::DataChanged);
        changed.setFirstRow(topLeft.row());
        changed.setFirstColumn(topLeft.column());
        changed.setLastRow(bottomRight.row());
        changed.setLastColumn(bottomRight.column());
        QAccessible::updateAccessibility(&changed);
    }
}

void RowsView::rowsInserted(const QModelIndex &parent, int start, int end)
{
    QAbstractItemView::rowsInserted(parent, start, end);
    updateGeometries();
    viewport()->update();
}

} // namespace parapet::kit
