// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/auditevent.h"
#include "models/formats/product.h"

#include <QtCore/QByteArray>

namespace parapet::formats {

/// An event in the Common Event Format, version 0 ("ArcSight Common Event Format", rev. 25): one line, without a syslog head.
/// Signature identifier and name are the action; severity 3, 6 (denied) or 7 (failed); values within the lengths of its dictionary.
QByteArray toCef(const AuditEvent &event, const Product &product);

/// A field of the head: '\' and '|' get a backslash; line breaks and other control characters become spaces.
QByteArray cefHeader(const QString &text, qsizetype most);
/// A value of the extension: '\' and '=' get a backslash, line breaks become \n and \r, other control characters become visible.
QByteArray cefValue(const QString &text, qsizetype most);

} // namespace parapet::formats
