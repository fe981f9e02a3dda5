// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/response/runtimeactions.h"

namespace parapet::response {

/// Records in the audit log what is about to be done, with the digests of the evidence. Outputs: "event", "log".
class LogAction final : public PortAction
{
public:
    using PortAction::PortAction;
    Reply<Observation> observe(const Step &step, const Context &context) override;
    Reply<QJsonObject> request(const Step &step, const Context &context, const Change &change) override;
};

/// Ends every open session of the workspace, those that began after the plan was made included.
class EndSessionsAction final : public PortAction
{
public:
    using PortAction::PortAction;
    Reply<Observation> observe(const Step &step, const Context &context) override;
    Reply<QJsonObject> request(const Step &step, const Context &context, const Change &change) override;

private:
    QHash<QString, QVector<SessionId>> m_open;  ///< by step: what the last look saw
    QHash<QString, QVector<SessionId>> m_asked; ///< by step: what the last request was about
};

/// Revokes every active lease of the workspace, those issued after the plan was made included.
class RevokeLeasesAction final : public PortAction
{
public:
    using PortAction::PortAction;
    Reply<Observation> observe(const Step &step, const Context &context) override;
    Reply<QJsonObject> request(const Step &step, const Context &context, const Change &change) override;

private:
    QHash<QString, QVector<LeaseId>> m_active; ///< by step: what the last look saw
    QHash<QString, QVector<LeaseId>> m_asked;  ///< by step: what the last request was about
};

/// Suspends a principal's identity, or reinstates it.
class SuspendAction final : public PortAction
{
public:
    SuspendAction(const System &system, bool suspended) : PortAction(system), m_suspended(suspended) {}
    Reply<Observation> observe(const Step &step, const Context &context) override;
    Reply<QJsonObject> request(const Step &step, const Context &context, const Change &change) override;

private:
    bool m_suspended;
};

/// Moves the workspace to a final state in the control plane: revoked, or politely stopped.
class StateAction final : public PortAction
{
public:
    StateAction(const System &system, WorkspaceState state) : PortAction(system), m_state(state) {}
    Reply<Observation> observe(const Step &step, const Context &context) override;
    Reply<QJsonObject> request(const Step &step, const Context &context, const Change &change) override;

private:
    WorkspaceState m_state;
};

} // namespace parapet::response
