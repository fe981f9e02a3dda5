// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/broker/deadlines.h"

namespace parapet::plane {

void Deadlines::add(Instant at, Kind kind, const QString &id)
{
    bool earlier = false;
    {
        const std::scoped_lock guard(m_lock);
        earlier = m_queue.empty() || at < m_queue.top().at;
        m_queue.push({at, kind, id});
    }
    if (earlier && onEarlier)
        onEarlier();
}

QVector<Deadlines::Entry> Deadlines::takeDue(Instant now)
{
    QVector<Entry> due;
    const std::scoped_lock guard(m_lock);
    while (!m_queue.empty() && m_queue.top().at <= now) {
        due.append(m_queue.top());
        m_queue.pop();
    }
    return due;
}

Instant Deadlines::next() const
{
    const std::scoped_lock guard(m_lock);
    return m_queue.empty() ? Instant{} : m_queue.top().at;
}

} // namespace parapet::plane
