// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/instant.h"

#include <QtTest/QTest>

using namespace parapet;
using namespace std::chrono_literals;

class TestInstant : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void writesThreeDigits();
    void readsBackWhatItWrote();
    void unknownIsEmpty();
    void clockMovesForward();
};

void TestInstant::reads_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("milliseconds");
    // RFC 3339 §5.8
    QTest::newRow("rfc example 1") << "1985-04-12T23:20:50.52Z" << qint64(482196050520);
    QTest::newRow("rfc example 2") << "1996-12-19T16:39:57-08:00" << qint64(851042397000);
    QTest::newRow("rfc example 3, leap second") << "1990-12-31T23:59:60Z" << qint64(662688000000);
    QTest::newRow("rfc example 4, leap second elsewhere") << "1990-12-31T15:59:60-08:00" << qint64(662688000000);
    QTest::newRow("rfc example 5, odd offset") << "1937-01-01T12:00:27.87+00:20" << qint64(-1041337172130);
    QTest::newRow("no fraction") << "2026-03-17T13:41:31Z" << qint64(1773754891000);
    QTest::newRow("nine digits are cut") << "2026-03-17T13:41:31.250999999Z" << qint64(1773754891250);
    QTest::newRow("one digit") << "2026-03-17T13:41:31.2Z" << qint64(1773754891200);
    QTest::newRow("lower case") << "2026-03-17t13:41:31z" << qint64(1773754891000);
    QTest::newRow("unknown local offset") << "2026-03-17T13:41:31-00:00" << qint64(1773754891000);
    QTest::newRow("leap day") << "2024-02-29T00:00:00Z" << qint64(1709164800000);
    QTest::newRow("last moment") << "9999-12-31T23:59:59.999Z" << qint64(253402300799999);
    QTest::newRow("first moment") << "0000-01-01T00:00:00Z" << qint64(-62167219200000);
}

void TestInstant::reads()
{
    QFETCH(QString, text);
    QFETCH(qint64, milliseconds);
    const Result<Instant> at = fromRfc3339(text);
    QVERIFY2(at, qPrintable(at ? QString() : at.error().detail));
    QCOMPARE(qint64(at->time_since_epoch().count()), milliseconds);
}

void TestInstant::refuses_data()
{
    QTest::addColumn<QString>("text");
    const char *const wrong[] = {"",
                                 "2026",
                                 "2026-03-17",
                                 "2026-03-17T13:41Z",
                                 "2026-03-17T13:41:31",
                                 "2026-03-17 13:41:31Z",
                                 "2026-3-17T13:41:31Z",
                                 "2026-13-01T00:00:00Z",
                                 "2026-00-01T00:00:00Z",
                                 "2026-02-29T00:00:00Z",
                                 "2026-04-31T00:00:00Z",
                                 "2026-03-17T24:00:00Z",
                                 "2026-03-17T13:60:00Z",
                                 "2026-03-17T13:41:61Z",
                                 "2026-03-17T13:41:60Z",
                                 "2026-03-17T13:41:31.Z",
                                 "2026-03-17T13:41:31.1234567890Z",
                                 "2026-03-17T13:41:31,5Z",
                                 "2026-03-17T13:41:31+1:00",
                                 "2026-03-17T13:41:31+0100",
                                 "2026-03-17T13:41:31+24:00",
                                 "2026-03-17T13:41:31Z ",
                                 " 2026-03-17T13:41:31Z",
                                 "2026-03-17T13:41:31ZZ",
                                 "+2026-03-17T13:41:31Z",
                                 "-026-03-17T13:41:31Z",
                                 "0000-01-01T00:00:00+00:01",
                                 "9999-12-31T23:59:59-00:01"};
    for (const char *text : wrong)
        QTest::newRow(text) << QString::fromLatin1(text);
    QTest::newRow("digits of another script") << QStringLiteral(u"٢٠٢٦-03-17T13:41:31Z");
}

void TestInstant::refuses()
{
    QFETCH(QString, text);
    const Result<Instant> at = fromRfc3339(text);
    QVERIFY(!at);
    QCOMPARE(at.error().code, Error::Code::Invalid);
    QVERIFY(!at.error().message.isEmpty());
}

void TestInstant::writesThreeDigits()
{
    QCOMPARE(toRfc3339(Instant(1773754891250ms)), QStringLiteral("2026-03-17T13:41:31.250Z"));
    QCOMPARE(toRfc3339(Instant(-1ms)), QStringLiteral("1969-12-31T23:59:59.999Z"));
}

void TestInstant::readsBackWhatItWrote()
{
    // A step that is no multiple of a day walks through every hour, month and leap rule.
    for (qint64 at = -62167219200000; at < 253402300800000; at += 86399999999) {
        if (at == 0)
            continue;
        const Instant instant{Milliseconds(at)};
        const Result<Instant> read = fromRfc3339(toRfc3339(instant));
        QVERIFY(read && *read == instant);
    }
}

void TestInstant::unknownIsEmpty()
{
    QVERIFY(toRfc3339(Instant{}).isEmpty());
    QVERIFY(toRfc3339(Instant(Milliseconds(253402300800000))).isEmpty());
    QVERIFY(!isKnown(Instant{}));
}

void TestInstant::clockMovesForward()
{
    const Instant before = Clock::system().now();
    QVERIFY(isKnown(before));
    QVERIFY(Clock::system().now() >= before);
}

QTEST_GUILESS_MAIN(TestInstant)
#include "tst_instant.moc"
