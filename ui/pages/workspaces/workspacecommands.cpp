// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/workspaces/workspacecommands.h"

#include <QtCore/QCoreApplication>

namespace parapet::pages {

using namespace Qt::StringLiterals;

namespace {

QString commandText(const char *text)
{
    return QCoreApplication::translate("workspaces", text);
}

struct Verb {
    response::OneStep step;
    const char *id;
    const char *text;
    const char *title;   ///< of the plan; %1 is what it acts on
    const char *hint;
    kit::Icon icon;
    int key;
    const char *right;
    const char *capability;
};

constexpr Verb verbs[] = {
    {response::OneStep::Freeze, "workspace.freeze", QT_TRANSLATE_NOOP("workspaces", "Freeze"), QT_TRANSLATE_NOOP("workspaces", "Freeze %1"),
     QT_TRANSLATE_NOOP("workspaces", "stops every process where it stands, reversible"), kit::Icon::Freeze, Qt::Key_F, "runtime:freeze", "freeze"},
    {response::OneStep::Thaw, "workspace.thaw", QT_TRANSLATE_NOOP("workspaces", "Thaw"), QT_TRANSLATE_NOOP("workspaces", "Thaw %1"),
     QT_TRANSLATE_NOOP("workspaces", "lets frozen processes go on"), kit::Icon::Play, 0, "runtime:freeze", "freeze"},
    {response::OneStep::Isolate, "workspace.isolate", QT_TRANSLATE_NOOP("workspaces", "Isolate"), QT_TRANSLATE_NOOP("workspaces", "Isolate %1"),
     QT_TRANSLATE_NOOP("workspaces", "closes every connection and refuses new ones, reversible"), kit::Icon::Isolate, Qt::Key_I, "runtime:isolate", "isolate"},
    {response::OneStep::Rejoin, "workspace.rejoin", QT_TRANSLATE_NOOP("workspaces", "Rejoin network"), QT_TRANSLATE_NOOP("workspaces", "Rejoin %1"),
     QT_TRANSLATE_NOOP("workspaces", "ends an isolation"), kit::Icon::Globe, 0, "runtime:isolate", "isolate"},
    {response::OneStep::Snapshot, "workspace.snapshot", QT_TRANSLATE_NOOP("workspaces", "Snapshot"), QT_TRANSLATE_NOOP("workspaces", "Snapshot %1"),
     QT_TRANSLATE_NOOP("workspaces", "archive and manifest, nothing is changed"), kit::Icon::Camera, Qt::Key_S, "runtime:snapshot", "snapshot"},
    {response::OneStep::PauseAgent, "workspace.pause-agent", QT_TRANSLATE_NOOP("workspaces", "Pause agent"), QT_TRANSLATE_NOOP("workspaces", "Pause the AI agents of %1"),
     QT_TRANSLATE_NOOP("workspaces", "keeps the people's sessions"), kit::Icon::Pause, Qt::Key_P, "runtime:pause", "pauseAgent"},
    {response::OneStep::ResumeAgent, "workspace.resume-agent", QT_TRANSLATE_NOOP("workspaces", "Resume agent"), QT_TRANSLATE_NOOP("workspaces", "Resume the AI agents of %1"),
     QT_TRANSLATE_NOOP("workspaces", "lets paused AI agents go on"), kit::Icon::Robot, 0, "runtime:pause", "pauseAgent"},
    {response::OneStep::Stop, "workspace.stop", QT_TRANSLATE_NOOP("workspaces", "Stop…"), QT_TRANSLATE_NOOP("workspaces", "Stop %1"),
     QT_TRANSLATE_NOOP("workspaces", "a polite end, the owner may start it again"), kit::Icon::Stop, 0, "workspace:stop", nullptr},
};

shell::Command commandOf(shell::ConsoleContext &context, const CommandTargets &targets, const Verb &verb)
{
    shell::Command command;
    command.id = QLatin1String(verb.id);
    command.text = commandText(verb.text);
    command.hint = commandText(verb.hint);
    command.icon = verb.icon;
    if (verb.key)
        command.shortcut = QKeySequence(verb.key);
    command.needs = shell::NeedsOnline | shell::NeedsObjects;
    command.right = QLatin1String(verb.right);
    command.onObject = true;
    command.condition = [&context, targets, right = command.right] { return context.may(right, targets.access()); };
    if (verb.capability) {
        command.condition = [&context, targets, right = command.right, capability = QLatin1String(verb.capability)] {
            if (const shell::Availability may = context.may(right, targets.access()); !may.enabled)
                return may;
            const Runtime *runtime = context.system().runtime;
            if (!runtime)
                return shell::Availability::no(commandText("This system has no runtime agents."));
            const Capability able = runtime->capability(capability);
            return able.isPresent() ? shell::Availability::yes() : shell::Availability::no(able.reason());
        };
    }
    command.run = [&context, targets, step = verb.step, title = verb.title] {
        const response::Targets chosen = targets.targets();
        context.propose(commandText(title).arg(targets.name()), [step, chosen](const System &system) {
            return response::planOneStep(system, step, chosen, {});
        });
    };
    return command;
}

} // namespace

QVector<shell::Command> workspaceCommands(shell::ConsoleContext &context, const CommandTargets &targets)
{
    QVector<shell::Command> commands;
    for (const Verb &verb : verbs)
        commands << commandOf(context, targets, verb);

    shell::Command revoke;
    revoke.id = u"workspace.revoke"_s;
    revoke.text = commandText("Revoke…");
    revoke.hint = commandText("evidence first, ends in a certificate");
    revoke.icon = kit::Icon::Ban;
    revoke.shortcut = QKeySequence(Qt::Key_R);
    revoke.kind = kit::Button::Kind::Danger;
    revoke.needs = shell::NeedsOnline | shell::NeedsObjects;
    revoke.right = u"workspace:revoke"_s;
    revoke.onObject = true;
    revoke.condition = [&context, targets, right = revoke.right] { return context.may(right, targets.access()); };
    revoke.run = [&context, targets] {
        const response::Targets chosen = targets.targets();
        response::PlanOptions options;
        options.system = context.systemName();
        context.propose(commandText("Revoke %1").arg(targets.name()), [chosen, options](const System &system) {
            return response::planRevoke(system, chosen, {}, options);
        });
    };
    commands << revoke;

    shell::Command copy;
    copy.id = u"workspace.copy-id"_s;
    copy.text = commandText("Copy identifier");
    copy.icon = kit::Icon::Copy;
    copy.needs = shell::NeedsObjects;
    copy.onObject = true;
    copy.run = targets.copyIdentifiers;
    commands << copy;

    shell::Command call;
    call.id = u"workspace.copy-call"_s;
    call.text = commandText("Copy the API call of Revoke");
    call.hint = commandText("as a curl command, without secrets");
    call.icon = kit::Icon::Terminal;
    call.needs = shell::NeedsOneObject;
    call.onObject = true;
    call.run = targets.copyApiCall;
    commands << call;

    shell::Command detail;
    detail.id = u"workspace.detail"_s;
    detail.text = commandText("Show detail");
    detail.icon = kit::Icon::ChevronRight;
    detail.needs = shell::NeedsOneObject;
    detail.onObject = true;
    detail.run = targets.openDetail;
    commands << detail;
    return commands;
}

QStringList bulkCommandIds()
{
    return {u"workspace.freeze"_s, u"workspace.isolate"_s, u"workspace.snapshot"_s, u"workspace.pause-agent"_s, u"workspace.revoke"_s};
}

QStringList detailCommandIds()
{
    return {u"workspace.pause-agent"_s, u"workspace.isolate"_s, u"workspace.snapshot"_s, u"workspace.revoke"_s};
}

QStringList menuCommandIds()
{
    QStringList ids{u"workspace.detail"_s};
    for (const Verb &verb : verbs)
        ids << QLatin1String(verb.id);
    ids << u"workspace.revoke"_s << u"workspace.copy-id"_s << u"workspace.copy-call"_s;
    return ids;
}

} // namespace parapet::pages
