// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/principal.h"

namespace parapet {

enum class Outcome { Success, Denied, Failure };
template<>
struct EnumNames<Outcome> {
    static constexpr std::array names{"success", "denied", "failure"};
};

/// Who did what, when, from where, to what, and how it ended. Its index in the log is its leaf index (RFC 6962).
struct AuditEvent {
    qint64 index = -1;
    Instant time{};
    PrincipalId actor;
    Untrusted actorName;
    ActorKind actorKind = ActorKind::Service;
    QString action;        ///< "workspace.isolate", "lease.revoke", "session.start", "tool.call"
    Untrusted target;      ///< the thing acted on, by identifier where it has one
    WorkspaceId workspace; ///< the workspace that it concerns, if any
    Outcome outcome = Outcome::Success;
    Untrusted reason;
    Untrusted detail;
    QString source; ///< network address, or "local"
    QString requestId;
    SessionId session;
    QString origin;            ///< who reported it: "control", "agent", "broker", "console"
    qint64 originSequence = 0; ///< gapless per origin
};
template<>
std::span<const Field<AuditEvent>> fieldsOf<AuditEvent>();

/// True for actions that only look: their last part is "read", "list", "count" or "watch". They are logged like all others, and
/// left out where a person wants to see what was done.
bool isReadAction(QStringView action);
/// The filter (models/query) that leaves those out.
QString withoutReads();

} // namespace parapet
