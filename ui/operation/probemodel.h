// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/operation/run.h"
#include "ui/kit/tableview.h"

#include <QtCore/QAbstractTableModel>

namespace parapet::ui {

/// The probes of a plan as a table: what, of which, expected, seen, by whom, when. What survives stands on top, then what could not
/// be looked at, then the rest in the plan's order.
class ProbeModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { KindColumn, TargetColumn, RequestedColumn, ObservedColumn, ObserverColumn, TimeColumn, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    static QVector<kit::Column> columns();
    void setPlan(const operation::Plan &plan);
    /// `rows` of plan.probes that changed; all when empty.
    void setRun(const operation::Run &run, const QVector<int> &rows = {});

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    int rank(int probe) const;
    QString observedText(const operation::ProbeRun &run) const;

    QVector<Probe> m_plan;
    QVector<operation::ProbeRun> m_runs;
    QVector<int> m_order; ///< row → probe
    QVector<int> m_places; ///< probe → row
};

} // namespace parapet::ui
