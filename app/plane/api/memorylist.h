// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/control/memorytable.h"
#include "app/plane/control/paging.h"
#include "models/query/predicate.h"

#include <QtCore/QCoreApplication>

namespace parapet::plane {

/// A page as JSON of those rows of a table that `shows` lets through and the filter matches: for tables of some thousands of rows, which
/// are looked through each time. Sorted by `request.query.sort`, else by `order`, newest first; rows of equal value by identifier.
/// `name` is what the rows are, for errors: "Recordings". The caller holds the state's lock. Code Invalid for filters, sorts and
/// cursors that are none.
template<class T, class Shows>
Result<QByteArray> memoryPage(const MemoryTable<T> &table, const PageRequest &request, const char *order, const char *name, Shows shows, Instant now)
{
    const bool byDefault = request.query.sort.isEmpty();
    const bool descending = byDefault || request.query.descending;
    const Field<T> *field = findField<T>(byDefault ? QString::fromLatin1(order) : request.query.sort);
    if (!field || !(field->flags & Sortable))
        return invalid(QCoreApplication::translate("api", "%1 cannot be sorted by “%2”.").arg(QLatin1String(name), Untrusted(request.query.sort).inert(64)));
    const Result<query::Predicate<T>> predicate = query::predicateFrom<T>(request.query.filter);
    if (!predicate)
        return fail(predicate.error());
    const auto before = [&](const T &a, const T &b) {
        int place = query::compareBy(*field, a, b);
        if (place == 0)
            place = keyOf(a).compare(keyOf(b));
        return descending ? place > 0 : place < 0;
    };
    std::vector<RowPtr<T>> rows;
    for (const RowPtr<T> &row : table.rows()) {
        if (predicate->matches(row->value(), now) && shows(row->value()))
            rows.push_back(row);
    }
    std::sort(rows.begin(), rows.end(), [&](const RowPtr<T> &a, const RowPtr<T> &b) { return before(a->value(), b->value()); });
    size_t from = size_t(std::clamp<qint64>(request.at, 0, qint64(rows.size())));
    if (!request.after.isEmpty()) {
        const Result<CursorPlace> place = placeOf(request);
        if (!place)
            return fail(place.error());
        T last;
        const auto set = [&last](const Field<T> &one, const FieldValue &value) {
            return bool(one.set(last, value)) || (std::holds_alternative<QString>(value) && one.set(last, Untrusted(std::get<QString>(value))));
        };
        const Result<FieldValue> value = wire::valueFrom(place->sortValue, field->kind, field->number != nullptr, QStringLiteral("/after"));
        if (!value || !set(*field, *value) || !set(*findField<T>(QStringLiteral("id")), FieldValue(place->id)))
            return invalid(QCoreApplication::translate("api", "The cursor is not one of this list. Begin again without it."));
        const auto at = std::upper_bound(rows.begin(), rows.end(), last, [&](const T &a, const RowPtr<T> &b) { return before(a, b->value()); });
        from = size_t(at - rows.begin());
    }
    const size_t end = std::min(rows.size(), from + size_t(request.limit));
    QByteArray out = "{\"items\":[";
    for (size_t i = from; i < end; ++i) {
        if (i > from)
            out += ',';
        out += rows[i]->json();
    }
    out += "],\"total\":" + QByteArray::number(qint64(rows.size())) + ",\"exact\":true,\"next\":";
    if (end < rows.size() && end > from)
        wire::appendString(out, cursorOf(request, wire::jsonOf(field->get(rows[end - 1]->value())), keyOf(rows[end - 1]->value())));
    else
        out += "null";
    out += ",\"asOf\":";
    wire::appendTime(out, now);
    return out + '}';
}

} // namespace parapet::plane
