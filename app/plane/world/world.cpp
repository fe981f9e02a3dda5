// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/world/world.h"

#include "app/plane/control/authority.h"
#include "app/plane/control/datafolder.h"
#include "app/plane/world/meridian.h"

#include <QtCore/QCoreApplication>

namespace parapet::plane {

using namespace Qt::StringLiterals;

namespace {

QString worldText(const char *text)
{
    return QString::fromUtf8(text);
}

Workspace worldWorkspace(const MeridianWorkspace &row, Dice &dice, Instant now)
{
    Workspace workspace;
    workspace.id = WorkspaceId(worldText(row.id));
    workspace.name = Untrusted(workspace.id.value);
    workspace.owner = PrincipalId(worldText(row.owner));
    for (const MeridianPerson &person : meridianPeople()) {
        if (workspace.owner.value == QLatin1String(person.id))
            workspace.ownerName = Untrusted(worldText(person.name));
    }
    workspace.team = worldText(row.team);
    workspace.project = worldText(row.project);
    workspace.image = worldText(row.image);
    workspace.imageSigned = row.isSigned;
    workspace.region = worldText(row.region);
    workspace.host = worldText(row.host);
    workspace.created = now - std::chrono::hours(row.hoursOld) - std::chrono::minutes(dice.below(60));
    return workspace;
}

/// One digest and one build time for each image, whoever runs it.
void worldImage(Workspace &workspace, quint64 seed, Instant now)
{
    quint64 mix = seed;
    for (const QChar c : std::as_const(workspace.image))
        mix = mix * 1099511628211ull + c.unicode();
    Dice dice(mix);
    workspace.imageDigest = u"sha256:"_s + dice.hex(64);
    workspace.imageBuilt = now - std::chrono::hours(24 * (2 + dice.below(92)) + dice.below(24));
}

void worldPeople(Unit &unit, std::vector<BindingRow> &bindings)
{
    QHash<QString, QStringList> projects;
    for (const MeridianWorkspace &row : meridianWorkspaces()) {
        QStringList &ofTeam = projects[worldText(row.team)];
        if (!ofTeam.contains(worldText(row.project)))
            ofTeam << worldText(row.project);
    }
    for (const MeridianPerson &person : meridianPeople()) {
        Principal principal;
        principal.id = PrincipalId(worldText(person.id));
        principal.name = Untrusted(worldText(person.name));
        principal.team = worldText(person.team);
        unit.put(principal, Tell::Nobody);
        if (person.role[0]) {
            bindings.push_back({principal.id, worldText(person.role), u"organisation"_s});
            continue;
        }
        for (const QString &project : projects.value(principal.team))
            bindings.push_back({principal.id, u"developer"_s, u"project:"_s + project});
    }
    for (const MeridianAgent &agent : meridianAgents()) {
        Principal principal;
        principal.id = PrincipalId(worldText(agent.id));
        principal.name = Untrusted(worldText(agent.id));
        principal.kind = ActorKind::Agent;
        principal.team = worldText(agent.team);
        principal.actsFor = PrincipalId(worldText(agent.actsFor));
        unit.put(principal, Tell::Nobody);
    }
    for (const char *service : {"scim", "idp", "admission", "rotation", "ci-runner"}) {
        Principal principal;
        principal.id = PrincipalId(worldText(service));
        principal.name = Untrusted(worldText(service));
        principal.kind = ActorKind::Service;
        principal.team = u"platform"_s;
        unit.put(principal, Tell::Nobody);
    }
}

void worldThings(Unit &unit)
{
    for (const MeridianTarget &row : meridianTargets())
        unit.put(TargetRow{worldText(row.name), row.kind, worldText(row.host), row.port, row.production, 0});
    unit.sql([](storage::Database &database) -> Status {
        for (const MeridianThing &thing : meridianThings()) {
            auto insert = database.prepare(R"(INSERT INTO inventory("id","kind","name","team","labels") VALUES(?,?,?,?,?))");
            if (!insert)
                return fail(insert.error());
            insert->bind(1, worldText(thing.kind) + u':' + worldText(thing.name)).bind(2, worldText(thing.kind)).bind(3, worldText(thing.name));
            if (Status done = insert->bind(4, worldText(thing.team)).bind(5, worldText(thing.labels)).run(); !done)
                return done;
        }
        return {};
    });
}

void worldWorkspaces(Unit &unit, quint64 seed)
{
    Dice dice(seed);
    for (const MeridianWorkspace &row : meridianWorkspaces()) {
        Workspace workspace = worldWorkspace(row, dice, unit.now());
        worldImage(workspace, seed, unit.now());
        unit.put(workspace, Tell::Nobody);
        Intent intent;
        intent.workspace = workspace.id;
        intent.run = row.script[0] != '\0';
        intent.agent = PrincipalId(worldText(row.agent));
        intent.script = worldText(row.script);
        intent.task = worldText(row.task);
        intent.leases = worldText(row.leases).split(u' ', Qt::SkipEmptyParts);
        // One agent is led astray now and then: the gateway refuses it, and it shows.
        if (intent.agent.value == "refactor-12"_L1)
            intent.strays = u"https://203.0.113.44/upload"_s;
        unit.put(intent);
    }
}

} // namespace

QString Dice::hex(int digits)
{
    QString text;
    for (int i = 0; i < digits; ++i)
        text += QLatin1Char("0123456789abcdef"[m_engine() >> 60]);
    return text;
}

QStringList worldNames()
{
    return {u"meridian"_s, u"empty"_s};
}

PrincipalId firstOperator(const QString &world)
{
    return PrincipalId(world == "meridian"_L1 ? u"karin.lindqvist"_s : u"operator"_s);
}

QString firstOperatorName(const QString &world)
{
    return world == "meridian"_L1 ? u"Karin Lindqvist"_s : u"Operator"_s;
}

Status createWorld(Store &store, const WorldOptions &options)
{
    Status made;
    const Status stored = store.perform([&](Unit &unit) {
        if (!unit.state().authority->roles().isEmpty())
            return; // there is one
        const QVector<access::Role> roles = Authority::standardRoles();
        std::vector<BindingRow> bindings;
        if (options.name == "meridian"_L1) {
            worldPeople(unit, bindings);
            worldThings(unit);
            worldWorkspaces(unit, options.seed);
        }
        const PrincipalId first = firstOperator(options.name);
        if (!unit.find<Principal>(first.value)) {
            Principal principal;
            principal.id = first;
            principal.name = Untrusted(firstOperatorName(options.name));
            unit.put(principal, Tell::Nobody);
            bindings.push_back({first, u"admin"_s, u"organisation"_s});
        }
        Principal prober;
        prober.id = PrincipalId(QLatin1String(DataFolder::proberId));
        prober.name = Untrusted(u"prober"_s);
        prober.kind = ActorKind::Service;
        unit.put(prober, Tell::Nobody);
        bindings.push_back({prober.id, u"prober"_s, u"organisation"_s});

        Result<std::shared_ptr<const Authority>> authority = Authority::make(roles, QVector<BindingRow>(bindings.begin(), bindings.end()));
        if (!authority) {
            made = fail(authority.error());
            return unit.reset();
        }
        unit.setAuthority(*authority);
        unit.sql([roles, bindings](storage::Database &database) -> Status {
            Status done;
            for (auto it = roles.begin(); done && it != roles.end(); ++it)
                done = Authority::storeRole(database, *it);
            for (auto it = bindings.begin(); done && it != bindings.end(); ++it)
                done = Authority::storeBinding(database, *it);
            return done;
        });
        if (options.history && options.name == "meridian"_L1) {
            for (AuditEvent &event : worldHistory(options.seed, unit.now()))
                unit.record(std::move(event), Tell::Nobody);
        }
    });
    return stored ? made : stored;
}

} // namespace parapet::plane
