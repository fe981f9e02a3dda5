// SPDX-License-Identifier: GPL-3.0-or-later
// What a hostile recording may do to a terminal: draw, and nothing else.
#include "ui/terminal/gate.h"
#include "ui/terminal/terminal.h"

#include <QtTest/QTest>

#include <random>

using namespace parapet::terminal;
using namespace Qt::StringLiterals;

class TestTerminalScreen : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void textAndAttributesAreDrawn();
    void wideAndCombinedCharactersKeepTheirPlaces();
    void whatAsksOrTellsIsSwallowed_data();
    void whatAsksOrTellsIsSwallowed();
    void aSequenceMayComeInPieces();
    void whatDrawsPasses_data();
    void whatDrawsPasses();
    void hugeNumbersStayOnTheScreen();
    void aMegabyteWithoutALineEnd();
    void sizesAreBroughtWithinBounds();
    void aStateIsBroughtBack();
    void noiseIsSurvived_data();
    void noiseIsSurvived();
};

void TestTerminalScreen::textAndAttributesAreDrawn()
{
    Terminal terminal(20, 4);
    terminal.feed("\x1b[1;3;4;9;7;31;48;2;1;2;3mA\x1b[0m \x1b[38;5;200mB\x1b[m\r\nsecond\x1b[?25l");
    const Frame frame = terminal.frame();
    const Cell &cell = frame.at(0, 0);
    QCOMPARE(cell.character, U'A');
    QCOMPARE(int(cell.flags), int(Cell::Bold | Cell::Italic | Cell::Underline | Cell::Strike | Cell::Reverse));
    QCOMPARE(cell.ink, (Ink{Ink::Kind::Palette, 1, 0, 0}));
    QCOMPARE(cell.ground, (Ink{Ink::Kind::Rgb, 1, 2, 3}));
    QCOMPARE(frame.at(0, 2).ink, (Ink{Ink::Kind::Palette, 200, 0, 0}));
    QCOMPARE(frame.at(1, 0).ink, Ink{});
    QCOMPARE(frame.text(0), u"A B"_s);
    QCOMPARE(frame.text(1), u"second"_s);
    QVERIFY(!frame.cursorVisible);
    QCOMPARE(frame.cursorRow, 1);
    QCOMPARE(frame.cursorColumn, 6);
}

void TestTerminalScreen::wideAndCombinedCharactersKeepTheirPlaces()
{
    Terminal terminal(10, 2);
    terminal.feed("a\xe4\xb8\xad"
                  "e\xcc\x81z");
    const Frame frame = terminal.frame();
    QCOMPARE(int(frame.at(0, 1).width), 2);
    QCOMPARE(int(frame.at(0, 2).width), 0);
    QCOMPARE(frame.at(0, 3).character, U'e');
    QVERIFY(frame.at(0, 3).flags & Cell::Combined);
    QCOMPARE(frame.text(0), u"a中é"_s.normalized(QString::NormalizationForm_D) + u'z');
    // Half of it written over: what is left is a blank.
    terminal.feed("\x1b[1;2HX");
    QCOMPARE(terminal.frame().text(0).left(2), u"aX"_s);
}

void TestTerminalScreen::whatAsksOrTellsIsSwallowed_data()
{
    QTest::addColumn<QByteArray>("sequence");
    QTest::newRow("title") << QByteArray("\x1b]0;owned\x07");
    QTest::newRow("title, ended by ST") << QByteArray("\x1b]2;owned\x1b\\");
    QTest::newRow("clipboard") << QByteArray("\x1b]52;c;b3duZWQ=\x07");
    QTest::newRow("clipboard, asked for") << QByteArray("\x1b]52;c;?\x1b\\");
    QTest::newRow("link") << QByteArray("\x1b]8;;file:///etc/passwd\x1b\\");
    QTest::newRow("colours asked for") << QByteArray("\x1b]10;?\x07");
    QTest::newRow("DECRQSS") << QByteArray("\x1bP$q q\x1b\\");
    QTest::newRow("DECRQSS of more") << QByteArray("\x1bP$q\"p\x1b\\\x1bP$qm\x1b\\\x1bP$qr\x1b\\");
    QTest::newRow("sixel") << QByteArray("\x1bPq#0;2;0;0;0#0~~@@vv@@~~$-") + QByteArray(100'000, '~') + QByteArray("\x1b\\");
    QTest::newRow("application command") << QByteArray("\x1b_Gf=24;AAAA\x1b\\");
    QTest::newRow("privacy message") << QByteArray("\x1b^secret\x1b\\");
    QTest::newRow("start of string") << QByteArray("\x1bXsecret\x1b\\");
    QTest::newRow("DA") << QByteArray("\x1b[c\x1b[>c\x1b[=c\x1bZ");
    QTest::newRow("DSR") << QByteArray("\x1b[6n\x1b[5n\x1b[?6n");
    QTest::newRow("DECRQM") << QByteArray("\x1b[?1049$p");
    QTest::newRow("window") << QByteArray("\x1b[8;1000;1000t\x1b[3;0;0t\x1b[21t");
    QTest::newRow("bell") << QByteArray("\x07\x07\x07");
    QTest::newRow("C1 as a character") << QByteArray("\xc2\x9b\xc2\x90\xc2\x9d");
    QTest::newRow("too long to be one") << QByteArray("\x1b[") + QByteArray(1000, ';') + 'm';
    QTest::newRow("given up") << QByteArray("\x1b[12;\x18");
}

void TestTerminalScreen::whatAsksOrTellsIsSwallowed()
{
    QFETCH(QByteArray, sequence);
    Gate gate;
    QCOMPARE(gate.pass("a" + sequence + "b"), QByteArray("ab"));
    Terminal terminal(40, 5);
    terminal.feed("a" + sequence + "b");
    const Frame frame = terminal.frame();
    QCOMPARE(frame.text(0), u"ab"_s);
    QCOMPARE(frame.columns, 40);
    QCOMPARE(frame.rows, 5);
}

void TestTerminalScreen::aSequenceMayComeInPieces()
{
    const QByteArray bytes = "x\x1b]0;ti\xe4tle\x1b\\\x1b[3;4H\xf0\x9f\x98\x80\x1b[31mred";
    Gate whole;
    const QByteArray wanted = whole.pass(bytes);
    Gate pieces;
    QByteArray got;
    for (const char byte : bytes)
        got += pieces.pass(QByteArray(1, byte));
    QCOMPARE(got, wanted);
    QVERIFY(wanted.contains("\x1b[3;4H\xf0\x9f\x98\x80\x1b[31mred"));
}

void TestTerminalScreen::whatDrawsPasses_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("passed");
    const auto same = [](const char *name, const QByteArray &bytes) { QTest::newRow(name) << bytes << bytes; };
    same("colours", "\x1b[38:2:1:2:3m\x1b[0;1;4m");
    same("alternate screen", "\x1b[?1049h\x1b[?25l\x1b[?1049l");
    same("margins and scrolling", "\x1b[2;10r\x1b[3S\x1bM\x1b"
                                  "D");
    same("line drawing", "\x1b(0qqq\x1b(B");
    QTest::newRow("a number is bounded") << QByteArray("\x1b[99999999999999999999C") << QByteArray("\x1b[9999C");
    QTest::newRow("repeated at most a line") << QByteArray("-\x1b[999999b") << QByteArray(1001, '-');
    QTest::newRow("a control inside acts at once") << QByteArray("\x1b[3\r1m") << QByteArray("\r\x1b[31m");
    QTest::newRow("not UTF-8") << QByteArray("a\xff\xe4z") << QByteArray("a\xef\xbf\xbd\xef\xbf\xbdz");
    QTest::newRow("no lines of double size") << QByteArray("\x1b#6\x1b#3x") << QByteArray("x");
}

void TestTerminalScreen::whatDrawsPasses()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, passed);
    Gate gate;
    QCOMPARE(gate.pass(bytes), passed);
}

void TestTerminalScreen::hugeNumbersStayOnTheScreen()
{
    Terminal terminal(30, 6);
    for (const char final : QByteArrayView("ABCDEFGHIJKLMPSTXZ@`adefghr")) {
        terminal.feed(QByteArray("x\x1b[2147483647;9223372036854775807") + final);
        terminal.feed(QByteArray("\x1b[4294967295") + final);
        const Frame frame = terminal.frame();
        QVERIFY(frame.cursorRow >= 0 && frame.cursorRow < 6);
        QVERIFY(frame.cursorColumn >= 0 && frame.cursorColumn < 30);
    }
}

void TestTerminalScreen::aMegabyteWithoutALineEnd()
{
    Terminal terminal(80, 24);
    terminal.feed(QByteArray(1024 * 1024, 'w'));
    terminal.feed("end");
    const Frame frame = terminal.frame();
    QCOMPARE(frame.cells.size(), 80 * 24);
    QVERIFY(frame.text(23).endsWith(u"end"_s));
}

void TestTerminalScreen::sizesAreBroughtWithinBounds()
{
    Terminal terminal(0, -5);
    QCOMPARE(terminal.columns(), Terminal::minimumColumns);
    QCOMPARE(terminal.rows(), 1);
    terminal.resize(1'000'000, 1'000'000);
    QCOMPARE(terminal.columns(), Terminal::maximumColumns);
    QCOMPARE(terminal.rows(), Terminal::maximumCells / Terminal::maximumColumns);
    std::mt19937 random(7);
    for (int i = 0; i < 500; ++i) {
        terminal.feed("\x1b[2;3r\x1b[999;999H\x1b"
                      "7text\x1b[?1049h");
        terminal.resize(int(random() % 1100), int(random() % 1100));
        terminal.feed("\x1b"
                      "8more\n\n\n\x1b[?1049l");
        QVERIFY(qint64(terminal.columns()) * terminal.rows() <= Terminal::maximumCells);
    }
    QCOMPARE(terminal.frame().cells.size(), qsizetype(terminal.columns()) * terminal.rows());
}

void TestTerminalScreen::aStateIsBroughtBack()
{
    Terminal terminal(40, 10);
    terminal.feed("\x1b[?25l\x1b[2;5r\x1b[1;35mfirst\x1b[3");
    const Terminal::State kept = terminal.save();
    const Frame before = terminal.frame();
    terminal.feed("2mgreen");
    const Frame after = terminal.frame();
    terminal.resize(90, 50);
    terminal.feed("\x1b[?1049h\x1b[2J\x1b]0;in the middle");
    terminal.restore(kept);
    QCOMPARE(terminal.columns(), 40);
    QCOMPARE(terminal.frame(), before);
    // Also what was waiting: half of a sequence, the pen.
    terminal.feed("2mgreen");
    QCOMPARE(terminal.frame(), after);
}

void TestTerminalScreen::noiseIsSurvived_data()
{
    QTest::addColumn<int>("seed");
    for (int seed = 1; seed <= 8; ++seed)
        QTest::newRow(qPrintable(QString::number(seed))) << seed;
}

void TestTerminalScreen::noiseIsSurvived()
{
    QFETCH(int, seed);
    static const char *const parts[] = {"\x1b[", "\x1b]0;", "\x1bP", "\x1b]52;c;", "\x07", "\x1b\\", "999999999", "9223372036854775807", ";", "?", "H", "J", "K", "r", "h", "l", "@", "b", "L", "M",
                                        "S", "T", "X", "P", "A", "B", "C", "D", "m", "\n", "\r", "\t", "\x1b" "c", "\x1b" "7", "\x1b" "8", "\x1b#3", "\x1b#6", "\x1b#8", "1049", "69", "s",
                                        "\xcc\x81", "\xe4\xb8\xad", "\xf0\x9f\x98\x80", "a", "\x9b", "\xc2\x9b", "0", "38;5;300m", "38:2:999:1:1m", "q", "$q\"p", "n", "c", "\x1b(0", "\x0e",
                                        "\x0f", "\xe2\x80\xae", "\x1bM", "\x1b" "D", "\x1b" "E", "6", "7", "\x7f", "\x08", "I", "Z", "g", "W", "'}", "'~"};
    std::mt19937 random{unsigned(seed)};
    Terminal terminal(80, 24);
    Terminal::State kept = terminal.save();
    for (int i = 0; i < 20'000; ++i) {
        terminal.feed(random() % 8 == 0 ? QByteArray(1, char(random())) : QByteArray(parts[random() % std::size(parts)]));
        if (i % 500 == 499)
            terminal.resize(1 + int(random() % 300), 1 + int(random() % 100));
        if (i % 700 == 699)
            kept = terminal.save();
        if (i % 1100 == 1099)
            terminal.restore(kept);
    }
    const Frame frame = terminal.frame();
    QCOMPARE(frame.cells.size(), qsizetype(terminal.columns()) * terminal.rows());
}

QTEST_GUILESS_MAIN(TestTerminalScreen)
#include "tst_terminalscreen.moc"
