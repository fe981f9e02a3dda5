// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/health.h"

#include <QtCore/QCoreApplication>

namespace parapet::fleet {

using namespace Qt::StringLiterals;

QString nameOf(PortName port)
{
    switch (port) {
    case PortName::Control: return u"control"_s;
    case PortName::Audit: return u"audit"_s;
    case PortName::Agent: return u"agent"_s;
    }
    return {};
}

QString titleOf(PortName port)
{
    switch (port) {
    case PortName::Control: return QCoreApplication::translate("fleet", "Control plane");
    case PortName::Audit: return QCoreApplication::translate("fleet", "Audit store");
    case PortName::Agent: return QCoreApplication::translate("fleet", "Runtime agent");
    }
    return {};
}

QString titleOf(HealthState state)
{
    switch (state) {
    case HealthState::Closed: return QCoreApplication::translate("fleet", "Closed");
    case HealthState::Connecting: return QCoreApplication::translate("fleet", "Connecting");
    case HealthState::Healthy: return QCoreApplication::translate("fleet", "Healthy");
    case HealthState::Slow: return QCoreApplication::translate("fleet", "Slow");
    case HealthState::Failing: return QCoreApplication::translate("fleet", "Failing");
    case HealthState::Untrusted: return QCoreApplication::translate("fleet", "Not trusted");
    }
    return {};
}

QVector<qint32> Health::latencies() const
{
    return m_ring.mid(m_next) + m_ring.mid(0, m_next);
}

qint32 Health::medianLatency() const
{
    QVector<qint32> good;
    std::copy_if(m_ring.cbegin(), m_ring.cend(), std::back_inserter(good), [](qint32 latency) { return latency >= 0; });
    if (good.isEmpty())
        return -1;
    const auto middle = good.begin() + good.size() / 2;
    std::nth_element(good.begin(), middle, good.end());
    return *middle;
}

void Health::push(qint32 latency)
{
    if (m_ring.size() < historySize) {
        m_ring.append(latency);
    } else {
        m_ring[m_next] = latency;
        m_next = (m_next + 1) % historySize;
    }
}

bool Health::enter(HealthState state, Instant at)
{
    if (state == m_state)
        return false;
    m_state = state;
    m_since = at;
    return true;
}

bool Health::answered(Instant at, Milliseconds took)
{
    if (m_state == HealthState::Untrusted || m_state == HealthState::Closed)
        return false;
    push(qint32(std::min<qint64>(took.count(), 1'000'000)));
    m_lastGood = at;
    m_failingSince = {};
    return enter(took >= slowAfter ? HealthState::Slow : HealthState::Healthy, at);
}

bool Health::heard(Instant at)
{
    if (m_state == HealthState::Untrusted || m_state == HealthState::Closed)
        return false;
    m_lastGood = at;
    // A ping says that it lives, not that it answers calls quickly, or with sense.
    if (m_state == HealthState::Slow || (m_state == HealthState::Failing && m_lastError.code != Error::Code::Network))
        return false;
    m_failingSince = {};
    return enter(HealthState::Healthy, at);
}

bool Health::waitingLong(Instant at)
{
    return m_state == HealthState::Healthy && enter(HealthState::Slow, at);
}

bool Health::failed(Instant at, const Error &why)
{
    if (m_state == HealthState::Closed)
        return false;
    push(-1);
    m_lastError = why;
    if (!isKnown(m_failingSince))
        m_failingSince = at;
    if (m_state == HealthState::Untrusted)
        return false;
    return enter(why.code == Error::Code::Tls ? HealthState::Untrusted : HealthState::Failing, at);
}

bool Health::connecting(Instant at)
{
    m_failingSince = {};
    return enter(HealthState::Connecting, at);
}

bool Health::closed(Instant at)
{
    return enter(HealthState::Closed, at);
}

} // namespace parapet::fleet
