// SPDX-License-Identifier: GPL-3.0-or-later
// parapet-verify --log: a whole published log, and one altered byte anywhere in it.
#include "tests/verify/verifyprocess.h"

#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace parapet;
using namespace parapet::verify;
using namespace Qt::StringLiterals;

class TestVerifyLog : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void holds_data();
    void holds();
    void tallTreeHolds();
    void inWords();
    void altered_data();
    void altered();
    void everyByte();
    void missing_data();
    void missing();
    void partialTakenAway();
    void swappedKey();
    void garbageCheckpoint();
    void unreadable_data();
    void unreadable();
    void wrongIndex();
    void notCanonical();
    void gap();
    void otherEntries();
    void manyAlterationsAreNamed();
    void stateGoesOn();
    void stateOfAnInterruptedRun();
    void rolledBack();
    void forked();
    void failureKeepsTheState();
    void damagedState_data();
    void damagedState();

private:
    QString folder() const { return m_folder->filePath(u"log"_s); }
    QString stateFile() const { return m_folder->filePath(u"state"_s); }
    Ran check(const FolderLog &log, const QStringList &more = {}) const
    {
        return runVerify(QStringList{u"--log"_s, folder(), u"--key"_s, log.key(), u"--json"_s} + more);
    }
    Ran checkWithState(const FolderLog &log) const { return check(log, {u"--state"_s, stateFile()}); }
    static qint64 stated(const Ran &outcome, const char *name)
    {
        return outcome.json().value(u"states"_s).toObject().value(QLatin1String(name)).toInteger(-1);
    }

    static constexpr qint64 tallSize = 66000;

    std::unique_ptr<QTemporaryDir> m_folder;
    QTemporaryDir m_tallFolder;
    std::unique_ptr<FolderLog> m_tall; ///< of three tile levels
};

void TestVerifyLog::initTestCase()
{
    m_tall = std::make_unique<FolderLog>(m_tallFolder.path());
    m_tall->growPlain(tallSize - 10);
    m_tall->grow(tallSize);
    m_tall->publish();
}

void TestVerifyLog::holds_data()
{
    QTest::addColumn<qint64>("size");
    for (const qint64 size : {0, 1, 2, 255, 256, 257, 700, 65536})
        QTest::newRow(qPrintable(QString::number(size))) << size;
}

void TestVerifyLog::holds()
{
    QFETCH(qint64, size);
    FolderLog log(folder());
    log.growPlain(size - 300);
    log.grow(size);
    log.publish();
    const Ran outcome = check(log);
    QVERIFY2(outcome.code == 0, qPrintable(outcome.out + outcome.err));
    QVERIFY(outcome.err.isEmpty());
    QCOMPARE(outcome.json().value(u"kind"_s).toString(), u"log"_s);
    QCOMPARE(stated(outcome, "size"), size);
    QCOMPARE(stated(outcome, "entriesRead"), size);
    for (const QString &id : {u"signature"_s, u"tiles"_s, u"entries"_s, u"events"_s, u"sequences"_s})
        QCOMPARE(outcome.state(id), u"holds"_s);
    QCOMPARE(outcome.state(u"consistency"_s), u"notChecked"_s);
}

void TestVerifyLog::tallTreeHolds()
{
    const Ran outcome = runVerify({u"--log"_s, m_tallFolder.path(), u"--key"_s, m_tall->key(), u"--json"_s});
    QCOMPARE(outcome.code, 0);
    QCOMPARE(stated(outcome, "entriesRead"), tallSize);
    QCOMPARE(stated(outcome, "otherEntries"), tallSize - 10);
}

void TestVerifyLog::inWords()
{
    FolderLog log(folder());
    log.grow(3);
    log.publish();
    const Ran good = runVerify({u"--log"_s, folder(), u"--key"_s, log.key()});
    QCOMPARE(good.code, 0);
    QVERIFY(good.out.contains(u"It holds."_s) && good.out.contains(u"test.example/log"_s));
    flip(log.path(u"tile/0/000.p/3"_s), 5);
    const Ran bad = runVerify({u"--log"_s, folder(), u"--key"_s, log.key()});
    QCOMPARE(bad.code, 1);
    QVERIFY(bad.out.contains(u"FAILS"_s) && bad.out.contains(u"tile/0/000.p/3"_s) && bad.out.contains(u"It does not hold"_s));
}

void TestVerifyLog::altered_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("place");
    QTest::addColumn<QString>("finding");
    QTest::addColumn<QString>("names");
    // 66000 events: 257 full tiles and one of 208; one full tile of level 1, and one of 1; the edge's tile of level 2.
    QTest::newRow("full leaf tile") << u"tile/0/003"_s << 100 << u"tiles"_s << u"tile/0/003"_s;
    QTest::newRow("last leaf tile") << u"tile/0/257.p/208"_s << -1 << u"tiles"_s << u"tile/0/257.p/208"_s;
    QTest::newRow("full tile above") << u"tile/1/000"_s << 0 << u"tiles"_s << u"tile/1/000"_s;
    QTest::newRow("edge tile above") << u"tile/1/001.p/1"_s << 31 << u"tiles"_s << u"tile/1/001.p/1"_s;
    QTest::newRow("top tile") << u"tile/2/000.p/1"_s << 7 << u"tiles"_s << u"tile/2/000.p/1"_s;
    QTest::newRow("first entry") << u"tile/entries/000"_s << 2 << u"entries"_s << u"Event 0 "_s;
    QTest::newRow("last entry of a bundle") << u"tile/entries/003"_s << -3 << u"entries"_s << u"Event 1023 "_s;
    QTest::newRow("last entry") << u"tile/entries/257.p/208"_s << -3 << u"entries"_s << u"Event 65999 "_s;
    QTest::newRow("length of an entry") << u"tile/entries/002"_s << 0 << u"entries"_s << u"tile/entries/002"_s;
    QTest::newRow("size") << u"checkpoint"_s << 18 << u"signature"_s << QString();
    QTest::newRow("origin") << u"checkpoint"_s << 2 << u"signature"_s << QString();
    QTest::newRow("root") << u"checkpoint"_s << 30 << u"signature"_s << QString();
}

void TestVerifyLog::altered()
{
    QFETCH(QString, file);
    QFETCH(int, place);
    QFETCH(QString, finding);
    QFETCH(QString, names);
    const QStringList arguments{u"--log"_s, m_tallFolder.path(), u"--key"_s, m_tall->key(), u"--json"_s};
    flip(m_tall->path(file), place);
    const Ran outcome = runVerify(arguments);
    flip(m_tall->path(file), place);
    QVERIFY2(outcome.code == 1, qPrintable(outcome.out.left(2000) + outcome.err));
    QCOMPARE(outcome.json().value(u"holds"_s).toBool(true), false);
    QCOMPARE(outcome.state(finding), u"fails"_s);
    QVERIFY2(outcome.why(finding).contains(names), qPrintable(outcome.why(finding)));
    QVERIFY(!outcome.why(finding).isEmpty());
}

void TestVerifyLog::everyByte()
{
    FolderLog log(folder());
    log.growPlain(3);
    log.publish();
    for (const QString &file : {u"checkpoint"_s, u"tile/0/000.p/3"_s, u"tile/entries/000.p/3"_s}) {
        const qsizetype size = readFile(log.path(file)).size();
        QVERIFY(size > 20);
        for (qsizetype place = 0; place < size; ++place) {
            flip(log.path(file), place);
            const Ran outcome = check(log);
            QVERIFY2(outcome.code == 1, qPrintable(u"%1, byte %2: %3"_s.arg(file).arg(place).arg(outcome.out)));
            flip(log.path(file), place);
        }
    }
    QCOMPARE(check(log).code, 0);
}

void TestVerifyLog::missing_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("finding");
    QTest::newRow("full tile") << u"tile/0/001"_s << u"tiles"_s;
    QTest::newRow("partial tile") << u"tile/0/002.p/188"_s << u"tiles"_s;
    QTest::newRow("tile above") << u"tile/1/000.p/2"_s << u"tiles"_s;
    QTest::newRow("bundle") << u"tile/entries/001"_s << u"entries"_s;
    QTest::newRow("partial bundle") << u"tile/entries/002.p/188"_s << u"entries"_s;
}

void TestVerifyLog::missing()
{
    QFETCH(QString, file);
    QFETCH(QString, finding);
    FolderLog log(folder());
    log.grow(700);
    log.publish();
    for (const bool cut : {true, false}) {
        if (cut)
            writeFile(log.path(file), readFile(log.path(file)).chopped(1));
        else
            QVERIFY(QFile::remove(log.path(file)));
        const Ran outcome = check(log);
        QVERIFY2(outcome.code == 1, qPrintable(outcome.out + outcome.err));
        QCOMPARE(outcome.state(finding), u"fails"_s);
        QVERIFY2(outcome.why(finding).contains(file), qPrintable(outcome.why(finding)));
        QVERIFY(outcome.state(u"sequences"_s) != u"fails"_s);
    }
}

void TestVerifyLog::partialTakenAway()
{
    // A checkpoint of 300 in a folder where the log has gone on to 600: the partial tiles are gone, the full ones are there.
    FolderLog log(folder());
    log.grow(300);
    log.publish();
    const QByteArray earlier = log.note();
    log.grow(600);
    log.publish();
    QVERIFY(QFile::remove(log.path(u"tile/0/001.p/44"_s)));
    QVERIFY(QFile::remove(log.path(u"tile/entries/001.p/44"_s)));
    writeFile(log.path(u"checkpoint"_s), earlier);
    const Ran outcome = check(log);
    QVERIFY2(outcome.code == 0, qPrintable(outcome.out));
    QCOMPARE(stated(outcome, "entriesRead"), 300);
}

void TestVerifyLog::swappedKey()
{
    FolderLog log(folder());
    log.grow(5);
    log.publish();
    const FolderLog other(folder());
    const Ran outcome = check(other);
    QCOMPARE(outcome.code, 1);
    QCOMPARE(outcome.state(u"signature"_s), u"fails"_s);
    QCOMPARE(outcome.state(u"entries"_s), u"notChecked"_s);
    const FolderLog stranger(folder(), u"other.example/log"_s);
    QCOMPARE(check(stranger).code, 1);
}

void TestVerifyLog::garbageCheckpoint()
{
    FolderLog log(folder());
    log.grow(5);
    log.publish();
    for (const QByteArray &bytes : {QByteArray(), QByteArray("\0\xff", 2), QByteArray(300000, 'x'), log.note().chopped(20)}) {
        writeFile(log.path(u"checkpoint"_s), bytes);
        const Ran outcome = check(log);
        QCOMPARE(outcome.code, 1);
        QCOMPARE(outcome.state(u"signature"_s), u"fails"_s);
    }
}

void TestVerifyLog::unreadable_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("code");
    FolderLog log(folder());
    const QString key = log.key();
    QTest::newRow("no such folder") << QStringList{u"--log"_s, u"none"_s, u"--key"_s, key} << 3;
    QTest::newRow("no key") << QStringList{u"--log"_s, u"none"_s} << 2;
    QTest::newRow("bad key") << QStringList{u"--log"_s, u"none"_s, u"--key"_s, u"x+y+z"_s} << 2;
    QTest::newRow("log and file") << QStringList{u"--log"_s, u"none"_s, u"--key"_s, key, u"file"_s} << 2;
    QTest::newRow("folder and ca") << QStringList{u"--log"_s, u"none"_s, u"--key"_s, key, u"--ca"_s, u"ca"_s} << 2;
    QTest::newRow("folder and certificate") << QStringList{u"--log"_s, u"none"_s, u"--key"_s, key, u"--certificate"_s, u"c"_s} << 2;
    QTest::newRow("log and key-sha256") << QStringList{u"--log"_s, u"none"_s, u"--key"_s, key, u"--key-sha256"_s, QString(64, u'0')} << 2;
    QTest::newRow("state without log") << QStringList{u"--state"_s, u"state"_s, u"file"_s} << 2;
    QTest::newRow("bundle without log") << QStringList{u"--bundle-out"_s, u"out"_s, u"file"_s} << 2;
    QTest::newRow("witness without log") << QStringList{u"--witness"_s, u"key"_s, u"file"_s} << 2;
    QTest::newRow("certificate without log") << QStringList{u"--certificate"_s, u"c"_s, u"file"_s} << 2;
    QTest::newRow("plain http") << QStringList{u"--log"_s, u"http://127.0.0.1:1/"_s, u"--key"_s, key} << 2;
    QTest::newRow("address with a user") << QStringList{u"--log"_s, u"https://user:secret@127.0.0.1:1/"_s, u"--key"_s, key} << 2;
    QTest::newRow("address with a query") << QStringList{u"--log"_s, u"https://127.0.0.1:1/?a"_s, u"--key"_s, key} << 2;
    QTest::newRow("key without certificate") << QStringList{u"--log"_s, u"https://127.0.0.1:1/"_s, u"--key"_s, key, u"--private-key"_s, u"k"_s} << 2;
    QTest::newRow("no such authority") << QStringList{u"--log"_s, u"https://127.0.0.1:1/"_s, u"--key"_s, key, u"--ca"_s, u"none"_s} << 3;
    QTest::newRow("nobody answers") << QStringList{u"--log"_s, u"https://127.0.0.1:1/"_s, u"--key"_s, key, u"--retries"_s, u"0"_s} << 3;
    QTest::newRow("retries") << QStringList{u"--log"_s, u"none"_s, u"--key"_s, key, u"--retries"_s, u"many"_s} << 2;
}

void TestVerifyLog::unreadable()
{
    QFETCH(QStringList, arguments);
    QFETCH(int, code);
    const Ran outcome = runVerify(arguments);
    QCOMPARE(outcome.code, code);
    QVERIFY(outcome.out.isEmpty());
    QVERIFY(outcome.err.startsWith(u"parapet-verify: "_s));
}

void TestVerifyLog::wrongIndex()
{
    FolderLog log(folder());
    log.grow(4);
    AuditEvent event = log.event();
    event.index = 9;
    log.append(event);
    log.grow(8);
    log.publish();
    const Ran outcome = check(log);
    QCOMPARE(outcome.code, 1);
    QCOMPARE(outcome.state(u"entries"_s), u"holds"_s);
    QCOMPARE(outcome.why(u"events"_s), u"Event 4 says that it is event 9."_s);
}

void TestVerifyLog::notCanonical()
{
    FolderLog log(folder());
    log.grow(4);
    AuditEvent event = log.event();
    event.originSequence = 3; // of "control", which has two
    log.append("{ " + transparency::leafOf(event).mid(1));
    log.publish();
    const Ran outcome = check(log);
    QCOMPARE(outcome.code, 1);
    QCOMPARE(outcome.why(u"events"_s), u"Event 4 is not in canonical form."_s);
}

void TestVerifyLog::gap()
{
    FolderLog log(folder());
    log.grow(4);
    AuditEvent event = log.event();
    event.originSequence = 5; // of "control": 1 and 2 were before
    log.append(event);
    AuditEvent late = log.event();
    late.origin = u"late"_s;
    late.originSequence = 7;
    log.append(late);
    log.grow(10);
    log.publish();
    const Ran outcome = check(log);
    QCOMPARE(outcome.code, 1);
    QCOMPARE(outcome.state(u"events"_s), u"holds"_s);
    QCOMPARE(outcome.why(u"sequences"_s), u"“control” goes from number 2 to 5 at event 4.\n“late” begins with number 7 at event 5, not with 1."_s);
}

void TestVerifyLog::otherEntries()
{
    FolderLog log(folder());
    log.append(QByteArray("no event"));
    log.append(QByteArray());
    log.append(QByteArray("{\"index\":7}"));
    log.append(QByteArray(transparency::maximumEntry, '\0'));
    log.grow(10);
    log.publish();
    const Ran outcome = check(log);
    QVERIFY2(outcome.code == 0, qPrintable(outcome.out));
    QCOMPARE(stated(outcome, "otherEntries"), 4);
}

void TestVerifyLog::manyAlterationsAreNamed()
{
    FolderLog log(folder());
    log.grow(1300);
    log.publish();
    flip(log.path(u"tile/entries/001"_s), 40);
    flip(log.path(u"tile/0/003"_s), 1);
    flip(log.path(u"tile/entries/004"_s), -5);
    const Ran outcome = check(log);
    QCOMPARE(outcome.code, 1);
    QVERIFY(outcome.why(u"entries"_s).contains(u"tile/entries/001"_s) && outcome.why(u"entries"_s).contains(u"Event 1279 "_s));
    QVERIFY(outcome.why(u"tiles"_s).contains(u"tile/0/003"_s));
    QCOMPARE(outcome.state(u"sequences"_s), u"notChecked"_s); // what was left out may hide a gap, and makes none
}

void TestVerifyLog::stateGoesOn()
{
    FolderLog log(folder());
    log.grow(300);
    log.publish();
    QCOMPARE(checkWithState(log).code, 0);
    QVERIFY(!(QFile::permissions(stateFile()) & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther)));
    const Ran same = checkWithState(log);
    QCOMPARE(same.code, 0);
    QCOMPARE(same.state(u"consistency"_s), u"holds"_s);
    QCOMPARE(stated(same, "entriesRead"), 0);

    log.grow(900);
    log.publish();
    const Ran grown = checkWithState(log);
    QVERIFY2(grown.code == 0, qPrintable(grown.out));
    QCOMPARE(grown.state(u"consistency"_s), u"holds"_s);
    QCOMPARE(stated(grown, "verifiedBefore"), 300);
    QCOMPARE(stated(grown, "entriesRead"), 600);

    // Numbers are followed over runs.
    AuditEvent event = log.event();
    event.origin = u"agent"_s;
    event.originSequence = 999;
    log.append(event);
    log.publish();
    const Ran gap = checkWithState(log);
    QCOMPARE(gap.code, 1);
    QCOMPARE(gap.why(u"sequences"_s), u"“agent” goes from number 300 to 999 at event 900."_s);
}

void TestVerifyLog::stateOfAnInterruptedRun()
{
    FolderLog log(folder());
    log.grow(600);
    log.publish();
    QCOMPARE(checkWithState(log).code, 0);
    // As if the run had ended after the first 256.
    QByteArray state = readFile(stateFile());
    state.replace("\"position\":600", "\"position\":256");
    state.replace("\"last\":200", "\"last\":86").replace("\"last\":400", "\"last\":170");
    writeFile(stateFile(), state);
    const Ran outcome = checkWithState(log);
    QVERIFY2(outcome.code == 0, qPrintable(outcome.out + outcome.err));
    QCOMPARE(stated(outcome, "entriesRead"), 344);
    QVERIFY(readFile(stateFile()).contains("\"position\":600"));
}

void TestVerifyLog::rolledBack()
{
    FolderLog log(folder());
    log.grow(100);
    log.publish();
    const QByteArray earlier = log.note();
    log.grow(300);
    log.publish();
    QCOMPARE(checkWithState(log).code, 0);
    const QByteArray kept = readFile(stateFile());
    writeFile(log.path(u"checkpoint"_s), earlier);
    const Ran outcome = checkWithState(log);
    QCOMPARE(outcome.code, 1);
    QCOMPARE(outcome.state(u"signature"_s), u"holds"_s);
    QCOMPARE(outcome.state(u"consistency"_s), u"fails"_s);
    QVERIFY(outcome.why(u"consistency"_s).contains(u"300"_s));
    QCOMPARE(readFile(stateFile()), kept);
}

void TestVerifyLog::forked()
{
    FolderLog log(folder());
    log.grow(300);
    log.publish();
    QCOMPARE(checkWithState(log).code, 0);
    for (const qint64 size : {300, 500}) {
        FolderLog other(folder());
        other.signer = log.signer;
        other.grow(250);
        AuditEvent event = other.event();
        event.actor = PrincipalId(u"p-other"_s);
        other.append(event);
        other.grow(size);
        other.publish();
        const Ran outcome = checkWithState(log);
        QCOMPARE(outcome.code, 1);
        QCOMPARE(outcome.state(u"consistency"_s), u"fails"_s);
        QCOMPARE(check(other).code, 0); // by itself nothing is wrong with it
    }
}

void TestVerifyLog::failureKeepsTheState()
{
    FolderLog log(folder());
    log.grow(300);
    log.publish();
    QCOMPARE(checkWithState(log).code, 0);
    const QByteArray kept = readFile(stateFile());
    log.grow(600);
    log.publish();
    flip(log.path(u"tile/entries/001"_s), -4);
    QCOMPARE(checkWithState(log).code, 1);
    QCOMPARE(readFile(stateFile()), kept);
    flip(log.path(u"tile/entries/001"_s), -4);
    QCOMPARE(checkWithState(log).code, 0);
}

void TestVerifyLog::damagedState_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::newRow("cut") << QByteArray("\"version\":1}") << QByteArray();
    QTest::newRow("position behind the end") << QByteArray("\"position\":300") << QByteArray("\"position\":301");
    QTest::newRow("position before the start") << QByteArray("\"position\":300") << QByteArray("\"position\":-1");
    QTest::newRow("note") << QByteArray("\"note\":\"") << QByteArray("\"note\":\"AAAA");
    QTest::newRow("white space") << QByteArray("{\"at\"") << QByteArray("{ \"at\"");
    QTest::newRow("type") << QByteArray("verified-log") << QByteArray("verified-lag");
    QTest::newRow("member") << QByteArray("\"position\":300") << QByteArray("\"pos\":1,\"position\":300");
    QTest::newRow("origin twice") << QByteArray("\"origin\":\"control\"") << QByteArray("\"origin\":\"agent\"");
}

void TestVerifyLog::damagedState()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    FolderLog log(folder());
    log.grow(300);
    log.publish();
    QCOMPARE(checkWithState(log).code, 0);
    QByteArray state = readFile(stateFile());
    QVERIFY(state.contains(from));
    state.replace(from, to);
    writeFile(stateFile(), state);
    const Ran outcome = checkWithState(log);
    QCOMPARE(outcome.code, 3);
    QVERIFY(outcome.json().value(u"error"_s).toString().contains(stateFile()));
    QCOMPARE(readFile(stateFile()), state); // never taken for none
}

QTEST_GUILESS_MAIN(TestVerifyLog)
#include "tst_verify_log.moc"
