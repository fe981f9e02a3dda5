// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/fields.h"
#include "models/domain/ids.h"

namespace parapet {

/// Preserved evidence of a workspace: an archive of its files and a manifest of SHA-256 digests, one a file.
struct Snapshot {
    SnapshotId id;
    WorkspaceId workspace;
    bool complete = false; ///< archive and manifest are durable
    qint64 files = 0;
    qint64 bytes = 0;       ///< of the archive
    QString archiveSha256;  ///< hex
    QString manifestSha256; ///< hex
    Instant taken{};
    QString failure; ///< why it did not complete
};
template<>
std::span<const Field<Snapshot>> fieldsOf<Snapshot>();

} // namespace parapet
