// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/control/state.h"

namespace parapet::plane {

bool State::put(const RowPtr<Session> &row)
{
    const bool added = sessions.put(row);
    if (added) {
        sessionsOf[row->value().workspace.value].append(row->value().id.value);
        sessionsBy[row->value().actor.value].append(row->value().id.value);
    }
    return added;
}

bool State::put(const RowPtr<Lease> &row)
{
    const bool added = leases.put(row);
    if (added)
        leasesOf[row->value().workspace.value].append(row->value().id.value);
    return added;
}

} // namespace parapet::plane
