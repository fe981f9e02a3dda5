// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/auditevent.h"
#include "models/formats/product.h"

#include <QtCore/QByteArray>

namespace parapet::formats {

/// The version of the Open Cybersecurity Schema Framework that toOcsf() writes.
constexpr const char *ocsfVersion = "1.3.0";

/// An event as one OCSF object, compact JSON in one line. Logging in and out is Authentication (3002), everything else is API
/// Activity (6003), with the activity by the last part of the action. What the class has no attribute for stands in "unmapped".
QByteArray toOcsf(const AuditEvent &event, const Product &product);

} // namespace parapet::formats
