// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/operation/action.h"
#include "models/ports/system.h"

namespace parapet::response {

/// The verbs of models/response over the ports of one system: freeze, thaw, isolate, rejoin, snapshot, pauseAgent, resumeAgent,
/// stop, log, terminate, endSessions, revokeLeases, suspend, reinstate, markRevoked. The ports outlive the actions.
std::unique_ptr<operation::ActionSet> actionsFor(const System &system);

} // namespace parapet::response
