// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"

#include <QtCore/QMetaType>
#include <QtCore/QStringView>

#include <chrono>

namespace parapet {

/// A moment in UTC, milliseconds since the Unix epoch. The epoch itself means "not known".
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;
using Milliseconds = std::chrono::milliseconds;

constexpr bool isKnown(Instant at) { return at != Instant{}; }

/// RFC 3339, UTC, always with three fractional digits: 2026-03-17T13:41:31.250Z. Empty for an unknown instant.
QString toRfc3339(Instant at);

/// Reads RFC 3339 with any offset and zero to nine fractional digits (cut to milliseconds).
Result<Instant> fromRfc3339(QStringView text);

/// Where time comes from. Injected, so that tests move it.
class Clock
{
public:
    virtual ~Clock() = default;
    virtual Instant now() const = 0;

    /// The machine's wall clock.
    static const Clock &system();
};

} // namespace parapet

Q_DECLARE_METATYPE(parapet::Instant)
