// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/auditevent.h"
#include "models/domain/process.h"
#include "models/domain/workspace.h"
#include "models/query/predicate.h"

#include <QtTest/QTest>

using namespace parapet;
using namespace parapet::query;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const Instant noon = fromRfc3339(u"2026-03-17T12:00:00Z").value();

Workspace sample()
{
    Workspace workspace;
    workspace.id = WorkspaceId(u"ws-payments-api-7f3"_s);
    workspace.name = Untrusted(u"payments-api"_s);
    workspace.state = WorkspaceState::Running;
    workspace.owner = PrincipalId(u"p-tomasz"_s);
    workspace.ownerName = Untrusted(u"Tomasz Wilk"_s);
    workspace.team = u"payments"_s;
    workspace.region = u"eu-west-1"_s;
    workspace.image = u"base/dev:2026.3"_s;
    workspace.imageDigest = u"sha256:9c41e07b"_s;
    workspace.imageSigned = true;
    workspace.leases = 5;
    workspace.agents = 1;
    workspace.started = noon - 4h;
    workspace.created = fromRfc3339(u"2026-03-01T09:30:15Z").value();
    return workspace;
}

} // namespace

class PredicateTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void matches_data()
    {
        QTest::addColumn<bool>("expected");
        const auto yes = [](const char *filter) { QTest::newRow(filter) << true; };
        const auto no = [](const char *filter) { QTest::newRow(filter) << false; };
        yes("");
        yes("team:payments,ledger held>=3 !state:stopped image~9c41 (region:eu-west-1 OR region:eu-north-1)");
        yes("team:PAYMENTS");
        no("team:payment");
        yes("team~pay");
        yes("TEAM:payments");
        no("team!:payments");
        yes("team!:ledger,risk");
        no("team!:ledger,payments");
        yes("owner:p-tomasz");
        yes("owner:\"tomasz wilk\"");
        no("owner!:p-tomasz");
        yes("owner~wilk");
        yes("workspace:payments-api");
        yes("workspace:ws-payments-api-7f3");
        yes("image~base");
        yes("image.digest~sha256:9c");
        yes("host:\"\"");
        no("host!:\"\"");
        yes("state:running");
        yes("state:Running,frozen");
        yes("state~un");
        no("state~stop");
        yes("signed:yes");
        no("imageSigned:false");
        no("isolated:true");
        yes("held:5");
        yes("held:1,5");
        yes("leases>4");
        no("leases>5");
        yes("leases<=5");
        no("leases<5");
        yes("agents!:0");
        yes("payments");
        yes("wilk");
        yes("running");
        no("melted");
        yes("\"payments-api\"");
        no("!payments");
        yes("nothing OR wilk");
        // Times
        yes("started<8h");
        no("started<4h");
        yes("started<=4h");
        no("started>8h");
        yes("age>3h59m");
        yes("started:2026-03-17");
        no("started:2026-03-16");
        yes("started:2026-03-17T08:00");
        yes("started:2026-03-17T08:00:00Z");
        yes("started:2026-03-17T09:00+01:00");
        yes("created>2026-02");
        no("created>2026-03");
        yes("created>=2026-03");
        no("created<2026-03-01");
        yes("created<=2026-03-01");
        yes("created:2026");
        no("created>2026-03-01T09:30");
        yes("created>2026-03-01T09:29");
        yes("created<2026-03-01T09:31");
        yes("created>10d");
        no("observed<8h");
        no("observed>8h");
        no("observed>2000");
        yes("observed:\"\"");
        no("started:\"\"");
        yes("started!:\"\"");
    }
    void matches()
    {
        QFETCH(bool, expected);
        const QString filter = QString::fromUtf8(QTest::currentDataTag());
        const auto predicate = predicateFrom<Workspace>(filter);
        QVERIFY2(predicate, qPrintable(predicate ? QString() : predicate.error().message));
        QCOMPARE(predicate->matches(sample(), noon), expected);
    }

    void deadlinesAreNearInBothDirections()
    {
        struct {
            const char *filter;
            bool expected;
        } rows[] = {{"started<1h", true}, {"started>1h", false}, {"started>30m", true}};
        Workspace workspace;
        workspace.started = noon + 45min;
        for (const auto &row : rows)
            QCOMPARE(predicateFrom<Workspace>(QString::fromLatin1(row.filter))->matches(workspace, noon), row.expected);
    }

    void otherKinds()
    {
        Process process;
        process.cpu = 11.4;
        process.memory = 266'000'000;
        process.pid = 540;
        process.command = Untrusted(u"agentd --task PAY-2291"_s);
        for (const char *filter : {"cpu>11", "cpu>=11.4", "cpu<=11.4", "cpu:11.4,3", "memory>250MB", "memory<1GiB",
                                   "memory:266000kB", "pid:540", "pid>=540", "pay-2291", "command~--task"})
            QVERIFY2(predicateFrom<Process>(QString::fromLatin1(filter))->matches(process, noon), filter);
        for (const char *filter : {"cpu>11.4", "cpu<11.4", "cpu!:11.4", "memory>266MB", "pid!:540"})
            QVERIFY2(!predicateFrom<Process>(QString::fromLatin1(filter))->matches(process, noon), filter);
        AuditEvent event;
        event.actorName = Untrusted(u"refactor-12"_s);
        event.action = u"tool.call"_s;
        QVERIFY(predicateFrom<AuditEvent>(u"actor:refactor-12 action~tool status:success")->matches(event, noon));
    }

    void problems_data()
    {
        QTest::addColumn<QString>("part");
        QTest::addColumn<QString>("suggestion");
        const auto row = [](const char *filter, const char *part, const char *suggestion) {
            QTest::newRow(filter) << QString::fromUtf8(part) << QString::fromUtf8(suggestion);
        };
        row("tema:payments", "tema", "team");
        row("a regoin:x", "regoin", "region");
        row("ownr:x", "ownr", "owner");
        row("sha256:9c41", "sha256", "");
        row("state:runing", "runing", "running");
        row("state:xyzzy", "xyzzy", "");
        row("state>running", "state>running", "");
        row("team>=a", "team>=a", "");
        row("leases~3", "leases~3", "");
        row("leases:many", "many", "");
        row("leases:3.5", "3.5", "");
        row("leases:99999999999999999999", "99999999999999999999", "");
        row("signed:maybe", "maybe", "");
        row("started:8h", "8h", "");
        row("started<soon", "soon", "");
        row("started<8x", "8x", "");
        row("started<1h2h", "1h2h", "");
        row("started<999999999999w", "999999999999w", "");
        row("started>2026-13-01", "2026-13-01", "");
        row("started>2026-3-1", "2026-3-1", "");
        row("started<\"\"", "\"\"", "");
    }
    void problems()
    {
        QFETCH(QString, part);
        const QString filter = QString::fromUtf8(QTest::currentDataTag());
        const auto predicate = compile<Workspace>(parse(filter).value());
        QVERIFY(!predicate);
        const Problem &problem = predicate.error();
        QCOMPARE(filter.mid(problem.span.from, problem.span.length), part);
        QTEST(problem.suggestion, "suggestion");
        QVERIFY(!problem.message.isEmpty());
        const auto refused = predicateFrom<Workspace>(filter);
        QVERIFY(!refused);
        QVERIFY(refused.error().message.contains(problem.message));
        QVERIFY(refused.error().message.contains(problem.suggestion));
    }

    void relativeFiltersSaySo()
    {
        QVERIFY(predicateFrom<Workspace>(u"a started<8h")->program().relative);
        QVERIFY(!predicateFrom<Workspace>(u"a started>2026-03-01")->program().relative);
        QVERIFY(predicateFrom<Workspace>(u" ")->matchesAll());
    }

    void everyFieldCanBeAsked()
    {
        for (const auto &field : fieldsOf<Workspace>()) {
            const QString name = QString::fromLatin1(field.name);
            QCOMPARE(bool(schemaOf<Workspace>().resolve(name).isEmpty()), !(field.flags & Filterable));
        }
    }

    void aliasesMeanSomething()
    {
        for (const Alias &alias : aliases()) {
            const QString name = QString::fromLatin1(alias.name);
            const bool known = !schemaOf<Workspace>().resolve(name).isEmpty() ||
                               !schemaOf<AuditEvent>().resolve(name).isEmpty() ||
                               !schemaOf<Process>().resolve(name).isEmpty() || name == u"holder"_s;
            QVERIFY2(known, alias.name);
        }
    }

    void ordersRows()
    {
        Workspace a = sample(), b = sample();
        b.name = Untrusted(u"PAYMENTS-b"_s);
        b.leases = 7;
        b.state = WorkspaceState::Frozen;
        QVERIFY(compareBy(*findField<Workspace>(u"name"), a, b) < 0);
        QVERIFY(compareBy(*findField<Workspace>(u"leases"), b, a) > 0);
        QVERIFY(compareBy(*findField<Workspace>(u"state"), a, b) < 0);
        QCOMPARE(compareBy(*findField<Workspace>(u"created"), a, b), 0);
    }
};

QTEST_APPLESS_MAIN(PredicateTest)
#include "tst_predicate.moc"
