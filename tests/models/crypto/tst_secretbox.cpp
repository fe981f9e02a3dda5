// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/crypto/secretbox.h"

#include "models/crypto/random.h"

#include <QtCore/QFile>
#include <QtCore/QFileInfo>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace parapet;
using namespace parapet::crypto;
using namespace Qt::StringLiterals;

class TestSecretBox : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void publishedVector();
    void sealsAndOpens_data();
    void sealsAndOpens();
    void everyBitCounts();
    void anotherKeyOrContext();
    void keyFiles();
    void badKeys();
};

void TestSecretBox::publishedVector()
{
    // The Galois/Counter Mode of Operation, McGrew and Viega: test case 16 (AES-256)
    const auto box =
        SecretBox::fromKey(QByteArray::fromHex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"));
    QVERIFY(box);
    const QByteArray sealed = QByteArray::fromHex("01"
                                                  "cafebabefacedbaddecaf888"
                                                  "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                                                  "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
                                                  "76fc6ece0f4e1768cddf8853bb2d551b");
    const auto opened = box->open(sealed, QByteArray::fromHex("feedfacedeadbeeffeedfacedeadbeefabaddad2"));
    QVERIFY(opened);
    QCOMPARE(
        opened->toHex(),
        QByteArray("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525"
                   "b16aedf5aa0de657ba637b39"));
}

void TestSecretBox::sealsAndOpens_data()
{
    QTest::addColumn<QByteArray>("secret");
    QTest::addColumn<QByteArray>("context");
    QTest::newRow("usual") << QByteArray("s3cr3t") << QByteArray("lease-1");
    QTest::newRow("empty secret") << QByteArray() << QByteArray("lease-1");
    QTest::newRow("no context") << QByteArray("s3cr3t") << QByteArray();
    QTest::newRow("neither") << QByteArray() << QByteArray();
    QTest::newRow("long") << QByteArray(100000, 'x') << QByteArray(1000, 'y');
}

void TestSecretBox::sealsAndOpens()
{
    QFETCH(QByteArray, secret);
    QFETCH(QByteArray, context);
    const auto box = SecretBox::fromKey(randomBytes(32));
    QVERIFY(box);
    const QByteArray sealed = box->seal(secret, context);
    QCOMPARE(sealed.size(), secret.size() + 29);
    QCOMPARE(box->open(sealed, context).value(), secret);
    QVERIFY(box->seal(secret, context) != sealed); // another nonce
}

void TestSecretBox::everyBitCounts()
{
    const auto box = SecretBox::fromKey(randomBytes(32));
    const QByteArray sealed = box->seal("secret", "context");
    for (qsizetype at = 0; at < sealed.size(); ++at) {
        for (int bit = 0; bit < 8; ++bit) {
            QByteArray altered = sealed;
            altered[at] = char(altered[at] ^ (1 << bit));
            const auto opened = box->open(altered, "context");
            QVERIFY(!opened);
            QCOMPARE(opened.error().code, Error::Code::Invalid);
        }
    }
    for (qsizetype size = 0; size < sealed.size(); ++size)
        QVERIFY(!box->open(sealed.left(size), "context"));
    QVERIFY(!box->open(sealed + 'x', "context"));
}

void TestSecretBox::anotherKeyOrContext()
{
    const auto one = SecretBox::fromKey(randomBytes(32));
    const auto two = SecretBox::fromKey(randomBytes(32));
    const QByteArray sealed = one->seal("secret", "row 1");
    QVERIFY(!two->open(sealed, "row 1"));
    QVERIFY(!one->open(sealed, "row 2"));
}

void TestSecretBox::keyFiles()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"seal.key"_s);
    const auto first = SecretBox::fromKeyFile(path);
    QVERIFY(first);
    const QByteArray sealed = first->seal("secret", "c");
    QVERIFY(!(QFileInfo(path).permissions() & (QFile::ReadGroup | QFile::ReadOther)));
    const auto again = SecretBox::fromKeyFile(path);
    QVERIFY(again);
    QCOMPARE(again->open(sealed, "c").value(), QByteArray("secret"));
    QVERIFY(QFile::setPermissions(path, QFile::ReadOwner | QFile::ReadGroup));
    QCOMPARE(SecretBox::fromKeyFile(path).error().code, Error::Code::Forbidden);
}

void TestSecretBox::badKeys()
{
    for (const qsizetype size : {0, 16, 31, 33, 64})
        QCOMPARE(SecretBox::fromKey(QByteArray(size, 'k')).error().code, Error::Code::Invalid);
}

QTEST_GUILESS_MAIN(TestSecretBox)
#include "tst_secretbox.moc"
