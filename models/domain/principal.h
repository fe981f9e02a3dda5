// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/fields.h"
#include "models/domain/ids.h"

#include <array>

namespace parapet {

/// Who acts. An AI agent is an actor of its own, never its owner.
enum class ActorKind { Human, Agent, Service };
template<>
struct EnumNames<ActorKind> {
    static constexpr std::array names{"human", "agent", "service"};
};

/// A person, service or AI agent that the control plane knows.
struct Principal {
    PrincipalId id;
    Untrusted name;
    ActorKind kind = ActorKind::Human;
    QString team;
    PrincipalId actsFor; ///< an agent's person; empty otherwise
    bool suspended = false;
    qint64 version = 0;
};
template<>
std::span<const Field<Principal>> fieldsOf<Principal>();

} // namespace parapet
