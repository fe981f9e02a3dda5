// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/recordingmodel.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>
#include <QtCore/QLocale>

namespace parapet {

using namespace Qt::StringLiterals;

class RecordingModel::Source : public RowSource<Recording>
{
public:
    explicit Source(AuditStore &audit) : m_audit(audit) {}
    Reply<Page<Recording>> fetch(const PageRequest &request) override { return m_audit.recordings(request); }

private:
    AuditStore &m_audit;
};

RecordingModel::RecordingModel(const Clock &clock, QObject *parent) : PagedModel(clock, parent), m_now(clock)
{
}

RecordingModel::~RecordingModel() = default;

void RecordingModel::setSystem(AuditStore *audit, Watch *watch)
{
    setSource(nullptr);
    m_recordings = audit ? std::make_unique<Source>(*audit) : nullptr;
    followWatch(watch, [this](const QVector<ChangeEvent> &changes) { hear(changes); });
    if (m_recordings)
        setSource(m_recordings.get());
}

void RecordingModel::hear(const QVector<ChangeEvent> &changes)
{
    // Its beginning and its end are events of the log; that somebody looks at one changes none.
    const auto tells = [](const ChangeEvent &change) {
        const QString action = change.object.value("action"_L1).toString();
        return change.kind == "event"_L1 && (action == "recording.start"_L1 || action == "recording.end"_L1);
    };
    if (std::any_of(changes.begin(), changes.end(), tells))
        noteChange();
}

QVariant RecordingModel::cell(const Recording &row, int column, int role) const
{
    static const int actorColumn = columnOf(QLatin1String("actorName"));
    static const int kindColumn = columnOf(QLatin1String("actorKind"));
    static const int stateColumn = columnOf(QLatin1String("state"));
    static const int startedColumn = columnOf(QLatin1String("started"));
    static const int durationColumn = columnOf(QLatin1String("duration"));
    static const int digestColumn = columnOf(QLatin1String("sha256"));
    static const int eventColumn = columnOf(QLatin1String("event"));
    const bool forPeople = role == Qt::DisplayRole || role == Qt::AccessibleTextRole;
    if ((column == actorColumn || column == kindColumn) && role == ActorsRole)
        return int(row.actorKind == ActorKind::Human ? HumanActor : row.actorKind == ActorKind::Agent ? AgentActor : ServiceActor);
    if (column == stateColumn && role == StateMarkRole)
        return int(row.state == RecordingState::Running ? StateMark::Running : row.remark.isEmpty() ? StateMark::Stopped : StateMark::Survives);
    if (column == stateColumn && role == Qt::ToolTipRole && !row.remark.isEmpty())
        return Untrusted(row.remark).inert(400);
    if (column == startedColumn && forPeople) {
        const auto local = [](Instant at) { return QDateTime::fromMSecsSinceEpoch(at.time_since_epoch().count()).toLocalTime(); };
        const bool today = local(row.started).date() == local(m_now.now()).date();
        return QLocale().toString(local(row.started), today ? u"HH:mm:ss"_s : u"d MMM HH:mm:ss"_s);
    }
    if (column == durationColumn && forPeople)
        return durationText(Milliseconds(row.duration));
    if (column == digestColumn && role == Qt::DisplayRole)
        return row.sha256.left(12);
    if (column == eventColumn && forPeople)
        return row.event < 0 ? QString() : QLocale().toString(row.event);
    return PagedModel::cell(row, column, role);
}

} // namespace parapet
