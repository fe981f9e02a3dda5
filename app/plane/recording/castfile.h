// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/runtime/filedescriptor.h"
#include "models/core/result.h"
#include "models/crypto/digest.h"

namespace parapet::plane {

/// A file that only grows by whole lines, with the SHA-256 of what was written to it: who alters it behind our back is not
/// believed later.
class CastFile
{
public:
    /// Makes it (0600). Storage where that fails, also when there is one of that name.
    static Result<std::unique_ptr<CastFile>> create(const QString &path);

    /// All of it or nothing: what a full disk took of it is taken back.
    Status append(QByteArrayView lines);
    qint64 size() const { return m_size; }
    /// Makes it durable; its SHA-256, hex. Once.
    Result<QString> finish();

private:
    FileDescriptor m_file;
    crypto::Sha256 m_digest;
    qint64 m_size = 0;
};

/// What a plane that was killed left of a file: cut to its last whole line and made durable.
struct CastRemains {
    qint64 bytes = 0;
    qint64 duration = 0; ///< milliseconds, from its last line
    QString sha256;
};
Result<CastRemains> mendCast(const QString &path);

} // namespace parapet::plane
