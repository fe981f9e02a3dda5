// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/world/simulated.h"

#include "models/core/json.h"
#include "models/crypto/digest.h"

#include <cstdio>

namespace parapet::plane {

using namespace Qt::StringLiterals;

namespace {

/// FNV-1a: the same in every build and run, which qHash does not promise.
quint64 simulatedHash(QStringView text, quint64 salt)
{
    quint64 hash = 14695981039346656037ull ^ salt;
    for (const QChar c : text)
        hash = (hash ^ c.unicode()) * 1099511628211ull;
    return hash ^ (hash >> 29);
}

bool simulatedAlive(const Workspace &row)
{
    return row.state != WorkspaceState::Stopped && row.state != WorkspaceState::Revoked;
}

qint64 simulatedPid(const Workspace &row)
{
    return 100000 + qint64(simulatedHash(row.id.value, 1) % 4000000);
}

struct SimulatedCommand {
    const char *command;
    ActorKind kind;
    double cpu;
    int megabytes;
};

constexpr SimulatedCommand simulatedCommands[] = {
    {"code-server --bind-addr 127.0.0.1:8080", ActorKind::Human, 2.1, 412}, {"node gateway/dev.js", ActorKind::Human, 6.8, 184},
    {"bash", ActorKind::Human, 0.0, 6}, {"gopls serve", ActorKind::Human, 1.2, 301}, {"agentd --task", ActorKind::Agent, 11.4, 266},
    {"python3 tools/read.py", ActorKind::Agent, 0.4, 38},
};

QByteArray simulatedTar(const QByteArray &name, const QByteArray &content, Instant at)
{
    QByteArray header(512, '\0');
    const auto put = [&header](qsizetype offset, const QByteArray &text) { header.replace(offset, text.size(), text); };
    const auto octal = [](qint64 number, int digits) { return QByteArray::number(number, 8).rightJustified(digits, '0'); };
    put(0, name);
    put(100, octal(0644, 7));
    put(108, octal(0, 7));
    put(116, octal(0, 7));
    put(124, octal(content.size(), 11));
    put(136, octal(at.time_since_epoch().count() / 1000, 11));
    put(148, "        ");
    put(156, "0");
    put(257, QByteArray("ustar\0" "00", 8));
    qint64 sum = 0;
    for (const char c : std::as_const(header))
        sum += uchar(c);
    put(148, octal(sum, 6) + QByteArray("\0 ", 2));
    QByteArray archive = header + content;
    archive.append((512 - content.size() % 512) % 512, '\0');
    archive.append(1024, '\0');
    return archive;
}

} // namespace

RuntimeState simulatedState(const Workspace &row, Instant now)
{
    RuntimeState state;
    state.workspace = row.id;
    state.simulated = true;
    state.at = now;
    state.host = row.host;
    state.bootId = u"simulated"_s;
    state.exists = simulatedAlive(row);
    if (!state.exists)
        return state;
    state.processes = simulatedProcesses(row).size();
    state.rootPid = simulatedPid(row);
    state.rootStartTicks = row.started.time_since_epoch().count() / 10;
    state.frozen = row.state == WorkspaceState::Frozen;
    state.agentPaused = row.agentPaused;
    state.isolated = row.isolated;
    state.networkPresent = true;
    state.openFlows = row.isolated ? 0 : simulatedFlows(row).size();
    return state;
}

QVector<Process> simulatedProcesses(const Workspace &row)
{
    QVector<Process> processes;
    if (!simulatedAlive(row))
        return processes;
    qint64 pid = 1;
    for (const SimulatedCommand &command : simulatedCommands) {
        if (command.kind == ActorKind::Agent && row.agents == 0)
            continue;
        Process process;
        process.parent = pid == 1 ? 0 : 1;
        process.pid = pid;
        process.hostPid = simulatedPid(row) + pid - 1;
        process.startTicks = row.started.time_since_epoch().count() / 10 + pid;
        process.actorKind = command.kind;
        process.actor = command.kind == ActorKind::Human ? row.owner : PrincipalId();
        process.command = Untrusted(QLatin1String(command.command));
        const bool still = row.state == WorkspaceState::Frozen || (row.agentPaused && command.kind == ActorKind::Agent);
        process.cpu = still ? 0 : command.cpu;
        process.memory = qint64(command.megabytes) << 20;
        process.started = row.started;
        processes.append(process);
        pid += 7 + qint64(simulatedHash(row.id.value, quint64(pid)) % 300);
    }
    return processes;
}

QVector<Flow> simulatedFlows(const Workspace &row)
{
    QVector<Flow> flows;
    if (!simulatedAlive(row))
        return flows;
    const auto add = [&](const QString &host, qint64 port, qint64 up, qint64 down) {
        Flow flow;
        flow.id = u"%1-%2"_s.arg(row.id.value).arg(flows.size() + 1);
        flow.host = Untrusted(host);
        flow.port = port;
        flow.intended = true;
        flow.open = !row.isolated;
        flow.bytesUp = up;
        flow.bytesDown = down;
        flow.opened = row.started;
        flow.closed = row.isolated ? row.observed : Instant{};
        flows.append(flow);
    };
    add(u"git.meridian.internal"_s, 443, 18'400'000, 2'100'000);
    if (row.leases > 1)
        add(u"registry-eu.svc"_s, 443, 220'000, 41'000'000);
    return flows;
}

SimulatedEvidence simulatedEvidence(const WorkspaceId &workspace, const SnapshotId &id, Instant taken)
{
    SimulatedEvidence evidence;
    const QByteArray content = "This workspace is simulated: nothing runs behind it, so there is nothing to preserve.\nworkspace: "
        + workspace.value.toUtf8() + "\nsnapshot: " + id.value.toUtf8() + '\n';
    evidence.archive = simulatedTar("SIMULATED", content, taken);
    evidence.manifest = canonicalJson(QJsonObject{{u"path"_s, u"SIMULATED"_s}, {u"size"_s, content.size()},
                                                  {u"sha256"_s, crypto::sha256Hex(content)}, {u"mode"_s, u"100644"_s}}) + '\n';
    evidence.snapshot = {id, workspace, true, 1, evidence.archive.size(), crypto::sha256Hex(evidence.archive),
                         crypto::sha256Hex(evidence.manifest), taken, {}};
    return evidence;
}

} // namespace parapet::plane
