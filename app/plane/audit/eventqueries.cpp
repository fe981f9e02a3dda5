// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/audit/eventqueries.h"

#include "app/plane/control/paging.h"
#include "models/storage/fieldrow.h"
#include "models/wire/codec.h"

#include <QtCore/QCoreApplication>

namespace parapet::plane {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype eventsConnections = 4;

void eventsBind(storage::Statement &statement, int &parameter, const QVector<FieldValue> &values)
{
    for (const FieldValue &value : values)
        storage::detail::bindField(statement, parameter++, value);
}

QByteArray eventsWhere(const EventCondition &condition, const QByteArray &and_ = {})
{
    QByteArray where = condition.sql;
    if (!and_.isEmpty())
        where = where.isEmpty() ? and_ : '(' + where + ") AND " + and_;
    return where.isEmpty() ? where : " WHERE " + where;
}

Failure eventsBadCursor()
{
    return invalid(QCoreApplication::translate("api", "The cursor is not one of this list. Begin again without it."));
}

} // namespace

Result<EventQueries::Borrowed> EventQueries::borrow()
{
    {
        const std::scoped_lock guard(m_lock);
        if (!m_idle.empty()) {
            Borrowed database(m_idle.back().release(), Return{this});
            m_idle.pop_back();
            return database;
        }
    }
    auto database = storage::Database::open(m_path, storage::Database::Mode::ReadOnly);
    if (!database)
        return fail(database.error());
    return Borrowed(database->release(), Return{this});
}

void EventQueries::giveBack(storage::Database *database)
{
    std::unique_ptr<storage::Database> owned(database);
    const std::scoped_lock guard(m_lock);
    if (qsizetype(m_idle.size()) < eventsConnections)
        m_idle.push_back(std::move(owned));
}

Result<qint64> EventQueries::count(storage::Database &database, const EventCondition &condition, const query::Predicate<AuditEvent> &predicate,
                                   Instant now)
{
    // Nothing is ever deleted and indexes have no gap: the newest one tells how many there are.
    const QByteArray what = condition.sql.isEmpty() && condition.exact ? QByteArray("COALESCE(MAX(\"index\")+1,0)") : QByteArray("COUNT(*)");
    const QByteArray sql = condition.exact ? "SELECT " + what + " FROM events" + eventsWhere(condition)
                                           : storage::selectSql<AuditEvent>("events") + eventsWhere(condition);
    auto rows = database.prepare(sql, false);
    if (!rows)
        return fail(rows.error());
    int parameter = 1;
    eventsBind(*rows, parameter, condition.values);
    qint64 total = 0;
    while (true) {
        const Result<bool> there = rows->step();
        if (!there)
            return fail(there.error());
        if (!*there)
            return total;
        if (condition.exact)
            return rows->integer(0);
        const Result<AuditEvent> event = storage::readRow<AuditEvent>(*rows);
        if (!event)
            return fail(event.error());
        total += predicate.matches(*event, now) ? 1 : 0;
    }
}

Result<QByteArray> EventQueries::page(const PageRequest &request, Instant now)
{
    const bool newestFirst = request.query.sort.isEmpty();
    const Field<AuditEvent> *field = findField<AuditEvent>(newestFirst ? u"index"_s : request.query.sort);
    if (!field || !(field->flags & Sortable))
        return invalid(QCoreApplication::translate("api", "Events cannot be sorted by “%1”.").arg(Untrusted(request.query.sort).inert(64)));
    const Result<query::Predicate<AuditEvent>> predicate = query::predicateFrom<AuditEvent>(request.query.filter);
    if (!predicate)
        return fail(predicate.error());
    const EventCondition condition = conditionOf(predicate->program().root, now);
    // The source's own order is newest first; "asc" with no sort still means that.
    const bool descending = newestFirst || request.query.descending;
    const QByteArray column = '"' + QByteArray(field->name) + '"';
    const bool byIndex = qstrcmp(field->name, "index") == 0;

    QVector<FieldValue> place;
    QByteArray after;
    if (!request.after.isEmpty()) {
        const Result<CursorPlace> cursor = placeOf(request);
        bool number = false;
        const qint64 index = cursor ? cursor->id.toLongLong(&number) : 0;
        if (!cursor || !number)
            return eventsBadCursor();
        const QByteArray beyond = descending ? "<" : ">";
        if (byIndex) {
            after = "\"index\"" + beyond + '?';
            place = {index};
        } else {
            AuditEvent sample;
            const Result<FieldValue> value = wire::valueFrom(cursor->sortValue, field->kind, field->number != nullptr, u"/after"_s);
            if (!value || (!field->set(sample, *value) && !(std::holds_alternative<QString>(*value) && field->set(sample, Untrusted(std::get<QString>(*value))))))
                return eventsBadCursor();
            after = '(' + column + ',' + "\"index\")" + beyond + "(?,?)";
            place = {field->get(sample), index};
        }
    }

    Result<Borrowed> borrowed = borrow();
    if (!borrowed)
        return fail(borrowed.error());
    storage::Database &database = **borrowed;
    const Result<qint64> total = count(database, condition, *predicate, now);
    if (!total)
        return fail(total.error());
    const QByteArray direction = descending ? " DESC" : " ASC";
    QByteArray sql = condition.exact ? QByteArray("SELECT \"leaf\",\"index\"," + column + " FROM events")
                                     : storage::selectSql<AuditEvent>("events");
    sql += eventsWhere(condition, after) + " ORDER BY " + column + direction + (byIndex ? QByteArray() : ",\"index\"" + direction);
    if (condition.exact)
        sql += " LIMIT " + QByteArray::number(request.limit) + " OFFSET " + QByteArray::number(std::max<qint64>(0, request.at));
    auto rows = database.prepare(sql, false);
    if (!rows)
        return fail(rows.error());
    int parameter = 1;
    eventsBind(*rows, parameter, condition.values);
    eventsBind(*rows, parameter, place);

    QByteArray out = "{\"items\":[";
    int items = 0;
    qint64 skip = condition.exact ? 0 : std::max<qint64>(0, request.at);
    bool more = false;
    QString lastIndex;
    QJsonValue lastValue;
    while (true) {
        const Result<bool> there = rows->step();
        if (!there)
            return fail(there.error());
        if (!*there)
            break;
        AuditEvent event;
        if (!condition.exact) {
            Result<AuditEvent> read = storage::readRow<AuditEvent>(*rows);
            if (!read)
                return fail(read.error());
            if (!predicate->matches(*read, now) || skip-- > 0)
                continue;
            if (items == request.limit) {
                more = true;
                break;
            }
            event = std::move(*read);
            wire::appendJson(out.append(items ? "," : ""), event);
            lastValue = wire::jsonOf(field->get(event));
            lastIndex = QString::number(event.index);
        } else {
            out += items ? "," : "";
            out += rows->blob(0);
            lastIndex = QString::number(rows->integer(1));
            AuditEvent sample;
            lastValue = wire::jsonOf(storage::detail::readField(*rows, 2, field->get(sample)));
        }
        ++items;
    }
    if (condition.exact)
        more = items == request.limit && (request.at < 0 || request.at + items < *total);
    out += "],\"total\":" + QByteArray::number(*total) + ",\"exact\":true,\"next\":";
    if (more)
        wire::appendString(out, cursorOf(request, lastValue, lastIndex));
    else
        out += "null";
    out += ",\"asOf\":";
    wire::appendTime(out, now);
    out += '}';
    return out;
}

Result<QByteArray> EventQueries::event(qint64 index)
{
    Result<Borrowed> borrowed = borrow();
    if (!borrowed)
        return fail(borrowed.error());
    auto row = (*borrowed)->prepare(R"(SELECT "leaf" FROM events WHERE "index"=?)");
    if (!row)
        return fail(row.error());
    const Result<bool> there = row->bind(1, index).step();
    if (!there)
        return fail(there.error());
    if (!*there)
        return fail(Error::Code::NotFound, QCoreApplication::translate("api", "There is no event %1.").arg(index));
    return row->blob(0);
}

Result<QVector<ActivitySlice>> EventQueries::activity(Instant from, Instant to, Milliseconds slice)
{
    QVector<ActivitySlice> slices;
    for (Instant at = from; at < to; at += slice)
        slices.append({at, 0, 0});
    Result<Borrowed> borrowed = borrow();
    if (!borrowed)
        return fail(borrowed.error());
    auto rows = (*borrowed)->prepare(
        R"(SELECT ("time"-?1)/?2 AS slice,"actorKind",COUNT(*),SUM(CASE WHEN "outcome"='success' THEN 0 ELSE 1 END) FROM events WHERE "time">=?1 AND "time"<?3 AND "action" NOT LIKE '%.read' AND "action" NOT LIKE '%.list' AND "action" NOT LIKE '%.count' AND "action" NOT LIKE '%.watch' GROUP BY slice,"actorKind")");
    if (!rows)
        return fail(rows.error());
    rows->bind(1, qint64(from.time_since_epoch().count())).bind(2, qint64(slice.count())).bind(3, qint64(to.time_since_epoch().count()));
    while (true) {
        const Result<bool> there = rows->step();
        if (!there)
            return fail(there.error());
        if (!*there)
            return slices;
        const qint64 place = rows->integer(0);
        if (place < 0 || place >= slices.size())
            continue;
        slices[place].refused += rows->integer(3);
        if (rows->text(1) == "human"_L1)
            slices[place].people += rows->integer(2);
        else if (rows->text(1) == "agent"_L1)
            slices[place].agents += rows->integer(2);
        else
            slices[place].services += rows->integer(2);
    }
}

} // namespace parapet::plane
