// SPDX-License-Identifier: GPL-3.0-or-later
// Simulated workspaces, for scale: nothing runs behind them, but their tokens and leases are real ones.
#include "app/plane/world/meridian.h"
#include "app/plane/world/world.h"

namespace parapet::plane {

using namespace Qt::StringLiterals;

namespace {

constexpr int fleetBatch = 4000;
constexpr const char *fleetServices[] = {"payments", "ledger", "checkout", "identity", "risk", "invoice", "refunds", "settlement", "kyc", "fx",
                                         "portal", "notify", "search", "pricing", "reports", "gateway"};
constexpr const char *fleetParts[] = {"api", "core", "web", "worker", "job", "stream", "model", "sync", "e2e", "ui"};
constexpr const char *fleetTeams[] = {"payments", "ledger", "checkout", "identity", "risk", "platform", "data"};
constexpr const char *fleetRegions[] = {"eu-central-1", "eu-west-1", "eu-north-1"};
constexpr const char *fleetImages[] = {"payments-dev:4.18", "ledger-dev:2.9", "web-dev:7.2", "go-dev:1.22", "spark-dev:3.4", "stream-dev:5.0"};
constexpr const char *fleetClients[] = {"VS Code 1.86", "JetBrains Gateway 2023.3", "VS Code 1.87"};

struct FleetOwner {
    PrincipalId id;
    Untrusted name;
};

QVector<FleetOwner> fleetOwners(Unit &unit)
{
    QVector<FleetOwner> owners;
    for (const auto &row : unit.state().principals.rows()) {
        if (row->value().kind == ActorKind::Human)
            owners.append({row->value().id, row->value().name});
    }
    std::sort(owners.begin(), owners.end(), [](const FleetOwner &a, const FleetOwner &b) { return a.id < b.id; });
    return owners;
}

Workspace fleetWorkspace(Dice &dice, int number, const FleetOwner &owner, Instant now)
{
    Workspace row;
    const QString service = QLatin1String(dice.pick(fleetServices)) + u'-' + QLatin1String(dice.pick(fleetParts));
    row.id = WorkspaceId(u"sim-%1"_s.arg(number, 6, 10, QLatin1Char('0')));
    row.name = Untrusted(u"ws-%1-%2"_s.arg(service, dice.hex(3)));
    const int fate = dice.below(100);
    row.state = fate < 86 ? WorkspaceState::Running : fate < 91 ? WorkspaceState::Frozen : WorkspaceState::Stopped;
    const bool alive = row.state != WorkspaceState::Stopped;
    row.isolated = alive && dice.chance(2);
    row.owner = owner.id;
    row.ownerName = owner.name;
    row.team = QLatin1String(dice.pick(fleetTeams));
    row.project = service;
    row.image = QLatin1String(dice.pick(fleetImages));
    row.imageDigest = u"sha256:"_s + dice.hex(64);
    row.imageSigned = dice.chance(97);
    row.imageBuilt = now - std::chrono::hours(24 * (1 + dice.below(95)));
    row.created = now - std::chrono::minutes(30 + dice.below(60 * 24 * 4));
    row.started = alive ? now - std::chrono::minutes(1 + dice.below(420)) : Instant{};
    row.runtime = alive ? RuntimeStatus::Observed : RuntimeStatus::None;
    row.observed = now;
    row.region = QLatin1String(dice.pick(fleetRegions));
    row.host = u"sim-node-%1"_s.arg(dice.below(216) + 1, 3, 10, QLatin1Char('0'));
    row.simulated = true;
    return row;
}

void fleetCredentials(Unit &unit, Broker &broker, Dice &dice, Workspace &row, const Principal &owner, const QVector<TargetRow> &targets)
{
    const auto session = [&](const Principal &actor, const QString &client, const QString &mfa) {
        Broker::SessionDraft draft;
        draft.workspace = row.id;
        draft.actor = actor;
        draft.client = Untrusted(client);
        draft.source = u"10.%1.%2.%3"_s.arg(40 + dice.below(4)).arg(dice.below(250)).arg(dice.below(250));
        draft.mfa = mfa;
        draft.recorded = false;
        draft.started = row.started;
        draft.lastActive = unit.now() - std::chrono::seconds(dice.below(1200));
        if (draft.lastActive < draft.started)
            draft.lastActive = draft.started;
        broker.startSession(unit, draft, brokerEvent(), Tell::Nobody);
        ++row.sessions;
    };
    session(owner, QLatin1String(dice.pick(fleetClients)), dice.chance(80) ? u"webauthn"_s : u"totp"_s);
    row.people = 1;
    if (dice.chance(40)) {
        Principal agent;
        agent.id = PrincipalId(u"sim-agent-"_s + row.id.value.mid(4));
        agent.name = Untrusted(agent.id.value);
        agent.kind = ActorKind::Agent;
        agent.team = row.team;
        agent.actsFor = owner.id;
        unit.put(agent, Tell::Nobody);
        session(agent, u"agentd 0.9"_s, u"workload"_s);
        row.agents = 1;
    }
    const int count = 1 + dice.below(4);
    const int first = dice.below(int(targets.size()));
    for (int i = 0; i < count; ++i) {
        const TargetRow &target = targets[(first + i) % targets.size()];
        if (target.production && !dice.chance(20))
            continue;
        Broker::LeaseDraft draft{u"%1-%2"_s.arg(target.name.section(u'.', 0, 0), row.project), target.name, row.id, owner,
                                 std::chrono::minutes(90 + dice.below(390)), unit.now() - std::chrono::minutes(dice.below(60)), false};
        if (broker.issueLease(unit, draft, brokerEvent(), Tell::Nobody)) {
            ++row.leases;
            row.productionLeases += target.production ? 1 : 0;
        }
    }
}

} // namespace

Status createFleet(Store &store, Broker &broker, int count, quint64 seed)
{
    int have = 0;
    {
        const State &state = store.state();
        const std::shared_lock guard(state.lock);
        have = int(std::count_if(state.workspaces.rows().begin(), state.workspaces.rows().end(), [](const auto &row) { return row->value().simulated; }));
    }
    for (int from = have; from < count; from += fleetBatch) {
        const Status made = store.perform([&](Unit &unit) {
            const QVector<FleetOwner> owners = fleetOwners(unit);
            QVector<TargetRow> targets(unit.state().targets.cbegin(), unit.state().targets.cend());
            std::sort(targets.begin(), targets.end(), [](const TargetRow &a, const TargetRow &b) { return a.name < b.name; });
            for (int number = from; number < std::min(count, from + fleetBatch); ++number) {
                Dice dice(seed * 1000003 + quint64(number)); // each one the same, however many there are
                const FleetOwner &owner = owners[dice.below(int(owners.size()))];
                Workspace row = fleetWorkspace(dice, number + 1, owner, unit.now());
                Principal principal;
                principal.id = owner.id;
                principal.name = owner.name;
                if (row.state != WorkspaceState::Stopped && !targets.isEmpty())
                    fleetCredentials(unit, broker, dice, row, principal, targets);
                unit.put(row, Tell::Nobody);
            }
            AuditEvent event = brokerEvent();
            event.origin = u"world"_s;
            event.action = u"fleet.create"_s;
            event.detail = Untrusted(u"%1 simulated workspaces"_s.arg(std::min(count, from + fleetBatch) - from));
            unit.record(event);
        });
        if (!made)
            return made;
    }
    return {};
}

} // namespace parapet::plane
