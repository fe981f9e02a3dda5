// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/process.h"
#include "models/domain/tabletext.h"
#include "models/domain/workspace.h"

#include <QtTest/QTest>

#include <limits>

using namespace parapet;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

Instant at(const char *text)
{
    return fromRfc3339(QString::fromLatin1(text)).value();
}

TextStyle style()
{
    return {at("2026-03-17T20:00:00Z"), QTimeZone("Europe/Stockholm"), QLocale::c()};
}

} // namespace

class FieldTextTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sizes_data()
    {
        QTest::addColumn<qint64>("bytes");
        QTest::addColumn<QString>("text");
        QTest::newRow("none") << qint64(0) << u"0 B"_s;
        QTest::newRow("bytes") << qint64(999) << u"999 B"_s;
        QTest::newRow("kilo") << qint64(1000) << u"1.00 kB"_s;
        QTest::newRow("tens") << qint64(48100) << u"48.1 kB"_s;
        QTest::newRow("rounds up a unit") << qint64(999999) << u"1.00 MB"_s;
        QTest::newRow("giga") << qint64(2310000000) << u"2.31 GB"_s;
        QTest::newRow("negative") << qint64(-1500) << u"-1.50 kB"_s;
        QTest::newRow("most") << std::numeric_limits<qint64>::max() << u"9.22 EB"_s;
    }
    void sizes()
    {
        QFETCH(qint64, bytes);
        QTEST(bytesText(bytes, QLocale::c()).replace(QChar(0xa0), u' '), "text");
    }

    void durations_data()
    {
        QTest::addColumn<qint64>("ms");
        QTest::addColumn<QString>("text");
        QTest::newRow("none") << qint64(0) << u"0 s"_s;
        QTest::newRow("below a second") << qint64(250) << u"250 ms"_s;
        QTest::newRow("seconds") << qint64(41900) << u"41 s"_s;
        QTest::newRow("minutes") << qint64(724000) << u"12 m 04 s"_s;
        QTest::newRow("hours") << qint64(11520000) << u"3 h 12 m"_s;
        QTest::newRow("days") << qint64(298800000) << u"3 d 11 h"_s;
        QTest::newRow("negative") << qint64(-41000) << u"\u221241 s"_s;
        QTest::newRow("least") << std::numeric_limits<qint64>::min() << u"\u2212106751991167 d 07 h"_s;
    }
    void durations()
    {
        QFETCH(qint64, ms);
        QTEST(durationText(Milliseconds(ms)), "text");
    }

    void roughDurations_data()
    {
        QTest::addColumn<qint64>("ms");
        QTest::addColumn<QString>("text");
        QTest::newRow("negative") << qint64(-5000) << u"0 s"_s;
        QTest::newRow("below a second") << qint64(250) << u"0 s"_s;
        QTest::newRow("seconds") << qint64(9000) << u"9 s"_s;
        QTest::newRow("minutes") << qint64(359'999) << u"5 min"_s;
        QTest::newRow("hours") << qint64(11'520'000) << u"3 h 12 m"_s;
        QTest::newRow("padded") << qint64(4'140'000) << u"1 h 09 m"_s;
        QTest::newRow("days") << qint64(298'800'000) << u"3 d 11 h"_s;
    }
    void roughDurations()
    {
        QFETCH(qint64, ms);
        QTEST(roughDurationText(Milliseconds(ms)), "text");
    }

    void agesLookBothWays()
    {
        const Instant now = at("2026-03-17T12:00:00Z");
        QCOMPARE(ageText(now - 3h - 12min - 400ms, now), u"3 h 12 m"_s);
        QCOMPARE(ageText(now + 90s, now), u"1 m 30 s"_s);
        QCOMPARE(ageText(now - 400ms, now), u"0 s"_s);
        QCOMPARE(ageText({}, now), QString());
        QCOMPARE(ageText(now, {}), QString());
    }

    void timesAreLocalWithTheirZone()
    {
        QCOMPARE(timeText(at("2026-03-17T13:41:31.250Z"), style()), u"14:41:31 CET"_s);
        QCOMPARE(timeText(at("2026-03-16T13:41:31Z"), style()), u"2026-03-16 14:41:31 CET"_s);
        QCOMPARE(timeText(at("2026-07-01T12:00:00Z"), style()), u"2026-07-01 14:00:00 CEST"_s);
        // 23:30 UTC is the next day there.
        QCOMPARE(timeText(at("2026-03-17T23:30:00Z"), style()), u"2026-03-18 00:30:00 CET"_s);
        QCOMPARE(timeText({}, style()), QString());
        QCOMPARE(utcText(at("2026-03-17T14:41:31.250+01:00")), u"2026-03-17 13:41:31.250 UTC"_s);
        QCOMPARE(utcText({}), QString());
    }

    void displayIsInertAndTranslated()
    {
        QCOMPARE(displayText(FieldKind::Enumeration, u"gitToken"_s), u"Git token"_s);
        QCOMPARE(displayText(FieldKind::Enumeration, u"never heard of"_s), u"never heard of"_s);
        QVERIFY(!displayText(FieldKind::Text, Untrusted(u"a\u202Eb\x1b[0m"_s)).contains(QChar(0x202e)));
        QVERIFY(!displayText(FieldKind::Text, u"a\u202Eb"_s).contains(QChar(0x202e)));
        QCOMPARE(displayText(FieldKind::Boolean, true), u"Yes"_s);
        QCOMPARE(displayText(FieldKind::Text, FieldValue()), QString());
        QCOMPARE(displayText(FieldKind::Identifier, qint64(1904123), {{}, QTimeZone::utc(), QLocale(u"en_US"_s)}),
                 u"1904123"_s);
        QCOMPARE(displayText(FieldKind::Integer, qint64(1904123), {{}, QTimeZone::utc(), QLocale(u"en_US"_s)}),
                 u"1,904,123"_s);
    }

    void exportIsForMachines()
    {
        QCOMPARE(exportText(FieldKind::Time, at("2026-03-17T13:41:31.250Z")), u"2026-03-17T13:41:31.250Z"_s);
        QCOMPARE(exportText(FieldKind::Enumeration, u"gitToken"_s), u"gitToken"_s);
        QCOMPARE(exportText(FieldKind::Real, 0.1), u"0.1"_s);
        QCOMPARE(exportText(FieldKind::Integer, qint64(-5000)), u"-5000"_s);
        QCOMPARE(exportText(FieldKind::Boolean, false), u"false"_s);
    }

    void csvCells_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("cell");
        QTest::newRow("plain") << u"ws-a"_s << u"ws-a"_s;
        QTest::newRow("empty") << QString() << QString();
        QTest::newRow("comma") << u"a,b"_s << u"\"a,b\""_s;
        QTest::newRow("quote") << u"a\"b"_s << u"\"a\"\"b\""_s;
        QTest::newRow("line break") << u"a\r\nb"_s << u"\"a\r\nb\""_s;
        QTest::newRow("formula") << u"=1+1"_s << u"'=1+1"_s;
        QTest::newRow("formula with quotes") << u"=HYPERLINK(\"x\")"_s << u"\"'=HYPERLINK(\"\"x\"\")\""_s;
        QTest::newRow("plus") << u"+A1"_s << u"'+A1"_s;
        QTest::newRow("minus") << u"-A1"_s << u"'-A1"_s;
        QTest::newRow("at") << u"@SUM(A1)"_s << u"'@SUM(A1)"_s;
        QTest::newRow("tab") << u"\t=1"_s << u"'\t=1"_s;
        QTest::newRow("carriage return") << u"\r=1"_s << u"\"'\r=1\""_s;
        QTest::newRow("full-width") << u"\uff1d1"_s << u"'\uff1d1"_s;
        QTest::newRow("negative number") << u"-12.5"_s << u"-12.5"_s;
        QTest::newRow("number and formula") << u"-12.5+cmd|' /C calc'!A0"_s << u"'-12.5+cmd|' /C calc'!A0"_s;
    }
    void csvCells()
    {
        QFETCH(QString, text);
        QTEST(csvCell(text), "cell");
    }

    void rowsOfTables()
    {
        QCOMPARE(csvRow({u"a"_s, u"b,c"_s}), u"a,\"b,c\"\r\n"_s);
        QCOMPARE(tsvRow({u"a\tb"_s, u"=c\nd"_s}), u"a b\t'=c d\n"_s);
        Workspace workspace;
        workspace.name = Untrusted(u"=evil"_s);
        workspace.leases = 3;
        const QVector<int> columns{1, 14};
        QCOMPARE(exportHeader<Workspace>(columns).join(u' '), u"name leases"_s);
        QCOMPARE(csvRow(exportCells(workspace, columns)), u"'=evil,3\r\n"_s);
    }
};

QTEST_APPLESS_MAIN(FieldTextTest)
#include "tst_fieldtext.moc"
