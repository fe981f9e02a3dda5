// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/runtime/filedescriptor.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

namespace parapet::plane {

/// A thread with an epoll loop: descriptors, timers and posted work. It lives as long as the object, which matters: the
/// kernel ties PR_SET_PDEATHSIG to the thread that forked, so sandboxes must be spawned here and nowhere else.
class Loop
{
public:
    using Handler = std::function<void(uint32_t events)>;

    Loop();
    /// Finishes what was posted, then ends the thread.
    ~Loop();
    Loop(const Loop &) = delete;
    Loop &operator=(const Loop &) = delete;

    bool isCurrent() const { return std::this_thread::get_id() == m_thread.get_id(); }
    /// From any thread.
    void post(std::function<void()> work);
    /// From any thread: runs `work` on the loop's and returns when it has; at once when called there.
    void invoke(const std::function<void()> &work);

    // On the loop's thread only.
    /// Level triggered. One handler a descriptor; a handler may unwatch any descriptor, its own too. With `events` 0
    /// nothing is reported, not even a hang-up (epoll itself would, for ever).
    bool watch(int fd, uint32_t events, Handler handler);
    void change(int fd, uint32_t events);
    void unwatch(int fd);
    uint64_t after(std::chrono::milliseconds wait, std::function<void()> work);
    void cancel(uint64_t timer);

private:
    using SteadyClock = std::chrono::steady_clock;
    struct Watched {
        uint32_t generation = 0;
        uint32_t events = 0;
        std::shared_ptr<Handler> handler;
    };
    void run();
    void runPosted();
    int runTimers();

    FileDescriptor m_epoll;
    FileDescriptor m_wake;
    std::unordered_map<int, Watched> m_watched;
    std::multimap<SteadyClock::time_point, std::pair<uint64_t, std::function<void()>>> m_timers;
    uint32_t m_generation = 0;
    uint64_t m_timer = 0;
    std::mutex m_mutex;
    std::vector<std::function<void()>> m_posted;
    bool m_ending = false;
    std::thread m_thread; // last: it runs as soon as it is made
};

/// One thread that does one piece of work after the other: for callbacks and for reading snapshots, which may take
/// their time.
class WorkQueue
{
public:
    WorkQueue();
    /// Finishes what was pushed, then ends the thread.
    ~WorkQueue();
    WorkQueue(const WorkQueue &) = delete;
    WorkQueue &operator=(const WorkQueue &) = delete;
    void push(std::function<void()> work);

private:
    void run();
    std::mutex m_mutex;
    std::condition_variable m_filled;
    std::deque<std::function<void()>> m_work;
    bool m_ending = false;
    std::thread m_thread;
};

} // namespace parapet::plane
