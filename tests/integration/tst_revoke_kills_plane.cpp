// SPDX-License-Identifier: GPL-3.0-or-later
// kill -9 of the plane at every step boundary of a bulk revoke of workspaces that really run. Their processes die with it; the
// operation goes on by itself once the plane is back, nothing is done twice, and no event that was told is lost.
#include "models/core/json.h"
#include "models/ports/watch.h"
#include "tests/integration/boundaryfile.h"
#include "tests/integration/bulkrevoke.h"

#include <QtTest/QTest>

#include <sys/wait.h>

using namespace parapet;
using namespace parapet::operation;
using namespace parapet::support;
using namespace Qt::StringLiterals;

class TestRevokeKillsPlane : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void atTheBoundary_data();
    void atTheBoundary();
};

void TestRevokeKillsPlane::atTheBoundary_data()
{
    QTest::addColumn<QString>("boundary");
    for (const QString &boundary : BoundaryFile::ofRevoke())
        QTest::newRow(qPrintable(boundary)) << boundary;
}

void TestRevokeKillsPlane::atTheBoundary()
{
    QFETCH(QString, boundary);
    PlaneProcess plane;
    plane.setArguments({u"--seed"_s, u"7"_s, u"--fleet"_s, u"8"_s, u"--activity"_s, u"none"_s});
    const Status started = plane.start();
    QVERIFY2(started, why(started));
    // On the journal's thread: when the hook returns, the plane is dead, and nothing that follows from this record has been sent.
    std::atomic<bool> killed = false;
    BoundaryFile files({boundary}, [pid = pid_t(plane.processId()), &killed](const QStringList &) {
        ::kill(pid, SIGKILL);
        siginfo_t end{};
        ::waitid(P_PID, id_t(pid), &end, WEXITED | WNOWAIT);
        killed = true;
    });
    QTemporaryDir folder;
    PlaneDesk desk(plane.profile(), folder.path(), files);
    const Status open = desk.open();
    QVERIFY2(open, why(open));
    BulkRevoke bulk;
    const Status chosen = bulk.choose(desk, 3, 5);
    QVERIFY2(chosen, why(chosen));
    QCOMPARE(bulk.alive().size(), 3);
    QMap<qint64, QJsonObject> told; // events that were announced, and therefore are durable
    QObject::connect(desk.connection->watch(), &Watch::changed, desk.runner.get(), [&told](const QVector<ChangeEvent> &changes) {
        for (const ChangeEvent &change : changes) {
            if (change.kind == "event"_L1)
                told.insert(change.object.value("index"_L1).toInteger(), change.object);
        }
    });
    const auto plan = desk.plan(response::Targets::these(bulk.ids()));
    QVERIFY2(plan, why(plan));
    const auto begun = desk.runner->start(*plan);
    QVERIFY2(begun, why(begun));
    Operation *operation = *begun;

    QVERIFY(waitUntil([&] { return killed || operation->isOver(); }, 60'000));
    QVERIFY2(killed, "the boundary was never reached");
    plane.kill(); // reaps it
    // What ran in it dies with it: the kernel shows none of the old processes, before anything was started again.
    QVERIFY(waitUntil([&bulk] { return bulk.alive().isEmpty(); }));
    QVERIFY(!operation->isOver());
    QVERIFY(waitUntil([&plane] { return plane.start().has_value(); }, 60'000)); // the kernel frees what the killed one held
    QVERIFY(waitUntil([operation] { return operation->isOver() || operation->state() == RunState::Stopped; }, 120'000));
    QStringList errors = survivors(operation->run());
    for (const StepRun &step : operation->run().steps) {
        if (step.error && step.state != StepState::Observed)
            errors.append(step.error->message + u' ' + step.error->detail);
    }
    QVERIFY2(operation->state() == RunState::Finished, qPrintable(errors.join(u'\n')));

    QVERIFY(waitUntil([&desk] { return desk.connection->state() == fleet::HealthState::Healthy; }));
    const QStringList twice = bulk.doneOnce(desk);
    QVERIFY2(twice.isEmpty(), qPrintable(twice.join(u'\n')));
    const QStringList missing = BulkRevoke::logIsWhole(desk);
    QVERIFY2(missing.isEmpty(), qPrintable(missing.join(u'\n')));
    const auto events = BulkRevoke::eventsOf(desk, {});
    QVERIFY2(events, why(events));
    // The workspaces go on: what happened after the log was read is not in what was read.
    qint64 newest = -1;
    for (const AuditEvent &event : *events)
        newest = std::max(newest, event.index);
    while (!told.isEmpty() && told.lastKey() > newest)
        told.remove(told.lastKey());
    for (const AuditEvent &event : *events) {
        if (const QJsonObject was = told.take(event.index); !was.isEmpty()) {
            QCOMPARE(event.action, was.value("action"_L1).toString());
            QCOMPARE(event.originSequence, was.value("originSequence"_L1).toInteger());
        }
    }
    QVERIFY2(told.isEmpty(), qPrintable(u"%1 announced events are lost"_s.arg(told.size())));
    QVERIFY(operation->run().certificate);
    QByteArray verdict;
    QVERIFY2(verifyByProgram(operation->run().certificate->path, plane.profile().caPath, &verdict) == 0, verdict.constData());
    // The whole log verifies, by the plane's own check before it serves.
    desk.runner.reset();
    desk.connection.reset();
    QVERIFY(plane.stop());
    plane.setArguments({u"--no-workspaces"_s, u"--check"_s});
    const Status verified = plane.start();
    QVERIFY2(verified, why(verified));
}

QTEST_GUILESS_MAIN(TestRevokeKillsPlane)
#include "tst_revoke_kills_plane.moc"
