// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/instant.h"

#include <QtCore/QString>

#include <optional>

namespace parapet::pages {

/// A stretch of time that a filter asks for; an open end is unknown.
struct TimeTerms {
    Instant from{};
    Instant to{}; ///< not in it any more
    friend bool operator==(const TimeTerms &, const TimeTerms &) = default;
};

/// The time that the top-level terms of a filter ask for; nothing when none of them does, or they say it otherwise than by ends.
std::optional<TimeTerms> timeTermsOf(const QString &filter);
/// The filter without its top-level terms on time. One that cannot be read is not changed.
QString withoutTime(const QString &filter);
/// The filter with these ends in place of its terms on time.
QString withTime(const QString &filter, Instant from, Instant to);

} // namespace parapet::pages
