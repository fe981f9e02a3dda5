// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/models/evidence/samplerecord.h"

#include "models/core/json.h"

#include <QtCore/QJsonArray>
#include <QtTest/QTest>

using namespace parapet;
using namespace parapet::evidence;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

using Change = std::function<void(RevocationRecord &)>;

RevocationStep &stepOf(RevocationRecord &record, const QString &id)
{
    return *std::find_if(record.steps.begin(), record.steps.end(), [&](const RevocationStep &s) { return s.id == id; });
}

} // namespace
Q_DECLARE_METATYPE(Change)

class TestRevocation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void survivesItsJson();
    void statementIsInToto();
    void refusesUnknownAndMissing();
    void refusesWrongKinds_data();
    void refusesWrongKinds();
    void refusesOtherStatements();
    void subjectsAreBound();
    void issues();
    void refusesToIssue_data();
    void refusesToIssue();
    void issuesAnyway_data();
    void issuesAnyway();
    void refusesAnotherSigner();
    void refusesAnExpiredSigner();
    void namesAllThatSurvives();
    void saysItsLimits();
    void bulk();

private:
    SampleSigner m_signer;
};

void TestRevocation::survivesItsJson()
{
    RevocationRecord record = sampleRecord();
    record.steps[0].result = RevocationStep::Result::Failed;
    record.steps[0].requested = {};
    record.probes[0].verdict = Verdict::Survives;
    const auto read = fromStatement(toStatement(record));
    QVERIFY2(read, read ? "" : qPrintable(read.error().message + read.error().detail));
    QCOMPARE(*read, record);
    const auto parsed = parseJson(canonicalJson(toStatement(record)));
    QVERIFY(parsed);
    QCOMPARE(fromStatement(parsed->toObject()).value(), record);
}

void TestRevocation::statementIsInToto()
{
    const QJsonObject statement = toStatement(sampleRecord());
    QCOMPARE(statement.value(u"_type"_s).toString(), u"https://in-toto.io/Statement/v1"_s);
    QCOMPARE(statement.value(u"predicateType"_s).toString(), u"https://parapet.dev/revocation/v1"_s);
    const QJsonArray subjects = statement.value(u"subject"_s).toArray();
    QCOMPARE(subjects.size(), 6); // two workspaces, an archive and a manifest of each
    for (const QJsonValueConstRef subject : subjects) {
        QVERIFY(!subject.toObject().value(u"name"_s).toString().isEmpty());
        QCOMPARE(subject.toObject().value(u"digest"_s).toObject().value(u"sha256"_s).toString().size(), 64);
    }
}

void TestRevocation::refusesUnknownAndMissing()
{
    const QJsonObject statement = toStatement(sampleRecord());
    const QJsonObject predicate = statement.value(u"predicate"_s).toObject();
    const auto with = [&](const QJsonObject &changed) {
        QJsonObject copy = statement;
        copy.insert(u"predicate"_s, changed);
        return fromStatement(copy);
    };
    for (const QString &name : predicate.keys()) {
        QJsonObject changed = predicate;
        changed.remove(name);
        QVERIFY2(!with(changed), qPrintable(name));
        changed = predicate;
        changed.insert(name, QJsonObject{{u"never"_s, 1}});
        QVERIFY2(!with(changed), qPrintable(name));
    }
    QJsonObject changed = predicate;
    changed.insert(u"extra"_s, 1);
    QVERIFY(!with(changed));
    for (const QString &list : {u"workspaces"_s, u"steps"_s, u"probes"_s}) {
        QJsonArray items = predicate.value(list).toArray();
        const QJsonObject first = items.first().toObject();
        for (const QString &name : first.keys()) {
            QJsonObject item = first;
            item.remove(name);
            items[0] = item;
            changed = predicate;
            changed.insert(list, items);
            QVERIFY2(!with(changed), qPrintable(list + u'/' + name));
        }
        QJsonObject item = first;
        item.insert(u"extra"_s, true);
        items[0] = item;
        changed = predicate;
        changed.insert(list, items);
        const auto refused = with(changed);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, Error::Code::Invalid);
    }
}

void TestRevocation::refusesWrongKinds_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::newRow("verdict") << QByteArray("\"verdict\":\"holds\"") << QByteArray("\"verdict\":\"fine\"");
    QTest::newRow("kind of probe") << QByteArray("\"kind\":\"lease\"") << QByteArray("\"kind\":\"leash\"");
    QTest::newRow("result") << QByteArray("\"result\":\"observed\"") << QByteArray("\"result\":\"done\"");
    QTest::newRow("time") << QByteArray("\"issued\":null") << QByteArray("\"issued\":\"yesterday\"");
    QTest::newRow("boolean as text") << QByteArray("\"destructive\":true") << QByteArray("\"destructive\":\"true\"");
    QTest::newRow("number as text") << QByteArray("\"tries\":2") << QByteArray("\"tries\":\"2\"");
    QTest::newRow("fraction") << QByteArray("\"tries\":2") << QByteArray("\"tries\":2.5");
    QTest::newRow("negative index") << QByteArray("[40,41,44]") << QByteArray("[-1,41,44]");
    QTest::newRow("index as text") << QByteArray("[40,41,44]") << QByteArray("[40,\"41\",44]");
    QTest::newRow("identifier") << QByteArray("\"operation\":\"op-7f3k2m\"")
                                << QByteArray("\"operation\":\"op/7f3k2m\"");
    QTest::newRow("step is no object") << QByteArray("\"steps\":[{") << QByteArray("\"steps\":[1,{");
    QTest::newRow("waits for a number") << QByteArray("\"after\":[\"ws-pay-1.isolate\"]")
                                        << QByteArray("\"after\":[1]");
}

void TestRevocation::refusesWrongKinds()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    QByteArray text = canonicalJson(toStatement(sampleRecord()));
    QVERIFY(text.contains(from));
    text.replace(text.indexOf(from), from.size(), to);
    const auto json = parseJson(text);
    QVERIFY(json);
    const auto read = fromStatement(json->toObject());
    QVERIFY(!read);
    QCOMPARE(read.error().code, Error::Code::Invalid);
}

void TestRevocation::refusesOtherStatements()
{
    for (const QString &member : {u"_type"_s, u"predicateType"_s}) {
        QJsonObject statement = toStatement(sampleRecord());
        statement.insert(member, u"https://slsa.dev/provenance/v1"_s);
        QVERIFY(!fromStatement(statement));
    }
    QVERIFY(!fromStatement({}));
}

void TestRevocation::subjectsAreBound()
{
    QJsonObject statement = toStatement(sampleRecord());
    QJsonArray subjects = statement.value(u"subject"_s).toArray();
    subjects.removeLast();
    statement.insert(u"subject"_s, subjects);
    QVERIFY(!fromStatement(statement));
}

void TestRevocation::issues()
{
    const RevocationRecord record = sampleRecord();
    QVERIFY2(obstacles(record).isEmpty(), qPrintable(obstacles(record).join(u'\n')));
    const auto bytes = issue(record, m_signer.identity, m_signer.clock);
    QVERIFY2(bytes, bytes ? "" : qPrintable(bytes.error().message));
    const auto envelope = crypto::Envelope::fromBytes(*bytes);
    QVERIFY(envelope);
    QCOMPARE(envelope->payloadType, QString(inTotoPayloadType));
    QVERIFY(envelope->isSignedBy(m_signer.identity.key.publicKey()));
    QCOMPARE(envelope->signatures.first().certificates.size(), 2);
    const auto payload = parseJson(envelope->payload);
    QCOMPARE(canonicalJson(*payload), envelope->payload);
    RevocationRecord signedRecord = fromStatement(payload->toObject()).value();
    QCOMPARE(signedRecord.issued, m_signer.clock.now());
    QCOMPARE(signedRecord.signer.principal, record.operatorId);
    QCOMPARE(signedRecord.signer.keyId, m_signer.identity.key.keyId());
    QCOMPARE(signedRecord.signer.certificateSha256, m_signer.identity.certificate.fingerprint());
    QVERIFY(!signedRecord.doesNotProve.isEmpty());
    signedRecord.issued = {};
    signedRecord.signer = {};
    signedRecord.doesNotProve.clear();
    QCOMPARE(signedRecord, record);
}

void TestRevocation::refusesToIssue_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("named");
    const auto row = [](const char *name, const char *named, Change change) {
        QTest::newRow(name) << std::move(change) << QString::fromLatin1(named);
    };
    row("a lease survives", "ws-pay-1-lease", [](auto &r) {
        r.probes[1].verdict = Verdict::Survives;
        r.probes[1].seen = Untrusted(u"login accepted"_s);
    });
    row("a probe was never tried", "4711@99", [](auto &r) { r.probes[2].verdict = Verdict::Unknown; });
    row("a probe without observer", "sess-41c9", [](auto &r) { r.probes[0].observer.clear(); });
    row("a probe without time", "sess-41c9", [](auto &r) { r.probes[0].at = {}; });
    row("a probe without a try", "sess-41c9", [](auto &r) { r.probes[0].tries = 0; });
    row("a probe before the destruction", "sess-41c9", [](auto &r) { r.probes[0].at = r.started; });
    row("no probe of one workspace", "ws-pay-2", [](auto &r) { r.probes.resize(3); });
    row("no probe at all", "ws-pay-1", [](auto &r) { r.probes.clear(); });
    row("a failed step", "ws-pay-1.terminate",
        [](auto &r) { stepOf(r, u"ws-pay-1.terminate"_s).result = RevocationStep::Result::Failed; });
    row("an open step", "ws-pay-2.log",
        [](auto &r) { stepOf(r, u"ws-pay-2.log"_s).result = RevocationStep::Result::Open; });
    row("a skipped destruction", "ws-pay-1.terminate",
        [](auto &r) { stepOf(r, u"ws-pay-1.terminate"_s).result = RevocationStep::Result::Skipped; });
    row("skipped evidence", "ws-pay-1.snapshot",
        [](auto &r) { stepOf(r, u"ws-pay-1.snapshot"_s).result = RevocationStep::Result::Skipped; });
    row("skipped without why", "ws-pay-1.isolate", [](auto &r) {
        stepOf(r, u"ws-pay-1.isolate"_s).result = RevocationStep::Result::Skipped;
        stepOf(r, u"ws-pay-1.isolate"_s).seen = {};
    });
    row("observed by nobody", "ws-pay-1.isolate", [](auto &r) { stepOf(r, u"ws-pay-1.isolate"_s).by.clear(); });
    row("observed before it was asked for", "ws-pay-1.isolate",
        [](auto &r) { stepOf(r, u"ws-pay-1.isolate"_s).observed = stepOf(r, u"ws-pay-1.isolate"_s).requested - 1ms; });
    row("evidence too late", "ws-pay-1.terminate", [](auto &r) { stepOf(r, u"ws-pay-1.snapshot"_s).observed += 10s; });
    row("evidence not before it in the plan", "ws-pay-1.terminate",
        [](auto &r) { stepOf(r, u"ws-pay-1.terminate"_s).after.clear(); });
    row("evidence of the other workspace", "ws-pay-1.terminate",
        [](auto &r) { stepOf(r, u"ws-pay-1.terminate"_s).after = {u"ws-pay-2.snapshot"_s}; });
    row("no evidence in the plan", "ws-pay-2.terminate",
        [](auto &r) { stepOf(r, u"ws-pay-2.snapshot"_s).evidence = false; });
    row("evidence without digest", "ws-pay-1.snapshot",
        [](auto &r) { stepOf(r, u"ws-pay-1.snapshot"_s).outputs = {}; });
    row("a digest that is none", "archiveSha256",
        [](auto &r) { stepOf(r, u"ws-pay-1.snapshot"_s).outputs.insert(u"archiveSha256"_s, u"abc"_s); });
    row("a digest in capitals", "archiveSha256",
        [](auto &r) { stepOf(r, u"ws-pay-1.snapshot"_s).outputs.insert(u"archiveSha256"_s, QString(64, u'A')); });
    row("an image digest that is none", "ws-pay-1", [](auto &r) { r.workspaces[0].imageDigest = u"latest"_s; });
    row("no journal", "journal", [](auto &r) { r.journalSha256.clear(); });
    row("no reason", "reason", [](auto &r) { r.reason = {}; });
    row("no operator", "operator", [](auto &r) { r.operatorId = {}; });
    row("no workspace", "workspace", [](auto &r) { r.workspaces.clear(); });
    row("no step", "step", [](auto &r) { r.steps.clear(); });
    row("two workspaces of one name", "identifier", [](auto &r) { r.workspaces[1].id = r.workspaces[0].id; });
    row("two steps of one name", "ws-pay-1.isolate", [](auto &r) { r.steps[1].id = r.steps[0].id; });
    row("waits for nothing", "ws-pay-1.isolate", [](auto &r) { r.steps[0].after = {u"gone"_s}; });
    row("a step elsewhere", "ws-pay-1.isolate", [](auto &r) { r.steps[0].workspace = WorkspaceId(u"ws-x"_s); });
    row("a probe elsewhere", "sess-41c9", [](auto &r) { r.probes[0].workspace = WorkspaceId(u"ws-x"_s); });
    row("events out of order", "audit", [](auto &r) { r.auditEvents = {41, 40}; });
    row("no times", "started", [](auto &r) { r.ended = {}; });
}

void TestRevocation::refusesToIssue()
{
    QFETCH(Change, change);
    QFETCH(QString, named);
    RevocationRecord record = sampleRecord();
    change(record);
    const auto bytes = issue(record, m_signer.identity, m_signer.clock);
    QVERIFY(!bytes);
    QCOMPARE(bytes.error().code, Error::Code::Invalid);
    QVERIFY2((bytes.error().message + bytes.error().detail).contains(named), qPrintable(bytes.error().message));
}

void TestRevocation::issuesAnyway_data()
{
    QTest::addColumn<Change>("change");
    QTest::newRow("evidence skipped with a reason") << Change([](RevocationRecord &r) {
        r.evidenceOverride = Untrusted(u"Ransomware is running: every second counts"_s);
        for (const QString &id : {u"ws-pay-1.snapshot"_s, u"ws-pay-2.snapshot"_s}) {
            stepOf(r, id).result = RevocationStep::Result::Skipped;
            stepOf(r, id).outputs = {};
        }
    });
    QTest::newRow("a harmless step skipped with why") << Change([](RevocationRecord &r) {
        stepOf(r, u"ws-pay-1.isolate"_s).result = RevocationStep::Result::Skipped;
        stepOf(r, u"ws-pay-1.isolate"_s).seen = Untrusted(u"the runtime cannot isolate"_s);
    });
    QTest::newRow("found done, without evidence") << Change([](RevocationRecord &r) {
        for (RevocationStep &step : r.steps) {
            step.requested = {};
            step.evidence = false;
            step.outputs = {};
        }
    });
    QTest::newRow("simulated") << Change([](RevocationRecord &r) { r.workspaces[0].simulated = true; });
    QTest::newRow("hostile names") << Change([](RevocationRecord &r) {
        r.workspaces[0].name = Untrusted(u"<b>\u202E\n\0</b>"_s);
        r.steps[0].seen = Untrusted(QString(QChar(7)) + u"\x1b[2J"_s);
    });
}

void TestRevocation::issuesAnyway()
{
    QFETCH(Change, change);
    RevocationRecord record = sampleRecord();
    change(record);
    const auto bytes = issue(record, m_signer.identity, m_signer.clock);
    QVERIFY2(bytes, bytes ? "" : qPrintable(bytes.error().detail));
}

void TestRevocation::refusesAnotherSigner()
{
    const crypto::Identity other = m_signer.authority.issueClient(u"p-mallory"_s, u"Mallory"_s, {m_signer.clock, 24h});
    const auto bytes = issue(sampleRecord(), other, m_signer.clock);
    QVERIFY(!bytes);
    QVERIFY(bytes.error().message.contains(u"p-mallory"_s) && bytes.error().message.contains(u"p-amara"_s));
}

void TestRevocation::refusesAnExpiredSigner()
{
    SampleClock later;
    later.at += 25h;
    QVERIFY(!issue(sampleRecord(), m_signer.identity, later));
}

void TestRevocation::namesAllThatSurvives()
{
    RevocationRecord record = sampleRecord();
    for (RevocationProbe &probe : record.probes)
        probe.verdict = Verdict::Survives;
    const auto bytes = issue(record, m_signer.identity, m_signer.clock);
    QVERIFY(!bytes);
    QVERIFY(bytes.error().message.contains(u"And 3 more"_s));
    QCOMPARE(bytes.error().detail.count(u'\n'), 5);
}

void TestRevocation::saysItsLimits()
{
    RevocationRecord record = sampleRecord();
    const qsizetype usual = limitsOf(record).size();
    record.workspaces[0].simulated = true;
    record.evidenceOverride = Untrusted(u"no time for it"_s);
    record.steps[0].requested = {};
    QCOMPARE(limitsOf(record).size(), usual + 3);
}

void TestRevocation::bulk()
{
    RevocationRecord record = sampleRecord();
    record.workspaces.clear();
    record.steps.clear();
    record.probes.clear();
    for (int i = 0; i < 1000; ++i) {
        const WorkspaceId id(u"ws-%1"_s.arg(i));
        RevokedWorkspace workspace;
        workspace.id = id;
        record.workspaces.append(workspace);
        record.steps += sampleSteps(id, record.started);
        for (int p = 0; p < 5; ++p)
            record.probes.append(
                {ProbeKind::Lease, id, QString::number(p), {}, {}, Verdict::Holds, {}, u"x"_s, record.ended, 1});
    }
    const auto bytes = issue(record, m_signer.identity, m_signer.clock);
    QVERIFY2(bytes, bytes ? "" : qPrintable(bytes.error().message));
}

QTEST_GUILESS_MAIN(TestRevocation)
#include "tst_revocation.moc"
