// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/loggaps.h"
#include "models/query/predicate.h"
#include "tests/support/provenlog.h"
#include "tests/support/waiting.h"

#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace parapet;
using namespace parapet::fleet;
using namespace parapet::support;
using namespace Qt::StringLiterals;

class TestLogGaps : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void gapsAreFound_data();
    void gapsAreFound();
    void aFailureIsSaidAndKeepsWhatWasFound();
    void aSystemThatGoesEndsTheSearch();
};

namespace {

struct Store {
    Store()
    {
        system.audit.matches = [this](const AuditEvent &event, const QString &filter) {
            const auto predicate = query::predicateFrom<AuditEvent>(filter);
            return predicate && predicate->matches(event, system.world.clock.now());
        };
    }
    void add(const QString &origin, const QVector<qint64> &numbers)
    {
        for (const qint64 number : numbers) {
            AuditEvent event;
            event.index = system.world.events.size();
            event.origin = origin;
            event.originSequence = number;
            system.world.events.append(event);
        }
    }
    FakeSystem system;
};

QVector<qint64> numbers(qint64 first, qint64 last, const QVector<qint64> &without = {})
{
    QVector<qint64> all;
    for (qint64 number = first; number <= last; ++number) {
        if (!without.contains(number))
            all << number;
    }
    return all;
}

} // namespace

void TestLogGaps::gapsAreFound_data()
{
    QTest::addColumn<QVector<qint64>>("control");
    QTest::addColumn<QVector<qint64>>("agent");
    QTest::addColumn<QStringList>("gaps");
    QTest::newRow("none") << numbers(1, 40) << numbers(1, 7) << QStringList();
    QTest::newRow("one number") << numbers(1, 40, {13}) << numbers(1, 7) << QStringList{u"control 13-13"_s};
    QTest::newRow("a stretch") << numbers(1, 40, {16, 17, 18, 19}) << numbers(1, 7) << QStringList{u"control 16-19"_s};
    QTest::newRow("over a middle") << numbers(1, 64, {31, 32, 33, 34}) << numbers(1, 7) << QStringList{u"control 31-34"_s};
    QTest::newRow("two sources") << numbers(1, 40, {2}) << numbers(1, 9, {8}) << QStringList{u"agent 8-8"_s, u"control 2-2"_s};
    QTest::newRow("several") << numbers(1, 40, {2, 3, 20, 39}) << numbers(1, 7) << QStringList{u"control 2-3"_s, u"control 20-20"_s, u"control 39-39"_s};
    QTest::newRow("begins late") << numbers(21, 40) << numbers(1, 7) << QStringList();
}

void TestLogGaps::gapsAreFound()
{
    QFETCH(QVector<qint64>, control);
    QFETCH(QVector<qint64>, agent);
    QFETCH(QStringList, gaps);
    Store store;
    store.add(u"control"_s, control);
    store.add(u"agent"_s, agent);
    LogGaps search;
    search.setAudit(&store.system.audit);
    QSignalSpy searched(&search, &LogGaps::searched);
    search.search();
    QTRY_COMPARE(searched.count(), 1);
    QVERIFY(search.isKnown());
    QStringList found;
    qint64 missing = 0;
    for (const SequenceGap &gap : search.gaps()) {
        found << u"%1 %2-%3"_s.arg(gap.origin).arg(gap.first).arg(gap.last);
        missing += gap.missing();
        QVERIFY(sentenceOf(gap).contains(gap.origin));
    }
    found.sort();
    QCOMPARE(found, gaps);
    QCOMPARE(search.missing(), missing);
}

void TestLogGaps::aFailureIsSaidAndKeepsWhatWasFound()
{
    Store store;
    store.add(u"control"_s, numbers(1, 20, {5}));
    LogGaps search;
    search.setAudit(&store.system.audit);
    QSignalSpy searched(&search, &LogGaps::searched);
    search.search();
    QTRY_COMPARE(searched.count(), 1);
    store.system.audit.script.failNext(u"countEvents"_s, {Error::Code::Network, u"Gone."_s, {}, true});
    search.search();
    QTRY_COMPARE(searched.count(), 2);
    QCOMPARE(search.failure(), u"Gone."_s);
    QCOMPARE(search.gaps().size(), 1);
    // A search that was asked for while one was under way follows it.
    search.search();
    search.search();
    QTRY_COMPARE(searched.count(), 4);
    QVERIFY(search.failure().isEmpty());
}

void TestLogGaps::aSystemThatGoesEndsTheSearch()
{
    Store store;
    store.add(u"control"_s, numbers(1, 20, {5}));
    LogGaps search;
    search.setAudit(&store.system.audit);
    QSignalSpy searched(&search, &LogGaps::searched);
    store.system.audit.script.hold(u"countEvents"_s);
    search.search();
    search.setAudit(nullptr);
    store.system.audit.script.release(u"countEvents"_s);
    QCoreApplication::sendPostedEvents();
    search.search();
    QCOMPARE(searched.count(), 0);
}

QTEST_GUILESS_MAIN(TestLogGaps)
#include "tst_loggaps.moc"
