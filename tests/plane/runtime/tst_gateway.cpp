// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/plane/runtime/hostfixture.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>
#include <thread>

using namespace parapet;
using namespace parapet::runtimetest;
using namespace Qt::StringLiterals;

namespace {

/// Sends back what it receives, on a loopback port; one connection after the other.
class EchoTarget
{
public:
    EchoTarget()
    {
        m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        ::bind(m_listener, reinterpret_cast<sockaddr *>(&address), size);
        ::listen(m_listener, 16);
        ::getsockname(m_listener, reinterpret_cast<sockaddr *>(&address), &size);
        m_port = ntohs(address.sin_port);
        m_thread = std::thread([this] { serve(); });
    }
    ~EchoTarget()
    {
        m_ending = true;
        ::shutdown(m_listener, SHUT_RDWR);
        m_thread.join();
        ::close(m_listener);
    }
    quint16 port() const { return m_port; }
    int connections() const { return m_connections; }

private:
    void serve()
    {
        while (!m_ending) {
            const int client = ::accept(m_listener, nullptr, nullptr);
            if (client < 0)
                continue;
            ++m_connections;
            const timeval patience{30, 0};
            ::setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
            char bytes[65536];
            ssize_t size;
            while ((size = ::recv(client, bytes, sizeof bytes, 0)) > 0 &&
                   ::send(client, bytes, size_t(size), MSG_NOSIGNAL) == size) {
            }
            ::close(client);
        }
    }
    int m_listener;
    quint16 m_port = 0;
    std::atomic<bool> m_ending = false;
    std::atomic<int> m_connections = 0;
    std::thread m_thread;
};

/// A line of bash: connects to the proxy as descriptor 4 and asks for `destination`.
QByteArray asking(const QByteArray &destination)
{
    return "exec 4<>/dev/tcp/127.0.0.1/3128; printf 'CONNECT " + destination +
           " HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n' >&4; ";
}

QByteArray inBash(const QByteArray &lines)
{
    return "exec bash -c \"$(cat <<'END'\n" + lines + "\nEND\n)\"";
}

Flow newest(const HostFixture &fixture, const WorkspaceId &id)
{
    const auto flows = fixture.host->flows(id);
    return flows && !flows->isEmpty() ? flows->constFirst() : Flow();
}

} // namespace

class TestGateway : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void relaysWhatIsAllowed();
    void carriesMuchBothWays();
    void refuses_data();
    void refuses();
    void isolationClosesAndRefuses();
    void policyChangeCloses();
    void initAloneSpeaks();
    void tellsWhoConnects();
    void brokenRequests_data();
    void brokenRequests();
    void manyConnections();

private:
    plane::Launch routed(const HostFixture &fixture, const QByteArray &person, const QByteArray &agent = {}) const
    {
        plane::Launch launch = fixture.launch(u"ws-1"_s, person, agent);
        launch.egress = {{u"git.meridian.internal"_s, 443}, {u"lost.meridian.internal"_s, 443}};
        launch.routes = {{u"git.meridian.internal"_s, 443, m_target.port()},
                         {u"secret.meridian.internal"_s, 443, m_target.port()}};
        return launch;
    }
    const WorkspaceId m_id{u"ws-1"_s};
    EchoTarget m_target;
};

void TestGateway::relaysWhatIsAllowed()
{
    const HostFixture fixture;
    QVERIFY(fixture.host->start(
        routed(fixture, inBash(asking("GIT.meridian.internal:443") +
                               "read -r status <&4; read -r blank <&4; echo \"$status\" >status; echo hello >&4; read "
                               "-r line <&4; echo \"$line\" >line; exec 4>&-; exec tail -f /dev/null"))));
    TRY_REAL(fixture.read(m_id.value, u"line"_s) == "hello\n");
    QCOMPARE(fixture.read(m_id.value, u"status"_s), "HTTP/1.1 200 Connection Established\r\n");
    TRY_REAL(!newest(fixture, m_id).open);
    const Flow flow = newest(fixture, m_id);
    QCOMPARE(flow.host, Untrusted(u"GIT.meridian.internal"_s));
    QCOMPARE(flow.port, 443);
    QVERIFY(flow.intended && isKnown(flow.opened) && flow.closed >= flow.opened);
    QCOMPARE(flow.bytesUp, 6);
    QCOMPARE(flow.bytesDown, 6);
    TRY_REAL(fixture.events(u"network.connect"_s).size() == 1);
    QVERIFY(fixture.events(u"network.connect"_s)[0].allowed);
}

void TestGateway::carriesMuchBothWays()
{
    const HostFixture fixture;
    QVERIFY(fixture.host->start(
        routed(fixture,
               inBash(asking("git.meridian.internal:443") +
                      "read -r status <&4; read -r blank <&4; head -c 3000000 /dev/zero | tr '\\0' 'a' >sent; cat sent "
                      ">&4 & head -c 3000000 <&4 >back; cmp sent back && echo same >same; exec tail -f /dev/null"))));
    TRY_REAL(fixture.read(m_id.value, u"same"_s) == "same\n");
    QCOMPARE(newest(fixture, m_id).bytesUp, 3'000'000);
    QCOMPARE(newest(fixture, m_id).bytesDown, 3'000'000);
}

void TestGateway::refuses_data()
{
    QTest::addColumn<QByteArray>("destination");
    QTest::addColumn<QByteArray>("status");
    QTest::addColumn<bool>("intended");
    QTest::newRow("not in the egress list, though there is a route")
        << QByteArray("secret.meridian.internal:443") << QByteArray("403") << false;
    QTest::newRow("another port") << QByteArray("git.meridian.internal:22") << QByteArray("403") << false;
    QTest::newRow("the real world") << QByteArray("example.org:443") << QByteArray("403") << false;
    QTest::newRow("the host's loopback") << QByteArray("127.0.0.1:22") << QByteArray("403") << false;
    QTest::newRow("allowed, without a route") << QByteArray("lost.meridian.internal:443") << QByteArray("502") << true;
    QTest::newRow("hostile name") << QByteArray("a\\033[31mb:443") << QByteArray("400") << false;
}

void TestGateway::refuses()
{
    QFETCH(QByteArray, destination);
    QFETCH(QByteArray, status);
    QFETCH(bool, intended);
    const int before = m_target.connections();
    const HostFixture fixture;
    QVERIFY(fixture.host->start(routed(
        fixture, "exit 0", inBash(asking(destination) + "cat <&4 >answer; echo done >done; exec tail -f /dev/null"))));
    TRY_REAL(fixture.read(m_id.value, u"done"_s) == "done\n");
    QVERIFY(fixture.read(m_id.value, u"answer"_s).startsWith("HTTP/1.1 " + status));
    const Flow flow = newest(fixture, m_id);
    QCOMPARE(flow.intended, intended);
    QVERIFY(!flow.open);
    QCOMPARE(m_target.connections(), before);
    TRY_REAL(fixture.events(u"network.denied"_s).size() == 1);
    QVERIFY(!fixture.events(u"network.denied"_s)[0].allowed);
}

void TestGateway::isolationClosesAndRefuses()
{
    const HostFixture fixture;
    QVERIFY(fixture.host->start(routed(
        fixture,
        inBash(asking("git.meridian.internal:443") + "echo hello >&4; cat <&4 >first; echo closed >closed; " +
               asking("git.meridian.internal:443") + "cat <&4 >second; echo done >done; exec tail -f /dev/null"))));
    TRY_REAL(fixture.read(m_id.value, u"first"_s).endsWith("hello\n"));
    QCOMPARE(fixture.host->state(m_id).openFlows, 1);
    QVERIFY(newest(fixture, m_id).open);

    const auto isolated = fixture.host->setIsolated(m_id, true);
    QVERIFY(isolated);
    QVERIFY(isolated->isolated);
    QCOMPARE(isolated->openFlows, 0);
    TRY_REAL(fixture.read(m_id.value, u"done"_s) == "done\n");
    QVERIFY(fixture.read(m_id.value, u"second"_s).startsWith("HTTP/1.1 403"));
    QVERIFY(newest(fixture, m_id).intended && !newest(fixture, m_id).open);
    QVERIFY(fixture.host->state(m_id).networkPresent); // cut, not gone
    QVERIFY(fixture.host->setIsolated(m_id, false));
    QVERIFY(!fixture.host->state(m_id).isolated);
}

void TestGateway::policyChangeCloses()
{
    const HostFixture fixture;
    QVERIFY(
        fixture.host->start(routed(fixture, inBash(asking("git.meridian.internal:443") +
                                                   "cat <&4 >first; echo closed >closed; exec tail -f /dev/null"))));
    TRY_REAL(fixture.host->state(m_id).openFlows == 1);
    QVERIFY(fixture.host->setEgress(m_id, {}, {}));
    TRY_REAL(fixture.read(m_id.value, u"closed"_s) == "closed\n");
    QCOMPARE(fixture.host->state(m_id).openFlows, 0);
}

void TestGateway::initAloneSpeaks()
{
    // The gateway's socket lies in the sandbox: whoever goes past init could claim another's connection, so nobody is
    // heard.
    const HostFixture fixture;
    QVERIFY(fixture.host->start(routed(fixture, R"(
        command -v python3 >/dev/null || { echo none >tried; exec tail -f /dev/null; }
        python3 -c 'import socket
s = socket.socket(socket.AF_UNIX)
s.connect("/run/parapet/gateway.sock")
try:
    s.sendall(b"\0\1CONNECT git.meridian.internal:443 HTTP/1.1\r\n\r\n")
    print(repr(s.recv(100)))
except OSError as e:
    print(repr(b""))' >answer.new
        mv answer.new answer; echo yes >tried; exec tail -f /dev/null)")));
    TRY_REAL(!fixture.read(m_id.value, u"tried"_s).isEmpty());
    if (fixture.read(m_id.value, u"tried"_s) == "yes\n")
        QCOMPARE(fixture.read(m_id.value, u"answer"_s), "b''\n");
    QVERIFY(fixture.host->flows(m_id)->isEmpty());
}

void TestGateway::tellsWhoConnects()
{
    const HostFixture fixture;
    const QByteArray visit = asking("git.meridian.internal:443") + "read -r status <&4; exec tail -f /dev/null";
    QVERIFY(fixture.host->start(routed(fixture, inBash(visit), inBash(visit))));
    TRY_REAL(fixture.events(u"network.connect"_s).size() == 2);
    const auto events = fixture.events(u"network.connect"_s);
    QVERIFY(events[0].actorKind != events[1].actorKind);
    for (const plane::RuntimeEvent &event : events) {
        QCOMPARE(event.actor.value, event.actorKind == ActorKind::Agent ? u"a-forge"_s : u"p-ada"_s);
        QCOMPARE(event.detail, Untrusted(u"git.meridian.internal:443"_s));
    }
}

void TestGateway::brokenRequests_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("status");
    QTest::newRow("another method") << QByteArray("printf 'GET http://git.meridian.internal/ HTTP/1.1\\r\\n\\r\\n'")
                                    << QByteArray("405");
    QTest::newRow("no port") << QByteArray("printf 'CONNECT git.meridian.internal HTTP/1.1\\r\\n\\r\\n'")
                             << QByteArray("400");
    QTest::newRow("port zero") << QByteArray("printf 'CONNECT git.meridian.internal:0 HTTP/1.1\\r\\n\\r\\n'")
                               << QByteArray("400");
    QTest::newRow("nothing") << QByteArray("printf '\\r\\n\\r\\n'") << QByteArray("405");
    QTest::newRow("no end") << QByteArray("head -c 20000 /dev/zero | tr '\\0' 'a'") << QByteArray("431");
}

void TestGateway::brokenRequests()
{
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, status);
    const HostFixture fixture;
    QVERIFY(fixture.host->start(
        routed(fixture, inBash("exec 4<>/dev/tcp/127.0.0.1/3128; " + request +
                               " >&4 2>/dev/null; cat <&4 >answer; echo done >done; exec tail -f /dev/null"))));
    TRY_REAL(fixture.read(m_id.value, u"done"_s) == "done\n");
    const QByteArray answer = fixture.read(m_id.value, u"answer"_s);
    // Unread bytes make the kernel reset the connection, which may eat the answer to what was too long.
    QVERIFY2(answer.startsWith("HTTP/1.1 " + status) || (status == "431" && answer.isEmpty()), answer.constData());
    QCOMPARE(fixture.host->state(m_id).openFlows, 0);
}

void TestGateway::manyConnections()
{
    const HostFixture fixture;
    QVERIFY(fixture.host->start(
        routed(fixture, inBash("for i in $(seq 300); do (exec 4<>/dev/tcp/127.0.0.1/3128; printf 'CONNECT "
                               "no%s.example:443 HTTP/1.1\\r\\n\\r\\n' $i >&4; cat <&4 >/dev/null); done; " +
                               asking("git.meridian.internal:443") +
                               "read -r status <&4; echo \"$status\" >status; exec tail -f /dev/null"))));
    TRY_REAL(fixture.read(m_id.value, u"status"_s).contains("200"));
    const auto flows = fixture.host->flows(m_id);
    QVERIFY(flows);
    QVERIFY(flows->size() <= 320);
    QVERIFY(flows->constFirst().open);
    QVERIFY(fixture.events(u"network.denied"_s).size() <= 300);
}

QTEST_GUILESS_MAIN(TestGateway)
#include "tst_gateway.moc"
