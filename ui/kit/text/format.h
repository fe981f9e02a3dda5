// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/count.h"
#include "models/domain/fieldtext.h"

#include <QtCore/QString>

#include <algorithm>
#include <limits>

namespace parapet::kit {

/// "14:41:58 CET"; "" when unknown.
QString localTime(Instant at);
/// "14:41:58".
QString localClock(Instant at);
/// "17 Mar 2026 14:41:58 CET".
QString localDateTime(Instant at);
using parapet::utcText;

/// How long, for a glance: "9 s", "6 min", "3 h 12 m", "3 d 11 h". Never negative.
inline QString durationText(Milliseconds duration)
{
    return roughDurationText(duration);
}
/// "9 s ago"; "just now" below a second; "" when unknown.
QString agoText(Instant at, Instant now);
using parapet::bytesText;
/// "1,284" in the user's locale.
QString numberText(qint64 number);

/// The count whose plural form a translation takes; beyond the range of int all are alike.
inline int numerus(qint64 number)
{
    return int(std::clamp<qint64>(number, 0, std::numeric_limits<int>::max()));
}
inline int numerus(const Count &count)
{
    return numerus(count.value());
}

/// The first 8 digits of a "sha256:…" digest; the whole text when it is none.
QString shortDigest(const QString &digest);

} // namespace parapet::kit
