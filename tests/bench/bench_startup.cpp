// SPDX-License-Identifier: GPL-3.0-or-later
// How soon the console shows rows, what it weighs, and what it costs while nobody does anything: beside an empty Qt window, in one run.
#include "models/fleet/profilestore.h"
#include "tests/bench/figure.h"
#include "tests/support/planeprocess.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QTimer>

#include <unistd.h>

using namespace parapet;
using namespace Qt::StringLiterals;

namespace {

constexpr int starts = 15;
constexpr int settleSeconds = 30;
constexpr int idleSeconds = 60;

/// One program, started with a home of its own, waited for until it says a line on stderr.
struct Program {
    explicit Program(const QString &home)
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"XDG_CONFIG_HOME"_s, home);
        environment.insert(u"XDG_DATA_HOME"_s, home);
        environment.insert(u"PARAPET_TRACE"_s, u"startup"_s);
        environment.insert(u"QT_QPA_PLATFORM"_s, u"offscreen"_s);
        process.setProcessEnvironment(environment);
        process.setReadChannel(QProcess::StandardError);
    }
    ~Program()
    {
        process.kill();
        process.waitForFinished(5'000);
    }
    /// Milliseconds from the start to the line; negative when it did not come.
    double start(const QString &program, const QStringList &arguments, const QByteArray &line)
    {
        const auto began = bench::Steady::now();
        process.start(program, arguments);
        QByteArray said;
        while (!said.contains(line)) {
            if (!process.waitForReadyRead(30'000)) {
                std::fprintf(stderr, "%s did not say %s: %s\n", qPrintable(program), line.constData(), said.constData());
                return -1;
            }
            said += process.readAllStandardError();
        }
        return bench::millisecondsSince(began);
    }
    double proportionalMegabytes() const
    {
        QFile file(u"/proc/%1/smaps_rollup"_s.arg(process.processId()));
        if (!file.open(QIODevice::ReadOnly))
            return -1;
        for (const QByteArray &line : file.readAll().split('\n')) {
            if (line.startsWith("Pss:"))
                return line.mid(4).trimmed().split(' ').first().toDouble() / 1024;
        }
        return -1;
    }
    /// Seconds of processor time that it has used, in the program and in the kernel.
    double processorSeconds() const
    {
        QFile file(u"/proc/%1/stat"_s.arg(process.processId()));
        if (!file.open(QIODevice::ReadOnly))
            return -1;
        const QByteArray stat = file.readAll();
        const QList<QByteArray> fields = stat.mid(stat.lastIndexOf(')') + 2).split(' ');
        return (fields.value(11).toDouble() + fields.value(12).toDouble()) / double(sysconf(_SC_CLK_TCK));
    }

    QProcess process;
};

void wait(int seconds)
{
    QTimer::singleShot(seconds * 1000, QCoreApplication::instance(), &QCoreApplication::quit);
    QCoreApplication::exec();
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QString console = QStringLiteral(PARAPET_BINARY_DIR "/bin/parapet");
    const QString empty = QStringLiteral(PARAPET_BINARY_DIR "/bench/emptywindow");
    support::PlaneProcess plane;
    plane.setArguments({u"--seed"_s, u"7"_s, u"--fleet"_s, u"200"_s, u"--no-workspaces"_s, u"--activity"_s, u"none"_s});
    if (const Status started = plane.start(); !started) {
        std::fprintf(stderr, "%s %s\n", qPrintable(started.error().message), qPrintable(started.error().detail));
        return 1;
    }
    const QTemporaryDir home;
    {
        // A saved connection to a plane that runs: opening it must not start another one.
        QDir().mkpath(home.filePath(u"parapet"_s));
        QSettings settings(home.filePath(u"parapet/parapet.ini"_s), QSettings::IniFormat);
        fleet::Profile profile = plane.profile();
        profile.localData.clear();
        fleet::ProfileStore store(settings);
        if (const Status saved = store.save(profile); !saved) {
            std::fprintf(stderr, "%s\n", qPrintable(saved.error().message));
            return 1;
        }
    }
    const QStringList arguments{u"--profile"_s, u"local"_s, u"--page"_s, u"workspaces"_s};
    std::vector<double> ours, theirs;
    for (int i = 0; i < starts; ++i) { // in turns, so that both meet the same machine
        Program window(home.path());
        theirs.push_back(window.start(empty, {}, "window painted"));
        Program program(home.path());
        ours.push_back(program.start(console, arguments, "rows painted"));
        if (ours.back() < 0 || theirs.back() < 0)
            return 1;
    }
    bench::print("startup.first_paint", bench::median(ours) / bench::median(theirs), "ratio",
                 u"console with a saved connection to a running plane of 224 workspaces until it has painted rows / empty QMainWindow until painted; medians of %1, in turns, offscreen"_s.arg(starts),
                 u"%1 ms / %2 ms"_s.arg(bench::median(ours), 0, 'f', 1).arg(bench::median(theirs), 0, 'f', 1));

    Program window(home.path());
    Program program(home.path());
    if (window.start(empty, {}, "window painted") < 0 || program.start(console, arguments, "rows painted") < 0)
        return 1;
    wait(settleSeconds);
    const double weight = program.proportionalMegabytes();
    const double emptyWeight = window.proportionalMegabytes();
    bench::print("startup.memory", weight / emptyWeight, "ratio", u"proportional set size after %1 s connected and idle / the empty window's"_s.arg(settleSeconds),
                 u"%1 MB / %2 MB"_s.arg(weight, 0, 'f', 1).arg(emptyWeight, 0, 'f', 1));
    const double before = program.processorSeconds();
    const auto began = bench::Steady::now();
    wait(idleSeconds);
    const double used = program.processorSeconds() - before;
    bench::print("idle.processor", used / (bench::millisecondsSince(began) / 1000) * 100, "percent",
                 u"processor time of the console over %1 s, connected, Workspaces page shown, nothing happens in the plane; counted in ticks of %2 ms"_s.arg(idleSeconds).arg(1000 / sysconf(_SC_CLK_TCK)));
    return 0;
}
