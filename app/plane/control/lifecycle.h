// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/broker/broker.h"
#include "app/plane/control/store.h"
#include "app/plane/recording/recorder.h"
#include "app/plane/runtime/runtimehost.h"

#include <QtCore/QObject>
#include <QtCore/QThreadPool>

namespace parapet::plane {

/// The life of workspaces: what the plane intends, what the runtime shows, and the row that follows from both. A row's state
/// changes only with an observation. Simulated workspaces have no runtime: theirs is their row.
class Lifecycle
{
public:
    struct Options {
        QString homes;          ///< folder of the workspaces' homes
        QString evidence;       ///< folder of the snapshots
        QString recordings;     ///< folder of the terminals' recordings
        QByteArray authority;   ///< PEM: what the sandboxes trust
        RuntimeHost::Options host;
    };

    Lifecycle(Store &store, Broker &broker, Options options);
    ~Lifecycle();

    /// At start: corrects rows of what no longer runs, takes interrupted snapshots again, and starts, one after the other in the
    /// background, the workspaces that are meant to run and that nobody cut, froze or ended.
    /// Without `run` nothing is started.
    void begin(bool run);
    /// Ends every sandbox. No callback comes afterwards.
    void end();

    // What runs, from the kernel. From any thread but the store's.
    Capability capability(const QString &verb) const { return m_host->capability(verb); }
    RuntimeState stateOf(const WorkspaceId &id) const;
    Result<QVector<Process>> processesOf(const WorkspaceId &id) const;
    Result<QVector<Flow>> flowsOf(const WorkspaceId &id) const;
    RuntimeHost &host() { return *m_host; }
    bool isSimulated(const WorkspaceId &id) const;

    /// Begins to preserve a real workspace. The row becomes complete, or says why not, in a later unit.
    Status takeSnapshot(const WorkspaceId &id, const SnapshotId &snapshot);
    QString archiveOf(const SnapshotId &id) const { return RuntimeHost::archivePath(m_options.evidence, id); }
    QString manifestOf(const SnapshotId &id) const { return RuntimeHost::manifestPath(m_options.evidence, id); }

    /// A session is over: so is what is recorded of it. Any thread.
    void sessionEnded(const WorkspaceId &id, const PrincipalId &actor);

    /// Places the credentials that a running workspace holds now. Any thread.
    void refreshSecrets(const WorkspaceId &id);

    // In a unit.
    /// Brings the row in line with what was seen. Gives the row as it is then.
    Workspace observe(Unit &unit, Workspace row, const RuntimeState &seen);
    /// Ends sessions and leases of a workspace, for `reason`.
    void endCredentials(Unit &unit, const WorkspaceId &id, const QString &reason, const AuditEvent &by);

    /// Reads the runtime again soon and brings the row in line. Any thread.
    void recheck(const WorkspaceId &id);
    /// The same after what was asked of the kernel has had time to show.
    void recheckSoon(const WorkspaceId &id);
    /// The same for all that run: called every few seconds while someone watches.
    void observeRunning();

private:
    bool makeLaunch(Unit &unit, const Workspace &row, Launch &launch);
    void giveCredentials(Unit &unit, const Workspace &row);
    QVector<SandboxSecret> secretsOf(const WorkspaceId &id);
    void start(const WorkspaceId &id);
    void onEvent(const RuntimeEvent &event);
    void onExited(const WorkspaceId &id, bool asked);
    bool mayRecord(const WorkspaceId &id, qint64 &missed);

    Store &m_store;
    Broker &m_broker;
    Options m_options;
    std::unique_ptr<Recorder> m_recorder; ///< before the host, whose terminals it records to the last
    std::unique_ptr<RuntimeHost> m_host;
    QObject m_context;       ///< for timers, on the thread that made this
    QThreadPool m_pool;      ///< starts and re-reads, one after the other
    std::atomic<bool> m_ending = false;
    std::mutex m_rateLock;
    struct Rate { Instant since{}; qint64 events = 0; qint64 missed = 0; };
    QHash<QString, Rate> m_rates;
};

} // namespace parapet::plane
