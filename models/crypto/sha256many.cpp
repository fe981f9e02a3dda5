// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/crypto/sha256many.h"

#include "models/crypto/openssl.h"
#include "models/crypto/sha256lanes.h"

#include <cstring>

namespace parapet::crypto {

namespace {

/// Fetched once: looking the algorithm up for each message would cost more than hashing it.
const EVP_MD *manyAlgorithm()
{
    static const EVP_MD *const algorithm = [] {
        EVP_MD *fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
        mustSucceed(fetched != nullptr, "SHA-256");
        return fetched;
    }();
    return algorithm;
}

EVP_MD_CTX *manyContext()
{
    thread_local const DigestContextPointer context(EVP_MD_CTX_new());
    mustSucceed(context != nullptr, "SHA-256");
    return context.get();
}

void manyOne(unsigned char prefix, const void *bytes, size_t size, unsigned char *digest)
{
    EVP_MD_CTX *context = manyContext();
    mustSucceed(EVP_DigestInit_ex2(context, manyAlgorithm(), nullptr) == 1 && EVP_DigestUpdate(context, &prefix, 1) == 1
                    && EVP_DigestUpdate(context, bytes, size) == 1 && EVP_DigestFinal_ex(context, digest, nullptr) == 1,
                "SHA-256");
}

} // namespace

void sha256ManyPortable(unsigned char prefix, std::span<const QByteArrayView> messages, unsigned char *digests)
{
    for (const QByteArrayView message : messages) {
        manyOne(prefix, message.data(), size_t(message.size()), digests);
        digests += 32;
    }
}

void sha256PairsPortable(unsigned char prefix, const unsigned char *blocks, size_t count, unsigned char *digests)
{
    // One update over one buffer: two would be slower than the compression itself.
    unsigned char message[65];
    EVP_MD_CTX *context = manyContext();
    for (size_t i = 0; i < count; ++i) {
        message[0] = prefix;
        std::memcpy(message + 1, blocks + i * 64, 64);
        mustSucceed(EVP_DigestInit_ex2(context, manyAlgorithm(), nullptr) == 1 && EVP_DigestUpdate(context, message, sizeof message) == 1
                        && EVP_DigestFinal_ex(context, digests + i * 32, nullptr) == 1,
                    "SHA-256");
    }
}

void sha256Many(unsigned char prefix, std::span<const QByteArrayView> messages, unsigned char *digests)
{
    if (!lanes::available())
        return sha256ManyPortable(prefix, messages, digests);
    size_t i = 0;
    for (; i + 1 < messages.size(); i += 2)
        lanes::hashTwo(prefix, messages[i], messages[i + 1], digests + i * 32);
    if (i < messages.size())
        manyOne(prefix, messages[i].data(), size_t(messages[i].size()), digests + i * 32);
}

void sha256Pairs(unsigned char prefix, const unsigned char *blocks, size_t count, unsigned char *digests)
{
    if (!lanes::available())
        return sha256PairsPortable(prefix, blocks, count, digests);
    size_t i = 0;
    for (; i + 1 < count; i += 2)
        lanes::hashTwoBlocks(prefix, blocks + i * 64, digests + i * 32);
    if (i < count)
        sha256PairsPortable(prefix, blocks + i * 64, 1, digests + i * 32);
}

const char *sha256ManyMeans()
{
    return lanes::available() ? "sha-ni" : "libcrypto";
}

} // namespace parapet::crypto
