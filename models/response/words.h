// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/ports/runtime.h"

#include <QtCore/QCoreApplication>

namespace parapet::response {

/// This room's translated text.
inline QString words(const char *source)
{
    return QCoreApplication::translate("response", source);
}

/// Who a runtime state comes from: "agent node-eu-c-07".
QString agentOf(const RuntimeState &state);
/// "PID@TICKS" of a workspace's first process; empty when nothing runs.
QString treeOf(const RuntimeState &state);
/// What stays the same about a workspace while it is stopped and started: the moment of its creation.
QString identityOf(const Workspace &workspace);

} // namespace parapet::response
