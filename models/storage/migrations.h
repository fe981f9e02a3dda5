// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/storage/database.h"

#include <span>

namespace parapet::storage {

/// Brings a database to the newest schema: steps[n] takes it from user_version n to n + 1, each step and its number in one
/// transaction, so that a crash leaves a whole version. A file from a newer program is refused and left as it is.
Status migrate(Database &database, std::span<const char *const> steps);

/// PRAGMA user_version.
Result<int> schemaVersion(Database &database);

} // namespace parapet::storage
