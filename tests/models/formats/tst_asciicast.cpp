// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/formats/asciicast.h"

#include <QtTest/QTest>

using namespace parapet;
using namespace parapet::formats;
using namespace Qt::StringLiterals;

namespace {

// The example of https://docs.asciinema.org/manual/asciicast/v2/.
const QByteArray published = R"({"version": 2, "width": 80, "height": 24, "timestamp": 1504467315, "title": "Demo", "env": {"TERM": "xterm-256color", "SHELL": "/bin/zsh"}}
[0.248848, "o", "\u001b[1;31mHello \u001b[32mWorld!\u001b[0m\n"]
[1.001376, "o", "That was ok\rThis is better."]
[1.500000, "m", ""]
[2.143733, "o", "Now... "]
[4.050000, "r", "80x24"]
[6.541828, "o", "Bye!"]
)";

const QByteArray header = R"({"version": 2, "width": 80, "height": 24})"
                          "\n";

} // namespace

class TestAsciicast : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void thePublishedExampleIsRead();
    void theMinimalHeaderIsEnough();
    void whatIsNoRecordingIsRefused_data();
    void whatIsNoRecordingIsRefused();
    void whatCanBeReadIsReadWithARemark_data();
    void whatCanBeReadIsReadWithARemark();
    void sizesHaveBounds();
    void emptyLinesAndCarriageReturnsArePassedOver();
};

void TestAsciicast::thePublishedExampleIsRead()
{
    const auto cast = Asciicast::parse(published);
    QVERIFY(cast);
    QCOMPARE(cast->columns, 80);
    QCOMPARE(cast->rows, 24);
    QCOMPARE(cast->title, Untrusted(u"Demo"_s));
    QCOMPARE(toRfc3339(cast->started), u"2017-09-03T19:35:15.000Z"_s);
    QCOMPARE(cast->events.size(), 6);
    QCOMPARE(cast->events[0].at, 248848);
    QCOMPARE(cast->textOf(cast->events[0]).toByteArray(), QByteArray("\x1b[1;31mHello \x1b[32mWorld!\x1b[0m\n"));
    QCOMPARE(cast->events[2].kind(), Asciicast::Kind::Marker);
    QCOMPARE(cast->events[4].kind(), Asciicast::Kind::Resize);
    QCOMPARE(cast->events[4].columns(), 80);
    QCOMPARE(cast->events[4].rows(), 24);
    QVERIFY(cast->textOf(cast->events[4]).isEmpty());
    QCOMPARE(cast->duration(), 6541828);
    QVERIFY(cast->remarks.isEmpty());
}

void TestAsciicast::theMinimalHeaderIsEnough()
{
    const auto cast = Asciicast::parse(header);
    QVERIFY(cast);
    QVERIFY(cast->events.isEmpty());
    QVERIFY(!isKnown(cast->started));
    QCOMPARE(cast->duration(), 0);
}

void TestAsciicast::whatIsNoRecordingIsRefused_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QString>("says"); ///< a part of the sentence
    QTest::newRow("empty") << QByteArray() << u"empty"_s;
    QTest::newRow("no JSON") << QByteArray("hello\n") << u"Line 1"_s;
    QTest::newRow("version 1") << QByteArray(R"({"version": 1, "width": 80, "height": 24, "stdout": []})") << u"version 1"_s;
    QTest::newRow("version 3") << QByteArray(R"({"version": 3, "term": {"cols": 80, "rows": 24}})") << u"version 3"_s;
    QTest::newRow("no version") << QByteArray(R"({"width": 80, "height": 24})") << u"no version"_s;
    QTest::newRow("duplicate member") << QByteArray(R"({"version": 2, "width": 80, "width": 90, "height": 24})") << u"twice"_s;
    QTest::newRow("width 0") << QByteArray(R"({"version": 2, "width": 0, "height": 24})") << u"from 1 to"_s;
    QTest::newRow("height as text") << QByteArray(R"({"version": 2, "width": 80, "height": "24"})") << u"from 1 to"_s;
    QTest::newRow("height 1001") << QByteArray(R"({"version": 2, "width": 80, "height": 1001})") << u"from 1 to"_s;
    QTest::newRow("event is an object") << header + "{}\n" << u"Line 2"_s;
    QTest::newRow("two parts") << header + "[1, \"o\"]\n" << u"Line 2"_s;
    QTest::newRow("four parts") << header + "[1, \"o\", \"a\", \"b\"]\n" << u"Line 2"_s;
    QTest::newRow("time as text") << header + "[0, \"o\", \"\"]\n[\"1\", \"o\", \"a\"]\n" << u"Line 3"_s;
    QTest::newRow("negative time") << header + "[-1, \"o\", \"a\"]\n" << u"from 0"_s;
    QTest::newRow("endless time") << header + "[1e300, \"o\", \"a\"]\n" << u"from 0"_s;
    QTest::newRow("data is a number") << header + "[1, \"o\", 2]\n" << u"strings"_s;
    QTest::newRow("half a surrogate") << header + "[1, \"o\", \"\\ud800\"]\n" << u"Line 2"_s;
    QTest::newRow("not UTF-8") << header + "[1, \"o\", \"\xff\"]\n" << u"Line 2"_s;
    QTest::newRow("a torn header") << QByteArray(R"({"version": 2, "wid)") << u"Line 1"_s;
}

void TestAsciicast::whatIsNoRecordingIsRefused()
{
    QFETCH(QByteArray, file);
    QFETCH(QString, says);
    const auto cast = Asciicast::parse(file);
    QVERIFY(!cast);
    QCOMPARE(cast.error().code, Error::Code::Invalid);
    QVERIFY2(cast.error().message.contains(says), qPrintable(cast.error().message));
}

void TestAsciicast::whatCanBeReadIsReadWithARemark_data()
{
    QTest::addColumn<QByteArray>("lines");
    QTest::addColumn<int>("events");
    QTest::addColumn<QString>("says");
    QTest::newRow("torn at the end") << QByteArray("[1, \"o\", \"a\"]\n[2, \"o\", \"b") << 1 << u"cut off"_s;
    QTest::newRow("time goes back") << QByteArray("[5, \"o\", \"a\"]\n[2, \"o\", \"b\"]\n") << 2 << u"line 3"_s;
    QTest::newRow("unknown code") << QByteArray("[1, \"z\", \"a\"]\n[2, \"o\", \"b\"]\n") << 1 << u"unknown kind"_s;
    QTest::newRow("impossible size") << QByteArray("[1, \"r\", \"0x24\"]\n[2, \"r\", \"99999x1\"]\n[2, \"r\", \"tall\"]\n") << 0 << u"size out of bounds"_s;
}

void TestAsciicast::whatCanBeReadIsReadWithARemark()
{
    QFETCH(QByteArray, lines);
    QFETCH(int, events);
    QFETCH(QString, says);
    const auto cast = Asciicast::parse(header + lines);
    QVERIFY2(cast, cast ? "" : qPrintable(cast.error().message));
    QCOMPARE(cast->events.size(), events);
    QCOMPARE(cast->remarks.size(), 1);
    QVERIFY2(cast->remarks.first().contains(says), qPrintable(cast->remarks.first()));
    for (qsizetype i = 1; i < cast->events.size(); ++i)
        QVERIFY(cast->events[i].at >= cast->events[i - 1].at);
}

void TestAsciicast::sizesHaveBounds()
{
    const QByteArray longLine = "[1, \"o\", \"" + QByteArray(Asciicast::maximumLine, 'a') + "\"]\n";
    const auto cast = Asciicast::parse(header + longLine);
    QVERIFY(!cast);
    QVERIFY(cast.error().message.contains("Line 2"_L1));
    const QByteArray large(Asciicast::maximumFile + 1, '\n');
    QVERIFY(!Asciicast::parse(large));
}

void TestAsciicast::emptyLinesAndCarriageReturnsArePassedOver()
{
    const auto cast = Asciicast::parse("{\"version\": 2, \"width\": 1, \"height\": 1000}\r\n\n[0, \"o\", \"a\"]\r\n\r\n");
    QVERIFY(cast);
    QCOMPARE(cast->events.size(), 1);
    QVERIFY(cast->remarks.isEmpty());
}

QTEST_GUILESS_MAIN(TestAsciicast)
#include "tst_asciicast.moc"
