// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/sandboxinit/relay.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace parapet::sandboxinit {

void RelayTable::accept(int listener)
{
    sockaddr_in peer{};
    socklen_t size = sizeof peer;
    const int client = ::accept4(listener, reinterpret_cast<sockaddr *>(&peer), &size, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (client < 0)
        return;
    const int gateway = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, m_gateway, sizeof address.sun_path - 1);
    const auto port = peer.sin_port;
    if (gateway < 0 || ::connect(gateway, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0 ||
        ::send(gateway, &port, sizeof port, MSG_NOSIGNAL) != ssize_t(sizeof port)) {
        ::close(client);
        if (gateway >= 0)
            ::close(gateway);
        return;
    }
    Relay &relay = m_relays[m_count++];
    relay.client = client;
    relay.gateway = gateway;
    for (Half *half : {&relay.up, &relay.down}) {
        half->begin = half->end = 0;
        half->readEnded = half->writeEnded = false;
    }
}

/// A side is read while nothing waits to go the other way, and written while something does.
short RelayTable::wanted(const Half &reading, const Half &writing)
{
    short events = 0;
    if (!reading.readEnded && reading.begin == reading.end)
        events |= POLLIN;
    if (writing.begin != writing.end)
        events |= POLLOUT;
    return events;
}

size_t RelayTable::fillPoll(pollfd *entries)
{
    for (size_t i = 0; i < m_count; ++i) {
        const Relay &relay = m_relays[i];
        const short client = wanted(relay.up, relay.down);
        const short gateway = wanted(relay.down, relay.up);
        // A side that nothing is wanted of would still report its hang-up, again and again.
        entries[2 * i] = {client ? relay.client : -1, client, 0};
        entries[2 * i + 1] = {gateway ? relay.gateway : -1, gateway, 0};
    }
    return 2 * m_count;
}

/// Moves what can be moved in one direction; false when the connection is broken.
bool RelayTable::pump(int from, int to, Half &half)
{
    if (!half.readEnded && half.begin == half.end) {
        const ssize_t got = ::recv(from, half.bytes.data(), half.bytes.size(), 0);
        if (got < 0)
            return errno == EAGAIN || errno == EINTR;
        half.begin = 0;
        half.end = size_t(got);
        half.readEnded = got == 0;
    }
    if (half.begin != half.end) {
        const ssize_t put = ::send(to, half.bytes.data() + half.begin, half.end - half.begin, MSG_NOSIGNAL);
        if (put < 0)
            return errno == EAGAIN || errno == EINTR;
        half.begin += size_t(put);
    }
    if (half.readEnded && half.begin == half.end && !half.writeEnded) {
        half.writeEnded = true;
        ::shutdown(to, SHUT_WR);
    }
    return true;
}

void RelayTable::handlePoll(const pollfd *entries)
{
    // Backwards, so that closing one (the last takes its place) skips none.
    for (size_t i = m_count; i-- > 0;) {
        if (!entries[2 * i].revents && !entries[2 * i + 1].revents)
            continue;
        Relay &relay = m_relays[i];
        const bool whole = pump(relay.client, relay.gateway, relay.up) && pump(relay.gateway, relay.client, relay.down);
        if (!whole || (relay.up.writeEnded && relay.down.writeEnded))
            close(i);
    }
}

void RelayTable::close(size_t index)
{
    ::close(m_relays[index].client);
    ::close(m_relays[index].gateway);
    --m_count;
    if (index != m_count)
        m_relays[index] = m_relays[m_count];
}

} // namespace parapet::sandboxinit
