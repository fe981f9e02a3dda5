// SPDX-License-Identifier: GPL-3.0-or-later
// The audit store's interface.
#include "app/plane/api/api.h"

#include "app/plane/api/params.h"
#include "app/plane/shipping/shipping.h"
#include "models/core/json.h"
#include "models/wire/activity.h"
#include "models/wire/pages.h"
#include "models/wire/reader.h"

#include <QtCore/QCoreApplication>

namespace parapet::plane {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 mostSlices = 2000;
constexpr qsizetype longestDetail = 4096;

} // namespace

void Api::addAuditRoutes()
{
    Endpoint list{"GET", u"/v1/events"_s, Interface::Audit, u"event.list"_s, u"audit:read"_s, Subject::None,
               {u"filter"_s, u"sort"_s, u"order"_s, u"limit"_s, u"after"_s, u"at"_s}};
    list.slowRead = [this](const Call &call) -> Result<Answer> {
        const Result<PageRequest> request = pageRequestOf(call);
        if (!request)
            return fail(request.error());
        Result<QByteArray> page = m_parts.queries.page(*request, call.at);
        if (!page)
            return fail(page.error());
        Answer answer;
        answer.body = std::move(*page);
        return answer;
    };
    add(list);

    Endpoint counts{"GET", u"/v1/events/counts"_s, Interface::Audit, u"event.count"_s, u"audit:read"_s, Subject::None, {u"by"_s, u"filter"_s}};
    counts.slowRead = [this](const Call &call) -> Result<Answer> {
        const Result<QVector<Bucket>> buckets =
            m_parts.queries.counts(call.parameter("filter").value_or(QString()), call.parameter("by").value_or(QString()), call.at);
        if (!buckets)
            return fail(buckets.error());
        Answer answer;
        wire::appendBuckets(answer.body, *buckets);
        return answer;
    };
    add(counts);

    Endpoint one{"GET", u"/v1/events/{index}"_s, Interface::Audit, u"event.read"_s, u"audit:read"_s};
    one.slowRead = [this](const Call &call) -> Result<Answer> {
        bool number = false;
        const qint64 index = call.argument().toLongLong(&number);
        if (!number || index < 0)
            return invalid(QCoreApplication::translate("api", "An event's index is a number from 0."));
        Result<QByteArray> leaf = m_parts.queries.event(index);
        if (!leaf)
            return fail(leaf.error());
        Answer answer;
        answer.body = std::move(*leaf);
        return answer;
    };
    add(one);

    Endpoint activity{"GET", u"/v1/activity"_s, Interface::Audit, u"activity.read"_s, u"audit:read"_s, Subject::None,
                   {u"from"_s, u"to"_s, u"sliceSeconds"_s, u"filter"_s}};
    activity.slowRead = [this](const Call &call) -> Result<Answer> {
        const Result<Instant> from = fromRfc3339(call.parameter("from").value_or(QString()));
        const Result<Instant> to = fromRfc3339(call.parameter("to").value_or(QString()));
        bool number = true;
        const qint64 seconds = call.parameter("sliceSeconds").value_or(u"900"_s).toLongLong(&number);
        if (!from || !to)
            return invalid(QCoreApplication::translate("api", "“from” and “to” are RFC 3339 times."));
        if (!number || seconds < 1 || seconds > 86400 * 31)
            return invalid(QCoreApplication::translate("api", "“sliceSeconds” is a number from 1."));
        if (*to <= *from || (*to - *from) / std::chrono::seconds(seconds) > mostSlices)
            return invalid(QCoreApplication::translate("api", "“to” lies after “from”, at most 2,000 slices later."));
        // Without a filter the slices tell what was done; with one, even an empty one, whatever matches it.
        const std::optional<QString> filter = call.parameter("filter");
        Result<QVector<ActivitySlice>> slices = filter ? m_parts.queries.activityOf(*filter, *from, *to, std::chrono::seconds(seconds), call.at)
                                                       : m_parts.queries.activity(*from, *to, std::chrono::seconds(seconds));
        if (!slices)
            return fail(slices.error());
        Answer answer;
        wire::appendItems(answer.body, *slices);
        return answer;
    };
    add(activity);

    Endpoint head{"GET", u"/v1/head"_s, Interface::Audit, u"head.read"_s, u"audit:read"_s};
    head.read = [this](const Call &) -> Result<Answer> {
        Answer answer;
        wire::appendJson(answer.body, m_parts.store.log().head());
        return answer;
    };
    add(head);

    Endpoint shipping{"GET", u"/v1/shipping"_s, Interface::Audit, u"shipping.read"_s, u"audit:read"_s};
    shipping.read = [this](const Call &) -> Result<Answer> {
        Answer answer;
        answer.body = m_parts.shipping.json();
        return answer;
    };
    add(shipping);

    Endpoint record{"POST", u"/v1/events"_s, Interface::Audit, u"event.record"_s, u"audit:write"_s};
    record.members = {u"action"_s, u"target"_s, u"workspace"_s, u"outcome"_s, u"detail"_s};
    record.write = [this](Unit &unit, const Call &call, const Change &change) { return recordStatement(unit, call, change); };
    add(record);
}

Result<Answer> Api::recordStatement(Unit &unit, const Call &call, const Change &change)
{
    const QJsonObject body = parseJson(call.request.body).value_or(QJsonValue()).toObject();
    wire::ObjectReader reader(body);
    AuditEvent event = call.event();
    event.time = unit.now();
    event.action = reader.text("action", wire::Missing::Refuse, 64);
    event.target = Untrusted(reader.text("target", wire::Missing::Allow, 512));
    event.workspace = reader.id<WorkspaceTag>("workspace", wire::Missing::Allow);
    event.outcome = Outcome(reader.enumeration("outcome", EnumNames<Outcome>::names, wire::Missing::Allow));
    event.detail = Untrusted(reader.text("detail", wire::Missing::Allow, longestDetail));
    (void)reader.text("reason", wire::Missing::Allow);
    if (const auto error = reader.finish(wire::Unknown::Refuse))
        return fail(*error);
    if (!isIdentifier(event.action))
        return invalid(QCoreApplication::translate("api", "An action is an identifier such as “revoke.begin”."), u"/action"_s);
    event.reason = Untrusted(change.reason);
    event.origin = u"console"_s;
    // Its index is known when it is written: this unit is the only one that appends now.
    event.index = unit.nextEventIndex();
    event.originSequence = unit.nextSequence(event.origin);
    unit.record(event);
    return answerOf(event);
}

} // namespace parapet::plane
