// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/health.h"
#include "models/items/roles.h"

namespace parapet::shell {

/// How the health of a connection, or of one port, is drawn wherever it is.
StateMark markOf(fleet::HealthState state);

} // namespace parapet::shell
