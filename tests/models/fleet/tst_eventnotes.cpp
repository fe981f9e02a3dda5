// SPDX-License-Identifier: GPL-3.0-or-later
// Bookmarks and notes of one desk: kept whole, bound to what they were made on, never lost.
#include "models/fleet/eventnotes.h"

#include "models/transparency/eventleaf.h"
#include "models/transparency/hash.h"
#include "tests/support/fakeclock.h"
#include "tests/support/waiting.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace parapet;
using namespace parapet::fleet;
using namespace Qt::StringLiterals;
using support::waitUntil;
using support::why;

namespace {

AuditEvent eventAt(qint64 index, const QString &action = u"workspace.stop"_s)
{
    AuditEvent event;
    event.index = index;
    event.time = Instant(std::chrono::seconds(1'773'754'800 + index));
    event.actor = PrincipalId(u"person-1"_s);
    event.actorName = Untrusted(u"Priya <b>Raman</b>"_s);
    event.action = action;
    return event;
}

/// The notes of one data folder as a console has them.
struct Notes {
    explicit Notes(const QString &folder, const QString &system = u"ca-1"_s) : notes(folder, clock)
    {
        notes.setSystem(system);
        opened = waitUntil([this] { return notes.isReady(); });
    }
    support::FakeClock clock;
    EventNotes notes;
    bool opened = false;
};

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestEventNotes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theyComeBack();
    void aNoteWithNothingInItIsGone();
    void theyAreBoundToWhatTheyWereMadeOn();
    void theyAreInert();
    void systemsDoNotMix();
    void theyAreBounded();
    void aDamagedFileIsKeptAside_data();
    void aDamagedFileIsKeptAside();
    void anotherConsoleOnlyReads();
    void aFolderThatCannotBeWrittenIsSaid();
    void removedOnesComeBack();
    void theyAreExported();
};

void TestEventNotes::theyComeBack()
{
    QTemporaryDir folder;
    {
        Notes desk(folder.path());
        QVERIFY(desk.opened);
        QSignalSpy changed(&desk.notes, &EventNotes::changed);
        QVERIFY2(desk.notes.setBookmarked(eventAt(7), true), "bookmark");
        QVERIFY(desk.notes.setText(eventAt(7), u"Compare with the ticket.\nAsk Priya."_s));
        QVERIFY(desk.notes.setText(eventAt(3), u"Seen before"_s));
        QCOMPARE(changed.count(), 3);
        QCOMPARE(changed.first().first().toLongLong(), 7);
        QVERIFY(desk.notes.setBookmarked(eventAt(7), true)); // it is: nothing happens
        QCOMPARE(changed.count(), 3);
    }
    Notes desk(folder.path());
    QVERIFY(desk.opened);
    QCOMPARE(desk.notes.problem(), QString());
    QCOMPARE(desk.notes.all().size(), 2);
    QCOMPARE(desk.notes.all().first().index, 7);
    QCOMPARE(desk.notes.find(7)->text, u"Compare with the ticket.\nAsk Priya."_s);
    QCOMPARE(desk.notes.find(7)->action, u"workspace.stop"_s);
    QCOMPARE(desk.notes.bookmarked(), QVector<qint64>{7});
    QVERIFY(!(QFile::permissions(desk.notes.path()) & (QFileDevice::ReadGroup | QFileDevice::ReadOther)));
}

void TestEventNotes::aNoteWithNothingInItIsGone()
{
    QTemporaryDir folder;
    Notes desk(folder.path());
    QVERIFY(desk.notes.setBookmarked(eventAt(1), true));
    QVERIFY(desk.notes.setText(eventAt(1), u"x"_s));
    QVERIFY(desk.notes.setBookmarked(eventAt(1), false));
    QVERIFY(desk.notes.find(1));
    QVERIFY(desk.notes.setText(eventAt(1), {}));
    QVERIFY(!desk.notes.find(1));
}

void TestEventNotes::theyAreBoundToWhatTheyWereMadeOn()
{
    QTemporaryDir folder;
    {
        Notes desk(folder.path());
        QVERIFY(desk.notes.setText(eventAt(5), u"first"_s));
        // Changing the note later does not move it to what stands there then.
        QVERIFY(desk.notes.setText(eventAt(5, u"workspace.start"_s), u"second"_s));
    }
    Notes desk(folder.path());
    QVERIFY(desk.notes.find(5)->isOf(eventAt(5)));
    QVERIFY(!desk.notes.find(5)->isOf(eventAt(5, u"workspace.start"_s)));
    QVERIFY(!desk.notes.find(5)->isOf(eventAt(6)));
    QCOMPARE(desk.notes.find(5)->leaf, transparency::toBytes(transparency::leafHash(transparency::leafOf(eventAt(5)))));
}

void TestEventNotes::theyAreInert()
{
    QTemporaryDir folder;
    Notes desk(folder.path());
    QVERIFY(desk.notes.setText(eventAt(2), u"a\u202eb\x1b[31m\nc"_s));
    const QString text = desk.notes.find(2)->text;
    QVERIFY2(!text.contains(QChar(0x202e)) && !text.contains(QChar(0x1b)), qPrintable(text));
    QCOMPARE(text.count(u'\n'), 1);
}

void TestEventNotes::systemsDoNotMix()
{
    QTemporaryDir folder;
    Notes desk(folder.path());
    QVERIFY(desk.notes.setBookmarked(eventAt(1), true));
    desk.notes.setSystem(u"ca-2"_s);
    QVERIFY(!desk.notes.find(1));
    QVERIFY(!desk.notes.obstacle().isEmpty());
    QVERIFY(waitUntil([&] { return desk.notes.isReady(); }));
    QVERIFY(desk.notes.all().isEmpty());
    desk.notes.setSystem(u"ca-1"_s);
    QVERIFY(waitUntil([&] { return desk.notes.isReady(); }));
    QVERIFY(desk.notes.find(1));
    desk.notes.setSystem({});
    const Status refused = desk.notes.setBookmarked(eventAt(1), true);
    QVERIFY(!refused && refused.error().code == Error::Code::Conflict);
}

void TestEventNotes::theyAreBounded()
{
    QTemporaryDir folder;
    Notes desk(folder.path());
    const Status tooLong = desk.notes.setText(eventAt(1), QString(EventNote::longestText + 1, u'x'));
    QVERIFY(!tooLong && tooLong.error().code == Error::Code::Invalid);
    QVERIFY(!desk.notes.find(1));
    QVERIFY(desk.notes.setText(eventAt(1), QString(EventNote::longestText, u'x')));
    for (qint64 i = 2; i <= EventNotes::most; ++i)
        QVERIFY(desk.notes.setBookmarked(eventAt(i), true));
    const Status full = desk.notes.setBookmarked(eventAt(EventNotes::most + 1), true);
    QVERIFY(!full && full.error().code == Error::Code::Invalid);
    QVERIFY(desk.notes.setBookmarked(eventAt(2), false)); // and there is room again
    QVERIFY(desk.notes.setBookmarked(eventAt(EventNotes::most + 1), true));
    AuditEvent none;
    none.index = -1;
    QVERIFY(!desk.notes.setBookmarked(none, true));
}

void TestEventNotes::aDamagedFileIsKeptAside_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("cut") << 0;
    QTest::newRow("a byte") << 1;
    QTest::newRow("empty") << 2;
    QTest::newRow("something else") << 3;
}

void TestEventNotes::aDamagedFileIsKeptAside()
{
    QFETCH(int, kind);
    QTemporaryDir folder;
    QString path;
    {
        Notes desk(folder.path());
        path = desk.notes.path();
        QVERIFY(desk.notes.setText(eventAt(1), u"precious"_s));
    }
    QByteArray bytes = contentOf(path);
    QVERIFY(bytes.contains("precious"));
    if (kind == 0)
        bytes.chop(10);
    else if (kind == 1)
        bytes.replace("precious", "Precious");
    else
        bytes = kind == 2 ? QByteArray() : QByteArray("{\"format\":\"parapet-notes-9\"}");
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(bytes);
    }
    Notes desk(folder.path());
    QVERIFY(desk.opened);
    QVERIFY2(desk.notes.problem().contains(u"damaged"_s), qPrintable(desk.notes.problem()));
    QVERIFY(desk.notes.all().isEmpty());
    const QStringList aside = QDir(QFileInfo(path).path()).entryList({u"*.damaged-*"_s});
    QCOMPARE(aside.size(), 1);
    QCOMPARE(contentOf(QFileInfo(path).dir().filePath(aside.first())), bytes);
    QVERIFY(desk.notes.problem().contains(aside.first()));
    // And what comes now is kept, while that stays.
    QVERIFY(desk.notes.obstacle().isEmpty());
    QVERIFY(desk.notes.setText(eventAt(2), u"new"_s));
    QTRY_VERIFY(contentOf(path).contains("\"new\""));
    QVERIFY(!desk.notes.problem().isEmpty());
}

void TestEventNotes::anotherConsoleOnlyReads()
{
    QTemporaryDir folder;
    Notes first(folder.path());
    QVERIFY(first.notes.setText(eventAt(1), u"mine"_s));
    QTRY_VERIFY(contentOf(first.notes.path()).contains("mine"));
    Notes second(folder.path());
    QVERIFY(second.opened);
    QCOMPARE(second.notes.find(1)->text, u"mine"_s);
    QVERIFY(second.notes.obstacle().contains(u"Another console"_s));
    const Status refused = second.notes.setText(eventAt(1), u"yours"_s);
    QVERIFY(!refused && refused.error().code == Error::Code::Conflict);
    QVERIFY(!second.notes.remove(1));
    QCOMPARE(second.notes.find(1)->text, u"mine"_s);
}

void TestEventNotes::aFolderThatCannotBeWrittenIsSaid()
{
    QTemporaryDir folder;
    Notes desk(folder.path());
    const QString path = desk.notes.path();
    // A folder in the file's place: nobody can write that, whoever they are.
    QVERIFY(QDir().mkpath(path + u"/x"_s));
    QSignalSpy problem(&desk.notes, &EventNotes::problemChanged);
    QVERIFY(desk.notes.setBookmarked(eventAt(1), true));
    QTRY_COMPARE(problem.count(), 1);
    QVERIFY(desk.notes.problem().contains(u"could not be saved"_s));
    QVERIFY(desk.notes.find(1)); // it is not lost while the console runs
    QVERIFY(QDir(path).removeRecursively());
    QVERIFY(desk.notes.setBookmarked(eventAt(2), true));
    QTRY_COMPARE(problem.count(), 2);
    QVERIFY(desk.notes.problem().isEmpty());
    const auto written = EventNotes::fromBytes(contentOf(path));
    QVERIFY2(written, why(written));
    QCOMPARE(written->size(), 2);
}

void TestEventNotes::removedOnesComeBack()
{
    QTemporaryDir folder;
    Notes desk(folder.path());
    QVERIFY(desk.notes.setText(eventAt(4), u"keep"_s));
    const EventNote note = *desk.notes.find(4);
    QVERIFY(desk.notes.remove(4));
    QVERIFY(!desk.notes.find(4));
    QVERIFY(desk.notes.restore(note));
    QCOMPARE(*desk.notes.find(4), note);
}

void TestEventNotes::theyAreExported()
{
    QTemporaryDir folder;
    Notes desk(folder.path());
    QVERIFY(desk.notes.setText(eventAt(4), u"=SUM(A1)\n\"quoted\""_s));
    QVERIFY(desk.notes.setBookmarked(eventAt(9), true));
    const QByteArray lines = EventNotes::toJsonLines(desk.notes.all());
    QCOMPARE(lines.count('\n'), 2);
    QVERIFY(lines.contains("\"index\":9"));
    QVERIFY(lines.contains(desk.notes.find(4)->leaf.toHex()));
    const QByteArray csv = EventNotes::toCsv(desk.notes.all());
    QVERIFY(csv.startsWith("index,leafHash,time,actor,action,bookmarked,note,changed\r\n"));
    QVERIFY2(csv.contains("\"'=SUM(A1)\n\"\"quoted\"\"\""), csv.constData());
}

QTEST_GUILESS_MAIN(TestEventNotes)
#include "tst_eventnotes.moc"
