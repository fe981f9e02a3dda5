// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/runtime/privatefolder.h"

#include "app/plane/runtime/filedescriptor.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QFile>

#include <fcntl.h>
#include <ftw.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace parapet::plane {

namespace {

thread_local uid_t giveToUser = 0; // nftw passes no context

Failure folderFailure(const QByteArray &path)
{
    const int error = errno;
    return fail(
        Error::Code::Storage,
        QCoreApplication::translate(
            "runtime", "A folder of the plane could not be written: %1. Free some space or repair its permissions.")
            .arg(QFile::decodeName(path)),
        QString::fromLocal8Bit(std::strerror(error)));
}

bool makeOne(const QByteArray &path, mode_t mode)
{
    return ::mkdir(path.constData(), mode) == 0 || errno == EEXIST;
}

/// The folder with its lock, when it is ours alone and nobody holds it. /dev/shm is everyone's: never one that another
/// laid there.
FileDescriptor lockOwnFolder(const QByteArray &path)
{
    FileDescriptor folder(::open(path.constData(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    struct stat held;
    struct stat named;
    if (!folder || ::fstat(folder.get(), &held) != 0 || held.st_uid != ::geteuid() ||
        ::flock(folder.get(), LOCK_EX | LOCK_NB) != 0)
        return {};
    // Between opening and locking another may have removed it, and made it anew.
    if (::lstat(path.constData(), &named) != 0 || named.st_ino != held.st_ino || named.st_dev != held.st_dev)
        return {};
    return folder;
}

bool removeAbandoned(const QByteArray &path)
{
    const FileDescriptor lock = lockOwnFolder(path);
    if (lock)
        removeTree(path);
    return bool(lock);
}

bool makeLocked(const QByteArray &path, PrivateFolder *folder)
{
    // Another plane's start may take a folder that is not locked yet for an abandoned one: then once more.
    for (int attempt = 0; attempt < 8; ++attempt) {
        if (::mkdir(path.constData(), 0700) != 0)
            return false;
        folder->lock = lockOwnFolder(path);
        if (folder->lock) {
            folder->path = path;
            return true;
        }
    }
    return false;
}

} // namespace

Status makeFolder(const QByteArray &path)
{
    for (qsizetype slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
        if (!makeOne(path.left(slash), 0700))
            return folderFailure(path);
    }
    if (!makeOne(path, 0700))
        return folderFailure(path);
    return {};
}

void removeTree(const QByteArray &path)
{
    ::nftw(
        path.constData(), [](const char *name, const struct stat *, int, FTW *) { return std::remove(name); }, 16,
        FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

void giveTo(const QByteArray &path, uid_t user)
{
    giveToUser = user;
    ::nftw(
        path.constData(),
        [](const char *name, const struct stat *, int, FTW *) { return ::lchown(name, giveToUser, giveToUser) & 0; },
        16, FTW_PHYS | FTW_MOUNT);
}

Result<PrivateFolder> makePrivateFolder(const QString &planeId, const QString &stateFolder)
{
    PrivateFolder folder;
    const QByteArray prefix = "parapet-" + QByteArray::number(uint(::geteuid())) + '-';
    const QDir memory(QStringLiteral("/dev/shm"));
    for (const QString &name : memory.entryList({QFile::decodeName(prefix) + QLatin1Char('*')}, QDir::Dirs)) {
        if (removeAbandoned(QFile::encodeName(memory.filePath(name))))
            folder.abandoned.append(QFile::encodeName(name).mid(prefix.size()));
    }
    const QByteArray inMemory = "/dev/shm/" + prefix + planeId.toLatin1();
    if (makeLocked(inMemory, &folder))
        return folder;
    if (::access(inMemory.constData(), F_OK) == 0) {
        return fail(Error::Code::Conflict,
                    QCoreApplication::translate("runtime", "Another plane runs with the same identity. Stop it first."),
                    planeId);
    }
    if (const Status made = makeFolder(QFile::encodeName(stateFolder)); !made)
        return fail(made.error());
    const QByteArray onDisk = QFile::encodeName(stateFolder) + "/run";
    removeAbandoned(onDisk);
    if (makeLocked(onDisk, &folder))
        return folder;
    return folderFailure(onDisk);
}

Status placeFile(const QByteArray &path, const QByteArray &content, mode_t mode, uid_t user)
{
    const QByteArray fresh = path + ".new";
    ::unlink(fresh.constData());
    const FileDescriptor file(::open(fresh.constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file || ::write(file.get(), content.constData(), size_t(content.size())) != content.size() ||
        ::fchmod(file.get(), mode) != 0 || (user != ::geteuid() && ::fchown(file.get(), user, user) != 0) ||
        ::rename(fresh.constData(), path.constData()) != 0) {
        const Failure failure = folderFailure(path);
        ::unlink(fresh.constData());
        return failure;
    }
    return {};
}

QStringList workScripts()
{
    QStringList names = QDir(QStringLiteral(":/parapet/scripts")).entryList(QDir::Files, QDir::Name);
    names.removeIf([](const QString &name) { return name.contains(QLatin1Char('.')); });
    return names;
}

Status placeScripts(const QByteArray &folder)
{
    if (!makeOne(folder, 0755))
        return folderFailure(folder);
    const QStringList names = QDir(QStringLiteral(":/parapet/scripts")).entryList(QDir::Files);
    if (names.isEmpty())
        return fail(
            Error::Code::Storage,
            QCoreApplication::translate("runtime", "This plane was built without its work scripts. Install it again."));
    for (const QString &name : names) {
        QFile script(QStringLiteral(":/parapet/scripts/") + name);
        if (!script.open(QIODevice::ReadOnly))
            return fail(Error::Code::Storage,
                        QCoreApplication::translate("runtime",
                                                    "This plane was built without its work scripts. Install it again."),
                        name);
        if (const Status placed = placeFile(folder + '/' + name.toUtf8(), script.readAll(), 0755, ::geteuid()); !placed)
            return placed;
    }
    return {};
}

Status fillSandboxFolder(const Launch &launch, uid_t user, const QByteArray &folder)
{
    const uid_t inside = ::geteuid() == 0 ? user : 1000;
    const QByteArray id = QByteArray::number(uint(inside));
    const struct {
        const char *name;
        QByteArray content;
    } files[] = {
        {"passwd", "root:x:0:0:root:/:/usr/sbin/nologin\ndev:x:" + id + ':' + id + ":Developer:/home/dev:/bin/sh\n"},
        {"group", "root:x:0:\ndev:x:" + id + ":\n"},
        {"hosts", "127.0.0.1 localhost\n"},
        {"nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n"},
        {"ca.pem", launch.caCertificate},
    };
    for (const QByteArray &part : {folder, folder + "/etc", folder + "/secrets"}) {
        if (!makeOne(part, 0755))
            return folderFailure(part);
    }
    for (const auto &file : files) {
        const QByteArray place = QByteArrayView(file.name) == "ca.pem" ? folder : folder + "/etc";
        if (const Status placed = placeFile(place + '/' + file.name, file.content, 0644, ::geteuid()); !placed)
            return placed;
    }
    for (const SandboxSecret &secret : launch.secrets) {
        if (const Status placed = placeFile(folder + "/secrets/" + secret.name.toLatin1(), secret.content, 0400, user);
            !placed)
            return placed;
    }
    for (qsizetype i = 0; i < launch.actors.size(); ++i) {
        if (launch.actors[i].customScript.isEmpty())
            continue;
        const QByteArray path = folder + "/script-" + QByteArray::number(i);
        if (const Status placed = placeFile(path, launch.actors[i].customScript, 0755, ::geteuid()); !placed)
            return placed;
    }
    return {};
}

bool isSecretName(const QString &name)
{
    if (name.isEmpty() || name.size() > 64 || name == QLatin1String(".") || name == QLatin1String("..") ||
        name.endsWith(QLatin1String(".new")))
        return false;
    return std::all_of(name.cbegin(), name.cend(), [](QChar c) {
        return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9') || c == u'.' ||
               c == u'_' || c == u'-';
    });
}

} // namespace parapet::plane
