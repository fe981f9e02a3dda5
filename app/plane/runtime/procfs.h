// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/instant.h"

#include <QtCore/QByteArray>
#include <QtCore/QString>
#include <QtCore/QVector>

#include <sys/types.h>

#include <optional>

namespace parapet::plane {

/// What /proc/PID/stat says of a process (proc(5)).
struct ProcStat {
    pid_t pid = 0;
    pid_t parent = 0;
    pid_t session = 0;
    char state = '?';
    quint64 cpuTicks = 0;   ///< user and system
    quint64 startTicks = 0; ///< since boot: with the pid it identifies the process for ever
    qint64 residentBytes = 0;
};

/// A whole small file, cut at `limit` bytes; empty when it cannot be read. Never follows the last link.
QByteArray readSmallFile(const QByteArray &path, qsizetype limit = 4096);

/// Nothing when the process is gone.
std::optional<ProcStat> readProcStat(pid_t pid);

/// The command line with NULs as spaces, cut at 1,024 bytes; the name in brackets for a process without one. Hostile
/// text.
QString readCommandLine(pid_t pid);

/// The inode of a namespace ("pid", "net", …) of a process; 0 when it cannot be read.
ino_t namespaceInode(pid_t pid, const char *kind);

/// The pid in the innermost pid namespace.
pid_t innermostPid(pid_t pid);

/// All pids that /proc shows.
QVector<pid_t> allPids();

/// The process of `candidates` that holds the TCP socket with local port `port` in the network namespace of `member`; 0
/// for none.
pid_t ownerOfLocalPort(pid_t member, quint16 port, const QVector<pid_t> &candidates);

/// When the machine's tick counter stood at `ticks`.
Instant instantOfTicks(quint64 ticks);
long ticksPerSecond();
QString bootId();
QString hostName();

} // namespace parapet::plane
