// SPDX-License-Identifier: GPL-3.0-or-later
// parapet-verify and the plane that is shipped: its log over HTTPS, what was done to it while it was stopped, and a witness of it.
#include "models/fleet/connection.h"
#include "models/fleet/secretstore.h"
#include "models/storage/database.h"
#include "tests/support/faultproxy.h"
#include "tests/support/planeprocess.h"
#include "tests/verify/servedlog.h"

#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace parapet;
using namespace parapet::verify;
using namespace Qt::StringLiterals;
using support::await;
using support::why;

class TestVerifyPlane : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_plane.reset(); }
    void holds();
    void onlyWithAnIdentity();
    void throughAFaultyNetwork();
    void storedByteEdited();
    void lastEventsDropped();
    void anotherHistory();
    void anotherKey();
    void witnessed();

private:
    QStringList arguments(const QString &url = {}) const
    {
        const fleet::Profile &profile = m_profile;
        return {u"--log"_s, url.isEmpty() ? profile.audit.toString() : url, u"--key"_s, profile.logKey, u"--ca"_s, profile.caPath,
                u"--certificate"_s, profile.identityPath, u"--json"_s};
    }
    QStringList state() const { return {u"--state"_s, m_folder->filePath(u"state"_s)}; }
    Ran check(const QStringList &more = {}) const { return runBeside(arguments() + more); }
    static qint64 stated(const Ran &outcome, const char *name)
    {
        return outcome.json().value(u"states"_s).toObject().value(QLatin1String(name)).toInteger(-1);
    }
    /// Reads, which are events too, until the log has so many.
    void growTo(qint64 size);
    void copyDatabase(bool back);
    bool restart();
    /// The verdict of the bundle that a run wrote, as another run finds it; empty when that does not hold.
    QString verdictElsewhere(const Ran &outcome) const;

    std::unique_ptr<support::PlaneProcess> m_plane;
    std::unique_ptr<QTemporaryDir> m_folder;
    fleet::Profile m_profile;
    fleet::MemorySecretStore m_secrets;
};

void TestVerifyPlane::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_plane = std::make_unique<support::PlaneProcess>();
    m_plane->setArguments({u"--seed"_s, u"7"_s, u"--no-workspaces"_s, u"--activity"_s, u"none"_s});
    const Status started = m_plane->start();
    QVERIFY2(started, why(started));
    m_profile = m_plane->profile();
}

void TestVerifyPlane::growTo(qint64 size)
{
    fleet::Connection connection(m_profile, m_secrets);
    connection.open();
    QVERIFY(support::waitUntil([&] { return connection.system().audit && connection.self(); }));
    for (qint64 now = 0; now < size;) {
        QVector<Reply<AuditEvent>> asked;
        for (int i = 0; i < 200; ++i)
            asked << connection.system().audit->event(i % 5);
        for (const Reply<AuditEvent> &reply : asked)
            QVERIFY(await(reply, 60'000));
        const auto head = await(connection.system().audit->head());
        QVERIFY2(head, why(head));
        now = head->size;
    }
    connection.close();
}

void TestVerifyPlane::copyDatabase(bool back)
{
    for (const QString &suffix : {QString(), u"-wal"_s, u"-shm"_s}) {
        const QString mine = m_plane->dataFolder() + u"/plane.sqlite"_s + suffix, other = m_folder->filePath(u"earlier"_s) + suffix;
        QFile::remove(back ? mine : other);
        if (QFile::exists(back ? other : mine))
            QVERIFY(QFile::copy(back ? other : mine, back ? mine : other));
    }
}

bool TestVerifyPlane::restart()
{
    const Status started = m_plane->start();
    if (!started)
        qWarning("%s", why(started));
    return bool(started);
}

QString TestVerifyPlane::verdictElsewhere(const Ran &outcome) const
{
    const Ran elsewhere = runVerify({u"-"_s, u"--key"_s, m_profile.logKey, u"--json"_s}, bundleOf(outcome));
    return elsewhere.code == 0 ? elsewhere.json().value(u"states"_s).toObject().value(u"verdict"_s).toString() : QString();
}

void TestVerifyPlane::holds()
{
    const Ran first = check(state());
    QVERIFY2(first.code == 0, qPrintable(first.out + first.err));
    QVERIFY(stated(first, "entriesRead") > 0);
    growTo(600);
    const Ran grown = check(state());
    QVERIFY2(grown.code == 0, qPrintable(grown.out + grown.err));
    QCOMPARE(grown.state(u"consistency"_s), u"holds"_s);
    QCOMPARE(grown.state(u"sequences"_s), u"holds"_s);
    QCOMPARE(stated(grown, "verifiedBefore"), stated(first, "size"));
    QCOMPARE(stated(grown, "verifiedBefore") + stated(grown, "entriesRead"), stated(grown, "size"));
}

void TestVerifyPlane::onlyWithAnIdentity()
{
    const Ran nobody = runBeside({u"--log"_s, m_profile.audit.toString(), u"--key"_s, m_profile.logKey, u"--ca"_s, m_profile.caPath, u"--json"_s, u"--retries"_s, u"0"_s});
    QCOMPARE(nobody.code, 3);
    QVERIFY2(nobody.json().value(u"error"_s).toString().contains(u"--certificate"_s), qPrintable(nobody.out));
}

void TestVerifyPlane::throughAFaultyNetwork()
{
    growTo(600);
    support::FaultProxy proxy(quint16(m_profile.audit.port()));
    proxy.setMode(support::FaultProxy::Mode::Truncate);
    proxy.setTruncateAfter(20'000);
    RunningVerify running(arguments(u"https://127.0.0.1:%1/"_s.arg(proxy.port())));
    QVERIFY(support::waitUntil([&] { return proxy.connections() >= 3; }));
    proxy.setMode(support::FaultProxy::Mode::Reset);
    const int before = proxy.connections();
    QVERIFY(support::waitUntil([&] { return proxy.connections() > before; }));
    proxy.setMode(support::FaultProxy::Mode::Pass);
    const Ran outcome = running.finish();
    QVERIFY2(outcome.code == 0, qPrintable(outcome.out + outcome.err));
    QVERIFY(stated(outcome, "entriesRead") >= 600);
}

void TestVerifyPlane::storedByteEdited()
{
    growTo(1600); // older than what a plane proves at its own start
    QCOMPARE(check(state()).code, 0);
    QVERIFY(m_plane->stop());
    {
        auto store = storage::Database::open(m_plane->dataFolder() + u"/plane.sqlite"_s);
        QVERIFY2(store, why(store));
        auto read = (*store)->prepare(R"(SELECT "leaf" FROM events WHERE "index"=7)", false);
        QVERIFY(read && *read->step());
        QByteArray leaf = read->blob(0);
        read->reset();
        const qsizetype at = leaf.indexOf("\"actorName\":\"") + 13;
        leaf[at] = leaf[at] == 'x' ? 'y' : 'x';
        auto write = (*store)->prepare(R"(UPDATE events SET "leaf"=? WHERE "index"=7)", false);
        QVERIFY(write && write->bindBlob(1, leaf).run());
    }
    QVERIFY(restart());
    const Ran outcome = check();
    QVERIFY2(outcome.code == 1, qPrintable(outcome.out + outcome.err));
    QCOMPARE(outcome.state(u"entries"_s), u"fails"_s);
    QVERIFY(outcome.why(u"entries"_s).contains(u"Event 7 "_s));
    QCOMPARE(verdictElsewhere(outcome), u"altered"_s);
}

void TestVerifyPlane::lastEventsDropped()
{
    QVERIFY(m_plane->stop());
    copyDatabase(false);
    QVERIFY(restart());
    growTo(200);
    QCOMPARE(check(state()).code, 0);
    QVERIFY(m_plane->stop());
    copyDatabase(true);
    QVERIFY(restart());
    const Ran outcome = check(state());
    QVERIFY2(outcome.code == 1, qPrintable(outcome.out + outcome.err));
    QCOMPARE(outcome.state(u"consistency"_s), u"fails"_s);
    QCOMPARE(verdictElsewhere(outcome), u"rolledBack"_s);
}

void TestVerifyPlane::anotherHistory()
{
    QVERIFY(m_plane->stop());
    copyDatabase(false);
    QVERIFY(restart());
    growTo(200);
    const Ran before = check(state());
    QCOMPARE(before.code, 0);
    QVERIFY(m_plane->stop());
    copyDatabase(true);
    QVERIFY(restart());
    growTo(stated(before, "size") + 100);
    const Ran outcome = check(state());
    QVERIFY2(outcome.code == 1, qPrintable(outcome.out + outcome.err));
    QCOMPARE(verdictElsewhere(outcome), u"forked"_s);
}

void TestVerifyPlane::anotherKey()
{
    QCOMPARE(check(state()).code, 0);
    QVERIFY(m_plane->stop());
    const QString key = m_plane->dataFolder() + u"/log-key.pem"_s;
    QVERIFY(QFile::remove(key));
    QVERIFY(crypto::PrivateKey::generate(crypto::KeyKind::Ed25519).save(key));
    QVERIFY(restart());
    const Ran outcome = check(state());
    QVERIFY2(outcome.code == 1, qPrintable(outcome.out + outcome.err));
    QCOMPARE(outcome.state(u"signature"_s), u"fails"_s);
    QCOMPARE(verdictElsewhere(outcome), u"keySwapped"_s);
}

void TestVerifyPlane::witnessed()
{
    const QString keyFile = m_folder->filePath(u"witness.key"_s);
    const Ran made = runVerify({u"--witness-key-new"_s, keyFile});
    QCOMPARE(made.code, 0);
    const QString key = made.out.trimmed();
    const QStringList witness{u"--witness"_s, keyFile};
    // A log takes cosignatures of the witnesses that it knows.
    const Ran unknown = check(witness);
    QCOMPARE(unknown.code, 3);
    QVERIFY2(unknown.json().value(u"error"_s).toString().contains(key), qPrintable(unknown.out));
    writeFile(m_plane->dataFolder() + u"/witnesses"_s, key.toUtf8() + '\n');
    const Ran taken = check(witness);
    QVERIFY2(taken.code == 0, qPrintable(taken.out + taken.err));
    growTo(stated(taken, "size") + 100);
    const Ran again = check(witness);
    QVERIFY2(again.code == 0, qPrintable(again.out + again.err));
    QCOMPARE(again.state(u"consistency"_s), u"holds"_s);
    QVERIFY(stated(again, "size") > stated(taken, "size"));

    // The log shows it.
    fleet::Connection connection(m_profile, m_secrets);
    connection.open();
    QVERIFY(support::waitUntil([&] { return connection.system().audit && connection.self(); }));
    const auto shown = await(connection.system().audit->cosignatures(10));
    QVERIFY2(shown, why(shown));
    QCOMPARE(shown->size(), 2);
    QCOMPARE(shown->first().size, stated(again, "size"));
    QCOMPARE(shown->first().line, again.json().value(u"states"_s).toObject().value(u"line"_s).toString());
    connection.close();
}

QTEST_GUILESS_MAIN(TestVerifyPlane)
#include "tst_verify_plane.moc"
