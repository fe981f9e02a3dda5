// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/operation/journalwriter.h"
#include "models/operation/runner.h"

#include <deque>
#include <set>

namespace parapet::operation {

/// What makes an Operation go. Four parts over one run: the schedule (engine.cpp), one step's two phases (steprunner.cpp),
/// probes (proberunner.cpp), and the ends of a run: taking back, certificate (ending.cpp). All on the operation's thread.
class Engine final : public QObject
{
public:
    Engine(Operation &operation, std::unique_ptr<JournalWriter> journal, const Environment &environment);

    /// Journals the plan of a new run, or takes up what was replayed.
    void begin(bool resumed);

    void pause();
    void resume();
    void cancel();
    bool canCancel() const;
    void retryNow();
    void hint(const WorkspaceId &workspace);
    void signNow();
    Instant nextTry() const;

private:
    /// How far the asking of a step has come in this process.
    enum class Asked { No, Sent, Answered, Lost };

    struct Work {
        QVector<int> children;
        int missing = 0;        ///< steps it still comes after
        int depth = 0;
        int chain = -1;
        int failures = 0;       ///< transient ones in a row
        int looks = 0;          ///< since it was answered
        quint64 ticket = 0;     ///< of the wait under way; another number makes its timer do nothing
        Asked asked = Asked::No;
        bool busy = false;      ///< a call, a write or a wait is under way
        bool waiting = false;   ///< the wait of them
        bool slot = false;      ///< counts against the parallelism
        std::optional<Error> refusal; ///< the request's final error: decided by one more look
    };
    struct Chain {
        QVector<int> steps;
        QVector<int> probes;
        int open = 0;           ///< steps that are neither observed nor skipped
        int busy = 0;           ///< steps with a call, a write or a wait under way
        bool destroyed = false; ///< a destructive step was asked for
        bool takingBack = false;
        bool takenBack = false;
    };
    struct ProbeWork {
        int chain = -1;
        quint64 ticket = 0;
        bool queued = false;
        bool waiting = false;
    };

    // engine.cpp: what may run, and when
    void prepare();
    void skipEvidence();
    void pump();
    void release(int step);
    void setBusy(int step, bool busy);
    void settle(int step);
    void checkOver();
    bool isHalted() const;
    void setState(RunState state);
    void stepChanged(int step);
    void probeChanged(int probe);
    void scheduleSignals();
    void sendSignals();
    void journalFails(const Error &error);
    Instant now() const { return m_environment.clock->now(); }

    // steprunner.cpp: one step
    const Step &stepOf(int step) const;
    Context contextOf(int step) const;
    void look(int step);
    void looked(int step, const Result<Observation> &result);
    void ask(int step);
    void askAnew(int step);
    void send(int step, const QString &key);
    void answered(int step, const Result<QJsonObject> &result);
    void observed(int step, const Observation &observation);
    void fails(int step, const Error &error);
    void waitAfterError(int step, const Error &error);
    void waitToSee(int step);
    void endWait(int step);
    void handleHints();

    // proberunner.cpp
    void startProbes(int chain);
    void addProbes(int step, const QVector<Probe> &found);
    void pumpProbes();
    void attempt(int probe);
    void attempted(int probe, const Result<ProbeResult> &result);
    void queueProbe(int probe);

    // ending.cpp
    void takeBack(int chain);
    void takeBackNext(int chain);
    void retryFailed();
    void finish();
    void sign();
    void storeCertificate(const QByteArray &envelope);
    void close(RunState state);

    Operation &m_operation;
    Run &m_run;
    std::unique_ptr<JournalWriter> m_journal;
    const Environment &m_environment;
    Timers &m_timers;

    QVector<Work> m_work;
    QVector<Step> m_undo;              ///< the way back of a step, while it is being taken back; by row
    QVector<Chain> m_chains;
    QHash<QString, int> m_chainOf;     ///< by workspace
    QVector<ProbeWork> m_probeWork;
    std::set<std::pair<int, int>> m_ready; ///< (depth, row): breadth first
    std::deque<int> m_probeQueue;
    int m_slots = 0;
    int m_busySteps = 0;
    int m_openSteps = 0;
    int m_probesRunning = 0;
    int m_probesWaiting = 0;
    int m_probesOpen = 0;              ///< that do not hold
    QSet<int> m_dirtySteps;
    QSet<int> m_dirtyProbes;
    QSet<QString> m_hints;
    bool m_signalsScheduled = false;
    bool m_hintsScheduled = false;
    bool m_begun = false;
    bool m_ending = false;             ///< the certificate is being made, or the journal closed
};

} // namespace parapet::operation
