// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/runtime/loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <future>

namespace parapet::plane {

Loop::Loop() : m_epoll(::epoll_create1(EPOLL_CLOEXEC)), m_wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = uint64_t(m_wake.get());
    ::epoll_ctl(m_epoll.get(), EPOLL_CTL_ADD, m_wake.get(), &event);
    m_thread = std::thread([this] { run(); });
}

Loop::~Loop()
{
    post([this] { m_ending = true; });
    m_thread.join();
}

void Loop::post(std::function<void()> work)
{
    {
        const std::lock_guard lock(m_mutex);
        m_posted.push_back(std::move(work));
    }
    const uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(m_wake.get(), &one, sizeof one);
}

void Loop::invoke(const std::function<void()> &work)
{
    if (isCurrent()) {
        work();
        return;
    }
    std::promise<void> done;
    post([&] {
        work();
        done.set_value();
    });
    done.get_future().wait();
}

bool Loop::watch(int fd, uint32_t events, Handler handler)
{
    m_watched[fd] = Watched{++m_generation, 0, std::make_shared<Handler>(std::move(handler))};
    change(fd, events);
    return m_watched[fd].events == events;
}

void Loop::change(int fd, uint32_t events)
{
    const auto found = m_watched.find(fd);
    if (found == m_watched.end() || found->second.events == events)
        return;
    const int operation = events == 0 ? EPOLL_CTL_DEL : found->second.events == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
    epoll_event event{};
    event.events = events;
    event.data.u64 = uint64_t(uint32_t(fd)) | (uint64_t(found->second.generation) << 32);
    if (::epoll_ctl(m_epoll.get(), operation, fd, &event) == 0)
        found->second.events = events;
}

void Loop::unwatch(int fd)
{
    change(fd, 0);
    m_watched.erase(fd);
}

uint64_t Loop::after(std::chrono::milliseconds wait, std::function<void()> work)
{
    m_timers.emplace(SteadyClock::now() + wait, std::pair(++m_timer, std::move(work)));
    return m_timer;
}

void Loop::cancel(uint64_t timer)
{
    const auto found = std::find_if(m_timers.begin(), m_timers.end(),
                                    [timer](const auto &entry) { return entry.second.first == timer; });
    if (found != m_timers.end())
        m_timers.erase(found);
}

void Loop::runPosted()
{
    std::vector<std::function<void()>> work;
    {
        const std::lock_guard lock(m_mutex);
        work.swap(m_posted);
    }
    for (const auto &one : work)
        one();
}

/// Runs what is due; the wait in ms until the next is due, -1 for none.
int Loop::runTimers()
{
    while (!m_timers.empty()) {
        const auto first = m_timers.begin();
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(first->first - SteadyClock::now());
        if (left.count() > 0)
            return int(std::min<int64_t>(left.count(), 60'000));
        const auto work = std::move(first->second.second);
        m_timers.erase(first);
        work();
    }
    return -1;
}

void Loop::run()
{
    std::array<epoll_event, 64> events;
    while (!m_ending) {
        const int wait = runTimers();
        const int count = ::epoll_wait(m_epoll.get(), events.data(), int(events.size()), wait);
        for (int i = 0; i < count; ++i) {
            const int fd = int(uint32_t(events[size_t(i)].data.u64));
            const auto generation = uint32_t(events[size_t(i)].data.u64 >> 32);
            if (generation == 0) {
                uint64_t ignored;
                [[maybe_unused]] const auto read = ::read(fd, &ignored, sizeof ignored);
                continue;
            }
            // An earlier handler of this round may have closed the descriptor, and a new one may have taken its number.
            const auto found = m_watched.find(fd);
            if (found == m_watched.end() || found->second.generation != generation)
                continue;
            const std::shared_ptr<Handler> handler = found->second.handler;
            (*handler)(events[size_t(i)].events);
        }
        runPosted();
    }
}

WorkQueue::WorkQueue()
{
    m_thread = std::thread([this] { run(); });
}

WorkQueue::~WorkQueue()
{
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_filled.notify_one();
    m_thread.join();
}

void WorkQueue::push(std::function<void()> work)
{
    {
        const std::lock_guard lock(m_mutex);
        m_work.push_back(std::move(work));
    }
    m_filled.notify_one();
}

void WorkQueue::run()
{
    std::unique_lock lock(m_mutex);
    while (true) {
        m_filled.wait(lock, [this] { return m_ending || !m_work.empty(); });
        if (m_work.empty())
            return;
        const auto work = std::move(m_work.front());
        m_work.pop_front();
        lock.unlock();
        work();
        lock.lock();
    }
}

} // namespace parapet::plane
