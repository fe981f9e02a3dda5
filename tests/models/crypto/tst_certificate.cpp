// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/crypto/certificate.h"

#include "models/crypto/digest.h"

#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include <openssl/err.h>
#include <openssl/x509v3.h>

using namespace parapet;
using namespace parapet::crypto;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

class StillClock final : public Clock
{
public:
    Instant now() const override { return at; }
    Instant at{1773754891s};
};

} // namespace

class TestCertificate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { QCOMPARE(ERR_peek_error(), 0ul); }
    void authority();
    void server();
    void client();
    void existingKey();
    void hostileNames();
    void principals_data();
    void principals();
    void chains();
    void issuers();
    void readsAll();
    void refuses_data();
    void refuses();
    void identities();
    void identitiesThatDoNotFit();
    void everyByteCounts();

private:
    StillClock m_clock;
    const CertificateAuthority m_authority = CertificateAuthority::create(u"Parapet plane"_s, m_clock);
};

void TestCertificate::authority()
{
    const Certificate &ca = m_authority.certificate();
    QCOMPARE(ca.commonName(), u"Parapet plane"_s);
    QVERIFY(ca.isAuthority());
    QVERIFY(ca.isIssuedBy(ca));
    QCOMPARE(ca.notBefore(), m_clock.at - 5min);
    QCOMPARE(ca.notAfter(), Instant(m_clock.at + std::chrono::hours(24 * 3652)));
    QCOMPARE(ca.fingerprint(), sha256Hex(ca.toDer()));
    QCOMPARE(ca.keyFingerprint(), m_authority.identity().key.publicKey().fingerprint());
    QVERIFY(ca.principal().isEmpty());
    QVERIFY(isSha256Hex(ca.fingerprint()));
    const auto again = CertificateAuthority::fromIdentity(m_authority.identity());
    QVERIFY(again);
    QVERIFY(again->certificate() == ca);
}

void TestCertificate::server()
{
    const Identity server = m_authority.issueServer(
        u"plane"_s, {u"127.0.0.1"_s, u"::1"_s, u"localhost"_s, u"plane.example"_s}, {m_clock, 24h});
    QCOMPARE(server.certificate.ipNames(), QStringList({u"127.0.0.1"_s, u"::1"_s}));
    QCOMPARE(server.certificate.dnsNames(), QStringList({u"localhost"_s, u"plane.example"_s}));
    QVERIFY(server.certificate.uriNames().isEmpty());
    QVERIFY(!server.certificate.isAuthority());
    QVERIFY(server.certificate.isIssuedBy(m_authority.certificate()));
    QCOMPARE(server.certificate.notAfter(), Instant(m_clock.at + 24h));
    QVERIFY(server.certificate.isValidAt(m_clock.at));
    QVERIFY(!server.certificate.isValidAt(m_clock.at + 25h));
    QVERIFY(!server.certificate.isValidAt(m_clock.at - 6min));
    QVERIFY(server.key.kind() == KeyKind::EcdsaP256);
    QCOMPARE(X509_check_purpose(server.certificate.native(), X509_PURPOSE_SSL_SERVER, 0), 1);
    QCOMPARE(X509_check_purpose(server.certificate.native(), X509_PURPOSE_SSL_CLIENT, 0), 0);
}

void TestCertificate::client()
{
    const Identity one = m_authority.issueClient(u"p-amara"_s, u"Amara Okafor"_s, {m_clock, 24h});
    const Identity two = m_authority.issueClient(u"p-amara"_s, u"Amara Okafor"_s, {m_clock, 24h}, KeyKind::Ed25519);
    QCOMPARE(one.certificate.uriNames(), QStringList{u"parapet://principal/p-amara"_s});
    QCOMPARE(one.certificate.principal(), u"p-amara"_s);
    QCOMPARE(one.certificate.commonName(), u"Amara Okafor"_s);
    QVERIFY(one.certificate.serialHex() != two.certificate.serialHex());
    QCOMPARE(one.certificate.serialHex().size(), 32);
    QVERIFY(two.key.kind() == KeyKind::Ed25519);
    QVERIFY(two.certificate.isIssuedBy(m_authority.certificate()));
    QVERIFY(*two.certificate.publicKey() == two.key.publicKey());
    QCOMPARE(X509_check_purpose(one.certificate.native(), X509_PURPOSE_SSL_CLIENT, 0), 1);
    QCOMPARE(X509_check_purpose(one.certificate.native(), X509_PURPOSE_SSL_SERVER, 0), 0);
}

void TestCertificate::existingKey()
{
    const PrivateKey key = PrivateKey::generate(KeyKind::Ed25519);
    const Certificate issued = m_authority.issueClientFor(key.publicKey(), u"p-1"_s, u"One"_s, {m_clock, 1h});
    QCOMPARE(issued.keyFingerprint(), key.publicKey().fingerprint());
    QVERIFY(verifyChain(issued, {}, m_authority.certificate(), m_clock.at));
}

void TestCertificate::hostileNames()
{
    // A comma must not begin another name.
    const Identity server = m_authority.issueServer(u"x,CN=admin"_s, {u"a,DNS:evil.example"_s}, {m_clock, 1h});
    QCOMPARE(server.certificate.dnsNames(), QStringList{u"a,DNS:evil.example"_s});
    QCOMPARE(server.certificate.commonName(), u"x,CN=admin"_s);
    const QString umlaut = u"Jürgen Ångström 日本 "_s + QString(100, u'ß');
    const Identity client = m_authority.issueClient(u"p"_s, umlaut, {m_clock, 1h});
    QCOMPARE(client.certificate.commonName(), umlaut.left(64));
}

void TestCertificate::principals_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<QString>("found");
    QTest::newRow("usual") << u"p-amara.okafor"_s << u"p-amara.okafor"_s;
    QTest::newRow("path") << u"p/../admin"_s << QString();
    QTest::newRow("empty") << QString() << QString();
    QTest::newRow("space") << u"p amara"_s << QString();
    QTest::newRow("nul") << u"p-amara"_s + QChar(0) + u"x"_s << QString();
    QTest::newRow("query") << u"p?x"_s << QString();
}

void TestCertificate::principals()
{
    QFETCH(QString, id);
    QFETCH(QString, found);
    QCOMPARE(m_authority.issueClient(id, u"x"_s, {m_clock, 1h}).certificate.principal(), found);
}

void TestCertificate::chains()
{
    const Identity client = m_authority.issueClient(u"p"_s, u"P"_s, {m_clock, 24h});
    const CertificateAuthority stranger = CertificateAuthority::create(u"Parapet plane"_s, m_clock);
    QVERIFY(verifyChain(client.certificate, client.chain, m_authority.certificate(), m_clock.at));
    QVERIFY(verifyChain(client.certificate, {}, m_authority.certificate(), m_clock.at));
    for (const Status &wrong : {verifyChain(client.certificate, {}, stranger.certificate(), m_clock.at),
                                // The chain that comes along is not trusted by itself.
                                verifyChain(client.certificate, client.chain, stranger.certificate(), m_clock.at),
                                verifyChain(client.certificate, {}, m_authority.certificate(), m_clock.at + 25h),
                                verifyChain(client.certificate, {}, m_authority.certificate(), m_clock.at - 6min)}) {
        QVERIFY(!wrong);
        QCOMPARE(wrong.error().code, Error::Code::Tls);
    }
}

void TestCertificate::issuers()
{
    const Identity client = m_authority.issueClient(u"p"_s, u"P"_s, {m_clock, 24h});
    const CertificateAuthority stranger = CertificateAuthority::create(u"Parapet plane"_s, m_clock);
    QVERIFY(!client.certificate.isIssuedBy(stranger.certificate())); // of the same name
    QVERIFY(!client.certificate.isIssuedBy(client.certificate));
    // A client may not issue.
    QVERIFY(!CertificateAuthority::fromIdentity(client));
}

void TestCertificate::readsAll()
{
    const Identity client = m_authority.issueClient(u"p"_s, u"P"_s, {m_clock, 24h});
    const QByteArray pem = client.toPem();
    const auto all = Certificate::allFromPem(pem);
    QVERIFY(all);
    QCOMPARE(all->size(), 2);
    QVERIFY(all->at(0) == client.certificate);
    QVERIFY(all->at(1) == m_authority.certificate());
    QVERIFY(*Certificate::fromDer(client.certificate.toDer()) == client.certificate);
    QVERIFY(*Certificate::fromPem(client.certificate.toPem()) == client.certificate);
    // A damaged one behind a good one is not passed over.
    QVERIFY(!Certificate::allFromPem(client.certificate.toPem() +
                                     "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"));
}

void TestCertificate::refuses_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("text") << QByteArray("hello");
    QTest::newRow("key") << PrivateKey::generate(KeyKind::Ed25519).toPem();
    QTest::newRow("cut PEM") << m_authority.certificate().toPem().left(100);
    QTest::newRow("cut DER") << m_authority.certificate().toDer().chopped(1);
    QTest::newRow("long DER") << m_authority.certificate().toDer() + '\0';
}

void TestCertificate::refuses()
{
    QFETCH(QByteArray, bytes);
    QCOMPARE(Certificate::fromPem(bytes).error().code, Error::Code::Invalid);
    QCOMPARE(Certificate::fromDer(bytes).error().code, Error::Code::Invalid);
    QCOMPARE(Certificate::allFromPem(bytes).error().code, Error::Code::Invalid);
}

void TestCertificate::identities()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"operator.pem"_s);
    const Identity client = m_authority.issueClient(u"p"_s, u"P"_s, {m_clock, 24h});
    QVERIFY(client.save(path, "pass"));
    const auto loaded = Identity::load(path, "pass");
    QVERIFY(loaded);
    QVERIFY(loaded->certificate == client.certificate);
    QVERIFY(loaded->key.publicKey() == client.key.publicKey());
    QCOMPARE(loaded->chain.size(), 1);
    QCOMPARE(Identity::load(path).error().code, Error::Code::Unauthorized);
    QVERIFY(Identity::load(path).error().message.contains(path));
    QVERIFY(QFile::setPermissions(path, QFile::ReadOwner | QFile::ReadOther));
    QCOMPARE(Identity::load(path, "pass").error().code, Error::Code::Forbidden);
}

void TestCertificate::identitiesThatDoNotFit()
{
    const Identity one = m_authority.issueClient(u"p"_s, u"P"_s, {m_clock, 24h});
    const Identity two = m_authority.issueClient(u"p"_s, u"P"_s, {m_clock, 24h});
    QCOMPARE(Identity::fromPem(one.certificate.toPem() + two.key.toPem()).error().code, Error::Code::Invalid);
    QCOMPARE(Identity::fromPem(one.certificate.toPem()).error().code, Error::Code::Invalid);
    QCOMPARE(Identity::fromPem(one.key.toPem()).error().code, Error::Code::Invalid);
    // The leaf comes first: a file in another order is another identity.
    QVERIFY(!Identity::fromPem(m_authority.certificate().toPem() + one.certificate.toPem() + one.key.toPem()));
}

void TestCertificate::everyByteCounts()
{
    const Identity client = m_authority.issueClient(u"p"_s, u"P"_s, {m_clock, 24h});
    const QByteArray der = client.certificate.toDer();
    for (qsizetype at = 0; at < der.size(); ++at) {
        QByteArray altered = der;
        altered[at] = char(altered[at] ^ 0x01);
        const auto certificate = Certificate::fromDer(altered);
        if (certificate)
            QVERIFY2(!verifyChain(*certificate, {}, m_authority.certificate(), m_clock.at),
                     qPrintable(QString::number(at)));
    }
}

QTEST_GUILESS_MAIN(TestCertificate)
#include "tst_certificate.moc"
