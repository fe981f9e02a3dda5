// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/certificatefactory.h"

#include <QtCore/QHash>
#include <QtCore/QObject>
#include <QtCore/QPointer>
#include <QtCore/QUrl>
#include <QtCore/QVector>
#include <QtNetwork/QSslServer>
#include <QtNetwork/QSslSocket>

#include <functional>

namespace parapet::support {

/// An HTTPS server that answers what the test scripted, right or wrong, on the test's own thread. HTTP/1.1 without
/// pipelining.
class ScriptedServer : public QObject
{
    Q_OBJECT

public:
    struct Request {
        QByteArray method;
        QString path;                          ///< with its query
        QHash<QByteArray, QByteArray> headers; ///< names in lower case
        QByteArray body;
        QString client; ///< common name of the client's certificate
    };
    struct Answer {
        int status = 200;
        QByteArray body;
        QByteArray contentType = "application/json";
        QVector<std::pair<QByteArray, QByteArray>> headers;
        qint64 announcedLength = -1; ///< Content-Length when it is to differ from the body's
        bool close = false;          ///< ends the connection after the body
        bool stall = false;          ///< never answers
        bool stream = false;         ///< leaves the answer open: send() goes on with it
    };

    /// Listens at once. `clientCertificates` false: asks for none.
    explicit ScriptedServer(const QSslConfiguration &configuration, bool clientCertificates = true);

    ~ScriptedServer() override;

    QUrl url(const QString &path = {}) const;
    quint16 port() const { return m_server.serverPort(); }

    /// What to answer; a path without a rule gets 404. Rules match the path without its query.
    void answer(const QString &path, const Answer &answer) { m_answers.insert(path, answer); }
    void answerJson(const QString &path, const QByteArray &json, int status = 200);
    void answerProblem(const QString &path, int status, const QByteArray &code,
                       const QVector<std::pair<QByteArray, QByteArray>> &headers = {});
    void stream(const QString &path);
    /// Overrules the rules where it is set.
    std::function<Answer(const Request &)> handler;

    /// Goes on with every open stream.
    void send(const QByteArray &bytes);
    /// Cuts all connections; new ones are welcome.
    void dropConnections();
    /// Stops and starts listening on the same port.
    void close()
    {
        m_server.close();
        dropConnections();
    }
    bool reopen();
    void setConfiguration(const QSslConfiguration &configuration) { m_server.setSslConfiguration(configuration); }

    const QVector<Request> &requests() const { return m_requests; }
    int count(const QString &path) const;
    int streams() const;
    /// Decrypted bytes that came in, whole request or not.
    qint64 received() const { return m_received; }
    int connections() const { return m_connections; }

Q_SIGNALS:
    void requested(const QString &path);

private:
    void accept();
    void read(QSslSocket *socket);
    void reply(QSslSocket *socket, const Request &request);

    QSslServer m_server;
    quint16 m_port = 0;
    QHash<QString, Answer> m_answers;
    QVector<Request> m_requests;
    QHash<QSslSocket *, QByteArray> m_input;
    QVector<QPointer<QSslSocket>> m_streams;
    qint64 m_received = 0;
    int m_connections = 0;
};

} // namespace parapet::support
