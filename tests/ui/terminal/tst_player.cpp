// SPDX-License-Identifier: GPL-3.0-or-later
// Playing, seeking and searching, and the widget over it. Leaves pictures in BUILD/pages, to be looked at.
#include "tests/ui/pages/desk.h"
#include "tests/ui/terminal/castmaker.h"
#include "ui/kit/text/label.h"
#include "ui/terminal/playerview.h"
#include "ui/terminal/screenview.h"

#include <QtCore/QDir>
#include <QtGui/QAccessible>
#include <QtGui/QClipboard>
#include <QtWidgets/QLineEdit>

using namespace parapet;
using namespace parapet::support;
using namespace parapet::terminal;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 second = Player::second;

bool openIn(Player &player, const QByteArray &file)
{
    player.open(file);
    return waitUntil([&] { return player.state() == Player::State::Failed || (player.state() == Player::State::Ready && !player.frame().isEmpty()); });
}

bool settles(Player &player)
{
    return waitUntil([&] { return player.pace().shownAt(player.framePosition()) == player.pace().shownAt(player.position()); });
}

/// Lines one a second, numbered from 0.
QByteArray counting(int lines)
{
    CastMaker cast(40, 10);
    for (int i = 0; i < lines; ++i)
        cast.output(i, "line " + QByteArray::number(i) + "\r\n");
    return cast.file();
}

} // namespace

class TestPlayer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { testTheme(); }
    void paceKeepsAndCutsPauses();
    void itOpensAndShowsTheBeginning();
    void whatIsNoRecordingFails();
    void seekingShowsWhatPlayingWouldHave();
    void seekingFarInALongRecordingIsQuick();
    void itPlaysToTheEndAndStops();
    void nothingRunsWhileItStands();
    void aTextIsFoundWhereItAppeared();
    void anotherFileForgetsTheFirst();
    void keysWorkWhereverTheFocusIs();
    void marksAreVisitedAndTold();
    void copiedTextIsInert();
    void screenReadersGetTheLines();
    void aHiddenPlayerPauses();
    void letterAndGroundDiffer();
    void itIsDrawnInEveryTheme();
};

void TestPlayer::paceKeepsAndCutsPauses()
{
    CastMaker cast(10, 2);
    cast.output(0, "a");
    cast.output(10, "b");
    cast.output(11, "c");
    Pace pace(*formats::Asciicast::parse(cast.file()));
    QCOMPARE(pace.duration(), 11 * second);
    QCOMPARE(pace.advanced(0, 5 * second), 5 * second);
    QCOMPARE(pace.untilNext(0), 10 * second);
    pace.setIdleLimit(2 * second);
    QCOMPARE(pace.advanced(0, 1 * second), 1 * second);
    QCOMPARE(pace.advanced(0, 2 * second), 10 * second);
    QCOMPARE(pace.advanced(0, 2 * second + second / 2), 10 * second + second / 2);
    QCOMPARE(pace.advanced(0, 90 * second), 11 * second);
    QCOMPARE(pace.advanced(5 * second, 0), 10 * second); // it stands in what is passed over
    QCOMPARE(pace.untilNext(0), 2 * second);
    QCOMPARE(pace.untilNext(5 * second), 0);
    QCOMPARE(pace.untilNext(11 * second), -1);
}

void TestPlayer::itOpensAndShowsTheBeginning()
{
    Player player;
    QVERIFY(openIn(player, counting(5)));
    QCOMPARE(player.state(), Player::State::Ready);
    QCOMPARE(player.frame().text(0), u"line 0"_s);
    QCOMPARE(player.duration(), 4 * second);
    QCOMPARE(player.sha256().size(), 64);
    QVERIFY(!player.isPlaying());
}

void TestPlayer::whatIsNoRecordingFails()
{
    Player player;
    QVERIFY(openIn(player, "{\"version\": 3}\n"));
    QCOMPARE(player.state(), Player::State::Failed);
    QVERIFY(player.error().message.contains("version 3"_L1));
    QCOMPARE(player.sha256().size(), 64);
    player.play();
    QVERIFY(!player.isPlaying());
}

void TestPlayer::seekingShowsWhatPlayingWouldHave()
{
    Player player;
    QVERIFY(openIn(player, counting(60)));
    for (const int at : {59, 3, 30, 31, 0, 58, 7}) {
        player.seek(at * second + 1);
        QVERIFY(settles(player));
        Terminal straight(40, 10);
        for (int i = 0; i <= at; ++i)
            straight.feed("line " + QByteArray::number(i) + "\r\n");
        QCOMPARE(player.frame(), straight.frame());
    }
    player.seek(-5);
    QCOMPARE(player.position(), 0);
    player.seek(1'000'000 * second);
    QCOMPARE(player.position(), player.duration());
}

void TestPlayer::seekingFarInALongRecordingIsQuick()
{
    CastMaker cast(80, 24);
    QByteArray screen;
    for (int i = 0; i < 40; ++i)
        screen += "\x1b[3" + QByteArray::number(i % 8) + "mcompiling source file number " + QByteArray::number(i) + "\x1b[0m ok\r\n";
    for (int i = 0; i < 3600; ++i)
        cast.output(i, screen + QByteArray::number(i) + "\r\n");
    Player player;
    QVERIFY(openIn(player, cast.file()));
    // When nothing more is found there is an index, and with it all keyframes.
    player.search(u"3599"_s);
    QVERIFY(waitUntil([&] { return !player.isSearching(); }, 3 * patience));
    QSignalSpy frames(&player, &Player::frameChanged);
    for (const qint64 at : {3599, 1800, 10, 2700, 900}) {
        player.seek(at * second);
        QVERIFY(settles(player));
        QVERIFY(player.frame().text(22).startsWith(QString::number(at)));
    }
    QVERIFY(frames.size() >= 5);
}

void TestPlayer::itPlaysToTheEndAndStops()
{
    CastMaker cast(20, 3);
    for (int i = 0; i < 4; ++i)
        cast.output(i * 0.05, QByteArray::number(i));
    cast.output(3000, "end"); // a pause of an hour, which is passed over
    Player player;
    QVERIFY(openIn(player, cast.file()));
    player.setSpeed(16);
    QSignalSpy playing(&player, &Player::playingChanged);
    player.play();
    QVERIFY(player.isPlaying());
    QVERIFY(waitUntil([&] { return !player.isPlaying(); }));
    QCOMPARE(playing.size(), 2);
    QVERIFY(player.isAtEnd());
    QVERIFY(settles(player));
    QCOMPARE(player.frame().text(0), u"0123end"_s);
    player.play();
    QVERIFY(player.position() < player.duration());
}

void TestPlayer::nothingRunsWhileItStands()
{
    Player player;
    QVERIFY(openIn(player, counting(5)));
    for (const QTimer *timer : player.findChildren<QTimer *>())
        QVERIFY(!timer->isActive());
    player.setSpeed(1000);
    QCOMPARE(player.speed(), Player::fastest);
    player.setSpeed(0);
    QCOMPARE(player.speed(), Player::slowest);
    player.stepSpeed(1);
    QCOMPARE(player.speed(), 1.0);
}

void TestPlayer::aTextIsFoundWhereItAppeared()
{
    CastMaker cast(40, 5);
    cast.output(1, "$ ");
    cast.output(2, "c");
    cast.output(3, "at sec");
    cast.output(4, "rets.txt\r\n");
    cast.output(5, "\x1b[31mpass\x1b[32mword\x1b[0m=hunter2\r\n"); // coloured in the middle of the word
    cast.output(6, "one\r\ntwo\r\nthree\r\nfour\r\nfive\r\nsix\r\nPASSWORD again\r\n");
    cast.output(7, "\x1b[2J\x1b[Hpassword: ");
    Player player;
    QVERIFY(openIn(player, cast.file()));
    player.search(u"password"_s);
    QVERIFY(waitUntil([&] { return !player.isSearching(); }));
    QCOMPARE(player.hits().size(), 3);
    QCOMPARE(player.hits()[0].at, 5 * second);
    QCOMPARE(player.hits()[0].line, u"password=hunter2"_s);
    QCOMPARE(player.hits()[1].at, 6 * second);
    QCOMPARE(player.hits()[2].at, 7 * second);
    player.search(u"cat secrets"_s);
    QVERIFY(waitUntil([&] { return !player.isSearching(); }));
    QCOMPARE(player.hits().size(), 1);
    QCOMPARE(player.hits()[0].at, 4 * second);
    player.search(u"four"_s); // went by between two looks at the screen
    QVERIFY(waitUntil([&] { return !player.isSearching(); }));
    QCOMPARE(player.hits().size(), 1);
    player.search(u"nowhere"_s);
    QVERIFY(waitUntil([&] { return !player.isSearching(); }));
    QVERIFY(player.hits().isEmpty());
}

void TestPlayer::anotherFileForgetsTheFirst()
{
    Player player;
    QVERIFY(openIn(player, counting(5)));
    player.search(u"line"_s);
    player.open(counting(2));
    QCOMPARE(player.state(), Player::State::Loading);
    QVERIFY(player.hits().isEmpty());
    QVERIFY(waitUntil([&] { return player.state() == Player::State::Ready && !player.frame().isEmpty(); }));
    QCOMPARE(player.duration(), second);
    player.close();
    QCOMPARE(player.state(), Player::State::Empty);
    QVERIFY(player.frame().isEmpty());
}

void TestPlayer::keysWorkWhereverTheFocusIs()
{
    PlayerView view;
    view.resize(700, 560);
    view.show();
    Player &player = view.player();
    QVERIFY(openIn(player, counting(200)));
    for (QWidget *widget : std::initializer_list<QWidget *>{view.screen(), view.timeline()}) {
        player.seek(0);
        QTest::keyClick(widget, Qt::Key_Right);
        QCOMPARE(player.position(), 5 * second);
        QTest::keyClick(widget, Qt::Key_Right, Qt::ShiftModifier);
        QCOMPARE(player.position(), 65 * second);
        QTest::keyClick(widget, Qt::Key_Left);
        QCOMPARE(player.position(), 60 * second);
        QTest::keyClick(widget, Qt::Key_End);
        QVERIFY(player.isAtEnd());
        QTest::keyClick(widget, Qt::Key_Home);
        QCOMPARE(player.position(), 0);
        QTest::keyClick(widget, Qt::Key_BracketRight);
        QCOMPARE(player.speed(), 2.0);
        QTest::keyClick(widget, Qt::Key_BracketLeft);
        QCOMPARE(player.speed(), 1.0);
        QTest::keyClick(widget, Qt::Key_Space);
        QVERIFY(player.isPlaying());
        QTest::keyClick(widget, Qt::Key_Space);
        QVERIFY(!player.isPlaying());
    }
    QVERIFY(view.timeText().endsWith("3:19"_L1));
    view.searchField()->setText(u"line 42"_s);
    QTest::keyClick(view.searchField(), Qt::Key_Return);
    QVERIFY(waitUntil([&] { return !player.isSearching(); }));
    QCOMPARE(view.hitsText(), u"1 found"_s);
    QTest::keyClick(view.searchField(), Qt::Key_Return);
    QCOMPARE(view.hitsText(), u"1 of 1"_s);
    QCOMPARE(player.position(), 42 * second);
    QTest::keyClick(view.searchField(), Qt::Key_Escape);
    QVERIFY(view.searchField()->text().isEmpty());
}

void TestPlayer::marksAreVisitedAndTold()
{
    PlayerView view;
    view.resize(700, 560);
    view.show();
    Player &player = view.player();
    QVERIFY(openIn(player, counting(100)));
    view.setMarks({{10 * second, Severity::None, u"session.start"_s, u"1"_s}, {50 * second, Severity::High, u"<b>lease.issue</b> refused"_s, u"2"_s}});
    QTest::keyClick(view.screen(), Qt::Key_N);
    QCOMPARE(player.position(), 10 * second);
    QTest::keyClick(view.screen(), Qt::Key_N);
    QCOMPARE(player.position(), 50 * second);
    QTest::keyClick(view.screen(), Qt::Key_P);
    QCOMPARE(player.position(), 10 * second);
    const QRect mark = view.timeline()->markRect(1);
    QVERIFY(view.timeline()->tipAt(mark.center()).contains("lease.issue"_L1));
    QTest::mouseClick(view.timeline(), Qt::LeftButton, {}, mark.center());
    QCOMPARE(player.position(), 50 * second);
}

void TestPlayer::copiedTextIsInert()
{
    PlayerView view;
    view.resize(700, 560);
    view.show();
    CastMaker cast(30, 3);
    cast.output(0, "rm \xe2\x80\xae" "fdp.exe\r\nsecond");
    QVERIFY(openIn(view.player(), cast.file()));
    QVERIFY(waitUntil([&] { return !view.screen()->frame().isEmpty(); }));
    view.screen()->selectAll();
    QTest::keyClick(view.screen(), Qt::Key_C, Qt::ControlModifier);
    const QString copied = QGuiApplication::clipboard()->text();
    QVERIFY(!copied.contains(QChar(0x202E)));
    QVERIFY(copied.contains(u"second"_s));
}

void TestPlayer::screenReadersGetTheLines()
{
    PlayerView view;
    view.resize(700, 560);
    view.show();
    QVERIFY(openIn(view.player(), counting(3)));
    QVERIFY(waitUntil([&] { return !view.screen()->frame().isEmpty(); }));
    QAccessibleInterface *spoken = QAccessible::queryAccessibleInterface(view.screen());
    QVERIFY(spoken);
    QVERIFY(!spoken->text(QAccessible::Name).isEmpty());
    QAccessibleTextInterface *text = spoken->textInterface();
    QVERIFY(text);
    QVERIFY(text->text(0, text->characterCount()).startsWith(u"line 0"_s));
    QVERIFY(spoken->state().readOnly);
    QAccessibleInterface *slider = QAccessible::queryAccessibleInterface(view.timeline());
    QVERIFY(slider && slider->valueInterface());
    slider->valueInterface()->setCurrentValue(100);
    QCOMPARE(view.player().position(), second);
}

void TestPlayer::aHiddenPlayerPauses()
{
    PlayerView view;
    view.show();
    QVERIFY(openIn(view.player(), counting(100)));
    view.player().play();
    view.hide();
    QVERIFY(!view.player().isPlaying());
}

void TestPlayer::letterAndGroundDiffer()
{
    for (const kit::ThemeChoice choice : {kit::ThemeChoice::Dark, kit::ThemeChoice::Light, kit::ThemeChoice::HighContrast}) {
        kit::Theme theme(choice);
        const ScreenColors colors(theme);
        Cell cell;
        for (int ink = 0; ink < 256; ink += 5) {
            for (int ground = 0; ground < 256; ground += 17) {
                cell.ink = {Ink::Kind::Palette, quint8(ink), 0, 0};
                cell.ground = {Ink::Kind::Palette, quint8(ground), 0, 0};
                const ScreenColors::Pair pair = colors.of(cell, false);
                QVERIFY(kit::contrastRatio(pair.ink, pair.ground) >= 4.5);
            }
        }
    }
}

void TestPlayer::itIsDrawnInEveryTheme()
{
    kit::Theme &theme = testTheme();
    PlayerView view;
    view.setAutoFillBackground(true);
    view.resize(760, 620);
    view.show();
    CastMaker cast(80, 24);
    cast.output(0, demoScreen());
    cast.output(90, "\x1b[24;1H$ ");
    QVERIFY(openIn(view.player(), cast.file()));
    view.setMarks({{12 * second, Severity::None, u"session.start"_s, {}}, {40 * second, Severity::High, u"denied"_s, {}}, {61 * second, Severity::Medium, u"failed"_s, {}}});
    view.player().seek(30 * second);
    view.searchField()->setText(u"error"_s);
    QTest::keyClick(view.searchField(), Qt::Key_Return);
    QVERIFY(waitUntil([&] { return !view.player().isSearching(); }));
    const QDir folder(QStringLiteral(PARAPET_BINARY_DIR "/pages"));
    folder.mkpath(u"."_s);
    QImage before;
    for (const auto &[choice, name] : {std::pair(kit::ThemeChoice::Dark, "dark"), std::pair(kit::ThemeChoice::Light, "light"), std::pair(kit::ThemeChoice::HighContrast, "contrast")}) {
        theme.setChoice(choice);
        QCoreApplication::sendPostedEvents();
        const QImage picture = view.grab().toImage();
        QVERIFY(picture != before);
        picture.save(folder.filePath(u"player-%1.png"_s.arg(QLatin1String(name))));
        before = picture;
    }
}

QTEST_MAIN(TestPlayer)
#include "tst_player.moc"
