// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operation/runwords.h"

#include <QtCore/QCoreApplication>

namespace parapet::ui {

using namespace Qt::StringLiterals;

namespace {

/// "1 × Lease" when all that survive are of one kind, else their number.
QString survivorsText(const operation::Run &run, int count)
{
    std::optional<ProbeKind> kind;
    for (int i = 0; i < run.probes.size(); ++i) {
        if (run.probes[i].verdict != Verdict::Survives)
            continue;
        if (kind && *kind != run.plan.probes[i].kind)
            return QString::number(count);
        kind = run.plan.probes[i].kind;
    }
    return kind ? u"%1 × %2"_s.arg(count).arg(operation::title(*kind)) : QString::number(count);
}

RunWords survivingWords(const QString &what)
{
    return {StateMark::Survives, QCoreApplication::translate("runs", "Survives: %1").arg(what), QCoreApplication::translate("runs", "Something is still possible that should not be.")};
}

RunWords stoppedWords(const operation::Summary &summary, bool isUnsigned)
{
    if (isUnsigned && summary.stepsFailed == 0)
        return {StateMark::Requested, QCoreApplication::translate("runs", "Holds, not signed"), QCoreApplication::translate("runs", "Everything holds, and nothing is signed: it waits for you.")};
    if (summary.stepsFailed > 0) {
        return {StateMark::Survives, QCoreApplication::translate("runs", "Stopped: %1 failed").arg(summary.stepsFailed),
                QCoreApplication::translate("runs", "%Ln step(s) failed and wait for a decision.", nullptr, summary.stepsFailed)};
    }
    return {StateMark::Survives, QCoreApplication::translate("runs", "Stopped: %1 not tried").arg(summary.unknown), QCoreApplication::translate("runs", "Not everything could be tried: it waits for you.")};
}

RunWords wordsOf(operation::RunState state, const operation::Summary &summary, bool isUnsigned)
{
    using operation::RunState;
    switch (state) {
    case RunState::Running:
        return {StateMark::Step, QCoreApplication::translate("runs", "Step %1 of %2").arg(summary.stepsObserved + summary.stepsSkipped).arg(summary.steps),
                QCoreApplication::translate("runs", "It is under way.")};
    case RunState::Paused: return {StateMark::Frozen, QCoreApplication::translate("runs", "Paused"), QCoreApplication::translate("runs", "Nothing new starts until it goes on.")};
    case RunState::Cancelling: return {StateMark::Requested, QCoreApplication::translate("runs", "Undoing"), QCoreApplication::translate("runs", "What can be taken back is being taken back.")};
    case RunState::Cancelled: return {StateMark::Stopped, QCoreApplication::translate("runs", "Undone"), QCoreApplication::translate("runs", "What could be taken back was taken back.")};
    case RunState::Stopped: return stoppedWords(summary, isUnsigned);
    case RunState::Finished: break;
    }
    if (summary.probes == 0)
        return {StateMark::Observed, QCoreApplication::translate("runs", "Observed"), QCoreApplication::translate("runs", "Every step was observed.")};
    return {StateMark::Observed, QCoreApplication::translate("runs", "Proven"), QCoreApplication::translate("runs", "Every step was observed, and every probe holds.")};
}

} // namespace

RunWords runWords(const operation::Operation &operation)
{
    const operation::Summary summary = operation.summary();
    if (summary.survive > 0)
        return survivingWords(survivorsText(operation.run(), summary.survive));
    return wordsOf(operation.state(), summary, !operation.run().certificateRefused.isEmpty());
}

RunWords runWords(const operation::PastRun &run)
{
    if (run.unreadable)
        return {StateMark::Survives, QCoreApplication::translate("runs", "Damaged"), run.unreadable->message};
    if (run.summary.survive > 0)
        return survivingWords(QString::number(run.summary.survive));
    return wordsOf(run.state, run.summary, false);
}

RunWords runWords(const operation::UnfinishedRun &run)
{
    if (run.unreadable)
        return {StateMark::Survives, QCoreApplication::translate("runs", "Damaged"), run.unreadable->message};
    return {StateMark::Survives, QCoreApplication::translate("runs", "Did not end"), QCoreApplication::translate("runs", "Open it to go on where it stood.")};
}

} // namespace parapet::ui
