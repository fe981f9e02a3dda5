// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/server/wire.h"

#include <QtCore/QStringDecoder>

namespace parapet::server {

namespace {

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/// Percent-decoded and decoded as UTF-8; nothing when either is wrong. QByteArray::fromPercentEncoding lets errors
/// pass.
std::optional<QString> decoded(QByteArrayView text, bool plusIsSpace)
{
    QByteArray bytes;
    bytes.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            if (i + 2 >= text.size())
                return {};
            const int high = hexDigit(text[i + 1]);
            const int low = hexDigit(text[i + 2]);
            if (high < 0 || low < 0)
                return {};
            c = char(high * 16 + low);
            i += 2;
        } else if (c == '+' && plusIsSpace) {
            c = ' ';
        }
        if (c == '\0')
            return {};
        bytes.append(c);
    }
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    QString result = decoder(bytes);
    if (decoder.hasError())
        return {};
    return result;
}

bool splitPath(Request &request)
{
    if (request.path == "*")
        return true;
    const QByteArrayView path = request.path;
    if (!path.startsWith('/'))
        return false;
    for (qsizetype from = 1; from <= path.size();) {
        qsizetype to = request.path.indexOf('/', from);
        if (to < 0)
            to = path.size();
        std::optional<QString> segment = decoded(path.sliced(from, to - from), false);
        if (!segment || *segment == QLatin1String(".") || *segment == QLatin1String(".."))
            return false;
        request.segments.append(std::move(*segment));
        from = to + 1;
    }
    // "/" has no segment; "/a/" has the empty one at its end, so that it differs from "/a".
    if (request.segments.size() == 1 && request.segments.first().isEmpty())
        request.segments.clear();
    return true;
}

bool splitQuery(Request &request, QByteArrayView query)
{
    while (!query.isEmpty()) {
        qsizetype end = 0;
        while (end < query.size() && query[end] != '&')
            ++end;
        const QByteArrayView pair = query.first(end);
        query = end < query.size() ? query.sliced(end + 1) : QByteArrayView();
        if (pair.isEmpty())
            continue;
        qsizetype equals = 0;
        while (equals < pair.size() && pair[equals] != '=')
            ++equals;
        std::optional<QString> name = decoded(pair.first(equals), true);
        std::optional<QString> value = decoded(equals < pair.size() ? pair.sliced(equals + 1) : QByteArrayView(), true);
        if (!name || !value)
            return false;
        request.query.append({std::move(*name), std::move(*value)});
    }
    return true;
}

} // namespace

QByteArray Request::header(QByteArrayView name) const
{
    for (const Header &header : headers) {
        if (header.name.compare(name, Qt::CaseInsensitive) == 0)
            return header.value;
    }
    return {};
}

bool Request::hasHeader(QByteArrayView name) const
{
    return std::any_of(headers.begin(), headers.end(),
                       [name](const Header &header) { return header.name.compare(name, Qt::CaseInsensitive) == 0; });
}

std::optional<QString> Request::parameter(QStringView name) const
{
    for (qsizetype i = query.size(); i-- > 0;) {
        if (query[i].first == name)
            return query[i].second;
    }
    return {};
}

bool splitTarget(Request &request)
{
    QByteArray rest = request.target;
    if (rest.contains('#'))
        return false;
    if (rest.left(8).toLower() == "https://") {
        qsizetype from = 8;
        while (from < rest.size() && rest[from] != '/' && rest[from] != '?')
            ++from;
        rest.remove(0, from);
        if (!rest.startsWith('/'))
            rest.prepend('/');
    }
    const qsizetype mark = rest.indexOf('?');
    request.path = mark < 0 ? rest : rest.left(mark);
    return splitPath(request) && (mark < 0 || splitQuery(request, QByteArrayView(rest).sliced(mark + 1)));
}

} // namespace parapet::server
