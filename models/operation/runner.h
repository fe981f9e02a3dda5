// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/appendfile.h"
#include "models/operation/action.h"
#include "models/operation/certifier.h"
#include "models/operation/operation.h"
#include "models/operation/timers.h"
#include "models/ports/watch.h"

#include <QtCore/QSet>

namespace parapet::operation {

/// What operations run in. Pointers outlive the runner.
struct Environment {
    QString folder;                      ///< where journals and certificates lie; made (0700) when missing
    const ActionSet *actions = nullptr;
    QVector<Observer *> observers;
    Certifier *certifier = nullptr;      ///< null: plans that want a certificate say that there is no key
    std::function<Operator()> starter;   ///< who starts what is started now; unset: the certifier's signer
    const Clock *clock = &Clock::system();
    Timers *timers = &Timers::system();
    FileCalls *files = &FileCalls::system();
    int parallelism = 1024;              ///< steps at once: what is asked in one moment travels together
    int probeParallelism = 4096;         ///< probes at once
};

/// A run found in the folder that is not over.
struct UnfinishedRun {
    OperationId id;
    QString title;
    Instant started{};
    QString path;
    std::optional<Error> unreadable;     ///< damaged: it cannot be resumed, and the message says what to do
};

/// A run that is over, as its journal tells it: a row of a list. Values only; open() brings the whole of it.
struct PastRun {
    OperationId id;
    QString feature;                     ///< "revoke", "freeze", …
    QString title;                       ///< translated when it was planned
    QString reason;                      ///< as it was typed
    QString system;                      ///< the connection's name
    QString startedBy;                   ///< principal identifier; empty in journals of earlier versions
    RunState state = RunState::Finished; ///< Finished or Cancelled
    Instant started{};
    Instant ended{};
    int workspaces = 0;
    Summary summary;                     ///< how many probes of how many hold, …
    QString path;                        ///< its journal
    QString certificatePath;             ///< empty: it has none
    std::optional<Error> unreadable;     ///< damaged: only id, path and this are known
};

class RunFolder;

/// Starts, resumes and keeps operations. Lives on one thread, the GUI's; journals are written on threads of their own.
class Runner : public QObject
{
    Q_OBJECT

public:
    explicit Runner(Environment environment, QObject *parent = nullptr);
    ~Runner() override;

    const Environment &environment() const { return m_environment; }

    /// Checks the plan and begins: nothing is asked for before the plan is durable in its journal (a journal that cannot be
    /// made shows as Operation::journalFailed). With an evidenceOverride the evidence steps, and the probes of evidence, are
    /// skipped for that reason. Invalid: the plan is not sound, names a verb that is unknown here, or has an id that ran already.
    Result<Operation *> start(const Plan &plan);

    /// Runs of earlier processes that did not end and that no other process has taken up, oldest first. Reads the folder on a
    /// thread of its own and locks nothing, unchanged files once; nothing starts.
    Reply<QVector<UnfinishedRun>> unfinished() const;
    /// Runs that are over, of this and of earlier processes, latest first; without those that operations() holds. The same
    /// scan as unfinished(): files that have not changed since are not read again, and nothing is locked.
    Reply<QVector<PastRun>> past() const;
    /// A run that is over, whole and read-only, with its certificate: run(), plan() and summary() are as they were at its end,
    /// and nothing goes on. Not in operations(); the runner's until close() or its end. NotFound, Storage: it cannot be read.
    Reply<Operation *> open(const QString &path);
    /// Drops what open() gave. Any other operation is left alone.
    void close(Operation *opened);

    /// Takes up such a run where it stood: whatever may have been asked for is looked at before it is asked again.
    /// Conflict: another process runs it; Storage: the journal is damaged, and the message names the record.
    Reply<Operation *> resume(const QString &path);

    /// Those begun or resumed in this process, oldest first. Of those that are over, the last keptOver stay, the others are
    /// forgotten: past() has them.
    static constexpr int keptOver = 20;
    QVector<Operation *> operations() const { return m_operations; }
    Operation *find(const OperationId &id) const;
    /// Drops an operation that is over from the list; its journal and certificate stay.
    void forget(Operation *operation);

    /// Changes of this watch make waiting steps look again at once.
    void listen(Watch *watch);

Q_SIGNALS:
    void operationAdded(parapet::operation::Operation *operation);
    void operationChanged(parapet::operation::Operation *operation);
    void operationForgotten(const parapet::OperationId &id);

private:
    Operation *adopt(std::unique_ptr<Operation> operation);
    void forgetOld();
    QSet<QString> mine() const;

    Environment m_environment;
    QVector<Operation *> m_operations;
    QVector<Operation *> m_opened;         ///< read-only
    std::shared_ptr<RunFolder> m_folder;   ///< shared with reading under way
};

} // namespace parapet::operation
