// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/wire/problem.h"

#include "models/core/json.h"
#include "models/core/untrusted.h"
#include "models/wire/writer.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonObject>

namespace parapet::wire {
namespace {

constexpr int problemTextLimit = 500;

const char *problemTitle(int status)
{
    switch (status) {
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 409:
        return "Conflict";
    case 410:
        return "Gone";
    case 412:
        return "Precondition Failed";
    case 413:
        return "Content Too Large";
    case 415:
        return "Unsupported Media Type";
    case 422:
        return "Unprocessable Content";
    case 428:
        return "Precondition Required";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 501:
        return "Not Implemented";
    case 502:
        return "Bad Gateway";
    case 503:
        return "Service Unavailable";
    case 504:
        return "Gateway Timeout";
    case 507:
        return "Insufficient Storage";
    default:
        return status >= 500 ? "Server Error" : "Error";
    }
}

QString problemMessage(Error::Code code)
{
    const auto translated = [](const char *text) { return QCoreApplication::translate("wire", text); };
    switch (code) {
    case Error::Code::Unauthorized:
        return translated(QT_TRANSLATE_NOOP("wire",
                                            "The system does not accept this identity. Check the certificate of the "
                                            "profile and whether it has expired."));
    case Error::Code::Forbidden:
        return translated(
            QT_TRANSLATE_NOOP("wire", "You are not allowed to do this. Ask for the right that it needs."));
    case Error::Code::NotFound:
        return translated(QT_TRANSLATE_NOOP("wire", "The system does not know this any more. Refresh the page."));
    case Error::Code::Conflict:
        return translated(QT_TRANSLATE_NOOP("wire", "It was changed meanwhile. Look at it again before you go on."));
    case Error::Code::Invalid:
        return translated(QT_TRANSLATE_NOOP("wire", "The system refused the request as wrong."));
    case Error::Code::RateLimited:
        return translated(
            QT_TRANSLATE_NOOP("wire", "The system asks for fewer requests. Wait a moment, then try again."));
    case Error::Code::Server:
        return translated(QT_TRANSLATE_NOOP("wire", "The system failed. Try again; if it stays so, look at its log."));
    default:
        return translated(QT_TRANSLATE_NOOP("wire",
                                            "The system gave an answer that was not agreed. Check that the address "
                                            "is that of a control plane."));
    }
}

bool problemIsDocument(QByteArrayView contentType)
{
    const qsizetype end = contentType.indexOf(';');
    const QByteArrayView type = (end < 0 ? contentType : contentType.first(end)).trimmed();
    return type.compare("application/problem+json", Qt::CaseInsensitive) == 0;
}

QString problemText(const QJsonObject &document, const char *name, int limit = problemTextLimit)
{
    return Untrusted(document.value(QLatin1String(name)).toString()).inert(limit);
}

} // namespace

int statusOf(Error::Code code)
{
    switch (code) {
    case Error::Code::Unauthorized:
        return 401;
    case Error::Code::Forbidden:
        return 403;
    case Error::Code::NotFound:
        return 404;
    case Error::Code::Conflict:
        return 409;
    case Error::Code::Invalid:
        return 400;
    case Error::Code::RateLimited:
        return 429;
    case Error::Code::Network:
        return 504;
    case Error::Code::Tls:
    case Error::Code::Protocol:
        return 502;
    case Error::Code::Cancelled:
        return 503;
    case Error::Code::Storage:
    case Error::Code::Server:
        break;
    }
    return 500;
}

Error::Code codeOf(int status)
{
    switch (status) {
    case 401:
        return Error::Code::Unauthorized;
    case 403:
        return Error::Code::Forbidden;
    case 404:
    case 410:
        return Error::Code::NotFound;
    case 409:
    case 412:
    case 428:
        return Error::Code::Conflict;
    case 429:
        return Error::Code::RateLimited;
    default:
        break;
    }
    if (status >= 500 && status <= 599)
        return Error::Code::Server;
    return status >= 400 && status <= 499 ? Error::Code::Invalid : Error::Code::Protocol;
}

QByteArray toProblem(const Problem &problem)
{
    QByteArray out("{\"type\":\"about:blank\"");
    appendName(out, "title");
    appendString(out, QString::fromLatin1(problemTitle(problem.status)));
    appendName(out, "status");
    appendInteger(out, problem.status);
    appendName(out, "detail");
    appendString(out, problem.error.message);
    if (!problem.instance.isEmpty()) {
        appendName(out, "instance");
        appendString(out, problem.instance);
    }
    appendName(out, "code");
    appendString(out, nameOf(problem.error.code));
    out += '}';
    return out;
}

Problem problemFrom(int status, QByteArrayView body, QByteArrayView contentType, QByteArrayView retryAfter)
{
    Problem problem;
    problem.status = status;
    problem.retryAfter = retryAfterFrom(retryAfter);
    problem.error.code = codeOf(status);
    problem.error.retryable = status == 429 || status == 502 || status == 503 || status == 504;
    problem.error.message = problemMessage(problem.error.code);
    problem.error.detail = QStringLiteral("HTTP ") + QString::number(status);
    if (!problemIsDocument(contentType))
        return problem;
    const Result<QJsonValue> json = parseJson(body, {.bytes = 1 << 16, .depth = 8});
    if (!json || !json->isObject())
        return problem;
    const QJsonObject document = json->toObject();
    problem.instance = problemText(document, "instance", 128);
    const QString title = problemText(document, "title");
    const QString detail = problemText(document, "detail");
    if (!title.isEmpty())
        problem.error.detail += QLatin1Char(' ') + title;
    // Only the peer knows what exactly was wrong; what to do about it is said in our own words.
    if (!detail.isEmpty()) {
        problem.error.message =
            QCoreApplication::translate("wire", "%1 It says: %2").arg(problem.error.message, detail);
        problem.error.detail += QLatin1String(": ") + detail;
    }
    return problem;
}

Milliseconds retryAfterFrom(QByteArrayView header)
{
    const QByteArray digits = header.trimmed().toByteArray();
    bool number = false;
    const qint64 seconds = digits.toLongLong(&number);
    if (!number || seconds < 0 || digits.startsWith('+'))
        return {};
    return std::chrono::seconds(std::min<qint64>(seconds, 3600));
}

} // namespace parapet::wire
