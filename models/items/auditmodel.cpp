// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/auditmodel.h"

#include "models/domain/tabletext.h"
#include "models/query/printer.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>
#include <QtCore/QLocale>

namespace parapet {

using namespace Qt::StringLiterals;

namespace {

QString wordsOf(Proof proof)
{
    switch (proof) {
    case Proof::Verified: return QCoreApplication::translate("audit", "verified");
    case Proof::Pending: return QCoreApplication::translate("audit", "newer than the verified checkpoint");
    case Proof::Broken: return QCoreApplication::translate("audit", "does not verify");
    default: return QCoreApplication::translate("audit", "not checked");
    }
}

} // namespace

class AuditModel::Source : public RowSource<AuditEvent>
{
public:
    explicit Source(AuditStore &audit) : m_audit(audit) {}
    Reply<Page<AuditEvent>> fetch(const PageRequest &request) override { return m_audit.events(request); }

private:
    AuditStore &m_audit;
};

AuditModel::AuditModel(const Clock &clock, QObject *parent) : PagedModel(clock, parent), m_now(clock)
{
    connect(this, &AuditModel::pageLoaded, this, &AuditModel::checkRows);
}

AuditModel::~AuditModel() = default;

void AuditModel::setSystem(AuditStore *audit, Watch *watch)
{
    setSource(nullptr);
    m_events = audit ? std::make_unique<Source>(*audit) : nullptr;
    followWatch(watch, [this](const QVector<ChangeEvent> &changes) { hear(changes); });
    if (m_events)
        setSource(m_events.get());
}

void AuditModel::setFollower(fleet::LogFollower *follower)
{
    m_follower = follower;
    if (!follower)
        return;
    connect(follower, &fleet::LogFollower::rowsChecked, this, [this](const QVector<qint64> &indexes) {
        for (const qint64 index : indexes) {
            if (const int place = positionOf(QString::number(index)); place >= 0)
                markDirty(place);
        }
    });
    // Rows that came while nothing could be proven are proven when it can.
    connect(follower, &fleet::LogFollower::changed, this, [this] {
        const bool verified = m_follower->state() == fleet::LogState::Verified;
        if (verified && !std::exchange(m_proving, true))
            checkHeld();
        m_proving = m_proving && m_follower->state() != fleet::LogState::Stale && m_follower->state() != fleet::LogState::Off;
    });
    m_proving = follower->state() == fleet::LogState::Verified;
    checkHeld();
}

void AuditModel::setNotes(fleet::EventNotes *notes)
{
    m_notes = notes;
    if (!notes)
        return;
    connect(notes, &fleet::EventNotes::changed, this, [this](qint64 index) {
        if (index < 0 && rowCount() > 0)
            Q_EMIT dataChanged(AuditModel::index(0, 0), AuditModel::index(rowCount() - 1, 0));
        else if (const int place = positionOf(QString::number(index)); place >= 0)
            markDirty(place);
    });
}

void AuditModel::setGaps(const QVector<fleet::SequenceGap> &gaps)
{
    m_gaps = gaps;
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

void AuditModel::hear(const QVector<ChangeEvent> &changes)
{
    // What this table itself reads is logged too: answering to that would go round for ever.
    const auto tells = [](const ChangeEvent &change) {
        return change.kind == "event"_L1 && !isReadAction(change.object.value("action"_L1).toString());
    };
    if (std::any_of(changes.begin(), changes.end(), tells))
        noteChange();
}

void AuditModel::checkRows(int first, int last)
{
    if (!m_follower)
        return;
    QVector<AuditEvent> rows;
    for (int row = first; row <= last; ++row) {
        if (const AuditEvent *held = rowAt(row))
            rows.append(*held);
    }
    m_follower->check(rows);
}

void AuditModel::checkHeld()
{
    for (int first = 0; first < rowCount(); first += pageSize) {
        if (rowAt(first))
            checkRows(first, std::min(first + pageSize, rowCount()) - 1);
    }
}

int AuditModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : PagedModel::columnCount() + 1;
}

QVariant AuditModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section > 0)
        return PagedModel::headerData(section - 1, orientation, role);
    switch (role) {
    case Qt::DisplayRole:
        return QCoreApplication::translate("audit", "Proof");
    case Qt::ToolTipRole:
        return QCoreApplication::translate("audit", "whether this console proved the event against the log's signed checkpoint");
    case FieldNameRole:
        return u"proof"_s;
    default:
        return {};
    }
}

void AuditModel::sort(int column, Qt::SortOrder order)
{
    if (column > 0)
        PagedModel::sort(column - 1, order);
}

const fleet::SequenceGap *AuditModel::gapBefore(const AuditEvent &row) const
{
    const auto found = std::find_if(m_gaps.begin(), m_gaps.end(), [&](const fleet::SequenceGap &gap) { return gap.origin == row.origin && gap.last + 1 == row.originSequence; });
    return found == m_gaps.end() ? nullptr : &*found;
}

Proof AuditModel::proofOf(const AuditEvent &row) const
{
    return proofOf(m_follower, row.index);
}

Proof AuditModel::proofOf(const fleet::LogFollower *follower, qint64 index)
{
    if (!follower || follower->state() == fleet::LogState::Off)
        return Proof::Unchecked;
    switch (follower->proofOf(index)) {
    case fleet::RowProof::Verified:
        return Proof::Verified;
    case fleet::RowProof::NotCovered:
        return Proof::Pending;
    case fleet::RowProof::Failed:
        return Proof::Broken;
    case fleet::RowProof::Unknown:
        break;
    }
    return Proof::Unchecked;
}

QVariant AuditModel::data(const QModelIndex &index, int role) const
{
    if (role == FailedRole) {
        const AuditEvent *row = rowAt(index.row());
        return row && m_follower && m_follower->proofOf(row->index) == fleet::RowProof::Failed;
    }
    return PagedModel::data(index, role);
}

QVariant AuditModel::cell(const AuditEvent &row, int column, int role) const
{
    static const int actorColumn = columnOf(QLatin1String("actorName"));
    static const int kindColumn = columnOf(QLatin1String("actorKind"));
    static const int indexColumn = columnOf(QLatin1String("index"));
    static const int timeColumn = columnOf(QLatin1String("time"));
    static const int outcomeColumn = columnOf(QLatin1String("outcome"));
    static const int sequenceColumn = columnOf(QLatin1String("originSequence"));
    if (column == 0) {
        const Proof proof = proofOf(row);
        if (role == ProofRole)
            return int(proof);
        const fleet::EventNote *note = m_notes ? m_notes->find(row.index) : nullptr;
        if (role == NotedRole)
            return note ? (note->bookmarked ? BookmarkedRow : 0) | (note->text.isEmpty() ? 0 : RowWithNote) : 0;
        if (role == Qt::ToolTipRole && m_follower && !m_follower->failureOf(row.index).isEmpty())
            return m_follower->failureOf(row.index);
        if (role == CopyRole) {
            QVector<int> columns;
            for (int i = 0; i < PagedModel::columnCount(); ++i)
                columns << i;
            return tsvRow(exportCells(row, columns));
        }
        if (role == Qt::DisplayRole || role == Qt::AccessibleTextRole || role == Qt::ToolTipRole) {
            QString words = wordsOf(proof);
            if (note && note->bookmarked)
                words += u", "_s + QCoreApplication::translate("audit", "bookmarked");
            if (note && !note->text.isEmpty())
                words += u", "_s + QCoreApplication::translate("audit", "with a note");
            return words;
        }
        return {};
    }
    if ((column == actorColumn || column == kindColumn) && role == ActorsRole)
        return int(row.actorKind == ActorKind::Human ? HumanActor : row.actorKind == ActorKind::Agent ? AgentActor : ServiceActor);
    if (column == timeColumn && (role == Qt::DisplayRole || role == Qt::AccessibleTextRole)) {
        const auto local = [](Instant at) { return QDateTime::fromMSecsSinceEpoch(at.time_since_epoch().count()).toLocalTime(); };
        const QDateTime at = local(row.time);
        const bool today = at.date() == local(m_now.now()).date();
        return QLocale().toString(at, today ? u"HH:mm:ss"_s : u"d MMM HH:mm:ss"_s);
    }
    if ((column == indexColumn || column == sequenceColumn) && (role == Qt::DisplayRole || role == Qt::AccessibleTextRole))
        return QLocale().toString(column == indexColumn ? row.index : row.originSequence);
    if (column == outcomeColumn && role == SeverityRole)
        return int(severityOf(row.outcome));
    if (column == sequenceColumn) {
        if (const fleet::SequenceGap *gap = gapBefore(row); gap && role == SeverityRole)
            return int(Severity::Medium);
        else if (gap && role == Qt::ToolTipRole)
            return fleet::sentenceOf(*gap);
    }
    return PagedModel::cell(row, column - 1, role);
}

QString filterByValue(const AuditEvent &row, const QString &name)
{
    const Field<AuditEvent> *field = findField<AuditEvent>(name);
    if (!field)
        return {};
    const QString value = field->text ? *field->text(row) : exportText(field->kind, field->get(row));
    return value.isEmpty() ? QString() : query::term(name, query::Operator::Is, {value});
}

QString filterAround(const AuditEvent &row, Milliseconds reach)
{
    using query::Operator;
    return query::term(u"time"_s, Operator::AtLeast, {toRfc3339(row.time - reach)}) + u' ' + query::term(u"time"_s, Operator::AtMost, {toRfc3339(row.time + reach)});
}

Severity severityOf(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Denied:
        return Severity::High;
    case Outcome::Failure:
        return Severity::Medium;
    case Outcome::Success:
        break;
    }
    return Severity::None;
}

} // namespace parapet
