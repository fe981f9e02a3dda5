// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/audit/eventqueries.h"
#include "app/plane/control/store.h"
#include "app/plane/shipping/destination.h"
#include "app/plane/shipping/tlssender.h"
#include "models/formats/product.h"

#include <QtCore/QJsonObject>

namespace parapet::plane {

/// Where the shipping to one destination stands.
struct ShippingStatus {
    enum class State { Starting, Connecting, Shipping, UpToDate, Waiting };

    QString destination;
    State state = State::Starting;
    qint64 position = 0;    ///< the first event that may still have to be told again: what a restart begins with
    qint64 written = 0;     ///< the first event that was not handed over on this connection
    qint64 size = 0;        ///< of the log
    qint64 connections = 0; ///< that were made since the plane started
    QString lastError;      ///< empty: none since the last connection was made
    Instant lastErrorAt{};

    QJsonObject json() const;
};

/// Tells a receiver every event of the log, in order and at least once, over syslog with TLS (RFC 5425).
///
/// The log is the journal: events are read from it when they can be sent, so nothing piles up in memory, and appends never wait for
/// a receiver. Syslog answers nothing; what is known of an event is that the receiver's machine acknowledged its bytes. So the stored
/// position lags behind: the last `overlap` bytes count as told only when the connection has stood for `settle` after them, and
/// a new connection begins at the position. Duplicates are known by their index; what the receiver loses later is not.
class Shipper
{
public:
    struct Options {
        ShippingDestination destination;
        formats::Product product;
        Milliseconds firstPause{500};       ///< after a failure; doubles up to longestPause
        Milliseconds longestPause{60'000};
        Milliseconds patience{30'000};      ///< for a handshake, and for a receiver that takes nothing
        Milliseconds settle{10'000};
        qsizetype window = 256 << 10;       ///< bytes that are made at once, and await acknowledgement
        qsizetype overlap = 1 << 20;
    };

    Shipper(Store &store, EventQueries &queries, Options options);
    /// Stores the position. The store must still be there.
    ~Shipper();

    /// There are new events. Any thread.
    void wake();
    ShippingStatus status() const;

private:
    /// Bytes that the receiver's machine has acknowledged.
    struct Window {
        qint64 first = 0;
        qsizetype bytes = 0;
        std::chrono::steady_clock::time_point at;
    };

    void run();
    Status loadPosition();
    Status ship(TlsSender &sender);
    /// The next events in their format: at least one, at most a window. Moves `next`.
    Result<QByteArray> read(qint64 &next, qint64 end);
    QByteArray framed(const AuditEvent &event) const;
    void settle(qint64 next);
    void storePosition();
    void pause(Milliseconds time);
    void takeWakes() const;
    void failed(const Error &error);
    template<class Change> void changeStatus(Change change);

    Store &m_store;
    EventQueries &m_queries;
    Options m_options;
    int m_wake = -1;
    std::atomic<bool> m_stopping = false;

    std::vector<Window> m_windows; ///< oldest first: what a new connection tells again
    qint64 m_position = 0;
    qint64 m_storedPosition = -1;
    std::chrono::steady_clock::time_point m_storedAt;

    mutable std::mutex m_statusLock;
    ShippingStatus m_status;
    std::thread m_thread;
};

} // namespace parapet::plane
