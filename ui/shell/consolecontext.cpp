// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/consolecontext.h"

namespace parapet::shell {

ConsoleContext::ConsoleContext(QSettings &settings, CommandRegistry &commands, const Clock &clock, QObject *parent)
    : QObject(parent), m_settings(settings), m_commands(commands), m_clock(clock)
{
}

void ConsoleContext::setConnection(fleet::Connection *connection)
{
    if (m_connection == connection)
        return;
    if (m_connection) {
        Q_EMIT systemGone();
        m_connection->disconnect(this);
    }
    m_connection = connection;
    if (connection) {
        connect(connection, &fleet::Connection::ready, this, &ConsoleContext::systemReady);
        connect(connection, &fleet::Connection::aboutToClose, this, &ConsoleContext::systemGone);
    }
    Q_EMIT connectionChanged();
    if (connection && connection->system().control)
        Q_EMIT systemReady();
}

void ConsoleContext::setRunner(operation::Runner *runner)
{
    if (m_runner == runner)
        return;
    m_runner = runner;
    Q_EMIT runnerChanged();
}

} // namespace parapet::shell
