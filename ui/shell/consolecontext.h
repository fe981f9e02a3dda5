// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/connection.h"
#include "models/fleet/eventnotes.h"
#include "models/fleet/logfollower.h"
#include "models/operation/runner.h"
#include "ui/shell/command.h"
#include "ui/shell/location.h"

#include <QtCore/QObject>
#include <QtCore/QPointer>
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

    /// Null before the first profile is opened, and for a system that needs none (one in process).
    fleet::Connection *connection() const { return m_connection; }
    /// There is a connection, or a system in process: what is missing on a page is on its way.
    bool isConnected() const { return m_connection || m_system.control; }
    /// All ports null while there is no connection or it has none yet.
    const System &system() const { return m_system; }
    /// Whose ports they are: the profile's name.
    QString systemName() const { return m_connection ? m_connection->profile().name : m_systemName; }
    /// Null while there are no ports.
    Watch *watch() const { return m_watch; }
    /// Whom the control plane takes us for; empty until it said so.
    PrincipalId self() const;
    /// What the operator may do, as the control plane said; null while it has not: then nothing is refused beforehand.
    const access::Rights *rights() const;
    /// Whether the right is held on each target; without targets, anywhere. A refusal says what to ask for.
    Availability may(const QString &right, const QVector<access::Target> &targets = {}) const;
    /// The worst of its ports; of a system in process as its watch tells it.
    fleet::HealthState health() const;
    bool isFailing() const;
    /// In a sentence, for a person: what is wrong and since when, or that all is well.
    QString summary() const;
    /// Tries at once what waits for its next attempt.
    void retryNow();

    /// Null while there are no ports.
    operation::Runner *runner() const { return m_runner; }

    /// Who follows the audit log and proves it; null where the composition follows none.
    fleet::LogFollower *log() const { return m_log; }
    void setLog(fleet::LogFollower *log) { m_log = log; }
    /// Bookmarks and notes on events, kept on this desk; null where the composition keeps none.
    fleet::EventNotes *notes() const { return m_notes; }
    void setNotes(fleet::EventNotes *notes) { m_notes = notes; }

    /// The composition's: a new connection, whose ports are taken when they come, and later the runner over them. Null takes them
    /// away; pages hear it before.
    void setConnection(fleet::Connection *connection);
    void setRunner(operation::Runner *runner);
    /// The ports of the moment and their watch, which outlive their use here; all null: they go. setConnection() calls it with what
    /// the connection brings; a composition with a system in process calls it itself.
    void setSystem(const QString &name, const System &system, Watch *watch);
    /// The rights in a system in process; a connection brings its own.
    void setRights(const std::optional<access::Rights> &rights);

    /// Opens the sheet on a plan that is being made.
    void propose(const QString &title, Planner planner) { Q_EMIT planProposed(title, planner); }
    void showOperation(const OperationId &id) { Q_EMIT operationRequested(id); }
    /// One that is over and of an earlier process, by its journal; opened read-only.
    void showPastOperation(const QString &journal) { Q_EMIT pastOperationRequested(journal); }
    void goTo(const Location &place) { Q_EMIT locationRequested(place); }

Q_SIGNALS:
    /// Another connection, or none: what is held belongs to another system, forget it.
    void connectionChanged();
    /// The ports came: fetch.
    void systemReady();
    /// The ports go: drop what is held of them, keep what is shown and mark it stale.
    void systemGone();
    /// rights() changed: what may be read, too, may be another part of it.
    void rightsChanged();
    /// health() or summary() changed.
    void healthChanged();
    void runnerChanged();
    void planProposed(const QString &title, const parapet::shell::ConsoleContext::Planner &planner);
    void operationRequested(const parapet::OperationId &id);
    void pastOperationRequested(const QString &journal);
    void locationRequested(const parapet::shell::Location &place);

private:
    QSettings &m_settings;
    CommandRegistry &m_commands;
    const Clock &m_clock;
    fleet::Connection *m_connection = nullptr;
    QString m_systemName;
    System m_system;
    void noteRights();

    QPointer<Watch> m_watch;
    std::optional<access::Rights> m_rights; ///< of a system in process
    std::optional<access::Rights> m_toldRights;
    operation::Runner *m_runner = nullptr;
    fleet::LogFollower *m_log = nullptr;
    fleet::EventNotes *m_notes = nullptr;
};

} // namespace parapet::shell
