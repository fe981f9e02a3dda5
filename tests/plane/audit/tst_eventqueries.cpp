// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/audit/auditlog.h"
#include "app/plane/audit/eventqueries.h"
#include "app/plane/control/schema.h"
#include "models/core/json.h"
#include "models/storage/migrations.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonObject>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace parapet;
using namespace parapet::plane;

class TestEventQueries : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void sqlSaysWhatThePredicateSays_data();
    void sqlSaysWhatThePredicateSays();
    void pagesFitTogether_data();
    void pagesFitTogether();
    void jumpsToAPosition();
    void pagesStayWholeWhileTheLogGrows();
    void refusesWrongQueries_data();
    void refusesWrongQueries();
    void readsOneEvent();
    void countsActivity();

private:
    QJsonObject page(const PageRequest &request)
    {
        const Result<QByteArray> page = m_queries->page(request, m_now);
        return page ? parseJson(*page).value_or(QJsonValue()).toObject() : QJsonObject();
    }
    void append(int count);

    QTemporaryDir m_folder;
    std::unique_ptr<storage::Database> m_database;
    std::unique_ptr<AuditLog> m_log;
    std::unique_ptr<EventQueries> m_queries;
    QVector<AuditEvent> m_events;
    Instant m_now{std::chrono::seconds{1773754891}};
};

void TestEventQueries::append(int count)
{
    auto transaction = storage::Transaction::begin(*m_database);
    for (int i = 0; i < count; ++i) {
        const int n = int(m_events.size());
        AuditEvent event;
        event.time = m_now - std::chrono::minutes(600) + std::chrono::seconds(n * 37 % 36000);
        event.actorKind = ActorKind(n % 3);
        event.actor = PrincipalId(n % 3 == 1 ? u"refactor-12"_s : u"tomasz.wilk"_s);
        event.actorName = Untrusted(n % 3 == 1 ? u"refactor-12"_s : n % 7 ? u"Tomasz Wilk"_s : u"Élodie ÅÄÖ"_s);
        event.action = n % 2 ? u"tool.call"_s : u"session.start"_s;
        event.target = Untrusted(u"ws-100%_%1\\x"_s.arg(n % 10));
        event.workspace = WorkspaceId(n % 5 ? u"ws-payments-api-7f3"_s : QString());
        event.outcome = Outcome(n % 11 == 0 ? 1 : n % 13 == 0 ? 2 : 0);
        event.origin = u"control"_s;
        QVERIFY(m_log->append(*m_database, event));
        m_events.append(event);
    }
    QVERIFY(m_log->seal(*m_database, m_now));
    QVERIFY(transaction->commit());
}

void TestEventQueries::initTestCase()
{
    const QString path = m_folder.filePath(u"a.sqlite"_s);
    m_database = std::move(*storage::Database::open(path));
    QVERIFY(storage::migrate(*m_database, planeSchema()));
    m_log = std::move(*AuditLog::open(*m_database, u"test"_s, LogCheck::Edge));
    append(1000);
    m_queries = std::make_unique<EventQueries>(path);
}

void TestEventQueries::sqlSaysWhatThePredicateSays_data()
{
    QTest::addColumn<QString>("filter");
    for (const char *filter : {"", "outcome:denied", "outcome:denied,failure", "!outcome:success", "outcome!:success", "action:tool.call",
                               "action:TOOL.CALL", "action~tool", "actorKind:agent actor:refactor-12", "(outcome:denied OR actorKind:human) action:tool.call",
                               "workspace:\"\"", "target~100%_", "target~\"\\\\x\"", "target~_5", "time>2h", "time<30m", "time>2026-03-17", "index>=500 index<510",
                               "index:7,9", "actorName~élodie", "actorName~ÅÄÖ OR index:3", "!(actorName~élodie)", "wilk", "\"Tomasz Wilk\" outcome:denied",
                               "originSequence>990", "session:\"\"", "-action:tool.call -outcome:success"})
        QTest::newRow(filter) << QString::fromUtf8(filter);
}

void TestEventQueries::sqlSaysWhatThePredicateSays()
{
    QFETCH(QString, filter);
    const auto predicate = query::predicateFrom<AuditEvent>(filter);
    QVERIFY2(predicate, predicate ? "" : qPrintable(predicate.error().message));
    QVector<qint64> expected;
    for (auto it = m_events.crbegin(); it != m_events.crend(); ++it) {
        if (predicate->matches(*it, m_now))
            expected.append(it->index);
    }
    PageRequest request;
    request.query.filter = filter;
    request.limit = 500;
    QVector<qint64> found;
    for (int turn = 0; turn < 3; ++turn) {
        const QJsonObject answer = page(request);
        QCOMPARE(answer.value("total"_L1).toInteger(), expected.size());
        for (const QJsonValue item : answer.value("items"_L1).toArray())
            found.append(item.toObject().value("index"_L1).toInteger());
        request.after = answer.value("next"_L1).toString();
        if (request.after.isEmpty())
            break;
    }
    QCOMPARE(found, expected);
}

void TestEventQueries::pagesFitTogether_data()
{
    QTest::addColumn<QString>("sort");
    QTest::addColumn<bool>("descending");
    for (const char *sort : {"", "time", "actorName", "outcome", "index", "target"}) {
        for (const bool descending : {false, true})
            QTest::addRow("%s%s", sort, descending ? " descending" : "") << QString::fromLatin1(sort) << descending;
    }
}

void TestEventQueries::pagesFitTogether()
{
    QFETCH(QString, sort);
    QFETCH(bool, descending);
    PageRequest request;
    request.query = {u"index<200"_s, sort, descending};
    request.limit = 500;
    QVector<qint64> whole;
    for (const QJsonValue item : page(request).value("items"_L1).toArray())
        whole.append(item.toObject().value("index"_L1).toInteger());
    QCOMPARE(whole.size(), 200);
    request.limit = 33;
    QVector<qint64> parts;
    while (true) {
        const QJsonObject answer = page(request);
        QVERIFY(!answer.isEmpty());
        for (const QJsonValue item : answer.value("items"_L1).toArray())
            parts.append(item.toObject().value("index"_L1).toInteger());
        if (answer.value("next"_L1).isNull())
            break;
        request.after = answer.value("next"_L1).toString();
    }
    QCOMPARE(parts, whole);
}

void TestEventQueries::jumpsToAPosition()
{
    PageRequest request;
    request.query.filter = u"actorName~ÅÄÖ"_s; // not for SQL alone
    request.limit = 500;
    const QJsonArray all = page(request).value("items"_L1).toArray();
    request.limit = 5;
    request.at = 17;
    const QJsonArray some = page(request).value("items"_L1).toArray();
    QCOMPARE(some.size(), 5);
    QCOMPARE(some.first(), all.at(17));
    request.query.filter.clear();
    request.at = 998;
    const QJsonObject end = page(request);
    QCOMPARE(end.value("items"_L1).toArray().size(), 2);
    QVERIFY(end.value("next"_L1).isNull());
    request.at = 5000;
    QVERIFY(page(request).value("items"_L1).toArray().isEmpty());
}

void TestEventQueries::pagesStayWholeWhileTheLogGrows()
{
    PageRequest request;
    request.limit = 10;
    const QJsonObject first = page(request);
    const qint64 last = first.value("items"_L1).toArray().last().toObject().value("index"_L1).toInteger();
    append(25);
    request.after = first.value("next"_L1).toString();
    QCOMPARE(page(request).value("items"_L1).toArray().first().toObject().value("index"_L1).toInteger(), last - 1);
}

void TestEventQueries::refusesWrongQueries_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QString>("sort");
    QTest::addColumn<QString>("after");
    QTest::newRow("filter") << u"outcome:"_s << QString() << QString();
    QTest::newRow("field") << u"nonsense:1"_s << QString() << QString();
    QTest::newRow("sort") << QString() << u"nonsense"_s << QString();
    QTest::newRow("cursor") << QString() << QString() << u"bm9uc2Vuc2U"_s;
    QTest::newRow("cursor of another list") << QString() << u"time"_s << u"WyIiLGZhbHNlLCIiLDM4NzYsIjM4NzYiXQ"_s;
    QTest::newRow("no cursor at all") << QString() << QString() << u"%%%"_s;
}

void TestEventQueries::refusesWrongQueries()
{
    QFETCH(QString, filter);
    QFETCH(QString, sort);
    QFETCH(QString, after);
    PageRequest request;
    request.query = {filter, sort, false};
    request.after = after;
    const auto answer = m_queries->page(request, m_now);
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, Error::Code::Invalid);
}

void TestEventQueries::readsOneEvent()
{
    QCOMPARE(m_queries->event(7).value(), leafOf(m_events[7]));
    const auto missing = m_queries->event(1'000'000);
    QVERIFY(!missing);
    QCOMPARE(missing.error().code, Error::Code::NotFound);
}

void TestEventQueries::countsActivity()
{
    const Instant from = m_now - std::chrono::hours(10);
    const auto slices = m_queries->activity(from, m_now, std::chrono::minutes(15));
    QVERIFY(slices);
    QCOMPARE(slices->size(), 40);
    qint64 people = 0, agents = 0;
    for (const AuditEvent &event : m_events) {
        people += event.time >= from && event.time < m_now && event.actorKind == ActorKind::Human;
        agents += event.time >= from && event.time < m_now && event.actorKind == ActorKind::Agent;
    }
    for (const ActivitySlice &slice : *slices) {
        people -= slice.people;
        agents -= slice.agents;
    }
    QCOMPARE(people, 0);
    QCOMPARE(agents, 0);
    QCOMPARE(slices->first().from, from);
}

QTEST_GUILESS_MAIN(TestEventQueries)
#include "tst_eventqueries.moc"
