// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/crypto/certificate.h"
#include "models/crypto/random.h"

#include <QtCore/QCoreApplication>

namespace parapet::crypto {

Result<Identity> Identity::fromPem(QByteArrayView pem, const QByteArray &passphrase)
{
    const Result<QVector<Certificate>> certificates = Certificate::allFromPem(pem);
    if (!certificates)
        return fail(certificates.error());
    Result<PrivateKey> key = PrivateKey::fromPem(pem, passphrase);
    if (!key)
        return fail(key.error());
    const Result<PublicKey> certified = certificates->first().publicKey();
    if (!certified || !(*certified == key->publicKey())) {
        return fail(
            Error::Code::Invalid,
            QCoreApplication::translate(
                "Identity", "Certificate and private key of this file do not belong together. Choose another file."));
    }
    return Identity{certificates->first(), *std::move(key), certificates->mid(1)};
}

Result<Identity> Identity::load(const QString &path, const QByteArray &passphrase)
{
    Result<QByteArray> pem = readPrivateFile(path);
    if (!pem)
        return fail(pem.error());
    Result<Identity> identity = fromPem(*pem, passphrase);
    wipe(*pem);
    if (!identity)
        identity.error().message = QStringLiteral(u"%1: %2").arg(path, identity.error().message);
    return identity;
}

QByteArray Identity::toPem(const QByteArray &passphrase) const
{
    QByteArray pem = certificate.toPem();
    for (const Certificate &issuer : chain)
        pem += issuer.toPem();
    return pem + key.toPem(passphrase);
}

Status Identity::save(const QString &path, const QByteArray &passphrase) const
{
    QByteArray pem = toPem(passphrase);
    Status written = writePrivateFile(path, pem);
    wipe(pem);
    return written;
}

} // namespace parapet::crypto
