// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/instant.h"

#include <QtCore/QRandomGenerator>

#include <algorithm>

namespace parapet::transport {

/// How long to wait before another attempt: doubling from `first` to `most`, each somewhere between half and the whole,
/// so that many consoles do not come back at one moment ("equal jitter").
class Backoff
{
public:
    explicit Backoff(Milliseconds first = Milliseconds(500), Milliseconds most = Milliseconds(30'000))
        : m_first(first), m_most(most)
    {
    }

    Milliseconds next()
    {
        const Milliseconds whole = std::min(m_most, m_first * (1 << std::min(m_attempts, 16)));
        ++m_attempts;
        const qint64 half = whole.count() / 2;
        return Milliseconds(half + QRandomGenerator::global()->bounded(qint64(half + 1)));
    }
    int attempts() const { return m_attempts; }
    void reset() { m_attempts = 0; }

private:
    Milliseconds m_first;
    Milliseconds m_most;
    int m_attempts = 0;
};

} // namespace parapet::transport
