// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/response/revoke.h"

#include <functional>

namespace parapet::response {

/// What the ports say of one workspace now.
struct Surveyed {
    Workspace workspace;
    std::optional<RuntimeState> runtime;
    QVector<Session> sessions;     ///< open ones
    QVector<Lease> leases;         ///< active ones
    QVector<Principal> principals;
};

/// What of it is asked for.
struct SurveyScope {
    bool runtime = true;
    bool sessions = true;
    bool leases = true;
    bool principals = true;
};

/// Everything that a plan is made of.
struct Survey {
    QVector<Surveyed> workspaces; ///< in the order of the targets
    QString logOrigin;            ///< of the audit log; empty when it did not say
};

/// Whether the ports that a system had when this was made are still there.
class PortsAlive
{
public:
    explicit PortsAlive(const System &system) : m_owner(system.owner), m_owned(system.owner) {}
    explicit operator bool() const { return !m_owned || m_owner; }

private:
    QPointer<QObject> m_owner;
    bool m_owned;
};
/// What is said when they are not.
Failure connectionGone();

/// Asks the ports about every target, at most `parallelism` workspaces at once. The first error ends it, and
/// so does the end of the connection: its ports are not touched any more.
Reply<Survey> survey(const System &system, const Targets &targets, const SurveyScope &scope, int parallelism);

} // namespace parapet::response
