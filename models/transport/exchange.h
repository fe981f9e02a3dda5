// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/transport/tlschannel.h"

#include <QtCore/QElapsedTimer>
#include <QtCore/QTimer>

namespace parapet::transport {

/// One request and its answer, bounded in time and size. Internal to HttpClient.
class Exchange : public QObject
{
    Q_OBJECT

public:
    Exchange(TlsChannel &channel, HttpRequest request, QObject *parent);
    ~Exchange() override;

    void start();
    /// Ends it with `why`; done() is emitted before it returns, unless it was already.
    void stop(const Error &why);

    const HttpRequest &request() const { return m_request; }
    qint64 bytes() const { return m_bytes; }
    /// Of the answer's head, also when the answer is an error; 0 before it came.
    int status() const { return m_status; }
    Milliseconds took() const { return m_took; }
    const QByteArray &requestId() const { return m_requestId; }

Q_SIGNALS:
    /// Once. The outcome may be moved from.
    void done(parapet::Result<parapet::transport::HttpResponse> &outcome);
    void waitingLong();

private:
    void send();
    void checkHead();
    void take();
    void complete();
    void end(Result<HttpResponse> outcome);
    bool isSuccess(int status) const { return status >= 200 && status < 300; }

    TlsChannel &m_channel;
    HttpRequest m_request;
    QNetworkReply *m_reply = nullptr;
    QElapsedTimer m_elapsed;
    QTimer m_deadline;
    QTimer m_slow;
    QByteArray m_body;
    QByteArray m_requestId;
    qint64 m_bytes = 0;
    int m_status = 0;
    Milliseconds m_took{};
    bool m_wrongPeer = false;
    bool m_ended = false;
};

} // namespace parapet::transport
