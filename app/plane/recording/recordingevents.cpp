// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/recording/recordingevents.h"

#include "models/core/json.h"

#include <QtCore/QJsonObject>

namespace parapet::plane {

using namespace Qt::StringLiterals;

namespace {

AuditEvent recordingEvent(const QString &action, const Recording &row)
{
    AuditEvent event;
    event.action = action;
    event.actor = row.actor;
    event.actorName = row.actorName;
    event.actorKind = row.actorKind;
    event.target = Untrusted(row.id);
    event.workspace = row.workspace;
    event.session = row.session;
    event.source = row.workspace.value;
    event.origin = u"agent"_s;
    return event;
}

/// As the log's other events name them.
void nameRecorded(const Unit &unit, Recording &row)
{
    if (const auto actor = unit.find<Principal>(row.actor.value))
        row.actorName = actor->name;
    for (const Session &session : unit.sessionsOf(row.workspace.value)) {
        if (session.actor == row.actor && session.state == SessionState::Open)
            row.session = session.id;
    }
}

} // namespace

void recordingBegins(Unit &unit, Recording row)
{
    row.state = RecordingState::Running;
    nameRecorded(unit, row);
    AuditEvent event = recordingEvent(u"recording.start"_s, row);
    event.time = row.started;
    event.detail = Untrusted(QString::fromUtf8(canonicalJson(QJsonObject{{u"columns"_s, row.columns}, {u"rows"_s, row.rows}})));
    unit.put(row);
    unit.record(event);
}

void recordingNotBegun(Unit &unit, const Recording &row, const QString &why)
{
    Recording named = row;
    nameRecorded(unit, named);
    AuditEvent event = recordingEvent(u"recording.start"_s, named);
    event.outcome = Outcome::Failure;
    event.detail = Untrusted(why);
    unit.record(event);
}

void recordingEnds(Unit &unit, Recording row)
{
    // Who it was and by which session was settled when it began.
    if (const auto begun = unit.find<Recording>(row.id)) {
        row.session = begun->session;
        row.actorName = begun->actorName;
    }
    row.state = RecordingState::Ended;
    row.event = unit.nextEventIndex();
    AuditEvent event = recordingEvent(u"recording.end"_s, row);
    event.detail = Untrusted(QString::fromUtf8(canonicalJson(QJsonObject{{u"bytes"_s, row.bytes}, {u"columns"_s, row.columns}, {u"durationMs"_s, row.duration},
                                                                         {u"rows"_s, row.rows}, {u"sha256"_s, row.sha256}})));
    event.reason = Untrusted(row.remark);
    unit.put(row);
    unit.record(event);
}

} // namespace parapet::plane
