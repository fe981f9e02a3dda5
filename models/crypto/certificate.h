// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/instant.h"
#include "models/crypto/key.h"

#include <QtCore/QStringList>
#include <QtCore/QVector>

struct x509_st;

namespace parapet::crypto {

/// An X.509 certificate (RFC 5280). Cheap to copy. Its texts come from outside: draw them as Untrusted.
class Certificate
{
public:
    /// The first certificate of PEM text; Invalid when there is none.
    static Result<Certificate> fromPem(QByteArrayView pem);
    static Result<Certificate> fromDer(QByteArrayView der);
    /// All certificates of PEM text, in its order; other blocks are passed over. At least one.
    static Result<QVector<Certificate>> allFromPem(QByteArrayView pem);

    QByteArray toDer() const;
    QByteArray toPem() const;

    QString commonName() const;
    QStringList uriNames() const; ///< subject alternative names: URI
    QStringList dnsNames() const;
    QStringList ipNames() const; ///< "127.0.0.1", "::1"
    QString serialHex() const;
    Instant notBefore() const;
    Instant notAfter() const;
    bool isValidAt(Instant at) const { return at >= notBefore() && at <= notAfter(); }
    bool isAuthority() const;

    /// SHA-256 of the DER, lower-case hex.
    QString fingerprint() const;
    /// SHA-256 of the SubjectPublicKeyInfo, lower-case hex.
    QString keyFingerprint() const;
    Result<PublicKey> publicKey() const;

    /// The identifier in a URI name "parapet://principal/ID"; empty when there is none, or more than one.
    QString principal() const;

    /// True when `issuer` is an authority, named as the issuer, whose key signed this certificate.
    bool isIssuedBy(const Certificate &issuer) const;

    bool operator==(const Certificate &other) const { return toDer() == other.toDer(); }
    x509_st *native() const { return m_x509.get(); }

private:
    friend class CertificateAuthority;
    explicit Certificate(std::shared_ptr<x509_st> x509) : m_x509(std::move(x509)) {}
    std::shared_ptr<x509_st> m_x509;
};

/// Checks that `leaf` chains to `trusted` at `at` through `between` (RFC 5280 §6), for signing documents and for
/// clients alike: validity, signatures, basic constraints. Tls with what failed.
Status verifyChain(const Certificate &leaf, const QVector<Certificate> &between, const Certificate &trusted,
                   Instant at);

/// A certificate together with its key, as one PEM file: what `curl --cert` and a connection profile take.
struct Identity {
    Certificate certificate;
    PrivateKey key;
    QVector<Certificate> chain; ///< issuers that came with it, nearest first; without the leaf

    /// Reads certificate(s) and key from PEM; Invalid when they do not belong together.
    static Result<Identity> fromPem(QByteArrayView pem, const QByteArray &passphrase = {});
    /// Reads a file. Forbidden when others than its owner can read it.
    static Result<Identity> load(const QString &path, const QByteArray &passphrase = {});
    QByteArray toPem(const QByteArray &passphrase = {}) const;
    /// Mode 0600, whole or not at all.
    Status save(const QString &path, const QByteArray &passphrase = {}) const;
};

/// How long an issued certificate is valid: from five minutes before the clock (peers' clocks differ) for `lifetime`.
struct Validity {
    const Clock &clock = Clock::system();
    std::chrono::hours lifetime{24 * 365};
};

/// A small certificate authority: ECDSA P-256, path length 0.
class CertificateAuthority
{
public:
    /// A new self-signed authority, valid for ten years.
    static CertificateAuthority create(const QString &commonName, const Clock &clock = Clock::system());
    /// From what toPem() of the identity gave. Invalid when the certificate is no authority.
    static Result<CertificateAuthority> fromIdentity(Identity identity);

    const Certificate &certificate() const { return m_identity.certificate; }
    const Identity &identity() const { return m_identity; }

    /// A new ECDSA P-256 key with a certificate for TLS servers. `hosts`: IP addresses and DNS names.
    Identity issueServer(const QString &commonName, const QStringList &hosts, const Validity &validity) const;
    /// A new key with a client certificate for "parapet://principal/`principal`".
    Identity issueClient(const QString &principal, const QString &commonName, const Validity &validity,
                         KeyKind kind = KeyKind::EcdsaP256) const;
    /// A certificate for a key that stays where it is.
    Certificate issueClientFor(const PublicKey &key, const QString &principal, const QString &commonName,
                               const Validity &validity) const;

private:
    explicit CertificateAuthority(Identity identity) : m_identity(std::move(identity)) {}
    Identity m_identity;
};

} // namespace parapet::crypto
