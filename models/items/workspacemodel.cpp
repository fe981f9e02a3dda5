// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/workspacemodel.h"

#include "models/wire/codec.h"

#include <QtCore/QCoreApplication>

namespace parapet {

class WorkspaceModel::Source : public RowSource<Workspace>
{
public:
    explicit Source(ControlPlane &control) : m_control(control) {}
    Reply<Page<Workspace>> fetch(const PageRequest &request) override { return m_control.workspaces(request); }

private:
    ControlPlane &m_control;
};

WorkspaceModel::WorkspaceModel(const Clock &clock, QObject *parent) : PagedModel(clock, parent)
{
}

WorkspaceModel::~WorkspaceModel() = default;

void WorkspaceModel::setSystem(ControlPlane *control, Watch *watch)
{
    setSource(nullptr);
    m_waiting.clear();
    m_turns.clear();
    m_workspaces = control ? std::make_unique<Source>(*control) : nullptr;
    followWatch(watch, [this](const QVector<ChangeEvent> &changes) { apply(changes); });
    if (m_workspaces)
        setSource(m_workspaces.get());
}

void WorkspaceModel::apply(const QVector<ChangeEvent> &changes)
{
    for (const ChangeEvent &change : changes) {
        if (change.kind != QLatin1String("workspace"))
            continue;
        if (change.removed || change.object.isEmpty() || !holds(change.id)) {
            m_waiting.remove(change.id);
            markOutdated();
        } else {
            QJsonObject &latest = m_waiting[change.id];
            if (latest.isEmpty())
                m_turns.push_back(change.id);
            latest = change.object;
        }
    }
    if (!m_waiting.isEmpty())
        scheduleChanges();
}

bool WorkspaceModel::takeChanges()
{
    // Of many changes of one row only the last is decoded; of many rows a few, and the window has its turn in between.
    for (int decoded = 0; decoded < decodedAtOnce && !m_turns.empty(); m_turns.pop_front()) {
        const QString id = m_turns.front();
        const QJsonObject latest = m_waiting.take(id);
        if (latest.isEmpty())
            continue;
        ++decoded;
        const Result<Workspace> row = wire::fromJson<Workspace>(latest);
        // What cannot be read, or is not what it was announced as, is asked for.
        if (row && row->id.value == id)
            applyChange(*row);
        else
            markOutdated();
    }
    return !m_turns.empty();
}

QString stateText(const Workspace &workspace)
{
    if (workspace.isolated && (workspace.state == WorkspaceState::Running || workspace.state == WorkspaceState::Frozen))
        return workspace.state == WorkspaceState::Frozen ? QCoreApplication::translate("workspaces", "Isolated, frozen")
                                                         : QCoreApplication::translate("workspaces", "Isolated");
    return enumerationText(nameOf(workspace.state));
}

StateMark stateMark(const Workspace &workspace)
{
    switch (workspace.state) {
    case WorkspaceState::Starting:
        return StateMark::Starting;
    case WorkspaceState::Frozen:
        return workspace.isolated ? StateMark::Isolated : StateMark::Frozen;
    case WorkspaceState::Running:
        return workspace.isolated ? StateMark::Isolated : StateMark::Running;
    case WorkspaceState::Stopping:
        return StateMark::Requested;
    case WorkspaceState::Stopped:
    case WorkspaceState::Revoked:
        break;
    }
    return StateMark::Stopped;
}

Severity severityOf(const Workspace &workspace)
{
    const bool alive = workspace.state == WorkspaceState::Running || workspace.state == WorkspaceState::Frozen;
    if (alive && workspace.runtime == RuntimeStatus::Silent)
        return Severity::High;
    if (alive && !workspace.imageSigned)
        return Severity::Medium;
    return Severity::None;
}

QVariant WorkspaceModel::cell(const Workspace &row, int column, int role) const
{
    static const int nameColumn = columnOf(QLatin1String("name"));
    static const int stateColumn = columnOf(QLatin1String("state"));
    static const int digestColumn = columnOf(QLatin1String("imageDigest"));
    static const int peopleColumn = columnOf(QLatin1String("people"));
    if (column == stateColumn) {
        if (role == Qt::DisplayRole || role == Qt::AccessibleTextRole)
            return stateText(row);
        if (role == StateMarkRole)
            return int(isRowStale(row) ? StateMark::Stale : stateMark(row));
    } else if (column == nameColumn && role == SeverityRole) {
        return int(severityOf(row));
    } else if (column == digestColumn && role == Qt::DisplayRole) {
        return row.imageDigest.mid(row.imageDigest.indexOf(u':') + 1, 8);
    } else if (column == peopleColumn && role == ActorsRole) {
        return (row.people > 0 ? int(HumanActor) : 0) | (row.agents > 0 ? int(AgentActor) : 0);
    }
    return PagedModel::cell(row, column, role);
}

} // namespace parapet
