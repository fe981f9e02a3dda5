// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/needs.h"

#include "ui/kit/text/format.h"
#include "ui/operation/runwords.h"

#include <QtCore/QCoreApplication>

namespace parapet::pages {

using namespace Qt::StringLiterals;

namespace {

QString say(const char *text)
{
    return QCoreApplication::translate("needs", text);
}

kit::Run plain(const QString &text)
{
    return {text, kit::Type::Body, kit::Role::Text, 0};
}

kit::Run strong(const QString &text)
{
    return {text, kit::Type::Mono, kit::Role::Text, 600};
}

Need ofOperation(const operation::Operation &operation, Instant now)
{
    Need need;
    const operation::Summary summary = operation.summary();
    need.key = u"operation:"_s + operation.id().value;
    need.operation = operation.id();
    need.action = say("Show");
    need.context = operation.id().value + u" · "_s + operation.plan().title;
    if (summary.survive > 0) {
        need.severity = Severity::Critical;
        need.kind = say("Probe");
        const QStringList names = operation::survivors(operation.run(), 1);
        need.what = {plain(names.value(0))};
        if (summary.survive > 1)
            need.what << plain(say(" and %1 more").arg(summary.survive - 1));
    } else if (summary.stepsFailed > 0) {
        need.severity = Severity::Critical;
        need.kind = say("Operation");
        need.what = {plain(ui::runWords(operation).sentence)};
    } else if (!operation.run().certificateRefused.isEmpty()) {
        need.severity = Severity::Medium;
        need.kind = say("Certificate");
        need.what = {plain(ui::runWords(operation).sentence)};
        need.context = operation.run().certificateRefused;
    } else {
        need.severity = Severity::Medium;
        need.kind = say("Operation");
        need.what = {plain(operation.plan().title), plain(say(" is under way"))};
    }
    if (isKnown(operation.nextTry()))
        need.when = say("retry in %1").arg(kit::durationText(std::max(Milliseconds(0), operation.nextTry() - now)));
    return need;
}

void addConnection(QVector<Need> &needs, const fleet::Connection &connection, Instant now)
{
    for (const fleet::PortName port : {fleet::PortName::Control, fleet::PortName::Audit, fleet::PortName::Agent}) {
        const fleet::Health &health = connection.health(port);
        const bool untrusted = health.state() == fleet::HealthState::Untrusted;
        if (!untrusted && health.state() != fleet::HealthState::Failing)
            continue;
        Need need;
        need.severity = untrusted ? Severity::Critical : Severity::High;
        need.kind = say("Connection");
        need.what = {plain(fleet::titleOf(port) + u' '),
                     plain(untrusted ? say("is not who was pinned") : say("does not answer"))};
        need.context = health.lastError().message;
        need.when = kit::agoText(health.failingSince(), now);
        need.action = say("Show");
        need.key = u"port:"_s + fleet::nameOf(port);
        need.place = {u"connections"_s, {}};
        needs << need;
    }
}

/// A figure that should be zero.
void addFigure(QVector<Need> &needs, const OverviewData &data, FleetFigure::Which which, Severity severity, const char *what,
               const QString &context, Instant now)
{
    const FleetFigure &figure = data.figure(which);
    if (!figure.count || figure.count->value().value() == 0)
        return;
    Need need;
    need.severity = severity;
    need.kind = say("Drift");
    need.what = {strong(figure.count->value().text()), plain(u' ' + QCoreApplication::translate("needs", what, nullptr, kit::numerus(figure.count->value())))};
    need.context = context;
    need.when = kit::agoText(figure.count->at(), now);
    need.action = say("Show");
    need.key = u"figure:"_s + QString::number(which);
    need.place = {u"workspaces"_s, {{u"filter"_s, figure.filter}}};
    needs << need;
}

} // namespace

QVector<Need> needsFrom(const NeedsInput &input)
{
    QVector<Need> needs;
    for (const operation::Operation *operation : input.operations) {
        if (!operation->isOver())
            needs << ofOperation(*operation, input.now);
    }
    for (const operation::UnfinishedRun &run : input.unfinished) {
        Need need;
        need.severity = Severity::High;
        need.kind = say("Operation");
        need.what = {plain(run.title.isEmpty() ? run.id.value : run.title), plain(say(" did not end"))};
        need.context = run.unreadable ? run.unreadable->message : say("journal of an earlier run of this console");
        need.when = kit::agoText(run.started, input.now);
        need.action = say("Open");
        need.key = u"unfinished:"_s + run.path;
        need.place = {u"operations"_s, {}};
        needs << need;
    }
    if (input.connection)
        addConnection(needs, *input.connection, input.now);
    if (input.data) {
        addFigure(needs, *input.data, FleetFigure::Silent, Severity::High, QT_TRANSLATE_N_NOOP("needs", "workspace(s) silent: the host does not report"),
                  say("what is shown of them is old"), input.now);
        addFigure(needs, *input.data, FleetFigure::Unsigned, Severity::Medium, QT_TRANSLATE_N_NOOP("needs", "running workspace(s) with an unsigned image"),
                  say("intended: signed images only"), input.now);
        addFigure(needs, *input.data, FleetFigure::Isolated, Severity::Medium, QT_TRANSLATE_N_NOOP("needs", "workspace(s) cut from the network"),
                  say("isolation stays until somebody ends it"), input.now);
        addFigure(needs, *input.data, FleetFigure::OldImages, Severity::Low, QT_TRANSLATE_N_NOOP("needs", "workspace(s) on an image older than 60 days"),
                  say("intended: rebuilt every 60 days"), input.now);
    }
    std::stable_sort(needs.begin(), needs.end(), [](const Need &a, const Need &b) { return a.severity > b.severity; });
    return needs;
}

} // namespace parapet::pages
