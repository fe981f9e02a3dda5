// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/consolecontext.h"

#include "ui/kit/text/format.h"

namespace parapet::shell {

ConsoleContext::ConsoleContext(QSettings &settings, CommandRegistry &commands, const Clock &clock, QObject *parent)
    : QObject(parent), m_settings(settings), m_commands(commands), m_clock(clock)
{
}

void ConsoleContext::setConnection(fleet::Connection *connection)
{
    if (m_connection == connection)
        return;
    if (m_connection)
        m_connection->disconnect(this);
    setSystem({}, {}, nullptr);
    m_connection = connection;
    const auto take = [this] { setSystem(m_connection->profile().name, m_connection->system(), m_connection->watch()); };
    if (connection) {
        connect(connection, &fleet::Connection::ready, this, take);
        connect(connection, &fleet::Connection::aboutToClose, this, [this] { setSystem({}, {}, nullptr); });
        connect(connection, &fleet::Connection::stateChanged, this, &ConsoleContext::healthChanged);
        connect(connection, &fleet::Connection::selfChanged, this, &ConsoleContext::noteRights);
    }
    m_toldRights = connection && connection->rights() ? std::optional(*connection->rights()) : std::nullopt;
    Q_EMIT connectionChanged();
    if (connection && connection->system().control)
        take();
}

void ConsoleContext::setSystem(const QString &name, const System &system, Watch *watch)
{
    if (m_system.control)
        Q_EMIT systemGone();
    if (m_watch)
        m_watch->disconnect(this);
    m_systemName = name;
    m_system = system;
    m_watch = watch;
    if (watch)
        connect(watch, &Watch::stateChanged, this, &ConsoleContext::healthChanged);
    if (system.control)
        Q_EMIT systemReady();
}

void ConsoleContext::setRunner(operation::Runner *runner)
{
    if (m_runner == runner)
        return;
    m_runner = runner;
    Q_EMIT runnerChanged();
}

PrincipalId ConsoleContext::self() const
{
    return m_connection && m_connection->self() ? m_connection->self()->value().id : PrincipalId();
}

const access::Rights *ConsoleContext::rights() const
{
    if (m_connection)
        return m_connection->rights();
    return m_rights ? &*m_rights : nullptr;
}

Availability ConsoleContext::may(const QString &right, const QVector<access::Target> &targets) const
{
    const access::Rights *held = rights();
    const QString refusal = held ? held->refusal(right, targets) : QString();
    return refusal.isEmpty() ? Availability::yes() : Availability::no(refusal);
}

void ConsoleContext::setRights(const std::optional<access::Rights> &rights)
{
    m_rights = rights;
    noteRights();
}

void ConsoleContext::noteRights()
{
    const access::Rights *now = rights();
    const std::optional<access::Rights> held = now ? std::optional(*now) : std::nullopt;
    if (held == m_toldRights)
        return;
    m_toldRights = held;
    Q_EMIT rightsChanged();
}

fleet::HealthState ConsoleContext::health() const
{
    if (m_connection)
        return m_connection->state();
    if (!m_system.control)
        return fleet::HealthState::Closed;
    return m_watch && m_watch->state() == Watch::State::Broken ? fleet::HealthState::Failing : fleet::HealthState::Healthy;
}

bool ConsoleContext::isFailing() const
{
    return health() == fleet::HealthState::Failing || health() == fleet::HealthState::Untrusted;
}

QString ConsoleContext::summary() const
{
    if (m_connection)
        return m_connection->summary();
    if (!m_system.control)
        return tr("There is no connection.");
    return isFailing() ? tr("%1 has not been heard since %2.").arg(m_systemName, kit::localTime(m_watch->lastHeard()))
                       : tr("%1 answers.").arg(m_systemName);
}

void ConsoleContext::retryNow()
{
    if (m_connection)
        m_connection->retryNow();
    else if (m_watch)
        m_watch->reconnectNow();
}

} // namespace parapet::shell
