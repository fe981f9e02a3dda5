// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/reply.h"

#include <QtCore/QByteArray>

namespace parapet::pages {

/// Writes the bytes to `path` and their SHA-256 to `path`.sha256, as sha256sum writes and checks it; on a thread of the pool. Each file
/// appears only when it is whole. The answer is the digest, in hex. Error Storage says which file and why.
Reply<QString> writeCast(const QString &path, const QByteArray &bytes);

/// A file name made of an identifier: letters, digits, '-', '_' and '.' of it.
QString safeCastName(const QString &id);

} // namespace parapet::pages
