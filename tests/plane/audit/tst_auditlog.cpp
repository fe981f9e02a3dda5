// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/audit/auditlog.h"
#include "app/plane/control/schema.h"
#include "models/core/json.h"
#include "models/storage/migrations.h"
#include "models/wire/codec.h"
#include "tests/support/postgresserver.h"

#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace parapet;
using namespace parapet::plane;
using namespace parapet::transparency;

class TestAuditLog : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { support::DatabasePlaces::addEngines(); }
    void init();
    void leavesAreCanonical_data();
    void leavesAreCanonical();
    void numbersEvents();
    void goesOnAfterReopening();
    void headIsToldAfterPublishing();
    void findsTampering_data();
    void findsTampering();
    void findsOldTamperingWhenAllIsChecked();
    void refusesEventsThatAreTooLong();

private:
    static AuditEvent eventOf(int number, const QString &origin = u"control"_s);
    void append(AuditLog &log, int count);
    void sql(const char *text) { QVERIFY(m_database->execute(support::DatabasePlaces::spelled(text).constData())); }
    Result<std::unique_ptr<AuditLog>> open(LogCheck check = LogCheck::Edge) { return AuditLog::open(*m_database, u"parapet.test/log"_s, check); }

    support::DatabasePlaces m_places;
    std::unique_ptr<storage::Database> m_database;
};

void TestAuditLog::init()
{
    m_database.reset();
    auto database = storage::Database::open(m_places.fresh());
    QVERIFY2(database, database ? "" : qPrintable(database.error().detail));
    m_database = std::move(*database);
    QVERIFY(storage::migrate(*m_database, planeSchema()));
}

AuditEvent TestAuditLog::eventOf(int number, const QString &origin)
{
    AuditEvent event;
    event.time = Instant(Milliseconds(1773754891000 + number));
    event.actor = PrincipalId(u"ada"_s);
    event.actorName = Untrusted(u"Ada"_s);
    event.action = u"workspace.read"_s;
    event.target = Untrusted(u"ws-%1"_s.arg(number));
    event.origin = origin;
    return event;
}

void TestAuditLog::append(AuditLog &log, int count)
{
    auto transaction = storage::Transaction::begin(*m_database);
    for (int i = 0; i < count; ++i) {
        AuditEvent event = eventOf(i, i % 3 ? u"control"_s : u"agent"_s);
        QVERIFY(log.append(*m_database, event));
    }
    QVERIFY(log.seal(*m_database, Instant(Milliseconds(1773754899000))));
    QVERIFY(transaction->commit());
    log.publish();
}

void TestAuditLog::leavesAreCanonical_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("plain") << u"read_file src/a.py"_s;
    QTest::newRow("quotes") << u"\"\\/\b\f\n\r\t"_s;
    QTest::newRow("controls") << u"\u0001\u001f\u007f\u0080\u2028"_s;
    QTest::newRow("beyond the plane") << u"🐎 \U0010ffff"_s;
    QTest::newRow("right to left") << u"\u202eevil"_s;
}

void TestAuditLog::leavesAreCanonical()
{
    QFETCH(QString, text);
    AuditEvent event = eventOf(5);
    event.detail = Untrusted(text);
    event.index = 12345678901;
    event.outcome = Outcome::Denied;
    QCOMPARE(leafOf(event), canonicalJson(wire::toJson(event)));
    event.time = {};
    QCOMPARE(leafOf(event), canonicalJson(wire::toJson(event)));
}

void TestAuditLog::numbersEvents()
{
    auto log = open();
    QVERIFY(log);
    QCOMPARE((*log)->head().size, 0);
    QCOMPARE((*log)->head().rootHash, toBytes(emptyRoot()));
    QStringList numbers;
    for (const char *origin : {"control", "agent", "control", "control", "agent"}) {
        AuditEvent event = eventOf(0, QLatin1String(origin));
        QVERIFY((*log)->append(*m_database, event));
        numbers << u"%1:%2:%3"_s.arg(event.index).arg(event.origin).arg(event.originSequence);
    }
    QCOMPARE(numbers.join(u' '), u"0:control:1 1:agent:1 2:control:2 3:control:3 4:agent:2"_s);
    QCOMPARE((*log)->lastOf(u"control"_s), 3);
    QCOMPARE((*log)->lastOf(u"nobody"_s), 0);
}

void TestAuditLog::goesOnAfterReopening()
{
    {
        auto log = open();
        append(**log, 700);
    }
    auto log = open(LogCheck::Whole);
    QVERIFY2(log, log ? "" : qPrintable(log.error().message));
    QCOMPARE((*log)->size(), 700);
    append(**log, 70);
    const QByteArray root = (*log)->head().rootHash;
    auto again = open(LogCheck::Whole);
    QVERIFY2(again, again ? "" : qPrintable(again.error().message));
    QCOMPARE((*again)->head().rootHash, root);
    QCOMPARE((*again)->head().size, 770);
    QCOMPARE((*again)->lastOf(u"agent"_s), 234 + 24);
}

void TestAuditLog::headIsToldAfterPublishing()
{
    auto log = open();
    AuditEvent event = eventOf(1);
    QVERIFY((*log)->append(*m_database, event));
    QVERIFY((*log)->seal(*m_database, Instant(Milliseconds(5))));
    QCOMPARE((*log)->head().size, 0); // not durable yet
    (*log)->publish();
    QCOMPARE((*log)->head().size, 1);
    QCOMPARE((*log)->head().rootHash, toBytes(leafHash(leafOf(event))));
    QCOMPARE((*log)->head().origin, u"parapet.test/log"_s);
}

void TestAuditLog::findsTampering_data()
{
    QTest::addColumn<QByteArray>("sql");
    QTest::newRow("an event edited") << QByteArray(R"(UPDATE events SET "leaf"=CAST(replace(CAST("leaf" AS TEXT),'ws-','wt-') AS BLOB) WHERE "index"=2990)");
    QTest::newRow("an event removed") << QByteArray(R"(DELETE FROM events WHERE "index"=2995)");
    QTest::newRow("the end cut off") << QByteArray(R"(DELETE FROM events WHERE "index">=2990)");
    QTest::newRow("an event added") << QByteArray(R"(INSERT INTO events SELECT 3000,"time","actor","actorName","actorKind","action","target","workspace","outcome","reason","detail","source","requestId","session","origin","originSequence","leaf" FROM events WHERE "index"=1)");
    QTest::newRow("the head's root") << QByteArray(R"(UPDATE head SET "root"=zeroblob(32))");
    QTest::newRow("the head's size") << QByteArray(R"(UPDATE head SET "size"=2999)");
    QTest::newRow("the last tile") << QByteArray(R"(UPDATE tiles SET "hashes"=zeroblob(length("hashes")) WHERE "level"=0 AND "index"=11)");
    QTest::newRow("a tile removed") << QByteArray(R"(DELETE FROM tiles WHERE "level"=1)");
}

void TestAuditLog::findsTampering()
{
    QFETCH(QByteArray, sql);
    append(**open(), 3000);
    QVERIFY(open());
    QVERIFY(m_database->execute(support::DatabasePlaces::spelled(sql).constData()));
    const auto log = open();
    QVERIFY(!log);
    QCOMPARE(log.error().code, Error::Code::Storage);
    QVERIFY2(log.error().message.contains(u"does not verify"_s), qPrintable(log.error().message));
}

void TestAuditLog::findsOldTamperingWhenAllIsChecked()
{
    append(**open(), 3000);
    sql(R"(UPDATE events SET "leaf"=CAST(replace(CAST("leaf" AS TEXT),'Ada','Eve') AS BLOB) WHERE "index"=7)");
    QVERIFY(open(LogCheck::Edge)); // the quick look does not reach that far
    const auto log = open(LogCheck::Whole);
    QVERIFY(!log);
    QVERIFY(log.error().message.contains(u"event 7"_s));

    init();
    append(**open(), 3000);
    sql(R"(UPDATE events SET "originSequence"=99999 WHERE "index"=7)");
    QVERIFY(!open(LogCheck::Whole));

    init();
    append(**open(), 3000);
    sql(R"(UPDATE tiles SET "hashes"=zeroblob(8192) WHERE "level"=0 AND "index"=2)");
    QVERIFY(!open(LogCheck::Whole));
}

void TestAuditLog::refusesEventsThatAreTooLong()
{
    auto log = open();
    AuditEvent event = eventOf(1);
    event.detail = Untrusted(QString(70000, u'x'));
    const Status appended = (*log)->append(*m_database, event);
    QVERIFY(!appended);
    QCOMPARE(appended.error().code, Error::Code::Invalid);
    QCOMPARE((*log)->size(), 0);
}

QTEST_GUILESS_MAIN(TestAuditLog)
#include "tst_auditlog.moc"
