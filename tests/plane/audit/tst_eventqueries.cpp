// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/audit/auditlog.h"
#include "app/plane/audit/eventqueries.h"
#include "app/plane/control/schema.h"
#include "models/core/json.h"
#include "models/storage/migrations.h"
#include "tests/support/postgresserver.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonObject>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace parapet;
using namespace parapet::plane;

class TestEventQueries : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { support::DatabasePlaces::addEngines(); }
    void init();
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
    void countsWhatAFilterLeaves_data();
    void countsWhatAFilterLeaves();
    void refusesWrongCounts();

private:
    QJsonObject page(const PageRequest &request)
    {
        const Result<QByteArray> page = m->queries->page(request, m_now);
        return page ? parseJson(*page).value_or(QJsonValue()).toObject() : QJsonObject();
    }
    void append(int count);

    /// A log of one engine, made once.
    struct Filled {
        std::unique_ptr<storage::Database> database;
        std::unique_ptr<AuditLog> log;
        std::unique_ptr<EventQueries> queries;
        QVector<AuditEvent> events;
    };
    support::DatabasePlaces m_places;
    std::array<Filled, 2> m_filled;
    Filled *m = nullptr;
    Instant m_now{std::chrono::seconds{1773754891}};
};

void TestEventQueries::append(int count)
{
    auto transaction = storage::Transaction::begin(*m->database);
    for (int i = 0; i < count; ++i) {
        const int n = int(m->events.size());
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
        QVERIFY(m->log->append(*m->database, event));
        m->events.append(event);
    }
    QVERIFY(m->log->seal(*m->database, m_now));
    QVERIFY(transaction->commit());
}

void TestEventQueries::init()
{
    m = &m_filled[support::DatabasePlaces::isServer() ? 1 : 0];
    if (m->queries)
        return;
    const QString place = m_places.fresh();
    auto database = storage::Database::open(place);
    QVERIFY2(database, database ? "" : qPrintable(database.error().detail));
    m->database = std::move(*database);
    QVERIFY(storage::migrate(*m->database, planeSchema()));
    m->log = std::move(*AuditLog::open(*m->database, u"test"_s, LogCheck::Edge));
    append(1000);
    m->queries = std::make_unique<EventQueries>(place);
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
    for (auto it = m->events.crbegin(); it != m->events.crend(); ++it) {
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
    const auto answer = m->queries->page(request, m_now);
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, Error::Code::Invalid);
}

void TestEventQueries::readsOneEvent()
{
    QCOMPARE(m->queries->event(7).value(), leafOf(m->events[7]));
    const auto missing = m->queries->event(1'000'000);
    QVERIFY(!missing);
    QCOMPARE(missing.error().code, Error::Code::NotFound);
}

void TestEventQueries::countsActivity()
{
    const Instant from = m_now - std::chrono::hours(10);
    const auto slices = m->queries->activity(from, m_now, std::chrono::minutes(15));
    QVERIFY(slices);
    QCOMPARE(slices->size(), 40);
    qint64 people = 0, agents = 0;
    for (const AuditEvent &event : m->events) {
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

void TestEventQueries::countsWhatAFilterLeaves_data()
{
    QTest::addColumn<QString>("filter");
    QTest::newRow("all") << QString();
    QTest::newRow("an outcome") << u"outcome:denied,failure"_s;
    QTest::newRow("a person's") << u"actorKind:human !action~read"_s;
    QTest::newRow("beyond what SQL can say") << u"time<3h"_s;
    QTest::newRow("other letters") << u"reason~é OR outcome:success"_s;
    QTest::newRow("none") << u"action:nothing-like-this"_s;
}

void TestEventQueries::countsWhatAFilterLeaves()
{
    QFETCH(QString, filter);
    const auto predicate = query::predicateFrom<AuditEvent>(filter);
    QVERIFY(predicate);
    for (const QString &name : {u"action"_s, u"outcome"_s, u"actorKind"_s, u"origin"_s, u"workspace"_s}) {
        const Field<AuditEvent> *field = findField<AuditEvent>(name);
        QMap<QString, qint64> expected;
        for (const AuditEvent &event : m->events) {
            if (predicate->matches(event, m_now))
                ++expected[field->text ? *field->text(event) : QString::fromLatin1(field->values[size_t(field->number(event))])];
        }
        const auto buckets = m->queries->counts(filter, name, m_now);
        QVERIFY2(buckets, qPrintable(buckets ? QString() : buckets.error().message));
        QMap<QString, qint64> counted;
        for (const Bucket &bucket : *buckets)
            counted.insert(bucket.key, bucket.count);
        QCOMPARE(counted, expected);
        QVERIFY(std::is_sorted(buckets->begin(), buckets->end(), [](const Bucket &a, const Bucket &b) { return a.count > b.count; }));
    }
    const Instant from = m_now - std::chrono::hours(10);
    const auto slices = m->queries->activityOf(filter, from, m_now, std::chrono::minutes(15), m_now);
    QVERIFY2(slices, qPrintable(slices ? QString() : slices.error().message));
    QVector<ActivitySlice> expected(slices->size());
    for (const AuditEvent &event : m->events) {
        if (event.time < from || event.time >= m_now || !predicate->matches(event, m_now))
            continue;
        ActivitySlice &slice = expected[(event.time - from) / std::chrono::minutes(15)];
        ++(event.actorKind == ActorKind::Human ? slice.people : event.actorKind == ActorKind::Agent ? slice.agents : slice.services);
        slice.refused += event.outcome != Outcome::Success;
    }
    for (qsizetype i = 0; i < expected.size(); ++i) {
        const ActivitySlice &a = slices->at(i), &b = expected.at(i);
        QVERIFY2(a.people == b.people && a.agents == b.agents && a.services == b.services && a.refused == b.refused, qPrintable(u"slice %1"_s.arg(i)));
    }
}

void TestEventQueries::refusesWrongCounts()
{
    for (const QString &field : {u"nonsense"_s, u"time"_s, u"index"_s, QString()})
        QVERIFY(!m->queries->counts({}, field, m_now));
    QVERIFY(!m->queries->counts(u"nonsense:1"_s, u"action"_s, m_now));
    QVERIFY(!m->queries->activityOf(u"("_s, m_now - std::chrono::hours(1), m_now, std::chrono::minutes(1), m_now));
}

QTEST_GUILESS_MAIN(TestEventQueries)
#include "tst_eventqueries.moc"
