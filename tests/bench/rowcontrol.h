// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/ports/controlplane.h"

namespace parapet::bench {

/// A control plane in process with any number of workspaces that it makes up when they are asked for. Answers at once; only lists.
class RowControl : public ControlPlane
{
public:
    explicit RowControl(qint64 rows, Instant now = Clock::system().now()) : m_rows(rows), m_now(now) {}

    static Workspace workspaceAt(qint64 row, Instant now)
    {
        static const std::array<const char *, 6> teams{"payments", "identity", "risk", "ledger", "mobile", "data"};
        Workspace workspace;
        workspace.id = WorkspaceId(QStringLiteral("ws-%1").arg(row));
        workspace.name = Untrusted(QStringLiteral("ws-%1-%2").arg(QLatin1String(teams[size_t(row % 6)])).arg(row, 8, 16, QLatin1Char('0')));
        workspace.state = WorkspaceState(row % 5);
        workspace.owner = PrincipalId(QStringLiteral("p-%1").arg(row % 60));
        workspace.ownerName = Untrusted(QStringLiteral("Person %1").arg(row % 60));
        workspace.team = QLatin1String(teams[size_t(row % 6)]);
        workspace.project = QStringLiteral("project-%1").arg(row % 40);
        workspace.image = QStringLiteral("registry.example/dev:%1").arg(row % 9);
        workspace.imageDigest = QStringLiteral("sha256:%1").arg(quint64(row) * 0x9E3779B97F4A7C15u, 64, 16, QLatin1Char('0'));
        workspace.imageSigned = row % 17 != 0;
        workspace.imageBuilt = now - std::chrono::hours(24 * (row % 90));
        workspace.sessions = row % 4;
        workspace.leases = row % 5;
        workspace.productionLeases = row % 2;
        workspace.people = row % 3;
        workspace.agents = row % 2;
        workspace.created = now - std::chrono::hours(row % 5000);
        workspace.started = now - std::chrono::minutes(row % 900);
        workspace.runtime = RuntimeStatus::Observed;
        workspace.observed = now;
        workspace.region = QStringLiteral("eu-central");
        workspace.host = QStringLiteral("node-%1").arg(row % 30);
        workspace.simulated = true;
        workspace.version = 1;
        return workspace;
    }

    Reply<Page<Workspace>> workspaces(const PageRequest &request) override
    {
        Page<Workspace> page;
        page.total = Count::exactly(m_rows);
        const qint64 from = std::max<qint64>(0, request.at);
        for (qint64 row = from; row < std::min(m_rows, from + request.limit); ++row)
            page.items << workspaceAt(row, m_now);
        page.asOf = m_now;
        return ready<Page<Workspace>>(std::move(page));
    }
    Reply<QVector<Bucket>> countWorkspaces(const QString &, const QString &) override { return ready<QVector<Bucket>>(QVector<Bucket>()); }
    Reply<Self> whoAmI() override { return none<Self>(); }
    Reply<Workspace> workspace(const WorkspaceId &) override { return none<Workspace>(); }
    Reply<Workspace> revokeWorkspace(const WorkspaceId &, const Change &) override { return none<Workspace>(); }
    Reply<Workspace> stopWorkspace(const WorkspaceId &, const Change &) override { return none<Workspace>(); }
    Reply<QVector<Session>> sessions(const WorkspaceId &) override { return none<QVector<Session>>(); }
    Reply<Session> session(const SessionId &) override { return none<Session>(); }
    Reply<Session> endSession(const SessionId &, const Change &) override { return none<Session>(); }
    Reply<QVector<Principal>> principals(const WorkspaceId &) override { return none<QVector<Principal>>(); }
    Reply<Principal> suspendPrincipal(const PrincipalId &, bool, const Change &) override { return none<Principal>(); }
    std::unique_ptr<Watch> watch(const QString &) override { return nullptr; }

private:
    template<class T>
    static Reply<T> none()
    {
        return ready<T>(fail(Error::Code::NotFound, QStringLiteral("Not here.")));
    }

    qint64 m_rows;
    Instant m_now;
};

} // namespace parapet::bench
