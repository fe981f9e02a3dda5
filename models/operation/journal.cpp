// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/operation/journal.h"

#include "models/core/appendfile.h"
#include "models/core/json.h"
#include "models/operation/jsonreader.h"
#include "models/operation/planjson.h"
#include "models/operation/runnames.h"

#include <QtCore/QCoreApplication>

namespace parapet::operation {

using namespace Qt::StringLiterals;

namespace {

Failure unfitting(const QString &detail)
{
    return fail(Error::Code::Invalid,
                QCoreApplication::translate("operation", "This journal holds an entry that Parapet cannot read. A newer version may have written it."),
                detail);
}

/// The step that an entry is about, or -1.
int rowOf(const Run &run, JsonReader &reader)
{
    QString id;
    reader.text("step", id);
    const int row = run.rowOf.value(id, -1);
    if (row < 0)
        reader.wrong("step");
    return row;
}

Status applyPlan(Run &run, const QJsonObject &json)
{
    JsonReader reader(json, u"plan entry"_s);
    QString type;
    int version = 0, steps = 0, probes = 0;
    Instant started{};
    QJsonObject planJson;
    reader.text("type", type);
    reader.integer("version", version);
    reader.time("at", started);
    reader.object("plan", planJson);
    Operator startedBy;
    if (version > 1) {
        reader.id("operator", startedBy.id);
        reader.text("operatorName", startedBy.name);
    }
    reader.integer("steps", steps);
    reader.integer("probes", probes);
    if (const Status status = reader.finish(); !status)
        return status;
    if (version < 1 || version > JournalVersion || !run.plan.id.isEmpty() || steps > MaximumSteps || probes > MaximumProbes)
        return unfitting(u"plan of version %1"_s.arg(version));
    Result<Plan> plan = planFromJson(planJson);
    if (!plan)
        return fail(plan.error());
    run = freshRun(*plan);
    run.started = started;
    run.startedBy = startedBy;
    return {};
}

Status applyPart(Run &run, const QJsonObject &json)
{
    JsonReader reader(json, u"planPart"_s);
    QString type;
    reader.text("type", type);
    const QJsonArray steps = reader.array("steps");
    const QJsonArray probes = reader.array("probes");
    if (const Status status = reader.finish(); !status)
        return status;
    // A part is a plan of its own without the rest, so that there is one strict reader of steps.
    QJsonObject shell = toJson(Plan{});
    shell[u"steps"_s] = steps;
    shell[u"probes"_s] = probes;
    Result<Plan> part = planFromJson(shell);
    if (!part)
        return fail(part.error());
    for (const Step &step : std::as_const(part->steps)) {
        if (run.rowOf.contains(step.id))
            return unfitting(u"step %1 twice"_s.arg(step.id));
        run.rowOf.insert(step.id, int(run.plan.steps.size()));
        run.plan.steps.append(step);
    }
    run.plan.probes.append(part->probes);
    run.steps.resize(run.plan.steps.size());
    run.probes.resize(run.plan.probes.size());
    return {};
}

Status applyRequested(Run &run, const QJsonObject &json)
{
    JsonReader reader(json, u"requested"_s);
    QString type, key;
    Instant at{};
    int tries = 0;
    bool undo = false;
    reader.text("type", type);
    const int row = rowOf(run, reader);
    reader.time("at", at);
    reader.text("key", key);
    reader.integer("try", tries);
    reader.flag("undo", undo);
    if (const Status status = reader.finish(); !status)
        return status;
    StepRun &step = run.steps[row];
    if (undo != step.undoing)
        return unfitting(u"step %1 asked for out of order"_s.arg(run.plan.steps[row].id));
    step.state = StepState::Requested;
    step.wasRequested = true;
    step.tries = tries;
    if (!isKnown(step.began))
        step.began = at;
    if (!isKnown(step.requested))
        step.requested = at;
    return {};
}

Status applyAnswered(Run &run, const QJsonObject &json)
{
    JsonReader reader(json, u"answered"_s);
    QString type;
    Instant at{};
    QJsonObject answer;
    reader.text("type", type);
    const int row = rowOf(run, reader);
    reader.time("at", at);
    reader.object("answer", answer);
    if (const Status status = reader.finish(); !status)
        return status;
    run.steps[row].answer = answer;
    return {};
}

Status applyObserved(Run &run, const QJsonObject &json)
{
    JsonReader reader(json, u"observed"_s);
    QString type;
    StepRun seen;
    reader.text("type", type);
    const int row = rowOf(run, reader);
    reader.time("at", seen.ended);
    reader.text("by", seen.observer);
    reader.text("seen", seen.seen);
    reader.object("outputs", seen.outputs);
    const QJsonArray found = reader.array("found");
    if (const Status status = reader.finish(); !status)
        return status;
    StepRun &step = run.steps[row];
    step.state = step.undoing ? StepState::Undone : StepState::Observed;
    step.ended = seen.ended;
    step.observer = seen.observer;
    step.seen = seen.seen;
    step.outputs = seen.outputs;
    step.error.reset();
    if (!isKnown(step.began))
        step.began = seen.ended;
    for (const QJsonValue &value : found) {
        const Result<Probe> probe = probeFromJson(value.toObject());
        if (!probe)
            return fail(probe.error());
        run.plan.probes.append(*probe);
        run.probes.append(ProbeRun{});
    }
    return {};
}

Status applyFailed(Run &run, const QJsonObject &json)
{
    JsonReader reader(json, u"failed"_s);
    QString type;
    Error error;
    Instant at{};
    reader.text("type", type);
    const int row = rowOf(run, reader);
    reader.time("at", at);
    reader.enumeration("code", error.code);
    reader.text("message", error.message);
    reader.text("detail", error.detail);
    if (const Status status = reader.finish(); !status)
        return status;
    run.steps[row].state = StepState::Failed;
    run.steps[row].ended = at;
    run.steps[row].error = error;
    return {};
}

Status applySkipped(Run &run, const QJsonObject &json)
{
    JsonReader reader(json, u"skipped"_s);
    QString type, why;
    Instant at{};
    reader.text("type", type);
    const int row = rowOf(run, reader);
    reader.time("at", at);
    reader.text("why", why);
    if (const Status status = reader.finish(); !status)
        return status;
    run.steps[row].state = StepState::Skipped;
    run.steps[row].ended = at;
    run.steps[row].seen = why;
    return {};
}

/// "undoing" and "retried": the step begins anew, on its way back or in another round.
Status applyAnew(Run &run, const QJsonObject &json, bool undo)
{
    JsonReader reader(json, undo ? u"undoing"_s : u"retried"_s);
    QString type;
    Instant at{};
    reader.text("type", type);
    const int row = rowOf(run, reader);
    reader.time("at", at);
    if (const Status status = reader.finish(); !status)
        return status;
    StepRun &step = run.steps[row];
    step.state = StepState::Waiting;
    step.undoing |= undo;
    step.round = undo ? 0 : step.round + 1;
    step.tries = 0;
    step.answer = {};
    step.error.reset();
    step.requested = step.ended = Instant{};
    return {};
}

Status applyProbe(Run &run, const QJsonObject &json)
{
    JsonReader reader(json, u"probe"_s);
    QString type;
    int row = -1;
    ProbeRun probe;
    reader.text("type", type);
    reader.integer("probe", row);
    reader.time("at", probe.at);
    reader.enumeration("verdict", probe.verdict);
    reader.text("seen", probe.seen);
    reader.text("observer", probe.observer);
    reader.integer("tries", probe.tries);
    if (row >= run.probes.size())
        reader.wrong("probe");
    if (const Status status = reader.finish(); !status)
        return status;
    run.probes[row] = probe;
    return {};
}

Status applyState(Run &run, const QJsonObject &json)
{
    JsonReader reader(json, u"state"_s);
    QString type;
    Instant at{};
    RunState state{};
    reader.text("type", type);
    reader.time("at", at);
    reader.enumeration("state", state);
    if (const Status status = reader.finish(); !status)
        return status;
    run.state = state;
    run.cancelled |= state == RunState::Cancelling || state == RunState::Cancelled;
    run.ended = state == RunState::Finished || state == RunState::Cancelled ? at : Instant{};
    return {};
}

Status applyCertificate(Run &run, const QJsonObject &json)
{
    JsonReader reader(json, u"certificate"_s);
    QString type;
    Certificate certificate;
    reader.text("type", type);
    reader.time("at", certificate.issued);
    reader.text("sha256", certificate.sha256);
    reader.text("key", certificate.keyName);
    if (const Status status = reader.finish(); !status)
        return status;
    run.certificate = certificate;
    return {};
}

struct Counts {
    int steps = -1;
    int probes = -1;
};

} // namespace

Status apply(Run &run, const QJsonObject &json)
{
    const QString type = json.value(u"type"_s).toString();
    if (type == "plan"_L1)
        return applyPlan(run, json);
    if (run.plan.id.isEmpty())
        return unfitting(u"“%1” before the plan"_s.arg(type));
    if (type == "planPart"_L1)
        return applyPart(run, json);
    if (type == "requested"_L1)
        return applyRequested(run, json);
    if (type == "answered"_L1)
        return applyAnswered(run, json);
    if (type == "observed"_L1)
        return applyObserved(run, json);
    if (type == "failed"_L1)
        return applyFailed(run, json);
    if (type == "skipped"_L1)
        return applySkipped(run, json);
    if (type == "undoing"_L1 || type == "retried"_L1)
        return applyAnew(run, json, type == "undoing"_L1);
    if (type == "probe"_L1)
        return applyProbe(run, json);
    if (type == "state"_L1)
        return applyState(run, json);
    if (type == "certificate"_L1)
        return applyCertificate(run, json);
    return unfitting(u"entry type “%1”"_s.arg(type.left(40)));
}

Result<Replayed> replay(const QVector<QByteArray> &records)
{
    Replayed replayed;
    Counts expected;
    for (const QByteArray &record : records) {
        const Result<QJsonValue> value = parseJson(record, {AppendFile::longestRecord, 64});
        if (!value)
            return fail(value.error());
        if (!value->isArray())
            return unfitting(u"a record is no array"_s);
        for (const QJsonValue &one : value->toArray()) {
            const QJsonObject json = one.toObject();
            if (const Status status = apply(replayed.run, json); !status)
                return fail(status.error());
            if (expected.steps < 0)
                expected = {json.value(u"steps"_s).toInt(), json.value(u"probes"_s).toInt()};
        }
    }
    replayed.whole = expected.steps >= 0 && replayed.run.plan.steps.size() == expected.steps
        && replayed.run.plan.probes.size() >= expected.probes;
    return replayed;
}

} // namespace parapet::operation
