// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/formats/lineimporter.h"

namespace parapet::formats {

/// Kubernetes audit log files: one `Event` of audit.k8s.io/v1 a line (kubernetes.io, "Auditing"; kube-apiserver Audit Configuration
/// v1). ResponseComplete and Panic become events; RequestReceived and ResponseStarted are skipped, for the same request is told
/// again when it ends. The table is in resources/formats/import.md.
std::unique_ptr<LineImporter> makeKubernetesImporter();

} // namespace parapet::formats
