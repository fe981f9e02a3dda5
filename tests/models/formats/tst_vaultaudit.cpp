// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/models/formats/collectsink.h"

#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace parapet;
using namespace parapet::formats;

namespace {

QByteArray vaultLine(const char *type, const QByteArray &id, const QByteArray &more = {})
{
    return R"({"time":"2026-03-17T13:41:31.250123456Z","type":")" + QByteArray(type)
        + R"(","auth":{"client_token":"hmac-sha256:aa","accessor":"hmac-sha256:b1c2","display_name":"userpass-alice","policies":["default","db"],"token_type":"service","entity_id":"7d2e3179-f69b-450c-7179-ac8ee8bd8ca9"},"request":{"id":")"
        + id + R"(","operation":"read","mount_type":"kv","mount_point":"secret/","path":"secret/data/db","namespace":{"id":"root"},"remote_address":"10.1.2.3","remote_port":4711})" + more + '}';
}

} // namespace

class TestVaultAudit : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void joinsRequestAndResponse();
    void requestsMayStayAlone();
    void waitsAcrossAResume();
    void refusalsAndFailures_data();
    void refusalsAndFailures();
    void loginsSayWhoCameIn();
    void keepsAside_data();
    void keepsAside();
    void whatWaitsIsBounded();
};

void TestVaultAudit::joinsRequestAndResponse()
{
    CollectSink sink;
    const auto importer = makeImporter(ImportFormat::Vault);
    sink.feedAll(*importer, vaultLine("request", "r1") + '\n' + vaultLine("request", "r2") + '\n' + vaultLine("response", "r1", R"(,"response":{"data":{"k":"hmac-sha256:cc"}})") + '\n' + vaultLine("response", "r2"));
    QCOMPARE(sink.events.size(), 2);
    QCOMPARE(sink.joined(), 2);
    QCOMPARE(sink.lines(), 4);
    const AuditEvent &event = sink.events[0];
    QCOMPARE(event.action, u"vault.kv.read"_s);
    QCOMPARE(event.actor.value, u"7d2e3179-f69b-450c-7179-ac8ee8bd8ca9"_s);
    QCOMPARE(event.actorName.raw(), u"userpass-alice"_s);
    QCOMPARE(event.actorKind, ActorKind::Human);
    QCOMPARE(event.target.raw(), u"secret/data/db"_s);
    QCOMPARE(event.session.value, u"hmac-sha256:b1c2"_s);
    QCOMPARE(event.source, u"10.1.2.3"_s);
    QCOMPARE(event.requestId, u"r1"_s);
    QCOMPARE(toRfc3339(event.time), u"2026-03-17T13:41:31.250Z"_s);
    QCOMPARE(sink.detail(0).value("mountPoint"_L1).toString(), u"secret/"_s);
}

void TestVaultAudit::requestsMayStayAlone()
{
    CollectSink sink;
    const auto importer = makeImporter(ImportFormat::Vault);
    sink.feedAll(*importer, vaultLine("request", "r1") + '\n' + vaultLine("request", "r1") + '\n' + vaultLine("response", "r3"));
    QCOMPARE(sink.events.size(), 3);
    QCOMPARE(sink.lines(), 3);
    QVERIFY(sink.events[0].detail.raw().contains("none was logged"_L1));
    QVERIFY(sink.events[2].detail.raw().contains("none was logged"_L1));
}

void TestVaultAudit::waitsAcrossAResume()
{
    CollectSink sink;
    auto importer = makeImporter(ImportFormat::Vault);
    sink.feed(*importer, vaultLine("request", "r1") + '\n' + vaultLine("request", "r2") + '\n' + vaultLine("response", "r1"));
    const QVector<WaitingLine> waiting = importer->waiting();
    QCOMPARE(waiting.size(), 1);
    QCOMPARE(waiting[0].number, 2);
    importer = makeImporter(ImportFormat::Vault);
    for (const WaitingLine &line : waiting)
        importer->line(line.number, line.bytes, sink);
    QCOMPARE(importer->waiting().size(), 1);
    importer->line(4, vaultLine("response", "r2"), sink);
    importer->end(sink);
    QCOMPARE(sink.events.size(), 2);
    QCOMPARE(sink.joins, (QVector<qint64>{1, 1}));
}

void TestVaultAudit::refusalsAndFailures_data()
{
    QTest::addColumn<QByteArray>("more");
    QTest::addColumn<Outcome>("outcome");
    QTest::newRow("success") << QByteArray() << Outcome::Success;
    QTest::newRow("denied") << QByteArray(R"(,"error":"1 error occurred:\n\t* permission denied\n\n")") << Outcome::Denied;
    QTest::newRow("token") << QByteArray(R"(,"error":"missing client token")") << Outcome::Denied;
    QTest::newRow("failed") << QByteArray(R"(,"error":"no handler for route \"x\"")") << Outcome::Failure;
}

void TestVaultAudit::refusalsAndFailures()
{
    QFETCH(QByteArray, more);
    CollectSink sink;
    const auto importer = makeImporter(ImportFormat::Vault);
    sink.feedAll(*importer, vaultLine("response", "r1", more));
    QCOMPARE(sink.events.size(), 1);
    QTEST(sink.events[0].outcome, "outcome");
}

void TestVaultAudit::loginsSayWhoCameIn()
{
    CollectSink sink;
    const auto importer = makeImporter(ImportFormat::Vault);
    sink.feedAll(*importer, R"({"time":"2026-03-17T13:41:31Z","type":"response","request":{"id":"r9","operation":"update","path":"auth/approle/login","data":{"secret_id":"hmac-sha256:dd"}},"response":{"auth":{"accessor":"hmac-sha256:ee","display_name":"approle","metadata":{"role_name":"ci"}}}})");
    QCOMPARE(sink.events.size(), 1);
    QCOMPARE(sink.events[0].action, u"vault.auth.update"_s);
    QCOMPARE(sink.events[0].actorName.raw(), u"approle"_s);
    QCOMPARE(sink.events[0].actorKind, ActorKind::Service);
    QCOMPARE(sink.detail(0).value("data"_L1).toObject().value("secret_id"_L1).toString(), u"hmac-sha256:dd"_s);
}

void TestVaultAudit::keepsAside_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("other type") << vaultLine("error", "r1");
    QTest::newRow("no id") << vaultLine("request", "");
    QTest::newRow("no request") << QByteArray(R"({"time":"2026-03-17T13:41:31Z","type":"request"})");
    QTest::newRow("no time") << QByteArray(R"({"type":"request","request":{"id":"a"}})");
    QTest::newRow("cut") << vaultLine("request", "r1").left(100);
}

void TestVaultAudit::keepsAside()
{
    QFETCH(QByteArray, line);
    CollectSink sink;
    const auto importer = makeImporter(ImportFormat::Vault);
    sink.feedAll(*importer, line);
    QCOMPARE(sink.events.size(), 0);
    QCOMPARE(sink.reasons.size(), 1);
}

void TestVaultAudit::whatWaitsIsBounded()
{
    CollectSink sink;
    const auto importer = makeImporter(ImportFormat::Vault);
    for (int i = 0; i < 5000; ++i)
        importer->line(i + 1, vaultLine("request", "r" + QByteArray::number(i)), sink);
    QCOMPARE(importer->waiting().size(), 4096);
    QCOMPARE(sink.events.size(), 5000 - 4096);
    importer->end(sink);
    QCOMPARE(sink.lines(), 5000);
}

QTEST_GUILESS_MAIN(TestVaultAudit)
#include "tst_vaultaudit.moc"
