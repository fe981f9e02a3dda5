// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <poll.h>

#include <array>
#include <cstddef>

namespace parapet::sandboxinit {

/// One direction of a relayed connection: bytes read from one side and not yet written to the other.
struct Half {
    std::array<char, 16384> bytes;
    size_t begin = 0;
    size_t end = 0;
    bool readEnded = false;
    bool writeEnded = false;
};

/// Connections between TCP clients in the sandbox and the host's gateway socket. Each begins with the client's port in
/// network order, by which the host finds out which process it is.
class RelayTable
{
public:
    static constexpr size_t capacity = 64;

    explicit RelayTable(const char *gateway) : m_gateway(gateway) {}
    bool isFull() const { return m_count == capacity; }
    void accept(int listener);
    /// Writes two entries a connection; how many entries.
    size_t fillPoll(pollfd *entries);
    /// The same entries after poll().
    void handlePoll(const pollfd *entries);

private:
    struct Relay {
        int client = -1;
        int gateway = -1;
        Half up;   ///< client → gateway
        Half down; ///< gateway → client
    };
    static bool pump(int from, int to, Half &half);
    static short wanted(const Half &reading, const Half &writing);
    void close(size_t index);

    const char *m_gateway;
    std::array<Relay, capacity> m_relays;
    size_t m_count = 0;
};

} // namespace parapet::sandboxinit
