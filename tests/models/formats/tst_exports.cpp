// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/json.h"
#include "models/formats/cef.h"
#include "models/formats/ocsf.h"
#include "models/formats/syslog.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonObject>
#include <QtCore/QRegularExpression>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace parapet;
using namespace parapet::formats;

class TestExports : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void syslogHasItsShape();
    void syslogParametersAreEscaped();
    void syslogHeadIsBounded();
    void syslogIsShortEnough();
    void octetsAreCounted();
    void cefEscapesAsItsPaperSays();
    void cefHasItsShape();
    void ocsfHasItsAttributes();
    void ocsfClasses_data();
    void ocsfClasses();
    void nothingBreaksOut_data();
    void nothingBreaksOut();

private:
    static AuditEvent event()
    {
        AuditEvent event;
        event.index = 17;
        event.time = *fromRfc3339(u"2026-03-17T13:41:31.250Z"_s);
        event.actor = PrincipalId(u"p-ana"_s);
        event.actorName = Untrusted(u"Ana"_s);
        event.actorKind = ActorKind::Human;
        event.action = u"workspace.isolate"_s;
        event.target = Untrusted(u"ws-1"_s);
        event.workspace = WorkspaceId(u"ws-1"_s);
        event.source = u"10.0.0.7"_s;
        event.session = SessionId(u"s-1"_s);
        event.requestId = u"r-1"_s;
        event.origin = u"control"_s;
        event.originSequence = 3;
        event.reason = Untrusted(u"incident"_s);
        event.detail = Untrusted(u"{\"a\":1}"_s);
        return event;
    }
    static Product product() { return {u"plane.example"_s, u"1.2"_s, u"parapet.local/abc"_s}; }
};

void TestExports::syslogHasItsShape()
{
    const QByteArray message = toSyslog(event(), product());
    // RFC 5424 §6: HEADER SP STRUCTURED-DATA SP BOM MSG; priority 13·8+6.
    QVERIFY2(message.startsWith("<110>1 2026-03-17T13:41:31.250Z plane.example parapet-plane - workspace.isolate [parapet@32473 index=\"17\" "), message.constData());
    QVERIFY(message.contains(" detail=\"{\\\"a\\\":1}\"] \xEF\xBB\xBF""Ana workspace.isolate ws-1: success"));
    AuditEvent other = event();
    other.outcome = Outcome::Denied;
    QVERIFY(toSyslog(other, product()).startsWith("<108>1 "));
    other.outcome = Outcome::Failure;
    QVERIFY(toSyslog(other, product()).startsWith("<107>1 "));
    other.time = {};
    QVERIFY(toSyslog(other, product()).startsWith("<107>1 - plane.example "));
    Product own = product();
    own.enterprise = 9999;
    QVERIFY(toSyslog(event(), own).contains("[parapet@9999 "));
    QCOMPARE(toSyslog(event(), product(), "text"), QByteArray("<110>1 2026-03-17T13:41:31.250Z plane.example parapet-plane - workspace.isolate - text"));
}

void TestExports::syslogParametersAreEscaped()
{
    // RFC 5424 §6.3.3: these three, and no other.
    QCOMPARE(syslogParameter(u"a\"b\\c]d[e"_s, 100), QByteArray("a\\\"b\\\\c\\]d[e"));
    QCOMPARE(syslogParameter(u"a\nb"_s, 100), QByteArray("a⏎b"));
}

void TestExports::syslogHeadIsBounded()
{
    AuditEvent odd = event();
    odd.action = u"a b"_s + QString(100, u'x');
    const QList<QByteArray> parts = toSyslog(odd, {u"h\u00e9 st"_s + QString(400, u'h'), {}, {}}).split(' ');
    QCOMPARE(parts[2].size(), 255);
    QVERIFY(parts[2].startsWith("h__st"));
    QCOMPARE(parts[5].size(), 32); // MSGID
    QVERIFY(parts[5].startsWith("a_bxxx"));
    QVERIFY(toSyslog(event(), {}).startsWith("<110>1 2026-03-17T13:41:31.250Z - parapet-plane - workspace.isolate "));
}

void TestExports::syslogIsShortEnough()
{
    AuditEvent large = event();
    const QString wide = QString(20000, QChar(0x4E2D));
    large.detail = Untrusted(wide);
    large.target = Untrusted(wide);
    large.reason = Untrusted(wide);
    large.actorName = Untrusted(wide);
    const QByteArray message = toSyslog(large, product());
    QVERIFY2(message.size() <= longestSyslog, QByteArray::number(message.size()).constData());
    QVERIFY(QUtf8StringView(message).isValidUtf8());
    large.detail = Untrusted(QString(20000, u'"'));
    const QByteArray escaped = toSyslog(large, product());
    QVERIFY(escaped.size() <= longestSyslog);
    QVERIFY(escaped.contains("…\"] ")); // the value's own quote is not escaped away
}

void TestExports::octetsAreCounted()
{
    QCOMPARE(octetCounted("<34>1 é"), QByteArray("8 <34>1 é"));
}

void TestExports::cefEscapesAsItsPaperSays()
{
    // ArcSight Common Event Format, "Character Encoding": its own examples.
    QCOMPARE(cefHeader(u"detected a | in message"_s, 100), QByteArray("detected a \\| in message"));
    QCOMPARE(cefHeader(u"detected a \\ in packet"_s, 100), QByteArray("detected a \\\\ in packet"));
    QCOMPARE(cefHeader(u"detected a = in message"_s, 100), QByteArray("detected a = in message"));
    QCOMPARE(cefValue(u"blocked a \\"_s, 100), QByteArray("blocked a \\\\"));
    QCOMPARE(cefValue(u"blocked a ="_s, 100), QByteArray("blocked a \\="));
    QCOMPARE(cefValue(u"blocked a |"_s, 100), QByteArray("blocked a |"));
    QCOMPARE(cefValue(u"Detected a threat.\n No action needed."_s, 100), QByteArray("Detected a threat.\\n No action needed."));
    QCOMPARE(cefValue(u"abcdef"_s, 4), QByteArray("abc…"));
}

void TestExports::cefHasItsShape()
{
    const QByteArray line = toCef(event(), product());
    QVERIFY2(line.startsWith("CEF:0|Parapet|parapet-plane|1.2|workspace.isolate|workspace.isolate|3|rt=1773754891250 act=workspace.isolate outcome=success suid=p-ana suser=Ana "), line.constData());
    QVERIFY(line.contains(" src=10.0.0.7 "));
    QVERIFY(line.contains(" cs1=ws-1 cs1Label=target "));
    AuditEvent other = event();
    other.source = u"local"_s;
    other.outcome = Outcome::Denied;
    QVERIFY(toCef(other, product()).contains("|6|"));
    QVERIFY(toCef(other, product()).contains(" shost=local "));
    other.source = u"2001:db8::1"_s;
    QVERIFY(toCef(other, product()).contains(" c6a2=2001:db8::1 c6a2Label=Source IPv6 Address "));
}

void TestExports::ocsfHasItsAttributes()
{
    const auto json = parseJson(toOcsf(event(), product()));
    QVERIFY2(json, json ? "" : qPrintable(json.error().message));
    const QJsonObject object = json->toObject();
    // What the base event and API Activity (6003) require.
    for (const char *required : {"activity_id", "category_uid", "class_uid", "type_uid", "time", "severity_id", "metadata", "actor", "api", "src_endpoint"})
        QVERIFY2(object.contains(QLatin1String(required)), required);
    QCOMPARE(object.value("class_uid"_L1).toInt(), 6003);
    QCOMPARE(object.value("category_uid"_L1).toInt(), 6);
    QCOMPARE(object.value("activity_id"_L1).toInt(), 3);
    QCOMPARE(object.value("type_uid"_L1).toInt(), 600303);
    QCOMPARE(object.value("time"_L1).toInteger(), 1773754891250);
    QCOMPARE(object.value("metadata"_L1).toObject().value("version"_L1).toString(), u"1.3.0"_s);
    QCOMPARE(object.value("metadata"_L1).toObject().value("product"_L1).toObject().value("vendor_name"_L1).toString(), u"Parapet"_s);
    QCOMPARE(object.value("api"_L1).toObject().value("operation"_L1).toString(), u"workspace.isolate"_s);
    QCOMPARE(object.value("src_endpoint"_L1).toObject().value("ip"_L1).toString(), u"10.0.0.7"_s);
    QCOMPARE(object.value("actor"_L1).toObject().value("user"_L1).toObject().value("name"_L1).toString(), u"Ana"_s);
    QCOMPARE(object.value("unmapped"_L1).toObject().value("detail"_L1).toString(), u"{\"a\":1}"_s);
    // An event without anything is still whole.
    const auto bare = parseJson(toOcsf(AuditEvent(), {}));
    QVERIFY2(bare, bare ? "" : qPrintable(bare.error().message));
}

void TestExports::ocsfClasses_data()
{
    QTest::addColumn<QString>("action");
    QTest::addColumn<int>("type");
    QTest::newRow("session") << u"session.start"_s << 300201;
    QTest::newRow("end of a session") << u"session.end"_s << 300202;
    QTest::newRow("login") << u"auditd.user_login"_s << 300201;
    QTest::newRow("read") << u"k8s.secrets.read"_s << 600302;
    QTest::newRow("create") << u"k8s.pods.create"_s << 600301;
    QTest::newRow("revoke") << u"lease.revoke"_s << 600304;
    QTest::newRow("other") << u"tool.call"_s << 600399;
    QTest::newRow("nothing") << QString() << 600399;
}

void TestExports::ocsfClasses()
{
    QFETCH(QString, action);
    AuditEvent one = event();
    one.action = action;
    const auto json = parseJson(toOcsf(one, product()));
    QVERIFY(json);
    QTEST(json->toObject().value("type_uid"_L1).toInt(), "type");
    const bool logon = json->toObject().value("class_uid"_L1).toInt() == 3002;
    QCOMPARE(json->toObject().contains("user"_L1), logon);    // required of Authentication
    QCOMPARE(json->toObject().contains("service"_L1), logon); // or dst_endpoint
}

void TestExports::nothingBreaksOut_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("newline") << u"a\n<110>1 - - - - - - forged"_s;
    QTest::newRow("return") << u"a\r\nCEF:0|x|x|x|x|x|9|"_s;
    QTest::newRow("quote") << u"a\"] [other@1 b=\"c"_s;
    QTest::newRow("pair") << u"a act=forged outcome=success"_s;
    QTest::newRow("pipe") << u"a|b|10|"_s;
    QTest::newRow("separators") << u"a\u2028b\u0085c\u2029d"_s;
    QTest::newRow("nul") << u"a"_s + QChar(0) + u"b"_s;
    QTest::newRow("json") << u"\"},\"outcome\":\"success\",\"x\":{\""_s;
    QTest::newRow("half") << u"a"_s + QChar(0xD800);
    QTest::newRow("backslash") << u"a\\"_s;
}

void TestExports::nothingBreaksOut()
{
    QFETCH(QString, text);
    AuditEvent bad = event();
    bad.actorName = bad.target = bad.reason = bad.detail = Untrusted(text);
    bad.action = bad.source = bad.requestId = bad.origin = text;
    bad.actor = PrincipalId(text);
    const Product odd{text, text, text};
    const QByteArray syslog = toSyslog(bad, odd);
    const QByteArray cef = toCef(bad, odd);
    const QByteArray ocsf = toOcsf(bad, odd);
    for (const QByteArray &record : {syslog, cef, ocsf}) {
        QVERIFY(std::none_of(record.begin(), record.end(), [](char c) { return uchar(c) < 0x20 || c == 0x7f; }));
        QVERIFY(!record.contains("\u2028") && !record.contains("\u0085"));
    }
    // One element of structured data, its values all closed.
    static const QRegularExpression shape(uR"(^<\d+>1 \S+ \S+ parapet-plane - \S+ \[parapet@32473( [A-Za-z]+="([^"\\\]]|\\["\\\]])*")+\] )"_s);
    QVERIFY2(shape.match(QString::fromUtf8(syslog)).hasMatch(), syslog.constData());
    static const QRegularExpression bar(uR"((?<!\\)(\\\\)*\|)"_s);
    const QString head = QString::fromUtf8(cef).section(u"|3|"_s, 0, 0);
    QCOMPARE(head.count(bar), 5);
    // "=" within a value is escaped: the pairs are those that we wrote.
    static const QRegularExpression forged(uR"( act=forged| outcome=success.* outcome=success)"_s);
    QVERIFY2(!forged.match(QString::fromUtf8(cef).section(u"|3|"_s, 1)).hasMatch(), cef.constData());
    const auto json = parseJson(ocsf);
    QVERIFY2(json, json ? "" : qPrintable(json.error().message));
}

QTEST_GUILESS_MAIN(TestExports)
#include "tst_exports.moc"
