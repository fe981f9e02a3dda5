// SPDX-License-Identifier: GPL-3.0-or-later
// parapet-verify FILE for proof bundles, conflict bundles and bare checkpoints.
#include "tests/verify/verifyprocess.h"

#include "models/transparency/follower.h"
#include "models/transparency/proofbundle.h"

#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace parapet;
using namespace parapet::verify;
using namespace parapet::transparency;
using namespace Qt::StringLiterals;

class TestVerifyBundles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void proofHolds();
    void proofWithoutKey();
    void proofFails_data();
    void proofFails();
    void proofEventsOutOfPlace();
    void conflictHolds_data();
    void conflictHolds();
    void conflictWithoutKey();
    void conflictFails_data();
    void conflictFails();
    void checkpoint();
    void checkpointFails();
    void unreadable_data();
    void unreadable();
    void optionsOfAnotherKind();
    void drawsNothingHostile();

private:
    QString file(const QByteArray &bytes) const
    {
        const QString path = m_folder.filePath(u"file"_s);
        writeFile(path, bytes);
        return path;
    }
    Ran check(const QByteArray &bytes, const QStringList &more = {}) const { return runVerify(QStringList{file(bytes), u"--json"_s} + more); }
    Ran checkKey(const QByteArray &bytes) const { return check(bytes, {u"--key"_s, m_log->key()}); }
    ProofBundle proofOf(const FolderLog &log, const QVector<qint64> &indexes) const
    {
        TileReader reader(log.head());
        ProofBundle bundle{log.key(), log.note(), u"action:workspace.stop"_s, {}};
        for (const qint64 index : indexes) {
            for (const TileId &id : reader.missingForInclusion(index)) {
                if (!reader.add(id, readFile(log.path(id.path()))))
                    qFatal("a tile of the test does not fit");
            }
            bundle.rows.append({index, log.entries().at(index), *reader.inclusionProof(index)});
        }
        return bundle;
    }
    /// What a follower that kept `kept` finds about `seen`, whose tiles are in `log`.
    ConflictBundle conflictOf(const QByteArray &kept, const QByteArray &seen, const FolderLog &log) const
    {
        Follower follower(m_log->signer.verifier());
        if (!kept.isEmpty() && !follower.resume({kept, Instant(std::chrono::milliseconds(1'800'000'000'000))}))
            qFatal("the kept checkpoint of the test does not fit");
        follower.offer(seen, Instant(std::chrono::milliseconds(1'800'000'100'000)));
        for (QVector<TileId> wanted = follower.wanted(); !wanted.isEmpty(); wanted = follower.wanted())
            follower.supply(wanted.first(), readFile(log.path(wanted.first().path())));
        return follower.conflict().value_or(ConflictBundle{});
    }

    QTemporaryDir m_folder;
    std::unique_ptr<FolderLog> m_log, m_fork;
    QByteArray m_earlier; ///< the log's checkpoint of 100
    QByteArray m_proof;
    ConflictBundle m_forked;
};

void TestVerifyBundles::initTestCase()
{
    m_log = std::make_unique<FolderLog>(m_folder.filePath(u"log"_s));
    m_log->grow(100);
    m_earlier = m_log->note();
    m_log->grow(700);
    m_log->publish();
    m_proof = proofOf(*m_log, {0, 5, 300, 699}).toBytes();

    m_fork = std::make_unique<FolderLog>(m_folder.filePath(u"fork"_s));
    m_fork->signer = m_log->signer;
    m_fork->grow(50);
    AuditEvent event = m_fork->event();
    event.actor = PrincipalId(u"p-other"_s);
    m_fork->append(event);
    m_fork->grow(400);
    m_fork->publish();
    m_forked = conflictOf(m_earlier, m_fork->note(), *m_fork);
    QCOMPARE(m_forked.verdict, transparency::Verdict::Forked);
}

void TestVerifyBundles::proofHolds()
{
    const Ran outcome = checkKey(m_proof);
    QVERIFY2(outcome.code == 0, qPrintable(outcome.out + outcome.err));
    QCOMPARE(outcome.json().value(u"kind"_s).toString(), u"proofBundle"_s);
    const QJsonObject states = outcome.json().value(u"states"_s).toObject();
    QCOMPARE(states.value(u"rows"_s).toInt(), 4);
    QCOMPARE(states.value(u"size"_s).toInt(), 700);
    for (const QString &id : {u"signature"_s, u"trust"_s, u"rows"_s, u"events"_s})
        QCOMPARE(outcome.state(id), u"holds"_s);
    QCOMPARE(outcome.state(u"completeness"_s), u"notChecked"_s);
    const Ran words = runVerify({u"-"_s, u"--key"_s, m_log->key()}, m_proof);
    QCOMPARE(words.code, 0);
    QVERIFY(words.out.contains(u"It holds."_s) && words.out.contains(u"test.example/log"_s));
}

void TestVerifyBundles::proofWithoutKey()
{
    const Ran outcome = check(m_proof);
    QCOMPARE(outcome.code, 0);
    QCOMPARE(outcome.state(u"trust"_s), u"notChecked"_s);
    QVERIFY(outcome.why(u"trust"_s).contains(u"--key"_s));
    QCOMPARE(outcome.state(u"rows"_s), u"holds"_s);
}

void TestVerifyBundles::proofFails_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("finding");
    QTest::addColumn<QString>("names");
    ProofBundle bundle = *ProofBundle::fromBytes(m_proof);
    bundle.rows[1].leaf[30] = char(bundle.rows[1].leaf[30] ^ 1);
    QTest::newRow("leaf") << bundle.toBytes() << u"rows"_s << u"Event 5 "_s;
    bundle = *ProofBundle::fromBytes(m_proof);
    bundle.rows[2].path[3][7] ^= 1;
    QTest::newRow("path") << bundle.toBytes() << u"rows"_s << u"Event 300 "_s;
    bundle = *ProofBundle::fromBytes(m_proof);
    bundle.rows[3].path.removeLast();
    QTest::newRow("path cut") << bundle.toBytes() << u"rows"_s << u"Event 699 "_s;
    bundle = *ProofBundle::fromBytes(m_proof);
    bundle.rows[3].index = 698;
    QTest::newRow("index") << bundle.toBytes() << u"rows"_s << u"Event 698 "_s;
    bundle = *ProofBundle::fromBytes(m_proof);
    bundle.checkpoint[20] = char(bundle.checkpoint[20] ^ 1);
    QTest::newRow("checkpoint") << bundle.toBytes() << u"signature"_s << QString();
    bundle = *ProofBundle::fromBytes(m_proof);
    bundle.checkpoint = m_earlier;
    QTest::newRow("another checkpoint of the log") << bundle.toBytes() << u"rows"_s << u"Event 300 "_s;
    const FolderLog other(m_folder.filePath(u"log"_s));
    bundle = *ProofBundle::fromBytes(m_proof);
    bundle.log = other.key();
    QTest::newRow("key that it names") << bundle.toBytes() << u"trust"_s << other.key();
    bundle.checkpoint = signCheckpoint({other.signer.name, m_log->head(), {}}, other.signer);
    QTest::newRow("signed by another") << bundle.toBytes() << u"signature"_s << QString();
}

void TestVerifyBundles::proofFails()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, finding);
    QFETCH(QString, names);
    const Ran outcome = checkKey(bytes);
    QVERIFY2(outcome.code == 1, qPrintable(outcome.out + outcome.err));
    QCOMPARE(outcome.state(finding), u"fails"_s);
    QVERIFY2(!outcome.why(finding).isEmpty() && outcome.why(finding).contains(names), qPrintable(outcome.why(finding)));
}

void TestVerifyBundles::proofEventsOutOfPlace()
{
    FolderLog log(m_folder.filePath(u"displaced"_s));
    log.grow(3);
    AuditEvent event = log.event();
    event.index = 2;
    log.append(event);
    log.publish();
    const Ran outcome = check(proofOf(log, {2, 3}).toBytes(), {u"--key"_s, log.key()});
    QCOMPARE(outcome.code, 1);
    QCOMPARE(outcome.state(u"rows"_s), u"holds"_s);
    QCOMPARE(outcome.why(u"events"_s), u"Event 3 says that it is event 2."_s);
}

void TestVerifyBundles::conflictHolds_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("verdict");
    QTest::addColumn<QString>("weight");
    QTest::addColumn<QString>("words");
    QTest::newRow("forked") << m_forked.toBytes() << u"forked"_s << u"provenByTheLog"_s << u"two histories"_s;
    QTest::newRow("rolled back") << conflictOf(m_log->note(), m_earlier, *m_log).toBytes() << u"rolledBack"_s << u"statedByTheObserver"_s
                                 << u"rolled back"_s;
    // The right checkpoint over the tiles of the other history.
    const QByteArray seen = signCheckpoint({m_log->signer.name, {400, m_log->head().root}, {}}, m_log->signer);
    QTest::newRow("unproven") << conflictOf(m_earlier, seen, *m_fork).toBytes() << u"unproven"_s << u"statedByTheObserver"_s
                              << u"hashes that it served"_s;
    ConflictBundle altered;
    const ProofBundle::Row row = ProofBundle::fromBytes(m_proof)->rows.at(2);
    altered.verdict = transparency::Verdict::Altered;
    altered.log = m_log->key();
    altered.seen = m_log->note();
    altered.seenAt = Instant(std::chrono::milliseconds(1'800'000'100'000));
    altered.altered = ConflictBundle::AlteredEvent{row.index, "another", leafHash(row.leaf), row.path};
    QTest::newRow("altered") << altered.toBytes() << u"altered"_s << u"statedByTheObserver"_s << u"event 300"_s;
    const FolderLog other(m_folder.filePath(u"log"_s));
    QTest::newRow("key swapped") << conflictOf(m_earlier, signCheckpoint({other.signer.name, m_log->head(), {}}, other.signer), *m_log).toBytes()
                                 << u"keySwapped"_s << u"statedByTheObserver"_s << u"another key"_s;
    QTest::newRow("garbage") << conflictOf(m_earlier, "hello", *m_log).toBytes() << u"garbage"_s << u"statedByTheObserver"_s << u"no checkpoint"_s;
}

void TestVerifyBundles::conflictHolds()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, verdict);
    QFETCH(QString, weight);
    QFETCH(QString, words);
    const Ran outcome = checkKey(bytes);
    QVERIFY2(outcome.code == 0, qPrintable(outcome.out + outcome.err));
    QCOMPARE(outcome.json().value(u"kind"_s).toString(), u"conflictBundle"_s);
    QCOMPARE(outcome.json().value(u"states"_s).toObject().value(u"verdict"_s).toString(), verdict);
    QCOMPARE(outcome.json().value(u"states"_s).toObject().value(u"weight"_s).toString(), weight);
    QVERIFY2(outcome.json().value(u"conclusion"_s).toString().contains(words), qPrintable(outcome.out));
    QCOMPARE(outcome.state(u"provenByTheLog"_s), weight == u"provenByTheLog"_s ? u"holds"_s : u"notChecked"_s);
    const Ran text = runVerify({file(bytes), u"--key"_s, m_log->key()});
    QCOMPARE(text.code, 0);
    QVERIFY(text.out.contains(u"It holds. "_s) && text.out.contains(words));
}

void TestVerifyBundles::conflictWithoutKey()
{
    const Ran outcome = check(m_forked.toBytes());
    QCOMPARE(outcome.code, 0);
    QCOMPARE(outcome.state(u"trust"_s), u"notChecked"_s);
    ConflictBundle nameless = m_forked;
    nameless.log = u"nothing"_s;
    QCOMPARE(check(nameless.toBytes()).code, 1);
}

void TestVerifyBundles::conflictFails_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("finding");
    ConflictBundle bundle = m_forked;
    bundle.nodes[0].hash[0] ^= 1;
    QTest::newRow("node") << bundle.toBytes() << u"conflict"_s;
    bundle = m_forked;
    bundle.nodes.removeLast();
    QTest::newRow("node missing") << bundle.toBytes() << u"conflict"_s;
    bundle = m_forked;
    bundle.seen[20] = char(bundle.seen[20] ^ 1);
    QTest::newRow("seen") << bundle.toBytes() << u"conflict"_s;
    bundle = m_forked;
    bundle.kept[20] = char(bundle.kept[20] ^ 1);
    QTest::newRow("kept") << bundle.toBytes() << u"conflict"_s;
    bundle = m_forked;
    bundle.verdict = transparency::Verdict::RolledBack;
    QTest::newRow("verdict") << bundle.toBytes() << u"conflict"_s;
    bundle.verdict = transparency::Verdict::Consistent;
    QTest::newRow("no conflict at all") << bundle.toBytes() << u"conflict"_s;
    bundle = m_forked;
    bundle.log = FolderLog(m_folder.filePath(u"log"_s)).key();
    QTest::newRow("key that it names") << bundle.toBytes() << u"trust"_s;
    // Both histories are of one log.
    bundle = m_forked;
    bundle.seen = m_log->note();
    QTest::newRow("a good log accused") << bundle.toBytes() << u"conflict"_s;
}

void TestVerifyBundles::conflictFails()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, finding);
    const Ran outcome = checkKey(bytes);
    QVERIFY2(outcome.code == 1, qPrintable(outcome.out + outcome.err));
    QCOMPARE(outcome.state(finding), u"fails"_s);
    QVERIFY(!outcome.why(finding).isEmpty());
    QVERIFY(!outcome.json().contains(u"conclusion"_s));
}

void TestVerifyBundles::checkpoint()
{
    const Ran outcome = checkKey(m_earlier);
    QVERIFY2(outcome.code == 0, qPrintable(outcome.out + outcome.err));
    QCOMPARE(outcome.json().value(u"kind"_s).toString(), u"checkpoint"_s);
    QCOMPARE(outcome.json().value(u"states"_s).toObject().value(u"size"_s).toInt(), 100);
    QCOMPARE(outcome.state(u"signature"_s), u"holds"_s);
    QCOMPARE(outcome.state(u"tree"_s), u"notChecked"_s);
    const Ran keyless = runVerify({file(m_earlier)});
    QCOMPARE(keyless.code, 2);
    QVERIFY(keyless.err.contains(u"--key"_s));
}

void TestVerifyBundles::checkpointFails()
{
    QByteArray altered = m_earlier;
    altered[17] = '9'; // 900 events
    QCOMPARE(checkKey(altered).code, 1);
    QCOMPARE(check(m_earlier, {u"--key"_s, FolderLog(QString()).key()}).code, 1);
    QCOMPARE(check(m_earlier, {u"--key"_s, FolderLog(QString(), u"other.example"_s).key()}).code, 1);
}

void TestVerifyBundles::unreadable_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const QByteArray conflict = m_forked.toBytes();
    QTest::newRow("proof cut at its end") << m_proof.chopped(1);
    QTest::newRow("proof cut") << m_proof.left(m_proof.size() / 2);
    QTest::newRow("proof and more") << m_proof + '\n';
    QTest::newRow("proof of another version") << QByteArray(m_proof).replace("\"version\":1", "\"version\":2");
    QTest::newRow("proof with a member doubled") << QByteArray("{\"checkpoint\":\"\"," + m_proof.mid(1));
    QTest::newRow("conflict cut at its end") << conflict.chopped(1);
    QTest::newRow("conflict cut") << conflict.left(conflict.size() / 2);
    QTest::newRow("conflict not canonical") << QByteArray("{ " + conflict.mid(1));
    QTest::newRow("checkpoint cut in its text") << m_earlier.left(20);
    QTest::newRow("checkpoint of no size") << QByteArray("test.example/log\n-1\n" + m_earlier.mid(m_earlier.indexOf('\n', 18) + 1));
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("binary") << QByteArray("\0\xff{\"", 4);
}

void TestVerifyBundles::unreadable()
{
    QFETCH(QByteArray, bytes);
    const Ran outcome = runVerify({file(bytes), u"--key"_s, m_log->key()});
    QVERIFY2(outcome.code == 3, qPrintable(outcome.out));
    QVERIFY(outcome.out.isEmpty());
    QVERIFY(outcome.err.startsWith(u"parapet-verify: "_s));
}

void TestVerifyBundles::optionsOfAnotherKind()
{
    // An option that would be ignored would be taken for one that was heeded.
    QCOMPARE(check(m_proof, {u"--ca"_s, u"ca.pem"_s}).code, 2);
    QCOMPARE(check(m_proof, {u"--key-sha256"_s, QString(64, u'0')}).code, 2);
    QCOMPARE(check("{}", {u"--key"_s, m_log->key()}).code, 2);
    QCOMPARE(check(m_proof, {u"--key"_s, u"none"_s}).code, 2);
}

void TestVerifyBundles::drawsNothingHostile()
{
    ProofBundle bundle = *ProofBundle::fromBytes(m_proof);
    bundle.query = u"fine\x1b[2J\u202E\nIt holds."_s;
    bundle.log = u"x\x1b]0;x\a"_s;
    const Ran outcome = runVerify({file(bundle.toBytes()), u"--key"_s, m_log->key()});
    QCOMPARE(outcome.code, 1);
    for (const QChar c : outcome.out)
        QVERIFY2(c == u'\n' || (c.category() != QChar::Other_Control && c.category() != QChar::Other_Format), "a control character got through");
    QVERIFY(!outcome.out.contains(u"\nIt holds."_s));
}

QTEST_GUILESS_MAIN(TestVerifyBundles)
#include "tst_verify_bundles.moc"
