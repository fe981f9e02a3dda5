// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/runtime/hostprivate.h"
#include "app/plane/runtime/privatefolder.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <future>

namespace parapet::plane {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostActors = 16;
constexpr int detailLimit = 512;

/// What a work script may announce: a workspace is hostile, so it may not invent actions of other sources.
bool isAnnouncement(const QString &action)
{
    static const QStringList known{u"agent.plan"_s,  u"tool.call"_s, u"tool.result"_s, u"file.edit"_s,
                                   u"command.run"_s, u"git.fetch"_s, u"git.push"_s};
    return known.contains(action);
}

/// An actor's command, from its launch: the process itself may still be on its way to it, or have ended.
QString commandOf(const SandboxActor &actor)
{
    QStringList words{actor.customScript.isEmpty() ? actor.script : u"script"_s};
    words += actor.arguments;
    return words.join(u' ');
}

Failure launchFailure(const char *text, const QString &detail)
{
    return fail(Error::Code::Invalid, runtimeText(text), detail);
}

} // namespace

Status RuntimeHost::Private::checkLaunch(const Launch &launch) const
{
    if (const Capability &able = *capabilities.constFind(u"start"_s); !able.isPresent())
        return fail(Error::Code::Server, able.reason());
    if (closing)
        return fail(Error::Code::Cancelled, runtimeText(QT_TRANSLATE_NOOP("runtime", "The plane is shutting down.")));
    if (!isIdentifier(launch.workspace.value))
        return launchFailure(QT_TRANSLATE_NOOP("runtime", "That is not a workspace identifier."),
                             launch.workspace.value);
    if (launch.actors.isEmpty() || launch.actors.size() > mostActors)
        return launchFailure(QT_TRANSLATE_NOOP("runtime", "A workspace needs between 1 and 16 actors."),
                             QString::number(launch.actors.size()));
    for (const SandboxActor &actor : launch.actors) {
        if (actor.customScript.isEmpty() && !workScripts().contains(actor.script))
            return launchFailure(QT_TRANSLATE_NOOP("runtime", "There is no work script of that name."), actor.script);
    }
    for (const SandboxSecret &secret : launch.secrets) {
        if (!isSecretName(secret.name))
            return launchFailure(QT_TRANSLATE_NOOP("runtime", "That is not a name for a secret file."), secret.name);
    }
    if (launch.limits.processes < 8 || launch.limits.memoryBytes < (qint64(16) << 20) || launch.limits.fileBytes < 4096)
        return launchFailure(QT_TRANSLATE_NOOP("runtime", "The limits leave the workspace no room to run."), {});
    return {};
}

Status RuntimeHost::Private::begin(const Launch &launch)
{
    if (const Status checked = checkLaunch(launch); !checked)
        return checked;
    {
        const std::lock_guard lock(mutex);
        bool taken = starting.contains(launch.workspace);
        if (const SandboxPtr old = sandboxes.value(launch.workspace)) {
            const std::lock_guard own(old->mutex);
            taken = taken || !old->ended;
        }
        if (taken)
            return fail(Error::Code::Conflict, runtimeText(QT_TRANSLATE_NOOP("runtime", "The workspace already runs.")),
                        launch.workspace.value);
        starting.insert(launch.workspace);
    }
    std::promise<Status> result;
    spawner->push([&] {
        const Result<SandboxPtr> prepared = prepare(launch);
        if (!prepared) {
            result.set_value(fail(prepared.error()));
            return;
        }
        const SandboxPtr sandbox = *prepared;
        const Status status = spawn(programs, launch, seccomp, *sandbox);
        if (status) {
            {
                const std::lock_guard lock(mutex);
                sandboxes.insert(sandbox->id, sandbox);
            }
            loop->invoke([&] { attach(sandbox); });
        } else {
            discard(sandbox);
        }
        result.set_value(status);
    });
    const Status status = result.get_future().get();
    {
        const std::lock_guard lock(mutex);
        starting.remove(launch.workspace);
        ended.notify_all();
    }
    return status;
}

/// Folders, home, cgroup and gateway of a sandbox that does not run yet.
Result<RuntimeHost::Private::SandboxPtr> RuntimeHost::Private::prepare(const Launch &launch)
{
    const auto sandbox = std::make_shared<Sandbox>();
    sandbox->id = launch.workspace;
    sandbox->user = sandboxUser(launch.workspace);
    sandbox->home = QFile::encodeName(launch.home);
    {
        const std::lock_guard lock(mutex);
        sandbox->folder = folder + '/' + QByteArray::number(++folders);
    }
    const std::weak_ptr<Sandbox> weak = sandbox;
    Gateway::Callbacks told;
    told.attempted = [this, weak](const Gateway::Attempt &attempt) {
        if (const SandboxPtr live = weak.lock())
            tellAttempt(live, attempt);
    };
    told.changed = [this, id = sandbox->id] { emitChanged(id); };
    sandbox->gateway = std::make_shared<Gateway>(*loop, launch.egress, launch.routes, launch.isolated, std::move(told));
    for (const SandboxActor &actor : launch.actors)
        sandbox->actors.emplace_back().actor = actor;

    Status status = makeFolder(sandbox->home);
    struct stat info;
    if (status && ::stat(sandbox->home.constData(), &info) == 0 && info.st_uid != sandbox->user)
        giveTo(sandbox->home, sandbox->user);
    if (status)
        status = fillSandboxFolder(launch, sandbox->user, sandbox->folder);
    if (status) {
        loop->invoke([&] { status = sandbox->gateway->listen(sandbox->folder, "gateway.sock"); });
        const QByteArray socket = sandbox->folder + "/gateway.sock";
        ::chmod(socket.constData(), 0600);
        [[maybe_unused]] const int owned = ::chown(socket.constData(), sandbox->user, gid_t(-1));
    }
    if (status && tree.isUsable()) {
        const auto take = [&](Cgroup *place, const Result<Cgroup> &made) {
            if (made)
                *place = *made;
            else if (status)
                status = fail(made.error());
        };
        take(&sandbox->group, tree.root().make("ws-" + sandbox->id.value.toLatin1()));
        sandbox->group.write("memory.max", QByteArray::number(launch.limits.memoryBytes));
        sandbox->group.write("pids.max", QByteArray::number(launch.limits.processes));
        Cgroup leaf;
        take(&leaf, sandbox->group.make("init"));
        for (size_t i = 0; i < sandbox->actors.size(); ++i)
            take(&sandbox->actors[i].group, sandbox->group.make('a' + QByteArray::number(qulonglong(i))));
        sandbox->events.reset(::open(sandbox->group.file("cgroup.events").constData(), O_RDONLY | O_CLOEXEC));
    }
    if (!status) {
        discard(sandbox);
        return fail(status.error());
    }
    return sandbox;
}

/// Takes away what prepare() made.
void RuntimeHost::Private::discard(const SandboxPtr &sandbox)
{
    loop->invoke([&] { sandbox->gateway->stop(); });
    if (!sandbox->group.isNull())
        sandbox->group.killAndRemove();
    removeTree(sandbox->folder);
}

/// On the loop's thread: watches a sandbox that runs until nothing of it is left.
void RuntimeHost::Private::attach(const SandboxPtr &sandbox)
{
    loop->watch(sandbox->monitorProcess.get(), EPOLLIN, [this, sandbox](uint32_t) { monitorEnded(sandbox); });
    loop->watch(sandbox->initProcess.get(), EPOLLIN, [this, sandbox](uint32_t) {
        loop->unwatch(sandbox->initProcess.get());
        sandbox->initGone = true;
        endIfGone(sandbox);
    });
    if (sandbox->events) {
        loop->watch(sandbox->events.get(), EPOLLPRI, [this, sandbox](uint32_t) {
            std::array<char, 128> ignored; // reading arms the next notification
            [[maybe_unused]] const auto got = ::pread(sandbox->events.get(), ignored.data(), ignored.size(), 0);
            emitChanged(sandbox->id);
            endIfGone(sandbox);
        });
    }
    for (ActorPlace &place : sandbox->actors) {
        watchActor(sandbox, place);
        attachTerminal(*sandbox, place);
        emitEvent(*sandbox, &place, u"process.start"_s, commandOf(place.actor));
    }
    emitChanged(sandbox->id);
}

void RuntimeHost::Private::watchActor(const SandboxPtr &sandbox, ActorPlace &place)
{
    loop->watch(place.process.get(), EPOLLIN, [this, sandbox, &place](uint32_t) { actorEnded(sandbox, place); });
    loop->watch(place.channel.get(), EPOLLIN, [this, sandbox, &place](uint32_t) { readAnnouncement(sandbox, place); });
}

void RuntimeHost::Private::actorEnded(const SandboxPtr &sandbox, ActorPlace &place)
{
    if (!place.process)
        return;
    loop->unwatch(place.process.get());
    place.process.reset();
    emitEvent(*sandbox, &place, u"process.exit"_s, commandOf(place.actor));
    emitChanged(sandbox->id);
}

void RuntimeHost::Private::readAnnouncement(const SandboxPtr &sandbox, ActorPlace &place)
{
    std::array<char, detailLimit + 64> bytes;
    iovec vector{bytes.data(), bytes.size()};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(ucred))];
    msghdr message{};
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    const ssize_t size = ::recvmsg(place.channel.get(), &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (size <= 0) {
        if (size == 0 || (errno != EAGAIN && errno != EINTR))
            loop->unwatch(place.channel.get()); // the last holder let go of it
        return;
    }
    // Whose channel it is proves little, since descriptors can be handed on; the kernel names the process that wrote.
    const ActorPlace *speaker = nullptr;
    for (cmsghdr *part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
        if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_CREDENTIALS) {
            ucred sender;
            std::memcpy(&sender, CMSG_DATA(part), sizeof sender);
            speaker = sandbox->actorOf(sender.pid);
        }
    }
    const QString text = QString::fromUtf8(bytes.data(), size).trimmed();
    const qsizetype blank = text.indexOf(u' ');
    const QString action = text.left(blank);
    if (action == "terminal.end"_L1) {
        atTerminal(place, &TerminalReader::cutAsked); // its own channel, its own terminal
        return;
    }
    if (!isAnnouncement(action))
        return;
    if (emitBudgeted(*sandbox, speaker ? speaker : &place, action, blank < 0 ? QString() : text.mid(blank + 1)))
        return;
    // Let a workspace that talks without end wait for us instead of keeping us busy.
    loop->change(place.channel.get(), 0);
    loop->after(std::chrono::seconds(1), [this, sandbox, &place] { loop->change(place.channel.get(), EPOLLIN); });
}

void RuntimeHost::Private::monitorEnded(const SandboxPtr &sandbox)
{
    loop->unwatch(sandbox->monitorProcess.get());
    siginfo_t ignored{};
    ::waitid(P_PIDFD, id_t(sandbox->monitorProcess.get()), &ignored, WEXITED);
    sandbox->monitorGone = true;
    // Without its monitor a sandbox has no one that would reap it: what is left of it goes too.
    sandbox->kill();
    endIfGone(sandbox);
}

/// The end, once monitor, pid 1 and the last process of the cgroup are gone from the kernel.
void RuntimeHost::Private::endIfGone(const SandboxPtr &sandbox)
{
    if (!sandbox->monitorGone || !sandbox->initGone)
        return;
    if (!sandbox->group.isNull() && sandbox->group.exists()) {
        if (sandbox->group.isPopulated())
            return; // cgroup.events will tell
        if (sandbox->events) {
            loop->unwatch(sandbox->events.get());
            sandbox->events.reset();
        }
        if (!sandbox->group.remove()) {
            loop->after(std::chrono::milliseconds(20), [this, sandbox] { endIfGone(sandbox); });
            return;
        }
    }
    bool asked = false;
    {
        const std::lock_guard lock(sandbox->mutex);
        if (sandbox->ended)
            return;
        asked = sandbox->asked;
    }
    for (ActorPlace &place : sandbox->actors) {
        actorEnded(sandbox, place);
        loop->unwatch(place.channel.get());
        atTerminal(place, &TerminalReader::end);
    }
    sandbox->gateway->stop();
    removeTree(sandbox->folder);
    const std::lock_guard lock(mutex);
    {
        const std::lock_guard own(sandbox->mutex);
        sandbox->ended = true;
    }
    // Said before the destructor, which waits for the end, can go on.
    if (options.onExited)
        tell([this, id = sandbox->id, asked] { options.onExited(id, asked); });
    emitChanged(sandbox->id);
    ended.notify_all();
}

void RuntimeHost::Private::tellAttempt(const SandboxPtr &sandbox, const Gateway::Attempt &attempt)
{
    const pid_t owner = ownerOfLocalPort(sandbox->init, attempt.clientPort, sandbox->pids());
    const ActorPlace *place = owner > 0 ? sandbox->actorOf(owner) : nullptr;
    QString detail = attempt.destination;
    if (!attempt.why.isEmpty())
        detail += " ("_L1 + attempt.why + u')';
    emitBudgeted(*sandbox, place, attempt.allowed ? u"network.connect"_s : u"network.denied"_s, detail,
                 attempt.allowed);
}

void RuntimeHost::Private::emitEvent(const Sandbox &sandbox, const ActorPlace *place, const QString &action,
                                     const QString &detail, bool allowed)
{
    if (!options.onEvent)
        return;
    RuntimeEvent event;
    event.workspace = sandbox.id;
    if (place) {
        event.actor = place->actor.id;
        event.actorKind = place->actor.kind;
    }
    event.action = action;
    event.detail = Untrusted(detail.left(detailLimit));
    event.allowed = allowed;
    event.at = Clock::system().now();
    tell([this, event = std::move(event)] { options.onEvent(event); });
}

bool RuntimeHost::Private::emitBudgeted(const Sandbox &sandbox, const ActorPlace *place, const QString &action,
                                        const QString &detail, bool allowed)
{
    qint64 dropped = 0;
    if (!sandbox.budget->take(std::chrono::steady_clock::now(), &dropped))
        return false;
    if (dropped > 0)
        emitEvent(sandbox, nullptr, u"events.dropped"_s, QString::number(dropped), false);
    emitEvent(sandbox, place, action, detail, allowed);
    return true;
}

void RuntimeHost::Private::emitChanged(const WorkspaceId &id)
{
    if (!options.onChanged)
        return;
    {
        const std::lock_guard lock(telling);
        if (changed.contains(id))
            return;
        changed.insert(id);
    }
    tell([this, id] {
        {
            const std::lock_guard lock(telling);
            changed.remove(id);
        }
        options.onChanged(id);
    });
}

void RuntimeHost::Private::tell(std::function<void()> work)
{
    const std::lock_guard lock(telling);
    if (!silent)
        callbacks->push(std::move(work));
}

} // namespace parapet::plane
