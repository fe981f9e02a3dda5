// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/server/server.h"

#include <mutex>

namespace parapet::server {

/// The queue between writers on any thread and the one connection that sends it.
class StreamQueue
{
public:
    explicit StreamQueue(qint64 limit) : m_limit(limit) {}

    enum class Added { Refused, Queued, First, Overflow };
    /// First: the connection must be told that there is something. Overflow: it must be cut.
    Added add(QByteArray bytes);
    /// True when the connection must be told.
    bool requestEnd(StreamEnd reason);

    struct Batch {
        QByteArray bytes;
        bool last;
    };
    /// All that is queued; empty when there is nothing, and then the next add() is First again.
    Batch take();

    /// Ends it, once, and tells the callback.
    void end(StreamEnd reason);
    /// What requestEnd() said, or Closed.
    StreamEnd requestedEnd() const;
    bool isOpen() const;
    void onEnd(std::function<void(StreamEnd)> callback);

private:
    mutable std::mutex m_mutex;
    const qint64 m_limit;
    QByteArray m_pending;
    bool m_announced = true; ///< until the head has left, nothing needs to be told
    std::optional<StreamEnd> m_requested;
    std::optional<StreamEnd> m_ended;
    std::function<void(StreamEnd)> m_callback;
};

} // namespace parapet::server
