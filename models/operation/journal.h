// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/reply.h"
#include "models/operation/run.h"

namespace parapet::operation {

// The journal of one run (resources/formats/operation-journal.md): an AppendFile whose records are arrays of entries, so that
// what became ready while the disk was busy is made durable together.

/// The version of the format, written into the first entry. Version 1 did not say who started the run; it is read as well.
constexpr int JournalVersion = 2;

/// File names in the operations folder: a run is ".running" until it is over, then ".journal"; its certificate lies beside it.
QString runningPath(const QString &folder, const OperationId &id);
QString journalPath(const QString &folder, const OperationId &id);
QString certificatePath(const QString &folder, const OperationId &id);

/// The entries that begin a journal: the plan, in parts that fit a record.
QVector<QJsonObject> planEntries(const Plan &plan, Instant started, const Operator &startedBy = {});

namespace entry {
QJsonObject requested(const Run &run, int step, const QString &key, Instant at);
QJsonObject answered(const Run &run, int step, Instant at);
QJsonObject observed(const Run &run, int step, const QVector<Probe> &found);
QJsonObject failed(const Run &run, int step);
QJsonObject skipped(const Run &run, int step);
QJsonObject undoing(const Run &run, int step, Instant at);
QJsonObject retried(const Run &run, int step, Instant at);
QJsonObject probe(const Run &run, int probe);
QJsonObject state(RunState state, Instant at);
QJsonObject certificate(const Certificate &certificate);
}

/// Applies one entry to a run. Invalid: it is none of ours, or does not fit what came before.
Status apply(Run &run, const QJsonObject &entry);

/// What a journal's records say. `whole` is false when the plan itself was not written to its end: then nothing was asked for.
struct Replayed {
    Run run;
    bool whole = false;
};
Result<Replayed> replay(const QVector<QByteArray> &records);


/// Name of a state as journals hold it: "running".
QString nameOfState(RunState state);

} // namespace parapet::operation
