// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/formats/lineimporter.h"

namespace parapet::formats {

/// Files of Linux auditd. Records of one serial number (and machine) are one event: they are held until the event's end is told
/// (EOE), until a record comes that is two seconds younger (as ausearch does), or until the file ends. The table is in
/// resources/formats/import.md.
std::unique_ptr<LineImporter> makeAuditdImporter();

} // namespace parapet::formats
