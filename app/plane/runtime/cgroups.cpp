// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/runtime/cgroups.h"

#include "app/plane/runtime/filedescriptor.h"
#include "app/plane/runtime/procfs.h"

#include <QtCore/QCoreApplication>

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <functional>

namespace parapet::plane {

namespace {

QString cgroupText(const char *text)
{
    return QCoreApplication::translate("runtime", text);
}

/// The value of `key` in a flat keyed file such as cgroup.events.
bool eventIsOne(const QByteArray &text, QByteArrayView key)
{
    for (const QByteArray &line : text.split('\n')) {
        if (line.startsWith(key) && line.endsWith(" 1") && line.size() == key.size() + 2)
            return true;
    }
    return false;
}

/// Waits on the kernel's own notification of cgroup.events until `reached`, at most `limit`.
bool waitForEvents(const Cgroup &group, const std::function<bool()> &reached, std::chrono::milliseconds limit)
{
    const FileDescriptor file(::open(group.file("cgroup.events").constData(), O_RDONLY | O_CLOEXEC));
    const auto end = std::chrono::steady_clock::now() + limit;
    while (true) {
        // Reading arms the notification, so it comes before the look.
        char ignored[128];
        [[maybe_unused]] const auto got = ::pread(file.get(), ignored, sizeof ignored, 0);
        if (reached())
            return true;
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        if (!file || left.count() <= 0)
            return false;
        pollfd entry{file.get(), POLLPRI, 0};
        ::poll(&entry, 1, int(left.count()));
    }
}

/// Moves a child of ours into a cgroup below `root`, freezes and kills it there: the only sure way to know.
bool cgroupWorks(const Cgroup &root, bool *canKill)
{
    const Result<Cgroup> group = root.make("probe");
    if (!group)
        return false;
    const pid_t child = ::fork();
    if (child == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        while (true)
            ::pause();
    }
    bool works =
        child > 0 && group->adopt(child) && group->setFrozen(true) && group->waitUntilFrozen(std::chrono::seconds(2));
    *canKill = works && group->kill();
    if (child > 0) {
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
    }
    group->remove();
    return works;
}

void clear(const Cgroup &plane)
{
    for (const Cgroup &leftover : plane.children())
        leftover.killAndRemove();
}

/// Where cgroup v2 is mounted, and our own place in it.
QVector<QByteArray> cgroupCandidates()
{
    QVector<QByteArray> mounts;
    for (const QByteArray &line : readSmallFile("/proc/self/mounts", 256 * 1024).split('\n')) {
        const QList<QByteArray> columns = line.split(' ');
        if (columns.size() > 3 && columns[2] == "cgroup2")
            mounts.append(columns[1]);
    }
    QByteArray own;
    for (const QByteArray &line : readSmallFile("/proc/self/cgroup").split('\n')) {
        if (line.startsWith("0::"))
            own = line.mid(3);
    }
    QVector<QByteArray> candidates;
    for (const QByteArray &mount : std::as_const(mounts)) {
        // As root the top; as a plain user the nearest folder that a service manager delegated.
        if (::geteuid() == 0)
            candidates.append(mount);
        for (QByteArray place = own; place.size() > 1; place.truncate(std::max<qsizetype>(0, place.lastIndexOf('/'))))
            candidates.append(mount + place);
    }
    return candidates;
}

} // namespace

bool Cgroup::exists() const
{
    return !isNull() && ::access(m_folder.constData(), F_OK) == 0;
}

Result<Cgroup> Cgroup::make(const QByteArray &name) const
{
    Cgroup child(m_folder + '/' + name);
    if (::mkdir(child.m_folder.constData(), 0755) != 0 && errno != EEXIST)
        return fail(Error::Code::Server,
                    cgroupText(QT_TRANSLATE_NOOP("runtime", "The kernel refused a control group for the workspace.")),
                    QString::fromUtf8(child.m_folder + ": " + std::strerror(errno)));
    return child;
}

QVector<Cgroup> Cgroup::children() const
{
    QVector<Cgroup> found;
    DIR *folder = isNull() ? nullptr : ::opendir(m_folder.constData());
    while (const dirent *entry = folder ? ::readdir(folder) : nullptr) {
        if (entry->d_type == DT_DIR && entry->d_name[0] != '.')
            found.append(Cgroup(file(entry->d_name)));
    }
    if (folder)
        ::closedir(folder);
    return found;
}

bool Cgroup::write(const char *name, QByteArrayView value) const
{
    if (isNull())
        return false;
    const FileDescriptor out(::open(file(name).constData(), O_WRONLY | O_CLOEXEC));
    return out && ::write(out.get(), value.data(), size_t(value.size())) == value.size();
}

bool Cgroup::freezeAsked() const
{
    return readSmallFile(file("cgroup.freeze"), 16).startsWith('1');
}

bool Cgroup::isFrozen() const
{
    return eventIsOne(readSmallFile(file("cgroup.events")), "frozen");
}

bool Cgroup::waitUntilFrozen(std::chrono::milliseconds limit) const
{
    return waitForEvents(
        *this, [this] { return isFrozen(); }, limit);
}

bool Cgroup::isPopulated() const
{
    return eventIsOne(readSmallFile(file("cgroup.events")), "populated");
}

bool Cgroup::hasController(QByteArrayView name) const
{
    return readSmallFile(file("cgroup.controllers")).simplified().split(' ').contains(name);
}

QVector<pid_t> Cgroup::processes(qsizetype limit) const
{
    QVector<pid_t> pids;
    QVector<Cgroup> groups = children();
    groups.append(*this);
    for (const Cgroup &group : std::as_const(groups)) {
        for (const QByteArray &line : readSmallFile(group.file("cgroup.procs"), 1 << 20).split('\n')) {
            if (const int pid = line.toInt(); pid > 0 && pids.size() < limit)
                pids.append(pid);
        }
    }
    return pids;
}

bool Cgroup::remove() const
{
    for (const Cgroup &child : children())
        child.remove();
    return ::rmdir(m_folder.constData()) == 0 || errno == ENOENT;
}

bool Cgroup::killAndRemove() const
{
    if (!exists())
        return true;
    const bool killed = kill();
    const auto empty = [this, killed] {
        if (!killed) {
            for (const pid_t pid : processes())
                ::kill(pid, SIGKILL);
        }
        return !isPopulated();
    };
    setFrozen(false);
    return waitForEvents(*this, empty, std::chrono::seconds(5)) && remove();
}

CgroupTree CgroupTree::probe(const QString &planeId, const QByteArrayList &abandoned)
{
    CgroupTree tree;
    const QVector<QByteArray> candidates = cgroupCandidates();
    if (candidates.isEmpty()) {
        tree.m_reason =
            cgroupText(QT_TRANSLATE_NOOP("runtime", "This machine has no cgroup v2 that this user could write."));
        return tree;
    }
    for (const QByteArray &candidate : candidates) {
        const Result<Cgroup> root = Cgroup(candidate).make("parapet-" + planeId.toLatin1());
        if (!root)
            continue;
        clear(*root);
        for (const QByteArray &id : abandoned) {
            if (const Cgroup dead(candidate + "/parapet-" + id); id != planeId.toLatin1() && dead.exists()) {
                clear(dead);
                dead.remove();
            }
        }
        const Result<Cgroup> monitors = root->make("monitors");
        if (monitors && cgroupWorks(*root, &tree.m_canKill)) {
            for (const char *controller : {"memory", "pids"}) {
                if (root->hasController(controller))
                    root->write("cgroup.subtree_control", QByteArray("+") + controller);
            }
            tree.m_root = *root;
            tree.m_monitors = *monitors;
            return tree;
        }
        root->remove();
    }
    tree.m_reason = cgroupText(QT_TRANSLATE_NOOP(
        "runtime", "No cgroup v2 folder is delegated to this user; start the plane in a user service, or as root."));
    return tree;
}

} // namespace parapet::plane
