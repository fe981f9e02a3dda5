// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/instant.h"

#include <QtCore/QByteArray>
#include <QtCore/QStringView>

namespace parapet::wire {

/// Appends to compact JSON text in UTF-8 without an object tree: what the plane answers by the hundred thousand.

/// A string in quotes, escaped by RFC 8259 §7; lone surrogates become U+FFFD, so that the text is always UTF-8.
void appendString(QByteArray &out, QStringView text);
void appendInteger(QByteArray &out, qint64 number);
/// Shortest form that reads back to the same number; infinities and NaN, which JSON lacks, become null.
void appendReal(QByteArray &out, double number);
/// RFC 3339 in UTC with three fractional digits in quotes, or null for an unknown moment or a year beyond 0000–9999.
void appendTime(QByteArray &out, Instant at);
/// `"name":` preceded by a comma unless an object has just been opened.
void appendName(QByteArray &out, const char *name);

} // namespace parapet::wire
