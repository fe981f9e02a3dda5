// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QMap>
#include <QtCore/QRegularExpression>
#include <QtNetwork/QSslConfiguration>
#include <QtNetwork/QSslSocket>
#include <QtNetwork/QTcpServer>

namespace parapet::planetest {

/// A receiver of syslog over TLS that divides its stream by octet counts (RFC 5425 §4.3), strictly.
class SyslogReceiver : public QTcpServer
{
public:
    explicit SyslogReceiver(const QSslConfiguration &configuration) : m_configuration(configuration) { listen(QHostAddress::LocalHost); }

    QList<QByteArray> messages;
    QMap<qint64, int> indexes;  ///< how often each event came, by its index
    int connections = 0;        ///< that shook hands
    bool malformed = false;
    bool reads = true;          ///< false: takes nothing off the socket
    qsizetype dropAfter = -1;   ///< cuts each connection after so many messages, unread bytes and all
    QString peer;               ///< the common name that the sender showed

    void dropAll()
    {
        for (QSslSocket *socket : findChildren<QSslSocket *>())
            socket->abort();
    }
    void readAgain()
    {
        reads = true;
        for (QSslSocket *socket : findChildren<QSslSocket *>()) {
            socket->setReadBufferSize(0);
            read(socket);
        }
    }
    bool hasAll(qint64 size) const
    {
        for (qint64 i = 0; i < size; ++i) {
            if (!indexes.contains(i))
                return false;
        }
        return true;
    }

protected:
    void incomingConnection(qintptr descriptor) override
    {
        auto *socket = new QSslSocket(this);
        socket->setSocketDescriptor(descriptor);
        socket->setSslConfiguration(m_configuration);
        if (!reads)
            socket->setReadBufferSize(1024);
        connect(socket, &QSslSocket::encrypted, this, [this, socket] {
            ++connections;
            peer = socket->peerCertificate().subjectInfo(QSslCertificate::CommonName).value(0);
        });
        connect(socket, &QSslSocket::readyRead, this, [this, socket] {
            if (reads)
                read(socket);
        });
        connect(socket, &QSslSocket::disconnected, socket, &QObject::deleteLater);
        socket->startServerEncryption();
    }

private:
    void read(QSslSocket *socket)
    {
        QByteArray buffer = socket->property("rest").toByteArray() + socket->readAll();
        qsizetype taken = socket->property("taken").toLongLong();
        while (true) {
            const qsizetype space = buffer.indexOf(' ');
            if (space < 0)
                break;
            bool number = false;
            const qsizetype length = buffer.left(space).toLongLong(&number);
            malformed = malformed || !number || length <= 0;
            if (malformed || buffer.size() < space + 1 + length)
                break;
            take(buffer.mid(space + 1, length));
            buffer.remove(0, space + 1 + length);
            if (++taken == dropAfter) {
                socket->abort();
                return;
            }
        }
        socket->setProperty("rest", buffer);
        socket->setProperty("taken", taken);
    }
    void take(const QByteArray &message)
    {
        static const QRegularExpression index(QStringLiteral("(?: index=\"|\"index\":|externalId=)([0-9]+)"));
        const auto match = index.match(QString::fromUtf8(message));
        malformed = malformed || !message.startsWith('<') || !match.hasMatch();
        messages << message;
        ++indexes[match.captured(1).toLongLong()];
    }

    QSslConfiguration m_configuration;
};

} // namespace parapet::planetest
