// SPDX-License-Identifier: GPL-3.0-or-later
// How fast a log verifies itself: the RFC 6962 root over events of 300 bytes, as the product does it, beside libcrypto with one call a
// node and beside libcrypto's own throughput, on one core in one run.
#include "models/crypto/sha256many.h"
#include "models/transparency/hash.h"
#include "tests/bench/figure.h"

#include <QtCore/QVector>

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <cstring>

using namespace Qt::StringLiterals;
using namespace parapet;
using namespace parapet::bench;
using transparency::Hash;

namespace {

constexpr qsizetype leaves = 200'000;
constexpr qsizetype leafBytes = 300;
constexpr int rounds = 9;

using HashOne = void (*)(const unsigned char *message, size_t size, unsigned char *digest);

/// One call a node: the shortest way to a digest that libcrypto offers.
void oneShot(const unsigned char *message, size_t size, unsigned char *digest)
{
    SHA256(message, size, digest);
}

/// One update a node on a context and an algorithm that are kept: the fastest that libcrypto does.
void keptContext(const unsigned char *message, size_t size, unsigned char *digest)
{
    static const EVP_MD *const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    static EVP_MD_CTX *const context = EVP_MD_CTX_new();
    EVP_DigestInit_ex2(context, algorithm, nullptr);
    EVP_DigestUpdate(context, message, size);
    EVP_DigestFinal_ex(context, digest, nullptr);
}

/// The root with one libcrypto hash a node, tile by tile as the product goes.
Hash rootByLibcrypto(const QVector<QByteArrayView> &entries, HashOne hash)
{
    constexpr qsizetype chunk = 256;
    unsigned char message[1 + leafBytes];
    const auto up = [&](unsigned char *level, qsizetype count) {
        for (; count > 1; count = (count + 1) / 2) {
            for (qsizetype i = 0; i < count / 2; ++i) {
                message[0] = 1;
                std::memcpy(message + 1, level + i * 64, 64);
                hash(message, 65, level + i * 32);
            }
            if (count % 2)
                std::memmove(level + count / 2 * 32, level + (count - 1) * 32, 32);
        }
    };
    QByteArray roots;
    unsigned char level[chunk * 32];
    for (qsizetype from = 0; from < entries.size(); from += chunk) {
        const qsizetype count = std::min(chunk, entries.size() - from);
        for (qsizetype i = 0; i < count; ++i) {
            message[0] = 0;
            std::memcpy(message + 1, entries[from + i].data(), size_t(leafBytes));
            hash(message, sizeof message, level + i * 32);
        }
        up(level, count);
        roots.append(reinterpret_cast<const char *>(level), 32);
    }
    up(reinterpret_cast<unsigned char *>(roots.data()), roots.size() / 32);
    return *transparency::hashFromBytes(roots.first(32));
}

Hash rootByProduct(const QVector<QByteArrayView> &entries)
{
    return transparency::rootOfEntries(entries);
}

template<class Work>
double secondsOf(const Work &work)
{
    const double start = threadMilliseconds();
    work();
    return (threadMilliseconds() - start) / 1e3;
}

} // namespace

int main()
{
    QByteArray text(leaves * leafBytes, Qt::Uninitialized);
    quint64 state = 6962;
    for (char &c : text)
        c = char('a' + (state = state * 6364136223846793005ULL + 1442695040888963407ULL) % 26);
    QVector<QByteArrayView> entries;
    for (qsizetype i = 0; i < leaves; ++i)
        entries.append(QByteArrayView(text).sliced(i * leafBytes, leafBytes));

    const Hash root = rootByProduct(entries);
    if (root != rootByLibcrypto(entries, keptContext) || root != rootByLibcrypto(entries, oneShot)) {
        std::fprintf(stderr, "bench_audit: the roots differ\n");
        return 1;
    }
    // In turns, so that whatever else runs on the machine meets all alike.
    std::vector<double> product, kept, shot, bulk;
    unsigned char digest[32];
    for (int round = 0; round < rounds; ++round) {
        product.push_back(secondsOf([&] { (void)rootByProduct(entries); }));
        kept.push_back(secondsOf([&] { (void)rootByLibcrypto(entries, keptContext); }));
        shot.push_back(secondsOf([&] { (void)rootByLibcrypto(entries, oneShot); }));
        bulk.push_back(secondsOf([&] { SHA256(reinterpret_cast<const unsigned char *>(text.constData()), size_t(text.size()), digest); }));
    }
    const double mine = double(leaves) / median(product), theirs = double(leaves) / median(kept);
    print("audit.verify", mine / theirs, "ratio",
          u"RFC 6962 root over %1 events of %2 bytes by %3, leaves a second of processor time on one core, to the same by libcrypto with one "
          "call a node on a kept context; median of %4 in turns"_s.arg(leaves).arg(leafBytes).arg(QLatin1String(crypto::sha256ManyMeans())).arg(rounds),
          u"%1 M leaves/s; libcrypto on a kept context %2 M/s, by SHA256() %3 M/s; libcrypto's SHA-256 of one long message %4 MB/s"_s
              .arg(mine / 1e6, 0, 'f', 2).arg(theirs / 1e6, 0, 'f', 2).arg(double(leaves) / median(shot) / 1e6, 0, 'f', 2)
              .arg(double(text.size()) / median(bulk) / 1e6, 0, 'f', 0));
    return 0;
}
