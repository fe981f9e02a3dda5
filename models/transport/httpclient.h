// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/reply.h"
#include "models/transport/requestrecord.h"
#include "models/transport/tlschannel.h"

#include <QtCore/QTimer>

#include <deque>
#include <list>
#include <memory>

namespace parapet::transport {

class Exchange;

/// Calls over HTTPS, each with one answer. One client for each profile, identity and interface; event streams have
/// another channel. At most `parallel` requests are under way, the others wait their turn here (not in Qt, where their
/// time would run).
///
/// Requests that may go out together (HttpRequest::together) and are made in one turn of the event loop, or while no
/// connection is free, travel as one batch of up to 100 (models/wire/batch.h): each keeps its key, its precondition, its
/// answer and its record. A server that knows no batches gets them one by one.
///
/// Decoding happens before the result is added; a body that does not decode makes the call fail. Cancelling a reply
/// aborts the request. Lives on the thread that made it.
class HttpClient : public QObject
{
    Q_OBJECT

public:
    static constexpr int parallel = 6;
    static constexpr Milliseconds slowAfter{1500};

    HttpClient(Trust trust, std::optional<TlsIdentity> identity, const Clock &clock, QObject *parent = nullptr);
    /// Outstanding replies end as Cancelled.
    ~HttpClient() override;

    template<class T>
    using Decode = std::function<Result<T>(HttpResponse &)>;

    /// Errors by status: see errorOf() in httperrors.h; Protocol for a redirect, another media type than `accept`, a
    /// body beyond the limit, or one that `decode` refuses.
    template<class T>
    Reply<T> send(HttpRequest request, Decode<T> decode);

    /// Fails everything with `why`, now and from now on.
    void refuse(const Error &why);
    TlsChannel &channel() { return m_channel; }
    bool isIdle() const { return m_flights.empty() && m_queue.empty(); }

Q_SIGNALS:
    void finished(const parapet::transport::RequestRecord &record);
    /// A request has had no answer for slowAfter.
    void waitingLong();

private:
    /// Takes the outcome, says what is wrong with it after decoding.
    using Done = std::function<std::optional<Error>(Result<HttpResponse> &)>;
    struct Job {
        quint64 id = 0;           ///< 0: cancelled while it was under way with others
        HttpRequest request;
        Done done;
        bool alone = false;       ///< it did not come through with others
    };
    /// What one connection is busy with: one request, or several in a batch.
    struct Flight {
        Exchange *exchange = nullptr;
        std::vector<Job> jobs;
    };
    /// What is known of an answer besides its content.
    struct Facts {
        int status = 0;
        Milliseconds took{};
        qint64 bytes = 0;
        QByteArray requestId;
    };
    quint64 begin(HttpRequest request, Done done);
    void abort(quint64 id);
    void startNext();
    std::vector<Job> takeNext();
    void start(std::vector<Job> jobs);
    void land(Exchange *exchange, Result<HttpResponse> &outcome);
    void takeApart(std::vector<Job> &jobs, Result<HttpResponse> &outcome, const Exchange &exchange);
    void sendAlone(std::vector<Job> jobs);
    void finish(const Job &job, Result<HttpResponse> outcome, const Facts &facts);

    const Clock &m_clock;
    TlsChannel m_channel;
    std::optional<Error> m_refusal;
    std::deque<Job> m_queue;
    std::list<Flight> m_flights;
    QTimer m_gathering;           ///< until the turn of the event loop is over
    bool m_batches = true;        ///< as far as the server has not said otherwise
    quint64 m_lastId = 0;
};

template<class T>
Reply<T> HttpClient::send(HttpRequest request, Decode<T> decode)
{
    auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    auto *watcher = new QFutureWatcher<Result<T>>(this);
    const quint64 id =
        begin(std::move(request), [promise, watcher, decode = std::move(decode)](Result<HttpResponse> &outcome) {
            watcher->deleteLater();
            Result<T> result = outcome ? decode(*outcome) : Result<T>(fail(outcome.error()));
            std::optional<Error> wrong;
            if (!result)
                wrong = result.error();
            promise->addResult(std::move(result));
            promise->finish();
            return wrong;
        });
    connect(watcher, &QFutureWatcherBase::canceled, this, [this, id] { abort(id); });
    watcher->setFuture(promise->future());
    return promise->future();
}

} // namespace parapet::transport
