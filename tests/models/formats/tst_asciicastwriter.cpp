// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/formats/asciicastwriter.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QRandomGenerator>
#include <QtTest/QTest>

using namespace parapet;
using namespace Qt::StringLiterals;
using formats::AsciicastWriter;

namespace {

QByteArray written(const QByteArrayList &pieces)
{
    AsciicastWriter writer;
    QByteArray lines;
    AsciicastWriter::Time at{0};
    for (const QByteArray &piece : pieces)
        writer.output(lines, at += std::chrono::milliseconds(250), piece);
    writer.finish(lines, at);
    return lines;
}

/// What a reader of JSON gets back: all data one after the other.
QString read(const QByteArray &lines)
{
    QString text;
    for (const QByteArray &line : lines.split('\n')) {
        if (line.isEmpty())
            continue;
        QJsonParseError error;
        const QJsonArray event = QJsonDocument::fromJson(line, &error).array();
        if (error.error != QJsonParseError::NoError || event.size() != 3 || event[1] != QJsonValue(u"o"_s))
            return u"not an event: "_s + QString::fromLatin1(line);
        text += event[2].toString();
    }
    return text;
}

} // namespace

class TestAsciicastWriter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void beginsWithAHeader();
    void writesLines_data();
    void writesLines();
    void decodesHoweverItIsSplit_data();
    void decodesHoweverItIsSplit();
    void anyBytesGiveLinesThatCanBeRead();
};

void TestAsciicastWriter::beginsWithAHeader()
{
    QByteArray line;
    AsciicastWriter::header(line, 100, 30, Instant(Milliseconds(1'760'000'000'999)), "xterm-\"256\xFF" "color");
    QVERIFY(line.endsWith("}\n"));
    const QJsonObject header = QJsonDocument::fromJson(line).object();
    QCOMPARE(header["version"_L1].toInt(), 2);
    QCOMPARE(header["width"_L1].toInt(), 100);
    QCOMPARE(header["height"_L1].toInt(), 30);
    QCOMPARE(header["timestamp"_L1].toInteger(), 1'760'000'000);
    QCOMPARE(header["env"_L1].toObject()["TERM"_L1].toString(), u"xterm-\"256?color"_s);
}

void TestAsciicastWriter::writesLines_data()
{
    QTest::addColumn<QByteArrayList>("pieces");
    QTest::addColumn<QByteArray>("lines");
    QTest::newRow("text") << QByteArrayList{"a\r\n", "b"} << QByteArray("[0.250000, \"o\", \"a\\r\\n\"]\n[0.500000, \"o\", \"b\"]\n");
    QTest::newRow("nothing") << QByteArrayList{"", ""} << QByteArray();
    QTest::newRow("controls") << QByteArrayList{QByteArray("\x1b[31m\0\x7f\a\b\t\f\"\\", 13)}
                              << QByteArray("[0.250000, \"o\", \"\\u001b[31m\\u0000\\u007f\\u0007\\b\\t\\f\\\"\\\\\"]\n");
    QTest::newRow("C1") << QByteArrayList{"\xC2\x9B" "31m\xC2\xA0"} << QByteArray("[0.250000, \"o\", \"\\u009b31m\xC2\xA0\"]\n");
    QTest::newRow("waits for the rest") << QByteArrayList{"\xE2\x82", "\xAC"} << QByteArray("[0.500000, \"o\", \"\xE2\x82\xAC\"]\n");
    QTest::newRow("unfinished at the end") << QByteArrayList{"x\xF0\x9F"}
                                           << QByteArray("[0.250000, \"o\", \"x\"]\n[0.250000, \"o\", \"\xEF\xBF\xBD\"]\n");
}

void TestAsciicastWriter::writesLines()
{
    QFETCH(QByteArrayList, pieces);
    QTEST(written(pieces), "lines");
}

void TestAsciicastWriter::decodesHoweverItIsSplit_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("text");
    QTest::newRow("all lengths") << QByteArray("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80z") << u"aé€😀z"_s;
    QTest::newRow("edges") << QByteArray("\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xF0\x90\x80\x80\xF4\x8F\xBF\xBF")
                           << QString::fromUtf8("\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xF0\x90\x80\x80\xF4\x8F\xBF\xBF");
    // Unicode 15, table 3-8: one replacement for each maximal part.
    QTest::newRow("table 3-8") << QByteArray("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82" "A") << u"\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDA"_s;
    QTest::newRow("table 3-9") << QByteArray("\xED\xA0\x80\xED\xBF\xBF\xED\xAF" "A") << u"\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDA"_s;
    QTest::newRow("table 3-10") << QByteArray("\xF4\x91\x92\x93\xFF" "A\x80\xBF" "B") << u"\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDA\uFFFD\uFFFDB"_s;
    QTest::newRow("table 3-11") << QByteArray("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF" "A") << u"\uFFFD\uFFFD\uFFFD\uFFFDA"_s;
    QTest::newRow("cut by a control") << QByteArray("\xE2\x82\x1b[0m") << u"\uFFFD\u001b[0m"_s;
}

void TestAsciicastWriter::decodesHoweverItIsSplit()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, text);
    QCOMPARE(read(written({bytes})), text);
    QByteArrayList single;
    for (const char byte : bytes)
        single << QByteArray(1, byte);
    QCOMPARE(read(written(single)), text);
    for (qsizetype at = 1; at < bytes.size(); ++at)
        QCOMPARE(read(written({bytes.left(at), bytes.mid(at)})), text);
}

void TestAsciicastWriter::anyBytesGiveLinesThatCanBeRead()
{
    QRandomGenerator dice(20);
    for (int round = 0; round < 200; ++round) {
        QByteArrayList pieces;
        QByteArray all;
        for (int i = 0; i < 5; ++i) {
            QByteArray piece(dice.bounded(40), Qt::Uninitialized);
            for (char &byte : piece)
                byte = char(dice.bounded(256));
            all += piece;
            pieces << piece;
        }
        const QByteArray lines = written(pieces);
        QCOMPARE(read(lines), read(written({all})));
        QVERIFY(std::none_of(lines.cbegin(), lines.cend(), [](char c) { return (uchar(c) < 0x20 && c != '\n') || uchar(c) == 0x7F; }));
    }
}

QTEST_APPLESS_MAIN(TestAsciicastWriter)
#include "tst_asciicastwriter.moc"
