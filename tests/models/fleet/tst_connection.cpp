// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/connection.h"

#include "tests/support/faultproxy.h"
#include "tests/support/scriptedplane.h"
#include "tests/support/waiting.h"

#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace parapet;
using namespace Qt::StringLiterals;
using fleet::Connection;
using fleet::HealthState;
using fleet::PortName;
using support::await;
using support::ScriptedPlane;
using support::ScriptedServer;

class TestConnection : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_connection.reset(); }
    void itOpens();
    void quietMeansNoTraffic();
    void trafficTellsTheHealth_data();
    void trafficTellsTheHealth();
    void refusalsAreNoFailure();
    void rightsAreSaidAndAskedAgain();
    void slownessShows();
    void itRecoversByItself();
    void aDeadPlaneIsSaidWithSinceWhen();
    void aChangedAuthorityFileStopsIt();
    void aChangedServerStopsIt();
    void aChangedLogStopsIt();
    void anIdentityThatIsNotAcceptedStopsIt();
    void aBrokenStreamIsAFailure();
    void aLockedIdentityAsks();
    void aKeptPassphraseIsUsed();
    void anUnusableProfileIsSaid();
    void closingEndsEverything();
    void itMayBeClosedFromItsOwnSignals();
    void capabilitiesAreLearned();
    void equivalentCalls();
    void theLogHoldsNoSecrets();

private:
    void open();
    void openWith(const fleet::Profile &profile);
    /// On a busy machine everything may be slow.
    bool isWell() const
    {
        return m_connection->state() == HealthState::Healthy || m_connection->state() == HealthState::Slow;
    }

    std::unique_ptr<ScriptedPlane> m_plane;
    fleet::MemorySecretStore m_secrets;
    std::unique_ptr<Connection> m_connection;
};

void TestConnection::init()
{
    m_plane = std::make_unique<ScriptedPlane>();
    m_plane->world.addWorkspaces(3);
}

void TestConnection::openWith(const fleet::Profile &profile)
{
    m_connection = std::make_unique<Connection>(profile, m_secrets, m_plane->world.clock);
    m_connection->open();
}

void TestConnection::open()
{
    m_connection.reset();
    QTRY_COMPARE_WITH_TIMEOUT(m_plane->server.streams(), 0, support::patience);
    openWith(m_plane->profile());
    QTRY_COMPARE_WITH_TIMEOUT(m_plane->server.streams(), 1, support::patience);
    m_plane->greet();
    QTRY_COMPARE_WITH_TIMEOUT(m_connection->watch()->state(), Watch::State::Live, support::patience);
    QTRY_VERIFY_WITH_TIMEOUT(isWell(), support::patience);
    QTRY_VERIFY_WITH_TIMEOUT(m_connection->self().has_value(), support::patience);
}

void TestConnection::itOpens()
{
    m_connection = std::make_unique<Connection>(m_plane->profile(), m_secrets, m_plane->world.clock);
    QSignalSpy ready(m_connection.get(), &Connection::ready);
    QCOMPARE(m_connection->state(), HealthState::Closed);
    QVERIFY(!m_connection->system().control);
    m_connection->open();
    QCOMPARE(m_connection->state(), HealthState::Connecting);
    QTRY_COMPARE_WITH_TIMEOUT(ready.size(), 1, support::patience);
    QVERIFY(m_connection->system().control && m_connection->system().audit && m_connection->watch());
    QCOMPARE(m_connection->system().observers.size(), 7);
    QTRY_VERIFY_WITH_TIMEOUT(isWell(), support::patience);
    QTRY_VERIFY_WITH_TIMEOUT(m_connection->self().has_value(), support::patience);
    QCOMPARE(m_connection->self()->value().id, PrincipalId(u"operator"_s));
    QCOMPARE(m_connection->self()->at(), m_plane->world.clock.now());
    QVERIFY(!m_connection->health(PortName::Audit).latencies().isEmpty());
    QVERIFY(m_connection->summary().contains(u"scripted"_s));

    const auto page = await(m_connection->system().control->workspaces({}));
    QVERIFY2(page, support::why(page));
    QCOMPARE(page->items.size(), 3);
    QCOMPARE(page->total, Count::exactly(3));
}

void TestConnection::quietMeansNoTraffic()
{
    open();
    QTRY_COMPARE_WITH_TIMEOUT(m_plane->server.requests().size(), 4,
                              support::patience); // stream, self, head, capabilities
    m_plane->world.clock.advance(std::chrono::hours(1));
    for (int i = 0; i < 5; ++i)
        m_plane->ping();
    QTRY_COMPARE_WITH_TIMEOUT(m_connection->health(PortName::Control).lastGood(), m_plane->world.clock.now(),
                              support::patience);
    QCOMPARE(m_plane->server.requests().size(), 4);
    QVERIFY(isWell());
}

void TestConnection::trafficTellsTheHealth_data()
{
    QTest::addColumn<ScriptedServer::Answer>("answer");
    ScriptedServer::Answer server;
    server.status = 500;
    QTest::newRow("500") << server;
    ScriptedServer::Answer garbage;
    garbage.body = R"({"items":[{"id":)";
    QTest::newRow("truncated JSON") << garbage;
    ScriptedServer::Answer half;
    half.body = R"({"items":[{"id":"ws-1"}],"total":1,"exact":true,"next":null,"asOf":null})";
    QTest::newRow("half an object") << half;
    ScriptedServer::Answer duplicate;
    duplicate.body = R"({"items":[],"items":[],"total":0,"exact":true,"next":null,"asOf":null})";
    QTest::newRow("duplicate member") << duplicate;
    ScriptedServer::Answer cut;
    cut.body = "{";
    cut.announcedLength = 1000;
    cut.close = true;
    QTest::newRow("cut off") << cut;
    ScriptedServer::Answer elsewhere;
    elsewhere.status = 307;
    elsewhere.headers = {{"Location", "https://elsewhere.example/"}};
    QTest::newRow("redirect") << elsewhere;
    ScriptedServer::Answer page;
    page.contentType = "text/html";
    page.body = "<h1>Welcome</h1>";
    QTest::newRow("another server's page") << page;
}

void TestConnection::trafficTellsTheHealth()
{
    QFETCH(ScriptedServer::Answer, answer);
    open();
    QSignalSpy states(m_connection.get(), &Connection::stateChanged);
    m_plane->overruled.insert(u"/v1/workspaces"_s, answer);
    m_plane->overruled.insert(u"/v1/self"_s, answer);
    m_plane->world.clock.advance(std::chrono::minutes(5));
    const auto page = await(m_connection->system().control->workspaces({}));
    QVERIFY(!page);
    QCOMPARE(m_connection->state(), HealthState::Failing);
    QCOMPARE(m_connection->health(PortName::Control).failingSince(), m_plane->world.clock.now());
    QVERIFY(m_connection->health(PortName::Audit).state() != HealthState::Failing);
    QCOMPARE(m_connection->health(PortName::Control).latencies().last(), -1);
    QVERIFY(!states.isEmpty());
    QVERIFY(m_connection->summary().contains(fleet::titleOf(PortName::Control)));
    QVERIFY(m_connection->capability(PortName::Control).isDegraded());

    m_plane->overruled.clear();
    QTRY_VERIFY_WITH_TIMEOUT(isWell(), support::patience); // by itself
}

void TestConnection::refusalsAreNoFailure()
{
    open();
    ScriptedServer::Answer forbidden;
    forbidden.status = 403;
    m_plane->overruled.insert(u"/v1/workspaces/ws-1"_s, forbidden);
    const auto workspace = await(m_connection->system().control->workspace(WorkspaceId(u"ws-1"_s)));
    QCOMPARE(workspace.error().code, Error::Code::Forbidden);
    QVERIFY(isWell());
    QCOMPARE(await(m_connection->system().control->workspace(WorkspaceId(u"../x"_s))).error().code,
             Error::Code::Invalid);
    QCOMPARE(await(m_connection->system().control->workspace(WorkspaceId())).error().code, Error::Code::Invalid);
}

void TestConnection::rightsAreSaidAndAskedAgain()
{
    m_plane->world.rights = {{u"workspace:revoke"_s, u"project:payments"_s, GrantEffect::Allow}};
    m_plane->world.acceptedUntil = m_plane->world.clock.now() + std::chrono::hours(6);
    open();
    QVERIFY(m_connection->rights());
    QVERIFY(m_connection->rights()->allows(u"workspace:revoke"_s, {u"ws-1"_s, u"payments"_s}));
    QVERIFY(!m_connection->rights()->allowsSomewhere(u"runtime:freeze"_s));
    QCOMPARE(m_connection->acceptedUntil(), m_plane->world.acceptedUntil);
    // It refuses what we thought we might do: our rights have changed.
    ScriptedServer::Answer forbidden;
    forbidden.status = 403;
    m_plane->overruled.insert(u"/v1/workspaces/ws-1"_s, forbidden);
    m_plane->world.rights = {{u"runtime:freeze"_s, u"organisation"_s, GrantEffect::Allow}};
    QCOMPARE(await(m_connection->system().control->workspace(WorkspaceId(u"ws-1"_s))).error().code, Error::Code::Forbidden);
    QTRY_VERIFY_WITH_TIMEOUT(m_connection->rights()->allowsSomewhere(u"runtime:freeze"_s), support::patience);
    QVERIFY(!m_connection->rights()->allowsSomewhere(u"workspace:revoke"_s));
    // The watch tells that we changed.
    m_plane->world.rights = {{u"audit:read"_s, u"organisation"_s, GrantEffect::Allow}};
    m_plane->server.send("id: e1-1\nevent: principal\ndata: {\"id\":\"operator\",\"removed\":false,\"object\":{}}\n\n");
    QTRY_VERIFY_WITH_TIMEOUT(m_connection->rights()->allowsSomewhere(u"audit:read"_s), support::patience);
    // Somebody else's change says nothing about us.
    QSignalSpy asked(m_connection.get(), &Connection::selfChanged);
    m_plane->server.send("id: e1-2\nevent: principal\ndata: {\"id\":\"other\",\"removed\":false,\"object\":{}}\n\n");
    m_plane->ping();
    QVERIFY(await(m_connection->system().control->whoAmI()));
    QCOMPARE(asked.count(), 0);
    m_connection->close();
    QVERIFY(!m_connection->rights());
    QVERIFY(!isKnown(m_connection->acceptedUntil()));
}

void TestConnection::slownessShows()
{
    open();
    ScriptedServer::Answer silent;
    silent.stall = true;
    m_plane->overruled.insert(u"/v1/workspaces/ws-1"_s, silent);
    auto reply = m_connection->system().control->workspace(WorkspaceId(u"ws-1"_s));
    QTRY_COMPARE_WITH_TIMEOUT(m_connection->state(), HealthState::Slow, support::patience);
    QVERIFY(!reply.isFinished());
    m_plane->ping();
    QTRY_COMPARE_WITH_TIMEOUT(m_connection->health(PortName::Control).lastGood(), m_plane->world.clock.now(),
                              support::patience);
    QCOMPARE(m_connection->state(), HealthState::Slow); // a ping does not make it fast
    QVERIFY(await(m_connection->system().control->whoAmI()));
    QCOMPARE(m_connection->state(), HealthState::Healthy);
    reply.cancel();
}

void TestConnection::itRecoversByItself()
{
    open();
    QSignalSpy changes(m_connection->watch(), &Watch::changed);
    m_plane->server.close();
    QTRY_COMPARE_WITH_TIMEOUT(m_connection->state(), HealthState::Failing, support::patience);
    QVERIFY(!await(m_connection->system().audit->head()));
    QCOMPARE(m_connection->health(PortName::Audit).state(), HealthState::Failing);
    QVERIFY(m_plane->server.reopen());
    QTRY_COMPARE_WITH_TIMEOUT(m_plane->server.streams(), 1, support::patience);
    m_plane->greet();
    QTRY_VERIFY_WITH_TIMEOUT(isWell(), support::patience);
    m_plane->server.send(
        "id: e1-1\nevent: workspace\ndata: {\"id\":\"ws-1\",\"removed\":false,\"object\":{\"id\":\"ws-1\"}}\n\n");
    QTRY_COMPARE_WITH_TIMEOUT(changes.size(), 1, support::patience);
}

void TestConnection::aDeadPlaneIsSaidWithSinceWhen()
{
    m_plane->server.close();
    openWith(m_plane->profile());
    QTRY_COMPARE_WITH_TIMEOUT(m_connection->state(), HealthState::Failing, support::patience);
    const Instant since = m_plane->world.clock.now();
    m_plane->world.clock.advance(std::chrono::minutes(10));
    m_connection->retryNow();
    QTRY_VERIFY_WITH_TIMEOUT(m_connection->requestLog().size() >= 4, support::patience);
    QCOMPARE(m_connection->health(PortName::Control).failingSince(), since);
    QVERIFY(!isKnown(m_connection->health(PortName::Control).lastGood()));
    QVERIFY(m_plane->server.reopen());
    m_connection->retryNow();
    QTRY_COMPARE_WITH_TIMEOUT(m_plane->server.streams(), 1, support::patience);
    QCOMPARE(m_connection->state(), HealthState::Failing); // calls work, the stream has not said hello
    m_plane->greet();
    QTRY_VERIFY_WITH_TIMEOUT(isWell(), support::patience);
    QVERIFY(!isKnown(m_connection->health(PortName::Control).failingSince()));
}

void TestConnection::aChangedAuthorityFileStopsIt()
{
    const support::CertificateFactory other;
    fleet::Profile profile = m_plane->profile();
    profile.caPath = other.caPath();
    m_connection = std::make_unique<Connection>(profile, m_secrets, m_plane->world.clock);
    QSignalSpy stopped(m_connection.get(), &Connection::stopped);
    m_connection->open();
    QTRY_COMPARE_WITH_TIMEOUT(stopped.size(), 1, support::patience);
    QCOMPARE(stopped.at(0).at(0).value<Error>().code, Error::Code::Tls);
    QCOMPARE(m_connection->state(), HealthState::Untrusted);
    QVERIFY(!m_connection->summary().isEmpty());
    QVERIFY(!m_connection->capability(PortName::Control).isPresent());
    QCOMPARE(m_plane->server.connections(), 0);
}

void TestConnection::aChangedServerStopsIt()
{
    open();
    QSignalSpy stopped(m_connection.get(), &Connection::stopped);
    const support::CertificateFactory impostor;
    QSslConfiguration taken = impostor.server();
    taken.setPeerVerifyMode(QSslSocket::VerifyNone);
    m_plane->server.setConfiguration(taken);
    const qint64 before = m_plane->server.received();
    m_plane->server.dropConnections();
    QTRY_COMPARE_WITH_TIMEOUT(m_connection->state(), HealthState::Untrusted, support::patience);
    QCOMPARE(stopped.size(), 1);
    QCOMPARE(m_plane->server.received(), before);
    // Nothing goes out any more, to no interface.
    QCOMPARE(await(m_connection->system().audit->head()).error().code, Error::Code::Tls);
    Probe probe;
    probe.workspace = WorkspaceId(u"ws-1"_s);
    probe.subject = u"sess-1-a"_s;
    QCOMPARE(await(m_connection->system().observers.first()->attempt(probe)).error().code, Error::Code::Tls);
    QCOMPARE(m_plane->server.received(), before);
}

void TestConnection::aChangedLogStopsIt()
{
    const fleet::Profile profile = m_plane->profile();
    m_plane->logName = u"another.example"_s;
    openWith(profile);
    QTRY_COMPARE_WITH_TIMEOUT(m_connection->state(), HealthState::Untrusted, support::patience);
    QVERIFY(m_connection->stopReason()->message.contains(u"another.example"_s));
    QTRY_COMPARE_WITH_TIMEOUT(m_plane->server.streams(), 0, support::patience);
    QCOMPARE(await(m_connection->system().control->whoAmI()).error().code, Error::Code::Tls);
}

void TestConnection::anIdentityThatIsNotAcceptedStopsIt()
{
    ScriptedServer::Answer refused;
    refused.status = 403;
    m_plane->overruled.insert(u"/v1/self"_s, refused);
    openWith(m_plane->profile());
    QTRY_VERIFY_WITH_TIMEOUT(m_connection->stopReason().has_value(), support::patience);
    QCOMPARE(m_connection->stopReason()->code, Error::Code::Forbidden);
    QCOMPARE(m_connection->state(), HealthState::Failing);
    m_plane->overruled.clear();
    m_connection->retryNow();
    QTRY_VERIFY_WITH_TIMEOUT(isWell(), support::patience);
    QVERIFY(!m_connection->stopReason());
}

void TestConnection::aBrokenStreamIsAFailure()
{
    open();
    ScriptedServer::Answer broken;
    broken.status = 500;
    m_plane->overruled.insert(u"/v1/changes"_s, broken);
    m_plane->server.dropConnections();
    QTRY_COMPARE_WITH_TIMEOUT(m_connection->watch()->state(), Watch::State::Broken, support::patience);
    QVERIFY(await(m_connection->system().control->whoAmI()));
    QCOMPARE(m_connection->state(), HealthState::Failing); // rows would go stale unseen
    m_plane->overruled.clear();
    m_connection->retryNow();
    QTRY_COMPARE_WITH_TIMEOUT(m_plane->server.streams(), 1, support::patience);
    m_plane->greet();
    QTRY_VERIFY_WITH_TIMEOUT(isWell(), support::patience);
}

void TestConnection::aLockedIdentityAsks()
{
    fleet::Profile profile = m_plane->profile();
    profile.identityPath = m_plane->factory.clientFile(u"locked"_s, "open sesame");
    m_connection = std::make_unique<Connection>(profile, m_secrets, m_plane->world.clock);
    QSignalSpy asked(m_connection.get(), &Connection::passphraseNeeded);
    m_connection->open();
    QTRY_COMPARE_WITH_TIMEOUT(asked.size(), 1, support::patience);
    QCOMPARE(asked.at(0).at(0).toString(), profile.identityPath);
    m_connection->setPassphrase(profile.identityPath, "wrong", true);
    QTRY_COMPARE_WITH_TIMEOUT(asked.size(), 2, support::patience);
    QCOMPARE(await(m_secrets.read(u"identity:"_s + profile.identityPath)).error().code,
             Error::Code::NotFound); // a wrong one is not kept
    m_connection->setPassphrase(profile.identityPath, "open sesame", false);
    QTRY_VERIFY_WITH_TIMEOUT(isWell(), support::patience);
    QCOMPARE(await(m_secrets.read(u"identity:"_s + profile.identityPath)).error().code, Error::Code::NotFound);
}

void TestConnection::aKeptPassphraseIsUsed()
{
    fleet::Profile profile = m_plane->profile();
    profile.identityPath = m_plane->factory.clientFile(u"locked"_s, "open sesame");
    m_secrets.write(u"identity:"_s + profile.identityPath, "open sesame");
    openWith(profile);
    QTRY_VERIFY_WITH_TIMEOUT(isWell(), support::patience);
    m_secrets.remove(u"identity:"_s + profile.identityPath);
}

void TestConnection::anUnusableProfileIsSaid()
{
    fleet::Profile profile = m_plane->profile();
    profile.control = QUrl(u"http://127.0.0.1/"_s);
    openWith(profile);
    QVERIFY(m_connection->stopReason().has_value());
    QCOMPARE(m_connection->stopReason()->code, Error::Code::Invalid);

    profile = m_plane->profile();
    QVERIFY(QFile::setPermissions(profile.identityPath, QFileDevice::ReadOwner | QFileDevice::ReadOther));
    openWith(profile);
    QTRY_VERIFY_WITH_TIMEOUT(m_connection->stopReason().has_value(), support::patience);
    QVERIFY(m_connection->summary().contains(profile.identityPath));
    QCOMPARE(m_plane->server.connections(), 0);
}

void TestConnection::closingEndsEverything()
{
    open();
    ScriptedServer::Answer silent;
    silent.stall = true;
    m_plane->overruled.insert(u"/v1/workspaces/ws-1"_s, silent);
    const auto reply = m_connection->system().control->workspace(WorkspaceId(u"ws-1"_s));
    QSignalSpy closing(m_connection.get(), &Connection::aboutToClose);
    m_connection->close();
    QCOMPARE(closing.size(), 1);
    QCOMPARE(await(reply).error().code, Error::Code::Cancelled);
    QCOMPARE(m_connection->state(), HealthState::Closed);
    QVERIFY(!m_connection->watch());
    QVERIFY(!m_connection->system().control);
    QTRY_COMPARE_WITH_TIMEOUT(m_plane->server.streams(), 0, support::patience);
    m_connection->open();
    QTRY_VERIFY_WITH_TIMEOUT(isWell(), support::patience);
}

void TestConnection::itMayBeClosedFromItsOwnSignals()
{
    open();
    connect(m_connection.get(), &Connection::requestLogged, m_connection.get(), [this] { m_connection->close(); });
    await(m_connection->system().control->whoAmI());
    QCOMPARE(m_connection->state(), HealthState::Closed);
    open();
    connect(m_connection.get(), &Connection::stopped, m_connection.get(), [this] { m_connection->close(); });
    m_plane->server.setConfiguration(support::CertificateFactory().server());
    m_plane->server.dropConnections();
    QTRY_COMPARE_WITH_TIMEOUT(m_connection->state(), HealthState::Closed, support::patience);
    m_plane->server.setConfiguration(m_plane->factory.server());
    open();
    connect(m_connection->watch(), &Watch::changed, m_connection.get(), [this] { m_connection->close(); });
    m_plane->server.send(
        "id: e1-1\nevent: workspace\ndata: {\"id\":\"ws-1\",\"removed\":false,\"object\":{\"id\":\"ws-1\"}}\n\n");
    QTRY_COMPARE_WITH_TIMEOUT(m_connection->state(), HealthState::Closed, support::patience);
    QVERIFY(!m_connection->watch());
}

void TestConnection::capabilitiesAreLearned()
{
    open();
    QTRY_VERIFY_WITH_TIMEOUT(m_connection->system().runtime->capability(u"freeze"_s).isPresent(), support::patience);
    QCOMPARE(m_connection->system().runtime->capability(u"limits"_s).reason(), u"no cgroups"_s);
    QVERIFY(!m_connection->system().runtime->capability(u"teleport"_s).isPresent());
    QVERIFY(!m_connection->system().runtime->capability(u"teleport"_s).reason().isEmpty());
}

void TestConnection::equivalentCalls()
{
    const Connection connection(m_plane->profile(), m_secrets);
    const QString revoke = connection.equivalentCall(u"workspace.revoke"_s, u"ws-1"_s);
    QVERIFY(revoke.startsWith(u"curl --cacert"_s));
    QVERIFY(revoke.contains(u"/v1/workspaces/ws-1/revoke"_s));
    QVERIFY(revoke.contains(u"Idempotency-Key"_s));
    QVERIFY(connection.equivalentCall(u"workspace.list"_s, u"state:running & x"_s)
                .contains(u"filter=state%3Arunning%20%26%20x"_s));
    QVERIFY(connection.equivalentCall(u"coffee.make"_s, {}).isEmpty());
}

void TestConnection::theLogHoldsNoSecrets()
{
    open();
    Probe probe;
    probe.kind = ProbeKind::Lease;
    probe.workspace = WorkspaceId(u"ws-1"_s);
    probe.subject = u"lease-1-db"_s;
    for (Observer *observer : m_connection->system().observers) {
        if (observer->canTry(probe.kind))
            QVERIFY(await(observer->attempt(probe)));
    }
    QVERIFY(m_connection->requestLog().size() >= 5);
    for (const auto &record : m_connection->requestLog()) {
        QVERIFY2(!record.curl.contains(u"lease:lease"_s) &&
                     !record.curl.contains(QString::fromLatin1(QByteArray("app:lease:lease-1-db").toBase64())),
                 qPrintable(record.curl));
        QVERIFY(!record.url.contains(u"lease:lease"_s));
    }
}

QTEST_GUILESS_MAIN(TestConnection)
#include "tst_connection.moc"
