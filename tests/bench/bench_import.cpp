// SPDX-License-Identifier: GPL-3.0-or-later
// audit.import: JSON lines into the log, with tree and index, beside `sqlite3 .import` of the same rows into a table without an index.
#include "app/plane/importing/importrun.h"
#include "models/formats/jsonmapping.h"
#include "tests/bench/figure.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>
#include <QtCore/QProcess>
#include <QtCore/QTemporaryDir>

using namespace Qt::StringLiterals;
using namespace parapet;
using namespace parapet::plane;

namespace {

constexpr const char *benchMapping = R"({"name":"bench","fields":{"time":{"pointer":"/time"},"actor":{"pointer":"/actor"},"actorName":{"pointer":"/actorName"},
"actorKind":{"pointer":"/actorKind"},"action":{"pointer":"/action"},"target":{"pointer":"/target"},"workspace":{"pointer":"/workspace"},
"outcome":{"pointer":"/outcome"},"reason":{"pointer":"/reason"},"detail":{"pointer":"/detail"},"source":{"pointer":"/source"},
"requestId":{"pointer":"/requestId"},"session":{"pointer":"/session"}}})";

/// The same rows twice: as JSON lines, and as CSV with every column of the events table but the leaf.
bool writeRows(const QString &json, const QString &csv, int rows)
{
    QFile lines(json), table(csv);
    if (!lines.open(QIODevice::WriteOnly) || !table.open(QIODevice::WriteOnly))
        return false;
    for (int i = 0; i < rows; ++i) {
        const QByteArray n = QByteArray::number(i);
        const QByteArray actor = "user-" + QByteArray::number(i * 7919 % 500), workspace = "ws-" + QByteArray::number(i * 104729 % 2000);
        const Instant at = Instant(Milliseconds(1773754891250 + qint64(i) * 37));
        const QByteArray time = toRfc3339(at).toLatin1(), action = i % 5 ? "tool.call" : "workspace.update";
        const QByteArray target = "/workspaces/" + workspace + "/files/" + n, request = "req-" + QByteArray::number(i * 2654435761LL % 4294967291LL);
        const QByteArray session = "ses-" + QByteArray::number(i / 100), detail = "wrote " + n + " bytes in one piece, checked and flushed";
        lines.write("{\"time\":\"" + time + "\",\"actor\":\"" + actor + "\",\"actorName\":\"Name of " + actor + "\",\"actorKind\":\"human\",\"action\":\"" + action
                    + "\",\"target\":\"" + target + "\",\"workspace\":\"" + workspace + "\",\"outcome\":\"success\",\"reason\":\"\",\"detail\":\"" + detail
                    + "\",\"source\":\"10.0.0.7\",\"requestId\":\"" + request + "\",\"session\":\"" + session + "\"}\n");
        table.write(n + ',' + QByteArray::number(at.time_since_epoch().count()) + ',' + actor + ",Name of " + actor + ",human," + action + ',' + target + ',' + workspace
                    + ",success,,\"" + detail + "\",10.0.0.7," + request + ',' + session + ",import:bench," + QByteArray::number(i + 1) + '\n');
    }
    return true;
}

double importOurs(const QString &folder, int rows)
{
    Store::Options options;
    options.path = folder + u"/plane.sqlite"_s;
    options.origin = u"bench"_s;
    auto store = Store::open(std::move(options));
    const auto mapping = formats::JsonMapping::fromJson(benchMapping);
    if (!store || !mapping)
        return -1;
    ImportRun::Options run;
    run.asideFolder = folder + u"/imports"_s;
    run.origin = mapping->origin();
    const auto importer = formats::makeJsonImporter(*mapping);
    const auto start = bench::Steady::now();
    const auto report = ImportRun(**store, run).importFile(folder + u"/rows.jsonl"_s, *importer);
    if (!report || report->totals.imported != rows)
        return -1;
    return bench::millisecondsSince(start);
}

double importTheirs(const QString &folder)
{
    const QString database = folder + u"/theirs.sqlite"_s;
    QProcess shell;
    const auto start = bench::Steady::now();
    shell.start(u"sqlite3"_s, {database, u"CREATE TABLE events(\"index\" INTEGER,\"time\" INTEGER,actor,actorName,actorKind,action,target,workspace,outcome,reason,"
                                         "detail,source,requestId,session,origin,originSequence INTEGER);"_s,
                               u".mode csv"_s, u".import %1 events"_s.arg(folder + u"/rows.csv"_s), u"SELECT COUNT(*) FROM events;"_s});
    if (!shell.waitForFinished(600'000) || shell.exitCode() != 0)
        return -1;
    return bench::millisecondsSince(start);
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    const int rows = argc > 1 ? QByteArray(argv[1]).toInt() : 1'000'000;
    std::vector<double> ours, theirs;
    for (int round = 0; round < 3; ++round) {
        QTemporaryDir folder;
        if (!writeRows(folder.filePath(u"rows.jsonl"_s), folder.filePath(u"rows.csv"_s), rows))
            return 1;
        theirs.push_back(importTheirs(folder.path()));
        ours.push_back(importOurs(folder.path(), rows));
        if (theirs.back() < 0 || ours.back() < 0) {
            std::fprintf(stderr, "bench_import: %s failed\n", ours.back() < 0 ? "the import" : "sqlite3");
            return 1;
        }
    }
    const double mine = bench::median(ours), peer = bench::median(theirs);
    bench::print("audit.import", peer / mine, "ratio",
                 u"%1 JSON lines of about 300 bytes into a new log: parsed, tree, leaves and four indexes, durable; rate / rate of sqlite3 .import of the same rows as "
                 "CSV into a table without an index or a leaf; medians of three, taken in turn"_s.arg(rows),
                 u"ours %1 ms, sqlite3 %2 ms"_s.arg(mine, 0, 'f', 0).arg(peer, 0, 'f', 0));
    return 0;
}
