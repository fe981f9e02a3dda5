// SPDX-License-Identifier: GPL-3.0-or-later
// Two periods of the log beside each other.
#include "tests/ui/pages/auditroom.h"
#include "ui/kit/overlay.h"
#include "ui/listing/textexporter.h"
#include "ui/pages/audit/comparesheet.h"
#include "ui/pages/audit/periodbars.h"
#include "ui/pages/audit/timefilter.h"

#include <QtGui/QClipboard>
#include <QtWidgets/QLineEdit>

using namespace parapet;
using namespace parapet::pages;
using namespace parapet::support;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// A log of two days: yesterday the period B, today A.
struct Days : Room {
    Days() : Room(0)
    {
        const auto add = [this](const QString &action, int count, std::chrono::hours ago) {
            for (int i = 0; i < count; ++i) {
                log.append(action);
                desk.system.world.events.last().time = desk.system.world.clock.now() - ago - std::chrono::minutes(i);
            }
        };
        add(u"lease.issue"_s, 4, 30h);
        add(u"session.start"_s, 9, 40h);
        add(u"token.try"_s, 3, 27h);
        add(u"lease.issue"_s, 10, 2h);
        add(u"session.start"_s, 8, 3h);
        add(u"secret.read"_s, 5, 4h);
    }
    CompareSheet *compare()
    {
        desk.commands.trigger(u"audit.compare"_s);
        return visibleChild<CompareSheet>(&shown->window);
    }
    Instant now() const { return desk.system.world.clock.now(); }
};

bool shows(const CompareSheet *sheet)
{
    return waitUntil([sheet] { return sheet->states()->state() == kit::StatePage::State::Ready; });
}

QString cell(const CompareSheet *sheet, int row, int column)
{
    return sheet->model()->index(row, column).data().toString();
}

} // namespace

class TestAuditCompare : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bucketsAreCompared_data();
    void bucketsAreCompared();
    void momentsAreRead_data();
    void momentsAreRead();
    void theLastDayBesideTheOneBefore();
    void theFiltersTimeIsPeriodA();
    void periodsAreEdited();
    void whatIsNoPeriodIsSaid();
    void aValueLeadsToItsEvents_data();
    void aValueLeadsToItsEvents();
    void anotherFieldIsCounted();
    void bothAreAskedAtTheSameTime();
    void closingGivesUp();
    void troubleIsSaidAndMended();
    void nothingInEither();
    void theLogGrows();
    void theFileIsCsv();
};

void TestAuditCompare::bucketsAreCompared_data()
{
    QTest::addColumn<QVector<Bucket>>("a");
    QTest::addColumn<QVector<Bucket>>("b");
    QTest::addColumn<QVector<ComparedValue>>("wanted");
    using Buckets = QVector<Bucket>;
    QTest::newRow("nothing") << Buckets{} << Buckets{} << QVector<ComparedValue>{};
    QTest::newRow("the largest difference first") << Buckets{{u"x"_s, 5}, {u"y"_s, 2}, {u"z"_s, 7}} << Buckets{{u"x"_s, 4}, {u"y"_s, 12}, {u"z"_s, 7}}
                                                  << QVector<ComparedValue>{{u"y"_s, 2, 12}, {u"x"_s, 5, 4}, {u"z"_s, 7, 7}};
    QTest::newRow("new and gone") << Buckets{{u"new"_s, 3}} << Buckets{{u"gone"_s, 3}} << QVector<ComparedValue>{{u"gone"_s, 0, 3}, {u"new"_s, 3, 0}};
    Buckets many;
    for (int i = 0; i < mostCounted; ++i)
        many.append({u"v%1"_s.arg(i, 3, 10, QLatin1Char('0')), 1});
    QVector<ComparedValue> cut{{u"rare"_s, std::nullopt, 9}};
    for (const Bucket &bucket : many)
        cut.append({bucket.key, 1, 0});
    QTest::newRow("cut: what is not told is not none") << many << Buckets{{u"rare"_s, 9}} << cut;
}

void TestAuditCompare::bucketsAreCompared()
{
    QFETCH(QVector<Bucket>, a);
    QFETCH(QVector<Bucket>, b);
    QFETCH(QVector<ComparedValue>, wanted);
    QCOMPARE(compared(a, b), wanted);
}

void TestAuditCompare::momentsAreRead_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("isEnd");
    QTest::addColumn<QString>("wanted"); // empty: it is none
    QTest::newRow("a day") << u"2026-03-01"_s << false << u"2026-03-01T00:00:00Z"_s;
    QTest::newRow("to a day") << u"2026-03-01"_s << true << u"2026-03-02T00:00:00Z"_s;
    QTest::newRow("a month") << u"2026-02"_s << true << u"2026-03-01T00:00:00Z"_s;
    QTest::newRow("a minute") << u"2026-03-01T14:05"_s << true << u"2026-03-01T14:05:00Z"_s;
    QTest::newRow("with an offset") << u"2026-03-01T14:05:00+02:00"_s << false << u"2026-03-01T12:05:00Z"_s;
    QTest::newRow("an age") << u"1h30m"_s << false << u"2026-03-17T12:11:31Z"_s;
    QTest::newRow("now") << u" NOW "_s << true << u"2026-03-17T13:41:31Z"_s;
    QTest::newRow("nothing") << QString() << true << QString();
    QTest::newRow("nonsense") << u"yesterday"_s << false << QString();
    QTest::newRow("no such day") << u"2026-02-30"_s << false << QString();
}

void TestAuditCompare::momentsAreRead()
{
    QFETCH(QString, text);
    QFETCH(bool, isEnd);
    QFETCH(QString, wanted);
    const FakeClock clock;
    const auto at = momentFrom(text, isEnd, clock.now());
    QCOMPARE(at ? momentText(*at) : QString(), wanted);
    if (at)
        QCOMPARE(momentFrom(momentText(*at), isEnd, clock.now()), at); // what is shown is read back as it is
}

void TestAuditCompare::theLastDayBesideTheOneBefore()
{
    Days room;
    QVERIFY(room.open());
    CompareSheet *sheet = room.compare();
    QVERIFY(sheet);
    QVERIFY(shows(sheet));
    QCOMPARE(sheet->periodA(), (Period{room.now() - 24h, room.now()}));
    QCOMPARE(sheet->periodB(), (Period{room.now() - 48h, room.now() - 24h}));
    QCOMPARE(sheet->model()->rowCount(), 4);
    // lease.issue +6, secret.read +5, token.try −3, session.start −1
    QCOMPARE(cell(sheet, 0, CompareModel::Value), u"lease.issue"_s);
    QCOMPARE(cell(sheet, 0, CompareModel::CountA), u"10"_s);
    QCOMPARE(cell(sheet, 0, CompareModel::CountB), u"4"_s);
    QCOMPARE(cell(sheet, 0, CompareModel::Difference), u"+6"_s);
    QVERIFY(cell(sheet, 0, CompareModel::Ratio).startsWith(u"2.50"_s));
    QCOMPARE(cell(sheet, 1, CompareModel::Value), u"secret.read"_s);
    QCOMPARE(cell(sheet, 1, CompareModel::ChangeColumn), u"new in A"_s);
    QCOMPARE(cell(sheet, 2, CompareModel::ChangeColumn), u"gone in A"_s);
    QCOMPARE(cell(sheet, 3, CompareModel::ChangeColumn), u"less"_s);
    // By shape too.
    const auto mark = [sheet](int row) { return StateMark(sheet->model()->index(row, CompareModel::ChangeColumn).data(StateMarkRole).toInt()); };
    QVERIFY(mark(1) != mark(2) && mark(1) != StateMark::None && mark(2) != StateMark::None && mark(3) == StateMark::None);
    QVERIFY2(sheet->summary().contains(u"A 23"_s) && sheet->summary().contains(u"B 16"_s), qPrintable(sheet->summary()));
    QVERIFY(sheet->summary().contains(u"as of"_s));
    QVERIFY(sheet->bars()->accessibleDescription().contains(u"23"_s));
    QVERIFY(sheet->bars()->sliceText(sheet->bars()->rect().center()).contains(u"B:"_s));
    keepPicture(&room.shown->window, u"audit-compare"_s);
    room.desk.theme.setChoice(kit::ThemeChoice::Light);
    keepPicture(&room.shown->window, u"audit-compare-light"_s);
}

void TestAuditCompare::theFiltersTimeIsPeriodA()
{
    Days room;
    QVERIFY(room.open());
    const Period brushed{room.now() - 4h, room.now() - 1h};
    room.page()->goTo(shell::Location{u"audit"_s, {}}.with(u"filter"_s, withTime(u"action:lease.issue"_s, brushed.from, brushed.to)));
    CompareSheet *sheet = room.compare();
    QVERIFY(shows(sheet));
    QCOMPARE(sheet->periodA(), brushed);
    QCOMPARE(sheet->periodB(), brushed.before());
    QCOMPARE(sheet->model()->rowCount(), 1); // within the page's filter
    QCOMPARE(cell(sheet, 0, CompareModel::CountA), u"10"_s);
}

void TestAuditCompare::periodsAreEdited()
{
    Days room;
    QVERIFY(room.open());
    CompareSheet *sheet = room.compare();
    QVERIFY(shows(sheet));
    sheet->edit(false, false)->setFocus();
    sheet->edit(false, false)->selectAll();
    QTest::keyClicks(sheet->edit(false, false), u"3h"_s);
    QTest::keyClick(sheet->edit(false, false), Qt::Key_Return);
    QCOMPARE(sheet->periodA(), (Period{room.now() - 3h, room.now()}));
    QCOMPARE(sheet->periodB(), sheet->periodA().before()); // it follows
    QTRY_VERIFY(sheet->summary().contains(u"A 11"_s)); // ten two hours ago, and the one of just three
    sheet->edit(true, false)->setText(u"48h"_s);
    QTest::keyClick(sheet->edit(true, false), Qt::Key_Return);
    QCOMPARE(sheet->periodB().from, room.now() - 48h);
    QTRY_VERIFY2(sheet->summary().contains(u"differ in length"_s), qPrintable(sheet->summary()));
    sheet->edit(false, false)->setText(u"2h"_s);
    QTest::keyClick(sheet->edit(false, false), Qt::Key_Return);
    QCOMPARE(sheet->periodB().from, room.now() - 48h); // it was chosen, and stays
    QTest::mouseClick(buttonIn(sheet, u"The one before A"_s), Qt::LeftButton);
    QCOMPARE(sheet->periodB(), sheet->periodA().before());
}

void TestAuditCompare::whatIsNoPeriodIsSaid()
{
    Days room;
    QVERIFY(room.open());
    CompareSheet *sheet = room.compare();
    QVERIFY(shows(sheet));
    const Period before = sheet->periodA();
    const int asked = room.desk.system.audit.script.count(u"countEvents"_s, u"action"_s);
    sheet->edit(false, false)->setText(u"yesterday"_s);
    QTest::keyClick(sheet->edit(false, false), Qt::Key_Return);
    QVERIFY2(sheet->summary().contains(u"A: Write a time"_s), qPrintable(sheet->summary()));
    sheet->edit(false, false)->setText(u"now"_s);
    QTest::keyClick(sheet->edit(false, false), Qt::Key_Return);
    QVERIFY(sheet->summary().contains(u"ends before it begins"_s));
    QCOMPARE(sheet->periodA(), before);
    QCOMPARE(room.desk.system.audit.script.count(u"countEvents"_s, u"action"_s), asked);
}

void TestAuditCompare::aValueLeadsToItsEvents_data()
{
    QTest::addColumn<bool>("ofB");
    QTest::newRow("of A, by Enter") << false;
    QTest::newRow("of B, by Shift and Enter") << true;
}

void TestAuditCompare::aValueLeadsToItsEvents()
{
    QFETCH(bool, ofB);
    Days room;
    QVERIFY(room.open());
    CompareSheet *sheet = room.compare();
    QVERIFY(shows(sheet));
    sheet->table()->setFocus();
    QPointer<CompareSheet> alive(sheet);
    QTest::keyClick(sheet->table(), Qt::Key_Return, ofB ? Qt::ShiftModifier : Qt::NoModifier);
    QTRY_COMPARE(room.places.size(), 1);
    QTRY_COMPARE(room.model().rowCount(), ofB ? 4 : 10);
    const auto terms = timeTermsOf(room.places.last().param(u"filter"_s));
    QVERIFY(terms);
    QCOMPARE(terms->to, ofB ? room.now() - 24h : room.now());
    QTRY_VERIFY(!alive);
}

void TestAuditCompare::anotherFieldIsCounted()
{
    Days room;
    QVERIFY(room.open());
    CompareSheet *sheet = room.compare();
    QVERIFY(shows(sheet));
    sheet->setField(u"outcome"_s);
    QVERIFY(buttonIn(sheet, u"By Outcome"_s));
    QTRY_COMPARE(sheet->model()->rowCount(), 1);
    QCOMPARE(cell(sheet, 0, CompareModel::CountA), u"23"_s);
    QCOMPARE(sheet->model()->field(), u"outcome"_s);
}

void TestAuditCompare::bothAreAskedAtTheSameTime()
{
    Days room;
    QVERIFY(room.open());
    room.desk.system.audit.script.hold(u"countEvents action"_s);
    CompareSheet *sheet = room.compare();
    QCOMPARE(room.desk.system.audit.script.waiting(u"countEvents action"_s), 2);
    QCOMPARE(sheet->states()->state(), kit::StatePage::State::Loading);
    room.desk.system.audit.script.release(u"countEvents action"_s);
    QVERIFY(shows(sheet));
}

void TestAuditCompare::closingGivesUp()
{
    Days room;
    QVERIFY(room.open());
    room.desk.system.audit.script.hold(u"countEvents action"_s);
    QPointer<CompareSheet> sheet(room.compare());
    QTest::keyClick(sheet, Qt::Key_Escape);
    QTRY_VERIFY(!sheet);
    room.desk.system.audit.script.release(u"countEvents action"_s);
    QCoreApplication::sendPostedEvents();
    // And a system that goes takes the sheet with it.
    sheet = room.compare();
    QVERIFY(shows(sheet));
    room.desk.dropSystem();
    QTRY_VERIFY(!sheet);
}

void TestAuditCompare::troubleIsSaidAndMended()
{
    Days room;
    QVERIFY(room.open());
    room.desk.system.audit.script.failNext(u"countEvents action"_s, networkError());
    room.desk.system.audit.script.failNext(u"activity"_s, networkError(u"No slices."_s), 2);
    CompareSheet *sheet = room.compare();
    QTRY_COMPARE(sheet->states()->state(), kit::StatePage::State::Error);
    QTRY_COMPARE(sheet->bars()->accessibleDescription(), u"No slices."_s);
    QTest::mouseClick(buttonIn(sheet, u"Try again"_s), Qt::LeftButton);
    QVERIFY(shows(sheet));
    QTRY_VERIFY(sheet->bars()->accessibleDescription().contains(u"23"_s));
}

void TestAuditCompare::nothingInEither()
{
    Days room;
    QVERIFY(room.open());
    CompareSheet *sheet = room.compare();
    QVERIFY(shows(sheet));
    sheet->edit(false, false)->setText(u"2020-01-01"_s);
    sheet->edit(false, true)->setText(u"2020-01-01"_s);
    QTest::keyClick(sheet->edit(false, true), Qt::Key_Return);
    QTRY_COMPARE(sheet->states()->state(), kit::StatePage::State::Empty);
    QCOMPARE(sheet->model()->rowCount(), 0);
}

void TestAuditCompare::theLogGrows()
{
    Days room;
    QVERIFY(room.open());
    CompareSheet *sheet = room.compare();
    QVERIFY(shows(sheet));
    QVERIFY(!sheet->summary().contains(u"has grown"_s));
    room.desk.system.world.clock.advance(Milliseconds(-1000)); // within A, whose end is not in it
    room.log.append(u"workspaces.list"_s); // a read: such as this sheet's own
    QVERIFY(!sheet->summary().contains(u"has grown"_s));
    room.log.append(u"lease.issue"_s);
    QTRY_VERIFY(sheet->summary().contains(u"The log has grown since."_s));
    QAbstractButton *again = buttonIn(sheet, u"Count again"_s);
    QVERIFY(again);
    QTest::mouseClick(again, Qt::LeftButton);
    QTRY_VERIFY(!sheet->summary().contains(u"has grown"_s) && sheet->summary().contains(u"A 25"_s));
}

void TestAuditCompare::theFileIsCsv()
{
    Days room;
    QVERIFY(room.open());
    CompareSheet *sheet = room.compare();
    QVERIFY(shows(sheet));
    QTest::mouseClick(buttonIn(sheet, u"Copy as CSV"_s), Qt::LeftButton);
    const QString csv = QGuiApplication::clipboard()->text();
    QVERIFY2(csv.startsWith(u"action,a,b,difference,ratio,change\r\nlease.issue,10,4,6,2.5,\r\nsecret.read,5,0,5,,new\r\n"_s), qPrintable(csv));
    // As a file, whole or not at all.
    const QString path = room.folder.filePath(u"periods.csv"_s);
    for (const bool good : {true, false}) {
        listing::TextExporter exporter(sheet->model()->csvHeader(), sheet->model()->csvRows(), 4);
        QSignalSpy finished(&exporter, &listing::Exporter::finished);
        exporter.start(good ? path : room.folder.filePath(u"no/such/folder.csv"_s));
        QCOMPARE(finished.count(), 1);
        QCOMPARE(finished.first().at(1).toString().isEmpty(), good);
    }
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(QString::fromUtf8(file.readAll()), csv);
}

QTEST_MAIN(TestAuditCompare)
#include "tst_auditcompare.moc"
