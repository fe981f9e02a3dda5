// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/response/words.h"

namespace parapet::response {

using namespace Qt::StringLiterals;

QString agentOf(const RuntimeState &state)
{
    return state.host.isEmpty() ? words("agent") : words("agent %1").arg(state.host);
}

QString treeOf(const RuntimeState &state)
{
    return state.rootPid > 0 ? u"%1@%2"_s.arg(state.rootPid).arg(state.rootStartTicks) : QString();
}

QString identityOf(const Workspace &workspace)
{
    return isKnown(workspace.created) ? u"created "_s + toRfc3339(workspace.created) : QString();
}

} // namespace parapet::response
