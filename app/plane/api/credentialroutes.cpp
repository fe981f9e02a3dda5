// SPDX-License-Identifier: GPL-3.0-or-later
// Sessions, leases, and how a secret is tried.
#include "app/plane/api/api.h"

#include "app/plane/api/params.h"
#include "models/crypto/random.h"
#include "models/wire/heldsecret.h"

#include <QtCore/QCoreApplication>

namespace parapet::plane {

using namespace Qt::StringLiterals;

namespace {

template<class T>
Result<Answer> rowsOfWorkspace(const State &state, const QHash<QString, QVector<QString>> &index, const QString &workspace)
{
    const std::shared_lock guard(state.lock);
    if (!state.workspaces.find(workspace))
        return noSuch("There is no workspace “%1”.", workspace);
    Answer answer;
    answer.body = "{\"items\":[";
    bool first = true;
    for (const QString &id : index.value(workspace)) {
        if (!std::exchange(first, false))
            answer.body += ',';
        answer.body += state.table<T>().find(id)->json();
    }
    answer.body += "]}";
    return answer;
}

} // namespace

void Api::addCredentialRoutes()
{
    const State &state = m_parts.store.state();

    Endpoint sessions{"GET", u"/v1/workspaces/{id}/sessions"_s, Interface::Control, u"session.list"_s, u"session:read"_s, Subject::Workspace};
    sessions.read = [&state](const Call &call) { return rowsOfWorkspace<Session>(state, state.sessionsOf, call.argument()); };
    add(sessions);

    Endpoint leases{"GET", u"/v1/workspaces/{id}/leases"_s, Interface::Control, u"lease.list"_s, u"lease:read"_s, Subject::Workspace};
    leases.read = [&state](const Call &call) { return rowsOfWorkspace<Lease>(state, state.leasesOf, call.argument()); };
    add(leases);

    Endpoint session{"GET", u"/v1/sessions/{id}"_s, Interface::Control, u"session.read"_s, u"session:read"_s, Subject::Session};
    session.read = [&state](const Call &call) -> Result<Answer> {
        const std::shared_lock guard(state.lock);
        const RowPtr<Session> row = state.sessions.find(call.argument());
        if (!row)
            return noSuch("There is no session “%1”.", call.argument());
        return answerOf(row->value());
    };
    add(session);

    Endpoint end{"POST", u"/v1/sessions/{id}/end"_s, Interface::Control, u"session.end"_s, u"session:end"_s, Subject::Session};
    end.write = [this](Unit &unit, const Call &call, const Change &change) -> Result<Answer> {
        const auto row = unit.find<Session>(call.argument());
        if (!row)
            return noSuch("There is no session “%1”.", call.argument());
        if (const Status same = checkVersion(change, row->version); !same)
            return fail(same.error());
        AuditEvent by = call.event();
        by.reason = Untrusted(change.reason);
        if (row->state == SessionState::Ended) {
            by.action = call.route->action;
            by.target = Untrusted(row->id.value);
            by.workspace = row->workspace;
            by.session = row->id;
            by.detail = Untrusted(u"it had ended before"_s);
            unit.record(by);
            return answerOf(*row);
        }
        return answerOf(m_parts.broker.endSession(unit, *row, QCoreApplication::translate("control", "It was ended by %1.").arg(call.caller.name.inert(128)), by));
    };
    add(end);

    Endpoint lease{"GET", u"/v1/leases/{id}"_s, Interface::Control, u"lease.read"_s, u"lease:read"_s, Subject::Lease};
    lease.read = [&state](const Call &call) -> Result<Answer> {
        const std::shared_lock guard(state.lock);
        const RowPtr<Lease> row = state.leases.find(call.argument());
        if (!row)
            return noSuch("There is no lease “%1”.", call.argument());
        return answerOf(row->value());
    };
    add(lease);

    Endpoint revoke{"POST", u"/v1/leases/{id}/revoke"_s, Interface::Control, u"lease.revoke"_s, u"lease:revoke"_s, Subject::Lease};
    revoke.write = [this](Unit &unit, const Call &call, const Change &change) -> Result<Answer> {
        const auto row = unit.find<Lease>(call.argument());
        if (!row)
            return noSuch("There is no lease “%1”.", call.argument());
        if (const Status same = checkVersion(change, row->version); !same)
            return fail(same.error());
        AuditEvent by = call.event();
        by.reason = Untrusted(change.reason);
        if (row->state != LeaseState::Active) {
            by.action = call.route->action;
            by.target = Untrusted(row->id.value);
            by.workspace = row->workspace;
            by.detail = Untrusted(u"it was not active before"_s);
            unit.record(by);
            return answerOf(*row);
        }
        return answerOf(m_parts.broker.revokeLease(unit, *row, by));
    };
    add(revoke);

    Endpoint held{"GET", u"/v1/workspaces/{id}/held-secrets"_s, Interface::Control, u"credential.probe"_s, u"credential:probe"_s, Subject::Workspace};
    held.slowRead = [this, &state](const Call &call) -> Result<Answer> {
        {
            const std::shared_lock guard(state.lock);
            if (!state.workspaces.find(call.argument()))
                return noSuch("There is no workspace “%1”.", call.argument());
        }
        auto database = m_parts.queries.borrow();
        if (!database)
            return fail(database.error());
        Result<QVector<HeldSecret>> secrets = m_parts.broker.heldSecrets(**database, WorkspaceId(call.argument()), m_controlUrl + u"/v1/token"_s);
        if (!secrets)
            return fail(secrets.error());
        Answer answer;
        wire::appendItems(answer.body, *secrets);
        answer.detail = u"%1 secrets"_s.arg(secrets->size());
        for (HeldSecret &secret : *secrets)
            crypto::wipe(secret.secret);
        return answer;
    };
    add(held);

    Endpoint token{"GET", u"/v1/token"_s, Interface::Control, u"token.try"_s};
    token.read = [this](const Call &call) -> Result<Answer> {
        const QByteArray header = call.request.header("Authorization");
        const bool bearer = header.size() > 7 && header.left(7).compare("bearer ", Qt::CaseInsensitive) == 0;
        const auto session = bearer ? m_parts.broker.sessionOfToken(header.mid(7).trimmed()) : std::nullopt;
        if (!session)
            return fail(Error::Code::Unauthorized, QCoreApplication::translate("api", "The token is not accepted."));
        Answer answer;
        answer.body = "{\"session\":\"" + session->value.toUtf8() + "\"}";
        answer.detail = session->value;
        return answer;
    };
    add(token);
}

} // namespace parapet::plane
