// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connectors/plane/planecalls.h"
#include "models/ports/controlplane.h"
#include "models/transport/httpclient.h"

namespace parapet::planeconnector {

/// The control plane of a Parapet plane, over HTTPS. `client` and what `watches` captures outlive it.
class PlaneControl final : public ControlPlane
{
public:
    using MakeWatch = std::function<std::unique_ptr<Watch>(const QString &since)>;

    PlaneControl(transport::HttpClient &client, QUrl base, MakeWatch watches)
        : m_client(client), m_base(std::move(base)), m_watches(std::move(watches))
    {
    }

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

private:
    transport::HttpClient &m_client;
    QUrl m_base;
    MakeWatch m_watches;
};

} // namespace parapet::planeconnector
