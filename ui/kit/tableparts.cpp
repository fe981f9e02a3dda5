// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/tableparts.h"

#include "models/items/roles.h"
#include "ui/kit/icon.h"
#include "ui/kit/paint.h"

#include <QtGui/QKeyEvent>
#include <QtGui/QPainter>

namespace parapet::kit {

RowLook rowLook(const TableView &table, const QModelIndex &index)
{
    RowLook look;
    look.current = table.selectionModel() && table.currentIndex().row() == index.row();
    look.hover = table.hoverRow() == index.row();
    look.stale = index.data(StaleRole).toBool();
    look.failed = index.data(FailedRole).toBool();
    const QVariant load = index.data(LoadStateRole);
    look.loading = load.isValid() && LoadState(load.toInt()) != LoadState::Loaded;
    if (const RowSelection *selection = table.rowSelection(); selection && !selection->isEmpty() && !look.loading)
        look.checked = selection->contains(index.data(KeyRole).toString());
    return look;
}

void paintRowGround(QPainter &painter, const QRect &rect, const RowLook &look, const Theme &theme)
{
    if (look.current)
        painter.fillRect(rect, theme.color(Role::Selection));
    else if (look.failed)
        painter.fillRect(rect, theme.color(Role::CriticalSoft));
    else if (look.checked)
        painter.fillRect(rect, theme.color(Role::SelectionSoft));
    else if (look.hover)
        painter.fillRect(rect, theme.color(Role::Hover));
    painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.color(Role::Grid));
}

TableHeader::TableHeader(TableView *table) : QHeaderView(Qt::Horizontal, table), m_table(table)
{
    setSectionsClickable(true);
    setSectionsMovable(true);
    setHighlightSections(false);
    setStretchLastSection(true);
    setMinimumSectionSize(24);
    setContextMenuPolicy(Qt::CustomContextMenu);
    setAccessibleName(tr("Column titles"));
}

bool TableHeader::isUpright() const
{
    for (const Column &column : m_table->columns()) {
        if (column.upright && column.shown)
            return true;
    }
    return false;
}

QSize TableHeader::sizeHint() const
{
    const Theme &look = theme(this);
    int height = look.scaled(size::columnHeader);
    if (isUpright()) {
        for (const Column &column : m_table->columns()) {
            if (column.upright && column.shown)
                height = std::max(height, textWidth(column.title, look, Type::ColumnHeader) + 16);
        }
    }
    return {QHeaderView::sizeHint().width(), height};
}

void TableHeader::paintEvent(QPaintEvent *event)
{
    const Theme &look = theme(this);
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), look.color(Role::Raised));
    painter.fillRect(QRect(0, viewport()->height() - 1, viewport()->width(), 1), look.color(Role::Line));
    painter.end();
    QHeaderView::paintEvent(event);
}

void TableHeader::paintSection(QPainter *painter, const QRect &rect, int logicalIndex) const
{
    const Theme &look = theme(this);
    painter->fillRect(rect, look.color(Role::Raised));
    painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), look.color(Role::Line));
    const Column *column = m_table->columnAt(logicalIndex);
    if (!column)
        return;
    const bool sorted = isSortIndicatorShown() && sortIndicatorSection() == logicalIndex;
    const Role ink = sorted ? Role::Text : Role::Text2;
    if (column->upright) {
        painter->save();
        painter->translate(rect.left(), rect.bottom());
        painter->rotate(-90);
        paintText(*painter, QRect(8, 0, rect.height() - 12, rect.width()), column->title, look, Type::ColumnHeader,
                  ink);
        painter->restore();
        return;
    }
    QRect box = rect.adjusted(space::cell, 0, -space::cell, 0);
    const bool right = CellDelegate::isRightAligned(column->kind);
    if (sorted) {
        const int side = look.scaled(10);
        const int text = textWidth(column->title, look, Type::ColumnHeader);
        const int x = right ? std::max(box.left(), box.right() + 1 - text - side - 4)
                            : std::min(box.left() + text + 4, box.right() + 1 - side);
        paintIcon(*painter, QRect(x, box.top(), side, box.height()),
                  sortIndicatorOrder() == Qt::DescendingOrder ? Icon::ChevronDown : Icon::ChevronUp,
                  look.color(Role::Text2), side);
        if (!right)
            box.setRight(x - 4);
    }
    paintText(*painter, box, column->title, look, Type::ColumnHeader, ink, right ? Qt::AlignRight : Qt::AlignLeft);
}

CheckHeader::CheckHeader(TableView *table) : RowGutter(table), m_table(table)
{
    setMouseTracking(true);
    setAccessibleName(tr("Check boxes"));
}

QSize CheckHeader::sizeHint() const
{
    const Theme &look = theme(this);
    return {m_table->rowSelection() ? look.scaled(36) : 2, QHeaderView::sizeHint().height()};
}

void CheckHeader::paintEvent(QPaintEvent *event)
{
    const Theme &look = theme(this);
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), look.color(Role::Surface));
    const int first = m_table->rowAt(event->rect().top());
    int last = m_table->rowAt(event->rect().bottom());
    if (first < 0)
        return;
    if (last < 0)
        last = m_table->rowCount() - 1;
    for (int row = first; row <= last; ++row) {
        const QModelIndex index = m_table->model()->index(row, 0, m_table->rootIndex());
        const RowLook state = rowLook(*m_table, index);
        const QRect rect(0, m_table->rowViewportPosition(row), viewport()->width(), m_table->rowHeight());
        paintRowGround(painter, rect, state, look);
        if (state.current)
            painter.fillRect(QRect(rect.left(), rect.top(), 2, rect.height()), look.color(Role::Accent));
        if (m_table->rowSelection() && !state.loading)
            paintCheckBox(painter, rect, state.checked ? Qt::Checked : Qt::Unchecked, look);
    }
}

void CheckHeader::toggle(int row, bool extend)
{
    RowSelection *selection = m_table->rowSelection();
    const int count = m_table->rowCount();
    if (!selection || row < 0 || row >= count)
        return;
    const auto keyOf = [&](int at) { return m_table->model()->index(at, 0, m_table->rootIndex()).data(KeyRole).toString(); };
    if (extend && m_anchor >= 0 && m_anchor < count) {
        // The range takes the state of its anchor. Rows that are not loaded have no key and are left alone.
        constexpr int limit = 5000;
        const bool check = selection->contains(keyOf(m_anchor));
        QStringList keys;
        for (int at = std::min(row, m_anchor); at <= std::max(row, m_anchor) && keys.size() < limit; ++at) {
            if (const QString key = keyOf(at); !key.isEmpty())
                keys.append(key);
        }
        selection->setChecked(keys, check);
        return;
    }
    m_anchor = row;
    if (const QString key = keyOf(row); !key.isEmpty())
        selection->toggle(key);
}

void CheckHeader::mousePressEvent(QMouseEvent *event)
{
    const int row = m_table->rowAt(qRound(event->position().y()));
    if (event->button() == Qt::LeftButton)
        toggle(row, event->modifiers() & Qt::ShiftModifier);
}

void CheckHeader::mouseMoveEvent(QMouseEvent *event)
{
    event->accept(); // sections are neither moved nor resized
}

CheckCorner::CheckCorner(TableView *table) : QWidget(table), m_table(table)
{
    setAccessibleName(tr("Select all that match"));
    setFocusPolicy(Qt::TabFocus);
}

void CheckCorner::toggle()
{
    RowSelection *selection = m_table->rowSelection();
    if (selection->isEmpty())
        selection->selectAll();
    else
        selection->clear();
}

void CheckCorner::paintEvent(QPaintEvent *)
{
    const Theme &look = theme(this);
    QPainter painter(this);
    painter.fillRect(rect(), look.color(Role::Raised));
    painter.fillRect(QRect(0, height() - 1, width(), 1), look.color(Role::Line));
    const RowSelection *selection = m_table->rowSelection();
    if (!selection)
        return;
    const bool all = selection->isAll() && selection->excepted().isEmpty();
    paintCheckBox(painter, rect(),
                  selection->isEmpty() ? Qt::Unchecked
                  : all                ? Qt::Checked
                                       : Qt::PartiallyChecked,
                  look);
    if (hasFocus())
        paintInnerFocus(painter, rect(), look);
}

void CheckCorner::mousePressEvent(QMouseEvent *)
{
    if (m_table->rowSelection())
        toggle();
}

void CheckCorner::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Space && m_table->rowSelection())
        toggle();
    else
        QWidget::keyPressEvent(event);
}

} // namespace parapet::kit
