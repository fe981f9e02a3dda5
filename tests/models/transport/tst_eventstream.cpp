// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/transport/eventstream.h"

#include "tests/support/certificatefactory.h"
#include "tests/support/fakeclock.h"
#include "tests/support/scriptedserver.h"
#include "tests/support/waiting.h"

#include <QtCore/QTimer>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace parapet;
using namespace Qt::StringLiterals;
using support::ScriptedServer;
using transport::EventStream;

class TestEventStream : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void itBecomesLiveAndBringsChanges();
    void oneReadIsOneBatch();
    void aBurstIsReadInPieces();
    void whatCameBeforeTheEndIsRead();
    void itResumesWhereItStood();
    void itResumesBeforeTheFirstChange();
    void aGapIsSaid();
    void anotherEpochIsAGap();
    void goingBackIsAGap();
    void holesAreNoGap();
    void aMissingPingBreaksIt();
    void pingsKeepItAlive();
    void unreadableChangesStartAnew_data();
    void unreadableChangesStartAnew();
    void refusalsAreReported_data();
    void refusalsAreReported();
    void retryAfterIsHonoured();
    void reconnectNowDoesNotWait();
    void givingUpIsFinal();

private:
    void start(const QString &since = {}, Milliseconds silence = std::chrono::seconds(15));
    void hello(qint64 sequence, const QByteArray &epoch = "e1", int pingSeconds = 10);
    static QByteArray change(const QByteArray &id, const QByteArray &kind, const QByteArray &object);
    QByteArray lastEventIdOf(int request) const
    {
        return m_server->requests().at(request).headers.value("last-event-id");
    }

    support::CertificateFactory m_factory;
    support::FakeClock m_clock;
    std::unique_ptr<ScriptedServer> m_server;
    std::unique_ptr<EventStream> m_stream;
    std::unique_ptr<QSignalSpy> m_changes, m_gaps, m_states, m_heard;
};

void TestEventStream::init()
{
    m_stream.reset();
    m_server = std::make_unique<ScriptedServer>(m_factory.server());
    m_server->stream(u"/v1/changes"_s);
}

void TestEventStream::start(const QString &since, Milliseconds silence)
{
    EventStream::Options options;
    options.url = m_server->url(u"/v1/changes"_s);
    options.since = since;
    options.backoff = transport::Backoff(Milliseconds(1), Milliseconds(4));
    options.silence = silence;
    m_stream = std::make_unique<EventStream>(m_factory.trust(), m_factory.tlsClient(u"operator"_s), options, m_clock);
    m_changes = std::make_unique<QSignalSpy>(m_stream.get(), &Watch::changed);
    m_gaps = std::make_unique<QSignalSpy>(m_stream.get(), &Watch::gapFound);
    m_states = std::make_unique<QSignalSpy>(m_stream.get(), &Watch::stateChanged);
    m_heard = std::make_unique<QSignalSpy>(m_stream.get(), &EventStream::heard);
    QTRY_COMPARE_WITH_TIMEOUT(m_server->streams(), 1, support::patience);
}

void TestEventStream::hello(qint64 sequence, const QByteArray &epoch, int pingSeconds)
{
    m_server->send("event: hello\ndata: {\"epoch\":\"" + epoch + "\",\"sequence\":\"" + QByteArray::number(sequence) +
                   "\",\"pingSeconds\":" + QByteArray::number(pingSeconds) + "}\n\n");
    QTRY_COMPARE_WITH_TIMEOUT(m_stream->state(), Watch::State::Live, support::patience);
}

QByteArray TestEventStream::change(const QByteArray &id, const QByteArray &kind, const QByteArray &object)
{
    return "id: " + id + "\nevent: " + kind + "\ndata: {\"id\":\"" + object +
           "\",\"removed\":false,\"object\":{\"id\":\"" + object + "\"}}\n\n";
}

void TestEventStream::itBecomesLiveAndBringsChanges()
{
    start();
    QCOMPARE(m_stream->state(), Watch::State::Connecting);
    hello(4);
    QCOMPARE(m_stream->lastHeard(), m_clock.now());
    m_server->send(change("e1-5", "workspace", "ws-1"));
    QTRY_COMPARE_WITH_TIMEOUT(m_changes->size(), 1, support::patience);
    const auto events = m_changes->at(0).at(0).value<QVector<ChangeEvent>>();
    QCOMPARE(events.size(), 1);
    QCOMPARE(events.first().kind, u"workspace"_s);
    QCOMPARE(events.first().id, u"ws-1"_s);
    QCOMPARE(events.first().sequence, u"e1-5"_s);
    QVERIFY(!events.first().removed);
    QVERIFY(m_gaps->isEmpty());
    QCOMPARE(m_server->requests().first().headers.value("accept"), QByteArray("text/event-stream"));
}

void TestEventStream::oneReadIsOneBatch()
{
    start();
    hello(0);
    QByteArray many;
    for (int i = 1; i <= 50; ++i)
        many += change("e1-" + QByteArray::number(i), "lease", "lease-" + QByteArray::number(i));
    m_server->send(many);
    const auto count = [this] {
        qsizetype events = 0;
        for (const auto &batch : *m_changes)
            events += batch.at(0).value<QVector<ChangeEvent>>().size();
        return events;
    };
    QTRY_COMPARE_WITH_TIMEOUT(count(), 50, support::patience);
    QVERIFY(m_changes->size() < 50);
}

void TestEventStream::aBurstIsReadInPieces()
{
    start();
    hello(0);
    constexpr int burst = 6000;
    QByteArray many;
    for (int i = 1; i <= burst; ++i)
        many += change("e1-" + QByteArray::number(i), "lease", "lease-" + QByteArray::number(i));
    const qsizetype smallest = change("e1-1", "lease", "lease-1").size();
    // Between two pieces whoever else waits has a turn.
    int turns = 0;
    QTimer turn;
    connect(&turn, &QTimer::timeout, this, [&] { ++turns; });
    qsizetype came = 0, most = 0;
    int batches = 0, inTurn = 0, mostInTurn = 0, seen = -1;
    bool ordered = true;
    connect(m_stream.get(), &Watch::changed, this, [&](const QVector<ChangeEvent> &events) {
        inTurn = std::exchange(seen, turns) == turns ? inTurn + 1 : 1;
        mostInTurn = std::max(mostInTurn, inTurn);
        ++batches;
        most = std::max(most, events.size());
        for (const ChangeEvent &event : events)
            ordered = ordered && event.sequence == u"e1-%1"_s.arg(++came);
    });
    turn.start(0);
    m_server->send(many);
    QTRY_COMPARE_WITH_TIMEOUT(came, burst, support::patience);
    QVERIFY(ordered);
    QVERIFY(m_gaps->isEmpty());
    QVERIFY2(most <= EventStream::readAtOnce / smallest + 1, qPrintable(QString::number(most)));
    QVERIFY(batches >= many.size() / EventStream::readAtOnce);
    // A piece that comes by itself and one that was left over may meet in one turn.
    QVERIFY2(mostInTurn <= 3, qPrintable(QString::number(mostInTurn)));
}

void TestEventStream::whatCameBeforeTheEndIsRead()
{
    constexpr int burst = 3000;
    QByteArray body = "event: hello\ndata: {\"epoch\":\"e1\",\"sequence\":\"0\",\"pingSeconds\":10}\n\n";
    for (int i = 1; i <= burst; ++i)
        body += change("e1-" + QByteArray::number(i), "lease", "lease-" + QByteArray::number(i));
    m_server->handler = [&](const ScriptedServer::Request &) {
        ScriptedServer::Answer answer;
        answer.contentType = "text/event-stream";
        answer.stream = m_server->requests().size() > 1;
        answer.body = answer.stream ? QByteArray() : body;
        answer.close = !answer.stream;
        return answer;
    };
    EventStream::Options options;
    options.url = m_server->url(u"/v1/changes"_s);
    options.backoff = transport::Backoff(Milliseconds(1), Milliseconds(4));
    EventStream stream(m_factory.trust(), m_factory.tlsClient(u"operator"_s), options, m_clock);
    qsizetype came = 0, beforeTheEnd = -1;
    connect(&stream, &Watch::changed, this, [&](const QVector<ChangeEvent> &events) { came += events.size(); });
    connect(&stream, &Watch::stateChanged, this, [&](Watch::State state) {
        if (state == Watch::State::Broken && beforeTheEnd < 0)
            beforeTheEnd = came;
    });
    QTRY_VERIFY_WITH_TIMEOUT(beforeTheEnd >= 0, support::patience);
    QCOMPARE(beforeTheEnd, burst);
    QTRY_COMPARE_WITH_TIMEOUT(m_server->requests().size(), 2, support::patience);
    QCOMPARE(lastEventIdOf(1), "e1-" + QByteArray::number(burst));
}

void TestEventStream::itResumesWhereItStood()
{
    start();
    hello(4);
    m_server->send(change("e1-5", "workspace", "ws-1") + change("e1-6", "workspace", "ws-2"));
    QTRY_COMPARE_WITH_TIMEOUT(m_stream->position(), u"e1-6"_s, support::patience);
    m_server->dropConnections();
    QTRY_COMPARE_WITH_TIMEOUT(m_stream->state(), Watch::State::Broken, support::patience);
    QTRY_COMPARE_WITH_TIMEOUT(m_server->streams(), 1, support::patience);
    QCOMPARE(lastEventIdOf(1), QByteArray("e1-6"));
    hello(6);
    QVERIFY(m_gaps->isEmpty());
    QCOMPARE(m_states->last().at(0).value<Watch::State>(), Watch::State::Live);
}

void TestEventStream::itResumesBeforeTheFirstChange()
{
    start(u"e0-9"_s);
    QCOMPARE(lastEventIdOf(0), QByteArray("e0-9"));
    init();
    start();
    QVERIFY(lastEventIdOf(0).isEmpty());
    hello(4);
    m_server->dropConnections();
    QTRY_COMPARE_WITH_TIMEOUT(m_server->requests().size(), 2, support::patience);
    QCOMPARE(lastEventIdOf(1), QByteArray("e1-4"));
}

void TestEventStream::aGapIsSaid()
{
    start(u"e1-2"_s);
    hello(900);
    m_server->send("id: e1-900\nevent: gap\ndata: {}\n\n");
    QTRY_COMPARE_WITH_TIMEOUT(m_gaps->size(), 1, support::patience);
    m_server->send(change("e1-901", "workspace", "ws-1"));
    QTRY_COMPARE_WITH_TIMEOUT(m_changes->size(), 1, support::patience);
    QCOMPARE(m_gaps->size(), 1);
}

void TestEventStream::anotherEpochIsAGap()
{
    start(u"e1-7"_s);
    hello(0, "e2");
    QTRY_COMPARE_WITH_TIMEOUT(m_gaps->size(), 1, support::patience);
    QCOMPARE(m_stream->position(), u"e2-0"_s);
    m_server->send("event: gap\ndata: {}\n\n" + change("e2-1", "workspace", "ws-1")); // the source says the same
    QTRY_COMPARE_WITH_TIMEOUT(m_changes->size(), 1, support::patience);
    QCOMPARE(m_gaps->size(), 1);
    m_server->send("event: gap\ndata: {}\n\n"); // and later another one
    QTRY_COMPARE_WITH_TIMEOUT(m_gaps->size(), 2, support::patience);
}

void TestEventStream::goingBackIsAGap()
{
    start();
    hello(4);
    m_server->send(change("e1-5", "workspace", "ws-1"));
    QTRY_COMPARE_WITH_TIMEOUT(m_changes->size(), 1, support::patience);
    m_server->send(change("e1-3", "workspace", "ws-1"));
    QTRY_COMPARE_WITH_TIMEOUT(m_gaps->size(), 1, support::patience);
}

void TestEventStream::holesAreNoGap()
{
    start();
    hello(4);
    m_server->send(change("e1-50", "workspace", "ws-1")); // the others were not for us to see
    QTRY_COMPARE_WITH_TIMEOUT(m_changes->size(), 1, support::patience);
    QVERIFY(m_gaps->isEmpty());
}

void TestEventStream::aMissingPingBreaksIt()
{
    start({}, Milliseconds(100)); // nothing ever comes
    QTRY_COMPARE_WITH_TIMEOUT(m_stream->state(), Watch::State::Broken, support::patience);
    const auto why = m_states->last().at(1).value<Error>();
    QCOMPARE(why.code, Error::Code::Network);
    QVERIFY(why.retryable);
    QTRY_VERIFY_WITH_TIMEOUT(m_server->requests().size() >= 2, support::patience);

    init();
    start();
    hello(0, "e1", 1); // and three times the announced second passes
    QTRY_COMPARE_WITH_TIMEOUT(m_stream->state(), Watch::State::Broken, support::patience);
    QTRY_VERIFY_WITH_TIMEOUT(m_server->requests().size() >= 2, support::patience);
}

void TestEventStream::pingsKeepItAlive()
{
    start();
    hello(0);
    const qsizetype before = m_heard->size();
    m_clock.advance(std::chrono::seconds(10));
    m_server->send("event: ping\ndata: {}\n\n");
    QTRY_COMPARE_WITH_TIMEOUT(m_heard->size(), before + 1, support::patience);
    QCOMPARE(m_stream->lastHeard(), m_clock.now());
    QVERIFY(m_changes->isEmpty());
}

void TestEventStream::unreadableChangesStartAnew_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("no JSON") << QByteArray("id: e1-5\nevent: workspace\ndata: {\"id\":\n\n");
    QTest::newRow("no identifier") << QByteArray(
        "id: e1-5\nevent: workspace\ndata: {\"removed\":false,\"object\":{}}\n\n");
    QTest::newRow("no object") << QByteArray(
        "id: e1-5\nevent: workspace\ndata: {\"id\":\"x\",\"removed\":false,\"object\":7}\n\n");
    QTest::newRow("no sequence") << QByteArray(
        "event: workspace\ndata: {\"id\":\"x\",\"removed\":false,\"object\":{}}\n\n");
    QTest::newRow("too long") << QByteArray("data: ") + QByteArray(2 << 20, 'x');
}

void TestEventStream::unreadableChangesStartAnew()
{
    QFETCH(QByteArray, bytes);
    start();
    hello(4);
    m_server->send(bytes);
    QTRY_COMPARE_WITH_TIMEOUT(m_states->last().at(0).value<Watch::State>(), Watch::State::Broken, support::patience);
    QCOMPARE(m_states->last().at(1).value<Error>().code, Error::Code::Protocol);
    QTRY_COMPARE_WITH_TIMEOUT(m_server->requests().size(), 2, support::patience);
    QVERIFY(lastEventIdOf(1).isEmpty());
    QTRY_COMPARE_WITH_TIMEOUT(m_server->streams(), 1, support::patience);
    hello(5);
    QTRY_COMPARE_WITH_TIMEOUT(m_gaps->size(), 1, support::patience);
}

void TestEventStream::refusalsAreReported_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<Error::Code>("code");
    QTest::newRow("401") << 401 << Error::Code::Unauthorized;
    QTest::newRow("403") << 403 << Error::Code::Forbidden;
    QTest::newRow("500") << 500 << Error::Code::Server;
    QTest::newRow("302") << 302 << Error::Code::Protocol;
}

void TestEventStream::refusalsAreReported()
{
    QFETCH(int, status);
    QFETCH(Error::Code, code);
    m_server->answerProblem(u"/v1/changes"_s, status, "x");
    EventStream::Options options;
    options.url = m_server->url(u"/v1/changes"_s);
    options.backoff = transport::Backoff(Milliseconds(1), Milliseconds(4));
    EventStream stream(m_factory.trust(), m_factory.tlsClient(u"operator"_s), options, m_clock);
    QSignalSpy states(&stream, &Watch::stateChanged);
    QTRY_VERIFY_WITH_TIMEOUT(!states.isEmpty(), support::patience);
    QCOMPARE(states.first().at(0).value<Watch::State>(), Watch::State::Broken);
    QCOMPARE(states.first().at(1).value<Error>().code, code);
    m_server->stream(u"/v1/changes"_s);
    QTRY_COMPARE_WITH_TIMEOUT(m_server->streams(), 1, support::patience); // and it recovers alone
}

void TestEventStream::retryAfterIsHonoured()
{
    m_server->answerProblem(u"/v1/changes"_s, 503, "Server", {{"Retry-After", "3600"}});
    EventStream::Options options;
    options.url = m_server->url(u"/v1/changes"_s);
    options.backoff = transport::Backoff(Milliseconds(1), Milliseconds(2));
    EventStream stream(m_factory.trust(), m_factory.tlsClient(u"operator"_s), options, m_clock);
    QTRY_COMPARE_WITH_TIMEOUT(stream.state(), Watch::State::Broken, support::patience);
    bool turned = false;
    QTimer::singleShot(60, this, [&turned] { turned = true; });
    QTRY_VERIFY_WITH_TIMEOUT(turned, support::patience);
    QCOMPARE(m_server->requests().size(), 1);
    stream.reconnectNow(); // the operator may be impatient
    QTRY_COMPARE_WITH_TIMEOUT(m_server->requests().size(), 2, support::patience);
}

void TestEventStream::reconnectNowDoesNotWait()
{
    EventStream::Options options;
    options.url = m_server->url(u"/v1/changes"_s);
    options.backoff = transport::Backoff(std::chrono::hours(1), std::chrono::hours(1));
    EventStream stream(m_factory.trust(), m_factory.tlsClient(u"operator"_s), options, m_clock);
    QTRY_COMPARE_WITH_TIMEOUT(m_server->streams(), 1, support::patience);
    m_server->dropConnections();
    QTRY_COMPARE_WITH_TIMEOUT(stream.state(), Watch::State::Broken, support::patience);
    stream.reconnectNow();
    QTRY_COMPARE_WITH_TIMEOUT(m_server->streams(), 1, support::patience);
}

void TestEventStream::givingUpIsFinal()
{
    start();
    hello(1);
    m_stream->giveUp({Error::Code::Tls, u"enough"_s, {}, false});
    QCOMPARE(m_stream->state(), Watch::State::Broken);
    QTRY_COMPARE_WITH_TIMEOUT(m_server->streams(), 0, support::patience);
    bool turned = false;
    QTimer::singleShot(50, this, [&turned] { turned = true; });
    QTRY_VERIFY_WITH_TIMEOUT(turned, support::patience);
    QCOMPARE(m_server->requests().size(), 1);
}

QTEST_GUILESS_MAIN(TestEventStream)
#include "tst_eventstream.moc"
