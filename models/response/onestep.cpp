// SPDX-License-Identifier: GPL-3.0-or-later
// The plans of one step a workspace: freeze, thaw, isolate, rejoin, snapshot, pause and resume the AI agent, stop.
#include "models/response/planbuilder.h"
#include "models/response/words.h"

namespace parapet::response {

using namespace Qt::StringLiterals;
using operation::Plan;
using operation::Step;

namespace {

struct Kind {
    OneStep what;
    const char *verb;
    const char *capability;  ///< as Runtime::capability; null: the control plane does it
    const char *undoVerb;    ///< null: there is no way back
    const char *title;       ///< of the step
    const char *one;         ///< title of the plan for one workspace
    const char *many;
    const char *person;      ///< what it does to a person with a session
    const char *agent;       ///< and to an AI agent
    const char *undo;
};

constexpr Kind oneStepKinds[] = {
    {OneStep::Freeze, "freeze", "freeze", "thaw", QT_TRANSLATE_NOOP("response", "Freeze"), QT_TRANSLATE_NOOP("response", "Freeze %1"),
     QT_TRANSLATE_NOOP("response", "Freeze %1 workspaces"), QT_TRANSLATE_NOOP("response", "session stands still"),
     QT_TRANSLATE_NOOP("response", "stands still"), QT_TRANSLATE_NOOP("response", "Thawing lets it go on where it stood.")},
    {OneStep::Thaw, "thaw", "freeze", "freeze", QT_TRANSLATE_NOOP("response", "Thaw"), QT_TRANSLATE_NOOP("response", "Thaw %1"),
     QT_TRANSLATE_NOOP("response", "Thaw %1 workspaces"), QT_TRANSLATE_NOOP("response", "session goes on"),
     QT_TRANSLATE_NOOP("response", "goes on"), QT_TRANSLATE_NOOP("response", "It can be frozen again.")},
    {OneStep::Isolate, "isolate", "isolate", "rejoin", QT_TRANSLATE_NOOP("response", "Isolate network"), QT_TRANSLATE_NOOP("response", "Isolate %1"),
     QT_TRANSLATE_NOOP("response", "Isolate %1 workspaces"), QT_TRANSLATE_NOOP("response", "loses the network, keeps the session"),
     QT_TRANSLATE_NOOP("response", "loses the network"), QT_TRANSLATE_NOOP("response", "Egress follows the policy again.")},
    {OneStep::Rejoin, "rejoin", "isolate", "isolate", QT_TRANSLATE_NOOP("response", "Rejoin network"), QT_TRANSLATE_NOOP("response", "Rejoin %1"),
     QT_TRANSLATE_NOOP("response", "Rejoin %1 workspaces"), QT_TRANSLATE_NOOP("response", "has the network again"),
     QT_TRANSLATE_NOOP("response", "has the network again"), QT_TRANSLATE_NOOP("response", "It can be isolated again.")},
    {OneStep::Snapshot, "snapshot", "snapshot", nullptr, QT_TRANSLATE_NOOP("response", "Snapshot"), QT_TRANSLATE_NOOP("response", "Snapshot %1"),
     QT_TRANSLATE_NOOP("response", "Snapshot %1 workspaces"), QT_TRANSLATE_NOOP("response", "notices nothing"),
     QT_TRANSLATE_NOOP("response", "notices nothing"), QT_TRANSLATE_NOOP("response", "A snapshot stays: it is evidence.")},
    {OneStep::PauseAgent, "pauseAgent", "pauseAgent", "resumeAgent", QT_TRANSLATE_NOOP("response", "Pause AI agent"),
     QT_TRANSLATE_NOOP("response", "Pause the AI agent in %1"), QT_TRANSLATE_NOOP("response", "Pause the AI agents in %1 workspaces"),
     QT_TRANSLATE_NOOP("response", "keeps the session"), QT_TRANSLATE_NOOP("response", "stands still"), QT_TRANSLATE_NOOP("response", "The agent goes on where it stood.")},
    {OneStep::ResumeAgent, "resumeAgent", "pauseAgent", "pauseAgent", QT_TRANSLATE_NOOP("response", "Resume AI agent"),
     QT_TRANSLATE_NOOP("response", "Resume the AI agent in %1"), QT_TRANSLATE_NOOP("response", "Resume the AI agents in %1 workspaces"),
     QT_TRANSLATE_NOOP("response", "keeps the session"), QT_TRANSLATE_NOOP("response", "goes on"), QT_TRANSLATE_NOOP("response", "It can be paused again.")},
    {OneStep::Stop, "stop", nullptr, nullptr, QT_TRANSLATE_NOOP("response", "Stop"), QT_TRANSLATE_NOOP("response", "Stop %1"),
     QT_TRANSLATE_NOOP("response", "Stop %1 workspaces"), QT_TRANSLATE_NOOP("response", "session ends, files stay"),
     QT_TRANSLATE_NOOP("response", "its task stops"), QT_TRANSLATE_NOOP("response", "The owner may start it again; what ran in it is gone.")},
};

const Kind &kindOf(OneStep what)
{
    return oneStepKinds[int(what)];
}

Result<Plan> planOfOne(const System &system, const Kind &kind, const Survey &survey, const QString &reason, const PlanOptions &options)
{
    if (survey.workspaces.isEmpty())
        return fail(Error::Code::NotFound, words("No workspace matches: there is nothing to do."));
    Plan plan = emptyPlan(QLatin1String(kind.verb), reason, options);
    if (kind.capability) {
        const Capability can = system.runtime ? system.runtime->capability(QLatin1String(kind.capability))
                                              : Capability::absent(words("this connection has no runtime agent"));
        if (!can.isPresent())
            return fail(Error::Code::Invalid, words("%1 is not possible here: %2.").arg(words(kind.title), can.reason()));
        if (can.isDegraded())
            plan.warnings.append(can.reason());
    }
    int number = 0;
    for (const Surveyed &what : survey.workspaces) {
        describeWorkspace(plan, what);
        Step step;
        step.verb = QLatin1String(kind.verb);
        step.id = stepId(step.verb, what.workspace.id, number++);
        step.title = words(kind.title);
        step.workspace = what.workspace.id;
        step.target = what.workspace.id.value;
        step.evidence = kind.what == OneStep::Snapshot;
        step.undoVerb = QLatin1String(kind.undoVerb ? kind.undoVerb : "");
        step.undoText = words(kind.undo);
        if (kind.what == OneStep::Stop)
            step.targetIdentity = identityOf(what.workspace);
        plan.steps.append(step);
    }
    countTouched(plan, survey, words(kind.person), words(kind.agent));
    plan.title = survey.workspaces.size() == 1 ? words(kind.one).arg(survey.workspaces.first().workspace.name.inert(80))
                                               : words(kind.many).arg(survey.workspaces.size());
    return plan;
}

} // namespace

QString verbOf(OneStep what)
{
    return QLatin1String(kindOf(what).verb);
}

Reply<Plan> planOneStep(const System &system, OneStep what, const Targets &targets, const QString &reason, const PlanOptions &options)
{
    const Kind &kind = kindOf(what);
    const auto make = [system, &kind, reason, options, alive = PortsAlive(system)](const Survey &survey) -> Result<Plan> {
        return alive ? planOfOne(system, kind, survey, reason, options) : Result<Plan>(connectionGone());
    };
    return planned(survey(system, targets, SurveyScope{}, options.parallelism), make);
}

} // namespace parapet::response
