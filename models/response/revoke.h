// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/reply.h"
#include "models/operation/plan.h"
#include "models/ports/page.h"
#include "models/ports/system.h"

#include <QtCore/QSet>

namespace parapet::response {

/// Which workspaces: those named, or all that match a query except some ("all that match").
struct Targets {
    QVector<WorkspaceId> ids;
    std::optional<Query> matching;   ///< set: `ids` is ignored
    QSet<WorkspaceId> except;

    static Targets one(WorkspaceId id) { return {{std::move(id)}, {}, {}}; }
    static Targets these(QVector<WorkspaceId> ids) { return {std::move(ids), {}, {}}; }
    static Targets all(Query query, QSet<WorkspaceId> except = {}) { return {{}, std::move(query), std::move(except)}; }
};

/// How a plan is made.
struct PlanOptions {
    QString system;              ///< the connection's name, for the certificate
    QString evidenceOverride;    ///< the typed reason to skip evidence; usually set later, in the sheet
    bool suspendAgents = true;   ///< AI agents at work in it lose their identity
    int parallelism = 256;       ///< workspaces asked at once
    const Clock *clock = &Clock::system();
};

/// Asks the ports what there is to revoke and gives the plan, with each target resolved now: per workspace isolate → snapshot →
/// log → terminate → end sessions, revoke leases, suspend AI agents → mark revoked; and the probes that must hold afterwards.
/// A capability that the system lacks leaves its step out and says so in Plan::warnings; without snapshots the plan needs an
/// evidenceOverride before it can start. Errors: the first port's, when a target cannot be resolved; NotFound names it.
/// Cancelling the reply stops asking. Pointers of `system` outlive the reply.
Reply<operation::Plan> planRevoke(const System &system, const Targets &targets, const QString &reason, const PlanOptions &options = {});

/// The plans of one step a workspace, on the same engine. No certificate; what was asked is re-read like everything else.
enum class OneStep { Freeze, Thaw, Isolate, Rejoin, Snapshot, PauseAgent, ResumeAgent, Stop };
Reply<operation::Plan> planOneStep(const System &system, OneStep what, const Targets &targets, const QString &reason,
                                   const PlanOptions &options = {});

/// The verb of a one-step plan, as in ActionSet and Runtime::capability: "freeze", "thaw", …, "stop".
QString verbOf(OneStep what);

} // namespace parapet::response
