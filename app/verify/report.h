// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/verify.h"

namespace parapet::verify {

/// A report for a terminal: what was stated, then each finding with why; every text from the certificate inert.
QString reportAsText(const evidence::Report &report);

/// One JSON object on one line: file, readable, holds, keySha256, findings[{id, state, text, why[]}], and what it
/// states.
QString reportAsJson(const QString &file, const evidence::Report &report);

/// The same shape for what could not be read: readable and holds are false, error says why.
QString unreadableAsJson(const QString &file, const Error &error);

} // namespace parapet::verify
