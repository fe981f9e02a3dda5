// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/transport/trust.h"

#include "models/crypto/certificate.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QCryptographicHash>
#include <QtCore/QFile>
#include <QtNetwork/QSslSocket>

namespace parapet::transport {

using namespace Qt::StringLiterals;

namespace {

QString trustText(const char *text)
{
    return QCoreApplication::translate("transport", text);
}

QByteArray fingerprintOf(const QSslCertificate &certificate)
{
    return certificate.digest(QCryptographicHash::Sha256);
}

bool isSignedBy(const QSslCertificate &certificate, const QSslCertificate &authority)
{
    const auto subject = crypto::Certificate::fromDer(certificate.toDer());
    const auto issuer = crypto::Certificate::fromDer(authority.toDer());
    return subject && issuer && subject->isIssuedBy(*issuer);
}

} // namespace

Result<Trust> loadTrust(const QString &caPath, const QString &caSha256)
{
    Trust trust;
    trust.pin = QByteArray::fromHex(caSha256.toLatin1());
    if (trust.pin.size() != 32)
        return fail(
            Error::Code::Invalid,
            trustText(QT_TRANSLATE_NOOP(
                "transport", "The profile has no fingerprint of its certificate authority. Confirm one first.")));
    QFile file(caPath);
    if (!file.open(QIODevice::ReadOnly))
        return fail(
            Error::Code::Storage,
            trustText(QT_TRANSLATE_NOOP("transport", "The certificate of the authority, %1, cannot be read: %2."))
                .arg(caPath, file.errorString()));
    const auto certificates = QSslCertificate::fromData(file.read(64 << 10), QSsl::Pem);
    if (certificates.isEmpty())
        return fail(Error::Code::Invalid,
                    trustText(QT_TRANSLATE_NOOP("transport",
                                                "The file %1 holds no certificate. Choose the authority's PEM file."))
                        .arg(caPath));
    trust.authority = certificates.first();
    const QByteArray found = fingerprintOf(trust.authority);
    if (found != trust.pin)
        return fail(
            Error::Code::Tls,
            trustText(QT_TRANSLATE_NOOP(
                "transport",
                "The certificate authority has changed: it is not the one whose fingerprint was confirmed. "
                "Nothing was sent. Ask the system's owner before you confirm the new one.")),
            u"pinned %1, found %2"_s.arg(QString::fromLatin1(trust.pin.toHex()), QString::fromLatin1(found.toHex())));
    return trust;
}

QSslConfiguration tlsConfiguration(const Trust &trust)
{
    QSslConfiguration configuration; // not the default one: that carries the system's authorities
    // An authority that is not the pinned one is no authority: the handshake then fails before a byte of a request.
    if (trust.ofThisMachine)
        configuration.setCaCertificates(QSslConfiguration::systemCaCertificates());
    else if (fingerprintOf(trust.authority) == trust.pin)
        configuration.setCaCertificates({trust.authority});
    configuration.setProtocol(QSsl::TlsV1_3OrLater);
    configuration.setPeerVerifyMode(QSslSocket::VerifyPeer);
    configuration.setAllowedNextProtocols({QByteArray(QSslConfiguration::NextProtocolHttp1_1)});
    configuration.setSslOption(QSsl::SslOptionDisableCompression, true);
    return configuration;
}

Status checkPeer(const QSslConfiguration &session, const Trust &trust)
{
    const auto chain = session.peerCertificateChain();
    if (trust.ofThisMachine && !chain.isEmpty() && session.sessionProtocol() == QSsl::TlsV1_3)
        return {}; // by the handshake itself
    const bool pinned = fingerprintOf(trust.authority) == trust.pin;
    const bool signedHere = std::any_of(chain.cbegin(), chain.cend(), [&trust](const QSslCertificate &link) {
        return isSignedBy(link, trust.authority);
    });
    if (pinned && signedHere && session.sessionProtocol() == QSsl::TlsV1_3)
        return {};
    return fail(
        Error::Code::Tls,
        trustText(QT_TRANSLATE_NOOP(
            "transport",
            "The server is not signed by the certificate authority that was confirmed. Nothing more is sent to it. "
            "Ask the system's owner before you confirm another one.")),
        u"peer certificate %1"_s.arg(chain.isEmpty() ? u"missing"_s
                                                     : QString::fromLatin1(fingerprintOf(chain.first()).toHex())));
}

} // namespace parapet::transport
