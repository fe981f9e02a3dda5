// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/location.h"

#include <QtTest/QtTest>

using namespace parapet;
using namespace parapet::shell;

class TestLocation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void roundTrip_data();
    void roundTrip();
    void refused_data();
    void refused();
    void equalPlacesPrintAlike();
    void history();
    void historyIsBounded();
};

void TestLocation::roundTrip_data()
{
    QTest::addColumn<Location>("place");
    QTest::newRow("page") << Location{QStringLiteral("overview"), {}};
    QTest::newRow("filter") << Location{QStringLiteral("workspaces"),
                                        {{QStringLiteral("filter"), QStringLiteral("team:payments held>=3")}}};
    QTest::newRow("several") << Location{
        QStringLiteral("workspaces"),
        {{QStringLiteral("key"), QStringLiteral("ws-7f3")}, {QStringLiteral("view"), QStringLiteral("a&b=c?d#e%20")}}};
    QTest::newRow("unicode") << Location{QStringLiteral("audit"),
                                         {{QStringLiteral("q"), QString::fromUtf8("Dvořák ⟨x⟩ \u202E")}}};
}

void TestLocation::roundTrip()
{
    QFETCH(Location, place);
    const Result<Location> read = Location::parse(place.toString());
    QVERIFY2(read.has_value(), qPrintable(place.toString()));
    QCOMPARE(*read, place);
    QVERIFY(std::all_of(place.toString().begin(), place.toString().end(),
                        [](QChar c) { return c > u' ' && c < QChar(127); }));
}

void TestLocation::refused_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("empty") << QString();
    QTest::newRow("no page") << QStringLiteral("?a=b");
    QTest::newRow("upper case") << QStringLiteral("Overview");
    QTest::newRow("path") << QStringLiteral("../../etc/passwd");
    QTest::newRow("scheme") << QStringLiteral("https://example.org");
    QTest::newRow("bad percent") << QStringLiteral("audit?q=%2");
    QTest::newRow("bad hex") << QStringLiteral("audit?q=%zz");
    QTest::newRow("bad utf-8") << QStringLiteral("audit?q=%ff%fe");
    QTest::newRow("twice") << QStringLiteral("audit?q=1&q=2");
    QTest::newRow("bad name") << QStringLiteral("audit?Q R=1");
    QTest::newRow("long") << QStringLiteral("audit?q=") + QString(9000, u'a');
}

void TestLocation::refused()
{
    QFETCH(QString, text);
    const Result<Location> read = Location::parse(text);
    QVERIFY(!read);
    QCOMPARE(read.error().code, Error::Code::Invalid);
    QVERIFY(!read.error().message.isEmpty());
}

void TestLocation::equalPlacesPrintAlike()
{
    const Location a = Location{QStringLiteral("x"), {}}
                           .with(QStringLiteral("b"), QStringLiteral("2"))
                           .with(QStringLiteral("a"), QStringLiteral("1"));
    const Location b = Location{QStringLiteral("x"), {}}
                           .with(QStringLiteral("a"), QStringLiteral("1"))
                           .with(QStringLiteral("b"), QStringLiteral("2"));
    QCOMPARE(a.toString(), b.toString());
    QCOMPARE(a.toString(), QStringLiteral("x?a=1&b=2"));
    QCOMPARE(a.with(QStringLiteral("a"), {}).toString(), QStringLiteral("x?b=2"));
    QCOMPARE(a.param(QStringLiteral("b")), QStringLiteral("2"));
}

void TestLocation::history()
{
    const Location a{QStringLiteral("a"), {}}, b{QStringLiteral("b"), {}}, c{QStringLiteral("c"), {}};
    History history;
    QVERIFY(history.isEmpty() && !history.canGoBack() && !history.canGoForward());
    history.push(a);
    history.push(a);
    QVERIFY(!history.canGoBack());
    history.push(b);
    history.push(c);
    QCOMPARE(history.back(), b);
    QCOMPARE(history.back(), a);
    QCOMPARE(history.back(), a);
    QCOMPARE(history.forward(), b);
    history.replace(b.with(QStringLiteral("k"), QStringLiteral("1")));
    QCOMPARE(history.current().param(QStringLiteral("k")), QStringLiteral("1"));
    history.push(a);
    QVERIFY(!history.canGoForward()); // what lay ahead is forgotten
}

void TestLocation::historyIsBounded()
{
    History history;
    for (int i = 0; i < 1000; ++i)
        history.push({QStringLiteral("p%1").arg(i), {}});
    int back = 0;
    for (; history.canGoBack(); ++back)
        history.back();
    QCOMPARE(back, 199);
    QCOMPARE(history.current().page, QStringLiteral("p800"));
}

QTEST_GUILESS_MAIN(TestLocation)
#include "tst_location.moc"
