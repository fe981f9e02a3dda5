// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/response/planbuilder.h"

#include "models/response/words.h"

namespace parapet::response {

using namespace Qt::StringLiterals;
using operation::Plan;
using operation::TouchedLine;

namespace {

constexpr qsizetype longestName = 80;
constexpr qsizetype mostLines = 200;

/// Adds up a number per workspace; one workspace that did not say makes it "at least".
class Sum
{
public:
    void add(qint64 n) { m_value += n; }
    void miss() { m_exact = false; }
    Count count() const { return m_exact ? Count::exactly(m_value) : Count::atLeast(m_value); }

private:
    qint64 m_value = 0;
    bool m_exact = true;
};

class TouchedLines
{
public:
    explicit TouchedLines(Plan &plan) : m_plan(plan) {}

    void add(TouchedLine::Kind kind, const Untrusted &name, const QString &effect, const WorkspaceId &workspace)
    {
        const QString key = QString::number(int(kind)) + name.inert(200) + effect;
        if (m_plan.touched.lines.size() >= mostLines || m_seen.contains(key))
            return;
        m_seen.insert(key);
        m_plan.touched.lines.append(TouchedLine{kind, name, effect, workspace});
    }

private:
    Plan &m_plan;
    QSet<QString> m_seen;
};

} // namespace

QString stepId(const QString &verb, const WorkspaceId &workspace, int number)
{
    return verb + u'.' + (workspace.value.size() <= longestName ? workspace.value : u'n' + QString::number(number));
}

Plan emptyPlan(const QString &feature, const QString &reason, const PlanOptions &options)
{
    Plan plan;
    plan.id = OperationId(newIdentifier(u"op-"));
    plan.feature = feature;
    plan.reason = reason;
    plan.system = options.system;
    plan.made = options.clock->now();
    return plan;
}

void describeWorkspace(Plan &plan, const Surveyed &what)
{
    operation::PlanWorkspace one;
    one.id = what.workspace.id;
    one.name = what.workspace.name;
    one.project = what.workspace.project;
    one.owner = what.workspace.owner.value;
    one.imageDigest = what.workspace.imageDigest;
    one.host = what.workspace.host;
    one.simulated = what.workspace.simulated;
    if (what.runtime && what.runtime->rootPid > 0)
        one.identity = what.runtime->bootId + u'/' + treeOf(*what.runtime);
    plan.workspaces.append(one);
}

void countTouched(Plan &plan, const Survey &survey, const QString &personEffect, const QString &agentEffect)
{
    Sum processes, sessions, leases, dependants;
    QSet<QString> people;
    TouchedLines lines(plan);
    for (const Surveyed &what : survey.workspaces) {
        const WorkspaceId &id = what.workspace.id;
        what.runtime ? processes.add(what.runtime->processes) : processes.miss();
        sessions.add(what.sessions.size());
        leases.add(what.leases.size());
        for (const Session &session : what.sessions) {
            if (session.actorKind != ActorKind::Human)
                continue;
            people.insert(session.actor.value);
            lines.add(TouchedLine::Kind::Person, session.actorName, personEffect, id);
        }
        if (!what.workspace.owner.isEmpty() && !people.contains(what.workspace.owner.value)) {
            people.insert(what.workspace.owner.value);
            lines.add(TouchedLine::Kind::Person, what.workspace.ownerName, words("owns it, has no open session"), id);
        }
        for (const Principal &principal : what.principals) {
            if (principal.kind == ActorKind::Human)
                continue;
            dependants.add(1);
            const bool agent = principal.kind == ActorKind::Agent;
            lines.add(agent ? TouchedLine::Kind::Agent : TouchedLine::Kind::Service, principal.name,
                      agent ? (principal.suspended ? words("identity suspended already") : agentEffect) : words("loses what it runs there"), id);
        }
        for (const Lease &lease : what.leases) {
            if (lease.production)
                lines.add(TouchedLine::Kind::Lease, Untrusted(lease.name), words("access to production ends (%1)").arg(Untrusted(lease.target).inert(60)), id);
        }
    }
    plan.touched.workspaces = Count::exactly(survey.workspaces.size());
    plan.touched.processes = processes.count();
    plan.touched.sessions = sessions.count();
    plan.touched.leases = leases.count();
    plan.touched.dependants = dependants.count();
    plan.touched.people = Count::exactly(people.size());
}

Reply<Plan> planned(const Reply<Survey> &survey, std::function<Result<Plan>(const Survey &)> make)
{
    struct Planning : QObject {
        QPromise<Result<Plan>> promise;
        QFutureWatcher<Result<Plan>> cancellation;
    };
    auto *planning = new Planning;
    planning->promise.start();
    Reply<Plan> future = planning->promise.future();
    QObject::connect(&planning->cancellation, &QFutureWatcherBase::canceled, planning, [survey] { Reply<Survey>(survey).cancel(); });
    planning->cancellation.setFuture(future);
    deliver(planning, survey, [planning, make = std::move(make)](const Result<Survey> &result) {
        planning->promise.addResult(result ? make(*result) : Result<Plan>(fail(result.error())));
        planning->promise.finish();
        planning->deleteLater();
    });
    return future;
}

} // namespace parapet::response
