// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/instant.h"

namespace parapet::support {

/// A clock that stands still until the test moves it. Starts at 2026-03-17T13:41:31Z.
class FakeClock final : public Clock
{
public:
    FakeClock() = default;
    explicit FakeClock(Instant start) : m_now(start) {}

    Instant now() const override { return m_now; }
    void set(Instant at) { m_now = at; }
    void advance(Milliseconds by) { m_now += by; }

private:
    Instant m_now{std::chrono::seconds{1773754891}};
};

} // namespace parapet::support
