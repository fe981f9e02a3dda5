// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/operations/operationsmodel.h"

#include "ui/kit/text/format.h"

namespace parapet::pages {

using namespace Qt::StringLiterals;

namespace {

/// Everything holds; only the certificate is missing.
bool isUnsigned(const operation::Operation &operation)
{
    return operation.summary().stepsFailed == 0 && !operation.run().certificateRefused.isEmpty();
}

} // namespace

QString runStateText(const operation::Operation &operation)
{
    const operation::Summary summary = operation.summary();
    if (summary.survive > 0)
        return OperationsModel::tr("Survives: %1").arg(summary.survive);
    switch (operation.state()) {
    case operation::RunState::Running: return OperationsModel::tr("Under way");
    case operation::RunState::Paused: return OperationsModel::tr("Paused");
    case operation::RunState::Cancelling: return OperationsModel::tr("Undoing");
    case operation::RunState::Cancelled: return OperationsModel::tr("Undone");
    case operation::RunState::Stopped:
        return isUnsigned(operation) ? OperationsModel::tr("Holds, not signed") : OperationsModel::tr("Stopped");
    case operation::RunState::Finished: break;
    }
    return operation.plan().probes.isEmpty() ? OperationsModel::tr("Observed") : OperationsModel::tr("Proven");
}

StateMark runStateMark(const operation::Operation &operation)
{
    if (operation.summary().survive > 0)
        return StateMark::Survives;
    switch (operation.state()) {
    case operation::RunState::Running: return StateMark::Step;
    case operation::RunState::Paused: return StateMark::Frozen;
    case operation::RunState::Cancelling: return StateMark::Requested;
    case operation::RunState::Cancelled: return StateMark::Stopped;
    case operation::RunState::Stopped: return isUnsigned(operation) ? StateMark::Requested : StateMark::Survives;
    case operation::RunState::Finished: break;
    }
    return StateMark::Observed;
}

QVector<kit::Column> OperationsModel::columns()
{
    using kit::CellKind;
    return {{u"state"_s, tr("State"), CellKind::State, 130},
            {u"title"_s, tr("Operation"), CellKind::Text, 260, true, false, false, true},
            {u"reason"_s, tr("Reason"), CellKind::Text, 240},
            {u"steps"_s, tr("Steps"), CellKind::Figure, 96},
            {u"probes"_s, tr("Probes hold"), CellKind::Figure, 96},
            {u"certificate"_s, tr("Certificate"), CellKind::Mono, 136},
            {u"started"_s, tr("Started"), CellKind::Time, 96},
            {u"id"_s, tr("Identifier"), CellKind::Mono, 168}};
}

void OperationsModel::setRunner(operation::Runner *runner)
{
    if (m_runner)
        m_runner->disconnect(this);
    m_runner = runner;
    if (runner) {
        connect(runner, &operation::Runner::operationAdded, this, &OperationsModel::reload);
        connect(runner, &operation::Runner::operationForgotten, this, &OperationsModel::reload);
        connect(runner, &operation::Runner::operationChanged, this, [this](operation::Operation *operation) {
            const qsizetype at = m_operations.indexOf(operation);
            if (at >= 0) {
                const int row = int(m_unfinished.size() + at);
                Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
            }
        });
    }
    reload();
}

void OperationsModel::setUnfinished(const QVector<operation::UnfinishedRun> &runs)
{
    beginResetModel();
    m_unfinished = runs;
    endResetModel();
}

void OperationsModel::reload()
{
    beginResetModel();
    m_operations = m_runner ? m_runner->operations() : QVector<operation::Operation *>();
    std::reverse(m_operations.begin(), m_operations.end());
    m_unfinished.removeIf([this](const operation::UnfinishedRun &run) { return m_runner && m_runner->find(run.id); });
    endResetModel();
}

int OperationsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_unfinished.size() + m_operations.size());
}

int OperationsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

operation::Operation *OperationsModel::operationAt(int row) const
{
    return m_operations.value(row - m_unfinished.size(), nullptr);
}

const operation::UnfinishedRun *OperationsModel::unfinishedAt(int row) const
{
    return row >= 0 && row < m_unfinished.size() ? &m_unfinished[row] : nullptr;
}

QVariant OperationsModel::textOf(const operation::UnfinishedRun &run, int column) const
{
    switch (column) {
    case StateColumn: return run.unreadable ? tr("Damaged") : tr("Did not end");
    case TitleColumn: return Untrusted(run.title.isEmpty() ? run.path : run.title).inert(160);
    case ReasonColumn: return run.unreadable ? run.unreadable->message : tr("Open it to go on where it stood.");
    case StartedColumn: return kit::localClock(run.started);
    case IdColumn: return run.id.value;
    default: return {};
    }
}

QVariant OperationsModel::textOf(const operation::Operation &operation, int column) const
{
    const operation::Summary summary = operation.summary();
    switch (column) {
    case StateColumn: return runStateText(operation);
    case TitleColumn: return operation.plan().title;
    case ReasonColumn: return Untrusted(operation.plan().reason).inert(300);
    case StepsColumn: return tr("%1 of %2").arg(summary.stepsObserved + summary.stepsSkipped).arg(summary.steps);
    case ProbesColumn: return summary.probes > 0 ? tr("%1 of %2").arg(summary.hold).arg(summary.probes) : QString();
    case CertificateColumn:
        if (operation.run().certificate)
            return operation.run().certificate->sha256.left(16);
        return operation.plan().certified ? tr("not issued") : QString();
    case StartedColumn: return kit::localClock(operation.run().started);
    case IdColumn: return operation.id().value;
    default: return {};
    }
}

QVariant OperationsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (role == LoadStateRole)
        return int(LoadState::Loaded);
    const operation::UnfinishedRun *run = unfinishedAt(index.row());
    const operation::Operation *operation = operationAt(index.row());
    if (role == Qt::DisplayRole)
        return run ? textOf(*run, index.column()) : operation ? textOf(*operation, index.column()) : QVariant();
    if (role == KeyRole)
        return run ? run->id.value : operation ? operation->id().value : QString();
    if (role == StateMarkRole && index.column() == StateColumn)
        return int(run ? StateMark::Survives : operation ? runStateMark(*operation) : StateMark::None);
    if (role == InstantRole && index.column() == StartedColumn)
        return QVariant::fromValue(run ? run->started : operation ? operation->run().started : Instant{});
    if (role == CopyRole && index.column() == CertificateColumn && operation && operation->run().certificate)
        return operation->run().certificate->sha256;
    return {};
}

} // namespace parapet::pages
