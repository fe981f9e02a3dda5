// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/instant.h"

#include <QtCore/QStringView>

#include <optional>

namespace parapet::query {

/// From the first to the last value that a literal stands for: a day is 86,400,000 milliseconds wide.
struct NumberRange {
    qint64 first = 0;
    qint64 last = 0;
};

/// Whole numbers: "3", "-1", "1_000".
std::optional<qint64> integerLiteral(QStringView text);
/// Decimal numbers with a point: "0.5".
std::optional<double> realLiteral(QStringView text);
/// "true", "yes", "1", "false", "no", "0", without regard to case.
std::optional<bool> booleanLiteral(QStringView text);
/// Milliseconds: whole numbers with units ms, s, m, h, d, w, largest first: "8h", "1h30m", "90s".
std::optional<qint64> durationLiteral(QStringView text);
/// Bytes: "512", "10kB" (1,000), "10KiB" (1,024), "2.5GB"; k, M, G, T alone are decimal.
std::optional<qint64> sizeLiteral(QStringView text);
/// A moment in UTC as wide as it is written: "2026", "2026-03", "2026-03-01", "2026-03-01T14:00", with seconds, with
/// fractions; an RFC 3339 offset may follow a time of day.
std::optional<NumberRange> timeLiteral(QStringView text);

} // namespace parapet::query
