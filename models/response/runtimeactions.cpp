// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/response/runtimeactions.h"

#include "models/response/asking.h"
#include "models/response/words.h"

namespace parapet::response {

using namespace Qt::StringLiterals;

namespace {

Failure noRuntime()
{
    return fail(Error::Code::Invalid, words("This connection has no runtime agent. Connect to one, then make a new plan."));
}

QString switchSeen(SwitchAction::Switch what, bool on, const RuntimeState &state)
{
    if (!state.exists && !state.networkPresent)
        return words("Nothing of it runs");
    switch (what) {
    case SwitchAction::Switch::Frozen: return (on ? words("Processes frozen: %1") : words("Processes that run: %1")).arg(state.processes);
    case SwitchAction::Switch::Isolated: return on ? words("Open connections: %1, egress set to deny all").arg(state.openFlows) : words("Egress follows the policy again");
    case SwitchAction::Switch::AgentPaused: return on ? words("The AI agent's processes stand still") : words("The AI agent's processes run");
    }
    return {};
}

} // namespace

Result<Observation> SwitchAction::read(const RuntimeState &state) const
{
    const bool now = m_what == Switch::Frozen ? state.frozen : m_what == Switch::Isolated ? state.isolated : state.agentPaused;
    Observation seen;
    seen.by = agentOf(state);
    seen.done = now == m_on;
    if (!state.exists) {
        // What does not run has no network to cut and nothing to let go on; it cannot be frozen.
        const bool needsLife = m_on && m_what != Switch::Isolated;
        if (needsLife)
            return fail(Error::Code::Conflict, words("Nothing of this workspace runs any more."));
        seen.done = seen.done || !m_on || !state.networkPresent;
    }
    if (seen.done)
        seen.seen = switchSeen(m_what, m_on, state);
    if (m_what == Switch::Isolated)
        seen.outputs = QJsonObject{{u"openFlows"_s, state.openFlows}};
    return seen;
}

Reply<Observation> SwitchAction::observe(const Step &step, const Context &)
{
    if (!m_system.runtime)
        return ready<Observation>(noRuntime());
    return derived(context(), m_system.runtime->state(step.workspace), [this](const RuntimeState &state) { return read(state); });
}

Reply<QJsonObject> SwitchAction::request(const Step &step, const Context &, const Change &change)
{
    if (!m_system.runtime)
        return ready<QJsonObject>(noRuntime());
    Runtime &runtime = *m_system.runtime;
    const auto asked = m_what == Switch::Frozen     ? runtime.setFrozen(step.workspace, m_on, change)
                       : m_what == Switch::Isolated ? runtime.setIsolated(step.workspace, m_on, change)
                                                    : runtime.setAgentPaused(step.workspace, m_on, change);
    return derived(context(), asked, [](const RuntimeState &) -> Result<QJsonObject> { return QJsonObject(); });
}

Reply<Observation> SnapshotAction::observe(const Step &, const Context &context)
{
    if (!m_system.runtime)
        return ready<Observation>(noRuntime());
    const QString id = context.answer.value(u"snapshot"_s).toString();
    if (id.isEmpty())
        return ready<Observation>(Observation{});
    return derived(this->context(), m_system.runtime->snapshot(SnapshotId(id)), [](const Snapshot &snapshot) -> Result<Observation> {
        if (!snapshot.failure.isEmpty())
            return fail(Error::Code::Server, words("The snapshot did not succeed: %1. Try again, or skip evidence with a reason.")
                                                 .arg(Untrusted(snapshot.failure).inert(200)));
        Observation seen;
        seen.done = snapshot.complete;
        seen.by = words("agent");
        if (!seen.done)
            return seen;
        seen.seen = words("%1 · %2 MB, files: %3").arg(snapshot.id.value).arg(double(snapshot.bytes) / 1e6, 0, 'f', 2).arg(snapshot.files)
            + u'\n' + words("Manifest SHA-256 %1").arg(snapshot.manifestSha256.left(16) + u'…');
        seen.outputs = QJsonObject{{u"snapshot"_s, snapshot.id.value}, {u"archiveSha256"_s, snapshot.archiveSha256},
                                   {u"manifestSha256"_s, snapshot.manifestSha256}, {u"files"_s, snapshot.files}, {u"bytes"_s, snapshot.bytes}};
        return seen;
    });
}

Reply<QJsonObject> SnapshotAction::request(const Step &step, const Context &, const Change &change)
{
    if (!m_system.runtime)
        return ready<QJsonObject>(noRuntime());
    return derived(context(), m_system.runtime->takeSnapshot(step.workspace, change),
                   [](const Snapshot &snapshot) -> Result<QJsonObject> { return QJsonObject{{u"snapshot"_s, snapshot.id.value}}; });
}

Observation TerminateAction::read(const Step &step, bool requested, const QString &asked, const RuntimeState &state)
{
    Observation seen;
    seen.by = agentOf(state);
    seen.done = !state.exists && state.processes == 0;
    if (!seen.done) {
        if (!requested)
            m_tree.insert(step.id, treeOf(state));
        return seen;
    }
    m_tree.remove(step.id);
    const QString planned = step.parameters.value(u"tree"_s).toString();
    const int processes = step.parameters.value(u"processes"_s).toInt();
    seen.seen = processes > 0 ? words("Processes gone: %1").arg(processes) : words("No process left");
    if (!planned.isEmpty())
        seen.seen += words(", pid %1 gone from the kernel").arg(planned.section(u'@', 0, 0));
    if (!state.networkPresent)
        seen.seen += u'\n' + words("Network namespace removed");
    seen.outputs = QJsonObject{{u"tree"_s, asked.isEmpty() ? planned : asked}, {u"processes"_s, processes}};
    if (!asked.isEmpty() && asked != planned) {
        // It was started again after the plan was made: that tree must be proven gone as well.
        seen.found.append(Probe{ProbeKind::ProcessTree, step.workspace, asked, Untrusted(words("pid %1").arg(asked.section(u'@', 0, 0))), words("gone"), {}});
    }
    return seen;
}

Reply<Observation> TerminateAction::observe(const Step &step, const Context &context)
{
    if (!m_system.runtime)
        return ready<Observation>(noRuntime());
    const Step what = step;
    const bool requested = context.requested;
    const QString asked = context.answer.value(u"tree"_s).toString();
    const Reply<RuntimeState> state = m_system.runtime->state(step.workspace);
    const auto readIt = [this, what, requested, asked](const RuntimeState &runtime) { return read(what, requested, asked, runtime); };
    if (requested || step.targetIdentity.isEmpty() || !m_system.control)
        return derived(this->context(), state, [readIt](const RuntimeState &runtime) -> Result<Observation> { return readIt(runtime); });
    // Before it destroys: is it still the workspace that the plan was made for?
    auto promise = std::make_shared<QPromise<Result<Observation>>>();
    promise->start();
    const Reply<Workspace> workspace = m_system.control->workspace(step.workspace);
    deliver(this->context(), state, [this, promise, workspace, readIt](const Result<RuntimeState> &runtime) {
        if (!runtime) {
            promise->addResult(Result<Observation>(fail(runtime.error())));
            promise->finish();
            return;
        }
        Observation seen = readIt(*runtime);
        deliver(this->context(), workspace, [promise, seen](const Result<Workspace> &is) mutable {
            if (is)
                seen.identity = identityOf(*is);
            promise->addResult(is ? Result<Observation>(seen) : Result<Observation>(fail(is.error())));
            promise->finish();
        });
    });
    return promise->future();
}

Reply<QJsonObject> TerminateAction::request(const Step &step, const Context &, const Change &change)
{
    if (!m_system.runtime)
        return ready<QJsonObject>(noRuntime());
    const QString tree = m_tree.value(step.id);
    return derived(context(), m_system.runtime->terminate(step.workspace, change),
                   [tree](const RuntimeState &) -> Result<QJsonObject> { return QJsonObject{{u"tree"_s, tree}}; });
}

} // namespace parapet::response
