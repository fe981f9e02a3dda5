// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/roles.h"
#include "models/operation/runner.h"
#include "ui/kit/tableview.h"

#include <QtCore/QAbstractTableModel>
#include <QtCore/QPointer>

namespace parapet::pages {

/// Which operations are listed.
struct OperationsFilter {
    enum class Which { All, Open, Over, Damaged };
    Which which = Which::All;
    QString text; ///< must stand, case aside, in what, why, who or the identifier; empty: any
    friend bool operator==(const OperationsFilter &, const OperationsFilter &) = default;
};

/// Journals that did not end first, then the operations of this process and those of earlier ones, newest first.
class OperationsModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column {
        StateColumn,
        TitleColumn,
        ByColumn,
        ReasonColumn,
        StepsColumn,
        ProbesColumn,
        CertificateColumn,
        StartedColumn,
        EndedColumn,
        IdColumn,
        ColumnCount
    };

    explicit OperationsModel(const Clock &clock, QObject *parent = nullptr);

    static QVector<kit::Column> columns();
    /// Null: no runner, no rows.
    void setRunner(operation::Runner *runner);
    void setUnfinished(const QVector<operation::UnfinishedRun> &runs);
    void setPast(const QVector<operation::PastRun> &runs);
    void setFilter(const OperationsFilter &filter);
    const OperationsFilter &filter() const { return m_filter; }
    /// How many there are of a kind, whatever is typed.
    int count(OperationsFilter::Which which) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

    /// What the row is: exactly one of the three, the others are null.
    operation::Operation *operationAt(int row) const;
    const operation::UnfinishedRun *unfinishedAt(int row) const;
    const operation::PastRun *pastAt(int row) const;
    /// Where the row's certificate lies; empty when it has none.
    QString certificateAt(int row) const;

Q_SIGNALS:
    /// Rows came, went or changed.
    void rowsChanged();

private:
    struct Row {
        enum class Kind : quint8 { Unfinished, Live, Past };
        Kind kind;
        qsizetype at;
    };
    void takeOperations();
    void rebuild();
    bool isOpen(const Row &row) const;
    bool isDamaged(const Row &row) const;
    bool isOf(const Row &row, OperationsFilter::Which which) const;
    bool matches(const Row &row) const;
    QVector<Row> everyRow() const;
    QVariant textOf(const operation::Operation &operation, int column) const;
    QVariant textOf(const operation::UnfinishedRun &run, int column) const;
    QVariant textOf(const operation::PastRun &run, int column) const;
    QString text(const Row &row, int column) const;
    Instant started(const Row &row) const;
    Instant ended(const Row &row) const;
    /// A clock today, else with the day.
    QString moment(Instant at) const;

    const Clock &m_clock;
    QPointer<operation::Runner> m_runner;
    QVector<operation::UnfinishedRun> m_unfinished;
    QVector<operation::Operation *> m_operations; ///< newest first
    QVector<operation::PastRun> m_past;
    OperationsFilter m_filter;
    QVector<Row> m_rows;
};

} // namespace parapet::pages
