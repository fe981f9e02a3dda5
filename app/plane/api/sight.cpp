// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/api/sight.h"

#include "app/plane/control/authority.h"

namespace parapet::plane {

using namespace Qt::StringLiterals;

namespace {

/// The right that a read of such an object asks for.
struct SightRight {
    const char *kind;
    QString right;
};

const std::array<SightRight, 6> &sightRights()
{
    static const std::array<SightRight, 6> rights{{{"workspace", u"workspace:read"_s},
                                                   {"session", u"session:read"_s},
                                                   {"lease", u"lease:read"_s},
                                                   {"principal", u"principal:read"_s},
                                                   {"snapshot", u"evidence:read"_s},
                                                   {"event", u"audit:read"_s}}};
    return rights;
}

} // namespace

CallerSight::CallerSight(const State &state, const Clock &clock, PrincipalId caller, Instant acceptedUntil)
    : m_state(state), m_clock(clock), m_caller(std::move(caller)), m_acceptedUntil(acceptedUntil)
{
}

ChangeFilter::Sight CallerSight::look()
{
    const std::shared_lock guard(m_state.lock);
    const RowPtr<Principal> caller = m_state.principals.find(m_caller.value);
    if (!caller || caller->value().suspended || m_acceptedUntil < m_clock.now())
        return Sight::Nothing;
    if (m_authority != m_state.authority) {
        m_authority = m_state.authority;
        m_everything = std::all_of(sightRights().begin(), sightRights().end(),
                                   [this](const SightRight &each) { return m_authority->allows(m_caller, each.right); });
    }
    return m_everything ? Sight::Everything : Sight::Some;
}

bool CallerSight::shows(const StoredChange &change)
{
    const auto needed = std::find_if(sightRights().begin(), sightRights().end(),
                                     [&](const SightRight &each) { return qstrcmp(each.kind, change.kind) == 0; });
    if (needed == sightRights().end())
        return false;
    const std::shared_lock guard(m_state.lock);
    if (change.workspace.isEmpty()) {
        const bool itself = qstrcmp(change.kind, "principal") == 0 && change.id == m_caller.value;
        return itself || m_state.authority->allows(m_caller, needed->right);
    }
    const RowPtr<Workspace> row = m_state.workspaces.find(change.workspace);
    return m_state.authority->allows(m_caller, needed->right, row ? &row->value() : nullptr);
}

} // namespace parapet::plane
