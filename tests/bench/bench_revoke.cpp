// SPDX-License-Identifier: GPL-3.0-or-later
// Revocation as the console does it, without its window: the plan from what the plane says, the journaled run, the probes. Timed from
// asking for the plan to the moment at which the last probe is told to hold.
#include "models/fleet/connection.h"
#include "models/operation/runner.h"
#include "models/response/actions.h"
#include "models/response/revocationcertifier.h"
#include "models/response/revoke.h"
#include "tests/bench/figure.h"
#include "tests/support/planeprocess.h"
#include "tests/support/waiting.h"

#include <QtCore/QTimer>

#include <map>

using namespace parapet;
using namespace parapet::support;
using namespace Qt::StringLiterals;

namespace {

int singleRevocations = 100;
int fleetSize = 1000;

bool complain(const QString &what, const QString &detail = {})
{
    std::fprintf(stderr, "%s %s\n", qPrintable(what), qPrintable(detail));
    return false;
}

/// A plane, the console's connection to it, and what operations run in.
struct Desk {
    bool open(const QStringList &arguments)
    {
        plane.setArguments(arguments);
        if (const Status started = plane.start(); !started)
            return complain(started.error().message, started.error().detail);
        connection = std::make_unique<fleet::Connection>(plane.profile(), secrets);
        connection->open();
        if (!waitUntil([this] { return connection->system().control && connection->self(); }))
            return complain(connection->summary());
        Result<crypto::Identity> identity = crypto::Identity::load(plane.profile().identityPath);
        if (!identity)
            return complain(identity.error().message);
        certifier.setOperator(connection->self()->value(), std::move(*identity));
        const System system = connection->system();
        actions = response::actionsFor(system);
        operation::Environment environment;
        environment.folder = folder.path();
        environment.actions = actions.get();
        environment.observers = system.observers;
        environment.certifier = &certifier;
        runner = std::make_unique<operation::Runner>(environment);
        runner->listen(connection->watch());
        return true;
    }

    QVector<WorkspaceId> running()
    {
        PageRequest request;
        request.query.filter = u"state:running simulated:false runtime:observed"_s;
        request.limit = 100;
        QVector<WorkspaceId> ids;
        const auto page = await(connection->system().control->workspaces(request));
        for (const Workspace &workspace : page ? page->items : QVector<Workspace>())
            ids << workspace.id;
        return ids;
    }

    /// Milliseconds until every probe held; negative when it did not come to that.
    double revoke(const response::Targets &targets, int patienceMilliseconds)
    {
        const auto begun = bench::Steady::now();
        double took = -1;
        response::PlanOptions options;
        options.system = u"bench"_s;
        QObject context;
        deliver(&context, response::planRevoke(connection->system(), targets, u"benchmark"_s, options), [&](const Result<operation::Plan> &plan) {
            if (!plan) {
                complain(plan.error().message, plan.error().detail);
                QCoreApplication::quit();
                return;
            }
            planned = bench::millisecondsSince(begun);
            probes = int(plan->probes.size());
            const Result<operation::Operation *> started = runner->start(*plan);
            if (!started) {
                complain(started.error().message, started.error().detail);
                QCoreApplication::quit();
                return;
            }
            operation = *started;
            const auto look = [&] {
                const operation::Summary summary = operation->summary();
                if (took < 0 && summary.hold == summary.probes && summary.stepsObserved == summary.steps)
                    took = bench::millisecondsSince(begun);
                if (took >= 0 && operation->run().certificate)
                    QCoreApplication::quit();
            };
            QObject::connect(operation, &operation::Operation::certificateChanged, &context, look);
            QObject::connect(operation, &operation::Operation::probesChanged, &context, look);
            QObject::connect(operation, &operation::Operation::stateChanged, &context, look);
        });
        // An event loop like the console's: waiting functions of tests sleep between their looks, which would be measured with it.
        QTimer patience;
        patience.setSingleShot(true);
        QObject::connect(&patience, &QTimer::timeout, &context, [] { QCoreApplication::quit(); });
        patience.start(patienceMilliseconds);
        QCoreApplication::exec();
        if (took < 0 && operation) {
            const operation::Summary summary = operation->summary();
            complain(u"%1 of %2 steps observed, %3 failed; %4 of %5 probes hold"_s.arg(summary.stepsObserved).arg(summary.steps).arg(summary.stepsFailed).arg(summary.hold).arg(summary.probes),
                     operation::survivors(operation->run(), 5).join(u"; "_s));
            for (const operation::StepRun &step : operation->run().steps) {
                if (step.error)
                    complain(step.error->message, step.error->detail);
            }
        }
        return took;
    }

    PlaneProcess plane;
    QTemporaryDir folder;
    fleet::MemorySecretStore secrets;
    std::unique_ptr<fleet::Connection> connection;
    response::RevocationCertifier certifier;
    std::unique_ptr<operation::ActionSet> actions;
    std::unique_ptr<operation::Runner> runner;
    operation::Operation *operation = nullptr;
    /// Milliseconds that each verb took, from its first look to its last, and the probes after them.
    void addTo(std::map<QString, std::vector<double>> &verbs) const
    {
        const operation::Run &run = operation->run();
        Instant last{};
        for (qsizetype i = 0; i < run.steps.size(); ++i) {
            verbs[run.plan.steps[i].verb].push_back(double((run.steps[i].ended - run.steps[i].began).count()));
            last = std::max(last, run.steps[i].ended);
        }
        Instant proven = last;
        for (const operation::ProbeRun &probe : run.probes)
            proven = std::max(proven, probe.at);
        verbs[u"probes"_s].push_back(double((proven - last).count()));
    }

    double planned = 0;
    int probes = 0;
};

QString medians(const std::map<QString, std::vector<double>> &verbs)
{
    QStringList all;
    for (const auto &[verb, took] : verbs)
        all << u"%1 %2"_s.arg(verb).arg(bench::median(took), 0, 'f', 0);
    return all.join(u", "_s);
}

bool measureOne()
{
    std::vector<double> took, planned;
    std::map<QString, std::vector<double>> verbs;
    int planes = 0, probes = 0;
    while (int(took.size()) < singleRevocations) {
        // A revoked workspace does not run again: when a plane's are used up, another plane begins.
        Desk desk;
        if (!desk.open({u"--seed"_s, QString::number(++planes)}))
            return false;
        if (!waitUntil([&] { return desk.running().size() >= 6; }, 60'000))
            return complain(u"No workspace runs: this machine cannot make sandboxes."_s, QString::fromUtf8(desk.plane.errors()));
        for (const WorkspaceId &id : desk.running()) {
            if (int(took.size()) == singleRevocations)
                break;
            const double one = desk.revoke(response::Targets::one(id), 30'000);
            if (one < 0)
                return complain(u"A workspace could not be revoked: "_s + id.value);
            took.push_back(one);
            planned.push_back(desk.planned);
            probes += desk.probes;
            desk.addTo(verbs);
        }
    }
    bench::print("revoke.one", bench::percentile(took, 99), "ms (p99)",
                 u"%1 really running workspaces of %2 local planes, one after the other: plan, isolate, snapshot, log, terminate, end, revoke, probe; without the window, from asking for the plan to the last of %3 probes on average"_s
                     .arg(took.size()).arg(planes).arg(double(probes) / double(took.size()), 0, 'f', 1),
                 u"p50 %1 ms, of which planning %2 ms; medians: %3"_s.arg(bench::median(took), 0, 'f', 0).arg(bench::median(planned), 0, 'f', 0).arg(medians(verbs)));
    return true;
}

bool measureBulk()
{
    Desk desk;
    if (!desk.open({u"--seed"_s, u"1"_s, u"--fleet"_s, QString::number(fleetSize), u"--no-workspaces"_s, u"--activity"_s, u"none"_s}))
        return false;
    const double took = desk.revoke(response::Targets::all({u"simulated:true"_s, {}, false}), 300'000);
    if (took < 0)
        return complain(u"The fleet could not be revoked."_s);
    bench::print("revoke.bulk", took / 1000, "s", u"%1 simulated workspaces in one operation, without the window, from asking for the plan to the last of %2 probes, %3 steps journaled"_s
                     .arg(desk.operation->plan().workspaces.size()).arg(desk.probes).arg(desk.operation->plan().steps.size()),
                 u"planning %1 s"_s.arg(desk.planned / 1000, 0, 'f', 1));
    return true;
}

} // namespace

/// bench_revoke [one|bulk [NUMBER]]
int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QString which = application.arguments().value(1);
    if (const int number = application.arguments().value(2).toInt(); number > 0)
        (which == u"one"_s ? singleRevocations : fleetSize) = number;
    const bool one = which == u"bulk"_s || measureOne();
    const bool bulk = which == u"one"_s || measureBulk();
    return one && bulk ? 0 : 1;
}
