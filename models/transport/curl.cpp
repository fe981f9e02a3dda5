// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/transport/curl.h"

namespace parapet::transport {

using namespace Qt::StringLiterals;

namespace {

QString quotedForShell(QString text)
{
    return u'\'' + text.replace(u'\'', u"'\\''"_s) + u'\'';
}

} // namespace

QString loggableUrl(const QUrl &url)
{
    return url.toString(QUrl::RemoveUserInfo | QUrl::RemoveFragment | QUrl::FullyEncoded);
}

QString curlOf(const HttpRequest &request)
{
    QString line = u"curl --cacert \"$CA\" --cert \"$IDENTITY\""_s;
    if (request.method != "GET")
        line += u" -X "_s + QString::fromLatin1(request.method);
    if (!request.authorization.isEmpty()) {
        const QByteArray scheme = request.authorization.left(request.authorization.indexOf(' '));
        line += u" -H 'Authorization: %1 …'"_s.arg(QString::fromLatin1(scheme));
    }
    for (const auto &[name, value] : request.headers)
        line += u" -H "_s + quotedForShell(QString::fromLatin1(name) + u": "_s + QString::fromUtf8(value));
    if (!request.body.isEmpty())
        line += u" -H 'Content-Type: application/json' -d "_s + quotedForShell(QString::fromUtf8(request.body));
    return line + u' ' + quotedForShell(loggableUrl(request.url));
}

} // namespace parapet::transport
