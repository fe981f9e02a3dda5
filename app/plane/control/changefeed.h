// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/control/store.h"
#include "app/plane/server/server.h"

#include <map>

namespace parapet::plane {

/// The changes of the last minutes, and everyone who watches them (server-sent events, WHATWG HTML §9.2).
///
/// Each change has a number; its identifier on the wire is EPOCH-NUMBER, where the epoch is new with each start. A watcher that
/// resumes from a number that is still in the ring gets what it missed; any other gets a "gap" event and goes on live. One that
/// reads too slowly is cut off by the server and comes back with its last number. The servers of its streams stop before it goes.
class ChangeFeed
{
public:
    static constexpr size_t ringSize = 65536;
    static constexpr int pingSeconds = 10;

    ChangeFeed();
    ~ChangeFeed();

    /// Adds the changes of one commit, numbers them and sends them. Any thread.
    void publish(std::vector<StoredChange> changes);

    /// Begins a watch. `since` is EPOCH-NUMBER or empty.
    void watch(std::shared_ptr<server::Stream> stream, const QString &since);

    /// A "ping" to each watcher; called every pingSeconds while there are any.
    void ping();
    void closeAll();

    int watchers() const;
    /// Called when the first one comes (true) and when the last one has gone (false), on any thread.
    std::function<void(bool)> onWatched;

    QString position() const;

private:
    QByteArray frameOf(qint64 number, const StoredChange &change) const;
    void dropped(qint64 watcher);

    const QByteArray m_epoch;
    mutable std::mutex m_lock;
    std::deque<QByteArray> m_ring;   ///< frames; the last one has the number m_number
    qint64 m_number = 0;
    qint64 m_nextWatcher = 1;
    std::map<qint64, std::shared_ptr<server::Stream>> m_watchers;
};

} // namespace parapet::plane
