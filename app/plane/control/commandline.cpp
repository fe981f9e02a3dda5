// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/control/commandline.h"

#include "app/plane/control/authority.h"
#include "app/plane/control/plane.h"
#include "app/plane/importing/importcommand.h"

#include <QtCore/QCommandLineParser>
#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QSocketNotifier>

#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

namespace parapet::plane {

using namespace Qt::StringLiterals;

namespace {

constexpr char commandHelp[] = R"(
The first start makes an authority, a server certificate, the first operator's identity and the audit log's key in the data folder, and a
world. Each start prints one line of JSON on stdout once it serves: control, audit, agent (base URLs), ca (path), ca_sha256, identity and
prober (paths of PEM files with certificate and key), log_key, data. Try it:

  curl --cacert CA --cert IDENTITY CONTROL/v1/workspaces

"parapet-plane identity --data DIR --principal ID --role ROLE --out FILE" issues another identity, while the plane runs or not.
"parapet-plane import --help" tells how logs of other systems come into this one.

Exit codes:
  0  ended as asked               4  others can read the data folder or its keys
  1  something else went wrong    5  the audit log does not verify
  2  wrong options                6  the database is damaged, newer than this program, or cannot be opened
  3  another plane holds the      7  cannot listen at that address
     data folder                 75  while running: nothing can be stored any more)";

int commandRefuse(const Refused &refused)
{
    std::fprintf(stderr, "parapet-plane: %s%s%s%s\n", qPrintable(refused.message), refused.detail.isEmpty() ? "" : " (",
                 qPrintable(refused.detail), refused.detail.isEmpty() ? "" : ")");
    return refused.code;
}

int commandUsage(const QString &message)
{
    return commandRefuse({ExitUsage, message, {}});
}

/// SIGTERM and SIGINT as something that the event loop sees. Blocked first, so that every thread made later leaves them alone.
int commandSignals()
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int commandIdentity(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(u"Issues an identity of a plane: one PEM file, certificate and key."_s);
    parser.addHelpOption();
    parser.addOptions({{u"data"_s, u"The plane's data folder."_s, u"DIR"_s},
                       {u"principal"_s, u"Identifier of the person, service or agent."_s, u"ID"_s},
                       {u"name"_s, u"Name for people; the identifier when it is left out."_s, u"NAME"_s},
                       {u"kind"_s, u"human, agent or service."_s, u"KIND"_s, u"human"_s},
                       {u"role"_s, u"admin, responder, operator, auditor, viewer, approver, agent-host, developer or prober."_s, u"ROLE"_s},
                       {u"scope"_s, u"organisation, project:NAME or workspace:ID."_s, u"SCOPE"_s, u"organisation"_s},
                       {u"out"_s, u"Where the PEM file goes."_s, u"FILE"_s}});
    if (!parser.parse(arguments))
        return commandUsage(parser.errorText());
    if (parser.isSet(u"help"_s)) {
        std::fputs(qPrintable(parser.helpText()), stdout);
        return ExitOk;
    }
    PendingIdentity identity;
    identity.id = parser.value(u"principal"_s);
    identity.name = parser.isSet(u"name"_s) ? parser.value(u"name"_s) : identity.id;
    identity.role = parser.value(u"role"_s);
    identity.scope = parser.value(u"scope"_s);
    const bool complete = parser.isSet(u"data"_s) && !identity.id.isEmpty() && !identity.role.isEmpty() && parser.isSet(u"out"_s);
    const auto roles = Authority::standardRoles();
    const bool role = std::any_of(roles.begin(), roles.end(), [&](const access::Role &known) { return known.name == identity.role; });
    if (!complete || !role || !fromName(parser.value(u"kind"_s), identity.kind))
        return commandUsage(u"identity needs --data, --principal, --role (a known one) and --out. See --help."_s);
    const Started<void> issued = Identities::issue(parser.value(u"data"_s), identity, parser.value(u"out"_s), Clock::system());
    return issued ? int(ExitOk) : commandRefuse(issued.error());
}

/// "127.0.0.1:0", "[::1]:7443".
bool commandAddress(const QString &text, PlaneOptions &options)
{
    const qsizetype colon = text.lastIndexOf(u':');
    if (colon <= 0)
        return false;
    bool number = false;
    const uint port = text.mid(colon + 1).toUInt(&number);
    options.address = text.left(colon);
    if (options.address.startsWith(u'[') && options.address.endsWith(u']'))
        options.address = options.address.mid(1, options.address.size() - 2);
    options.port = quint16(port);
    return number && port <= 65535;
}

} // namespace

int runCommandLine(int argc, char *argv[])
{
    const int signals = commandSignals();
    // No core dump, no debugger of another process: keys and secrets are in this memory.
    prctl(PR_SET_DUMPABLE, 0);
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(u"parapet-plane"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(PARAPET_VERSION));
    QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == "identity"_L1) {
        arguments.removeAt(1);
        return commandIdentity(arguments);
    }
    if (arguments.value(1) == "import"_L1) {
        arguments.removeAt(1);
        return importCommand(arguments);
    }

    QCommandLineParser parser;
    parser.setApplicationDescription(u"A complete small plane for one machine: control plane, audit store and runtime agent.\n"_s
                                     + QString::fromUtf8(commandHelp));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOptions({{u"data"_s, u"The data folder (mode 0700); made when it is missing."_s, u"DIR"_s},
                       {u"store"_s, u"Keep state and log in a PostgreSQL database (13 or newer) instead of the folder's own file; the folder "
                                    "remembers it. Passwords belong into ~/.pgpass."_s, u"postgresql://…"_s},
                       {u"listen"_s, u"Address and port of the control plane; port 0: the last one, or any."_s, u"ADDRESS:PORT"_s, u"127.0.0.1:0"_s},
                       {u"world"_s, u"What the first start makes: meridian or empty."_s, u"NAME"_s, u"meridian"_s},
                       {u"fleet"_s, u"See to it that there are N simulated workspaces besides."_s, u"N"_s, u"0"_s},
                       {u"seed"_s, u"The same seed makes the same world."_s, u"S"_s, u"1"_s},
                       {u"activity"_s, u"calm, or none: nothing happens but what really runs."_s, u"KIND"_s, u"calm"_s},
                       {u"no-workspaces"_s, u"Start no workspace."_s},
                       {u"check"_s, u"Verify every event of the audit log before serving."_s},
                       {u"ship"_s, u"Tell every audit event to a receiver: syslog+tls://HOST:PORT?format=rfc5424, cef or ocsf, with &ca=FILE, &identity=FILE, "
                                    "&enterprise=NUMBER and &from=now as wanted. May be given several times."_s, u"URL"_s},
                       {u"until-stdin-closes"_s, u"End when standard input ends: with the program that started the plane."_s}});
    if (!parser.parse(arguments))
        return commandUsage(parser.errorText());
    if (parser.isSet(u"help"_s) || parser.isSet(u"version"_s)) {
        std::fputs(qPrintable(parser.isSet(u"help"_s) ? parser.helpText() : u"parapet-plane "_s + QStringLiteral(PARAPET_VERSION) + u'\n'), stdout);
        return ExitOk;
    }
    PlaneOptions options;
    bool numbers[2] = {};
    options.dataFolder = parser.value(u"data"_s);
    options.store = parser.value(u"store"_s);
    options.world.name = parser.value(u"world"_s);
    options.fleet = parser.value(u"fleet"_s).toInt(&numbers[0]);
    options.world.seed = parser.value(u"seed"_s).toULongLong(&numbers[1]);
    options.activity = parser.value(u"activity"_s) != "none"_L1;
    options.runWorkspaces = !parser.isSet(u"no-workspaces"_s);
    options.check = parser.isSet(u"check"_s) ? LogCheck::Whole : LogCheck::Edge;
    if (options.dataFolder.isEmpty())
        return commandUsage(u"Name the data folder with --data DIR. See --help."_s);
    if (!parser.positionalArguments().isEmpty() || !numbers[0] || !numbers[1] || options.fleet < 0 || options.fleet > 1'000'000)
        return commandUsage(u"--fleet is a number from 0 to 1,000,000, --seed a number; nothing else follows. See --help."_s);
    if (!worldNames().contains(options.world.name))
        return commandUsage(u"The worlds are %1."_s.arg(worldNames().join(u", "_s)));
    for (const QString &url : parser.values(u"ship"_s)) {
        Result<ShippingDestination> destination = ShippingDestination::fromUrl(url);
        if (!destination)
            return commandRefuse({destination.error().code == Error::Code::Forbidden ? ExitExposed : ExitUsage, destination.error().message, destination.error().detail});
        options.ship.append(*std::move(destination));
    }
    if (!commandAddress(parser.value(u"listen"_s), options))
        return commandUsage(u"--listen is ADDRESS:PORT, for example 127.0.0.1:0."_s);

    Started<std::unique_ptr<Plane>> plane = Plane::start(options);
    if (!plane)
        return commandRefuse(plane.error());
    const QByteArray line = (*plane)->announcement().json() + '\n';
    std::fwrite(line.constData(), 1, size_t(line.size()), stdout);
    std::fflush(stdout);

    QSocketNotifier asked(signals, QSocketNotifier::Read);
    QObject::connect(&asked, &QSocketNotifier::activated, &application, [] { QCoreApplication::quit(); });
    std::unique_ptr<QSocketNotifier> input;
    if (parser.isSet(u"until-stdin-closes"_s)) {
        input = std::make_unique<QSocketNotifier>(STDIN_FILENO, QSocketNotifier::Read);
        QObject::connect(input.get(), &QSocketNotifier::activated, &application, [] {
            char ignored[256];
            if (::read(STDIN_FILENO, ignored, sizeof ignored) <= 0)
                QCoreApplication::quit();
        });
    }
    const int code = QCoreApplication::exec();
    plane->reset();
    return code;
}

} // namespace parapet::plane
