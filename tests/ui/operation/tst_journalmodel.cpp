// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operation/journalmodel.h"

#include "models/core/appendfile.h"
#include "models/items/roles.h"
#include "tests/support/waiting.h"
#include "ui/kit/tableview.h"

#include <QtCore/QTemporaryDir>
#include <QtTest/QAbstractItemModelTester>
#include <QtTest/QtTest>
#include <QtWidgets/QScrollBar>

using namespace parapet;
using namespace Qt::StringLiterals;
using ui::JournalModel;

namespace {

QByteArray entryOf(int number)
{
    return "{\"at\":\"2026-03-17T13:41:31.250Z\",\"type\":\"requested\",\"step\":\"isolate.ws-" + QByteArray::number(number) + "\",\"key\":\"k-"
        + QByteArray::number(number) + "\"}";
}

/// `records` records of `entries` entries each.
ui::JournalRecords journalOf(int records, int entries)
{
    ui::JournalRecords journal{{}, {0}};
    for (int record = 0; record < records; ++record) {
        QByteArray bytes;
        for (int i = 0; i < entries; ++i)
            bytes += (i ? "," : "[") + entryOf(record * entries + i);
        journal.records << bytes + ']';
        journal.firstEntry << (record + 1) * entries;
    }
    return journal;
}

} // namespace

class TestJournalModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void entriesAreRows();
    void onlyWhatIsSeenIsRead();
    void nothingDeceives();
    void filesAreReadAside();
    void filesThatCannotBeReadSaySo();

private:
    static QString text(const JournalModel &model, int row, int column, int role = Qt::DisplayRole)
    {
        return model.index(row, column).data(role).toString();
    }
};

void TestJournalModel::entriesAreRows()
{
    JournalModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(model.rowCount(), 0);
    model.setRecords(journalOf(4, 7));
    QCOMPARE(model.rowCount(), 28);
    for (const int row : {0, 6, 7, 13, 27}) {
        QCOMPARE(text(model, row, JournalModel::At), u"2026-03-17T13:41:31.250Z"_s);
        QCOMPARE(text(model, row, JournalModel::Type), u"requested"_s);
        QCOMPARE(text(model, row, JournalModel::Step), u"isolate.ws-%1"_s.arg(row));
        QCOMPARE(text(model, row, JournalModel::Detail), u"{\"key\":\"k-%1\"}"_s.arg(row));
        QVERIFY(text(model, row, 0, CopyRole).contains(u"\"step\":\"isolate.ws-%1\""_s.arg(row)));
    }
    QVERIFY(!model.index(28, 0).isValid());
}

/// A journal of a hundred thousand entries costs what a screen of them does.
void TestJournalModel::onlyWhatIsSeenIsRead()
{
    JournalModel model;
    model.setRecords(journalOf(10'000, 10));
    kit::TableView table;
    table.setModel(&model);
    table.setColumns({{u"at"_s, u"Time"_s, kit::CellKind::Mono}, {u"type"_s, u"Entry"_s, kit::CellKind::Mono}, {u"step"_s, u"Step"_s, kit::CellKind::Mono}});
    table.resize(800, 600);
    table.show();
    QVERIFY(QTest::qWaitForWindowExposed(&table));
    table.verticalScrollBar()->setValue(table.verticalScrollBar()->maximum());
    QVERIFY(!table.grab().isNull());
    QVERIFY2(model.recordsParsed() > 0 && model.recordsParsed() < 20, qPrintable(QString::number(model.recordsParsed())));
}

void TestJournalModel::nothingDeceives()
{
    JournalModel model;
    model.setRecords({{QByteArray("[{\"at\":\"\",\"type\":\"\xE2\x80\xAE\",\"note\":\"") + QByteArray(9000, 'x') + "\"}]", "no JSON\n\x1b[31m"}, {0, 1, 2}});
    QCOMPARE(model.rowCount(), 2);
    QVERIFY(!text(model, 0, JournalModel::Type).contains(QChar(0x202E)));
    QVERIFY(text(model, 0, JournalModel::Detail).size() <= JournalModel::shownLength + 1);
    QVERIFY(text(model, 0, 0, CopyRole).size() > 9000);
    QVERIFY(!text(model, 0, 0, CopyRole).contains(QChar(0x202E)));
    QVERIFY(text(model, 1, JournalModel::Detail).startsWith(u"no JSON"_s));
    QVERIFY(!text(model, 1, JournalModel::Detail).contains(QChar(0x1B)));
    QCOMPARE(text(model, 1, JournalModel::Type), QString());
}

void TestJournalModel::filesAreReadAside()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"run.journal"_s);
    {
        auto file = AppendFile::open(path, nullptr);
        QVERIFY(file);
        QVERIFY((*file)->append("[" + entryOf(0) + "," + entryOf(1) + "]"));
        QVERIFY((*file)->append("[" + entryOf(2) + "]"));
        QVERIFY((*file)->append("garbage"));
    }
    const auto journal = support::await(ui::readJournal(path));
    QVERIFY2(journal, support::why(journal));
    QCOMPARE(journal->firstEntry, (QVector<int>{0, 2, 3, 4}));
    JournalModel model;
    model.setRecords(*journal);
    QCOMPARE(text(model, 2, JournalModel::Step), u"isolate.ws-2"_s);
    QCOMPARE(text(model, 3, JournalModel::Detail), u"garbage"_s);
}

void TestJournalModel::filesThatCannotBeReadSaySo()
{
    const QTemporaryDir folder;
    const auto journal = support::await(ui::readJournal(folder.filePath(u"none"_s)));
    QVERIFY(!journal);
    QCOMPARE(journal.error().code, Error::Code::NotFound);
}

QTEST_MAIN(TestJournalModel)
#include "tst_journalmodel.moc"
