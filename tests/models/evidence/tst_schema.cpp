// SPDX-License-Identifier: GPL-3.0-or-later
// What we write is valid by the published schema, as an independent validator reads it; what is not is refused by both.
#include "tests/models/evidence/samplerecord.h"

#include "models/core/json.h"

#include <QtCore/QJsonArray>
#include <QtCore/QProcess>
#include <QtTest/QTest>

using namespace parapet;
using namespace parapet::evidence;
using namespace Qt::StringLiterals;

class TestSchema : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void statements_data();
    void statements();

private:
    /// 0: valid; 1: not; anything else: the validator did not run.
    int validate(const QByteArray &document) const
    {
        static const QString program =
            u"import json,sys,jsonschema\n"
            "schema=json.load(open(sys.argv[1]))\n"
            "jsonschema.Draft202012Validator.check_schema(schema)\n"
            "errors=list(jsonschema.Draft202012Validator(schema).iter_errors(json.load(sys.stdin)))\n"
            "print(errors[:1])\n"
            "sys.exit(1 if errors else 0)\n"_s;
        QProcess python;
        python.start(u"python3"_s, {u"-c"_s, program,
                                    QStringLiteral(PARAPET_SOURCE_DIR "/resources/formats/certificate.schema.json")});
        python.write(document);
        python.closeWriteChannel();
        if (!python.waitForFinished(60000) || python.exitStatus() != QProcess::NormalExit)
            return -1;
        const QByteArray trouble = python.readAllStandardError();
        if (!trouble.isEmpty()) {
            qWarning("%s", trouble.constData());
            return -1;
        }
        return python.exitCode();
    }
};

void TestSchema::statements_data()
{
    QTest::addColumn<QByteArray>("document");
    QTest::addColumn<int>("outcome");
    const SampleSigner signer;
    const auto bytes = issue(sampleRecord(), signer.identity, signer.clock);
    QVERIFY(bytes);
    const QByteArray statement = crypto::Envelope::fromBytes(*bytes)->payload;
    QTest::newRow("a certificate") << statement << 0;
    QTest::newRow("a draft") << canonicalJson(toStatement(sampleRecord())) << 0;
    RevocationRecord bare;
    bare.steps.resize(1);
    bare.probes.resize(1);
    bare.workspaces.resize(1);
    QTest::newRow("nearly nothing") << canonicalJson(toStatement(bare)) << 0;
    QTest::newRow("an unknown member") << QByteArray(statement).replace("\"feature\":", "\"feature2\":") << 1;
    QTest::newRow("an unknown verdict") << QByteArray(statement).replace("\"holds\"", "\"fine\"") << 1;
    QTest::newRow("an identifier with a space") << QByteArray(statement).replace("op-7f3k2m", "op 7f3k2m") << 1;
    QTest::newRow("a step without its try") << QByteArray(statement).replace("\"tries\":1,", "") << 1;
}

void TestSchema::statements()
{
    QFETCH(QByteArray, document);
    QFETCH(int, outcome);
    QCOMPARE(validate(document), outcome);
    const auto json = parseJson(document);
    QVERIFY(json);
    QCOMPARE(bool(fromStatement(json->toObject())), outcome == 0);
}

QTEST_GUILESS_MAIN(TestSchema)
#include "tst_schema.moc"
