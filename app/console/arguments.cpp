// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/arguments.h"

#include <QtCore/QCommandLineParser>
#include <QtCore/QCoreApplication>

namespace parapet::console {

using namespace Qt::StringLiterals;

namespace {

QString text(const char *source)
{
    return QCoreApplication::translate("arguments", source);
}

struct Options {
    QCommandLineOption local{u"local"_s, text("Start the local plane, connect to it, stop it at the end.")};
    QCommandLineOption profile{u"profile"_s, text("Connect with this profile."), u"name"_s};
    QCommandLineOption page{u"page"_s, text("Open this place, e.g. workspaces?filter=state:running."), u"location"_s};
    QCommandLineOption theme{u"theme"_s, text("dark, light, high-contrast or system."), u"theme"_s};
    QCommandLineOption tour{u"tour"_s, text("Open every page on live data, save a PNG of each in this folder, and end."), u"folder"_s};
    QCommandLineOption help{{u"h"_s, u"help"_s}, text("Show this help.")};
    QCommandLineOption version{{u"v"_s, u"version"_s}, text("Show the version.")};

    void addTo(QCommandLineParser &parser) const
    {
        parser.addOptions({local, profile, page, theme, tour, help, version});
    }
};

std::optional<kit::ThemeChoice> themeNamed(const QString &name)
{
    if (name == "system"_L1)
        return kit::ThemeChoice::System;
    if (name == "dark"_L1)
        return kit::ThemeChoice::Dark;
    if (name == "light"_L1)
        return kit::ThemeChoice::Light;
    if (name == "high-contrast"_L1)
        return kit::ThemeChoice::HighContrast;
    return std::nullopt;
}

} // namespace

Result<Arguments> parseArguments(const QStringList &arguments)
{
    const Options options;
    QCommandLineParser parser;
    options.addTo(parser);
    const auto invalid = [](const QString &sentence) {
        return fail(Error::Code::Invalid, sentence + u' ' + text("See parapet --help."));
    };
    if (!parser.parse(arguments))
        return invalid(parser.errorText());
    Arguments result;
    if (parser.isSet(options.help))
        result.ask = Arguments::Ask::Help;
    else if (parser.isSet(options.version))
        result.ask = Arguments::Ask::Version;
    if (!parser.positionalArguments().isEmpty())
        return invalid(text("Unexpected argument: %1.").arg(parser.positionalArguments().first()));
    result.local = parser.isSet(options.local);
    result.profile = parser.value(options.profile);
    if (result.local && !result.profile.isEmpty())
        return invalid(text("--local and --profile exclude each other."));
    result.page = parser.value(options.page);
    result.tour = parser.value(options.tour);
    if (parser.isSet(options.tour) && result.tour.isEmpty())
        return invalid(text("--tour needs a folder."));
    if (parser.isSet(options.theme)) {
        result.theme = themeNamed(parser.value(options.theme));
        if (!result.theme)
            return invalid(text("There is no theme %1.").arg(parser.value(options.theme)));
    }
    return result;
}

QString helpText()
{
    QCommandLineParser parser;
    Options().addTo(parser);
    parser.setApplicationDescription(text("Guard a fleet of cloud development environments."));
    return parser.helpText();
}

} // namespace parapet::console
