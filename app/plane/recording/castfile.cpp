// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/recording/castfile.h"

#include <QtCore/QFile>

#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>

namespace parapet::plane {

namespace {

Failure castFailure(int error)
{
    return fail(Error::Code::Storage, qt_error_string(error));
}

/// Where the last whole line ends; 0 where there is none.
qint64 castWholeLines(int file, qint64 size)
{
    std::array<char, 65536> bytes;
    while (size > 0) {
        const qint64 from = std::max<qint64>(0, size - qint64(bytes.size()));
        const ssize_t got = ::pread(file, bytes.data(), size_t(size - from), from);
        if (got != size - from)
            return 0;
        const qsizetype end = QByteArrayView(bytes.data(), got).lastIndexOf('\n');
        if (end >= 0)
            return from + end + 1;
        size = from;
    }
    return 0;
}

} // namespace

Result<std::unique_ptr<CastFile>> CastFile::create(const QString &path)
{
    auto cast = std::make_unique<CastFile>();
    cast->m_file.reset(::open(QFile::encodeName(path).constData(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!cast->m_file)
        return castFailure(errno);
    return cast;
}

Status CastFile::append(QByteArrayView lines)
{
    qsizetype done = 0;
    while (done < lines.size()) {
        const ssize_t put = ::pwrite(m_file.get(), lines.data() + done, size_t(lines.size() - done), m_size + done);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0) {
            const int why = put < 0 ? errno : ENOSPC;
            [[maybe_unused]] const int cut = ::ftruncate(m_file.get(), m_size);
            return castFailure(why);
        }
        done += put;
    }
    m_digest.add(lines);
    m_size += lines.size();
    return {};
}

Result<QString> CastFile::finish()
{
    const QString digest = QString::fromLatin1(m_digest.result().toHex());
    if (::fsync(m_file.get()) != 0)
        return castFailure(errno);
    m_file.reset();
    return digest;
}

Result<CastRemains> mendCast(const QString &path)
{
    const FileDescriptor file(::open(QFile::encodeName(path).constData(), O_RDWR | O_NOFOLLOW | O_CLOEXEC));
    struct stat info {};
    if (!file || ::fstat(file.get(), &info) != 0)
        return castFailure(errno);
    CastRemains remains;
    remains.bytes = castWholeLines(file.get(), info.st_size);
    if (remains.bytes != info.st_size && ::ftruncate(file.get(), remains.bytes) != 0)
        return castFailure(errno);
    if (::fsync(file.get()) != 0)
        return castFailure(errno);
    crypto::Sha256 digest;
    QByteArray last; // the last line as far as it has been read; its time stands at its beginning
    std::array<char, 65536> bytes;
    for (qint64 at = 0; at < remains.bytes;) {
        const ssize_t got = ::pread(file.get(), bytes.data(), bytes.size(), at);
        if (got <= 0)
            return castFailure(got < 0 ? errno : EIO);
        const QByteArrayView piece(bytes.data(), got);
        digest.add(piece);
        at += got;
        const QByteArrayView complete = at == remains.bytes ? piece.chopped(1) : piece;
        const qsizetype begin = complete.lastIndexOf('\n');
        if (begin >= 0)
            last = complete.sliced(begin + 1).first(std::min<qsizetype>(64, complete.size() - begin - 1)).toByteArray();
        else if (last.size() < 64)
            last += complete.first(std::min<qsizetype>(64, complete.size()));
    }
    remains.sha256 = QString::fromLatin1(digest.result().toHex());
    if (last.startsWith('['))
        remains.duration = qint64(last.mid(1, last.indexOf(',') - 1).toDouble() * 1000);
    return remains;
}

} // namespace parapet::plane
