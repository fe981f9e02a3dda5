// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/evidence/checks.h"

#include "models/crypto/digest.h"
#include "models/evidence/subjects.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QSet>

namespace parapet::evidence {

namespace {

struct CheckText {
    Q_DECLARE_TR_FUNCTIONS(Revocation)
};

/// Everything in a certificate may come from outside.
QString inert(const QString &text)
{
    return Untrusted(text).inert(200);
}

QString nameOfStep(const RevocationStep &step)
{
    return CheckText::tr("Step %1 (%2 of %3)").arg(inert(step.id), inert(step.verb), inert(step.target));
}

QString nameOfProbe(const RevocationProbe &probe)
{
    return CheckText::tr("Probe “%1” (%2 %3)").arg(probe.label.inert(200), nameOf(probe.kind), inert(probe.subject));
}

bool isSkippable(const RevocationStep &step, const RevocationRecord &record)
{
    if (step.seen.isEmpty() || step.destructive)
        return false;
    return !step.evidence || !record.evidenceOverride.isEmpty();
}

/// When destruction was last asked for, by workspace.
QHash<WorkspaceId, Instant> destructionTimes(const RevocationRecord &record)
{
    QHash<WorkspaceId, Instant> times;
    for (const RevocationStep &step : record.steps) {
        if (step.destructive && isKnown(step.requested))
            times[step.workspace] = std::max(times.value(step.workspace), step.requested);
    }
    return times;
}

/// Searches the plan's order backwards.
class Ancestry
{
public:
    explicit Ancestry(const RevocationRecord &record) : m_record(record), m_seenFor(size_t(record.steps.size()), -1)
    {
        QHash<QString, int> places;
        for (int i = 0; i < record.steps.size(); ++i)
            places.insert(record.steps[i].id, i);
        for (const RevocationStep &step : record.steps) {
            std::vector<int> &before = m_before.emplace_back();
            for (const QString &id : step.after) {
                if (const auto place = places.constFind(id); place != places.cend())
                    before.push_back(*place);
            }
        }
    }

    /// True when an observed evidence step of the same workspace comes before step `from`, in order and in time.
    bool isPreceded(int from)
    {
        std::vector<int> open{from};
        m_seenFor[size_t(from)] = from;
        while (!open.empty()) {
            const int at = open.back();
            open.pop_back();
            for (const int place : m_before[size_t(at)]) {
                if (--m_budget < 0)
                    return false;
                int &seenFor = m_seenFor[size_t(place)];
                if (seenFor == from)
                    continue;
                seenFor = from;
                if (isEvidenceFor(m_record.steps[place], m_record.steps[from]))
                    return true;
                open.push_back(place);
            }
        }
        return false;
    }

private:
    static bool isEvidenceFor(const RevocationStep &step, const RevocationStep &destruction)
    {
        return step.evidence && step.workspace == destruction.workspace &&
               step.result == RevocationStep::Result::Observed && isKnown(step.observed) &&
               step.observed <= destruction.requested;
    }

    const RevocationRecord &m_record;
    std::vector<std::vector<int>> m_before;
    std::vector<int> m_seenFor;
    qint64 m_budget = 5'000'000; ///< a hostile order must not cost hours: what it hides counts as not there
};

} // namespace

QStringList malformations(const RevocationRecord &record)
{
    QStringList wrong;
    if (record.operation.isEmpty() || record.operatorId.isEmpty() || record.reason.isEmpty())
        wrong.append(CheckText::tr("Operation, operator or reason is missing."));
    if (!isKnown(record.planned) || !isKnown(record.started) || !isKnown(record.ended))
        wrong.append(CheckText::tr("It does not say when the operation was planned, started and ended."));
    if (record.workspaces.isEmpty() || record.steps.isEmpty())
        wrong.append(CheckText::tr("It names no workspace, or no step."));

    QSet<WorkspaceId> workspaces;
    for (const RevokedWorkspace &workspace : record.workspaces) {
        if (workspace.id.isEmpty() || workspaces.contains(workspace.id))
            wrong.append(CheckText::tr("Workspace “%1” has no identifier of its own.").arg(workspace.name.inert(200)));
        workspaces.insert(workspace.id);
    }
    QSet<QString> steps;
    for (const RevocationStep &step : record.steps) {
        if (step.id.isEmpty() || steps.contains(step.id))
            wrong.append(CheckText::tr("%1 has no identifier of its own.").arg(nameOfStep(step)));
        if (!step.workspace.isEmpty() && !workspaces.contains(step.workspace))
            wrong.append(CheckText::tr("%1 is about a workspace that is not named.").arg(nameOfStep(step)));
        steps.insert(step.id);
    }
    for (const RevocationStep &step : record.steps) {
        for (const QString &id : step.after) {
            if (!steps.contains(id))
                wrong.append(CheckText::tr("%1 waits for a step that is not there.").arg(nameOfStep(step)));
        }
    }
    for (const RevocationProbe &probe : record.probes) {
        if (!probe.workspace.isEmpty() && !workspaces.contains(probe.workspace))
            wrong.append(CheckText::tr("%1 is about a workspace that is not named.").arg(nameOfProbe(probe)));
    }
    for (qsizetype i = 0; i < record.auditEvents.size(); ++i) {
        if (record.auditEvents[i] < 0 || (i > 0 && record.auditEvents[i] <= record.auditEvents[i - 1])) {
            wrong.append(CheckText::tr("The indexes of its audit events do not ascend."));
            break;
        }
    }
    return wrong;
}

QStringList unfinishedSteps(const RevocationRecord &record)
{
    QStringList wrong;
    for (const RevocationStep &step : record.steps) {
        switch (step.result) {
        case RevocationStep::Result::Observed:
            if (!isKnown(step.observed) || step.by.isEmpty())
                wrong.append(CheckText::tr("%1 does not say who observed it, or when.").arg(nameOfStep(step)));
            else if (step.requested > step.observed)
                wrong.append(CheckText::tr("%1 was observed before it was asked for.").arg(nameOfStep(step)));
            break;
        case RevocationStep::Result::Skipped:
            if (!isSkippable(step, record))
                wrong.append(CheckText::tr("%1 was skipped.").arg(nameOfStep(step)));
            break;
        case RevocationStep::Result::Failed:
            wrong.append(CheckText::tr("%1 failed: %2").arg(nameOfStep(step), step.seen.inert(200)));
            break;
        case RevocationStep::Result::Open:
            wrong.append(CheckText::tr("%1 was not observed.").arg(nameOfStep(step)));
            break;
        }
    }
    return wrong;
}

QStringList failedProbes(const RevocationRecord &record)
{
    QStringList wrong;
    const QHash<WorkspaceId, Instant> destroyed = destructionTimes(record);
    QSet<WorkspaceId> probed;
    for (const RevocationProbe &probe : record.probes) {
        probed.insert(probe.workspace);
        if (probe.verdict == Verdict::Survives)
            wrong.append(CheckText::tr("%1 survives: %2 saw “%3”.")
                             .arg(nameOfProbe(probe), inert(probe.observer), probe.seen.inert(200)));
        else if (probe.verdict == Verdict::Unknown)
            wrong.append(CheckText::tr("%1 could not be tried.").arg(nameOfProbe(probe)));
        else if (!isKnown(probe.at) || probe.observer.isEmpty() || probe.tries < 1)
            wrong.append(CheckText::tr("%1 does not say who tried it, or when.").arg(nameOfProbe(probe)));
        else if (probe.at < destroyed.value(probe.workspace))
            wrong.append(CheckText::tr("%1 is older than the destruction that it is about.").arg(nameOfProbe(probe)));
    }
    for (const RevokedWorkspace &workspace : record.workspaces) {
        if (!probed.contains(workspace.id))
            wrong.append(CheckText::tr("Nothing was tried for workspace %1.").arg(inert(workspace.id.value)));
    }
    return wrong;
}

QStringList lateEvidence(const RevocationRecord &record)
{
    QStringList wrong;
    if (!record.evidenceOverride.isEmpty())
        return wrong;
    Ancestry ancestry(record);
    for (int i = 0; i < record.steps.size(); ++i) {
        const RevocationStep &step = record.steps[i];
        // What was found done was not destroyed by this operation.
        if (step.destructive && isKnown(step.requested) && !ancestry.isPreceded(i))
            wrong.append(CheckText::tr("%1 destroys, and no evidence of its workspace was preserved before it.")
                             .arg(nameOfStep(step)));
    }
    return wrong;
}

QStringList malformedDigests(const RevocationRecord &record)
{
    QStringList wrong;
    for (const RevokedWorkspace &workspace : record.workspaces) {
        const bool isDigest = workspace.imageDigest.startsWith(QLatin1String("sha256:")) &&
                              crypto::isSha256Hex(workspace.imageDigest.mid(7));
        if (!workspace.imageDigest.isEmpty() && !isDigest)
            wrong.append(
                CheckText::tr("The image digest of workspace %1 is not a SHA-256.").arg(inert(workspace.id.value)));
    }
    for (const RevocationStep &step : record.steps) {
        bool has = false;
        for (auto output = step.outputs.begin(); output != step.outputs.end(); ++output) {
            if (!isDigestName(output.key()))
                continue;
            has = true;
            if (!crypto::isSha256Hex(output.value().toString()))
                wrong.append(CheckText::tr("“%2” of %1 is not a SHA-256.").arg(nameOfStep(step), inert(output.key())));
        }
        if (step.evidence && step.result == RevocationStep::Result::Observed && !has)
            wrong.append(CheckText::tr("%1 preserved evidence, and does not say its SHA-256.").arg(nameOfStep(step)));
    }
    if (!crypto::isSha256Hex(record.journalSha256))
        wrong.append(CheckText::tr("The chain value of the operation's journal is not a SHA-256."));
    return wrong;
}

} // namespace parapet::evidence
