// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/count.h"
#include "models/core/instant.h"
#include "models/core/untrusted.h"

#include <QtCore/QString>

namespace parapet::kit {

/// "14:41:58 CET"; "" when unknown.
QString localTime(Instant at);
/// "14:41:58".
QString localClock(Instant at);
/// "17 Mar 2026 14:41:58 CET".
QString localDateTime(Instant at);
/// "13:41:58.250 UTC, 17 Mar 2026", for tooltips.
QString utcText(Instant at);

/// How long: "9 s", "6 min", "3 h 12 m", "3 d 11 h". Never negative.
QString durationText(Milliseconds duration);
/// "9 s ago"; "just now" below a second; "" when unknown.
QString agoText(Instant at, Instant now);
/// "412 MB", decimal units, three significant digits at most.
QString bytesText(qint64 bytes);
/// "1,284" in the user's locale.
QString numberText(qint64 number);

/// The first 8 digits of a "sha256:…" digest; the whole text when it is none.
QString shortDigest(const QString &digest);

} // namespace parapet::kit
