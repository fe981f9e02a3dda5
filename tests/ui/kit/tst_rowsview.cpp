// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of one height, however many: what a QTableView does of itself and this one has to do again.
#include "ui/kit/rowsview.h"

#include <QtGui/QPainter>
#include <QtTest/QtTest>
#include <QtWidgets/QScrollBar>
#include <QtWidgets/QStyledItemDelegate>

using namespace parapet::kit;

namespace {

class Numbers : public QAbstractTableModel
{
public:
    explicit Numbers(int rows) : m_rows(rows) {}
    int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : m_rows; }
    int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : 4; }
    QVariant data(const QModelIndex &index, int role) const override { return role == Qt::DisplayRole ? QVariant(index.row()) : QVariant(); }
    void resize(int rows)
    {
        if (rows > m_rows) {
            beginInsertRows({}, m_rows, rows - 1);
            m_rows = rows;
            endInsertRows();
        } else {
            beginRemoveRows({}, rows, m_rows - 1);
            m_rows = rows;
            endRemoveRows();
        }
    }
    void touch(int row) { Q_EMIT dataChanged(index(row, 0), index(row, 3)); }

private:
    int m_rows;
};

/// Notes which cells are painted.
class Noting : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *, const QStyleOptionViewItem &option, const QModelIndex &index) const override { painted.insert({index.row(), index.column()}, option.rect); }
    mutable QMap<std::pair<int, int>, QRect> painted;
};

constexpr int height = 20;

struct Shown {
    explicit Shown(int rows) : model(rows)
    {
        view.setItemDelegate(&noting);
        view.setModel(&model);
        view.setRowHeight(height);
        view.setSelectionBehavior(QAbstractItemView::SelectRows);
        view.resize(640, 400);
        view.show();
    }
    int inView() const { return view.viewport()->height() / height; }
    QVector<int> paintedRows()
    {
        noting.painted.clear();
        view.viewport()->grab(); // draws it all, shown or not
        QVector<int> rows;
        for (const auto &[row, column] : noting.painted.keys()) {
            if (!rows.contains(row))
                rows << row;
        }
        return rows;
    }

    Numbers model;
    Noting noting;
    RowsView view;
};

} // namespace

class TestRowsView : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void manyRowsCostWhatFewDo();
    void onlyWhatIsInSightIsPainted();
    void hiddenAndMovedColumns();
    void everyRowCanBeReached_data();
    void everyRowCanBeReached();
    void theKeyboardMoves_data();
    void theKeyboardMoves();
    void placesAndRowsAgree();
    void rowsThatGoLeaveTheRangeRight();
    void changesOutOfSightPaintNothing();
    void theMouseChoosesARow();
};

void TestRowsView::manyRowsCostWhatFewDo()
{
    Shown shown(10'000'000);
    QCOMPARE(shown.view.verticalHeader()->count(), 0); // no section a row
    QCOMPARE(shown.view.verticalScrollBar()->maximum(), 10'000'000 * height - shown.view.viewport()->height());
    shown.model.resize(3);
    QCOMPARE(shown.view.verticalScrollBar()->maximum(), 0);
}

void TestRowsView::onlyWhatIsInSightIsPainted()
{
    Shown shown(1000);
    const QVector<int> first = shown.paintedRows();
    QCOMPARE(first.first(), 0);
    QVERIFY(first.size() <= shown.inView() + 1);
    shown.view.verticalScrollBar()->setValue(500 * height + 5);
    const QVector<int> later = shown.paintedRows();
    QCOMPARE(later.first(), 500);
    QCOMPARE(shown.noting.painted.value({500, 0}).top(), -5);
    QVERIFY(later.size() <= shown.inView() + 2);
}

void TestRowsView::hiddenAndMovedColumns()
{
    Shown shown(10);
    shown.view.setColumnHidden(1, true);
    shown.view.horizontalHeader()->moveSection(3, 0);
    shown.paintedRows();
    QVERIFY(!shown.noting.painted.contains({0, 1}));
    QVERIFY(shown.noting.painted.value({0, 3}).left() < shown.noting.painted.value({0, 0}).left());
    QCOMPARE(shown.view.indexAt({2, 2}).column(), 3);
    QVERIFY(shown.view.visualRect(shown.model.index(0, 1)).isEmpty());
}

void TestRowsView::everyRowCanBeReached_data()
{
    QTest::addColumn<int>("rows");
    QTest::newRow("few") << 3;
    QTest::newRow("many") << 10'000'000;
    QTest::newRow("more pixels than an int holds") << 2'000'000'000;
}

void TestRowsView::everyRowCanBeReached()
{
    QFETCH(int, rows);
    Shown shown(rows);
    for (const int row : {0, rows / 2, rows - 1}) {
        const QModelIndex index = shown.model.index(row, 0);
        for (const auto hint : {QAbstractItemView::EnsureVisible, QAbstractItemView::PositionAtTop, QAbstractItemView::PositionAtBottom, QAbstractItemView::PositionAtCenter}) {
            shown.view.scrollTo(index, hint);
            const QRect rect = shown.view.visualRect(index);
            QVERIFY2(shown.view.viewport()->rect().contains(rect.adjusted(0, 0, 0, -1)) || rect.width() > shown.view.viewport()->width(), qPrintable(QString::number(row)));
            QCOMPARE(shown.view.indexAt(rect.center()), index);
            QVERIFY(shown.paintedRows().contains(row));
        }
    }
}

void TestRowsView::theKeyboardMoves_data()
{
    QTest::addColumn<Qt::Key>("key");
    QTest::addColumn<int>("from");
    QTest::addColumn<int>("to"); ///< -1: a page further, -2: a page back
    QTest::newRow("down") << Qt::Key_Down << 5 << 6;
    QTest::newRow("up") << Qt::Key_Up << 5 << 4;
    QTest::newRow("up at the top") << Qt::Key_Up << 0 << 0;
    QTest::newRow("down at the end") << Qt::Key_Down << 999 << 999;
    QTest::newRow("home") << Qt::Key_Home << 500 << 0;
    QTest::newRow("end") << Qt::Key_End << 500 << 999;
    QTest::newRow("page down") << Qt::Key_PageDown << 100 << -1;
    QTest::newRow("page up") << Qt::Key_PageUp << 100 << -2;
}

void TestRowsView::theKeyboardMoves()
{
    QFETCH(Qt::Key, key);
    QFETCH(int, from);
    QFETCH(int, to);
    Shown shown(1000);
    shown.view.setCurrentIndex(shown.model.index(from, 2));
    QTest::keyClick(&shown.view, key);
    const int page = shown.inView() - 1;
    QCOMPARE(shown.view.currentIndex().row(), to == -1 ? from + page : to == -2 ? from - page : to);
    QCOMPARE(shown.view.currentIndex().column(), 2);
    QVERIFY(shown.view.viewport()->rect().contains(shown.view.visualRect(shown.view.currentIndex()).center()));
}

void TestRowsView::placesAndRowsAgree()
{
    Shown shown(1000);
    shown.view.verticalScrollBar()->setValue(123);
    for (const int y : {0, 7, 50, 200}) {
        const int row = shown.view.rowAt(y);
        QVERIFY(shown.view.rowViewportPosition(row) <= y);
        QVERIFY(shown.view.rowViewportPosition(row) + shown.view.rowHeight() > y);
    }
    shown.model.resize(2);
    QCOMPARE(shown.view.rowAt(3 * height), -1);
    QVERIFY(!shown.view.indexAt({10, 3 * height}).isValid());
}

void TestRowsView::rowsThatGoLeaveTheRangeRight()
{
    Shown shown(1000);
    shown.view.verticalScrollBar()->setValue(shown.view.verticalScrollBar()->maximum());
    shown.model.resize(500);
    QCOMPARE(shown.view.verticalScrollBar()->maximum(), 500 * height - shown.view.viewport()->height());
    QVERIFY(shown.paintedRows().contains(499));
    shown.model.resize(0);
    QVERIFY(shown.paintedRows().isEmpty());
    shown.model.resize(40);
    QVERIFY(shown.paintedRows().contains(0));
}

void TestRowsView::changesOutOfSightPaintNothing()
{
    Shown shown(1000);
    QVERIFY(QTest::qWaitForWindowExposed(&shown.view));
    QCoreApplication::sendPostedEvents();
    shown.noting.painted.clear();
    shown.model.touch(900);
    shown.model.touch(1);
    QTRY_VERIFY(!shown.noting.painted.isEmpty());
    for (const auto &[row, column] : shown.noting.painted.keys())
        QCOMPARE(row, 1);
}

void TestRowsView::theMouseChoosesARow()
{
    Shown shown(1000);
    shown.view.verticalScrollBar()->setValue(300 * height);
    QTest::mouseClick(shown.view.viewport(), Qt::LeftButton, {}, {30, 4 * height + 3});
    QCOMPARE(shown.view.currentIndex().row(), 304);
    QCOMPARE(shown.view.selectionModel()->selectedRows().size(), 1);
}

QTEST_MAIN(TestRowsView)
#include "tst_rowsview.moc"
