// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/roles.h"
#include "models/operation/runner.h"
#include "ui/kit/tableview.h"

#include <QtCore/QAbstractTableModel>
#include <QtCore/QPointer>

namespace parapet::pages {

/// Unfinished journals first, then the operations of this process, newest first.
class OperationsModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { StateColumn, TitleColumn, ReasonColumn, StepsColumn, ProbesColumn, CertificateColumn, StartedColumn, IdColumn, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    static QVector<kit::Column> columns();
    /// Null: no runner, no rows.
    void setRunner(operation::Runner *runner);
    void setUnfinished(const QVector<operation::UnfinishedRun> &runs);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

    /// The row's operation, or null for a journal that is not taken up.
    operation::Operation *operationAt(int row) const;
    const operation::UnfinishedRun *unfinishedAt(int row) const;

private:
    void reload();
    QVariant textOf(const operation::Operation &operation, int column) const;
    QVariant textOf(const operation::UnfinishedRun &run, int column) const;

    QPointer<operation::Runner> m_runner;
    QVector<operation::UnfinishedRun> m_unfinished;
    QVector<operation::Operation *> m_operations;
};

/// How a run stands, for people, and its mark.
QString runStateText(const operation::Operation &operation);
StateMark runStateMark(const operation::Operation &operation);

} // namespace parapet::pages
