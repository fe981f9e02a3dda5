// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/ports/auditstore.h"
#include "models/ports/controlplane.h"
#include "models/ports/credentialbroker.h"
#include "models/ports/runtime.h"
#include "tests/support/fakeclock.h"

#include <QtCore/QMap>
#include <QtCore/QPointer>

namespace parapet::support {

class FakeWatch;

/// One workspace and all that hangs on it.
struct FakeWorkspace {
    Workspace workspace;
    RuntimeState runtime;
    QVector<Session> sessions;
    QVector<Lease> leases;
    QVector<Principal> principals;
    QVector<Process> processes;
    QVector<Flow> flows;
};

/// What the fake ports share: change it, or let the ports change it, and every fake sees the same. In memory only.
class FakeWorld
{
public:
    /// `ws-1` … `ws-N`, running, each with a person's and an AI agent's session, two leases (a database password in
    /// production and a Git token), three processes and one open flow. Identifiers: "ws-1", "sess-1-a", "sess-1-b",
    /// "lease-1-db", "lease-1-git", "person-1", "agent-1"; host pid 1000 × N, start ticks 5000 + N.
    void addWorkspaces(int count);
    FakeWorkspace &add(const Workspace &workspace);
    FakeWorkspace *find(const WorkspaceId &id);
    Session *findSession(const SessionId &id);
    Lease *findLease(const LeaseId &id);
    QVector<Workspace> workspaceList() const;

    /// Counts the workspace's sessions and leases anew, raises its version and tells the watches.
    void touch(const WorkspaceId &id);
    /// Tells every open watch. `object` in wire form.
    void announce(const QString &kind, const QString &id, const QJsonObject &object, bool removed = false);

    FakeClock clock;
    Principal self;             ///< who we are taken for
    QVector<Grant> rights{{QStringLiteral("workspace:read"), QStringLiteral("organisation"), GrantEffect::Allow}}; ///< what we are told that we may do
    Instant acceptedUntil{};    ///< and until when
    QVector<AuditEvent> events; ///< index = position
    QMap<QString, Snapshot> snapshots;
    QMap<QString, QByteArray> manifests; ///< by snapshot
    QMap<QString, QByteArray> archives;  ///< by snapshot
    QSet<QString>
        survivors; ///< subjects (lease, session, "process ws-1", "network ws-1") that outlive their revocation
    bool snapshotsComplete = true; ///< false: takeSnapshot() leaves it incomplete until completeSnapshot()
    void completeSnapshot(const SnapshotId &id);

private:
    friend class FakeWatch;
    friend class FakeControlPlane;
    QMap<QString, FakeWorkspace> m_workspaces;
    QVector<QPointer<QObject>> m_watches;
    qint64 m_sequence = 0;
};

} // namespace parapet::support
