// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/api/params.h"

#include "models/core/json.h"
#include "models/wire/problem.h"
#include "models/wire/reader.h"

#include <QtCore/QCoreApplication>

namespace parapet::plane {

using namespace Qt::StringLiterals;

namespace {

QString apiText(const char *text)
{
    return QCoreApplication::translate("api", text);
}

constexpr qsizetype longestReason = 2000;

} // namespace

Status checkParameters(const Call &call)
{
    QStringList seen;
    for (const auto &[name, value] : call.request.query) {
        if (!call.route->parameters.contains(name))
            return invalid(apiText("There is no parameter “%1” here.").arg(Untrusted(name).inert(64)));
        if (seen.contains(name))
            return invalid(apiText("The parameter “%1” is given twice.").arg(name));
        seen << name;
    }
    return {};
}

Result<PageRequest> pageRequestOf(const Call &call)
{
    PageRequest request;
    request.query.filter = call.parameter("filter").value_or(QString());
    request.query.sort = call.parameter("sort").value_or(QString());
    const QString order = call.parameter("order").value_or(QString());
    if (!order.isEmpty() && order != "asc"_L1 && order != "desc"_L1)
        return invalid(apiText("The order is “asc” or “desc”."));
    request.query.descending = order == "desc"_L1;
    if (const auto limit = call.parameter("limit")) {
        bool number = false;
        request.limit = limit->toInt(&number);
        if (!number || request.limit < 1 || request.limit > 500)
            return invalid(apiText("The limit is a number from 1 to 500."));
    }
    const auto at = call.parameter("at");
    const auto after = call.parameter("after");
    if (at && after)
        return invalid(apiText("Give “at” or “after”, not both."));
    if (at) {
        bool number = false;
        request.at = at->toLongLong(&number);
        if (!number || request.at < 0)
            return invalid(apiText("The position is a number from 0."));
    }
    request.after = after.value_or(QString());
    if (after && after->isEmpty())
        return invalid(apiText("The cursor is not one of this list. Begin again without it."));
    return request;
}

Result<QJsonObject> bodyOf(const Call &call)
{
    const QByteArray type = call.request.header("Content-Type").toLower();
    if (!type.isEmpty() && type.split(';').first().trimmed() != "application/json")
        return invalid(apiText("The body must be application/json."));
    if (call.request.body.isEmpty())
        return QJsonObject();
    Result<QJsonValue> json = parseJson(call.request.body);
    if (!json)
        return fail(Error::Code::Invalid, json.error().message, json.error().detail);
    if (!json->isObject())
        return invalid(apiText("The body must be a JSON object."), u""_s);
    const QJsonObject body = json->toObject();
    for (const QString &name : body.keys()) {
        if (name != "reason"_L1 && !call.route->members.contains(name))
            return fail(wire::unknownMember({}, name));
    }
    return body;
}

Result<Change> changeOf(const Call &call, const QJsonObject &body)
{
    Change change;
    change.idempotencyKey = QString::fromLatin1(call.request.header("Idempotency-Key"));
    if (change.idempotencyKey.isEmpty())
        return invalid(apiText("Say which call this is in an Idempotency-Key header, so that it can be repeated safely."));
    if (!isIdentifier(change.idempotencyKey))
        return invalid(apiText("The Idempotency-Key is 1 to 128 letters, digits or . _ : -"));
    const QByteArray match = call.request.header("If-Match");
    if (!match.isEmpty() && match != "*") {
        if (match.size() < 3 || !match.startsWith('"') || !match.endsWith('"'))
            return invalid(apiText("If-Match is one version in quotes."));
        change.ifMatch = QString::fromLatin1(match.mid(1, match.size() - 2));
    }
    change.operation = OperationId(QString::fromLatin1(call.request.header("X-Parapet-Operation")));
    if (!change.operation.isEmpty() && !isIdentifier(change.operation.value))
        return invalid(apiText("X-Parapet-Operation is an identifier."));
    if (const auto reason = body.constFind("reason"_L1); reason != body.constEnd()) {
        if (!reason->isString())
            return fail(wire::wrongKind(u"/reason"_s, "a text"));
        change.reason = reason->toString();
        if (change.reason.size() > longestReason)
            return fail(wire::tooLong(u"/reason"_s, longestReason));
    }
    return change;
}

server::Response problemOf(const Error &error, const QString &requestId, int status)
{
    wire::Problem problem;
    problem.status = status ? status : wire::statusOf(error.code);
    problem.error = error;
    problem.instance = requestId;
    // What is wrong with the input, and where (RFC 6901), is the caller's to know; other details stay in our log.
    if (error.code == Error::Code::Invalid && error.detail.startsWith(u'/'))
        problem.error.message += u" (%1)"_s.arg(Untrusted(error.detail).inert(200));
    server::Response response;
    response.status = problem.status;
    response.body = wire::toProblem(problem);
    response.headers.append(server::Header{"Content-Type", "application/problem+json"});
    if (problem.status == 401)
        response.headers.append(server::Header{"WWW-Authenticate", "Bearer error=\"invalid_token\""});
    if (problem.status == 429 || problem.status == 503)
        response.headers.append(server::Header{"Retry-After", "1"});
    return response;
}

} // namespace parapet::plane
