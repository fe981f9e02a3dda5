// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/operation/run.h"

#include <QtCore/QObject>

#include <memory>

namespace parapet::operation {

struct Environment;
class Engine;
class JournalWriter;

/// One run of a plan, alive. Made by a Runner (runner.h), which owns it; it goes on without anybody looking.
///
/// Each step is taken in two phases: *requested*, durable in the journal before the call goes out, then *observed* by
/// re-reading. Before each request the target is looked at: what is already so is not asked for, and a target that is no
/// longer what the plan resolved fails by name. Steps run breadth first, at most Environment::parallelism at once. When the
/// steps of a workspace are observed its probes are tried, and tried again with growing waits until they hold.
/// Signals come batched: at most one of each kind in 50 ms.
class Operation : public QObject
{
    Q_OBJECT

public:
    ~Operation() override;

    const Run &run() const { return m_run; }
    const Plan &plan() const { return m_run.plan; }
    OperationId id() const { return m_run.plan.id; }
    RunState state() const { return m_run.state; }
    Summary summary() const { return summarize(m_run); }
    /// Nothing more will happen: finished, or taken back.
    bool isOver() const { return m_run.state == RunState::Finished || m_run.state == RunState::Cancelled; }

    /// Since the start; stands still when it is over.
    Milliseconds elapsed() const;
    /// When the next thing that waits is tried again; unknown when nothing waits.
    Instant nextTry() const;
    /// It could not be journaled: nothing more is requested, and the message says what to do.
    const std::optional<Error> &journalError() const { return m_journalError; }

    /// Nothing new starts; what is under way is seen to its end.
    void pause();
    void resume();
    /// Takes back what this operation asked for, last first, in every chain that has not begun to destroy. A chain that has
    /// begun goes on to its end: half destroyed is worse than either. Steps that were found done are left alone.
    void cancel();
    bool canCancel() const;
    /// Tries everything that waits (or failed) now.
    void retryNow();
    /// Something changed in the source: whatever waits to be seen in that workspace is looked at again. Cheap.
    void hint(const WorkspaceId &workspace);
    /// Tries again to sign and store the certificate, once everything holds.
    void signNow();

Q_SIGNALS:
    /// Rows of plan().steps.
    void stepsChanged(const QVector<int> &rows);
    /// Rows of plan().probes.
    void probesChanged(const QVector<int> &rows);
    /// Rows from `first` on are new: a step found what the plan did not know of.
    void probesAdded(int first);
    void stateChanged(parapet::operation::RunState state);
    void certificateChanged();
    void journalFailed(const parapet::Error &error);

private:
    friend class Runner;
    friend class Engine;
    Operation(Run run, std::unique_ptr<JournalWriter> journal, const Environment &environment);

    Run m_run;
    const Clock *m_clock;
    std::optional<Error> m_journalError;
    std::unique_ptr<Engine> m_engine;        ///< none in a run that was opened to be read
};

} // namespace parapet::operation
