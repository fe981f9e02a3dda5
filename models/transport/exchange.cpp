// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/transport/exchange.h"

#include "models/transport/httpclient.h"
#include "models/transport/httperrors.h"
#include "models/transport/networkerror.h"

#include <QtCore/QCoreApplication>

namespace parapet::transport {

using namespace Qt::StringLiterals;

namespace {

QByteArray mediaTypeOf(const QNetworkReply &reply)
{
    const QByteArray header = reply.rawHeader("Content-Type");
    const qsizetype end = header.indexOf(';');
    return (end < 0 ? header : header.left(end)).trimmed().toLower();
}

} // namespace

Exchange::Exchange(TlsChannel &channel, HttpRequest request, QObject *parent)
    : QObject(parent), m_channel(channel), m_request(std::move(request))
{
    m_deadline.setSingleShot(true);
    m_slow.setSingleShot(true);
    connect(&m_deadline, &QTimer::timeout, this, [this] {
        stop(networkErrorOf(QNetworkReply::TimeoutError, u"deadline of %1 ms"_s.arg(m_request.deadline.count()), false,
                            m_request.url));
    });
    connect(&m_slow, &QTimer::timeout, this, &Exchange::waitingLong);
}

Exchange::~Exchange()
{
    if (m_reply) {
        m_reply->disconnect(this);
        m_reply->abort();
        m_reply->deleteLater();
    }
}

void Exchange::start()
{
    m_elapsed.start();
    m_deadline.start(int(m_request.deadline.count()));
    m_slow.start(int(HttpClient::slowAfter.count()));
    m_channel.verify(m_request.url, m_request.silence, this, [this](const Status &status) {
        if (m_ended)
            return;
        if (status)
            send();
        else
            end(fail(status.error()));
    });
}

void Exchange::send()
{
    m_reply = m_channel.send(m_request);
    if (!m_reply) {
        end(fail(m_channel.poison().value_or(
            Error{Error::Code::Network,
                  QCoreApplication::translate("transport", "The connection was closed meanwhile. Try again."),
                  {},
                  true})));
        return;
    }
    m_reply->setReadBufferSize(256 << 10);
    connect(m_reply, &QNetworkReply::sslErrors, this, [this] { m_wrongPeer = true; });
    connect(m_reply, &QNetworkReply::metaDataChanged, this, &Exchange::checkHead);
    connect(m_reply, &QNetworkReply::readyRead, this, &Exchange::take);
    connect(m_reply, &QNetworkReply::finished, this, &Exchange::complete);
}

void Exchange::checkHead()
{
    m_status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    m_requestId = m_reply->rawHeader("X-Request-Id").left(128);
    bool known = false;
    const qint64 announced = m_reply->rawHeader("Content-Length").toLongLong(&known);
    if (known && announced > m_request.limit)
        stop(tooLarge(m_request));
}

void Exchange::take()
{
    if (m_ended || !m_reply->isOpen()) // an aborted reply is closed before it has finished
        return;
    const QByteArray piece = m_reply->readAll();
    m_bytes += piece.size();
    if (m_bytes > m_request.limit) {
        stop(tooLarge(m_request));
        return;
    }
    if (m_request.sink && isSuccess(m_status))
        m_request.sink(piece);
    else
        m_body += piece;
}

void Exchange::complete()
{
    if (m_ended)
        return;
    take();
    if (m_ended)
        return;
    const auto code = m_reply->error();
    // Qt reports statuses from 400 on as errors of 201 and above; below that the connection itself failed.
    const bool broken = code != QNetworkReply::NoError && code < QNetworkReply::ContentAccessDenied;
    const bool unreadable = code == QNetworkReply::ProtocolFailure || code == QNetworkReply::ProtocolUnknownError;
    if (m_channel.poison()) {
        end(fail(*m_channel.poison()));
        return;
    }
    if (m_status == 0 || broken || unreadable) {
        end(fail(networkErrorOf(code, m_reply->errorString(), m_wrongPeer, m_request.url)));
        return;
    }
    HttpResponse response;
    response.status = m_status;
    response.body = std::move(m_body);
    response.contentType = mediaTypeOf(*m_reply);
    response.took = Milliseconds(m_elapsed.elapsed());
    const auto headers = m_reply->rawHeaderPairs();
    for (const auto &[name, value] : headers)
        response.headers.insert(name.toLower(), value);
    if (auto error = errorOf(m_request, response))
        end(fail(std::move(*error)));
    else
        end(std::move(response));
}

void Exchange::stop(const Error &why)
{
    end(fail(why));
}

void Exchange::end(Result<HttpResponse> outcome)
{
    if (std::exchange(m_ended, true))
        return;
    m_took = Milliseconds(m_elapsed.isValid() ? m_elapsed.elapsed() : 0);
    m_deadline.stop();
    m_slow.stop();
    if (m_reply) {
        m_reply->disconnect(this);
        if (m_reply->isRunning())
            m_reply->abort();
        m_reply->deleteLater();
        m_reply = nullptr;
    }
    Q_EMIT done(outcome);
}

} // namespace parapet::transport
