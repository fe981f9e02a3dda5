// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/plane/server/client.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QMutex>
#include <QtNetwork/QNetworkAccessManager>
#include <QtNetwork/QNetworkReply>
#include <QtNetwork/QSslConfiguration>
#include <QtNetwork/QSslKey>
#include <QtTest/QtTest>

#include <atomic>
#include <thread>

using namespace parapet;
using namespace parapet::server;
using namespace parapet::servertest;
using namespace Qt::StringLiterals;

namespace {

class PastClock final : public Clock
{
public:
    Instant now() const override { return Clock::system().now() - std::chrono::hours(48); }
};

/// Answers with everything the server understood of a request.
void echo(Request request, std::shared_ptr<Responder> responder)
{
    QJsonArray query;
    for (const auto &[name, value] : request.query)
        query.append(QJsonArray{name, value});
    const QJsonObject body{
        {u"method"_s, QString::fromLatin1(request.method)},
        {u"path"_s, QString::fromLatin1(request.path)},
        {u"segments"_s, QJsonArray::fromStringList(request.segments)},
        {u"query"_s, query},
        {u"probe"_s, QString::fromLatin1(request.header("x-probe"))},
        {u"body"_s, QString::fromLatin1(request.body)},
        {u"address"_s, request.peerAddress},
        {u"name"_s, request.peer->commonName},
        {u"uris"_s, QJsonArray::fromStringList(request.peer->uris)},
        {u"fingerprint"_s, QString::fromLatin1(request.peer->fingerprint.toHex())},
        {u"notAfter"_s, qint64(request.peer->notAfter.time_since_epoch().count())},
    };
    responder->send({200, {{"Content-Type", "application/json"}}, QJsonDocument(body).toJson(QJsonDocument::Compact)});
}

QJsonObject json(const Answer &answer)
{
    return QJsonDocument::fromJson(answer.body).object();
}

std::unique_ptr<Server> serve(Handler handler, const Limits &limits = {})
{
    auto server = Server::start(Authority::shared().config(limits), std::move(handler));
    return server ? std::move(*server) : nullptr;
}

} // namespace

class tst_server : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theIdentityReachesTheHandler();
    void noIdentityWhereNoneIsRequired();
    void strangersAreRefused_data();
    void strangersAreRefused();
    void sessionsAreNotResumed();
    void protocolIsNegotiated();
    void requestsAreUnderstood_data();
    void requestsAreUnderstood();
    void badRequestsAreRefused_data();
    void badRequestsAreRefused();
    void theRefusalHookMakesTheAnswer();
    void bodiesArrive();
    void expectContinue();
    void headHasNoBody();
    void pipelinedRequestsAreAnsweredInOrder();
    void slownessEnds_data();
    void slownessEnds();
    void silenceEnds();
    void answersComeLate();
    void unansweredIsAnError();
    void headersCannotBeSplit();
    void startFails_data();
    void startFails();
    void worksWithQt();

private:
    const Authority &m_authority = Authority::shared();
    const ClientContext m_context{m_authority, &m_authority.client};
};

void tst_server::theIdentityReachesTheHandler()
{
    const auto server = serve(echo);
    QVERIFY(server);
    Client client(m_context, server->port());
    const QJsonObject seen = json(client.get("/v1/self"));
    QCOMPARE(seen[u"name"_s].toString(), u"Ada Lovelace"_s);
    QCOMPARE(seen[u"uris"_s].toArray(), QJsonArray{u"parapet://principal/ada"_s});
    QCOMPARE(seen[u"fingerprint"_s].toString(), m_authority.client.certificate.fingerprint());
    QCOMPARE(Instant(Milliseconds(qint64(seen[u"notAfter"_s].toDouble()))), m_authority.client.certificate.notAfter());
    QCOMPARE(seen[u"address"_s].toString(), u"127.0.0.1"_s);
}

void tst_server::noIdentityWhereNoneIsRequired()
{
    Config config = m_authority.config();
    config.requireClientCertificate = false;
    config.clientAuthorities.clear();
    const auto server = Server::start(config, echo);
    QVERIFY(server);
    const ClientContext anonymous(m_authority, nullptr);
    const QJsonObject seen = json(Client(anonymous, (*server)->port()).get("/v1/try"));
    QCOMPARE(seen[u"segments"_s].toArray(), (QJsonArray{u"v1"_s, u"try"_s}));
    QCOMPARE(seen[u"fingerprint"_s].toString(), QString());
}

void tst_server::strangersAreRefused_data()
{
    QTest::addColumn<int>("identity"); // 0 none, 1 of another authority, 2 expired, 3 a server's, 4 the right one
    QTest::addColumn<int>("version");
    QTest::addColumn<QString>("name");
    QTest::newRow("no certificate") << 0 << TLS1_3_VERSION << QString();
    QTest::newRow("another authority") << 1 << TLS1_3_VERSION << u"Mallory"_s;
    QTest::newRow("expired") << 2 << TLS1_3_VERSION << u"Old Ada"_s;
    QTest::newRow("a server's certificate") << 3 << TLS1_3_VERSION << u"plane"_s;
    QTest::newRow("TLS 1.2") << 4 << TLS1_2_VERSION << QString();
}

void tst_server::strangersAreRefused()
{
    QFETCH(int, identity);
    QFETCH(int, version);
    QFETCH(QString, name);
    const PastClock past;
    const auto foreign = crypto::CertificateAuthority::create(u"Other"_s).issueClient(u"ada"_s, u"Mallory"_s, {});
    const auto expired = m_authority.ca.issueClient(u"ada"_s, u"Old Ada"_s, {past, std::chrono::hours(1)});
    const crypto::Identity *identities[] = {nullptr, &foreign, &expired, &m_authority.server, &m_authority.client};

    std::atomic<int> handled = 0;
    QMutex mutex;
    QVector<RefusedPeer> refused;
    Config config = m_authority.config();
    config.refusedPeer = [&](const RefusedPeer &peer) {
        const QMutexLocker lock(&mutex);
        refused.append(peer);
    };
    const auto server = Server::start(config, [&](Request request, std::shared_ptr<Responder> responder) {
        ++handled;
        echo(std::move(request), responder);
    });
    QVERIFY(server);
    const ClientContext context(m_authority, identities[identity], version);
    {
        // In TLS 1.3 the client is done before the server has looked at its certificate: the refusal comes with the
        // first read.
        Client client(context, (*server)->port());
        QCOMPARE(client.get("/").status, 0);
        QVERIFY(!client.endsCleanly());
    }
    QTRY_COMPARE((*server)->figures().connections, 0);
    (*server)->stop();
    QCOMPARE(handled.load(), 0);
    QCOMPARE(refused.size(), 1);
    QCOMPARE(refused[0].commonName, name);
    QCOMPARE(refused[0].fingerprint.isEmpty(), name.isEmpty());
    QVERIFY(!refused[0].reason.isEmpty());
    QCOMPARE(refused[0].peerAddress, u"127.0.0.1"_s);
}

void tst_server::sessionsAreNotResumed()
{
    const auto server = serve(echo);
    const ClientContext context(m_authority, &m_authority.client);
    Client client(context, server->port());
    QCOMPARE(client.get("/").status, 200);
    QCOMPARE(context.tickets, 0);
    QCOMPARE(QLatin1String(SSL_get_cipher_name(client.tls())), QLatin1String("TLS_AES_128_GCM_SHA256"));
}

void tst_server::protocolIsNegotiated()
{
    const auto server = serve(echo);
    Client both(m_context, connectTo(server->port()), QByteArray("\x02h2\x08http/1.1"));
    QCOMPARE(both.get("/").status, 200);
    const unsigned char *chosen = nullptr;
    unsigned int size = 0;
    SSL_get0_alpn_selected(both.tls(), &chosen, &size);
    QCOMPARE(QByteArray(reinterpret_cast<const char *>(chosen), size), QByteArray("http/1.1"));
    Client newer(m_context, connectTo(server->port()), QByteArray("\x02h2"));
    QVERIFY(!newer.isConnected());
}

void tst_server::requestsAreUnderstood_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QStringList>("segments");
    QTest::addColumn<QByteArray>("query");
    QTest::newRow("root") << QByteArray("/") << QByteArray("/") << QStringList() << QByteArray("[]");
    QTest::newRow("plain") << QByteArray("/v1/workspaces") << QByteArray("/v1/workspaces")
                           << QStringList{u"v1"_s, u"workspaces"_s} << QByteArray("[]");
    QTest::newRow("decoded") << QByteArray("/a%2Fb/%C3%A4%20+") << QByteArray("/a%2Fb/%C3%A4%20+")
                             << QStringList{u"a/b"_s, u"ä +"_s} << QByteArray("[]");
    QTest::newRow("trailing slash") << QByteArray("/a/") << QByteArray("/a/") << QStringList{u"a"_s, QString()}
                                    << QByteArray("[]");
    QTest::newRow("query") << QByteArray("/a?x=1&x=2&y=a%26b+c&z&=w") << QByteArray("/a") << QStringList{u"a"_s}
                           << QByteArray(R"([["x","1"],["x","2"],["y","a&b c"],["z",""],["","w"]])");
    QTest::newRow("question marks") << QByteArray("/a?b=?c=d") << QByteArray("/a") << QStringList{u"a"_s}
                                    << QByteArray(R"([["b","?c=d"]])");
    QTest::newRow("absolute form") << QByteArray("https://plane:1/a/b?c=d") << QByteArray("/a/b")
                                   << QStringList{u"a"_s, u"b"_s} << QByteArray(R"([["c","d"]])");
}

void tst_server::requestsAreUnderstood()
{
    QFETCH(QByteArray, target);
    const auto server = serve(echo);
    Client client(m_context, server->port());
    const Answer answer = client.get(target, "X-PROBE:  some value \r\n");
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.header("Connection"), QByteArray("keep-alive"));
    QVERIFY(answer.header("Date").endsWith(" GMT"));
    const QJsonObject seen = json(answer);
    QTEST(seen[u"path"_s].toString().toLatin1(), "path");
    QTEST(QVariant(seen[u"segments"_s].toArray().toVariantList()).toStringList(), "segments");
    QTEST(QJsonDocument(seen[u"query"_s].toArray()).toJson(QJsonDocument::Compact), "query");
    QCOMPARE(seen[u"probe"_s].toString(), u"some value"_s);
}

void tst_server::badRequestsAreRefused_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    const QByteArray head = "POST / HTTP/1.1\r\nHost: plane\r\n";
    QTest::newRow("garbage") << QByteArray("\x01\x02\x03 what\r\n\r\n") << 400;
    QTest::newRow("no host") << QByteArray("GET / HTTP/1.1\r\n\r\n") << 400;
    QTest::newRow("two hosts") << QByteArray("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n") << 400;
    QTest::newRow("newer version") << QByteArray("GET / HTTP/3.0\r\nHost: plane\r\n\r\n") << 505;
    QTest::newRow("header without colon") << head + "nonsense\r\n\r\n" << 400;
    QTest::newRow("space before colon") << head + "Content-Length : 3\r\n\r\nabc" << 400;
    QTest::newRow("bad length") << head + "Content-Length: x\r\n\r\n" << 400;
    QTest::newRow("two lengths") << head + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc" << 400;
    QTest::newRow("length and chunks") << head + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                                       << 400;
    QTest::newRow("unknown coding") << head + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" << 501;
    QTest::newRow("bad chunk") << head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n" << 400;
    QTest::newRow("endless chunk header")
        << head + "Transfer-Encoding: chunked\r\n\r\n3;" + QByteArray(200000, 'x') << 400;
    QTest::newRow("unknown expectation") << head + "Expect: miracles\r\nContent-Length: 1\r\n\r\n" << 417;
    QTest::newRow("body too large") << head + "Content-Length: 1048577\r\n\r\n" << 413;
    QTest::newRow("body too large, all sent")
        << head + "Content-Length: 1048577\r\n\r\n" + QByteArray(1048577, 'x') << 413;
    QTest::newRow("chunks too large") << head + "Transfer-Encoding: chunked\r\n\r\n100001\r\n" << 413;
    QTest::newRow("sum of chunks too large")
        << head + "Transfer-Encoding: chunked\r\n\r\nc0000\r\n" + QByteArray(0xc0000, 'x') + "\r\n40001\r\n"
        << 413;
    QTest::newRow("headers too large") << head + "X: " + QByteArray(20000, 'x') + "\r\n\r\n" << 431;
    QTest::newRow("target too large") << "GET /" + QByteArray(20000, 'x') + " HTTP/1.1\r\n" << 431;
    QTest::newRow("cut escape") << QByteArray("GET /%4 HTTP/1.1\r\nHost: plane\r\n\r\n") << 400;
    QTest::newRow("wrong escape") << QByteArray("GET /%zz HTTP/1.1\r\nHost: plane\r\n\r\n") << 400;
    QTest::newRow("not UTF-8") << QByteArray("GET /?a=%ff HTTP/1.1\r\nHost: plane\r\n\r\n") << 400;
    QTest::newRow("NUL") << QByteArray("GET /a%00b HTTP/1.1\r\nHost: plane\r\n\r\n") << 400;
    QTest::newRow("dots") << QByteArray("GET /a/%2e%2E/b HTTP/1.1\r\nHost: plane\r\n\r\n") << 400;
    QTest::newRow("authority form") << QByteArray("CONNECT other:443 HTTP/1.1\r\nHost: plane\r\n\r\n") << 400;
}

void tst_server::badRequestsAreRefused()
{
    QFETCH(QByteArray, request);
    QFETCH(int, status);
    std::atomic<int> handled = 0;
    const auto server = serve([&](Request, std::shared_ptr<Responder>) { ++handled; });
    Client client(m_context, server->port());
    client.send(request);
    const Answer answer = client.read();
    QCOMPARE(answer.status, status);
    QVERIFY(answer.isWhole);
    QCOMPARE(answer.header("Content-Type"), QByteArray("application/problem+json"));
    const QJsonObject problem = json(answer);
    QCOMPARE(problem[u"type"_s].toString(), u"about:blank"_s);
    QCOMPARE(problem[u"status"_s].toInt(), status);
    QCOMPARE(problem[u"code"_s].toString(), nameOf(status >= 500 ? Error::Code::Server : Error::Code::Invalid));
    QVERIFY(!problem[u"title"_s].toString().isEmpty());
    QVERIFY(!problem[u"detail"_s].toString().isEmpty());
    QCOMPARE(handled.load(), 0);
    QCOMPARE(Client(m_context, server->port()).isConnected(), true);
}

void tst_server::theRefusalHookMakesTheAnswer()
{
    Config config = m_authority.config();
    config.refusal = [](const Refusal &refusal) {
        return Response{refusal.status, {{"X-Hook", "yes"}}, refusal.peer->commonName.toUtf8()};
    };
    const auto server = Server::start(config, echo);
    QVERIFY(server);
    Client client(m_context, (*server)->port());
    client.send("nonsense\r\n\r\n");
    const Answer answer = client.read();
    QCOMPARE(answer.status, 400);
    QCOMPARE(answer.header("X-Hook"), QByteArray("yes"));
    QCOMPARE(answer.body, QByteArray("Ada Lovelace"));
}

void tst_server::bodiesArrive()
{
    const auto server = serve(echo);
    Client client(m_context, server->port());
    client.send("POST /a HTTP/1.1\r\nHost: plane\r\nContent-Length: 5\r\n\r\nhel");
    client.send("lo");
    QCOMPARE(json(client.read())[u"body"_s].toString(), u"hello"_s);
    client.send("POST /a HTTP/1.1\r\nHost: plane\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r");
    client.send("\nlo\r\n0\r\n\r\n");
    QCOMPARE(json(client.read())[u"body"_s].toString(), u"hello"_s);
    const QByteArray largest(1 << 20, 'b');
    client.send("POST /a HTTP/1.1\r\nHost: plane\r\nContent-Length: 1048576\r\n\r\n");
    client.send(largest);
    QCOMPARE(json(client.read())[u"body"_s].toString().toLatin1(), largest);
    client.send("GET /a HTTP/1.0\r\n\r\n");
    const Answer old = client.read();
    QCOMPARE(old.status, 200);
    QCOMPARE(old.header("Connection"), QByteArray("close"));
    QVERIFY(client.endsCleanly());
}

void tst_server::expectContinue()
{
    const auto server = serve(echo);
    Client client(m_context, server->port());
    client.send("POST /a HTTP/1.1\r\nHost: plane\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    QCOMPARE(client.read().status, 100);
    client.send("ok");
    QCOMPARE(json(client.read())[u"body"_s].toString(), u"ok"_s);
    client.send("POST /a HTTP/1.1\r\nHost: plane\r\nExpect: 100-continue\r\nContent-Length: 9999999\r\n\r\n");
    QCOMPARE(client.read().status, 413);
}

void tst_server::headHasNoBody()
{
    const auto server = serve([](Request request, std::shared_ptr<Responder> responder) {
        if (request.path == "/stream")
            responder->stream(200)->write("never sent");
        else
            responder->send({200, {}, "12345"});
    });
    Client client(m_context, server->port());
    client.send("HEAD / HTTP/1.1\r\nHost: plane\r\n\r\nHEAD /stream HTTP/1.1\r\nHost: plane\r\n\r\n");
    QCOMPARE(client.read(true).header("Content-Length"), QByteArray("5"));
    QCOMPARE(client.read(true).header("Transfer-Encoding"), QByteArray("chunked"));
    QCOMPARE(client.get("/").body, QByteArray("12345"));
    QCOMPARE(server->figures().streams, 0);
}

void tst_server::pipelinedRequestsAreAnsweredInOrder()
{
    QMutex mutex;
    QVector<std::shared_ptr<Responder>> waiting;
    const auto server = serve([&](Request request, std::shared_ptr<Responder> responder) {
        if (request.path == "/wait") {
            const QMutexLocker lock(&mutex);
            waiting.append(responder);
        } else {
            responder->send({200, {}, request.path});
        }
    });
    Client client(m_context, server->port());
    QByteArray requests = "GET /wait HTTP/1.1\r\nHost: plane\r\n\r\n";
    for (int i = 0; i < 100; ++i)
        requests += "GET /" + QByteArray::number(i) + " HTTP/1.1\r\nHost: plane\r\n\r\n";
    client.send(requests);
    const auto count = [&] {
        const QMutexLocker lock(&mutex);
        return waiting.size();
    };
    QTRY_COMPARE(count(), 1);
    QCOMPARE(server->figures().requests, 1); // the others wait for its answer
    waiting.takeFirst()->send({200, {}, "waited"});
    QCOMPARE(client.read().body, QByteArray("waited"));
    for (int i = 0; i < 100; ++i)
        QCOMPARE(client.read().body, "/" + QByteArray::number(i));
}

void tst_server::slownessEnds_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status"); // 0: only closed
    QTest::newRow("header") << QByteArray("GET / HTTP/1.1\r\nHo") << 408;
    QTest::newRow("body") << QByteArray("POST / HTTP/1.1\r\nHost: plane\r\nContent-Length: 5\r\n\r\nab") << 408;
    QTest::newRow("body after continue")
        << QByteArray("POST / HTTP/1.1\r\nHost: plane\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n") << 408;
    QTest::newRow("idle") << QByteArray() << 0;
}

void tst_server::slownessEnds()
{
    QFETCH(QByteArray, request);
    QFETCH(int, status);
    Limits limits;
    limits.header = limits.body = limits.idle = Milliseconds(50);
    const auto server = serve(echo, limits);
    Client client(m_context, server->port());
    QCOMPARE(client.get("/").status, 200);
    if (!request.isEmpty())
        QVERIFY(client.send(request));
    Answer answer = client.read();
    if (answer.status == 100)
        answer = client.read();
    QCOMPARE(answer.status, status);
    QVERIFY(client.endsCleanly());
}

void tst_server::silenceEnds()
{
    Limits limits;
    limits.handshake = Milliseconds(50);
    const auto server = serve(echo, limits);
    const int silent = connectTo(server->port());
    const int halting = connectTo(server->port());
    QVERIFY(::send(halting, "\x16\x03\x01", 3, 0) == 3); // the beginning of a ClientHello
    for (const int fd : {silent, halting}) {
        char byte;
        QVERIFY(::recv(fd, &byte, 1, 0) <= 0);
        ::close(fd);
    }
    QTRY_COMPARE(server->figures().connections, 0);
}

void tst_server::answersComeLate()
{
    std::vector<std::thread> threads;
    QMutex mutex;
    const auto server = serve([&](Request request, std::shared_ptr<Responder> responder) {
        const QMutexLocker lock(&mutex);
        threads.emplace_back([request = std::move(request), responder] {
            responder->send({201, {{"Location", "/late"}}, request.body + "!"});
            responder->send({500, {}, "second answers do nothing"});
        });
    });
    auto client = std::make_unique<Client>(m_context, server->port());
    for (int i = 0; i < 20; ++i) {
        client->send("POST /a HTTP/1.1\r\nHost: plane\r\nContent-Length: 2\r\n\r\nhi");
        const Answer answer = client->read();
        QCOMPARE(answer.status, 201);
        QCOMPARE(answer.header("location"), QByteArray("/late"));
        QCOMPARE(answer.body, QByteArray("hi!"));
    }
    client.reset();
    server->stop();
    for (std::thread &thread : threads)
        thread.join();
}

void tst_server::unansweredIsAnError()
{
    const auto server = serve([](Request request, std::shared_ptr<Responder>) {
        if (request.path == "/throw")
            throw std::runtime_error("a handler's fault");
    });
    Client client(m_context, server->port());
    for (const char *target : {"/drop", "/throw", "/drop"}) {
        const Answer answer = client.get(target);
        QCOMPARE(answer.status, 500);
        QCOMPARE(json(answer)[u"code"_s].toString(), u"Server"_s);
    }
}

void tst_server::headersCannotBeSplit()
{
    const auto server = serve([](Request, std::shared_ptr<Responder> responder) {
        responder->send(
            {200, {{"X-Name", "a\r\nX-Evil: 1"}, {"X-Bad\r\nX-Evil", "1"}, {"Content-Length", "99"}}, "body"});
    });
    Client client(m_context, server->port());
    const Answer answer = client.get("/");
    QCOMPARE(answer.header("X-Evil"), QByteArray());
    QCOMPARE(answer.header("X-Name"), QByteArray("a  X-Evil: 1"));
    QCOMPARE(answer.body, QByteArray("body"));
}

void tst_server::startFails_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<int>("code");
    QTest::newRow("address") << u"address"_s << int(Error::Code::Invalid);
    QTest::newRow("port in use") << u"port"_s << int(Error::Code::Network);
    QTest::newRow("no certificate") << u"certificate"_s << int(Error::Code::Tls);
    QTest::newRow("another's key") << u"key"_s << int(Error::Code::Tls);
    QTest::newRow("no authority") << u"authority"_s << int(Error::Code::Tls);
}

void tst_server::startFails()
{
    QFETCH(QString, what);
    QFETCH(int, code);
    const auto other = serve(echo);
    Config config = m_authority.config();
    if (what == QLatin1String("address"))
        config.address = u"nowhere"_s;
    else if (what == QLatin1String("port"))
        config.port = other->port();
    else if (what == QLatin1String("certificate"))
        config.certificateChain = "nonsense";
    else if (what == QLatin1String("key"))
        config.privateKey = m_authority.client.key.toPem();
    else
        config.clientAuthorities.clear();
    const auto server = Server::start(config, echo);
    QVERIFY(!server);
    QCOMPARE(int(server.error().code), code);
    QVERIFY(!server.error().message.isEmpty());
}

void tst_server::worksWithQt()
{
    const auto server = serve(echo);
    QSslConfiguration tls;
    tls.setCaCertificates(QSslCertificate::fromData(m_authority.ca.certificate().toPem()));
    tls.setLocalCertificate(QSslCertificate(m_authority.client.certificate.toPem()));
    tls.setPrivateKey(QSslKey(m_authority.client.key.toPem(), QSsl::Ec));
    QNetworkAccessManager manager;
    for (int i = 0; i < 3; ++i) {
        QNetworkRequest request(QUrl(u"https://127.0.0.1:%1/v1/self?n=%2"_s.arg(server->port()).arg(i)));
        request.setSslConfiguration(tls);
        request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
        const std::unique_ptr<QNetworkReply> reply(manager.post(request, QByteArray("{}")));
        QTRY_VERIFY(reply->isFinished());
        QVERIFY2(reply->error() == QNetworkReply::NoError, qPrintable(reply->errorString()));
        QCOMPARE(QJsonDocument::fromJson(reply->readAll()).object()[u"name"_s].toString(), u"Ada Lovelace"_s);
    }
}

QTEST_GUILESS_MAIN(tst_server)
#include "tst_server.moc"
