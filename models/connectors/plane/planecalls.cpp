// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connectors/plane/planecalls.h"

#include "models/core/json.h"

#include <QtCore/QCoreApplication>

namespace parapet::planecalls {

using namespace Qt::StringLiterals;

namespace {

/// Change calls may wait for the kernel or the disk at the other side.
constexpr Milliseconds changeSilence{30'000};
/// Rows of about a kilobyte that fit one answer among others (models/wire/batch.h).
constexpr int shortPage = 50;

QUrl urlOf(const QUrl &base, const QString &path, const QString &id, const Parameters &parameters)
{
    QUrl url = base;
    QString whole = base.path();
    if (whole.endsWith(u'/'))
        whole.chop(1);
    whole += QString(path).replace(u"{}"_s, id);
    url.setPath(whole, QUrl::DecodedMode);
    QByteArray query;
    for (const auto &[name, value] : parameters) {
        query += query.isEmpty() ? "" : "&";
        query += QUrl::toPercentEncoding(name) + '=' + QUrl::toPercentEncoding(value);
    }
    if (!query.isEmpty())
        url.setQuery(QString::fromLatin1(query), QUrl::StrictMode);
    return url;
}

struct VerbCall {
    const char *verb;
    bool atAgent;
    const char *path;
};

constexpr VerbCall changingVerbs[]{
    {"workspace.revoke", false, "/v1/workspaces/{}/revoke"},
    {"workspace.stop", false, "/v1/workspaces/{}/stop"},
    {"session.end", false, "/v1/sessions/{}/end"},
    {"lease.revoke", false, "/v1/leases/{}/revoke"},
    {"principal.suspend", false, "/v1/principals/{}/suspend"},
    {"runtime.freeze", true, "/v1/workspaces/{}/freeze"},
    {"runtime.thaw", true, "/v1/workspaces/{}/thaw"},
    {"runtime.isolate", true, "/v1/workspaces/{}/isolate"},
    {"runtime.rejoin", true, "/v1/workspaces/{}/rejoin"},
    {"runtime.pauseAgent", true, "/v1/workspaces/{}/pause-agent"},
    {"runtime.resumeAgent", true, "/v1/workspaces/{}/resume-agent"},
    {"runtime.terminate", true, "/v1/workspaces/{}/terminate"},
    {"runtime.snapshot", true, "/v1/workspaces/{}/snapshots"},
};

bool isHeaderSafe(const QString &text)
{
    return std::all_of(text.cbegin(), text.cend(),
                       [](QChar c) { return c.unicode() > 0x20 && c.unicode() < 0x7f && c != u'"'; });
}

} // namespace

transport::HttpRequest get(const QUrl &base, const QString &path, const QString &id, const Parameters &parameters)
{
    transport::HttpRequest request;
    request.url = urlOf(base, path, id, parameters);
    request.together = urlOf(base, u"/v1/batch"_s, {}, {});
    return request;
}

transport::HttpRequest post(const QUrl &base, const QString &path, const QString &id, const Change &change,
                            QJsonObject body)
{
    transport::HttpRequest request;
    request.method = "POST";
    request.url = urlOf(base, path, id, {});
    request.together = urlOf(base, u"/v1/batch"_s, {}, {});
    request.silence = changeSilence;
    request.headers.append({"Idempotency-Key", change.idempotencyKey.toLatin1()});
    if (!change.ifMatch.isEmpty())
        request.headers.append({"If-Match", '"' + change.ifMatch.toLatin1() + '"'});
    if (!change.operation.isEmpty())
        request.headers.append({"X-Parapet-Operation", change.operation.value.toLatin1()});
    if (!body.contains("reason"_L1))
        body.insert("reason"_L1, change.reason);
    request.body = canonicalJson(body);
    return request;
}

transport::HttpRequest page(const QUrl &base, const QString &path, const PageRequest &request)
{
    transport::HttpRequest call = get(base, path, {}, parametersOf(request));
    if (request.limit > shortPage)
        call.together.clear();
    return call;
}

Parameters parametersOf(const PageRequest &request)
{
    Parameters parameters;
    if (!request.query.filter.isEmpty())
        parameters.append({u"filter"_s, request.query.filter});
    if (!request.query.sort.isEmpty()) {
        parameters.append({u"sort"_s, request.query.sort});
        parameters.append({u"order"_s, request.query.descending ? u"desc"_s : u"asc"_s});
    }
    parameters.append({u"limit"_s, QString::number(std::clamp(request.limit, 1, 500))});
    if (request.at >= 0)
        parameters.append({u"at"_s, QString::number(request.at)});
    else if (!request.after.isEmpty())
        parameters.append({u"after"_s, request.after});
    return parameters;
}

QJsonObject bodyOf(const AuditEvent &draft)
{
    return {{"action"_L1, draft.action},
            {"target"_L1, draft.target.raw()},
            {"workspace"_L1, draft.workspace.value},
            {"outcome"_L1, nameOf(draft.outcome)},
            {"reason"_L1, draft.reason.raw()},
            {"detail"_L1, draft.detail.raw()}};
}

Status check(const QString &id)
{
    if (isIdentifier(id))
        return {};
    return fail(Error::Code::Invalid,
                QCoreApplication::translate("connectors",
                                            "There is no such thing: its identifier is not one. Refresh the page."),
                u"identifier of %1 characters"_s.arg(id.size()));
}

Status check(const QString &id, const Change &change)
{
    if (Status valid = check(id); !valid)
        return valid;
    const bool keyFits =
        !change.idempotencyKey.isEmpty() && change.idempotencyKey.size() <= 128 && isHeaderSafe(change.idempotencyKey);
    if (keyFits && isHeaderSafe(change.ifMatch) && isHeaderSafe(change.operation.value))
        return {};
    return fail(
        Error::Code::Invalid,
        QCoreApplication::translate(
            "connectors", "The change cannot be sent: its key, version or operation is not one. Start it anew."));
}

transport::HttpRequest byVerb(const Endpoints &endpoints, const QString &verb, const QString &subject)
{
    PageRequest list;
    list.query.filter = subject;
    if (verb == u"workspace.list"_s)
        return get(endpoints.control, u"/v1/workspaces"_s, {}, parametersOf(list));
    if (verb == u"event.list"_s)
        return get(endpoints.audit, u"/v1/events"_s, {}, parametersOf(list));
    Change change;
    change.idempotencyKey = u"a-new-key"_s;
    for (const VerbCall &call : changingVerbs) {
        if (verb != QLatin1String(call.verb))
            continue;
        QJsonObject body{{"reason"_L1, u"…"_s}};
        if (verb == u"principal.suspend"_s)
            body.insert("suspended"_L1, true);
        return post(call.atAgent ? endpoints.agent : endpoints.control, QLatin1String(call.path), subject, change,
                    body);
    }
    transport::HttpRequest none;
    none.method.clear();
    return none;
}

} // namespace parapet::planecalls
