// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"

#include <QtCore/QByteArray>
#include <QtCore/QPair>
#include <QtCore/QString>
#include <QtCore/QVector>

#include <atomic>
#include <memory>
#include <vector>

struct archive;
struct stat;

namespace parapet::plane {

/// Writes the evidence of one workspace: FOLDER/ID.tar and FOLDER/ID.manifest, both durable and in place when finish()
/// returns, or neither. The archive is a POSIX pax tar (pax(1)); its first entries are what the host saw
/// (".parapet/NAME"), then the home as "home/PATH", folder by folder in byte order.
///
/// The manifest is JSON lines in RFC 8785 form, one an entry, sorted by path: {"mode","path","sha256","size"}. `mode`
/// is octal with the file type ("100644", "40755", "120777", "10644" for a FIFO, "140755" for a socket); `size` and
/// `sha256` are of a file's content or a link's target, else 0 and "". Names are bytes: those that are not UTF-8,
/// control characters and "%" are written as %XX.
///
/// The home is hostile: links are recorded, never followed; devices, FIFOs and sockets are never opened; another
/// file system mounted in it is recorded as a folder and not entered.
class SnapshotWriter
{
public:
    struct Limits {
        qint64 files = 200'000;
        qint64 bytes = qint64(8) << 30;
    };
    struct Written {
        qint64 files = 0;      ///< entries of the manifest
        qint64 bytes = 0;      ///< of the archive
        QString archiveSha256; ///< lower-case hex
        QString manifestSha256;
    };

    /// Writing stops with Cancelled once `cancelled` is true.
    SnapshotWriter(QByteArray archivePath, QByteArray manifestPath, Limits limits, const std::atomic<bool> &cancelled);
    /// Removes what was begun and not finished.
    ~SnapshotWriter();
    SnapshotWriter(const SnapshotWriter &) = delete;
    SnapshotWriter &operator=(const SnapshotWriter &) = delete;

    Status open();
    /// A statement of the host as entry ".parapet/NAME".
    Status addStatement(const QByteArray &name, const QByteArray &content);
    Status addHome(const QByteArray &home);
    Result<Written> finish();

private:
    class Sink;
    struct Line {
        QByteArray path;
        QByteArray text;
    };
    struct Place;
    Status addFolder(int parent, const Place &place, int depth);
    Status addEntry(int folder, const QByteArray &name, const Place &parent, int depth);
    Status addFile(int folder, const QByteArray &name, const QByteArray &path, const struct stat &info);
    Status addLink(int folder, const QByteArray &name, const QByteArray &path, const struct stat &info);
    Status writeHeader(const QByteArray &path, const struct stat &info, const QByteArray &linkTarget = {});
    Status note(const QByteArray &path, unsigned mode, qint64 size, const QByteArray &sha256);
    Failure failure(const char *what, const QByteArray &path = {}) const;

    const QByteArray m_archivePath;
    const QByteArray m_manifestPath;
    const Limits m_limits;
    const std::atomic<bool> &m_cancelled;
    std::unique_ptr<Sink> m_sink;
    archive *m_archive = nullptr;
    std::vector<Line> m_lines;
    qint64 m_bytes = 0;
};

} // namespace parapet::plane
