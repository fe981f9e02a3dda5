// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/server/wire.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

#include <ctime>
#include <string_view>

namespace parapet::server {

namespace {

/// RFC 9110 §15; what is not listed goes out without words, which the RFC allows.
const char *reasonPhrase(int status)
{
    static constexpr struct {
        int status;
        const char *words;
    } table[] = {
        {200, "OK"},
        {201, "Created"},
        {202, "Accepted"},
        {204, "No Content"},
        {206, "Partial Content"},
        {303, "See Other"},
        {304, "Not Modified"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {410, "Gone"},
        {411, "Length Required"},
        {412, "Precondition Failed"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {415, "Unsupported Media Type"},
        {416, "Range Not Satisfiable"},
        {417, "Expectation Failed"},
        {422, "Unprocessable Content"},
        {428, "Precondition Required"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
        {504, "Gateway Timeout"},
        {505, "HTTP Version Not Supported"},
    };
    for (const auto &row : table) {
        if (row.status == status)
            return row.words;
    }
    return "";
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
        return Error::Code::Conflict;
    case 429:
        return Error::Code::RateLimited;
    default:
        return status >= 500 ? Error::Code::Server : Error::Code::Invalid;
    }
}

bool isToken(QByteArrayView name)
{
    static constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return !name.isEmpty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               others.find(c) != others.npos;
    });
}

bool isTheLibrarys(QByteArrayView name)
{
    for (const char *own : {"Content-Length", "Transfer-Encoding", "Connection", "Date"}) {
        if (name.compare(own, Qt::CaseInsensitive) == 0)
            return true;
    }
    return false;
}

void appendHeader(QByteArray &out, const Header &header)
{
    if (!isToken(header.name) || isTheLibrarys(header.name))
        return;
    out += header.name;
    out += ": ";
    const qsizetype from = out.size();
    out += header.value;
    // A line break from data would begin a header of the data's choice.
    for (char *c = out.data() + from; c != out.data() + out.size(); ++c) {
        if ((static_cast<unsigned char>(*c) < 0x20 && *c != '\t') || *c == 0x7f)
            *c = ' ';
    }
    out += "\r\n";
}

/// "Date: Tue, 15 Nov 1994 08:12:31 GMT" (RFC 9110 §5.6.7) with its line break; made once a second and thread.
const QByteArray &dateLine()
{
    thread_local std::time_t made = 0;
    thread_local QByteArray line;
    const std::time_t now = std::time(nullptr);
    if (now != made) {
        static constexpr const char *days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
        static constexpr const char *months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
        std::tm utc{};
        gmtime_r(&now, &utc);
        line = QByteArray("Date: ") + days[utc.tm_wday] +
               QString::asprintf(", %02d %s %04d %02d:%02d:%02d GMT\r\n", utc.tm_mday, months[utc.tm_mon],
                                 utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec)
                   .toLatin1();
        made = now;
    }
    return line;
}

} // namespace

Response problem(int status, const QString &detail)
{
    const QJsonObject body{
        {QStringLiteral("type"), QStringLiteral("about:blank")},
        {QStringLiteral("title"), QLatin1String(reasonPhrase(status))},
        {QStringLiteral("status"), status},
        {QStringLiteral("detail"), detail},
        {QStringLiteral("code"), nameOf(codeOf(status))},
    };
    return {status, {{"Content-Type", "application/problem+json"}}, QJsonDocument(body).toJson(QJsonDocument::Compact)};
}

bool isBodiless(int status)
{
    return status < 200 || status == 204 || status == 304;
}

void appendHead(QByteArray &out, const Response &response, Framing framing, qint64 length, bool keepAlive)
{
    out += "HTTP/1.1 ";
    out += QByteArray::number(response.status);
    out += ' ';
    out += reasonPhrase(response.status);
    out += "\r\n";
    out += dateLine();
    for (const Header &header : response.headers)
        appendHeader(out, header);
    if (!isBodiless(response.status)) {
        if (framing == Framing::Chunked) {
            out += "Transfer-Encoding: chunked\r\n";
        } else if (framing == Framing::Length) {
            out += "Content-Length: ";
            out += QByteArray::number(length);
            out += "\r\n";
        }
    }
    out += keepAlive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
}

} // namespace parapet::server
