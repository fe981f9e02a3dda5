// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"
#include "models/crypto/privatefile.h"

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayView>

#include <memory>

struct evp_pkey_st;

namespace parapet::crypto {

/// Ed25519 (RFC 8032, pure) or ECDSA on P-256 with SHA-256 (FIPS 186-4; signatures in DER).
enum class KeyKind { Ed25519, EcdsaP256 };

/// The public half of a signing key. Cheap to copy; the same key may be used from several threads.
class PublicKey
{
public:
    /// From SubjectPublicKeyInfo in DER or PEM ("PUBLIC KEY"). Invalid for other kinds of keys and other curves.
    static Result<PublicKey> fromDer(QByteArrayView spki);
    static Result<PublicKey> fromPem(QByteArrayView pem);
    /// From the 32 bytes of an Ed25519 key (RFC 8032 §5.1.5).
    static Result<PublicKey> fromRawEd25519(QByteArrayView bytes);

    KeyKind kind() const { return m_kind; }
    /// SubjectPublicKeyInfo (RFC 5280 §4.1.2.7) in DER.
    QByteArray toDer() const;
    QByteArray toPem() const;
    /// The 32 bytes of an Ed25519 key; empty for ECDSA.
    QByteArray rawEd25519() const;

    /// SHA-256 of toDer(), lower-case hex: how keys are pinned and named everywhere.
    QString fingerprint() const;
    /// "sha256:" and fingerprint(): the keyid of our DSSE signatures.
    QString keyId() const;

    /// True only for this key's signature over exactly `message`.
    bool verify(QByteArrayView message, QByteArrayView signature) const;

    bool operator==(const PublicKey &other) const;
    evp_pkey_st *native() const { return m_key.get(); }

private:
    friend class PrivateKey;
    friend class Certificate;
    PublicKey(std::shared_ptr<evp_pkey_st> key, KeyKind kind) : m_key(std::move(key)), m_kind(kind) {}
    static Result<PublicKey> adopt(evp_pkey_st *key);

    std::shared_ptr<evp_pkey_st> m_key;
    KeyKind m_kind;
};

/// A private signing key in memory. Copies share it; OpenSSL wipes it with the last one.
class PrivateKey
{
public:
    static PrivateKey generate(KeyKind kind);

    /// PKCS#8 in PEM, the first private key of the text. An encrypted key needs its passphrase: Unauthorized when it is
    /// missing or wrong, Invalid when the text holds no key of a kind that we use.
    static Result<PrivateKey> fromPem(QByteArrayView pem, const QByteArray &passphrase = {});
    /// From the 32 bytes of an Ed25519 seed (RFC 8032 §5.1.5): for published vectors.
    static Result<PrivateKey> fromRawEd25519(QByteArrayView seed);

    /// PKCS#8 in PEM; with a passphrase encrypted by PBES2: scrypt (N 2^14, r 8, p 5; RFC 7914) and AES-256-CBC.
    QByteArray toPem(const QByteArray &passphrase = {}) const;

    /// Reads fromPem() of a file. Forbidden when the file can be read by others than its owner.
    static Result<PrivateKey> load(const QString &path, const QByteArray &passphrase = {});
    /// Writes toPem() as writePrivateFile().
    Status save(const QString &path, const QByteArray &passphrase = {}) const;

    /// The 32-byte seed of an Ed25519 key; empty for ECDSA.
    QByteArray rawEd25519() const;

    KeyKind kind() const { return m_public.kind(); }
    const PublicKey &publicKey() const { return m_public; }
    QString keyId() const { return m_public.keyId(); }

    /// Ed25519: 64 bytes. ECDSA: DER, at most 72 bytes, another one each time.
    QByteArray sign(QByteArrayView message) const;

    evp_pkey_st *native() const { return m_public.native(); }

private:
    explicit PrivateKey(PublicKey key) : m_public(std::move(key)) {}
    PublicKey m_public; ///< OpenSSL's object holds both halves
};

/// True when PEM text holds a private key that needs a passphrase.
bool isEncryptedPem(QByteArrayView pem);

} // namespace parapet::crypto
