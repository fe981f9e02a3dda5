// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/health.h"

#include <QtTest/QTest>

using namespace parapet;
using namespace Qt::StringLiterals;
using fleet::Health;
using fleet::HealthState;

namespace {

constexpr Instant at(int seconds)
{
    return Instant(std::chrono::seconds(1'000'000 + seconds));
}

const Error gone{Error::Code::Network, u"gone"_s, {}, true};

} // namespace

class TestHealth : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void itBeginsClosed();
    void slowAnswersAreSlow();
    void failuresKeepTheirBeginning();
    void callsAndWatchFailApart();
    void untrustedIsForGood();
    void theRingHoldsSixty();
    void namesAreStable();
};

void TestHealth::itBeginsClosed()
{
    Health health;
    QCOMPARE(health.state(), HealthState::Closed);
    QVERIFY(!health.answered(at(1), Milliseconds(3))); // an answer that comes after closing
    QVERIFY(!health.failed(at(1), gone));
    QVERIFY(health.connecting(at(2)));
    QCOMPARE(health.since(), at(2));
    QVERIFY(health.answered(at(3), Milliseconds(3)));
    QCOMPARE(health.state(), HealthState::Healthy);
    QCOMPARE(health.lastGood(), at(3));
}

void TestHealth::slowAnswersAreSlow()
{
    Health health;
    health.connecting(at(0));
    QVERIFY(health.answered(at(1), Health::slowAfter));
    QCOMPARE(health.state(), HealthState::Slow);
    QVERIFY(!health.heard(at(2)));
    QVERIFY(health.answered(at(3), Milliseconds(5)));
    QVERIFY(health.waitingLong(at(4)));
    QCOMPARE(health.state(), HealthState::Slow);
    QCOMPARE(health.since(), at(4));
    health.failed(at(5), gone);
    QVERIFY(!health.waitingLong(at(6))); // failing is worse
}

void TestHealth::failuresKeepTheirBeginning()
{
    Health health;
    health.connecting(at(0));
    health.answered(at(1), Milliseconds(5));
    QVERIFY(health.failed(at(2), gone));
    QVERIFY(!health.failed(at(9), gone));
    QCOMPARE(health.failingSince(), at(2));
    QCOMPARE(health.lastGood(), at(1));
    QVERIFY(health.answered(at(10), Milliseconds(5)));
    QVERIFY(!isKnown(health.failingSince()));
}

void TestHealth::callsAndWatchFailApart()
{
    Health health;
    health.connecting(at(0));
    health.failed(at(1), gone, Health::Source::Watch);
    QVERIFY(!health.answered(at(2), Milliseconds(5))); // calls work, but what is shown is no longer kept up to date
    QCOMPARE(health.state(), HealthState::Failing);
    QCOMPARE(health.failingSince(), at(1));
    QCOMPARE(health.lastGood(), at(2));
    QVERIFY(health.heard(at(3)));
    QCOMPARE(health.state(), HealthState::Healthy);

    health.failed(at(4), {Error::Code::Protocol, u"nonsense"_s, {}, false});
    QVERIFY(!health.heard(at(5))); // it lives, but answers nonsense
    QCOMPARE(health.state(), HealthState::Failing);
    QCOMPARE(health.failingSince(), at(4));
    QCOMPARE(health.lastError().message, u"nonsense"_s);
    QVERIFY(health.answered(at(6), Milliseconds(5)));
}

void TestHealth::untrustedIsForGood()
{
    Health health;
    health.connecting(at(0));
    QVERIFY(health.failed(at(1), {Error::Code::Tls, u"who?"_s, {}, false}));
    QCOMPARE(health.state(), HealthState::Untrusted);
    QVERIFY(!health.answered(at(2), Milliseconds(1)));
    QVERIFY(!health.heard(at(2)));
    QVERIFY(!health.failed(at(3), gone));
    QCOMPARE(health.state(), HealthState::Untrusted);
    QVERIFY(health.closed(at(4)));
}

void TestHealth::theRingHoldsSixty()
{
    Health health;
    health.connecting(at(0));
    QCOMPARE(health.medianLatency(), -1);
    for (int i = 1; i <= 100; ++i)
        health.answered(at(i), Milliseconds(i));
    QCOMPARE(health.latencies().size(), Health::historySize);
    QCOMPARE(health.latencies().first(), 41);
    QCOMPARE(health.latencies().last(), 100);
    health.failed(at(101), gone);
    QCOMPARE(health.latencies().last(), -1);
    QCOMPARE(health.latencies().size(), Health::historySize);
    QCOMPARE(health.medianLatency(), 71);
}

void TestHealth::namesAreStable()
{
    QCOMPARE(fleet::nameOf(fleet::PortName::Agent), u"agent"_s);
    for (const auto state : {HealthState::Closed, HealthState::Connecting, HealthState::Healthy, HealthState::Slow,
                             HealthState::Failing, HealthState::Untrusted})
        QVERIFY(!fleet::titleOf(state).isEmpty());
}

QTEST_GUILESS_MAIN(TestHealth)
#include "tst_health.moc"
