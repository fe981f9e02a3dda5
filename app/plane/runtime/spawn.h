// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/runtime/sandbox.h"

namespace parapet::plane {

/// Where the programs of a sandbox are.
struct SandboxPrograms {
    QByteArray bwrap;
    QByteArray init;
    QByteArray scripts; ///< folder of the work scripts, /opt/dev/bin in the sandbox
    Cgroup monitors;    ///< where bwrap itself runs; null without cgroups
};

/// The owner of a workspace's files on the host: as root a number of its own that no account has, so that one workspace
/// cannot touch another's; else whoever runs the plane.
uid_t sandboxUser(const WorkspaceId &id);

/// Starts `launch` into `sandbox` (id, home, folder, user, group, gateway set): forks bwrap, which runs init; places
/// each actor's first process into its cgroup; lets it go. Call it on the loop's thread only. At an error everything is
/// killed.
Status spawn(const SandboxPrograms &programs, const Launch &launch, const QByteArray &seccomp, Sandbox &sandbox);

/// Runs an empty sandbox to its end: whether, and if not why, this machine lets us.
Status trySandbox(const SandboxPrograms &programs, const QByteArray &seccomp);

} // namespace parapet::plane
