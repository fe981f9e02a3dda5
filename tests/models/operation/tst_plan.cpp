// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/operation/plan.h"
#include "tests/models/operation/scripted.h"

#include <QtTest/QTest>

using namespace parapet;
using namespace parapet::operation;
using namespace Qt::StringLiterals;

using Spoil = std::function<void(Plan &)>;
Q_DECLARE_METATYPE(Spoil)

class TestPlan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void soundPlansPass();
    void unsoundPlansAreRefused_data();
    void unsoundPlansAreRefused();
    void containmentComesFirstEverywhere();
    void keysDifferByStepUndoAndRound();
    void jsonKeepsEverything();
    void jsonIsStrict();
};

void TestPlan::soundPlansPass()
{
    const Status sound = check(support::scriptedPlan({u"ws-1"_s, u"ws-2"_s}));
    QVERIFY2(sound, support::why(sound));
}

void TestPlan::unsoundPlansAreRefused_data()
{
    QTest::addColumn<Spoil>("spoil");
    QTest::addColumn<QString>("named");
    const auto row = [](const char *name, Spoil spoil, const QString &named) { QTest::newRow(name) << spoil << named; };
    row("no steps", [](Plan &p) { p.steps.clear(); p.probes.clear(); }, u"nothing to do"_s);
    row("no id", [](Plan &p) { p.id = {}; }, u"identifier"_s);
    row("malformed id", [](Plan &p) { p.id = OperationId(u"../op"_s); }, u"identifier"_s);
    row("duplicate id", [](Plan &p) { p.steps.append(p.steps.first()); }, u"cut.ws-1"_s);
    row("unknown after", [](Plan &p) { p.steps[2].after.append(u"nowhere"_s); }, u"nowhere"_s);
    row("cycle", [](Plan &p) { p.steps[0].after = {u"end.ws-1"_s}; }, u"circle"_s);
    row("waits for itself", [](Plan &p) { p.steps[3].after.append(u"end.ws-1"_s); }, u"circle"_s);
    row("destroys first", [](Plan &p) { p.steps[2].after = {u"cut.ws-1"_s}; }, u"evidence"_s);
    row("no evidence at all", [](Plan &p) { p.steps[1].evidence = false; }, u"evidence"_s);
    row("another workspace's evidence", [](Plan &p) { p.steps[1].workspace = WorkspaceId(u"ws-2"_s); }, u"evidence"_s);
    row("override too short", [](Plan &p) { p.steps[1].evidence = false; p.evidenceOverride = u"because"_s; }, u"at least"_s);
    row("blank override", [](Plan &p) { p.steps[1].evidence = false; p.evidenceOverride = u"            "_s; }, u"at least"_s);
    row("long reason", [](Plan &p) { p.reason = QString(MaximumReason + 1, u'x'); }, u"longer"_s);
    row("stray probe", [](Plan &p) { p.probes[0].workspace = WorkspaceId(u"ws-9"_s); }, u"ws-9"_s);
    row("too many", [](Plan &p) { p.probes.resize(MaximumProbes + 1); }, u"fewer"_s);
}

void TestPlan::unsoundPlansAreRefused()
{
    QFETCH(Spoil, spoil);
    QFETCH(QString, named);
    Plan plan = support::scriptedPlan();
    spoil(plan);
    const Status status = check(plan);
    QVERIFY(!status);
    QVERIFY(status.error().code == Error::Code::Invalid);
    QVERIFY2(status.error().message.contains(named), qPrintable(status.error().message));
}

void TestPlan::containmentComesFirstEverywhere()
{
    const Plan plan = support::scriptedPlan({u"ws-1"_s, u"ws-2"_s, u"ws-3"_s});
    QStringList verbs;
    for (const int row : order(plan))
        verbs.append(plan.steps[row].verb);
    QCOMPARE(verbs.join(u' '), u"cut cut cut keep keep keep kill kill kill end end end"_s);
    Plan circle = plan;
    circle.steps[0].after = {u"end.ws-1"_s};
    QVERIFY(order(circle).isEmpty());
}

void TestPlan::keysDifferByStepUndoAndRound()
{
    const OperationId op(u"op-1"_s);
    const QSet<QString> keys{idempotencyKey(op, u"a"_s), idempotencyKey(op, u"b"_s), idempotencyKey(op, u"a"_s, true),
                             idempotencyKey(op, u"a"_s, false, 1), idempotencyKey(OperationId(u"op-2"_s), u"a"_s)};
    QCOMPARE(keys.size(), 5);
    QCOMPARE(idempotencyKey(op, u"a"_s), idempotencyKey(op, u"a"_s));
    for (const QString &key : keys)
        QVERIFY(key.size() <= 64 && isIdentifier(key));
}

void TestPlan::jsonKeepsEverything()
{
    Plan plan = support::scriptedPlan({u"ws-1"_s, u"ws-2"_s});
    plan.evidenceOverride = u"the host is on fire"_s;
    plan.system = u"prod-eu"_s;
    plan.made = Instant(Milliseconds(1'773'754'891'250));
    plan.warnings = {u"no cgroups"_s};
    plan.touched.processes = Count::atLeast(31);
    plan.touched.lines.append({TouchedLine::Kind::Agent, Untrusted(u"refactor-12"_s), u"identity suspended"_s, WorkspaceId(u"ws-1"_s)});
    plan.steps[0].parameters = QJsonObject{{u"tree"_s, u"77@123"_s}};
    const Result<Plan> back = planFromJson(toJson(plan));
    QVERIFY2(back, support::why(back));
    QCOMPARE(toJson(*back), toJson(plan));
    QVERIFY(back->steps == plan.steps);
    QVERIFY(back->touched == plan.touched);
    QVERIFY(back->workspaces == plan.workspaces);
    QCOMPARE(back->made, plan.made);
}

void TestPlan::jsonIsStrict()
{
    const QJsonObject good = toJson(support::scriptedPlan());
    QVERIFY(planFromJson(good));
    for (const QString &member : good.keys()) {
        QJsonObject without = good;
        without.remove(member);
        QVERIFY2(!planFromJson(without), qPrintable(member));
        QJsonObject wrong = good;
        wrong[member] = QJsonValue(QJsonValue::Null);
        QVERIFY2(!planFromJson(wrong), qPrintable(member));
    }
    QJsonObject more = good;
    more[u"extra"_s] = 1;
    QVERIFY(!planFromJson(more));
    for (const QString &list : {u"steps"_s, u"probes"_s, u"workspaces"_s}) {
        QJsonArray items = good[list].toArray();
        QJsonObject item = items[0].toObject();
        item[u"extra"_s] = true;
        items[0] = item;
        QJsonObject bad = good;
        bad[list] = items;
        QVERIFY2(!planFromJson(bad), qPrintable(list));
        items[0] = 7;
        bad[list] = items;
        QVERIFY2(!planFromJson(bad), qPrintable(list));
    }
}

QTEST_GUILESS_MAIN(TestPlan)
#include "tst_plan.moc"
