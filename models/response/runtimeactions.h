// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/operation/action.h"
#include "models/ports/system.h"

namespace parapet::response {

using operation::Action;
using operation::Context;
using operation::Observation;
using operation::Step;

/// An action over the ports of one system.
class PortAction : public Action
{
public:
    explicit PortAction(const System &system) : m_system(system) {}

protected:
    QObject *context() { return &m_context; }
    const System m_system;

private:
    QObject m_context; ///< what is still asked for is dropped with the action
};

/// A switch of the runtime: frozen, isolated, agent paused, on or off.
class SwitchAction final : public PortAction
{
public:
    enum class Switch { Frozen, Isolated, AgentPaused };
    SwitchAction(const System &system, Switch what, bool on) : PortAction(system), m_what(what), m_on(on) {}
    Reply<Observation> observe(const Step &step, const Context &context) override;
    Reply<QJsonObject> request(const Step &step, const Context &context, const Change &change) override;

private:
    Result<Observation> read(const RuntimeState &state) const;
    Switch m_what;
    bool m_on;
};

/// Archive and manifest of the workspace's files. Outputs: "snapshot", "archiveSha256", "manifestSha256", "files", "bytes".
class SnapshotAction final : public PortAction
{
public:
    using PortAction::PortAction;
    Reply<Observation> observe(const Step &step, const Context &context) override;
    Reply<QJsonObject> request(const Step &step, const Context &context, const Change &change) override;
};

/// Ends the process tree. Outputs: "tree" ("PID@TICKS" as it was asked for), "processes" (as planned).
class TerminateAction final : public PortAction
{
public:
    using PortAction::PortAction;
    Reply<Observation> observe(const Step &step, const Context &context) override;
    Reply<QJsonObject> request(const Step &step, const Context &context, const Change &change) override;

private:
    Observation read(const Step &step, bool requested, const QString &asked, const RuntimeState &state);
    QHash<QString, QString> m_tree; ///< by step: what the last look before the request saw
};

} // namespace parapet::response
