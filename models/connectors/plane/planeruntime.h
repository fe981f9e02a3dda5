// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connectors/plane/planecalls.h"
#include "models/ports/runtime.h"
#include "models/transport/httpclient.h"

#include <QtCore/QHash>
#include <QtCore/QSet>

namespace parapet::planeconnector {

/// The runtime agent of a Parapet plane, over HTTPS. `client` outlives it.
class PlaneRuntime final : public Runtime
{
public:
    PlaneRuntime(transport::HttpClient &client, QUrl base) : m_client(client), m_base(std::move(base)) {}

    /// Asks the agent what it can do; until it has answered, every capability is absent and says so.
    Reply<bool> learnCapabilities();

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

private:
    Reply<RuntimeState> act(const QString &verb, const WorkspaceId &id, const Change &change);

    transport::HttpClient &m_client;
    QUrl m_base;
    /// Shared with the decoder of learnCapabilities(), which may outlive this.
    std::shared_ptr<std::optional<QHash<QString, Capability>>> m_capabilities =
        std::make_shared<std::optional<QHash<QString, Capability>>>();
    /// Snapshots whose files are small enough to come with other answers, from snapshot() until they were asked for.
    std::shared_ptr<QSet<QString>> m_small = std::make_shared<QSet<QString>>();
};

} // namespace parapet::planeconnector
