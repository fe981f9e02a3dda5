// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/connection.h"
#include "models/operation/runner.h"
#include "ui/shell/command.h"
#include "ui/shell/location.h"

#include <QtCore/QObject>
#include <QtCore/QSettings>

#include <functional>

namespace parapet::shell {

/// What pages share: the connection of the moment, the operations, the settings, the commands. Pages get it when they are made and
/// ask it for plans and places; they never see each other.
class ConsoleContext : public QObject
{
    Q_OBJECT

public:
    /// Asks the ports and gives a plan; called with the system of the moment.
    using Planner = std::function<Reply<operation::Plan>(const System &system)>;

    ConsoleContext(QSettings &settings, CommandRegistry &commands, const Clock &clock, QObject *parent = nullptr);

    QSettings &settings() const { return m_settings; }
    CommandRegistry &commands() const { return m_commands; }
    const Clock &clock() const { return m_clock; }

    /// Null before the first profile is opened.
    fleet::Connection *connection() const { return m_connection; }
    /// All ports null while there is no connection or it has none yet.
    System system() const { return m_connection ? m_connection->system() : System(); }
    /// Null while there are no ports.
    operation::Runner *runner() const { return m_runner; }

    /// The composition's: a new connection, and later the runner over its ports. Null takes them away; pages hear it before.
    void setConnection(fleet::Connection *connection);
    void setRunner(operation::Runner *runner);

    /// Opens the sheet on a plan that is being made.
    void propose(const QString &title, Planner planner) { Q_EMIT planProposed(title, planner); }
    void showOperation(const OperationId &id) { Q_EMIT operationRequested(id); }
    void goTo(const Location &place) { Q_EMIT locationRequested(place); }

Q_SIGNALS:
    /// Another connection, or none.
    void connectionChanged();
    /// The ports came: fetch.
    void systemReady();
    /// The ports go: drop what is held of them, keep what is shown and mark it stale.
    void systemGone();
    void runnerChanged();
    void planProposed(const QString &title, const parapet::shell::ConsoleContext::Planner &planner);
    void operationRequested(const parapet::OperationId &id);
    void locationRequested(const parapet::shell::Location &place);

private:
    QSettings &m_settings;
    CommandRegistry &m_commands;
    const Clock &m_clock;
    fleet::Connection *m_connection = nullptr;
    operation::Runner *m_runner = nullptr;
};

} // namespace parapet::shell
