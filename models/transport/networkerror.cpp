// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/transport/networkerror.h"

#include <QtCore/QCoreApplication>

namespace parapet::transport {

using namespace Qt::StringLiterals;

namespace {

QString networkText(const char *text)
{
    return QCoreApplication::translate("transport", text);
}

/// The only sign of it: TLS 1.3 tells a client that it was refused by an alert after the handshake (RFC 8446 §4.4.2.4,
/// §6.2).
bool isRefusedIdentity(const QString &text)
{
    const QStringList alerts{u"certificate required"_s, u"bad certificate"_s,     u"unknown ca"_s,
                             u"certificate expired"_s,  u"certificate revoked"_s, u"access denied"_s};
    return std::any_of(alerts.cbegin(), alerts.cend(),
                       [&text](const QString &alert) { return text.contains(u"alert "_s + alert); });
}

/// For failures that pass: %1 is the peer.
QString passingFailure(QNetworkReply::NetworkError code)
{
    switch (code) {
    case QNetworkReply::ConnectionRefusedError:
        return networkText(QT_TRANSLATE_NOOP("transport", "Nothing answers at %1. Check that the system runs."));
    case QNetworkReply::HostNotFoundError:
        return networkText(
            QT_TRANSLATE_NOOP("transport", "The name %1 is not known. Check the address in the profile."));
    case QNetworkReply::OperationCanceledError:
    case QNetworkReply::TimeoutError:
        return networkText(QT_TRANSLATE_NOOP("transport", "%1 did not answer in time."));
    case QNetworkReply::RemoteHostClosedError:
        return networkText(QT_TRANSLATE_NOOP("transport", "%1 closed the connection before its answer was whole."));
    case QNetworkReply::SslHandshakeFailedError:
        return networkText(QT_TRANSLATE_NOOP("transport", "%1 made no secure connection (TLS 1.3 is required)."));
    default:
        return networkText(QT_TRANSLATE_NOOP("transport", "The connection to %1 failed."));
    }
}

} // namespace

Error networkErrorOf(QNetworkReply::NetworkError code, const QString &text, bool verificationFailed, const QUrl &url)
{
    const QString peer = url.authority(QUrl::FullyEncoded);
    const QString detail = u"%1 (%2)"_s.arg(text).arg(int(code));
    if (verificationFailed)
        return {
            Error::Code::Tls,
            networkText(QT_TRANSLATE_NOOP("transport", "%1 is not who it must be: the certificate authority that was "
                                                       "confirmed does not vouch for it. Nothing was sent. Ask the "
                                                       "system's owner what changed."))
                .arg(peer),
            detail, false};
    if (isRefusedIdentity(text))
        return {Error::Code::Unauthorized,
                networkText(QT_TRANSLATE_NOOP("transport", "%1 did not accept this identity. Check the profile's "
                                                           "identity file, or ask for a new identity."))
                    .arg(peer),
                detail, false};
    if (code == QNetworkReply::ProtocolFailure || code == QNetworkReply::ProtocolUnknownError ||
        code == QNetworkReply::ProtocolInvalidOperationError)
        return {Error::Code::Protocol,
                networkText(QT_TRANSLATE_NOOP("transport",
                                              "%1 does not speak HTTP as it should. Check the address in the profile."))
                    .arg(peer),
                detail, false};
    return {Error::Code::Network,
            passingFailure(code).arg(peer) + u' ' +
                networkText(QT_TRANSLATE_NOOP("transport", "The console tries again by itself.")),
            detail, true};
}

} // namespace parapet::transport
