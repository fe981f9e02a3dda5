// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/instant.h"
#include "ui/kit/rowselection.h"
#include "ui/kit/rowsview.h"
#include "ui/kit/theme.h"

#include <QtCore/QSettings>
#include <QtCore/QTimer>

namespace parapet::kit {

/// How a cell is drawn. What each reads from the model is in brackets beside Qt::DisplayRole (models/items/roles.h).
enum class CellKind : quint8 {
    Text,     ///< [SeverityRole: a mark at the right end]
    Mono,     ///< identifier, hash, address [SeverityRole]
    Muted,    ///< text-2: what is rarely read
    Figure,   ///< mono, right-aligned
    Age,      ///< [InstantRole] since then, mono, right-aligned; UTC in the tooltip
    Time,     ///< [InstantRole] local clock time, mono; UTC in the tooltip
    State,    ///< [StateMarkRole]
    Severity, ///< [SeverityRole] mark and text
    Proof,    ///< [ProofRole] the mark alone [NotedRole: a sign beside it]
    Actors,   ///< [ActorsRole] icons
    Spark,    ///< [SeriesRole]
    Actor,    ///< [ActorsRole] icon, then the name
};

/// One column of a table, for the model's column of the same index.
struct Column {
    QString id; ///< stable and untranslated: what a remembered layout names
    QString title;
    CellKind kind = CellKind::Text;
    int width = 120; ///< at text scale 1
    bool shown = true;
    bool sortable = false;
    bool upright = false; ///< the title reads upwards (permission matrix)
    bool strong = false;  ///< text in `text` rather than in `text-2`, weight 500
};

/// What a row looks like, whatever is in its cells.
struct RowLook {
    bool current = false;
    bool checked = false;
    bool hover = false;
    bool stale = false;
    bool failed = false;
    bool loading = false;
};

/// The one table. Rows of 28 px with hairlines, hover, current-row mark at the left edge, a check box column when a
/// RowSelection is set, skeletons for rows that are not loaded, hatching and grey for stale ones; column choice by the
/// header's menu; order, widths, shown columns and sort are remembered. Sorting is the source's: sortRequested() is
/// emitted and nothing is moved here.
class TableView : public RowsView
{
    Q_OBJECT

public:
    explicit TableView(QWidget *parent = nullptr);
    ~TableView() override;

    void setColumns(const QVector<Column> &columns);
    const QVector<Column> &columns() const { return m_columns; }
    bool isColumnShown(const QString &id) const;
    void setColumnShown(const QString &id, bool shown);
    /// The menu that the Columns button shows, and the header's context menu: one check mark a column, and "Reset".
    class QMenu *createColumnMenu(QWidget *parent);

    /// Remembers the layout under `key`, and restores it now. The store is not owned.
    void setLayoutStore(QSettings *store, const QString &key);

    /// Adds the check box column. Not owned. Space toggles the current row, Shift extends, Ctrl+A takes the loaded
    /// rows.
    void setRowSelection(RowSelection *selection);
    RowSelection *rowSelection() const { return m_selection; }

    void setSort(const QString &columnId, bool descending);
    /// What the header shows, also when it was restored; empty: the source's own order.
    const QString &sortColumn() const { return m_sortColumn; }
    bool isSortDescending() const { return m_sortDescending; }

    QString currentKey() const;
    /// Makes the row with that key current if it is loaded and near; false otherwise.
    bool setCurrentKey(const QString &key);

    /// For ages: not owned, defaults to the machine's clock. Ages are repainted once a minute while the table is
    /// visible.
    void setClock(const Clock *clock) { m_clock = clock; }
    const Clock &clock() const { return *m_clock; }

    int hoverRow() const { return m_hoverRow; }
    /// The look of the row whose cells are being painted.
    const RowLook &paintedRow() const { return m_painted; }
    CellKind kindOf(int column) const;
    const Column *columnAt(int column) const;

    void setModel(QAbstractItemModel *model) override;

Q_SIGNALS:
    /// Enter, or a double click.
    void rowActivated(const QModelIndex &index);
    /// The current row became another one, or none (invalid).
    void currentRowChanged(const QModelIndex &index);
    void sortRequested(const QString &columnId, bool descending);
    void rowMenuRequested(const QModelIndex &index, const QPoint &globalPosition);

protected:
    void beginRow(QPainter &painter, const QRect &rect, const QModelIndex &first) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void changeEvent(QEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void updateGeometries() override;
    void scrollContentsBy(int dx, int dy) override;

private:
    void lookAhead(int direction) const;
    void setHoverRow(int row);
    void updateRow(int row);
    void applyMetrics();
    void applyLayout();
    void rememberLayout();
    void copy() const;
    void armMinute();
    int indexOfColumn(const QString &id) const;

    QVector<Column> m_columns;
    RowSelection *m_selection = nullptr;
    class CheckHeader *m_checks = nullptr;
    class CheckCorner *m_corner = nullptr;
    class TableHeader *m_header;
    QSettings *m_store = nullptr;
    QString m_storeKey;
    const Clock *m_clock;
    qreal m_scale; ///< the text scale that the column widths are for
    QTimer m_minute;
    int m_hoverRow = -1;
    RowLook m_painted;
    bool m_restoring = false;
    QString m_sortColumn;
    bool m_sortDescending = false;
};

} // namespace parapet::kit
