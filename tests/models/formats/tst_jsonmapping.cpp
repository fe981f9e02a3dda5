// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/formats/jsonmapping.h"
#include "tests/models/formats/collectsink.h"

#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace parapet;
using namespace parapet::formats;

class TestJsonMapping : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void mapsFields();
    void wholeLineIsTheDetail();
    void times_data();
    void times();
    void refusesMappings_data();
    void refusesMappings();
    void keepsLinesAside_data();
    void keepsLinesAside();
};

namespace {

const QByteArray mappingOfBilling = R"({"name":"billing","fields":{
"time":{"pointer":"/ts","format":"epoch-milliseconds"},"action":{"pointer":"/event","prefix":"billing."},
"actor":{"pointer":"/user/id"},"actorName":{"pointer":"/user/name"},"actorKind":{"pointer":"/user/type","values":{"person":"human","bot":"agent"},"otherwise":"service"},
"outcome":{"pointer":"/ok","values":{"true":"success","false":"denied"},"otherwise":"failure"},"target":{"pointer":"/items/0/a~1b"},
"source":{"pointer":"/ip"},"requestId":{"pointer":"/req"},"reason":{"constant":"imported"},"detail":{"pointer":"/more"}}})";

CollectSink imported(const QByteArray &mapping, const QByteArray &lines)
{
    CollectSink sink;
    auto read = JsonMapping::fromJson(mapping);
    if (!read)
        qFatal("%s", qPrintable(read.error().message + read.error().detail));
    const auto importer = makeJsonImporter(*read);
    sink.feedAll(*importer, lines);
    return sink;
}

} // namespace

void TestJsonMapping::mapsFields()
{
    QCOMPARE(JsonMapping::fromJson(mappingOfBilling)->origin(), u"import:billing"_s);
    const CollectSink sink = imported(mappingOfBilling,
        R"({"ts":1773754891250,"event":"Refund","user":{"id":"u-7","name":"Ana","type":"bot"},"ok":false,"items":[{"a/b":"inv/9"}],"ip":"2001:db8::1","req":77,"more":{"x":[1,2]}})");
    QCOMPARE(sink.reasons, QStringList());
    QCOMPARE(sink.events.size(), 1);
    const AuditEvent &event = sink.events[0];
    QCOMPARE(toRfc3339(event.time), u"2026-03-17T13:41:31.250Z"_s);
    QCOMPARE(event.action, u"billing.refund"_s);
    QCOMPARE(event.actor.value, u"u-7"_s);
    QCOMPARE(event.actorName.raw(), u"Ana"_s);
    QCOMPARE(event.actorKind, ActorKind::Agent);
    QCOMPARE(event.outcome, Outcome::Denied);
    QCOMPARE(event.target.raw(), u"inv/9"_s);
    QCOMPARE(event.source, u"2001:db8::1"_s);
    QCOMPARE(event.requestId, u"77"_s);
    QCOMPARE(event.reason.raw(), u"imported"_s);
    QCOMPARE(event.detail.raw(), u"{\"x\":[1,2]}"_s);
}

void TestJsonMapping::wholeLineIsTheDetail()
{
    const CollectSink sink = imported(R"({"fields":{"time":{"pointer":"/t"},"action":{"constant":"app.event"}}})",
                                      R"({ "t" : "2026-03-17T13:41:31Z", "x": "é" })");
    QCOMPARE(sink.events.size(), 1);
    QCOMPARE(sink.events[0].detail.raw(), u"{\"t\":\"2026-03-17T13:41:31Z\",\"x\":\"é\"}"_s);
}

void TestJsonMapping::times_data()
{
    QTest::addColumn<QByteArray>("format");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("time");
    const QString at = u"2026-03-17T13:41:31.250Z"_s;
    QTest::newRow("rfc3339") << QByteArray("rfc3339") << QByteArray("\"2026-03-17T14:41:31.25+01:00\"") << at;
    QTest::newRow("seconds") << QByteArray("epoch-seconds") << QByteArray("1773754891.25") << at;
    QTest::newRow("seconds as text") << QByteArray("epoch-seconds") << QByteArray("\"1773754891.25\"") << at;
    QTest::newRow("microseconds") << QByteArray("epoch-microseconds") << QByteArray("1773754891250999") << at;
    QTest::newRow("nanoseconds") << QByteArray("epoch-nanoseconds") << QByteArray("1773754891250999999") << at;
    QTest::newRow("pattern") << QByteArray("pattern:dd.MM.yyyy HH:mm:ss.zzz") << QByteArray("\"17.03.2026 13:41:31.250\"") << at;
    QTest::newRow("beyond") << QByteArray("epoch-seconds") << QByteArray("1e300") << QString();
    QTest::newRow("a word") << QByteArray("epoch-seconds") << QByteArray("\"now\"") << QString();
    QTest::newRow("an object") << QByteArray("epoch-seconds") << QByteArray("{}") << QString();
}

void TestJsonMapping::times()
{
    QFETCH(QByteArray, format);
    QFETCH(QByteArray, value);
    QFETCH(QString, time);
    const CollectSink sink = imported(R"({"fields":{"time":{"pointer":"/t","format":")" + format + R"("},"action":{"constant":"app.event"}}})", "{\"t\":" + value + '}');
    QCOMPARE(sink.events.size(), time.isEmpty() ? 0 : 1);
    if (time.isEmpty())
        QVERIFY(sink.reasons[0].contains("/t"_L1));
    else
        QCOMPARE(toRfc3339(sink.events[0].time), time);
}

void TestJsonMapping::refusesMappings_data()
{
    QTest::addColumn<QByteArray>("mapping");
    QTest::addColumn<QString>("place");
    QTest::newRow("no time") << QByteArray(R"({"fields":{"action":{"constant":"a"}}})") << u"/fields/time"_s;
    QTest::newRow("no action") << QByteArray(R"({"fields":{"time":{"pointer":"/t"}}})") << u"/fields/action"_s;
    const auto with = [](const char *rest) { return R"({"fields":{"time":{"pointer":"/t"},"action":{"constant":"a"},)" + QByteArray(rest) + "}}"; };
    QTest::newRow("unknown field") << with(R"("who":{"pointer":"/a"})") << u"/fields/who"_s;
    QTest::newRow("both") << with(R"("actor":{"pointer":"/a","constant":"b"})") << u"/fields/actor"_s;
    QTest::newRow("neither") << with(R"("actor":{})") << u"/fields/actor"_s;
    QTest::newRow("no pointer") << with(R"("actor":{"pointer":"a"})") << u"/fields/actor/pointer"_s;
    QTest::newRow("bad escape") << with(R"("actor":{"pointer":"/a~2"})") << u"/fields/actor/pointer"_s;
    QTest::newRow("outcome") << with(R"("outcome":{"pointer":"/o","values":{"x":"ok"}})") << u"/fields/outcome/values/x"_s;
    QTest::newRow("otherwise") << with(R"("outcome":{"pointer":"/o","otherwise":"ok"})") << u"/fields/outcome/otherwise"_s;
    QTest::newRow("constant") << with(R"("actorKind":{"constant":"robot"})") << u"/fields/actorKind/constant"_s;
    QTest::newRow("unknown member") << with(R"("actor":{"pointer":"/a","regex":"x"})") << u"/fields/actor/regex"_s;
    QTest::newRow("time format") << QByteArray(R"({"fields":{"time":{"pointer":"/t","format":"unix"},"action":{"constant":"a"}}})") << u"/fields/time/format"_s;
    QTest::newRow("constant time") << QByteArray(R"({"fields":{"time":{"constant":"2026"},"action":{"constant":"a"}}})") << u"/fields/time"_s;
}

void TestJsonMapping::refusesMappings()
{
    QFETCH(QByteArray, mapping);
    QFETCH(QString, place);
    const auto read = JsonMapping::fromJson(mapping);
    QVERIFY(!read);
    QVERIFY2((read.error().detail + read.error().message).contains(place), qPrintable(read.error().detail + read.error().message));
}

void TestJsonMapping::keepsLinesAside_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QString>("place");
    QTest::newRow("no time") << QByteArray(R"({"event":"x"})") << u"/ts"_s;
    QTest::newRow("null time") << QByteArray(R"({"event":"x","ts":null})") << u"/ts"_s;
    QTest::newRow("no action") << QByteArray(R"({"ts":1})") << u"/event"_s;
    QTest::newRow("actor") << QByteArray(R"({"ts":1,"event":"x","user":{"id":"a b"}})") << u"/user/id"_s;
    QTest::newRow("address") << QByteArray(R"({"ts":1,"event":"x","ip":"localhost"})") << u"/ip"_s;
    QTest::newRow("twice") << QByteArray(R"({"ts":1,"ts":2,"event":"x"})") << QString();
}

void TestJsonMapping::keepsLinesAside()
{
    QFETCH(QByteArray, line);
    QFETCH(QString, place);
    const CollectSink sink = imported(mappingOfBilling, line);
    QCOMPARE(sink.events.size(), 0);
    QCOMPARE(sink.reasons.size(), 1);
    QVERIFY2(sink.reasons[0].contains(place), qPrintable(sink.reasons[0]));
}

QTEST_GUILESS_MAIN(TestJsonMapping)
#include "tst_jsonmapping.moc"
