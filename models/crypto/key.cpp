// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/crypto/key.h"

#include "models/crypto/digest.h"
#include "models/crypto/openssl.h"
#include "models/crypto/random.h"

#include <QtCore/QCoreApplication>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

namespace parapet::crypto {

namespace {

constexpr quint64 scryptCost = 1 << 14; // 16 MiB: OpenSSL refuses to read more than 32
constexpr quint64 scryptBlock = 8;
constexpr quint64 scryptParallel = 5;

struct KeyText {
    Q_DECLARE_TR_FUNCTIONS(Key)
};

Failure unusableKey()
{
    return fail(Error::Code::Invalid,
                KeyText::tr("This is no Ed25519 or ECDSA P-256 key in PEM. Choose another file."));
}

bool isP256(EVP_PKEY *key)
{
    char group[64] = "";
    size_t length = 0;
    return EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group, &length) == 1 &&
           qstrcmp(group, SN_X9_62_prime256v1) == 0;
}

int givePassphrase(char *buffer, int size, int /*writing*/, void *data)
{
    const auto *passphrase = static_cast<const QByteArray *>(data);
    if (passphrase->isEmpty() || passphrase->size() > size)
        return -1; // never asks on a terminal
    memcpy(buffer, passphrase->constData(), size_t(passphrase->size()));
    return int(passphrase->size());
}

QByteArray encryptedPkcs8(EVP_PKEY *key, const QByteArray &passphrase)
{
    const std::unique_ptr<PKCS8_PRIV_KEY_INFO, OpenSslFree<PKCS8_PRIV_KEY_INFO_free>> plain(EVP_PKEY2PKCS8(key));
    const QByteArray salt = randomBytes(16);
    X509_ALGOR *scheme = PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), bytesOf(salt), int(salt.size()), nullptr, scryptCost,
                                               scryptBlock, scryptParallel);
    mustSucceed(plain && scheme, "scrypt");
    const std::unique_ptr<X509_SIG, OpenSslFree<X509_SIG_free>> sealed(
        PKCS8_set0_pbe(passphrase.constData(), int(passphrase.size()), plain.get(), scheme)); // owns the scheme
    const BioPointer out = writeBio();
    mustSucceed(sealed && PEM_write_bio_PKCS8(out.get(), sealed.get()) == 1, "writing a key");
    return contentOf(out);
}

} // namespace

Result<PublicKey> PublicKey::adopt(evp_pkey_st *key)
{
    std::shared_ptr<evp_pkey_st> owned(key, EVP_PKEY_free);
    if (key && EVP_PKEY_is_a(key, "ED25519"))
        return PublicKey(std::move(owned), KeyKind::Ed25519);
    if (key && EVP_PKEY_is_a(key, "EC") && isP256(key))
        return PublicKey(std::move(owned), KeyKind::EcdsaP256);
    return unusableKey();
}

Result<PublicKey> PublicKey::fromDer(QByteArrayView spki)
{
    const QuietErrors quiet;
    const uchar *at = bytesOf(spki);
    PkeyPointer key(d2i_PUBKEY(nullptr, &at, long(spki.size())));
    if (!key || at != bytesOf(spki) + spki.size())
        return unusableKey();
    return adopt(key.release());
}

Result<PublicKey> PublicKey::fromPem(QByteArrayView pem)
{
    const QuietErrors quiet;
    const BioPointer in = readBio(pem);
    return adopt(PEM_read_bio_PUBKEY(in.get(), nullptr, nullptr, nullptr));
}

Result<PublicKey> PublicKey::fromRawEd25519(QByteArrayView bytes)
{
    const QuietErrors quiet;
    return adopt(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytesOf(bytes), size_t(bytes.size())));
}

QByteArray PublicKey::toDer() const
{
    uchar *der = nullptr;
    const int size = i2d_PUBKEY(m_key.get(), &der);
    mustSucceed(size > 0, "writing a key");
    const QByteArray bytes(reinterpret_cast<const char *>(der), size);
    OPENSSL_free(der);
    return bytes;
}

QByteArray PublicKey::toPem() const
{
    const BioPointer out = writeBio();
    mustSucceed(PEM_write_bio_PUBKEY(out.get(), m_key.get()) == 1, "writing a key");
    return contentOf(out);
}

QByteArray PublicKey::rawEd25519() const
{
    if (m_kind != KeyKind::Ed25519)
        return {};
    QByteArray bytes(32, Qt::Uninitialized);
    size_t size = size_t(bytes.size());
    mustSucceed(EVP_PKEY_get_raw_public_key(m_key.get(), reinterpret_cast<uchar *>(bytes.data()), &size) == 1,
                "writing a key");
    return bytes;
}

QString PublicKey::fingerprint() const
{
    return sha256Hex(toDer());
}

QString PublicKey::keyId() const
{
    return QStringLiteral("sha256:") + fingerprint();
}

bool PublicKey::verify(QByteArrayView message, QByteArrayView signature) const
{
    const QuietErrors quiet;
    const DigestContextPointer context(EVP_MD_CTX_new());
    const EVP_MD *digest = m_kind == KeyKind::EcdsaP256 ? EVP_sha256() : nullptr;
    return context && EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, m_key.get()) == 1 &&
           EVP_DigestVerify(context.get(), bytesOf(signature), size_t(signature.size()), bytesOf(message),
                            size_t(message.size())) == 1;
}

bool PublicKey::operator==(const PublicKey &other) const
{
    return EVP_PKEY_eq(m_key.get(), other.m_key.get()) == 1;
}

PrivateKey PrivateKey::generate(KeyKind kind)
{
    EVP_PKEY *key = kind == KeyKind::Ed25519 ? EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519") : EVP_EC_gen("P-256");
    mustSucceed(key != nullptr, "making a key");
    return PrivateKey(PublicKey(std::shared_ptr<evp_pkey_st>(key, EVP_PKEY_free), kind));
}

Result<PrivateKey> PrivateKey::fromPem(QByteArrayView pem, const QByteArray &passphrase)
{
    const QuietErrors quiet;
    const bool encrypted = isEncryptedPem(pem);
    if (encrypted && passphrase.isEmpty())
        return fail(Error::Code::Unauthorized, KeyText::tr("This key needs its passphrase."));
    const BioPointer in = readBio(pem);
    QByteArray given = passphrase;
    EVP_PKEY *key = PEM_read_bio_PrivateKey(in.get(), nullptr, givePassphrase, &given);
    if (!key && encrypted)
        return fail(Error::Code::Unauthorized, KeyText::tr("The passphrase does not open this key. Type it again."));
    Result<PublicKey> usable = PublicKey::adopt(key);
    if (!usable)
        return fail(usable.error());
    return PrivateKey(*std::move(usable));
}

Result<PrivateKey> PrivateKey::fromRawEd25519(QByteArrayView seed)
{
    const QuietErrors quiet;
    Result<PublicKey> key =
        PublicKey::adopt(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytesOf(seed), size_t(seed.size())));
    if (!key)
        return fail(key.error());
    return PrivateKey(*std::move(key));
}

QByteArray PrivateKey::rawEd25519() const
{
    if (kind() != KeyKind::Ed25519)
        return {};
    QByteArray seed(32, Qt::Uninitialized);
    size_t size = size_t(seed.size());
    mustSucceed(EVP_PKEY_get_raw_private_key(native(), reinterpret_cast<uchar *>(seed.data()), &size) == 1, "writing a key");
    return seed;
}

QByteArray PrivateKey::toPem(const QByteArray &passphrase) const
{
    if (!passphrase.isEmpty())
        return encryptedPkcs8(native(), passphrase);
    const BioPointer out = writeBio();
    mustSucceed(PEM_write_bio_PKCS8PrivateKey(out.get(), native(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
                "writing a key");
    return contentOf(out);
}

Result<PrivateKey> PrivateKey::load(const QString &path, const QByteArray &passphrase)
{
    Result<QByteArray> pem = readPrivateFile(path);
    if (!pem)
        return fail(pem.error());
    Result<PrivateKey> key = fromPem(*pem, passphrase);
    wipe(*pem);
    return key;
}

Status PrivateKey::save(const QString &path, const QByteArray &passphrase) const
{
    QByteArray pem = toPem(passphrase);
    Status written = writePrivateFile(path, pem);
    wipe(pem);
    return written;
}

QByteArray PrivateKey::sign(QByteArrayView message) const
{
    const DigestContextPointer context(EVP_MD_CTX_new());
    const EVP_MD *digest = kind() == KeyKind::EcdsaP256 ? EVP_sha256() : nullptr;
    QByteArray signature(EVP_PKEY_get_size(native()), Qt::Uninitialized);
    size_t size = size_t(signature.size());
    mustSucceed(context && EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, native()) == 1 &&
                    EVP_DigestSign(context.get(), reinterpret_cast<uchar *>(signature.data()), &size, bytesOf(message),
                                   size_t(message.size())) == 1,
                "signing");
    signature.truncate(qsizetype(size));
    return signature;
}

bool isEncryptedPem(QByteArrayView pem)
{
    const QByteArray text = QByteArray::fromRawData(pem.data(), pem.size());
    return text.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") || text.contains("Proc-Type: 4,ENCRYPTED");
}

} // namespace parapet::crypto
