// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/api/workspacelist.h"

#include "app/plane/api/params.h"
#include "app/plane/control/authority.h"
#include "models/query/predicate.h"
#include "models/wire/pages.h"

#include <QtCore/QCoreApplication>

#include <map>

namespace parapet::plane {

using namespace Qt::StringLiterals;

namespace {

const Field<Workspace> *listSortField(const QString &name)
{
    const Field<Workspace> *field = findField<Workspace>(name.isEmpty() ? u"id"_s : name);
    return field && (field->flags & Sortable) ? field : nullptr;
}

/// A total order: the field, then the identifier, both turned round when descending.
bool listBefore(const Field<Workspace> &field, bool descending, const Workspace &a, const Workspace &b)
{
    int order = query::compareBy(field, a, b);
    if (order == 0)
        order = a.id.value.compare(b.id.value);
    return descending ? order > 0 : order < 0;
}

} // namespace

QByteArray jsonOf(const RowPtr<Workspace> &row, Instant now)
{
    const QByteArray &json = row->json();
    if (!row->value().simulated || row->value().runtime != RuntimeStatus::Observed)
        return json;
    static const QByteArray member = "\"observed\":";
    const qsizetype at = json.indexOf(member);
    QByteArray observed;
    wire::appendTime(observed, now);
    QByteArray fresh = json;
    const qsizetype from = at + member.size();
    fresh.replace(from, json.indexOf(',', from) - from, observed);
    return fresh;
}

Result<std::shared_ptr<const WorkspaceList::Rows>> WorkspaceList::rows(const State &state, const Query &query, const PrincipalId &reader, Instant now)
{
    const Field<Workspace> *field = listSortField(query.sort);
    if (!field)
        return invalid(QCoreApplication::translate("api", "Workspaces cannot be sorted by “%1”.").arg(Untrusted(query.sort).inert(64)));
    Result<query::Predicate<Workspace>> predicate = query::predicateFrom<Workspace>(query.filter);
    if (!predicate)
        return fail(predicate.error());

    Rows all;
    quint64 generation = 0;
    std::shared_ptr<const Authority> authority;
    QString key;
    {
        const std::shared_lock guard(state.lock);
        authority = state.authority;
        generation = state.workspaces.generation();
        const bool everything = authority->allows(reader, u"workspace:read"_s);
        key = QStringList{query.filter, query.sort, query.descending ? u"d"_s : u"a"_s, everything ? QString() : reader.value}.join(u'\x1f');
        if (!predicate->program().relative) {
            const std::scoped_lock cacheGuard(m_lock);
            for (const Kept &kept : m_kept) {
                if (kept.key == key && kept.generation == generation && kept.authority == authority)
                    return kept.rows;
            }
        }
        const bool filtered = !predicate->matchesAll();
        for (const RowPtr<Workspace> &row : state.workspaces.rows()) {
            if ((!filtered || predicate->matches(row->value(), now)) && (everything || authority->allows(reader, u"workspace:read"_s, &row->value())))
                all.push_back(row);
        }
    }
    if (!query.sort.isEmpty() && query.sort != "id"_L1) {
        std::sort(all.begin(), all.end(), [&](const RowPtr<Workspace> &a, const RowPtr<Workspace> &b) {
            return listBefore(*field, query.descending, a->value(), b->value());
        });
    } else if (query.descending) {
        std::reverse(all.begin(), all.end()); // the table is kept in the order of identifiers
    }
    auto rows = std::make_shared<const Rows>(std::move(all));
    if (!predicate->program().relative) {
        const std::scoped_lock guard(m_lock);
        std::erase_if(m_kept, [&](const Kept &kept) { return kept.key == key; });
        m_kept.push_front({key, generation, authority, rows});
        if (m_kept.size() > keptQueries)
            m_kept.pop_back();
    }
    return rows;
}

Result<QByteArray> WorkspaceList::page(const State &state, const PageRequest &request, const PrincipalId &reader, Instant now)
{
    Result<std::shared_ptr<const Rows>> found = rows(state, request.query, reader, now);
    if (!found)
        return fail(found.error());
    const Rows &rows = **found;
    const Field<Workspace> *field = listSortField(request.query.sort);
    size_t from = 0;
    if (request.at >= 0) {
        from = size_t(std::min<qint64>(request.at, qint64(rows.size())));
    } else if (!request.after.isEmpty()) {
        const Result<CursorPlace> place = placeOf(request);
        if (!place)
            return fail(place.error());
        Workspace last;
        last.id = WorkspaceId(place->id);
        const Result<FieldValue> value = wire::valueFrom(place->sortValue, field->kind, field->number != nullptr, u"/after"_s);
        if (!value || (!field->set(last, *value) && !(std::holds_alternative<QString>(*value) && field->set(last, Untrusted(std::get<QString>(*value))))))
            return invalid(QCoreApplication::translate("api", "The cursor is not one of this list. Begin again without it."));
        const auto at = std::upper_bound(rows.begin(), rows.end(), last, [&](const Workspace &a, const RowPtr<Workspace> &b) {
            return listBefore(*field, request.query.descending, a, b->value());
        });
        from = size_t(at - rows.begin());
    }
    const size_t end = std::min(rows.size(), from + size_t(request.limit));
    QByteArray out;
    out.reserve(qsizetype(end - from) * 900 + 200);
    out += "{\"items\":[";
    for (size_t i = from; i < end; ++i) {
        if (i > from)
            out += ',';
        out += jsonOf(rows[i], now);
    }
    out += "],\"total\":" + QByteArray::number(qint64(rows.size())) + ",\"exact\":true,\"next\":";
    if (end < rows.size() && end > from) {
        const Workspace &last = rows[end - 1]->value();
        wire::appendString(out, cursorOf(request, wire::jsonOf(field->get(last)), last.id.value));
    } else {
        out += "null";
    }
    out += ",\"asOf\":";
    wire::appendTime(out, now);
    out += '}';
    return out;
}

Result<QByteArray> WorkspaceList::counts(const State &state, const QString &filter, const QString &byField, const PrincipalId &reader, Instant now)
{
    const Field<Workspace> *field = findField<Workspace>(byField);
    const bool countable = field && (field->kind == FieldKind::Enumeration || field->kind == FieldKind::Boolean || field->kind == FieldKind::Text
                                     || field->kind == FieldKind::Identifier);
    if (!countable)
        return invalid(QCoreApplication::translate("api", "Workspaces cannot be counted by “%1”.").arg(Untrusted(byField).inert(64)));
    const Result<std::shared_ptr<const Rows>> found = rows(state, {filter, {}, false}, reader, now);
    if (!found)
        return fail(found.error());
    std::map<QString, qint64> counts;
    for (const RowPtr<Workspace> &row : **found) {
        if (field->text)
            ++counts[*field->text(row->value())];
        else if (field->kind == FieldKind::Enumeration)
            ++counts[QLatin1String(field->values[size_t(field->number(row->value()))])];
        else
            ++counts[field->number(row->value()) ? u"true"_s : u"false"_s];
    }
    QVector<Bucket> buckets;
    for (const auto &[key, count] : counts)
        buckets.append({key, count});
    QByteArray out;
    wire::appendBuckets(out, buckets);
    return out;
}

} // namespace parapet::plane
