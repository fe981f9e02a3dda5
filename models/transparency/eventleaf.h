// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/auditevent.h"

#include <QtCore/QByteArray>

namespace parapet::transparency {

/// The canonical JSON (RFC 8785) of an event: what the local plane's log hashes as its leaf, and what its interface answers. An event that was
/// read from the wire gives the bytes back that it was read from.
QByteArray leafOf(const AuditEvent &event);

} // namespace parapet::transparency
