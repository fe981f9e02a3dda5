// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/plane/server/client.h"

#include <QtCore/QMutex>
#include <QtTest/QtTest>

#include <sys/resource.h>

#include <atomic>
#include <future>
#include <thread>

using namespace parapet;
using namespace parapet::server;
using namespace parapet::servertest;
using namespace Qt::StringLiterals;

namespace {

/// Keeps what a handler is given, for the test to answer when it likes.
template<class T>
class Kept
{
public:
    void add(T item)
    {
        const QMutexLocker lock(&m_mutex);
        m_items.push_back(std::move(item));
    }
    qsizetype size() const
    {
        const QMutexLocker lock(&m_mutex);
        return qsizetype(m_items.size());
    }
    std::vector<T> take()
    {
        const QMutexLocker lock(&m_mutex);
        return std::exchange(m_items, {});
    }

private:
    mutable QMutex m_mutex;
    std::vector<T> m_items;
};

std::unique_ptr<Server> serveLoad(Handler handler, const Limits &limits = {})
{
    auto server = Server::start(Authority::shared().config(limits), std::move(handler));
    return server ? std::move(*server) : nullptr;
}

void hello(Request, std::shared_ptr<Responder> responder)
{
    responder->send({200, {}, "hello"});
}

/// Sockets, closed at the end.
class Sockets
{
public:
    ~Sockets()
    {
        for (const int fd : fds)
            ::close(fd);
    }
    std::vector<int> fds;
};

} // namespace

class tst_serverload : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void manyStreamsKeepTheirOrder();
    void aStreamBeginsAndEndsInOrder();
    void aDroppedStreamEnds();
    void slowReadersAreCut();
    void leavingClientsEndTheirStreams();
    void streamsAreLimited();
    void producersFollowTheReader();
    void producersKeepTheirWord_data();
    void producersKeepTheirWord();
    void stoppingLetsAnswersLeave();
    void stoppingIsBounded();
    void stoppingUnderLoad();
    void silentConnectionsDoNotStopIt();
    void idleConnectionsMakeRoom();
    void exhaustedFilesDoNotStopIt();

private:
    const Authority &m_authority = Authority::shared();
    const ClientContext m_context{m_authority, &m_authority.client};
};

void tst_serverload::manyStreamsKeepTheirOrder()
{
    constexpr int count = 1000;
    constexpr int events = 100;
    Kept<std::shared_ptr<Stream>> streams;
    const auto server = serveLoad([&](Request, std::shared_ptr<Responder> responder) {
        streams.add(responder->stream(200, {{"Content-Type", "text/event-stream"}}));
    });
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < count; ++i) {
        clients.push_back(std::make_unique<Client>(m_context, server->port()));
        QVERIFY(clients.back()->send("GET /v1/changes HTTP/1.1\r\nHost: plane\r\n\r\n"));
    }
    QTRY_COMPARE_WITH_TIMEOUT(streams.size(), qsizetype(count), 60000);
    QCOMPARE(server->figures().streams, count);
    const auto open = streams.take();
    std::thread writer([&] {
        for (int i = 0; i < events; ++i) {
            const QByteArray event = "id: " + QByteArray::number(i) + "\ndata: {}\n\n";
            for (const auto &stream : open)
                stream->write(event);
        }
        for (const auto &stream : open)
            stream->close();
    });
    QByteArray expected;
    for (int i = 0; i < events; ++i)
        expected += "id: " + QByteArray::number(i) + "\ndata: {}\n\n";
    int right = 0;
    for (const auto &client : clients) {
        const Answer answer = client->read();
        right += answer.isWhole && answer.body == expected;
    }
    writer.join();
    QCOMPARE(right, count);
    clients.clear();
    QTRY_COMPARE(server->figures().streams, 0);
}

void tst_serverload::aStreamBeginsAndEndsInOrder()
{
    std::promise<StreamEnd> ended;
    const auto server = serveLoad([&](Request, std::shared_ptr<Responder> responder) {
        const auto stream = responder->stream(200, {});
        stream->onEnd([&](StreamEnd end) { ended.set_value(end); });
        stream->write("before the head has left, ");
        stream->write("in the handler");
        stream->close();
        QVERIFY(!stream->isOpen());
        QVERIFY(!stream->write("after the end"));
    });
    Client client(m_context, server->port());
    const Answer answer = client.get("/");
    QVERIFY(answer.isWhole);
    QCOMPARE(answer.header("Connection"), QByteArray("close"));
    QCOMPARE(answer.body, QByteArray("before the head has left, in the handler"));
    QVERIFY(client.endsCleanly());
    QCOMPARE(ended.get_future().get(), StreamEnd::Closed);
}

void tst_serverload::aDroppedStreamEnds()
{
    const auto server =
        serveLoad([](Request, std::shared_ptr<Responder> responder) { responder->stream(200)->write("alone"); });
    Client client(m_context, server->port());
    const Answer answer = client.get("/");
    QVERIFY(answer.isWhole);
    QCOMPARE(answer.body, QByteArray("alone"));
}

void tst_serverload::slowReadersAreCut()
{
    Limits limits;
    limits.streamQueueBytes = 256 << 10;
    Kept<std::shared_ptr<Stream>> streams;
    std::promise<StreamEnd> ended;
    const auto server = serveLoad(
        [&](Request, std::shared_ptr<Responder> responder) {
            const auto stream = responder->stream(200);
            stream->onEnd([&](StreamEnd end) { ended.set_value(end); });
            streams.add(stream);
        },
        limits);
    Client client(m_context, server->port());
    client.send("GET / HTTP/1.1\r\nHost: plane\r\n\r\n");
    QTRY_COMPARE(streams.size(), 1);
    const auto stream = streams.take().front();
    const QByteArray event(16 << 10, 'e');
    qint64 taken = 0;
    while (stream->write(event))
        taken += event.size();
    QCOMPARE(ended.get_future().get(), StreamEnd::TooSlow);
    QVERIFY(!stream->isOpen());
    QVERIFY(taken >= limits.streamQueueBytes); // and what the sockets hold
    const Answer answer = client.read();
    QVERIFY(!answer.isWhole);
    QTRY_COMPARE(server->figures().connections, 0);
    QCOMPARE(server->figures().streams, 0);
}

void tst_serverload::leavingClientsEndTheirStreams()
{
    std::promise<StreamEnd> ended;
    Kept<std::shared_ptr<Stream>> streams;
    const auto server = serveLoad([&](Request, std::shared_ptr<Responder> responder) {
        const auto stream = responder->stream(200);
        stream->onEnd([&](StreamEnd end) { ended.set_value(end); });
        streams.add(stream);
    });
    {
        Client client(m_context, server->port());
        client.send("GET / HTTP/1.1\r\nHost: plane\r\n\r\n");
        QCOMPARE(client.readHead().status, 200);
    }
    QCOMPARE(ended.get_future().get(), StreamEnd::Peer);
    QTRY_COMPARE(streams.size(), 1);
    const auto stream = streams.take().front();
    QVERIFY(!stream->write("nobody"));
    std::optional<StreamEnd> late;
    stream->onEnd([&](StreamEnd end) { late = end; });
    QVERIFY(late == StreamEnd::Peer);
}

void tst_serverload::streamsAreLimited()
{
    Limits limits;
    limits.streams = 2;
    Kept<std::shared_ptr<Stream>> streams;
    const auto server =
        serveLoad([&](Request, std::shared_ptr<Responder> responder) { streams.add(responder->stream(200)); }, limits);
    Client first(m_context, server->port());
    first.send("GET / HTTP/1.1\r\nHost: plane\r\n\r\n");
    QCOMPARE(first.readHead().status, 200);
    Client second(m_context, server->port());
    second.send("GET / HTTP/1.1\r\nHost: plane\r\n\r\n");
    QCOMPARE(second.readHead().status, 200);
    Client third(m_context, server->port());
    QCOMPARE(third.get("/").status, 503);
    std::optional<StreamEnd> refused;
    QTRY_COMPARE(streams.size(), 3);
    const auto held = streams.take();
    held[2]->onEnd([&](StreamEnd end) { refused = end; });
    QVERIFY(refused == StreamEnd::Refused);
    held[0]->close();
    QTRY_COMPARE(server->figures().streams, 1);
    third.send("GET / HTTP/1.1\r\nHost: plane\r\n\r\n");
    QCOMPARE(third.readHead().status, 200);
}

void tst_serverload::producersFollowTheReader()
{
    constexpr qint64 total = 64 << 20;
    constexpr qint64 chunkSize = 256 << 10;
    constexpr qint64 mostAhead = 16 << 20; // what two socket buffers may hold, a fraction of the whole
    std::atomic<qint64> received = 0;
    std::atomic<qint64> ahead = 0;
    const auto server = serveLoad([&](Request request, std::shared_ptr<Responder> responder) {
        if (request.path == "/hello")
            return hello(std::move(request), responder);
        auto produced = std::make_shared<qint64>(0);
        const bool sized = request.path == "/sized";
        responder->sendProducer(
            200, {{"Content-Type", "application/x-tar"}},
            [&, produced](QByteArray &chunk) {
                chunk = QByteArray(chunkSize, char('a' + *produced / chunkSize % 26));
                *produced += chunkSize;
                ahead = std::max(ahead.load(), *produced - received.load());
                return *produced == total ? Produced::End : Produced::More;
            },
            sized ? std::optional<qint64>(total) : std::nullopt);
    });
    for (const char *target : {"/chunked", "/sized"}) {
        received = ahead = 0;
        Client client(m_context, server->port());
        client.send(QByteArray("GET ") + target + " HTTP/1.1\r\nHost: plane\r\n\r\n");
        const Answer head = client.readHead();
        QCOMPARE(head.status, 200);
        const bool isChunked = head.header("Transfer-Encoding") == "chunked";
        QCOMPARE(isChunked, QLatin1String(target) == QLatin1String("/chunked"));
        qint64 size = 0;
        if (isChunked) {
            while (const auto chunk = client.readChunk()) {
                if (chunk->isEmpty())
                    break;
                QCOMPARE(chunk->size(), chunkSize);
                QCOMPARE(chunk->at(chunkSize - 1), char('a' + size / chunkSize % 26));
                size += chunk->size();
                received = size;
            }
            QCOMPARE(client.get("/hello").body, QByteArray("hello")); // the connection goes on
        } else {
            QCOMPARE(head.header("Content-Length"), QByteArray::number(total));
            while (client.received < total && client.readSome())
                received = client.received;
            size = total;
        }
        QCOMPARE(size, total);
        QVERIFY2(ahead.load() <= mostAhead, qPrintable(QString::number(ahead.load())));
    }
}

void tst_serverload::producersKeepTheirWord_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::newRow("fails") << QByteArray("/fail");
    QTest::newRow("throws") << QByteArray("/throw");
    QTest::newRow("too short") << QByteArray("/short");
    QTest::newRow("too long") << QByteArray("/long");
}

void tst_serverload::producersKeepTheirWord()
{
    QFETCH(QByteArray, target);
    const auto server = serveLoad([](Request request, std::shared_ptr<Responder> responder) {
        auto call = std::make_shared<int>(0);
        const bool sized = request.path == "/short" || request.path == "/long";
        responder->sendProducer(
            200, {},
            [call, path = request.path](QByteArray &chunk) {
                chunk = "0123456789";
                if (++*call < 3)
                    return Produced::More;
                if (path == "/throw")
                    throw std::runtime_error("a producer's fault");
                return path == "/fail" ? Produced::Failed : Produced::End;
            },
            sized ? std::optional<qint64>(request.path == "/short" ? 31 : 29) : std::nullopt);
    });
    Client client(m_context, server->port());
    const Answer answer = client.get(target);
    QCOMPARE(answer.status, 200);
    QVERIFY(!answer.isWhole);
    QVERIFY(!client.endsCleanly());
}

void tst_serverload::stoppingLetsAnswersLeave()
{
    Kept<std::shared_ptr<Responder>> waiting;
    Kept<std::shared_ptr<Stream>> streams;
    std::promise<StreamEnd> ended;
    const auto server = serveLoad([&](Request request, std::shared_ptr<Responder> responder) {
        if (request.path == "/wait")
            return waiting.add(responder);
        if (request.path != "/stream")
            return responder->send({});
        const auto stream = responder->stream(200);
        stream->onEnd([&](StreamEnd end) { ended.set_value(end); });
        stream->write("last words");
        streams.add(stream);
    });
    Client idle(m_context, server->port());
    QCOMPARE(idle.get("/").status, 200);
    Client client(m_context, server->port());
    client.send("GET /wait HTTP/1.1\r\nHost: plane\r\n\r\n");
    Client streaming(m_context, server->port());
    streaming.send("GET /stream HTTP/1.1\r\nHost: plane\r\n\r\n");
    QTRY_COMPARE(waiting.size() + streams.size(), 2);

    std::thread stopping([&] { server->stop(); });
    QCOMPARE(ended.get_future().get(), StreamEnd::Stopped);
    QVERIFY(idle.endsCleanly());
    const Answer streamed = streaming.read();
    QVERIFY(streamed.isWhole);
    QCOMPARE(streamed.body, QByteArray("last words"));
    QVERIFY(streaming.endsCleanly());
    for (const auto &responder : waiting.take())
        responder->send({200, {}, "in time"});
    const Answer answer = client.read();
    QCOMPARE(answer.body, QByteArray("in time"));
    QCOMPARE(answer.header("Connection"), QByteArray("close"));
    QVERIFY(client.endsCleanly());
    stopping.join();
    QCOMPARE(connectTo(server->port()), -1);
}

void tst_serverload::stoppingIsBounded()
{
    Limits limits;
    limits.stop = Milliseconds(50);
    Kept<std::shared_ptr<Responder>> waiting;
    auto server = serveLoad([&](Request, std::shared_ptr<Responder> responder) { waiting.add(responder); }, limits);
    Client first(m_context, server->port());
    first.send("GET / HTTP/1.1\r\nHost: plane\r\n\r\n");
    Client second(m_context, server->port());
    second.send("GET / HTTP/1.1\r\nHost: plane\r\n\r\n");
    QTRY_COMPARE(waiting.size(), 2);
    server->stop();
    QCOMPARE(first.read().status, 0);
    server.reset();
    // What comes after the server is gone does nothing, in whatever form.
    const auto late = waiting.take();
    late[0]->send({200, {}, "too late"});
    const auto stream = late[1]->stream(200);
    QVERIFY(!stream->write("too late"));
    std::optional<StreamEnd> end;
    stream->onEnd([&](StreamEnd reason) { end = reason; });
    QVERIFY(end == StreamEnd::Stopped);
}

void tst_serverload::stoppingUnderLoad()
{
    for (int round = 0; round < 5; ++round) {
        auto server = serveLoad(hello);
        const quint16 port = server->port();
        std::atomic<int> answered = 0;
        std::vector<std::thread> clients;
        for (int i = 0; i < 4; ++i) {
            clients.emplace_back([&] {
                for (bool isServing = true; isServing;) {
                    Client client(m_context, port);
                    isServing = client.isConnected();
                    while (client.get("/").isWhole)
                        ++answered;
                }
            });
        }
        QTRY_VERIFY(answered > 50);
        server.reset();
        for (std::thread &client : clients)
            client.join();
    }
}

void tst_serverload::silentConnectionsDoNotStopIt()
{
    Limits limits;
    limits.silentConnections = 500;
    const auto server = serveLoad(hello, limits); // raises the limit of open files
    rlimit files{};
    QCOMPARE(getrlimit(RLIMIT_NOFILE, &files), 0);
    // Both ends are in this process, but the server keeps only its 500.
    const int count = int(std::min<rlim_t>(10000, files.rlim_cur - limits.silentConnections - 300));
    QVERIFY(count >= 500);
    Sockets silent;
    for (int i = 0; i < count; ++i) {
        const int fd = connectTo(server->port());
        QVERIFY(fd >= 0);
        silent.fds.push_back(fd);
        if (i % 2000 == 1999) {
            Client client(m_context, server->port());
            QCOMPARE(client.get("/").body, QByteArray("hello"));
        }
    }
    Client client(m_context, server->port());
    QCOMPARE(client.get("/").body, QByteArray("hello"));
    QTRY_VERIFY(server->figures().silent <= limits.silentConnections);
    QTRY_VERIFY(server->figures().shed >= count - limits.silentConnections);
    // The oldest went, the newest stayed.
    char byte;
    QVERIFY(::recv(silent.fds.front(), &byte, 1, 0) <= 0);
    QCOMPARE(::recv(silent.fds.back(), &byte, 1, MSG_DONTWAIT), ssize_t(-1));
    QVERIFY(errno == EAGAIN);
    QCOMPARE(client.get("/").body, QByteArray("hello"));
}

void tst_serverload::idleConnectionsMakeRoom()
{
    Limits limits;
    limits.connections = 3;
    const auto server = serveLoad(hello, limits);
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 6; ++i) {
        clients.push_back(std::make_unique<Client>(m_context, server->port()));
        QCOMPARE(clients.back()->get("/").body, QByteArray("hello"));
    }
    QCOMPARE(clients[0]->get("/").status, 0);
    QCOMPARE(clients[5]->get("/").status, 200);
    QCOMPARE(server->figures().shed, 3);
}

void tst_serverload::exhaustedFilesDoNotStopIt()
{
    const auto server = serveLoad(hello);
    // Our ends are opened first, so that only the server runs out.
    Sockets silent;
    for (int i = 0; i < 300; ++i)
        silent.fds.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const int mine = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    rlimit files{};
    getrlimit(RLIMIT_NOFILE, &files);
    const rlimit before = files;
    files.rlim_cur = rlim_t(mine) + 100;
    QCOMPARE(setrlimit(RLIMIT_NOFILE, &files), 0);
    int connected = 0;
    for (const int fd : silent.fds)
        connected += connectTo(server->port(), fd) == fd;
    Client client(m_context, connectTo(server->port(), mine), {});
    const Answer answer = client.get("/");
    setrlimit(RLIMIT_NOFILE, &before);
    QCOMPARE(connected, 300);
    QCOMPARE(answer.body, QByteArray("hello"));
    QVERIFY(server->figures().shed > 0);
}

QTEST_GUILESS_MAIN(tst_serverload)
#include "tst_serverload.moc"
