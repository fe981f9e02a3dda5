// SPDX-License-Identifier: GPL-3.0-or-later
// kill -9 of the console and of the plane at every step boundary of a bulk revoke: it goes on, nothing twice, no event lost.
#include "models/core/json.h"
#include "models/evidence/verify.h"
#include "models/operation/journal.h"
#include "tests/integration/planedesk.h"
#include "tests/support/planeprocess.h"

#include <QtCore/QDir>
#include <QtCore/QProcess>
#include <QtTest/QTest>

using namespace parapet;
using namespace parapet::operation;
using namespace parapet::support;
using namespace Qt::StringLiterals;

class TestRevokeCrash : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void theConsoleIsKilled();
    void thePlaneIsKilled();

private:
    /// The next simulated workspaces that nobody has revoked yet.
    QVector<WorkspaceId> fresh(int count);
    int drive(const QStringList &arguments, QByteArray *errors, QProcess::ExitStatus *status);
    void checkOnce(const QVector<WorkspaceId> &ids);

    PlaneProcess m_plane;
    QTemporaryDir m_ownFolder;
    std::unique_ptr<PlaneDesk> m_desk;
    int m_used = 0;
};

void TestRevokeCrash::initTestCase()
{
    m_plane.setArguments({u"--seed"_s, u"7"_s, u"--fleet"_s, u"200"_s});
    const Status started = m_plane.start();
    QVERIFY2(started, why(started));
    m_desk = std::make_unique<PlaneDesk>(m_plane.profile(), m_ownFolder.path());
    const Status open = m_desk->open();
    QVERIFY2(open, why(open));
}

void TestRevokeCrash::cleanupTestCase()
{
    m_desk.reset();
    m_plane.stop();
}

QVector<WorkspaceId> TestRevokeCrash::fresh(int count)
{
    QVector<WorkspaceId> ids;
    while (ids.size() < count)
        ids.append(WorkspaceId(u"sim-%1"_s.arg(++m_used, 6, 10, QLatin1Char('0'))));
    return ids;
}

int TestRevokeCrash::drive(const QStringList &arguments, QByteArray *errors, QProcess::ExitStatus *status)
{
    QProcess driver;
    driver.start(QStringLiteral(PARAPET_BINARY_DIR "/tests/parapet-revokedriver"), QStringList{QString::fromUtf8(canonicalJson(profileToJson(m_plane.profile())))} + arguments);
    if (!driver.waitForFinished(60'000))
        driver.kill();
    driver.waitForFinished();
    *errors = driver.readAllStandardError();
    *status = driver.exitStatus();
    return driver.exitCode();
}

/// Each workspace is revoked, and its log holds one intention, one snapshot, one end.
void TestRevokeCrash::checkOnce(const QVector<WorkspaceId> &ids)
{
    for (const WorkspaceId &id : ids) {
        const auto workspace = await(m_desk->system().control->workspace(id));
        QVERIFY2(workspace, why(workspace));
        QCOMPARE(workspace->state, WorkspaceState::Revoked);
        PageRequest request;
        request.limit = 500;
        request.query.filter = u"workspace:"_s + id.value;
        const auto events = await(m_desk->system().audit->events(request));
        QVERIFY2(events, why(events));
        int intentions = 0;
        QSet<QString> snapshots; // asking again under the same key is an event of its own, about the first snapshot
        for (const AuditEvent &event : events->items) {
            intentions += event.origin == u"console"_s && event.action == u"workspace.revoke"_s;
            if (event.action == u"snapshot.create"_s && event.outcome == Outcome::Success && event.target.inert().startsWith(u"snap-"_s))
                snapshots.insert(event.target.inert());
        }
        QCOMPARE(intentions, 1);
        QVERIFY2(snapshots.size() == 1, qPrintable(id.value + u": "_s + snapshots.values().join(u' ')));
    }
}

void TestRevokeCrash::theConsoleIsKilled()
{
    QTemporaryDir folders;
    bool ranThrough = false;
    int boundary = 1;
    for (; !ranThrough && boundary < 80; ++boundary) {
        const QString folder = folders.filePath(QString::number(boundary));
        const QVector<WorkspaceId> ids = fresh(2);
        QByteArray errors;
        QProcess::ExitStatus status;
        int code = drive({folder, u"start"_s, ids[0].value + u',' + ids[1].value, QString::number(boundary)}, &errors, &status);
        ranThrough = status == QProcess::NormalExit;
        if (ranThrough) {
            QVERIFY2(code == 0, errors.constData());
        } else if (QDir(folder).entryList({u"*.running"_s}, QDir::Files).isEmpty()) {
            continue; // it had the journal's final name already
        } else {
            const auto whole = replay(AppendFile::read(QDir(folder).filePath(QDir(folder).entryList({u"*.running"_s}, QDir::Files).first())).value());
            QVERIFY2(whole, why(whole));
            code = drive({folder, u"resume"_s}, &errors, &status);
            if (!whole->whole || whole->run.state == RunState::Finished) {
                // Nothing was asked for yet, or all had been said: there is nothing to take up, and nothing was done.
                QVERIFY2(code == 1 && errors.contains("nothing to resume"), errors.constData());
                if (!whole->whole)
                    continue;
            } else {
                QVERIFY2(code == 0, QByteArray(QByteArray::number(boundary) + ": " + errors).constData());
            }
        }
        checkOnce(ids);
        if (QTest::currentTestFailed())
            return;
    }
    QVERIFY2(ranThrough && boundary > 10, qPrintable(QString::number(boundary)));
}

void TestRevokeCrash::thePlaneIsKilled()
{
    QTemporaryDir folder;
    PlaneDesk desk(m_plane.profile(), folder.path());
    QVERIFY(desk.open());
    desk.environment.parallelism = 2;
    desk.runner = std::make_unique<Runner>(desk.environment);
    desk.runner->listen(desk.connection->watch());
    const QVector<WorkspaceId> ids = fresh(6);
    const auto plan = desk.plan(response::Targets::these(ids));
    QVERIFY2(plan, why(plan));
    Operation *operation = *desk.runner->start(*plan);
    // Once for each verb as it is asked for, and once as it is first observed.
    QSet<QString> killedAt;
    bool killNow = false;
    QObject::connect(operation, &Operation::stepsChanged, operation, [&](const QVector<int> &rows) {
        for (const int row : rows) {
            const StepState state = operation->run().steps[row].state;
            const QString boundary = plan->steps[row].verb + u' ' + QString::number(int(state));
            if ((state == StepState::Requested || state == StepState::Observed) && !killedAt.contains(boundary) && !killNow) {
                killedAt.insert(boundary);
                killNow = true;
            }
        }
    });
    int kills = 0;
    const bool over = waitUntil([&] {
        if (killNow) {
            killNow = false;
            ++kills;
            m_plane.kill();
            // The kernel may need a moment to free what the killed one held.
            if (!waitUntil([this] { return m_plane.start().has_value(); }))
                return true;
        }
        if (operation->state() == RunState::Stopped)
            return true;
        return operation->isOver();
    }, 240'000);
    for (int i = 0; i < operation->run().steps.size(); ++i) {
        if (const auto &error = operation->run().steps[i].error)
            qInfo().noquote() << plan->steps[i].id << int(operation->run().steps[i].state) << error->message << error->detail;
    }
    QVERIFY2(over && operation->state() == RunState::Finished, qPrintable(survivors(operation->run()).join(u'\n')));
    QVERIFY(operation->run().certificate);
    QVERIFY2(kills >= 6, qPrintable(QString::number(kills)));
    QVERIFY(waitUntil([this] { return m_desk->connection->state() != fleet::HealthState::Closed; }));
    checkOnce(ids);
}

QTEST_GUILESS_MAIN(TestRevokeCrash)
#include "tst_revoke_crash.moc"
