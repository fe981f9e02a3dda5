// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/localplane.h"

#include "models/core/json.h"
#include "models/core/untrusted.h"
#include "models/fleet/fingerprinttext.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QFileInfo>
#include <QtCore/QJsonObject>
#include <QtCore/QStandardPaths>

namespace parapet::fleet {

using namespace Qt::StringLiterals;

namespace {

constexpr int startPatience = 120'000; ///< the first start makes keys, a world and its sandboxes
constexpr int stopPatience = 5'000;
constexpr int destructionPatience = 3'000;
constexpr qsizetype announcementLimit = 64 << 10;
constexpr QFileDevice::Permissions ownerOnly = QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner;

QString localText(const char *text)
{
    return QCoreApplication::translate("fleet", text);
}

/// The plane's exit codes (its --help and man page list them).
Error::Code codeOfExit(int code)
{
    switch (code) {
    case 3:
        return Error::Code::Conflict; // another plane holds the data folder
    case 2:
    case 7:
        return Error::Code::Invalid; // arguments; cannot listen there
    case 4:
    case 5:
    case 6:
    case 75:
        return Error::Code::Storage; // exposed folder, broken log, broken database, full disk
    default:
        return Error::Code::Server;
    }
}

QString lastLine(const QByteArray &text)
{
    const QByteArray trimmed = text.trimmed();
    return Untrusted(QString::fromUtf8(trimmed.mid(trimmed.lastIndexOf('\n') + 1))).inert(500);
}

/// The profile that the plane's line describes; the name is the caller's.
Result<Profile> profileFrom(const QByteArray &line, const QString &dataFolder)
{
    const auto json = parseJson(line);
    if (!json)
        return fail(json.error());
    const QJsonObject said = json->toObject();
    Profile profile;
    profile.name = localText(QT_TRANSLATE_NOOP("fleet", "Local plane"));
    profile.control = QUrl(said.value("control"_L1).toString(), QUrl::StrictMode);
    profile.audit = QUrl(said.value("audit"_L1).toString(), QUrl::StrictMode);
    profile.agent = QUrl(said.value("agent"_L1).toString(), QUrl::StrictMode);
    profile.caPath = said.value("ca"_L1).toString();
    profile.caSha256 = FingerprintText(said.value("ca_sha256"_L1).toString()).hex();
    profile.logKey = said.value("log_key"_L1).toString();
    profile.identityPath = said.value("identity"_L1).toString();
    profile.proberIdentityPath = said.value("prober"_L1).toString();
    profile.localData = dataFolder;
    if (const QString problem = problemOf(profile); !problem.isEmpty())
        return fail(Error::Code::Protocol, problem);
    return profile;
}

} // namespace

LocalPlane::LocalPlane(QString program, QString dataFolder, QObject *parent)
    : QObject(parent), m_program(std::move(program)), m_dataFolder(std::move(dataFolder))
{
    m_patience.setSingleShot(true);
    connect(&m_patience, &QTimer::timeout, this, [this] {
        if (m_state == State::Starting)
            failWith(Error::Code::Server,
                     localText(QT_TRANSLATE_NOOP("fleet", "The local plane did not start in time and was ended. Try "
                                                          "again; if it stays so, look at its log.")),
                     lastLine(m_lastErrors));
        m_process.kill();
    });
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &LocalPlane::readOutput);
    connect(&m_process, &QProcess::readyReadStandardError, this, &LocalPlane::readErrors);
    connect(&m_process, &QProcess::finished, this, &LocalPlane::noteEnd);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            failWith(Error::Code::Storage,
                     localText(QT_TRANSLATE_NOOP("fleet", "The local plane cannot be started: %1 is missing or may not "
                                                          "be run. Install it beside the console."))
                         .arg(m_program),
                     m_process.errorString());
    });
}

LocalPlane::~LocalPlane()
{
    m_process.disconnect(this);
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.terminate();
    m_process.closeWriteChannel();
    if (!m_process.waitForFinished(destructionPatience)) {
        m_process.kill();
        m_process.waitForFinished(1'000);
    }
}

QString LocalPlane::findProgram()
{
    const QString name = u"parapet-plane"_s;
    const QString beside = QDir(QCoreApplication::applicationDirPath()).filePath(name);
    return QFileInfo(beside).isExecutable() ? beside : QStandardPaths::findExecutable(name);
}

QString LocalPlane::standardDataFolder()
{
    return QDir(QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation)).filePath(u"parapet/plane"_s);
}

void LocalPlane::start()
{
    if (m_process.state() != QProcess::NotRunning)
        return;
    m_error.reset();
    m_profile.reset();
    m_output.clear();
    m_lastErrors.clear();
    const QFileInfo folder(m_dataFolder);
    if (!folder.exists() && (!QDir().mkpath(folder.absolutePath()) || !QDir().mkdir(m_dataFolder, ownerOnly))) {
        failWith(Error::Code::Storage,
                 localText(QT_TRANSLATE_NOOP("fleet",
                                             "The folder %1 cannot be made. Choose another one for the local plane."))
                     .arg(m_dataFolder),
                 {});
        return;
    }
    enter(State::Starting, localText(QT_TRANSLATE_NOOP(
                               "fleet", "Starting the local plane. The first time it makes its keys and its world.")));
    // It ends by itself when this program goes away without having stopped it: then its standard input closes.
    m_process.start(m_program,
                    QStringList{u"--data"_s, m_dataFolder, u"--listen"_s, u"127.0.0.1:0"_s, u"--until-stdin-closes"_s} +
                        m_extraArguments);
    m_patience.start(startPatience);
}

void LocalPlane::stop()
{
    if (m_process.state() == QProcess::NotRunning || m_state == State::Stopping)
        return;
    enter(State::Stopping, localText(QT_TRANSLATE_NOOP("fleet", "Stopping the local plane.")));
    m_process.terminate();
    m_process.closeWriteChannel();
    m_patience.start(stopPatience);
}

void LocalPlane::readOutput()
{
    m_output += m_process.readAllStandardOutput();
    if (m_state != State::Starting) {
        m_output.clear();
        return;
    }
    const qsizetype end = m_output.indexOf('\n');
    if (end < 0) {
        if (m_output.size() > announcementLimit)
            m_process.kill();
        return;
    }
    auto profile = profileFrom(m_output.left(end), m_dataFolder);
    m_output.clear();
    if (!profile) {
        failWith(Error::Code::Protocol,
                 localText(QT_TRANSLATE_NOOP("fleet", "The local plane said something that this console does not "
                                                      "understand. Install both in the same version.")),
                 profile.error().message);
        m_process.kill();
        return;
    }
    m_patience.stop();
    m_profile = std::move(*profile);
    enter(State::Running, localText(QT_TRANSLATE_NOOP("fleet", "The local plane runs.")));
    Q_EMIT profileReady(*m_profile);
}

void LocalPlane::readErrors()
{
    const QByteArray piece = m_process.readAllStandardError();
    m_lastErrors = (m_lastErrors + piece).right(8 << 10);
    if (m_state == State::Starting && piece.endsWith('\n')) {
        m_message = lastLine(piece);
        Q_EMIT progressed(m_message);
    }
}

void LocalPlane::noteEnd(int code, QProcess::ExitStatus status)
{
    m_patience.stop();
    readErrors();
    m_profile.reset();
    if (m_state == State::Stopping) {
        enter(State::Stopped, localText(QT_TRANSLATE_NOOP("fleet", "The local plane is stopped.")));
        return;
    }
    if (m_state == State::Failed)
        return; // said already why
    const QString reason = lastLine(m_lastErrors);
    const QString how = status == QProcess::CrashExit ? u"ended by a signal"_s : u"exit code %1"_s.arg(code);
    if (m_state == State::Starting)
        failWith(codeOfExit(status == QProcess::CrashExit ? -1 : code),
                 reason.isEmpty()
                     ? localText(QT_TRANSLATE_NOOP(
                           "fleet",
                           "The local plane ended before it was ready. Try again; if it stays so, look at its log."))
                     : reason,
                 how);
    else
        failWith(Error::Code::Server,
                 localText(QT_TRANSLATE_NOOP(
                     "fleet", "The local plane ended by itself. Start it again: it goes on where it stood.")),
                 how + u' ' + reason);
}

void LocalPlane::enter(State state, const QString &sentence)
{
    m_message = sentence;
    if (state != m_state) {
        m_state = state;
        Q_EMIT stateChanged(state);
    }
    Q_EMIT progressed(sentence);
}

void LocalPlane::failWith(Error::Code code, const QString &message, const QString &detail)
{
    m_patience.stop();
    m_error = Error{code, message, detail, false};
    m_profile.reset();
    enter(State::Failed, message);
}

} // namespace parapet::fleet
