// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/arguments.h"
#include "app/console/console.h"
#include "app/console/startuptrace.h"
#include "app/console/tour.h"
#include "ui/kit/text/language.h"
#include "ui/pages/settings/looksettings.h"

#include <QtCore/QSettings>
#include <QtCore/QStandardPaths>
#include <QtWidgets/QApplication>

#ifdef PARAPET_FONTCONFIG
#include <fontconfig/fontconfig.h>
#endif

#include <cstdio>
#include <sys/resource.h>
#include <thread>

using namespace parapet;
using namespace Qt::StringLiterals;

namespace {

int say(const QString &text, FILE *to, int code)
{
    std::fprintf(to, "%s\n", qPrintable(text.trimmed()));
    return code;
}

/// Keys and fetched secrets are in this process: none of it may end in a core dump.
void forbidCoreDumps()
{
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
}

/// Help and the version need no display: they are told before there is a QApplication, which ends the program where none is. No value
/// when the command line asks for something else, or cannot be read before Qt took its own options from it.
std::optional<int> tell(int argc, char **argv)
{
    QStringList words;
    for (int i = 0; i < argc; ++i)
        words << QString::fromLocal8Bit(argv[i]);
    const Result<console::Arguments> arguments = console::parseArguments(words);
    if (!arguments || arguments->ask == console::Arguments::Ask::Run)
        return std::nullopt;
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(u"parapet"_s);
    kit::installLanguage(application);
    return arguments->ask == console::Arguments::Ask::Help ? say(console::helpText(), stdout, 0)
                                                           : say(u"parapet "_s + QStringLiteral(PARAPET_VERSION), stdout, 0);
}

int runTour(QApplication &application, console::Console &program, kit::Theme &theme, const QString &folder)
{
    console::Tour tour(program, theme, folder);
    int code = 1;
    QObject::connect(&tour, &console::Tour::finished, &application, [&](int pictures, const QString &error) {
        code = error.isEmpty() ? say(QObject::tr("%1 pictures are in %2").arg(pictures).arg(folder), stdout, 0) : say(error, stderr, 1);
        application.quit();
    });
    tour.start();
    application.exec();
    return code;
}

} // namespace

int main(int argc, char **argv)
{
    forbidCoreDumps();
    if (const std::optional<int> told = tell(argc, argv))
        return *told;
#ifdef PARAPET_FONTCONFIG
    // A hundred files are read before the first letter can be drawn: meanwhile Qt connects to the window system.
    const std::jthread fonts([] { FcInit(); });
#endif
    QApplication application(argc, argv);
    QApplication::setApplicationName(u"parapet"_s);
    QApplication::setApplicationVersion(QStringLiteral(PARAPET_VERSION));
    QApplication::setDesktopFileName(u"parapet"_s);
    kit::installLanguage(application);
    const Result<console::Arguments> arguments = console::parseArguments(application.arguments());
    if (!arguments)
        return say(arguments.error().message, stderr, 1);
    if (arguments->ask == console::Arguments::Ask::Help)
        return say(console::helpText(), stdout, 0);
    if (arguments->ask == console::Arguments::Ask::Version)
        return say(u"parapet "_s + QStringLiteral(PARAPET_VERSION), stdout, 0);

    const QString config = QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) + u"/parapet/parapet.ini"_s;
    const QString data = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + u"/parapet"_s;
    QSettings settings(config, QSettings::IniFormat);
    kit::Theme theme;
    theme.install(application);
    pages::LookSettings(settings).apply(theme);
    if (arguments->theme)
        theme.setChoice(*arguments->theme);

    console::KeychainStore keychain;
    const QString plane = fleet::LocalPlane::findProgram();
    std::unique_ptr<fleet::LocalPlane> local;
    if (!plane.isEmpty())
        local = std::make_unique<fleet::LocalPlane>(plane, fleet::LocalPlane::standardDataFolder());
    console::Console program(settings, theme, data, keychain, std::move(local));
    if (const Status started = program.start(*arguments); !started)
        return say(started.error().message, stderr, 1);
    if (console::StartupTrace::isWanted())
        new console::StartupTrace(&program.window());
    if (!arguments->tour.isEmpty())
        return runTour(application, program, theme, arguments->tour);
    return application.exec();
}
