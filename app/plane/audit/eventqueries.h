// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/auditevent.h"
#include "models/ports/auditstore.h"
#include "models/ports/page.h"
#include "models/query/predicate.h"
#include "models/storage/database.h"

#include <mutex>

namespace parapet::plane {

/// A part of a filter as SQL with its values. `exact`: it says all that the filter says; else rows must be looked at again.
struct EventCondition {
    QByteArray sql;      ///< empty: matches all
    QVector<FieldValue> values;
    bool exact = true;
};

/// A filter over events as SQL, as far as SQL can say it the way the predicate does. Within what PostgreSQL understands too.
EventCondition conditionOf(const query::Node &node, Instant now);

/// Reads the audit log over connections of its own, beside the writer. Any thread; waits for the disk.
class EventQueries
{
public:
    explicit EventQueries(QString path) : m_path(std::move(path)) {}

    /// A page as JSON: newest first unless the request sorts otherwise. Totals are exact.
    Result<QByteArray> page(const PageRequest &request, Instant now);
    /// The stored leaf of one event. NotFound.
    Result<QByteArray> event(qint64 index);
    Result<QVector<ActivitySlice>> activity(Instant from, Instant to, Milliseconds slice);
    /// The same of the events that match `filter`, reads included. Code Invalid for a filter that cannot be read.
    Result<QVector<ActivitySlice>> activityOf(const QString &filter, Instant from, Instant to, Milliseconds slice, Instant now);
    /// Exact counts by the values of one text, identifier or enumeration field, most first, at most mostBuckets values.
    Result<QVector<Bucket>> counts(const QString &filter, const QString &byField, Instant now);
    static constexpr int mostBuckets = 500;

    /// A reader's connection; it goes back by itself.
    struct Return {
        EventQueries *owner = nullptr;
        void operator()(storage::Database *database) const { owner->giveBack(database); }
    };
    using Borrowed = std::unique_ptr<storage::Database, Return>;
    Result<Borrowed> borrow();

private:
    void giveBack(storage::Database *database);
    Result<qint64> count(storage::Database &database, const EventCondition &condition, const query::Predicate<AuditEvent> &predicate, Instant now);

    QString m_path;
    std::mutex m_lock;
    std::vector<std::unique_ptr<storage::Database>> m_idle;
};

} // namespace parapet::plane
