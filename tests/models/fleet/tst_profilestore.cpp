// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/profilestore.h"

#include "models/crypto/noteverifier.h"
#include "models/fleet/fingerprinttext.h"
#include "models/fleet/secretstore.h"
#include "tests/support/temporarysettings.h"
#include "tests/support/waiting.h"

#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace parapet;
using namespace Qt::StringLiterals;
using fleet::Profile;
using fleet::ProfileStore;

namespace {

Profile valid(const QString &name = u"Production"_s)
{
    static const QString logKey =
        crypto::NoteVerifier::make(u"log.example"_s, crypto::PrivateKey::generate(crypto::KeyKind::Ed25519).publicKey())
            ->text();
    Profile profile;
    profile.name = name;
    profile.control = QUrl(u"https://plane.example:8443/base"_s);
    profile.audit = QUrl(u"https://audit.example"_s);
    profile.agent = QUrl(u"https://agent.example"_s);
    profile.caPath = u"/etc/ca.pem"_s;
    profile.caSha256 = QString(64, u'a');
    profile.logKey = logKey;
    profile.identityPath = u"/home/op/id.pem"_s;
    profile.proberIdentityPath = u"/home/op/prober.pem"_s;
    return profile;
}

} // namespace

class TestProfileStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void savedProfilesComeBack();
    void namesMayHoldAnything();
    void pinsAreNotReplacedQuietly();
    void whatCannotBeUsedIsNotSaved_data();
    void whatCannotBeUsedIsNotSaved();
    void forgettingForgetsThePreference();
    void fingerprints_data();
    void fingerprints();
    void memorySecrets();
};

void TestProfileStore::savedProfilesComeBack()
{
    support::TemporarySettings settings;
    {
        ProfileStore store(settings.store());
        QSignalSpy changed(&store, &ProfileStore::profilesChanged);
        const auto saved = store.save(valid());
        QVERIFY2(saved, support::why(saved));
        QVERIFY(store.save(valid(u"alpha"_s)));
        store.setPreferred(u"alpha"_s);
        QCOMPARE(changed.size(), 2);
        QVERIFY(store.save(valid())); // nothing new
        QCOMPARE(changed.size(), 2);
    }
    settings.reopen();
    ProfileStore store(settings.store());
    QCOMPARE(store.profiles().size(), 2);
    QCOMPARE(store.profiles().first().name, u"alpha"_s);
    QCOMPARE(*store.find(u"Production"_s), valid());
    QCOMPARE(store.preferred(), u"alpha"_s);
    QVERIFY(!store.find(u"production"_s));
}

void TestProfileStore::namesMayHoldAnything()
{
    support::TemporarySettings settings;
    ProfileStore store(settings.store());
    for (const QString &name : {u"a/b\\c"_s, u"Zürich – 本番"_s, u"50% [x]"_s})
        QVERIFY(store.save(valid(name)));
    QCOMPARE(store.profiles().size(), 3);
    QVERIFY(store.find(u"a/b\\c"_s));
    QVERIFY(store.find(u"50% [x]"_s));
}

void TestProfileStore::pinsAreNotReplacedQuietly()
{
    support::TemporarySettings settings;
    ProfileStore store(settings.store());
    QVERIFY(store.save(valid()));
    Profile changed = valid();
    changed.caSha256 = QString(64, u'b');
    QCOMPARE(store.save(changed).error().code, Error::Code::Conflict);
    changed = valid();
    changed.logKey.clear();
    QCOMPARE(store.save(changed).error().code, Error::Code::Conflict);
    QCOMPARE(*store.find(u"Production"_s), valid());
    changed = valid();
    changed.control = QUrl(u"https://plane.example:9443"_s); // moving is not another system
    QVERIFY(store.save(changed));
    store.forget(u"Production"_s);
    changed.caSha256 = QString(64, u'b');
    QVERIFY(store.save(changed));
}

void TestProfileStore::whatCannotBeUsedIsNotSaved_data()
{
    QTest::addColumn<Profile>("profile");
    const auto row = [](const char *name, auto change) {
        Profile profile = valid();
        change(profile);
        QTest::newRow(name) << profile;
    };
    row("no name", [](Profile &p) { p.name = u"  "_s; });
    row("http", [](Profile &p) { p.audit = QUrl(u"http://audit.example"_s); });
    row("no agent", [](Profile &p) { p.agent = QUrl(); });
    row("password in the address", [](Profile &p) { p.control = QUrl(u"https://a:b@plane.example"_s); });
    row("query in the address", [](Profile &p) { p.control = QUrl(u"https://plane.example/?x"_s); });
    row("no authority", [](Profile &p) { p.caPath.clear(); });
    row("no pin", [](Profile &p) { p.caSha256.clear(); });
    row("half a pin", [](Profile &p) { p.caSha256.chop(1); });
    row("no log key", [](Profile &p) { p.logKey = u"log.example"_s; });
    row("no identity", [](Profile &p) { p.identityPath.clear(); });
    row("the doer as its own prober", [](Profile &p) { p.proberIdentityPath = p.identityPath; });
}

void TestProfileStore::whatCannotBeUsedIsNotSaved()
{
    QFETCH(Profile, profile);
    support::TemporarySettings settings;
    ProfileStore store(settings.store());
    const auto saved = store.save(profile);
    QVERIFY(!saved);
    QCOMPARE(saved.error().code, Error::Code::Invalid);
    QVERIFY(!saved.error().message.isEmpty());
    QVERIFY(store.profiles().isEmpty());
}

void TestProfileStore::forgettingForgetsThePreference()
{
    support::TemporarySettings settings;
    ProfileStore store(settings.store());
    QVERIFY(store.save(valid()));
    store.setPreferred(u"Production"_s);
    store.forget(u"Production"_s);
    QVERIFY(store.preferred().isEmpty());
    QVERIFY(store.profiles().isEmpty());
}

void TestProfileStore::fingerprints_data()
{
    QTest::addColumn<QString>("given");
    QTest::addColumn<QString>("text");
    const QString hex = u"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"_s;
    const QString shown = u"0123 4567 89AB CDEF 0123 4567 89AB CDEF\n0123 4567 89AB CDEF 0123 4567 89AB CDEF"_s;
    QTest::newRow("plain") << hex << shown;
    QTest::newRow("as openssl prints it")
        << u"01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF"_s
        << shown;
    QTest::newRow("as shown") << shown << shown;
    QTest::newRow("not hex") << u"sha256:0123"_s << QString();
    QTest::newRow("look-alike digits") << u"０１２３"_s << QString();
}

void TestProfileStore::fingerprints()
{
    QFETCH(QString, given);
    QFETCH(QString, text);
    const fleet::FingerprintText fingerprint(given);
    QCOMPARE(fingerprint.text(), text);
    QCOMPARE(fingerprint.matches(text.toLower()), !text.isEmpty());
    QVERIFY(!fingerprint.matches(text.chopped(qMin(text.size(), 1))));
    QCOMPARE(fingerprint.spoken().startsWith(u"0 1 2 3, 4 5 6 7"_s), !text.isEmpty());
}

void TestProfileStore::memorySecrets()
{
    fleet::MemorySecretStore store;
    QCOMPARE(support::await(store.read(u"a"_s)).error().code, Error::Code::NotFound);
    QVERIFY(support::await(store.write(u"a"_s, "one")));
    QVERIFY(support::await(store.write(u"a"_s, "two")));
    QCOMPARE(*support::await(store.read(u"a"_s)), QByteArray("two"));
    QVERIFY(support::await(store.remove(u"a"_s)));
    QCOMPARE(support::await(store.read(u"a"_s)).error().code, Error::Code::NotFound);
}

QTEST_GUILESS_MAIN(TestProfileStore)
#include "tst_profilestore.moc"
