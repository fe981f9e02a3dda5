// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"
#include "models/fleet/profile.h"

#include <QtCore/QJsonObject>
#include <QtCore/QProcess>
#include <QtCore/QTemporaryDir>

#include <memory>

namespace parapet::support {

/// The real parapet-plane on a temporary data folder, for one test. Ends with the object.
class PlaneProcess
{
public:
    PlaneProcess();
    ~PlaneProcess();

    /// Arguments besides --data and --listen: {"--fleet", "1000"}.
    void setArguments(const QStringList &arguments) { m_arguments = arguments; }
    /// Starts it and waits for its JSON line. After kill() or stop() it comes back on the same data and the same ports.
    Status start(int milliseconds = 60'000);
    /// kill -9, and waits until it is gone.
    void kill();
    /// SIGTERM, and waits for its end; false when it had to be killed.
    bool stop(int milliseconds = 20'000);
    bool isRunning() const { return m_process && m_process->state() == QProcess::Running; }
    qint64 processId() const { return m_process ? m_process->processId() : 0; }
    int exitCode() const { return m_process ? m_process->exitCode() : -1; }
    QByteArray errors() const { return m_errors; }

    /// The line it printed.
    const QJsonObject &announcement() const { return m_announcement; }
    /// A profile for it, named "local".
    fleet::Profile profile() const;
    QString dataFolder() const { return m_folder.filePath(QStringLiteral("plane")); }
    static QString program();

private:
    QTemporaryDir m_folder;
    QStringList m_arguments;
    std::unique_ptr<QProcess> m_process;
    QJsonObject m_announcement;
    QByteArray m_errors;
};

} // namespace parapet::support
