// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/operation/plan.h"

#include <QtCore/QHash>

#include <optional>

namespace parapet::operation {

enum class StepState {
    Waiting,   ///< not begun: something it comes after is not observed
    Requested, ///< asked for, not yet seen
    Observed,  ///< seen to be so
    Failed,    ///< will not happen without a person; its chain stands still
    Skipped,   ///< will not be tried, and `seen` says why
    Undone,    ///< was requested and observed, then taken back and seen to be back
};

/// How far a step of a plan has come.
struct StepRun {
    StepState state = StepState::Waiting;
    bool wasRequested = false; ///< this operation asked for it; false when it was found done. Only what was asked for is undone
    bool undoing = false;      ///< it is being taken back: `state` is that of the way back
    bool running = false;      ///< a call is under way
    int tries = 0;             ///< requests made
    int round = 0;             ///< how often a person tried it again after it had failed
    Instant began{};           ///< first looked at
    Instant requested{};
    Instant ended{};           ///< observed, failed, skipped or undone
    QString observer;          ///< who saw it
    QString seen;              ///< translated and inert, may be several lines
    QJsonObject answer;        ///< what the request answered, as far as observing it needs it
    QJsonObject outputs;       ///< for later steps, probes and the certificate
    std::optional<Error> error; ///< the last one; kept while it is retried
    Instant nextTry{};
};

/// How far a probe has come.
struct ProbeRun {
    Verdict verdict = Verdict::Unknown;
    bool running = false;
    int tries = 0;             ///< 0: not tried yet
    QString seen;              ///< inert
    QString observer;
    Instant at{};              ///< when it was last tried
    Instant nextTry{};
};

/// Where an operation stands as a whole.
enum class RunState {
    Running,    ///< steps or probes are under way, or wait for their next try
    Paused,     ///< nothing new starts until it is resumed
    Cancelling, ///< what can be taken back is being taken back; chains that destroyed go on to their end
    Cancelled,  ///< taken back
    Stopped,    ///< a step failed, or nothing can be signed, and nothing else can move: a person decides
    Finished,   ///< every step observed or skipped with a reason, every probe holds
};

/// A signed statement of what was seen, as stored.
struct Certificate {
    QByteArray envelope;   ///< DSSE, JSON
    QString sha256;        ///< hex, of the envelope
    QString keyName;       ///< who signed
    QString path;          ///< where it is stored
    Instant issued{};
};

/// Who started a run, as the control plane named them then.
struct Operator {
    PrincipalId id;
    Untrusted name;
};

/// One run of a plan: all that is known of it. What the journal holds, replayed, is this.
struct Run {
    Plan plan;
    RunState state = RunState::Running;
    Operator startedBy;        ///< empty: journals of version 1 do not say
    bool cancelled = false;    ///< a person asked to take it back
    Instant started{};
    Instant ended{};
    QVector<StepRun> steps;    ///< as plan.steps
    QVector<ProbeRun> probes;  ///< as plan.probes
    QHash<QString, int> rowOf; ///< row of each step by its id
    std::optional<Certificate> certificate;
    QString certificateRefused; ///< translated: why there is none, though everything holds
    QString journalPath;
    QByteArray journalHead;    ///< 32 bytes: the chain value over everything before the certificate
};

/// How many of each, for headers and buttons.
struct Summary {
    int steps = 0, stepsObserved = 0, stepsFailed = 0, stepsSkipped = 0, stepsRunning = 0;
    int probes = 0, hold = 0, survive = 0, unknown = 0, observers = 0;
    bool destroyed = false;    ///< some destructive step was asked for
};
Summary summarize(const Run &run);

/// A run of `plan` of which nothing has happened.
Run freshRun(const Plan &plan);

/// The probe with its "@STEP/OUTPUT" values put in.
Probe resolved(const Run &run, int probe);

/// Translated names of the probes that survive or could not be looked at: "Lease db-payments-ro still accepted by postgres-payments".
QStringList survivors(const Run &run, int limit = 20);
QString describe(const Probe &probe, const ProbeRun &run);
/// Translated name of a kind of probe: "Token of session".
QString title(ProbeKind kind);

} // namespace parapet::operation
