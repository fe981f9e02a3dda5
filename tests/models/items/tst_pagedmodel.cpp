// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/models/items/heldsource.h"
#include "tests/support/fakeclock.h"

#include <QtCore/QTimer>
#include <QtTest/QAbstractItemModelTester>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace parapet;
using namespace Qt::StringLiterals;

namespace {

class WorkspaceRows : public PagedModel<Workspace>
{
public:
    using PagedModel::PagedModel;

protected:
    QString keyOf(const Workspace &row) const override { return row.id.value; }
};

} // namespace

class PagedModelTest : public QObject
{
    Q_OBJECT

private:
    support::FakeClock m_clock;

    /// A model of `rows` rows whose first page is there.
    struct Table {
        Table(const Clock &clock, qint64 rows) : model(clock)
        {
            // The tester walks all rows at each change.
            if (rows < 1000)
                new QAbstractItemModelTester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest, &model);
            source.total = rows;
            model.setSource(&source);
        }
        QString text(int row) const { return model.index(row, name).data().toString(); }
        LoadState load(int row) const { return LoadState(model.index(row, name).data(LoadStateRole).toInt()); }
        /// Looks at a screen of 40 rows as a view does when it paints.
        void look(int first) const
        {
            for (int row = first; row < std::min(first + 40, model.rowCount()); ++row)
                text(row);
        }

        HeldSource source;
        WorkspaceRows model;
        int name = WorkspaceRows::columnOf("name"_L1);
    };

private Q_SLOTS:
    void firstPage()
    {
        Table table(m_clock, 318);
        QCOMPARE(table.model.state(), PagedModelBase::State::Loading);
        QTRY_COMPARE(table.model.state(), PagedModelBase::State::Ready);
        QCOMPARE(table.model.rowCount(), 318);
        QCOMPARE(table.model.total(), Count::exactly(318));
        QCOMPARE(table.text(7), u"name-7"_s);
        QCOMPARE(table.model.lastGood(), m_clock.now());
        const QModelIndex index = table.model.index(7, table.name);
        QCOMPARE(index.data(KeyRole).toString(), u"ws-7"_s);
        QCOMPARE(index.data(FieldNameRole).toString(), u"name"_s);
        QCOMPARE(std::get<Untrusted>(index.data(FieldRole).value<FieldValue>()).raw(), u"name-7"_s);
        QCOMPARE(index.data(StaleRole).toBool(), false);
        QCOMPARE(table.model.headerData(table.name, Qt::Horizontal, Qt::DisplayRole).toString(), u"Workspace"_s);
    }

    void emptyIsReady()
    {
        Table table(m_clock, 0);
        QTRY_COMPARE(table.model.state(), PagedModelBase::State::Ready);
        QCOMPARE(table.model.rowCount(), 0);
    }

    void tenMillionRowsAllocateWhatIsSeen()
    {
        Table table(m_clock, 10'000'000);
        QTRY_COMPARE(table.model.rowCount(), 10'000'000);
        QCOMPARE(table.load(9'999'999), LoadState::Loading);
        QTRY_COMPARE(table.text(9'999'999), u"name-9999999"_s);
        QVERIFY(table.source.log.size() < 5);
    }

    /// One drag of the scroll bar over 400 pages.
    void jumpsAskForWhereTheyEnd()
    {
        Table table(m_clock, 100'000);
        QTRY_COMPARE(table.model.rowCount(), 100'000);
        for (int page = 10; page < 410; ++page)
            table.look(page * 100);
        QTRY_COMPARE(table.text(409 * 100), u"name-40900"_s);
        QVERIFY2(table.source.log.size() <= 5, qPrintable(QString::number(table.source.log.size())));
        QCOMPARE(table.source.positions().at(1), 40'900); // the latest first
    }

    void whatIsLeftBehindIsCancelled()
    {
        Table table(m_clock, 100'000);
        QTRY_COMPARE(table.model.rowCount(), 100'000);
        table.source.atOnce = false;
        for (int jump = 1; jump <= 6; ++jump) {
            const qsizetype calls = table.source.log.size();
            table.look(jump * 10'000);
            QTRY_COMPARE(table.source.log.size(), calls + 1);
        }
        int alive = 0;
        for (int call = 1; call < table.source.log.size(); ++call)
            alive += !table.source.cancelled(call);
        QCOMPARE(alive, PagedModelBase::maximumUnderWay);
        QVERIFY(!table.source.cancelled(6));
        table.source.answer(6);
        QTRY_COMPARE(table.text(60'000), u"name-60000"_s);
    }

    /// Of many places that a drag came by only the last one is fetched.
    void placesScrolledPastAreNotAskedFor()
    {
        Table table(m_clock, 100'000);
        QTRY_COMPARE(table.model.rowCount(), 100'000);
        for (const int place : {20'000, 60'000, 40'000, 80'000})
            table.look(place);
        QTRY_COMPARE(table.text(80'000), u"name-80000"_s);
        QCOMPARE(table.source.positions(), (QVector<qint64>{0, 80'000}));
    }

    /// Four answers at once are four frames' work, not one's.
    void aTurnAppliesOnePage()
    {
        Table table(m_clock, 100'000);
        QTRY_COMPARE(table.model.rowCount(), 100'000);
        table.source.atOnce = false;
        for (int page = 1; page <= 4; ++page)
            table.text(page * 100);
        QTRY_COMPARE(table.source.log.size(), 5);
        int inTurn = 0, most = 0, all = 0;
        connect(&table.model, &PagedModelBase::pageLoaded, this, [&] {
            ++all;
            most = std::max(most, ++inTurn);
        });
        QTimer turn; // fires once a turn: before or after the model's own
        connect(&turn, &QTimer::timeout, this, [&] { inTurn = 0; });
        turn.start(0);
        for (int call = 1; call <= 4; ++call)
            table.source.answer(call);
        QTRY_COMPARE(all, 4);
        QVERIFY2(most <= 2, qPrintable(QString::number(most)));
        for (int page = 1; page <= 4; ++page)
            QCOMPARE(table.text(page * 100), u"name-%1"_s.arg(page * 100));
    }

    /// An answer that waits for its turn is not applied after another question was asked.
    void waitingAnswersOfAnotherQueryAreDropped()
    {
        Table table(m_clock, 100'000);
        QTRY_COMPARE(table.model.rowCount(), 100'000);
        table.source.atOnce = false;
        table.text(100);
        table.text(200);
        QTRY_COMPARE(table.source.log.size(), 3);
        int loads = 0;
        connect(&table.model, &PagedModelBase::pageLoaded, this, [&] {
            if (++loads == 1)
                table.model.setQuery({u"team:a"_s, {}, false});
        });
        table.source.answer(1);
        table.source.answer(2);
        QTRY_COMPARE(loads, 1);
        QCOMPARE(table.source.log.size(), 4);
        table.source.total = 7;
        table.source.answer(3);
        QTRY_COMPARE(table.model.rowCount(), 7);
        QCOMPARE(loads, 2);
    }

    void fewPagesAreHeld()
    {
        Table table(m_clock, 100'000);
        QTRY_COMPARE(table.model.rowCount(), 100'000);
        const int held = PagedModelBase::maximumPages;
        for (int page = 1; page <= held; ++page)
            QTRY_VERIFY(!table.text(page * 100).isEmpty());
        QVERIFY(!table.model.rowAt(0));
        QVERIFY(!table.model.holds(u"ws-0"_s));
        QCOMPARE(table.model.positionOf(u"ws-0"_s), -1);
        // Page 1 was looked at again: page 2 goes next.
        table.text(100);
        QTRY_VERIFY(!table.text((held + 1) * 100).isEmpty());
        QVERIFY(table.model.rowAt(100));
        QVERIFY(!table.model.rowAt(200));
    }

    void lateAnswersOfAnotherQueryAreDropped()
    {
        Table table(m_clock, 318);
        table.source.atOnce = false;
        QTRY_COMPARE(table.model.state(), PagedModelBase::State::Ready);
        table.model.setQuery({u"team:a"_s, {}, false});
        table.model.setQuery({u"team:b"_s, {}, false});
        QCOMPARE(table.model.rowCount(), 0);
        QCOMPARE(table.source.log.size(), 3);
        QVERIFY(table.source.cancelled(1));
        table.source.total = 46;
        table.source.answer(2);
        QTRY_COMPARE(table.model.rowCount(), 46);
        table.source.total = 7;
        table.source.answer(1);
        QTest::qWait(0);
        QCOMPARE(table.model.rowCount(), 46);
        QCOMPARE(table.source.log[2].request.query.filter, u"team:b"_s);
    }

    void sameQueryAsksNothing()
    {
        Table table(m_clock, 318);
        QTRY_COMPARE(table.model.state(), PagedModelBase::State::Ready);
        QSignalSpy reset(&table.model, &QAbstractItemModel::modelReset);
        table.model.setQuery({});
        QCOMPARE(reset.count(), 0);
        QCOMPARE(table.source.log.size(), 1);
    }

    void sortingGoesToTheSource()
    {
        Table table(m_clock, 318);
        QTRY_COMPARE(table.model.state(), PagedModelBase::State::Ready);
        table.model.sort(table.name, Qt::DescendingOrder);
        QCOMPARE(table.source.log.last().request.query, (Query{{}, u"name"_s, true}));
        table.model.sort(-1, Qt::AscendingOrder);
        QCOMPARE(table.source.log.size(), 2);
    }

    void failureKeepsAndMarksTheRows()
    {
        Table table(m_clock, 318);
        QTRY_COMPARE(table.model.state(), PagedModelBase::State::Ready);
        const Instant good = m_clock.now();
        table.source.atOnce = false;
        m_clock.advance(std::chrono::minutes(4));
        QSignalSpy changed(&table.model, &QAbstractItemModel::dataChanged);
        table.model.refresh();
        QCOMPARE(table.model.index(7, 1).data(StaleRole).toBool(), false);
        table.source.refuse(1);
        QTRY_COMPARE(table.model.state(), PagedModelBase::State::Failed);
        QCOMPARE(table.text(7), u"name-7"_s);
        QCOMPARE(table.model.index(7, 1).data(StaleRole).toBool(), true);
        QCOMPARE(changed.last().at(1).toModelIndex().row(), 317);
        QCOMPARE(table.model.lastGood(), good);
        QCOMPARE(table.model.failingSince(), m_clock.now());
        QCOMPARE(table.model.error()->message, u"gone"_s);
        // Painting what failed asks nothing again.
        QCOMPARE(table.load(250), LoadState::Failed);
        table.look(200);
        QTest::qWait(60);
        QCOMPARE(table.source.log.size(), 2);
        table.model.refresh();
        table.source.answer(2);
        QTRY_COMPARE(table.model.state(), PagedModelBase::State::Ready);
        QVERIFY(!table.model.isStale() && !table.model.error() && !isKnown(table.model.failingSince()));
        QCOMPARE(table.load(250), LoadState::Loading);
    }

    void recoversAlone()
    {
        HeldSource source;
        source.atOnce = false;
        source.total = 5;
        WorkspaceRows model(m_clock);
        model.setSource(&source);
        source.refuse(0, true);
        QTRY_COMPARE(model.state(), PagedModelBase::State::Failed);
        QSignalSpy states(&model, &PagedModelBase::stateChanged);
        source.atOnce = true;
        QTRY_COMPARE(model.state(), PagedModelBase::State::Ready);
        QCOMPARE(states.count(), 1);
        QCOMPARE(model.rowCount(), 5);
        QCOMPARE(source.log.size(), 2);
    }

    void sourceGoesAndComes()
    {
        Table table(m_clock, 318);
        QTRY_COMPARE(table.model.state(), PagedModelBase::State::Ready);
        table.model.setSource(nullptr);
        QVERIFY(table.model.isStale());
        QCOMPARE(table.text(7), u"name-7"_s);
        QCOMPARE(table.model.failingSince(), m_clock.now());
        table.look(200);
        QTest::qWait(60);
        QCOMPARE(table.source.log.size(), 1);
        table.model.setSource(&table.source);
        QTRY_VERIFY(!table.model.isStale() && !isKnown(table.model.failingSince()));
        QCOMPARE(table.source.log.size(), 2);
    }

    void forgottenRowsAreGone()
    {
        Table table(m_clock, 318);
        QTRY_COMPARE(table.model.state(), PagedModelBase::State::Ready);
        table.model.setQuery({u"name~name"_s, {}, false});
        QTRY_COMPARE(table.model.rowCount(), 318);
        table.model.setSource(nullptr);
        table.model.forget();
        QCOMPARE(table.model.rowCount(), 0);
        QCOMPARE(table.model.state(), PagedModelBase::State::Idle);
        QVERIFY(!isKnown(table.model.lastGood()) && !isKnown(table.model.failingSince()));
        table.model.setSource(&table.source);
        QTRY_COMPARE(table.model.state(), PagedModelBase::State::Ready);
        QCOMPARE(table.source.log.last().request.query.filter, u"name~name"_s);
    }

    void silenceMakesStale()
    {
        Table table(m_clock, 318);
        QTRY_COMPARE(table.model.state(), PagedModelBase::State::Ready);
        const Instant since = m_clock.now() - std::chrono::seconds(30);
        QSignalSpy states(&table.model, &PagedModelBase::stateChanged);
        table.model.setSilentSince(since);
        QVERIFY(table.model.isStale());
        QCOMPARE(table.model.failingSince(), since);
        QVERIFY(table.model.index(0, 0).data(StaleRole).toBool());
        table.model.setSilentSince({});
        QVERIFY(!table.model.isStale());
        QCOMPARE(states.count(), 2);
    }

    void changesOfHeldRowsShowAtOnce()
    {
        Table table(m_clock, 318);
        QTRY_COMPARE(table.model.state(), PagedModelBase::State::Ready);
        QSignalSpy changed(&table.model, &QAbstractItemModel::dataChanged);
        Workspace row = workspaceAt(7, 2);
        for (int i = 0; i < 20'000; ++i) {
            row.version++;
            row.name = Untrusted(u"new-%1"_s.arg(i));
            table.model.applyChange(row);
        }
        QCOMPARE(table.text(7), u"new-19999"_s);
        QTRY_COMPARE(changed.count(), 1);
        QCOMPARE(changed.first().at(0).toModelIndex().row(), 7);
        QCOMPARE(table.source.log.size(), 1);
    }

    void earlierVersionsChangeNothing()
    {
        Table table(m_clock, 318);
        QTRY_COMPARE(table.model.state(), PagedModelBase::State::Ready);
        Workspace row = workspaceAt(7, 5);
        row.name = Untrusted(u"new"_s);
        table.model.applyChange(row);
        table.model.applyChange(workspaceAt(7, 4));
        QCOMPARE(table.text(7), u"new"_s);
        // An answer that was made before the change.
        QSignalSpy loaded(&table.model, &PagedModelBase::pageLoaded);
        table.model.refresh();
        QTRY_COMPARE(loaded.count(), 1);
        QCOMPARE(table.text(7), u"new"_s);
    }

    void unknownRowsAreCountedAgain()
    {
        Table table(m_clock, 318);
        QTRY_COMPARE(table.model.state(), PagedModelBase::State::Ready);
        table.source.total = 319;
        for (int i = 0; i < 1000; ++i)
            table.model.applyChange(workspaceAt(318));
        QTRY_COMPARE(table.model.rowCount(), 319);
        // A thousand changes are a handful of calls: how many rounds fit depends on how long the machine took for them.
        QVERIFY2(table.source.log.size() <= 5, qPrintable(QString::number(table.source.log.size())));
    }

    void rowsThatLeaveTheFilterAreAskedFor_data()
    {
        QTest::addColumn<Query>("query");
        QTest::addColumn<bool>("asks");
        QTest::newRow("no filter") << Query{} << false;
        QTest::newRow("still matches") << Query{u"name~new"_s, {}, false} << false;
        QTest::newRow("no longer matches") << Query{u"name~name"_s, {}, false} << true;
        QTest::newRow("sorted by what changed") << Query{{}, u"name"_s, false} << true;
        QTest::newRow("sorted by something else") << Query{{}, u"leases"_s, false} << false;
        QTest::newRow("beyond our language") << Query{u"reach(prod)"_s, {}, false} << true;
    }
    void rowsThatLeaveTheFilterAreAskedFor()
    {
        QFETCH(Query, query);
        QFETCH(bool, asks);
        Table table(m_clock, 50);
        QTRY_COMPARE(table.model.state(), PagedModelBase::State::Ready);
        table.model.setQuery(query);
        QTRY_COMPARE(table.model.rowCount(), 50);
        // What is under way when a row moves may not know of it yet, and is asked for again.
        table.source.atOnce = false;
        table.model.refresh();
        const int call = int(table.source.log.size()) - 1;
        Workspace row = workspaceAt(7, 2);
        row.name = Untrusted(u"new"_s);
        table.model.applyChange(row);
        QCOMPARE(table.text(7), u"new"_s);
        QSignalSpy loaded(&table.model, &PagedModelBase::pageLoaded);
        table.source.answer(call);
        QTRY_COMPARE(loaded.count(), 1);
        if (asks)
            QTRY_COMPARE(table.source.log.size(), call + 2);
        else
            QTest::qWait(60);
        QCOMPARE(table.source.log.size(), call + (asks ? 2 : 1));
    }

    void currentRowsFollowTheirRow()
    {
        Table table(m_clock, 318);
        QTRY_COMPARE(table.model.state(), PagedModelBase::State::Ready);
        const QPersistentModelIndex current = table.model.index(7, table.name);
        const QPersistentModelIndex last = table.model.index(99, table.name);
        // A row came before them.
        table.source.rows = [](qint64 row) { return workspaceAt(row == 0 ? 1000 : row - 1); };
        table.source.total = 319;
        table.model.refresh();
        QTRY_COMPARE(table.model.rowCount(), 319);
        QCOMPARE(current.row(), 8);
        QCOMPARE(current.data().toString(), u"name-7"_s);
        QVERIFY2(!last.isValid(), "it is on a page that is not held: it must not turn into another row");
    }

    void removedRowsGo()
    {
        Table table(m_clock, 101);
        QTRY_COMPARE(table.model.state(), PagedModelBase::State::Ready);
        QTRY_VERIFY(!table.text(100).isEmpty());
        const QPersistentModelIndex gone = table.model.index(7, 0), next = table.model.index(8, 0);
        table.source.rows = [](qint64 row) { return workspaceAt(row < 7 ? row : row + 1); };
        table.source.total = 100;
        table.model.applyRemoval(u"ws-7"_s);
        QTRY_COMPARE(table.model.rowCount(), 100);
        QTRY_VERIFY(!gone.isValid());
        QCOMPARE(next.row(), 7);
        QTRY_COMPARE(table.text(99), u"name-100"_s);
        QVERIFY(!table.model.holds(u"ws-7"_s));
    }

    void growingFillsTheLastPage()
    {
        Table table(m_clock, 46);
        QTRY_COMPARE(table.model.rowCount(), 46);
        table.source.total = 120;
        table.model.refresh();
        QTRY_COMPARE(table.model.rowCount(), 120);
        QTRY_COMPARE(table.text(119), u"name-119"_s);
        QCOMPARE(table.text(46), u"name-46"_s);
    }

    void changesWhileAnAnswerIsOnItsWay()
    {
        Table table(m_clock, 318);
        QTRY_COMPARE(table.model.state(), PagedModelBase::State::Ready);
        table.source.atOnce = false;
        table.model.refresh();
        table.model.applyChange(workspaceAt(318)); // unknown: the answer may lack it
        table.source.answer(1);
        QTRY_COMPARE(table.source.log.size(), 3);
    }

    void shortAnswersDoNotLoop()
    {
        Table table(m_clock, 318);
        QTRY_COMPARE(table.model.state(), PagedModelBase::State::Ready);
        table.source.atOnce = false;
        table.look(100);
        QTRY_COMPARE(table.source.log.size(), 2);
        Page<Workspace> half = table.source.page(table.source.log[1].request);
        half.items.resize(10);
        table.source.give(1, half);
        QTRY_COMPARE(table.text(109), u"name-109"_s);
        QCOMPARE(table.load(110), LoadState::Failed);
        table.look(100);
        QTest::qWait(60);
        QCOMPARE(table.source.log.size(), 2);
    }

    void longAnswersAreCut()
    {
        Table table(m_clock, 318);
        table.source.atOnce = false;
        QTRY_COMPARE(table.model.state(), PagedModelBase::State::Ready);
        table.model.refresh();
        Page<Workspace> page = table.source.page({{}, 300, 0, {}});
        table.source.give(1, page);
        QTRY_COMPARE(table.model.positionOf(u"ws-99"_s), 99);
        QVERIFY(!table.model.holds(u"ws-100"_s));
    }

    void atLeastTotals()
    {
        Table table(m_clock, 318);
        table.source.atOnce = false;
        QTRY_COMPARE(table.model.state(), PagedModelBase::State::Ready);
        table.model.refresh();
        Page<Workspace> page = table.source.page(table.source.log[1].request);
        page.total = Count::atLeast(318);
        QSignalSpy totals(&table.model, &PagedModelBase::totalChanged);
        table.source.give(1, page);
        QTRY_COMPARE(totals.count(), 1);
        QVERIFY(!table.model.total().isExact());
    }

    void modelMayDieWhileAsking()
    {
        HeldSource source;
        source.atOnce = false;
        auto model = std::make_unique<WorkspaceRows>(m_clock);
        model->setSource(&source);
        QCOMPARE(source.log.size(), 1);
        model.reset();
        QVERIFY(source.cancelled(0));
        source.answer(0);
        QTest::qWait(0);
    }
};

QTEST_GUILESS_MAIN(PagedModelTest)
#include "tst_pagedmodel.moc"
