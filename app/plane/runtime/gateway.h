// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/runtime/launch.h"
#include "app/plane/runtime/loop.h"
#include "models/core/result.h"
#include "models/domain/process.h"

#include <QtCore/QVector>

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>

namespace parapet::plane {

class GatewayFlow;

/// The only way out of a sandbox: a Unix socket that speaks HTTP CONNECT (RFC 9110 §9.3.6). It resolves the workspace's
/// names to target services on loopback, enforces the egress rules, counts bytes, and when isolated holds no flow and
/// lets none begin. All functions on the loop's thread, but those that say otherwise.
class Gateway : public std::enable_shared_from_this<Gateway>
{
public:
    /// An attempt to reach something. `port` is the client's in the sandbox.
    struct Attempt {
        QString destination; ///< "host:port" as asked for
        quint16 clientPort = 0;
        bool allowed = false;
        QString why; ///< of a refusal: "not in the egress list", "isolated", …
    };
    struct Callbacks {
        std::function<void(const Attempt &)> attempted;
        std::function<void()> changed; ///< a flow opened or closed
    };

    static constexpr int connectionLimit = 64;
    static constexpr int historyLimit = 256;

    Gateway(Loop &loop, QVector<EgressRule> egress, QVector<Route> routes, bool isolated, Callbacks callbacks);
    ~Gateway();

    /// Listens on the socket `name` in `folder`. Nobody is served before admit().
    Status listen(const QByteArray &folder, const QByteArray &name);
    void stop();
    void setIsolated(bool isolated);
    void setPolicy(QVector<EgressRule> egress, QVector<Route> routes);

    // From any thread.
    /// Serves `owner`, the host pid of the sandbox's init, and no one else.
    void admit(pid_t owner) { m_owner = owner; }
    QVector<Flow> flows() const;
    qint64 openFlows() const;
    bool isIsolated() const;

private:
    friend class GatewayFlow;
    void acceptOne();
    bool isIntended(const QString &host, quint16 port) const;
    quint16 targetPort(const QString &host, quint16 port) const;
    /// A new record; its number.
    quint64 record(const QString &host, quint16 port, bool intended, bool open);
    void count(quint64 flow, qint64 up, qint64 down);
    void recordClosed(quint64 flow);
    void drop(GatewayFlow *flow);

    Loop &m_loop;
    Callbacks m_callbacks;
    FileDescriptor m_listener;
    std::atomic<pid_t> m_owner = 0;
    QVector<EgressRule> m_egress;
    QVector<Route> m_routes;
    std::vector<std::shared_ptr<GatewayFlow>> m_connections;

    struct Record {
        quint64 number = 0;
        Flow flow;
    };
    mutable std::mutex m_mutex;   ///< guards what follows
    std::deque<Record> m_records; ///< oldest first
    quint64 m_number = 0;
    bool m_isolated = false;
};

} // namespace parapet::plane
