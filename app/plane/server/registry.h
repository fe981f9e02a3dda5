// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <vector>

namespace parapet::server {

/// A connection as the registry sees it.
class Member : public std::enable_shared_from_this<Member>
{
public:
    enum class Place {
        Silent,  ///< never sent a request
        Idle,    ///< between two requests
        Busy,    ///< a request, an answer or a stream is under way
        Leaving, ///< told to go
        Nowhere,
    };

    virtual ~Member() = default;
    /// Ends at once. Any thread; must not call the registry before it returns.
    virtual void cut() = 0;
    /// Ends when what is under way is done. Any thread; likewise.
    virtual void finish() = 0;

private:
    friend class Registry;
    Place m_place = Place::Nowhere;
    std::list<Member *>::iterator m_where;
};

/// Who is connected, each kind in the order in which it became so, and who goes first when room is short. Thread-safe.
class Registry
{
public:
    using Members = std::vector<std::shared_ptr<Member>>;

    Registry(int connections, int silent) : m_most(size_t(connections)), m_mostSilent(size_t(silent)) {}

    /// Takes `member` in as silent. False when there is no room, or the registry is closed. `leaving` must be cut by
    /// the caller.
    bool add(Member *member, Members &leaving);
    void move(Member *member, Member::Place place);
    void remove(Member *member);

    /// The `count` oldest silent ones (fewer if there are fewer), for the caller to cut.
    Members shed(size_t count);
    /// Takes nobody in any more.
    void close();
    Members all();
    /// False when somebody is still there after `patience`.
    bool waitUntilEmpty(std::chrono::milliseconds patience);

    struct Sizes {
        int all, silent;
        long long shed;
    };
    Sizes sizes() const;

private:
    using Places = std::list<Member *>;
    Places &list(Member::Place place) { return m_lists[size_t(place)]; }
    const Places &list(Member::Place place) const { return m_lists[size_t(place)]; }
    void put(Member *member, Member::Place place);
    bool shedOldest(Member::Place place, Members &leaving);
    size_t staying() const;

    mutable std::mutex m_mutex;
    std::condition_variable m_empty;
    Places m_lists[4];
    size_t m_most;
    size_t m_mostSilent;
    long long m_shed = 0;
    bool m_closed = false;
};

} // namespace parapet::server
