// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/control/changefeed.h"

namespace parapet::plane {

/// What one caller may be told of the changes: what a read of the same object would give it now. An event needs audit:read on the
/// organisation, as the log's list does; a principal besides is told of itself, so that it hears when its rights change.
/// A suspended caller, and one whose certificate has ended, is told nothing more.
class CallerSight final : public ChangeFilter
{
public:
    /// `state` and `clock` live longer.
    CallerSight(const State &state, const Clock &clock, PrincipalId caller, Instant acceptedUntil);

    Sight look() override;
    bool shows(const StoredChange &change) override;

private:
    const State &m_state;
    const Clock &m_clock;
    const PrincipalId m_caller;
    const Instant m_acceptedUntil;
    std::shared_ptr<const Authority> m_authority; ///< that m_everything was asked of
    bool m_everything = false;
};

} // namespace parapet::plane
