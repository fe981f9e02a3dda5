// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/capability.h"
#include "models/core/reply.h"
#include "models/domain/self.h"
#include "models/domain/session.h"
#include "models/domain/workspace.h"
#include "models/ports/change.h"
#include "models/ports/page.h"
#include "models/ports/watch.h"

namespace parapet {

/// People, workspaces and sessions as the platform administers them. (A draft until a second system passes its suite.)
///
/// Order: replies arrive in any order. Paging: totals are exact or say "at least". Idempotency: see Change. Errors: Error::Code,
/// NotFound for an unknown identifier, Conflict for a stale ifMatch. Threads: called and answered on one thread, never blocking.
class ControlPlane
{
public:
    virtual ~ControlPlane() = default;

    /// Who the system takes us for, what we may do there, and until when we are accepted.
    virtual Reply<Self> whoAmI() = 0;

    virtual Reply<Page<Workspace>> workspaces(const PageRequest &request) = 0;
    virtual Reply<Workspace> workspace(const WorkspaceId &id) = 0;
    /// Exact counts of the workspaces that match `filter`, by the values of one enumeration or text field.
    virtual Reply<QVector<Bucket>> countWorkspaces(const QString &filter, const QString &byField) = 0;

    /// Forbids further starts and marks the workspace revoked once its runtime no longer observes it.
    virtual Reply<Workspace> revokeWorkspace(const WorkspaceId &id, const Change &change) = 0;
    /// A polite stop: the owner may start it again.
    virtual Reply<Workspace> stopWorkspace(const WorkspaceId &id, const Change &change) = 0;

    virtual Reply<QVector<Session>> sessions(const WorkspaceId &id) = 0;
    virtual Reply<Session> session(const SessionId &id) = 0;
    virtual Reply<Session> endSession(const SessionId &id, const Change &change) = 0;

    /// The principals that touch a workspace: its owner, those with sessions, its agents.
    virtual Reply<QVector<Principal>> principals(const WorkspaceId &id) = 0;
    virtual Reply<Principal> suspendPrincipal(const PrincipalId &id, bool suspended, const Change &change) = 0;

    /// All changes from now on, or from `since` (a ChangeEvent::sequence).
    virtual std::unique_ptr<Watch> watch(const QString &since = {}) = 0;
};

} // namespace parapet
