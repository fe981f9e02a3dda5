// SPDX-License-Identifier: GPL-3.0-or-later
// Requests of one moment travel together; each keeps what it would have had alone.
#include "models/transport/httpclient.h"

#include "models/core/json.h"
#include "models/wire/batch.h"
#include "tests/support/certificatefactory.h"
#include "tests/support/fakeclock.h"
#include "tests/support/scriptedserver.h"
#include "tests/support/waiting.h"

#include <QtCore/QJsonObject>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace parapet;
using namespace Qt::StringLiterals;
using support::await;
using support::ScriptedServer;
using transport::HttpClient;
using transport::HttpRequest;
using transport::HttpResponse;

namespace {

ScriptedServer::Answer made(int status, const QByteArray &body, const QByteArray &media = "application/json",
                            const QVector<std::pair<QByteArray, QByteArray>> &headers = {})
{
    ScriptedServer::Answer answer;
    answer.status = status;
    answer.body = body;
    answer.contentType = media;
    answer.headers = headers;
    return answer;
}

/// Stands for the plain number.
ScriptedServer::Answer plain()
{
    return made(0, {});
}

} // namespace

class TestHttpBatch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void oneIsSentAlone();
    void oneTurnIsOneRequest();
    void eachHasItsOwnFate();
    void readsDoNotWaitForChanges();
    void whatCannotGoTogetherDoesNot();
    void aHundredAtMost();
    void whatWaitsForAConnectionGoesTogether();
    void cancellingOneLeavesTheOthers();
    void aServerWithoutBatchesGetsThemSingly();
    void aRefusedBatchIsSentSingly();
    void whatIsTooLargeIsAskedForAlone();
    void nonsenseFailsAll_data();
    void nonsenseFailsAll();
    void aCutFailsAll();
    void bodiesOfOtherKindsArrive();
    void secretsStayOutOfTheRecord();

private:
    HttpRequest to(const QString &path, const QByteArray &method = "GET") const;
    Reply<int> number(const HttpRequest &request);
    ScriptedServer::Answer answered(const ScriptedServer::Request &request);

    support::CertificateFactory m_factory;
    support::FakeClock m_clock;
    std::unique_ptr<ScriptedServer> m_server;
    std::unique_ptr<HttpClient> m_client;
    QVector<QVector<wire::BatchItem>> m_batches;
    /// What an item is answered with; a status of 0 for {"number": the path's last digits}.
    std::function<ScriptedServer::Answer(const wire::BatchItem &)> m_item;
};

void TestHttpBatch::init()
{
    m_batches.clear();
    m_item = {};
    m_server = std::make_unique<ScriptedServer>(m_factory.server());
    m_server->handler = [this](const ScriptedServer::Request &request) { return answered(request); };
    m_client = std::make_unique<HttpClient>(m_factory.trust(), m_factory.tlsClient(u"operator"_s), m_clock);
}

HttpRequest TestHttpBatch::to(const QString &path, const QByteArray &method) const
{
    HttpRequest request;
    request.method = method;
    request.url = m_server->url(path);
    request.together = m_server->url(u"/v1/batch"_s);
    return request;
}

Reply<int> TestHttpBatch::number(const HttpRequest &request)
{
    return m_client->send<int>(request, [](HttpResponse &response) -> Result<int> {
        const QJsonValue json = response.json.isUndefined() ? parseJson(response.body).value_or(QJsonValue()) : response.json;
        return json.toObject().value("number"_L1).toInt(-1);
    });
}

ScriptedServer::Answer TestHttpBatch::answered(const ScriptedServer::Request &request)
{
    const auto one = [this](const wire::BatchItem &item) {
        ScriptedServer::Answer answer = m_item ? m_item(item) : plain();
        if (answer.status == 0)
            answer = made(200, "{\"number\":" + QByteArray::number(item.target.mid(item.target.lastIndexOf('/') + 1).toInt()) + '}');
        return answer;
    };
    if (request.path != u"/v1/batch"_s)
        return one({request.method, request.path.toLatin1(), {}, request.body});
    const auto items = wire::batchFromJson(request.body);
    if (!items)
        return made(400, "{}");
    m_batches.append(*items);
    QVector<QByteArray> answers;
    for (const wire::BatchItem &item : *items) {
        const ScriptedServer::Answer answer = one(item);
        QByteArray text;
        wire::appendBatchAnswer(text, answer.status, answer.contentType, answer.headers, answer.body);
        answers.append(text);
    }
    return made(200, wire::toBatchAnswers(answers));
}

void TestHttpBatch::oneIsSentAlone()
{
    QCOMPARE(await(number(to(u"/v1/n/7"_s))).value_or(-1), 7);
    QCOMPARE(m_server->requests().size(), 1);
    QCOMPARE(m_server->requests().first().path, u"/v1/n/7"_s);
}

void TestHttpBatch::oneTurnIsOneRequest()
{
    QSignalSpy records(m_client.get(), &HttpClient::finished);
    QVector<Reply<int>> replies;
    for (int i = 0; i < 20; ++i)
        replies.append(number(to(u"/v1/n/%1"_s.arg(i))));
    for (int i = 0; i < 20; ++i)
        QCOMPARE(await(replies[i]).value_or(-1), i);
    QCOMPARE(m_server->requests().size(), 1);
    QCOMPARE(m_server->requests().first().method, "POST");
    QCOMPARE(m_batches.first().size(), 20);
    // Each is on record as what it was.
    QCOMPARE(records.size(), 20);
    QVERIFY(records.at(3).at(0).value<transport::RequestRecord>().url.endsWith(u"/v1/n/3"_s));
    QVERIFY(m_client->isIdle());
}

void TestHttpBatch::eachHasItsOwnFate()
{
    m_item = [](const wire::BatchItem &item) -> ScriptedServer::Answer {
        if (item.target.endsWith("/1"))
            return made(412, R"({"status":412,"detail":"changed meanwhile","code":"Conflict"})", "application/problem+json");
        if (item.target.endsWith("/2"))
            return made(429, R"({"status":429,"code":"RateLimited"})", "application/problem+json", {{"Retry-After", "3"}});
        return plain();
    };
    QVector<Reply<int>> replies;
    for (int i = 0; i < 4; ++i) {
        HttpRequest request = to(u"/v1/n/%1"_s.arg(i), "POST");
        request.headers = {{"Idempotency-Key", "key-" + QByteArray::number(i)}, {"If-Match", "\"1\""}};
        request.body = R"({"reason":"because"})";
        replies.append(number(request));
    }
    QCOMPARE(await(replies[0]).value_or(-1), 0);
    const auto stale = await(replies[1]);
    QVERIFY(!stale);
    QCOMPARE(stale.error().code, Error::Code::Conflict);
    QVERIFY(stale.error().message.contains(u"changed meanwhile"_s));
    const auto busy = await(replies[2]);
    QVERIFY(!busy);
    QCOMPARE(busy.error().retryAfterSeconds, 3);
    QVERIFY(busy.error().isTransient());
    QCOMPARE(await(replies[3]).value_or(-1), 3);
    QCOMPARE(m_batches.size(), 1);
    for (int i = 0; i < 4; ++i) {
        const wire::BatchItem &item = m_batches.first().at(i);
        QCOMPARE(item.body, R"({"reason":"because"})");
        QVERIFY(item.headers.contains(std::pair(QByteArray("Idempotency-Key"), "key-" + QByteArray::number(i))));
        QVERIFY(item.headers.contains(std::pair(QByteArray("If-Match"), QByteArray("\"1\""))));
    }
}

void TestHttpBatch::readsDoNotWaitForChanges()
{
    QVector<Reply<int>> replies;
    for (int i = 0; i < 6; ++i)
        replies.append(number(to(u"/v1/n/%1"_s.arg(i), i % 2 ? "POST" : "GET")));
    for (int i = 0; i < 6; ++i)
        QCOMPARE(await(replies[i]).value_or(-1), i);
    QCOMPARE(m_batches.size(), 2);
    for (const auto &batch : std::as_const(m_batches)) {
        QCOMPARE(batch.size(), 3);
        for (const wire::BatchItem &item : batch)
            QCOMPARE(item.method, batch.first().method);
    }
}

void TestHttpBatch::whatCannotGoTogetherDoesNot()
{
    HttpRequest alone = to(u"/v1/n/1"_s);
    alone.together.clear();
    HttpRequest elsewhere = to(u"/v1/n/2"_s);
    elsewhere.together.setPort(elsewhere.together.port() + 1); // another origin never sees it
    QVector<Reply<int>> replies{number(alone), number(elsewhere), number(to(u"/v1/n/3"_s)), number(to(u"/v1/n/4"_s))};
    for (int i = 0; i < 4; ++i)
        QCOMPARE(await(replies[i]).value_or(-1), i + 1);
    QCOMPARE(m_batches.size(), 1);
    QCOMPARE(m_batches.first().size(), 2);
    QCOMPARE(m_server->requests().size(), 3);
}

void TestHttpBatch::aHundredAtMost()
{
    QVector<Reply<int>> replies;
    for (int i = 0; i < 250; ++i)
        replies.append(number(to(u"/v1/n/%1"_s.arg(i))));
    for (int i = 0; i < 250; ++i)
        QCOMPARE(await(replies[i]).value_or(-1), i);
    QCOMPARE(m_batches.size(), 3);
    for (const auto &batch : std::as_const(m_batches))
        QVERIFY(batch.size() <= wire::maxBatchItems);
}

void TestHttpBatch::whatWaitsForAConnectionGoesTogether()
{
    ScriptedServer::Answer stalls;
    stalls.stall = true;
    m_item = [stalls](const wire::BatchItem &item) { return item.target == "/stall" ? stalls : plain(); };
    QVector<Reply<int>> busy;
    for (int i = 0; i < HttpClient::parallel; ++i) {
        HttpRequest request;
        request.url = m_server->url(u"/stall"_s);
        busy.append(number(request));
    }
    QVERIFY(support::waitUntil([this] { return m_server->count(u"/stall"_s) == HttpClient::parallel; }));
    // One turn after the other, while no connection is free.
    QVector<Reply<int>> replies;
    for (int i = 0; i < 5; ++i) {
        replies.append(number(to(u"/v1/n/%1"_s.arg(i))));
        QObject turn;
        QSignalSpy turned(&turn, &QObject::objectNameChanged);
        QMetaObject::invokeMethod(&turn, [&turn] { turn.setObjectName(u"over"_s); }, Qt::QueuedConnection);
        QVERIFY(turned.wait());
    }
    busy.first().cancel();
    for (int i = 0; i < 5; ++i)
        QCOMPARE(await(replies[i]).value_or(-1), i);
    QCOMPARE(m_batches.size(), 1);
    QCOMPARE(m_batches.first().size(), 5);
    for (Reply<int> &one : busy)
        one.cancel();
}

void TestHttpBatch::cancellingOneLeavesTheOthers()
{
    QVector<Reply<int>> replies;
    for (int i = 0; i < 3; ++i)
        replies.append(number(to(u"/v1/n/%1"_s.arg(i))));
    const QMetaObject::Connection once = connect(m_server.get(), &ScriptedServer::requested, this, [&replies] { replies[1].cancel(); });
    QCOMPARE(await(replies[0]).value_or(-1), 0);
    QCOMPARE(await(replies[2]).value_or(-1), 2);
    QVERIFY(replies[1].isCanceled());
    QVERIFY(m_client->isIdle());
    disconnect(once);
}

void TestHttpBatch::aServerWithoutBatchesGetsThemSingly()
{
    m_server->handler = [this](const ScriptedServer::Request &request) {
        if (request.path == u"/v1/batch"_s)
            return made(404, R"({"status":404})", "application/problem+json");
        return answered(request);
    };
    QVector<Reply<int>> replies;
    for (int i = 0; i < 5; ++i)
        replies.append(number(to(u"/v1/n/%1"_s.arg(i), "POST")));
    for (int i = 0; i < 5; ++i)
        QCOMPARE(await(replies[i]).value_or(-1), i);
    QCOMPARE(m_server->count(u"/v1/batch"_s), 1);
    // It is not asked again.
    replies = {number(to(u"/v1/n/1"_s)), number(to(u"/v1/n/2"_s))};
    for (const Reply<int> &reply : replies)
        QVERIFY(await(reply));
    QCOMPARE(m_server->count(u"/v1/batch"_s), 1);
}

void TestHttpBatch::aRefusedBatchIsSentSingly()
{
    int batches = 0;
    m_server->handler = [this, &batches](const ScriptedServer::Request &request) {
        if (request.path == u"/v1/batch"_s && ++batches == 1)
            return made(413, R"({"status":413})", "application/problem+json");
        return answered(request);
    };
    QVector<Reply<int>> replies{number(to(u"/v1/n/1"_s)), number(to(u"/v1/n/2"_s))};
    QCOMPARE(await(replies[0]).value_or(-1), 1);
    QCOMPARE(await(replies[1]).value_or(-1), 2);
    // That one was too much; the next may pass.
    replies = {number(to(u"/v1/n/3"_s)), number(to(u"/v1/n/4"_s))};
    QCOMPARE(await(replies[0]).value_or(-1), 3);
    QCOMPARE(await(replies[1]).value_or(-1), 4);
    QCOMPARE(batches, 2);
}

void TestHttpBatch::whatIsTooLargeIsAskedForAlone()
{
    bool together = true;
    m_item = [&together](const wire::BatchItem &item) -> ScriptedServer::Answer {
        if (item.target.endsWith("/2") && std::exchange(together, false))
            return made(413, R"({"status":413})", "application/problem+json");
        return plain();
    };
    QVector<Reply<int>> replies;
    for (int i = 0; i < 4; ++i)
        replies.append(number(to(u"/v1/n/%1"_s.arg(i))));
    for (int i = 0; i < 4; ++i)
        QCOMPARE(await(replies[i]).value_or(-1), i);
    QCOMPARE(m_server->count(u"/v1/n/2"_s), 1);
    QCOMPARE(m_server->requests().size(), 2);
}

void TestHttpBatch::nonsenseFailsAll_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("no JSON") << QByteArray("<html>");
    QTest::newRow("one too few") << QByteArray(R"({"items":[{"status":200,"contentType":"application/json","body":{"number":1}}]})");
    QTest::newRow("no items") << QByteArray("{}");
}

void TestHttpBatch::nonsenseFailsAll()
{
    QFETCH(QByteArray, body);
    m_server->handler = [body](const ScriptedServer::Request &) { return made(200, body); };
    const QVector<Reply<int>> replies{number(to(u"/v1/n/1"_s)), number(to(u"/v1/n/2"_s))};
    for (const Reply<int> &reply : replies) {
        const auto result = await(reply);
        QVERIFY(!result);
        QCOMPARE(result.error().code, Error::Code::Protocol);
    }
}

void TestHttpBatch::aCutFailsAll()
{
    m_server->handler = [](const ScriptedServer::Request &) {
        ScriptedServer::Answer answer = made(200, "{\"items\":[");
        answer.announcedLength = 500;
        answer.close = true;
        return answer;
    };
    const QVector<Reply<int>> replies{number(to(u"/v1/n/1"_s, "POST")), number(to(u"/v1/n/2"_s, "POST"))};
    for (const Reply<int> &reply : replies) {
        const auto result = await(reply);
        QVERIFY(!result);
        QVERIFY(result.error().isTransient()); // so that it is asked again, with the same key
    }
}

void TestHttpBatch::bodiesOfOtherKindsArrive()
{
    m_item = [](const wire::BatchItem &) { return made(200, QByteArray("\0\1\2", 3), "application/x-tar"); };
    HttpRequest kept = to(u"/v1/a"_s);
    kept.accept = "application/x-tar";
    HttpRequest sunk = kept;
    QByteArray seen;
    sunk.sink = [&seen](QByteArrayView piece) { seen += piece; };
    HttpRequest small = kept;
    small.limit = 2;
    const auto body = [](HttpResponse &response) -> Result<QByteArray> { return response.body; };
    const QVector<Reply<QByteArray>> replies{m_client->send<QByteArray>(kept, body), m_client->send<QByteArray>(sunk, body),
                                             m_client->send<QByteArray>(to(u"/v1/b"_s), body), m_client->send<QByteArray>(small, body)};
    QCOMPARE(await(replies[0]).value_or(QByteArray()), QByteArray("\0\1\2", 3));
    QCOMPARE(await(replies[1]).value_or(QByteArray("x")), QByteArray());
    QCOMPARE(seen, QByteArray("\0\1\2", 3));
    QVERIFY(!await(replies[2])); // another media type than agreed
    QVERIFY(!await(replies[3])); // beyond its limit
    QCOMPARE(m_batches.size(), 1);
}

void TestHttpBatch::secretsStayOutOfTheRecord()
{
    QSignalSpy records(m_client.get(), &HttpClient::finished);
    QVector<Reply<int>> replies;
    for (int i = 0; i < 2; ++i) {
        HttpRequest request = to(u"/v1/n/%1"_s.arg(i));
        request.authorization = "Bearer pt_very-secret";
        replies.append(number(request));
    }
    for (const Reply<int> &reply : replies)
        QVERIFY(await(reply));
    QVERIFY(m_batches.first().first().headers.contains(std::pair(QByteArray("Authorization"), QByteArray("Bearer pt_very-secret"))));
    for (const QList<QVariant> &arguments : records) {
        const auto record = arguments.at(0).value<transport::RequestRecord>();
        QVERIFY(!record.curl.contains(u"pt_very-secret"_s));
        QVERIFY(!record.url.contains(u"pt_very-secret"_s));
    }
}

QTEST_GUILESS_MAIN(TestHttpBatch)
#include "tst_httpbatch.moc"
