// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/transport/tlsidentity.h"

#include "models/transport/trust.h"
#include "tests/support/certificatefactory.h"
#include "tests/support/fakeclock.h"
#include "tests/support/waiting.h"

#include <QtCore/QTemporaryFile>
#include <QtNetwork/QSslSocket>
#include <QtTest/QTest>

using namespace parapet;
using namespace Qt::StringLiterals;
using support::CertificateFactory;

class TestTlsIdentity : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFileIsLoaded();
    void aLockedKeyNeedsItsPassphrase();
    void othersMayNotReadIt();
    void anExpiredOneIsRefused();
    void anotherKindOfKeyIsRefused();
    void aFolderOrNothingIsRefused();
    void theAuthorityMustBeThePinnedOne();
    void onlyThePinnedAuthorityIsTrusted();
};

void TestTlsIdentity::aFileIsLoaded()
{
    const CertificateFactory factory;
    const QString path = factory.clientFile(u"operator"_s);
    QVERIFY(!transport::needsPassphrase(path));
    const auto identity = transport::loadTlsIdentity(path);
    QVERIFY2(identity, support::why(identity));
    QCOMPARE(identity->name(), u"operator"_s);
    QVERIFY(!identity->key.isNull());
    QCOMPARE(identity->key.algorithm(), QSsl::Ec);
}

void TestTlsIdentity::aLockedKeyNeedsItsPassphrase()
{
    const CertificateFactory factory;
    const QString path = factory.clientFile(u"operator"_s, "correct horse");
    QVERIFY(transport::needsPassphrase(path));
    QCOMPARE(transport::loadTlsIdentity(path).error().code, Error::Code::Unauthorized);
    QCOMPARE(transport::loadTlsIdentity(path, "wrong").error().code, Error::Code::Unauthorized);
    const auto identity = transport::loadTlsIdentity(path, "correct horse");
    QVERIFY2(identity, support::why(identity));
}

void TestTlsIdentity::othersMayNotReadIt()
{
    const CertificateFactory factory;
    const QString path = factory.clientFile(u"operator"_s);
    QVERIFY(QFile::setPermissions(path, QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ReadGroup));
    const auto identity = transport::loadTlsIdentity(path);
    QCOMPARE(identity.error().code, Error::Code::Forbidden);
    QVERIFY(!identity.error().message.isEmpty());
}

void TestTlsIdentity::anExpiredOneIsRefused()
{
    support::FakeClock clock;
    const CertificateFactory factory(u"Then"_s, clock);
    const QString path = factory.clientFile(u"operator"_s);
    QVERIFY(transport::loadTlsIdentity(path, {}, clock.now()));
    clock.advance(std::chrono::hours(24 * 366));
    QCOMPARE(transport::loadTlsIdentity(path, {}, clock.now()).error().code, Error::Code::Invalid);
    clock.advance(-std::chrono::hours(24 * 400));
    QCOMPARE(transport::loadTlsIdentity(path, {}, clock.now()).error().code, Error::Code::Invalid);
}

void TestTlsIdentity::anotherKindOfKeyIsRefused()
{
    const CertificateFactory factory;
    const auto identity = factory.authority().issueClient(u"signer"_s, u"signer"_s, {}, crypto::KeyKind::Ed25519);
    const auto tls = transport::toTls(identity);
    QCOMPARE(tls.error().code, Error::Code::Invalid);
}

void TestTlsIdentity::aFolderOrNothingIsRefused()
{
    QTemporaryDir folder;
    QVERIFY(!transport::loadTlsIdentity(folder.path()));
    QVERIFY(!transport::loadTlsIdentity(folder.filePath(u"missing.pem"_s)));
    QVERIFY(!transport::needsPassphrase(folder.filePath(u"missing.pem"_s)));
}

void TestTlsIdentity::theAuthorityMustBeThePinnedOne()
{
    const CertificateFactory factory;
    const CertificateFactory other;
    const auto trust = transport::loadTrust(factory.caPath(), factory.caSha256());
    QVERIFY2(trust, support::why(trust));
    const auto changed = transport::loadTrust(other.caPath(), factory.caSha256());
    QCOMPARE(changed.error().code, Error::Code::Tls);
    QCOMPARE(transport::loadTrust(factory.caPath(), u"abc"_s).error().code, Error::Code::Invalid);
    QCOMPARE(transport::loadTrust(factory.caPath() + u'x', factory.caSha256()).error().code, Error::Code::Storage);
    QTemporaryFile empty;
    QVERIFY(empty.open());
    QCOMPARE(transport::loadTrust(empty.fileName(), factory.caSha256()).error().code, Error::Code::Invalid);
}

void TestTlsIdentity::onlyThePinnedAuthorityIsTrusted()
{
    const CertificateFactory factory;
    transport::Trust trust = factory.trust();
    const QSslConfiguration configuration = transport::tlsConfiguration(trust);
    QCOMPARE(configuration.caCertificates(), QList<QSslCertificate>{trust.authority});
    QCOMPARE(configuration.protocol(), QSsl::TlsV1_3OrLater);
    QCOMPARE(configuration.peerVerifyMode(), QSslSocket::VerifyPeer);
    trust.pin[3] = char(trust.pin[3] ^ 0x40);
    QVERIFY(transport::tlsConfiguration(trust).caCertificates().isEmpty());
}

QTEST_GUILESS_MAIN(TestTlsIdentity)
#include "tst_tlsidentity.moc"
