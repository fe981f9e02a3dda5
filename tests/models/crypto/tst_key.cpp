// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/crypto/key.h"

#include <QtCore/QCryptographicHash>
#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QFileInfo>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

using namespace parapet;
using namespace parapet::crypto;
using namespace Qt::StringLiterals;

namespace {

QByteArray hex(const char *text)
{
    return QByteArray::fromHex(text);
}

/// An ECDSA signature as DER from its two numbers.
QByteArray derSignature(QByteArray r, QByteArray s)
{
    const auto integer = [](QByteArray number) {
        if (number.front() & '\x80')
            number.prepend('\0');
        return QByteArray("\x02") + char(number.size()) + number;
    };
    const QByteArray both = integer(std::move(r)) + integer(std::move(s));
    return QByteArray("\x30") + char(both.size()) + both;
}

/// SubjectPublicKeyInfo of a P-256 point.
QByteArray p256Spki(const char *x, const char *y)
{
    return hex("3059301306072a8648ce3d020106082a8648ce3d03010703420004") + hex(x) + hex(y);
}

/// A key of a kind that is not ours.
QByteArray pemOf(EVP_PKEY *key)
{
    BIO *out = BIO_new(BIO_s_mem());
    PEM_write_bio_PKCS8PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
    EVP_PKEY_free(key);
    char *data = nullptr;
    const long size = BIO_get_mem_data(out, &data);
    const QByteArray pem(data, qsizetype(size));
    BIO_free(out);
    return pem;
}

} // namespace

class TestKey : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { QCOMPARE(ERR_peek_error(), 0ul); } // nothing is left for the thread's TLS sockets to stumble over
    void ed25519_data();
    void ed25519();
    void ed25519Malleable();
    void ecdsa_data();
    void ecdsa();
    void signsAndVerifies_data();
    void signsAndVerifies();
    void pem_data() { signsAndVerifies_data(); }
    void pem();
    void passphrases();
    void otherKeys_data();
    void otherKeys();
    void files();
    void filesOthersCanRead();
    void writesWholeOrNotAtAll();
    void names();
};

void TestKey::ed25519_data()
{
    QTest::addColumn<QByteArray>("seed");
    QTest::addColumn<QByteArray>("publicKey");
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QByteArray>("signature");
    // RFC 8032 §7.1
    QTest::newRow("test 1") << hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
                            << hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a") << QByteArray()
                            << hex("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61"
                                   "e39701cf9b46bd25bf5f0595b"
                                   "be24655141438e7a100b");
    QTest::newRow("test 2") << hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
                            << hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c") << hex("72")
                            << hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458"
                                   "f3613d0f11d8c387b2eaeb430"
                                   "2aeeb00d291612bb0c00");
    QTest::newRow("test 3") << hex("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7")
                            << hex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025") << hex("af82")
                            << hex("6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae6"
                                   "7f760984dc6594a7c15e9716e"
                                   "d28dc027beceea1ec40a");
    QTest::newRow("test SHA(abc)") << hex("833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42")
                                   << hex("ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf")
                                   << QCryptographicHash::hash("abc", QCryptographicHash::Sha512)
                                   << hex("dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ec"
                                          "fdfbc7c66431e0303dca179c138ac17ad9bef1177331a704");
}

void TestKey::ed25519()
{
    QFETCH(QByteArray, seed);
    QFETCH(QByteArray, publicKey);
    QFETCH(QByteArray, message);
    QFETCH(QByteArray, signature);
    const auto key = PrivateKey::fromRawEd25519(seed);
    QVERIFY(key);
    QCOMPARE(key->publicKey().rawEd25519(), publicKey);
    QCOMPARE(key->sign(message), signature);
    const auto verifier = PublicKey::fromRawEd25519(publicKey);
    QVERIFY(verifier);
    QVERIFY(verifier->verify(message, signature));
    QVERIFY(!verifier->verify(message + 'x', signature));
}

// RFC 8032 §5.1.7: S must be within 0 ≤ S < L, or a second signature can be made of every one. Test 1's, with L added to its S.
void TestKey::ed25519Malleable()
{
    const auto verifier = PublicKey::fromRawEd25519(hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
    QVERIFY(verifier);
    QVERIFY(!verifier->verify(QByteArray(), hex("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                                                "4c8c7872aa064e049dbb3013fbf29380d25bf5f0595bbe24655141438e7a101b")));
}

void TestKey::ecdsa_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QByteArray>("signature");
    // RFC 6979 §A.2.5, P-256 with SHA-256
    QTest::newRow("sample") << QByteArray("sample")
                            << derSignature(hex("EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716"),
                                            hex("F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8"));
    QTest::newRow("test") << QByteArray("test")
                          << derSignature(hex("F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367"),
                                          hex("019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083"));
}

void TestKey::ecdsa()
{
    QFETCH(QByteArray, message);
    QFETCH(QByteArray, signature);
    const auto key = PublicKey::fromDer(p256Spki("60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6",
                                                 "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299"));
    QVERIFY(key);
    QVERIFY(key->kind() == KeyKind::EcdsaP256);
    QVERIFY(key->verify(message, signature));
    for (qsizetype at = 0; at < signature.size(); ++at) {
        QByteArray altered = signature;
        altered[at] = char(altered[at] ^ 1);
        QVERIFY(!key->verify(message, altered));
    }
    QVERIFY(!key->verify(message.toUpper(), signature));
    QVERIFY(!key->verify(message, signature + '\0'));
    QVERIFY(!key->verify(message, {}));
    QVERIFY(key->rawEd25519().isEmpty());
}

void TestKey::signsAndVerifies_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("Ed25519") << int(KeyKind::Ed25519);
    QTest::newRow("ECDSA P-256") << int(KeyKind::EcdsaP256);
}

void TestKey::signsAndVerifies()
{
    QFETCH(int, kind);
    const PrivateKey key = PrivateKey::generate(KeyKind(kind));
    const PrivateKey other = PrivateKey::generate(KeyKind(kind));
    const QByteArray message(100000, 'm');
    const QByteArray signature = key.sign(message);
    QVERIFY(key.publicKey().verify(message, signature));
    QVERIFY(!other.publicKey().verify(message, signature));
    QVERIFY(key.publicKey().verify({}, key.sign({})));
    QVERIFY(!(key.publicKey() == other.publicKey()));
}

void TestKey::pem()
{
    QFETCH(int, kind);
    const PrivateKey key = PrivateKey::generate(KeyKind(kind));
    const QByteArray text = key.toPem();
    QVERIFY(text.startsWith("-----BEGIN PRIVATE KEY-----\n"));
    QVERIFY(!isEncryptedPem(text));
    const auto again = PrivateKey::fromPem(text);
    QVERIFY(again);
    QVERIFY(again->publicKey() == key.publicKey());
    // Behind something else, as in the file of an identity
    QVERIFY(PrivateKey::fromPem(key.publicKey().toPem() + text));
    const auto fromPem = PublicKey::fromPem(key.publicKey().toPem());
    const auto fromDer = PublicKey::fromDer(key.publicKey().toDer());
    QVERIFY(fromPem && fromDer);
    QVERIFY(*fromPem == key.publicKey());
    QVERIFY(*fromDer == key.publicKey());
    QVERIFY(!PublicKey::fromDer(key.publicKey().toDer() + '\0'));
    QVERIFY(!PublicKey::fromDer(key.publicKey().toDer().chopped(1)));
}

void TestKey::passphrases()
{
    const PrivateKey key = PrivateKey::generate(KeyKind::Ed25519);
    const QByteArray text = key.toPem("correct horse");
    QVERIFY(text.startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
    QVERIFY(isEncryptedPem(text));
    const auto opened = PrivateKey::fromPem(text, "correct horse");
    QVERIFY(opened);
    QVERIFY(opened->publicKey() == key.publicKey());
    const auto wrong = PrivateKey::fromPem(text, "battery staple");
    QVERIFY(!wrong);
    QCOMPARE(wrong.error().code, Error::Code::Unauthorized);
    const auto missing = PrivateKey::fromPem(text);
    QVERIFY(!missing);
    QCOMPARE(missing.error().code, Error::Code::Unauthorized);
    QVERIFY(key.toPem("correct horse") != text); // another salt
}

void TestKey::otherKeys_data()
{
    QTest::addColumn<QByteArray>("pem");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("noise") << QByteArray("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    QTest::newRow("public") << PrivateKey::generate(KeyKind::Ed25519).publicKey().toPem();
    QTest::newRow("X25519") << pemOf(EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519"));
    QTest::newRow("P-384") << pemOf(EVP_EC_gen("P-384"));
    QTest::newRow("RSA") << pemOf(EVP_RSA_gen(2048));
    QTest::newRow("cut") << PrivateKey::generate(KeyKind::EcdsaP256).toPem().left(80);
}

void TestKey::otherKeys()
{
    QFETCH(QByteArray, pem);
    const auto key = PrivateKey::fromPem(pem);
    QVERIFY(!key);
    QCOMPARE(key.error().code, Error::Code::Invalid);
    QVERIFY(!PrivateKey::fromRawEd25519(pem.left(31)));
    QVERIFY(!PublicKey::fromRawEd25519(pem.left(33)));
}

void TestKey::files()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"key.pem"_s);
    const PrivateKey key = PrivateKey::generate(KeyKind::EcdsaP256);
    QVERIFY(key.save(path, "pass"));
    const QFile::Permissions others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
    QVERIFY(!(QFileInfo(path).permissions() & others));
    const auto again = PrivateKey::load(path, "pass");
    QVERIFY(again);
    QVERIFY(again->publicKey() == key.publicKey());
    QCOMPARE(PrivateKey::load(path, "no").error().code, Error::Code::Unauthorized);
    QCOMPARE(PrivateKey::load(folder.filePath(u"none"_s)).error().code, Error::Code::NotFound);
    QCOMPARE(PrivateKey::load(folder.path()).error().code, Error::Code::Invalid);
}

void TestKey::filesOthersCanRead()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"key.pem"_s);
    QVERIFY(PrivateKey::generate(KeyKind::Ed25519).save(path));
    for (const QFile::Permission open : {QFile::ReadGroup, QFile::ReadOther, QFile::WriteOther}) {
        QVERIFY(QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | open));
        const auto key = PrivateKey::load(path);
        QVERIFY(!key);
        QCOMPARE(key.error().code, Error::Code::Forbidden);
        QVERIFY(key.error().message.contains(path) && key.error().message.contains(u"chmod 600"));
    }
}

void TestKey::writesWholeOrNotAtAll()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"secret"_s);
    QVERIFY(writePrivateFile(path, "one"));
    QVERIFY(writePrivateFile(path, "two"));
    QCOMPARE(readPrivateFile(path).value(), QByteArray("two"));
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 1);
    const Status nowhere = writePrivateFile(folder.filePath(u"none/secret"_s), "x");
    QVERIFY(!nowhere);
    QCOMPARE(nowhere.error().code, Error::Code::Storage);
    QVERIFY(QDir(folder.path()).mkdir(u"folder"_s));
    QVERIFY(!writePrivateFile(folder.filePath(u"folder"_s), "x"));
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 1); // no leftovers
}

void TestKey::names()
{
    const PrivateKey key = PrivateKey::generate(KeyKind::Ed25519);
    QCOMPARE(key.publicKey().fingerprint().size(), 64);
    QCOMPARE(key.keyId(), u"sha256:"_s + key.publicKey().fingerprint());
    QVERIFY(key.keyId() != PrivateKey::generate(KeyKind::Ed25519).keyId());
}

QTEST_GUILESS_MAIN(TestKey)
#include "tst_key.moc"
