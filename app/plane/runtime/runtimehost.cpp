// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/runtime/runtimehost.h"

#include "app/plane/runtime/hostprivate.h"
#include "app/plane/runtime/privatefolder.h"
#include "app/plane/runtime/seccomp.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>
#include <QtCore/QStandardPaths>

namespace parapet::plane {

using namespace Qt::StringLiterals;

QString runtimeText(const char *text)
{
    return QCoreApplication::translate("runtime", text);
}

RuntimeHost::Private::Private(Options given)
    : options(std::move(given)), seccomp(sandboxFilter()), boot(bootId()), host(hostName())
{
    terminals = std::make_unique<Loop>();
    loop = std::make_unique<Loop>();
    callbacks = std::make_unique<WorkQueue>();
    spawner = std::make_unique<WorkQueue>();
    snapshots = std::make_unique<WorkQueue>();
    // First: holding it says that no other plane of this id lives, so that what lies there may be cleared away.
    if (Result<PrivateFolder> made = makePrivateFolder(options.planeId, options.stateFolder)) {
        folder = made->path;
        folderLock = std::move(made->lock);
        if (options.useCgroups)
            tree = CgroupTree::probe(options.planeId, made->abandoned);
    } else {
        folderProblem = made.error().message;
    }
    findPrograms();
    findCapabilities();
}

void RuntimeHost::Private::findPrograms()
{
    const QString bwrap =
        options.bwrapProgram.isEmpty() ? QStandardPaths::findExecutable(u"bwrap"_s) : options.bwrapProgram;
    const QString init = options.initProgram.isEmpty()
                             ? QCoreApplication::applicationDirPath() + "/parapet-sandbox-init"_L1
                             : options.initProgram;
    programs.bwrap = QFile::encodeName(bwrap);
    programs.init = QFile::encodeName(init);
    programs.monitors = tree.monitors();
}

void RuntimeHost::Private::findCapabilities()
{
    QString reason;
    if (programs.bwrap.isEmpty()) {
        reason =
            runtimeText(QT_TRANSLATE_NOOP("runtime", "bubblewrap (bwrap) is not installed; workspaces cannot run."));
    } else if (!QFile::exists(QFile::decodeName(programs.init))) {
        reason = runtimeText(
            QT_TRANSLATE_NOOP("runtime", "parapet-sandbox-init is missing beside the plane; install Parapet again."));
    } else if (const Status works = trySandbox(programs, seccomp); !works) {
        reason = works.error().message;
    } else if (folder.isEmpty()) {
        reason = folderProblem;
    } else {
        programs.scripts = folder + "/bin";
        if (const Status placed = placeScripts(programs.scripts); !placed)
            reason = placed.error().message;
    }
    for (const QString &verb : RuntimeHost::verbs())
        capabilities.insert(verb, reason.isEmpty() ? Capability::present() : Capability::absent(reason));
    if (!reason.isEmpty())
        return;
    if (!tree.isUsable()) {
        const QString why = tree.reason().isEmpty()
                                ? runtimeText(QT_TRANSLATE_NOOP("runtime", "Control groups are switched off."))
                                : tree.reason();
        const QString limitation =
            runtimeText(QT_TRANSLATE_NOOP("runtime", "By signals, process after process, not at one instant: %1"))
                .arg(why);
        for (const QString &verb : {u"freeze"_s, u"pauseAgent"_s, u"snapshot"_s})
            capabilities.insert(verb, Capability::degraded(limitation));
    }
    if (!tree.hasController("memory") || !tree.hasController("pids")) {
        capabilities.insert(
            u"limits"_s, Capability::degraded(runtimeText(QT_TRANSLATE_NOOP(
                             "runtime", "The cgroup v2 controllers memory and pids are not both delegated here; limits "
                                        "hold for each process and user, not for the workspace as a whole."))));
    }
}

RuntimeHost::Private::~Private()
{
    closing = true;
    {
        // Starts that are under way end first, then everything is killed and seen to be gone.
        std::unique_lock lock(mutex);
        ended.wait(lock, [this] { return starting.isEmpty(); });
        for (const SandboxPtr &sandbox : std::as_const(sandboxes))
            sandbox->kill();
        ended.wait_for(lock, std::chrono::seconds(20), [this] {
            return std::all_of(sandboxes.cbegin(), sandboxes.cend(), [](const SandboxPtr &sandbox) {
                const std::lock_guard own(sandbox->mutex);
                return sandbox->ended;
            });
        });
    }
    snapshots.reset();
    {
        const std::lock_guard lock(telling);
        silent = true;
    }
    callbacks.reset(); // tells what is left; it may still call us, so the others are there
    spawner.reset();
    loop.reset();
    terminals.reset(); // every reader has been told to end
    if (tree.isUsable())
        tree.root().remove();
    if (!folder.isEmpty())
        removeTree(folder);
}

RuntimeHost::Private::SandboxPtr RuntimeHost::Private::find(const WorkspaceId &id) const
{
    const std::lock_guard lock(mutex);
    return sandboxes.value(id);
}

Result<RuntimeHost::Private::SandboxPtr> RuntimeHost::Private::running(const WorkspaceId &id) const
{
    SandboxPtr sandbox = find(id);
    if (sandbox) {
        const std::lock_guard lock(sandbox->mutex);
        if (!sandbox->ended)
            return sandbox;
    }
    return fail(Error::Code::NotFound, runtimeText(QT_TRANSLATE_NOOP("runtime", "The workspace does not run.")),
                id.value);
}

RuntimeState RuntimeHost::Private::read(const WorkspaceId &id, const Sandbox *sandbox) const
{
    RuntimeState state;
    state.workspace = id;
    state.bootId = boot;
    state.host = host;
    if (sandbox) {
        const QVector<pid_t> pids = sandbox->pids();
        state.processes = pids.size();
        if (sandbox->isInitAlive()) {
            state.rootPid = sandbox->init;
            state.rootStartTicks = qint64(sandbox->initTicks);
        }
        state.frozen = sandbox->isFrozen(pids);
        state.agentPaused = sandbox->isAgentPaused(pids);
        state.networkPresent = sandbox->hasNetwork(pids);
        state.isolated = sandbox->gateway->isIsolated();
        state.openFlows = sandbox->gateway->openFlows();
        const bool monitored = readProcStat(sandbox->monitor).has_value() && !sandbox->monitorGone;
        state.exists =
            !pids.isEmpty() || state.rootPid != 0 || state.networkPresent || monitored || sandbox->group.exists();
    } else if (tree.isUsable()) {
        const Cgroup group(tree.root().file(("ws-" + id.value.toLatin1()).constData()));
        state.exists = group.exists();
        state.processes = state.exists ? group.processes().size() : 0;
    }
    state.at = Clock::system().now();
    return state;
}

QVector<Process> RuntimeHost::Private::readProcesses(const Sandbox &sandbox) const
{
    constexpr qsizetype most = 4096;
    const QVector<pid_t> pids = sandbox.pids();
    QVector<Process> found;
    QHash<qint64, qint64> inner; // host pid → pid in the sandbox
    const std::lock_guard lock(sandbox.mutex);
    QHash<qint64, Sandbox::Sample> samples;
    for (const pid_t pid : pids) {
        const auto stat = readProcStat(pid);
        if (!stat || found.size() == most)
            continue;
        Process process;
        process.hostPid = pid;
        process.pid = innermostPid(pid);
        process.parent = stat->parent;
        process.startTicks = qint64(stat->startTicks);
        process.command = Untrusted(readCommandLine(pid));
        process.memory = stat->residentBytes;
        process.started = instantOfTicks(stat->startTicks);
        const ActorPlace *place = sandbox.actorOf(pid);
        process.actorKind = place ? place->actor.kind : ActorKind::Service;
        if (place)
            process.actor = place->actor.id;
        const auto now = std::chrono::steady_clock::now();
        const auto before = sandbox.samples.constFind(pid);
        if (before != sandbox.samples.constEnd() && before->startTicks == stat->startTicks && now > before->at) {
            const double seconds = std::chrono::duration<double>(now - before->at).count();
            process.cpu = 100.0 * double(stat->cpuTicks - before->cpuTicks) / double(ticksPerSecond()) / seconds;
        }
        samples.insert(pid, {stat->startTicks, stat->cpuTicks, now});
        inner.insert(pid, process.pid);
        found.append(std::move(process));
    }
    sandbox.samples = std::move(samples);
    for (Process &process : found)
        process.parent = inner.value(process.parent, 0);
    return found;
}

RuntimeHost::RuntimeHost(Options options) : d(std::make_unique<Private>(std::move(options)))
{
}

RuntimeHost::~RuntimeHost() = default;

QStringList RuntimeHost::verbs()
{
    return {u"start"_s,     u"freeze"_s,    u"isolate"_s, u"snapshot"_s, u"pauseAgent"_s,
            u"terminate"_s, u"processes"_s, u"flows"_s,   u"limits"_s};
}

Capability RuntimeHost::capability(const QString &verb) const
{
    return d->capabilities.value(
        verb, Capability::absent(runtimeText(QT_TRANSLATE_NOOP("runtime", "This runtime does not know that action."))));
}

Status RuntimeHost::start(const Launch &launch)
{
    return d->begin(launch);
}

QVector<WorkspaceId> RuntimeHost::running() const
{
    const std::lock_guard lock(d->mutex);
    QVector<WorkspaceId> ids;
    for (const auto &sandbox : std::as_const(d->sandboxes)) {
        const std::lock_guard own(sandbox->mutex);
        if (!sandbox->ended)
            ids.append(sandbox->id);
    }
    return ids;
}

RuntimeState RuntimeHost::state(const WorkspaceId &id) const
{
    return d->read(id, d->find(id).get());
}

Result<QVector<Process>> RuntimeHost::processes(const WorkspaceId &id) const
{
    const auto sandbox = d->running(id);
    if (!sandbox)
        return fail(sandbox.error());
    return d->readProcesses(**sandbox);
}

Result<QVector<Flow>> RuntimeHost::flows(const WorkspaceId &id) const
{
    const auto sandbox = d->find(id);
    if (!sandbox)
        return fail(d->running(id).error());
    return sandbox->gateway->flows();
}

Result<RuntimeState> RuntimeHost::setFrozen(const WorkspaceId &id, bool frozen)
{
    const auto sandbox = d->running(id);
    if (!sandbox)
        return fail(sandbox.error());
    {
        const std::lock_guard lock((*sandbox)->mutex);
        (*sandbox)->freezeWanted = frozen;
        // While a snapshot is read it stays frozen; what is wanted takes effect at its end.
        if ((frozen || (*sandbox)->readers == 0) && !(*sandbox)->applyFrozen(frozen))
            return fail(Error::Code::Server, runtimeText(QT_TRANSLATE_NOOP(
                                                 "runtime", "The kernel refused to change the workspace's freezer.")));
    }
    d->emitChanged(id);
    return state(id);
}

Result<RuntimeState> RuntimeHost::setIsolated(const WorkspaceId &id, bool isolated)
{
    const auto sandbox = d->running(id);
    if (!sandbox)
        return fail(sandbox.error());
    d->loop->invoke([&] { (*sandbox)->gateway->setIsolated(isolated); });
    return state(id);
}

Result<RuntimeState> RuntimeHost::setAgentPaused(const WorkspaceId &id, bool paused)
{
    const auto sandbox = d->running(id);
    if (!sandbox)
        return fail(sandbox.error());
    if (!(*sandbox)->hasAgent())
        return fail(Error::Code::Conflict,
                    runtimeText(QT_TRANSLATE_NOOP("runtime", "No AI agent is at work in this workspace.")), id.value);
    {
        const std::lock_guard lock((*sandbox)->mutex);
        if (!(*sandbox)->applyAgentPaused(paused))
            return fail(Error::Code::Server, runtimeText(QT_TRANSLATE_NOOP(
                                                 "runtime", "The kernel refused to change the workspace's freezer.")));
    }
    d->emitChanged(id);
    return state(id);
}

Result<RuntimeState> RuntimeHost::terminate(const WorkspaceId &id)
{
    if (const auto sandbox = d->find(id)) {
        {
            const std::lock_guard lock(sandbox->mutex);
            if (!sandbox->ended)
                sandbox->asked = true;
        }
        sandbox->kill();
    }
    return state(id);
}

void RuntimeHost::forget(const WorkspaceId &id)
{
    const std::lock_guard lock(d->mutex);
    const auto found = d->sandboxes.constFind(id);
    if (found == d->sandboxes.constEnd())
        return;
    bool ended = false;
    {
        const std::lock_guard own((*found)->mutex);
        ended = (*found)->ended;
    }
    if (ended)
        d->sandboxes.erase(found);
}

Status RuntimeHost::placeSecrets(const WorkspaceId &id, const QVector<SandboxSecret> &secrets,
                                 const QStringList &removed)
{
    const auto sandbox = d->running(id);
    if (!sandbox)
        return fail(sandbox.error());
    const QByteArray folder = (*sandbox)->folder + "/secrets/";
    for (const SandboxSecret &secret : secrets) {
        if (!isSecretName(secret.name))
            return fail(Error::Code::Invalid,
                        runtimeText(QT_TRANSLATE_NOOP("runtime", "That is not a name for a secret file.")),
                        secret.name);
        if (const Status placed = placeFile(folder + secret.name.toLatin1(), secret.content, 0400, (*sandbox)->user);
            !placed)
            return placed;
    }
    for (const QString &name : removed) {
        if (isSecretName(name))
            ::unlink((folder + name.toLatin1()).constData());
    }
    return {};
}

Status RuntimeHost::setEgress(const WorkspaceId &id, const QVector<EgressRule> &egress, const QVector<Route> &routes)
{
    const auto sandbox = d->running(id);
    if (!sandbox)
        return fail(sandbox.error());
    d->loop->invoke([&] { (*sandbox)->gateway->setPolicy(egress, routes); });
    return {};
}

QString RuntimeHost::archivePath(const QString &folder, const SnapshotId &id)
{
    return folder + u'/' + id.value + ".tar"_L1;
}

QString RuntimeHost::manifestPath(const QString &folder, const SnapshotId &id)
{
    return folder + u'/' + id.value + ".manifest"_L1;
}

} // namespace parapet::plane
