// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/api/api.h"

#include "app/plane/api/params.h"
#include "app/plane/control/authority.h"
#include "app/plane/control/identities.h"
#include "models/core/json.h"
#include "models/crypto/digest.h"
#include "models/wire/problem.h"

#include <QtCore/QCoreApplication>

namespace parapet::plane {

using namespace Qt::StringLiterals;

namespace {

constexpr char16_t principalUri[] = u"parapet://principal/";
constexpr char staleVersion[] = "if-match";
/// Refused handshakes and calls of strangers that are recorded one by one in a second; the rest is counted.
constexpr int strangersPerSecond = 20;

QString apiWord(const char *text)
{
    return QCoreApplication::translate("api", text);
}

QString apiOrigin(Interface interface)
{
    switch (interface) {
    case Interface::Audit:
        return u"audit"_s;
    case Interface::Agent:
        return u"agent"_s;
    case Interface::Control:
        break;
    }
    return u"control"_s;
}

} // namespace

AuditEvent Call::event() const
{
    AuditEvent event;
    event.time = at;
    event.actor = caller.id;
    event.actorName = caller.name;
    event.actorKind = caller.kind;
    event.source = request.peerAddress;
    event.requestId = requestId;
    event.origin = apiOrigin(interface);
    return event;
}

QByteArray producedType(const Call &call)
{
    const QString &pattern = call.route->pattern;
    return pattern.endsWith(u"archive"_s) ? "application/x-tar" : pattern.endsWith(u"/file"_s) ? "application/x-asciicast" : "application/jsonl";
}

Failure noSuch(const char *what, const QString &id)
{
    return fail(Error::Code::NotFound, QCoreApplication::translate("api", what).arg(Untrusted(id).inert(128)));
}

Status checkVersion(const Change &change, qint64 version)
{
    if (change.ifMatch.isEmpty() || change.ifMatch == QString::number(version))
        return {};
    return fail(Error::Code::Conflict, apiWord("It has changed since you read it. Read it again, then decide."), QLatin1String(staleVersion));
}

Api::Api(Parts parts) : m_parts(parts)
{
    m_pool.setMaxThreadCount(4);
    addControlRoutes();
    addCredentialRoutes();
    addAuditRoutes();
    addLogRoutes();
    addRecordingRoutes();
    addAgentRoutes();
    addBatchRoutes();
}

Api::~Api()
{
    stop();
}

void Api::stop()
{
    m_stopping = true;
    m_pool.waitForDone();
}

void Api::add(Endpoint route)
{
    route.segments = route.pattern.split(u'/', Qt::SkipEmptyParts);
    m_routes.append(std::move(route));
}

void Api::handle(Interface interface, server::Request request, std::shared_ptr<server::Responder> responder)
{
    auto call = std::make_shared<Call>();
    call->request = std::move(request);
    call->responder = std::move(responder);
    call->interface = interface;
    call->at = m_parts.store.clock().now();
    call->requestId = newIdentifier(u"req");
    if (m_stopping)
        return send(*call, fail(Error::Code::Server, apiWord("The plane is ending. Try again in a moment."), {}, true), 503);
    admit(call, true);
}

bool Api::identify(Call &call, QString &why) const
{
    QStringList ids;
    for (const QString &uri : call.request.peer->uris) {
        if (uri.startsWith(QStringView(principalUri)))
            ids << uri.mid(QStringView(principalUri).size());
    }
    if (ids.size() != 1) {
        why = apiWord("The certificate names no principal of this plane. Use an identity that it issued.");
        return false;
    }
    if (call.request.peer->notAfter < call.at) {
        why = apiWord("The certificate has expired. Have a new identity issued.");
        return false;
    }
    const State &state = m_parts.store.state();
    const std::shared_lock guard(state.lock);
    const RowPtr<Principal> principal = state.principals.find(ids.first());
    if (!principal) {
        why = apiWord("This plane does not know the principal that the certificate names. Have a new identity issued.");
        return false;
    }
    if (principal->value().suspended) {
        why = apiWord("This principal is suspended. Someone with the right to must reinstate it first.");
        return false;
    }
    call.caller = principal->value();
    return true;
}

void Api::admit(const CallPtr &call, bool mayAdopt)
{
    QString why;
    if (!identify(*call, why)) {
        // An identity that was issued a moment ago waits in the data folder.
        if (mayAdopt && m_parts.identities.arePending()) {
            m_parts.store.submit([this](Unit &unit) { m_parts.identities.adopt(unit); }, [this, call](const Status &) { admit(call, false); });
            return;
        }
        call->caller = {};
        return refuse(call, {Error::Code::Unauthorized, why, {}, false}, 401, u"connection.refuse"_s);
    }
    bool pathKnown = false;
    call->route = match(*call, pathKnown);
    if (!call->route) {
        return pathKnown ? refuse(call, {Error::Code::Invalid, apiWord("This path does not take that method."), {}, false}, 405, u"call.unknown"_s)
                         : refuse(call, {Error::Code::NotFound, apiWord("There is nothing at this path."), {}, false}, 404, u"call.unknown"_s);
    }
    WorkspaceId workspace;
    if (const Status may = mayCall(*call, workspace); !may)
        return finish(call, fail(may.error()), 0, may.error().code == Error::Code::Forbidden ? Tell::Everyone : Tell::Nobody);
    if (const Status known = checkParameters(*call); !known)
        return finish(call, fail(known.error()));
    dispatch(call);
}

const Endpoint *Api::match(Call &call, bool &pathKnown) const
{
    const QStringList &segments = call.request.segments;
    for (const Endpoint &route : m_routes) {
        if (route.interface != call.interface
            || (route.tail ? route.segments.size() > segments.size() : route.segments.size() != segments.size()))
            continue;
        QStringList arguments;
        bool same = true;
        for (qsizetype i = 0; same && i < route.segments.size(); ++i) {
            if (route.tail && i + 1 == route.segments.size())
                arguments << segments.mid(i).join(u'/');
            else if (route.segments[i].startsWith(u'{'))
                arguments << segments[i];
            else
                same = route.segments[i] == segments[i];
        }
        if (!same)
            continue;
        pathKnown = true;
        if (route.method == call.request.method) {
            call.arguments = arguments;
            return &route;
        }
    }
    return nullptr;
}

Status Api::mayCall(const Call &call, WorkspaceId &workspace) const
{
    const State &state = m_parts.store.state();
    const std::shared_lock guard(state.lock);
    const Authority &authority = *state.authority;
    const QString &right = call.route->right;
    if (right.isEmpty())
        return {};
    if (call.route->subject != Subject::None && call.route->subject != Subject::Principal) {
        const QString &id = call.argument();
        if (call.route->subject == Subject::Workspace) {
            workspace = WorkspaceId(id);
        } else if (call.route->subject == Subject::Session) {
            if (const auto row = state.sessions.find(id))
                workspace = row->value().workspace;
        } else if (call.route->subject == Subject::Lease) {
            if (const auto row = state.leases.find(id))
                workspace = row->value().workspace;
        } else if (call.route->subject == Subject::Recording) {
            if (const auto row = state.recordings.find(id))
                workspace = row->value().workspace;
        } else if (const auto row = state.snapshots.find(id)) {
            workspace = row->value().workspace;
        }
    }
    const RowPtr<Workspace> row = state.workspaces.find(workspace.value);
    bool may = authority.allows(call.caller.id, right, row ? &row->value() : nullptr);
    if (!may && call.route->subject == Subject::None && (call.route->scoped || right == "workspace:read"_L1))
        may = authority.allowsSomewhere(call.caller.id, right);
    if (may)
        return {};
    return fail(Error::Code::Forbidden,
                authority.explanation(call.caller.id, right, row ? &row->value() : nullptr));
}

void Api::dispatch(const CallPtr &call)
{
    const Endpoint &route = *call->route;
    if (route.many)
        return call->inBatch ? finish(call, invalid(apiWord("A batch cannot be part of a batch."))) : route.many(call);
    if (call->inBatch && route.stream)
        return finish(call, invalid(apiWord("Changes cannot be watched in a batch.")));
    if (call->inBatch && route.produce) {
        m_pool.start([this, call] { answerWhole(call); });
        return;
    }
    if (route.read)
        return finish(call, route.read(*call));
    if (route.slowRead) {
        m_pool.start([this, call] { finish(call, call->route->slowRead(*call)); });
        return;
    }
    if (route.produce) {
        m_pool.start([this, call] {
            auto made = call->route->produce(*call);
            if (!made)
                return finish(call, fail(made.error()));
            m_parts.store.submit([this, call](Unit &unit) { record(unit, *call, Answer{}, Tell::Everyone); },
                                 [this, call, made](const Status &stored) {
                                     if (!stored)
                                         return send(*call, fail(stored.error()));
                                     call->responder->sendProducer(200, {{"Content-Type", producedType(*call)}},
                                                                   made->first, made->second);
                                 });
        });
        return;
    }
    if (route.stream) {
        m_parts.store.submit([this, call](Unit &unit) { record(unit, *call, Answer{}, Tell::Nobody); },
                             [this, call](const Status &stored) {
                                 if (stored)
                                     call->route->stream(call);
                                 else
                                     send(*call, fail(stored.error()));
                             });
        return;
    }
    write(call);
}

void Api::write(const CallPtr &call)
{
    const Result<QJsonObject> body = bodyOf(*call);
    if (!body)
        return finish(call, fail(body.error()));
    const Result<Change> change = changeOf(*call, *body);
    if (!change)
        return finish(call, fail(change.error()));
    const QByteArray digest = crypto::sha256(call->request.method + ' ' + call->request.path + '\n' + canonicalJson(*body));
    if (call->route->act)
        return act(call, *change, digest);
    auto result = std::make_shared<Result<Answer>>(Answer{});
    m_parts.store.submit(
        [this, call, change = *change, digest, result](Unit &unit) {
            Result<std::optional<Answer>> before = remembered(unit, *call, change, digest);
            if (before && *before) {
                *result = **before;
                return record(unit, *call, *result, Tell::Nobody);
            }
            *result = before ? call->route->write(unit, *call, change) : Result<Answer>(fail(before.error()));
            if (!*result) {
                unit.reset();
                return record(unit, *call, *result, Tell::Everyone);
            }
            remember(unit, *call, change, digest, **result);
        },
        [this, call, result](const Status &stored) { send(*call, stored ? *result : Result<Answer>(fail(stored.error()))); });
}

void Api::record(Unit &unit, const Call &call, const Result<Answer> &result, Tell tell) const
{
    AuditEvent event = call.event();
    event.action = call.route ? call.route->action : u"call.unknown"_s;
    event.target = Untrusted(call.arguments.isEmpty() ? QString::fromUtf8(call.request.path).left(256) : call.argument().left(256));
    if (call.route && call.route->subject == Subject::Workspace)
        event.workspace = WorkspaceId(isIdentifier(call.argument()) ? call.argument() : QString());
    if (result) {
        QString detail = result->detail;
        if (detail.isEmpty() && call.request.target.size() > call.request.path.size())
            detail = QString::fromUtf8(call.request.target.mid(call.request.path.size() + 1)).left(1024);
        event.detail = Untrusted(detail);
    } else {
        event.outcome = result.error().code == Error::Code::Forbidden || result.error().code == Error::Code::Unauthorized ? Outcome::Denied
                                                                                                                            : Outcome::Failure;
        event.detail = Untrusted(result.error().message);
    }
    unit.record(std::move(event), tell);
}

void Api::finish(const CallPtr &call, const Result<Answer> &result, int status, Tell tell)
{
    if (result && call->route && call->route->unrecorded)
        return send(*call, result, status);
    m_parts.store.submit([this, call, result, tell](Unit &unit) { record(unit, *call, result, tell); },
                         [this, call, result, status](const Status &stored) {
                             send(*call, stored ? result : Result<Answer>(fail(stored.error())), status);
                         });
}

void Api::send(const Call &call, const Result<Answer> &result, int status) const
{
    server::Response response;
    if (!result) {
        const bool stale = result.error().code == Error::Code::Conflict && result.error().detail == QLatin1String(staleVersion);
        response = problemOf(result.error(), call.requestId, status ? status : stale ? 412 : 0);
    } else {
        response.status = result->status;
        response.body = result->body;
        response.headers = result->headers;
        response.headers.append(server::Header{"Content-Type", result->contentType});
        if (!result->etag.isEmpty())
            response.headers.append(server::Header{"ETag", '"' + result->etag.toLatin1() + '"'});
    }
    const bool cached = std::any_of(response.headers.cbegin(), response.headers.cend(), [](const auto &header) { return header.name == "Cache-Control"; });
    if (!cached)
        response.headers.append(server::Header{"Cache-Control", "no-store"});
    response.headers.append(server::Header{"X-Request-Id", call.requestId.toLatin1()});
    call.responder->send(std::move(response));
}

void Api::refuse(const CallPtr &call, const Error &error, int status, const QString &action)
{
    m_parts.store.submit(
        [call, error, action](Unit &unit) {
            AuditEvent event = call->event();
            event.action = action;
            event.target = Untrusted(QString::fromUtf8(call->request.path).left(256));
            event.outcome = Outcome::Denied;
            event.detail = Untrusted(call->caller.id.isEmpty() && !call->request.peer->commonName.isEmpty()
                                         ? u"%1 (“%2”)"_s.arg(error.message, call->request.peer->commonName.left(128))
                                         : error.message);
            unit.record(std::move(event));
        },
        [this, call, error, status](const Status &) { send(*call, fail(error), status); });
}

server::Response Api::refused(Interface interface, const server::Refusal &refusal)
{
    const QString id = newIdentifier(u"req");
    if (refusal.status == 413 && refusal.peer && !refusal.peer->isEmpty()) {
        m_parts.store.submit([interface, refusal, id](Unit &unit) {
            AuditEvent event;
            event.origin = apiOrigin(interface);
            event.action = u"call.refuse"_s;
            event.actorName = Untrusted(refusal.peer->commonName.left(128));
            event.source = refusal.peerAddress;
            event.requestId = id;
            event.outcome = Outcome::Failure;
            event.detail = Untrusted(refusal.detail.left(512));
            unit.record(std::move(event));
        });
    }
    Error error{wire::codeOf(refusal.status), refusal.detail, {}, refusal.status == 503};
    return problemOf(error, id, refusal.status);
}

void Api::refusedPeer(Interface interface, const server::RefusedPeer &peer)
{
    int missed = 0;
    {
        // A flood of strangers must not become a flood of records.
        const std::scoped_lock guard(m_refusalLock);
        const Instant now = m_parts.store.clock().now();
        if (now - m_refusalWindow >= std::chrono::seconds(1)) {
            missed = std::max(0, m_refusalsInWindow - strangersPerSecond);
            m_refusalWindow = now;
            m_refusalsInWindow = 0;
        }
        if (++m_refusalsInWindow > strangersPerSecond)
            return;
    }
    m_parts.store.submit([interface, peer, missed](Unit &unit) {
        AuditEvent event;
        event.origin = apiOrigin(interface);
        event.action = u"connection.refuse"_s;
        event.actorName = Untrusted(peer.commonName.left(128));
        event.source = peer.peerAddress;
        event.outcome = Outcome::Denied;
        event.detail = Untrusted(missed > 0 ? u"%1; %2 more in the second before"_s.arg(peer.reason.left(512)).arg(missed) : peer.reason.left(512));
        unit.record(std::move(event));
    });
}

} // namespace parapet::plane
