// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/operation/run.h"

#include <QtCore/QAbstractListModel>

namespace parapet::ui {

/// One line of the plan. Of many workspaces: all steps of one verb, in the plan's order; of one: a step, or those side by side.
struct StepGroup {
    QString title;
    QVector<int> rows;       ///< of plan.steps
    bool sideBySide = false; ///< of one workspace: what was seen is told, rather than how many
    bool destructive = false;
    bool evidence = false;
    int observed = 0, failed = 0, skipped = 0, undone = 0, requested = 0;
    Instant began{};
    Instant ended{};         ///< when the last of them ended; unknown while one is open
    QStringList lines;       ///< what was seen or went wrong, at most two, inert

    enum class State { Waiting, Active, Observed, Failed, Skipped, Undone };
    State state() const;
    int size() const { return int(rows.size()); }
};

/// The steps of a plan for a list: grouped by what they do, with how far each group has come.
class StepModel : public QAbstractListModel
{
    Q_OBJECT

public:
    using QAbstractListModel::QAbstractListModel;

    void setPlan(const operation::Plan &plan);
    /// The run of that plan as it is now; only groups that `rows` touch are counted again (all when empty).
    void setRun(const operation::Run &run, const QVector<int> &rows = {});

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    const StepGroup &group(int row) const { return m_groups[row]; }

private:
    void count(StepGroup &group, const operation::Run &run) const;

    QVector<StepGroup> m_groups;
    QVector<int> m_groupOf; ///< by row of plan.steps
};

} // namespace parapet::ui
