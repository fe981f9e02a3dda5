// SPDX-License-Identifier: GPL-3.0-or-later
// Pid 1 of a sandbox. It reaps, starts each actor's script once the host has put it in its place, and relays
// 127.0.0.1:3128 to the host's gateway. It decides nothing: policy is the gateway's, outside. Plain C++ without
// allocation in the loop, so that it costs nothing idle.
#include "app/plane/sandboxinit/relay.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

constexpr int actorChannel = 3; ///< what an actor's script finds its announcement channel at
constexpr size_t configurationLimit = 128 * 1024;

struct Actor {
    int channel = -1;
    int terminal = -1;
    std::vector<std::string> environment;
    std::vector<std::string> arguments;
    pid_t pid = 0;
};

struct Configuration {
    unsigned user = 0; ///< 0: stay who we are
    rlim_t processes = 0;
    rlim_t fileBytes = 0;
    std::vector<Actor> actors;
};

/// Reads NUL-terminated fields one after the other; the host wrote them, so a wrong count can only be a version mix-up.
class Fields
{
public:
    explicit Fields(const std::vector<char> &bytes) : m_at(bytes.data()), m_end(bytes.data() + bytes.size()) {}
    std::string text()
    {
        const char *start = m_at;
        const auto *stop =
            m_at < m_end ? static_cast<const char *>(std::memchr(m_at, 0, size_t(m_end - m_at))) : nullptr;
        if (!stop)
            _exit(70);
        m_at = stop + 1;
        return {start, stop};
    }
    unsigned long long number() { return std::strtoull(text().c_str(), nullptr, 10); }

private:
    const char *m_at;
    const char *m_end;
};

Configuration receiveConfiguration(int control)
{
    std::vector<char> bytes(configurationLimit);
    const ssize_t size = ::recv(control, bytes.data(), bytes.size(), 0);
    if (size <= 0)
        _exit(71);
    bytes.resize(size_t(size));
    Fields fields(bytes);
    Configuration configuration;
    configuration.user = unsigned(fields.number());
    configuration.processes = fields.number();
    configuration.fileBytes = fields.number();
    configuration.actors.resize(fields.number());
    for (Actor &actor : configuration.actors) {
        actor.channel = int(fields.number());
        actor.terminal = int(fields.number());
        for (auto *list : {&actor.environment, &actor.arguments}) {
            list->resize(fields.number());
            for (std::string &item : *list)
                item = fields.text();
        }
    }
    return configuration;
}

void limit(__rlimit_resource what, rlim_t value)
{
    rlimit old{};
    ::getrlimit(what, &old);
    const rlim_t wanted = old.rlim_max == RLIM_INFINITY ? value : std::min(value, old.rlim_max);
    const rlimit now{wanted, wanted};
    ::setrlimit(what, &now);
}

void becomeUnprivileged(const Configuration &configuration)
{
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_NOFILE, 1024);
    limit(RLIMIT_FSIZE, configuration.fileBytes);
    limit(RLIMIT_NPROC, configuration.processes);
    ::setpriority(PRIO_PROCESS, 0, 10);
    if (configuration.user != 0) {
        // The saved user stays root, without any capability: bwrap outside has none either, and the kernel lets it kill
        // us at its death only when a user of ours is its own. Whoever is started from here gives up the saved user
        // too.
        if (::setgroups(0, nullptr) != 0 ||
            ::setresgid(configuration.user, configuration.user, configuration.user) != 0 ||
            ::setresuid(configuration.user, configuration.user, 0) != 0)
            _exit(72);
        __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
        __user_cap_data_struct none[2]{};
        if (::syscall(SYS_capset, &header, none) != 0)
            _exit(72);
    }
    // A change of user clears the parent-death signal; whoever runs beside us must not look into us either.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::prctl(PR_SET_DUMPABLE, 0);
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

void silence()
{
    const int null = ::open("/dev/null", O_RDWR);
    for (const int fd : {0, 1, 2})
        ::dup2(null, fd);
    if (null > 2)
        ::close(null);
}

[[noreturn]] void runActor(const Actor &actor, unsigned user)
{
    if (user != 0 && ::setresuid(user, user, user) != 0)
        _exit(72);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::setsid();
    if (::ioctl(actor.terminal, TIOCSCTTY, 0) != 0)
        _exit(77);
    for (const int fd : {0, 1, 2})
        ::dup2(actor.terminal, fd);
    ::dup2(actor.channel, actorChannel);
    ::syscall(SYS_close_range, unsigned(actorChannel + 1), ~0U, 0);
    char go = 0;
    // The host learns our pid from the credentials of this message, places us, and answers.
    if (::send(actorChannel, "here", 4, MSG_NOSIGNAL) != 4 || ::recv(actorChannel, &go, 1, 0) != 1)
        _exit(73);
    std::vector<char *> arguments;
    for (const std::string &argument : actor.arguments)
        arguments.push_back(const_cast<char *>(argument.c_str()));
    arguments.push_back(nullptr);
    for (const std::string &variable : actor.environment)
        ::putenv(const_cast<char *>(variable.c_str()));
    if (::chdir("/home/dev") != 0)
        _exit(74);
    ::execv(arguments[0], arguments.data());
    _exit(75);
}

int listenOnLoopback()
{
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(3128);
    if (::bind(listener, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0 ||
        ::listen(listener, 64) != 0)
        _exit(76);
    return listener;
}

/// Takes in what has ended; true when no actor is left.
bool reap(std::vector<Actor> &actors)
{
    pid_t pid;
    while ((pid = ::waitpid(-1, nullptr, WNOHANG)) > 0) {
        for (Actor &actor : actors) {
            if (actor.pid == pid)
                actor.pid = 0;
        }
    }
    for (const Actor &actor : actors) {
        if (actor.pid != 0)
            return false;
    }
    return true;
}

void serve(int control, int signals, int listener, std::vector<Actor> &actors)
{
    parapet::sandboxinit::RelayTable relays("/run/parapet/gateway.sock");
    std::array<pollfd, 3 + 2 * parapet::sandboxinit::RelayTable::capacity> entries;
    while (true) {
        entries[0] = {control, POLLIN, 0};
        entries[1] = {signals, POLLIN, 0};
        entries[2] = {relays.isFull() ? -1 : listener, POLLIN, 0};
        const size_t count = 3 + relays.fillPoll(entries.data() + 3);
        if (::poll(entries.data(), count, -1) < 0)
            continue;
        if (entries[0].revents & (POLLHUP | POLLERR))
            return; // the host is gone: so are we, and with pid 1 everything
        if (entries[1].revents) {
            signalfd_siginfo info;
            [[maybe_unused]] const auto got = ::read(signals, &info, sizeof info);
            if (reap(actors))
                return;
        }
        relays.handlePoll(entries.data() + 3);
        if (entries[2].revents)
            relays.accept(listener);
    }
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 2)
        return 64;
    const int control = std::atoi(argv[1]);
    silence();
    if (::send(control, "ready", 5, MSG_NOSIGNAL) != 5)
        return 65;
    Configuration configuration = receiveConfiguration(control);
    becomeUnprivileged(configuration);
    const int listener = listenOnLoopback();

    sigset_t handled;
    sigemptyset(&handled);
    sigaddset(&handled, SIGCHLD);
    ::sigprocmask(SIG_BLOCK, &handled, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
    const int signals = ::signalfd(-1, &handled, SFD_CLOEXEC | SFD_NONBLOCK);

    for (Actor &actor : configuration.actors) {
        actor.pid = ::fork();
        if (actor.pid == 0) {
            ::signal(SIGPIPE, SIG_DFL);
            runActor(actor, configuration.user);
        }
        ::close(actor.channel);
        ::close(actor.terminal);
    }
    serve(control, signals, listener, configuration.actors);
    return 0;
}
