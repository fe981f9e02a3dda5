// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/runtime/gateway.h"

#include "app/plane/runtime/gatewayflow.h"

#include <QtCore/QCoreApplication>

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace parapet::plane {

Gateway::Gateway(Loop &loop, QVector<EgressRule> egress, QVector<Route> routes, bool isolated, Callbacks callbacks)
    : m_loop(loop),
      m_callbacks(std::move(callbacks)),
      m_egress(std::move(egress)),
      m_routes(std::move(routes)),
      m_isolated(isolated)
{
}

Gateway::~Gateway() = default;

Status Gateway::listen(const QByteArray &folder, const QByteArray &name)
{
    const auto failed = [](const char *what) {
        return fail(Error::Code::Server,
                    QCoreApplication::translate("runtime", "The workspace's network gateway could not be opened."),
                    QLatin1String(what) + QLatin1String(": ") + QString::fromLocal8Bit(std::strerror(errno)));
    };
    // A socket's address holds 107 characters: reach the folder through its descriptor, however long its path is.
    const FileDescriptor place(::open(folder.constData(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!place)
        return failed("open");
    FileDescriptor listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const QByteArray path = "/proc/self/fd/" + QByteArray::number(place.get()) + '/' + name;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.constData(), sizeof address.sun_path - 1);
    if (!listener || ::bind(listener.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
        return failed("bind");
    if (::listen(listener.get(), connectionLimit) != 0)
        return failed("listen");
    m_listener = std::move(listener);
    m_loop.watch(m_listener.get(), EPOLLIN, [this](uint32_t) { acceptOne(); });
    return {};
}

void Gateway::acceptOne()
{
    FileDescriptor client(::accept4(m_listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!client)
        return;
    ucred peer{};
    socklen_t size = sizeof peer;
    // Processes of the workspace see the socket too; only init may speak for them, because it says whose connection it
    // is.
    if (::getsockopt(client.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 || peer.pid != m_owner)
        return;
    if (m_connections.size() >= size_t(connectionLimit))
        return;
    m_connections.push_back(std::make_shared<GatewayFlow>(*this, std::move(client)));
    m_connections.back()->begin();
}

void Gateway::stop()
{
    if (m_listener) {
        m_loop.unwatch(m_listener.get());
        m_listener.reset();
    }
    while (!m_connections.empty())
        m_connections.back()->close();
}

void Gateway::setIsolated(bool isolated)
{
    {
        const std::lock_guard lock(m_mutex);
        m_isolated = isolated;
    }
    if (isolated) {
        while (!m_connections.empty())
            m_connections.back()->close();
    }
    m_callbacks.changed();
}

void Gateway::setPolicy(QVector<EgressRule> egress, QVector<Route> routes)
{
    m_egress = std::move(egress);
    m_routes = std::move(routes);
    const auto connections = m_connections;
    for (const auto &connection : connections) {
        if (connection->record() && !isIntended(connection->host(), connection->port()))
            connection->close();
    }
}

bool Gateway::isIntended(const QString &host, quint16 port) const
{
    return std::any_of(m_egress.cbegin(), m_egress.cend(), [&](const EgressRule &rule) {
        return rule.port == port && rule.host.compare(host, Qt::CaseInsensitive) == 0;
    });
}

quint16 Gateway::targetPort(const QString &host, quint16 port) const
{
    for (const Route &route : m_routes) {
        if (route.port == port && route.host.compare(host, Qt::CaseInsensitive) == 0)
            return route.targetPort;
    }
    return 0;
}

quint64 Gateway::record(const QString &host, quint16 port, bool intended, bool open)
{
    const std::lock_guard lock(m_mutex);
    Record entry;
    entry.number = ++m_number;
    entry.flow.id = QLatin1String("flow-") + QString::number(entry.number);
    entry.flow.host = Untrusted(host);
    entry.flow.port = port;
    entry.flow.intended = intended;
    entry.flow.open = open;
    entry.flow.opened = Clock::system().now();
    if (!open)
        entry.flow.closed = entry.flow.opened;
    m_records.push_back(std::move(entry));
    if (m_records.size() > size_t(historyLimit + connectionLimit)) {
        const auto oldest =
            std::find_if(m_records.begin(), m_records.end(), [](const Record &record) { return !record.flow.open; });
        if (oldest != m_records.end())
            m_records.erase(oldest);
    }
    return m_number;
}

void Gateway::count(quint64 number, qint64 up, qint64 down)
{
    const std::lock_guard lock(m_mutex);
    const auto found = std::lower_bound(m_records.begin(), m_records.end(), number,
                                        [](const Record &record, quint64 n) { return record.number < n; });
    if (found == m_records.end() || found->number != number)
        return;
    found->flow.bytesUp += up;
    found->flow.bytesDown += down;
}

void Gateway::recordClosed(quint64 number)
{
    const std::lock_guard lock(m_mutex);
    const auto found = std::lower_bound(m_records.begin(), m_records.end(), number,
                                        [](const Record &record, quint64 n) { return record.number < n; });
    if (found == m_records.end() || found->number != number)
        return;
    found->flow.open = false;
    found->flow.closed = Clock::system().now();
}

void Gateway::drop(GatewayFlow *flow)
{
    const bool wasOpen = flow->record() != 0;
    if (wasOpen)
        recordClosed(flow->record());
    std::erase_if(m_connections, [flow](const auto &held) { return held.get() == flow; });
    if (wasOpen)
        m_callbacks.changed();
}

QVector<Flow> Gateway::flows() const
{
    const std::lock_guard lock(m_mutex);
    QVector<Flow> found;
    found.reserve(qsizetype(m_records.size()));
    for (auto record = m_records.rbegin(); record != m_records.rend(); ++record)
        found.append(record->flow);
    return found;
}

qint64 Gateway::openFlows() const
{
    const std::lock_guard lock(m_mutex);
    return std::count_if(m_records.begin(), m_records.end(), [](const Record &record) { return record.flow.open; });
}

bool Gateway::isIsolated() const
{
    const std::lock_guard lock(m_mutex);
    return m_isolated;
}

} // namespace parapet::plane
