// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/broker/broker.h"

#include "models/crypto/digest.h"
#include "models/crypto/random.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QSet>

namespace parapet::plane {

using namespace Qt::StringLiterals;

namespace {

constexpr int brokerLoginsPerSecond = 100;

QString brokerUserName(const Lease &lease)
{
    if (lease.kind == LeaseKind::GitToken)
        return u"x-token-"_s + lease.id.value;
    return lease.kind == LeaseKind::DatabasePassword ? u"v-"_s + lease.id.value : QString();
}

Credential brokerCredential(const Lease &lease, const QByteArray &secret)
{
    return {lease.id, brokerUserName(lease), secret, u"%1 (%2)"_s.arg(lease.workspace.value, lease.name)};
}

} // namespace

AuditEvent brokerEvent()
{
    AuditEvent event;
    event.actor = PrincipalId(u"broker"_s);
    event.actorName = Untrusted(u"broker"_s);
    event.actorKind = ActorKind::Service;
    event.source = u"local"_s;
    event.origin = u"broker"_s;
    return event;
}

Broker::Broker(Store &store, const crypto::SecretBox &box) : m_store(store), m_box(box)
{
    const State &state = store.state();
    const std::shared_lock guard(state.lock);
    for (const auto &row : state.sessions.rows()) {
        if (row->value().state == SessionState::Open)
            m_deadlines.add(dueOf(row->value()), Deadlines::Kind::Session, row->value().id.value);
    }
    for (const auto &row : state.leases.rows()) {
        if (row->value().state == LeaseState::Active)
            m_deadlines.add(row->value().expires, Deadlines::Kind::Lease, row->value().id.value);
    }
}

Broker::~Broker()
{
    stopTargets();
}

Status Broker::startTargets(const TargetFactory &factory, const TargetService::Tls &tls)
{
    QVector<TargetRow> rows;
    {
        const State &state = m_store.state();
        const std::shared_lock guard(state.lock);
        for (const TargetRow &row : state.targets)
            rows.append(row);
    }
    QVector<TargetRow> moved;
    for (TargetRow &row : rows) {
        std::unique_ptr<TargetService> service = factory(row.kind, row.name);
        service->onEvent = [this](const TargetEvent &seen) { noteLogin(seen); };
        Status started = service->start(tls, row.port);
        if (!started && row.port != 0)
            started = service->start(tls, 0);
        if (!started)
            return started;
        if (service->port() != row.port) {
            row.port = service->port();
            moved.append(row);
        }
        m_targets.emplace(row.name, std::move(service));
    }
    if (!moved.isEmpty()) {
        Status stored = m_store.perform([&](Unit &unit) {
            for (const TargetRow &row : moved) {
                unit.put(row);
                const QString endpoint = m_targets.at(row.name)->endpoint();
                for (const auto &lease : unit.state().leases.rows()) {
                    if (lease->value().target != row.name || lease->value().state != LeaseState::Active)
                        continue;
                    Lease changed = lease->value();
                    changed.endpoint = endpoint;
                    unit.put(changed, Tell::Nobody);
                }
            }
        });
        if (!stored)
            return stored;
    }
    return grantAll();
}

Status Broker::grantAll()
{
    auto database = storage::Database::open(m_store.path(), storage::Database::Mode::ReadOnly);
    if (!database)
        return fail(database.error());
    auto rows = (*database)->prepare(R"(SELECT "lease","sealed" FROM secrets WHERE "dropped"=0)", false);
    if (!rows)
        return fail(rows.error());
    const State &state = m_store.state();
    while (true) {
        const Result<bool> there = rows->step();
        if (!there)
            return fail(there.error());
        if (!*there)
            return {};
        RowPtr<Lease> lease;
        {
            const std::shared_lock guard(state.lock);
            lease = state.leases.find(rows->text(0));
        }
        if (!lease || lease->value().state != LeaseState::Active)
            continue;
        Result<QByteArray> secret = m_box.open(rows->blob(1), lease->value().id.value.toUtf8());
        if (!secret)
            return fail(secret.error());
        if (TargetService *service = target(lease->value().target))
            service->grant(brokerCredential(lease->value(), *secret));
        crypto::wipe(*secret);
    }
}

void Broker::noteLogin(const TargetEvent &seen)
{
    int missed = 0;
    {
        // Anybody on this machine can knock: strangers are recorded, a flood of them is counted.
        const std::scoped_lock guard(m_loginLock);
        const Instant now = m_store.clock().now();
        if (now - m_loginWindow >= std::chrono::seconds(1)) {
            missed = std::max(0, m_loginsInWindow - brokerLoginsPerSecond);
            m_loginWindow = now;
            m_loginsInWindow = 0;
        }
        if (!seen.accepted && ++m_loginsInWindow > brokerLoginsPerSecond)
            return;
    }
    m_store.submit([seen, missed](Unit &unit) {
        AuditEvent event = brokerEvent();
        event.time = seen.at;
        event.action = u"credential.use"_s;
        event.target = Untrusted(seen.target);
        event.outcome = seen.accepted ? Outcome::Success : Outcome::Denied;
        event.source = seen.peer;
        event.detail = Untrusted(u"%1 %2"_s.arg(seen.action, seen.accepted ? seen.lease.value : seen.userName.raw()));
        if (const auto lease = unit.find<Lease>(seen.lease.value)) {
            event.workspace = lease->workspace;
            event.actor = lease->holder;
            event.actorName = lease->holderName;
            if (const auto holder = unit.find<Principal>(lease->holder.value))
                event.actorKind = holder->kind;
        }
        if (missed > 0)
            event.detail = Untrusted(u"%1; %2 more refusals in the second before"_s.arg(event.detail.raw()).arg(missed));
        unit.record(event);
    });
}

void Broker::stopTargets()
{
    for (const auto &[name, service] : m_targets)
        service->stop();
}

TargetService *Broker::target(const QString &name) const
{
    const auto at = m_targets.find(name);
    return at == m_targets.end() ? nullptr : at->second.get();
}

void Broker::giveToken(Unit &unit, const SessionId &session)
{
    QByteArray token = "pt_" + crypto::newSecret();
    const QByteArray digest = crypto::sha256(token);
    unit.addToken(digest, session.value, m_box.seal(token, session.value.toUtf8()));
    crypto::wipe(token);
}

Session Broker::startSession(Unit &unit, const SessionDraft &draft, const AuditEvent &by, Tell tell)
{
    Session session;
    session.id = draft.id.isEmpty() ? SessionId(newIdentifier(u"sess")) : draft.id;
    session.workspace = draft.workspace;
    session.actor = draft.actor.id;
    session.actorName = draft.actor.name;
    session.actorKind = draft.actor.kind;
    session.client = draft.client;
    session.source = draft.source;
    session.mfa = draft.mfa;
    session.started = isKnown(draft.started) ? draft.started : unit.now();
    session.lastActive = isKnown(draft.lastActive) ? draft.lastActive : session.started;
    session.expires = session.started + sessionLifetime;
    session.idleEnds = std::min<Instant>(session.lastActive + sessionIdle, session.expires);
    session.rotates = session.started + tokenRotation;
    unit.put(session, tell);
    giveToken(unit, session.id);
    m_deadlines.add(dueOf(session), Deadlines::Kind::Session, session.id.value);

    if (!draft.recorded)
        return session;
    AuditEvent event = by;
    event.action = u"session.start"_s;
    event.target = Untrusted(session.id.value);
    event.workspace = session.workspace;
    event.session = session.id;
    event.detail = session.client;
    unit.record(event, tell);
    return session;
}

Session Broker::endSession(Unit &unit, Session session, const QString &reason, const AuditEvent &by)
{
    if (session.state == SessionState::Ended)
        return session;
    session.state = SessionState::Ended;
    session.ended = unit.now();
    session.endReason = reason;
    unit.put(session);
    session = *unit.find<Session>(session.id.value);
    unit.dropTokenOf(session.id.value);
    recount(unit, session.workspace.value);

    AuditEvent event = by;
    event.action = u"session.end"_s;
    event.target = Untrusted(session.id.value);
    event.workspace = session.workspace;
    event.session = session.id;
    event.detail = Untrusted(reason);
    unit.record(event);
    if (onSessionEnded)
        unit.afterCommit([this, session] { onSessionEnded(session); });
    return session;
}

void Broker::touch(Unit &unit, Session session, Tell tell)
{
    if (session.state == SessionState::Ended)
        return;
    session.lastActive = unit.now();
    session.idleEnds = std::min<Instant>(unit.now() + sessionIdle, session.expires);
    unit.put(session, tell);
}

std::optional<SessionId> Broker::sessionOfToken(QByteArrayView token) const
{
    const QByteArray digest = crypto::sha256(token);
    const State &state = m_store.state();
    const std::shared_lock guard(state.lock);
    const auto at = state.tokens.constFind(digest);
    if (at == state.tokens.cend())
        return {};
    const RowPtr<Session> session = state.sessions.find(*at);
    // The clocks hold even when the timer that ends sessions is late.
    if (!session || session->value().state != SessionState::Open || endOf(session->value()) <= m_store.clock().now())
        return {};
    const RowPtr<Principal> actor = state.principals.find(session->value().actor.value);
    if (actor && actor->value().suspended)
        return {};
    return session->value().id;
}

std::optional<Lease> Broker::issueLease(Unit &unit, const LeaseDraft &draft, const AuditEvent &by, Tell tell, QByteArray *plain)
{
    const auto row = unit.state().targets.constFind(draft.target);
    if (row == unit.state().targets.cend())
        return {};
    Lease lease;
    lease.id = LeaseId(newIdentifier(u"lease"));
    lease.name = draft.name;
    lease.kind = row->kind;
    lease.target = row->name;
    lease.workspace = draft.workspace;
    lease.holder = draft.holder.id;
    lease.holderName = draft.holder.name;
    lease.production = row->production;
    lease.issued = isKnown(draft.issued) ? draft.issued : unit.now();
    lease.expires = lease.issued + draft.lifetime;
    TargetService *service = target(row->name);
    lease.endpoint = service ? service->endpoint() : QString();
    QByteArray secret = crypto::newSecret();
    const QByteArray sealed = m_box.seal(secret, lease.id.value.toUtf8());
    unit.put(lease, tell);
    lease = *unit.find<Lease>(lease.id.value);
    unit.sql([id = lease.id.value, userName = brokerUserName(lease), sealed](storage::Database &database) -> Status {
        auto insert = database.prepare(R"(INSERT INTO secrets("lease","userName","sealed","dropped") VALUES(?,?,?,0))");
        if (!insert)
            return fail(insert.error());
        return insert->bind(1, id).bind(2, userName).bindBlob(3, sealed).run();
    });
    // The service accepts it before the commit: nobody has the secret until then, and a start after a crash tells it again.
    if (service)
        service->grant(brokerCredential(lease, secret));
    m_deadlines.add(lease.expires, Deadlines::Kind::Lease, lease.id.value);
    if (plain)
        *plain = secret;
    else
        crypto::wipe(secret);

    if (!draft.recorded)
        return lease;
    AuditEvent event = by;
    event.action = u"lease.issue"_s;
    event.target = Untrusted(lease.id.value);
    event.workspace = lease.workspace;
    event.detail = Untrusted(u"%1 at %2"_s.arg(lease.name, lease.target));
    unit.record(event, tell);
    return lease;
}

Lease Broker::revokeLease(Unit &unit, Lease lease, const AuditEvent &by)
{
    if (lease.state != LeaseState::Active)
        return lease;
    if (TargetService *service = target(lease.target))
        service->drop(lease.id);
    lease.state = LeaseState::Revoked;
    lease.revoked = unit.now();
    unit.put(lease);
    lease = *unit.find<Lease>(lease.id.value);
    unit.sql([id = lease.id.value, at = unit.now()](storage::Database &database) -> Status {
        auto update = database.prepare(R"(UPDATE secrets SET "dropped"=? WHERE "lease"=?)");
        if (!update)
            return fail(update.error());
        return update->bind(1, qint64(at.time_since_epoch().count())).bind(2, id).run();
    });
    recount(unit, lease.workspace.value);

    AuditEvent event = by;
    event.action = u"lease.revoke"_s;
    event.target = Untrusted(lease.id.value);
    event.workspace = lease.workspace;
    event.detail = Untrusted(u"%1 at %2"_s.arg(lease.name, lease.target));
    unit.record(event);
    return lease;
}

void Broker::renewLease(Unit &unit, Lease lease, Milliseconds lifetime, const AuditEvent &by)
{
    if (lease.state != LeaseState::Active)
        return;
    const Instant last = lease.issued + tokenRotation;
    if (lease.expires >= last)
        return replaceLease(unit, lease, lifetime, by);
    lease.expires = std::min<Instant>(unit.now() + lifetime, last);
    unit.put(lease);
    AuditEvent event = by;
    event.action = u"lease.renew"_s;
    event.target = Untrusted(lease.id.value);
    event.workspace = lease.workspace;
    event.detail = Untrusted(u"%1 at %2"_s.arg(lease.name, lease.target));
    unit.record(event);
}

void Broker::replaceLease(Unit &unit, const Lease &lease, Milliseconds lifetime, AuditEvent by)
{
    const auto holder = unit.find<Principal>(lease.holder.value);
    if (!holder || holder->suspended)
        return; // it ends when its time is over
    by.reason = Untrusted(QCoreApplication::translate("broker", "A secret serves a day at most: another one takes its place."));
    if (!issueLease(unit, {lease.name, lease.target, lease.workspace, *holder, lifetime, {}, true}, by))
        return;
    revokeLease(unit, lease, by);
    if (const auto row = unit.find<Workspace>(lease.workspace.value); row && !row->simulated && onIssued)
        unit.afterCommit([this, id = lease.workspace] { onIssued(id); });
}

void Broker::recount(Unit &unit, const QString &workspace, Tell tell)
{
    std::optional<Workspace> row = unit.find<Workspace>(workspace);
    if (!row)
        return;
    Workspace counted = *row;
    counted.sessions = counted.leases = counted.productionLeases = counted.people = counted.agents = 0;
    QSet<QString> people, agents;
    for (const Session &session : unit.sessionsOf(workspace)) {
        if (session.state != SessionState::Open)
            continue;
        ++counted.sessions;
        if (session.actorKind == ActorKind::Human)
            people.insert(session.actor.value);
        else if (session.actorKind == ActorKind::Agent)
            agents.insert(session.actor.value);
    }
    for (const Lease &lease : unit.leasesOf(workspace)) {
        if (lease.state != LeaseState::Active)
            continue;
        ++counted.leases;
        counted.productionLeases += lease.production ? 1 : 0;
    }
    counted.people = people.size();
    counted.agents = agents.size();
    if (counted.sessions != row->sessions || counted.leases != row->leases || counted.productionLeases != row->productionLeases
        || counted.people != row->people || counted.agents != row->agents)
        unit.put(counted, tell);
}

} // namespace parapet::plane
