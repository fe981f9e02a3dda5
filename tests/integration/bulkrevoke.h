// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/verify.h"
#include "tests/integration/planedesk.h"
#include "tests/support/planeprocess.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QMap>
#include <QtCore/QProcess>

#include <csignal>

namespace parapet::support {

/// A bulk of workspaces that is to be revoked, some of which really run, and what must hold afterwards whatever was killed.
class BulkRevoke
{
public:
    /// What a workspace was before anything was asked for.
    struct Member {
        Workspace workspace;
        RuntimeState runtime; ///< of a real one
        QVector<Session> sessions;
        QVector<Lease> leases;
    };

    /// Waits until `real` really running and `simulated` simulated workspaces with sessions and leases are there, and takes them.
    Status choose(PlaneDesk &desk, int real, int simulated)
    {
        const bool there = waitUntil([&] {
            members.clear();
            PageRequest request;
            request.limit = 500;
            const auto page = await(desk.system().control->workspaces(request));
            if (!page)
                return false;
            int wanted[2] = {real, simulated};
            for (const Workspace &workspace : page->items) {
                if (workspace.state == WorkspaceState::Running && workspace.sessions > 0 && workspace.leases > 0 && wanted[workspace.simulated]-- > 0)
                    members.append({workspace, {}, {}, {}});
            }
            return members.size() == real + simulated;
        }, 60'000);
        if (!there)
            return fail(Error::Code::NotFound, QStringLiteral("Not enough workspaces run."));
        for (Member &member : members) {
            const auto runtime = await(desk.system().runtime->state(member.workspace.id));
            const auto sessions = await(desk.system().control->sessions(member.workspace.id));
            const auto leases = await(desk.system().broker->leases(member.workspace.id));
            if (!runtime || !sessions || !leases)
                return fail(!runtime ? runtime.error() : !sessions ? sessions.error() : leases.error());
            member.runtime = *runtime;
            for (const Session &session : *sessions) {
                if (session.state == SessionState::Open)
                    member.sessions.append(session);
            }
            for (const Lease &lease : *leases) {
                if (lease.state == LeaseState::Active)
                    member.leases.append(lease);
            }
        }
        return {};
    }

    QVector<WorkspaceId> ids() const
    {
        QVector<WorkspaceId> ids;
        for (const Member &member : members)
            ids.append(member.workspace.id);
        return ids;
    }

    /// First processes of really running members that the kernel still has.
    QVector<qint64> alive() const
    {
        QVector<qint64> pids;
        for (const Member &member : members) {
            if (!member.workspace.simulated && ::kill(pid_t(member.runtime.rootPid), 0) == 0)
                pids.append(member.runtime.rootPid);
        }
        return pids;
    }

    /// Empty when each member is revoked, and each thing that was done to it was done once: one intention, one snapshot, one end
    /// of each session and of each lease. Else what is wrong.
    QStringList doneOnce(PlaneDesk &desk) const
    {
        QStringList wrong;
        for (const Member &member : members) {
            const WorkspaceId &id = member.workspace.id;
            const auto now = await(desk.system().control->workspace(id));
            if (!now || now->state != WorkspaceState::Revoked || now->sessions != 0 || now->leases != 0)
                wrong.append(id.value + QStringLiteral(" is not revoked"));
            const auto events = eventsOf(desk, QStringLiteral("workspace:") + id.value);
            if (!events) {
                wrong.append(events.error().message);
                continue;
            }
            QMap<QString, int> count;
            QSet<QString> snapshots; // asking again under the same key is an event of its own, about the first snapshot
            for (const AuditEvent &event : *events) {
                if (event.outcome != Outcome::Success)
                    continue;
                ++count[event.origin + QLatin1Char('/') + event.action + QLatin1Char('/') + event.target.inert()];
                if (event.action == QLatin1String("snapshot.create") && event.target.inert().startsWith(QLatin1String("snap-")))
                    snapshots.insert(event.target.inert());
            }
            const auto once = [&](const QString &what) {
                if (count.value(what) != 1)
                    wrong.append(QStringLiteral("%1: %2 is in the log %3 times").arg(id.value, what).arg(count.value(what)));
            };
            once(QStringLiteral("console/workspace.revoke/") + id.value);
            if (snapshots.size() != 1)
                wrong.append(QStringLiteral("%1: %2 snapshots").arg(id.value).arg(snapshots.size()));
            for (const QString &snapshot : std::as_const(snapshots)) {
                if (!member.workspace.simulated)
                    once(QStringLiteral("agent/snapshot.complete/") + snapshot);
            }
            const auto onceAnywhere = [&](const QString &action, const QString &target) {
                int times = 0;
                for (auto at = count.cbegin(); at != count.cend(); ++at)
                    times += at.key().endsWith(QLatin1Char('/') + action + QLatin1Char('/') + target) ? at.value() : 0;
                if (times != 1)
                    wrong.append(QStringLiteral("%1: %2 of %3 is in the log %4 times").arg(id.value, action, target).arg(times));
            };
            for (const Session &session : member.sessions)
                onceAnywhere(QStringLiteral("session.end"), session.id.value);
            for (const Lease &lease : member.leases)
                onceAnywhere(QStringLiteral("lease.revoke"), lease.id.value);
        }
        return wrong;
    }

    /// Empty when the log holds each index, and of each source each sequence number, without a gap. Else what is missing.
    static QStringList logIsWhole(PlaneDesk &desk)
    {
        const auto head = await(desk.system().audit->head());
        if (!head)
            return {head.error().message};
        const auto events = eventsOf(desk, {});
        if (!events)
            return {events.error().message};
        QMap<qint64, const AuditEvent *> byIndex;
        for (const AuditEvent &event : *events)
            byIndex.insert(event.index, &event);
        QStringList wrong;
        QMap<QString, qint64> last;
        qint64 expected = 0;
        for (const AuditEvent *event : std::as_const(byIndex)) {
            if (event->index != expected++)
                wrong.append(QStringLiteral("index %1 is missing before %2").arg(expected - 1).arg(event->index));
            const auto before = last.constFind(event->origin);
            if (before != last.cend() && event->originSequence != *before + 1)
                wrong.append(QStringLiteral("%1 goes from %2 to %3").arg(event->origin).arg(*before).arg(event->originSequence));
            last[event->origin] = event->originSequence;
            if (wrong.size() > 5)
                return wrong;
        }
        if (expected < head->size)
            wrong.append(QStringLiteral("the log holds %1 events, %2 were found").arg(head->size).arg(expected));
        return wrong;
    }

    static Result<QVector<AuditEvent>> eventsOf(PlaneDesk &desk, const QString &filter)
    {
        QVector<AuditEvent> all;
        PageRequest request;
        request.limit = 500;
        request.query.filter = filter;
        while (true) {
            auto page = await(desk.system().audit->events(request));
            if (!page)
                return fail(page.error());
            all += page->items;
            if (page->next.isEmpty())
                return all;
            request.after = page->next;
        }
    }

    QVector<Member> members;
};

/// Exit code of parapet-verify for a certificate, checked against the plane's authority.
inline int verifyByProgram(const QString &certificate, const QString &caPath, QByteArray *output = nullptr)
{
    QProcess verify;
    verify.setProcessChannelMode(QProcess::MergedChannels);
    verify.start(QStringLiteral(PARAPET_BINARY_DIR "/bin/parapet-verify"), {QStringLiteral("--ca"), caPath, certificate});
    if (!verify.waitForFinished(patience))
        return -1;
    if (output)
        *output = verify.readAll();
    return verify.exitStatus() == QProcess::NormalExit ? verify.exitCode() : -1;
}

} // namespace parapet::support
