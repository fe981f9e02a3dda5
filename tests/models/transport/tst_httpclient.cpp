// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/transport/httpclient.h"

#include "models/transport/curl.h"
#include "tests/support/certificatefactory.h"
#include "tests/support/fakeclock.h"
#include "tests/support/faultproxy.h"
#include "tests/support/scriptedserver.h"
#include "tests/support/waiting.h"

#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace parapet;
using namespace Qt::StringLiterals;
using support::await;
using support::CertificateFactory;
using support::FaultProxy;
using support::ScriptedServer;
using transport::HttpClient;
using transport::HttpRequest;
using transport::HttpResponse;

class TestHttpClient : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void answers();
    void changesCarryTheirHeaders();
    void statuses_data();
    void statuses();
    void retryAfterIsData();
    void hostileProblemsAreInert();
    void otherMediaTypesAreNoAnswer();
    void bodiesAreBounded_data();
    void bodiesAreBounded();
    void bodiesCanStreamPast();
    void decodersDecideLast();
    void silenceEndsInTime();
    void slowBytesMeetTheDeadline();
    void networkFaults_data();
    void networkFaults();
    void cancellingAborts();
    void cancellingWhatWaits();
    void atMostSixAtOnce();
    void destructionCancels();
    void refusingEndsEverything();
    void slowRequestsAreNoticed();
    void itComesBackAfterTheServerDid();
    void curlIsAShellCommand();

private:
    HttpRequest to(const QString &path) const;
    Reply<QByteArray> get(const HttpRequest &request);

    CertificateFactory m_factory;
    support::FakeClock m_clock;
    std::unique_ptr<ScriptedServer> m_server;
    std::unique_ptr<HttpClient> m_client;
};

void TestHttpClient::init()
{
    m_server = std::make_unique<ScriptedServer>(m_factory.server());
    m_client = std::make_unique<HttpClient>(m_factory.trust(), m_factory.tlsClient(u"operator"_s), m_clock);
}

HttpRequest TestHttpClient::to(const QString &path) const
{
    HttpRequest request;
    request.url = m_server->url(path);
    return request;
}

Reply<QByteArray> TestHttpClient::get(const HttpRequest &request)
{
    return m_client->send<QByteArray>(request,
                                      [](HttpResponse &response) -> Result<QByteArray> { return response.body; });
}

void TestHttpClient::answers()
{
    ScriptedServer::Answer answer;
    answer.body = R"({"id":"x"})";
    answer.contentType = "application/json; charset=utf-8";
    answer.headers = {{"ETag", "\"7\""}, {"X-Request-Id", "req-9"}};
    m_server->answer(u"/v1/self"_s, answer);
    QSignalSpy records(m_client.get(), &HttpClient::finished);
    const auto etag =
        await(m_client->send<QByteArray>(to(u"/v1/self"_s), [](HttpResponse &response) -> Result<QByteArray> {
            return response.headers.value("etag") + response.body;
        }));
    QVERIFY2(etag, support::why(etag));
    QCOMPARE(*etag, QByteArray("\"7\"{\"id\":\"x\"}"));
    QCOMPARE(records.size(), 1);
    const auto record = records.at(0).at(0).value<transport::RequestRecord>();
    QCOMPARE(record.at, m_clock.now());
    QCOMPARE(record.status, 200);
    QCOMPARE(record.bytes, 10);
    QCOMPARE(record.requestId, u"req-9"_s);
    QVERIFY(!record.error);
    QVERIFY(m_client->isIdle());
}

void TestHttpClient::changesCarryTheirHeaders()
{
    m_server->answerJson(u"/v1/x"_s, "{}");
    HttpRequest request = to(u"/v1/x"_s);
    request.method = "POST";
    request.body = R"({"reason":"because"})";
    request.headers.append(std::pair(QByteArray("Idempotency-Key"), QByteArray("key-1")));
    QVERIFY(await(get(request)));
    const auto seen = m_server->requests().last();
    QCOMPARE(seen.method, QByteArray("POST"));
    QCOMPARE(seen.body, request.body);
    QCOMPARE(seen.headers.value("idempotency-key"), QByteArray("key-1"));
    QCOMPARE(seen.headers.value("content-type"), QByteArray("application/json"));
}

void TestHttpClient::statuses_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<Error::Code>("code");
    QTest::addColumn<bool>("retryable");
    QTest::newRow("400") << 400 << Error::Code::Invalid << false;
    QTest::newRow("401") << 401 << Error::Code::Unauthorized << false;
    QTest::newRow("403") << 403 << Error::Code::Forbidden << false;
    QTest::newRow("404") << 404 << Error::Code::NotFound << false;
    QTest::newRow("409") << 409 << Error::Code::Conflict << false;
    QTest::newRow("412") << 412 << Error::Code::Conflict << false;
    QTest::newRow("413") << 413 << Error::Code::Invalid << false;
    QTest::newRow("429") << 429 << Error::Code::RateLimited << true;
    QTest::newRow("500") << 500 << Error::Code::Server << false;
    QTest::newRow("502") << 502 << Error::Code::Server << true;
    QTest::newRow("503") << 503 << Error::Code::Server << true;
    QTest::newRow("504") << 504 << Error::Code::Server << true;
    QTest::newRow("304") << 304 << Error::Code::Protocol << false;
}

void TestHttpClient::statuses()
{
    QFETCH(int, status);
    QFETCH(Error::Code, code);
    QFETCH(bool, retryable);
    m_server->answerProblem(u"/v1/x"_s, status, "x");
    const auto answer = await(get(to(u"/v1/x"_s)));
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, code);
    QCOMPARE(answer.error().retryable, retryable);
    QVERIFY(!answer.error().message.isEmpty());

    HttpRequest probe = to(u"/v1/x"_s);
    probe.anyStatus = true;
    const auto seen =
        await(m_client->send<int>(probe, [](HttpResponse &response) -> Result<int> { return response.status; }));
    QVERIFY2(seen, support::why(seen));
    QCOMPARE(*seen, status);
}

void TestHttpClient::retryAfterIsData()
{
    m_server->answerProblem(u"/v1/x"_s, 429, "RateLimited", {{"Retry-After", "17"}});
    const auto answer = await(get(to(u"/v1/x"_s)));
    QCOMPARE(answer.error().retryAfterSeconds, 17);
    QCOMPARE(m_server->count(u"/v1/x"_s), 1);
}

void TestHttpClient::hostileProblemsAreInert()
{
    ScriptedServer::Answer answer;
    answer.status = 403;
    answer.contentType = "application/problem+json";
    answer.body = R"({"detail":"x\u202Eevil\u0007"})";
    m_server->answer(u"/v1/x"_s, answer);
    const auto refused = await(get(to(u"/v1/x"_s)));
    QVERIFY(!refused.error().message.contains(QChar(0x202E)));
    QVERIFY(!refused.error().detail.contains(QChar(0x07)));

    answer.body = QByteArray(100'000, '{'); // no document at all
    m_server->answer(u"/v1/x"_s, answer);
    QCOMPARE(await(get(to(u"/v1/x"_s))).error().code, Error::Code::Forbidden);
}

void TestHttpClient::otherMediaTypesAreNoAnswer()
{
    ScriptedServer::Answer page;
    page.contentType = "text/html";
    page.body = "<html>Please log in</html>";
    m_server->answer(u"/v1/x"_s, page);
    const auto answer = await(get(to(u"/v1/x"_s)));
    QCOMPARE(answer.error().code, Error::Code::Protocol);
    QVERIFY(answer.error().detail.contains(u"text/html"_s));
}

void TestHttpClient::bodiesAreBounded_data()
{
    QTest::addColumn<bool>("announced");
    QTest::newRow("announced") << true;
    QTest::newRow("not announced") << false;
}

void TestHttpClient::bodiesAreBounded()
{
    QFETCH(bool, announced);
    ScriptedServer::Answer big;
    big.body = QByteArray(2 << 20, 'x');
    big.stream = !announced; // ends nowhere
    m_server->answer(u"/v1/x"_s, big);
    HttpRequest request = to(u"/v1/x"_s);
    request.limit = 1 << 20;
    QSignalSpy records(m_client.get(), &HttpClient::finished);
    const auto answer = await(get(request));
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, Error::Code::Protocol);
    QVERIFY(records.at(0).at(0).value<transport::RequestRecord>().bytes < (2 << 20));
}

void TestHttpClient::bodiesCanStreamPast()
{
    ScriptedServer::Answer archive;
    archive.contentType = "application/x-tar";
    archive.body = QByteArray(3 << 20, 'a');
    m_server->answer(u"/archive"_s, archive);
    HttpRequest request = to(u"/archive"_s);
    request.accept = "application/x-tar";
    qint64 passed = 0;
    request.sink = [&passed](QByteArrayView piece) { passed += piece.size(); };
    const auto kept = await(get(request));
    QVERIFY2(kept, support::why(kept));
    QVERIFY(kept->isEmpty());
    QCOMPARE(passed, archive.body.size());

    // A refusal does not pass as the thing itself.
    passed = 0;
    m_server->answerProblem(u"/archive"_s, 404, "NotFound");
    QCOMPARE(await(get(request)).error().code, Error::Code::NotFound);
    QCOMPARE(passed, 0);
}

void TestHttpClient::decodersDecideLast()
{
    m_server->answerJson(u"/v1/x"_s, R"({"id":)");
    QSignalSpy records(m_client.get(), &HttpClient::finished);
    const auto answer = await(m_client->send<int>(
        to(u"/v1/x"_s), [](HttpResponse &) -> Result<int> { return fail(Error::Code::Protocol, u"no"_s); }));
    QCOMPARE(answer.error().code, Error::Code::Protocol);
    const auto record = records.at(0).at(0).value<transport::RequestRecord>();
    QCOMPARE(record.status, 200);
    QVERIFY(record.error && !record.peerIsWell());
}

void TestHttpClient::silenceEndsInTime()
{
    ScriptedServer::Answer silent;
    silent.stall = true;
    m_server->answer(u"/v1/x"_s, silent);
    HttpRequest request = to(u"/v1/x"_s);
    request.silence = Milliseconds(150);
    const auto answer = await(get(request));
    QCOMPARE(answer.error().code, Error::Code::Network);
    QVERIFY(answer.error().retryable);
}

void TestHttpClient::slowBytesMeetTheDeadline()
{
    ScriptedServer::Answer slow;
    slow.stream = true;
    slow.body = "{";
    m_server->answer(u"/v1/x"_s, slow);
    QTimer drip;
    connect(&drip, &QTimer::timeout, this, [this] { m_server->send(" "); });
    drip.start(5);
    HttpRequest request = to(u"/v1/x"_s);
    request.deadline = Milliseconds(200);
    const auto answer = await(get(request));
    QCOMPARE(answer.error().code, Error::Code::Network);
}

void TestHttpClient::networkFaults_data()
{
    QTest::addColumn<FaultProxy::Mode>("mode");
    QTest::addColumn<qint64>("after");
    QTest::newRow("reset") << FaultProxy::Mode::Reset << qint64(0);
    QTest::newRow("stall") << FaultProxy::Mode::Stall << qint64(0);
    QTest::newRow("cut in the handshake") << FaultProxy::Mode::Truncate << qint64(400);
    QTest::newRow("cut in the body") << FaultProxy::Mode::Truncate << qint64(40'000);
}

void TestHttpClient::networkFaults()
{
    QFETCH(FaultProxy::Mode, mode);
    QFETCH(qint64, after);
    ScriptedServer::Answer large;
    large.body = QByteArray(200'000, ' ') + "{}";
    m_server->answer(u"/v1/x"_s, large);
    FaultProxy proxy(m_server->port());
    proxy.setMode(mode);
    proxy.setTruncateAfter(after);
    HttpRequest request = to(u"/v1/x"_s);
    request.url.setPort(proxy.port());
    request.silence = Milliseconds(500);
    const auto answer = await(get(request));
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, Error::Code::Network);
    QVERIFY(answer.error().retryable);

    proxy.setMode(FaultProxy::Mode::Pass);
    proxy.cutAll();
    request.silence = std::chrono::seconds(15);
    auto recovered = await(get(request));
    if (!recovered && recovered.error().retryable) // it went out on a pooled connection that was being cut
        recovered = await(get(request));
    QVERIFY2(recovered, support::why(recovered));
    QCOMPARE(recovered->size(), 200'002);
}

void TestHttpClient::cancellingAborts()
{
    ScriptedServer::Answer silent;
    silent.stall = true;
    m_server->answer(u"/v1/x"_s, silent);
    QSignalSpy arrived(m_server.get(), &ScriptedServer::requested);
    QSignalSpy records(m_client.get(), &HttpClient::finished);
    auto reply = get(to(u"/v1/x"_s));
    QTRY_COMPARE_WITH_TIMEOUT(arrived.size(), 1, support::patience);
    std::optional<Result<QByteArray>> delivered;
    deliver(this, reply, [&delivered](const Result<QByteArray> &result) { delivered = result; });
    reply.cancel();
    QTRY_VERIFY_WITH_TIMEOUT(delivered.has_value(), support::patience);
    QCOMPARE(delivered->error().code, Error::Code::Cancelled);
    QTRY_COMPARE_WITH_TIMEOUT(records.size(), 1, support::patience);
    QVERIFY(m_client->isIdle());
}

void TestHttpClient::cancellingWhatWaits()
{
    ScriptedServer::Answer silent;
    silent.stall = true;
    m_server->answer(u"/v1/x"_s, silent);
    QVector<Reply<QByteArray>> replies;
    for (int i = 0; i < HttpClient::parallel + 2; ++i)
        replies.append(get(to(u"/v1/x"_s)));
    replies.last().cancel();
    QCOMPARE(await(replies.last()).error().code, Error::Code::Cancelled);
    for (auto &reply : replies)
        reply.cancel();
    QTRY_VERIFY_WITH_TIMEOUT(m_client->isIdle(), support::patience);
    QVERIFY(m_server->count(u"/v1/x"_s) <= HttpClient::parallel);
}

void TestHttpClient::atMostSixAtOnce()
{
    ScriptedServer::Answer silent;
    silent.stall = true;
    m_server->answer(u"/v1/x"_s, silent);
    m_server->answerJson(u"/v1/y"_s, "{}");
    QVector<Reply<QByteArray>> replies;
    for (int i = 0; i < 10; ++i)
        replies.append(get(to(u"/v1/x"_s)));
    auto last = get(to(u"/v1/y"_s));
    QTRY_COMPARE_WITH_TIMEOUT(m_server->count(u"/v1/x"_s), HttpClient::parallel, support::patience);
    QVERIFY(!last.isFinished());
    for (auto &reply : replies)
        reply.cancel();
    QVERIFY(await(last)); // its time did not run while it waited
    QCOMPARE(m_server->count(u"/v1/x"_s), HttpClient::parallel);
}

void TestHttpClient::destructionCancels()
{
    ScriptedServer::Answer silent;
    silent.stall = true;
    m_server->answer(u"/v1/x"_s, silent);
    auto reply = get(to(u"/v1/x"_s));
    auto waiting = get(to(u"/v1/x"_s));
    QTRY_COMPARE_WITH_TIMEOUT(m_server->count(u"/v1/x"_s), 2, support::patience);
    m_client.reset();
    QCOMPARE(await(reply).error().code, Error::Code::Cancelled);
    QCOMPARE(await(waiting).error().code, Error::Code::Cancelled);
}

void TestHttpClient::refusingEndsEverything()
{
    ScriptedServer::Answer silent;
    silent.stall = true;
    m_server->answer(u"/v1/x"_s, silent);
    auto running = get(to(u"/v1/x"_s));
    QTRY_COMPARE_WITH_TIMEOUT(m_server->count(u"/v1/x"_s), 1, support::patience);
    m_client->refuse({Error::Code::Tls, u"stop"_s, {}, false});
    QCOMPARE(await(running).error().code, Error::Code::Tls);
    QCOMPARE(await(get(to(u"/v1/x"_s))).error().code, Error::Code::Tls);
    QCOMPARE(m_server->count(u"/v1/x"_s), 1);
}

void TestHttpClient::slowRequestsAreNoticed()
{
    ScriptedServer::Answer silent;
    silent.stall = true;
    m_server->answer(u"/v1/x"_s, silent);
    QSignalSpy waiting(m_client.get(), &HttpClient::waitingLong);
    auto reply = get(to(u"/v1/x"_s));
    QVERIFY(waiting.wait(support::patience));
    QVERIFY(!reply.isFinished());
    reply.cancel();
}

void TestHttpClient::itComesBackAfterTheServerDid()
{
    m_server->answerJson(u"/v1/x"_s, "{}");
    QVERIFY(await(get(to(u"/v1/x"_s))));
    m_server->close();
    QCOMPARE(await(get(to(u"/v1/x"_s))).error().code, Error::Code::Network);
    QVERIFY(m_server->reopen());
    QVERIFY(await(get(to(u"/v1/x"_s))));
}

void TestHttpClient::curlIsAShellCommand()
{
    HttpRequest request;
    request.method = "POST";
    request.url = QUrl(u"https://plane.example/v1/x?filter=a%27b"_s);
    request.body = R"({"reason":"it's over"})";
    request.authorization = "Basic c2VjcmV0";
    request.headers.append(std::pair(QByteArray("Idempotency-Key"), QByteArray("k")));
    QCOMPARE(
        transport::curlOf(request),
        uR"(curl --cacert "$CA" --cert "$IDENTITY" -X POST -H 'Authorization: Basic …' -H 'Idempotency-Key: k' -H 'Content-Type: application/json' -d '{"reason":"it'\''s over"}' )"
        uR"('https://plane.example/v1/x?filter=a%27b')"_s);
}

QTEST_GUILESS_MAIN(TestHttpClient)
#include "tst_httpclient.moc"
