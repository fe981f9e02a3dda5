// SPDX-License-Identifier: GPL-3.0-or-later
// One lease is left alive: every other probe holds, no certificate is issued, and the refusal names that lease. When its target
// lets go at last, the probe that is tried again holds and the certificate is issued.
#include "tests/integration/bulkrevoke.h"
#include "tests/plane/api/planefixture.h"

#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

#include <mutex>

using namespace parapet;
using namespace parapet::operation;
using namespace parapet::support;
using namespace parapet::planetest;
using namespace Qt::StringLiterals;

namespace {

/// Which lease the targets do not let go of, and who was told to.
struct Stubbornness {
    std::mutex lock;
    LeaseId kept;
    std::function<void()> letGo; ///< set once a target was told to drop it
};

/// Goes on accepting one lease that it was told to drop.
class StubbornTarget final : public plane::TargetService
{
public:
    StubbornTarget(LeaseKind kind, const QString &name, Stubbornness &stubbornness) : TargetService(kind, name), m_stubbornness(stubbornness) {}

    bool drop(const LeaseId &lease) override
    {
        {
            const std::scoped_lock guard(m_stubbornness.lock);
            if (lease == m_stubbornness.kept) {
                m_stubbornness.letGo = [this, lease] { TargetService::drop(lease); };
                return true; // so it says
            }
        }
        return TargetService::drop(lease);
    }

private:
    Stubbornness &m_stubbornness;
};

fleet::Profile profileOf(const plane::Announcement &said)
{
    fleet::Profile profile;
    profile.name = u"local"_s;
    profile.control = QUrl(said.control);
    profile.audit = QUrl(said.audit);
    profile.agent = QUrl(said.agent);
    profile.caPath = said.ca;
    profile.caSha256 = said.caSha256;
    profile.logKey = said.logKey;
    profile.identityPath = said.identity;
    profile.proberIdentityPath = said.prober;
    profile.localData = said.data;
    return profile;
}

} // namespace

class TestRevokeSurvivor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void aSurvivingLeaseIsNamed_data();
    void aSurvivingLeaseIsNamed();

private:
    Stubbornness m_stubbornness; ///< outlives the plane
    std::unique_ptr<PlaneFixture> m_plane;
    QTemporaryDir m_folder;
    std::unique_ptr<PlaneDesk> m_desk;
};

void TestRevokeSurvivor::initTestCase()
{
    plane::PlaneParts parts;
    parts.target = [this](LeaseKind kind, const QString &name) { return std::make_unique<StubbornTarget>(kind, name, m_stubbornness); };
    parts.runtime.initProgram = QStringLiteral(PARAPET_BINARY_DIR "/bin/parapet-sandbox-init");
    m_plane = std::make_unique<PlaneFixture>(0, parts);
    m_plane->options.runWorkspaces = true;
    QVERIFY2(m_plane->start(), qPrintable(m_plane->failure));
    m_desk = std::make_unique<PlaneDesk>(profileOf(m_plane->plane->announcement()), m_folder.path());
    const Status open = m_desk->open();
    QVERIFY2(open, why(open));
    // Every workspace that is to run does.
    QVERIFY(waitUntil([this] {
        const auto starting = await(m_desk->system().control->countWorkspaces(u"state:starting"_s, u"state"_s));
        return starting && starting->isEmpty();
    }));
}

void TestRevokeSurvivor::cleanupTestCase()
{
    m_desk.reset();
    if (m_plane)
        m_plane->stop();
}

void TestRevokeSurvivor::aSurvivingLeaseIsNamed_data()
{
    QTest::addColumn<LeaseKind>("kind");
    QTest::newRow("a Git token") << LeaseKind::GitToken;
    QTest::newRow("a database password") << LeaseKind::DatabasePassword;
    QTest::newRow("a registry token") << LeaseKind::RegistryToken;
    QTest::newRow("a cloud role") << LeaseKind::CloudRole;
}

void TestRevokeSurvivor::aSurvivingLeaseIsNamed()
{
    QFETCH(LeaseKind, kind);
    // A workspace that really runs and holds such a lease.
    PageRequest request;
    request.limit = 500;
    request.query.filter = u"state:running"_s;
    const auto running = await(m_desk->system().control->workspaces(request));
    QVERIFY2(running, why(running));
    Lease kept;
    for (const Workspace &workspace : running->items) {
        const auto leases = await(m_desk->system().broker->leases(workspace.id));
        QVERIFY2(leases, why(leases));
        for (const Lease &lease : *leases) {
            if (kept.id.isEmpty() && lease.kind == kind && lease.state == LeaseState::Active && !workspace.simulated)
                kept = lease;
        }
    }
    QVERIFY(!kept.id.isEmpty());
    {
        const std::scoped_lock guard(m_stubbornness.lock);
        m_stubbornness.kept = kept.id;
        m_stubbornness.letGo = nullptr;
    }

    const auto plan = m_desk->plan(response::Targets::one(kept.workspace));
    QVERIFY2(plan, why(plan));
    const auto started = m_desk->runner->start(*plan);
    QVERIFY2(started, why(started));
    Operation *operation = *started;
    // Every step is observed and every probe was tried; the one is tried again and again.
    int survivor = -1;
    const auto onlyOneStands = [&] {
        const Run &run = operation->run();
        int open = 0;
        for (int i = 0; i < run.probes.size(); ++i) {
            if (run.probes[i].verdict != Verdict::Holds) {
                ++open;
                survivor = i;
            }
        }
        return open == 1 && run.probes[survivor].tries >= 3;
    };
    QVERIFY2(waitUntil(onlyOneStands, 60'000), qPrintable(survivors(operation->run()).join(u'\n')));
    const Run &run = operation->run();
    QCOMPARE(run.plan.probes[survivor].kind, ProbeKind::Lease);
    QCOMPARE(run.plan.probes[survivor].subject, kept.id.value);
    QCOMPARE(run.probes[survivor].verdict, Verdict::Survives);
    QCOMPARE(run.probes[survivor].observer, kept.target);
    for (const StepRun &step : run.steps)
        QCOMPARE(step.state, StepState::Observed);
    QCOMPARE(await(m_desk->system().broker->lease(kept.id))->state, LeaseState::Revoked); // so the record says

    // By name, in words, and without a certificate.
    QCOMPARE(operation->state(), RunState::Running);
    QVERIFY(!run.certificate);
    const QStringList named = survivors(run);
    QCOMPARE(named.size(), 1);
    QVERIFY2(named.first().contains(kept.name) && named.first().contains(kept.target), qPrintable(named.first()));
    const auto refused = await(m_desk->certifier.issue(run));
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, Error::Code::Invalid);
    QVERIFY2(refused.error().message.contains(kept.name) && refused.error().message.contains(kept.target)
                 && refused.error().message.contains(u"survives"_s),
             qPrintable(refused.error().message));
    operation->signNow(); // nor by force
    operation->retryNow();
    const int tries = run.probes[survivor].tries;
    QVERIFY(waitUntil([&] { return run.probes[survivor].tries > tries && !run.probes[survivor].running; }));
    QCOMPARE(run.probes[survivor].verdict, Verdict::Survives);
    QVERIFY(!run.certificate && !operation->isOver());
    QVERIFY(QDir(m_folder.path()).entryList({run.plan.id.value + u"*.json"_s}, QDir::Files).isEmpty());

    std::function<void()> letGo;
    {
        const std::scoped_lock guard(m_stubbornness.lock);
        letGo = m_stubbornness.letGo;
    }
    QVERIFY2(letGo, "the plane told the target to drop it");
    letGo();
    operation->retryNow();
    QVERIFY(waitUntil([operation] { return operation->isOver(); }));
    QCOMPARE(operation->state(), RunState::Finished);
    QVERIFY(survivors(run).isEmpty());
    QVERIFY2(run.certificate, qPrintable(run.certificateRefused));
    QByteArray verdict;
    QVERIFY2(verifyByProgram(run.certificate->path, m_plane->plane->announcement().ca, &verdict) == 0, verdict.constData());
}

QTEST_GUILESS_MAIN(TestRevokeSurvivor)
#include "tst_revoke_survivor.moc"
