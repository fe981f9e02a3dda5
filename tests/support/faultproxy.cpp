// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/faultproxy.h"

#include <QtNetwork/QHostAddress>

namespace parapet::support {

/// One client's connection and its counterpart at the server; children of each other's proxy, they end together.
struct FaultProxy::Link : QObject {
    Link(QTcpSocket *down, FaultProxy *proxy) : QObject(proxy), client(down) { client->setParent(this); }
    ~Link() override
    {
        client->disconnect(this);
        server.disconnect(this);
    }
    void cut()
    {
        client->abort();
        server.abort();
        deleteLater();
    }
    QTcpSocket *client;
    QTcpSocket server;
    QByteArray pending;
    qint64 passed = 0;
    QTimer drip;
};

FaultProxy::FaultProxy(quint16 upstream) : m_upstream(upstream)
{
    connect(&m_server, &QTcpServer::newConnection, this, &FaultProxy::welcome);
    if (!m_server.listen(QHostAddress::LocalHost))
        qFatal("the proxy cannot listen");
    m_port = m_server.serverPort();
}

void FaultProxy::setMode(Mode mode)
{
    m_mode = mode;
    if (mode == Mode::Reset)
        cutAll();
}

void FaultProxy::refuse()
{
    m_server.close();
    cutAll();
}

bool FaultProxy::accept()
{
    return m_server.listen(QHostAddress::LocalHost, m_port);
}

void FaultProxy::cutAll()
{
    for (QObject *child : children()) {
        if (auto *link = dynamic_cast<Link *>(child))
            link->cut();
    }
}

void FaultProxy::welcome()
{
    while (QTcpSocket *client = m_server.nextPendingConnection()) {
        ++m_connections;
        auto *link = new Link(client, this);
        if (m_mode == Mode::Reset) {
            link->cut();
            continue;
        }
        connect(client, &QTcpSocket::readyRead, link, [this, link] {
            if (m_mode != Mode::Stall)
                link->server.write(link->client->readAll());
        });
        connect(&link->server, &QTcpSocket::connected, link, [link] { link->server.write(link->client->readAll()); });
        connect(&link->server, &QTcpSocket::readyRead, link, [this, link] {
            if (m_mode == Mode::Stall)
                return;
            link->pending += link->server.readAll();
            if (m_latency > 0)
                QTimer::singleShot(m_latency, link, [this, link] { passDown(link); });
            else
                passDown(link);
        });
        connect(&link->drip, &QTimer::timeout, link, [link] {
            link->client->write(link->pending.left(1));
            link->pending.remove(0, 1);
            if (link->pending.isEmpty())
                link->drip.stop();
        });
        connect(client, &QTcpSocket::disconnected, link, &Link::cut);
        connect(&link->server, &QTcpSocket::disconnected, link, [link] { link->client->disconnectFromHost(); });
        if (m_mode != Mode::Stall)
            link->server.connectToHost(QHostAddress::LocalHost, m_upstream);
    }
}

void FaultProxy::passDown(Link *link)
{
    if (m_mode == Mode::Drip) {
        link->drip.start(0);
        return;
    }
    if (m_mode == Mode::Truncate) {
        const QByteArray rest = link->pending.left(m_truncateAfter - link->passed);
        link->passed += rest.size();
        link->client->write(rest);
        if (link->passed >= m_truncateAfter) {
            link->client->flush();
            link->cut();
            return;
        }
        link->pending.clear();
        return;
    }
    link->client->write(link->pending);
    link->pending.clear();
}

} // namespace parapet::support
