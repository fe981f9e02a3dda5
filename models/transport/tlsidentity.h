// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/instant.h"
#include "models/core/result.h"
#include "models/crypto/certificate.h"

#include <QtCore/QList>
#include <QtNetwork/QSslCertificate>
#include <QtNetwork/QSslKey>

namespace parapet::transport {

/// Who we are towards a system, in the form that the handshake takes: a certificate with its issuers, and the private
/// key.
struct TlsIdentity {
    QList<QSslCertificate> certificates; ///< the own one first
    QSslKey key;

    /// The certificate's common name: a claim, for people.
    QString name() const;
};

/// Invalid when the key is not ECDSA P-256 (Qt's TLS takes no Ed25519 key) or the certificate is not valid at `now`.
Result<TlsIdentity> toTls(const crypto::Identity &identity, Instant now = Clock::system().now());

/// True when the PEM file's private key needs a passphrase. False for a file that cannot be read: loading it says why.
bool needsPassphrase(const QString &path);

/// Reads one PEM file with certificate and private key.
/// Errors: Forbidden, others than its owner can read it; Unauthorized, the passphrase is missing or wrong; else as
/// toTls().
Result<TlsIdentity> loadTlsIdentity(const QString &path, const QByteArray &passphrase = {},
                                    Instant now = Clock::system().now());

} // namespace parapet::transport
