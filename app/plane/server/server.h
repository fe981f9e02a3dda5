// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/instant.h"
#include "models/core/result.h"

#include <QtCore/QByteArray>
#include <QtCore/QPair>
#include <QtCore/QString>
#include <QtCore/QStringList>
#include <QtCore/QVector>

#include <functional>
#include <memory>
#include <optional>

/// An HTTPS server for HTTP/1.1 over TLS 1.3 with client certificates. No Boost in its interface, which costs seconds a
/// file to compile.
namespace parapet::server {

/// Who is at the other end: taken from the verified client certificate, once a connection.
struct PeerIdentity {
    QString commonName;     ///< of the subject
    QStringList uris;       ///< subjectAltName URIs, in the certificate's order
    QStringList dnsNames;   ///< subjectAltName DNS names, in the certificate's order
    QByteArray fingerprint; ///< SHA-256 of the DER form: 32 bytes
    Instant notAfter; ///< checked in the handshake only: a connection may outlive it, so a handler compares it with now

    /// True when no certificate was presented (only possible when none is required).
    bool isEmpty() const { return fingerprint.isEmpty(); }
};

struct Header {
    QByteArray name;
    QByteArray value;
};
using Headers = QVector<Header>;

/// One request, complete with its body.
struct Request {
    QByteArray method;    ///< as sent: "GET"
    QByteArray target;    ///< as sent: "/v1/workspaces?limit=5"
    QByteArray path;      ///< the target's path, not decoded: "/v1/workspaces"
    QStringList segments; ///< the path's segments, percent-decoded; "%2F" stays inside its segment
    /// Decoded, in order, duplicates kept; a name without "=" has an empty value.
    QVector<QPair<QString, QString>> query;
    Headers headers;     ///< in order, duplicates kept
    QByteArray body;     ///< with the transfer coding removed
    QString peerAddress; ///< "127.0.0.1"
    quint16 peerPort = 0;
    std::shared_ptr<const PeerIdentity> peer; ///< never null

    /// The first header of that name (case does not matter), without white space around it; empty when there is none.
    QByteArray header(QByteArrayView name) const;
    bool hasHeader(QByteArrayView name) const;
    /// The last value of a query parameter, or nothing when it is absent.
    std::optional<QString> parameter(QStringView name) const;
};

/// Date, Content-Length, Transfer-Encoding and Connection are the library's. Line breaks in a value become spaces.
struct Response {
    int status = 200;
    Headers headers;
    QByteArray body; ///< implicitly shared: a cached body costs no copy
};

/// An application/problem+json response (RFC 9457): type, title, status, detail and `code`, the Error::Code name for
/// the status.
Response problem(int status, const QString &detail);

/// Something the library answers by itself.
struct Refusal {
    int status = 0; ///< 400, 408, 413, 417, 431, 500, 501, 503 or 505
    QString detail; ///< for a person
    QString peerAddress;
    std::shared_ptr<const PeerIdentity> peer; ///< never null
};

/// A handshake that failed for what the peer presented, not because it went away.
struct RefusedPeer {
    QString peerAddress;
    QString reason; ///< OpenSSL's words: "certificate has expired"
    /// Of the certificate that was refused: a claim, not an identity. Both empty when none was presented.
    QString commonName;
    QByteArray fingerprint;
};

/// Why a stream ended.
enum class StreamEnd {
    Closed,  ///< by close(), or its last holder let go
    Peer,    ///< the client went away
    TooSlow, ///< the client read slower than was written, and was cut off
    Stopped, ///< the server stops
    Refused, ///< too many streams, or a HEAD request: nothing was or will be sent on it
};

/// A chunked answer that goes on. All functions may be called from any thread.
class Stream
{
public:
    virtual ~Stream() = default;

    /// Queues bytes; false when the stream has ended. What is queued together may leave as one chunk. When more than
    /// Limits::streamQueueBytes wait for the client, it is cut off (StreamEnd::TooSlow).
    virtual bool write(QByteArray bytes) = 0;
    /// Sends what is queued, then ends the answer.
    virtual void close() = 0;
    virtual bool isOpen() const = 0;
    /// `callback` is called once, when the stream has ended: on an io thread, or at once when it already has.
    /// It replaces an earlier one. It must not hold the stream itself.
    virtual void onEnd(std::function<void(StreamEnd)> callback) = 0;
};

enum class Produced {
    More,   ///< call again once this chunk has left
    End,    ///< this chunk (it may be empty) is the last one
    Failed, ///< cut the connection, so that the client does not take a part for the whole
};

/// Fills `chunk` (given empty); 64 KiB to 1 MiB at a time is good. Called on an io thread, never twice at once.
using Producer = std::function<Produced(QByteArray &chunk)>;

/// The answer to one request: exactly one of send, stream and sendProducer, from any thread, now or later; further
/// calls do nothing. Letting go of it without an answer sends 500. A client that has gone away makes them do nothing.
class Responder
{
public:
    virtual ~Responder() = default;

    virtual void send(Response response) = 0;
    /// Never null. Past Limits::streams the client is sent 503 and the stream has ended (Refused). The connection
    /// closes after it.
    virtual std::shared_ptr<Stream> stream(int status, Headers headers = {}) = 0;
    /// Pulls a large body as fast as the client reads. With `size` it has a Content-Length, which must hold, else it is
    /// chunked.
    virtual void sendProducer(int status, Headers headers, Producer producer, std::optional<qint64> size = {}) = 0;
};

/// Called on an io thread, for one connection never twice at once (the next request waits for the answer). Must not
/// block.
using Handler = std::function<void(Request, std::shared_ptr<Responder>)>;

struct Limits {
    qint64 bodyBytes = 1 << 20;    ///< above: 413
    int headerBytes = 16 << 10;    ///< request line and headers, above: 431
    Milliseconds handshake{10000}; ///< from the accept to the end of the handshake
    Milliseconds idle{60000};      ///< from the handshake or an answer to the next request's first byte
    Milliseconds header{10000};    ///< from the first byte to the end of the headers: 408
    Milliseconds body{30000};      ///< from there to the end of the body: 408
    Milliseconds write{30000};     ///< for the client to take one answer or chunk
    Milliseconds shutdown{2000};   ///< for the client to answer a close
    Milliseconds stop{5000};       ///< for answers under way when the server stops
    int connections = 12000;      ///< when full, the oldest silent one goes, else the oldest idle one, else the new one
    int silentConnections = 3000; ///< those that never sent a request; above, the oldest go first
    int streams = 4096;           ///< above: 503
    qint64 streamQueueBytes = 4 << 20;
};

struct Config {
    QString address = QStringLiteral("127.0.0.1"); ///< IPv4 or IPv6, numeric
    quint16 port = 0;                              ///< 0: any free one
    QByteArray certificateChain;                   ///< PEM, the server's own certificate first
    QByteArray privateKey;                         ///< PEM, not encrypted
    QByteArray clientAuthorities; ///< PEM; only these are trusted. May be empty when no client certificate is required.
    bool requireClientCertificate = true;
    Limits limits;
    int threads = 2;

    /// Makes the body of what the library refuses by itself; problem() when unset. Called on an io thread.
    std::function<Response(const Refusal &)> refusal;
    /// Told of each peer that was not let in. Called on an io thread.
    std::function<void(const RefusedPeer &)> refusedPeer;
};

/// What the server holds at this moment, and has done since it started.
struct Figures {
    int connections = 0;
    int silent = 0; ///< of these, those that never sent a request
    int streams = 0;
    qint64 requests = 0;
    qint64 shed = 0; ///< connections dropped to make room for others
};

class ServerCore;

class Server
{
public:
    /// Listens and serves until it is stopped or destroyed. Raises the process's file descriptor limit to its hard
    /// limit. Code Tls for certificates and keys, Invalid for the address, Network when it cannot listen.
    static Result<std::unique_ptr<Server>> start(Config config, Handler handler);

    ~Server();
    Server(const Server &) = delete;
    Server &operator=(const Server &) = delete;

    quint16 port() const;
    Figures figures() const;

    /// Closes the listener and quiet connections, ends streams, waits for answers under way (at most Limits::stop),
    /// then cuts the rest. When it returns, no handler or callback runs any more. Answers given later do nothing. Not
    /// from a handler or callback.
    void stop();

private:
    explicit Server(std::shared_ptr<ServerCore> core);
    std::shared_ptr<ServerCore> m_core;
};

} // namespace parapet::server
