// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/untrusted.h"
#include "models/domain/principal.h"

#include <QtCore/QByteArray>
#include <QtCore/QString>
#include <QtCore/QVector>

namespace parapet::plane {

/// Someone who acts in a workspace: a person's session or an AI agent. Each has first-level processes (and, where the
/// machine has them, a cgroup) of its own, so that one can be paused without the other.
struct SandboxActor {
    PrincipalId id;
    ActorKind kind = ActorKind::Human;
    Untrusted name;          ///< for the script's USER_NAME; never interpreted
    QString script;          ///< a work script by name, see workScripts(): "develop", "review", "data", "agent", …
    QStringList arguments;   ///< passed to the script, e.g. {"PAY-2291"}
    QByteArray customScript; ///< instead of `script`: the text of an sh script (tests and drills)
};

/// A file that the sandbox sees read-only as /run/secrets/NAME. Held in memory (tmpfs) on the host where there is one,
/// never in the home, so never in a snapshot.
struct SandboxSecret {
    QString name; ///< [A-Za-z0-9._-], at most 64 characters
    QByteArray content;
};

/// A destination that the egress policy allows, by the name that the workspace uses.
struct EgressRule {
    QString host; ///< "git.meridian.internal", compared without case
    quint16 port = 443;
};

/// Where a fictional name really is: a loopback port of a target service.
struct Route {
    QString host;
    quint16 port = 443;
    quint16 targetPort = 0; ///< on 127.0.0.1
};

/// What limits a sandbox. Those that need a cgroup controller are applied where it is there (capability "limits").
struct SandboxLimits {
    qint64 memoryBytes = qint64(1) << 30; ///< memory.max (controller "memory")
    qint64 processes = 256;               ///< pids.max (controller "pids") and RLIMIT_NPROC
    qint64 fileBytes = qint64(1) << 30;   ///< RLIMIT_FSIZE
};

/// Everything that a workspace needs to run.
struct Launch {
    WorkspaceId workspace;
    QString name;                 ///< host name in the sandbox; cut to what a host name may hold
    QString home;                 ///< folder on this machine, created (0700) when missing; /home/dev in the sandbox
    QVector<SandboxActor> actors; ///< at least one, at most 16
    QVector<EgressRule> egress;   ///< what may be reached; all else is refused and recorded
    QVector<Route> routes;        ///< names → target services; an allowed name without a route cannot be reached
    QVector<SandboxSecret> secrets;
    QByteArray caCertificate;                     ///< PEM; /run/parapet/ca.pem in the sandbox
    QVector<QPair<QString, QString>> environment; ///< more variables for the scripts: PARAPET_REPO, PARAPET_TASK, …
    SandboxLimits limits;
    bool isolated = false;    ///< starts with its network cut
    bool agentPaused = false; ///< starts with its AI agents paused
};

/// The names of the work scripts that the plane brings along.
QStringList workScripts();

} // namespace parapet::plane
