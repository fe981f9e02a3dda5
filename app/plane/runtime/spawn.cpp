// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/runtime/spawn.h"

#include <QtCore/QByteArrayList>
#include <QtCore/QCoreApplication>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace parapet::plane {

namespace {

constexpr int firstPassedFd = 3;
constexpr std::chrono::seconds spawnTime(20);
/// A range that no account, container or service manager hands out (the last one below 2^31 that systemd leaves
/// unused).
constexpr uid_t sandboxUsers = 1'879'048'192;

QString spawnText(const char *text)
{
    return QCoreApplication::translate("runtime", text);
}

Failure spawnFailure(const QString &detail)
{
    return fail(Error::Code::Server, spawnText(QT_TRANSLATE_NOOP("runtime", "The sandbox could not be started.")),
                detail);
}

/// NUL-terminated fields, as bwrap --args and our init read them.
class FieldList
{
public:
    FieldList &operator<<(const QByteArray &field)
    {
        m_bytes += field;
        m_bytes += '\0';
        return *this;
    }
    template<class... F>
    void add(const F &...fields)
    {
        (*this << ... << QByteArray(fields));
    }
    const QByteArray &bytes() const { return m_bytes; }

private:
    QByteArray m_bytes;
};

FileDescriptor memoryFile(const char *name, const QByteArray &content)
{
    FileDescriptor file(::memfd_create(name, MFD_CLOEXEC));
    if (file && ::write(file.get(), content.constData(), size_t(content.size())) == content.size())
        ::lseek(file.get(), 0, SEEK_SET);
    return file;
}

/// /usr read-only, and /bin, /lib, … as the host has them: links into it, or folders.
void addSystem(FieldList &list)
{
    list.add("--ro-bind", "/usr", "/usr");
    for (const char *name : {"/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"}) {
        struct stat info;
        if (::lstat(name, &info) != 0)
            continue;
        std::array<char, 256> target;
        if (const ssize_t size = S_ISLNK(info.st_mode) ? ::readlink(name, target.data(), target.size()) : -1; size > 0)
            list.add("--symlink", QByteArray(target.data(), size), name);
        else
            list.add("--ro-bind", name, name);
    }
}

void addNamespaces(FieldList &list)
{
    list.add("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try");
    if (::geteuid() == 0)
        list.add("--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"); // init gives them up
    else
        list.add("--unshare-user", "--uid", "1000", "--gid", "1000");
    list.add("--die-with-parent", "--new-session", "--as-pid-1", "--clearenv");
}

QByteArray hostNameFrom(const QString &name)
{
    QByteArray host;
    for (const QChar c : name.left(63)) {
        const bool fits = (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9') || c == u'-';
        host += fits ? char(c.unicode()) : '-';
    }
    return host.isEmpty() ? QByteArray("workspace") : host;
}

QByteArray sandboxArguments(const SandboxPrograms &programs, const Launch &launch, const Sandbox &sandbox)
{
    FieldList list;
    addNamespaces(list);
    addSystem(list);
    list.add("--hostname", hostNameFrom(launch.name));
    // Made first, since bwrap gives parents that it makes for a private mount the mode 0700.
    for (const char *name : {"/etc", "/home", "/opt", "/opt/dev", "/run"})
        list.add("--perms", "0755", "--dir", name);
    list.add("--ro-bind-try", "/etc/alternatives", "/etc/alternatives", "--ro-bind-try", "/etc/ld.so.cache",
             "/etc/ld.so.cache");
    for (const char *name : {"passwd", "group", "hosts", "nsswitch.conf"})
        list.add("--ro-bind", sandbox.folder + "/etc/" + name, QByteArray("/etc/") + name);
    list.add("--proc", "/proc", "--dev", "/dev");
    list.add("--perms", "1777", "--size", "67108864", "--tmpfs", "/dev/shm");
    list.add("--perms", "1777", "--size", "268435456", "--tmpfs", "/tmp");
    list.add("--bind", sandbox.home, "/home/dev");
    list.add("--ro-bind", sandbox.folder, "/run/parapet", "--symlink", "parapet/secrets", "/run/secrets");
    list.add("--ro-bind", programs.scripts, "/opt/dev/bin");
    list.add("--ro-bind", programs.init, "/run/parapet-init");
    list.add("--remount-ro", "/dev", "--remount-ro", "/");
    const QPair<const char *, const char *> variables[] = {
        {"PATH", "/opt/dev/bin:/usr/local/bin:/usr/bin:/bin"},
        {"HOME", "/home/dev"},
        {"USER", "dev"},
        {"LANG", "C.UTF-8"},
        {"SHELL", "/bin/sh"},
        {"https_proxy", "http://127.0.0.1:3128"},
        {"PARAPET_PROXY", "http://127.0.0.1:3128"},
        {"PARAPET_CA", "/run/parapet/ca.pem"},
        {"CURL_CA_BUNDLE", "/run/parapet/ca.pem"},
    };
    for (const auto &[name, value] : variables)
        list.add("--setenv", name, value);
    for (const auto &[name, value] : launch.environment)
        list.add("--setenv", name.toUtf8(), value.toUtf8());
    list.add("--setenv", "PARAPET_WORKSPACE", launch.workspace.value.toUtf8());
    return list.bytes();
}

QByteArray initConfiguration(const Launch &launch, const Sandbox &sandbox)
{
    FieldList list;
    list.add(QByteArray::number(uint(::geteuid() == 0 ? sandbox.user : 0)), QByteArray::number(launch.limits.processes),
             QByteArray::number(launch.limits.fileBytes), QByteArray::number(launch.actors.size()));
    for (qsizetype i = 0; i < launch.actors.size(); ++i) {
        const SandboxActor &actor = launch.actors[i];
        // Its channel, and after those of all its terminal.
        list.add(QByteArray::number(firstPassedFd + 1 + int(i)),
                 QByteArray::number(firstPassedFd + 1 + int(launch.actors.size() + i)));
        list.add("4", QByteArray("TERM=") + terminalType, "PARAPET_ACTOR=" + actor.id.value.toUtf8(), "PARAPET_ACTOR_KIND=" + nameOf(actor.kind).toUtf8(),
                 "USER_NAME=" + actor.name.raw().left(128).toUtf8().replace('\0', ' '));
        const QByteArray script = actor.customScript.isEmpty() ? "/opt/dev/bin/" + actor.script.toUtf8()
                                                               : "/run/parapet/script-" + QByteArray::number(i);
        list.add(QByteArray::number(2 + actor.arguments.size()), "/bin/sh", script);
        for (const QString &argument : actor.arguments)
            list.add(argument.toUtf8());
    }
    return list.bytes();
}

/// The child between fork and exec: nothing but system calls, since other threads' locks are lost here.
[[noreturn]] void becomeBwrap(const char *program, char *const *arguments, pid_t parent, int cgroupFd, int errorFd,
                              std::span<const int> passed)
{
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent)
        ::_exit(126);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::signal(SIGPIPE, SIG_DFL);
    if (cgroupFd >= 0 && ::write(cgroupFd, "0", 1) != 1)
        ::_exit(125);
    const int null = ::open("/dev/null", O_RDWR);
    ::dup2(null, 0);
    ::dup2(null, 1);
    ::dup2(errorFd, 2);
    for (size_t i = 0; i < passed.size(); ++i)
        ::dup2(passed[i], firstPassedFd + int(i));
    ::syscall(SYS_close_range, unsigned(firstPassedFd) + unsigned(passed.size()), ~0U, 0);
    char *const environment[] = {nullptr};
    ::execve(program, arguments, environment);
    ::_exit(127);
}

/// What bwrap is called with: numbers of its own descriptors, and the command (which --args may not hold).
struct BwrapCall {
    int argsFd = -1;
    int seccompFd = -1;
    QByteArrayList command;
};

/// A fork of bwrap with `passed` at 3, 4, …; its pid, or -1.
pid_t forkBwrap(const QByteArray &program, const BwrapCall &call, const Cgroup &group, int errorFd,
                std::span<const int> passed)
{
    // Sources are raised above every number that is passed, so that one does not overwrite another.
    std::vector<FileDescriptor> raised;
    std::vector<int> numbers;
    for (const int fd : passed) {
        raised.emplace_back(::fcntl(fd, F_DUPFD_CLOEXEC, 64));
        numbers.push_back(raised.back().get());
    }
    const FileDescriptor error(::fcntl(errorFd, F_DUPFD_CLOEXEC, 64));
    const FileDescriptor place(group.isNull() ? -1
                                              : ::open(group.file("cgroup.procs").constData(), O_WRONLY | O_CLOEXEC));
    QByteArrayList words{"bwrap", "--args", QByteArray::number(call.argsFd)};
    if (call.seccompFd >= 0)
        words << "--seccomp" << QByteArray::number(call.seccompFd);
    words << "--" << call.command;
    std::vector<char *> arguments;
    for (QByteArray &word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child == 0)
        becomeBwrap(program.constData(), arguments.data(), parent, place.get(), error.get(), numbers);
    return child;
}

/// Reads what bwrap had to say, once it has ended.
QString errorText(int fd)
{
    std::array<char, 1024> text;
    const ssize_t size = ::read(fd, text.data(), text.size());
    return size > 0 ? QString::fromUtf8(text.data(), size).section(QLatin1Char('\n'), 0, 0).trimmed() : QString();
}

/// Receives one message and the sender's pid as the host numbers it; 0 when `monitor` ended or time ran out first.
pid_t receiveSender(int channel, int monitor, std::chrono::steady_clock::time_point end)
{
    while (true) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        pollfd entries[] = {{channel, POLLIN, 0}, {monitor, POLLIN, 0}};
        const int count = left.count() > 0 ? ::poll(entries, 2, int(left.count())) : 0;
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0 || !(entries[0].revents & POLLIN))
            return 0;
        char bytes[16];
        iovec vector{bytes, sizeof bytes};
        alignas(cmsghdr) char control[CMSG_SPACE(sizeof(ucred))];
        msghdr message{};
        message.msg_iov = &vector;
        message.msg_iovlen = 1;
        message.msg_control = control;
        message.msg_controllen = sizeof control;
        if (::recvmsg(channel, &message, MSG_CMSG_CLOEXEC) <= 0)
            return 0;
        for (cmsghdr *part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
            if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_CREDENTIALS) {
                ucred sender;
                std::memcpy(&sender, CMSG_DATA(part), sizeof sender);
                return sender.pid;
            }
        }
        return 0;
    }
}

bool makeChannel(FileDescriptor *host, FileDescriptor *sandbox)
{
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    host->reset(ends[0]);
    sandbox->reset(ends[1]);
    const int on = 1;
    return ::setsockopt(ends[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof on) == 0;
}

FileDescriptor pidDescriptor(pid_t pid)
{
    return FileDescriptor(int(::syscall(SYS_pidfd_open, pid, 0)));
}

/// Meets init and each actor's first process; places and releases them. An empty text when all went well.
QString settle(const Launch &launch, Sandbox &sandbox)
{
    const auto end = std::chrono::steady_clock::now() + spawnTime;
    sandbox.init = receiveSender(sandbox.control.get(), sandbox.monitorProcess.get(), end);
    sandbox.initProcess = pidDescriptor(sandbox.init);
    const auto stat = sandbox.init > 0 ? readProcStat(sandbox.init) : std::nullopt;
    if (!stat || !sandbox.initProcess)
        return QStringLiteral("pid 1 did not come up");
    sandbox.initTicks = stat->startTicks;
    sandbox.pidNamespace = namespaceInode(sandbox.init, "pid");
    sandbox.netNamespace = namespaceInode(sandbox.init, "net");
    if (sandbox.pidNamespace == 0 || sandbox.netNamespace == 0)
        return QStringLiteral("the namespaces of pid 1 cannot be read");
    // It waits for its configuration, so nothing has come of it yet that would stay behind.
    if (!sandbox.group.isNull() && !Cgroup(sandbox.group.file("init")).adopt(sandbox.init))
        return QStringLiteral("pid 1 could not be placed");
    sandbox.gateway->admit(sandbox.init);
    const QByteArray configuration = initConfiguration(launch, sandbox);
    if (::send(sandbox.control.get(), configuration.constData(), size_t(configuration.size()), MSG_NOSIGNAL) !=
        configuration.size())
        return QStringLiteral("pid 1 took no configuration");
    for (ActorPlace &place : sandbox.actors) {
        place.pid = receiveSender(place.channel.get(), sandbox.monitorProcess.get(), end);
        place.process = pidDescriptor(place.pid);
        const auto actor = place.pid > 0 ? readProcStat(place.pid) : std::nullopt;
        if (!actor || !place.process || (!place.group.isNull() && !place.group.adopt(place.pid)))
            return QStringLiteral("an actor's first process could not be placed");
        place.startTicks = actor->startTicks;
    }
    if (launch.agentPaused && !sandbox.group.isNull())
        sandbox.applyAgentPaused(true);
    for (ActorPlace &place : sandbox.actors) {
        if (::send(place.channel.get(), "g", 1, MSG_NOSIGNAL) != 1)
            return QStringLiteral("an actor's first process is gone");
    }
    if (launch.agentPaused && sandbox.group.isNull())
        sandbox.applyAgentPaused(true);
    return {};
}

} // namespace

uid_t sandboxUser(const WorkspaceId &id)
{
    if (::geteuid() != 0)
        return ::geteuid();
    return sandboxUsers + qChecksum(id.value.toUtf8());
}

Status spawn(const SandboxPrograms &programs, const Launch &launch, const QByteArray &seccomp, Sandbox &sandbox)
{
    FileDescriptor controlEnd;
    std::vector<FileDescriptor> ends(launch.actors.size());
    if (!makeChannel(&sandbox.control, &controlEnd))
        return spawnFailure(QStringLiteral("socketpair"));
    std::vector<int> passed{controlEnd.get()};
    for (size_t i = 0; i < sandbox.actors.size(); ++i) {
        if (!makeChannel(&sandbox.actors[i].channel, &ends[i]))
            return spawnFailure(QStringLiteral("socketpair"));
        passed.push_back(ends[i].get());
    }
    for (ActorPlace &place : sandbox.actors) {
        Result<Terminal> terminal = openTerminal();
        if (!terminal)
            return spawnFailure(terminal.error().message + QLatin1String(": ") + terminal.error().detail);
        place.terminal = std::move(terminal->master);
        passed.push_back(terminal->slave.get());
        ends.push_back(std::move(terminal->slave));
    }
    const FileDescriptor arguments = memoryFile("bwrap-args", sandboxArguments(programs, launch, sandbox));
    passed.push_back(arguments.get());
    const FileDescriptor filter = memoryFile("seccomp", seccomp);
    const int argumentsNumber = firstPassedFd + int(passed.size()) - 1;
    if (!seccomp.isEmpty())
        passed.push_back(filter.get());
    int pipe[2];
    if (::pipe2(pipe, O_CLOEXEC) != 0)
        return spawnFailure(QStringLiteral("pipe"));
    const FileDescriptor errorRead(pipe[0]);
    FileDescriptor errorWrite(pipe[1]);
    const BwrapCall call{argumentsNumber,
                         seccomp.isEmpty() ? -1 : argumentsNumber + 1,
                         {"/run/parapet-init", QByteArray::number(firstPassedFd)}};
    sandbox.monitor = forkBwrap(programs.bwrap, call, programs.monitors, errorWrite.get(), passed);
    if (sandbox.monitor <= 0)
        return spawnFailure(QString::fromLocal8Bit(std::strerror(errno)));
    errorWrite.reset();
    controlEnd.reset();
    ends.clear();
    sandbox.monitorProcess = pidDescriptor(sandbox.monitor);
    const QString problem = settle(launch, sandbox);
    if (problem.isEmpty())
        return {};
    sandbox.kill();
    ::syscall(SYS_pidfd_send_signal, sandbox.monitorProcess.get(), SIGKILL, nullptr, 0);
    ::waitpid(sandbox.monitor, nullptr, 0);
    const QString said = errorText(errorRead.get());
    return spawnFailure(said.isEmpty() ? problem : problem + QLatin1String(": ") + said);
}

Status trySandbox(const SandboxPrograms &programs, const QByteArray &seccomp)
{
    FieldList list;
    addNamespaces(list);
    addSystem(list);
    list.add("--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--ro-bind", programs.init, "/tmp/init");
    const FileDescriptor arguments = memoryFile("bwrap-args", list.bytes());
    const FileDescriptor filter = memoryFile("seccomp", seccomp);
    int pipe[2];
    if (::pipe2(pipe, O_CLOEXEC) != 0)
        return spawnFailure(QStringLiteral("pipe"));
    const FileDescriptor errorRead(pipe[0]);
    FileDescriptor errorWrite(pipe[1]);
    const std::array passed{arguments.get(), filter.get()};
    const BwrapCall call{firstPassedFd, seccomp.isEmpty() ? -1 : firstPassedFd + 1, {"/usr/bin/true"}};
    const pid_t child = forkBwrap(programs.bwrap, call, Cgroup(), errorWrite.get(), passed);
    errorWrite.reset();
    int status = -1;
    if (child <= 0 || ::waitpid(child, &status, 0) != child)
        return spawnFailure(QString::fromLocal8Bit(std::strerror(errno)));
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return {};
    return fail(Error::Code::Server,
                spawnText(QT_TRANSLATE_NOOP("runtime", "bubblewrap cannot make a sandbox on this machine: %1"))
                    .arg(errorText(errorRead.get())));
}

} // namespace parapet::plane
