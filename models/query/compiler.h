// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/query/program.h"
#include "models/query/schema.h"

namespace parapet::query {

/// Checks an expression against a schema. Texts match without regard to case; `field:""` is an empty text or a moment
/// that is not known; free text is looked for in every filterable text and enumeration. Times are compared as UTC: an
/// absolute one as wide as it is written (`created>2026-03` is after the end of March), a duration as the distance from
/// now, so that `started<8h` is "less than eight hours ago" and `expires<1h` "within the hour".
tl::expected<Program, Problem> compile(const Expression &expression, const Schema &schema);

} // namespace parapet::query
