// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/transport/tlsidentity.h"

#include "models/crypto/random.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>
#include <QtCore/QScopeGuard>

namespace parapet::transport {

namespace {

constexpr qint64 identityFileLimit = 64 << 10;

QSslCertificate toQt(const crypto::Certificate &certificate)
{
    return QSslCertificate(certificate.toDer(), QSsl::Der);
}

} // namespace

QString TlsIdentity::name() const
{
    return certificates.isEmpty() ? QString() : certificates.first().subjectInfo(QSslCertificate::CommonName).value(0);
}

bool needsPassphrase(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) && crypto::isEncryptedPem(file.read(identityFileLimit));
}

Result<TlsIdentity> toTls(const crypto::Identity &identity, Instant now)
{
    if (!identity.certificate.isValidAt(now))
        return fail(Error::Code::Invalid,
                    QCoreApplication::translate(
                        "transport",
                        "The identity is valid from %1 to %2 only. Ask for a new one, or correct this machine's clock.")
                        .arg(toRfc3339(identity.certificate.notBefore()), toRfc3339(identity.certificate.notAfter())));
    TlsIdentity tls;
    tls.certificates.append(toQt(identity.certificate));
    for (const crypto::Certificate &issuer : identity.chain)
        tls.certificates.append(toQt(issuer));
    QByteArray pem = identity.key.toPem();
    tls.key = QSslKey(pem, QSsl::Ec);
    crypto::wipe(pem);
    if (tls.key.isNull())
        return fail(
            Error::Code::Invalid,
            QCoreApplication::translate(
                "transport",
                "The identity's key is of a kind that TLS cannot use here. Ask for one with an ECDSA P-256 key."));
    return tls;
}

Result<TlsIdentity> loadTlsIdentity(const QString &path, const QByteArray &passphrase, Instant now)
{
    const auto identity = crypto::Identity::load(path, passphrase);
    if (!identity)
        return fail(identity.error());
    return toTls(*identity, now);
}

} // namespace parapet::transport
