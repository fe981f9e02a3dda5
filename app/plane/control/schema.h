// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

namespace parapet::plane {

/// The steps from an empty plane.sqlite to the newest schema, for storage::migrate. A step that was released never changes.
///
/// Rows of domain values have one column a row of their field table, named as the field: TEXT, INTEGER (times are milliseconds
/// since the epoch, booleans 0 or 1), BLOB. PostgreSQL takes the same text with BIGINT and BYTEA for the last two.
std::span<const char *const> planeSchema();

} // namespace parapet::plane
