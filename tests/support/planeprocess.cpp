// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/planeprocess.h"

#include "models/core/json.h"

#include <QtCore/QElapsedTimer>
#include <QtCore/QUrl>

namespace parapet::support {

using namespace Qt::StringLiterals;

PlaneProcess::PlaneProcess() : m_arguments{u"--seed"_s, u"7"_s}
{
}

PlaneProcess::~PlaneProcess()
{
    if (isRunning())
        stop(5'000);
}

QString PlaneProcess::program()
{
    return QStringLiteral(PARAPET_BINARY_DIR "/bin/parapet-plane");
}

Status PlaneProcess::start(int milliseconds)
{
    QElapsedTimer elapsed;
    elapsed.start();
    // The same ports after a restart: clients come back to where they were.
    const int port = QUrl(m_announcement.value("control"_L1).toString()).port(0);
    m_process = std::make_unique<QProcess>();
    m_process->start(program(),
                     QStringList{u"--data"_s, dataFolder(), u"--listen"_s, u"127.0.0.1:%1"_s.arg(port)} + m_arguments);
    QByteArray output;
    while (!output.contains('\n') && elapsed.elapsed() < milliseconds) {
        if (!m_process->waitForReadyRead(int(milliseconds - elapsed.elapsed())) &&
            m_process->state() == QProcess::NotRunning)
            break;
        output += m_process->readAllStandardOutput();
    }
    m_errors = m_process->readAllStandardError();
    const auto json = parseJson(output.left(output.indexOf('\n')));
    if (!json || !json->isObject())
        return fail(Error::Code::Server, u"The plane printed no line."_s, QString::fromUtf8(output + m_errors));
    m_announcement = json->toObject();
    // Whatever it says from now on goes nowhere, so that its pipe never fills.
    QObject::connect(m_process.get(), &QProcess::readyReadStandardError, m_process.get(),
                     [this] { m_errors = (m_errors + m_process->readAllStandardError()).right(1 << 20); });
    QObject::connect(m_process.get(), &QProcess::readyReadStandardOutput, m_process.get(),
                     [this] { m_process->readAllStandardOutput(); });
    return {};
}

void PlaneProcess::kill()
{
    m_process->kill();
    m_process->waitForFinished(10'000);
}

bool PlaneProcess::stop(int milliseconds)
{
    m_process->terminate();
    if (m_process->waitForFinished(milliseconds))
        return true;
    kill();
    return false;
}

fleet::Profile PlaneProcess::profile() const
{
    fleet::Profile profile;
    profile.name = u"local"_s;
    profile.control = QUrl(m_announcement.value("control"_L1).toString());
    profile.audit = QUrl(m_announcement.value("audit"_L1).toString());
    profile.agent = QUrl(m_announcement.value("agent"_L1).toString());
    profile.caPath = m_announcement.value("ca"_L1).toString();
    profile.caSha256 = m_announcement.value("ca_sha256"_L1).toString();
    profile.logKey = m_announcement.value("log_key"_L1).toString();
    profile.identityPath = m_announcement.value("identity"_L1).toString();
    profile.proberIdentityPath = m_announcement.value("prober"_L1).toString();
    profile.localData = dataFolder();
    return profile;
}

} // namespace parapet::support
