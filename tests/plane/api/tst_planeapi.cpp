// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/access/rights.h"
#include "models/crypto/certificate.h"
#include "models/wire/self.h"
#include "tests/plane/api/planefixture.h"

#include <QtCore/QCryptographicHash>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace parapet;
using namespace parapet::planetest;
using plane::Interface;

namespace {

/// A service that goes on accepting what it was told to drop.
class StubbornTarget final : public plane::TargetService
{
public:
    using TargetService::TargetService;
    bool drop(const LeaseId &) override { return true; }
};

HttpReply tryLease(const PlaneFixture &fixture, const QJsonObject &held)
{
    PlaneClient target(held.value("endpoint"_L1).toString(), fixture.plane->announcement().ca, {});
    const QByteArray secret = QByteArray::fromBase64(held.value("secret"_L1).toString().toLatin1());
    const QByteArray user = held.value("userName"_L1).toString().toUtf8();
    return target.get("/v1/try", {{"Authorization", user.isEmpty() ? "Bearer " + secret : "Basic " + (user + ':' + secret).toBase64()}});
}

} // namespace

class TestPlaneApi : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsWhoCalls();
    void refusesStrangers();
    void deniesByDefault();
    void scopesLists();
    void recordsEachCall();
    void selfSaysRightsAndUntilWhen();
    void repeatsGiveTheFirstAnswer();
    void repeatedRuntimeCallsDoNothingTwice();
    void staleVersionsAreRefused();
    void refusesBadInput_data();
    void refusesBadInput();
    void pagesStayWholeUnderChange();
    void jumpsAndCounts();
    void revokesASimulatedWorkspace();
    void provesALeaseThatSurvives();
    void suspendsAndReinstates();
    void clocksEndSessionsAndLeases();
    void aTokenIsReplaced();
    void aRenewedLeaseGetsAnotherSecret();
    void recordsStatements();
    void snapshotsOfSimulatedOnesAreWhole();
};

void TestPlaneApi::tellsWhoCalls()
{
    PlaneFixture fixture(0);
    QVERIFY2(fixture.start(), qPrintable(fixture.failure));
    QCOMPARE(fixture.client().get("/v1/self").text("id"), u"karin.lindqvist"_s);
    QCOMPARE(fixture.client(Interface::Control, fixture.plane->announcement().prober).get("/v1/self").text("kind"), u"service"_s);
    // An identity issued while the plane runs is known at its first call.
    const QString file = fixture.identity(u"ada"_s, u"viewer"_s);
    QVERIFY(!file.isEmpty());
    QVERIFY(!(QFile::permissions(file) & (QFile::ReadGroup | QFile::ReadOther)));
    QCOMPARE(fixture.client(Interface::Control, file).get("/v1/self").text("id"), u"ada"_s);
}

void TestPlaneApi::refusesStrangers()
{
    PlaneFixture fixture(0);
    QVERIFY(fixture.start());
    const plane::Announcement &said = fixture.plane->announcement();
    QCOMPARE(PlaneClient(said.control, said.ca, {}).get("/v1/self").status, 0); // no certificate: no conversation

    const auto foreign = crypto::CertificateAuthority::create(u"Somebody else"_s);
    QVERIFY(foreign.issueClient(u"karin.lindqvist"_s, u"Karin"_s, {}).save(fixture.file(u"foreign.pem"_s)));
    QCOMPARE(fixture.client(Interface::Control, fixture.file(u"foreign.pem"_s)).get("/v1/self").status, 0);

    auto stored = crypto::Identity::load(fixture.options.dataFolder + u"/ca-key.pem"_s);
    QVERIFY(stored);
    const auto authority = crypto::CertificateAuthority::fromIdentity(std::move(*stored));
    QVERIFY(authority->issueClient(u"nobody-knows"_s, u"Nobody"_s, {}).save(fixture.file(u"unknown.pem"_s)));
    const HttpReply unknown = fixture.client(Interface::Control, fixture.file(u"unknown.pem"_s)).get("/v1/self");
    QCOMPARE(unknown.status, 401);
    QCOMPARE(unknown.header("Content-Type"), "application/problem+json");

    MovableClock past;
    past.advance(-std::chrono::hours(48));
    QVERIFY(authority->issueClient(u"karin.lindqvist"_s, u"Karin"_s, crypto::Validity{past, std::chrono::hours(24)}).save(fixture.file(u"expired.pem"_s)));
    QCOMPARE(fixture.client(Interface::Control, fixture.file(u"expired.pem"_s)).get("/v1/self").status, 0);

    QTRY_VERIFY(fixture.client(Interface::Audit).get("/v1/events?filter=action:connection.refuse").items().size() >= 4);
}

void TestPlaneApi::deniesByDefault()
{
    PlaneFixture fixture;
    QVERIFY(fixture.start());
    const QString viewer = fixture.identity(u"vera"_s, u"viewer"_s);
    QCOMPARE(fixture.client(Interface::Control, viewer).get("/v1/workspaces").status, 200);
    const HttpReply revoke = fixture.client(Interface::Control, viewer).post("/v1/workspaces/sim-000001/revoke", {{u"reason"_s, u"x"_s}});
    QCOMPARE(revoke.status, 403);
    QCOMPARE(revoke.text("code"), u"Forbidden"_s);
    QCOMPARE(fixture.client(Interface::Control, viewer).get("/v1/workspaces/sim-000001/held-secrets").status, 403);
    QCOMPARE(fixture.client(Interface::Agent, viewer).post("/v1/workspaces/sim-000001/terminate").status, 403);
    QCOMPARE(fixture.client(Interface::Audit, viewer).get("/v1/events").status, 403);
    // The prober tries things; it cannot do anything.
    const QString prober = fixture.plane->announcement().prober;
    QCOMPARE(fixture.client(Interface::Control, prober).get("/v1/workspaces/sim-000001/held-secrets").status, 200);
    QCOMPARE(fixture.client(Interface::Control, prober).post("/v1/workspaces/sim-000001/revoke").status, 403);
    QCOMPARE(fixture.client().get("/v1/workspaces/sim-000001").text("state"), u"running"_s);
    const QJsonArray denied = fixture.client(Interface::Audit).get("/v1/events?filter=outcome:denied%20actor:vera").items();
    QCOMPARE(denied.size(), 4);
    QCOMPARE(denied.last().toObject().value("action"_L1).toString(), u"workspace.revoke"_s);
}

void TestPlaneApi::scopesLists()
{
    PlaneFixture fixture;
    QVERIFY(fixture.start());
    const QString mine = fixture.identity(u"dev"_s, u"developer"_s, u"project:payments-api"_s);
    const QJsonArray seen = fixture.client(Interface::Control, mine).get("/v1/workspaces").items();
    QCOMPARE(seen.size(), 2);
    for (const QJsonValue row : seen)
        QCOMPARE(row.toObject().value("project"_L1).toString(), u"payments-api"_s);
    QCOMPARE(fixture.client(Interface::Control, mine).get("/v1/workspaces/counts?by=state").json().value("total"_L1).toInteger(), 2);
    QCOMPARE(fixture.client(Interface::Control, mine).get("/v1/workspaces/ws-payments-api-7f3").status, 200);
    QCOMPARE(fixture.client(Interface::Control, mine).get("/v1/workspaces/ws-ledger-core-21c").status, 403);
    QCOMPARE(fixture.client(Interface::Control, mine).get("/v1/workspaces/none").status, 403); // says nothing about what exists
    QCOMPARE(fixture.client().get("/v1/workspaces/none").status, 404);
}

void TestPlaneApi::recordsEachCall()
{
    PlaneFixture fixture;
    QVERIFY(fixture.start());
    PlaneClient audit = fixture.client(Interface::Audit);
    const qint64 before = audit.get("/v1/head").json().value("size"_L1).toInteger();
    PlaneClient control = fixture.client();
    for (int i = 0; i < 5; ++i)
        QCOMPARE(control.get("/v1/workspaces?limit=" + QByteArray::number(i + 1)).status, 200);
    QCOMPARE(control.get("/v1/nothing").status, 404);
    QCOMPARE(control.request("DELETE", "/v1/workspaces", {}, {}).status, 405);
    QCOMPARE(audit.get("/v1/head").json().value("size"_L1).toInteger(), before + 8); // and the first head's own
    const QJsonArray events = audit.get("/v1/events?limit=9&filter=origin:control").items();
    QCOMPARE(events.at(0).toObject().value("action"_L1).toString(), u"call.unknown"_s);
    const QJsonObject list = events.at(2).toObject();
    QCOMPARE(list.value("action"_L1).toString(), u"workspace.list"_s);
    QCOMPARE(list.value("actor"_L1).toString(), u"karin.lindqvist"_s);
    QCOMPARE(list.value("source"_L1).toString(), u"127.0.0.1"_s);
    QCOMPARE(list.value("detail"_L1).toString(), u"limit=5"_s);
    const HttpReply self = control.get("/v1/self");
    QCOMPARE(audit.get("/v1/events?filter=requestId:" + self.header("X-Request-Id")).items().size(), 1);
}

void TestPlaneApi::selfSaysRightsAndUntilWhen()
{
    PlaneFixture fixture;
    QVERIFY(fixture.start());
    const QString file = fixture.identity(u"pia"_s, u"viewer"_s, u"project:payments"_s);
    const HttpReply reply = fixture.client(Interface::Control, file).get("/v1/self");
    QCOMPARE(reply.status, 200);
    const auto self = wire::fromJson<Self>(reply.json(), wire::Unknown::Refuse);
    QVERIFY2(self, qPrintable(self ? QString() : self.error().detail));
    const auto rights = access::Rights::fromGrants(self->rights);
    QVERIFY(rights);
    QVERIFY(rights->allows(u"workspace:read"_s, {u"ws-1"_s, u"payments"_s}));
    QVERIFY(!rights->allows(u"workspace:read"_s, {u"ws-1"_s, u"risk"_s}));
    QVERIFY(!rights->allowsSomewhere(u"workspace:revoke"_s));
    QVERIFY(!rights->allowsSomewhere(u"audit:read"_s));
    QFile pem(file);
    QVERIFY(pem.open(QIODevice::ReadOnly));
    QCOMPARE(self->acceptedUntil, crypto::Certificate::fromPem(pem.readAll())->notAfter());
}

void TestPlaneApi::repeatsGiveTheFirstAnswer()
{
    PlaneFixture fixture;
    QVERIFY(fixture.start());
    const QString session = fixture.client().get("/v1/workspaces/sim-000001/sessions").items().first().toObject().value("id"_L1).toString();
    const QByteArray path = "/v1/sessions/" + session.toUtf8() + "/end";
    const Headers key{{"Idempotency-Key", "key-1"}};
    const HttpReply first = fixture.client().post(path, {{u"reason"_s, u"test"_s}}, key);
    QCOMPARE(first.status, 200);
    const qint64 ended = fixture.client(Interface::Audit).get("/v1/events?filter=action:session.end%20session:" + session.toUtf8()).json().value("total"_L1).toInteger();
    const HttpReply again = fixture.client().post(path, {{u"reason"_s, u"test"_s}}, key);
    QCOMPARE(again.status, 200);
    QCOMPARE(again.body, first.body);
    QCOMPARE(again.header("ETag"), first.header("ETag"));
    const HttpReply other = fixture.client().post(path, {{u"reason"_s, u"another"_s}}, key);
    QCOMPARE(other.status, 409);
    QCOMPARE(other.text("code"), u"Conflict"_s);
    const QJsonArray events = fixture.client(Interface::Audit).get("/v1/events?filter=action:session.end%20session:" + session.toUtf8()).items();
    QCOMPARE(events.size(), ended); // the repetition and the refusal name no session: nothing was done
    QCOMPARE(fixture.client().post(path, {}, {{"Idempotency-Key", "key-2"}}).json().value("version"_L1), first.json().value("version"_L1));
    QCOMPARE(fixture.client().request("POST", path, "{}", {}).status, 400); // no key at all
    // Over a restart too.
    fixture.stop();
    QVERIFY(fixture.start());
    QCOMPARE(fixture.client().post(path, {{u"reason"_s, u"test"_s}}, key).body, first.body);
    QCOMPARE(fixture.client().post(path, {{u"reason"_s, u"another"_s}}, key).status, 409);
}

void TestPlaneApi::repeatedRuntimeCallsDoNothingTwice()
{
    PlaneFixture fixture;
    QVERIFY(fixture.start());
    const Headers key{{"Idempotency-Key", "freeze-1"}};
    PlaneClient agent = fixture.client(Interface::Agent);
    const HttpReply frozen = agent.post("/v1/workspaces/sim-000001/freeze", {}, key);
    QCOMPARE(frozen.status, 200);
    QVERIFY(frozen.json().value("frozen"_L1).toBool());
    QVERIFY(frozen.json().value("simulated"_L1).toBool());
    QCOMPARE(agent.post("/v1/workspaces/sim-000001/thaw").status, 200);
    QCOMPARE(agent.post("/v1/workspaces/sim-000001/freeze", {}, key).body, frozen.body); // the answer, not the deed
    QCOMPARE(fixture.client().get("/v1/workspaces/sim-000001").text("state"), u"running"_s);
    QCOMPARE(agent.post("/v1/workspaces/sim-000002/freeze", {}, key).status, 409);
    QCOMPARE(agent.post("/v1/workspaces/none/freeze").status, 404);
}

void TestPlaneApi::staleVersionsAreRefused()
{
    PlaneFixture fixture;
    QVERIFY(fixture.start());
    const HttpReply row = fixture.client().get("/v1/workspaces/sim-000001");
    const QByteArray etag = row.header("ETag");
    QCOMPARE(etag, '"' + QByteArray::number(row.json().value("version"_L1).toInteger()) + '"');
    QCOMPARE(fixture.client(Interface::Agent).post("/v1/workspaces/sim-000001/isolate", {}, {{"If-Match", etag}}).status, 200);
    const HttpReply stale = fixture.client(Interface::Agent).post("/v1/workspaces/sim-000001/freeze", {}, {{"If-Match", etag}});
    QCOMPARE(stale.status, 412);
    QCOMPARE(stale.header("Content-Type"), "application/problem+json");
    QCOMPARE(fixture.client().get("/v1/workspaces/sim-000001").text("state"), u"running"_s);
    const QString lease = fixture.client().get("/v1/workspaces/sim-000001/leases").items().first().toObject().value("id"_L1).toString();
    QCOMPARE(fixture.client().post("/v1/leases/" + lease.toUtf8() + "/revoke", {}, {{"If-Match", "\"77\""}}).status, 412);
    QCOMPARE(fixture.client().get("/v1/leases/" + lease.toUtf8()).text("state"), u"active"_s);
}

void TestPlaneApi::refusesBadInput_data()
{
    QTest::addColumn<int>("interface");
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *name, Interface interface, const char *method, const char *target, const QByteArray &body, int status, const char *says) {
        QTest::newRow(name) << int(interface) << QByteArray(method) << QByteArray(target) << body << status << QString::fromLatin1(says);
    };
    row("unknown parameter", Interface::Control, "GET", "/v1/workspaces?nonsense=1", {}, 400, "nonsense");
    row("parameter twice", Interface::Control, "GET", "/v1/workspaces?limit=1&limit=2", {}, 400, "twice");
    row("limit", Interface::Control, "GET", "/v1/workspaces?limit=501", {}, 400, "500");
    row("limit as text", Interface::Control, "GET", "/v1/workspaces?limit=ten", {}, 400, "500");
    row("order", Interface::Control, "GET", "/v1/workspaces?order=up", {}, 400, "order");
    row("both places", Interface::Control, "GET", "/v1/workspaces?at=1&after=x", {}, 400, "not both");
    row("cursor", Interface::Control, "GET", "/v1/workspaces?after=x", {}, 400, "cursor");
    row("cursor of another list", Interface::Control, "GET", "/v1/workspaces?after=WyJuYW1lIixmYWxzZSwiIiwiYSIsImEiXQ", {}, 400, "cursor");
    row("sort", Interface::Control, "GET", "/v1/workspaces?sort=nonsense", {}, 400, "nonsense");
    row("filter", Interface::Control, "GET", "/v1/workspaces?filter=nonsense:1", {}, 400, "nonsense");
    row("count field", Interface::Control, "GET", "/v1/workspaces/counts?by=created", {}, 400, "created");
    row("unknown member", Interface::Control, "POST", "/v1/workspaces/sim-000001/revoke", "{\"reason\":\"x\",\"force\":true}", 400, "/force");
    row("wrong type", Interface::Control, "POST", "/v1/workspaces/sim-000001/revoke", "{\"reason\":7}", 400, "/reason");
    row("too long", Interface::Control, "POST", "/v1/workspaces/sim-000001/revoke", "{\"reason\":\"" + QByteArray(2001, 'x') + "\"}", 400, "/reason");
    row("no object", Interface::Control, "POST", "/v1/workspaces/sim-000001/revoke", "[]", 400, "object");
    row("no JSON", Interface::Control, "POST", "/v1/workspaces/sim-000001/revoke", "{\"reason\":", 400, "");
    row("member twice", Interface::Control, "POST", "/v1/workspaces/sim-000001/revoke", "{\"reason\":\"a\",\"reason\":\"b\"}", 400, "");
    row("missing member", Interface::Control, "POST", "/v1/principals/tomasz.wilk/suspend", "{}", 400, "/suspended");
    row("statement without action", Interface::Audit, "POST", "/v1/events", "{\"target\":\"x\"}", 400, "/action");
    row("statement's outcome", Interface::Audit, "POST", "/v1/events", "{\"action\":\"a.b\",\"outcome\":\"maybe\"}", 400, "/outcome");
    row("event index", Interface::Audit, "GET", "/v1/events/minus", {}, 400, "");
    row("slices", Interface::Audit, "GET", "/v1/activity?from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z&sliceSeconds=1", {}, 400, "");
    row("times", Interface::Audit, "GET", "/v1/activity?from=yesterday&to=today", {}, 400, "");
    row("wrong interface", Interface::Audit, "GET", "/v1/workspaces", {}, 404, "");
    row("too large", Interface::Control, "POST", "/v1/workspaces/sim-000001/revoke", QByteArray((1 << 20) + 1, ' '), 413, "");
}

void TestPlaneApi::refusesBadInput()
{
    static PlaneFixture *fixture = [] {
        auto *made = new PlaneFixture;
        if (!made->start())
            qFatal("the plane does not start");
        return made;
    }();
    QFETCH(int, interface);
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    QFETCH(QString, says);
    Headers headers;
    if (method == "POST")
        headers = {{"Idempotency-Key", newIdentifier(u"k").toLatin1()}, {"Content-Type", "application/json"}};
    const HttpReply reply = fixture->client(Interface(interface)).request(method, target, body, headers);
    QCOMPARE(reply.status, status);
    QCOMPARE(reply.header("Content-Type"), "application/problem+json");
    QCOMPARE(reply.json().value("status"_L1).toInt(), status);
    QVERIFY2(reply.text("detail").contains(says), qPrintable(reply.text("detail")));
    const QJsonObject row = fixture->client().get("/v1/workspaces/sim-000001").json();
    QCOMPARE(row.value("version"_L1).toInt(), 1); // nothing changed
}

void TestPlaneApi::pagesStayWholeUnderChange()
{
    PlaneFixture fixture(60);
    QVERIFY(fixture.start());
    PlaneClient control = fixture.client();
    const QByteArray filter = "&filter=simulated:true";
    QStringList seen;
    QByteArray next;
    int turn = 0;
    do {
        const HttpReply page = control.get("/v1/workspaces?sort=name&limit=7" + filter + (next.isEmpty() ? QByteArray() : "&after=" + next));
        QCOMPARE(page.status, 200);
        QCOMPARE(page.json().value("total"_L1).toInteger(), 60);
        for (const QJsonValue row : page.items())
            seen << row.toObject().value("id"_L1).toString();
        next = page.text("next").toLatin1();
        // Somebody changes rows before, on and after the place where the reader stands.
        const QByteArray id = "sim-0000" + QByteArray::number(10 + turn++ * 5);
        fixture.client(Interface::Agent).post("/v1/workspaces/" + id + "/pause-agent");
    } while (!next.isEmpty());
    QCOMPARE(seen.size(), 60);
    seen.removeDuplicates();
    QCOMPARE(seen.size(), 60);
}

void TestPlaneApi::jumpsAndCounts()
{
    PlaneFixture fixture(200);
    QVERIFY(fixture.start());
    PlaneClient control = fixture.client();
    const QJsonArray all = control.get("/v1/workspaces?sort=started&order=desc&limit=500").items();
    QCOMPARE(all.size(), 224);
    QCOMPARE(control.get("/v1/workspaces?sort=started&order=desc&limit=3&at=100").items().first().toObject().value("id"_L1),
             all.at(100).toObject().value("id"_L1));
    QVERIFY(control.get("/v1/workspaces?limit=3&at=9999").items().isEmpty());
    qint64 sum = 0;
    for (const QJsonValue bucket : control.get("/v1/workspaces/counts?by=region").items())
        sum += bucket.toObject().value("count"_L1).toInteger();
    QCOMPARE(sum, 224);
    QCOMPARE(control.get("/v1/workspaces/counts?by=simulated&filter=simulated:true").json().value("total"_L1).toInteger(), 200);
}

void TestPlaneApi::revokesASimulatedWorkspace()
{
    PlaneFixture fixture;
    QVERIFY(fixture.start());
    PlaneClient control = fixture.client();
    PlaneClient agent = fixture.client(Interface::Agent);
    const QJsonArray held = control.get("/v1/workspaces/sim-000001/held-secrets").items();
    QVERIFY(held.size() >= 2);
    const QByteArray token = QByteArray::fromBase64(held.first().toObject().value("secret"_L1).toString().toLatin1());
    QCOMPARE(held.first().toObject().value("endpoint"_L1).toString(), fixture.plane->announcement().control + u"/v1/token"_s);
    QCOMPARE(control.get("/v1/token", {{"Authorization", "Bearer " + token}}).status, 200);
    QCOMPARE(tryLease(fixture, held.last().toObject()).status, 200);

    // Revoked while it runs: credentials end at once, the state waits for the observation.
    const HttpReply asked = control.post("/v1/workspaces/sim-000001/revoke", {{u"reason"_s, u"INC-0147"_s}});
    QCOMPARE(asked.status, 200);
    QCOMPARE(asked.text("state"), u"running"_s);
    QCOMPARE(asked.json().value("sessions"_L1).toInt(), 0);
    QCOMPARE(asked.json().value("leases"_L1).toInt(), 0);
    const HttpReply refused = control.get("/v1/token", {{"Authorization", "Bearer " + token}});
    QCOMPARE(refused.status, 401);
    QVERIFY(refused.header("WWW-Authenticate").contains("invalid_token"));
    QCOMPARE(tryLease(fixture, held.last().toObject()).status, 401);
    QCOMPARE(control.get("/v1/workspaces/sim-000001/held-secrets").items().size(), held.size()); // still to be tried

    QCOMPARE(agent.post("/v1/workspaces/sim-000001/terminate").json().value("exists"_L1).toBool(true), false);
    QCOMPARE(control.get("/v1/workspaces/sim-000001").text("state"), u"revoked"_s);
    QCOMPARE(agent.get("/v1/workspaces/sim-000001/state").json().value("exists"_L1).toBool(true), false);
    QCOMPARE(agent.post("/v1/workspaces/sim-000001/freeze").status, 409);
    const QJsonArray events = fixture.client(Interface::Audit).get("/v1/events?filter=workspace:sim-000001%20reason:INC-0147").items();
    QVERIFY(events.size() >= 3); // the revocation, each session, each lease
    // Another start leaves it as it is.
    fixture.stop();
    QVERIFY(fixture.start());
    QCOMPARE(fixture.client().get("/v1/workspaces/sim-000001").text("state"), u"revoked"_s);
    QCOMPARE(tryLease(fixture, fixture.client().get("/v1/workspaces/sim-000001/held-secrets").items().last().toObject()).status, 401);
}

void TestPlaneApi::provesALeaseThatSurvives()
{
    plane::PlaneParts parts;
    parts.target = [](LeaseKind kind, const QString &name) { return std::make_unique<StubbornTarget>(kind, name); };
    PlaneFixture fixture(20, parts);
    QVERIFY(fixture.start());
    const QJsonObject held = fixture.client().get("/v1/workspaces/sim-000001/held-secrets").items().last().toObject();
    QCOMPARE(held.value("kind"_L1).toString(), u"leaseSecret"_s);
    const QByteArray lease = held.value("subject"_L1).toString().toUtf8();
    QCOMPARE(fixture.client().post("/v1/leases/" + lease + "/revoke").text("state"), u"revoked"_s);
    QCOMPARE(tryLease(fixture, held).status, 200); // the record says revoked, the service says otherwise: only trying tells
}

void TestPlaneApi::suspendsAndReinstates()
{
    PlaneFixture fixture;
    QVERIFY(fixture.start());
    PlaneClient control = fixture.client();
    const QJsonObject session = control.get("/v1/workspaces/sim-000001/sessions").items().first().toObject();
    const QByteArray actor = session.value("actor"_L1).toString().toUtf8();
    const HttpReply suspended = control.post("/v1/principals/" + actor + "/suspend", {{u"suspended"_s, true}, {u"reason"_s, u"left"_s}});
    QCOMPARE(suspended.status, 200);
    QVERIFY(suspended.json().value("suspended"_L1).toBool());
    QCOMPARE(control.get("/v1/sessions/" + session.value("id"_L1).toString().toUtf8()).text("state"), u"ended"_s);
    const HttpReply back = control.post("/v1/principals/" + actor + "/suspend", {{u"suspended"_s, false}});
    QVERIFY(!back.json().value("suspended"_L1).toBool(true));
    QCOMPARE(control.post("/v1/principals/karin.lindqvist/suspend", {{u"suspended"_s, true}}).status, 400);
    QCOMPARE(control.post("/v1/principals/none/suspend", {{u"suspended"_s, true}}).status, 404);
    // A suspended operator's certificate opens nothing.
    const QString file = fixture.identity(u"otto"_s, u"operator"_s);
    PlaneClient otto = fixture.client(Interface::Control, file);
    QCOMPARE(otto.get("/v1/self").status, 200);
    QCOMPARE(control.post("/v1/principals/otto/suspend", {{u"suspended"_s, true}}).status, 200);
    QCOMPARE(otto.get("/v1/self").status, 401);
}

void TestPlaneApi::clocksEndSessionsAndLeases()
{
    MovableClock clock;
    plane::PlaneParts parts;
    parts.clock = &clock;
    PlaneFixture fixture(20, parts);
    QVERIFY(fixture.start());
    const QJsonArray held = fixture.client().get("/v1/workspaces/sim-000001/held-secrets").items();
    const QByteArray session = held.first().toObject().value("subject"_L1).toString().toUtf8();
    const QByteArray token = QByteArray::fromBase64(held.first().toObject().value("secret"_L1).toString().toLatin1());
    const QByteArray lease = held.last().toObject().value("subject"_L1).toString().toUtf8();

    clock.advance(std::chrono::minutes(31));
    // The clock holds even before a timer has acted on it.
    QCOMPARE(fixture.client().get("/v1/token", {{"Authorization", "Bearer " + token}}).status, 401);
    fixture.plane->actOnClocks();
    QTRY_COMPARE(fixture.client().get("/v1/sessions/" + session).text("state"), u"ended"_s);
    QCOMPARE(fixture.client().get("/v1/leases/" + lease).text("state"), u"active"_s);

    clock.advance(std::chrono::hours(9));
    fixture.plane->actOnClocks();
    QTRY_COMPARE(fixture.client().get("/v1/leases/" + lease).text("state"), u"expired"_s);
    QCOMPARE(tryLease(fixture, held.last().toObject()).status, 401);
    QCOMPARE(fixture.client().get("/v1/workspaces/sim-000001").json().value("leases"_L1).toInt(), 0);
    QVERIFY(!fixture.client(Interface::Audit).get("/v1/events?filter=action:lease.expire").items().isEmpty());

    clock.advance(std::chrono::hours(25));
    fixture.plane->broker().forgetOldSecrets();
    QTRY_VERIFY(fixture.client().get("/v1/workspaces/sim-000001/held-secrets").items().isEmpty());
}

void TestPlaneApi::aTokenIsReplaced()
{
    MovableClock clock;
    plane::PlaneParts parts;
    parts.clock = &clock;
    PlaneFixture fixture(20, parts);
    QVERIFY(fixture.start());
    const QJsonObject before = fixture.client().get("/v1/workspaces/sim-000001/held-secrets").items().first().toObject();
    const QString id = before.value("subject"_L1).toString();
    // A session whose token is due before the session is: eight hours are over sooner than a day, so it is made so.
    QVERIFY(fixture.plane->store().perform([&](plane::Unit &unit) {
        Session session = *unit.find<Session>(id);
        session.rotates = unit.now() + std::chrono::minutes(1);
        unit.put(session);
    }));
    fixture.stop();
    QVERIFY(fixture.start());
    const auto tokensOf = [&] {
        QVector<QByteArray> tokens;
        for (const QJsonValue &held : fixture.client().get("/v1/workspaces/sim-000001/held-secrets").items()) {
            if (held["subject"_L1].toString() == id)
                tokens.append(QByteArray::fromBase64(held["secret"_L1].toString().toLatin1()));
        }
        return tokens;
    };
    const auto statusOf = [&](const QByteArray &token) { return fixture.client().get("/v1/token", {{"Authorization", "Bearer " + token}}).status; };
    const QVector<QByteArray> old = tokensOf();
    QCOMPARE(old.size(), 1);
    QCOMPARE(statusOf(old.first()), 200);
    clock.advance(std::chrono::minutes(2));
    fixture.plane->actOnClocks();
    QTRY_COMPARE(tokensOf().size(), 2); // the old one stays sealed, so that it can be tried
    QCOMPARE(statusOf(old.first()), 401);
    QVector<QByteArray> both = tokensOf();
    both.removeOne(old.first());
    QCOMPARE(statusOf(both.first()), 200);
    QCOMPARE(fixture.client().get("/v1/sessions/" + id.toUtf8()).text("state"), u"open"_s);
}

void TestPlaneApi::aRenewedLeaseGetsAnotherSecret()
{
    MovableClock clock;
    plane::PlaneParts parts;
    parts.clock = &clock;
    PlaneFixture fixture(20, parts);
    QVERIFY(fixture.start());
    const QJsonObject held = fixture.client().get("/v1/workspaces/sim-000001/held-secrets").items().last().toObject();
    const QString id = held.value("subject"_L1).toString();
    const auto renew = [&] {
        return fixture.plane->store().perform([&](plane::Unit &unit) {
            const auto lease = unit.find<Lease>(id);
            fixture.plane->broker().renewLease(unit, *lease, std::chrono::hours(10), plane::brokerEvent());
        });
    };
    const auto timeOf = [&](const char *field) { return fromRfc3339(fixture.client().get("/v1/leases/" + id.toUtf8()).text(field)).value_or(Instant{}); };
    const Instant last = timeOf("issued") + plane::tokenRotation;
    // For a day it is the same one, made longer.
    while (timeOf("expires") < last) {
        QVERIFY(timeOf("expires") > clock.now());
        clock.advance((timeOf("expires") - clock.now()) / 2);
        fixture.plane->actOnClocks();
        QVERIFY(renew());
        QCOMPARE(tryLease(fixture, held).status, 200);
        QVERIFY(timeOf("expires") <= last);
    }
    QCOMPARE(fixture.client().get("/v1/leases/" + id.toUtf8()).text("state"), u"active"_s);
    const int leases = fixture.client().get("/v1/workspaces/sim-000001").json().value("leases"_L1).toInt();
    QVERIFY(renew());
    // Then another takes its place: same name and target, its own secret.
    QCOMPARE(fixture.client().get("/v1/leases/" + id.toUtf8()).text("state"), u"revoked"_s);
    QCOMPARE(tryLease(fixture, held).status, 401);
    QCOMPARE(fixture.client().get("/v1/workspaces/sim-000001").json().value("leases"_L1).toInt(), leases);
    QJsonObject next;
    for (const QJsonValue &other : fixture.client().get("/v1/workspaces/sim-000001/held-secrets").items()) {
        if (other["label"_L1] == held["label"_L1] && other["target"_L1] == held["target"_L1] && other["subject"_L1].toString() != id)
            next = other.toObject();
    }
    QVERIFY(!next.isEmpty());
    QVERIFY(next.value("secret"_L1) != held.value("secret"_L1));
    QCOMPARE(tryLease(fixture, next).status, 200);
}

void TestPlaneApi::recordsStatements()
{
    PlaneFixture fixture(0);
    QVERIFY(fixture.start());
    const QJsonObject draft{{u"action"_s, u"revoke.begin"_s}, {u"target"_s, u"ws-payments-api-7f3"_s}, {u"workspace"_s, u"ws-payments-api-7f3"_s},
                            {u"reason"_s, u"INC-0147 \u202e"_s}, {u"detail"_s, u"op-1"_s}};
    const Headers key{{"Idempotency-Key", "statement-1"}};
    const HttpReply recorded = fixture.client(Interface::Audit).post("/v1/events", draft, key);
    QCOMPARE(recorded.status, 200);
    const QByteArray index = QByteArray::number(recorded.json().value("index"_L1).toInteger());
    const HttpReply stored = fixture.client(Interface::Audit).get("/v1/events/" + index);
    QCOMPARE(stored.json(), recorded.json());
    QCOMPARE(stored.text("origin"), u"console"_s);
    QCOMPARE(stored.json().value("originSequence"_L1).toInt(), 1);
    QCOMPARE(stored.text("reason"), u"INC-0147 \u202e"_s);
    QCOMPARE(fixture.client(Interface::Audit).post("/v1/events", draft, key).json(), recorded.json());
    QCOMPARE(fixture.client(Interface::Audit).get("/v1/events?filter=action:revoke.begin").json().value("total"_L1).toInt(), 1);
    QCOMPARE(fixture.client(Interface::Audit).get("/v1/events/999999").status, 404);
}

void TestPlaneApi::snapshotsOfSimulatedOnesAreWhole()
{
    PlaneFixture fixture;
    QVERIFY(fixture.start());
    PlaneClient agent = fixture.client(Interface::Agent);
    const Headers key{{"Idempotency-Key", "snap-1"}};
    const HttpReply taken = agent.post("/v1/workspaces/sim-000001/snapshots", {}, key);
    QCOMPARE(taken.status, 200);
    QCOMPARE(agent.post("/v1/workspaces/sim-000001/snapshots", {}, key).text("id"), taken.text("id"));
    const QByteArray path = "/v1/snapshots/" + taken.text("id").toUtf8();
    const HttpReply snapshot = agent.get(path);
    QVERIFY(snapshot.json().value("complete"_L1).toBool());
    const HttpReply archive = fixture.client(Interface::Agent).get(path + "/archive");
    QCOMPARE(archive.header("Content-Type"), "application/x-tar");
    QCOMPARE(QString::fromLatin1(QCryptographicHash::hash(archive.body, QCryptographicHash::Sha256).toHex()), snapshot.text("archiveSha256"));
    const HttpReply manifest = fixture.client(Interface::Agent).get(path + "/manifest");
    QCOMPARE(QString::fromLatin1(QCryptographicHash::hash(manifest.body, QCryptographicHash::Sha256).toHex()), snapshot.text("manifestSha256"));
    QVERIFY(manifest.json().value("path"_L1).isString());
    QCOMPARE(agent.get("/v1/snapshots/none").status, 404);
}

QTEST_GUILESS_MAIN(TestPlaneApi)
#include "tst_planeapi.moc"
