// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/world/meridian.h"
#include "app/plane/world/world.h"

#include <cmath>

namespace parapet::plane {

using namespace Qt::StringLiterals;

namespace {

struct HistoryAct {
    const char *action;
    const char *target;
    const char *detail;
    int weight;
};

constexpr HistoryAct historyOfPeople[] = {
    {"session.start", "", "VS Code 1.86", 6},        {"session.mfa", "", "webauthn", 5},
    {"session.end", "", "Nobody was active for 30 minutes.", 4}, {"git.fetch", "git.meridian.internal", "", 18},
    {"git.push", "git.meridian.internal", "1 commit", 10}, {"file.edit", "src/entry.py", "", 22},
    {"command.run", "", "make test", 16},            {"lease.issue", "db-payments-ro", "at postgres-payments", 5},
    {"lease.renew", "git", "at git.meridian.internal", 7}, {"network.connect", "registry-eu", "443", 6},
    {"secret.read", "kv/payments/stripe", "", 2},    {"workspace.start", "", "", 2},
};

constexpr HistoryAct historyOfAgents[] = {
    {"agent.plan", "", "read the failing test, change one function, run the tests", 6}, {"tool.call", "", "read_file src/journal.py", 26},
    {"tool.call", "", "edit_file src/balance.py", 16}, {"tool.call", "", "run_command pytest", 14},
    {"tool.result", "", "tests passed", 16},          {"git.push", "git.meridian.internal", "branch", 6},
    {"file.read", "src/transfer.py", "", 12},         {"network.denied", "203.0.113.44:443", "not in the egress policy", 1},
};

template<size_t N>
const HistoryAct &historyPick(Dice &dice, const HistoryAct (&acts)[N])
{
    int total = 0;
    for (const HistoryAct &act : acts)
        total += act.weight;
    int at = dice.below(total);
    for (const HistoryAct &act : acts) {
        at -= act.weight;
        if (at < 0)
            return act;
    }
    return acts[0];
}

/// How busy an hour of the day is, from 0 to 1: a working day in central Europe, in UTC.
double historyBusy(int minuteOfDay, bool agents)
{
    const double hour = minuteOfDay / 60.0;
    const double morning = std::exp(-std::pow((hour - 9.5) / 2.2, 2.0));
    const double afternoon = std::exp(-std::pow((hour - 14.0) / 2.6, 2.0));
    const double base = agents ? 0.22 : 0.06; // agents work through the night
    return std::min(1.0, base + 0.75 * std::max(morning, afternoon));
}

const MeridianWorkspace &historyWorkspace(Dice &dice, bool agents)
{
    const auto all = meridianWorkspaces();
    while (true) {
        const MeridianWorkspace &row = all[size_t(dice.below(int(all.size())))];
        if (row.script[0] && (!agents || row.agent[0]))
            return row;
    }
}

AuditEvent historyEvent(Dice &dice, Instant at, bool agent)
{
    const MeridianWorkspace &workspace = historyWorkspace(dice, agent);
    const HistoryAct &act = agent ? historyPick(dice, historyOfAgents) : historyPick(dice, historyOfPeople);
    AuditEvent event;
    event.time = at;
    event.origin = u"world"_s;
    event.workspace = WorkspaceId(QString::fromUtf8(workspace.id));
    event.action = QString::fromUtf8(act.action);
    event.target = Untrusted(act.target[0] ? QString::fromUtf8(act.target) : event.workspace.value);
    event.detail = Untrusted(QString::fromUtf8(act.detail));
    event.source = agent ? event.workspace.value : u"10.40.%1.%2"_s.arg(dice.below(9) + 1).arg(dice.below(240) + 10);
    event.requestId = u"req-"_s + dice.hex(12);
    if (agent) {
        event.actor = PrincipalId(QString::fromUtf8(workspace.agent));
        event.actorName = Untrusted(event.actor.value);
        event.actorKind = ActorKind::Agent;
    } else {
        event.actor = PrincipalId(QString::fromUtf8(workspace.owner));
        event.actorKind = ActorKind::Human;
        for (const MeridianPerson &person : meridianPeople()) {
            if (event.actor.value == QLatin1String(person.id))
                event.actorName = Untrusted(QString::fromUtf8(person.name));
        }
    }
    if (event.action == "network.denied"_L1 || (event.action == "secret.read"_L1 && dice.chance(15)))
        event.outcome = Outcome::Denied;
    else if (event.action == "session.mfa"_L1 && dice.chance(4))
        event.outcome = Outcome::Failure;
    return event;
}

} // namespace

QVector<AuditEvent> worldHistory(quint64 seed, Instant now)
{
    Dice dice(seed ^ 0x68697374);
    QVector<AuditEvent> events;
    const Instant from = std::chrono::floor<std::chrono::minutes>(now) - std::chrono::hours(24);
    for (Instant minute = from; minute + std::chrono::minutes(1) <= now; minute += std::chrono::minutes(1)) {
        const int ofDay = int((minute.time_since_epoch() / std::chrono::minutes(1)) % (24 * 60));
        QVector<qint64> moments;
        for (const bool agent : {false, true}) {
            // Expected events a minute, in thousandths, with some unrest.
            const int expected = int(historyBusy(ofDay, agent) * (agent ? 3000 : 4200) * (0.7 + dice.below(600) / 1000.0));
            const int count = expected / 1000 + (dice.below(1000) < expected % 1000 ? 1 : 0);
            for (int i = 0; i < count; ++i) {
                moments.append(dice.below(60000) * 2 + (agent ? 1 : 0));
            }
        }
        std::sort(moments.begin(), moments.end());
        for (const qint64 moment : std::as_const(moments))
            events.append(historyEvent(dice, minute + Milliseconds(moment / 2), moment % 2 != 0));
    }
    return events;
}

} // namespace parapet::plane
