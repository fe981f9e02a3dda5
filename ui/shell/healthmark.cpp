// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/healthmark.h"

namespace parapet::shell {

StateMark markOf(fleet::HealthState state)
{
    switch (state) {
    case fleet::HealthState::Healthy: return StateMark::Observed;
    case fleet::HealthState::Slow: return StateMark::Isolated;
    case fleet::HealthState::Connecting: return StateMark::Starting;
    case fleet::HealthState::Failing: return StateMark::Stale;
    case fleet::HealthState::Untrusted: return StateMark::Survives;
    case fleet::HealthState::Closed: break;
    }
    return StateMark::Stopped;
}

} // namespace parapet::shell
