// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/storage/database.h"

#include <span>

namespace parapet::storage {

/// Brings a database to the newest schema, written in SQLite's words (Database::schema): steps[n] takes it from version n to n + 1, each step and its number in one
/// transaction, so that a crash leaves a whole version. A file from a newer program is refused and left as it is.
Status migrate(Database &database, std::span<const char *const> steps);

/// How many steps a database has been taken: PRAGMA user_version, or the greatest number in the table schema_version of a server.
Result<int> schemaVersion(Database &database);

} // namespace parapet::storage
