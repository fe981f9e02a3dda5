// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/crypto/secretbox.h"

#include "models/crypto/openssl.h"
#include "models/crypto/privatefile.h"
#include "models/crypto/random.h"

#include <QtCore/QCoreApplication>

namespace parapet::crypto {

namespace {

constexpr char sealVersion = 1;
constexpr qsizetype sealKeySize = 32;
constexpr qsizetype nonceSize = 12;
constexpr qsizetype tagSize = 16;

struct SecretBoxText {
    Q_DECLARE_TR_FUNCTIONS(SecretBox)
};

uchar *mutableBytes(QByteArray &bytes, qsizetype at = 0)
{
    return reinterpret_cast<uchar *>(bytes.data() + at);
}

} // namespace

Result<SecretBox> SecretBox::fromKey(QByteArray key)
{
    if (key.size() != sealKeySize)
        return fail(Error::Code::Invalid,
                    SecretBoxText::tr("A sealing key has 32 bytes. Restore the key file from a copy."));
    return SecretBox(std::move(key));
}

Result<SecretBox> SecretBox::fromKeyFile(const QString &path)
{
    Result<QByteArray> key = readPrivateFile(path);
    if (!key && key.error().code == Error::Code::NotFound) {
        key = randomBytes(sealKeySize);
        if (const Status written = writePrivateFile(path, *key); !written)
            return fail(written.error());
    }
    if (!key)
        return fail(key.error());
    return fromKey(*std::move(key));
}

SecretBox::~SecretBox()
{
    wipe(m_key);
}

QByteArray SecretBox::seal(QByteArrayView secret, QByteArrayView context) const
{
    const QByteArray nonce = randomBytes(nonceSize);
    QByteArray sealed = sealVersion + nonce;
    const qsizetype head = sealed.size();
    sealed.resize(head + secret.size() + tagSize);

    const CipherContextPointer cipher(EVP_CIPHER_CTX_new());
    int size = 0;
    mustSucceed(
        cipher && EVP_EncryptInit_ex2(cipher.get(), EVP_aes_256_gcm(), bytesOf(m_key), bytesOf(nonce), nullptr) == 1 &&
            EVP_EncryptUpdate(cipher.get(), nullptr, &size, bytesOf(context), int(context.size())) == 1 &&
            EVP_EncryptUpdate(cipher.get(), mutableBytes(sealed, head), &size, bytesOf(secret), int(secret.size())) ==
                1 &&
            EVP_EncryptFinal_ex(cipher.get(), mutableBytes(sealed, head + size), &size) == 1 &&
            EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_GET_TAG, int(tagSize),
                                mutableBytes(sealed, head + secret.size())) == 1,
        "sealing");
    return sealed;
}

Result<QByteArray> SecretBox::open(QByteArrayView sealed, QByteArrayView context) const
{
    const QuietErrors quiet;
    const qsizetype size = sealed.size() - 1 - nonceSize - tagSize;
    const Failure failure =
        fail(Error::Code::Invalid, SecretBoxText::tr("A sealed secret was altered, or sealed under another key."));
    if (size < 0 || sealed.front() != sealVersion)
        return failure;
    const QByteArrayView nonce = sealed.sliced(1, nonceSize);
    const QByteArrayView body = sealed.sliced(1 + nonceSize, size);
    QByteArray tag = sealed.last(tagSize).toByteArray();
    QByteArray secret(size, Qt::Uninitialized);

    const CipherContextPointer cipher(EVP_CIPHER_CTX_new());
    int done = 0;
    int rest = 0;
    const bool opened =
        cipher && EVP_DecryptInit_ex2(cipher.get(), EVP_aes_256_gcm(), bytesOf(m_key), bytesOf(nonce), nullptr) == 1 &&
        EVP_DecryptUpdate(cipher.get(), nullptr, &done, bytesOf(context), int(context.size())) == 1 &&
        EVP_DecryptUpdate(cipher.get(), mutableBytes(secret), &done, bytesOf(body), int(body.size())) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_SET_TAG, int(tagSize), tag.data()) == 1 &&
        EVP_DecryptFinal_ex(cipher.get(), mutableBytes(secret, done), &rest) == 1;
    if (!opened) {
        wipe(secret);
        return failure;
    }
    return secret;
}

} // namespace parapet::crypto
