// SPDX-License-Identifier: GPL-3.0-or-later
// A workspace that really runs is revoked over HTTPS, observed gone, and the certificate is checked offline.
#include "models/evidence/verify.h"
#include "tests/integration/planedesk.h"
#include "tests/support/planeprocess.h"

#include <QtCore/QFile>
#include <QtCore/QProcess>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

#include <csignal>

using namespace parapet;
using namespace parapet::operation;
using namespace parapet::support;
using namespace Qt::StringLiterals;

class TestRevokePlane : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void aRealWorkspaceIsRevoked();
    void isolateAndRejoin();
    void manySimulatedOnesAtOnce();

private:
    /// A workspace that runs: really, or one of the simulated fleet.
    Result<Workspace> running(bool simulated, int skip = 0);
    bool finishes(Operation *operation);

    PlaneProcess m_plane;
    QTemporaryDir m_folder;
    std::unique_ptr<PlaneDesk> m_desk;
};

void TestRevokePlane::initTestCase()
{
    m_plane.setArguments({u"--seed"_s, u"7"_s, u"--fleet"_s, u"60"_s});
    const Status started = m_plane.start();
    QVERIFY2(started, why(started));
    m_desk = std::make_unique<PlaneDesk>(m_plane.profile(), m_folder.path());
    const Status open = m_desk->open();
    QVERIFY2(open, why(open));
}

void TestRevokePlane::cleanupTestCase()
{
    m_desk.reset();
    m_plane.stop();
}

Result<Workspace> TestRevokePlane::running(bool simulated, int skip)
{
    QElapsedTimer patienceLeft;
    patienceLeft.start();
    Result<Workspace> found = fail(Error::Code::NotFound, u"No such workspace runs."_s);
    waitUntil([&] {
        PageRequest request;
        request.limit = 500;
        const auto page = await(m_desk->system().control->workspaces(request));
        if (!page) {
            found = fail(page.error());
            return true;
        }
        int left = skip;
        for (const Workspace &workspace : page->items) {
            if (workspace.state == WorkspaceState::Running && workspace.simulated == simulated && workspace.sessions > 0 && workspace.leases > 0 && left-- == 0) {
                found = workspace;
                return true;
            }
        }
        return false;
    });
    return found;
}

bool TestRevokePlane::finishes(Operation *operation)
{
    const bool over = waitUntil([operation] { return operation->isOver() || operation->state() == RunState::Stopped; }, 60'000);
    if (!over || operation->state() != RunState::Finished) {
        for (int i = 0; i < operation->run().steps.size(); ++i) {
            const StepRun &step = operation->run().steps[i];
            if (step.state != StepState::Observed)
                qInfo().noquote() << operation->plan().steps[i].id << int(step.state) << (step.error ? step.error->message + step.error->detail : QString());
        }
        qInfo().noquote() << survivors(operation->run()).join(u'\n') << operation->run().certificateRefused;
    }
    return over;
}

void TestRevokePlane::aRealWorkspaceIsRevoked()
{
    const auto workspace = running(false);
    QVERIFY2(workspace, why(workspace));
    const auto before = await(m_desk->system().runtime->state(workspace->id));
    QVERIFY2(before, why(before));
    QVERIFY(before->exists && before->rootPid > 0);
    QVERIFY2(::kill(pid_t(before->rootPid), 0) == 0, "its first process is to be seen in the kernel");
    const auto plan = m_desk->plan(response::Targets::one(workspace->id));
    QVERIFY2(plan, why(plan));
    const auto started = m_desk->runner->start(*plan);
    QVERIFY2(started, why(started));
    QVERIFY(finishes(*started));
    QCOMPARE((*started)->state(), RunState::Finished);
    QVERIFY2(::kill(pid_t(before->rootPid), 0) != 0, "its first process is gone");
    const auto after = await(m_desk->system().control->workspace(workspace->id));
    QCOMPARE(after->state, WorkspaceState::Revoked);
    QCOMPARE(after->sessions, 0);
    QCOMPARE(after->leases, 0);

    const auto &certificate = (*started)->run().certificate;
    QVERIFY2(certificate, qPrintable((*started)->run().certificateRefused));
    QFile ca(m_plane.profile().caPath);
    QVERIFY(ca.open(QIODevice::ReadOnly));
    evidence::Trust trust;
    trust.authority = crypto::Certificate::fromPem(ca.readAll()).value();
    const auto report = evidence::verify(certificate->envelope, trust);
    QVERIFY2(report, why(report));
    QVERIFY(report->holds());
    // And by the program that a third party would use.
    QProcess verify;
    verify.start(QStringLiteral(PARAPET_BINARY_DIR "/bin/parapet-verify"), {certificate->path});
    if (verify.waitForStarted()) {
        QVERIFY(verify.waitForFinished());
        QCOMPARE(verify.exitCode(), 0);
    }
}

void TestRevokePlane::isolateAndRejoin()
{
    const auto workspace = running(false);
    QVERIFY2(workspace, why(workspace));
    for (const auto what : {response::OneStep::Isolate, response::OneStep::Rejoin}) {
        const auto plan = await(response::planOneStep(m_desk->system(), what, response::Targets::one(workspace->id), u"a test"_s));
        QVERIFY2(plan, why(plan));
        Operation *operation = *m_desk->runner->start(*plan);
        QVERIFY(finishes(operation));
        QCOMPARE(operation->state(), RunState::Finished);
        const auto state = await(m_desk->system().runtime->state(workspace->id));
        QCOMPARE(state->isolated, what == response::OneStep::Isolate);
    }
}

void TestRevokePlane::manySimulatedOnesAtOnce()
{
    QVector<WorkspaceId> ids;
    for (int i = 0; i < 25; ++i) {
        const auto workspace = running(true, i);
        QVERIFY2(workspace, why(workspace));
        ids.append(workspace->id);
    }
    const auto plan = m_desk->plan(response::Targets::these(ids));
    QVERIFY2(plan, why(plan));
    Operation *operation = *m_desk->runner->start(*plan);
    QVERIFY(finishes(operation));
    QCOMPARE(operation->state(), RunState::Finished);
    QVERIFY(operation->run().certificate);
}

QTEST_GUILESS_MAIN(TestRevokePlane)
#include "tst_revoke_plane.moc"
