// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/count.h"
#include "models/core/result.h"
#include "models/domain/ids.h"
#include "models/ports/observer.h"

#include <QtCore/QJsonObject>
#include <QtCore/QStringList>
#include <QtCore/QVector>

namespace parapet::operation {

/// One thing to do to one target, resolved when the plan was made. The verb names an Action of the ActionSet.
struct Step {
    QString id;              ///< unique in the plan, an identifier (isIdentifier)
    QString verb;            ///< "isolate", "snapshot", …
    QString title;           ///< translated, for people: "Isolate network"
    WorkspaceId workspace;   ///< whose chain it belongs to; empty: a chain of its own
    QString target;          ///< identifier of the thing acted on
    QString targetIdentity;  ///< what the target was when the plan was made ("BOOT/PID@TICKS"); empty: not compared
    bool destructive = false; ///< takes something away that no undo brings back
    bool evidence = false;   ///< preserves evidence of its workspace
    QString undoVerb;        ///< the verb that takes it back; empty: there is no way back
    QString undoText;        ///< translated: what the undo does, or why there is none
    QStringList after;       ///< ids of the steps that must be observed before this one starts
    QJsonObject parameters;  ///< what the verb needs besides; never a secret

    bool isReversible() const { return !undoVerb.isEmpty(); }
    friend bool operator==(const Step &, const Step &) = default;
};

/// A named thing that a plan touches, and what becomes of it.
struct TouchedLine {
    enum class Kind { Person, Agent, Workspace, Service, Lease };
    Kind kind = Kind::Person;
    Untrusted name;
    QString effect;          ///< translated: "session ends, unsaved work is in the snapshot"
    WorkspaceId workspace;
    friend bool operator==(const TouchedLine &, const TouchedLine &) = default;
};

/// Everything that a plan touches, counted when the plan was made. "At least" where the system did not tell all.
struct Touched {
    Count workspaces;
    Count processes;
    Count sessions;
    Count leases;
    Count dependants;
    Count people;
    QVector<TouchedLine> lines; ///< the most telling first
    friend bool operator==(const Touched &, const Touched &) = default;
};

/// A workspace of a plan as it was when the plan was made, for people and for the certificate.
struct PlanWorkspace {
    WorkspaceId id;
    Untrusted name;
    QString project;
    QString owner;           ///< principal identifier
    QString imageDigest;
    QString host;
    QString identity;        ///< as Step::targetIdentity
    bool simulated = false;
    friend bool operator==(const PlanWorkspace &, const PlanWorkspace &) = default;
};

/// What will be done, to what exactly, and what must be proven afterwards. A value: a plan that runs does not change.
struct Plan {
    OperationId id;
    QString feature;         ///< "revoke", "freeze", …: which file of models/response made it
    QString title;           ///< translated: "Revoke ws-payments-api-7f3"
    QString reason;          ///< typed by the operator; goes into the audit log as it is
    QString evidenceOverride; ///< the typed reason to skip evidence; empty: evidence first
    QString system;          ///< the connection's name
    Instant made{};
    QVector<PlanWorkspace> workspaces;
    QVector<Step> steps;
    /// Each starts when the steps of its workspace are observed. A subject or expected value "@STEP/OUTPUT" stands for that
    /// output of that step; several are separated by a space.
    QVector<Probe> probes;
    Touched touched;
    QStringList warnings;    ///< translated: what could not be learnt, what the system lacks
    bool certified = false;  ///< ends in a signed certificate
};

/// The bounds of one plan.
constexpr qsizetype MaximumSteps = 100'000;
constexpr qsizetype MaximumProbes = 500'000;
constexpr qsizetype MaximumReason = 2'000;
constexpr qsizetype MinimumOverride = 8; ///< characters of a reason to skip evidence

/// Refuses (Invalid) a plan that is not sound: no steps or too many, duplicate or malformed ids, an unknown `after`, a cycle,
/// and a destructive step whose ancestors hold no evidence step of the same workspace, unless evidenceOverride says why.
/// The message names the step.
Status check(const Plan &plan);

/// The steps in an order in which each comes after what it waits for, breadth first, so that every workspace is contained
/// before any is destroyed. Indices into plan.steps; empty when there is a cycle.
QVector<int> order(const Plan &plan);

QJsonObject toJson(const Plan &plan);
/// Strict: an unknown or missing member, a wrong type or an unknown name is Invalid.
Result<Plan> planFromJson(const QJsonObject &json);

/// The idempotency key of a step of an operation: the same after a crash, different for every step, for its undo, and for each
/// round (a round begins when a person tries a failed step again). 64 characters at most.
QString idempotencyKey(const OperationId &operation, const QString &step, bool undo = false, int round = 0);

} // namespace parapet::operation
