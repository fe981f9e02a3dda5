// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/transport/httpclient.h"

#include "models/crypto/random.h"
#include "models/transport/batch.h"
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
    // Fires when what was posted for this turn is done, so that its requests are all there.
    m_gathering.setSingleShot(true);
    m_gathering.setInterval(0);
    connect(&m_gathering, &QTimer::timeout, this, &HttpClient::startNext);
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
    const bool gather = m_batches && !m_refusal && !request.together.isEmpty() && request.together.authority() == request.url.authority();
    if (!gather)
        request.together.clear();
    m_queue.push_back({id, std::move(request), std::move(done)});
    if (!gather)
        startNext();
    else if (!m_gathering.isActive())
        m_gathering.start();
    return id;
}

void HttpClient::startNext()
{
    while (!m_queue.empty() && int(m_flights.size()) < parallel) {
        if (!m_refusal) {
            start(takeNext());
            continue;
        }
        const Job job = std::move(m_queue.front());
        m_queue.pop_front();
        finish(job, fail(*m_refusal), {});
    }
}

/// The first in the queue, and what may go with it.
std::vector<HttpClient::Job> HttpClient::takeNext()
{
    std::vector<Job> jobs;
    jobs.push_back(std::move(m_queue.front()));
    m_queue.pop_front();
    const HttpRequest &first = jobs.front().request;
    if (!m_batches || jobs.front().alone || first.together.isEmpty())
        return jobs;
    // What reads does not wait for what changes something.
    const QUrl together = first.together;
    const QByteArray method = first.method;
    BatchRoom room;
    room.take(first);
    std::deque<Job> rest;
    for (Job &job : m_queue) {
        const bool fits = !job.alone && job.request.method == method && job.request.together == together && room.take(job.request);
        if (fits)
            jobs.push_back(std::move(job));
        else
            rest.push_back(std::move(job));
    }
    m_queue.swap(rest);
    return jobs;
}

void HttpClient::start(std::vector<Job> jobs)
{
    HttpRequest request;
    if (jobs.size() == 1) {
        request = jobs.front().request;
    } else {
        QVector<HttpRequest> requests;
        requests.reserve(qsizetype(jobs.size()));
        for (const Job &job : jobs)
            requests.append(job.request);
        request = batchOf(requests);
    }
    auto *exchange = new Exchange(m_channel, std::move(request), this);
    m_flights.push_back({exchange, std::move(jobs)});
    connect(exchange, &Exchange::waitingLong, this, &HttpClient::waitingLong);
    connect(exchange, &Exchange::done, this, [this, exchange](Result<HttpResponse> &outcome) { land(exchange, outcome); });
    exchange->start();
}

void HttpClient::land(Exchange *exchange, Result<HttpResponse> &outcome)
{
    const auto at = std::find_if(m_flights.begin(), m_flights.end(), [exchange](const Flight &flight) { return flight.exchange == exchange; });
    if (at == m_flights.end())
        return;
    std::vector<Job> jobs = std::move(at->jobs);
    m_flights.erase(at);
    exchange->deleteLater();
    if (jobs.size() > 1)
        takeApart(jobs, outcome, *exchange);
    else
        finish(jobs.front(), std::move(outcome), {exchange->status(), exchange->took(), exchange->bytes(), exchange->requestId()});
    startNext();
}

/// Each gets its own answer; what the batch did not carry goes out again, alone.
void HttpClient::takeApart(std::vector<Job> &jobs, Result<HttpResponse> &outcome, const Exchange &exchange)
{
    if (!outcome && refusesBatch(exchange.status())) {
        m_batches = m_batches && !knowsNoBatch(exchange.status());
        sendAlone(std::move(jobs));
        return;
    }
    Result<QVector<wire::BatchAnswer>> answers = outcome ? wire::batchAnswersFromJson(outcome->body, qsizetype(jobs.size()))
                                                         : Result<QVector<wire::BatchAnswer>>(fail(outcome.error()));
    if (outcome && !answers)
        answers = fail(Error::Code::Protocol,
                       QCoreApplication::translate("transport", "%1 answered several requests with something that cannot be read. It may be of "
                                                                "another version than this console.")
                           .arg(exchange.request().url.authority(QUrl::FullyEncoded)),
                       answers.error().detail);
    if (outcome && std::any_of(jobs.cbegin(), jobs.cend(), [](const Job &job) { return job.request.secret; }))
        crypto::wipe(outcome->body);
    std::vector<Job> alone;
    for (size_t i = 0; i < jobs.size(); ++i) {
        Job &job = jobs[i];
        if (job.id == 0)
            continue;
        Facts facts{exchange.status(), exchange.took(), 0, exchange.requestId()};
        if (!answers) {
            finish(job, fail(answers.error()), facts);
            continue;
        }
        wire::BatchAnswer &answer = (*answers)[qsizetype(i)];
        if (answer.status == 413 && job.request.method == "GET") {
            alone.push_back(std::move(job));
            continue;
        }
        facts.status = answer.status;
        facts.bytes = answer.body.size();
        for (const auto &[name, value] : std::as_const(answer.headers)) {
            if (name.compare("X-Request-Id", Qt::CaseInsensitive) == 0)
                facts.requestId = value.left(128);
        }
        finish(job, responseTo(job.request, answer, exchange.took()), facts);
    }
    sendAlone(std::move(alone));
}

/// Before all others, which came later.
void HttpClient::sendAlone(std::vector<Job> jobs)
{
    for (auto job = jobs.rbegin(); job != jobs.rend(); ++job) {
        if (job->id == 0)
            continue;
        job->alone = true;
        m_queue.push_front(std::move(*job));
    }
}

void HttpClient::finish(const Job &job, Result<HttpResponse> outcome, const Facts &facts)
{
    RequestRecord record;
    record.at = m_clock.now();
    record.method = QString::fromLatin1(job.request.method);
    record.url = loggableUrl(job.request.url);
    record.curl = curlOf(job.request);
    record.status = facts.status;
    record.took = facts.took;
    record.bytes = facts.bytes;
    record.requestId = QString::fromLatin1(facts.requestId);
    record.error = job.done(outcome);
    Q_EMIT finished(record);
}

void HttpClient::abort(quint64 id)
{
    const auto isIt = [id](const Job &job) { return job.id == id; };
    for (Flight &flight : m_flights) {
        const auto job = std::find_if(flight.jobs.begin(), flight.jobs.end(), isIt);
        if (job == flight.jobs.end())
            continue;
        if (flight.jobs.size() > 1) {
            // The others go on; what the server does with this one is as open as with any request that is cut off.
            const Job gone = std::exchange(*job, Job());
            Exchange *const exchange = flight.exchange;
            const bool isLast = std::all_of(flight.jobs.cbegin(), flight.jobs.cend(), [](const Job &one) { return one.id == 0; });
            finish(gone, fail(clientCancelled()), {});
            if (isLast)
                exchange->stop(clientCancelled());
        } else {
            flight.exchange->stop(clientCancelled());
        }
        return;
    }
    const auto waiting = std::find_if(m_queue.begin(), m_queue.end(), isIt);
    if (waiting == m_queue.end())
        return;
    const Job job = std::move(*waiting);
    m_queue.erase(waiting);
    finish(job, fail(clientCancelled()), {});
}

void HttpClient::refuse(const Error &why)
{
    m_refusal = why;
    QVector<Exchange *> running;
    for (const Flight &flight : m_flights)
        running.append(flight.exchange);
    for (Exchange *exchange : running)
        exchange->stop(why);
    startNext();
}

} // namespace parapet::transport
