// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/workspace.h"
#include "models/items/pagedmodel.h"
#include "models/ports/controlplane.h"
#include "models/ports/watch.h"

#include <deque>

namespace parapet {

/// Workspaces, live: pages from a control plane, changes from its watch. Columns are the field table; the state column
/// answers StateMarkRole, the people column ActorsRole, the name column SeverityRole.
class WorkspaceModel : public PagedModel<Workspace>
{
    Q_OBJECT

public:
    static constexpr int decodedAtOnce = 100; ///< three milliseconds' work

    explicit WorkspaceModel(const Clock &clock, QObject *parent = nullptr);
    ~WorkspaceModel() override;

    /// Both null: the system went away. Neither is owned; say so before they die.
    void setSystem(ControlPlane *control, Watch *watch);

    /// Reads changes of workspaces; others are passed over. Only rows that are held are decoded, once in 16 ms each, and
    /// decodedAtOnce in one turn of the event loop.
    void apply(const QVector<ChangeEvent> &changes);

protected:
    QString keyOf(const Workspace &row) const override { return row.id.value; }
    bool isRowStale(const Workspace &row) const override { return row.runtime == RuntimeStatus::Silent; }
    QVariant cell(const Workspace &row, int column, int role) const override;
    bool takeChanges() override;

private:
    class Source;

    std::unique_ptr<Source> m_workspaces;
    QHash<QString, QJsonObject> m_waiting; ///< by identifier: the latest form of held rows, not yet decoded
    std::deque<QString> m_turns;           ///< who waits, the longest first; some no longer
};

/// The state of a workspace for people, translated, and its mark: what is cut off or silent outweighs that it runs.
QString stateText(const Workspace &workspace);
StateMark stateMark(const Workspace &workspace);
/// What is wrong with it on its own account.
Severity severityOf(const Workspace &workspace);

} // namespace parapet
