// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"
#include "models/transport/httpmessage.h"
#include "models/transport/tlsidentity.h"
#include "models/transport/trust.h"

#include <QtCore/QHash>
#include <QtCore/QObject>
#include <QtCore/QPointer>
#include <QtNetwork/QNetworkAccessManager>
#include <QtNetwork/QNetworkReply>

#include <functional>
#include <optional>
#include <vector>

namespace parapet::transport {

/// One network access manager that speaks to peers of one authority with one identity. No proxy, no cookies, no cache,
/// no redirects, HTTP/1.1, TLS 1.3.
///
/// An origin gets its first request only after a connection to it was made, encrypted and checked (checkPeer) without a
/// byte of HTTP. A check that fails poisons the channel: what runs is aborted, what waits fails, and nothing is sent
/// any more. (Aborting the one reply is not enough: Qt keeps the connection pooled and sends later requests on it.)
class TlsChannel : public QObject
{
    Q_OBJECT

public:
    TlsChannel(Trust trust, std::optional<TlsIdentity> identity, QObject *parent = nullptr);

    /// What a peer must satisfy after each handshake; checkPeer() with the channel's trust unless another one is set.
    using PeerCheck = std::function<Status(const QSslConfiguration &session)>;
    void setPeerCheck(PeerCheck check) { m_check = std::move(check); }

    using Verified = std::function<void(const Status &)>;
    /// Calls back, at once or later, when the origin of `url` may be spoken to, or why it may not. Not called when
    /// `context` dies.
    void verify(const QUrl &url, Milliseconds silence, QObject *context, Verified done);

    /// Sends it; only after verify() said yes. The caller owns the reply. Poisoned: null.
    QNetworkReply *send(const HttpRequest &request);

    /// Why nothing is sent any more.
    const std::optional<Error> &poison() const { return m_poison; }
    /// Verifies every origin anew before its next request: its server may be another process now.
    void forgetOrigins();

Q_SIGNALS:
    void poisoned(const parapet::Error &why);

private:
    struct Waiting {
        QPointer<QObject> context;
        Verified done;
    };
    struct Origin {
        bool verified = false;
        std::vector<Waiting> waiting;
    };
    static QString originOf(const QUrl &url);
    QNetworkRequest prepare(const QUrl &url, Milliseconds silence) const;
    void connectTo(const QString &origin, const QUrl &url, Milliseconds silence);
    void settle(const QString &origin, const Status &status);
    void attend(QNetworkReply *reply);
    void poisonWith(const Error &why);

    PeerCheck m_check;
    QSslConfiguration m_configuration;
    QNetworkAccessManager m_manager;
    QHash<QString, Origin> m_origins;
    int m_open = 0; ///< replies under way
    std::optional<Error> m_poison;
};

} // namespace parapet::transport
