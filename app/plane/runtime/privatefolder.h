// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/runtime/filedescriptor.h"
#include "app/plane/runtime/launch.h"
#include "models/core/result.h"

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayList>

#include <sys/types.h>

namespace parapet::plane {

/// A folder of this plane that only its user can enter, locked as long as the plane lives: by the lock a plane that was
/// killed is told from one that runs.
struct PrivateFolder {
    QByteArray path;
    FileDescriptor lock;
    QByteArrayList abandoned; ///< ids of planes of this user that died and left folders, which are removed now
};

/// Makes it in memory (/dev/shm) where there is such a place, else below `stateFolder`. What dead planes left is
/// removed: it may hold secrets. Conflict when a living plane has the same id.
Result<PrivateFolder> makePrivateFolder(const QString &planeId, const QString &stateFolder);

/// Makes `path` with its parents, mode 0700.
Status makeFolder(const QByteArray &path);
/// Gives everything in `path` to `user`, without following links.
void giveTo(const QByteArray &path, uid_t user);
void removeTree(const QByteArray &path);

/// Writes a file in one step (a new one takes the old one's name).
Status placeFile(const QByteArray &path, const QByteArray &content, mode_t mode, uid_t user);

/// Writes the work scripts into `folder`.
Status placeScripts(const QByteArray &folder);

/// Fills the folder that a sandbox sees as /run/parapet: made-up account files, secrets, authority, custom scripts.
Status fillSandboxFolder(const Launch &launch, uid_t user, const QByteArray &folder);

/// True for [A-Za-z0-9._-]{1,64} that is neither "." nor "..".
bool isSecretName(const QString &name);

} // namespace parapet::plane
