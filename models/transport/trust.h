// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"

#include <QtCore/QByteArray>
#include <QtNetwork/QSslCertificate>
#include <QtNetwork/QSslConfiguration>

namespace parapet::transport {

/// Whom we believe: one certificate authority and the fingerprint that the operator confirmed.
struct Trust {
    QSslCertificate authority;
    QByteArray pin; ///< SHA-256 of the authority's DER form, 32 bytes
    bool ofThisMachine = false; ///< instead of these two: the authorities of the system, for what is public and signed by itself
};

/// Reads the authority's PEM file and compares it with the pin (64 hex digits).
/// Errors: Storage, unreadable; Invalid, no certificate or no pin; Tls, another authority than the one that was
/// confirmed.
Result<Trust> loadTrust(const QString &caPath, const QString &caSha256);

/// What a handshake must hold to: TLS 1.3, only this authority, the peer verified, HTTP/1.1 only.
QSslConfiguration tlsConfiguration(const Trust &trust);

/// After the handshake, and besides it: the authority is the pinned one, and it, nobody else, signed the peer's chain.
Status checkPeer(const QSslConfiguration &session, const Trust &trust);

} // namespace parapet::transport
