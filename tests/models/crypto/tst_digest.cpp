// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/crypto/digest.h"
#include "models/crypto/random.h"

#include <QtCore/QSet>
#include <QtTest/QTest>

using namespace parapet::crypto;
using namespace Qt::StringLiterals;

class TestDigest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void published_data();
    void published();
    void inPieces();
    void hexForm();
    void constantTime();
    void secrets();
    void wiping();
};

void TestDigest::published_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QString>("digest");
    // FIPS 180-4, examples
    QTest::newRow("empty") << QByteArray() << u"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"_s;
    QTest::newRow("abc") << QByteArray("abc") << u"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"_s;
    QTest::newRow("448 bits") << QByteArray("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
                              << u"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"_s;
    QTest::newRow("a million") << QByteArray(1000000, 'a')
                               << u"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"_s;
}

void TestDigest::published()
{
    QFETCH(QByteArray, message);
    QFETCH(QString, digest);
    QCOMPARE(sha256Hex(message), digest);
    QCOMPARE(QString::fromLatin1(sha256(message).toHex()), digest);
}

void TestDigest::inPieces()
{
    const QByteArray message(1000, 'q');
    Sha256 hash;
    for (int i = 0; i < 1000; i += 37)
        hash.add(QByteArrayView(message).sliced(i, qMin(37, 1000 - i)));
    QCOMPARE(hash.result(), sha256(message));
    hash.add("abc"); // as new
    QCOMPARE(hash.result(), sha256("abc"));
}

void TestDigest::hexForm()
{
    const QString good = sha256Hex("x");
    QVERIFY(isSha256Hex(good));
    QVERIFY(!isSha256Hex(good.toUpper()));
    QVERIFY(!isSha256Hex(good.left(63)));
    QVERIFY(!isSha256Hex(good + u'0'));
    QVERIFY(!isSha256Hex(good.left(63) + u'g'));
    QVERIFY(!isSha256Hex(u""));
}

void TestDigest::constantTime()
{
    QVERIFY(equalInConstantTime("abc", "abc"));
    QVERIFY(!equalInConstantTime("abc", "abd"));
    QVERIFY(!equalInConstantTime("abc", "abcd"));
    QVERIFY(equalInConstantTime("", ""));
}

void TestDigest::secrets()
{
    QSet<QByteArray> seen;
    for (int i = 0; i < 500; ++i)
        seen.insert(newSecret());
    QCOMPARE(seen.size(), 500);
    const QByteArray secret = newSecret();
    QCOMPARE(secret.size(), 43);
    QVERIFY(!secret.contains('+') && !secret.contains('/') && !secret.contains('='));
    QCOMPARE(newSecret(1).size(), 22); // never below 128 bits
    QCOMPARE(randomBytes(17).size(), 17);
    QCOMPARE(randomBytes(0).size(), 0);
    QVERIFY(randomBytes(32) != randomBytes(32));
}

void TestDigest::wiping()
{
    QByteArray secret = newSecret();
    const QByteArray shared = secret;
    wipe(secret);
    QVERIFY(secret.isEmpty());
    QCOMPARE(shared.size(), 43); // whoever shares it keeps it
    wipe(secret);
}

QTEST_GUILESS_MAIN(TestDigest)
#include "tst_digest.moc"
