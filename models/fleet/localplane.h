// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/error.h"
#include "models/fleet/profile.h"

#include <QtCore/QObject>
#include <QtCore/QProcess>
#include <QtCore/QStringList>
#include <QtCore/QTimer>

#include <optional>

namespace parapet::fleet {

/// The plane on this machine, started as a child of the console and stopped with it. Everything is asynchronous.
class LocalPlane : public QObject
{
    Q_OBJECT

public:
    enum class State { Stopped, Starting, Running, Stopping, Failed };
    Q_ENUM(State)

    /// `program` is parapet-plane; `dataFolder` is made when it is missing (mode 0700).
    LocalPlane(QString program, QString dataFolder, QObject *parent = nullptr);
    /// Asks it to end and waits a bounded time (3 s), then kills it.
    ~LocalPlane() override;

    /// parapet-plane beside the running program, else on PATH; empty when there is none.
    static QString findProgram();
    /// The folder for the user's own local plane.
    static QString standardDataFolder();

    void setExtraArguments(const QStringList &arguments) { m_extraArguments = arguments; }
    void start();
    /// SIGTERM, and after 5 s the end by force. stateChanged() tells when it is over.
    void stop();

    State state() const { return m_state; }
    const QString &dataFolder() const { return m_dataFolder; }
    qint64 processId() const { return m_process.processId(); }
    /// What is going on, or what went wrong and what to do: a sentence.
    QString message() const { return m_message; }
    std::optional<Error> error() const { return m_error; }
    /// How to reach it; set while Running. Its pins are those of the plane's own data folder.
    std::optional<Profile> profile() const { return m_profile; }

Q_SIGNALS:
    void stateChanged(parapet::fleet::LocalPlane::State state);
    void progressed(const QString &sentence);
    void profileReady(const parapet::fleet::Profile &profile);

private:
    void enter(State state, const QString &sentence);
    void failWith(Error::Code code, const QString &message, const QString &detail);
    void readOutput();
    void readErrors();
    void noteEnd(int code, QProcess::ExitStatus status);

    QString m_program;
    QString m_dataFolder;
    QStringList m_extraArguments;
    QProcess m_process;
    QTimer m_patience;
    State m_state = State::Stopped;
    QString m_message;
    std::optional<Error> m_error;
    std::optional<Profile> m_profile;
    QByteArray m_output;
    QByteArray m_lastErrors;
};

} // namespace parapet::fleet
