// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/error.h"
#include "models/core/instant.h"

#include <QtCore/QObject>
#include <QtCore/QVector>

#include <array>

namespace parapet::fleet {

Q_NAMESPACE

/// How a connection, or one port of it, is doing.
enum class HealthState {
    Closed,     ///< not opened, or closed by the operator
    Connecting, ///< no answer yet
    Healthy,
    Slow,      ///< it answers, but takes longer than slowAfter, or has not answered a call for that long
    Failing,   ///< the last call failed: what is shown is old
    Untrusted, ///< the peer is not who was pinned; nothing more is sent until the operator decides
};
Q_ENUM_NS(HealthState)

/// The interfaces of a system that are reached separately.
enum class PortName { Control, Audit, Agent };
Q_ENUM_NS(PortName)
inline constexpr std::array allPorts{PortName::Control, PortName::Audit, PortName::Agent};

/// The stable, untranslated name ("control").
QString nameOf(PortName port);
/// For people, translated: "Control plane".
QString titleOf(PortName port);
/// For people, translated: "Healthy".
QString titleOf(HealthState state);

/// One port's health as the traffic tells it. A ring of the last 60 latencies serves sparklines.
class Health
{
public:
    static constexpr int historySize = 60;
    static constexpr Milliseconds slowAfter{1500};

    /// What a port is heard by: the answers to calls, and the watch. It fails while either fails.
    enum class Source { Calls, Watch };

    HealthState state() const { return m_state; }
    /// Since when it is in this state.
    Instant since() const { return m_since; }
    /// When the port last answered as it should; unknown: never.
    Instant lastGood() const { return m_lastGood; }
    /// Since when nothing good came; unknown unless Failing or Untrusted.
    Instant failingSince() const { return m_failingSince; }
    /// Why it fails; when it does not, why it last did.
    const Error &lastError() const;
    /// Milliseconds, oldest first; a failed call is -1.
    QVector<qint32> latencies() const;
    /// Median of the good ones in the ring, -1 without any.
    qint32 medianLatency() const;

    /// Each returns true when the state changed.
    bool answered(Instant at, Milliseconds took);
    bool heard(Instant at);                                                   ///< a ping or an event of the watch
    bool waitingLong(Instant at);                                             ///< a call has no answer for slowAfter
    bool failed(Instant at, const Error &why, Source source = Source::Calls); ///< Tls errors make it Untrusted
    bool connecting(Instant at);
    bool closed(Instant at);

private:
    bool mended(Source source, Instant at);
    bool enter(HealthState state, Instant at);
    void push(qint32 latency);
    HealthState m_state = HealthState::Closed;
    Instant m_since{};
    Instant m_lastGood{};
    Instant m_failingSince{};
    std::array<Error, 2> m_errors; ///< by source
    std::array<bool, 2> m_broken{};
    Source m_lastSource = Source::Calls;
    QVector<qint32> m_ring;
    int m_next = 0;
};

} // namespace parapet::fleet
