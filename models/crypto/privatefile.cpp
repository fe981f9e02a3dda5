// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/crypto/privatefile.h"

#include "models/core/appendfile.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace parapet::crypto {

namespace {

constexpr qint64 largestPrivateFile = 1 << 20;

struct PrivateFileText {
    Q_DECLARE_TR_FUNCTIONS(PrivateFile)
};

Failure privateFileFailure(Error::Code code, const QString &path, const QString &what, int error = 0)
{
    return fail(code, QStringLiteral(u"%1: %2").arg(path, what), error ? qt_error_string(error) : QString());
}

bool writeWhole(int fd, QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        const ssize_t done = ::write(fd, bytes.data(), size_t(bytes.size()));
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        bytes = bytes.sliced(done);
    }
    return true;
}

} // namespace

Status writePrivateFile(const QString &path, QByteArrayView bytes)
{
    const QByteArray name = QFile::encodeName(path);
    QByteArray fresh = name + '.' + QByteArray(6, 'X'); // as mkostemp wants it
    const int fd = ::mkostemp(fresh.data(), O_CLOEXEC); // mode 0600
    if (fd < 0)
        return privateFileFailure(
            Error::Code::Storage, path,
            PrivateFileText::tr("It cannot be written. Check that its folder exists and that you may write there."),
            errno);
    bool done = writeWhole(fd, bytes) && ::fsync(fd) == 0;
    int error = done ? 0 : errno;
    ::close(fd);
    if (done && ::rename(fresh.constData(), name.constData()) != 0) {
        done = false;
        error = errno;
    }
    if (!done) {
        ::unlink(fresh.constData());
        return privateFileFailure(Error::Code::Storage, path,
                                  PrivateFileText::tr("It cannot be written. Make room on the disk, then try again."),
                                  error);
    }
    if (FileCalls::system().syncFolder(name.constData()) != 0)
        return privateFileFailure(Error::Code::Storage, path,
                                  PrivateFileText::tr("It cannot be made durable. Check the disk."), errno);
    return {};
}

Result<QByteArray> readPrivateFile(const QString &path)
{
    const int fd = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        const int error = errno;
        if (error == ENOENT || error == ENOTDIR)
            return privateFileFailure(Error::Code::NotFound, path, PrivateFileText::tr("There is no such file."),
                                      error);
        return privateFileFailure(Error::Code::Storage, path,
                                  PrivateFileText::tr("It cannot be opened. Check that you may read it."), error);
    }
    QFile file;
    file.open(fd, QIODevice::ReadOnly, QFileDevice::AutoCloseHandle);
    struct stat status {
    };
    if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size > largestPrivateFile)
        return privateFileFailure(Error::Code::Invalid, path,
                                  PrivateFileText::tr("This is not a file of a key. Choose another one."));
    if ((status.st_mode & 077) != 0) {
        return privateFileFailure(
            Error::Code::Forbidden, path,
            PrivateFileText::tr("Others than its owner can read or write this file, which holds a secret. "
                                "Take their rights away (chmod 600), and replace the key if they may have read it."));
    }
    QByteArray bytes = file.readAll();
    if (file.error() != QFileDevice::NoError)
        return privateFileFailure(Error::Code::Storage, path,
                                  PrivateFileText::tr("It cannot be read. Check the disk."));
    return bytes;
}

} // namespace parapet::crypto
