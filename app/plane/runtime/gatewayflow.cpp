// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/runtime/gatewayflow.h"

#include "app/plane/runtime/gateway.h"

#include <QtCore/QCoreApplication>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace parapet::plane {

namespace {

constexpr qsizetype headLimit = 8192;
constexpr std::chrono::seconds headTime(15);
constexpr std::chrono::seconds connectTime(10);

/// Splits "host:port" of a CONNECT request (RFC 9110 §7.1, authority form; names only, no literal IPv6).
bool splitAuthority(const QByteArray &authority, QString *host, quint16 *port)
{
    const qsizetype colon = authority.lastIndexOf(':');
    if (colon < 1 || colon > 253)
        return false;
    bool isNumber = false;
    *port = authority.mid(colon + 1).toUShort(&isNumber);
    const QByteArray name = authority.left(colon);
    *host = QString::fromLatin1(name);
    return isNumber && *port != 0 && std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                      c == '-' || c == '_';
           });
}

} // namespace

GatewayFlow::GatewayFlow(Gateway &gateway, FileDescriptor client) : m_gateway(gateway), m_client(std::move(client))
{
}

GatewayFlow::~GatewayFlow() = default;

void GatewayFlow::begin()
{
    m_deadline = m_gateway.m_loop.after(headTime, [this] {
        m_deadline = 0;
        close();
    });
    m_gateway.m_loop.watch(m_client.get(), EPOLLIN, [this](uint32_t) {
        const auto keep = shared_from_this();
        readHead();
    });
}

void GatewayFlow::close()
{
    const auto keep = shared_from_this();
    Loop &loop = m_gateway.m_loop;
    if (m_deadline)
        loop.cancel(std::exchange(m_deadline, 0));
    for (FileDescriptor *fd : {&m_client, &m_target}) {
        if (*fd) {
            loop.unwatch(fd->get());
            fd->reset();
        }
    }
    m_gateway.drop(this);
}

void GatewayFlow::readHead()
{
    char bytes[2048];
    const ssize_t got = ::recv(m_client.get(), bytes, sizeof bytes, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0) {
        close();
        return;
    }
    m_head.append(bytes, got);
    const qsizetype end = m_head.indexOf("\r\n\r\n", 2);
    if (end >= 0) {
        m_clientPort = quint16(quint8(m_head[0]) << 8 | quint8(m_head[1]));
        const QByteArray head = m_head.mid(2, end - 2);
        m_head.remove(0, end + 4); // what follows already belongs to the target
        decide(head);
    } else if (m_head.size() > headLimit) {
        refuse("431 Request Header Fields Too Large", QLatin1String("request too long"));
    }
}

void GatewayFlow::decide(const QByteArray &head)
{
    const QList<QByteArray> words = head.left(head.indexOf("\r\n") < 0 ? head.size() : head.indexOf("\r\n")).split(' ');
    if (words.size() != 3 || words[0] != "CONNECT") {
        refuse("405 Method Not Allowed", QLatin1String("not a CONNECT request"));
        return;
    }
    if (!splitAuthority(words[1], &m_host, &m_port)) {
        m_host = QString::fromLatin1(words[1].left(253));
        m_port = 0;
        refuse("400 Bad Request", QLatin1String("not a host name and port"));
        return;
    }
    const quint16 target = m_gateway.targetPort(m_host, m_port);
    if (!m_gateway.isIntended(m_host, m_port))
        refuse("403 Forbidden", QLatin1String("not in the egress list"));
    else if (m_gateway.isIsolated())
        refuse("403 Forbidden", QLatin1String("isolated"));
    else if (target == 0)
        refuse("502 Bad Gateway", QLatin1String("no route"));
    else
        connectTarget(target);
}

void GatewayFlow::refuse(const char *status, const QString &why)
{
    const QByteArray answer = QByteArray("HTTP/1.1 ") + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    [[maybe_unused]] const auto sent =
        ::send(m_client.get(), answer.constData(), size_t(answer.size()), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (!m_host.isEmpty()) {
        m_gateway.record(m_host, m_port, m_port != 0 && m_gateway.isIntended(m_host, m_port), false);
        m_gateway.m_callbacks.attempted(
            {m_host + QLatin1Char(':') + QString::number(m_port), m_clientPort, false, why});
        m_gateway.m_callbacks.changed();
    }
    close();
}

void GatewayFlow::connectTarget(quint16 port)
{
    Loop &loop = m_gateway.m_loop;
    loop.cancel(std::exchange(m_deadline, 0));
    loop.unwatch(m_client.get());
    m_target.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const int on = 1;
    ::setsockopt(m_target.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    if (::connect(m_target.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0 &&
        errno != EINPROGRESS) {
        refuse("502 Bad Gateway", QLatin1String("connection refused"));
        return;
    }
    m_deadline = loop.after(connectTime, [this] {
        m_deadline = 0;
        refuse("504 Gateway Timeout", QLatin1String("no answer"));
    });
    loop.watch(m_target.get(), EPOLLOUT, [this](uint32_t) {
        const auto keep = shared_from_this();
        connected();
    });
}

void GatewayFlow::connected()
{
    Loop &loop = m_gateway.m_loop;
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(m_target.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) {
        refuse("502 Bad Gateway", QLatin1String("connection refused"));
        return;
    }
    loop.cancel(std::exchange(m_deadline, 0));
    loop.unwatch(m_target.get());
    m_ways = std::make_unique<std::array<Direction, 2>>();
    auto &[up, down] = *m_ways;
    constexpr QByteArrayView answer("HTTP/1.1 200 Connection Established\r\n\r\n");
    std::copy(answer.begin(), answer.end(), down.bytes.begin());
    down.end = size_t(answer.size());
    std::copy(m_head.cbegin(), m_head.cend(), up.bytes.begin()); // at most headLimit and one read
    up.end = size_t(m_head.size());
    m_head.clear();
    m_record = m_gateway.record(m_host, m_port, true, true);
    for (const int fd : {m_client.get(), m_target.get()}) {
        loop.watch(fd, 0, [this](uint32_t) {
            const auto keep = shared_from_this();
            relay();
        });
    }
    m_gateway.m_callbacks.attempted({m_host + QLatin1Char(':') + QString::number(m_port), m_clientPort, true, {}});
    m_gateway.m_callbacks.changed();
    relay();
}

bool GatewayFlow::pump(int from, int to, Direction &way, qint64 *moved)
{
    if (!way.readEnded && way.isEmpty()) {
        const ssize_t got = ::recv(from, way.bytes.data(), way.bytes.size(), 0);
        if (got < 0)
            return errno == EAGAIN || errno == EINTR;
        way.begin = 0;
        way.end = size_t(got);
        way.readEnded = got == 0;
        *moved += got;
    }
    if (!way.isEmpty()) {
        const ssize_t put = ::send(to, way.bytes.data() + way.begin, way.end - way.begin, MSG_NOSIGNAL);
        if (put < 0)
            return errno == EAGAIN || errno == EINTR;
        way.begin += size_t(put);
    }
    if (way.readEnded && way.isEmpty() && !way.writeEnded) {
        way.writeEnded = true;
        ::shutdown(to, SHUT_WR);
    }
    return true;
}

void GatewayFlow::relay()
{
    auto &[up, down] = *m_ways;
    qint64 sent = 0;
    qint64 received = 0;
    const bool whole =
        pump(m_client.get(), m_target.get(), up, &sent) && pump(m_target.get(), m_client.get(), down, &received);
    if (sent || received)
        m_gateway.count(m_record, sent, received);
    if (!whole || (up.writeEnded && down.writeEnded))
        close();
    else
        arm();
}

/// A side is read while nothing waits to go the other way, and written while something does.
void GatewayFlow::arm()
{
    const auto wanted = [](const Direction &reading, const Direction &writing) {
        uint32_t events = 0;
        if (!reading.readEnded && reading.isEmpty())
            events |= EPOLLIN;
        if (!writing.isEmpty())
            events |= EPOLLOUT;
        return events;
    };
    const auto &[up, down] = *m_ways;
    Loop &loop = m_gateway.m_loop;
    loop.change(m_client.get(), wanted(up, down));
    loop.change(m_target.get(), wanted(down, up));
}

} // namespace parapet::plane
