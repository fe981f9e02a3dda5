// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/roles.h"
#include "ui/kit/tableview.h"

#include <QtCore/QAbstractTableModel>
#include <QtCore/QTemporaryDir>
#include <QtGui/QClipboard>
#include <QtTest/QtTest>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QMenu>
#include <QtWidgets/QScrollBar>

#include <limits>

using namespace parapet;
using namespace parapet::kit;

namespace {

/// Many rows, every tenth not loaded.
class Rows : public QAbstractTableModel
{
public:
    explicit Rows(int count) : m_count(count) {}
    int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : m_count; }
    int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : 4; }
    QVariant data(const QModelIndex &index, int role) const override
    {
        ++asked;
        lowest = std::min(lowest, index.row());
        highest = std::max(highest, index.row());
        const bool loading = index.row() % 10 == 9;
        switch (role) {
        case Qt::DisplayRole:
            return loading ? QString() : QStringLiteral("ws-%1").arg(index.row());
        case KeyRole:
            return loading ? QString() : QStringLiteral("key-%1").arg(index.row());
        case LoadStateRole:
            return int(loading ? LoadState::Loading : LoadState::Loaded);
        case StateMarkRole:
            return int(StateMark::Running);
        case InstantRole:
            return QVariant::fromValue(Instant(std::chrono::hours(400'000)));
        case CopyRole:
            return index.column() == 0 ? QStringLiteral("copy-%1").arg(index.row()) : QString();
        default:
            return {};
        }
    }
    mutable qint64 asked = 0;
    mutable int lowest = std::numeric_limits<int>::max();
    mutable int highest = -1;

private:
    int m_count;
};

QVector<Column> fourColumns()
{
    return {{QStringLiteral("name"), QStringLiteral("Workspace"), CellKind::Mono, 160, true, true, false, true},
            {QStringLiteral("state"), QStringLiteral("State"), CellKind::State, 120, true, true},
            {QStringLiteral("age"), QStringLiteral("Age"), CellKind::Age, 80, true, true},
            {QStringLiteral("region"), QStringLiteral("Region"), CellKind::Muted, 100, false}};
}

} // namespace

class TestTableView : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void rowsAreFixedAndCheap();
    void scrollingLooksAhead();
    void rememberedLayout();
    void lastColumnCannotBeHidden();
    void sortIsTheSources();
    void checksByMouseAndKey();
    void rangeAndUnloadedRows();
    void selectionOfAll();
    void currentRowAndCopy();
    void lettersAreLeftToCommands();
    void growsWithText();

private:
    Theme m_theme{ThemeChoice::Dark};
};

void TestTableView::initTestCase()
{
    m_theme.install(*qApp);
}

void TestTableView::rowsAreFixedAndCheap()
{
    Rows rows(1'000'000);
    TableView table;
    table.setModel(&rows);
    table.setColumns(fourColumns());
    table.resize(600, 400);
    table.show();
    QVERIFY(QTest::qWaitForWindowExposed(&table));
    QCOMPARE(table.rowHeight(0), size::row);
    QVERIFY(table.isColumnHidden(3));
    rows.asked = 0;
    table.scrollTo(rows.index(500'000, 0), QAbstractItemView::PositionAtTop);
    QVERIFY(!table.grab().isNull());
    // Only what is in sight is asked for: about 14 rows of 3 cells, some roles each.
    QVERIFY2(rows.asked < 2000, qPrintable(QString::number(rows.asked)));
}

/// Rows are asked for before they come into sight; a jump asks for what is there alone.
void TestTableView::scrollingLooksAhead()
{
    Rows rows(1'000'000);
    TableView table;
    table.setModel(&rows);
    table.setColumns(fourColumns());
    table.resize(600, 400);
    table.show();
    QVERIFY(QTest::qWaitForWindowExposed(&table));
    const int inSight = table.viewport()->height() / table.rowHeight() + 1;
    const auto scrollTo = [&](int row) {
        rows.lowest = std::numeric_limits<int>::max();
        rows.highest = -1;
        rows.asked = 0;
        table.verticalScrollBar()->setValue(row * table.rowHeight());
        table.grab();
    };
    scrollTo(500'000);
    QVERIFY(rows.lowest >= 500'000 && rows.highest <= 500'000 + inSight);
    scrollTo(500'003);
    QVERIFY(rows.highest >= 500'003 + 3 * inSight && rows.highest <= 500'003 + 5 * inSight);
    QVERIFY(rows.lowest >= 500'000);
    QVERIFY2(rows.asked < 2000, qPrintable(QString::number(rows.asked)));
    scrollTo(500'000);
    QVERIFY(rows.lowest <= 500'000 - 3 * inSight && rows.lowest >= 500'000 - 5 * inSight);
    scrollTo(1); // the table ends there
    scrollTo(0);
    QCOMPARE(rows.lowest, 0);
}

void TestTableView::rememberedLayout()
{
    QTemporaryDir folder;
    QSettings store(folder.filePath(QStringLiteral("s.ini")), QSettings::IniFormat);
    Rows rows(10);
    {
        TableView table;
        table.setModel(&rows);
        table.setColumns(fourColumns());
        table.setLayoutStore(&store, QStringLiteral("tables/rows"));
        table.resize(800, 300);
        table.setColumnWidth(0, 222);
        table.setColumnShown(QStringLiteral("region"), true);
        table.setColumnShown(QStringLiteral("state"), false);
        table.horizontalHeader()->moveSection(2, 0);
    }
    TableView table;
    table.setModel(&rows);
    table.setColumns(fourColumns());
    table.setLayoutStore(&store, QStringLiteral("tables/rows"));
    QCOMPARE(table.columnWidth(0), 222);
    QVERIFY(table.isColumnShown(QStringLiteral("region")));
    QVERIFY(!table.isColumnHidden(3));
    QVERIFY(table.isColumnHidden(1));
    QCOMPARE(table.horizontalHeader()->logicalIndex(0), 2);
}

void TestTableView::lastColumnCannotBeHidden()
{
    Rows rows(3);
    TableView table;
    table.setModel(&rows);
    table.setColumns(fourColumns());
    std::unique_ptr<QMenu> menu(table.createColumnMenu(nullptr));
    QCOMPARE(menu->actions().size(), 4);
    QVERIFY(!menu->actions().at(3)->isChecked());
    menu->actions().at(1)->trigger();
    menu->actions().at(2)->trigger();
    QVERIFY(!table.isColumnShown(QStringLiteral("state")));
    QVERIFY(!menu->actions().at(0)->isEnabled());
    menu->actions().at(3)->trigger();
    QVERIFY(menu->actions().at(0)->isEnabled());
}

void TestTableView::sortIsTheSources()
{
    Rows rows(5);
    TableView table;
    table.setModel(&rows);
    table.setColumns(fourColumns());
    table.resize(600, 300);
    table.show();
    QVERIFY(QTest::qWaitForWindowExposed(&table));
    QSignalSpy asked(&table, &TableView::sortRequested);
    QHeaderView *header = table.horizontalHeader();
    const QPoint second(header->sectionViewportPosition(1) + 20, header->height() / 2);
    QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, second);
    QCOMPARE(asked.last().at(0).toString(), QStringLiteral("state"));
    QCOMPARE(asked.last().at(1).toBool(), false);
    QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, second);
    QCOMPARE(asked.last().at(1).toBool(), true);
    QCOMPARE(rows.index(0, 0).data().toString(), QStringLiteral("ws-0")); // nothing was moved here
}

void TestTableView::checksByMouseAndKey()
{
    Rows rows(20);
    RowSelection selection;
    selection.setTotal(20);
    TableView table;
    table.setModel(&rows);
    table.setColumns(fourColumns());
    table.setRowSelection(&selection);
    table.resize(600, 300);
    table.show();
    QVERIFY(QTest::qWaitForWindowExposed(&table));
    QTest::mouseClick(table.verticalHeader()->viewport(), Qt::LeftButton, {}, QPoint(18, 2 * size::row + 10));
    QCOMPARE(selection.keys(), QStringList{QStringLiteral("key-2")});
    table.setCurrentIndex(rows.index(4, 0));
    QTest::keyClick(&table, Qt::Key_Space);
    QCOMPARE(selection.keys(), (QStringList{QStringLiteral("key-2"), QStringLiteral("key-4")}));
    QTest::keyClick(&table, Qt::Key_Space);
    QCOMPARE(selection.count(), 1);
    QTest::keyClick(&table, Qt::Key_Escape);
    QVERIFY(selection.isEmpty());
    QVERIFY(!table.grab().isNull());
}

void TestTableView::rangeAndUnloadedRows()
{
    Rows rows(20);
    RowSelection selection;
    TableView table;
    table.setModel(&rows);
    table.setColumns(fourColumns());
    table.setRowSelection(&selection);
    table.resize(600, 800);
    table.show();
    QVERIFY(QTest::qWaitForWindowExposed(&table));
    const auto click = [&](int row, Qt::KeyboardModifiers keys = {}) {
        QTest::mouseClick(table.verticalHeader()->viewport(), Qt::LeftButton, keys, QPoint(18, row * size::row + 10));
    };
    click(6);
    click(12, Qt::ShiftModifier);
    QCOMPARE(selection.count(), 6); // row 9 is not loaded
    QVERIFY(!selection.contains(QString()));
    click(9);
    QCOMPARE(selection.count(), 6);
}

void TestTableView::selectionOfAll()
{
    RowSelection selection;
    QSignalSpy changed(&selection, &RowSelection::changed);
    selection.setTotal(46);
    selection.setChecked(QStringLiteral("a"), true);
    selection.selectAll();
    QVERIFY(selection.isAll());
    QCOMPARE(selection.count(), 46);
    QVERIFY(selection.contains(QStringLiteral("never loaded")));
    selection.setChecked(QStringLiteral("b"), false);
    QCOMPARE(selection.count(), 45);
    QCOMPARE(selection.excepted(), QStringList{QStringLiteral("b")});
    QVERIFY(selection.keys().isEmpty());
    selection.toggle(QStringLiteral("b"));
    QCOMPARE(selection.count(), 46);
    const auto before = changed.count();
    selection.setChecked(QStringLiteral("b"), true); // already is
    QCOMPARE(changed.count(), before);
    selection.clear();
    QVERIFY(selection.isEmpty() && !selection.isAll());
}

void TestTableView::currentRowAndCopy()
{
    Rows rows(20);
    TableView table;
    table.setModel(&rows);
    table.setColumns(fourColumns());
    table.resize(600, 300);
    table.show();
    QVERIFY(QTest::qWaitForWindowExposed(&table));
    QSignalSpy moved(&table, &TableView::currentRowChanged);
    QSignalSpy opened(&table, &TableView::rowActivated);
    QVERIFY(table.setCurrentKey(QStringLiteral("key-3")));
    QVERIFY(!table.setCurrentKey(QStringLiteral("no such key")));
    QCOMPARE(table.currentKey(), QStringLiteral("key-3"));
    QTest::keyClick(&table, Qt::Key_Down);
    QCOMPARE(table.currentKey(), QStringLiteral("key-4"));
    QCOMPARE(moved.count(), 2);
    QTest::keyClick(&table, Qt::Key_Return);
    QCOMPARE(opened.count(), 1);
    QTest::keyClick(&table, Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("copy-4"));
}

void TestTableView::lettersAreLeftToCommands()
{
    Rows rows(20);
    QWidget window;
    TableView table(&window);
    table.setModel(&rows);
    table.setColumns(fourColumns());
    table.setCurrentIndex(rows.index(2, 0));
    QKeyEvent letter(QEvent::KeyPress, Qt::Key_W, {}, QStringLiteral("w"));
    QApplication::sendEvent(&table, &letter);
    QVERIFY(!letter.isAccepted());
    QCOMPARE(table.currentIndex().row(), 2);
}

void TestTableView::growsWithText()
{
    Rows rows(5);
    TableView table;
    table.setModel(&rows);
    table.setColumns(fourColumns());
    m_theme.setTextScale(2);
    QCOMPARE(table.rowHeight(0), 2 * size::row);
    QCOMPARE(table.columnWidth(0), 320);
    m_theme.setTextScale(1);
    QCOMPARE(table.rowHeight(0), size::row);
    QCOMPARE(table.columnWidth(0), 160);
}

QTEST_MAIN(TestTableView)
#include "tst_tableview.moc"
