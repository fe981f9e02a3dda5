// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/shipping/destination.h"

#include <chrono>
#include <functional>
#include <memory>

struct ssl_ctx_st;
struct ssl_st;

namespace parapet::plane {

/// One TLS connection to a receiver that answers nothing: what is written, and what is known of it. Used by one thread, which waits in it;
/// every wait ends at once when `wake` (an eventfd) is readable and `stop` says so.
class TlsSender
{
public:
    using Waited = std::chrono::milliseconds;

    struct Interrupt {
        int wake = -1;
        std::function<bool()> stop;
    };

    explicit TlsSender(Interrupt interrupt) : m_interrupt(std::move(interrupt)) {}
    ~TlsSender();
    TlsSender(const TlsSender &) = delete;
    TlsSender &operator=(const TlsSender &) = delete;

    /// Connects and shakes hands: the receiver's certificate must be of the destination's authorities and for its host (RFC 5425 §5,
    /// RFC 6125). Code Network, Tls, or Cancelled when it was told to stop.
    Status open(const ShippingDestination &destination, Waited patience);
    /// Hands the bytes to the kernel, all of them. Code Network when the receiver takes nothing for `patience`, or has closed.
    Status write(const QByteArray &bytes, Waited patience);
    /// Waits until the receiver's machine has acknowledged every byte (TCP), and the connection still stands.
    Status drain(Waited patience);
    /// Waits until it is woken, the receiver closes (an error), or `most` has passed.
    Status idle(Waited most);
    void close();

private:
    enum class Ready { Socket, Woken, Time };
    Ready wait(short events, Waited most) const;
    /// Takes what the receiver sends: nothing of it is expected. An error when it has closed.
    Status hear();
    Failure broken(const QString &what) const;
    Status connectTo(const ShippingDestination &destination, Waited patience);
    Status shake(const ShippingDestination &destination, Waited patience);

    Interrupt m_interrupt;
    int m_socket = -1;
    ssl_ctx_st *m_context = nullptr;
    ssl_st *m_tls = nullptr;
};

} // namespace parapet::plane
