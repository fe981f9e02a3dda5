// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/workspacemodel.h"

#include "models/wire/codec.h"
#include "tests/support/fakeports.h"

#include <QtCore/QTimer>
#include <QtTest/QAbstractItemModelTester>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace parapet;
using namespace parapet::support;
using namespace Qt::StringLiterals;

namespace {

/// A model that watches a world of workspaces.
struct Fleet {
    explicit Fleet(int workspaces) : system(workspaces), watch(ownedWatch()), model(system.world.clock)
    {
        model.setSystem(&system.control, watch.get());
    }
    QVariant cell(const char *field, int row, int role = Qt::DisplayRole) const
    {
        return model.index(row, WorkspaceModel::columnOf(QLatin1String(field))).data(role);
    }
    ChangeEvent change(const Workspace &workspace)
    {
        return {u"e-1"_s, u"workspace"_s, workspace.id.value, false, wire::toJson(workspace)};
    }
    std::unique_ptr<FakeWatch> ownedWatch()
    {
        return std::unique_ptr<FakeWatch>(static_cast<FakeWatch *>(system.control.watch().release()));
    }

    FakeSystem system;
    std::unique_ptr<FakeWatch> watch;
    WorkspaceModel model;
    QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::QtTest};
};

} // namespace

class WorkspaceModelTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsTheFleet()
    {
        Fleet fleet(24);
        QTRY_COMPARE(fleet.model.rowCount(), 24);
        QCOMPARE(fleet.cell("state", 0).toString(), u"Running"_s);
        QCOMPARE(fleet.cell("state", 0, StateMarkRole).toInt(), int(StateMark::Running));
        QCOMPARE(fleet.cell("people", 0, ActorsRole).toInt(), HumanActor | AgentActor);
        QVERIFY(!fleet.model.isStale());
    }

    void followsTheWatch()
    {
        Fleet fleet(3);
        QTRY_COMPARE(fleet.model.rowCount(), 3);
        const QString key = fleet.cell("id", 1, KeyRole).toString();
        FakeWorkspace *touched = fleet.system.world.find(WorkspaceId(key));
        touched->workspace.state = WorkspaceState::Frozen;
        touched->workspace.isolated = touched->runtime.isolated = true;
        fleet.system.world.touch(WorkspaceId(key));
        QTRY_COMPARE(fleet.cell("state", 1).toString(), u"Isolated, frozen"_s);
        QCOMPARE(fleet.cell("state", 1, StateMarkRole).toInt(), int(StateMark::Isolated));
    }

    void newAndGoneRowsAreCountedAgain()
    {
        Fleet fleet(3);
        QTRY_COMPARE(fleet.model.rowCount(), 3);
        Workspace added;
        added.id = WorkspaceId(u"ws-9"_s);
        fleet.system.world.add(added);
        fleet.watch->send({fleet.change(added)});
        QTRY_COMPARE(fleet.model.rowCount(), 4);
    }

    void manyChangesAreOneSignal()
    {
        Fleet fleet(24);
        QTRY_COMPARE(fleet.model.rowCount(), 24);
        QSignalSpy changed(&fleet.model, &QAbstractItemModel::dataChanged);
        QVector<Workspace> rows = fleet.system.world.workspaceList();
        for (int round = 0; round < 100; ++round) {
            QVector<ChangeEvent> batch;
            for (Workspace &row : rows) {
                ++row.version;
                row.leases = round;
                batch << fleet.change(row);
            }
            batch << ChangeEvent{u"e-2"_s, u"session"_s, u"sess-1"_s, false, {}};
            fleet.watch->send(batch);
        }
        QTRY_COMPARE(changed.count(), 1);
        for (int row = 0; row < 24; ++row)
            QCOMPARE(fleet.cell("leases", row).toString(), u"99"_s);
        QCOMPARE(changed.first().at(0).toModelIndex().row(), 0);
        QCOMPARE(changed.first().at(1).toModelIndex().row(), 23);
    }

    /// However many rows change, a turn of the event loop decodes a few, and none is forgotten.
    void manyRowsTakeTurns()
    {
        constexpr int rows = 300;
        FakeSystem system(rows);
        WorkspaceModel model(system.world.clock);
        model.setSystem(&system.control, nullptr);
        QTRY_COMPARE(model.rowCount(), rows);
        for (int row = 0; row < rows; row += PagedModelBase::pageSize) {
            model.index(row, 0).data();
            QTRY_VERIFY(model.rowAt(row));
        }
        QVector<ChangeEvent> changes;
        for (int row = 0; row < rows; ++row) {
            Workspace changed = *model.rowAt(row);
            ++changed.version;
            changed.leases = 77;
            changes << ChangeEvent{u"e-1"_s, u"workspace"_s, changed.id.value, false, wire::toJson(changed)};
        }
        int done = 0, most = 0;
        QTimer turn; // fires once a turn: before or after the model's own
        connect(&turn, &QTimer::timeout, this, [&] {
            int now = 0;
            for (int row = 0; row < rows; ++row)
                now += model.rowAt(row)->leases == 77;
            most = std::max(most, now - done);
            done = now;
        });
        turn.start(0);
        QSignalSpy shown(&model, &QAbstractItemModel::dataChanged);
        model.apply(changes);
        QTRY_COMPARE(done, rows);
        QVERIFY2(most <= 2 * WorkspaceModel::decodedAtOnce, qPrintable(QString::number(most)));
        // What was decoded is shown, the last of it too.
        QTRY_VERIFY(!shown.isEmpty() && shown.last().at(1).toModelIndex().row() == rows - 1);
    }

    void unreadableChangesAreAskedFor()
    {
        Fleet fleet(3);
        QTRY_COMPARE(fleet.model.rowCount(), 3);
        const QString key = fleet.cell("id", 1, KeyRole).toString();
        QSignalSpy loaded(&fleet.model, &PagedModelBase::pageLoaded);
        fleet.watch->send({{u"e-1"_s, u"workspace"_s, key, false, {{u"state"_s, u"melted"_s}}}});
        QTRY_COMPARE(loaded.count(), 1);
        // An object that is not the one that was announced must not take its place.
        Workspace other = *fleet.model.rowAt(2);
        other.version += 5;
        ChangeEvent swapped = fleet.change(other);
        swapped.id = key;
        fleet.watch->send({swapped});
        QTRY_COMPARE(loaded.count(), 2);
        QCOMPARE(fleet.cell("id", 1, KeyRole).toString(), key);
        fleet.watch->send({{u"e-1"_s, u"workspace"_s, key, false, {}}});
        QTRY_COMPARE(loaded.count(), 3);
    }

    void brokenWatchMakesStaleUntilItIsHeard()
    {
        Fleet fleet(3);
        QTRY_COMPARE(fleet.model.rowCount(), 3);
        const Instant heard = fleet.watch->lastHeard();
        fleet.watch->breakOff({Error::Code::Network, u"reset"_s, {}, true});
        QVERIFY(fleet.model.isStale());
        QCOMPARE(fleet.model.failingSince(), heard);
        QVERIFY(fleet.cell("name", 0, StaleRole).toBool());
        QCOMPARE(fleet.model.rowCount(), 3);
        QSignalSpy loaded(&fleet.model, &PagedModelBase::pageLoaded);
        fleet.watch->recover(true);
        QVERIFY(!fleet.model.isStale());
        QTRY_COMPARE(loaded.count(), 1); // the gap
    }

    void silentRuntimesAreStale()
    {
        Fleet fleet(2);
        QTRY_COMPARE(fleet.model.rowCount(), 2);
        Workspace silent = *fleet.model.rowAt(0);
        ++silent.version;
        silent.runtime = RuntimeStatus::Silent;
        fleet.watch->send({fleet.change(silent)});
        QTRY_VERIFY(fleet.cell("name", 0, StaleRole).toBool());
        QVERIFY(!fleet.cell("name", 1, StaleRole).toBool());
        QCOMPARE(fleet.cell("state", 0, StateMarkRole).toInt(), int(StateMark::Stale));
        QCOMPARE(fleet.cell("name", 0, SeverityRole).toInt(), int(Severity::High));
    }

    void systemGoes()
    {
        Fleet fleet(3);
        QTRY_COMPARE(fleet.model.rowCount(), 3);
        fleet.model.setSystem(nullptr, nullptr);
        QVERIFY(fleet.model.isStale());
        QCOMPARE(fleet.model.rowCount(), 3);
        fleet.system.world.touch(WorkspaceId(u"ws-1"_s)); // nobody listens any more
        fleet.model.setSystem(&fleet.system.control, fleet.watch.get());
        QTRY_VERIFY(!fleet.model.isStale());
    }

    void statesForPeople_data()
    {
        QTest::addColumn<int>("state");
        QTest::addColumn<bool>("isolated");
        QTest::addColumn<int>("mark");
        const auto row = [](const char *tag, WorkspaceState state, bool isolated, StateMark mark) {
            QTest::newRow(tag) << int(state) << isolated << int(mark);
        };
        row("Starting", WorkspaceState::Starting, false, StateMark::Starting);
        row("Running", WorkspaceState::Running, false, StateMark::Running);
        row("Isolated", WorkspaceState::Running, true, StateMark::Isolated);
        row("Frozen", WorkspaceState::Frozen, false, StateMark::Frozen);
        row("Isolated, frozen", WorkspaceState::Frozen, true, StateMark::Isolated);
        row("Stopping", WorkspaceState::Stopping, true, StateMark::Requested);
        row("Stopped", WorkspaceState::Stopped, true, StateMark::Stopped);
        row("Revoked", WorkspaceState::Revoked, true, StateMark::Stopped);
    }
    void statesForPeople()
    {
        QFETCH(int, state);
        QFETCH(bool, isolated);
        Workspace workspace;
        workspace.state = WorkspaceState(state);
        workspace.isolated = isolated;
        QCOMPARE(stateText(workspace), QString::fromLatin1(QTest::currentDataTag()));
        QTEST(int(stateMark(workspace)), "mark");
    }
};

QTEST_GUILESS_MAIN(WorkspaceModelTest)
#include "tst_workspacemodel.moc"
