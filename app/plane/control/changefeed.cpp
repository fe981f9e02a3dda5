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
    frame += "id: " + m_epoch + '-' + QByteArray::number(number) + "\nevent: ";
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
    const std::scoped_lock guard(m_lock);
    QByteArray together;
    for (const StoredChange &change : changes) {
        const QByteArray frame = frameOf(++m_number, change);
        if (!m_watchers.empty())
            together += frame;
        m_ring.push_back(frame);
        if (m_ring.size() > ringSize)
            m_ring.pop_front();
    }
    for (const auto &[id, stream] : m_watchers)
        stream->write(together);
}

void ChangeFeed::watch(std::shared_ptr<server::Stream> stream, const QString &since)
{
    bool first = false;
    qint64 id = 0;
    {
        const std::scoped_lock guard(m_lock);
        QByteArray hello = "event: hello\ndata: {\"epoch\":\"" + m_epoch + "\",\"sequence\":\"" + m_epoch + '-' + QByteArray::number(m_number)
            + "\",\"pingSeconds\":" + QByteArray::number(pingSeconds) + "}\n\n";
        if (!since.isEmpty()) {
            const qsizetype dash = since.lastIndexOf(u'-');
            bool number = false;
            const qint64 from = since.mid(dash + 1).toLongLong(&number);
            const qint64 oldest = m_number - qint64(m_ring.size());
            if (!number || since.left(dash) != QLatin1String(m_epoch) || from < oldest || from > m_number) {
                hello += "event: gap\ndata: {}\n\n";
            } else {
                for (auto it = m_ring.cbegin() + (from - oldest); it != m_ring.cend(); ++it)
                    hello += *it;
            }
        }
        stream->write(hello);
        first = m_watchers.empty();
        id = m_nextWatcher++;
        m_watchers.emplace(id, stream);
    }
    if (first && onWatched)
        onWatched(true);
    // The stream must not be held by its own callback.
    stream->onEnd([this, id](server::StreamEnd) { dropped(id); });
}

void ChangeFeed::dropped(qint64 watcher)
{
    std::shared_ptr<server::Stream> ended; // let go of outside the lock
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
    const std::scoped_lock guard(m_lock);
    for (const auto &[id, stream] : m_watchers)
        stream->write("event: ping\ndata: {}\n\n");
}

void ChangeFeed::closeAll()
{
    std::map<qint64, std::shared_ptr<server::Stream>> watchers;
    {
        const std::scoped_lock guard(m_lock);
        watchers.swap(m_watchers);
    }
    for (const auto &[id, stream] : watchers)
        stream->close();
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
