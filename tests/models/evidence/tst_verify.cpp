// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/evidence/verify.h"
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

} // namespace
Q_DECLARE_METATYPE(Change)

class TestVerify : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void holds();
    void saysWhoWasNotChecked();
    void trust_data();
    void trust();
    void everyByte();
    void everyByteOfThePayload();
    void otherForms_data();
    void otherForms();
    void forgedStatements_data();
    void forgedStatements();
    void otherSigners();
    void borrowedCertificate();
    void withoutCertificate();
    void secondSignature();
    void drafts();
    void overrideIsSaid();
    void unreadable_data();
    void unreadable();
    void tangledOrderIsRefusedQuickly();

private:
    /// Signs whatever it is given, as someone who bypasses issue() would.
    QByteArray forge(const QJsonObject &statement, const crypto::Identity &identity) const
    {
        return crypto::Envelope::sign(inTotoPayloadType, canonicalJson(statement), identity.key,
                                      {identity.certificate, m_signer.authority.certificate()})
            .toBytes();
    }
    QByteArray forge(RevocationRecord record) const
    {
        record.issued = m_signer.clock.now();
        record.signer = {record.operatorId, m_signer.identity.key.keyId(), m_signer.identity.certificate.fingerprint()};
        record.doesNotProve = limitsOf(record);
        return forge(toStatement(record), m_signer.identity);
    }
    Finding::State state(const QByteArray &bytes, const char *id, const Trust &trust = {}) const
    {
        const auto report = verify(bytes, trust);
        const Finding *found = report ? report->find(QString::fromLatin1(id)) : nullptr;
        return found ? found->state : Finding::State::NotChecked;
    }

    SampleSigner m_signer;
    QByteArray m_good;
};

void TestVerify::initTestCase()
{
    const auto bytes = issue(sampleRecord(), m_signer.identity, m_signer.clock);
    QVERIFY(bytes);
    m_good = *bytes;
}

void TestVerify::holds()
{
    const auto report =
        verify(m_good, {m_signer.authority.certificate(), m_signer.identity.key.publicKey().fingerprint()});
    QVERIFY(report);
    QVERIFY(report->holds());
    for (const Finding &finding : report->findings) {
        QVERIFY2(finding.state == Finding::State::Holds, qPrintable(finding.id + finding.why.join(u' ')));
        QVERIFY(!finding.text.isEmpty());
    }
    QCOMPARE(report->findings.size(), 9);
    QCOMPARE(report->record->operation.value, u"op-7f3k2m"_s);
    QCOMPARE(report->keySha256, m_signer.identity.key.publicKey().fingerprint());
    QVERIFY(forge(sampleRecord()) != m_good); // ECDSA signs anew
    QVERIFY(verify(forge(sampleRecord()))->holds());
}

void TestVerify::saysWhoWasNotChecked()
{
    const auto report = verify(m_good);
    QVERIFY(report->holds());
    QCOMPARE(report->find(u"trust")->state, Finding::State::NotChecked);
    QVERIFY(!report->find(u"trust")->why.isEmpty());
}

void TestVerify::trust_data()
{
    QTest::addColumn<bool>("authority");
    QTest::addColumn<QString>("key");
    QTest::addColumn<bool>("holds");
    const QString key = m_signer.identity.key.publicKey().fingerprint();
    const QString other = QString(64, u'0');
    QTest::newRow("key") << false << key << true;
    QTest::newRow("another key") << false << other << false;
    QTest::newRow("authority") << true << QString() << true;
    QTest::newRow("authority, another key") << true << other << false;
    QTest::newRow("key in capitals is another text") << false << key.toUpper() << false;
}

void TestVerify::trust()
{
    QFETCH(bool, authority);
    QFETCH(QString, key);
    QFETCH(bool, holds);
    Trust trust;
    trust.keySha256 = key;
    if (authority)
        trust.authority = m_signer.authority.certificate();
    QCOMPARE(verify(m_good, trust)->holds(), holds);
    if (authority) {
        trust.authority = crypto::CertificateAuthority::create(u"Parapet plane"_s, m_signer.clock).certificate();
        QVERIFY(!verify(m_good, trust)->holds());
    }
}

void TestVerify::everyByte()
{
    // One bit of each byte of the file, and of every sixteenth byte of the payload, whose own bytes have their turn
    // below.
    const qsizetype payloadEnd = m_good.indexOf(",\"payloadType\"") - 2;
    constexpr std::array flips{'\x01', '\x20', '\x80'};
    for (qsizetype at = 0; at<m_good.size(); at += at> 16 && at < payloadEnd ? 17 : 1) {
        QByteArray altered = m_good;
        altered[at] = char(altered[at] ^ flips[size_t(at) % flips.size()]);
        const auto report = verify(altered);
        QVERIFY2(!report || !report->holds(), qPrintable(u"byte %1"_s.arg(at)));
        // A byte taken out, a byte put in
        altered = m_good;
        if (at % 2 == 0)
            altered.remove(at, 1);
        else
            altered.insert(at, ' ');
        const auto moved = verify(altered);
        QVERIFY2(!moved || !moved->holds(), qPrintable(u"byte %1"_s.arg(at)));
    }
}

void TestVerify::everyByteOfThePayload()
{
    const crypto::Envelope envelope = *crypto::Envelope::fromBytes(m_good);
    for (qsizetype at = 0; at < envelope.payload.size(); at += 13) {
        crypto::Envelope altered = envelope;
        altered.payload[at] = char(altered.payload[at] ^ 1);
        QCOMPARE(state(altered.toBytes(), "signature"), Finding::State::Fails);
    }
}

void TestVerify::otherForms_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QByteArray text = m_good;
    QTest::newRow("a line break behind it") << m_good + '\n';
    QTest::newRow("a space before it") << ' ' + m_good;
    const qsizetype type = m_good.indexOf(",\"payloadType\"");
    const qsizetype signatures = m_good.indexOf(",\"signatures\"");
    QTest::newRow("members in another order")
        << '{' + m_good.mid(type + 1, signatures - type - 1) + ',' + m_good.mid(1, type - 1) + m_good.mid(signatures);
    QTest::newRow("an escaped letter") << QByteArray(text).replace("\"keyid\":\"s", "\"keyid\":\"\\u0073");
    const QByteArray der = m_signer.identity.certificate.toDer();
    QTest::newRow("URL-safe base64") << QByteArray(text).replace(der.toBase64(),
                                                                 der.toBase64(QByteArray::Base64UrlEncoding));
    crypto::Envelope envelope = *crypto::Envelope::fromBytes(m_good);
    envelope.signatures.first().keyId.clear();
    QTest::newRow("without keyid") << envelope.toBytes();
    envelope = *crypto::Envelope::fromBytes(m_good);
    std::swap(envelope.signatures.first().certificates[0], envelope.signatures.first().certificates[1]);
    QTest::newRow("certificates in another order") << envelope.toBytes();
    envelope = *crypto::Envelope::fromBytes(m_good);
    envelope.payload += '\n';
    envelope.signatures.first().sig =
        m_signer.identity.key.sign(crypto::dssePreAuthEncoding(envelope.payloadType.toUtf8(), envelope.payload));
    QTest::newRow("a signed statement that is not canonical") << envelope.toBytes();
}

void TestVerify::otherForms()
{
    QFETCH(QByteArray, bytes);
    QVERIFY(bytes != m_good);
    const auto report = verify(bytes);
    QVERIFY2(report, report ? "" : qPrintable(report.error().message));
    QVERIFY(!report->holds());
}

void TestVerify::forgedStatements_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("fails");
    const auto row = [](const char *name, const char *fails, Change change) {
        QTest::newRow(name) << std::move(change) << QString::fromLatin1(fails);
    };
    row("a probe survives", "probes", [](auto &r) { r.probes[3].verdict = Verdict::Survives; });
    row("a probe is unknown", "probes", [](auto &r) { r.probes[3].verdict = Verdict::Unknown; });
    row("no probes", "probes", [](auto &r) { r.probes.clear(); });
    row("an old probe", "probes", [](auto &r) { r.probes[0].at -= 1h; });
    row("an open step", "steps", [](auto &r) { r.steps[2].result = RevocationStep::Result::Open; });
    row("a skipped destruction", "steps", [](auto &r) { r.steps[3].result = RevocationStep::Result::Skipped; });
    row("late evidence", "evidence", [](auto &r) { r.steps[1].observed = r.ended; });
    row("no evidence", "evidence", [](auto &r) { r.steps[1].evidence = false; });
    row("no digest", "digests",
        [](auto &r) { r.steps[1].outputs.remove(u"archiveSha256"_s), r.steps[1].outputs.remove(u"manifestSha256"_s); });
    row("bad digest", "digests", [](auto &r) { r.journalSha256 = u"x"_s; });
    row("two steps of one name", "structure", [](auto &r) { r.steps[1].id = r.steps[0].id; });
    row("a stranger ran it", "signer", [](auto &r) { r.operatorId = PrincipalId(u"p-mallory"_s); });
}

void TestVerify::forgedStatements()
{
    QFETCH(Change, change);
    QFETCH(QString, fails);
    RevocationRecord record = sampleRecord();
    change(record);
    const auto report = verify(forge(record));
    QVERIFY(report);
    QVERIFY(!report->holds());
    const Finding *found = report->find(fails);
    QVERIFY(found && found->state == Finding::State::Fails);
    QVERIFY(!found->why.isEmpty());
    QVERIFY(report->find(u"signature")->state == Finding::State::Holds); // well signed, and yet
}

void TestVerify::otherSigners()
{
    // Signed by a colleague's key, with the operator named in it.
    const crypto::Identity other = m_signer.authority.issueClient(u"p-mallory"_s, u"Mallory"_s, {m_signer.clock, 24h});
    const QJsonObject statement = parseJson(crypto::Envelope::fromBytes(m_good)->payload)->toObject();
    QCOMPARE(state(forge(statement, other), "signer"), Finding::State::Fails);
    // An operator of the same name from an authority of somebody's own
    const SampleSigner fake;
    const QByteArray bytes = *issue(sampleRecord(), fake.identity, fake.clock);
    QVERIFY(verify(bytes)->holds());
    QVERIFY(!verify(bytes, {m_signer.authority.certificate(), {}})->holds());
    QVERIFY(!verify(bytes, {{}, m_signer.identity.key.publicKey().fingerprint()})->holds());
}

void TestVerify::borrowedCertificate()
{
    // The operator's certificate beside somebody else's signature
    const crypto::PrivateKey key = crypto::PrivateKey::generate(crypto::KeyKind::EcdsaP256);
    crypto::Envelope envelope = *crypto::Envelope::fromBytes(m_good);
    envelope.signatures.first().sig =
        key.sign(crypto::dssePreAuthEncoding(envelope.payloadType.toUtf8(), envelope.payload));
    QCOMPARE(state(envelope.toBytes(), "signature"), Finding::State::Fails);
    // Another certificate of the same key and principal: the statement names the one it was signed with.
    envelope = *crypto::Envelope::fromBytes(m_good);
    envelope.signatures.first().certificates[0] = m_signer.authority.issueClientFor(
        m_signer.identity.key.publicKey(), u"p-amara"_s, u"Amara Okafor"_s, {m_signer.clock, 24h});
    QCOMPARE(state(envelope.toBytes(), "signature"), Finding::State::Holds);
    QCOMPARE(state(envelope.toBytes(), "signer"), Finding::State::Fails);
    // A chain that does not belong
    envelope = *crypto::Envelope::fromBytes(m_good);
    envelope.signatures.first().certificates[1] =
        crypto::CertificateAuthority::create(u"Parapet plane"_s, m_signer.clock).certificate();
    QCOMPARE(state(envelope.toBytes(), "signer"), Finding::State::Fails);
}

void TestVerify::withoutCertificate()
{
    crypto::Envelope envelope = *crypto::Envelope::fromBytes(m_good);
    envelope.signatures.first().certificates.clear();
    const auto report = verify(envelope.toBytes(), {{}, m_signer.identity.key.publicKey().fingerprint()});
    QVERIFY(report && !report->holds());
    QVERIFY(report->keySha256.isEmpty());
}

void TestVerify::secondSignature()
{
    crypto::Envelope envelope = *crypto::Envelope::fromBytes(m_good);
    envelope.signatures.append(envelope.signatures.first());
    QVERIFY(!verify(envelope.toBytes())->holds());
}

void TestVerify::drafts()
{
    const RevocationRecord record = sampleRecord(); // neither issued nor signer
    const auto report = verify(forge(toStatement(record), m_signer.identity));
    QVERIFY(report && !report->holds());
    QCOMPARE(report->find(u"structure")->state, Finding::State::Fails);
}

void TestVerify::overrideIsSaid()
{
    RevocationRecord record = sampleRecord();
    record.evidenceOverride = Untrusted(u"ransomware \u202E is running"_s);
    const auto bytes = issue(record, m_signer.identity, m_signer.clock);
    QVERIFY(bytes);
    const auto report = verify(*bytes);
    QVERIFY(report->holds());
    const Finding *evidence = report->find(u"evidence");
    QCOMPARE(evidence->state, Finding::State::NotChecked);
    QVERIFY(evidence->why.first().contains(u"⟨U+202E⟩"_s));
}

void TestVerify::unreadable_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("text") << QByteArray("hello");
    QTest::newRow("object") << QByteArray("{}");
    QTest::newRow("cut") << m_good.chopped(1);
    QTest::newRow("half") << m_good.left(m_good.size() / 2);
    QTest::newRow("duplicate payload") << QByteArray("{\"payload\":\"\"," + m_good.mid(1));
    QTest::newRow("the bare statement") << canonicalJson(toStatement(sampleRecord()));
    QTest::newRow("deep") << QByteArray(100000, '[');
}

void TestVerify::unreadable()
{
    QFETCH(QByteArray, bytes);
    const auto report = verify(bytes);
    QVERIFY(!report);
    QCOMPARE(report.error().code, Error::Code::Invalid);
    QVERIFY(!report.error().message.isEmpty());
}

void TestVerify::tangledOrderIsRefusedQuickly()
{
    // Every step waits for every other, without evidence: checking it must not take the square of it again and again.
    RevocationRecord record = sampleRecord();
    record.workspaces.resize(1);
    record.steps.clear();
    record.probes.resize(3);
    QStringList all;
    for (int i = 0; i < 300; ++i)
        all.append(u"s%1"_s.arg(i));
    for (const QString &id : all) {
        RevocationStep step = sampleSteps(record.workspaces[0].id, record.started)[3];
        step.id = id;
        step.after = all;
        record.steps.append(step);
    }
    const auto report = verify(forge(record));
    QVERIFY(report);
    QCOMPARE(report->find(u"evidence")->state, Finding::State::Fails);
}

QTEST_GUILESS_MAIN(TestVerify)
#include "tst_verify.moc"
