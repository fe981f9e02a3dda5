// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/principal.h"

namespace parapet {

enum class WorkspaceState { Starting, Running, Frozen, Stopping, Stopped, Revoked };
template<>
struct EnumNames<WorkspaceState> {
    static constexpr std::array names{"starting", "running", "frozen", "stopping", "stopped", "revoked"};
};

enum class RuntimeStatus { Observed, Silent, None };
template<>
struct EnumNames<RuntimeStatus> {
    static constexpr std::array names{"observed", "silent", "none"};
};

/// One remote development environment as the control plane describes it. What really runs is the Runtime's to say.
struct Workspace {
    WorkspaceId id;
    Untrusted name;
    WorkspaceState state = WorkspaceState::Stopped;
    bool isolated = false; ///< its network is cut
    bool agentPaused = false;
    PrincipalId owner;
    Untrusted ownerName;
    QString team;
    QString project;
    QString image;       ///< repository:tag
    QString imageDigest; ///< "sha256:" and 64 hex digits
    bool imageSigned = false;
    Instant imageBuilt{};
    qint64 sessions = 0; ///< open sessions
    qint64 leases = 0;   ///< active leases
    qint64 productionLeases = 0;
    qint64 people = 0; ///< distinct humans with an open session
    qint64 agents = 0; ///< AI agents at work in it
    Instant created{};
    Instant started{}; ///< of the present run; unknown when stopped
    RuntimeStatus runtime = RuntimeStatus::None;
    Instant observed{}; ///< when its runtime agent last observed it
    QString region;
    QString host;
    bool simulated = false; ///< made by --fleet, nothing runs behind it
    qint64 version = 0;     ///< the ETag: grows with each change
};
template<>
std::span<const Field<Workspace>> fieldsOf<Workspace>();

} // namespace parapet

Q_DECLARE_METATYPE(parapet::WorkspaceState)
