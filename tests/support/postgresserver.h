// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"

#include <QtCore/QProcess>
#include <QtCore/QTemporaryDir>

namespace parapet::support {

/// A PostgreSQL server of the tests' own: a cluster in a temporary folder, reached through a socket in it and nowhere else. It ends
/// with the test, also with one that is killed. As root it runs as the user postgres, since the server refuses root.
class PostgresServer
{
public:
    PostgresServer() = default;
    ~PostgresServer();

    /// Makes the cluster and starts it; returns when it accepts connections. Storage with the server's words.
    Status start();

    /// Where a database opens: an empty schema of its own for each call.
    QString freshLocation();

private:
    QString program(const QString &name) const;
    void asItsUser(QProcess &process) const;

    /// Where another user can go, with room for a socket's name (107 bytes), whatever TMPDIR says.
    QTemporaryDir m_folder{QStringLiteral("/tmp/parapet-postgres-XXXXXX")};
    QProcess m_server;
    int m_schemas = 0;
};

/// Where the tests of a room that stores something store it: for each engine in turn (QTest's global data), each time anew.
///
///     void initTestCase_data() { support::DatabasePlaces::addEngines(); }
///     void init() { m_location = m_places.fresh(); }
class DatabasePlaces
{
public:
    /// Adds the global column "engine", with one row an engine.
    static void addEngines();
    /// An empty place of the engine of this round; empty when it could not be made (the test has failed then). It stays until the end.
    QString fresh();
    static bool isServer();
    /// SQL that tests damage stored bytes with, written for SQLite (zeroblob, blob casts), as the engine of this round has it.
    static QByteArray spelled(QByteArray sql);

private:
    std::vector<std::unique_ptr<QTemporaryDir>> m_folders;
    std::unique_ptr<PostgresServer> m_server;
};

} // namespace parapet::support
