// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/formats/lineimporter.h"
#include "models/storage/database.h"

namespace parapet::plane {

/// How far a file was imported: a row of the table "imports".
struct ImportPlace {
    QString id;             ///< of the row
    QString origin;
    QByteArray first;       ///< SHA-256 of the file's first line, of its first 4,096 bytes at most
    qint64 position = 0;
    QByteArray last;        ///< SHA-256 of the bytes before `position`, 4,096 at most
    qint64 lines = 0;
    QVector<formats::WaitingLine> waiting;
    QString asideName;
    qint64 asideSize = 0;
    QString file;           ///< its name then, for people

    /// The place that was reached in the open file, or a new one at its beginning.
    static Result<ImportPlace> find(storage::Database &database, int file, const QString &origin);
    /// Takes up that the file was read to `reached`.
    Status reach(int file, qint64 reached, qint64 lineCount);
    Status store(storage::Database &database, Instant at) const;
};

} // namespace parapet::plane
