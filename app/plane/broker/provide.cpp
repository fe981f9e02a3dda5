// SPDX-License-Identifier: GPL-3.0-or-later
// What a workspace has while it runs: a session of its owner and of its agent, and its credentials.
#include "app/plane/broker/broker.h"

namespace parapet::plane {

using namespace Qt::StringLiterals;

namespace {

constexpr const char *provideClients[] = {"VS Code 1.86", "JetBrains Gateway 2023.3", "VS Code 1.87", "code-server 4.21", "Neovim 0.9 over SSH"};

/// Hours that a credential of each kind lives: Git tokens a working day, database passwords an hour or two.
Milliseconds provideLifetime(LeaseKind kind, uint spread)
{
    switch (kind) {
    case LeaseKind::GitToken:
        return std::chrono::hours(8) + std::chrono::minutes(spread % 60);
    case LeaseKind::DatabasePassword:
        return std::chrono::minutes(60 + spread % 60);
    case LeaseKind::RegistryToken:
        return std::chrono::hours(4) + std::chrono::minutes(spread % 45);
    case LeaseKind::CloudRole:
        break;
    }
    return std::chrono::minutes(50 + spread % 40);
}

} // namespace

void Broker::provideSession(Unit &unit, const Workspace &workspace, const Principal &actor, Tell tell)
{
    SessionDraft draft;
    draft.workspace = workspace.id;
    draft.actor = actor;
    const bool person = actor.kind == ActorKind::Human;
    const uint choice = uint(qHash(actor.id.value, 11));
    draft.client = Untrusted(person ? QLatin1String(provideClients[choice % std::size(provideClients)]) : "agentd 0.9"_L1);
    draft.source = person ? u"10.40.%1.%2"_s.arg(choice % 9 + 1).arg(choice / 16 % 240 + 10) : u"10.41.0.%1"_s.arg(choice % 240 + 10);
    draft.mfa = person ? (choice % 7 == 0 ? u"totp"_s : u"webauthn"_s) : u"workload"_s;
    for (const Session &session : unit.sessionsOf(workspace.id.value)) {
        if (session.actor != actor.id)
            continue;
        if (session.state == SessionState::Open && endOf(session) > unit.now())
            return;
        draft.client = session.client; // people come back from where they were
        draft.source = session.source;
        draft.mfa = session.mfa;
    }
    AuditEvent by = brokerEvent();
    by.actor = actor.id;
    by.actorName = actor.name;
    by.actorKind = actor.kind;
    by.source = draft.source;
    startSession(unit, draft, by, tell);
}

void Broker::provide(Unit &unit, const Workspace &workspace, const Principal &owner, const std::optional<Principal> &agent, const QStringList &wishes,
                     Tell tell)
{
    if (!owner.suspended)
        provideSession(unit, workspace, owner, tell);
    if (agent && !agent->suspended)
        provideSession(unit, workspace, *agent, tell);
    const QVector<Lease> held = unit.leasesOf(workspace.id.value);
    bool issued = false;
    for (const QString &wish : wishes) {
        const QString name = wish.section(u'@', 0, 0);
        const QString target = wish.section(u'@', 1);
        const bool there = std::any_of(held.cbegin(), held.cend(), [&](const Lease &lease) {
            return lease.name == name && lease.target == target && lease.state == LeaseState::Active && lease.expires > unit.now();
        });
        const auto row = unit.state().targets.constFind(target);
        if (there || row == unit.state().targets.cend() || owner.suspended)
            continue;
        AuditEvent by = brokerEvent();
        by.actor = owner.id;
        by.actorName = owner.name;
        by.actorKind = owner.kind;
        issued = true;
        issueLease(unit, {name, target, workspace.id, owner, provideLifetime(row->kind, uint(qHash(workspace.id.value + name, 7))), {}, true}, by, tell);
    }
    recount(unit, workspace.id.value, tell);
    if (issued && !workspace.simulated && onIssued)
        unit.afterCommit([this, id = workspace.id] { onIssued(id); });
}

} // namespace parapet::plane
