// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/crypto/digest.h"

#include "models/crypto/openssl.h"

#include <openssl/crypto.h>

namespace parapet::crypto {

Sha256::Sha256() : m_context(EVP_MD_CTX_new())
{
    mustSucceed(m_context && EVP_DigestInit_ex(m_context, EVP_sha256(), nullptr) == 1, "SHA-256");
}

Sha256::~Sha256()
{
    EVP_MD_CTX_free(m_context);
}

void Sha256::add(QByteArrayView bytes)
{
    mustSucceed(EVP_DigestUpdate(m_context, bytes.data(), size_t(bytes.size())) == 1, "SHA-256");
}

QByteArray Sha256::result()
{
    QByteArray digest(32, Qt::Uninitialized);
    mustSucceed(EVP_DigestFinal_ex(m_context, reinterpret_cast<uchar *>(digest.data()), nullptr) == 1 &&
                    EVP_DigestInit_ex(m_context, nullptr, nullptr) == 1,
                "SHA-256");
    return digest;
}

QByteArray sha256(QByteArrayView bytes)
{
    Sha256 hash;
    hash.add(bytes);
    return hash.result();
}

QString sha256Hex(QByteArrayView bytes)
{
    return QString::fromLatin1(sha256(bytes).toHex());
}

bool isSha256Hex(QStringView text)
{
    return text.size() == 64 && std::all_of(text.begin(), text.end(), [](QChar c) {
               return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f');
           });
}

bool equalInConstantTime(QByteArrayView a, QByteArrayView b)
{
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), size_t(a.size())) == 0;
}

} // namespace parapet::crypto
