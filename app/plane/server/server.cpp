// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/server/server.h"

#include "app/plane/server/connection.h"
#include "app/plane/server/secure.h"

#include <QtCore/QCoreApplication>

#include <boost/asio/post.hpp>

#include <sys/resource.h>

namespace parapet::server {

namespace {

/// Open files are connections here, and a hard limit is what the administrator allows.
void raiseFileLimit()
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit); // failing leaves what there was
    }
}

bool isExhaustion(const ErrorCode &error)
{
    return error == boost::system::errc::too_many_files_open ||
           error == boost::system::errc::too_many_files_open_in_system ||
           error == boost::system::errc::no_buffer_space || error == boost::system::errc::not_enough_memory;
}

} // namespace

// ServerCore

Status ServerCore::listen()
{
    ErrorCode error;
    const auto address = net::ip::make_address(config.address.toStdString(), error);
    if (error) {
        return fail(
            Error::Code::Invalid,
            QCoreApplication::translate("Server", "“%1” is not an IP address to listen on.").arg(config.address));
    }
    const net::ip::tcp::endpoint endpoint(address, config.port);
    if (!m_acceptor.open(endpoint.protocol(), error) &&
        !m_acceptor.set_option(net::socket_base::reuse_address(true), error) && !m_acceptor.bind(endpoint, error))
        m_acceptor.listen(net::socket_base::max_listen_connections, error);
    if (error) {
        return fail(Error::Code::Network,
                    QCoreApplication::translate(
                        "Server", "Cannot listen on %1 port %2. Choose another port, or stop the program that uses it.")
                        .arg(config.address)
                        .arg(config.port),
                    QString::fromStdString(error.message()));
    }
    port = m_acceptor.local_endpoint(error).port();
    return {};
}

void ServerCore::run()
{
    accept();
    for (int i = 0; i < std::max(1, config.threads); ++i)
        m_threads.emplace_back([this] { serve(); });
}

/// What throws out of an operation (no memory) ends that operation, not the server.
void ServerCore::serve()
{
    for (bool isDone = false; !isDone;) {
        try {
            io.run();
            isDone = true;
        } catch (...) {
        }
    }
}

void ServerCore::accept()
{
    m_acceptor.async_accept(net::make_strand(io), [core = shared_from_this()](ErrorCode error, Socket socket) {
        core->accepted(error, std::move(socket));
    });
}

void ServerCore::accepted(ErrorCode error, Socket socket)
{
    if (!m_acceptor.is_open())
        return;
    Registry::Members leaving;
    if (!error) {
        auto connection = std::make_shared<Connection>(shared_from_this(), std::move(socket));
        if (registry.add(connection.get(), leaving))
            connection->post([connection] { connection->start(); });
    } else if (isExhaustion(error)) {
        leaving = registry.shed(64);
    }
    for (const std::shared_ptr<Member> &member : leaving)
        member->cut();
    if (!isExhaustion(error))
        return accept();
    // The backlog keeps who comes meanwhile; accepting at once would only fail again until the cut ones are closed.
    m_pause.expires_after(std::chrono::milliseconds(20));
    m_pause.async_wait([core = shared_from_this()](ErrorCode aborted) {
        if (!aborted && core->m_acceptor.is_open())
            core->accept();
    });
}

bool ServerCore::post(const Strand &strand, Task task)
{
    if (strand.running_in_this_thread()) {
        task();
        return true;
    }
    const std::shared_lock lock(m_aliveMutex);
    if (m_alive)
        net::post(strand, std::move(task));
    return m_alive;
}

Response ServerCore::refusal(const Refusal &refusal) const
{
    try {
        if (config.refusal)
            return config.refusal(refusal);
    } catch (...) {
        // The answer must leave whatever the hook makes of it.
    }
    return problem(refusal.status, refusal.detail);
}

void ServerCore::stop()
{
    std::call_once(m_stopped, [this] {
        post(m_acceptor.get_executor(), [this] {
            ErrorCode ignored;
            m_acceptor.close(ignored);
            m_pause.cancel();
        });
        registry.close();
        for (const std::shared_ptr<Member> &member : registry.all())
            member->finish();
        if (!registry.waitUntilEmpty(config.limits.stop)) {
            for (const std::shared_ptr<Member> &member : registry.all())
                member->cut();
        }
        m_work.reset();
        for (std::thread &thread : m_threads)
            thread.join();
        {
            const std::unique_lock lock(m_aliveMutex);
            m_alive = false;
        }
        // What was posted after the threads had left would keep its connection, and so this, alive for ever.
        io.restart();
        io.poll();
        handler = {};
        config.refusal = {};
        config.refusedPeer = {};
    });
}

// Server

Server::Server(std::shared_ptr<ServerCore> core) : m_core(std::move(core))
{
}

Server::~Server()
{
    stop();
}

Result<std::unique_ptr<Server>> Server::start(Config config, Handler handler)
{
    raiseFileLimit();
    try {
        auto core = std::make_shared<ServerCore>(std::move(config), std::move(handler));
        if (const Status secured = secure(core->context.native_handle(), core->config); !secured)
            return fail(secured.error());
        core->config.privateKey.fill('\0');
        core->config.privateKey.clear();
        if (const Status listening = core->listen(); !listening)
            return fail(listening.error());
        std::unique_ptr<Server> server(new Server(core));
        core->run();
        return server;
    } catch (const std::exception &failure) {
        return fail(Error::Code::Network,
                    QCoreApplication::translate("Server",
                                                "The server cannot start. The system may be out of memory or threads."),
                    QString::fromLocal8Bit(failure.what()));
    }
}

quint16 Server::port() const
{
    return m_core->port;
}

Figures Server::figures() const
{
    const Registry::Sizes sizes = m_core->registry.sizes();
    return {sizes.all, sizes.silent, m_core->streams.load(), m_core->requests.load(), sizes.shed};
}

void Server::stop()
{
    m_core->stop();
}

} // namespace parapet::server
