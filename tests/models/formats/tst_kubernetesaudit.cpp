// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/models/formats/collectsink.h"

#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace parapet;
using namespace parapet::formats;

namespace {

// The shape of kube-apiserver's log backend.
const QByteArray kubernetesGet = R"({"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"0ce4c1d5-2d3e-4c8d-9a84-9e7b1f6f7a01","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/default/secrets/db","verb":"get","user":{"username":"alice@example.com","uid":"u1","groups":["dev","system:authenticated"]},"sourceIPs":["10.0.0.7","10.0.0.1"],"userAgent":"kubectl/v1.29","objectRef":{"resource":"secrets","namespace":"default","name":"db","apiVersion":"v1"},"responseStatus":{"metadata":{},"code":200},"requestReceivedTimestamp":"2026-03-17T13:41:31.100000Z","stageTimestamp":"2026-03-17T13:41:31.250999Z","annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":"RBAC: allowed"}})";

QByteArray changed(QByteArray line, const QByteArray &from, const QByteArray &to)
{
    Q_ASSERT(line.contains(from));
    return line.replace(from, to);
}

} // namespace

class TestKubernetesAudit : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void mapsARequest();
    void outcomes_data();
    void outcomes();
    void countsOtherStages();
    void keepsAside_data();
    void keepsAside();
    void boundsWhatItTakes();
};

void TestKubernetesAudit::mapsARequest()
{
    CollectSink sink;
    const auto importer = makeImporter(ImportFormat::Kubernetes);
    sink.feedAll(*importer, kubernetesGet);
    QCOMPARE(sink.events.size(), 1);
    const AuditEvent &event = sink.events[0];
    QCOMPARE(toRfc3339(event.time), u"2026-03-17T13:41:31.250Z"_s);
    QCOMPARE(event.action, u"k8s.secrets.read"_s);
    QVERIFY(isReadAction(event.action));
    QCOMPARE(event.actorName.raw(), u"alice@example.com"_s);
    QVERIFY(event.actor.isEmpty()); // "@" is in no identifier
    QCOMPARE(event.actorKind, ActorKind::Human);
    QCOMPARE(event.target.raw(), u"secrets/default/db"_s);
    QCOMPARE(event.source, u"10.0.0.7"_s);
    QCOMPARE(event.requestId, u"0ce4c1d5-2d3e-4c8d-9a84-9e7b1f6f7a01"_s);
    QCOMPARE(event.outcome, Outcome::Success);
    const QJsonObject detail = sink.detail(0);
    QCOMPARE(detail.value("verb"_L1).toString(), u"get"_s);
    QCOMPARE(detail.value("code"_L1).toInt(), 200);
    QCOMPARE(detail.value("decisionReason"_L1).toString(), u"RBAC: allowed"_s);
    QCOMPARE(detail.value("userAgent"_L1).toString(), u"kubectl/v1.29"_s);
}

void TestKubernetesAudit::outcomes_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<Outcome>("outcome");
    QTest::addColumn<QString>("action");
    const QByteArray code = R"("code":200)", stage = R"("ResponseComplete")", verb = R"("verb":"get")";
    QTest::newRow("forbidden") << code << QByteArray(R"("code":403)") << Outcome::Denied << u"k8s.secrets.read"_s;
    QTest::newRow("not found") << code << QByteArray(R"("code":404)") << Outcome::Failure << u"k8s.secrets.read"_s;
    QTest::newRow("decision") << QByteArray(R"(decision":"allow")") << QByteArray(R"(decision":"forbid")") << Outcome::Denied << u"k8s.secrets.read"_s;
    QTest::newRow("panic") << stage << QByteArray(R"("Panic")") << Outcome::Failure << u"k8s.secrets.read"_s;
    QTest::newRow("exec") << QByteArray(R"("resource":"secrets")") << QByteArray(R"("resource":"pods","subresource":"exec")") << Outcome::Success << u"k8s.pods.exec.read"_s;
    QTest::newRow("verb") << verb << QByteArray(R"("verb":"deletecollection")") << Outcome::Success << u"k8s.secrets.deletecollection"_s;
    QTest::newRow("odd verb") << verb << QByteArray(R"("verb":"GET /x\"")") << Outcome::Success << u"k8s.secrets.get__x_"_s;
}

void TestKubernetesAudit::outcomes()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    CollectSink sink;
    const auto importer = makeImporter(ImportFormat::Kubernetes);
    sink.feedAll(*importer, changed(kubernetesGet, from, to));
    QCOMPARE(sink.events.size(), 1);
    QTEST(sink.events[0].outcome, "outcome");
    QTEST(sink.events[0].action, "action");
}

void TestKubernetesAudit::countsOtherStages()
{
    CollectSink sink;
    const auto importer = makeImporter(ImportFormat::Kubernetes);
    sink.feedAll(*importer, changed(kubernetesGet, "ResponseComplete", "RequestReceived") + '\n' + changed(kubernetesGet, "ResponseComplete", "ResponseStarted") + '\n' + kubernetesGet);
    QCOMPARE(sink.events.size(), 1);
    QCOMPARE(sink.skips.size(), 2);
    QCOMPARE(sink.lines(), 3);
}

void TestKubernetesAudit::keepsAside_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("not JSON") << QByteArray("I0317 13:41:31 started");
    QTest::newRow("cut") << kubernetesGet.left(200);
    QTest::newRow("trailing") << kubernetesGet + "{}";
    QTest::newRow("other version") << changed(kubernetesGet, "audit.k8s.io/v1", "audit.k8s.io/v1beta1");
    QTest::newRow("other kind") << changed(kubernetesGet, R"("kind":"Event")", R"("kind":"EventList")");
    QTest::newRow("unknown stage") << changed(kubernetesGet, "ResponseComplete", "Finished");
    QTest::newRow("no time") << changed(kubernetesGet, "2026-03-17T13:41:31.250999Z", "yesterday");
    QTest::newRow("twice the same name") << changed(kubernetesGet, R"("verb":"get")", R"("verb":"get","verb":"delete")");
    QTest::newRow("twice, spelled otherwise") << changed(kubernetesGet, R"("verb":"get")", R"("verb":"get","v\u0065rb":"delete")");
    QTest::newRow("half a character") << changed(kubernetesGet, "kubectl", "\\udc00");
    QTest::newRow("not UTF-8") << changed(kubernetesGet, "kubectl", "\xff");
    QTest::newRow("an array") << QByteArray("[1]");
    QTest::newRow("deep") << "{\"a\":" + QByteArray(100, '[') + QByteArray(100, ']') + '}';
    QTest::newRow("empty") << QByteArray();
}

void TestKubernetesAudit::keepsAside()
{
    QFETCH(QByteArray, line);
    CollectSink sink;
    const auto importer = makeImporter(ImportFormat::Kubernetes);
    sink.feedAll(*importer, line + '\n' + kubernetesGet);
    QCOMPARE(sink.events.size(), 1);
    QCOMPARE(sink.asideNumbers, QVector<qint64>{1});
    QVERIFY(!sink.reasons[0].isEmpty());
}

void TestKubernetesAudit::boundsWhatItTakes()
{
    CollectSink sink;
    const auto importer = makeImporter(ImportFormat::Kubernetes);
    const QByteArray control = QByteArray("\\u0001").repeated(3000);
    QByteArray line = changed(kubernetesGet, "kubectl/v1.29", control);
    line = changed(line, R"("name":"db")", "\"name\":\"" + control + '"');
    line = changed(line, "RBAC: allowed", control);
    line = changed(line, R"("verb":"get")", R"("requestObject":{},"verb":"get")");
    sink.feedAll(*importer, line);
    QCOMPARE(sink.events.size(), 1);
    const AuditEvent &event = sink.events[0];
    QVERIFY(event.detail.raw().size() <= 8192);
    QVERIFY(event.target.raw().size() <= 1024);
    QVERIFY(event.target.raw().endsWith(u'…'));
    QVERIFY(sink.detail(0).value("notTaken"_L1).isArray());
    // The worst that a text can become in the leaf is six bytes a unit.
    QVERIFY((event.detail.raw().size() + event.target.raw().size() + event.actorName.raw().size()) * 6 < 60'000);
}

QTEST_GUILESS_MAIN(TestKubernetesAudit)
#include "tst_kubernetesaudit.moc"
