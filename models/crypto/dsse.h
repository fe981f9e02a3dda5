// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"
#include "models/crypto/certificate.h"

#include <QtCore/QJsonObject>

namespace parapet::crypto {

/// Strict base64 (RFC 4648 §4 with padding, no white space, no stray bits). Invalid otherwise.
Result<QByteArray> fromBase64Strict(QByteArrayView text);

/// The DSSE v1 pre-authentication encoding: what is signed.
/// "DSSEv1" SP len(type) SP type SP len(payload) SP payload, lengths in decimal bytes.
QByteArray dssePreAuthEncoding(QByteArrayView payloadType, QByteArrayView payload);

/// A Dead Simple Signing Envelope, DSSE v1 (github.com/secure-systems-lab/dsse).
struct Envelope {
    struct Signature {
        QString keyId;
        QByteArray sig;
        QVector<Certificate> certificates; ///< our extension member "x5c": signer first, DER in base64; may be empty
    };
    QString payloadType;
    QByteArray payload;
    QVector<Signature> signatures;

    static Envelope sign(const QString &payloadType, const QByteArray &payload, const PrivateKey &key,
                         const QVector<Certificate> &certificates = {});

    /// True when some signature of this envelope is `key`'s.
    bool isSignedBy(const PublicKey &key) const;

    QJsonObject toJson() const;
    /// Canonical JSON (RFC 8785) of toJson().
    QByteArray toBytes() const;
    /// Strict: no unknown members, at least one and at most 16 signatures, strict base64. Invalid with what is wrong.
    static Result<Envelope> fromJson(const QJsonObject &object);
    static Result<Envelope> fromBytes(QByteArrayView text, qsizetype limit = 64 << 20);
};

} // namespace parapet::crypto
