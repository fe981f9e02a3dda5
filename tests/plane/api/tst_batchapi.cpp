// SPDX-License-Identifier: GPL-3.0-or-later
// Several calls in one request: each is a call like any other.
#include "models/wire/batch.h"
#include "tests/plane/api/planefixture.h"

#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace parapet;
using namespace parapet::planetest;
using plane::Interface;

class TestBatchApi : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void readsAreAnsweredAsIfAlone();
    void oneConflictsTheOthersProceed();
    void eachNeedsItsRight();
    void eachIsAnEvent();
    void repeatedItemsDoNothingTwice();
    void theSameKeyTwiceIsOneDeed();
    void badBatchesDoNothing_data();
    void badBatchesDoNothing();
    void noBatchesAndNoStreamsInside();
    void otherInterfacesPathsAreNotThere();
    void evidenceComesWhole();
    void heldTokensAreTriedOneByOne();
    void strangersGetNothing();

private:
    static QJsonObject get(const QString &path, const QJsonObject &headers = {})
    {
        QJsonObject item{{u"method"_s, u"GET"_s}, {u"path"_s, path}};
        if (!headers.isEmpty())
            item[u"headers"_s] = headers;
        return item;
    }
    static QJsonObject post(const QString &path, const QString &key, const QJsonObject &body = {{u"reason"_s, u"test"_s}}, const QString &ifMatch = {})
    {
        QJsonObject headers{{u"Idempotency-Key"_s, key}};
        if (!ifMatch.isEmpty())
            headers[u"If-Match"_s] = ifMatch;
        return {{u"method"_s, u"POST"_s}, {u"path"_s, path}, {u"headers"_s, headers}, {u"body"_s, body}};
    }
    HttpReply batch(Interface interface, const QJsonArray &items, const QString &identity = {})
    {
        return m_fixture->client(interface, identity).request("POST", "/v1/batch", canonicalJson(QJsonObject{{u"items"_s, items}}), {{"Content-Type", "application/json"}});
    }
    static int statusOf(const HttpReply &reply, int item) { return reply.items().at(item).toObject().value("status"_L1).toInt(); }
    static QJsonObject bodyOf(const HttpReply &reply, int item) { return reply.items().at(item).toObject().value("body"_L1).toObject(); }
    qint64 events(const QByteArray &filter) { return m_fixture->client(Interface::Audit).get("/v1/events?filter=" + filter).json().value("total"_L1).toInteger(); }

    std::unique_ptr<PlaneFixture> m_fixture;
};

void TestBatchApi::initTestCase()
{
    m_fixture = std::make_unique<PlaneFixture>(30);
    QVERIFY2(m_fixture->start(), qPrintable(m_fixture->failure));
}

void TestBatchApi::readsAreAnsweredAsIfAlone()
{
    const HttpReply reply = batch(Interface::Control, {get(u"/v1/workspaces/sim-000001"_s), get(u"/v1/workspaces/none"_s), get(u"/v1/workspaces?limit=2"_s),
                                                       get(u"/v1/nothing"_s), get(u"/v1/workspaces?limit=0"_s)});
    QCOMPARE(reply.status, 200);
    QCOMPARE(reply.items().size(), 5);
    QCOMPARE(statusOf(reply, 0), 200);
    const HttpReply alone = m_fixture->client().get("/v1/workspaces/sim-000001");
    QCOMPARE(bodyOf(reply, 0).value("id"_L1), alone.json().value("id"_L1));
    QCOMPARE(reply.items().first().toObject().value("headers"_L1).toObject().value("ETag"_L1).toString().toLatin1(), alone.header("ETag"));
    QCOMPARE(statusOf(reply, 1), 404);
    QCOMPARE(bodyOf(reply, 1).value("code"_L1).toString(), u"NotFound"_s);
    QCOMPARE(statusOf(reply, 2), 200);
    QCOMPARE(bodyOf(reply, 2).value("items"_L1).toArray().size(), 2);
    QCOMPARE(statusOf(reply, 3), 404);
    QCOMPARE(statusOf(reply, 4), 400);
}

void TestBatchApi::oneConflictsTheOthersProceed()
{
    const QString stale = u"\"99\""_s;
    const HttpReply reply = batch(Interface::Agent, {post(u"/v1/workspaces/sim-000002/isolate"_s, u"b1-1"_s), post(u"/v1/workspaces/sim-000003/isolate"_s, u"b1-2"_s, {}, stale),
                                                     post(u"/v1/workspaces/none/isolate"_s, u"b1-3"_s), post(u"/v1/workspaces/sim-000004/isolate"_s, u"b1-4"_s)});
    QCOMPARE(reply.status, 200);
    QCOMPARE(statusOf(reply, 0), 200);
    QCOMPARE(statusOf(reply, 1), 412);
    QCOMPARE(statusOf(reply, 2), 404);
    QCOMPARE(statusOf(reply, 3), 200);
    const auto isolated = [this](const char *id) { return m_fixture->client().get(QByteArray("/v1/workspaces/") + id).json().value("isolated"_L1).toBool(); };
    QVERIFY(isolated("sim-000002"));
    QVERIFY(!isolated("sim-000003"));
    QVERIFY(isolated("sim-000004"));
}

void TestBatchApi::eachNeedsItsRight()
{
    const QString viewer = m_fixture->identity(u"vera"_s, u"viewer"_s);
    QVERIFY(!viewer.isEmpty());
    const HttpReply reply = batch(Interface::Control, {get(u"/v1/workspaces/sim-000005"_s), post(u"/v1/workspaces/sim-000005/revoke"_s, u"b2-1"_s),
                                                       get(u"/v1/workspaces/sim-000005/held-secrets"_s)}, viewer);
    QCOMPARE(reply.status, 200);
    QCOMPARE(statusOf(reply, 0), 200);
    QCOMPARE(statusOf(reply, 1), 403);
    QCOMPARE(statusOf(reply, 2), 403);
    QCOMPARE(m_fixture->client().get("/v1/workspaces/sim-000005").text("state"), u"running"_s);
    QCOMPARE(events("outcome:denied%20actor:vera%20action:workspace.revoke"), 1);
    // Scope counts item by item.
    const QString developer = m_fixture->identity(u"dev"_s, u"developer"_s, u"workspace:sim-000006"_s);
    const HttpReply scoped = batch(Interface::Control, {get(u"/v1/workspaces/sim-000006"_s), get(u"/v1/workspaces/sim-000005"_s)}, developer);
    QCOMPARE(statusOf(scoped, 0), 200);
    QCOMPARE(statusOf(scoped, 1), 403);
}

void TestBatchApi::eachIsAnEvent()
{
    const qint64 before = m_fixture->client(Interface::Audit).get("/v1/head").json().value("size"_L1).toInteger();
    const HttpReply reply = batch(Interface::Agent, {get(u"/v1/workspaces/sim-000007/state"_s), post(u"/v1/workspaces/sim-000007/freeze"_s, u"b3-1"_s),
                                                     get(u"/v1/workspaces/none/state"_s)});
    QCOMPARE(reply.status, 200);
    const qint64 after = m_fixture->client(Interface::Audit).get("/v1/head").json().value("size"_L1).toInteger();
    QCOMPARE(after, before + 4); // three items, and the first head's own
    QCOMPARE(events("action:workspace.freeze%20workspace:sim-000007%20outcome:success"), 1);
    for (const QJsonValue item : reply.items()) {
        const QByteArray id = item.toObject().value("headers"_L1).toObject().value("X-Request-Id"_L1).toString().toLatin1();
        QCOMPARE(events("requestId:" + id), 1);
    }
}

void TestBatchApi::repeatedItemsDoNothingTwice()
{
    const QJsonArray items{post(u"/v1/workspaces/sim-000008/freeze"_s, u"b4-1"_s), post(u"/v1/workspaces/sim-000009/freeze"_s, u"b4-2"_s)};
    const HttpReply first = batch(Interface::Agent, items);
    QCOMPARE(statusOf(first, 0), 200);
    QCOMPARE(m_fixture->client(Interface::Agent).post("/v1/workspaces/sim-000008/thaw").status, 200);
    const HttpReply again = batch(Interface::Agent, items);
    QCOMPARE(bodyOf(again, 0), bodyOf(first, 0)); // the answer, not the deed
    QCOMPARE(m_fixture->client().get("/v1/workspaces/sim-000008").text("state"), u"running"_s);
    // Alone it is the same call.
    const HttpReply alone = m_fixture->client(Interface::Agent).post("/v1/workspaces/sim-000009/freeze", {{u"reason"_s, u"test"_s}}, {{"Idempotency-Key", "b4-2"}});
    QCOMPARE(alone.json(), bodyOf(first, 1));
    QCOMPARE(m_fixture->client(Interface::Agent).post("/v1/workspaces/sim-000009/freeze", {{u"reason"_s, u"other"_s}}, {{"Idempotency-Key", "b4-2"}}).status, 409);
}

void TestBatchApi::theSameKeyTwiceIsOneDeed()
{
    const QString session = m_fixture->client().get("/v1/workspaces/sim-000010/sessions").items().first().toObject().value("id"_L1).toString();
    const QString path = u"/v1/sessions/%1/end"_s.arg(session);
    const HttpReply reply = batch(Interface::Control, {post(path, u"b5-1"_s), post(path, u"b5-1"_s), post(u"/v1/workspaces/sim-000010/revoke"_s, u"b5-1"_s)});
    QCOMPARE(statusOf(reply, 0), 200);
    QCOMPARE(statusOf(reply, 1), 200);
    QCOMPARE(bodyOf(reply, 0), bodyOf(reply, 1));
    QCOMPARE(statusOf(reply, 2), 409); // another call's key
    QCOMPARE(events("action:session.end%20session:" + session.toLatin1()), 1);
    const HttpReply acts = batch(Interface::Agent, {post(u"/v1/workspaces/sim-000011/snapshots"_s, u"b5-2"_s), post(u"/v1/workspaces/sim-000011/snapshots"_s, u"b5-2"_s)});
    QCOMPARE(statusOf(acts, 0), 200);
    QCOMPARE(bodyOf(acts, 0).value("id"_L1), bodyOf(acts, 1).value("id"_L1));
}

void TestBatchApi::badBatchesDoNothing_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QString>("says");
    const QByteArray good = R"({"method":"POST","path":"/v1/workspaces/sim-000012/revoke","headers":{"Idempotency-Key":"b6"},"body":{}})";
    QTest::newRow("no JSON") << QByteArray("nonsense") << QByteArray("application/json") << QString();
    QTest::newRow("form") << "{\"items\":[" + good + "]}" << QByteArray("application/x-www-form-urlencoded") << u"application/json"_s;
    QTest::newRow("no items") << QByteArray("{}") << QByteArray("application/json") << u"/items"_s;
    QTest::newRow("unknown member") << "{\"items\":[" + good + "],\"reason\":\"x\"}" << QByteArray("application/json") << u"/reason"_s;
    QTest::newRow("method") << "{\"items\":[" + good + R"(,{"method":"DELETE","path":"/v1/workspaces/sim-000012"}]})" << QByteArray("application/json") << u"/items/1/method"_s;
    QTest::newRow("header") << "{\"items\":[" + good + R"(,{"method":"GET","path":"/v1/self","headers":{"X-Forwarded-For":"1.2.3.4"}}]})" << QByteArray("application/json")
                            << u"/items/1/headers/X-Forwarded-For"_s;
    QTest::newRow("path") << "{\"items\":[" + good + R"(,{"method":"GET","path":"/v1/%zz"}]})" << QByteArray("application/json") << u"/items/1/path"_s;
    QTest::newRow("dots") << "{\"items\":[" + good + R"(,{"method":"GET","path":"/v1/../v1/self"}]})" << QByteArray("application/json") << u"/items/1/path"_s;
    QByteArray many = "{\"items\":[" + good;
    for (int i = 0; i < wire::maxBatchItems; ++i)
        many += R"(,{"method":"GET","path":"/v1/self"})";
    QTest::newRow("too many") << many + "]}" << QByteArray("application/json") << u"/items"_s;
}

void TestBatchApi::badBatchesDoNothing()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, type);
    QFETCH(QString, says);
    const HttpReply reply = m_fixture->client().request("POST", "/v1/batch", body, {{"Content-Type", type}});
    QCOMPARE(reply.status, 400);
    QCOMPARE(reply.header("Content-Type"), "application/problem+json");
    QVERIFY2(reply.text("detail").contains(says), reply.body.constData());
    QCOMPARE(m_fixture->client().get("/v1/workspaces/sim-000012").text("state"), u"running"_s);
}

void TestBatchApi::noBatchesAndNoStreamsInside()
{
    const HttpReply reply = batch(Interface::Control, {post(u"/v1/batch"_s, u"b7"_s, {{u"items"_s, QJsonArray{get(u"/v1/self"_s)}}}), get(u"/v1/changes"_s), get(u"/v1/self"_s)});
    QCOMPARE(reply.status, 200);
    QCOMPARE(statusOf(reply, 0), 400);
    QCOMPARE(statusOf(reply, 1), 400);
    QCOMPARE(statusOf(reply, 2), 200);
}

void TestBatchApi::otherInterfacesPathsAreNotThere()
{
    const HttpReply reply = batch(Interface::Audit, {get(u"/v1/head"_s), get(u"/v1/workspaces"_s), post(u"/v1/events"_s, u"b8"_s, {{u"action"_s, u"revoke.begin"_s}, {u"outcome"_s, u"success"_s}})});
    QCOMPARE(statusOf(reply, 0), 200);
    QCOMPARE(statusOf(reply, 1), 404);
    QCOMPARE(statusOf(reply, 2), 200);
}

void TestBatchApi::evidenceComesWhole()
{
    const HttpReply taken = m_fixture->client(Interface::Agent).post("/v1/workspaces/sim-000013/snapshots");
    const QString path = u"/v1/snapshots/"_s + taken.text("id");
    const HttpReply reply = batch(Interface::Agent, {get(path), get(path + u"/manifest"_s), get(path + u"/archive"_s)});
    for (int i = 0; i < 3; ++i)
        QCOMPARE(statusOf(reply, i), 200);
    const auto whole = [&reply](int item) { return QByteArray::fromBase64(reply.items().at(item).toObject().value("base64"_L1).toString().toLatin1()); };
    QCOMPARE(reply.items().at(1).toObject().value("contentType"_L1).toString(), u"application/jsonl"_s);
    QCOMPARE(whole(1), m_fixture->client(Interface::Agent).get((path + u"/manifest"_s).toLatin1()).body);
    QCOMPARE(whole(2), m_fixture->client(Interface::Agent).get((path + u"/archive"_s).toLatin1()).body);
    QVERIFY(whole(2).contains("simulated"));
}

void TestBatchApi::heldTokensAreTriedOneByOne()
{
    const QString prober = m_fixture->plane->announcement().prober;
    QJsonArray tries;
    QStringList sessions;
    for (const QString &id : {u"sim-000014"_s, u"sim-000015"_s}) {
        for (const QJsonValue held : m_fixture->client(Interface::Control, prober).get("/v1/workspaces/" + id.toLatin1() + "/held-secrets").items()) {
            if (held.toObject().value("kind"_L1).toString() != u"sessionToken"_s)
                continue;
            const QByteArray token = QByteArray::fromBase64(held.toObject().value("secret"_L1).toString().toLatin1());
            tries.append(get(u"/v1/token"_s, {{u"Authorization"_s, QString::fromLatin1("Bearer " + token)}}));
            sessions << held.toObject().value("subject"_L1).toString();
        }
    }
    QVERIFY(tries.size() >= 2);
    tries.append(get(u"/v1/token"_s, {{u"Authorization"_s, u"Bearer pt_made-up"_s}}));
    QCOMPARE(m_fixture->client().post("/v1/sessions/" + sessions.first().toLatin1() + "/end").status, 200);
    const HttpReply reply = batch(Interface::Control, tries, prober);
    const auto refused = [&reply](int item) {
        return statusOf(reply, item) == 401
            && reply.items().at(item).toObject().value("headers"_L1).toObject().value("WWW-Authenticate"_L1).toString().contains(u"invalid_token"_s);
    };
    QVERIFY(refused(0));
    for (int i = 1; i + 1 < tries.size(); ++i) {
        QCOMPARE(statusOf(reply, i), 200);
        QCOMPARE(bodyOf(reply, i).value("session"_L1).toString(), sessions.at(i));
    }
    QVERIFY(refused(int(tries.size()) - 1));
    QVERIFY(!reply.body.contains("pt_"));
}

void TestBatchApi::strangersGetNothing()
{
    const plane::Announcement &said = m_fixture->plane->announcement();
    QCOMPARE(PlaneClient(said.control, said.ca, {}).post("/v1/batch", {{u"items"_s, QJsonArray{get(u"/v1/self"_s)}}}).status, 0);
}

QTEST_GUILESS_MAIN(TestBatchApi)
#include "tst_batchapi.moc"
