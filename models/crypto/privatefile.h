// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayView>
#include <QtCore/QString>

namespace parapet::crypto {

/// Writes `bytes` whole or not at all: a new file of mode 0600 beside `path`, fsynced, renamed over it, folder fsynced.
Status writePrivateFile(const QString &path, QByteArrayView bytes);

/// Reads a file of at most 1 MiB that holds a secret. NotFound when there is none; Forbidden when others than its owner
/// can read or write it, with a message that says how to change that.
Result<QByteArray> readPrivateFile(const QString &path);

} // namespace parapet::crypto
