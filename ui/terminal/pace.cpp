// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/terminal/pace.h"

#include <algorithm>

namespace parapet::terminal {

Pace::Pace(const formats::Asciicast &cast) : m_duration(cast.duration())
{
    using Kind = formats::Asciicast::Kind;
    m_times.reserve(cast.events.size());
    for (const formats::Asciicast::Event &event : cast.events) {
        if (event.kind() == Kind::Output || event.kind() == Kind::Resize)
            m_times.append(event.at);
    }
}

qsizetype Pace::shownAt(qint64 at) const
{
    return std::upper_bound(m_times.cbegin(), m_times.cend(), at) - m_times.cbegin();
}

qint64 Pace::advanced(qint64 from, qint64 by) const
{
    qint64 at = from;
    for (qsizetype next = shownAt(from); m_limit && next < m_times.size(); ++next) {
        const qint64 begin = next > 0 ? m_times[next - 1] : 0;
        const qint64 end = m_times[next];
        const qint64 wait = std::max<qint64>(0, std::min(end, begin + *m_limit) - at);
        if (by < wait)
            return at + by;
        by -= wait;
        at = end;
    }
    return std::min(at + by, m_duration);
}

qint64 Pace::untilNext(qint64 from) const
{
    const qsizetype next = shownAt(from);
    if (next == m_times.size())
        return from < m_duration ? m_duration - from : -1;
    const qint64 begin = next > 0 ? m_times[next - 1] : 0;
    const qint64 end = m_limit ? std::min(m_times[next], begin + *m_limit) : m_times[next];
    return std::max<qint64>(0, end - from);
}

} // namespace parapet::terminal
