// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QObject>
#include <QtCore/QTimer>
#include <QtNetwork/QTcpServer>
#include <QtNetwork/QTcpSocket>

namespace parapet::support {

/// A TCP proxy before a server, which does to its connections what networks do: it delays, stalls, cuts and refuses
/// them. It sees only what TLS lets it see. Runs on the test's own thread.
class FaultProxy : public QObject
{
    Q_OBJECT

public:
    enum class Mode {
        Pass,
        Stall,    ///< accepts, but passes nothing on
        Reset,    ///< cuts each connection as it comes
        Truncate, ///< cuts each connection after `truncateAfter` bytes of the server's
        Drip,     ///< passes the server's bytes on one at a time, one each time the event loop turns
    };

    explicit FaultProxy(quint16 upstream);

    quint16 port() const { return m_port; }
    void setMode(Mode mode);
    /// Where new connections lead from now on.
    void setUpstream(quint16 upstream) { m_upstream = upstream; }
    void setTruncateAfter(qint64 bytes) { m_truncateAfter = bytes; }
    /// Added to each piece that comes from the server.
    void setLatency(int milliseconds) { m_latency = milliseconds; }
    /// Nothing listens any more, and what was connected is cut.
    void refuse();
    /// Listens again on the same port.
    bool accept();
    void cutAll();
    int connections() const { return m_connections; }

private:
    struct Link;
    void welcome();
    void passDown(Link *link);

    QTcpServer m_server;
    quint16 m_upstream;
    quint16 m_port = 0;
    Mode m_mode = Mode::Pass;
    qint64 m_truncateAfter = 0;
    int m_latency = 0;
    int m_connections = 0;
};

} // namespace parapet::support
