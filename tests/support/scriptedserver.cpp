// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/scriptedserver.h"

namespace parapet::support {

using namespace Qt::StringLiterals;

ScriptedServer::ScriptedServer(const QSslConfiguration &configuration, bool clientCertificates)
{
    QSslConfiguration own = configuration;
    if (!clientCertificates)
        own.setPeerVerifyMode(QSslSocket::VerifyNone);
    m_server.setSslConfiguration(own);
    connect(&m_server, &QSslServer::pendingConnectionAvailable, this, &ScriptedServer::accept);
    if (!m_server.listen(QHostAddress::LocalHost))
        qFatal("the scripted server cannot listen");
    m_port = m_server.serverPort();
}

ScriptedServer::~ScriptedServer()
{
    const auto sockets = m_input.keys();
    for (QSslSocket *socket : sockets)
        socket->disconnect(this);
}

QUrl ScriptedServer::url(const QString &path) const
{
    return QUrl(u"https://127.0.0.1:%1%2"_s.arg(m_port).arg(path));
}

bool ScriptedServer::reopen()
{
    return m_server.listen(QHostAddress::LocalHost, m_port);
}

void ScriptedServer::answerJson(const QString &path, const QByteArray &json, int status)
{
    Answer made;
    made.status = status;
    made.body = json;
    answer(path, made);
}

void ScriptedServer::answerProblem(const QString &path, int status, const QByteArray &code,
                                   const QVector<std::pair<QByteArray, QByteArray>> &headers)
{
    Answer made;
    made.status = status;
    made.contentType = "application/problem+json";
    made.body = R"({"type":"about:blank","title":"No","status":)" + QByteArray::number(status) +
                R"(,"detail":"scripted","code":")" + code + "\"}";
    made.headers = headers;
    answer(path, made);
}

void ScriptedServer::stream(const QString &path)
{
    Answer made;
    made.contentType = "text/event-stream";
    made.stream = true;
    answer(path, made);
}

void ScriptedServer::accept()
{
    while (m_server.hasPendingConnections()) {
        auto *socket = qobject_cast<QSslSocket *>(m_server.nextPendingConnection());
        ++m_connections;
        connect(socket, &QSslSocket::readyRead, this, [this, socket] { read(socket); });
        connect(socket, &QSslSocket::disconnected, this, [this, socket] {
            m_input.remove(socket);
            m_streams.removeAll(socket);
            socket->deleteLater();
        });
        m_input.insert(socket, {});
        read(socket);
        if (socket->state() == QAbstractSocket::UnconnectedState) { // it left before anyone listened
            m_input.remove(socket);
            m_streams.removeAll(socket);
            socket->deleteLater();
        }
    }
}

void ScriptedServer::read(QSslSocket *socket)
{
    QByteArray &input = m_input[socket];
    const QByteArray piece = socket->readAll();
    m_received += piece.size();
    input += piece;
    const qsizetype headEnd = input.indexOf("\r\n\r\n");
    if (headEnd < 0)
        return;
    Request request;
    const QList<QByteArray> lines = input.left(headEnd).split('\n');
    const QList<QByteArray> first = lines.first().trimmed().split(' ');
    request.method = first.value(0);
    request.path = QString::fromLatin1(first.value(1));
    for (const QByteArray &line : lines.mid(1)) {
        const qsizetype colon = line.indexOf(':');
        request.headers.insert(line.left(colon).trimmed().toLower(), line.mid(colon + 1).trimmed());
    }
    const qsizetype length = request.headers.value("content-length").toLongLong();
    if (input.size() < headEnd + 4 + length)
        return;
    request.body = input.mid(headEnd + 4, length);
    input.remove(0, headEnd + 4 + length);
    request.client = socket->peerCertificate().subjectInfo(QSslCertificate::CommonName).value(0);
    m_requests.append(request);
    reply(socket, request);
    Q_EMIT requested(request.path);
}

void ScriptedServer::reply(QSslSocket *socket, const Request &request)
{
    Answer missing;
    missing.status = 404;
    missing.contentType = "application/problem+json";
    missing.body = R"({"type":"about:blank","title":"Not Found","status":404,"detail":"no rule","code":"NotFound"})";
    const Answer given = handler ? handler(request) : m_answers.value(request.path.section(u'?', 0, 0), missing);
    if (given.stall)
        return;
    QByteArray out =
        "HTTP/1.1 " + QByteArray::number(given.status) + " Scripted\r\nContent-Type: " + given.contentType + "\r\n";
    for (const auto &[name, value] : given.headers)
        out += name + ": " + value + "\r\n";
    if (!given.stream)
        out += "Content-Length: " +
               QByteArray::number(given.announcedLength >= 0 ? given.announcedLength : given.body.size()) + "\r\n";
    out += "\r\n" + given.body;
    socket->write(out);
    socket->flush();
    if (given.stream)
        m_streams.append(socket);
    if (given.close)
        socket->disconnectFromHost();
}

void ScriptedServer::send(const QByteArray &bytes)
{
    for (const auto &socket : std::as_const(m_streams)) {
        if (socket) {
            socket->write(bytes);
            socket->flush();
        }
    }
}

void ScriptedServer::dropConnections()
{
    const auto sockets = m_input.keys();
    for (QSslSocket *socket : sockets)
        socket->abort();
}

int ScriptedServer::count(const QString &path) const
{
    return int(std::count_if(m_requests.cbegin(), m_requests.cend(),
                             [&path](const Request &request) { return request.path.section(u'?', 0, 0) == path; }));
}

int ScriptedServer::streams() const
{
    return int(m_streams.size());
}

} // namespace parapet::support
