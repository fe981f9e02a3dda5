// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/transport/batch.h"

#include "models/core/json.h"
#include "models/transport/httperrors.h"

namespace parapet::transport {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype batchRequestBytes = 512 << 10; ///< half of what a server must take
constexpr qsizetype batchItemOverhead = 256;
constexpr qint64 batchAnswerBytes = 16 << 20;

wire::BatchItem batchItemOf(const HttpRequest &request)
{
    wire::BatchItem item;
    item.method = request.method;
    // The plane names its paths from the base URL, which may lie behind a path of a proxy's.
    QString base = request.together.path(QUrl::FullyEncoded);
    base.chop(base.size() - base.lastIndexOf("/v1/"_L1));
    item.target = request.url.path(QUrl::FullyEncoded).mid(base.size()).toLatin1();
    if (request.url.hasQuery())
        item.target += '?' + request.url.query(QUrl::FullyEncoded).toLatin1();
    item.headers = request.headers;
    if (!request.authorization.isEmpty())
        item.headers.append({"Authorization", request.authorization});
    item.body = request.body;
    return item;
}

} // namespace

bool BatchRoom::take(const HttpRequest &request)
{
    const qsizetype size = request.body.size() + request.authorization.size() + batchItemOverhead;
    const bool fits = m_items < wire::maxBatchItems && (m_items == 0 || m_bytes + size <= batchRequestBytes) && request.body.size() <= wire::maxBatchItemBytes;
    if (fits) {
        ++m_items;
        m_bytes += size;
    }
    return fits;
}

HttpRequest batchOf(const QVector<HttpRequest> &requests)
{
    HttpRequest whole;
    whole.method = "POST";
    whole.url = requests.first().together;
    whole.limit = batchAnswerBytes;
    QVector<wire::BatchItem> items;
    items.reserve(requests.size());
    for (const HttpRequest &request : requests) {
        whole.silence = std::max(whole.silence, request.silence);
        whole.deadline = std::max(whole.deadline, request.deadline);
        items.append(batchItemOf(request));
    }
    whole.body = wire::toBatch(items);
    return whole;
}

Result<HttpResponse> responseTo(const HttpRequest &request, wire::BatchAnswer &answer, Milliseconds took)
{
    HttpResponse response;
    response.status = answer.status;
    response.contentType = answer.contentType;
    response.took = took;
    for (const auto &[name, value] : std::as_const(answer.headers))
        response.headers.insert(name.toLower(), value);
    response.json = answer.json;
    response.body = std::move(answer.body);
    if (answer.status >= 400 && !request.anyStatus && !answer.json.isUndefined())
        response.body = canonicalJson(answer.json);
    if (response.body.size() > request.limit)
        return fail(tooLarge(request));
    if (auto error = errorOf(request, response))
        return fail(std::move(*error));
    const bool isSuccess = response.status >= 200 && response.status < 300;
    if (request.sink && isSuccess) {
        request.sink(response.body);
        response.body.clear();
    }
    return response;
}

bool refusesBatch(int status)
{
    return status == 400 || status == 413 || knowsNoBatch(status);
}

bool knowsNoBatch(int status)
{
    return status == 404 || status == 405 || status == 415 || status == 501;
}

} // namespace parapet::transport
