// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/server/registry.h"

namespace parapet::server {

void Registry::put(Member *member, Member::Place place)
{
    if (member->m_place == Member::Place::Nowhere) {
        list(place).push_back(member);
        member->m_where = std::prev(list(place).end());
    } else {
        list(place).splice(list(place).end(), list(member->m_place), member->m_where);
    }
    member->m_place = place;
}

size_t Registry::staying() const
{
    return list(Member::Place::Silent).size() + list(Member::Place::Idle).size() + list(Member::Place::Busy).size();
}

bool Registry::shedOldest(Member::Place place, Members &leaving)
{
    while (!list(place).empty()) {
        Member *oldest = list(place).front();
        put(oldest, Member::Place::Leaving);
        // Without an owner it is on its way out already, and waits for our mutex in its destructor.
        if (std::shared_ptr<Member> owned = oldest->weak_from_this().lock()) {
            leaving.push_back(std::move(owned));
            ++m_shed;
            return true;
        }
    }
    return false;
}

bool Registry::add(Member *member, Members &leaving)
{
    const std::lock_guard lock(m_mutex);
    if (m_closed)
        return false;
    if (list(Member::Place::Silent).size() >= m_mostSilent)
        shedOldest(Member::Place::Silent, leaving);
    if (staying() >= m_most && !shedOldest(Member::Place::Silent, leaving) && !shedOldest(Member::Place::Idle, leaving))
        return false;
    put(member, Member::Place::Silent);
    return true;
}

void Registry::move(Member *member, Member::Place place)
{
    const std::lock_guard lock(m_mutex);
    if (member->m_place != Member::Place::Nowhere && member->m_place != Member::Place::Leaving)
        put(member, place);
}

void Registry::remove(Member *member)
{
    const std::lock_guard lock(m_mutex);
    if (member->m_place == Member::Place::Nowhere)
        return;
    list(member->m_place).erase(member->m_where);
    member->m_place = Member::Place::Nowhere;
    if (staying() == 0 && list(Member::Place::Leaving).empty())
        m_empty.notify_all();
}

Registry::Members Registry::shed(size_t count)
{
    const std::lock_guard lock(m_mutex);
    Members leaving;
    while (leaving.size() < count && shedOldest(Member::Place::Silent, leaving)) {
    }
    return leaving;
}

void Registry::close()
{
    const std::lock_guard lock(m_mutex);
    m_closed = true;
}

Registry::Members Registry::all()
{
    const std::lock_guard lock(m_mutex);
    Members members;
    for (const Places &places : m_lists) {
        for (Member *member : places) {
            if (std::shared_ptr<Member> owned = member->weak_from_this().lock())
                members.push_back(std::move(owned));
        }
    }
    return members;
}

bool Registry::waitUntilEmpty(std::chrono::milliseconds patience)
{
    std::unique_lock lock(m_mutex);
    return m_empty.wait_for(lock, patience, [this] { return staying() == 0 && list(Member::Place::Leaving).empty(); });
}

Registry::Sizes Registry::sizes() const
{
    const std::lock_guard lock(m_mutex);
    return {int(staying() + list(Member::Place::Leaving).size()), int(list(Member::Place::Silent).size()), m_shed};
}

} // namespace parapet::server
