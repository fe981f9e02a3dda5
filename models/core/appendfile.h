// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"

#include <QtCore/QByteArray>
#include <QtCore/QString>
#include <QtCore/QVector>

#include <memory>

namespace parapet {

/// The system calls that an AppendFile makes; real by default, failing in turn in tests/faults.
class FileCalls
{
public:
    virtual ~FileCalls() = default;
    virtual int open(const char *path, int flags, int mode);
    virtual qint64 write(int fd, const char *data, qint64 size);
    virtual int fsync(int fd);
    virtual int ftruncate(int fd, qint64 size);
    virtual int close(int fd);
    /// fsync of the folder that holds `path`, so that a new name survives a crash.
    virtual int syncFolder(const char *path);

    static FileCalls &system();
};

/// An append-only, hash-chained file of records, one durable after each append (resources/formats/append-file.md):
/// an 8-byte magic, then per record: u32 length (little endian), u32 CRC-32C of the payload, 32 bytes
/// chain = SHA-256(previous chain ‖ payload), payload. The first previous chain is SHA-256 of the magic.
/// A torn tail (short, or wrong checksum at the very end) is cut when the file is opened; damage before the end is an error
/// that names the record. One writer (an advisory lock; Conflict when it is held); not thread-safe.
class AppendFile
{
public:
    /// Opens or creates `path` (mode 0600) and reads what it holds into `records`.
    static Result<std::unique_ptr<AppendFile>> open(const QString &path, QVector<QByteArray> *records, FileCalls &calls = FileCalls::system());

    /// Only reads, without a lock and without cutting a torn tail.
    static Result<QVector<QByteArray>> read(const QString &path);

    /// Whether some program holds it open for appending, without taking a lock (fcntl(2), F_OFD_GETLK). False where the file
    /// system cannot tell: then open() does.
    static bool isHeld(const QString &path);

    ~AppendFile();

    /// Durable when it returns. After an error the file holds what it held before, or the append is whole: opening decides.
    /// Further appends are refused until it is opened again.
    Status append(const QByteArray &record);

    /// The longest record: 16 MiB. A longer or an empty one is refused as Invalid and breaks nothing.
    static constexpr qint64 longestRecord = qint64(16) << 20;

    /// How many bytes of a torn tail opening cut off; 0 when the file ended whole.
    qint64 cutBytes() const { return m_cut; }

    /// The chain value after the last record: 32 bytes.
    const QByteArray &head() const { return m_head; }
    QString path() const { return m_path; }

private:
    AppendFile(QString path, int fd, FileCalls &calls);
    Status load(QVector<QByteArray> *records);
    Status writeAll(const QByteArray &bytes);
    Failure failed(const QString &what) const;

    QString m_path;
    int m_fd;
    FileCalls &m_calls;
    QByteArray m_head;
    qint64 m_size = 0;
    qint64 m_cut = 0;
    bool m_broken = false;
};

} // namespace parapet
