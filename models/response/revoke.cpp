// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/response/revoke.h"

#include "models/response/asking.h"
#include "models/response/planbuilder.h"
#include "models/response/words.h"

#include <QtCore/QJsonArray>

namespace parapet::response {

using namespace Qt::StringLiterals;
using operation::Plan;
using operation::Step;

namespace {

/// Which verbs the runtime has, and what to tell about those that it has not, or only partly.
struct Abilities {
    bool isolate = true;
    bool snapshot = true;
    bool terminate = true;
};

Abilities abilitiesOf(const System &system, Plan &plan)
{
    const auto can = [&](const QString &verb, const char *absent) {
        const Capability capability = system.runtime ? system.runtime->capability(verb)
                                                     : Capability::absent(words("this connection has no runtime agent"));
        if (!capability.isPresent())
            plan.warnings.append(words(absent).arg(capability.reason()));
        else if (capability.isDegraded())
            plan.warnings.append(capability.reason());
        return capability.isPresent();
    };
    return {can(u"isolate"_s, QT_TRANSLATE_NOOP("response", "The network is not cut first: %1.")),
            can(u"snapshot"_s, QT_TRANSLATE_NOOP("response", "No evidence can be preserved: %1.")),
            can(u"terminate"_s, QT_TRANSLATE_NOOP("response", "Its processes cannot be ended from here: %1."))};
}

QJsonArray idsOf(const QVector<Session> &sessions)
{
    QJsonArray ids;
    for (const Session &session : sessions)
        ids.append(session.id.value);
    return ids;
}

QJsonArray idsOf(const QVector<Lease> &leases)
{
    QJsonArray ids;
    for (const Lease &lease : leases)
        ids.append(lease.id.value);
    return ids;
}

bool isAgentAtWork(const Principal &principal)
{
    return principal.kind == ActorKind::Agent && !principal.suspended;
}

/// The steps of one workspace, each after the one before; the last three kinds side by side.
class RevokeSteps
{
public:
    RevokeSteps(Plan &plan, const Surveyed &what, int number) : m_plan(plan), m_what(what), m_number(number) {}

    void add(const System &system, const Abilities &can, const PlanOptions &options, const QString &logOrigin)
    {
        if (can.isolate)
            isolate();
        if (can.snapshot)
            snapshot();
        if (system.audit)
            log(logOrigin);
        if (can.terminate)
            terminate();
        const QString before = m_last;
        QStringList side;
        side.append(endSessions());
        if (system.broker) {
            m_last = before;
            side.append(revokeLeases());
        }
        if (options.suspendAgents) {
            for (const Principal &principal : m_what.principals) {
                if (!isAgentAtWork(principal))
                    continue;
                m_last = before;
                side.append(suspend(principal, int(side.size())));
            }
        }
        Step &mark = step(u"markRevoked"_s, words("Mark revoked"), words("There is no way back: a new workspace is made instead."));
        mark.after = side;
        mark.destructive = true;
        mark.targetIdentity = identityOf(m_what.workspace);
    }

private:
    Step &step(const QString &verb, const QString &title, const QString &undoText, const QString &suffix = {})
    {
        Step step;
        step.id = stepId(verb + suffix, m_what.workspace.id, m_number);
        step.verb = verb;
        step.title = title;
        step.workspace = m_what.workspace.id;
        step.target = m_what.workspace.id.value;
        step.undoText = undoText;
        if (!m_last.isEmpty())
            step.after = {m_last};
        m_last = step.id;
        m_plan.steps.append(step);
        return m_plan.steps.last();
    }

    void isolate()
    {
        step(u"isolate"_s, words("Isolate network"), words("Egress follows the policy again.")).undoVerb = u"rejoin"_s;
    }

    void snapshot()
    {
        step(u"snapshot"_s, words("Snapshot"), words("A snapshot stays: it is evidence.")).evidence = true;
    }

    void log(const QString &origin)
    {
        step(u"log"_s, words("Log"), words("The log only grows."))
            .parameters = QJsonObject{{u"action"_s, u"workspace.revoke"_s}, {u"log"_s, origin}};
    }

    void terminate()
    {
        Step &terminate = step(u"terminate"_s, words("Terminate"), words("A process tree does not come back."));
        terminate.destructive = true;
        terminate.targetIdentity = identityOf(m_what.workspace);
        const RuntimeState state = m_what.runtime.value_or(RuntimeState{});
        terminate.parameters = QJsonObject{{u"tree"_s, treeOf(state)}, {u"processes"_s, state.processes}};
    }

    QString endSessions()
    {
        Step &end = step(u"endSessions"_s, words("End sessions and tokens"), words("People sign in again, elsewhere."));
        end.destructive = true;
        end.parameters = QJsonObject{{u"sessions"_s, idsOf(m_what.sessions)}};
        return end.id;
    }

    QString revokeLeases()
    {
        Step &revoke = step(u"revokeLeases"_s, words("Revoke leases"), words("A revoked lease is never valid again."));
        revoke.destructive = true;
        revoke.parameters = QJsonObject{{u"leases"_s, idsOf(m_what.leases)}};
        return revoke.id;
    }

    QString suspend(const Principal &agent, int number)
    {
        Step &suspend = step(u"suspend"_s, words("Suspend identity of %1").arg(agent.name.inert(60)), words("The identity is reinstated."), QString::number(number));
        suspend.target = agent.id.value;
        suspend.undoVerb = u"reinstate"_s;
        return suspend.id;
    }

    Plan &m_plan;
    const Surveyed &m_what;
    const int m_number;
    QString m_last;
};

void addRevokeProbes(Plan &plan, const System &system, const Abilities &can, const Surveyed &what, int number)
{
    const WorkspaceId id = what.workspace.id;
    const auto add = [&](ProbeKind kind, const QString &subject, const QString &label, const QString &expectation, const QString &expected = {}) {
        plan.probes.append(Probe{kind, id, subject, Untrusted(label), expectation, expected});
    };
    for (const Session &session : what.sessions)
        add(ProbeKind::SessionToken, session.id.value, session.id.value + u" · "_s + session.actorName.inert(60), words("refused"));
    if (what.runtime && can.terminate) {
        if (const QString tree = treeOf(*what.runtime); !tree.isEmpty())
            add(ProbeKind::ProcessTree, tree, words("pid %1, start %2").arg(what.runtime->rootPid).arg(what.runtime->rootStartTicks), words("gone"));
        add(ProbeKind::SandboxNetwork, id.value, id.value, words("gone"));
        add(ProbeKind::NetworkFlow, id.value, words("open now: %1").arg(what.runtime->openFlows), words("none"));
    }
    for (const Lease &lease : what.leases)
        add(ProbeKind::Lease, lease.id.value, Untrusted(lease.name).inert(60), words("refused"));
    for (const Session &session : what.sessions)
        add(ProbeKind::SessionRecord, session.id.value, session.id.value, words("closed"));
    if (system.audit) {
        const QString log = stepId(u"log"_s, id, number);
        add(ProbeKind::AuditEntry, u'@' + log + u"/event"_s, words("this operation"), words("included"), u"@%1/action @%1/operation"_s.arg(log));
    }
    if (can.snapshot) {
        const QString snapshot = stepId(u"snapshot"_s, id, number);
        add(ProbeKind::Evidence, u'@' + snapshot + u"/snapshot"_s, words("snapshot manifest"), words("equal"), u"@%1/archiveSha256 @%1/manifestSha256"_s.arg(snapshot));
    }
}

Result<Plan> planOfSurvey(const System &system, const Survey &survey, const QString &reason, const PlanOptions &options)
{
    if (survey.workspaces.isEmpty())
        return fail(Error::Code::NotFound, words("No workspace matches: there is nothing to revoke."));
    Plan plan = emptyPlan(u"revoke"_s, reason, options);
    plan.evidenceOverride = options.evidenceOverride;
    plan.certified = true;
    const Abilities can = abilitiesOf(system, plan);
    int number = 0;
    for (const Surveyed &what : survey.workspaces) {
        if (what.workspace.state == WorkspaceState::Revoked)
            plan.warnings.append(words("%1 is revoked already; it is looked at all the same.").arg(what.workspace.name.inert(60)));
        describeWorkspace(plan, what);
        RevokeSteps(plan, what, number).add(system, can, options, survey.logOrigin);
        addRevokeProbes(plan, system, can, what, number);
        ++number;
    }
    countTouched(plan, survey, can.snapshot ? words("session ends, unsaved work is in the snapshot") : words("session ends"),
                 options.suspendAgents ? words("identity suspended, its task stops") : words("its task stops"));
    const QString one = survey.workspaces.first().workspace.name.inert(80);
    plan.title = survey.workspaces.size() == 1 ? words("Revoke %1").arg(one) : words("Revoke %1 workspaces").arg(survey.workspaces.size());
    return plan;
}

} // namespace

Reply<Plan> planRevoke(const System &system, const Targets &targets, const QString &reason, const PlanOptions &options)
{
    const auto make = [system, reason, options, alive = PortsAlive(system)](const Survey &survey) -> Result<Plan> {
        return alive ? planOfSurvey(system, survey, reason, options) : Result<Plan>(connectionGone());
    };
    return planned(survey(system, targets, SurveyScope{}, options.parallelism), make);
}

} // namespace parapet::response
