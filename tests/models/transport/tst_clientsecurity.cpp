// SPDX-License-Identifier: GPL-3.0-or-later
// What the client never does, whatever a server does (transport/README.md): each a fact measured against Qt.
#include "models/transport/eventstream.h"
#include "models/transport/httpclient.h"
#include "tests/support/certificatefactory.h"
#include "tests/support/scriptedserver.h"
#include "tests/support/waiting.h"

#include <QtNetwork/QNetworkProxy>
#include <QtNetwork/QNetworkProxyFactory>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace parapet;
using namespace Qt::StringLiterals;
using support::await;
using support::CertificateFactory;
using support::ScriptedServer;
using transport::HttpClient;
using transport::HttpRequest;
using transport::HttpResponse;

namespace {

HttpRequest requestTo(const QUrl &url, const QByteArray &token = {})
{
    HttpRequest request;
    request.url = url;
    if (!token.isEmpty())
        request.authorization = "Bearer " + token;
    return request;
}

Reply<QByteArray> get(HttpClient &client, const HttpRequest &request)
{
    return client.send<QByteArray>(request, [](HttpResponse &response) -> Result<QByteArray> { return response.body; });
}

transport::Trust wrongPin(transport::Trust trust)
{
    trust.pin[0] = char(trust.pin[0] ^ 1);
    return trust;
}

} // namespace

class TestClientSecurity : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void redirectsAreNotFollowed_data();
    void redirectsAreNotFollowed();
    void aWrongAuthorityGetsNoByte();
    void aWrongHostNameGetsNoByte();
    void parallelRequestsAfterAFailedPinGetNothing();
    void aFailedCheckPoisonsTheClient();
    void aPeerThatChangesItsAuthorityGetsNothing();
    void theEventStreamTrustsNoOther();
    void oldTlsIsRefused();
    void plainHttpIsRefused();
    void systemAuthoritiesDoNotCount();
    void noCookiesComeBack();
    void noProxyIsAsked();
    void secretsStayOutOfTheRecord();
    void aForeignIdentityIsRefused();

private:
    CertificateFactory m_factory;
    const Clock &m_clock = Clock::system();
};

void TestClientSecurity::redirectsAreNotFollowed_data()
{
    QTest::addColumn<int>("status");
    for (const int status : {301, 302, 303, 307, 308})
        QTest::addRow("%d", status) << status;
}

void TestClientSecurity::redirectsAreNotFollowed()
{
    QFETCH(int, status);
    ScriptedServer foreign(m_factory.server()); // even one whom the client would trust
    foreign.answerJson(u"/v1/token"_s, "{}");
    ScriptedServer server(m_factory.server());
    ScriptedServer::Answer redirect;
    redirect.status = status;
    redirect.headers = {{"Location", foreign.url(u"/v1/token"_s).toEncoded()}};
    server.answer(u"/v1/token"_s, redirect);

    HttpClient client(m_factory.trust(), m_factory.tlsClient(u"operator"_s), m_clock);
    const auto answer = await(get(client, requestTo(server.url(u"/v1/token"_s), "the-token")));
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, Error::Code::Protocol);
    QCOMPARE(server.count(u"/v1/token"_s), 1);
    QCOMPARE(foreign.connections(), 0);
    QCOMPARE(foreign.received(), 0);

    // A probe takes every status as its answer, and still goes nowhere else.
    HttpRequest probe = requestTo(server.url(u"/v1/token"_s), "the-token");
    probe.anyStatus = true;
    const auto seen =
        await(client.send<int>(probe, [](HttpResponse &response) -> Result<int> { return response.status; }));
    QVERIFY2(seen, support::why(seen));
    QCOMPARE(*seen, status);
    QCOMPARE(foreign.connections(), 0);
}

void TestClientSecurity::aWrongAuthorityGetsNoByte()
{
    CertificateFactory impostor(u"Test authority"_s); // of the same name
    ScriptedServer server(impostor.server(), false);
    server.answerJson(u"/v1/self"_s, "{}");
    HttpClient client(m_factory.trust(), m_factory.tlsClient(u"operator"_s), m_clock);
    const auto answer = await(get(client, requestTo(server.url(u"/v1/self"_s), "the-token")));
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, Error::Code::Tls);
    QVERIFY(!answer.error().retryable);
    QCOMPARE(server.received(), 0);
    QVERIFY(server.requests().isEmpty());
}

void TestClientSecurity::aWrongHostNameGetsNoByte()
{
    ScriptedServer server(m_factory.server({u"other.example"_s}));
    HttpClient client(m_factory.trust(), m_factory.tlsClient(u"operator"_s), m_clock);
    const auto answer = await(get(client, requestTo(server.url(u"/v1/self"_s))));
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, Error::Code::Tls);
    QCOMPARE(server.received(), 0);
}

void TestClientSecurity::parallelRequestsAfterAFailedPinGetNothing()
{
    ScriptedServer server(m_factory.server());
    server.answerJson(u"/v1/self"_s, "{}");
    HttpClient client(wrongPin(m_factory.trust()), m_factory.tlsClient(u"operator"_s), m_clock);
    QVector<Reply<QByteArray>> replies;
    for (int i = 0; i < 20; ++i)
        replies.append(get(client, requestTo(server.url(u"/v1/self"_s), "the-token")));
    for (const auto &reply : replies) {
        const auto answer = await(reply);
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, Error::Code::Tls);
    }
    QCOMPARE(server.received(), 0);
}

void TestClientSecurity::aFailedCheckPoisonsTheClient()
{
    // The handshake is satisfied; the check after it is, until it no longer is. Qt keeps such a connection pooled.
    ScriptedServer server(m_factory.server());
    server.answerJson(u"/v1/self"_s, "{}");
    HttpClient client(m_factory.trust(), m_factory.tlsClient(u"operator"_s), m_clock);
    bool peerIsRight = true;
    client.channel().setPeerCheck([&peerIsRight](const QSslConfiguration &) -> Status {
        return peerIsRight ? Status() : fail(Error::Code::Tls, u"another key"_s);
    });
    QVERIFY(await(get(client, requestTo(server.url(u"/v1/self"_s)))));

    QSignalSpy poisoned(&client.channel(), &transport::TlsChannel::poisoned);
    peerIsRight = false;
    server.dropConnections();
    client.channel().forgetOrigins();
    const qint64 before = server.received();
    QVector<Reply<QByteArray>> replies;
    for (int i = 0; i < 20; ++i)
        replies.append(get(client, requestTo(server.url(u"/v1/self"_s), "the-token")));
    for (const auto &reply : replies)
        QCOMPARE(await(reply).error().code, Error::Code::Tls);
    QCOMPARE(poisoned.size(), 1);

    // For good, even if the next peer were right.
    peerIsRight = true;
    const int connections = server.connections();
    QCOMPARE(await(get(client, requestTo(server.url(u"/v1/self"_s), "the-token"))).error().code, Error::Code::Tls);
    QVERIFY(!client.channel().send(requestTo(server.url(u"/v1/self"_s), "the-token")));
    QCOMPARE(server.connections(), connections);
    QCOMPARE(server.received(), before);

    QCOMPARE(transport::checkPeer(QSslConfiguration(), m_factory.trust()).error().code, Error::Code::Tls);
}

void TestClientSecurity::aPeerThatChangesItsAuthorityGetsNothing()
{
    ScriptedServer server(m_factory.server());
    server.answerJson(u"/v1/self"_s, "{}");
    HttpClient client(m_factory.trust(), m_factory.tlsClient(u"operator"_s), m_clock);
    QVERIFY(await(get(client, requestTo(server.url(u"/v1/self"_s)))));
    const qint64 before = server.received();

    CertificateFactory impostor;
    QSslConfiguration taken = impostor.server();
    taken.setPeerVerifyMode(QSslSocket::VerifyNone);
    server.setConfiguration(taken);
    server.dropConnections();
    const auto answer = await(get(client, requestTo(server.url(u"/v1/self"_s), "the-token")));
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, Error::Code::Tls);
    QCOMPARE(server.received(), before);
}

void TestClientSecurity::theEventStreamTrustsNoOther()
{
    CertificateFactory impostor;
    ScriptedServer server(impostor.server(), false);
    server.stream(u"/v1/changes"_s);
    transport::EventStream::Options options;
    options.url = server.url(u"/v1/changes"_s);
    options.backoff = transport::Backoff(Milliseconds(1), Milliseconds(2));
    transport::EventStream stream(m_factory.trust(), m_factory.tlsClient(u"operator"_s), options, m_clock);
    QSignalSpy states(&stream, &Watch::stateChanged);
    QTRY_COMPARE_WITH_TIMEOUT(states.size(), 1, support::patience);
    QCOMPARE(states.at(0).at(1).value<Error>().code, Error::Code::Tls);
    QCOMPARE(server.received(), 0);
    // Nor does it come back by itself.
    const int connections = server.connections();
    bool turned = false;
    QTimer::singleShot(50, this, [&turned] { turned = true; });
    QTRY_VERIFY_WITH_TIMEOUT(turned, support::patience);
    QCOMPARE(states.size(), 1);
    QCOMPARE(server.connections(), connections);
}

void TestClientSecurity::oldTlsIsRefused()
{
    QSslConfiguration old = m_factory.server();
    old.setProtocol(QSsl::TlsV1_2);
    ScriptedServer server(old);
    server.answerJson(u"/v1/self"_s, "{}");
    HttpClient client(m_factory.trust(), m_factory.tlsClient(u"operator"_s), m_clock);
    const auto answer = await(get(client, requestTo(server.url(u"/v1/self"_s))));
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, Error::Code::Network);
    QCOMPARE(server.received(), 0);
}

void TestClientSecurity::plainHttpIsRefused()
{
    HttpClient client(m_factory.trust(), m_factory.tlsClient(u"operator"_s), m_clock);
    for (const QString &url : {u"http://127.0.0.1:1/x"_s, u"file:///etc/hostname"_s, u"https:///x"_s}) {
        const auto answer = await(get(client, requestTo(QUrl(url))));
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, Error::Code::Invalid);
    }
}

void TestClientSecurity::systemAuthoritiesDoNotCount()
{
    // A machine's administrator, or a proxy of the organisation, adds an authority for everything. Not for us.
    CertificateFactory organisation;
    QSslConfiguration machine = QSslConfiguration::defaultConfiguration();
    const QSslConfiguration saved = machine;
    machine.addCaCertificate(organisation.trust().authority);
    QSslConfiguration::setDefaultConfiguration(machine);
    const auto restore = qScopeGuard([&saved] { QSslConfiguration::setDefaultConfiguration(saved); });
    ScriptedServer server(organisation.server(), false);
    HttpClient client(m_factory.trust(), m_factory.tlsClient(u"operator"_s), m_clock);
    const auto answer = await(get(client, requestTo(server.url(u"/v1/self"_s))));
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, Error::Code::Tls);
    QCOMPARE(server.received(), 0);
}

void TestClientSecurity::noCookiesComeBack()
{
    ScriptedServer server(m_factory.server());
    ScriptedServer::Answer answer;
    answer.body = "{}";
    answer.headers = {{"Set-Cookie", "track=1; Path=/"}, {"Cache-Control", "max-age=3600"}};
    server.answer(u"/v1/self"_s, answer);
    HttpClient client(m_factory.trust(), m_factory.tlsClient(u"operator"_s), m_clock);
    QVERIFY(await(get(client, requestTo(server.url(u"/v1/self"_s)))));
    QVERIFY(await(get(client, requestTo(server.url(u"/v1/self"_s)))));
    QCOMPARE(server.requests().size(), 2); // nor from a cache
    for (const auto &request : server.requests())
        QVERIFY(!request.headers.contains("cookie"));
    QCOMPARE(server.requests().first().headers.value("accept-encoding"), QByteArray("identity"));
    QCOMPARE(server.requests().first().client, u"operator"_s);
}

void TestClientSecurity::noProxyIsAsked()
{
    QTcpServer proxy;
    QVERIFY(proxy.listen(QHostAddress::LocalHost));
    QNetworkProxy::setApplicationProxy(QNetworkProxy(QNetworkProxy::HttpProxy, u"127.0.0.1"_s, proxy.serverPort()));
    const auto restore = qScopeGuard([] { QNetworkProxy::setApplicationProxy(QNetworkProxy::NoProxy); });
    ScriptedServer server(m_factory.server());
    server.answerJson(u"/v1/self"_s, "{}");
    HttpClient client(m_factory.trust(), m_factory.tlsClient(u"operator"_s), m_clock);
    QVERIFY(await(get(client, requestTo(server.url(u"/v1/self"_s)))));
    QVERIFY(!proxy.hasPendingConnections());
}

void TestClientSecurity::secretsStayOutOfTheRecord()
{
    ScriptedServer server(m_factory.server());
    server.answerProblem(u"/v1/token"_s, 401, "Unauthorized");
    HttpClient client(m_factory.trust(), m_factory.tlsClient(u"operator"_s), m_clock);
    QSignalSpy records(&client, &HttpClient::finished);
    QUrl url = server.url(u"/v1/token"_s);
    url.setUserInfo(u"user:hunter2"_s);
    url.setFragment(u"hunter3"_s);
    const auto answer = await(get(client, requestTo(url, "hunter1")));
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, Error::Code::Unauthorized);
    QTRY_COMPARE_WITH_TIMEOUT(records.size(), 1, support::patience);
    const auto record = records.at(0).at(0).value<transport::RequestRecord>();
    for (const QString &text : {record.url, record.curl, record.error->message, record.error->detail})
        QVERIFY2(!text.contains(u"hunter"_s), qPrintable(text));
    QCOMPARE(record.status, 401);
    QVERIFY(record.peerIsWell());
}

void TestClientSecurity::aForeignIdentityIsRefused()
{
    CertificateFactory foreign;
    ScriptedServer server(m_factory.server());
    server.answerJson(u"/v1/self"_s, "{}");
    HttpClient client(m_factory.trust(), foreign.tlsClient(u"operator"_s), m_clock);
    const auto answer = await(get(client, requestTo(server.url(u"/v1/self"_s))));
    QVERIFY(!answer);
    QVERIFY2(answer.error().code == Error::Code::Unauthorized || answer.error().code == Error::Code::Network,
             support::why(answer));
    QVERIFY(server.requests().isEmpty());
}

QTEST_GUILESS_MAIN(TestClientSecurity)
#include "tst_clientsecurity.moc"
