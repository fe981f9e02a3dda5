// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/storage/migrations.h"

#include <QtCore/QCoreApplication>

namespace parapet::storage {

Result<int> schemaVersion(Database &database)
{
    const bool server = database.engine() == Database::Engine::Postgresql;
    if (server) {
        if (Status made = database.execute(R"(CREATE TABLE IF NOT EXISTS schema_version("version" BIGINT NOT NULL))"); !made)
            return fail(made.error());
    }
    Result<Statement> statement = database.prepare(server ? R"(SELECT COALESCE(MAX("version"),0) FROM schema_version)" : "PRAGMA user_version", false);
    if (!statement)
        return fail(statement.error());
    const Result<bool> row = statement->step();
    if (!row)
        return fail(row.error());
    return int(statement->integer(0));
}

Status migrate(Database &database, std::span<const char *const> steps)
{
    const Result<int> version = schemaVersion(database);
    if (!version)
        return fail(version.error());
    if (*version > int(steps.size())) {
        return fail(Error::Code::Storage,
                    QCoreApplication::translate("storage", "The database was written by a newer version. Use that version, or another folder."),
                    QStringLiteral("schema %1, known %2").arg(*version).arg(steps.size()));
    }
    for (size_t step = size_t(*version); step < steps.size(); ++step) {
        Result<Transaction> transaction = Transaction::begin(database);
        if (!transaction)
            return fail(transaction.error());
        if (Status done = database.execute(database.schema(steps[step]).constData()); !done)
            return done;
        const QByteArray place = QByteArray::number(qint64(step) + 1);
        const QByteArray number = database.engine() == Database::Engine::Postgresql ? "INSERT INTO schema_version VALUES(" + place + ')'
                                                                                      : "PRAGMA user_version=" + place;
        if (Status done = database.execute(number.constData()); !done)
            return done;
        if (Status done = transaction->commit(); !done)
            return done;
    }
    return {};
}

} // namespace parapet::storage
