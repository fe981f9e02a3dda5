// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/world/world.h"

namespace parapet::plane {

/// What goes on in the world besides what really runs: people come back after their sessions ended, credentials are renewed while
/// their workspace is alive and not cut, simulated sessions stay in use, and now and then somebody does something. Calm.
class Activity
{
public:
    Activity(Store &store, Broker &broker, quint64 seed) : m_store(store), m_broker(broker), m_dice(seed ^ 0x616374) {}

    static constexpr int momentMilliseconds = 8000;

    /// One step, every momentMilliseconds. On one thread.
    void moment();

private:
    void keepUp();
    void keepSimulatedInUse();
    void somebodyDoesSomething();

    Store &m_store;
    Broker &m_broker;
    Dice m_dice;
    qint64 m_moments = 0;
};

} // namespace parapet::plane
