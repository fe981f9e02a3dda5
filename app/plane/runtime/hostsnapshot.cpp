// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/runtime/hostprivate.h"
#include "app/plane/runtime/privatefolder.h"
#include "app/plane/runtime/snapshotwriter.h"
#include "models/wire/codec.h"
#include "models/wire/runtimestate.h"

#include <QtCore/QFile>
#include <QtCore/QFileInfo>

namespace parapet::plane {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::seconds freezeTime(10);

template<class T>
QByteArray statement(const QVector<T> &items)
{
    QByteArray text;
    wire::appendItems(text, items);
    return text + '\n';
}

} // namespace

/// Keeps the workspace frozen while it is read. True once the kernel says that it stands still (or nothing of it runs).
bool RuntimeHost::Private::hold(const SandboxPtr &sandbox)
{
    {
        const std::lock_guard lock(sandbox->mutex);
        ++sandbox->readers;
        if (sandbox->ended)
            return true;
        sandbox->applyFrozen(true);
    }
    if (!sandbox->group.isNull())
        return sandbox->group.waitUntilFrozen(freezeTime) || !sandbox->group.exists() || !sandbox->group.isPopulated();
    const auto end = std::chrono::steady_clock::now() + freezeTime;
    while (std::chrono::steady_clock::now() < end) {
        const QVector<pid_t> pids = sandbox->pids();
        if (pids.isEmpty() || sandbox->isFrozen(pids))
            return true;
        sandbox->applyFrozen(true);
    }
    return false;
}

void RuntimeHost::Private::release(const SandboxPtr &sandbox)
{
    {
        const std::lock_guard lock(sandbox->mutex);
        if (--sandbox->readers == 0 && !sandbox->freezeWanted && !sandbox->ended)
            sandbox->applyFrozen(false);
    }
    emitChanged(sandbox->id);
}

Snapshot RuntimeHost::Private::snapshotNow(const SnapshotRequest &request, const SandboxPtr &sandbox)
{
    Snapshot snapshot;
    snapshot.id = request.id;
    snapshot.workspace = request.workspace;
    const bool still = !sandbox || hold(sandbox);
    snapshot.taken = Clock::system().now();
    Status status;
    if (!still)
        status = fail(Error::Code::Server,
                      runtimeText(QT_TRANSLATE_NOOP("runtime", "The workspace could not be brought to a standstill, so "
                                                               "nothing was saved. Isolate it and try again.")));
    else if (closing)
        status = fail(Error::Code::Cancelled, runtimeText(QT_TRANSLATE_NOOP("runtime", "The plane is shutting down.")));
    else
        status = makeFolder(QFile::encodeName(request.folder));
    if (status) {
        SnapshotWriter writer(QFile::encodeName(RuntimeHost::archivePath(request.folder, request.id)),
                              QFile::encodeName(RuntimeHost::manifestPath(request.folder, request.id)),
                              {options.snapshotFiles, options.snapshotBytes}, closing);
        QByteArray state;
        wire::appendJson(state, read(request.workspace, sandbox.get()));
        status = writer.open();
        if (status)
            status = writer.addStatement("state.json", state + '\n');
        if (status)
            status = writer.addStatement("processes.json",
                                         statement(sandbox ? readProcesses(*sandbox) : QVector<Process>()));
        if (status)
            status =
                writer.addStatement("flows.json", statement(sandbox ? sandbox->gateway->flows() : QVector<Flow>()));
        if (status)
            status = writer.addHome(sandbox ? sandbox->home : QFile::encodeName(request.home));
        if (status) {
            if (const auto written = writer.finish()) {
                snapshot.complete = true;
                snapshot.files = written->files;
                snapshot.bytes = written->bytes;
                snapshot.archiveSha256 = written->archiveSha256;
                snapshot.manifestSha256 = written->manifestSha256;
            } else {
                status = fail(written.error());
            }
        }
    }
    if (sandbox)
        release(sandbox);
    if (!status) {
        snapshot.failure = status.error().message;
        if (!status.error().detail.isEmpty())
            snapshot.failure +=
                " ("_L1 + Untrusted(status.error().detail).inert(512) + u')'; // it may hold a name from the home
    }
    return snapshot;
}

Status RuntimeHost::takeSnapshot(const SnapshotRequest &request, std::function<void(const Snapshot &)> done)
{
    const auto sandbox = d->find(request.workspace);
    // A workspace that ended (with a plane that was killed, say) left its files: they are evidence as long as they lie
    // there.
    if (!sandbox && (request.home.isEmpty() || !QFileInfo(request.home).isDir()))
        return fail(Error::Code::NotFound, runtimeText(QT_TRANSLATE_NOOP("runtime", "The workspace does not run.")),
                    request.workspace.value);
    if (!isIdentifier(request.id.value) || request.folder.isEmpty())
        return fail(Error::Code::Invalid,
                    runtimeText(QT_TRANSLATE_NOOP("runtime", "That is not a snapshot identifier.")), request.id.value);
    d->snapshots->push([this, request, sandbox, done = std::move(done)] { done(d->snapshotNow(request, sandbox)); });
    return {};
}

} // namespace parapet::plane
