// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/crypto/dsse.h"
#include "models/crypto/noteverifier.h"

#include "models/core/json.h"

#include <QtCore/QJsonArray>
#include <QtTest/QTest>

using namespace parapet;
using namespace parapet::crypto;
using namespace Qt::StringLiterals;

class TestDsse : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void preAuthEncoding_data();
    void preAuthEncoding();
    void publishedVector();
    void signsAndReads();
    void carriesCertificates();
    void verifiesOnlyWhatWasSigned();
    void severalSignatures();
    void refuses_data();
    void refuses();
    void base64_data();
    void base64();
    void publishedVerifierKeys_data();
    void publishedVerifierKeys();
    void verifierKeyOfOurs();
    void refusesVerifierKeys_data();
    void refusesVerifierKeys();
};

void TestDsse::preAuthEncoding_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("payload");
    QTest::addColumn<QByteArray>("encoded");
    QTest::newRow("protocol.md") << QByteArray("http://example.com/HelloWorld") << QByteArray("hello world")
                                 << QByteArray("DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    QTest::newRow("empty") << QByteArray() << QByteArray() << QByteArray("DSSEv1 0  0 ");
    QTest::newRow("bytes, not characters")
        << QByteArray("\xc3\xa9") << QByteArray("\0\n", 2) << QByteArray("DSSEv1 2 \xc3\xa9 2 \0\n", 16);
}

void TestDsse::preAuthEncoding()
{
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, payload);
    QFETCH(QByteArray, encoded);
    QCOMPARE(dssePreAuthEncoding(type, payload), encoded);
}

void TestDsse::publishedVector()
{
    // protocol.md of DSSE v1: its key as SubjectPublicKeyInfo, its signature (r and s as they are) as DER.
    const auto key =
        PublicKey::fromDer(QByteArray::fromHex("3059301306072a8648ce3d020106082a8648ce3d030107034200"
                                               "0467cd390f77aa359cb08c2235f652270493a9ed832b0abcc01f70954c0390d238"
                                               "0c782bd54e269125a44f4433aff1432ce94e12bca73aa67ac80cea12608ddf74"));
    QVERIFY(key);
    const QByteArray signature =
        QByteArray::fromHex("3044022003726ab101ad56c2763b6c6aac8e487275e2a79193a09dc5f859d9f8ef3c4a3b"
                            "022051eab0c06a369b64a7222537d4887a893dc200ae21060074d57825235b624864");
    QVERIFY(key->verify(dssePreAuthEncoding("http://example.com/HelloWorld", "hello world"), signature));
    const QByteArray text = "{\"payload\": \"aGVsbG8gd29ybGQ=\",\n \"payloadType\": "
                            "\"http://example.com/HelloWorld\",\n \"signatures\": [{\"sig\": \"" +
                            signature.toBase64() + "\"}]}";
    const auto envelope = Envelope::fromBytes(text);
    QVERIFY(envelope);
    QCOMPARE(envelope->payload, QByteArray("hello world"));
    QVERIFY(envelope->isSignedBy(*key));
}

void TestDsse::signsAndReads()
{
    for (const KeyKind kind : {KeyKind::Ed25519, KeyKind::EcdsaP256}) {
        const PrivateKey key = PrivateKey::generate(kind);
        const Envelope envelope = Envelope::sign(u"application/x"_s, "{\"a\":1}", key);
        const QByteArray bytes = envelope.toBytes();
        QCOMPARE(bytes, canonicalJson(*parseJson(bytes)));
        const auto again = Envelope::fromBytes(bytes);
        QVERIFY(again);
        QCOMPARE(again->toBytes(), bytes);
        QCOMPARE(again->payload, QByteArray("{\"a\":1}"));
        QCOMPARE(again->signatures.first().keyId, key.keyId());
        QVERIFY(again->isSignedBy(key.publicKey()));
        QVERIFY(!again->isSignedBy(PrivateKey::generate(kind).publicKey()));
    }
}

void TestDsse::carriesCertificates()
{
    const CertificateAuthority authority = CertificateAuthority::create(u"CA"_s);
    const Identity client = authority.issueClient(u"p"_s, u"P"_s, {});
    const Envelope envelope = Envelope::sign(u"t"_s, "x", client.key, {client.certificate, authority.certificate()});
    const auto again = Envelope::fromBytes(envelope.toBytes());
    QVERIFY(again);
    QCOMPARE(again->signatures.first().certificates.size(), 2);
    QVERIFY(again->signatures.first().certificates.first() == client.certificate);
    QVERIFY(again->isSignedBy(*again->signatures.first().certificates.first().publicKey()));
}

void TestDsse::verifiesOnlyWhatWasSigned()
{
    const PrivateKey key = PrivateKey::generate(KeyKind::Ed25519);
    Envelope envelope = Envelope::sign(u"type"_s, "payload", key);
    Envelope other = envelope;
    other.payload = "payloae";
    QVERIFY(!other.isSignedBy(key.publicKey()));
    other = envelope;
    other.payloadType = u"typf"_s;
    QVERIFY(!other.isSignedBy(key.publicKey()));
    other = envelope;
    other.payloadType = u"type 7 payload"_s; // lengths keep the two apart
    other.payload = "";
    QVERIFY(!other.isSignedBy(key.publicKey()));
    other = envelope;
    other.signatures.first().keyId = u"sha256:liar"_s; // a hint, not a decision
    QVERIFY(other.isSignedBy(key.publicKey()));
}

void TestDsse::severalSignatures()
{
    const PrivateKey first = PrivateKey::generate(KeyKind::Ed25519);
    const PrivateKey second = PrivateKey::generate(KeyKind::EcdsaP256);
    Envelope envelope = Envelope::sign(u"t"_s, "x", first);
    envelope.signatures += Envelope::sign(u"t"_s, "x", second).signatures;
    const auto again = Envelope::fromBytes(envelope.toBytes());
    QVERIFY(again);
    QVERIFY(again->isSignedBy(first.publicKey()));
    QVERIFY(again->isSignedBy(second.publicKey()));
}

void TestDsse::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    const auto envelope = [](const QByteArray &signatures) {
        return QByteArray("{\"payload\":\"eA==\",\"payloadType\":\"t\",\"signatures\":") + signatures + "}";
    };
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("array") << QByteArray("[]");
    QTest::newRow("no signature") << envelope("[]");
    QTest::newRow("signatures are no list") << envelope("{}");
    QTest::newRow("signature is no object") << envelope("[1]");
    QTest::newRow("signature without sig") << envelope("[{\"keyid\":\"a\"}]");
    QTest::newRow("sig is no text") << envelope("[{\"sig\":1}]");
    QTest::newRow("sig is no base64") << envelope("[{\"sig\":\"e?==\"}]");
    QTest::newRow("keyid is no text") << envelope("[{\"sig\":\"eA==\",\"keyid\":1}]");
    QTest::newRow("unknown member of a signature") << envelope("[{\"sig\":\"eA==\",\"alg\":\"none\"}]");
    QTest::newRow("x5c is no list") << envelope("[{\"sig\":\"eA==\",\"x5c\":\"eA==\"}]");
    QTest::newRow("x5c is empty") << envelope("[{\"sig\":\"eA==\",\"x5c\":[]}]");
    QTest::newRow("x5c holds no certificate") << envelope("[{\"sig\":\"eA==\",\"x5c\":[\"eA==\"]}]");
    QTest::newRow("seventeen") << envelope("[" + QByteArray("{\"sig\":\"eA==\"},").repeated(16) +
                                           "{\"sig\":\"eA==\"}]");
    QTest::newRow("unknown member") << QByteArray(
        "{\"payload\":\"eA==\",\"payloadType\":\"t\",\"signatures\":[{\"sig\":\"eA==\"}],\"x\":1}");
    QTest::newRow("no type") << QByteArray("{\"payload\":\"eA==\",\"signatures\":[{\"sig\":\"eA==\"}]}");
    QTest::newRow("no payload") << QByteArray("{\"payloadType\":\"t\",\"signatures\":[{\"sig\":\"eA==\"}]}");
    QTest::newRow("duplicate payload") << QByteArray(
        "{\"payload\":\"eA==\",\"payload\":\"eQ==\",\"payloadType\":\"t\",\"signatures\":[{\"sig\":\"eA==\"}]}");
}

void TestDsse::refuses()
{
    QFETCH(QByteArray, text);
    const auto envelope = Envelope::fromBytes(text);
    QVERIFY(!envelope);
    QCOMPARE(envelope.error().code, Error::Code::Invalid);
}

void TestDsse::base64_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("good");
    // RFC 4648 §10
    for (const char *text : {"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"})
        QTest::newRow(qPrintable(u"good "_s + QLatin1String(text))) << QByteArray(text) << true;
    for (const char *text :
         {"Zg", "Zg=", "Zh==", "Zm9=", "Zm9v ", " Zm9v", "Zm\n9v", "Zm9v=", "====", "Z", "Zm9_", "Zg==Zg=="})
        QTest::newRow(qPrintable(u"bad "_s + QLatin1String(text))) << QByteArray(text) << false;
}

void TestDsse::base64()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, good);
    QCOMPARE(bool(fromBase64Strict(text)), good);
}

void TestDsse::publishedVerifierKeys_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("name");
    // From the documentation of Go's sumdb/note, and the checksum database's own.
    QTest::newRow("example") << u"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"_s
                             << u"PeterNeumann"_s;
    QTest::newRow("base64 with a plus") << u"sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"_s
                                        << u"sum.golang.org"_s;
}

void TestDsse::publishedVerifierKeys()
{
    QFETCH(QString, text);
    QFETCH(QString, name);
    const auto verifier = NoteVerifier::parse(text);
    QVERIFY(verifier);
    QCOMPARE(verifier->name, name);
    QCOMPARE(verifier->text(), text);
}

void TestDsse::verifierKeyOfOurs()
{
    const PrivateKey key = PrivateKey::generate(KeyKind::Ed25519);
    const auto made = NoteVerifier::make(u"parapet.dev/log/eu"_s, key.publicKey());
    QVERIFY(made);
    const auto read = NoteVerifier::parse(made->text());
    QVERIFY(read);
    QVERIFY(*read == *made);
    QVERIFY(read->key.verify("note\n", key.sign("note\n")));
    QVERIFY(!NoteVerifier::make(u"a"_s, PrivateKey::generate(KeyKind::EcdsaP256).publicKey()));
    for (const QString &name : {QString(), u"a b"_s, u"a+b"_s, u"a\nb"_s, u"a\u2003b"_s})
        QVERIFY(!NoteVerifier::make(name, key.publicKey()));
}

void TestDsse::refusesVerifierKeys_data()
{
    QTest::addColumn<QString>("text");
    const QString good = u"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"_s;
    QTest::newRow("empty") << QString();
    QTest::newRow("no parts") << u"PeterNeumann"_s;
    QTest::newRow("another name") << u"x"_s + good;
    QTest::newRow("another hash") << QString(good).replace(u"c74f20a3"_s, u"c74f20a4"_s);
    QTest::newRow("short hash") << QString(good).replace(u"c74f20a3"_s, u"c74f20a"_s);
    QTest::newRow("hash is no number") << QString(good).replace(u"c74f20a3"_s, u"c74f20ax"_s);
    QTest::newRow("another key") << QString(good).replace(u"ARpc"_s, u"ARpd"_s);
    QTest::newRow("another type") << QString(good).replace(u"ARpc"_s, u"AhpQ"_s);
    QTest::newRow("cut") << good.chopped(4);
    QTest::newRow("trailing space") << good + u' ';
    QTest::newRow("no name") << good.mid(good.indexOf(u'+'));
    QTest::newRow("ECDSA of another log")
        << u"rekor.sigstore.dev+c0d23d6a+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNhtmPtrWm3U1eQXBogSMdGvXwBcK5AW5i0hrZLOC96l+smGNM7nwZ4QvFK/4sueRoVj//QP22Ni4Qt9DPfkWLc="_s;
}

void TestDsse::refusesVerifierKeys()
{
    QFETCH(QString, text);
    const auto verifier = NoteVerifier::parse(text);
    QVERIFY(!verifier);
    QCOMPARE(verifier.error().code, Error::Code::Invalid);
}

QTEST_GUILESS_MAIN(TestDsse)
#include "tst_dsse.moc"
