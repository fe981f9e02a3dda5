// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/importing/importcommand.h"

#include "app/plane/control/datafolder.h"
#include "app/plane/control/storeplace.h"
#include "app/plane/importing/importrun.h"
#include "models/core/json.h"
#include "models/formats/jsonmapping.h"

#include <QtCore/QCommandLineParser>
#include <QtCore/QCoreApplication>
#include <QtCore/QFile>
#include <QtCore/QJsonArray>

#include <cstdio>

#include <pwd.h>
#include <unistd.h>

namespace parapet::plane {

using namespace Qt::StringLiterals;

namespace {

constexpr int exitAside = 8;

constexpr char importHelp[] = R"(
Appends what other systems logged to the audit log of a plane that does not run now, in the order of the lines, and prints what became
of each file as one JSON document on stdout. Lines that cannot be read are kept in DIR/imports. A file that grew is imported from where
the last import ended, whatever its name is now.

Exit codes:
  0  everything was imported      5  the audit log does not verify
  1  something else went wrong    6  the database is damaged, newer than this program, or cannot be opened
  2  wrong options, or a mapping  8  everything was read, and lines were kept aside
     that cannot be used          75  nothing can be stored any more
  3  a plane holds the folder
  4  others can read the data folder)";

int importRefuse(int code, const QString &message, const QString &detail = {})
{
    std::fprintf(stderr, "parapet-plane: %s%s\n", qPrintable(message), detail.isEmpty() ? "" : qPrintable(u" ("_s + detail + u')'));
    return code;
}

QString importUser()
{
    const passwd *entry = ::getpwuid(::geteuid());
    return entry ? QString::fromLocal8Bit(entry->pw_name) : QString::number(::geteuid());
}

void showProgress(const ImportReport &report, qint64 size)
{
    const double done = size > 0 ? 100.0 * double(report.next) / double(size) : 100.0;
    std::fprintf(stderr, "\r%s: %.0f %%, %lld lines, %lld events, %lld aside ", qPrintable(report.file), done, report.totals.lines,
                 report.totals.imported, report.totals.aside);
    std::fflush(stderr);
}

struct ImportArguments {
    QString dataFolder;
    formats::ImportFormat format = formats::ImportFormat::Json;
    std::optional<formats::JsonMapping> mapping;
    QStringList files;
};

/// Exit code 0: go on. −1: help was asked for.
int readArguments(const QStringList &arguments, ImportArguments &out)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(u"Imports audit logs of other systems.\n"_s + QString::fromUtf8(importHelp));
    parser.addHelpOption();
    parser.addOptions({{u"data"_s, u"The plane's data folder."_s, u"DIR"_s},
                       {u"format"_s, u"kubernetes, vault, auditd or json."_s, u"FORMAT"_s},
                       {u"mapping"_s, u"With json: which field is where in a line."_s, u"FILE"_s}});
    parser.addPositionalArgument(u"FILE"_s, u"What to import, one file after the other."_s, u"FILE…"_s);
    if (!parser.parse(arguments))
        return importRefuse(ExitUsage, parser.errorText());
    if (parser.isSet(u"help"_s)) {
        std::fputs(qPrintable(parser.helpText()), stdout);
        return -1;
    }
    out.dataFolder = parser.value(u"data"_s);
    out.files = parser.positionalArguments();
    if (out.dataFolder.isEmpty() || out.files.isEmpty() || !formats::formatFromName(parser.value(u"format"_s), out.format))
        return importRefuse(ExitUsage, u"import needs --data, --format (kubernetes, vault, auditd or json) and a file. See import --help."_s);
    const bool json = out.format == formats::ImportFormat::Json;
    if (json != parser.isSet(u"mapping"_s))
        return importRefuse(ExitUsage, u"--mapping goes with --format json, and json needs it. See import --help."_s);
    if (!json)
        return ExitOk;
    QFile file(parser.value(u"mapping"_s));
    if (!file.open(QIODevice::ReadOnly))
        return importRefuse(ExitUsage, u"The mapping “%1” cannot be read."_s.arg(file.fileName()), file.errorString());
    Result<formats::JsonMapping> mapping = formats::JsonMapping::fromJson(file.read(1 << 17));
    if (!mapping)
        return importRefuse(ExitUsage, mapping.error().message, mapping.error().detail);
    out.mapping = *std::move(mapping);
    return ExitOk;
}

int importAll(Store &store, const ImportArguments &arguments, const QString &asideFolder)
{
    ImportRun::Options options;
    options.asideFolder = asideFolder;
    options.origin = arguments.mapping ? arguments.mapping->origin() : formats::originOf(arguments.format);
    options.by = importUser();
    const bool terminal = ::isatty(STDERR_FILENO) == 1;
    if (terminal)
        options.progress = showProgress;
    ImportRun run(store, options);
    QJsonArray files;
    ImportTotals totals;
    int code = ExitOk;
    for (const QString &path : arguments.files) {
        const auto importer = arguments.mapping ? formats::makeJsonImporter(*arguments.mapping) : formats::makeImporter(arguments.format);
        const Result<ImportReport> report = run.importFile(path, *importer);
        if (terminal)
            std::fputs("\r\033[K", stderr);
        if (!report) {
            code = importRefuse(ExitFailure, report.error().message, report.error().detail);
            break;
        }
        std::fprintf(stderr, "%s: %lld lines: %lld events, %lld joined to them, %lld skipped, %lld kept aside\n", qPrintable(report->file),
                     report->totals.lines, report->totals.imported, report->totals.joined, report->totals.skippedLines(), report->totals.aside);
        totals += report->totals;
        files.append(report->json());
    }
    const LogHead head = store.log().head();
    const QByteArray summary = canonicalJson(QJsonObject{
        {u"origin"_s, options.origin}, {u"files"_s, files}, {u"totals"_s, totals.json()},
        {u"head"_s, QJsonObject{{u"origin"_s, head.origin}, {u"size"_s, head.size}, {u"rootHash"_s, QString::fromLatin1(head.rootHash.toBase64())}}}});
    std::fprintf(stdout, "%s\n", summary.constData());
    std::fflush(stdout);
    return code == ExitOk && totals.aside > 0 ? exitAside : code;
}

} // namespace

int importCommand(const QStringList &commandLine)
{
    ImportArguments arguments;
    if (const int code = readArguments(commandLine, arguments); code != ExitOk)
        return code < 0 ? int(ExitOk) : code;
    if (const Started<void> checked = DataFolder::checkPrivate(arguments.dataFolder); !checked)
        return importRefuse(checked.error().code, checked.error().message, checked.error().detail);
    if (!QFile::exists(arguments.dataFolder + u"/ca-key.pem"_s))
        return importRefuse(ExitFailure, u"“%1” is not the data folder of a plane. Start a plane on it once."_s.arg(arguments.dataFolder));
    auto folder = DataFolder::open(arguments.dataFolder, {}, {}, Clock::system());
    if (!folder)
        return importRefuse(folder.error().code, folder.error().message, folder.error().detail);
    const Started<QString> place = storePlace(**folder, {});
    if (!place)
        return importRefuse(place.error().code, place.error().message, place.error().detail);
    Store::Options options;
    options.path = *place;
    options.origin = (*folder)->logName();
    auto store = Store::open(std::move(options));
    if (!store) {
        const bool log = store.error().message.startsWith(QCoreApplication::translate("audit", "The audit log does not verify: %1").arg(QString()));
        return importRefuse(log ? ExitLogBroken : ExitDatabase, store.error().message, store.error().detail);
    }
    return importAll(**store, arguments, (*folder)->path("imports"));
}

} // namespace parapet::plane
