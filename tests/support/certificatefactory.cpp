// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/certificatefactory.h"

#include <QtCore/QFile>
#include <QtNetwork/QSslKey>
#include <QtNetwork/QSslSocket>

namespace parapet::support {

using namespace Qt::StringLiterals;

CertificateFactory::CertificateFactory(const QString &name, const Clock &clock)
    : m_clock(clock), m_authority(crypto::CertificateAuthority::create(name, clock))
{
    QFile file(caPath());
    if (!file.open(QIODevice::WriteOnly) || file.write(m_authority.certificate().toPem()) < 0)
        qFatal("cannot write the test's authority");
}

transport::Trust CertificateFactory::trust() const
{
    return {QSslCertificate(m_authority.certificate().toDer(), QSsl::Der), QByteArray::fromHex(caSha256().toLatin1())};
}

crypto::Identity CertificateFactory::client(const QString &principal) const
{
    return m_authority.issueClient(principal, principal, {m_clock});
}

transport::TlsIdentity CertificateFactory::tlsClient(const QString &principal) const
{
    return transport::toTls(client(principal), m_clock.now()).value();
}

QString CertificateFactory::clientFile(const QString &principal, const QByteArray &passphrase) const
{
    const QString path = m_folder.filePath(principal + u".pem"_s);
    if (!client(principal).save(path, passphrase))
        qFatal("cannot write the test's identity");
    return path;
}

QSslConfiguration CertificateFactory::server(const QStringList &hosts) const
{
    const crypto::Identity identity = m_authority.issueServer(u"test server"_s, hosts, {m_clock});
    const QSslCertificate authority(m_authority.certificate().toDer(), QSsl::Der);
    QSslConfiguration configuration;
    configuration.setLocalCertificate(QSslCertificate(identity.certificate.toDer(), QSsl::Der));
    configuration.setPrivateKey(QSslKey(identity.key.toPem(), QSsl::Ec));
    configuration.setCaCertificates({authority});
    configuration.setProtocol(QSsl::TlsV1_3OrLater);
    configuration.setPeerVerifyMode(QSslSocket::VerifyPeer);
    return configuration;
}

} // namespace parapet::support
