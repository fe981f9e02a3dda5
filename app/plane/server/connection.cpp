// SPDX-License-Identifier: GPL-3.0-or-later
// Every asynchronous operation occurs once here, since each costs seconds to compile: what differs is told by a member
// function that goes on (Connection::Next).
#include "app/plane/server/connection.h"

#include "app/plane/server/responder.h"
#include "app/plane/server/secure.h"
#include "app/plane/server/wire.h"

#include <boost/asio/write.hpp>

#include <netinet/tcp.h>

namespace parapet::server {

namespace {

/// Bodies up to this size leave together with their head.
constexpr qsizetype joinedBytes = 32 << 10;

std::pair<int, QString> refusalFor(const ErrorCode &error)
{
    if (error == http::error::body_limit)
        return {413, QStringLiteral("The body is larger than this server takes.")};
    if (error == http::error::header_limit)
        return {431, QStringLiteral("The request line and headers are larger than this server takes.")};
    if (error == http::error::bad_version)
        return {505, QStringLiteral("This server speaks HTTP/1.1.")};
    return {
        400,
        QStringLiteral("The request is not well-formed HTTP/1.1: %1.").arg(QString::fromStdString(error.message()))};
}

QByteArray bytesOf(boost::beast::string_view text)
{
    return QByteArray(text.data(), qsizetype(text.size()));
}

} // namespace

// Connection: opening

void Connection::start()
{
    if (m_phase == Phase::Closed)
        return;
    ErrorCode error;
    m_socket.set_option(net::ip::tcp::no_delay(true), error);
    const auto remote = m_socket.remote_endpoint(error);
    if (error)
        return close();
    // A peer that vanished without a word is noticed as soon as one that does not read.
    const unsigned int patience = unsigned(limits().write.count());
    setsockopt(m_socket.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &patience, sizeof patience);
    m_peerAddress = QString::fromStdString(remote.address().to_string());
    m_peerPort = remote.port();
    setDeadline(limits().handshake);
    m_socket.async_wait(Socket::wait_read, [self = self()](ErrorCode failed) {
        if (failed || self->m_phase == Phase::Closed)
            self->close();
        else
            self->handshake();
    });
}

void Connection::handshake()
{
    m_tls.emplace(std::move(m_socket), m_core->context);
    rememberRefusal(m_tls->native_handle(), &m_refused);
    m_tls->async_handshake(Tls::server, [self = self()](ErrorCode error) { self->handshaken(error); });
}

void Connection::handshaken(ErrorCode error)
{
    if (m_phase == Phase::Closed)
        return;
    if (error) {
        if (error.category() == net::error::get_ssl_category() && m_core->config.refusedPeer) {
            m_refused.peerAddress = m_peerAddress;
            if (m_refused.reason.isEmpty())
                m_refused.reason = QString::fromStdString(error.message());
            try {
                m_core->config.refusedPeer(m_refused);
            } catch (...) {
                // The peer stays out whatever the hook makes of it.
            }
        }
        m_phase = Phase::Closing;
        setDeadline(limits().shutdown);
        return drain();
    }
    // Without tickets nothing is sent after the client's last message, and its kernel (Nagle) holds back the first request until that
    // message is acknowledged, which ours delays by 40 ms: acknowledge now.
    acknowledgeNow();
    m_peer = std::make_shared<PeerIdentity>(peerIdentity(m_tls->native_handle()));
    nextRequest();
}

void Connection::acknowledgeNow()
{
    const int now = 1;
    setsockopt(m_tls->next_layer().native_handle(), IPPROTO_TCP, TCP_QUICKACK, &now, sizeof now);
}

// Connection: reading

void Connection::nextRequest()
{
    if (m_finishing)
        return shutDown();
    m_parser.emplace();
    m_parser->header_limit(std::uint32_t(limits().headerBytes));
    m_parser->body_limit(std::uint64_t(limits().bodyBytes));
    m_phase = Phase::Idle;
    m_isHead = false;
    setDeadline(limits().idle);
    if (m_buffer.size() == 0)
        return read();
    m_phase = Phase::Header;
    setDeadline(limits().header);
    parse();
}

void Connection::read()
{
    if (m_buffer.size() > size_t(limits().headerBytes) + (64 << 10)) // only a chunk header without end gets here
        return refuse(400, QStringLiteral("The chunked body is not well-formed."));
    // The same between a request's head and its body, which many clients send in two pieces.
    if (m_phase == Phase::Body)
        acknowledgeNow();
    m_reading = true;
    m_tls->async_read_some(m_buffer.prepare(m_phase == Phase::Body ? 16 << 10 : 4 << 10),
                           [self = self()](ErrorCode error, size_t size) { self->received(error, size); });
}

void Connection::readBody()
{
    setDeadline(limits().body);
    read();
}

void Connection::received(ErrorCode error, size_t size)
{
    m_reading = false;
    if (m_phase == Phase::Closed)
        return;
    if (const Next instead = std::exchange(m_interrupt, nullptr))
        return (this->*instead)();
    if (error)
        return m_phase == Phase::Streaming || m_phase == Phase::Writing ? close() : shutDown();
    m_buffer.commit(size);
    if (m_phase == Phase::Idle) {
        m_phase = Phase::Header;
        setDeadline(limits().header);
    }
    // Beside a stream the read only waits for the peer to go; a stream is the last answer of its connection.
    if (m_phase == Phase::Header || m_phase == Phase::Body)
        parse();
}

void Connection::parse()
{
    while (!m_parser->is_done()) {
        if (m_buffer.size() == 0)
            return read();
        ErrorCode error;
        m_buffer.consume(m_parser->put(m_buffer.data(), error));
        if (error == http::error::need_more)
            return read();
        if (error) {
            const auto [status, detail] = refusalFor(error);
            return refuse(status, detail);
        }
        if (m_phase == Phase::Header && m_parser->is_header_done() && !acceptHeader())
            return;
    }
    dispatch();
}

/// Checks what must hold before the body is read. False when it has taken over.
bool Connection::acceptHeader()
{
    m_phase = Phase::Body;
    setDeadline(limits().body);
    const auto &head = m_parser->get();
    m_isHead = head.method() == http::verb::head;
    m_isHttp10 = head.version() < 11;
    if (head.count(http::field::host) != 1 && !m_isHttp10) {
        refuse(400, QStringLiteral("An HTTP/1.1 request has exactly one Host header."));
        return false;
    }
    if (head.count(http::field::transfer_encoding) &&
        !boost::beast::iequals(head[http::field::transfer_encoding], "chunked")) {
        refuse(501, QStringLiteral("The only transfer coding that this server takes is “chunked”."));
        return false;
    }
    const auto expect = head[http::field::expect];
    if (expect.empty() || m_isHttp10)
        return true;
    if (!boost::beast::iequals(expect, "100-continue")) {
        refuse(417, QStringLiteral("The only expectation that this server meets is “100-continue”."));
        return false;
    }
    if (m_parser->is_done() || m_buffer.size() > 0)
        return true;
    m_out[0] = "HTTP/1.1 100 Continue\r\n\r\n";
    write(&Connection::readBody);
    return false;
}

void Connection::dispatch()
{
    m_phase = Phase::Busy;
    clearDeadline();
    m_core->registry.move(this, Place::Busy);
    m_core->requests.fetch_add(1, std::memory_order_relaxed);
    m_keepAlive = m_parser->keep_alive();
    auto message = m_parser->release();
    m_parser.reset();
    Request request;
    request.method = bytesOf(message.method_string());
    request.target = bytesOf(message.target());
    request.body = QByteArray(message.body().data(), qsizetype(message.body().size()));
    for (const auto &field : message)
        request.headers.append({bytesOf(field.name_string()), bytesOf(field.value())});
    request.peerAddress = m_peerAddress;
    request.peerPort = m_peerPort;
    request.peer = m_peer;
    if (!splitTarget(request))
        return refuse(400, QStringLiteral("The request target is not a valid path and query."), true);
    const auto responder = makeResponder(self(), m_isHead);
    try {
        m_core->handler(std::move(request), responder);
    } catch (...) {
        // Letting go of the responder sends 500.
    }
}

// Connection: answering

bool Connection::reserveStream()
{
    if (m_core->streams.fetch_add(1) < limits().streams)
        return true;
    releaseStream();
    return false;
}

void Connection::answer(Response response)
{
    if (m_phase != Phase::Busy)
        return;
    m_out[0].resize(0);
    appendHead(m_out[0], response, Framing::Length, response.body.size(), keepsAlive());
    if (m_isHead || isBodiless(response.status))
        response.body.clear();
    if (response.body.size() <= joinedBytes)
        m_out[0] += response.body;
    else
        m_out[1] = std::move(response.body);
    m_phase = Phase::Writing;
    write(&Connection::written);
}

void Connection::refuse(int status, const QString &detail, bool keepAlive)
{
    if (m_phase == Phase::Closed || m_phase == Phase::Closing)
        return;
    m_phase = Phase::Busy;
    m_keepAlive = m_keepAlive && keepAlive;
    answer(m_core->refusal({status, detail, m_peerAddress, m_peer}));
}

void Connection::write(Next next)
{
    m_writing = true;
    setDeadline(limits().write);
    const auto buffer = [](const QByteArray &bytes) {
        return net::const_buffer(bytes.constData(), size_t(bytes.size()));
    };
    net::async_write(*m_tls, std::array{buffer(m_out[0]), buffer(m_out[1]), buffer(m_out[2])},
                     [self = self(), next](ErrorCode error, size_t) {
                         self->m_writing = false;
                         self->m_out[1].clear();
                         self->m_out[2].clear();
                         if (self->m_phase == Phase::Closed)
                             return;
                         if (error)
                             return self->close();
                         (self.get()->*next)();
                     });
}

void Connection::written()
{
    if (!keepsAlive())
        return shutDown();
    m_core->registry.move(this, Place::Idle);
    nextRequest();
}

void Connection::openProducer(Response head, Producer producer, std::optional<qint64> size)
{
    if (m_phase != Phase::Busy)
        return;
    m_chunked = !size && !m_isHttp10;
    if (!size && m_isHttp10)
        m_keepAlive = false;
    m_out[0].resize(0);
    appendHead(m_out[0], head,
               size        ? Framing::Length
               : m_chunked ? Framing::Chunked
                           : Framing::UntilClose,
               size.value_or(0), keepsAlive());
    m_phase = Phase::Writing;
    if (!producer || m_isHead || isBodiless(head.status))
        return write(&Connection::written);
    m_producer = std::move(producer);
    m_left = size;
    write(&Connection::pull);
}

void Connection::pull()
{
    QByteArray chunk;
    Produced produced = Produced::Failed;
    try {
        produced = m_producer(chunk);
    } catch (...) {
        // As Failed.
    }
    if (m_left)
        *m_left -= chunk.size();
    const bool isLast = produced == Produced::End;
    if (produced == Produced::Failed || (m_left && (*m_left < 0 || (isLast && *m_left != 0)))) {
        m_producer = {};
        return close(); // without the end that TLS and the framing promise, so that a part is not taken for the whole
    }
    m_out[0].resize(0);
    if (m_chunked && !chunk.isEmpty()) {
        m_out[0] = QByteArray::number(chunk.size(), 16) + "\r\n";
        m_out[2] = "\r\n";
    }
    if (m_chunked && isLast)
        m_out[2] += "0\r\n\r\n";
    m_out[1] = std::move(chunk);
    if (isLast)
        m_producer = {};
    write(isLast ? &Connection::written : &Connection::pull);
}

void Connection::openStream(Response head, std::shared_ptr<StreamQueue> queue)
{
    if (m_phase != Phase::Busy) {
        releaseStream();
        return queue->end(StreamEnd::Peer);
    }
    m_keepAlive = false;
    m_chunked = !m_isHttp10;
    m_stream = std::move(queue);
    m_out[0].resize(0);
    appendHead(m_out[0], head, m_chunked ? Framing::Chunked : Framing::UntilClose, 0, false);
    m_phase = Phase::Streaming;
    if (m_finishing)
        m_stream->requestEnd(StreamEnd::Stopped);
    if (m_buffer.size() == 0)
        read();
    write(&Connection::flushStream);
}

void Connection::flushStream()
{
    if (m_phase != Phase::Streaming || m_writing)
        return;
    auto [bytes, isLast] = m_stream->take();
    if (bytes.isEmpty() && !isLast)
        return clearDeadline();
    m_out[0].resize(0);
    if (m_chunked && !bytes.isEmpty()) {
        m_out[0] = QByteArray::number(bytes.size(), 16) + "\r\n";
        m_out[2] = "\r\n";
    }
    if (m_chunked && isLast)
        m_out[2] += "0\r\n\r\n";
    m_out[1] = std::move(bytes);
    write(isLast ? &Connection::closeStream : &Connection::flushStream);
}

void Connection::closeStream()
{
    endStream(m_stream->requestedEnd());
    shutDown();
}

void Connection::endStream(StreamEnd reason)
{
    if (const auto stream = std::exchange(m_stream, nullptr)) {
        releaseStream();
        stream->end(reason);
    }
}

// Connection: time and end

void Connection::setDeadline(Milliseconds patience)
{
    m_deadline = std::chrono::steady_clock::now() + patience;
    if (m_deadline < m_armed)
        armTimer();
}

/// One wait at a time: a later deadline is noticed when the wait for the earlier one ends, which is cheaper than moving
/// it.
void Connection::armTimer()
{
    m_armed = m_deadline;
    m_timer.expires_at(m_armed);
    m_timer.async_wait([self = self()](ErrorCode aborted) {
        if (aborted || self->m_phase == Phase::Closed)
            return;
        self->m_armed = SteadyTime::max();
        if (self->m_deadline == SteadyTime::max())
            return;
        if (std::chrono::steady_clock::now() < self->m_deadline)
            return self->armTimer();
        self->clearDeadline();
        self->expired();
    });
}

void Connection::expired()
{
    ErrorCode ignored;
    switch (m_phase) {
    case Phase::Idle:
        return shutDown();
    case Phase::Header:
    case Phase::Body:
        if (!m_reading || m_interrupt)
            return close();
        m_interrupt = &Connection::tooLate;
        setDeadline(limits().shutdown);
        socket().cancel(ignored);
        return;
    case Phase::Streaming:
        endStream(StreamEnd::TooSlow);
        return close();
    default:
        return close();
    }
}

void Connection::tooLate()
{
    refuse(408, QStringLiteral("The request did not arrive in time."));
}

void Connection::cut()
{
    post([self = self()] { self->close(); });
}

void Connection::finish()
{
    post([self = self()] {
        self->m_finishing = true;
        switch (self->m_phase) {
        case Phase::Opening:
            return self->close();
        case Phase::Idle:
        case Phase::Header:
        case Phase::Body:
            return self->m_reading ? self->shutDown() : self->close();
        case Phase::Streaming:
            self->m_stream->requestEnd(StreamEnd::Stopped);
            return self->flushStream();
        default:
            return;
        }
    });
}

/// The friendly end: close_notify both ways, bounded in time.
void Connection::shutDown()
{
    if (m_phase == Phase::Closed)
        return;
    m_phase = Phase::Closing;
    setDeadline(limits().shutdown);
    if (m_reading) {
        m_interrupt = &Connection::shutDown;
        ErrorCode ignored;
        socket().cancel(ignored);
        return;
    }
    m_tls->async_shutdown([self = self()](ErrorCode error) {
        if (!error || error == net::error::eof)
            self->close();
        else
            self->drain();
    });
}

/// Takes what the peer still sends: closing with bytes unread would reset the connection and destroy the answer on its
/// way.
void Connection::drain()
{
    if (m_phase == Phase::Closed)
        return;
    ErrorCode ignored;
    socket().shutdown(Socket::shutdown_send, ignored);
    m_buffer.clear();
    socket().async_read_some(m_buffer.prepare(16 << 10), [self = self()](ErrorCode error, size_t) {
        if (error)
            self->close();
        else
            self->drain();
    });
}

void Connection::close()
{
    if (m_phase == Phase::Closed)
        return;
    const StreamEnd reason = m_finishing ? StreamEnd::Stopped : StreamEnd::Peer;
    m_phase = Phase::Closed;
    clearDeadline();
    m_timer.cancel();
    ErrorCode ignored;
    socket().close(ignored);
    m_producer = {};
    if (m_stream)
        endStream(m_stream->isOpen() ? reason : m_stream->requestedEnd());
    m_core->registry.remove(this);
}

} // namespace parapet::server
