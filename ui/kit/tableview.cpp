// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/tableview.h"

#include "models/items/roles.h"
#include "ui/kit/minute.h"
#include "ui/kit/tableparts.h"

#include <QtGui/QClipboard>
#include <QtGui/QContextMenuEvent>
#include <QtGui/QKeyEvent>
#include <QtWidgets/QApplication>
#include <QtWidgets/QMenu>
#include <QtWidgets/QScrollBar>

namespace parapet::kit {

TableView::TableView(QWidget *parent)
    : RowsView(parent),
      m_checks(new CheckHeader(this)),
      m_corner(new CheckCorner(this)),
      m_header(new TableHeader(this)),
      m_clock(&Clock::system()),
      m_scale(theme(this).textScale())
{
    setVerticalHeader(m_checks);
    connect(this, &RowsView::rowsMoved, m_checks->viewport(), qOverload<>(&QWidget::update));
    setHorizontalHeader(m_header);
    setCornerButtonEnabled(false);
    setShowGrid(false);
    setFrameShape(QFrame::NoFrame);
    setWordWrap(false);
    setMouseTracking(true);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setTabKeyNavigation(false);
    setSortingEnabled(false);
    setAccessibleName(tr("Table"));
    m_minute.setSingleShot(true);
    connect(&m_minute, &QTimer::timeout, this, [this] {
        viewport()->update();
        armMinute();
    });
    connect(this, &QAbstractItemView::doubleClicked, this, &TableView::rowActivated);
    connect(m_header, &QHeaderView::sectionClicked, this, [this](int section) {
        const Column *column = columnAt(section);
        if (!column || !column->sortable)
            return;
        setSort(column->id, m_sortColumn == column->id && !m_sortDescending);
        rememberLayout();
        Q_EMIT sortRequested(m_sortColumn, m_sortDescending);
    });
    connect(m_header, &QHeaderView::sectionResized, this, [this] { rememberLayout(); });
    connect(m_header, &QHeaderView::sectionMoved, this, [this] { rememberLayout(); });
    connect(m_header, &QWidget::customContextMenuRequested, this, [this](const QPoint &at) {
        QMenu *menu = createColumnMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        menu->popup(m_header->mapToGlobal(at));
    });
    applyMetrics();
}

TableView::~TableView() = default;

void TableView::setModel(QAbstractItemModel *model)
{
    RowsView::setModel(model);
    applyLayout();
}

void TableView::setColumns(const QVector<Column> &columns)
{
    m_columns = columns;
    for (int i = 0; i < columns.size(); ++i)
        setItemDelegateForColumn(i, new CellDelegate(columns.at(i).kind, this));
    applyLayout();
}

const Column *TableView::columnAt(int column) const
{
    return column >= 0 && column < m_columns.size() ? &m_columns.at(column) : nullptr;
}

CellKind TableView::kindOf(int column) const
{
    const Column *at = columnAt(column);
    return at ? at->kind : CellKind::Text;
}

int TableView::indexOfColumn(const QString &id) const
{
    for (int i = 0; i < m_columns.size(); ++i) {
        if (m_columns.at(i).id == id)
            return i;
    }
    return -1;
}

bool TableView::isColumnShown(const QString &id) const
{
    const int at = indexOfColumn(id);
    return at >= 0 && m_columns.at(at).shown;
}

void TableView::setColumnShown(const QString &id, bool shown)
{
    const int at = indexOfColumn(id);
    if (at < 0)
        return;
    m_columns[at].shown = shown;
    setColumnHidden(at, !shown);
    rememberLayout();
}

QMenu *TableView::createColumnMenu(QWidget *parent)
{
    auto *menu = new QMenu(parent);
    menu->setAccessibleName(tr("Columns"));
    for (const Column &column : std::as_const(m_columns)) {
        QAction *action = menu->addAction(column.title);
        action->setCheckable(true);
        action->setChecked(column.shown);
        connect(action, &QAction::toggled, this, [this, id = column.id](bool on) { setColumnShown(id, on); });
    }
    // The last column that is shown cannot be taken away: a table without columns has no header to bring them back.
    const auto guard = [this, menu] {
        const auto shown =
            std::count_if(m_columns.begin(), m_columns.end(), [](const Column &column) { return column.shown; });
        for (QAction *action : menu->actions())
            action->setEnabled(shown > 1 || !action->isChecked());
    };
    for (QAction *action : menu->actions())
        connect(action, &QAction::toggled, menu, guard);
    guard();
    return menu;
}

void TableView::setLayoutStore(QSettings *store, const QString &key)
{
    m_store = store;
    m_storeKey = key;
    applyLayout();
}

/// Widths, order and shown columns: remembered ones where there are any, by column id, so that a new column finds its
/// place.
void TableView::applyLayout()
{
    if (!model() || m_columns.isEmpty() || model()->columnCount() == 0)
        return;
    m_restoring = true;
    const Theme &look = theme(this);
    QVariantMap widths;
    QStringList order;
    if (m_store) {
        const QVariantMap saved = m_store->value(m_storeKey).toMap();
        widths = saved.value(QStringLiteral("widths")).toMap();
        order = saved.value(QStringLiteral("order")).toStringList();
        const QVariantMap shown = saved.value(QStringLiteral("shown")).toMap();
        for (Column &column : m_columns)
            column.shown = shown.value(column.id, column.shown).toBool();
        const QString sort = saved.value(QStringLiteral("sort")).toString();
        if (const Column *column = columnAt(indexOfColumn(sort)); column && column->sortable)
            setSort(sort, saved.value(QStringLiteral("descending")).toBool());
    }
    for (int i = 0; i < m_columns.size() && i < model()->columnCount(); ++i) {
        const Column &column = m_columns.at(i);
        setColumnWidth(i, std::clamp(widths.value(column.id, look.scaled(column.width)).toInt(), 24, 2000));
        setColumnHidden(i, !column.shown);
    }
    for (int i = int(m_columns.size()); i < model()->columnCount(); ++i)
        setColumnHidden(i, true);
    int to = 0;
    for (const QString &id : std::as_const(order)) {
        const int logical = indexOfColumn(id);
        if (logical >= 0 && logical < m_header->count())
            m_header->moveSection(m_header->visualIndex(logical), to++);
    }
    m_restoring = false;
}

void TableView::rememberLayout()
{
    if (!m_store || m_restoring || !model())
        return;
    QVariantMap widths;
    QVariantMap shown;
    QStringList order;
    for (int visual = 0; visual < m_header->count(); ++visual) {
        const int logical = m_header->logicalIndex(visual);
        const Column *column = columnAt(logical);
        if (!column)
            continue;
        order << column->id;
        shown.insert(column->id, column->shown);
        // The last section is stretched: its width is the window's, not the person's.
        if (column->shown && visual + 1 < m_header->count())
            widths.insert(column->id, m_header->sectionSize(logical));
    }
    m_store->setValue(m_storeKey, QVariantMap{{QStringLiteral("widths"), widths},
                                              {QStringLiteral("order"), order},
                                              {QStringLiteral("shown"), shown},
                                              {QStringLiteral("sort"), m_sortColumn},
                                              {QStringLiteral("descending"), m_sortDescending}});
}

void TableView::setSort(const QString &columnId, bool descending)
{
    m_sortColumn = columnId;
    m_sortDescending = descending;
    const int at = indexOfColumn(columnId);
    m_header->setSortIndicatorShown(at >= 0);
    if (at >= 0)
        m_header->setSortIndicator(at, descending ? Qt::DescendingOrder : Qt::AscendingOrder);
}

void TableView::setRowSelection(RowSelection *selection)
{
    if (m_selection)
        m_selection->disconnect(this);
    m_selection = selection;
    if (selection)
        connect(selection, &RowSelection::changed, this, [this] {
            viewport()->update();
            m_checks->viewport()->update();
            m_corner->update();
        });
    m_corner->setVisible(selection != nullptr);
    updateGeometries();
}

QString TableView::currentKey() const
{
    const QModelIndex at = currentIndex();
    return at.isValid() ? at.siblingAtColumn(0).data(KeyRole).toString() : QString();
}

bool TableView::setCurrentKey(const QString &key)
{
    if (!model() || key.isEmpty())
        return false;
    // Near: what is loaded around the window. A full search of ten million rows is the source's business.
    constexpr int reach = 1000;
    const int first = std::max(0, rowAt(0) - reach);
    const int last = std::min(model()->rowCount() - 1, first + 2 * reach);
    for (int row = first; row <= last; ++row) {
        const QModelIndex index = model()->index(row, 0);
        if (index.data(KeyRole).toString() != key)
            continue;
        if (currentIndex().row() != row)
            setCurrentIndex(index.siblingAtColumn(std::max(0, m_header->logicalIndexAt(0))));
        return true;
    }
    return false;
}

void TableView::beginRow(QPainter &painter, const QRect &rect, const QModelIndex &first)
{
    m_painted = rowLook(*this, first);
    paintRowGround(painter, rect, m_painted, theme(this));
}

void TableView::scrollContentsBy(int dx, int dy)
{
    RowsView::scrollContentsBy(dx, dy);
    // Whoever scrolls on sees rows, not their skeletons; after a jump nobody knows where it goes on.
    if (dy != 0 && std::abs(dy) <= verticalScrollBar()->pageStep())
        lookAhead(dy < 0 ? 1 : -1);
}

/// A model that fetches what it is asked for is asked before the rows come into sight.
void TableView::lookAhead(int direction) const
{
    constexpr int screens = 3;
    const int inSight = viewport()->height() / rowHeight() + 1;
    const int first = std::max(0, rowAt(0));
    for (int screen = screens; screen >= 1; --screen) { // what is asked for last is fetched first
        const int row = direction > 0 ? first + inSight - 1 + screen * inSight : first - screen * inSight;
        if (row >= 0 && row < rowCount())
            model()->index(row, 0, rootIndex()).data(LoadStateRole);
    }
}

void TableView::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    RowsView::currentChanged(current, previous);
    updateRow(previous.row());
    updateRow(current.row());
    if (current.row() != previous.row() || current.isValid() != previous.isValid())
        Q_EMIT currentRowChanged(current);
}

void TableView::updateRow(int row)
{
    if (row < 0 || !model() || row >= model()->rowCount())
        return;
    const int top = rowViewportPosition(row);
    viewport()->update(QRect(0, top, viewport()->width(), rowHeight(row)));
    m_checks->viewport()->update(QRect(0, top, m_checks->viewport()->width(), rowHeight(row)));
}

void TableView::setHoverRow(int row)
{
    if (row == m_hoverRow)
        return;
    const int former = m_hoverRow;
    m_hoverRow = row;
    updateRow(former);
    updateRow(row);
}

void TableView::mouseMoveEvent(QMouseEvent *event)
{
    setHoverRow(rowAt(event->pos().y()));
    RowsView::mouseMoveEvent(event);
}

void TableView::leaveEvent(QEvent *event)
{
    setHoverRow(-1);
    RowsView::leaveEvent(event);
}

bool TableView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::Leave)
        setHoverRow(-1);
    return RowsView::viewportEvent(event);
}

void TableView::keyPressEvent(QKeyEvent *event)
{
    const bool control = event->modifiers() & Qt::ControlModifier;
    const QModelIndex at = currentIndex();
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && at.isValid()) {
        Q_EMIT rowActivated(at);
    } else if (event->key() == Qt::Key_Space && m_selection && at.isValid()) {
        m_checks->toggle(at.row(), event->modifiers() & Qt::ShiftModifier);
    } else if (event->matches(QKeySequence::Copy)) {
        copy();
    } else if (control && event->key() == Qt::Key_A && m_selection) {
        m_selection->selectAll();
    } else if (event->key() == Qt::Key_Escape && m_selection && !m_selection->isEmpty()) {
        m_selection->clear();
    } else {
        // Plain letters are commands' shortcuts; they must not start Qt's search through ten million rows.
        if (!event->text().isEmpty() && event->text().at(0).isPrint()) {
            event->ignore();
            return;
        }
        RowsView::keyPressEvent(event);
    }
}

void TableView::copy() const
{
    const QModelIndex at = currentIndex();
    if (!at.isValid())
        return;
    QString text = at.siblingAtColumn(0).data(CopyRole).toString();
    if (selectionBehavior() == QAbstractItemView::SelectItems || text.isEmpty())
        text = at.data(CopyRole).toString();
    if (text.isEmpty())
        text = at.data(Qt::DisplayRole).toString();
    QApplication::clipboard()->setText(text);
}

void TableView::contextMenuEvent(QContextMenuEvent *event)
{
    const QModelIndex at = event->reason() == QContextMenuEvent::Keyboard ? currentIndex() : indexAt(event->pos());
    if (!at.isValid())
        return;
    setCurrentIndex(at);
    const QPoint where = event->reason() == QContextMenuEvent::Keyboard
                             ? viewport()->mapToGlobal(visualRect(at).bottomLeft())
                             : event->globalPos();
    Q_EMIT rowMenuRequested(at, where);
}

void TableView::applyMetrics()
{
    const Theme &look = theme(this);
    if (!qFuzzyCompare(m_scale, look.textScale())) {
        // Columns grow with their text; what is remembered stays as it was.
        m_restoring = true;
        for (int i = 0; i < m_header->count(); ++i) {
            if (!m_header->isSectionHidden(i))
                m_header->resizeSection(i, qRound(m_header->sectionSize(i) * look.textScale() / m_scale));
        }
        m_restoring = false;
        m_scale = look.textScale();
    }
    setRowHeight(look.scaled(size::row));
}

void TableView::changeEvent(QEvent *event)
{
    RowsView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        applyMetrics();
        updateGeometries();
    }
}

void TableView::updateGeometries()
{
    RowsView::updateGeometries();
    if (m_corner)
        m_corner->setGeometry(0, 0, m_checks->width(), m_header->height());
}

void TableView::armMinute()
{
    const bool ages = std::any_of(m_columns.begin(), m_columns.end(),
                                  [](const Column &column) { return column.shown && column.kind == CellKind::Age; });
    if (isVisible() && ages)
        m_minute.start(millisecondsToNextMinute(*m_clock));
    else
        m_minute.stop();
}

void TableView::showEvent(QShowEvent *event)
{
    RowsView::showEvent(event);
    armMinute();
}

void TableView::hideEvent(QHideEvent *event)
{
    m_minute.stop();
    RowsView::hideEvent(event);
}

} // namespace parapet::kit
