// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/operation/runner.h"

#include "models/operation/engine.h"
#include "models/operation/journal.h"
#include "models/operation/runfolder.h"

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

/// What `work` gives, on a thread of the pool.
template<class T, class Work>
Reply<T> asked(Work work)
{
    auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    QThreadPool::globalInstance()->start([promise, work = std::move(work)] {
        promise->addResult(Result<T>(work()));
        promise->finish();
    });
    return promise->future();
}

} // namespace

Runner::Runner(Environment environment, QObject *parent)
    : QObject(parent), m_environment(std::move(environment)), m_folder(std::make_shared<RunFolder>(m_environment.folder))
{
    QDir().mkpath(m_environment.folder);
    QFile::setPermissions(m_environment.folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
}

Runner::~Runner()
{
    qDeleteAll(m_operations);
    qDeleteAll(m_opened);
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
    if (m_environment.starter)
        run.startedBy = m_environment.starter();
    else if (m_environment.certifier)
        run.startedBy = m_environment.certifier->signer();
    auto journal = std::make_unique<JournalWriter>(path, *m_environment.files);
    std::unique_ptr<Operation> operation(new Operation(std::move(run), std::move(journal), m_environment));
    operation->m_engine->begin(false);
    return adopt(std::move(operation));
}

QSet<QString> Runner::mine() const
{
    QSet<QString> ids;
    for (const Operation *operation : m_operations)
        ids.insert(operation->id().value);
    return ids;
}

Reply<QVector<UnfinishedRun>> Runner::unfinished() const
{
    return asked<QVector<UnfinishedRun>>([folder = m_folder, mine = mine()] { return folder->read(mine).unfinished; });
}

Reply<QVector<PastRun>> Runner::past() const
{
    return asked<QVector<PastRun>>([folder = m_folder, mine = mine()] { return folder->read(mine).past; });
}

Reply<Operation *> Runner::open(const QString &path)
{
    auto promise = std::make_shared<QPromise<Result<Operation *>>>();
    promise->start();
    deliver(this, asked<Run>([path] { return RunFolder::load(path); }), [this, promise](const Result<Run> &run) {
        Result<Operation *> result = run ? Result<Operation *>(nullptr) : Result<Operation *>(fail(run.error()));
        if (run) {
            m_opened.append(new Operation(*run, nullptr, m_environment));
            result = m_opened.last();
        }
        promise->addResult(std::move(result));
        promise->finish();
    });
    return promise->future();
}

void Runner::close(Operation *opened)
{
    if (m_opened.removeOne(opened))
        opened->deleteLater();
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
    forgetOld();
    return operation;
}

/// A run holds its whole plan: those that are over do not pile up for as long as the program runs.
void Runner::forgetOld()
{
    QVector<Operation *> over;
    std::copy_if(m_operations.cbegin(), m_operations.cend(), std::back_inserter(over), [](const Operation *one) { return one->isOver(); });
    for (qsizetype i = 0; i + keptOver < over.size(); ++i)
        forget(over[i]);
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
