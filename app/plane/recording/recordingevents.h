// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/control/unit.h"

namespace parapet::plane {

// Units of a recording's life: its row and the event that states it, together.

/// Puts the row, with the session that the actor has open in the workspace.
void recordingBegins(Unit &unit, Recording row);
/// Says that there is none, and why.
void recordingNotBegun(Unit &unit, const Recording &row, const QString &why);
/// Puts the row with its end; the log's event states size and digest of the file, and as its reason what is missing.
void recordingEnds(Unit &unit, Recording row);

} // namespace parapet::plane
