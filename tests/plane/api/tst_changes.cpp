// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/plane/api/planefixture.h"

#include <QtCore/QRegularExpression>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace parapet;
using namespace parapet::planetest;
using plane::Interface;

class TestChanges : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void beginsWithHello();
    void tellsChangesInOrder();
    void resumesWhereItStood();
    void saysWhenThereIsAGap_data();
    void saysWhenThereIsAGap();
    void readsAreNotTold();
    void needsTheRight();
    void aViewerIsToldWhatItMayRead();
    void aProjectsViewerIsToldOfItsProject();
    void rightsThatComeAreToldToTheirHolder();
    void whoIsSuspendedIsCutOff();
    void pingsCarryThePosition();
    void pings();
    void ringForgetsTheOldest();
};

namespace {

QByteArray dataOf(const QByteArray &stream, const QByteArray &event)
{
    const qsizetype at = stream.indexOf("event: " + event + "\ndata: ");
    if (at < 0)
        return {};
    const qsizetype from = at + 7 + event.size() + 7;
    return stream.mid(from, stream.indexOf('\n', from) - from);
}

QByteArray lastIdOf(const QByteArray &stream)
{
    const qsizetype at = stream.lastIndexOf("id: ");
    return at < 0 ? QByteArray() : stream.mid(at + 4, stream.indexOf('\n', at) - at - 4);
}


class Recorder final : public server::Stream
{
public:
    bool write(QByteArray bytes) override { written += bytes; return true; }
    void close() override { ended = true; }
    bool isOpen() const override { return !ended; }
    void onEnd(std::function<void(server::StreamEnd)> callback) override { gone = std::move(callback); }
    QByteArray written;
    bool ended = false;
    std::function<void(server::StreamEnd)> gone;
};

} // namespace

void TestChanges::beginsWithHello()
{
    PlaneFixture fixture;
    QVERIFY(fixture.start());
    PlaneClient client = fixture.client();
    const QByteArray read = client.stream("/v1/changes", "\n\n");
    QVERIFY(read.contains("Content-Type: text/event-stream"));
    const QByteArray rest = read.contains("event: hello") ? read : client.more("pingSeconds");
    const QJsonObject hello = parseJson(dataOf(rest, "hello")).value_or(QJsonValue()).toObject();
    QVERIFY(!hello.value("epoch"_L1).toString().isEmpty());
    QCOMPARE(hello.value("pingSeconds"_L1).toInt(), 10);
    QVERIFY(hello.value("sequence"_L1).toString().startsWith(hello.value("epoch"_L1).toString()));
}

void TestChanges::tellsChangesInOrder()
{
    PlaneFixture fixture;
    QVERIFY(fixture.start());
    PlaneClient watch = fixture.client();
    watch.stream("/v1/changes", "pingSeconds");
    for (const char *verb : {"isolate", "freeze", "thaw"})
        QCOMPARE(fixture.client(Interface::Agent).post("/v1/workspaces/sim-000001/" + QByteArray(verb)).status, 200);
    const QByteArray read = watch.more("workspace.thaw");
    QVector<qint64> numbers;
    QVector<bool> frozen;
    static const QRegularExpression frame(uR"(id: \w+-(\d+)\nevent: (\w+)\ndata: (.*)\n\n)"_s);
    for (auto it = frame.globalMatch(QString::fromUtf8(read)); it.hasNext();) {
        const auto match = it.next();
        numbers.append(match.captured(1).toLongLong());
        const QJsonObject change = parseJson(match.captured(3).toUtf8()).value_or(QJsonValue()).toObject();
        QVERIFY(change.contains("object"_L1));
        if (match.captured(2) == "workspace"_L1)
            frozen.append(change.value("object"_L1).toObject().value("state"_L1).toString() == "frozen"_L1);
        else
            QCOMPARE(change.value("object"_L1).toObject().value("workspace"_L1).toString(), u"sim-000001"_s);
    }
    QCOMPARE(frozen, (QVector<bool>{false, true, false}));
    for (qsizetype i = 1; i < numbers.size(); ++i)
        QCOMPARE(numbers[i], numbers[i - 1] + 1);
}

void TestChanges::resumesWhereItStood()
{
    PlaneFixture fixture;
    QVERIFY(fixture.start());
    PlaneClient agent = fixture.client(Interface::Agent);
    PlaneClient watch = fixture.client();
    watch.stream("/v1/changes", "pingSeconds");
    agent.post("/v1/workspaces/sim-000001/isolate");
    const QByteArray id = lastIdOf(watch.more("workspace.isolate"));
    QVERIFY(!id.isEmpty());
    watch.close();
    agent.post("/v1/workspaces/sim-000002/isolate"); // missed
    QByteArray read = fixture.client().stream("/v1/changes?since=" + id, "sim-000002");
    QVERIFY(read.contains("sim-000002"));
    QVERIFY(!read.contains("event: gap"));
    QVERIFY(!read.contains("sim-000001\""));
    // The same by the header that browsers send.
    read = fixture.client().stream("/v1/changes", "sim-000002", {{"Last-Event-ID", id}});
    QVERIFY(read.contains("sim-000002"));
}

void TestChanges::saysWhenThereIsAGap_data()
{
    QTest::addColumn<QByteArray>("since");
    QTest::newRow("another epoch") << QByteArray("e0000-5");
    QTest::newRow("the future") << QByteArray("EPOCH-999999");
    QTest::newRow("nonsense") << QByteArray("nonsense");
    QTest::newRow("no number") << QByteArray("EPOCH-x");
}

void TestChanges::saysWhenThereIsAGap()
{
    QFETCH(QByteArray, since);
    PlaneFixture fixture;
    QVERIFY(fixture.start());
    const QByteArray hello = fixture.client().stream("/v1/changes", "pingSeconds");
    since.replace("EPOCH", parseJson(dataOf(hello, "hello")).value_or(QJsonValue()).toObject().value("epoch"_L1).toString().toLatin1());
    PlaneClient watch = fixture.client();
    QVERIFY(watch.stream("/v1/changes?since=" + since, "event: gap").contains("event: gap"));
    fixture.client(Interface::Agent).post("/v1/workspaces/sim-000001/isolate");
    QVERIFY(watch.more("workspace.isolate").contains("sim-000001")); // and goes on live
}

void TestChanges::readsAreNotTold()
{
    PlaneFixture fixture;
    QVERIFY(fixture.start());
    PlaneClient watch = fixture.client();
    watch.stream("/v1/changes", "pingSeconds");
    for (int i = 0; i < 5; ++i)
        QCOMPARE(fixture.client().get("/v1/workspaces").status, 200);
    fixture.client(Interface::Agent).post("/v1/workspaces/sim-000001/isolate");
    QVERIFY(!watch.more("workspace.isolate").contains("workspace.list"));
}

void TestChanges::needsTheRight()
{
    PlaneFixture fixture;
    QVERIFY(fixture.start());
    const QString host = fixture.identity(u"hal"_s, u"approver"_s, u"project:nowhere"_s);
    QVERIFY(fixture.client(Interface::Control, host).stream("/v1/changes", "pingSeconds").contains("event: hello"));
    // Somebody without any binding may see nothing.
    const QString nobody = fixture.identity(u"nora"_s, u"nobody"_s);
    QVERIFY(!nobody.isEmpty());
    const HttpReply refused = fixture.client(Interface::Control, nobody).get("/v1/changes");
    QVERIFY2(refused.status == 401 || refused.status == 403, qPrintable(QString::number(refused.status)));
}

void TestChanges::aViewerIsToldWhatItMayRead()
{
    PlaneFixture fixture;
    QVERIFY(fixture.start());
    PlaneClient watch = fixture.client(Interface::Control, fixture.identity(u"vera"_s, u"viewer"_s));
    QVERIFY(watch.stream("/v1/changes", "pingSeconds").contains("event: hello"));
    PlaneClient full = fixture.client();
    full.stream("/v1/changes", "pingSeconds");
    QCOMPARE(fixture.client(Interface::Agent).post("/v1/workspaces/sim-000001/isolate").status, 200);
    QCOMPARE(fixture.client().post("/v1/workspaces/sim-000001/revoke").status, 200);
    QVERIFY(full.more("workspace.revoke").contains("event: event"));
    // Workspace, its sessions and its leases, but nothing of the log.
    const QByteArray read = watch.more("event: lease");
    QVERIFY(read.contains("event: workspace"));
    QVERIFY(read.contains("event: session"));
    QVERIFY(read.contains("sim-000001"));
    QCOMPARE(fixture.client(Interface::Agent).post("/v1/workspaces/sim-000002/isolate").status, 200);
    QVERIFY(!(read + watch.more("sim-000002")).contains("event: event"));
    // What it resumes from is told by the same rule.
    PlaneClient again = fixture.client(Interface::Control, fixture.file(u"vera.pem"_s));
    const QByteArray epoch = lastIdOf(read).left(lastIdOf(read).lastIndexOf('-'));
    const QByteArray replay = again.stream("/v1/changes?since=" + epoch + "-0", "sim-000002");
    QVERIFY(replay.contains("event: workspace"));
    QVERIFY(!replay.contains("event: event"));
}

void TestChanges::aProjectsViewerIsToldOfItsProject()
{
    PlaneFixture fixture;
    QVERIFY(fixture.start());
    // Two workspaces of different projects.
    const QJsonArray all = fixture.client().get("/v1/workspaces?filter=simulated:true&limit=500").items();
    const QJsonObject mine = all.first().toObject();
    QJsonObject other;
    for (const QJsonValue &each : all) {
        if (each.toObject().value("project"_L1) != mine.value("project"_L1))
            other = each.toObject();
    }
    QVERIFY(!other.isEmpty());
    const QString scope = u"project:"_s + mine.value("project"_L1).toString();
    PlaneClient watch = fixture.client(Interface::Control, fixture.identity(u"pia"_s, u"operator"_s, scope));
    QVERIFY(watch.stream("/v1/changes", "pingSeconds").contains("event: hello"));
    for (const QJsonObject &each : {other, mine})
        QCOMPARE(fixture.client(Interface::Agent).post("/v1/workspaces/" + each.value("id"_L1).toString().toUtf8() + "/isolate").status, 200);
    const QByteArray read = watch.more(mine.value("id"_L1).toString().toUtf8());
    QVERIFY(!read.contains('"' + other.value("id"_L1).toString().toUtf8() + '"'));
    QVERIFY(!read.contains("event: event")); // the log is the organisation's, whatever a project's role may
}

void TestChanges::rightsThatComeAreToldToTheirHolder()
{
    PlaneFixture fixture;
    QVERIFY(fixture.start());
    PlaneClient watch = fixture.client(Interface::Control, fixture.identity(u"pia"_s, u"developer"_s, u"project:nowhere"_s));
    QVERIFY(watch.stream("/v1/changes", "pingSeconds").contains("event: hello"));
    QVERIFY(!fixture.identity(u"pia"_s, u"operator"_s).isEmpty());
    // It is taken up when a certificate comes that the plane does not know.
    QCOMPARE(fixture.client(Interface::Control, fixture.identity(u"zoe"_s, u"viewer"_s)).get("/v1/self").status, 200);
    const QByteArray read = watch.more("\"pia\"");
    QVERIFY(read.contains("event: principal"));
    QCOMPARE(fixture.client(Interface::Agent).post("/v1/workspaces/sim-000001/isolate").status, 200);
    QVERIFY(watch.more("sim-000001").contains("event: workspace")); // at once, on the stream that is open
}

void TestChanges::whoIsSuspendedIsCutOff()
{
    PlaneFixture fixture;
    QVERIFY(fixture.start());
    PlaneClient watch = fixture.client(Interface::Control, fixture.identity(u"vera"_s, u"viewer"_s));
    watch.stream("/v1/changes", "pingSeconds");
    QCOMPARE(fixture.client().post("/v1/principals/vera/suspend", {{u"suspended"_s, true}}).status, 200);
    QCOMPARE(fixture.client(Interface::Agent).post("/v1/workspaces/sim-000001/isolate").status, 200);
    QVERIFY(!watch.more("sim-000001").contains("sim-000001")); // ends instead
    QCOMPARE(fixture.client(Interface::Control, fixture.file(u"vera.pem"_s)).get("/v1/changes").status, 401);
}

void TestChanges::pingsCarryThePosition()
{
    class Nothing final : public plane::ChangeFilter
    {
    public:
        Sight look() override { return Sight::Some; }
        bool shows(const plane::StoredChange &) override { return false; }
    };
    plane::ChangeFeed feed;
    const auto stream = std::make_shared<Recorder>();
    feed.watch(stream, {}, std::make_unique<Nothing>());
    feed.publish({{"event", u"1"_s, "{}"}, {"event", u"2"_s, "{}"}});
    QVERIFY(!stream->written.contains("event: event"));
    feed.ping();
    QVERIFY(stream->written.endsWith("id: " + feed.position().toLatin1() + "\nevent: ping\ndata: {}\n\n"));
    stream->gone(server::StreamEnd::Peer);
}

void TestChanges::pings()
{
    plane::ChangeFeed feed;
    QCOMPARE(feed.watchers(), 0);
    feed.ping(); // nobody: nothing
    QVERIFY(feed.position().endsWith(u"-0"_s));
}

void TestChanges::ringForgetsTheOldest()
{
    plane::ChangeFeed feed;
    QVector<bool> watched;
    feed.onWatched = [&](bool on) { watched.append(on); };
    std::vector<plane::StoredChange> many(plane::ChangeFeed::ringSize + 10, {"event", u"1"_s, "{}"});
    feed.publish(many);
    const QString epoch = feed.position().section(u'-', 0, 0);
    const auto late = std::make_shared<Recorder>();
    feed.watch(late, epoch + u"-9"_s);
    QVERIFY(late->written.contains("event: gap"));
    const auto inTime = std::make_shared<Recorder>();
    feed.watch(inTime, epoch + u"-10"_s);
    QVERIFY(!inTime->written.contains("event: gap"));
    QCOMPARE(inTime->written.count("\nid: "), qsizetype(plane::ChangeFeed::ringSize));
    QCOMPARE(feed.watchers(), 2);
    feed.ping();
    QVERIFY(late->written.endsWith("event: ping\ndata: {}\n\n"));
    late->gone(server::StreamEnd::Peer);
    inTime->gone(server::StreamEnd::TooSlow);
    QCOMPARE(watched, (QVector<bool>{true, false}));
    QCOMPARE(feed.watchers(), 0);
}

QTEST_GUILESS_MAIN(TestChanges)
#include "tst_changes.moc"
