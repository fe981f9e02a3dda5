// SPDX-License-Identifier: GPL-3.0-or-later
// What the detail pane shows is marked as old, with since when, as long as nothing announces its changes.
#include "ui/pages/workspaces/detailpane.h"

#include "tests/ui/pages/desk.h"
#include "ui/pages/workspaces/detailmodel.h"

#include <QtWidgets/QListView>

using namespace parapet;
using namespace parapet::pages;
using namespace parapet::support;
using namespace Qt::StringLiterals;
using Part = DetailModel::Part;

namespace {

constexpr Part allParts[] = {Part::Sessions, Part::Processes, Part::Leases, Part::Flows, Part::Events};

struct Detail : Desk {
    Detail() : Desk(2)
    {
        connectSystem();
        window.resize(520, 900);
        pane = new DetailPane(context, &window);
        pane->resize(window.size());
        window.show();
        pane->setActive(true);
        pane->setWorkspace(workspace("ws-1").workspace);
    }
    DetailModel &model() const { return *qobject_cast<DetailModel *>(pane->list()->model()); }
    QString text() const
    {
        QString text;
        for (int row = 0; row < model().rowCount(); ++row)
            text += model().index(row, 0).data().toString() + u'\n';
        return text;
    }
    /// Every part has answered.
    bool isWhole() const { return text().count(u"\n"_s) > 5 && text().contains(u"Sessions"_s) && text().contains(u"Audit events"_s) && text().contains(u"Connections"_s); }
    int stale() const { return int(std::count_if(std::begin(allParts), std::end(allParts), [this](Part part) { return model().isStale(part); })); }
    /// Rows that claim to be so now: drawn in full ink, or with a mark of what is observed.
    int fresh() const
    {
        int count = 0;
        for (int i = 0; i < model().rowCount(); ++i) {
            const DetailRow &row = model().row(i);
            if (row.kind != DetailRow::Kind::Line)
                continue;
            count += row.state == StateMark::Observed
                || std::any_of(row.runs.begin(), row.runs.end(), [](const kit::Run &run) { return run.role == kit::Role::Text; });
        }
        return count;
    }

    QWidget window;
    DetailPane *pane = nullptr;
};

} // namespace

class TestDetailPane : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aSilentPlaneIsSaidWithSinceWhen();
    void aGapIsSaidUntilEachPartAnswered();
    void aClosedConnectionIsSaid();
    void exactOrAtLeast();
};

void TestDetailPane::aSilentPlaneIsSaidWithSinceWhen()
{
    Detail detail;
    QTRY_VERIFY(detail.isWhole());
    QCOMPARE(detail.stale(), 0);
    QVERIFY(detail.fresh() > 0);
    QVERIFY(!detail.text().contains(u"as of "_s));
    for (const auto &[script, rule] : std::initializer_list<std::pair<Script *, QString>>{{&detail.system.control.script, u"sessions"_s},
                                                                                         {&detail.system.runtime.script, u"processes"_s},
                                                                                         {&detail.system.runtime.script, u"flows"_s},
                                                                                         {&detail.system.broker.script, u"leases"_s},
                                                                                         {&detail.system.audit.script, u"events"_s}})
        script->failAlways(rule, networkError());
    detail.fakeWatch().breakOff(networkError());
    QCOMPARE(detail.stale(), 5);
    QCOMPARE(detail.fresh(), 0);
    QCOMPARE(detail.text().count(u"as of "_s), 5);
    // One sentence on top says why; no part repeats it.
    QCOMPARE(detail.model().row(0).kind, DetailRow::Kind::Note);
    QVERIFY2(detail.text().startsWith(detail.context.summary()), qPrintable(detail.text()));
    QCOMPARE(detail.text().count(detail.context.summary()), 1);
    for (const auto &[script, rule] : std::initializer_list<std::pair<Script *, QString>>{{&detail.system.control.script, u"sessions"_s},
                                                                                         {&detail.system.runtime.script, u"processes"_s},
                                                                                         {&detail.system.runtime.script, u"flows"_s},
                                                                                         {&detail.system.broker.script, u"leases"_s},
                                                                                         {&detail.system.audit.script, u"events"_s}})
        script->succeed(rule);
    detail.fakeWatch().recover();
    QTRY_COMPARE(detail.stale(), 0);
    QVERIFY(!detail.text().contains(u"as of "_s));
    QVERIFY(detail.fresh() > 0);
}

void TestDetailPane::aGapIsSaidUntilEachPartAnswered()
{
    Detail detail;
    QTRY_VERIFY(detail.isWhole());
    detail.system.control.script.hold(u"sessions"_s);
    detail.fakeWatch().recover(true);
    QTRY_COMPARE(detail.stale(), 1); // the others have answered anew
    QVERIFY(detail.model().isStale(Part::Sessions));
    QVERIFY(detail.text().contains(u"Changes were missed"_s));
    QCOMPARE(detail.text().count(u"as of "_s), 1);
    detail.system.control.script.release(u"sessions"_s);
    QTRY_COMPARE(detail.stale(), 0);
    QVERIFY(!detail.text().contains(u"Changes were missed"_s));
}

void TestDetailPane::aClosedConnectionIsSaid()
{
    Detail detail;
    QTRY_VERIFY(detail.isWhole());
    detail.dropSystem();
    QCOMPARE(detail.stale(), 5);
    QVERIFY(detail.text().contains(u"The connection is closed."_s));
    QCOMPARE(detail.fresh(), 0);
    detail.connectSystem();
    QTRY_COMPARE(detail.stale(), 0);
}

void TestDetailPane::exactOrAtLeast()
{
    const support::FakeClock clock;
    DetailModel model(clock);
    model.setEvents({}, Count::atLeast(1000));
    QVERIFY2(model.index(0).data().toString().contains(Count::atLeast(1000).text()), qPrintable(model.index(0).data().toString()));
    model.setEvents({}, Count::exactly(3));
    QVERIFY(!model.index(0).data().toString().contains(u"at least"_s));
}

QTEST_MAIN(TestDetailPane)
#include "tst_detailpane.moc"
