// SPDX-License-Identifier: GPL-3.0-or-later
// parapet-verify --witness: it cosigns one history, and says so only after that is durable.
#include "models/transparency/keptcheckpoints.h"
#include "tests/verify/servedlog.h"

#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace parapet;
using namespace parapet::verify;
using namespace Qt::StringLiterals;
using transparency::KeptCheckpoints;

class TestVerifyWitness : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void newKey();
    void newKeyRefused_data();
    void newKeyRefused();
    void cosigns();
    void durableBeforeItIsSent();
    void notTakenIsSentAgain();
    void unknownToTheLog();
    void contradiction_data();
    void contradiction();
    void damagedMemory();
    void anotherKeyOfTheLog();
    void withholdsProof();
    void keyFileRefused_data();
    void keyFileRefused();
    void ofAFolder();

private:
    QString keyFile() const { return m_folder->filePath(u"witness.key"_s); }
    Ran cosign(const QStringList &more = {})
    {
        return runBeside(m_served->arguments(m_log->key()) + QStringList{u"--witness"_s, keyFile(), u"--retries"_s, u"0"_s} + more);
    }
    /// The size that is kept as cosigned last; −1: none.
    qint64 keptSize() const;
    void rewriteFrom(qint64 at, qint64 size);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<FolderLog> m_log;
    std::unique_ptr<ServedLog> m_served;
    std::optional<crypto::NoteVerifier> m_witness;
    QVector<QJsonObject> m_taken;
};

void TestVerifyWitness::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    const QString folder = m_folder->filePath(u"log"_s);
    m_log = std::make_unique<FolderLog>(folder);
    m_log->grow(300);
    m_log->publish();
    m_served = std::make_unique<ServedLog>(folder);
    m_taken.clear();
    m_served->cosignature = [this](const QJsonObject &body) {
        m_taken.append(body);
        ServedLog::Answer answer;
        answer.body = "{}";
        return answer;
    };
    const Ran made = runVerify({u"--witness-key-new"_s, keyFile(), u"--witness-name"_s, u"witness.example/w1"_s});
    QCOMPARE(made.code, 0);
    const auto key = crypto::NoteVerifier::parse(made.out.trimmed(), crypto::NoteAlgorithm::Cosignature);
    QVERIFY2(key, qPrintable(made.out));
    m_witness = *key;
}

qint64 TestVerifyWitness::keptSize() const
{
    const auto log = m_log->signer.verifier();
    const auto kept = KeptCheckpoints(keyFile() + u".cosigned"_s).read(log);
    return kept && *kept ? transparency::openCheckpoint((*kept)->note, log)->head().size : -1;
}

void TestVerifyWitness::rewriteFrom(qint64 at, qint64 size)
{
    FolderLog other(m_folder->filePath(u"log"_s));
    other.signer = m_log->signer;
    other.grow(at);
    AuditEvent event = other.event();
    event.actor = PrincipalId(u"p-other"_s);
    other.append(event);
    other.grow(size);
    other.publish();
}

void TestVerifyWitness::newKey()
{
    QCOMPARE(m_witness->name, u"witness.example/w1"_s);
    QVERIFY(!(QFile::permissions(keyFile()) & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther)));
    const auto signer = crypto::NoteSigner::parse(QString::fromUtf8(readFile(keyFile())).trimmed(), crypto::NoteAlgorithm::Cosignature);
    QVERIFY(signer && signer->verifier() == *m_witness);
    const Ran nameless = runVerify({u"--witness-key-new"_s, m_folder->filePath(u"second"_s)});
    QCOMPARE(nameless.code, 0);
    QVERIFY(nameless.out.startsWith(u"witness-"_s));
    QVERIFY(crypto::NoteVerifier::parse(nameless.out.trimmed(), crypto::NoteAlgorithm::Cosignature));
}

void TestVerifyWitness::newKeyRefused_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("code");
    QTest::newRow("with a log") << QStringList{u"--witness-key-new"_s, u"x"_s, u"--log"_s, u"y"_s} << 2;
    QTest::newRow("a name with a space") << QStringList{u"--witness-key-new"_s, u"x"_s, u"--witness-name"_s, u"a b"_s} << 2;
    QTest::newRow("a name without a key") << QStringList{u"--witness-name"_s, u"a"_s, u"file"_s} << 2;
    QTest::newRow("no such folder") << QStringList{u"--witness-key-new"_s, u"none/x"_s} << 3;
}

void TestVerifyWitness::newKeyRefused()
{
    QFETCH(QStringList, arguments);
    QFETCH(int, code);
    QCOMPARE(runVerify(arguments).code, code);
    // A key that is there is never replaced.
    const QByteArray before = readFile(keyFile());
    QCOMPARE(runVerify({u"--witness-key-new"_s, keyFile()}).code, 2);
    QCOMPARE(readFile(keyFile()), before);
}

void TestVerifyWitness::cosigns()
{
    const Ran first = cosign();
    QVERIFY2(first.code == 0, qPrintable(first.out + first.err));
    QCOMPARE(first.state(u"consistency"_s), u"notChecked"_s);
    QCOMPARE(m_taken.size(), 1);
    QCOMPARE(m_taken[0].value(u"size"_s).toInteger(), 300);
    const auto signature = transparency::NoteSignature::fromLine(m_taken[0].value(u"line"_s).toString().toUtf8() + '\n');
    QVERIFY(signature);
    const transparency::Checkpoint checkpoint{m_log->signer.name, m_log->head(), {}};
    QVERIFY(transparency::isSignatureOf(*m_witness, checkpoint.text(), *signature));
    QVERIFY(transparency::cosignedAt(*signature).has_value());
    QCOMPARE(keptSize(), 300);

    QCOMPARE(cosign().code, 0); // the same one, anew
    m_log->grow(900);
    m_log->publish();
    const Ran grown = cosign();
    QVERIFY2(grown.code == 0, qPrintable(grown.out));
    QCOMPARE(grown.state(u"consistency"_s), u"holds"_s);
    QCOMPARE(m_taken.last().value(u"size"_s).toInteger(), 900);
    QCOMPARE(keptSize(), 900);
    QVERIFY(m_served->server.count(u"/log/tile/entries/000"_s) == 0); // a witness reads no event
}

void TestVerifyWitness::durableBeforeItIsSent()
{
    qint64 keptThen = -1;
    m_served->cosignature = [&](const QJsonObject &) {
        keptThen = keptSize();
        ServedLog::Answer answer;
        answer.body = "{}";
        return answer;
    };
    QCOMPARE(cosign().code, 0);
    QCOMPARE(keptThen, 300);
    // And when it cannot be made durable, nothing is signed.
    const QString blocked = m_folder->filePath(u"blocked"_s);
    writeFile(blocked, "a file");
    keptThen = -1;
    QCOMPARE(cosign({u"--state"_s, blocked + u"/inside"_s}).code, 3);
    QCOMPARE(keptThen, -1);
}

void TestVerifyWitness::notTakenIsSentAgain()
{
    bool refuses = true;
    m_served->cosignature = [&](const QJsonObject &body) {
        ServedLog::Answer answer;
        answer.status = refuses ? 503 : 200;
        answer.body = "{}";
        if (!refuses)
            m_taken.append(body);
        return answer;
    };
    QCOMPARE(cosign().code, 3);
    QCOMPARE(keptSize(), 300);
    refuses = false;
    QCOMPARE(cosign().code, 0);
    QCOMPARE(m_taken.size(), 1);
    // Signed is signed, whether the log took it or not: no other history comes after it.
    refuses = true;
    m_log->grow(400);
    m_log->publish();
    QCOMPARE(cosign().code, 3);
    refuses = false;
    rewriteFrom(350, 500);
    QCOMPARE(cosign().code, 1);
    QCOMPARE(m_taken.size(), 1);
}

void TestVerifyWitness::unknownToTheLog()
{
    m_served->cosignature = [](const QJsonObject &) {
        ServedLog::Answer answer;
        answer.status = 403;
        return answer;
    };
    const Ran outcome = cosign();
    QCOMPARE(outcome.code, 3);
    QVERIFY2(outcome.json().value(u"error"_s).toString().contains(m_witness->text()), qPrintable(outcome.out));
}

void TestVerifyWitness::contradiction_data()
{
    QTest::addColumn<qint64>("size");
    QTest::addColumn<QString>("verdict");
    QTest::newRow("rolled back") << qint64(200) << u"rolledBack"_s;
    QTest::newRow("forked") << qint64(300) << u"forked"_s;
    QTest::newRow("forked and grown") << qint64(600) << u"forked"_s;
}

void TestVerifyWitness::contradiction()
{
    QFETCH(qint64, size);
    QFETCH(QString, verdict);
    QCOMPARE(cosign().code, 0);
    rewriteFrom(100, size);
    const Ran outcome = cosign();
    QVERIFY2(outcome.code == 1, qPrintable(outcome.out + outcome.err));
    QCOMPARE(outcome.state(u"consistency"_s), u"fails"_s);
    QCOMPARE(outcome.state(u"cosigned"_s), u"notChecked"_s);
    QVERIFY(!outcome.out.contains(u"\"line\""_s));
    QCOMPARE(m_taken.size(), 1);
    QCOMPARE(keptSize(), 300);
    const Ran elsewhere = runVerify({u"-"_s, u"--key"_s, m_log->key(), u"--json"_s}, bundleOf(outcome));
    QVERIFY2(elsewhere.code == 0, qPrintable(elsewhere.out + elsewhere.err));
    QCOMPARE(elsewhere.json().value(u"states"_s).toObject().value(u"verdict"_s).toString(), verdict);
}

void TestVerifyWitness::damagedMemory()
{
    QCOMPARE(cosign().code, 0);
    const QString file = KeptCheckpoints(keyFile() + u".cosigned"_s).pathOf(m_log->signer.name);
    flip(file, 30);
    QCOMPARE(cosign().code, 3);
    QCOMPARE(m_taken.size(), 1);
}

void TestVerifyWitness::anotherKeyOfTheLog()
{
    QCOMPARE(cosign().code, 0);
    m_log->signer = *crypto::NoteSigner::make(m_log->signer.name, crypto::PrivateKey::generate(crypto::KeyKind::Ed25519));
    const QString pinned = m_log->key();
    writeFile(m_log->path(u"checkpoint"_s), FolderLog(QString()).note());
    const Ran outcome = runBeside(m_served->arguments(pinned) + QStringList{u"--witness"_s, keyFile()});
    QCOMPARE(outcome.code, 3); // what was cosigned under the old key is not forgotten
    QCOMPARE(m_taken.size(), 1);
}

void TestVerifyWitness::withholdsProof()
{
    QCOMPARE(cosign().code, 0);
    m_log->grow(900);
    m_log->publish();
    QVERIFY(QFile::remove(m_log->path(u"tile/0/001"_s)));
    const Ran outcome = cosign();
    QCOMPARE(outcome.code, 1);
    QCOMPARE(m_taken.size(), 1);
    QCOMPARE(keptSize(), 300);
}

void TestVerifyWitness::keyFileRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("a verifier key") << QByteArray("witness.example.com/w1+7e6f4aaa+BNdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea\n");
    QTest::newRow("a log's key") << QByteArray("PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz\n");
    QTest::newRow("readable by others") << QByteArray("PRIVATE+KEY+witness.example.com/w1+7e6f4aaa+BJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n");
}

void TestVerifyWitness::keyFileRefused()
{
    QFETCH(QByteArray, text);
    const bool shared = QTest::currentDataTag() == QByteArray("readable by others");
    QFile::remove(keyFile());
    writeFile(keyFile(), text);
    QFile::setPermissions(keyFile(), shared ? QFile::ReadOwner | QFile::ReadOther : QFile::ReadOwner | QFile::WriteOwner);
    QCOMPARE(cosign().code, 3);
    QVERIFY(m_served->server.requests().isEmpty());
}

void TestVerifyWitness::ofAFolder()
{
    const Ran outcome = runVerify({u"--log"_s, m_folder->filePath(u"log"_s), u"--key"_s, m_log->key(), u"--witness"_s, keyFile(), u"--json"_s});
    QVERIFY2(outcome.code == 0, qPrintable(outcome.out + outcome.err));
    const QString line = outcome.json().value(u"states"_s).toObject().value(u"line"_s).toString();
    const crypto::NoteVerifier witnesses[] = {*m_witness};
    const auto opened = transparency::openCheckpoint(m_log->note() + line.toUtf8() + '\n', m_log->signer.verifier(), witnesses);
    QVERIFY(opened && opened->cosigned.size() == 1);
    QCOMPARE(opened->cosigned.first().witness, m_witness->name);
}

QTEST_GUILESS_MAIN(TestVerifyWitness)
#include "tst_verify_witness.moc"
