// SPDX-License-Identifier: GPL-3.0-or-later
// Figures of what a filter leaves: activity over time, and counts by the values of a field.
#include "app/plane/audit/eventqueries.h"

#include "app/plane/control/paging.h"
#include "models/storage/fieldrow.h"

#include <QtCore/QCoreApplication>

#include <functional>

namespace parapet::plane {

using namespace Qt::StringLiterals;

namespace {

void countsBind(storage::Statement &statement, int &parameter, const QVector<FieldValue> &values)
{
    for (const FieldValue &value : values)
        storage::detail::bindField(statement, parameter++, value);
}

QByteArray countsWhere(const EventCondition &condition)
{
    return condition.sql.isEmpty() ? QByteArray() : " AND (" + condition.sql + ')';
}

void addActivity(ActivitySlice &slice, ActorKind kind, bool refused, qint64 count)
{
    (kind == ActorKind::Human ? slice.people : kind == ActorKind::Agent ? slice.agents : slice.services) += count;
    slice.refused += refused ? count : 0;
}

Status eachRow(storage::Statement &rows, const std::function<Status()> &take)
{
    while (true) {
        const Result<bool> there = rows.step();
        if (!there)
            return fail(there.error());
        if (!*there)
            return {};
        if (Status taken = take(); !taken)
            return taken;
    }
}

} // namespace

Result<QVector<ActivitySlice>> EventQueries::activityOf(const QString &filter, Instant from, Instant to, Milliseconds slice, Instant now)
{
    const Result<query::Predicate<AuditEvent>> predicate = query::predicateFrom<AuditEvent>(filter);
    if (!predicate)
        return fail(predicate.error());
    const EventCondition condition = conditionOf(predicate->program().root, now);
    QVector<ActivitySlice> slices;
    for (Instant at = from; at < to; at += slice)
        slices.append(ActivitySlice{at});
    Result<Borrowed> borrowed = borrow();
    if (!borrowed)
        return fail(borrowed.error());
    const qint64 first = from.time_since_epoch().count();
    const QByteArray within = R"("time">=? AND "time"<?)" + countsWhere(condition);
    const QByteArray sql = condition.exact
                               ? R"(SELECT ("time"-?)/? AS slice,"actorKind","outcome",COUNT(*) FROM events WHERE )" + within + R"( GROUP BY slice,"actorKind","outcome")"
                               : storage::selectSql<AuditEvent>("events") + " WHERE " + within;
    auto rows = (*borrowed)->prepare(sql, false);
    if (!rows)
        return fail(rows.error());
    int parameter = 1;
    QVector<FieldValue> values{first, qint64(to.time_since_epoch().count())};
    if (condition.exact)
        values = {first, qint64(slice.count()), first, qint64(to.time_since_epoch().count())};
    countsBind(*rows, parameter, values + condition.values);
    const Status read = eachRow(*rows, [&]() -> Status {
        if (condition.exact) {
            const qint64 place = rows->integer(0);
            ActorKind kind = ActorKind::Service;
            if (place >= 0 && place < slices.size() && fromName(rows->text(1), kind))
                addActivity(slices[place], kind, rows->text(2) != nameOf(Outcome::Success), rows->integer(3));
            return {};
        }
        const Result<AuditEvent> event = storage::readRow<AuditEvent>(*rows);
        if (!event)
            return fail(event.error());
        const qint64 place = (event->time - from) / slice;
        if (predicate->matches(*event, now) && place >= 0 && place < slices.size())
            addActivity(slices[place], event->actorKind, event->outcome != Outcome::Success, 1);
        return {};
    });
    return read ? Result<QVector<ActivitySlice>>(std::move(slices)) : fail(read.error());
}

Result<QVector<Bucket>> EventQueries::counts(const QString &filter, const QString &byField, Instant now)
{
    const Field<AuditEvent> *field = findField<AuditEvent>(byField);
    if (!field || !(field->text || field->kind == FieldKind::Enumeration))
        return invalid(QCoreApplication::translate("api", "Events cannot be counted by “%1”.").arg(Untrusted(byField).inert(64)));
    const Result<query::Predicate<AuditEvent>> predicate = query::predicateFrom<AuditEvent>(filter);
    if (!predicate)
        return fail(predicate.error());
    const EventCondition condition = conditionOf(predicate->program().root, now);
    Result<Borrowed> borrowed = borrow();
    if (!borrowed)
        return fail(borrowed.error());
    const QByteArray column = '"' + QByteArray(field->name) + '"';
    const QByteArray where = condition.sql.isEmpty() ? QByteArray() : " WHERE " + condition.sql;
    const QByteArray sql = condition.exact ? "SELECT " + column + ",COUNT(*) AS n FROM events" + where + " GROUP BY " + column + " ORDER BY n DESC," + column + " LIMIT "
                                                 + QByteArray::number(mostBuckets)
                                           : storage::selectSql<AuditEvent>("events") + where;
    auto rows = (*borrowed)->prepare(sql, false);
    if (!rows)
        return fail(rows.error());
    int parameter = 1;
    countsBind(*rows, parameter, condition.values);
    QVector<Bucket> buckets;
    QHash<QString, qint64> counted;
    const Status read = eachRow(*rows, [&]() -> Status {
        if (condition.exact) {
            buckets.append({rows->text(0), rows->integer(1)});
            return {};
        }
        const Result<AuditEvent> event = storage::readRow<AuditEvent>(*rows);
        if (!event)
            return fail(event.error());
        if (predicate->matches(*event, now))
            ++counted[field->text ? *field->text(*event) : QString::fromLatin1(field->values[size_t(field->number(*event))])];
        return {};
    });
    if (!read)
        return fail(read.error());
    for (auto it = counted.cbegin(); it != counted.cend(); ++it)
        buckets.append({it.key(), it.value()});
    std::sort(buckets.begin(), buckets.end(), [](const Bucket &a, const Bucket &b) { return a.count != b.count ? a.count > b.count : a.key < b.key; });
    buckets.resize(std::min<qsizetype>(buckets.size(), mostBuckets));
    return buckets;
}

} // namespace parapet::plane
