// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/transparency/hash.h"

#include "models/crypto/digest.h"
#include "models/crypto/dsse.h"
#include "models/crypto/sha256many.h"

#include <QtCore/QCoreApplication>

#include <cstring>

namespace parapet::transparency {

namespace {

constexpr unsigned char leafPrefix = 0x00;
constexpr unsigned char nodePrefix = 0x01;

unsigned char *hashBytes(QByteArray &bytes)
{
    return reinterpret_cast<unsigned char *>(bytes.data());
}

/// Hashes one tree level up to its root, in place: a last node without a neighbour goes up as it is, which is RFC 6962's split at
/// powers of two.
void hashUp(unsigned char *level, size_t count)
{
    for (; count > 1; count = (count + 1) / 2) {
        crypto::sha256Pairs(nodePrefix, level, count / 2, level);
        if (count % 2)
            std::memmove(level + count / 2 * 32, level + (count - 1) * 32, 32);
    }
}

Hash hashAtFront(const char *bytes)
{
    Hash hash;
    std::memcpy(hash.data(), bytes, hash.size());
    return hash;
}

} // namespace

Hash leafHash(QByteArrayView entry)
{
    Hash hash;
    crypto::sha256Many(leafPrefix, {&entry, 1}, hash.data());
    return hash;
}

Hash nodeHash(const Hash &left, const Hash &right)
{
    unsigned char children[64];
    std::memcpy(children, left.data(), 32);
    std::memcpy(children + 32, right.data(), 32);
    Hash hash;
    crypto::sha256Pairs(nodePrefix, children, 1, hash.data());
    return hash;
}

Hash emptyRoot()
{
    static const Hash root = *hashFromBytes(crypto::sha256({}));
    return root;
}

QByteArray toBytes(const Hash &hash)
{
    return QByteArray(reinterpret_cast<const char *>(hash.data()), qsizetype(hash.size()));
}

QByteArray toBase64(const Hash &hash)
{
    return QByteArray::fromRawData(reinterpret_cast<const char *>(hash.data()), qsizetype(hash.size())).toBase64();
}

Result<Hash> hashFromBytes(QByteArrayView bytes)
{
    Hash hash;
    if (bytes.size() != qsizetype(hash.size()))
        return fail(Error::Code::Invalid, QCoreApplication::translate("transparency", "This is not a SHA-256 hash."));
    std::memcpy(hash.data(), bytes.data(), hash.size());
    return hash;
}

Result<Hash> hashFromBase64(QByteArrayView text)
{
    const Result<QByteArray> bytes = text.size() == 44 ? crypto::fromBase64Strict(text) : QByteArray();
    return hashFromBytes(bytes ? QByteArrayView(*bytes) : QByteArrayView());
}

Hash rootOfHashes(QByteArrayView hashes)
{
    const qsizetype count = hashes.size() / 32;
    if (count == 0)
        return emptyRoot();
    QByteArray level = hashes.first(count * 32).toByteArray();
    hashUp(hashBytes(level), size_t(count));
    return hashAtFront(level.constData());
}

Hash rootOfEntries(std::span<const QByteArrayView> entries)
{
    constexpr size_t chunk = 256;
    QByteArray roots;
    unsigned char level[chunk * 32];
    for (size_t from = 0; from < entries.size(); from += chunk) {
        const size_t count = std::min(chunk, entries.size() - from);
        crypto::sha256Many(leafPrefix, entries.subspan(from, count), level);
        hashUp(level, count);
        roots.append(reinterpret_cast<const char *>(level), 32);
    }
    return rootOfHashes(roots);
}

QByteArray leafHashes(std::span<const QByteArrayView> entries)
{
    QByteArray hashes(qsizetype(entries.size()) * 32, Qt::Uninitialized);
    crypto::sha256Many(leafPrefix, entries, hashBytes(hashes));
    return hashes;
}

} // namespace parapet::transparency
