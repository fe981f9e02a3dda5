// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/transport/sseparser.h"

#include <QtTest/QTest>

using namespace parapet;
using transport::SseEvent;
using transport::SseParser;

class TestSseParser : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void publishedExamples_data();
    void publishedExamples();
    void anyCutGivesTheSame();
    void identifiers();
    void retryIsDigitsOnly();
    void limitsHold();
    void restartDropsWhatWasUnfinished();
};

namespace {

QVector<SseEvent> all(const QByteArray &stream)
{
    SseParser parser;
    return parser.feed(stream).value();
}

} // namespace

void TestSseParser::publishedExamples_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<QVector<SseEvent>>("events");
    // WHATWG HTML §9.2.6, the examples of the text, in its order.
    QTest::newRow("one event of three lines")
        << QByteArray("data: YHOO\ndata: +2\ndata: 10\n\n") << QVector<SseEvent>{{"message", "YHOO\n+2\n10", ""}};
    QTest::newRow("comment, id, empty id, space kept")
        << QByteArray(": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n")
        << QVector<SseEvent>{
               {"message", "first event", "1"}, {"message", "second event", ""}, {"message", " third event", ""}};
    QTest::newRow("empty data, last one unfinished")
        << QByteArray("data\n\ndata\ndata\n\ndata:") << QVector<SseEvent>{{"message", "", ""}, {"message", "\n", ""}};
    QTest::newRow("space after the colon is ignored")
        << QByteArray("data:test\n\ndata: test\n\n")
        << QVector<SseEvent>{{"message", "test", ""}, {"message", "test", ""}};
    // What browsers' conformance tests (web-platform-tests, eventsource/) hold to besides.
    QTest::newRow("carriage returns") << QByteArray("data: a\rdata: b\r\r")
                                      << QVector<SseEvent>{{"message", "a\nb", ""}};
    QTest::newRow("mixed line ends") << QByteArray("data: a\r\ndata: b\n\r\n")
                                     << QVector<SseEvent>{{"message", "a\nb", ""}};
    QTest::newRow("byte order mark") << QByteArray("\xEF\xBB\xBF"
                                                   "data: a\n\n")
                                     << QVector<SseEvent>{{"message", "a", ""}};
    QTest::newRow("second mark is data") << QByteArray("\xEF\xBB\xBF\xEF\xBB\xBF"
                                                       "data: a\n\n")
                                         << QVector<SseEvent>{};
    QTest::newRow("types") << QByteArray("event: ping\ndata: {}\n\ndata: x\n\n")
                           << QVector<SseEvent>{{"ping", "{}", ""}, {"message", "x", ""}};
    QTest::newRow("a type without data is no event")
        << QByteArray("event: ping\n\ndata: x\n\n") << QVector<SseEvent>{{"message", "x", ""}};
    QTest::newRow("unknown fields") << QByteArray("datum: x\n data: x\ndata: y\n\n")
                                    << QVector<SseEvent>{{"message", "y", ""}};
    QTest::newRow("unfinished") << QByteArray("data: x\n") << QVector<SseEvent>{};
}

void TestSseParser::publishedExamples()
{
    QFETCH(QByteArray, stream);
    QFETCH(QVector<SseEvent>, events);
    QCOMPARE(all(stream), events);
}

void TestSseParser::anyCutGivesTheSame()
{
    const QByteArray stream =
        "\xEF\xBB\xBFid: 7\r\nevent: workspace\r\ndata: {\"a\":\r\ndata: 1}\r\n\r\n: note\rdata: b\r\rid: 9\n\n";
    const auto whole = all(stream);
    QCOMPARE(whole.size(), 2);
    for (qsizetype first = 0; first <= stream.size(); ++first) {
        for (qsizetype second = first; second <= stream.size(); second += 3) {
            SseParser parser;
            QVector<SseEvent> events;
            for (const QByteArray &piece : {stream.left(first), stream.mid(first, second - first), stream.mid(second)})
                events += parser.feed(piece).value();
            QCOMPARE(events, whole);
            QCOMPARE(parser.lastEventId(), QByteArray("9"));
        }
    }
}

void TestSseParser::identifiers()
{
    SseParser parser;
    QVERIFY(parser.feed("id: 5\n\n").value().isEmpty());
    QCOMPARE(parser.lastEventId(), QByteArray("5")); // an event without data still moves it
    QVERIFY(parser.feed(QByteArray("id: a\0b\ndata: x\n\n", 18)).has_value());
    QCOMPARE(parser.lastEventId(), QByteArray("5")); // a NUL makes the field void
    QVERIFY(parser.feed("id: 6\ndata: cut").has_value());
    QCOMPARE(parser.lastEventId(), QByteArray("5")); // not before the event is dispatched
}

void TestSseParser::retryIsDigitsOnly()
{
    SseParser parser;
    QVERIFY(parser.feed("retry: 1x\n\nretry: -3\n\nretry:\n\nretry: 99999999999\n\n").has_value());
    QVERIFY(!parser.retry());
    QVERIFY(parser.feed("retry: 2500\n\n").has_value());
    QCOMPARE(*parser.retry(), 2500);
}

void TestSseParser::limitsHold()
{
    SseParser lines({.line = 16, .event = 1000});
    const auto longLine = lines.feed("data: 0123456789abcdef");
    QVERIFY(!longLine);
    QCOMPARE(longLine.error().code, Error::Code::Protocol);

    SseParser events({.line = 16, .event = 20});
    QVERIFY(events.feed("data: 0123456789\n").has_value());
    QVERIFY(!events.feed("data: 0123456789\ndata: x\n"));
}

void TestSseParser::restartDropsWhatWasUnfinished()
{
    SseParser parser;
    QVERIFY(parser.feed("id: 1\ndata: x\n\nid: 2\ndata: half").has_value());
    parser.restart();
    const auto events = parser.feed("data: y\n\n").value();
    QCOMPARE(events, (QVector<SseEvent>{{"message", "y", "1"}}));
}

QTEST_GUILESS_MAIN(TestSseParser)
#include "tst_sseparser.moc"
