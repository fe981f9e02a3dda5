// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/scriptedplane.h"

#include "models/crypto/digest.h"
#include "models/crypto/noteverifier.h"
#include "models/wire/activity.h"
#include "models/wire/heldsecret.h"
#include "models/wire/pages.h"
#include "models/wire/runtimestate.h"
#include "models/wire/self.h"

namespace parapet::support {

using namespace Qt::StringLiterals;

namespace {

template<class T>
ScriptedServer::Answer jsonOf(const T &value)
{
    ScriptedServer::Answer answer;
    wire::appendJson(answer.body, value);
    return answer;
}

ScriptedServer::Answer refusal(int status, const QByteArray &body, const QByteArray &type = "application/problem+json")
{
    ScriptedServer::Answer answer;
    answer.status = status;
    answer.body = body;
    answer.contentType = type;
    return answer;
}

ScriptedServer::Answer notFound()
{
    return refusal(404, R"({"status":404,"detail":"scripted","code":"NotFound"})");
}

} // namespace

ScriptedPlane::ScriptedPlane() : server(factory.server()), targets(factory.server(), false)
{
    world.clock.set(Clock::system().now()); // TLS checks its certificates by the machine's clock
    world.self.id = PrincipalId(u"operator"_s);
    world.self.name = Untrusted(u"A. Operator"_s);
    world.self.team = u"security"_s;
    world.self.version = 1;
    targets.handler = server.handler = [this](const ScriptedServer::Request &request) { return answer(request); };
}

fleet::Profile ScriptedPlane::profile() const
{
    fleet::Profile profile;
    profile.name = u"scripted"_s;
    profile.control = profile.audit = profile.agent = server.url();
    profile.caPath = factory.caPath();
    profile.caSha256 = factory.caSha256();
    profile.logKey =
        crypto::NoteVerifier::make(logName, crypto::PrivateKey::generate(crypto::KeyKind::Ed25519).publicKey())->text();
    profile.identityPath = factory.clientFile(u"operator"_s);
    profile.proberIdentityPath = factory.clientFile(u"prober"_s);
    return profile;
}

void ScriptedPlane::greet(int pingSeconds)
{
    server.send("event: hello\ndata: {\"epoch\":\"e1\",\"sequence\":\"0\",\"pingSeconds\":" +
                QByteArray::number(pingSeconds) + "}\n\n");
}

ScriptedServer::Answer ScriptedPlane::answer(const ScriptedServer::Request &request)
{
    const QString path = request.path.section(u'?', 0, 0);
    if (const auto found = overruled.constFind(path); found != overruled.cend())
        return *found;
    const QStringList parts = path.split(u'/', Qt::SkipEmptyParts); // v1, noun, id, part
    const QString noun = parts.value(1);
    if (noun == u"changes"_s) {
        ScriptedServer::Answer stream;
        stream.contentType = "text/event-stream";
        stream.stream = true;
        return stream;
    }
    if (noun == u"self"_s)
        return jsonOf(Self{world.self, world.rights, world.acceptedUntil});
    if (noun == u"head"_s)
        return jsonOf(LogHead{logName, qint64(world.events.size()), QByteArray(32, 'h'), world.clock.now()});
    if (noun == u"token"_s)
        return tryToken(request);
    if (noun == u"try"_s)
        return tryLease(request);
    if (noun == u"capabilities"_s) {
        ScriptedServer::Answer answer;
        answer.body =
            R"({"items":[{"verb":"freeze","present":true,"reason":""},{"verb":"limits","present":false,"reason":"no cgroups"}]})";
        return answer;
    }
    if (noun == u"sessions"_s)
        if (const Session *session = world.findSession(SessionId(parts.value(2))))
            return jsonOf(*session);
    if (noun == u"events"_s && parts.value(2).toInt() < world.events.size())
        return jsonOf(world.events.at(parts.value(2).toInt()));
    if (noun == u"snapshots"_s && world.snapshots.contains(parts.value(2))) {
        if (parts.value(3) == u"manifest"_s)
            return refusal(200, world.manifests.value(parts.value(2)), "application/jsonl");
        if (parts.value(3) == u"archive"_s)
            return refusal(200, world.archives.value(parts.value(2)), "application/x-tar");
        return jsonOf(world.snapshots.value(parts.value(2)));
    }
    if (noun == u"workspaces"_s && parts.size() == 2) {
        ScriptedServer::Answer answer;
        const auto rows = world.workspaceList();
        wire::appendPage(answer.body, Page<Workspace>{rows, Count::exactly(rows.size()), {}, world.clock.now()});
        return answer;
    }
    const FakeWorkspace *workspace = noun == u"workspaces"_s ? world.find(WorkspaceId(parts.value(2))) : nullptr;
    if (!workspace)
        return notFound();
    if (parts.value(3) == u"held-secrets"_s)
        return heldSecrets(workspace->workspace.id);
    if (parts.value(3) == u"state"_s)
        return jsonOf(workspace->runtime);
    return parts.size() == 3 ? jsonOf(workspace->workspace) : notFound();
}

ScriptedServer::Answer ScriptedPlane::heldSecrets(const WorkspaceId &id)
{
    const FakeWorkspace *workspace = world.find(id);
    QVector<HeldSecret> held;
    for (const Session &session : workspace->sessions) {
        for (const QByteArray &generation : {QByteArray("old"), QByteArray("new")})
            held.append({HeldSecret::Kind::SessionToken,
                         session.id.value,
                         session.id.value,
                         u"control plane"_s,
                         server.url().toString(),
                         {},
                         generation + ':' + session.id.value.toUtf8()});
    }
    for (const Lease &lease : workspace->leases)
        held.append({HeldSecret::Kind::LeaseSecret, lease.id.value, lease.name, lease.target, targets.url().toString(),
                     lease.kind == LeaseKind::DatabasePassword ? u"app"_s : QString(),
                     "lease:" + lease.id.value.toUtf8()});
    ScriptedServer::Answer answer;
    wire::appendItems(answer.body, held);
    return answer;
}

ScriptedServer::Answer ScriptedPlane::tryToken(const ScriptedServer::Request &request)
{
    const QByteArray token = request.headers.value("authorization").mid(7);
    const Session *session = world.findSession(SessionId(QString::fromUtf8(token.mid(token.indexOf(':') + 1))));
    if (session && (session->state == SessionState::Open || accepted.contains(token)))
        return refusal(200, R"({"session":"x"})", "application/json");
    ScriptedServer::Answer refused = refusal(401, R"({"status":401,"code":"Unauthorized"})");
    refused.headers = {{"WWW-Authenticate", "Bearer realm=\"plane\", error=\"invalid_token\""}};
    return refused;
}

ScriptedServer::Answer ScriptedPlane::tryLease(const ScriptedServer::Request &request)
{
    const QByteArray authorization = request.headers.value("authorization");
    const QByteArray secret =
        authorization.startsWith("Basic ") ? QByteArray::fromBase64(authorization.mid(6)).mid(4) : authorization.mid(7);
    const Lease *lease = world.findLease(LeaseId(QString::fromUtf8(secret.mid(6))));
    if (lease && (lease->state == LeaseState::Active || accepted.contains(secret)))
        return refusal(200, R"({"target":"t","accepted":true,"as":"app"})", "application/json");
    return refusal(401, R"({"target":"t","accepted":false,"error":"password_expired"})", "application/json");
}

} // namespace parapet::support
