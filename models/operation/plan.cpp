// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/operation/plan.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QCryptographicHash>
#include <QtCore/QHash>
#include <QtCore/QSet>

#include <algorithm>

namespace parapet::operation {

using namespace Qt::StringLiterals;

namespace {

QString planText(const char *source)
{
    return QCoreApplication::translate("operation", source);
}

Failure refuse(const QString &message)
{
    return fail(Error::Code::Invalid, message);
}

QString naming(const Step &step)
{
    return step.workspace.isEmpty() ? step.title : u"%1 (%2)"_s.arg(step.title, step.workspace.value);
}

/// For each step: how many waits lie between it and a step that waits for nothing. Shorter than the plan when there is a cycle.
struct Layers {
    QVector<int> order;
    QVector<int> depth;
};

Layers layersOf(const Plan &plan, const QHash<QString, int> &index)
{
    const int n = int(plan.steps.size());
    QVector<QVector<int>> children(n);
    QVector<int> missing(n, 0);
    Layers layers;
    layers.depth.fill(0, n);
    for (int i = 0; i < n; ++i) {
        for (const QString &id : plan.steps[i].after) {
            const auto found = index.constFind(id);
            if (found == index.cend())
                continue;
            children[*found].append(i);
            ++missing[i];
        }
    }
    QVector<int> now;
    for (int i = 0; i < n; ++i) {
        if (missing[i] == 0)
            now.append(i);
    }
    for (int depth = 0; !now.isEmpty(); ++depth) {
        QVector<int> next;
        for (const int i : std::as_const(now)) {
            layers.order.append(i);
            layers.depth[i] = depth;
            for (const int child : children[i]) {
                if (--missing[child] == 0)
                    next.append(child);
            }
        }
        std::sort(next.begin(), next.end());
        now = next;
    }
    return layers;
}

Status checkShape(const Plan &plan, QHash<QString, int> &index)
{
    if (!isIdentifier(plan.id.value) || plan.title.isEmpty())
        return refuse(planText("This plan has no identifier or no title. Make it again."));
    if (plan.steps.isEmpty())
        return refuse(planText("There is nothing to do in this plan."));
    if (plan.steps.size() > MaximumSteps || plan.probes.size() > MaximumProbes)
        return refuse(planText("This plan has %1 steps and %2 probes; at most %3 and %4 are run at once. Choose fewer workspaces.")
                          .arg(plan.steps.size()).arg(plan.probes.size()).arg(MaximumSteps).arg(MaximumProbes));
    if (plan.reason.size() > MaximumReason || plan.evidenceOverride.size() > MaximumReason)
        return refuse(planText("The reason is longer than %1 characters. Shorten it.").arg(MaximumReason));
    QSet<QString> workspaces;
    for (int i = 0; i < plan.steps.size(); ++i) {
        const Step &step = plan.steps[i];
        if (!isIdentifier(step.id) || step.verb.isEmpty() || step.target.isEmpty())
            return refuse(planText("Step %1 of this plan has no identifier, verb or target.").arg(i + 1));
        if (index.contains(step.id))
            return refuse(planText("Two steps of this plan are both called %1.").arg(step.id));
        index.insert(step.id, i);
        workspaces.insert(step.workspace.value);
    }
    for (const Probe &probe : plan.probes) {
        if (!workspaces.contains(probe.workspace.value))
            return refuse(planText("A probe looks at %1, which no step of this plan touches.").arg(probe.workspace.value));
    }
    return {};
}

/// Each destructive step must come after evidence of its own workspace. One pass in order: what a step has seen preserved is
/// the union of what its parents saw, restricted to its own workspace's evidence, which is all that is asked for.
Status checkEvidence(const Plan &plan, const QHash<QString, int> &index, const QVector<int> &order)
{
    QVector<QSet<QString>> preserved(plan.steps.size());
    for (const int i : order) {
        const Step &step = plan.steps[i];
        QSet<QString> &mine = preserved[i];
        for (const QString &id : step.after)
            mine.unite(preserved[index.value(id)]);
        if (step.destructive && !mine.contains(step.workspace.value)) {
            return refuse(planText("“%1” destroys before evidence is preserved. Add a snapshot before it, or say why evidence is skipped.")
                              .arg(naming(step)));
        }
        if (step.evidence)
            mine.insert(step.workspace.value);
    }
    return {};
}

} // namespace

Status check(const Plan &plan)
{
    QHash<QString, int> index;
    if (const Status shape = checkShape(plan, index); !shape)
        return shape;
    for (const Step &step : plan.steps) {
        for (const QString &id : step.after) {
            if (!index.contains(id))
                return refuse(planText("“%1” waits for a step %2 that is not in this plan.").arg(naming(step), id));
        }
    }
    const Layers layers = layersOf(plan, index);
    if (layers.order.size() != plan.steps.size()) {
        const QSet<int> reached(layers.order.cbegin(), layers.order.cend());
        for (int i = 0; i < plan.steps.size(); ++i) {
            if (!reached.contains(i))
                return refuse(planText("“%1” waits for itself in a circle.").arg(naming(plan.steps[i])));
        }
    }
    if (plan.evidenceOverride.isEmpty())
        return checkEvidence(plan, index, layers.order);
    if (plan.evidenceOverride.trimmed().size() < MinimumOverride)
        return refuse(planText("Say in at least %1 characters why evidence is skipped.").arg(MinimumOverride));
    return {};
}

QVector<int> order(const Plan &plan)
{
    QHash<QString, int> index;
    for (int i = 0; i < plan.steps.size(); ++i)
        index.insert(plan.steps[i].id, i);
    const Layers layers = layersOf(plan, index);
    return layers.order.size() == plan.steps.size() ? layers.order : QVector<int>();
}

QString idempotencyKey(const OperationId &operation, const QString &step, bool undo, int round)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    const QString what = u"%1\n%2\n%3\n%4"_s.arg(operation.value, step, undo ? u"undo"_s : u"do"_s).arg(round);
    hash.addData(what.toUtf8());
    return u"k-"_s + QString::fromLatin1(hash.result().toHex().left(40));
}

} // namespace parapet::operation
