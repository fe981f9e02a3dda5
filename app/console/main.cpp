// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/arguments.h"
#include "app/console/console.h"
#include "app/console/startuptrace.h"
#include "app/console/tour.h"
#include "ui/pages/settings/looksettings.h"

#include <QtCore/QSettings>
#include <QtCore/QStandardPaths>
#include <QtWidgets/QApplication>

#include <cstdio>
#include <sys/resource.h>

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
    QApplication application(argc, argv);
    QApplication::setApplicationName(u"parapet"_s);
    QApplication::setApplicationVersion(QStringLiteral(PARAPET_VERSION));
    QApplication::setDesktopFileName(u"parapet"_s);
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
