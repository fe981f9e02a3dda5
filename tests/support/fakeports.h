// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/ports/system.h"
#include "tests/support/fakeworld.h"
#include "tests/support/script.h"

namespace parapet::support {

/// A watch that the test drives; FakeWorld::announce() reaches it while it is live.
class FakeWatch final : public Watch
{
    Q_OBJECT

public:
    explicit FakeWatch(FakeWorld &world) : m_world(world), m_lastHeard(world.clock.now()) {}

    State state() const override { return m_state; }
    Instant lastHeard() const override { return m_lastHeard; }
    void reconnectNow() override { ++reconnects; }

    void send(const QVector<ChangeEvent> &events);
    void breakOff(const Error &why);
    void recover(bool withGap = false);

    int reconnects = 0;

private:
    FakeWorld &m_world;
    State m_state = State::Live;
    Instant m_lastHeard;
};

class FakeControlPlane final : public ControlPlane
{
public:
    explicit FakeControlPlane(FakeWorld &world) : m_world(world) {}

    Reply<Self> whoAmI() override;
    Reply<Page<Workspace>> workspaces(const PageRequest &request) override;
    Reply<Workspace> workspace(const WorkspaceId &id) override;
    Reply<QVector<Bucket>> countWorkspaces(const QString &filter, const QString &byField) override;
    Reply<Workspace> revokeWorkspace(const WorkspaceId &id, const Change &change) override;
    Reply<Workspace> stopWorkspace(const WorkspaceId &id, const Change &change) override;
    Reply<QVector<Session>> sessions(const WorkspaceId &id) override;
    Reply<Session> session(const SessionId &id) override;
    Reply<Session> endSession(const SessionId &id, const Change &change) override;
    Reply<QVector<Principal>> principals(const WorkspaceId &id) override;
    Reply<Principal> suspendPrincipal(const PrincipalId &id, bool suspended, const Change &change) override;
    std::unique_ptr<Watch> watch(const QString &since = {}) override;

    Script script;
    /// Decides which workspaces match a filter; by default the filter is a text that the name or identifier contains.
    std::function<bool(const Workspace &, const QString &filter)> matches;

private:
    FakeWorld &m_world;
};

class FakeRuntime final : public Runtime
{
public:
    explicit FakeRuntime(FakeWorld &world) : m_world(world) {}

    Capability capability(const QString &verb) const override;
    Reply<RuntimeState> state(const WorkspaceId &id) override;
    Reply<QVector<Process>> processes(const WorkspaceId &id) override;
    Reply<QVector<Flow>> flows(const WorkspaceId &id) override;
    Reply<RuntimeState> setFrozen(const WorkspaceId &id, bool frozen, const Change &change) override;
    Reply<RuntimeState> setIsolated(const WorkspaceId &id, bool isolated, const Change &change) override;
    Reply<RuntimeState> setAgentPaused(const WorkspaceId &id, bool paused, const Change &change) override;
    Reply<RuntimeState> terminate(const WorkspaceId &id, const Change &change) override;
    Reply<Snapshot> takeSnapshot(const WorkspaceId &id, const Change &change) override;
    Reply<Snapshot> snapshot(const SnapshotId &id) override;
    Reply<QByteArray> manifest(const SnapshotId &id) override;
    Reply<QString> hashArchive(const SnapshotId &id) override;

    Script script;
    QHash<QString, Capability> capabilities; ///< verbs that are not wholly present

private:
    FakeWorld &m_world;
};

class FakeBroker final : public CredentialBroker
{
public:
    explicit FakeBroker(FakeWorld &world) : m_world(world) {}

    Reply<QVector<Lease>> leases(const WorkspaceId &id) override;
    Reply<Lease> lease(const LeaseId &id) override;
    Reply<Lease> revokeLease(const LeaseId &id, const Change &change) override;
    Reply<QVector<HeldSecret>> heldSecrets(const WorkspaceId &id) override;

    Script script;

private:
    FakeWorld &m_world;
};

class FakeAudit final : public AuditStore
{
public:
    explicit FakeAudit(FakeWorld &world) : m_world(world) {}

    Reply<Page<AuditEvent>> events(const PageRequest &request) override;
    Reply<AuditEvent> event(qint64 index) override;
    Reply<AuditEvent> record(const AuditEvent &draft, const Change &change) override;
    Reply<QVector<ActivitySlice>> activity(Instant from, Instant to, Milliseconds slice) override;
    Reply<LogHead> head() override;
    /// Every event, whatever the filter says.
    Reply<QVector<ActivitySlice>> activityOf(const QString &filter, Instant from, Instant to, Milliseconds slice) override;
    Reply<QVector<Bucket>> countEvents(const QString &filter, const QString &byField) override;
    Reply<QByteArray> published(const QString &path) override;
    /// Those of `recorded` whose identifier a filter contains; all where it is empty.
    Reply<Page<Recording>> recordings(const PageRequest &request) override;
    Reply<QByteArray> recordingFile(const QString &id) override;
    Reply<QVector<Cosignature>> cosignatures(int limit) override;
    /// Kept as it came, unchecked.
    Reply<Cosignature> addCosignature(qint64 size, const QString &line, const Change &change) override;

    Script script;
    QVector<Recording> recorded;       ///< newest first
    QHash<QString, QByteArray> files;  ///< by recording
    /// What cosignatures() answers, and addCosignature() adds to.
    QVector<Cosignature> cosigned;
    /// What is published: see provenlog.h. Unset, or no value: NotFound.
    std::function<std::optional<QByteArray>(const QString &path)> publish;
    /// What is answered in place of a stored event.
    std::function<void(AuditEvent &event)> alter;
    /// Decides which events match a filter; by default a text that action or workspace contain.
    std::function<bool(const AuditEvent &, const QString &filter)> matches;

private:
    FakeWorld &m_world;
};

/// Looks at the world: what was revoked, ended or terminated there and is no survivor holds. Rules go by the kind's
/// name and the subject: "lease lease-1-db".
class FakeObserver final : public Observer
{
public:
    explicit FakeObserver(FakeWorld &world) : m_world(world) {}

    bool canTry(ProbeKind kind) const override { return kinds.isEmpty() || kinds.contains(kind); }
    Reply<ProbeResult> attempt(const Probe &probe) override;

    Script script;
    QVector<ProbeKind> kinds;             ///< empty: all
    QHash<QString, ProbeResult> scripted; ///< by "kind subject": instead of looking at the world

private:
    ProbeResult look(const Probe &probe);
    FakeWorld &m_world;
};

/// A whole fake system over one world.
struct FakeSystem {
    FakeWorld world;
    FakeControlPlane control{world};
    FakeRuntime runtime{world};
    FakeBroker broker{world};
    FakeAudit audit{world};
    FakeObserver observer{world};

    explicit FakeSystem(int workspaces = 0);
    FakeSystem(const FakeSystem &) = delete;
    System system() { return {&control, &runtime, &broker, &audit, {&observer}, nullptr}; }
};

} // namespace parapet::support
