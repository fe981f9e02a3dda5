// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/postgresserver.h"

#include <QtCore/QDir>
#include <QtCore/QRegularExpression>
#include <QtCore/QStandardPaths>
#include <QtTest/QTest>

#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace parapet::support {

using namespace Qt::StringLiterals;

namespace {

constexpr int serverPatience = 60'000;

} // namespace

PostgresServer::~PostgresServer()
{
    if (m_server.state() == QProcess::NotRunning)
        return;
    kill(pid_t(m_server.processId()), SIGQUIT); // immediate shutdown (PostgreSQL, "Shutting Down the Server")
    m_server.waitForFinished(serverPatience);
}

QString PostgresServer::program(const QString &name) const
{
    // Debian keeps them out of PATH, one folder a version.
    QStringList folders;
    const QDir versions(u"/usr/lib/postgresql"_s);
    for (const QString &version : versions.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name | QDir::Reversed))
        folders << versions.filePath(version + u"/bin"_s);
    const QString found = QStandardPaths::findExecutable(name, folders);
    return found.isEmpty() ? QStandardPaths::findExecutable(name) : found;
}

void PostgresServer::asItsUser(QProcess &process) const
{
    const passwd *user = geteuid() == 0 ? getpwnam("postgres") : nullptr;
    const uid_t uid = user ? user->pw_uid : 0;
    const gid_t gid = user ? user->pw_gid : 0;
    if (user && chown(m_folder.path().toLocal8Bit().constData(), uid, gid) != 0)
        return;
    process.setWorkingDirectory(m_folder.path());
    process.setChildProcessModifier([uid, gid] {
        prctl(PR_SET_PDEATHSIG, SIGQUIT);
        if (uid != 0 && (setgroups(0, nullptr) != 0 || setgid(gid) != 0 || setuid(uid) != 0))
            _exit(127);
        if (uid != 0)
            prctl(PR_SET_PDEATHSIG, SIGQUIT); // changing the user clears it
    });
}

Status PostgresServer::start()
{
    const QString data = m_folder.filePath(u"data"_s);
    QProcess make;
    make.setProcessChannelMode(QProcess::MergedChannels);
    asItsUser(make);
    make.start(program(u"initdb"_s), {u"--pgdata"_s, data, u"--username"_s, u"parapet"_s, u"--auth"_s, u"trust"_s, u"--encoding"_s, u"UTF8"_s,
                                      u"--locale"_s, u"C"_s, u"--no-sync"_s, u"--no-instructions"_s});
    if (!make.waitForFinished(serverPatience) || make.exitCode() != 0)
        return fail(Error::Code::Storage, u"initdb failed; packaging/setup installs PostgreSQL."_s, QString::fromUtf8(make.readAll()) + make.errorString());
    m_server.setProcessChannelMode(QProcess::MergedChannels);
    asItsUser(m_server);
    // The tests kill the plane, never the machine: the server need not wait for its disk.
    m_server.start(program(u"postgres"_s), {u"-D"_s, data, u"-k"_s, m_folder.path(), u"-h"_s, QString(), u"-F"_s, u"-c"_s, u"autovacuum=off"_s});
    QByteArray said;
    while (!said.contains("ready to accept connections")) {
        if (!m_server.waitForReadyRead(serverPatience))
            return fail(Error::Code::Storage, u"The PostgreSQL server did not start."_s, QString::fromUtf8(said) + m_server.errorString());
        said += m_server.readAll();
    }
    return {};
}

QString PostgresServer::freshLocation()
{
    const QString schema = u"t%1"_s.arg(++m_schemas);
    const QString uri = u"postgresql:///postgres?host=%1&user=parapet"_s.arg(QString::fromLatin1(m_folder.path().toUtf8().toPercentEncoding()));
    QProcess make;
    make.setProcessChannelMode(QProcess::MergedChannels);
    make.start(program(u"psql"_s), {u"-X"_s, u"-q"_s, u"-d"_s, uri, u"-c"_s, u"CREATE SCHEMA "_s + schema});
    if (!make.waitForFinished(serverPatience) || make.exitCode() != 0)
        return {};
    return uri + u"&options=-csearch_path%3D"_s + schema;
}

void DatabasePlaces::addEngines()
{
    QTest::addColumn<bool>("server");
    QTest::newRow("SQLite") << false;
    QTest::newRow("PostgreSQL") << true;
}

bool DatabasePlaces::isServer()
{
    return *static_cast<bool *>(QTest::qGlobalData("server", qMetaTypeId<bool>()));
}

QByteArray DatabasePlaces::spelled(QByteArray sql)
{
    if (!isServer())
        return sql;
    sql.replace("zeroblob(length(\"hashes\"))", "decode(repeat('00',length(\"hashes\")),'hex')");
    static const QRegularExpression zeroes(u"zeroblob\\((\\d+)\\)"_s);
    static const QRegularExpression cast(u"CAST\\(('[^']*') AS BLOB\\)"_s);
    static const QRegularExpression edit(u"CAST\\(replace\\(CAST\\((\"\\w+\") AS TEXT\\),('[^']*'),('[^']*')\\) AS BLOB\\)"_s);
    QString text = QString::fromUtf8(sql);
    text.replace(zeroes, u"decode(repeat('00',\\1),'hex')"_s);
    text.replace(cast, u"convert_to(\\1,'UTF8')"_s);
    text.replace(edit, u"convert_to(replace(convert_from(\\1,'UTF8'),\\2,\\3),'UTF8')"_s);
    return text.toUtf8();
}

QString DatabasePlaces::fresh()
{
    if (!isServer()) {
        m_folders.push_back(std::make_unique<QTemporaryDir>());
        return m_folders.back()->filePath(u"a.sqlite"_s);
    }
    if (!m_server) {
        auto server = std::make_unique<PostgresServer>();
        if (const Status started = server->start(); !started) {
            QTest::qFail(qPrintable(started.error().message + u' ' + started.error().detail), __FILE__, __LINE__);
            return {};
        }
        m_server = std::move(server);
    }
    return m_server->freshLocation();
}

} // namespace parapet::support
