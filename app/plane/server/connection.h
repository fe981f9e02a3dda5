// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/server/registry.h"
#include "app/plane/server/responder.h"

// ThreadSanitizer does not know fences; Asio's locks order everything that ours relies on.
#if defined(__SANITIZE_THREAD__) && !defined(BOOST_ASIO_DISABLE_FENCED_BLOCK)
#define BOOST_ASIO_DISABLE_FENCED_BLOCK
#endif

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <atomic>
#include <shared_mutex>
#include <thread>

/// Inside of the library: only connection.cpp and server.cpp include this, since it brings Boost.
namespace parapet::server {

namespace net = boost::asio;
namespace http = boost::beast::http;
using ErrorCode = boost::system::error_code;
using SteadyTime = std::chrono::steady_clock::time_point;
using Strand = net::strand<net::io_context::executor_type>;
using Socket = net::basic_stream_socket<net::ip::tcp, Strand>;
using Tls = net::ssl::stream<Socket>;
using Timer = net::basic_waitable_timer<std::chrono::steady_clock, net::wait_traits<std::chrono::steady_clock>, Strand>;
using Task = std::function<void()>;

/// All that connections share. Outlives the Server while a late Responder holds a connection.
class ServerCore : public std::enable_shared_from_this<ServerCore>
{
public:
    ServerCore(Config settings, Handler handle)
        : config(std::move(settings)),
          handler(std::move(handle)),
          registry(config.limits.connections, config.limits.silentConnections),
          m_acceptor(net::make_strand(io)),
          m_pause(m_acceptor.get_executor())
    {
    }

    Status listen();
    void run();
    void stop();
    /// Runs `task` on `strand`, at once if it is the caller's. False, and nothing runs, when the server has stopped.
    bool post(const Strand &strand, Task task);
    Response refusal(const Refusal &refusal) const;

    Config config;
    Handler handler;
    Registry registry;
    net::io_context io;
    net::ssl::context context{net::ssl::context::tls_server};
    quint16 port = 0;
    std::atomic<int> streams{0};
    std::atomic<qint64> requests{0};

private:
    void serve();
    void accept();
    void accepted(ErrorCode error, Socket socket);

    net::basic_socket_acceptor<net::ip::tcp, Strand> m_acceptor;
    Timer m_pause;
    net::executor_work_guard<net::io_context::executor_type> m_work{io.get_executor()};
    std::vector<std::thread> m_threads;
    std::once_flag m_stopped;
    std::shared_mutex m_aliveMutex;
    bool m_alive = true;
};

/// One connection, on its own strand. Its phase says what it waits for; its deadline, for how long.
class Connection final : public Member, public Channel
{
public:
    Connection(std::shared_ptr<ServerCore> core, Socket socket)
        : m_core(std::move(core)), m_strand(socket.get_executor()), m_socket(std::move(socket)), m_timer(m_strand)
    {
    }
    ~Connection() override { m_core->registry.remove(this); }

    void start();
    void cut() override;
    void finish() override;

    bool post(Task task) override { return m_core->post(m_strand, std::move(task)); }
    bool reserveStream() override;
    void releaseStream() override { m_core->streams.fetch_sub(1); }
    qint64 streamQueueBytes() const override { return limits().streamQueueBytes; }
    void answer(Response response) override;
    void refuse(int status, const QString &detail, bool keepAlive = false) override;
    void openStream(Response head, std::shared_ptr<StreamQueue> queue) override;
    void flushStream() override;
    void openProducer(Response head, Producer producer, std::optional<qint64> size) override;
    void close() override;

private:
    enum class Phase { Opening, Idle, Header, Body, Busy, Writing, Streaming, Closing, Closed };
    using Next = void (Connection::*)();

    std::shared_ptr<Connection> self() { return std::static_pointer_cast<Connection>(shared_from_this()); }
    Socket &socket() { return m_tls ? m_tls->next_layer() : m_socket; }
    const Limits &limits() const { return m_core->config.limits; }
    void setDeadline(Milliseconds patience);
    void clearDeadline() { m_deadline = SteadyTime::max(); }
    void armTimer();
    void expired();

    void handshake();
    void handshaken(ErrorCode error);
    void nextRequest();
    void read();
    void readBody();
    void acknowledgeNow();
    void received(ErrorCode error, size_t size);
    void parse();
    bool acceptHeader();
    void dispatch();
    void tooLate();
    void write(Next next);
    void written();
    void pull();
    void closeStream();
    void endStream(StreamEnd reason);
    void shutDown();
    void drain();
    bool keepsAlive() const { return m_keepAlive && !m_finishing; }

    const std::shared_ptr<ServerCore> m_core;
    const Strand m_strand;
    Socket m_socket; ///< until the first byte: a silent connection costs no TLS state
    std::optional<Tls> m_tls;
    Timer m_timer;
    SteadyTime m_deadline = SteadyTime::max();
    SteadyTime m_armed = SteadyTime::max(); ///< when the timer fires; max: it does not
    boost::beast::flat_buffer m_buffer;
    std::optional<http::request_parser<http::string_body>> m_parser;
    QString m_peerAddress;
    quint16 m_peerPort = 0;
    RefusedPeer m_refused;
    std::shared_ptr<const PeerIdentity> m_peer = std::make_shared<PeerIdentity>();
    QByteArray m_out[3]; ///< what is being written: head, body, tail
    Producer m_producer;
    std::optional<qint64> m_left; ///< bytes that the producer still owes
    std::shared_ptr<StreamQueue> m_stream;
    Next m_interrupt = nullptr; ///< what to do instead when the pending read returns
    Phase m_phase = Phase::Opening;
    bool m_reading = false;
    bool m_writing = false;
    bool m_keepAlive = false;
    bool m_finishing = false;
    bool m_isHead = false;
    bool m_isHttp10 = false;
    bool m_chunked = false;
};

} // namespace parapet::server
