// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/response/revocationcertifier.h"

#include "models/core/json.h"
#include "models/response/words.h"

#include <QtCore/QThreadPool>

namespace parapet::response {

using namespace Qt::StringLiterals;
using operation::StepRun;
using operation::StepState;

namespace {

evidence::RevocationStep::Result resultOf(const StepRun &run)
{
    using Result = evidence::RevocationStep::Result;
    switch (run.state) {
    case StepState::Observed: return Result::Observed;
    case StepState::Skipped: return Result::Skipped;
    case StepState::Failed: return Result::Failed;
    default: return Result::Open;
    }
}

evidence::RevocationStep stepOf(const operation::Step &step, const StepRun &run)
{
    evidence::RevocationStep out;
    out.id = step.id;
    out.verb = step.verb;
    out.title = step.title;
    out.workspace = step.workspace;
    out.target = step.target;
    out.targetIdentity = step.targetIdentity;
    out.destructive = step.destructive;
    out.evidence = step.evidence;
    out.after = step.after;
    out.result = resultOf(run);
    out.requested = run.requested;
    out.observed = run.ended;
    out.by = run.observer;
    out.seen = Untrusted(run.seen);
    out.tries = run.tries;
    out.outputs = run.outputs;
    return out;
}

} // namespace

void RevocationCertifier::setOperator(const Principal &self, crypto::Identity identity)
{
    m_self = self;
    m_identity = std::move(identity);
}

QString RevocationCertifier::keyName() const
{
    return m_identity ? m_self.id.value : QString();
}

operation::Operator RevocationCertifier::signer() const
{
    return m_identity ? operation::Operator{m_self.id, m_self.name} : operation::Operator{};
}

evidence::RevocationRecord RevocationCertifier::record(const operation::Run &run) const
{
    const operation::Plan &plan = run.plan;
    evidence::RevocationRecord record;
    record.operation = plan.id;
    record.feature = plan.feature;
    record.title = plan.title;
    record.reason = Untrusted(plan.reason);
    record.evidenceOverride = Untrusted(plan.evidenceOverride);
    record.system = plan.system;
    const bool isNamed = !run.startedBy.id.isEmpty();
    record.operatorId = isNamed ? run.startedBy.id : m_self.id;
    record.operatorName = isNamed ? run.startedBy.name : m_self.name;
    record.planned = plan.made;
    record.started = run.started;
    record.ended = isKnown(run.ended) ? run.ended : m_clock.now();
    for (const operation::PlanWorkspace &workspace : plan.workspaces)
        record.workspaces.append({workspace.id, workspace.name, workspace.project, workspace.owner, workspace.imageDigest, workspace.host, workspace.identity, workspace.simulated});
    record.touched = {plan.touched.workspaces, plan.touched.processes, plan.touched.sessions, plan.touched.leases, plan.touched.dependants, plan.touched.people};
    for (int i = 0; i < plan.steps.size(); ++i) {
        const StepRun &step = run.steps[i];
        record.steps.append(stepOf(plan.steps[i], step));
        const QJsonValue event = step.outputs.value(u"event"_s);
        if (step.state == StepState::Observed && event.isDouble()) {
            record.auditEvents.append(qint64(event.toDouble()));
            record.auditLog = step.outputs.value(u"log"_s).toString();
        }
    }
    std::sort(record.auditEvents.begin(), record.auditEvents.end());
    for (int i = 0; i < plan.probes.size(); ++i) {
        const Probe probe = operation::resolved(run, i);
        const operation::ProbeRun &seen = run.probes[i];
        record.probes.append({probe.kind, probe.workspace, probe.subject, probe.label, probe.expectation, seen.verdict, Untrusted(seen.seen), seen.observer, seen.at, seen.tries});
    }
    record.journalSha256 = QString::fromLatin1(run.journalHead.toHex());
    return record;
}

Result<QByteArray> RevocationCertifier::draft(const operation::Run &run) const
{
    evidence::RevocationRecord statement = record(run);
    statement.doesNotProve = evidence::limitsOf(statement);
    return canonicalJson(evidence::toStatement(statement));
}

Reply<QByteArray> RevocationCertifier::issue(const operation::Run &run)
{
    if (!m_identity)
        return ready<QByteArray>(fail(Error::Code::Invalid, words("No signing key is at hand. Connect with an identity, then sign.")));
    auto promise = std::make_shared<QPromise<Result<QByteArray>>>();
    promise->start();
    QThreadPool::globalInstance()->start([promise, statement = record(run), identity = *m_identity, clock = &m_clock] {
        promise->addResult(evidence::issue(statement, identity, *clock));
        promise->finish();
    });
    return promise->future();
}

} // namespace parapet::response
