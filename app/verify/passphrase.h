// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"

#include <QtCore/QByteArray>

namespace parapet::verify {

/// Asks on the controlling terminal, without showing what is typed. Invalid where there is no terminal; Cancelled when nothing was given.
/// The caller wipes it.
Result<QByteArray> askPassphrase(const QString &file);

} // namespace parapet::verify
