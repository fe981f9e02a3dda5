// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/control/store.h"
#include "app/plane/server/server.h"

#include <map>

namespace parapet::plane {

/// What one watcher may be told. Asked by the feed, on any thread, for one batch at a time.
class ChangeFilter
{
public:
    enum class Sight { Everything, Some, Nothing };

    virtual ~ChangeFilter() = default;
    /// Before each batch and each ping: whether all of it may be told, whether each change is to be asked about, or whether the
    /// watcher is not accepted any more and is cut off.
    virtual Sight look() = 0;
    virtual bool shows(const StoredChange &change) = 0;
};

/// The changes of the last minutes, and everyone who watches them (server-sent events, WHATWG HTML §9.2).
///
/// Each change has a number; its identifier on the wire is EPOCH-NUMBER, where the epoch is new with each start. A watcher that
/// resumes from a number that is still in the ring gets what it missed; any other gets a "gap" event and goes on live. One that
/// reads too slowly is cut off by the server and comes back with its last number. The servers of its streams stop before it goes.
/// Numbers count all changes, also those that a watcher is not told; a ping carries the latest, so that a watcher of whom little
/// is told can still resume from there.
class ChangeFeed
{
public:
    static constexpr size_t ringSize = 65536;
    static constexpr int pingSeconds = 10;

    ChangeFeed();
    ~ChangeFeed();

    /// Adds the changes of one commit, numbers them and sends them. Any thread.
    void publish(std::vector<StoredChange> changes);

    /// Begins a watch. `since` is EPOCH-NUMBER or empty. Without a filter everything is told.
    void watch(std::shared_ptr<server::Stream> stream, const QString &since, std::unique_ptr<ChangeFilter> filter = {});

    /// A "ping" to each watcher; called every pingSeconds while there are any.
    void ping();
    void closeAll();

    int watchers() const;
    /// Called when the first one comes (true) and when the last one has gone (false), on any thread.
    std::function<void(bool)> onWatched;

    QString position() const;

private:
    struct Kept {
        StoredChange change; ///< without its object
        QByteArray frame;
    };
    struct Watcher {
        std::shared_ptr<server::Stream> stream;
        std::unique_ptr<ChangeFilter> filter;

        ChangeFilter::Sight look() const { return filter ? filter->look() : ChangeFilter::Sight::Everything; }
    };
    using Watchers = std::map<qint64, Watcher>;

    QByteArray frameOf(qint64 number, const StoredChange &change) const;
    QByteArray idOf(qint64 number) const { return m_epoch + '-' + QByteArray::number(number); }
    /// Takes the watchers out that are not accepted any more, for cutOff() outside the lock.
    Watchers takeRefused();
    void cutOff(Watchers &watchers);
    void dropped(qint64 watcher);

    const QByteArray m_epoch;
    mutable std::mutex m_lock;
    std::deque<Kept> m_ring;   ///< the last one has the number m_number
    qint64 m_number = 0;
    qint64 m_nextWatcher = 1;
    Watchers m_watchers;
};

} // namespace parapet::plane
