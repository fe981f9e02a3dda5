// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/principal.h"

#include <QtCore/QVector>

namespace parapet {

/// What a grant does. A deny beats every allow.
enum class GrantEffect { Allow, Deny };
template<>
struct EnumNames<GrantEffect> {
    static constexpr std::array names{"allow", "deny"};
};

/// One right of a principal and where it holds: roles taken apart, wildcards written out.
struct Grant {
    QString right; ///< "workspace:revoke"
    QString scope; ///< "organisation", "project:NAME" or "workspace:ID"
    GrantEffect effect = GrantEffect::Allow;
    friend bool operator==(const Grant &, const Grant &) = default;
};
template<>
std::span<const Field<Grant>> fieldsOf<Grant>();

/// Whom a control plane takes its caller for, what that one may do there, and for how long it is accepted.
struct Self {
    Principal principal;
    QVector<Grant> rights;    ///< evaluated by models/access; what no grant allows is refused
    Instant acceptedUntil{};  ///< the end of the identity's certificate: no call is answered after it
};

} // namespace parapet
