// SPDX-License-Identifier: GPL-3.0-or-later
// What a plane serves: 32 kept-alive mutual TLS 1.3 clients on two threads walk through the fleet, fifty rows a page.
#include "tests/bench/figure.h"
#include "tests/support/planeprocess.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <thread>

using namespace parapet;
using namespace Qt::StringLiterals;

namespace {

constexpr int threads = 2;
constexpr int clientsOfThread = 16;
constexpr double warmUpSeconds = 1;
constexpr double measuredSeconds = 8;

/// One connection. write() sends the next request, read() takes its whole answer.
class Client
{
public:
    bool connect(SSL_CTX *context, quint16 port)
    {
        m_socket = socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const int on = 1;
        setsockopt(m_socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (::connect(m_socket, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0)
            return false;
        m_tls.reset(SSL_new(context));
        SSL_set_fd(m_tls.get(), m_socket);
        return SSL_connect(m_tls.get()) == 1;
    }
    ~Client()
    {
        if (m_socket >= 0)
            close(m_socket);
    }
    bool write()
    {
        const QByteArray request = "GET /v1/workspaces?limit=50" + (m_next.isEmpty() ? QByteArray() : "&after=" + m_next)
            + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n\r\n";
        return SSL_write(m_tls.get(), request.constData(), int(request.size())) == request.size();
    }
    bool read()
    {
        qsizetype bodyAt = -1, length = -1;
        while (length < 0 || m_input.size() < bodyAt + length) {
            char piece[32768];
            const int got = SSL_read(m_tls.get(), piece, sizeof piece);
            if (got <= 0)
                return false;
            m_input.append(piece, got);
            if (length < 0 && (bodyAt = m_input.indexOf("\r\n\r\n")) >= 0) {
                bodyAt += 4;
                const QByteArray head = m_input.left(bodyAt).toLower();
                const qsizetype at = head.indexOf("content-length:");
                if (at < 0 || !head.startsWith("http/1.1 200"))
                    return false;
                length = head.mid(at + 15, head.indexOf('\r', at) - at - 15).trimmed().toLongLong();
            }
        }
        // The cursor of the next page; null on the last one.
        const qsizetype next = m_input.lastIndexOf("\"next\":\"");
        m_next = next < 0 ? QByteArray() : m_input.mid(next + 8, m_input.indexOf('"', next + 8) - next - 8).toPercentEncoding();
        m_input.remove(0, bodyAt + length);
        return true;
    }

private:
    struct Free {
        void operator()(SSL *tls) const { SSL_free(tls); }
    };
    int m_socket = -1;
    std::unique_ptr<SSL, Free> m_tls;
    QByteArray m_input;
    QByteArray m_next;
};

struct Walk {
    qint64 answered = 0;
    double seconds = 0;
    std::vector<double> latencies;
    bool failed = false;
};

void walk(SSL_CTX *context, quint16 port, Walk &result)
{
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < clientsOfThread; ++i) {
        clients.push_back(std::make_unique<Client>());
        if (!clients.back()->connect(context, port)) {
            result.failed = true;
            return;
        }
    }
    const auto began = bench::Steady::now();
    auto measuredFrom = began;
    bool measuring = false;
    while (!measuring || bench::millisecondsSince(measuredFrom) < measuredSeconds * 1000) {
        if (!measuring && bench::millisecondsSince(began) > warmUpSeconds * 1000) {
            measuring = true;
            measuredFrom = bench::Steady::now();
        }
        const auto asked = bench::Steady::now();
        for (const auto &client : clients)
            result.failed = result.failed || !client->write();
        for (const auto &client : clients) {
            if (result.failed || !client->read()) {
                result.failed = true;
                return;
            }
            if (measuring) {
                ++result.answered;
                result.latencies.push_back(bench::millisecondsSince(asked));
            }
        }
    }
    result.seconds = bench::millisecondsSince(measuredFrom) / 1000;
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    support::PlaneProcess plane;
    plane.setArguments({u"--seed"_s, u"7"_s, u"--fleet"_s, u"5000"_s, u"--no-workspaces"_s, u"--activity"_s, u"none"_s});
    if (const Status started = plane.start(); !started) {
        std::fprintf(stderr, "%s %s\n", qPrintable(started.error().message), qPrintable(started.error().detail));
        return 1;
    }
    const fleet::Profile profile = plane.profile();
    const QByteArray identity = QFile::encodeName(profile.identityPath);
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
    SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    if (SSL_CTX_load_verify_locations(context.get(), QFile::encodeName(profile.caPath).constData(), nullptr) != 1
        || SSL_CTX_use_certificate_chain_file(context.get(), identity.constData()) != 1
        || SSL_CTX_use_PrivateKey_file(context.get(), identity.constData(), SSL_FILETYPE_PEM) != 1) {
        std::fputs("the identity of the plane cannot be used\n", stderr);
        return 1;
    }
    std::array<Walk, threads> walks;
    std::vector<std::thread> running;
    for (Walk &one : walks)
        running.emplace_back([&] { walk(context.get(), quint16(profile.control.port()), one); });
    for (std::thread &thread : running)
        thread.join();
    double perSecond = 0;
    std::vector<double> latencies;
    for (const Walk &one : walks) {
        if (one.failed) {
            std::fputs("the plane refused or dropped a client\n", stderr);
            return 1;
        }
        perSecond += double(one.answered) / one.seconds;
        latencies.insert(latencies.end(), one.latencies.begin(), one.latencies.end());
    }
    bench::print("plane.requests", perSecond, "requests/s",
                 u"authorised keyset pages of 50 of 5,024 workspaces, 32 kept-alive mutual TLS 1.3 clients on 2 threads of the same machine, %1 processors"_s.arg(std::thread::hardware_concurrency()),
                 u"answer p50 %1 ms, p99 %2 ms"_s.arg(bench::median(latencies), 0, 'f', 1).arg(bench::percentile(latencies, 99), 0, 'f', 1));
    return 0;
}
