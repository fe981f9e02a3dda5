// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/id.h"
#include "models/core/json.h"

#include <QtCore/QFile>
#include <QtCore/QJsonObject>
#include <QtCore/QUrl>
#include <QtNetwork/QSslConfiguration>
#include <QtNetwork/QSslKey>
#include <QtNetwork/QSslSocket>

#include <optional>

namespace parapet::planetest {

struct HttpReply {
    int status = 0;        ///< 0: no answer
    QByteArray head;
    QByteArray body;

    QJsonObject json() const { return parseJson(body).value_or(QJsonValue()).toObject(); }
    QJsonArray items() const { return json().value(QLatin1String("items")).toArray(); }
    QString text(const char *name) const { return json().value(QLatin1String(name)).toString(); }
    QByteArray header(const QByteArray &name) const
    {
        for (const QByteArray &line : head.split('\n')) {
            const qsizetype colon = line.indexOf(':');
            if (colon > 0 && line.left(colon).compare(name, Qt::CaseInsensitive) == 0)
                return line.mid(colon + 1).trimmed();
        }
        return {};
    }
};

using Headers = QVector<QPair<QByteArray, QByteArray>>;

/// A blocking client with one identity, for one base URL: one connection, kept alive. For one thread.
class PlaneClient
{
public:
    PlaneClient(const QString &url, const QString &caPath, const QString &identityPath) : m_url(url)
    {
        QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
        configuration.setProtocol(QSsl::TlsV1_3OrLater);
        configuration.setCaCertificates(QSslCertificate::fromPath(caPath));
        if (!identityPath.isEmpty()) {
            QFile file(identityPath);
            if (file.open(QIODevice::ReadOnly)) {
                const QByteArray pem = file.readAll();
                configuration.setLocalCertificate(QSslCertificate(pem));
                configuration.setPrivateKey(QSslKey(pem, QSsl::Ec));
            }
        }
        m_configuration = configuration;
    }

    HttpReply get(const QByteArray &target, const Headers &headers = {}) { return request("GET", target, {}, headers); }

    /// With an Idempotency-Key of its own unless one is among the headers.
    HttpReply post(const QByteArray &target, const QJsonObject &body = {}, Headers headers = {})
    {
        const bool keyed = std::any_of(headers.cbegin(), headers.cend(), [](const auto &header) { return header.first == "Idempotency-Key"; });
        if (!keyed)
            headers.append(qMakePair(QByteArray("Idempotency-Key"), newIdentifier(u"key").toLatin1()));
        headers.append(qMakePair(QByteArray("Content-Type"), QByteArray("application/json")));
        return request("POST", target, canonicalJson(body), headers);
    }

    HttpReply request(const QByteArray &method, const QByteArray &target, const QByteArray &body, const Headers &headers)
    {
        QByteArray text = method + ' ' + target + " HTTP/1.1\r\nHost: " + m_url.authority().toLatin1() + "\r\n";
        for (const auto &[name, value] : headers)
            text += name + ": " + value + "\r\n";
        if (!body.isEmpty() || method != "GET")
            text += "Content-Length: " + QByteArray::number(body.size()) + "\r\n";
        text += "\r\n" + body;
        const bool fresh = !m_socket;
        HttpReply reply = exchange(text);
        if (reply.status == 0 && !fresh && method == "GET")
            reply = exchange(text); // the kept connection had been closed
        return reply;
    }

    /// Opens a stream and gives its first bytes, until `enough` is among them or patience runs out.
    QByteArray stream(const QByteArray &target, const QByteArray &enough, const Headers &headers = {})
    {
        m_socket.reset();
        if (!open())
            return {};
        QByteArray text = "GET " + target + " HTTP/1.1\r\nHost: " + m_url.authority().toLatin1() + "\r\nAccept: text/event-stream\r\n";
        for (const auto &[name, value] : headers)
            text += name + ": " + value + "\r\n";
        m_socket->write(text + "\r\n");
        return more(enough);
    }
    QByteArray more(const QByteArray &enough)
    {
        QByteArray read;
        while (!read.contains(enough) && m_socket && (m_socket->bytesAvailable() > 0 || m_socket->waitForReadyRead(20000)))
            read += m_socket->readAll();
        return read;
    }
    void close() { m_socket.reset(); }
    QString error() const { return m_error; }

private:
    bool open()
    {
        m_socket = std::make_unique<QSslSocket>();
        m_socket->setSslConfiguration(m_configuration);
        m_socket->connectToHostEncrypted(m_url.host(), quint16(m_url.port()));
        if (m_socket->waitForEncrypted(20000))
            return true;
        m_error = m_socket->errorString();
        m_socket.reset();
        return false;
    }

    HttpReply exchange(const QByteArray &text)
    {
        if (!m_socket && !open())
            return {};
        m_socket->write(text);
        HttpReply reply;
        QByteArray read;
        qsizetype head = -1;
        while ((head = read.indexOf("\r\n\r\n")) < 0) {
            if (!wait())
                return {};
            read += m_socket->readAll();
        }
        reply.head = read.left(head).replace("\r", "");
        read = read.mid(head + 4);
        const qint64 length = reply.header("Content-Length").toLongLong();
        const bool chunked = reply.header("Transfer-Encoding") == "chunked";
        while (chunked ? !read.endsWith("0\r\n\r\n") : read.size() < length) {
            if (!wait())
                return {};
            read += m_socket->readAll();
        }
        reply.body = chunked ? unchunked(read) : read;
        reply.status = reply.head.mid(9, 3).toInt();
        if (reply.header("Connection").toLower() == "close")
            m_socket.reset();
        return reply;
    }

    bool wait()
    {
        if (m_socket->bytesAvailable() > 0 || m_socket->waitForReadyRead(30000))
            return true;
        m_error = m_socket->errorString();
        m_socket.reset();
        return false;
    }

    static QByteArray unchunked(QByteArray rest)
    {
        QByteArray body;
        while (true) {
            const qsizetype line = rest.indexOf("\r\n");
            const qsizetype size = rest.left(line).toInt(nullptr, 16);
            if (line < 0 || size == 0)
                return body;
            body += rest.mid(line + 2, size);
            rest = rest.mid(line + 2 + size + 2);
        }
    }

    QUrl m_url;
    QSslConfiguration m_configuration;
    std::unique_ptr<QSslSocket> m_socket;
    QString m_error;
};

} // namespace parapet::planetest
