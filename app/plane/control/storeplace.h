// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/control/datafolder.h"

namespace parapet::plane {

/// Where a data folder's state and log are: its own plane.sqlite, or the PostgreSQL database that its first start named with --store.
/// The choice is kept in the folder (file "store", owner only), so that a later start without --store finds it. A folder that has a
/// store refuses another one (ExitUsage): state and log would be left behind. `asked` may be empty.
Started<QString> storePlace(const DataFolder &folder, const QString &asked);

/// The URI without its password, for messages and processes that list arguments: "postgresql://parapet:…@db/parapet".
QString withoutPassword(const QString &uri);

} // namespace parapet::plane
