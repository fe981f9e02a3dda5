// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/server/stream.h"

namespace parapet::server {

StreamQueue::Added StreamQueue::add(QByteArray bytes)
{
    const std::lock_guard lock(m_mutex);
    if (m_requested || m_ended)
        return Added::Refused;
    if (m_pending.size() + bytes.size() > m_limit) {
        m_pending.clear();
        m_requested = StreamEnd::TooSlow;
        return Added::Overflow;
    }
    if (m_pending.isEmpty())
        m_pending = std::move(bytes); // shared by all streams that were given the same event
    else
        m_pending += bytes;
    return std::exchange(m_announced, true) ? Added::Queued : Added::First;
}

bool StreamQueue::requestEnd(StreamEnd reason)
{
    const std::lock_guard lock(m_mutex);
    if (m_requested || m_ended)
        return false;
    m_requested = reason;
    return !std::exchange(m_announced, true);
}

StreamQueue::Batch StreamQueue::take()
{
    const std::lock_guard lock(m_mutex);
    // A stream that is cut has no proper end, so that the client does not take it for whole.
    Batch batch{std::exchange(m_pending, {}), m_requested && *m_requested != StreamEnd::TooSlow};
    if (batch.bytes.isEmpty())
        m_announced = false;
    return batch;
}

void StreamQueue::end(StreamEnd reason)
{
    std::function<void(StreamEnd)> callback;
    {
        const std::lock_guard lock(m_mutex);
        if (m_ended)
            return;
        m_ended = reason;
        m_pending.clear();
        callback = std::exchange(m_callback, {});
    }
    if (callback) {
        try {
            callback(reason);
        } catch (...) {
            // The stream has ended whatever its owner makes of it.
        }
    }
}

StreamEnd StreamQueue::requestedEnd() const
{
    const std::lock_guard lock(m_mutex);
    return m_requested.value_or(StreamEnd::Closed);
}

bool StreamQueue::isOpen() const
{
    const std::lock_guard lock(m_mutex);
    return !m_requested && !m_ended;
}

void StreamQueue::onEnd(std::function<void(StreamEnd)> callback)
{
    std::optional<StreamEnd> ended;
    {
        const std::lock_guard lock(m_mutex);
        ended = m_ended;
        if (!ended)
            m_callback = std::move(callback);
    }
    if (ended && callback)
        callback(*ended);
}

} // namespace parapet::server
