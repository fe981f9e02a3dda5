// SPDX-License-Identifier: GPL-3.0-or-later
// A published log behind HTTPS that a test can spoil, and parapet-verify running while the test serves it.
#pragma once

#include "tests/support/scriptedserver.h"
#include "tests/support/waiting.h"
#include "tests/verify/verifyprocess.h"

#include <QtTest/QSignalSpy>

namespace parapet::verify {

/// parapet-verify as a process that runs beside the test's event loop.
class RunningVerify
{
public:
    /// `before` runs in the new process, before the program does.
    explicit RunningVerify(const QStringList &arguments, const std::function<void()> &before = {})
    {
        if (before)
            m_process.setChildProcessModifier(before);
        m_process.setWorkingDirectory(scratchFolder());
        m_process.start(verifyProgram(), arguments);
        m_process.closeWriteChannel();
    }
    QProcess &process() { return m_process; }
    Ran finish()
    {
        QSignalSpy ended(&m_process, &QProcess::finished);
        if ((m_process.state() != QProcess::NotRunning && !ended.wait(60'000)) || m_process.exitStatus() != QProcess::NormalExit)
            return {};
        return {m_process.exitCode(), QString::fromUtf8(m_process.readAllStandardOutput()), QString::fromUtf8(m_process.readAllStandardError())};
    }

private:
    QProcess m_process;
};

inline Ran runBeside(const QStringList &arguments)
{
    return RunningVerify(arguments).finish();
}

/// Serves the folder of a FolderLog under /log/, to clients with a certificate.
class ServedLog
{
public:
    using Answer = support::ScriptedServer::Answer;
    using Request = support::ScriptedServer::Request;

    explicit ServedLog(QString folder) : server(factory.server()), identity(factory.clientFile(QStringLiteral("p-verifier"))), m_folder(std::move(folder))
    {
        server.handler = [this](const Request &request) { return answer(request); };
    }

    QString url() const { return server.url(QStringLiteral("/log")).toString(); }
    /// What names this log and lets in.
    QStringList arguments(const QString &key, const QString &at = {}) const
    {
        return {QStringLiteral("--log"), at.isEmpty() ? url() : at, QStringLiteral("--key"), key, QStringLiteral("--ca"), factory.caPath(),
                QStringLiteral("--certificate"), identity, QStringLiteral("--json")};
    }

    support::CertificateFactory factory;
    support::ScriptedServer server;
    QString identity;
    /// Asked first; without an answer the folder's file is served.
    std::function<std::optional<Answer>(const QString &path)> spoil;
    /// POST v1/cosignatures.
    std::function<Answer(const QJsonObject &body)> cosignature;

private:
    Answer answer(const Request &request)
    {
        Answer made;
        if (request.method == "POST" && request.path == QLatin1String("/log/v1/cosignatures") && cosignature)
            return cosignature(QJsonDocument::fromJson(request.body).object());
        const QString path = request.path.mid(5);
        if (spoil) {
            if (const std::optional<Answer> spoilt = spoil(path))
                return *spoilt;
        }
        QFile file(m_folder + u'/' + path);
        if (request.method != "GET" || !request.path.startsWith(QLatin1String("/log/")) || !file.open(QIODevice::ReadOnly)) {
            made.status = 404;
            made.contentType = "text/plain";
            return made;
        }
        made.contentType = path == QLatin1String("checkpoint") ? "text/plain; charset=utf-8" : "application/octet-stream";
        made.body = file.readAll();
        return made;
    }

    QString m_folder;
};

} // namespace parapet::verify
