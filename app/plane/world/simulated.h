// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/process.h"
#include "models/domain/snapshot.h"
#include "models/ports/runtime.h"

namespace parapet::plane {

/// The runtime of a simulated workspace: nothing runs, its row is its truth. Everything is made from its identifier, so that
/// it is the same each time it is read, and says simulated where it can.
RuntimeState simulatedState(const Workspace &row, Instant now);
QVector<Process> simulatedProcesses(const Workspace &row);
QVector<Flow> simulatedFlows(const Workspace &row);

/// A real, small archive (POSIX ustar) with one file that says what it is, and its manifest.
struct SimulatedEvidence {
    QByteArray archive;
    QByteArray manifest;
    Snapshot snapshot;   ///< complete, with the digests of both
};
SimulatedEvidence simulatedEvidence(const WorkspaceId &workspace, const SnapshotId &id, Instant taken);

} // namespace parapet::plane
