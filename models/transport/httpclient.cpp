// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/transport/httpclient.h"

#include "models/transport/curl.h"
#include "models/transport/exchange.h"

#include <QtCore/QCoreApplication>

namespace parapet::transport {

using namespace Qt::StringLiterals;

namespace {

Error clientCancelled()
{
    return {Error::Code::Cancelled, QCoreApplication::translate("transport", "Cancelled."), {}, false};
}

} // namespace

HttpClient::HttpClient(Trust trust, std::optional<TlsIdentity> identity, const Clock &clock, QObject *parent)
    : QObject(parent), m_clock(clock), m_channel(std::move(trust), std::move(identity))
{
    connect(&m_channel, &TlsChannel::poisoned, this, &HttpClient::refuse, Qt::QueuedConnection);
}

HttpClient::~HttpClient()
{
    blockSignals(true);
    refuse(clientCancelled());
}

quint64 HttpClient::begin(HttpRequest request, Done done)
{
    const quint64 id = ++m_lastId;
    m_queue.push_back({id, std::move(request), std::move(done)});
    startNext();
    return id;
}

void HttpClient::startNext()
{
    while (!m_queue.empty() && int(m_running.size()) < parallel) {
        Job job = std::move(m_queue.front());
        m_queue.pop_front();
        if (m_refusal) {
            finish(job.request, job.done, fail(*m_refusal), nullptr);
            continue;
        }
        auto *exchange = new Exchange(m_channel, std::move(job.request), this);
        m_running.emplace(job.id, exchange);
        connect(exchange, &Exchange::waitingLong, this, &HttpClient::waitingLong);
        connect(exchange, &Exchange::done, this,
                [this, exchange, id = job.id, done = std::move(job.done)](Result<HttpResponse> &outcome) {
                    m_running.erase(id);
                    exchange->deleteLater();
                    finish(exchange->request(), done, std::move(outcome), exchange);
                    startNext();
                });
        exchange->start();
    }
}

void HttpClient::finish(const HttpRequest &request, const Done &done, Result<HttpResponse> outcome,
                        const Exchange *exchange)
{
    RequestRecord record;
    record.at = m_clock.now();
    record.method = QString::fromLatin1(request.method);
    record.url = loggableUrl(request.url);
    record.curl = curlOf(request);
    if (exchange) {
        record.status = exchange->status();
        record.took = exchange->took();
        record.bytes = exchange->bytes();
        record.requestId = QString::fromLatin1(exchange->requestId());
    }
    record.error = done(outcome);
    Q_EMIT finished(record);
}

void HttpClient::abort(quint64 id)
{
    if (const auto running = m_running.find(id); running != m_running.end()) {
        running->second->stop(clientCancelled());
        return;
    }
    const auto waiting = std::find_if(m_queue.begin(), m_queue.end(), [id](const Job &job) { return job.id == id; });
    if (waiting == m_queue.end())
        return;
    const Job job = std::move(*waiting);
    m_queue.erase(waiting);
    finish(job.request, job.done, fail(clientCancelled()), nullptr);
}

void HttpClient::refuse(const Error &why)
{
    m_refusal = why;
    const auto running = m_running;
    for (const auto &[id, exchange] : running)
        exchange->stop(why);
    startNext();
}

} // namespace parapet::transport
