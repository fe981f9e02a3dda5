// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/health.h"

#include <QtCore/QCoreApplication>

namespace parapet::fleet {

using namespace Qt::StringLiterals;

QString nameOf(PortName port)
{
    switch (port) {
    case PortName::Control:
        return u"control"_s;
    case PortName::Audit:
        return u"audit"_s;
    case PortName::Agent:
        return u"agent"_s;
    }
    return {};
}

QString titleOf(PortName port)
{
    switch (port) {
    case PortName::Control:
        return QCoreApplication::translate("fleet", "Control plane");
    case PortName::Audit:
        return QCoreApplication::translate("fleet", "Audit store");
    case PortName::Agent:
        return QCoreApplication::translate("fleet", "Runtime agent");
    }
    return {};
}

QString titleOf(HealthState state)
{
    switch (state) {
    case HealthState::Closed:
        return QCoreApplication::translate("fleet", "Closed");
    case HealthState::Connecting:
        return QCoreApplication::translate("fleet", "Connecting");
    case HealthState::Healthy:
        return QCoreApplication::translate("fleet", "Healthy");
    case HealthState::Slow:
        return QCoreApplication::translate("fleet", "Slow");
    case HealthState::Failing:
        return QCoreApplication::translate("fleet", "Failing");
    case HealthState::Untrusted:
        return QCoreApplication::translate("fleet", "Not trusted");
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

/// True when nothing is broken any more.
bool Health::mended(Source source, Instant at)
{
    m_lastGood = at;
    m_broken[size_t(source)] = false;
    if (m_broken[0] || m_broken[1])
        return false;
    m_failingSince = {};
    return true;
}

bool Health::answered(Instant at, Milliseconds took)
{
    if (m_state == HealthState::Untrusted || m_state == HealthState::Closed)
        return false;
    push(qint32(std::min<qint64>(took.count(), 1'000'000)));
    return mended(Source::Calls, at) && enter(took >= slowAfter ? HealthState::Slow : HealthState::Healthy, at);
}

bool Health::heard(Instant at)
{
    if (m_state == HealthState::Untrusted || m_state == HealthState::Closed)
        return false;
    // A ping says that it lives, not that it answers calls quickly, or with sense.
    return mended(Source::Watch, at) && m_state != HealthState::Slow && enter(HealthState::Healthy, at);
}

bool Health::waitingLong(Instant at)
{
    return m_state == HealthState::Healthy && enter(HealthState::Slow, at);
}

bool Health::failed(Instant at, const Error &why, Source source)
{
    if (m_state == HealthState::Closed)
        return false;
    if (source == Source::Calls)
        push(-1);
    m_errors[size_t(source)] = why;
    m_broken[size_t(source)] = true;
    m_lastSource = source;
    if (!isKnown(m_failingSince))
        m_failingSince = at;
    if (m_state == HealthState::Untrusted)
        return false;
    return enter(why.code == Error::Code::Tls ? HealthState::Untrusted : HealthState::Failing, at);
}

const Error &Health::lastError() const
{
    // Of two failures the one of the calls says more.
    if (m_broken[size_t(Source::Calls)])
        return m_errors[size_t(Source::Calls)];
    if (m_broken[size_t(Source::Watch)])
        return m_errors[size_t(Source::Watch)];
    return m_errors[size_t(m_lastSource)];
}

bool Health::connecting(Instant at)
{
    m_failingSince = {};
    m_broken = {};
    return enter(HealthState::Connecting, at);
}

bool Health::closed(Instant at)
{
    return enter(HealthState::Closed, at);
}

} // namespace parapet::fleet
