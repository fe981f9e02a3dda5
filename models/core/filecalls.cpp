// SPDX-License-Identifier: GPL-3.0-or-later
// The system calls of AppendFile, as they are on POSIX systems.
#include "models/core/appendfile.h"

#include <QtCore/QFile>
#include <QtCore/QFileInfo>

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace parapet {

namespace {

int syncForGood(int fd)
{
#ifdef Q_OS_MACOS
    return ::fcntl(fd, F_FULLFSYNC); // fsync leaves the data in the drive's cache there
#else
    return ::fsync(fd);
#endif
}

} // namespace

int FileCalls::open(const char *path, int flags, int mode)
{
    return ::open(path, flags, mode);
}

qint64 FileCalls::write(int fd, const char *data, qint64 size)
{
    return ::write(fd, data, size_t(size));
}

int FileCalls::fsync(int fd)
{
    return syncForGood(fd);
}

int FileCalls::ftruncate(int fd, qint64 size)
{
    return ::ftruncate(fd, off_t(size));
}

int FileCalls::close(int fd)
{
    return ::close(fd);
}

int FileCalls::syncFolder(const char *path)
{
    const QByteArray folder = QFile::encodeName(QFileInfo(QFile::decodeName(path)).absolutePath());
    const int fd = ::open(folder.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    const int result = ::fsync(fd);
    const int error = errno;
    ::close(fd);
    errno = error;
    return result;
}

FileCalls &FileCalls::system()
{
    static FileCalls calls;
    return calls;
}

} // namespace parapet
