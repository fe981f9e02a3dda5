// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/runtime/procfs.h"

#include "app/plane/runtime/filedescriptor.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <memory>

namespace parapet::plane {

namespace {

QByteArray procPath(pid_t pid, const char *name)
{
    return "/proc/" + QByteArray::number(qint64(pid)) + '/' + name;
}

struct ProcFolderCloser {
    void operator()(DIR *folder) const { ::closedir(folder); }
};
using ProcFolder = std::unique_ptr<DIR, ProcFolderCloser>;

/// The inode of the socket with local port `port` in a /proc/PID/net/tcp table; 0 for none.
quint64 socketInodeOfPort(const QByteArray &table, quint16 port)
{
    for (const QByteArray &line : table.split('\n')) {
        const QList<QByteArray> columns = line.simplified().split(' ');
        if (columns.size() < 10)
            continue;
        const qsizetype colon = columns[1].lastIndexOf(':');
        if (colon > 0 && columns[1].mid(colon + 1).toUShort(nullptr, 16) == port && columns[9] != "0")
            return columns[9].toULongLong();
    }
    return 0;
}

bool holdsSocket(pid_t pid, const QByteArray &link)
{
    const QByteArray path = procPath(pid, "fd");
    const ProcFolder folder(::opendir(path.constData()));
    if (!folder)
        return false;
    int looked = 0;
    while (const dirent *entry = ::readdir(folder.get())) {
        if (++looked > 1024)
            break;
        std::array<char, 64> target;
        const ssize_t size = ::readlinkat(::dirfd(folder.get()), entry->d_name, target.data(), target.size());
        if (size > 0 && QByteArrayView(target.data(), size) == link)
            return true;
    }
    return false;
}

} // namespace

QByteArray readSmallFile(const QByteArray &path, qsizetype limit)
{
    const FileDescriptor file(::open(path.constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file)
        return {};
    QByteArray text;
    std::array<char, 16384> chunk;
    while (text.size() < limit) {
        const ssize_t got =
            ::read(file.get(), chunk.data(), size_t(std::min<qsizetype>(limit - text.size(), chunk.size())));
        if (got <= 0)
            break;
        text.append(chunk.data(), got);
    }
    return text;
}

std::optional<ProcStat> readProcStat(pid_t pid)
{
    const QByteArray text = readSmallFile(procPath(pid, "stat"));
    // The name may hold blanks and brackets: everything after the last bracket is numbers.
    const qsizetype end = text.lastIndexOf(')');
    if (end < 0)
        return {};
    const QList<QByteArray> rest = text.mid(end + 2).split(' ');
    if (rest.size() < 22)
        return {};
    ProcStat stat;
    stat.pid = pid;
    stat.state = rest[0].isEmpty() ? '?' : rest[0][0];
    stat.parent = rest[1].toInt();
    stat.session = rest[3].toInt();
    stat.cpuTicks = rest[11].toULongLong() + rest[12].toULongLong();
    stat.startTicks = rest[19].toULongLong();
    stat.residentBytes = rest[21].toLongLong() * ::sysconf(_SC_PAGESIZE);
    return stat;
}

QString readCommandLine(pid_t pid)
{
    QByteArray text = readSmallFile(procPath(pid, "cmdline"), 1024);
    while (text.endsWith('\0'))
        text.chop(1);
    text.replace('\0', ' ');
    if (text.isEmpty())
        return QLatin1Char('[') + QString::fromUtf8(readSmallFile(procPath(pid, "comm"), 64).trimmed()) +
               QLatin1Char(']');
    return QString::fromUtf8(text);
}

ino_t namespaceInode(pid_t pid, const char *kind)
{
    const QByteArray path = procPath(pid, "ns/") + kind;
    struct stat info;
    return ::stat(path.constData(), &info) == 0 ? info.st_ino : 0;
}

pid_t innermostPid(pid_t pid)
{
    const QByteArray status = readSmallFile(procPath(pid, "status"));
    const qsizetype at = status.indexOf("\nNSpid:");
    if (at < 0)
        return 0;
    const qsizetype end = status.indexOf('\n', at + 1);
    return status.mid(at + 7, end - at - 7).simplified().split(' ').constLast().toInt();
}

QVector<pid_t> allPids()
{
    QVector<pid_t> pids;
    const ProcFolder folder(::opendir("/proc"));
    while (const dirent *entry = folder ? ::readdir(folder.get()) : nullptr) {
        bool isNumber = false;
        const int pid = QByteArray(entry->d_name).toInt(&isNumber);
        if (isNumber)
            pids.append(pid);
    }
    return pids;
}

pid_t ownerOfLocalPort(pid_t member, quint16 port, const QVector<pid_t> &candidates)
{
    constexpr qsizetype limit = 256 * 1024;
    quint64 inode = socketInodeOfPort(readSmallFile(procPath(member, "net/tcp"), limit), port);
    if (inode == 0)
        inode = socketInodeOfPort(readSmallFile(procPath(member, "net/tcp6"), limit), port);
    if (inode == 0)
        return 0;
    const QByteArray link = "socket:[" + QByteArray::number(inode) + ']';
    for (const pid_t pid : candidates) {
        if (pid != member && holdsSocket(pid, link))
            return pid;
    }
    return 0;
}

Instant instantOfTicks(quint64 ticks)
{
    timespec boot{};
    ::clock_gettime(CLOCK_BOOTTIME, &boot);
    const qint64 upMs = qint64(boot.tv_sec) * 1000 + boot.tv_nsec / 1'000'000;
    const qint64 startMs = qint64(ticks) * 1000 / ticksPerSecond();
    return Clock::system().now() - Milliseconds(upMs - startMs);
}

long ticksPerSecond()
{
    static const long ticks = std::max(1L, ::sysconf(_SC_CLK_TCK));
    return ticks;
}

QString bootId()
{
    return QString::fromLatin1(readSmallFile("/proc/sys/kernel/random/boot_id", 64).trimmed());
}

QString hostName()
{
    return QString::fromUtf8(readSmallFile("/proc/sys/kernel/hostname", 256).trimmed());
}

} // namespace parapet::plane
