// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/broker/broker.h"
#include "app/plane/control/store.h"

#include <random>

namespace parapet::plane {

/// What a plane begins with.
struct WorldOptions {
    QString name = QStringLiteral("meridian"); ///< "meridian" or "empty"
    quint64 seed = 1;
    bool history = true;                       ///< the day before in the audit log
};

/// The names of the worlds.
QStringList worldNames();

/// The principal that the first operator's identity is for, in that world.
PrincipalId firstOperator(const QString &world);
QString firstOperatorName(const QString &world);

/// Makes the world when the store holds none: people, agents, roles, bindings, targets, workspaces, and yesterday's events. The same
/// seed makes the same world, but for secrets and for the present time.
Status createWorld(Store &store, const WorldOptions &options);

/// Sees to it that there are `count` simulated workspaces, each with sessions and leases of its own. After the targets started.
Status createFleet(Store &store, Broker &broker, int count, quint64 seed);

/// Random numbers that are the same on every machine: the standard fixes the engine's, not the distributions'.
class Dice
{
public:
    explicit Dice(quint64 seed) : m_engine(seed) {}
    quint64 roll() { return m_engine(); }
    /// 0 to below `end`.
    int below(int end) { return int(m_engine() % quint64(end)); }
    bool chance(int percent) { return below(100) < percent; }
    template<class T, size_t N>
    const T &pick(const T (&of)[N]) { return of[below(int(N))]; }
    QString hex(int digits);

private:
    std::mt19937_64 m_engine;
};

/// The events of the 24 hours before `now`, oldest first, origin "world".
QVector<AuditEvent> worldHistory(quint64 seed, Instant now);

} // namespace parapet::plane
