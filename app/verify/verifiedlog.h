// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/instant.h"
#include "models/crypto/noteverifier.h"

#include <QtCore/QMap>

#include <optional>

namespace parapet::verify {

/// How far a log was verified, so that a later run can go on from there: resources/formats/verified-log.md.
struct VerifiedLog {
    QByteArray note;               ///< the checkpoint, signed by the log
    Instant at{};                  ///< when it was verified
    qint64 position = 0;           ///< all entries before this one were found right; at most the checkpoint's size
    QMap<QString, qint64> origins; ///< the last number of each origin, before `position`

    /// Nothing when there is no such file. Storage when it is damaged or of another log: never taken for "nothing".
    static Result<std::optional<VerifiedLog>> read(const QString &path, const crypto::NoteVerifier &log);
    Status write(const QString &path) const;
};

} // namespace parapet::verify
