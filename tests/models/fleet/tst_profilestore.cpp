// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/profilestore.h"

#include "models/crypto/noteverifier.h"
#include "models/fleet/fingerprinttext.h"
#include "models/fleet/logwitness.h"
#include "models/fleet/secretstore.h"
#include "models/fleet/switchboard.h"
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
    void witnessesComeBack();
    void earlierProfilesAreRead();
    void cosigningMakesAKeyOnce();
    void aSecretThatCannotBeKeptChangesNothing();
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
    row("no witness key", [](Profile &p) { p.witnessKeys = u"witness.example"_s; });
    row("a log's key as a witness's", [](Profile &p) { p.witnessKeys = p.logKey; });
    row("more witnesses than there are", [](Profile &p) { p.witnessLeast = 1; });
    row("witnesses within no time", [](Profile &p) { p.witnessHours = 0; });
    row("an own witness key that is none", [](Profile &p) { p.ownWitness = u"console"_s; });
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

void TestProfileStore::witnessesComeBack()
{
    support::TemporarySettings settings;
    Profile profile = valid();
    profile.witnessKeys = fleet::newWitnessKey().verifier().text() + u"\n# second\n"_s + fleet::newWitnessKey().verifier().text();
    profile.witnessLeast = 2;
    profile.witnessHours = 48;
    profile.ownWitness = fleet::newWitnessKey().verifier().text();
    profile.cosigns = true;
    QVERIFY(ProfileStore(settings.store()).save(profile));
    settings.reopen();
    ProfileStore store(settings.store());
    QCOMPARE(*store.find(profile.name), profile);
    // Witnesses are no pin that must be forgotten first: they come and go.
    profile.witnessKeys.clear();
    profile.witnessLeast = 0;
    profile.cosigns = false;
    QVERIFY(store.save(profile));
    QCOMPARE(*store.find(profile.name), profile);
}

void TestProfileStore::earlierProfilesAreRead()
{
    support::TemporarySettings settings;
    QVERIFY(ProfileStore(settings.store()).save(valid()));
    for (const QString &key : {u"witnessKeys"_s, u"witnessLeast"_s, u"witnessHours"_s, u"ownWitness"_s, u"cosigns"_s})
        settings.store().remove(u"profiles/Production/"_s + key);
    settings.reopen();
    QVERIFY(!settings.store().contains(u"profiles/Production/witnessHours"_s));
    ProfileStore store(settings.store());
    QCOMPARE(*store.find(u"Production"_s), valid());
    QVERIFY(store.save(valid()));
    // A value that makes no sense does not make another profile of it.
    settings.store().setValue(u"profiles/Production/witnessLeast"_s, u"many"_s);
    QCOMPARE(store.find(u"Production"_s)->witnessLeast, 0);
}

void TestProfileStore::cosigningMakesAKeyOnce()
{
    support::TemporarySettings settings;
    ProfileStore store(settings.store());
    fleet::MemorySecretStore secrets;
    fleet::Switchboard board(store, secrets, nullptr, Clock::system());
    const auto unknown = support::await(board.setCosigning(u"Production"_s, true));
    QVERIFY(!unknown && unknown.error().code == Error::Code::NotFound);
    QVERIFY(store.save(valid()));
    const auto on = support::await(board.setCosigning(u"Production"_s, true));
    QVERIFY2(on, support::why(on));
    const QString key = store.find(u"Production"_s)->ownWitness;
    QVERIFY(store.find(u"Production"_s)->cosigns);
    const auto own = crypto::NoteVerifier::parse(key, crypto::NoteAlgorithm::Cosignature);
    QVERIFY(own);
    const auto secret = support::await(secrets.read(fleet::witnessSecret(*own)));
    QVERIFY(secret);
    QVERIFY(crypto::NoteSigner::parse(QString::fromLatin1(*secret), crypto::NoteAlgorithm::Cosignature)->verifier() == *own);
    // Off and on again it is the same witness: others have pinned it.
    QVERIFY(support::await(board.setCosigning(u"Production"_s, false)));
    QVERIFY(!store.find(u"Production"_s)->cosigns);
    QCOMPARE(store.find(u"Production"_s)->ownWitness, key);
    QVERIFY(support::await(board.setCosigning(u"Production"_s, true)));
    QCOMPARE(store.find(u"Production"_s)->ownWitness, key);
    // One whose secret half is gone can never sign again.
    QVERIFY(support::await(secrets.remove(fleet::witnessSecret(*own))));
    QVERIFY(support::await(board.setCosigning(u"Production"_s, true)));
    QVERIFY(store.find(u"Production"_s)->ownWitness != key);
}

namespace {

/// A keychain that nobody unlocks.
class LockedSecrets final : public fleet::SecretStore
{
public:
    Reply<QByteArray> read(const QString &) override { return ready<QByteArray>(refused()); }
    Reply<void> write(const QString &, const QByteArray &) override { return ready<void>(refused()); }
    Reply<void> remove(const QString &) override { return ready<void>(refused()); }

private:
    static Failure refused() { return fail(Error::Code::Storage, u"The keychain is locked."_s); }
};

} // namespace

void TestProfileStore::aSecretThatCannotBeKeptChangesNothing()
{
    support::TemporarySettings settings;
    ProfileStore store(settings.store());
    LockedSecrets secrets;
    fleet::Switchboard board(store, secrets, nullptr, Clock::system());
    QVERIFY(store.save(valid()));
    const auto on = support::await(board.setCosigning(u"Production"_s, true));
    QVERIFY(!on && on.error().code == Error::Code::Storage);
    QCOMPARE(*store.find(u"Production"_s), valid());
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
