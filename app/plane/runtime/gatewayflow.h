// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/runtime/loop.h"

#include <QtCore/QByteArray>
#include <QtCore/QString>

#include <array>
#include <memory>

namespace parapet::plane {

class Gateway;

/// One connection at a gateway: first the request's head, then the way to the target, then bytes both ways until both
/// sides ended.
class GatewayFlow : public std::enable_shared_from_this<GatewayFlow>
{
public:
    GatewayFlow(Gateway &gateway, FileDescriptor client);
    ~GatewayFlow();
    void begin();
    /// Closes both sides at once; the gateway forgets it.
    void close();
    quint64 record() const { return m_record; }
    const QString &host() const { return m_host; }
    quint16 port() const { return m_port; }

private:
    struct Direction {
        std::array<char, 32768> bytes;
        size_t begin = 0;
        size_t end = 0;
        bool readEnded = false;
        bool writeEnded = false;
        bool isEmpty() const { return begin == end; }
    };
    void readHead();
    void decide(const QByteArray &head);
    void refuse(const char *status, const QString &why);
    void connectTarget(quint16 port);
    void connected();
    void relay();
    bool pump(int from, int to, Direction &direction, qint64 *moved);
    void arm();

    Gateway &m_gateway;
    FileDescriptor m_client;
    FileDescriptor m_target;
    QByteArray m_head;
    quint64 m_deadline = 0;
    quint64 m_record = 0;
    quint16 m_clientPort = 0;
    QString m_host;
    quint16 m_port = 0;
    std::unique_ptr<std::array<Direction, 2>> m_ways; ///< up, down; made when relaying begins
};

} // namespace parapet::plane
