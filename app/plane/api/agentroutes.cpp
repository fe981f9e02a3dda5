// SPDX-License-Identifier: GPL-3.0-or-later
// What runs, and the hands that freeze, isolate, preserve and end it.
#include "app/plane/api/api.h"

#include "app/plane/api/params.h"
#include "app/plane/world/simulated.h"
#include "models/crypto/digest.h"
#include "models/wire/runtimestate.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>

namespace parapet::plane {

using namespace Qt::StringLiterals;

namespace {

struct AgentVerb {
    const char *name;
    const char *action;
    const char *right;
    Result<RuntimeState> (*act)(RuntimeHost &, const WorkspaceId &);
    void (*simulate)(Workspace &);
    void (*intend)(Intent &);   ///< what it means for later starts
};

const AgentVerb agentVerbs[] = {
    {"freeze", "workspace.freeze", "runtime:freeze", [](RuntimeHost &host, const WorkspaceId &id) { return host.setFrozen(id, true); },
     [](Workspace &row) { row.state = WorkspaceState::Frozen; }, [](Intent &intent) { intent.held = true; }},
    {"thaw", "workspace.thaw", "runtime:freeze", [](RuntimeHost &host, const WorkspaceId &id) { return host.setFrozen(id, false); },
     [](Workspace &row) { row.state = WorkspaceState::Running; }, nullptr},
    {"isolate", "workspace.isolate", "runtime:isolate", [](RuntimeHost &host, const WorkspaceId &id) { return host.setIsolated(id, true); },
     [](Workspace &row) { row.isolated = true; }, [](Intent &intent) { intent.held = true; }},
    {"rejoin", "workspace.rejoin", "runtime:isolate", [](RuntimeHost &host, const WorkspaceId &id) { return host.setIsolated(id, false); },
     [](Workspace &row) { row.isolated = false; }, nullptr},
    {"pause-agent", "agent.pause", "runtime:pause", [](RuntimeHost &host, const WorkspaceId &id) { return host.setAgentPaused(id, true); },
     [](Workspace &row) { row.agentPaused = true; }, nullptr},
    {"resume-agent", "agent.resume", "runtime:pause", [](RuntimeHost &host, const WorkspaceId &id) { return host.setAgentPaused(id, false); },
     [](Workspace &row) { row.agentPaused = false; }, nullptr},
    {"terminate", "workspace.terminate", "runtime:terminate", [](RuntimeHost &host, const WorkspaceId &id) { return host.terminate(id); },
     [](Workspace &row) { row.state = WorkspaceState::Stopped; }, [](Intent &intent) { intent.held = true; }},
};

bool agentAlive(const Workspace &row)
{
    return row.state != WorkspaceState::Stopped && row.state != WorkspaceState::Revoked;
}

/// Repeating the call makes the same snapshot: its name comes from who asked and with which key.
SnapshotId agentSnapshotId(const Call &call, const Change &change)
{
    return SnapshotId(u"snap-"_s + crypto::sha256Hex(call.caller.id.value.toUtf8() + '\n' + change.idempotencyKey.toUtf8()).left(20));
}

Answer agentAnswer(const RuntimeState &state)
{
    Answer answer;
    wire::appendJson(answer.body, state);
    return answer;
}

} // namespace

RuntimeState Api::simulatedNow(Unit &unit, const WorkspaceId &id)
{
    return simulatedState(*unit.find<Workspace>(id.value), unit.now());
}

void Api::addAgentRoutes()
{
    const State &state = m_parts.store.state();
    Endpoint capabilities{"GET", u"/v1/capabilities"_s, Interface::Agent, u"capability.list"_s, u"runtime:read"_s};
    capabilities.read = [this](const Call &) -> Result<Answer> {
        QVector<wire::VerbCapability> all;
        for (const QString &verb : RuntimeHost::verbs())
            all.append({verb, m_parts.lifecycle.capability(verb)});
        Answer answer;
        wire::appendCapabilities(answer.body, all);
        return answer;
    };
    add(capabilities);

    const auto exists = [&state](const QString &id) {
        const std::shared_lock guard(state.lock);
        return bool(state.workspaces.find(id));
    };
    const auto read = [&](const QString &what, const QString &action, std::function<Result<QByteArray>(const WorkspaceId &)> get) {
        Endpoint route{"GET", u"/v1/workspaces/{id}/"_s + what, Interface::Agent, action, u"runtime:read"_s, Subject::Workspace};
        route.slowRead = [exists, get](const Call &call) -> Result<Answer> {
            if (!exists(call.argument()))
                return noSuch("There is no workspace “%1”.", call.argument());
            Result<QByteArray> body = get(WorkspaceId(call.argument()));
            if (!body)
                return fail(body.error());
            Answer answer;
            answer.body = std::move(*body);
            return answer;
        };
        add(route);
    };
    read(u"state"_s, u"runtime.read"_s, [this](const WorkspaceId &id) -> Result<QByteArray> {
        QByteArray out;
        wire::appendJson(out, m_parts.lifecycle.stateOf(id));
        return out;
    });
    read(u"processes"_s, u"process.list"_s, [this](const WorkspaceId &id) -> Result<QByteArray> {
        const auto processes = m_parts.lifecycle.processesOf(id);
        if (!processes)
            return fail(processes.error());
        QByteArray out;
        wire::appendItems(out, *processes);
        return out;
    });
    read(u"flows"_s, u"flow.list"_s, [this](const WorkspaceId &id) -> Result<QByteArray> {
        const auto flows = m_parts.lifecycle.flowsOf(id);
        if (!flows)
            return fail(flows.error());
        QByteArray out;
        wire::appendItems(out, *flows);
        return out;
    });
    for (const AgentVerb &verb : agentVerbs) {
        Endpoint route{"POST", u"/v1/workspaces/{id}/"_s + QLatin1String(verb.name), Interface::Agent, QLatin1String(verb.action),
                    QLatin1String(verb.right), Subject::Workspace};
        route.act = [this, &verb](const CallPtr &call, const Change &change) -> std::function<Result<Answer>(Unit &)> {
            const WorkspaceId id(call->argument());
            const bool simulated = m_parts.lifecycle.isSimulated(id);
            Result<RuntimeState> seen = simulated ? Result<RuntimeState>(RuntimeState()) : verb.act(m_parts.lifecycle.host(), id);
            // Ending what has ended is done; the other verbs need something that runs.
            if (!seen && seen.error().code == Error::Code::NotFound && QByteArray(verb.name) == "terminate")
                seen = m_parts.lifecycle.stateOf(id);
            return [this, &verb, call, change, id, simulated, seen](Unit &unit) -> Result<Answer> {
                auto row = unit.find<Workspace>(id.value);
                if (!row)
                    return noSuch("There is no workspace “%1”.", id.value);
                if (!seen)
                    return fail(seen.error());
                return concludeVerb(unit, *call, change, *row, simulated ? verb.simulate : nullptr, verb.intend, *seen);
            };
        };
        add(route);
    }
    addSnapshotRoutes();
}

Result<Answer> Api::concludeVerb(Unit &unit, const Call &call, const Change &change, Workspace row, void (*simulate)(Workspace &),
                                 void (*intend)(Intent &), RuntimeState seen)
{
    const bool terminates = call.route->right == "runtime:terminate"_L1;
    if (simulate) {
        if (!agentAlive(row) && !terminates)
            return fail(Error::Code::Conflict, QCoreApplication::translate("api", "The workspace does not run."));
        if (agentAlive(row)) {
            simulate(row);
            seen = simulatedState(row, unit.now());
        } else {
            seen = simulatedState(row, unit.now());
        }
    }
    AuditEvent event = call.event();
    event.action = call.route->action;
    event.target = Untrusted(row.id.value);
    event.workspace = row.id;
    event.reason = Untrusted(change.reason);
    event.detail = Untrusted(change.operation.value);
    unit.record(event);
    Intent intent = unit.intent(row.id.value);
    const bool heldBefore = intent.held;
    if (intend)
        intend(intent);
    else if (seen.exists && !seen.frozen && !seen.isolated && !intent.revoking)
        intent.held = false;
    if (intent.held != heldBefore)
        unit.put(intent);
    if (seen.exists || (row.state != WorkspaceState::Revoked && unit.find<Workspace>(row.id.value)->state != WorkspaceState::Stopped))
        m_parts.lifecycle.observe(unit, *unit.find<Workspace>(row.id.value), seen);
    // What was asked of the kernel shows a moment later; the row follows what is seen then.
    if (!simulate && seen.exists)
        unit.afterCommit([this, id = row.id] { m_parts.lifecycle.recheckSoon(id); });
    return agentAnswer(seen);
}

void Api::addSnapshotRoutes()
{
    const State &state = m_parts.store.state();
    Endpoint take{"POST", u"/v1/workspaces/{id}/snapshots"_s, Interface::Agent, u"snapshot.create"_s, u"runtime:snapshot"_s, Subject::Workspace};
    take.act = [this](const CallPtr &call, const Change &change) -> std::function<Result<Answer>(Unit &)> {
        const WorkspaceId id(call->argument());
        const SnapshotId snapshot = agentSnapshotId(*call, change);
        const bool simulated = m_parts.lifecycle.isSimulated(id);
        const Status begun = simulated ? Status() : m_parts.lifecycle.takeSnapshot(id, snapshot);
        return [call, change, id, snapshot, simulated, begun](Unit &unit) -> Result<Answer> {
            if (!unit.find<Workspace>(id.value))
                return noSuch("There is no workspace “%1”.", id.value);
            if (!begun)
                return fail(begun.error());
            AuditEvent event = call->event();
            event.action = call->route->action;
            event.target = Untrusted(snapshot.value);
            event.workspace = id;
            event.reason = Untrusted(change.reason);
            event.detail = Untrusted(change.operation.value);
            unit.record(event);
            // It may be complete already: then that stands.
            auto row = unit.find<Snapshot>(snapshot.value);
            if (!row) {
                row = Snapshot();
                row->id = snapshot;
                row->workspace = id;
                row->taken = unit.now();
                if (simulated)
                    row = simulatedEvidence(id, snapshot, unit.now()).snapshot;
                unit.put(*row);
            }
            return answerOf(*row);
        };
    };
    add(take);

    const auto find = [&state](const QString &id) {
        const std::shared_lock guard(state.lock);
        return state.snapshots.find(id);
    };
    Endpoint one{"GET", u"/v1/snapshots/{id}"_s, Interface::Agent, u"snapshot.read"_s, u"evidence:read"_s, Subject::Snapshot};
    one.read = [find](const Call &call) -> Result<Answer> {
        const RowPtr<Snapshot> row = find(call.argument());
        if (!row)
            return noSuch("There is no snapshot “%1”.", call.argument());
        return answerOf(row->value());
    };
    add(one);

    for (const char *part : {"manifest", "archive"}) {
        const bool archive = QByteArray(part) == "archive";
        Endpoint route{"GET", u"/v1/snapshots/{id}/"_s + QLatin1String(part), Interface::Agent, u"snapshot."_s + QLatin1String(part), u"evidence:read"_s,
                    Subject::Snapshot};
        route.produce = [this, find, archive](const Call &call) -> Result<std::pair<server::Producer, qint64>> {
            const RowPtr<Snapshot> row = find(call.argument());
            if (!row)
                return noSuch("There is no snapshot “%1”.", call.argument());
            if (!row->value().complete)
                return fail(Error::Code::Conflict, QCoreApplication::translate("api", "The snapshot is not complete."));
            if (m_parts.lifecycle.isSimulated(row->value().workspace)) {
                const SimulatedEvidence evidence = simulatedEvidence(row->value().workspace, row->value().id, row->value().taken);
                const QByteArray bytes = archive ? evidence.archive : evidence.manifest;
                return std::pair<server::Producer, qint64>([bytes](QByteArray &chunk) {
                    chunk = bytes;
                    return server::Produced::End;
                }, bytes.size());
            }
            auto file = std::make_shared<QFile>(archive ? m_parts.lifecycle.archiveOf(row->value().id) : m_parts.lifecycle.manifestOf(row->value().id));
            if (!file->open(QIODevice::ReadOnly))
                return fail(Error::Code::NotFound, QCoreApplication::translate("api", "The file of this snapshot is gone."), file->errorString());
            const qint64 size = file->size();
            return std::pair<server::Producer, qint64>([file](QByteArray &chunk) {
                chunk = file->read(256 << 10);
                if (file->error() != QFileDevice::NoError)
                    return server::Produced::Failed;
                return file->atEnd() ? server::Produced::End : server::Produced::More;
            }, size);
        };
        add(route);
    }
}

} // namespace parapet::plane
