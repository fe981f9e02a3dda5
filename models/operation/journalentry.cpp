// SPDX-License-Identifier: GPL-3.0-or-later
// The entries of a journal as they are written; journal.cpp reads them.
#include "models/operation/journal.h"
#include "models/operation/planjson.h"
#include "models/operation/runnames.h"

#include <QtCore/QJsonArray>

namespace parapet::operation {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype planPart = 2'000; ///< steps or probes in one entry: about 1 MB

QJsonObject entryOf(const char *type, const Run &run, int step, Instant at)
{
    return {{u"type"_s, QLatin1String(type)}, {u"step"_s, run.plan.steps[step].id}, {u"at"_s, toRfc3339(at)}};
}

} // namespace

QString nameOfState(RunState state)
{
    return nameOf(state);
}

QString runningPath(const QString &folder, const OperationId &id)
{
    return folder + u'/' + id.value + u".running"_s;
}

QString journalPath(const QString &folder, const OperationId &id)
{
    return folder + u'/' + id.value + u".journal"_s;
}

QString certificatePath(const QString &folder, const OperationId &id)
{
    return folder + u'/' + id.value + u".certificate.json"_s;
}

QVector<QJsonObject> planEntries(const Plan &plan, Instant started, const Operator &startedBy)
{
    Plan shell = plan;
    shell.steps.clear();
    shell.probes.clear();
    QVector<QJsonObject> entries;
    entries.append(QJsonObject{{u"type"_s, u"plan"_s}, {u"version"_s, JournalVersion}, {u"at"_s, toRfc3339(started)},
                               {u"plan"_s, toJson(shell)}, {u"operator"_s, startedBy.id.value}, {u"operatorName"_s, startedBy.name.inert()},
                               {u"steps"_s, int(plan.steps.size())}, {u"probes"_s, int(plan.probes.size())}});
    const auto part = [&entries](const Plan &some) {
        const QJsonObject json = toJson(some);
        entries.append(QJsonObject{{u"type"_s, u"planPart"_s}, {u"steps"_s, json[u"steps"_s]}, {u"probes"_s, json[u"probes"_s]}});
    };
    for (qsizetype from = 0; from < plan.steps.size(); from += planPart) {
        Plan some;
        some.steps = plan.steps.mid(from, planPart);
        part(some);
    }
    for (qsizetype from = 0; from < plan.probes.size(); from += planPart) {
        Plan some;
        some.probes = plan.probes.mid(from, planPart);
        part(some);
    }
    return entries;
}

namespace entry {

QJsonObject requested(const Run &run, int step, const QString &key, Instant at)
{
    QJsonObject json = entryOf("requested", run, step, at);
    json[u"key"_s] = key;
    json[u"try"_s] = run.steps[step].tries;
    json[u"undo"_s] = run.steps[step].undoing;
    return json;
}

QJsonObject answered(const Run &run, int step, Instant at)
{
    QJsonObject json = entryOf("answered", run, step, at);
    json[u"answer"_s] = run.steps[step].answer;
    return json;
}

QJsonObject observed(const Run &run, int step, const QVector<Probe> &found)
{
    const StepRun &seen = run.steps[step];
    QJsonArray probes;
    for (const Probe &probe : found)
        probes.append(probeToJson(probe));
    QJsonObject json = entryOf("observed", run, step, seen.ended);
    json[u"by"_s] = seen.observer;
    json[u"seen"_s] = seen.seen;
    json[u"outputs"_s] = seen.outputs;
    json[u"found"_s] = probes;
    return json;
}

QJsonObject failed(const Run &run, int step)
{
    const Error error = run.steps[step].error.value_or(Error{});
    QJsonObject json = entryOf("failed", run, step, run.steps[step].ended);
    json[u"code"_s] = nameOf(error.code);
    json[u"message"_s] = error.message;
    json[u"detail"_s] = error.detail;
    return json;
}

QJsonObject skipped(const Run &run, int step)
{
    QJsonObject json = entryOf("skipped", run, step, run.steps[step].ended);
    json[u"why"_s] = run.steps[step].seen;
    return json;
}

QJsonObject undoing(const Run &run, int step, Instant at)
{
    return entryOf("undoing", run, step, at);
}

QJsonObject retried(const Run &run, int step, Instant at)
{
    return entryOf("retried", run, step, at);
}

QJsonObject probe(const Run &run, int probe)
{
    const ProbeRun &seen = run.probes[probe];
    return {{u"type"_s, u"probe"_s}, {u"probe"_s, probe}, {u"at"_s, toRfc3339(seen.at)}, {u"verdict"_s, nameOf(seen.verdict)},
            {u"seen"_s, seen.seen}, {u"observer"_s, seen.observer}, {u"tries"_s, seen.tries}};
}

QJsonObject state(RunState state, Instant at)
{
    return {{u"type"_s, u"state"_s}, {u"state"_s, nameOf(state)}, {u"at"_s, toRfc3339(at)}};
}

QJsonObject certificate(const Certificate &certificate)
{
    return {{u"type"_s, u"certificate"_s}, {u"at"_s, toRfc3339(certificate.issued)}, {u"sha256"_s, certificate.sha256},
            {u"key"_s, certificate.keyName}};
}

} // namespace entry

} // namespace parapet::operation
