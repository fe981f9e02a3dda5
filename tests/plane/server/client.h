// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/server/server.h"
#include "models/crypto/certificate.h"

#include <QtCore/QByteArray>
#include <QtCore/QString>

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <memory>
#include <optional>

/// A plain, blocking HTTP client on OpenSSL's own calls: it can do wrong what a good client cannot.
namespace parapet::servertest {

/// One authority with a server's and a client's certificate, and what a server needs of them.
struct Authority {
    crypto::CertificateAuthority ca = crypto::CertificateAuthority::create(QStringLiteral("Test authority"));
    crypto::Identity server =
        ca.issueServer(QStringLiteral("plane"), {QStringLiteral("127.0.0.1"), QStringLiteral("localhost")}, {});
    crypto::Identity client = ca.issueClient(QStringLiteral("ada"), QStringLiteral("Ada Lovelace"), {});

    parapet::server::Config config(const parapet::server::Limits &limits = {}) const
    {
        parapet::server::Config config;
        config.certificateChain = server.certificate.toPem();
        config.privateKey = server.key.toPem();
        config.clientAuthorities = ca.certificate().toPem();
        config.limits = limits;
        return config;
    }

    /// Shared, so that the certificates are made once a program.
    static const Authority &shared()
    {
        static const Authority authority;
        return authority;
    }
};

/// What a client brings to its handshakes.
class ClientContext
{
public:
    /// Trusts `authority`'s certificate; presents `identity` when there is one.
    explicit ClientContext(const Authority &authority, const crypto::Identity *identity,
                           int maxVersion = TLS1_3_VERSION)
        : m_context(SSL_CTX_new(TLS_client_method()))
    {
        SSL_CTX_set_max_proto_version(m_context, maxVersion);
        SSL_CTX_set_verify(m_context, SSL_VERIFY_PEER, nullptr);
        X509_STORE_add_cert(SSL_CTX_get_cert_store(m_context), authority.ca.certificate().native());
        if (identity) {
            SSL_CTX_use_certificate(m_context, identity->certificate.native());
            SSL_CTX_use_PrivateKey(m_context, identity->key.native());
        }
        SSL_CTX_set_app_data(m_context, this);
        SSL_CTX_set_session_cache_mode(m_context, SSL_SESS_CACHE_CLIENT);
        SSL_CTX_sess_set_new_cb(m_context, [](SSL *tls, SSL_SESSION *) {
            ++static_cast<ClientContext *>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(tls)))->tickets;
            return 0;
        });
    }
    ~ClientContext() { SSL_CTX_free(m_context); }
    ClientContext(const ClientContext &) = delete;
    ClientContext &operator=(const ClientContext &) = delete;

    SSL_CTX *native() const { return m_context; }
    int tickets = 0; ///< session tickets that servers handed out

private:
    SSL_CTX *m_context;
};

struct Answer {
    int status = 0; ///< 0: the connection ended before a whole answer
    QByteArray head;
    QByteArray body;
    bool isWhole = false; ///< the framing's end was seen

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

/// A connected TCP socket, or -1.
inline int connectTo(quint16 port, int fd = -1)
{
    if (fd < 0)
        fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    // A server that never answers fails the test instead of hanging it.
    const timeval patience{30, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0) {
        ::close(fd);
        return -1;
    }
    return fd;
}

class Client
{
public:
    Client(const ClientContext &context, quint16 port) : Client(context, connectTo(port), {}) {}
    Client(const ClientContext &context, int fd, QByteArray alpn) : m_fd(fd), m_tls(SSL_new(context.native()))
    {
        // OpenSSL writes to sockets without MSG_NOSIGNAL; here, because Qt Test puts its own handler in place when it
        // starts.
        std::signal(SIGPIPE, SIG_IGN);
        if (!alpn.isEmpty())
            SSL_set_alpn_protos(m_tls, reinterpret_cast<const unsigned char *>(alpn.constData()),
                                unsigned(alpn.size()));
        if (m_fd >= 0) {
            SSL_set_fd(m_tls, m_fd);
            m_isConnected = SSL_connect(m_tls) == 1;
        }
    }
    ~Client()
    {
        SSL_free(m_tls);
        if (m_fd >= 0)
            ::close(m_fd);
    }
    Client(const Client &) = delete;
    Client &operator=(const Client &) = delete;

    bool isConnected() const { return m_isConnected; }
    SSL *tls() const { return m_tls; }
    int fd() const { return m_fd; }

    bool send(const QByteArray &bytes)
    {
        return m_isConnected && SSL_write(m_tls, bytes.constData(), int(bytes.size())) == bytes.size();
    }

    /// Reads what is there, waiting for at least one byte; false at the end.
    bool readSome()
    {
        char bytes[16384];
        const int size = m_isConnected ? SSL_read(m_tls, bytes, sizeof bytes) : -1;
        if (size <= 0) {
            m_endedCleanly = m_isConnected && SSL_get_error(m_tls, size) == SSL_ERROR_ZERO_RETURN;
            return false;
        }
        m_buffer.append(bytes, size);
        received += size;
        return true;
    }

    /// One answer. Interim answers (1xx) are answers of their own.
    Answer read(bool isHead = false)
    {
        Answer answer = readHead();
        if (answer.status == 0)
            return answer;
        if (isHead || answer.status < 200 || answer.status == 204 || answer.status == 304) {
            answer.isWhole = true;
        } else if (answer.header("Transfer-Encoding") == "chunked") {
            while (const std::optional<QByteArray> chunk = readChunk()) {
                answer.isWhole = chunk->isEmpty();
                if (answer.isWhole)
                    break;
                answer.body += *chunk;
            }
        } else {
            const qsizetype length = answer.header("Content-Length").toLongLong();
            while (m_buffer.size() < length && readSome()) {
            }
            answer.body = m_buffer.left(length);
            answer.isWhole = answer.body.size() == length;
            m_buffer.remove(0, answer.body.size());
        }
        return answer;
    }

    Answer readHead()
    {
        Answer answer;
        qsizetype end = -1;
        while ((end = m_buffer.indexOf("\r\n\r\n")) < 0) {
            if (!readSome())
                return answer;
        }
        answer.head = m_buffer.left(end + 2);
        answer.status = answer.head.mid(9, 3).toInt();
        m_buffer.remove(0, end + 4);
        return answer;
    }

    /// The next chunk of a chunked answer, empty for the last; nothing when the connection ended before it.
    std::optional<QByteArray> readChunk()
    {
        qsizetype end = -1;
        while ((end = m_buffer.indexOf("\r\n")) < 0) {
            if (!readSome())
                return {};
        }
        const qsizetype size = m_buffer.left(end).toLongLong(nullptr, 16);
        while (m_buffer.size() < end + 2 + size + 2) {
            if (!readSome())
                return {};
        }
        const QByteArray chunk = m_buffer.mid(end + 2, size);
        m_buffer.remove(0, end + 2 + size + 2);
        return chunk;
    }

    Answer get(const QByteArray &target, const QByteArray &headers = {})
    {
        if (!send("GET " + target + " HTTP/1.1\r\nHost: plane\r\n" + headers + "\r\n"))
            return {};
        return read();
    }

    /// Reads until the connection ends; true when the server said good-bye (close_notify).
    bool endsCleanly()
    {
        while (readSome()) {
        }
        return m_endedCleanly;
    }

    qint64 received = 0;

private:
    int m_fd;
    SSL *m_tls;
    QByteArray m_buffer;
    bool m_isConnected = false;
    bool m_endedCleanly = false;
};

} // namespace parapet::servertest
