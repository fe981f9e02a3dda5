// SPDX-License-Identifier: GPL-3.0-or-later
// Workspaces, principals and the watch.
#include "app/plane/api/api.h"

#include "app/plane/api/params.h"
#include "app/plane/api/sight.h"
#include "app/plane/control/authority.h"
#include "models/core/json.h"
#include "models/wire/self.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonObject>

namespace parapet::plane {

using namespace Qt::StringLiterals;

namespace {

const QStringList &listParameters()
{
    static const QStringList names{u"filter"_s, u"sort"_s, u"order"_s, u"limit"_s, u"after"_s, u"at"_s};
    return names;
}

Answer workspaceAnswer(const RowPtr<Workspace> &row, Instant now)
{
    Answer answer;
    answer.body = jsonOf(row, now);
    answer.etag = QString::number(row->value().version);
    return answer;
}

template<class T>
QByteArray itemsOf(const QVector<RowPtr<T>> &rows)
{
    QByteArray out = "{\"items\":[";
    for (qsizetype i = 0; i < rows.size(); ++i) {
        if (i)
            out += ',';
        out += rows[i]->json();
    }
    return out + "]}";
}

AuditEvent workspaceEvent(const Call &call, const Change &change, const WorkspaceId &id)
{
    AuditEvent event = call.event();
    event.action = call.route->action;
    event.target = Untrusted(id.value);
    event.workspace = id;
    event.reason = Untrusted(change.reason);
    event.detail = Untrusted(change.operation.value);
    return event;
}

} // namespace

void Api::addControlRoutes()
{
    const State &state = m_parts.store.state();
    const Clock &clock = m_parts.store.clock();

    Endpoint self{"GET", u"/v1/self"_s, Interface::Control, u"self.read"_s};
    self.read = [&state](const Call &call) -> Result<Answer> {
        Self self{call.caller, {}, call.request.peer->notAfter};
        {
            const std::shared_lock guard(state.lock);
            self.rights = state.authority->grantsOf(call.caller.id);
        }
        Answer answer = answerOf(self);
        answer.etag = QString::number(self.principal.version);
        return answer;
    };
    add(self);

    Endpoint list{"GET", u"/v1/workspaces"_s, Interface::Control, u"workspace.list"_s, u"workspace:read"_s, Subject::None, listParameters()};
    list.read = [this, &state, &clock](const Call &call) -> Result<Answer> {
        const Result<PageRequest> request = pageRequestOf(call);
        if (!request)
            return fail(request.error());
        Result<QByteArray> page = m_list.page(state, *request, call.caller.id, clock.now());
        if (!page)
            return fail(page.error());
        Answer answer;
        answer.body = std::move(*page);
        return answer;
    };
    add(list);

    Endpoint counts{"GET", u"/v1/workspaces/counts"_s, Interface::Control, u"workspace.count"_s, u"workspace:read"_s, Subject::None,
                 {u"by"_s, u"filter"_s}};
    counts.read = [this, &state, &clock](const Call &call) -> Result<Answer> {
        Result<QByteArray> buckets = m_list.counts(state, call.parameter("filter").value_or(QString()), call.parameter("by").value_or(QString()),
                                                   call.caller.id, clock.now());
        if (!buckets)
            return fail(buckets.error());
        Answer answer;
        answer.body = std::move(*buckets);
        return answer;
    };
    add(counts);

    Endpoint one{"GET", u"/v1/workspaces/{id}"_s, Interface::Control, u"workspace.read"_s, u"workspace:read"_s, Subject::Workspace};
    one.read = [&state, &clock](const Call &call) -> Result<Answer> {
        const std::shared_lock guard(state.lock);
        const RowPtr<Workspace> row = state.workspaces.find(call.argument());
        if (!row)
            return noSuch("There is no workspace “%1”.", call.argument());
        return workspaceAnswer(row, clock.now());
    };
    add(one);

    Endpoint principals{"GET", u"/v1/workspaces/{id}/principals"_s, Interface::Control, u"principal.list"_s, u"principal:read"_s, Subject::Workspace};
    principals.read = [&state](const Call &call) -> Result<Answer> {
        const std::shared_lock guard(state.lock);
        const RowPtr<Workspace> row = state.workspaces.find(call.argument());
        if (!row)
            return noSuch("There is no workspace “%1”.", call.argument());
        QStringList ids{row->value().owner.value};
        for (const QString &id : state.sessionsOf.value(call.argument())) {
            const Session &session = state.sessions.find(id)->value();
            // An AI agent stays one of the workspace's when its session has ended: whoever suspended it must see that it is.
            if (session.state == SessionState::Open || session.actorKind == ActorKind::Agent)
                ids << session.actor.value;
        }
        if (const PrincipalId agent = state.intents.value(call.argument()).agent; !agent.isEmpty())
            ids << agent.value;
        ids.removeDuplicates();
        QVector<RowPtr<Principal>> rows;
        for (const QString &id : std::as_const(ids)) {
            if (const auto principal = state.principals.find(id))
                rows.append(principal);
        }
        Answer answer;
        answer.body = itemsOf(rows);
        return answer;
    };
    add(principals);

    addWorkspaceChanges();

    Endpoint changes{"GET", u"/v1/changes"_s, Interface::Control, u"changes.watch"_s, u"workspace:read"_s, Subject::None, {u"since"_s}};
    changes.stream = [this, &state, &clock](const CallPtr &call) {
        QString since = call->parameter("since").value_or(QString());
        if (since.isEmpty())
            since = QString::fromLatin1(call->request.header("Last-Event-ID"));
        const auto stream = call->responder->stream(200, {{"Content-Type", "text/event-stream"}, {"Cache-Control", "no-store"}});
        m_parts.feed.watch(stream, since, std::make_unique<CallerSight>(state, clock, call->caller.id, call->request.peer->notAfter));
    };
    add(changes);
}

void Api::addWorkspaceChanges()
{
    Endpoint revoke{"POST", u"/v1/workspaces/{id}/revoke"_s, Interface::Control, u"workspace.revoke"_s, u"workspace:revoke"_s, Subject::Workspace};
    revoke.act = [this](const CallPtr &call, const Change &change) -> std::function<Result<Answer>(Unit &)> {
        const WorkspaceId id(call->argument());
        const RuntimeState seen = m_parts.lifecycle.stateOf(id);
        return [this, call, change, id, seen](Unit &unit) -> Result<Answer> {
            const auto row = unit.find<Workspace>(id.value);
            if (!row)
                return noSuch("There is no workspace “%1”.", id.value);
            AuditEvent event = workspaceEvent(*call, change, id);
            unit.record(event);
            Intent intent = unit.intent(id.value);
            intent.revoking = intent.held = true;
            intent.run = false;
            unit.put(intent);
            m_parts.lifecycle.endCredentials(unit, id, QCoreApplication::translate("control", "The workspace was revoked."), event);
            if (row->state != WorkspaceState::Revoked) {
                // Simulated ones are read again: an earlier unit may have ended it since.
                const RuntimeState now = row->simulated ? simulatedNow(unit, id) : seen;
                m_parts.lifecycle.observe(unit, *unit.find<Workspace>(id.value), now);
                if (now.exists && !row->simulated)
                    unit.afterCommit([this, id] { m_parts.lifecycle.recheckSoon(id); });
            }
            return answerOf(*unit.find<Workspace>(id.value));
        };
    };
    add(revoke);

    Endpoint stop{"POST", u"/v1/workspaces/{id}/stop"_s, Interface::Control, u"workspace.stop"_s, u"workspace:stop"_s, Subject::Workspace};
    stop.act = [this](const CallPtr &call, const Change &change) -> std::function<Result<Answer>(Unit &)> {
        const WorkspaceId id(call->argument());
        const bool simulated = m_parts.lifecycle.isSimulated(id);
        Result<RuntimeState> ended = simulated ? Result<RuntimeState>(RuntimeState()) : m_parts.lifecycle.host().terminate(id);
        if (!ended && ended.error().code == Error::Code::NotFound)
            ended = m_parts.lifecycle.stateOf(id);
        return [this, call, change, id, simulated, ended](Unit &unit) -> Result<Answer> {
            const auto row = unit.find<Workspace>(id.value);
            if (!row)
                return noSuch("There is no workspace “%1”.", id.value);
            if (!ended)
                return fail(ended.error());
            AuditEvent event = workspaceEvent(*call, change, id);
            unit.record(event);
            Intent intent = unit.intent(id.value);
            intent.run = false;
            unit.put(intent);
            m_parts.lifecycle.endCredentials(unit, id, QCoreApplication::translate("control", "The workspace was stopped."), event);
            Workspace after = *unit.find<Workspace>(id.value);
            if (!simulated && ended->exists) {
                after.state = WorkspaceState::Stopping;
                unit.put(after);
                unit.afterCommit([this, id] { m_parts.lifecycle.recheckSoon(id); });
            } else if (after.state != WorkspaceState::Revoked) {
                RuntimeState gone = *ended;
                gone.exists = false;
                m_parts.lifecycle.observe(unit, after, gone);
            }
            return answerOf(*unit.find<Workspace>(id.value));
        };
    };
    add(stop);

    Endpoint suspend{"POST", u"/v1/principals/{id}/suspend"_s, Interface::Control, u"principal.suspend"_s, u"principal:suspend"_s, Subject::Principal};
    suspend.members = {u"suspended"_s};
    suspend.act = [this](const CallPtr &call, const Change &change) -> std::function<Result<Answer>(Unit &)> {
        const QString id = call->argument();
        const QJsonValue wish = parseJson(call->request.body).value_or(QJsonValue()).toObject().value("suspended"_L1);
        if (!wish.isBool())
            return [](Unit &) -> Result<Answer> { return invalid(QCoreApplication::translate("api", "Say true or false."), u"/suspended"_s); };
        return suspendPrincipal(call, change, id, wish.toBool());
    };
    add(suspend);
}

std::function<Result<Answer>(Unit &)> Api::suspendPrincipal(const CallPtr &call, const Change &change, const QString &id, bool suspended)
{
    QVector<WorkspaceId> places; // where it works as an AI agent
    {
        const State &state = m_parts.store.state();
        const std::shared_lock guard(state.lock);
        for (const Intent &intent : state.intents) {
            if (intent.agent.value == id)
                places.append(intent.workspace);
        }
    }
    QVector<RuntimeState> seen;
    for (const WorkspaceId &place : std::as_const(places)) {
        if (const auto paused = m_parts.lifecycle.host().setAgentPaused(place, suspended))
            seen.append(*paused);
    }
    return [this, call, change, id, suspended, seen](Unit &unit) -> Result<Answer> {
        auto principal = unit.find<Principal>(id);
        if (!principal)
            return noSuch("There is no principal “%1”.", id);
        if (const Status same = checkVersion(change, principal->version); !same)
            return fail(same.error());
        if (suspended && principal->id == call->caller.id)
            return fail(Error::Code::Invalid, QCoreApplication::translate("api", "You cannot suspend yourself."));
        AuditEvent event = call->event();
        event.action = suspended ? u"principal.suspend"_s : u"principal.reinstate"_s;
        event.target = Untrusted(id);
        event.reason = Untrusted(change.reason);
        event.detail = Untrusted(change.operation.value);
        unit.record(event);
        if (principal->suspended != suspended) {
            principal->suspended = suspended;
            unit.put(*principal);
        }
        if (suspended) {
            for (const Session &session : unit.sessionsBy(id))
                m_parts.broker.endSession(unit, session, QCoreApplication::translate("control", "Its principal was suspended."), event);
        }
        for (const RuntimeState &state : seen) {
            if (const auto row = unit.find<Workspace>(state.workspace.value))
                m_parts.lifecycle.observe(unit, *row, state);
            unit.afterCommit([this, id = state.workspace] { m_parts.lifecycle.recheckSoon(id); });
        }
        return answerOf(*unit.find<Principal>(id));
    };
}

} // namespace parapet::plane
