// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/instant.h"

#include <QtCore/QString>

#include <optional>

namespace parapet::pages {

/// A stretch of time; whole seconds, as filters write them.
struct Period {
    Instant from{};
    Instant to{}; ///< not in it any more

    Milliseconds length() const { return to - from; }
    bool holds(Instant at) const { return at >= from && at < to; }
    /// The one of the same length right before it.
    Period before() const { return {from - length(), from}; }
    friend bool operator==(const Period &, const Period &) = default;
};

/// What a filter asks for by its terms on time, an open end closed by now, or by a day before the other end; without any the last day.
Period periodOf(const QString &filter, Instant now);

/// A moment as the filter language writes it ("2026-03-01", "2026-03-01T14:00", an age such as "24h") or "now". A day, month or year
/// is meant from its beginning, as an end wholly. Nothing when it is none of these.
std::optional<Instant> momentFrom(const QString &text, bool isEnd, Instant now);
/// The moment in UTC as momentFrom() reads it back.
QString momentText(Instant at);
/// For a person, in local time: "17 Mar 10:00:00 – 11:00:00 CET, 1 h".
QString spokenText(const Period &period);

} // namespace parapet::pages
