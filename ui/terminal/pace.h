// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/formats/asciicast.h"

#include <QtCore/QVector>

#include <optional>

namespace parapet::terminal {

/// How time goes by in a recording: when something is shown next, and which pauses are passed over. Microseconds since its start.
class Pace
{
public:
    Pace() = default;
    explicit Pace(const formats::Asciicast &cast);

    /// A pause longer than that is cut to it; none: pauses are as long as they were.
    void setIdleLimit(std::optional<qint64> limit) { m_limit = limit; }
    std::optional<qint64> idleLimit() const { return m_limit; }

    qint64 duration() const { return m_duration; }
    /// Where it stands when it stood at `from` and `by` went by.
    qint64 advanced(qint64 from, qint64 by) const;
    /// How long until something is shown after `from`; -1: nothing comes any more.
    qint64 untilNext(qint64 from) const;
    /// How many of the things shown have been shown at that moment.
    qsizetype shownAt(qint64 at) const;

private:
    QVector<qint64> m_times; ///< of what changes the screen
    qint64 m_duration = 0;
    std::optional<qint64> m_limit;
};

} // namespace parapet::terminal
