// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"
#include "models/query/expression.h"

namespace parapet::query {

inline constexpr int maxFilterLength = 4096; ///< UTF-16 code units
inline constexpr int maxFilterDepth = 32;    ///< parentheses and negations within each other

/// Reads a filter:
///
///     filter = [ or ]
///     or     = and *( "OR" and )
///     and    = term *( [ "AND" ] term )
///     term   = ( "!" / "-" / "NOT" ) term / "(" or ")" / field op value *( "," value ) / word / quoted
///     op     = ":" / "!:" / ">=" / "<=" / ">" / "<" / "~" / "!~" / "≥" / "≤"
///
/// A field is a letter, then letters, digits, "." and "_", and its operator follows at once. A value or word is quoted
/// where it holds blanks, quotes, commas or parentheses; \" and \\ stand for themselves inside quotes. OR, AND and NOT
/// are upper case. Which fields there are is not asked here (compiler.h).
tl::expected<Expression, Problem> parse(QStringView text);

/// A filter that came over the wire could not be read: code Invalid, the message says what, where and what was meant.
Error toError(const Problem &problem, QStringView text);

} // namespace parapet::query
