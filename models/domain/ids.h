// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/id.h"

namespace parapet {

using WorkspaceId = Id<struct WorkspaceTag>;
using PrincipalId = Id<struct PrincipalTag>; ///< a person, service or AI agent
using SessionId = Id<struct SessionTag>;
using LeaseId = Id<struct LeaseTag>;
using SnapshotId = Id<struct SnapshotTag>;
using OperationId = Id<struct OperationTag>;

} // namespace parapet
