// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/operation/run.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QSet>

namespace parapet::operation {

using namespace Qt::StringLiterals;

namespace {

QString runText(const char *source)
{
    return QCoreApplication::translate("operation", source);
}

/// Puts in what "@STEP/OUTPUT" stands for, in each word.
QString substituted(const Run &run, const QString &text)
{
    if (!text.startsWith(u'@'))
        return text;
    QStringList words = text.split(u' ');
    for (QString &word : words) {
        const qsizetype slash = word.indexOf(u'/');
        if (!word.startsWith(u'@') || slash < 0)
            continue;
        const int row = run.rowOf.value(word.mid(1, slash - 1), -1);
        const QJsonValue value = row < 0 ? QJsonValue() : run.steps[row].outputs.value(QStringView(word).mid(slash + 1));
        word = value.isDouble() ? QString::number(qint64(value.toDouble())) : value.toString();
    }
    return words.join(u' ');
}

} // namespace

Summary summarize(const Run &run)
{
    Summary sum;
    sum.steps = int(run.steps.size());
    for (int i = 0; i < run.steps.size(); ++i) {
        const StepRun &step = run.steps[i];
        sum.stepsObserved += step.state == StepState::Observed && !step.undoing;
        sum.stepsFailed += step.state == StepState::Failed;
        sum.stepsSkipped += step.state == StepState::Skipped;
        sum.stepsRunning += step.running || (step.state == StepState::Requested);
        sum.destroyed |= step.wasRequested && run.plan.steps[i].destructive;
    }
    sum.probes = int(run.probes.size());
    QSet<QString> observers;
    for (const ProbeRun &probe : run.probes) {
        sum.hold += probe.verdict == Verdict::Holds;
        sum.survive += probe.verdict == Verdict::Survives;
        sum.unknown += probe.verdict == Verdict::Unknown;
        if (!probe.observer.isEmpty())
            observers.insert(probe.observer);
    }
    sum.observers = int(observers.size());
    return sum;
}

Run freshRun(const Plan &plan)
{
    Run run;
    run.plan = plan;
    run.steps.resize(plan.steps.size());
    run.probes.resize(plan.probes.size());
    run.rowOf.reserve(plan.steps.size());
    for (int i = 0; i < plan.steps.size(); ++i)
        run.rowOf.insert(plan.steps[i].id, i);
    return run;
}

Probe resolved(const Run &run, int probe)
{
    Probe copy = run.plan.probes[probe];
    copy.subject = substituted(run, copy.subject);
    copy.expected = substituted(run, copy.expected);
    return copy;
}

QString title(ProbeKind kind)
{
    switch (kind) {
    case ProbeKind::SessionToken: return runText("Token of session");
    case ProbeKind::Lease: return runText("Lease");
    case ProbeKind::ProcessTree: return runText("Process tree");
    case ProbeKind::SandboxNetwork: return runText("Sandbox network");
    case ProbeKind::NetworkFlow: return runText("Network flow");
    case ProbeKind::SessionRecord: return runText("Session record");
    case ProbeKind::AuditEntry: return runText("Audit entry");
    case ProbeKind::Evidence: return runText("Evidence");
    }
    return {};
}

QString describe(const Probe &probe, const ProbeRun &run)
{
    const QString name = probe.label.inert(120);
    const QString observer = run.observer.isEmpty() ? runText("nobody") : run.observer;
    if (run.verdict == Verdict::Unknown) {
        return run.seen.isEmpty() ? runText("%1 %2 has not been tried yet").arg(title(probe.kind), name)
                                  : runText("%1 %2 could not be looked at: %3").arg(title(probe.kind), name, run.seen);
    }
    switch (probe.kind) {
    case ProbeKind::SessionToken: return runText("Token of session %1 still accepted by %2").arg(name, observer);
    case ProbeKind::Lease: return runText("Lease %1 still accepted by %2").arg(name, observer);
    case ProbeKind::ProcessTree: return runText("Process tree %1 still seen by %2").arg(name, observer);
    case ProbeKind::SandboxNetwork: return runText("Sandbox network %1 still seen by %2").arg(name, observer);
    case ProbeKind::NetworkFlow: return runText("Network flow %1 still open at %2").arg(name, observer);
    case ProbeKind::SessionRecord: return runText("Session %1 not closed at %2").arg(name, observer);
    case ProbeKind::AuditEntry: return runText("Audit entry %1 not found by %2").arg(name, observer);
    case ProbeKind::Evidence: return runText("Evidence %1 does not match, says %2").arg(name, observer);
    }
    return {};
}

QStringList survivors(const Run &run, int limit)
{
    QStringList names;
    for (const Verdict verdict : {Verdict::Survives, Verdict::Unknown}) {
        for (int i = 0; i < run.probes.size() && names.size() < limit; ++i) {
            if (run.probes[i].verdict == verdict)
                names.append(describe(run.plan.probes[i], run.probes[i]));
        }
    }
    return names;
}

} // namespace parapet::operation
