// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayList>
#include <QtCore/QString>
#include <QtCore/QVector>

#include <sys/types.h>

#include <chrono>

namespace parapet::plane {

/// One cgroup (v2), by its folder. A handle, not an owner; cheap to copy.
class Cgroup
{
public:
    Cgroup() = default;
    explicit Cgroup(QByteArray folder) : m_folder(std::move(folder)) {}

    bool isNull() const { return m_folder.isEmpty(); }
    const QByteArray &folder() const { return m_folder; }
    QByteArray file(const char *name) const { return m_folder + '/' + name; }
    bool exists() const;

    Result<Cgroup> make(const QByteArray &name) const;
    QVector<Cgroup> children() const;

    bool write(const char *name, QByteArrayView value) const;
    /// Moves a process in.
    bool adopt(pid_t pid) const { return write("cgroup.procs", QByteArray::number(qint64(pid))); }
    bool setFrozen(bool frozen) const { return write("cgroup.freeze", frozen ? "1" : "0"); }
    bool kill() const { return write("cgroup.kill", "1"); }

    /// What was asked of it, not what is.
    bool freezeAsked() const;
    /// cgroup.events: every process in it and below stands still.
    bool isFrozen() const;
    /// Waits until isFrozen(), at most `limit`.
    bool waitUntilFrozen(std::chrono::milliseconds limit) const;
    /// cgroup.events: some process is in it or below.
    bool isPopulated() const;
    bool hasController(QByteArrayView name) const;

    /// The processes in it and in its children (two levels are all we make), at most `limit`.
    QVector<pid_t> processes(qsizetype limit = 65536) const;

    /// Removes it with its children. False while processes are left.
    bool remove() const;
    /// Kills what is in it and waits for the kernel (at most 5 s), then removes it.
    bool killAndRemove() const;

private:
    QByteArray m_folder;
};

/// The folder below which the plane keeps its cgroups, found by trying: a child process is moved, frozen and killed
/// there.
class CgroupTree
{
public:
    /// Probes the places where cgroup v2 may be writable; kills and removes what an earlier run of this plane left
    /// behind, and the planes `abandoned` too.
    static CgroupTree probe(const QString &planeId, const QByteArrayList &abandoned);

    bool isUsable() const { return !m_root.isNull(); }
    /// Why it is not usable: translated.
    const QString &reason() const { return m_reason; }
    bool canKill() const { return m_canKill; }
    bool hasController(QByteArrayView name) const { return isUsable() && m_root.hasController(name); }
    const Cgroup &root() const { return m_root; }
    /// For what serves sandboxes without being one: it must survive their kill, so as to reap them.
    const Cgroup &monitors() const { return m_monitors; }

private:
    Cgroup m_root;
    Cgroup m_monitors;
    bool m_canKill = false;
    QString m_reason;
};

} // namespace parapet::plane
