// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/crypto/random.h"

#include "models/crypto/openssl.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

namespace parapet::crypto {

QByteArray randomBytes(qsizetype count)
{
    QByteArray bytes(count, Qt::Uninitialized);
    mustSucceed(RAND_bytes(reinterpret_cast<uchar *>(bytes.data()), int(count)) == 1, "its random generator");
    return bytes;
}

QByteArray newSecret(int bits)
{
    return randomBytes((qMax(bits, 128) + 7) / 8)
        .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

void wipe(QByteArray &secret)
{
    if (!secret.isEmpty() && secret.isDetached())
        OPENSSL_cleanse(secret.data(), size_t(secret.size()));
    secret.clear();
}

} // namespace parapet::crypto
