// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/operation/runner.h"

#include "models/operation/engine.h"
#include "models/operation/journal.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QThreadPool>

namespace parapet::operation {

using namespace Qt::StringLiterals;

namespace {

QString runnerText(const char *source)
{
    return QCoreApplication::translate("operation", source);
}

/// A run whose plan is not whole asked for nothing, and one that is over only lacks its final name: both are tidied up here.
std::optional<UnfinishedRun> readUnfinished(const QString &folder, const QString &path)
{
    UnfinishedRun found;
    found.path = path;
    found.id = OperationId(QFileInfo(path).completeBaseName());
    QVector<QByteArray> records;
    const auto file = AppendFile::open(path, &records);
    if (!file) {
        // Held by another program: it runs there, and is not unfinished.
        if (file.error().code == Error::Code::Conflict)
            return std::nullopt;
        found.unreadable = file.error();
        return found;
    }
    const Result<Replayed> replayed = replay(records);
    if (!replayed) {
        found.unreadable = replayed.error();
        return found;
    }
    if (!replayed->whole) {
        QFile::remove(path);
        return std::nullopt;
    }
    if (replayed->run.state == RunState::Finished || replayed->run.state == RunState::Cancelled) {
        QFile::rename(path, journalPath(folder, found.id));
        return std::nullopt;
    }
    found.title = replayed->run.plan.title;
    found.started = replayed->run.started;
    return found;
}

} // namespace

Runner::Runner(Environment environment, QObject *parent) : QObject(parent), m_environment(std::move(environment))
{
    QDir().mkpath(m_environment.folder);
    QFile::setPermissions(m_environment.folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
}

Runner::~Runner()
{
    qDeleteAll(m_operations);
}

Result<Operation *> Runner::start(const Plan &plan)
{
    if (const Status sound = check(plan); !sound)
        return fail(sound.error());
    for (const Step &step : plan.steps) {
        const bool undoKnown = step.undoVerb.isEmpty() || m_environment.actions->find(step.undoVerb);
        if (!m_environment.actions->find(step.verb) || !undoKnown)
            return fail(Error::Code::Invalid, runnerText("This version does not know how to “%1”.").arg(step.verb));
    }
    const QString path = runningPath(m_environment.folder, plan.id);
    if (find(plan.id) || QFile::exists(path) || QFile::exists(journalPath(m_environment.folder, plan.id)))
        return fail(Error::Code::Invalid, runnerText("Operation %1 has run already. Make a new plan.").arg(plan.id.value));
    Run run = freshRun(plan);
    if (!plan.evidenceOverride.isEmpty()) {
        run.plan.probes.removeIf([](const Probe &probe) { return probe.kind == ProbeKind::Evidence; });
        run.probes.resize(run.plan.probes.size());
    }
    run.journalPath = path;
    auto journal = std::make_unique<JournalWriter>(path, *m_environment.files);
    std::unique_ptr<Operation> operation(new Operation(std::move(run), std::move(journal), m_environment));
    operation->m_engine->begin(false);
    return adopt(std::move(operation));
}

Reply<QVector<UnfinishedRun>> Runner::unfinished() const
{
    auto promise = std::make_shared<QPromise<Result<QVector<UnfinishedRun>>>>();
    promise->start();
    QSet<QString> mine;
    for (const Operation *operation : m_operations)
        mine.insert(operation->id().value);
    QThreadPool::globalInstance()->start([promise, mine, folder = m_environment.folder] {
        QVector<UnfinishedRun> runs;
        const QFileInfoList files = QDir(folder).entryInfoList({u"*.running"_s}, QDir::Files);
        for (const QFileInfo &file : files) {
            if (mine.contains(file.completeBaseName()))
                continue;
            if (const auto found = readUnfinished(folder, file.filePath()))
                runs.append(*found);
        }
        std::stable_sort(runs.begin(), runs.end(), [](const UnfinishedRun &a, const UnfinishedRun &b) { return a.started < b.started; });
        promise->addResult(Result<QVector<UnfinishedRun>>(std::move(runs)));
        promise->finish();
    });
    return promise->future();
}

Reply<Operation *> Runner::resume(const QString &path)
{
    auto promise = std::make_shared<QPromise<Result<Operation *>>>();
    promise->start();
    auto *writer = new JournalWriter(path, *m_environment.files);
    writer->setParent(this);
    writer->open([this, promise, writer, path](const Result<Replayed> &replayed) {
        const auto answer = [&promise](Result<Operation *> result) {
            promise->addResult(std::move(result));
            promise->finish();
        };
        const bool over = replayed && (replayed->run.state == RunState::Finished || replayed->run.state == RunState::Cancelled);
        if (!replayed || !replayed->whole || over) {
            writer->deleteLater();
            answer(replayed ? fail(Error::Code::Invalid, runnerText("This run asks for nothing more: there is nothing to take up."))
                            : fail(replayed.error()));
            return;
        }
        Run run = replayed->run;
        run.journalPath = path;
        if (run.certificate)
            run.certificate->path = certificatePath(m_environment.folder, run.plan.id);
        writer->setParent(nullptr);
        std::unique_ptr<Operation> operation(new Operation(std::move(run), std::unique_ptr<JournalWriter>(writer), m_environment));
        operation->m_engine->begin(true);
        answer(adopt(std::move(operation)));
    });
    return promise->future();
}

Operation *Runner::adopt(std::unique_ptr<Operation> owned)
{
    Operation *operation = owned.release();
    m_operations.append(operation);
    connect(operation, &Operation::stateChanged, this, [this, operation] { Q_EMIT operationChanged(operation); });
    connect(operation, &Operation::probesChanged, this, [this, operation] { Q_EMIT operationChanged(operation); });
    connect(operation, &Operation::journalFailed, this, [this, operation] { Q_EMIT operationChanged(operation); });
    Q_EMIT operationAdded(operation);
    return operation;
}

Operation *Runner::find(const OperationId &id) const
{
    for (Operation *operation : m_operations) {
        if (operation->id() == id)
            return operation;
    }
    return nullptr;
}

void Runner::forget(Operation *operation)
{
    if (!operation || !operation->isOver() || !m_operations.removeOne(operation))
        return;
    const OperationId id = operation->id();
    operation->deleteLater();
    Q_EMIT operationForgotten(id);
}

void Runner::listen(Watch *watch)
{
    connect(watch, &Watch::changed, this, [this](const QVector<ChangeEvent> &events) {
        QSet<WorkspaceId> touched;
        for (const ChangeEvent &event : events) {
            // Probing writes audit events: to probe again for each of them would never end.
            if (event.kind == "event"_L1)
                continue;
            const QString workspace = event.kind == "workspace"_L1 ? event.id : event.object.value(u"workspace"_s).toString();
            if (!workspace.isEmpty())
                touched.insert(WorkspaceId(workspace));
        }
        for (Operation *operation : std::as_const(m_operations)) {
            if (operation->isOver())
                continue;
            for (const WorkspaceId &workspace : std::as_const(touched))
                operation->hint(workspace);
        }
    });
    connect(watch, &Watch::gapFound, this, [this] {
        for (Operation *operation : std::as_const(m_operations))
            for (const PlanWorkspace &workspace : operation->plan().workspaces)
                operation->hint(workspace.id);
    });
}

} // namespace parapet::operation
