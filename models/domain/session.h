// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/principal.h"

namespace parapet {

enum class SessionState { Open, Ended };
template<>
struct EnumNames<SessionState> {
    static constexpr std::array names{"open", "ended"};
};

/// A person's or an actor's session in a workspace, with its three clocks: idle (30 min), lifetime (8 h), token
/// rotation (24 h, for a source whose sessions last so long).
struct Session {
    SessionId id;
    WorkspaceId workspace;
    PrincipalId actor;
    Untrusted actorName;
    ActorKind actorKind = ActorKind::Human;
    Untrusted client; ///< "VS Code 1.86", as it called itself
    QString source;   ///< network address that it came from
    QString mfa;      ///< "webauthn", "totp", "none"; "workload" for agents
    SessionState state = SessionState::Open;
    Instant started{};
    Instant lastActive{};
    Instant idleEnds{};
    Instant expires{};
    Instant rotates{};
    Instant ended{};
    QString endReason;
    qint64 version = 0;
};
template<>
std::span<const Field<Session>> fieldsOf<Session>();

} // namespace parapet
