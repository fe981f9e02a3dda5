// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/auditevent.h"
#include "models/fleet/eventnotes.h"
#include "models/fleet/loggaps.h"
#include "models/fleet/logfollower.h"
#include "models/items/pagedmodel.h"

namespace parapet {

/// Audit events, newest first: pages from an audit store, kept up by its watch. Column 0 is the proof's mark, the others are the
/// field table. What is shown is proven by a LogFollower as it comes; rows after a gap in their source's numbers say so.
///
/// Roles beside the table's own: ProofRole and NotedRole in column 0, ActorsRole in "actorName", SeverityRole in "outcome" and
/// "originSequence", FailedRole for a row that does not verify.
class AuditModel : public PagedModel<AuditEvent>
{
    Q_OBJECT

public:
    /// The mark of an event, as the follower knows it; null: nobody looks.
    static Proof proofOf(const fleet::LogFollower *follower, qint64 index);

    explicit AuditModel(const Clock &clock, QObject *parent = nullptr);
    ~AuditModel() override;

    /// Both null: the system went away. Neither is owned; say so before they die.
    void setSystem(AuditStore *audit, Watch *watch);
    /// Not owned, lives longer; null: nothing is proven.
    void setFollower(fleet::LogFollower *follower);
    /// Not owned, lives longer; null: nothing is remarked on.
    void setNotes(fleet::EventNotes *notes);
    void setGaps(const QVector<fleet::SequenceGap> &gaps);

    /// The column of a field of the table; 0 is the proof.
    static int columnOf(QLatin1String name) { return PagedModel::columnOf(name) + 1; }
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;
    QVariant data(const QModelIndex &index, int role) const override;

    /// The gap right before this event in its source's own numbers, or null.
    const fleet::SequenceGap *gapBefore(const AuditEvent &row) const;
    /// Every row that is held is proven again.
    void checkHeld();

protected:
    QString keyOf(const AuditEvent &row) const override { return QString::number(row.index); }
    QVariant cell(const AuditEvent &row, int column, int role) const override;

private:
    class Source;
    void hear(const QVector<ChangeEvent> &changes);
    void checkRows(int first, int last);
    Proof proofOf(const AuditEvent &row) const;

    const Clock &m_now;
    std::unique_ptr<Source> m_events;
    fleet::LogFollower *m_follower = nullptr;
    fleet::EventNotes *m_notes = nullptr;
    QVector<fleet::SequenceGap> m_gaps;
    bool m_proving = false;
};

/// The filter that all events with this one's value of a field match: "actor:person-7". Empty where the field has no value.
QString filterByValue(const AuditEvent &row, const QString &field);
/// The filter of the events within `reach` of this one.
QString filterAround(const AuditEvent &row, Milliseconds reach);

/// How an event ended, drawn: what was denied or failed is not like what went well.
Severity severityOf(Outcome outcome);

} // namespace parapet
