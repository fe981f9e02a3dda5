// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/statusline.h"

#include "tests/support/fakeclock.h"
#include "ui/kit/text/format.h"
#include "ui/kit/theme.h"

#include <QtTest/QtTest>

using namespace parapet;
using namespace parapet::shell;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class TestStatusLine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void theIdentitysEndIsSaid_data();
    void theIdentitysEndIsSaid();
    void itMovesWithTheClock();
    void withoutAnEndNothingIsClaimed();

private:
    std::unique_ptr<kit::Theme> m_theme;
};

void TestStatusLine::initTestCase()
{
    qputenv("TZ", "UTC");
    m_theme = std::make_unique<kit::Theme>(kit::ThemeChoice::Dark);
    m_theme->install(*qApp);
}

void TestStatusLine::theIdentitysEndIsSaid_data()
{
    QTest::addColumn<qint64>("minutes");
    QTest::addColumn<QString>("text");
    QTest::addColumn<kit::Role>("role");
    QTest::newRow("days") << qint64(89 * 24 * 60) << u"89 d 00 h left"_s << kit::Role::Text2;
    QTest::newRow("some days") << qint64(3 * 24 * 60) << u"3 d 00 h left"_s << kit::Role::Text2;
    QTest::newRow("hours") << qint64(372) << u"6 h 12 m left"_s << kit::Role::Text2;
    QTest::newRow("half an hour") << qint64(30) << u"30 min left"_s << kit::Role::Text2;
    QTest::newRow("under half an hour") << qint64(29) << u"29 min left"_s << kit::Role::Medium;
    QTest::newRow("over") << qint64(-1) << u"Identity ended at "_s << kit::Role::Critical;
}

void TestStatusLine::theIdentitysEndIsSaid()
{
    QFETCH(qint64, minutes);
    QFETCH(QString, text);
    QFETCH(kit::Role, role);
    support::FakeClock clock;
    StatusLine line;
    line.setClock(&clock);
    const Instant ends = clock.now() + std::chrono::minutes(minutes);
    line.setSessionEnds(ends);
    QVERIFY2(line.session()->text().contains(text), qPrintable(line.session()->text()));
    QVERIFY(line.session()->text().startsWith(minutes > 0 ? u"Identity until "_s : u"Identity ended"_s));
    QCOMPARE(line.session()->role(), role);
    // By the wall clock too, with its day when that is another one; UTC in the details.
    const QString clockTime = kit::localClock(ends).left(5);
    if (minutes <= 7 * 24 * 60)
        QVERIFY2(line.session()->text().contains(clockTime), qPrintable(line.session()->text()));
    else
        QVERIFY(line.session()->text().contains(QString::number(QDateTime::fromMSecsSinceEpoch(ends.time_since_epoch().count()).date().year())));
    QVERIFY(line.session()->accessibleDescription().contains(kit::utcText(ends)));
    QVERIFY(line.session()->accessibleDescription().contains(u"no session"_s));
}

void TestStatusLine::itMovesWithTheClock()
{
    support::FakeClock clock;
    StatusLine line;
    line.setClock(&clock);
    line.setSessionEnds(clock.now() + 31min);
    QCOMPARE(line.session()->role(), kit::Role::Text2);
    clock.advance(2min);
    line.show(); // what a minute's timer does
    QVERIFY(line.session()->text().contains(u"29 min"_s));
    QCOMPARE(line.session()->role(), kit::Role::Medium);
}

void TestStatusLine::withoutAnEndNothingIsClaimed()
{
    StatusLine line;
    line.show();
    QVERIFY(!line.session()->isVisible());
    line.setSessionEnds(Clock::system().now() + 1h);
    QVERIFY(line.session()->isVisible());
    line.setSessionEnds({});
    QVERIFY(!line.session()->isVisible());
}

QTEST_MAIN(TestStatusLine)
#include "tst_statusline.moc"
