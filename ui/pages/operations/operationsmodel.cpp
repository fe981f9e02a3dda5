// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/operations/operationsmodel.h"

#include "ui/kit/text/format.h"
#include "ui/operation/runwords.h"

#include <QtCore/QDateTime>
#include <QtCore/QLocale>

namespace parapet::pages {

using namespace Qt::StringLiterals;

namespace {

QString certificateText(const operation::Certificate &certificate)
{
    return certificate.sha256.left(16);
}

QString operatorText(const operation::Operator &who)
{
    return who.name.isEmpty() ? Untrusted(who.id.value).inert(80) : who.name.inert(80);
}

} // namespace

OperationsModel::OperationsModel(const Clock &clock, QObject *parent) : QAbstractTableModel(parent), m_clock(clock) {}

QVector<kit::Column> OperationsModel::columns()
{
    using kit::CellKind;
    return {{u"state"_s, tr("Result"), CellKind::State, 150},
            {u"title"_s, tr("Operation"), CellKind::Text, 240, true, false, false, true},
            {u"by"_s, tr("By"), CellKind::Text, 130},
            {u"reason"_s, tr("Reason"), CellKind::Text, 210},
            {u"steps"_s, tr("Steps"), CellKind::Figure, 84},
            {u"probes"_s, tr("Probes hold"), CellKind::Figure, 96},
            {u"certificate"_s, tr("Certificate"), CellKind::Mono, 136},
            {u"started"_s, tr("Started"), CellKind::Mono, 116},
            {u"ended"_s, tr("Ended"), CellKind::Mono, 116},
            {u"id"_s, tr("Identifier"), CellKind::Mono, 168}};
}

void OperationsModel::setRunner(operation::Runner *runner)
{
    if (m_runner)
        m_runner->disconnect(this);
    m_runner = runner;
    if (runner) {
        connect(runner, &operation::Runner::operationAdded, this, &OperationsModel::takeOperations);
        connect(runner, &operation::Runner::operationForgotten, this, &OperationsModel::takeOperations);
        connect(runner, &operation::Runner::operationChanged, this, [this](operation::Operation *operation) {
            const auto row = std::find_if(m_rows.begin(), m_rows.end(), [&](const Row &each) {
                return each.kind == Row::Kind::Live && m_operations[each.at] == operation;
            });
            // It may have become another kind: no longer among those that are shown, or only now.
            if ((row != m_rows.end()) != (m_operations.contains(operation) && matches({Row::Kind::Live, m_operations.indexOf(operation)})))
                return rebuild();
            if (row != m_rows.end()) {
                const int at = int(row - m_rows.begin());
                Q_EMIT dataChanged(index(at, 0), index(at, ColumnCount - 1));
            }
            Q_EMIT rowsChanged();
        });
    }
    takeOperations();
}

void OperationsModel::setUnfinished(const QVector<operation::UnfinishedRun> &runs)
{
    m_unfinished = runs;
    takeOperations();
}

void OperationsModel::setPast(const QVector<operation::PastRun> &runs)
{
    m_past = runs;
    takeOperations();
}

void OperationsModel::setFilter(const OperationsFilter &filter)
{
    if (filter == m_filter)
        return;
    m_filter = filter;
    rebuild();
}

void OperationsModel::takeOperations()
{
    m_operations = m_runner ? m_runner->operations() : QVector<operation::Operation *>();
    std::reverse(m_operations.begin(), m_operations.end());
    const auto isLive = [this](const auto &run) { return m_runner && m_runner->find(run.id); };
    m_unfinished.removeIf(isLive);
    m_past.removeIf(isLive);
    if (!m_runner) {
        m_unfinished.clear();
        m_past.clear();
    }
    rebuild();
}

QVector<OperationsModel::Row> OperationsModel::everyRow() const
{
    QVector<Row> rows;
    for (qsizetype i = 0; i < m_unfinished.size(); ++i)
        rows.append({Row::Kind::Unfinished, i});
    for (qsizetype i = 0; i < m_operations.size(); ++i)
        rows.append({Row::Kind::Live, i});
    for (qsizetype i = 0; i < m_past.size(); ++i)
        rows.append({Row::Kind::Past, i});
    return rows;
}

void OperationsModel::rebuild()
{
    beginResetModel();
    m_rows.clear();
    for (const Row &row : everyRow()) {
        if (matches(row))
            m_rows << row;
    }
    endResetModel();
    Q_EMIT rowsChanged();
}

bool OperationsModel::isOpen(const Row &row) const
{
    return row.kind == Row::Kind::Unfinished || (row.kind == Row::Kind::Live && !m_operations[row.at]->isOver());
}

bool OperationsModel::isDamaged(const Row &row) const
{
    return (row.kind == Row::Kind::Unfinished && m_unfinished[row.at].unreadable) || (row.kind == Row::Kind::Past && m_past[row.at].unreadable);
}

bool OperationsModel::isOf(const Row &row, OperationsFilter::Which which) const
{
    switch (which) {
    case OperationsFilter::Which::Open: return isOpen(row) && !isDamaged(row);
    case OperationsFilter::Which::Over: return !isOpen(row) && !isDamaged(row);
    case OperationsFilter::Which::Damaged: return isDamaged(row);
    case OperationsFilter::Which::All: break;
    }
    return true;
}

bool OperationsModel::matches(const Row &row) const
{
    if (!isOf(row, m_filter.which))
        return false;
    if (m_filter.text.isEmpty())
        return true;
    for (const int column : {StateColumn, TitleColumn, ByColumn, ReasonColumn, CertificateColumn, IdColumn}) {
        if (text(row, column).contains(m_filter.text, Qt::CaseInsensitive))
            return true;
    }
    return false;
}

int OperationsModel::count(OperationsFilter::Which which) const
{
    const QVector<Row> rows = everyRow();
    return int(std::count_if(rows.begin(), rows.end(), [&](const Row &row) { return isOf(row, which); }));
}

int OperationsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int OperationsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

operation::Operation *OperationsModel::operationAt(int row) const
{
    const bool live = row >= 0 && row < m_rows.size() && m_rows[row].kind == Row::Kind::Live;
    return live ? m_operations[m_rows[row].at] : nullptr;
}

const operation::UnfinishedRun *OperationsModel::unfinishedAt(int row) const
{
    const bool unfinished = row >= 0 && row < m_rows.size() && m_rows[row].kind == Row::Kind::Unfinished;
    return unfinished ? &m_unfinished[m_rows[row].at] : nullptr;
}

const operation::PastRun *OperationsModel::pastAt(int row) const
{
    const bool past = row >= 0 && row < m_rows.size() && m_rows[row].kind == Row::Kind::Past;
    return past ? &m_past[m_rows[row].at] : nullptr;
}

QString OperationsModel::certificateAt(int row) const
{
    if (const operation::PastRun *run = pastAt(row))
        return run->certificatePath;
    const operation::Operation *operation = operationAt(row);
    return operation && operation->run().certificate ? operation->run().certificate->path : QString();
}

QString OperationsModel::moment(Instant at) const
{
    if (!isKnown(at))
        return {};
    const auto dayOf = [](Instant moment) { return QDateTime::fromMSecsSinceEpoch(moment.time_since_epoch().count()).toLocalTime(); };
    const QDateTime local = dayOf(at);
    return local.date() == dayOf(m_clock.now()).date() ? kit::localClock(at) : QLocale().toString(local, u"d MMM HH:mm"_s);
}

QVariant OperationsModel::textOf(const operation::UnfinishedRun &run, int column) const
{
    switch (column) {
    case StateColumn: return ui::runWords(run).text;
    case TitleColumn: return Untrusted(run.title.isEmpty() ? run.path : run.title).inert(160);
    case ReasonColumn: return ui::runWords(run).sentence;
    case StartedColumn: return moment(run.started);
    case IdColumn: return run.id.value;
    default: return {};
    }
}

QVariant OperationsModel::textOf(const operation::PastRun &run, int column) const
{
    const operation::Summary &summary = run.summary;
    const bool readable = !run.unreadable;
    switch (column) {
    case StateColumn: return ui::runWords(run).text;
    case TitleColumn: return Untrusted(run.title.isEmpty() ? run.path : run.title).inert(160);
    case ByColumn: return Untrusted(run.startedBy).inert(80);
    case ReasonColumn: return readable ? Untrusted(run.reason).inert(300) : run.unreadable->message;
    case StepsColumn: return readable ? tr("%1 of %2").arg(summary.stepsObserved + summary.stepsSkipped).arg(summary.steps) : QString();
    case ProbesColumn: return summary.probes > 0 ? tr("%1 of %2").arg(summary.hold).arg(summary.probes) : QString();
    case CertificateColumn:
        if (!run.certificatePath.isEmpty())
            return tr("kept");
        return summary.probes > 0 ? tr("not issued") : QString();
    case StartedColumn: return moment(run.started);
    case EndedColumn: return moment(run.ended);
    case IdColumn: return run.id.value;
    default: return {};
    }
}

QVariant OperationsModel::textOf(const operation::Operation &operation, int column) const
{
    const operation::Summary summary = operation.summary();
    switch (column) {
    case StateColumn: return ui::runWords(operation).text;
    case TitleColumn: return operation.plan().title;
    case ByColumn: return operatorText(operation.run().startedBy);
    case ReasonColumn: return Untrusted(operation.plan().reason).inert(300);
    case StepsColumn: return tr("%1 of %2").arg(summary.stepsObserved + summary.stepsSkipped).arg(summary.steps);
    case ProbesColumn: return summary.probes > 0 ? tr("%1 of %2").arg(summary.hold).arg(summary.probes) : QString();
    case CertificateColumn:
        if (operation.run().certificate)
            return certificateText(*operation.run().certificate);
        return operation.plan().certified ? tr("not issued") : QString();
    case StartedColumn: return moment(operation.run().started);
    case EndedColumn: return moment(operation.run().ended);
    case IdColumn: return operation.id().value;
    default: return {};
    }
}

QString OperationsModel::text(const Row &row, int column) const
{
    switch (row.kind) {
    case Row::Kind::Unfinished: return textOf(m_unfinished[row.at], column).toString();
    case Row::Kind::Live: return textOf(*m_operations[row.at], column).toString();
    case Row::Kind::Past: break;
    }
    return textOf(m_past[row.at], column).toString();
}

Instant OperationsModel::started(const Row &row) const
{
    return row.kind == Row::Kind::Unfinished ? m_unfinished[row.at].started
           : row.kind == Row::Kind::Live     ? m_operations[row.at]->run().started
                                             : m_past[row.at].started;
}

Instant OperationsModel::ended(const Row &row) const
{
    return row.kind == Row::Kind::Live ? m_operations[row.at]->run().ended : row.kind == Row::Kind::Past ? m_past[row.at].ended : Instant{};
}

QVariant OperationsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row &row = m_rows[index.row()];
    const int column = index.column();
    if (role == LoadStateRole)
        return int(LoadState::Loaded);
    if (role == Qt::DisplayRole)
        return text(row, column);
    if (role == KeyRole)
        return text(row, IdColumn);
    if (role == StateMarkRole && column == StateColumn) {
        return int(row.kind == Row::Kind::Unfinished ? ui::runWords(m_unfinished[row.at]).mark
                   : row.kind == Row::Kind::Live     ? ui::runWords(*m_operations[row.at]).mark
                                                     : ui::runWords(m_past[row.at]).mark);
    }
    if (role == Qt::ToolTipRole) {
        if (column == StartedColumn || column == EndedColumn) {
            const Instant at = column == StartedColumn ? started(row) : ended(row);
            return isKnown(at) ? QVariant(kit::localDateTime(at) + u'\n' + kit::utcText(at)) : QVariant();
        }
        if (column == CertificateColumn && !certificateAt(index.row()).isEmpty())
            return Untrusted(certificateAt(index.row())).inert(400);
    }
    if (role == CopyRole && column == CertificateColumn && !certificateAt(index.row()).isEmpty())
        return certificateAt(index.row());
    return {};
}

} // namespace parapet::pages
