// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operation/probemodel.h"

#include "models/items/roles.h"
#include "ui/kit/text/format.h"

#include <numeric>

namespace parapet::ui {

using namespace Qt::StringLiterals;

QVector<kit::Column> ProbeModel::columns()
{
    using kit::CellKind;
    return {{u"kind"_s, tr("Probe"), CellKind::Text, 124, true, false, false, true},
            {u"target"_s, tr("Target"), CellKind::Mono, 172},
            {u"requested"_s, tr("Requested"), CellKind::Text, 78},
            {u"observed"_s, tr("Observed"), CellKind::State, 168},
            {u"observer"_s, tr("Observer"), CellKind::Text, 126},
            {u"time"_s, tr("Time"), CellKind::Time, 70}};
}

void ProbeModel::setPlan(const operation::Plan &plan)
{
    beginResetModel();
    m_plan = plan.probes;
    m_runs = QVector<operation::ProbeRun>(m_plan.size());
    m_order.resize(m_plan.size());
    std::iota(m_order.begin(), m_order.end(), 0);
    m_places = m_order;
    endResetModel();
}

int ProbeModel::rank(int probe) const
{
    const operation::ProbeRun &run = m_runs[probe];
    if (run.verdict == Verdict::Survives)
        return 0;
    return run.verdict == Verdict::Unknown && run.tries > 0 ? 1 : 2;
}

void ProbeModel::setRun(const operation::Run &run, const QVector<int> &rows)
{
    bool reorder = false;
    int first = int(m_plan.size()), last = -1;
    const auto take = [&](int probe) {
        if (probe < 0 || probe >= m_runs.size() || probe >= run.probes.size())
            return;
        const int before = rank(probe);
        m_runs[probe] = run.probes[probe];
        reorder = reorder || rank(probe) != before;
        first = std::min(first, m_places[probe]);
        last = std::max(last, m_places[probe]);
    };
    if (rows.isEmpty()) {
        for (int i = 0; i < m_plan.size(); ++i)
            take(i);
    } else {
        for (const int probe : rows)
            take(probe);
    }
    if (reorder) {
        Q_EMIT layoutAboutToBeChanged();
        const QModelIndexList persistent = persistentIndexList();
        QVector<int> probes;
        for (const QModelIndex &index : persistent)
            probes << m_order[index.row()];
        std::iota(m_order.begin(), m_order.end(), 0);
        std::stable_sort(m_order.begin(), m_order.end(), [this](int a, int b) { return rank(a) < rank(b); });
        for (int i = 0; i < m_order.size(); ++i)
            m_places[m_order[i]] = i;
        for (int i = 0; i < persistent.size(); ++i)
            changePersistentIndex(persistent[i], index(m_places[probes[i]], persistent[i].column()));
        Q_EMIT layoutChanged();
    } else if (last >= first) {
        Q_EMIT dataChanged(index(first, 0), index(last, ColumnCount - 1));
    }
}

int ProbeModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_order.size());
}

int ProbeModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant ProbeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole || section < 0 || section >= ColumnCount)
        return {};
    return columns()[section].title;
}

QString ProbeModel::observedText(const operation::ProbeRun &run) const
{
    if (run.tries == 0)
        return run.running ? tr("trying") : tr("not tried yet");
    return run.seen.isEmpty() ? tr("could not look") : run.seen;
}

QVariant ProbeModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const int row = m_order[index.row()];
    const Probe &probe = m_plan[row];
    const operation::ProbeRun &run = m_runs[row];
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case KindColumn: return operation::title(probe.kind);
        case TargetColumn: return probe.label.isEmpty() ? probe.subject : probe.label.inert(120);
        case RequestedColumn: return probe.expectation;
        case ObservedColumn: return observedText(run);
        case ObserverColumn: return run.observer;
        case TimeColumn: return kit::localClock(run.at);
        default: return {};
        }
    case StateMarkRole:
        if (index.column() != ObservedColumn)
            return {};
        if (run.verdict == Verdict::Holds)
            return int(StateMark::Observed);
        if (run.verdict == Verdict::Survives)
            return int(StateMark::Survives);
        return int(run.tries > 0 ? StateMark::Stale : run.running ? StateMark::Requested : StateMark::Waiting);
    case FailedRole: return run.verdict == Verdict::Survives;
    case LoadStateRole: return int(LoadState::Loaded);
    case KeyRole: return QString::number(row);
    case CopyRole: return index.column() == TargetColumn ? probe.subject : QString();
    case InstantRole: return index.column() == TimeColumn ? QVariant::fromValue(run.at) : QVariant();
    case Qt::ToolTipRole:
        if (index.column() == ObservedColumn && run.tries > 1)
            return tr("%1\ntried %2 times").arg(observedText(run)).arg(run.tries);
        if (index.column() == TargetColumn)
            return probe.subject;
        return {};
    default: return {};
    }
}

} // namespace parapet::ui
