// SPDX-License-Identifier: GPL-3.0-or-later
// A console without its window, for tests that kill it: revokes workspaces, or takes up what an earlier one left.
//   parapet-revokedriver PROFILE-JSON FOLDER start WORKSPACE,…|all:FILTER [DIE-AFTER]
//   parapet-revokedriver PROFILE-JSON FOLDER resume [DIE-AFTER]
// DIE-AFTER n: it kills itself (SIGKILL) as soon as the journal's n-th record is durable.
// DIE-AFTER KIND VERB,…: as soon as the first of these boundaries (boundaryfile.h) is durable; which ones, it says on stderr.
// Exit code 0: finished, certificate signed.
#include "models/core/json.h"
#include "tests/integration/boundaryfile.h"
#include "tests/integration/planedesk.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QElapsedTimer>
#include <QtCore/QTextStream>

#include <atomic>
#include <csignal>
#include <unistd.h>

using namespace parapet;
using namespace parapet::support;
using namespace Qt::StringLiterals;

namespace {

/// Dies right behind a sync: what was durable then is all that the next life knows.
class DeadlyFile final : public FileCalls
{
public:
    explicit DeadlyFile(int after) : m_left(after) {}
    int fsync(int fd) override
    {
        const int result = FileCalls::fsync(fd);
        if (m_left > 0 && --m_left == 0)
            ::kill(::getpid(), SIGKILL);
        return result;
    }

private:
    std::atomic<int> m_left;
};

/// Dies at the first of these boundaries.
std::unique_ptr<FileCalls> deadlyAt(const QStringList &boundaries)
{
    return std::make_unique<BoundaryFile>(boundaries, [](const QStringList &reached) {
        const QByteArray line = reached.join(u',').toLatin1() + '\n';
        if (::write(STDERR_FILENO, line.constData(), size_t(line.size())) == line.size())
            ::kill(::getpid(), SIGKILL);
    });
}

int giveUp(const QString &why)
{
    QTextStream(stderr) << why << Qt::endl;
    return 1;
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = app.arguments();
    if (arguments.size() < 4)
        return giveUp(u"PROFILE-JSON FOLDER start WORKSPACES|resume [DIE-AFTER]"_s);
    const bool starts = arguments[3] == u"start"_s;
    const QString dieAfter = arguments.value(starts ? 5 : 4);
    bool counted = false;
    const int records = dieAfter.toInt(&counted);
    const auto json = parseJson(arguments[1].toUtf8());
    if (!json)
        return giveUp(json.error().message);
    const std::unique_ptr<FileCalls> files =
        counted || dieAfter.isEmpty() ? std::make_unique<DeadlyFile>(records) : deadlyAt(dieAfter.split(u','));
    PlaneDesk desk(profileFromJson(json->toObject()), arguments[2], *files);
    if (const Status open = desk.open(); !open)
        return giveUp(open.error().message + open.error().detail);
    operation::Operation *operation = nullptr;
    if (starts) {
        const QString what = arguments.value(4);
        response::Targets targets;
        if (what.startsWith(u"all:"_s))
            targets.matching = Query{what.mid(4), {}, false};
        for (const QString &id : what.split(u',', Qt::SkipEmptyParts))
            targets.ids.append(WorkspaceId(id));
        QElapsedTimer elapsed;
        elapsed.start();
        const auto plan = desk.plan(targets);
        QTextStream(stdout) << "planned " << elapsed.elapsed() << " ms" << Qt::endl;
        if (!plan)
            return giveUp(plan.error().message + plan.error().detail);
        const auto started = desk.runner->start(*plan);
        if (!started)
            return giveUp(started.error().message);
        operation = *started;
    } else {
        const auto unfinished = await(desk.runner->unfinished());
        if (!unfinished || unfinished->isEmpty())
            return giveUp(u"nothing to resume"_s);
        const auto resumed = await(desk.runner->resume(unfinished->first().path));
        if (!resumed)
            return giveUp(resumed.error().message);
        operation = *resumed;
    }
    QObject::connect(operation, &operation::Operation::stateChanged, &app, [&app, operation] {
        if (operation->isOver()) {
            QTextStream(stdout) << "over " << operation->elapsed().count() << " ms" << Qt::endl;
            app.exit(operation->run().certificate ? 0 : 2);
        } else if (operation->state() == operation::RunState::Stopped) {
            QStringList errors = operation::survivors(operation->run());
            for (const operation::StepRun &step : operation->run().steps) {
                if (step.error)
                    errors.append(step.error->message + u' ' + step.error->detail);
            }
            QTextStream(stderr) << errors.join(u'\n') << operation->run().certificateRefused << Qt::endl;
            app.exit(3);
        }
    });
    return app.exec();
}
