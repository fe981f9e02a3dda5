// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/instant.h"

namespace parapet::kit {

/// How long until the wall clock's next full minute, and a little more so that it has surely come. Timers that only
/// redraw what changes with the minute are armed with it while they are visible, so that an idle console wakes once a
/// minute.
inline int millisecondsToNextMinute(const Clock &clock)
{
    constexpr qint64 minute = 60'000;
    return int(minute - clock.now().time_since_epoch().count() % minute) + 5;
}

} // namespace parapet::kit
