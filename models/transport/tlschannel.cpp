// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/transport/tlschannel.h"

#include "models/transport/networkerror.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QPointer>
#include <QtNetwork/QNetworkCookie>
#include <QtNetwork/QNetworkCookieJar>
#include <QtNetwork/QNetworkProxy>

namespace parapet::transport {

using namespace Qt::StringLiterals;

namespace {

/// Neither keeps nor sends a cookie.
class NoCookies final : public QNetworkCookieJar
{
public:
    using QNetworkCookieJar::QNetworkCookieJar;
    QList<QNetworkCookie> cookiesForUrl(const QUrl &) const override { return {}; }
    bool setCookiesFromUrl(const QList<QNetworkCookie> &, const QUrl &) override { return false; }
};

constexpr char wrongPeerProperty[] = "parapetWrongPeer";

} // namespace

TlsChannel::TlsChannel(Trust trust, std::optional<TlsIdentity> identity, QObject *parent)
    : QObject(parent),
      m_check([trust](const QSslConfiguration &session) { return checkPeer(session, trust); }),
      m_configuration(tlsConfiguration(trust))
{
    if (identity) {
        m_configuration.setLocalCertificateChain(identity->certificates);
        m_configuration.setPrivateKey(identity->key);
    }
    m_manager.setProxy(QNetworkProxy::NoProxy);
    m_manager.setCookieJar(new NoCookies);
    m_manager.setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
    m_manager.setStrictTransportSecurityEnabled(false);
    m_manager.setAutoDeleteReplies(false);
}

QString TlsChannel::originOf(const QUrl &url)
{
    return u"%1:%2"_s.arg(url.host(QUrl::FullyEncoded)).arg(url.port(443));
}

QNetworkRequest TlsChannel::prepare(const QUrl &url, Milliseconds silence) const
{
    QNetworkRequest request(url);
    request.setSslConfiguration(m_configuration);
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    request.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    request.setAttribute(QNetworkRequest::HttpPipeliningAllowedAttribute, false);
    request.setTransferTimeout(int(silence.count()));
    return request;
}

void TlsChannel::verify(const QUrl &url, Milliseconds silence, QObject *context, Verified done)
{
    if (m_poison) {
        done(fail(*m_poison));
        return;
    }
    if (url.scheme() != u"https"_s || url.host().isEmpty()) {
        done(fail(Error::Code::Invalid,
                  QCoreApplication::translate("transport",
                                              "The address %1 is not an https address. Correct it in the profile.")
                      .arg(url.toDisplayString())));
        return;
    }
    const QString origin = originOf(url);
    Origin &entry = m_origins[origin];
    if (entry.verified) {
        done({});
        return;
    }
    entry.waiting.push_back({context, std::move(done)});
    if (entry.waiting.size() == 1)
        connectTo(origin, url, silence);
}

void TlsChannel::connectTo(const QString &origin, const QUrl &url, Milliseconds silence)
{
    // The scheme by which QNetworkAccessManager::connectToHostEncrypted() makes a connection without a request; used
    // directly because only so the reply, and with it the error, can be had.
    QUrl target;
    target.setScheme(u"preconnect-https"_s);
    target.setHost(url.host());
    target.setPort(url.port(443));
    QNetworkReply *reply = m_manager.get(prepare(target, silence));
    reply->setParent(this);
    attend(reply);
    connect(reply, &QNetworkReply::finished, this, [this, reply, origin, url] {
        reply->deleteLater();
        if (m_poison)
            settle(origin, fail(*m_poison));
        else if (reply->error() != QNetworkReply::NoError) {
            // Qt lets the next request wait for the same half-made connection, even one that will never be whole.
            // (Clearing ends the manager's thread, and with it whatever else is under way.)
            if (m_open == 0)
                m_manager.clearConnectionCache();
            settle(origin, fail(networkErrorOf(reply->error(), reply->errorString(),
                                               reply->property(wrongPeerProperty).toBool(), url)));
        } else
            settle(origin, {});
    });
}

void TlsChannel::attend(QNetworkReply *reply)
{
    connect(reply, &QNetworkReply::sslErrors, this,
            [reply](const QList<QSslError> &) { reply->setProperty(wrongPeerProperty, true); });
    connect(reply, &QNetworkReply::encrypted, this, [this, reply] {
        if (const Status peer = m_check(reply->sslConfiguration()); !peer)
            poisonWith(peer.error());
    });
    connect(this, &TlsChannel::poisoned, reply, &QNetworkReply::abort);
    ++m_open;
    connect(reply, &QNetworkReply::finished, this, [this] { --m_open; });
}

void TlsChannel::settle(const QString &origin, const Status &status)
{
    auto waiting = std::exchange(m_origins[origin].waiting, {});
    m_origins[origin].verified = status.has_value();
    for (const Waiting &one : waiting) {
        if (one.context)
            one.done(status);
    }
}

QNetworkReply *TlsChannel::send(const HttpRequest &request)
{
    if (m_poison || !m_origins.value(originOf(request.url)).verified)
        return nullptr;
    QNetworkRequest prepared = prepare(request.url, request.silence);
    prepared.setRawHeader("Accept", request.accept == "application/json"
                                        ? QByteArray("application/json, application/problem+json")
                                        : request.accept);
    prepared.setRawHeader("Accept-Encoding", "identity"); // nothing is unpacked, so nothing can explode
    prepared.setRawHeader("User-Agent", "parapet/" PARAPET_VERSION);
    prepared.setRawHeader("Accept-Language", "en");
    if (!request.authorization.isEmpty())
        prepared.setRawHeader("Authorization", request.authorization);
    if (!request.body.isEmpty())
        prepared.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    for (const auto &[name, value] : request.headers)
        prepared.setRawHeader(name, value);
    QNetworkReply *reply = request.method == "GET" ? m_manager.get(prepared)
                           : request.method == "POST"
                               ? m_manager.post(prepared, request.body)
                               : m_manager.sendCustomRequest(prepared, request.method, request.body);
    attend(reply);
    return reply;
}

void TlsChannel::forgetOrigins()
{
    for (Origin &origin : m_origins)
        origin.verified = false;
}

void TlsChannel::poisonWith(const Error &why)
{
    if (m_poison)
        return;
    m_poison = why;
    Q_EMIT poisoned(why);
    const auto origins = m_origins.keys();
    for (const QString &origin : origins)
        settle(origin, fail(why));
}

} // namespace parapet::transport
