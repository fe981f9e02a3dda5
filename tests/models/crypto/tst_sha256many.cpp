// SPDX-License-Identifier: GPL-3.0-or-later
// Hashing many at once gives what libcrypto gives, for every length around every boundary.
#include "models/crypto/sha256many.h"

#include "models/crypto/digest.h"

#include <QtCore/QRandomGenerator>
#include <QtTest/QTest>

using namespace parapet::crypto;

namespace {

QByteArray randomText(QRandomGenerator &random, qsizetype size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    for (char &c : bytes)
        c = char(random.bounded(256));
    return bytes;
}

} // namespace

class TestSha256Many : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aPublishedDigest();
    void everyPairOfShortLengths();
    void randomLengths();
    void pairs();
    void pairsInPlace();
    void neverReadsBeyond();
};

// FIPS 180-4 examples: "abc" and the two-block message; the first byte goes as the prefix.
void TestSha256Many::aPublishedDigest()
{
    qInfo("by %s", sha256ManyMeans());
    const QByteArrayView messages[] = {"bc", "bcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "bc"};
    unsigned char digests[96];
    sha256Many('a', messages, digests);
    const QByteArray made = QByteArray(reinterpret_cast<char *>(digests), 96).toHex();
    QCOMPARE(made.mid(0, 64), QByteArray("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    QCOMPARE(made.mid(64, 64), QByteArray("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"));
    QCOMPARE(made.mid(128, 64), made.mid(0, 64));
}

void TestSha256Many::everyPairOfShortLengths()
{
    QRandomGenerator random(180);
    const QByteArray text = randomText(random, 200);
    QVector<QByteArray> expected;
    for (qsizetype size = 0; size < 200; ++size)
        expected.append(sha256(QByteArray(1, '\0') + text.first(size)));
    for (qsizetype a = 0; a < 200; ++a) {
        for (qsizetype b = 0; b < 200; b += a % 3 + 1) {
            const QByteArrayView messages[] = {QByteArrayView(text).first(a), QByteArrayView(text).first(b)};
            unsigned char digests[64];
            sha256Many(0, messages, digests);
            QVERIFY(std::memcmp(digests, expected[a].constData(), 32) == 0);
            QVERIFY(std::memcmp(digests + 32, expected[b].constData(), 32) == 0);
        }
    }
}

void TestSha256Many::randomLengths()
{
    QRandomGenerator random(4);
    for (int round = 0; round < 60; ++round) {
        QVector<QByteArray> texts;
        QVector<QByteArrayView> messages;
        const int count = random.bounded(40);
        for (int i = 0; i < count; ++i)
            texts.append(randomText(random, random.bounded(4) == 0 ? random.bounded(70'000) : random.bounded(700)));
        for (const QByteArray &text : texts)
            messages.append(text);
        const auto prefix = static_cast<unsigned char>(random.bounded(256));
        QByteArray made(count * 32, 'x'), portable(count * 32, 'y');
        sha256Many(prefix, messages, reinterpret_cast<unsigned char *>(made.data()));
        sha256ManyPortable(prefix, messages, reinterpret_cast<unsigned char *>(portable.data()));
        QCOMPARE(made, portable);
        for (int i = 0; i < count; ++i)
            QCOMPARE(made.mid(i * 32, 32), sha256(char(prefix) + texts[i]));
    }
}

void TestSha256Many::pairs()
{
    QRandomGenerator random(5);
    for (int count = 0; count < 130; ++count) {
        const QByteArray blocks = randomText(random, count * 64);
        QByteArray made(count * 32, 'x'), portable(count * 32, 'y');
        sha256Pairs(1, reinterpret_cast<const unsigned char *>(blocks.constData()), size_t(count), reinterpret_cast<unsigned char *>(made.data()));
        sha256PairsPortable(1, reinterpret_cast<const unsigned char *>(blocks.constData()), size_t(count), reinterpret_cast<unsigned char *>(portable.data()));
        QCOMPARE(made, portable);
        for (int i = 0; i < count; ++i)
            QCOMPARE(made.mid(i * 32, 32), sha256('\1' + blocks.mid(i * 64, 64)));
    }
}

void TestSha256Many::pairsInPlace()
{
    QRandomGenerator random(6);
    for (int count = 0; count < 20; ++count) {
        QByteArray blocks = randomText(random, count * 64);
        QByteArray apart(count * 32, 'x'), portable = blocks;
        sha256Pairs(1, reinterpret_cast<const unsigned char *>(blocks.constData()), size_t(count), reinterpret_cast<unsigned char *>(apart.data()));
        auto *bytes = reinterpret_cast<unsigned char *>(blocks.data());
        sha256Pairs(1, bytes, size_t(count), bytes);
        QCOMPARE(blocks.first(count * 32), apart);
        bytes = reinterpret_cast<unsigned char *>(portable.data());
        sha256PairsPortable(1, bytes, size_t(count), bytes);
        QCOMPARE(portable.first(count * 32), apart);
    }
}

// Each message alone in memory of exactly its size: a sanitized build sees a byte read beyond it.
void TestSha256Many::neverReadsBeyond()
{
    for (size_t size = 0; size < 300; ++size) {
        const std::vector<char> one(size, 'a'), two(299 - size, 'b');
        const QByteArrayView messages[] = {QByteArrayView(one.data(), qsizetype(one.size())), QByteArrayView(two.data(), qsizetype(two.size()))};
        unsigned char digests[64];
        sha256Many(7, messages, digests);
        QVERIFY(std::memcmp(digests, sha256('\7' + QByteArray(qsizetype(size), 'a')).constData(), 32) == 0);
    }
}

QTEST_GUILESS_MAIN(TestSha256Many)
#include "tst_sha256many.moc"
