// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/json.h"

#include <QtCore/QJsonObject>
#include <QtCore/QProcess>
#include <QtCore/QTemporaryDir>

#include <csignal>

namespace parapet::planetest {

/// parapet-plane as a child process on a folder of its own.
class PlaneProgram
{
public:
    PlaneProgram() : m_data(m_folder.filePath(QStringLiteral("data"))) {}
    ~PlaneProgram() { kill(); }

    /// Starts it and reads its line. False when it ended instead.
    bool start(QStringList arguments = {})
    {
        process = std::make_unique<QProcess>();
        arguments = QStringList{QStringLiteral("--data"), m_data} + arguments;
        process->start(QStringLiteral(PARAPET_BINARY_DIR "/bin/parapet-plane"), arguments);
        QByteArray line;
        while (!line.contains('\n') && process->waitForReadyRead(60000))
            line += process->readAllStandardOutput();
        said = parseJson(line.trimmed()).value_or(QJsonValue()).toObject();
        if (said.isEmpty())
            process->waitForFinished(60000);
        return !said.isEmpty();
    }
    /// Runs it to its end, and gives its exit code.
    int run(const QStringList &arguments)
    {
        process = std::make_unique<QProcess>();
        process->start(QStringLiteral(PARAPET_BINARY_DIR "/bin/parapet-plane"), arguments);
        process->waitForFinished(60000);
        return process->exitStatus() == QProcess::NormalExit ? process->exitCode() : -1;
    }
    void kill()
    {
        if (process && process->state() == QProcess::Running) {
            ::kill(pid_t(process->processId()), SIGKILL);
            process->waitForFinished(60000);
        }
    }
    bool end(int signal = SIGTERM)
    {
        ::kill(pid_t(process->processId()), signal);
        return process->waitForFinished(60000) && process->exitStatus() == QProcess::NormalExit;
    }
    QByteArray errors() { return process->readAllStandardError(); }
    QString text(const char *name) const { return said.value(QLatin1String(name)).toString(); }
    QString data() const { return m_data; }
    QString file(const QString &name) const { return m_folder.filePath(name); }

    std::unique_ptr<QProcess> process;
    QJsonObject said;

private:
    QTemporaryDir m_folder;
    QString m_data;
};

} // namespace parapet::planetest
