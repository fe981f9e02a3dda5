// SPDX-License-Identifier: GPL-3.0-or-later
// What the traffic tells a connection about its ports, and how it says so.
#include "models/fleet/connection.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>

namespace parapet::fleet {

using namespace Qt::StringLiterals;

namespace {

constexpr size_t requestLogSize = 200;

QString clockTime(Instant at)
{
    return QDateTime::fromMSecsSinceEpoch(at.time_since_epoch().count()).toString(u"HH:mm:ss"_s);
}

/// From best to worst.
int badness(HealthState state)
{
    switch (state) {
    case HealthState::Healthy:
        return 0;
    case HealthState::Slow:
        return 1;
    case HealthState::Connecting:
        return 2;
    case HealthState::Failing:
        return 3;
    case HealthState::Closed:
        return 4;
    case HealthState::Untrusted:
        return 5;
    }
    return 0;
}

} // namespace

void Connection::record(const transport::RequestRecord &done)
{
    m_log.push_back(done);
    if (m_log.size() > requestLogSize)
        m_log.pop_front();
    Q_EMIT requestLogged(done);
}

void Connection::noteRequest(PortName port, const transport::RequestRecord &done)
{
    if (m_stopReason || (done.error && done.error->code == Error::Code::Cancelled))
        return;
    if (done.error && done.error->code == Error::Code::Forbidden)
        askRightsSoon(); // we thought otherwise: our rights have changed
    if (done.peerIsWell())
        noteAnswer(port, done.took);
    else if (done.error)
        noteFailure(port, *done.error);
}

void Connection::noteAnswer(PortName port, Milliseconds took)
{
    m_health[size_t(port)].answered(m_clock.now(), took);
    if (health(port).state() != HealthState::Failing) {
        attempt(port).timer.stop();
        attempt(port).backoff.reset();
    }
    tellHealth(port);
}

void Connection::noteHeard()
{
    m_health[size_t(PortName::Control)].heard(m_clock.now());
    tellHealth(PortName::Control);
}

void Connection::noteFailure(PortName port, const Error &why, Health::Source source)
{
    if (m_stopReason)
        return;
    if (why.code == Error::Code::Tls) {
        stop(why);
        return;
    }
    m_health[size_t(port)].failed(m_clock.now(), why, source);
    Attempt &next = attempt(port);
    if (!next.timer.isActive()) {
        const Milliseconds asked(why.retryAfterSeconds * 1000);
        next.timer.start(int(std::max(next.backoff.next(), asked).count()));
    }
    tellHealth(port);
}

void Connection::tellHealth(PortName port)
{
    Q_EMIT healthChanged(port);
    if (std::exchange(m_toldState, state()) != m_toldState)
        Q_EMIT stateChanged();
}

Capability Connection::capability(PortName port) const
{
    const Health &known = health(port);
    switch (known.state()) {
    case HealthState::Closed:
        return Capability::absent(QCoreApplication::translate("fleet", "The connection is closed."));
    case HealthState::Connecting:
        return Capability::absent(QCoreApplication::translate("fleet", "The connection is being made."));
    case HealthState::Untrusted:
        return Capability::absent(known.lastError().message);
    case HealthState::Failing:
        return Capability::degraded(known.lastError().message);
    case HealthState::Slow:
        return Capability::degraded(QCoreApplication::translate("fleet", "It answers slowly."));
    case HealthState::Healthy:
        break;
    }
    return Capability::present();
}

HealthState Connection::state() const
{
    const auto worst = std::max_element(m_health.cbegin(), m_health.cend(), [](const Health &a, const Health &b) {
        return badness(a.state()) < badness(b.state());
    });
    return worst->state();
}

void Connection::setRemark(const QString &sentence)
{
    if (std::exchange(m_remark, sentence) != sentence)
        Q_EMIT stateChanged();
}

QString Connection::summary() const
{
    if (m_stopReason) {
        const Instant since = health(PortName::Control).failingSince();
        return !isKnown(since) ? m_stopReason->message
                               : m_stopReason->message + u' ' +
                                     QCoreApplication::translate("fleet", "Nothing has been sent since %1.").arg(clockTime(since));
    }
    for (const PortName port : allPorts) {
        const Health &known = health(port);
        if (known.state() == HealthState::Failing)
            return QCoreApplication::translate("fleet", "%1 has not answered since %2. %3")
                .arg(titleOf(port), clockTime(known.failingSince()), known.lastError().message);
        if (known.state() == HealthState::Slow)
            return QCoreApplication::translate("fleet", "%1 has been answering slowly since %2.")
                .arg(titleOf(port), clockTime(known.since()));
    }
    switch (state()) {
    case HealthState::Closed:
        return QCoreApplication::translate("fleet", "Not connected.");
    case HealthState::Connecting:
        return QCoreApplication::translate("fleet", "Connecting to %1…").arg(m_profile.name);
    default:
        return QCoreApplication::translate("fleet", "Connected to %1. All interfaces answer.").arg(m_profile.name)
            + (m_remark.isEmpty() ? QString() : u' ' + m_remark);
    }
}

} // namespace parapet::fleet
