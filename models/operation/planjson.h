// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/operation/plan.h"

namespace parapet::operation {

/// A probe as it stands in plans and journals. Labels are written inert.
QJsonObject probeToJson(const Probe &probe);
Result<Probe> probeFromJson(const QJsonObject &json);

} // namespace parapet::operation
