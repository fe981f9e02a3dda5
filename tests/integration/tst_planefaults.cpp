// SPDX-License-Identifier: GPL-3.0-or-later
// The plane is killed, gone, slow, cut off: the connection says so with since when, and recovers alone.
#include "models/fleet/connection.h"
#include "models/fleet/localplane.h"
#include "tests/support/faultproxy.h"
#include "tests/support/planeprocess.h"
#include "tests/support/waiting.h"

#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace parapet;
using namespace Qt::StringLiterals;
using fleet::Connection;
using fleet::HealthState;
using fleet::PortName;
using support::await;
using support::FaultProxy;
using support::why;

class TestPlaneFaults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup() { m_connection.reset(); }
    void aKilledPlaneComesBack();
    void aFaultyNetworkHeals_data();
    void aFaultyNetworkHeals();
    void aSlowNetworkIsSlow();
    void anotherPlaneAtTheSamePlaceIsNotBelieved();
    void theConsoleStartsAndStopsItsOwn();

private:
    bool becomes(HealthState state);
    bool isLive()
    {
        return m_connection->state() == HealthState::Healthy && m_connection->watch()->state() == Watch::State::Live;
    }
    /// All three interfaces behind proxies.
    fleet::Profile behindProxies();

    support::PlaneProcess m_plane;
    fleet::MemorySecretStore m_secrets;
    std::vector<std::unique_ptr<FaultProxy>> m_proxies;
    std::unique_ptr<Connection> m_connection;
};

void TestPlaneFaults::initTestCase()
{
    m_plane.setArguments({u"--seed"_s, u"7"_s, u"--no-workspaces"_s, u"--activity"_s, u"none"_s});
}

void TestPlaneFaults::init()
{
    m_proxies.clear();
    if (m_plane.isRunning())
        return;
    const Status started = m_plane.start();
    QVERIFY2(started, why(started));
}

bool TestPlaneFaults::becomes(HealthState state)
{
    return support::waitUntil(
        [this, state] { return state == HealthState::Healthy ? isLive() : m_connection->state() == state; }, 60'000);
}

fleet::Profile TestPlaneFaults::behindProxies()
{
    fleet::Profile profile = m_plane.profile();
    for (QUrl fleet::Profile::*url : {&fleet::Profile::control, &fleet::Profile::audit, &fleet::Profile::agent}) {
        m_proxies.push_back(std::make_unique<FaultProxy>(quint16((profile.*url).port())));
        (profile.*url).setPort(m_proxies.back()->port());
    }
    return profile;
}

void TestPlaneFaults::aKilledPlaneComesBack()
{
    m_connection = std::make_unique<Connection>(m_plane.profile(), m_secrets);
    m_connection->open();
    QVERIFY(becomes(HealthState::Healthy));
    QSignalSpy gaps(m_connection->watch(), &Watch::gapFound);
    m_plane.kill();
    QVERIFY(becomes(HealthState::Failing));
    QVERIFY(isKnown(m_connection->health(PortName::Control).failingSince()));
    const auto missing = await(m_connection->system().control->workspaces({}));
    QCOMPARE(missing.error().code, Error::Code::Network);
    QVERIFY(missing.error().retryable);

    const Status started = m_plane.start();
    QVERIFY2(started, why(started));
    QVERIFY(becomes(HealthState::Healthy)); // alone
    QVERIFY2(m_connection->summary().contains(m_plane.profile().name), qPrintable(m_connection->summary()));
    const auto page = await(m_connection->system().control->workspaces({}));
    QVERIFY2(page, why(page));
    QCOMPARE(page->total, Count::exactly(24));
    QCOMPARE(gaps.size(), 1); // another process: what was missed is fetched anew
}

void TestPlaneFaults::aFaultyNetworkHeals_data()
{
    QTest::addColumn<FaultProxy::Mode>("mode");
    QTest::addColumn<qint64>("after");
    QTest::newRow("reset") << FaultProxy::Mode::Reset << qint64(0);
    QTest::newRow("cut in the handshake") << FaultProxy::Mode::Truncate << qint64(300);
    QTest::newRow("cut in the answer") << FaultProxy::Mode::Truncate << qint64(3'000);
}

void TestPlaneFaults::aFaultyNetworkHeals()
{
    QFETCH(FaultProxy::Mode, mode);
    QFETCH(qint64, after);
    m_connection = std::make_unique<Connection>(behindProxies(), m_secrets);
    m_connection->open();
    QVERIFY(becomes(HealthState::Healthy));
    for (const auto &proxy : m_proxies) {
        proxy->setTruncateAfter(after);
        proxy->setMode(mode);
        proxy->cutAll();
    }
    QVERIFY(becomes(HealthState::Failing));
    QVERIFY(!m_connection->summary().isEmpty());
    QVERIFY(!m_connection->stopReason()); // a bad network is not a wrong peer
    for (const auto &proxy : m_proxies) {
        proxy->setMode(FaultProxy::Mode::Pass);
        proxy->cutAll();
    }
    QVERIFY(becomes(HealthState::Healthy));
}

void TestPlaneFaults::aSlowNetworkIsSlow()
{
    m_connection = std::make_unique<Connection>(behindProxies(), m_secrets);
    m_connection->open();
    QVERIFY(becomes(HealthState::Healthy));
    m_proxies[1]->setLatency(int(fleet::Health::slowAfter.count()) + 300);
    const auto head = m_connection->system().audit->head();
    QVERIFY(support::waitUntil([this] { return m_connection->health(PortName::Audit).state() == HealthState::Slow; }));
    QVERIFY2(await(head), "a slow answer is an answer");
    QCOMPARE(m_connection->health(PortName::Audit).state(), HealthState::Slow);
    QCOMPARE(m_connection->health(PortName::Control).state(), HealthState::Healthy);
    m_proxies[1]->setLatency(0);
    QVERIFY(await(m_connection->system().audit->head()));
    QCOMPARE(m_connection->state(), HealthState::Healthy);
}

void TestPlaneFaults::anotherPlaneAtTheSamePlaceIsNotBelieved()
{
    support::PlaneProcess other;
    other.setArguments({u"--no-workspaces"_s, u"--activity"_s, u"none"_s, u"--world"_s, u"empty"_s});
    const Status started = other.start();
    QVERIFY2(started, why(started));
    fleet::Profile profile = other.profile();
    const fleet::Profile known = m_plane.profile();
    profile.caPath = known.caPath;
    profile.caSha256 = known.caSha256;
    profile.identityPath = known.identityPath;
    profile.proberIdentityPath = known.proberIdentityPath;
    m_connection = std::make_unique<Connection>(profile, m_secrets);
    QSignalSpy stopped(m_connection.get(), &Connection::stopped);
    m_connection->open();
    QVERIFY(becomes(HealthState::Untrusted));
    QCOMPARE(stopped.size(), 1);
    QVERIFY(!m_connection->self());
}

void TestPlaneFaults::theConsoleStartsAndStopsItsOwn()
{
    QTemporaryDir folder;
    qint64 process = 0;
    {
        fleet::LocalPlane plane(support::PlaneProcess::program(), folder.filePath(u"data/plane"_s));
        plane.setExtraArguments({u"--no-workspaces"_s, u"--activity"_s, u"none"_s});
        plane.start();
        QVERIFY(support::waitUntil(
            [&plane] {
                return plane.state() == fleet::LocalPlane::State::Running ||
                       plane.state() == fleet::LocalPlane::State::Failed;
            },
            60'000));
        QVERIFY2(plane.profile(), qPrintable(plane.message()));
        QVERIFY(!plane.profile()->proberIdentityPath.isEmpty());
        m_connection = std::make_unique<Connection>(*plane.profile(), m_secrets);
        m_connection->open();
        QVERIFY(becomes(HealthState::Healthy));

        // The folder is held: a second one says so.
        fleet::LocalPlane second(support::PlaneProcess::program(), plane.dataFolder());
        second.start();
        QVERIFY(support::waitUntil([&second] { return second.state() == fleet::LocalPlane::State::Failed; }, 60'000));
        QCOMPARE(second.error()->code, Error::Code::Conflict);
        QVERIFY(second.message().size() > 20);

        m_connection->close();
        plane.stop();
        QVERIFY(support::waitUntil([&plane] { return plane.state() == fleet::LocalPlane::State::Stopped; }, 60'000));
        plane.start();
        QVERIFY(support::waitUntil([&plane] { return plane.state() == fleet::LocalPlane::State::Running; }, 60'000));
        process = plane.processId();
    }
    QVERIFY(process > 0);
    QVERIFY(!QFile::exists(u"/proc/%1/stat"_s.arg(process))); // it went with its owner
}

QTEST_GUILESS_MAIN(TestPlaneFaults)
#include "tst_planefaults.moc"
