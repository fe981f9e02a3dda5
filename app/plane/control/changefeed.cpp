// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/control/changefeed.h"

#include "models/core/id.h"

namespace parapet::plane {

using namespace Qt::StringLiterals;

ChangeFeed::ChangeFeed() : m_epoch(newIdentifier(u"e").toLatin1().replace('-', ""))
{
}

ChangeFeed::~ChangeFeed()
{
    closeAll();
}

QByteArray ChangeFeed::frameOf(qint64 number, const StoredChange &change) const
{
    QByteArray frame;
    frame.reserve(change.object.size() + 160);
    frame += "id: " + idOf(number) + "\nevent: ";
    frame += change.kind;
    frame += "\ndata: {\"id\":";
    wire::appendString(frame, change.id);
    frame += ",\"removed\":false,\"object\":";
    frame += change.object;
    frame += "}\n\n";
    return frame;
}

void ChangeFeed::publish(std::vector<StoredChange> changes)
{
    Watchers refused;
    {
        const std::scoped_lock guard(m_lock);
        refused = takeRefused();
        const size_t before = m_ring.size();
        QByteArray together;
        for (StoredChange &change : changes) {
            QByteArray frame = frameOf(++m_number, change);
            if (!m_watchers.empty())
                together += frame;
            change.object.clear();
            m_ring.push_back({std::move(change), std::move(frame)});
        }
        for (const auto &[id, watcher] : m_watchers) {
            if (watcher.look() == ChangeFilter::Sight::Everything) {
                watcher.stream->write(together);
                continue;
            }
            QByteArray some;
            for (auto it = m_ring.cbegin() + qsizetype(before); it != m_ring.cend(); ++it) {
                if (watcher.filter->shows(it->change))
                    some += it->frame;
            }
            if (!some.isEmpty())
                watcher.stream->write(some);
        }
        while (m_ring.size() > ringSize)
            m_ring.pop_front();
    }
    cutOff(refused);
}

void ChangeFeed::watch(std::shared_ptr<server::Stream> stream, const QString &since, std::unique_ptr<ChangeFilter> filter)
{
    bool first = false;
    qint64 id = 0;
    {
        const std::scoped_lock guard(m_lock);
        Watcher watcher{stream, std::move(filter)};
        const ChangeFilter::Sight sight = watcher.look();
        QByteArray hello = "event: hello\ndata: {\"epoch\":\"" + m_epoch + "\",\"sequence\":\"" + idOf(m_number)
            + "\",\"pingSeconds\":" + QByteArray::number(pingSeconds) + "}\n\n";
        if (!since.isEmpty()) {
            const qsizetype dash = since.lastIndexOf(u'-');
            bool number = false;
            const qint64 from = since.mid(dash + 1).toLongLong(&number);
            const qint64 oldest = m_number - qint64(m_ring.size());
            if (!number || since.left(dash) != QLatin1String(m_epoch) || from < oldest || from > m_number) {
                hello += "event: gap\ndata: {}\n\n";
            } else if (sight != ChangeFilter::Sight::Nothing) {
                for (auto it = m_ring.cbegin() + (from - oldest); it != m_ring.cend(); ++it) {
                    if (sight == ChangeFilter::Sight::Everything || watcher.filter->shows(it->change))
                        hello += it->frame;
                }
            }
        }
        stream->write(hello);
        first = m_watchers.empty();
        id = m_nextWatcher++;
        m_watchers.emplace(id, std::move(watcher));
    }
    if (first && onWatched)
        onWatched(true);
    // The stream must not be held by its own callback.
    stream->onEnd([this, id](server::StreamEnd) { dropped(id); });
}

ChangeFeed::Watchers ChangeFeed::takeRefused()
{
    Watchers refused;
    for (auto it = m_watchers.begin(); it != m_watchers.end();) {
        const auto at = it++;
        if (at->second.look() == ChangeFilter::Sight::Nothing)
            refused.insert(m_watchers.extract(at));
    }
    return refused;
}

void ChangeFeed::cutOff(Watchers &watchers)
{
    if (watchers.empty())
        return;
    for (const auto &[id, watcher] : watchers)
        watcher.stream->close();
    bool last = false;
    {
        const std::scoped_lock guard(m_lock);
        last = m_watchers.empty();
    }
    if (last && onWatched)
        onWatched(false);
}

void ChangeFeed::dropped(qint64 watcher)
{
    Watcher ended; // let go of outside the lock
    bool last = false;
    {
        const std::scoped_lock guard(m_lock);
        const auto at = m_watchers.find(watcher);
        if (at == m_watchers.end())
            return;
        ended = std::move(at->second);
        m_watchers.erase(at);
        last = m_watchers.empty();
    }
    if (last && onWatched)
        onWatched(false);
}

void ChangeFeed::ping()
{
    Watchers refused;
    {
        const std::scoped_lock guard(m_lock);
        refused = takeRefused();
        const QByteArray ping = "id: " + idOf(m_number) + "\nevent: ping\ndata: {}\n\n";
        for (const auto &[id, watcher] : m_watchers)
            watcher.stream->write(ping);
    }
    cutOff(refused);
}

void ChangeFeed::closeAll()
{
    Watchers watchers;
    {
        const std::scoped_lock guard(m_lock);
        watchers.swap(m_watchers);
    }
    for (const auto &[id, watcher] : watchers)
        watcher.stream->close();
}

int ChangeFeed::watchers() const
{
    const std::scoped_lock guard(m_lock);
    return int(m_watchers.size());
}

QString ChangeFeed::position() const
{
    const std::scoped_lock guard(m_lock);
    return QLatin1String(m_epoch) + u'-' + QString::number(m_number);
}

} // namespace parapet::plane
