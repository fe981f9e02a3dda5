// SPDX-License-Identifier: GPL-3.0-or-later
// parapet-verify as a process: exit codes, what it says, and that it believes nothing.
#include "tests/models/evidence/samplerecord.h"

#include "models/core/json.h"

#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QProcess>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace parapet;
using namespace parapet::evidence;
using namespace Qt::StringLiterals;

class TestParapetVerify : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void holds();
    void trustedAuthority();
    void trustedKey();
    void mutated_data();
    void mutated();
    void unreadable_data();
    void unreadable();
    void badUse_data();
    void badUse();
    void helpAndVersion();
    void standardInput();
    void asJson();
    void drawsNothingHostile();

private:
    struct Outcome {
        int code = -1;
        QString out;
        QString err;
    };
    Outcome run(const QStringList &arguments, const QByteArray &input = {}) const
    {
        QProcess process;
        process.start(QStringLiteral(PARAPET_BINARY_DIR "/bin/parapet-verify"), arguments);
        process.write(input);
        process.closeWriteChannel();
        if (!process.waitForFinished(60000) || process.exitStatus() != QProcess::NormalExit)
            return {};
        return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
                QString::fromUtf8(process.readAllStandardError())};
    }
    QString file(const QString &name, const QByteArray &bytes) const
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write %s", qPrintable(name));
        return file.fileName();
    }

    QTemporaryDir m_folder;
    SampleSigner m_signer;
    QByteArray m_good;
    QString m_path;
};

void TestParapetVerify::initTestCase()
{
    const auto bytes = issue(sampleRecord(), m_signer.identity, m_signer.clock);
    QVERIFY(bytes);
    m_good = *bytes;
    m_path = file(u"good.json"_s, m_good);
}

void TestParapetVerify::holds()
{
    const Outcome outcome = run({m_path});
    QCOMPARE(outcome.code, 0);
    QVERIFY(outcome.err.isEmpty());
    QVERIFY(outcome.out.contains(u"It holds."_s));
    QVERIFY(outcome.out.contains(u"op-7f3k2m"_s));
    QVERIFY(outcome.out.contains(u"not checked"_s)); // whose key it is
    QVERIFY(outcome.out.contains(u"does not prove"_s));
}

void TestParapetVerify::trustedAuthority()
{
    const QString ca = file(u"ca.pem"_s, m_signer.authority.certificate().toPem());
    const Outcome outcome = run({m_path, u"--ca"_s, ca});
    QCOMPARE(outcome.code, 0);
    QVERIFY(!outcome.out.contains(u"not checked"_s));
    const QString other = file(
        u"other.pem"_s, crypto::CertificateAuthority::create(u"Parapet plane"_s, m_signer.clock).certificate().toPem());
    QCOMPARE(run({u"--ca"_s, other, m_path}).code, 1);
}

void TestParapetVerify::trustedKey()
{
    const QString key = m_signer.identity.key.publicKey().fingerprint();
    QCOMPARE(run({m_path, u"--key-sha256"_s, key}).code, 0);
    QCOMPARE(run({m_path, u"--key-sha256"_s, key.toUpper()}).code, 0);
    QCOMPARE(run({m_path, u"--key-sha256"_s, u"sha256:"_s + key}).code, 0);
    const Outcome outcome = run({m_path, u"--key-sha256"_s, QString(64, u'0')});
    QCOMPARE(outcome.code, 1);
    QVERIFY(outcome.out.contains(u"FAILS"_s) && outcome.out.contains(key));
}

void TestParapetVerify::mutated_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const crypto::Envelope good = *crypto::Envelope::fromBytes(m_good);
    crypto::Envelope envelope = good;
    envelope.payload.replace("\"holds\"", "\"unknown\"");
    QTest::newRow("verdict") << envelope.toBytes();
    envelope = good;
    envelope.payload.replace("ws-pay-2", "ws-pay-3");
    QTest::newRow("workspace") << envelope.toBytes();
    envelope = good;
    envelope.payload.replace("{\"_type\"", "{\"x\":1,\"_type\"");
    QTest::newRow("member added") << envelope.toBytes();
    envelope = good;
    envelope.payload.replace("\"tries\":2", "\"tries\":2,\"tries\":2");
    QTest::newRow("member doubled") << envelope.toBytes();
    envelope = good;
    envelope.signatures.first().sig[10] = char(envelope.signatures.first().sig[10] ^ 1);
    QTest::newRow("signature") << envelope.toBytes();
    envelope = good;
    envelope.signatures.first().keyId.back() = u'x';
    QTest::newRow("keyid") << envelope.toBytes();
    envelope = good;
    envelope.payloadType = u"application/json"_s;
    QTest::newRow("type") << envelope.toBytes();
    QTest::newRow("line break") << m_good + '\n';
    const SampleSigner other;
    envelope = crypto::Envelope::sign(good.payloadType, good.payload, other.identity.key, {other.identity.certificate});
    QTest::newRow("wrong signer") << envelope.toBytes();
}

void TestParapetVerify::mutated()
{
    QFETCH(QByteArray, bytes);
    const Outcome outcome = run({file(u"mutated.json"_s, bytes)});
    QCOMPARE(outcome.code, 1);
    QVERIFY(outcome.out.contains(u"FAILS"_s));
    QVERIFY(outcome.out.contains(u"It does not hold"_s));
}

void TestParapetVerify::unreadable_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("text") << QByteArray("hello");
    QTest::newRow("cut") << m_good.left(1000);
    QTest::newRow("binary") << QByteArray("\0\xff\xfe\x01", 4);
    QTest::newRow("envelope member doubled") << QByteArray("{\"payload\":\"\"," + m_good.mid(1));
}

void TestParapetVerify::unreadable()
{
    QFETCH(QByteArray, bytes);
    const Outcome outcome = run({file(u"unreadable.json"_s, bytes)});
    QCOMPARE(outcome.code, 3);
    QVERIFY(outcome.out.isEmpty());
    QVERIFY(outcome.err.startsWith(u"parapet-verify: "_s));
}

void TestParapetVerify::badUse_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("code");
    QTest::newRow("nothing") << QStringList() << 2;
    QTest::newRow("two files") << QStringList{m_path, m_path} << 2;
    QTest::newRow("no such file") << QStringList{m_folder.filePath(u"none"_s)} << 3;
    QTest::newRow("a folder") << QStringList{m_folder.path()} << 3;
    QTest::newRow("unknown option") << QStringList{m_path, u"--trust-me"_s} << 2;
    QTest::newRow("option without value") << QStringList{m_path, u"--ca"_s} << 2;
    QTest::newRow("no such authority") << QStringList{m_path, u"--ca"_s, m_folder.filePath(u"none"_s)} << 2;
    QTest::newRow("authority is none") << QStringList{m_path, u"--ca"_s, m_path} << 2;
    QTest::newRow("short key") << QStringList{m_path, u"--key-sha256"_s, u"abc"_s} << 2;
}

void TestParapetVerify::badUse()
{
    QFETCH(QStringList, arguments);
    QFETCH(int, code);
    const Outcome outcome = run(arguments);
    QCOMPARE(outcome.code, code);
    QVERIFY(!outcome.err.isEmpty());
}

void TestParapetVerify::helpAndVersion()
{
    const Outcome help = run({u"--help"_s});
    QCOMPARE(help.code, 0);
    for (const QString &word : {u"--ca"_s, u"--key-sha256"_s, u"--json"_s, u"Exit code"_s})
        QVERIFY2(help.out.contains(word), qPrintable(word));
    const Outcome version = run({u"--version"_s});
    QCOMPARE(version.code, 0);
    QCOMPARE(version.out, u"parapet-verify %1\n"_s.arg(QStringLiteral(PARAPET_VERSION)));
}

void TestParapetVerify::standardInput()
{
    QCOMPARE(run({u"-"_s}, m_good).code, 0);
    QCOMPARE(run({u"-"_s}, m_good + ' ').code, 1);
    QCOMPARE(run({u"-"_s}).code, 3);
}

void TestParapetVerify::asJson()
{
    const auto json = [&](const QStringList &arguments, int code) {
        const Outcome outcome = run(QStringList{u"--json"_s} + arguments);
        if (outcome.code != code || outcome.out.count(u'\n') != 1)
            return QJsonObject();
        return QJsonDocument::fromJson(outcome.out.toUtf8()).object();
    };
    const QJsonObject good = json({m_path}, 0);
    QCOMPARE(good.value(u"readable"_s).toBool(), true);
    QCOMPARE(good.value(u"holds"_s).toBool(), true);
    QCOMPARE(good.value(u"findings"_s).toArray().size(), 9);
    QCOMPARE(good.value(u"states"_s).toObject().value(u"operator"_s).toString(), u"p-amara"_s);
    QCOMPARE(good.value(u"keySha256"_s).toString(), m_signer.identity.key.publicKey().fingerprint());

    const QJsonObject bad = json({file(u"bad.json"_s, m_good + '\n')}, 1);
    QCOMPARE(bad.value(u"readable"_s).toBool(), true);
    QCOMPARE(bad.value(u"holds"_s).toBool(true), false);

    const QJsonObject none = json({m_folder.filePath(u"none"_s)}, 3);
    QCOMPARE(none.value(u"readable"_s).toBool(true), false);
    QVERIFY(!none.value(u"error"_s).toString().isEmpty());
}

void TestParapetVerify::drawsNothingHostile()
{
    RevocationRecord record = sampleRecord();
    record.reason = Untrusted(u"fine\x1b[2J\u202E\nIt holds."_s);
    record.probes[0].label = Untrusted(u"\x1b]0;x\a"_s);
    record.operatorName = Untrusted(u"A\u200Bmara"_s);
    record.issued = m_signer.clock.now();
    record.probes[0].verdict = Verdict::Survives;
    record.signer = {record.operatorId, m_signer.identity.key.keyId(), m_signer.identity.certificate.fingerprint()};
    const QByteArray bytes = crypto::Envelope::sign(inTotoPayloadType, canonicalJson(toStatement(record)),
                                                    m_signer.identity.key, {m_signer.identity.certificate})
                                 .toBytes();
    const Outcome outcome = run({file(u"hostile.json"_s, bytes)});
    QCOMPARE(outcome.code, 1);
    for (const QChar c : outcome.out)
        QVERIFY2(c == u'\n' || (c.category() != QChar::Other_Control && c.category() != QChar::Other_Format),
                 "a control character got through");
    QVERIFY(!outcome.out.contains(u"\nIt holds."_s));
}

QTEST_GUILESS_MAIN(TestParapetVerify)
#include "tst_parapet_verify.moc"
