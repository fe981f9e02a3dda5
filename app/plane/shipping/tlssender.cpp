// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/shipping/tlssender.h"

#include <QtCore/QCoreApplication>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>
#include <linux/sockios.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace parapet::plane {

namespace {

using SenderClock = std::chrono::steady_clock;

QString senderText(const char *text)
{
    return QCoreApplication::translate("shipping", text);
}

Failure senderTls(const QString &message)
{
    char words[256] = "";
    if (const unsigned long code = ERR_peek_last_error())
        ERR_error_string_n(code, words, sizeof words);
    ERR_clear_error();
    return fail(Error::Code::Tls, message, QString::fromLatin1(words), true);
}

/// Never asks on the terminal for the passphrase of an encrypted key.
int senderNoPassphrase(char *, int, int, void *)
{
    return 0;
}

bool trustAuthorities(SSL_CTX *context, const QByteArray &pem)
{
    if (pem.isEmpty())
        return SSL_CTX_set_default_verify_paths(context) == 1;
    BIO *bio = BIO_new_mem_buf(pem.constData(), int(pem.size()));
    bool any = false;
    while (X509 *certificate = PEM_read_bio_X509(bio, nullptr, senderNoPassphrase, nullptr)) {
        any = X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate) == 1 || any;
        X509_free(certificate);
    }
    BIO_free(bio);
    ERR_clear_error();
    return any;
}

bool showIdentity(SSL_CTX *context, const ShippingDestination &destination)
{
    if (destination.certificate.isEmpty())
        return true;
    BIO *bio = BIO_new_mem_buf(destination.certificate.constData(), int(destination.certificate.size()));
    X509 *certificate = PEM_read_bio_X509(bio, nullptr, senderNoPassphrase, nullptr);
    BIO_free(bio);
    bio = BIO_new_mem_buf(destination.key.constData(), int(destination.key.size()));
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, nullptr, senderNoPassphrase, nullptr);
    BIO_free(bio);
    const bool used = certificate && key && SSL_CTX_use_certificate(context, certificate) == 1 && SSL_CTX_use_PrivateKey(context, key) == 1;
    X509_free(certificate);
    EVP_PKEY_free(key);
    return used;
}

} // namespace

TlsSender::~TlsSender()
{
    close();
}

void TlsSender::close()
{
    if (m_tls) {
        if (SSL_is_init_finished(m_tls))
            (void)SSL_shutdown(m_tls); // tells the receiver; it is not waited for
        SSL_free(m_tls);
        m_tls = nullptr;
    }
    if (m_context) {
        SSL_CTX_free(m_context);
        m_context = nullptr;
    }
    if (m_socket >= 0) {
        ::close(m_socket);
        m_socket = -1;
    }
    ERR_clear_error();
}

Failure TlsSender::broken(const QString &what) const
{
    return fail(Error::Code::Network, what, qt_error_string(errno), true);
}

TlsSender::Ready TlsSender::wait(short events, Waited most) const
{
    pollfd ready[2] = {{m_socket, events, 0}, {m_interrupt.wake, POLLIN, 0}};
    const int count = ::poll(ready, 2, int(std::clamp<qint64>(most.count(), 0, 3600'000)));
    if (count > 0 && (ready[0].revents & (events | POLLERR | POLLHUP)))
        return Ready::Socket;
    return count > 0 ? Ready::Woken : Ready::Time;
}

Status TlsSender::open(const ShippingDestination &destination, Waited patience)
{
    close();
    if (Status connected = connectTo(destination, patience); !connected)
        return connected;
    return shake(destination, patience);
}

Status TlsSender::connectTo(const ShippingDestination &destination, Waited patience)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV;
    addrinfo *found = nullptr;
    const QByteArray host = destination.host.toUtf8();
    const int failed = ::getaddrinfo(host.constData(), QByteArray::number(destination.port).constData(), &hints, &found);
    if (failed != 0)
        return fail(Error::Code::Network, senderText("The receiver's name is not known."), QString::fromLocal8Bit(::gai_strerror(failed)), true);
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, ::freeaddrinfo);
    for (const addrinfo *address = found; address; address = address->ai_next) {
        m_socket = ::socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (m_socket < 0)
            continue;
        int error = ::connect(m_socket, address->ai_addr, address->ai_addrlen) == 0 ? 0 : errno;
        const auto end = SenderClock::now() + patience;
        while (error == EINPROGRESS) {
            if (m_interrupt.stop())
                return fail(Error::Code::Cancelled, {});
            const auto left = std::chrono::duration_cast<Waited>(end - SenderClock::now());
            const Ready ready = wait(POLLOUT, std::min<Waited>(left, std::chrono::seconds(1)));
            if (ready == Ready::Socket) {
                socklen_t size = sizeof error;
                ::getsockopt(m_socket, SOL_SOCKET, SO_ERROR, &error, &size);
            } else if (left <= Waited(0)) {
                error = ETIMEDOUT;
            } else if (ready == Ready::Woken) {
                // Woken for new events while connecting: they wait. A short wait keeps this from turning in circles.
                ::poll(nullptr, 0, 5);
            }
        }
        if (error == 0)
            return {};
        ::close(m_socket);
        m_socket = -1;
        errno = error;
    }
    return broken(senderText("The receiver cannot be reached."));
}

Status TlsSender::shake(const ShippingDestination &destination, Waited patience)
{
    m_context = SSL_CTX_new(TLS_client_method());
    if (!m_context || SSL_CTX_set_min_proto_version(m_context, TLS1_2_VERSION) != 1 || !trustAuthorities(m_context, destination.authorities)
        || !showIdentity(m_context, destination))
        return senderTls(senderText("The certificates of this connection cannot be used."));
    SSL_CTX_set_verify(m_context, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_mode(m_context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    m_tls = SSL_new(m_context);
    const QByteArray host = destination.host.toUtf8();
    in6_addr binary{};
    const bool address = ::inet_pton(AF_INET, host.constData(), &binary) == 1 || ::inet_pton(AF_INET6, host.constData(), &binary) == 1;
    const bool named = m_tls
        && (address ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(m_tls), host.constData()) == 1
                    : SSL_set1_host(m_tls, host.constData()) == 1 && SSL_set_tlsext_host_name(m_tls, host.constData()) == 1);
    if (!named || SSL_set_fd(m_tls, m_socket) != 1)
        return senderTls(senderText("The connection cannot be set up."));
    const auto end = SenderClock::now() + patience;
    while (true) {
        ERR_clear_error();
        const int result = SSL_connect(m_tls);
        if (result == 1)
            return {};
        const int error = SSL_get_error(m_tls, result);
        if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
            const long verified = SSL_get_verify_result(m_tls);
            if (verified != X509_V_OK) {
                ERR_clear_error();
                return fail(Error::Code::Tls, senderText("The receiver's certificate is not accepted. Nothing was sent. Check “ca” and the host's name."),
                            QString::fromLatin1(X509_verify_cert_error_string(verified)), true);
            }
            return senderTls(senderText("The receiver and this plane do not agree on TLS."));
        }
        if (m_interrupt.stop())
            return fail(Error::Code::Cancelled, {});
        if (SenderClock::now() >= end)
            return fail(Error::Code::Network, senderText("The receiver does not answer."), {}, true);
        if (wait(error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, std::chrono::seconds(1)) == Ready::Woken)
            ::poll(nullptr, 0, 5);
    }
}

Status TlsSender::hear()
{
    char ignored[512];
    while (true) {
        ERR_clear_error();
        const int count = SSL_read(m_tls, ignored, sizeof ignored);
        if (count > 0)
            continue;
        const int error = SSL_get_error(m_tls, count);
        if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
            return {};
        ERR_clear_error();
        if (SSL_get_shutdown(m_tls) & SSL_RECEIVED_SHUTDOWN)
            return fail(Error::Code::Network, senderText("The receiver ended the connection."), {}, true);
        return broken(senderText("The connection to the receiver broke."));
    }
}

Status TlsSender::write(const QByteArray &bytes, Waited patience)
{
    auto end = SenderClock::now() + patience;
    for (qsizetype done = 0; done < bytes.size();) {
        if (Status heard = hear(); !heard)
            return heard;
        ERR_clear_error();
        const int count = SSL_write(m_tls, bytes.constData() + done, int(std::min<qsizetype>(bytes.size() - done, 16384)));
        if (count > 0) {
            done += count;
            end = SenderClock::now() + patience;
            continue;
        }
        const int error = SSL_get_error(m_tls, count);
        if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
            ERR_clear_error();
            return broken(senderText("The connection to the receiver broke."));
        }
        if (m_interrupt.stop())
            return fail(Error::Code::Cancelled, {});
        if (SenderClock::now() >= end)
            return fail(Error::Code::Network, senderText("The receiver takes nothing any more."), {}, true);
        if (wait(short(error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT | POLLIN), std::chrono::seconds(1)) == Ready::Woken)
            ::poll(nullptr, 0, 5);
    }
    return {};
}

Status TlsSender::drain(Waited patience)
{
    int before = -1;
    auto end = SenderClock::now() + patience;
    while (true) {
        if (Status heard = hear(); !heard)
            return heard;
        int left = 0;
        if (::ioctl(m_socket, SIOCOUTQ, &left) != 0)
            return broken(senderText("The connection to the receiver broke."));
        if (left == 0)
            return hear();
        if (m_interrupt.stop())
            return fail(Error::Code::Cancelled, {});
        if (before >= 0 && left < before)
            end = SenderClock::now() + patience;
        before = left;
        if (SenderClock::now() >= end)
            return fail(Error::Code::Network, senderText("The receiver takes nothing any more."), {}, true);
        // The kernel tells nobody of an acknowledgement, so it is asked. What the receiver sends ends the wait at once.
        pollfd ready{m_socket, POLLIN, 0};
        ::poll(&ready, 1, 5);
    }
}

Status TlsSender::idle(Waited most)
{
    if (wait(POLLIN, most) == Ready::Socket)
        return hear();
    return {};
}

} // namespace parapet::plane
