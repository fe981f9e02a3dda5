// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/transport/httperrors.h"

#include "models/core/untrusted.h"
#include "models/wire/problem.h"

#include <QtCore/QCoreApplication>

namespace parapet::transport {

using namespace Qt::StringLiterals;

namespace {

QString hostOf(const HttpRequest &request)
{
    return request.url.authority(QUrl::FullyEncoded);
}

Error protocolError(const QString &message, const QString &detail)
{
    return {Error::Code::Protocol, message, detail, false};
}

} // namespace

std::optional<Error> errorOf(const HttpRequest &request, const HttpResponse &response)
{
    if (request.anyStatus)
        return std::nullopt;
    if (response.status >= 400) {
        const wire::Problem problem = wire::problemFrom(response.status, response.body, response.contentType,
                                                        response.headers.value("retry-after"));
        Error error = problem.error;
        error.retryAfterSeconds = int(std::chrono::duration_cast<std::chrono::seconds>(problem.retryAfter).count());
        return error;
    }
    if (response.status >= 300)
        return protocolError(
            QCoreApplication::translate("transport", "%1 wanted to send the console to another place, which it never "
                                                     "follows. Check the address in the profile.")
                .arg(hostOf(request)),
            u"HTTP %1"_s.arg(response.status));
    if (response.status < 200)
        return protocolError(
            QCoreApplication::translate("transport",
                                        "%1 gave an answer that was not agreed. Check the address in the profile.")
                .arg(hostOf(request)),
            u"HTTP %1"_s.arg(response.status));
    if (response.contentType != request.accept)
        return protocolError(
            QCoreApplication::translate(
                "transport", "%1 answered with another kind of document than agreed. Check the address in the profile.")
                .arg(hostOf(request)),
            u"content type %1"_s.arg(Untrusted(QString::fromLatin1(response.contentType)).inert(80)));
    return std::nullopt;
}

Error tooLarge(const HttpRequest &request)
{
    return protocolError(
        QCoreApplication::translate(
            "transport", "%1 answered with more than the console accepts (%2 bytes). Ask for less at a time.")
            .arg(hostOf(request))
            .arg(request.limit),
        u"body beyond limit"_s);
}

} // namespace parapet::transport
