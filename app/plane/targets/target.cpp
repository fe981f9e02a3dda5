// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/targets/target.h"

#include "app/plane/server/server.h"
#include "app/plane/server/wire.h"
#include "app/plane/targets/logins.h"
#include "models/core/json.h"
#include "models/wire/batch.h"

#include <QtCore/QJsonObject>

namespace parapet::plane {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longestUserName = 128;
constexpr QByteArrayView targetBatchPath = "/v1/batch";

bool usesPassword(LeaseKind kind)
{
    return kind == LeaseKind::GitToken || kind == LeaseKind::DatabasePassword;
}

struct Presented {
    bool isThere = false; ///< an Authorization header was sent
    bool isReadable = false;
    QByteArray user;
    QByteArray secret;
};

/// RFC 7617 and RFC 6750: the scheme's name in any case, one or more blanks, then the credential.
Presented presentedIn(const server::Request &request, LeaseKind kind)
{
    Presented found;
    const QByteArray header = request.header("Authorization").trimmed();
    if (header.isEmpty())
        return found;
    found.isThere = true;
    const qsizetype blank = header.indexOf(' ');
    const QByteArray scheme = header.left(blank).toLower();
    const QByteArray rest = blank < 0 ? QByteArray() : header.mid(blank).trimmed();
    if (usesPassword(kind)) {
        const auto decoded =
            QByteArray::fromBase64Encoding(rest, QByteArray::Base64Encoding | QByteArray::AbortOnBase64DecodingErrors);
        const qsizetype colon = decoded.decoded.indexOf(':');
        found.isReadable = scheme == "basic" && decoded && colon >= 0;
        if (found.isReadable) {
            found.user = decoded.decoded.left(colon);
            found.secret = decoded.decoded.mid(colon + 1);
        }
    } else {
        found.isReadable = scheme == "bearer" && !rest.isEmpty() && !rest.contains(' ');
        found.secret = rest;
    }
    return found;
}

/// What a path means to a kind of target: an action's name, or nothing when there is no such path.
struct TargetRoute {
    QString action;
    QByteArray method;
};

std::optional<TargetRoute> targetRoute(LeaseKind kind, const server::Request &request)
{
    const QStringList &path = request.segments;
    const auto is = [&](QLatin1StringView wanted) { return QLatin1String(request.path) == wanted; };
    if (is("/v1/try"_L1))
        return TargetRoute{u"try"_s, "GET"};
    switch (kind) {
    case LeaseKind::GitToken:
        if (path.size() >= 2 && path.first().size() > 0) {
            const bool repository = path.filter(u".git"_s).size() > 0;
            if (repository && path.size() >= 3 && path[path.size() - 2] == "info"_L1 && path.last() == "refs"_L1)
                return TargetRoute{u"git.refs"_s, "GET"};
            if (repository && path.last() == "git-receive-pack"_L1)
                return TargetRoute{u"git.push"_s, "POST"};
        }
        break;
    case LeaseKind::DatabasePassword:
        if (is("/v1/login"_L1))
            return TargetRoute{u"login"_s, "POST"};
        if (is("/v1/query"_L1))
            return TargetRoute{u"query"_s, "POST"};
        break;
    case LeaseKind::RegistryToken:
        if (is("/v2/"_L1) || is("/v2"_L1))
            return TargetRoute{u"registry.version"_s, "GET"};
        if (path.size() >= 4 && path.first() == "v2"_L1 && path[path.size() - 2] == "manifests"_L1)
            return TargetRoute{u"registry.manifest"_s, "GET"};
        break;
    case LeaseKind::CloudRole:
        if (is("/sts/caller-identity"_L1))
            return TargetRoute{u"role.assume"_s, "GET"};
        break;
    }
    return std::nullopt;
}

/// What an accepted call is answered with, beside the statement of /v1/try.
server::Response natural(const QString &action, const QString &target, const LoginStore::Login &login)
{
    server::Response response;
    response.headers.append(server::Header{"Content-Type", "application/json"});
    if (action == "git.refs"_L1) {
        // Smart HTTP advertisement of an empty repository (gitprotocol-http, pkt-line).
        response.headers = {{"Content-Type", "application/x-git-upload-pack-advertisement"},
                            {"Cache-Control", "no-cache"}};
        response.body = QByteArray("001e# service=git-upload-pack\n0000004b") + QByteArray(40, '0') +
                        " capabilities^{}" + '\0' + "agent=parapet\n0000";
        return response;
    }
    if (action == "git.push"_L1) {
        response.headers = {{"Content-Type", "application/x-git-receive-pack-result"}};
        response.body = "000eunpack ok\n0000";
        return response;
    }
    QJsonObject answer{{u"target"_s, target}, {u"accepted"_s, true}, {u"as"_s, login.as}};
    if (action == "query"_L1)
        answer.insert(u"rows"_s, 1);
    if (action == "registry.manifest"_L1)
        answer.insert(u"schemaVersion"_s, 2);
    response.body = canonicalJson(answer);
    return response;
}

} // namespace

class TargetService::Private
{
public:
    explicit Private(TargetService &service) : service(service) {}

    server::Response answer(const server::Request &request);
    server::Response answerAll(const server::Request &request);
    server::Response refuse(const Presented &presented) const;
    void tell(const server::Request &request, const QString &action, const Presented &presented,
              const std::optional<LoginStore::Login> &login);

    TargetService &service;
    LoginStore logins;
    std::unique_ptr<server::Server> server;
};

/// Several requests in one, each answered as if it had come alone.
server::Response TargetService::Private::answerAll(const server::Request &request)
{
    const auto items = wire::batchFromJson(request.body);
    if (!items)
        return server::problem(400, items.error().message);
    QVector<QByteArray> answers;
    answers.reserve(items->size());
    for (const wire::BatchItem &item : *items) {
        server::Request one;
        one.method = item.method;
        one.target = item.target;
        if (!server::splitTarget(one))
            return server::problem(400, u"A path of this batch cannot be read."_s);
        for (const auto &[name, value] : item.headers)
            one.headers.append(server::Header{name, value});
        one.body = item.body;
        one.peer = request.peer;
        one.peerAddress = request.peerAddress;
        one.peerPort = request.peerPort;
        const bool isBatch = QByteArrayView(one.path) == targetBatchPath;
        const server::Response response = isBatch ? server::problem(400, u"A batch cannot be part of a batch."_s) : answer(one);
        QByteArray media;
        QVector<std::pair<QByteArray, QByteArray>> headers;
        for (const server::Header &header : response.headers) {
            if (header.name == "Content-Type")
                media = header.value;
            headers.append({header.name, header.value});
        }
        QByteArray text;
        wire::appendBatchAnswer(text, response.status, media, headers, response.body);
        answers.append(text);
    }
    server::Response whole;
    whole.headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}};
    whole.body = wire::toBatchAnswers(answers);
    return whole;
}

server::Response TargetService::Private::answer(const server::Request &request)
{
    if (QByteArrayView(request.path) == targetBatchPath)
        return request.method == "POST" ? answerAll(request) : server::problem(405, u"This path takes POST."_s);
    const std::optional<TargetRoute> route = targetRoute(service.m_kind, request);
    if (!route)
        return server::problem(404, u"This service has no such path."_s);
    if (request.method != route->method)
        return server::problem(405, u"This path takes %1."_s.arg(QLatin1String(route->method)));
    const Presented presented = presentedIn(request, service.m_kind);
    const auto login = presented.isReadable ? logins.find(presented.user, presented.secret) : std::nullopt;
    ++(login ? service.m_accepted : service.m_refused);
    tell(request, route->action, presented, login);
    return login ? natural(route->action, service.m_name, *login) : refuse(presented);
}

server::Response TargetService::Private::refuse(const Presented &presented) const
{
    server::Response response;
    response.status = 401;
    QString error;
    if (usesPassword(service.m_kind)) {
        error = presented.isThere ? u"login refused"_s : u"login required"_s;
        response.headers.append(
            server::Header{"WWW-Authenticate", "Basic realm=\"" + service.m_name.toUtf8() + "\", charset=\"UTF-8\""});
    } else {
        error = presented.isThere ? u"invalid_token"_s : u"token required"_s;
        response.headers.append(server::Header{"WWW-Authenticate", presented.isThere
                                                                       ? QByteArray("Bearer error=\"invalid_token\"")
                                                                       : QByteArray("Bearer")});
    }
    response.headers.append(server::Header{"Content-Type", "application/json"});
    response.body =
        canonicalJson(QJsonObject{{u"target"_s, service.m_name}, {u"accepted"_s, false}, {u"error"_s, error}});
    return response;
}

void TargetService::Private::tell(const server::Request &request, const QString &action, const Presented &presented,
                                  const std::optional<LoginStore::Login> &login)
{
    if (!service.onEvent)
        return;
    TargetEvent event;
    event.target = service.m_name;
    event.accepted = login.has_value();
    if (login)
        event.lease = login->lease;
    event.userName = Untrusted(QString::fromUtf8(presented.user.left(longestUserName)));
    event.peer = request.peerAddress + u':' + QString::number(request.peerPort);
    event.action = action;
    event.at = Clock::system().now();
    service.onEvent(event);
}

TargetService::TargetService(LeaseKind kind, QString name)
    : m_kind(kind), m_name(std::move(name)), d(std::make_unique<Private>(*this))
{
}

TargetService::~TargetService()
{
    stop();
}

Status TargetService::start(const Tls &tls, quint16 port)
{
    server::Config config;
    config.port = port;
    config.certificateChain = tls.certificateChain;
    config.privateKey = tls.privateKey;
    config.clientAuthorities = tls.authority;
    config.requireClientCertificate = false;
    config.threads = 1;
    config.limits.bodyBytes = 256 << 10;
    config.limits.connections = 256;
    config.limits.silentConnections = 64;
    config.limits.streams = 0;
    config.limits.shutdown = Milliseconds(300); // loopback: who does not answer at once is not going to
    config.limits.stop = Milliseconds(1000);
    Result<std::unique_ptr<server::Server>> started = server::Server::start(
        std::move(config), [this](server::Request request, std::shared_ptr<server::Responder> responder) {
            responder->send(d->answer(request));
        });
    if (!started)
        return fail(started.error());
    d->server = std::move(*started);
    return {};
}

void TargetService::stop()
{
    d->server.reset();
}

quint16 TargetService::port() const
{
    return d->server ? d->server->port() : 0;
}

QString TargetService::endpoint() const
{
    return d->server ? u"https://127.0.0.1:%1"_s.arg(d->server->port()) : QString();
}

void TargetService::grant(const Credential &credential)
{
    d->logins.grant(usesPassword(m_kind) ? credential.userName.toUtf8() : QByteArray(), credential);
}

bool TargetService::drop(const LeaseId &lease)
{
    return d->logins.drop(lease);
}

qsizetype TargetService::credentials() const
{
    return d->logins.size();
}

} // namespace parapet::plane
