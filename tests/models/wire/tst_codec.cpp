// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/json.h"
#include "models/domain/auditevent.h"
#include "models/domain/lease.h"
#include "models/domain/process.h"
#include "models/domain/session.h"
#include "models/domain/recording.h"
#include "models/domain/snapshot.h"
#include "models/domain/workspace.h"
#include "models/wire/pages.h"

#include <QtCore/QJsonDocument>
#include <QtTest/QTest>

#include <cmath>
#include <limits>

using namespace parapet;
using namespace parapet::wire;
using namespace Qt::StringLiterals;

namespace {

Workspace someWorkspace()
{
    Workspace workspace;
    workspace.id = WorkspaceId(u"ws-1"_s);
    workspace.name = Untrusted(u"pay\"ments\\ \u202e\x01 \U0001F512 \u00e9"_s);
    workspace.state = WorkspaceState::Frozen;
    workspace.owner = PrincipalId(u"p:karin"_s);
    workspace.leases = 3;
    workspace.version = (qint64(1) << 53) - 1;
    workspace.created = fromRfc3339(u"2026-03-17T13:41:31.250Z").value();
    workspace.imageSigned = true;
    return workspace;
}

template<class T>
QJsonObject throughText(const T &value)
{
    QByteArray text;
    appendJson(text, value);
    const auto json = parseJson(text);
    return json ? json->toObject() : QJsonObject();
}

} // namespace

class CodecTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bothEncodersAgree()
    {
        compareEncoders(someWorkspace());
        compareEncoders(Principal{});
        compareEncoders(Session{});
        compareEncoders(Lease{});
        compareEncoders(Flow{});
        compareEncoders(AuditEvent{});
        compareEncoders(Snapshot{});
        compareEncoders(Recording{});
        Process process;
        process.cpu = 11.4;
        compareEncoders(process);
    }

    void roundTrip()
    {
        const Workspace sent = someWorkspace();
        const Result<Workspace> got = fromJson<Workspace>(throughText(sent));
        QVERIFY2(got, qPrintable(got ? QString() : got.error().detail));
        for (const auto &field : fieldsOf<Workspace>())
            QVERIFY2(field.get(sent) == field.get(*got), field.name);
    }

    void refusals_data()
    {
        QTest::addColumn<QString>("member");
        QTest::addColumn<QJsonValue>("value");
        QTest::addColumn<QString>("detail");
        QTest::newRow("missing") << u"state"_s << QJsonValue(QJsonValue::Undefined) << u"/state: missing"_s;
        QTest::newRow("not in the enumeration")
            << u"state"_s << QJsonValue(u"melted"_s) << u"/state: must be one of starting"_s;
        QTest::newRow("number for text") << u"team"_s << QJsonValue(3) << u"/team: must be a string"_s;
        QTest::newRow("null for text") << u"team"_s << QJsonValue() << u"/team: must be a string"_s;
        QTest::newRow("text for number") << u"leases"_s << QJsonValue(u"3"_s) << u"/leases: must be a whole number"_s;
        QTest::newRow("fraction") << u"leases"_s << QJsonValue(3.5) << u"/leases: must be a whole number"_s;
        QTest::newRow("too large") << u"leases"_s << QJsonValue(9007199254740992.0)
                                   << u"/leases: must be a whole number"_s;
        QTest::newRow("infinite") << u"leases"_s << QJsonValue(std::numeric_limits<double>::infinity()) << u"/leases"_s;
        QTest::newRow("text for boolean")
            << u"isolated"_s << QJsonValue(u"true"_s) << u"/isolated: must be true or false"_s;
        QTest::newRow("no time") << u"created"_s << QJsonValue(u"yesterday"_s) << u"/created: must be a time"_s;
        QTest::newRow("long time") << u"created"_s << QJsonValue(QString(70, u'2')) << u"/created: must be a time"_s;
        QTest::newRow("identifier") << u"id"_s << QJsonValue(u"../x"_s) << u"/id: not a valid value"_s;
        QTest::newRow("long identifier") << u"owner"_s << QJsonValue(QString(129, u'a'))
                                         << u"/owner: longer than 128"_s;
        QTest::newRow("long text") << u"name"_s << QJsonValue(QString(65537, u'a')) << u"/name: longer than 65536"_s;
        QTest::newRow("array") << u"name"_s << QJsonValue(QJsonArray{1}) << u"/name: must be a string"_s;
    }
    void refusals()
    {
        QFETCH(QString, member);
        QFETCH(QJsonValue, value);
        QFETCH(QString, detail);
        QJsonObject object = toJson(someWorkspace());
        object.insert(member, value);
        const Result<Workspace> got = fromJson<Workspace>(object, Unknown::Ignore, Missing::Refuse, u"/items/7"_s);
        QVERIFY(!got);
        QVERIFY(got.error().code == Error::Code::Invalid);
        QVERIFY2(got.error().detail.startsWith(u"/items/7"_s + detail), qPrintable(got.error().detail));
        QVERIFY(!got.error().message.isEmpty());
    }

    void unknownMembers()
    {
        QJsonObject object = toJson(someWorkspace());
        object.insert(u"a/b~c"_s, 1);
        QVERIFY(fromJson<Workspace>(object));
        const Result<Workspace> strict = fromJson<Workspace>(object, Unknown::Refuse);
        QVERIFY(!strict);
        QCOMPARE(strict.error().detail, u"/a~1b~0c: not known"_s);
    }

    void draftsNeedNotBeWhole()
    {
        const QJsonObject draft{{u"action"_s, u"workspace.revoke"_s}, {u"target"_s, u"ws-1"_s}};
        QVERIFY(!fromJson<AuditEvent>(draft));
        const auto event = fromJson<AuditEvent>(draft, Unknown::Refuse, Missing::Allow);
        QVERIFY(event);
        QCOMPARE(event->target.raw(), u"ws-1"_s);
        QCOMPARE(event->index, -1);
    }

    void pages()
    {
        Page<Workspace> page{
            {someWorkspace(), someWorkspace()}, Count::atLeast(1000), u"cursor"_s, someWorkspace().created};
        QByteArray text;
        appendPage(text, page);
        const auto got = pageFromJson<Workspace>(parseJson(text)->toObject());
        QVERIFY2(got, qPrintable(got ? QString() : got.error().detail));
        QCOMPARE(got->items.size(), 2);
        QCOMPARE(got->total, Count::atLeast(1000));
        QCOMPARE(got->next, u"cursor"_s);
        QCOMPARE(got->asOf, page.asOf);

        text.clear();
        appendPage(text, Page<Workspace>{});
        const auto empty = pageFromJson<Workspace>(parseJson(text)->toObject());
        QVERIFY(empty && empty->items.isEmpty() && empty->next.isEmpty() && empty->total == Count::exactly(0));
    }

    void brokenPages_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("detail");
        QTest::newRow("no items") << QByteArray("{}") << u"/items: missing"_s;
        QTest::newRow("items no array") << QByteArray(R"({"items":{}})") << u"/items: must be an array"_s;
        QTest::newRow("item no object") << QByteArray(R"({"items":[3]})") << u"/items/0: must be an object"_s;
        QTest::newRow("no total") << QByteArray(R"({"items":[]})") << u"/total: missing"_s;
        QTest::newRow("negative") << QByteArray(R"({"items":[],"total":-1,"exact":true,"next":null,"asOf":null})")
                                  << u"/total"_s;
        QTest::newRow("next") << QByteArray(R"({"items":[],"total":1,"exact":true,"next":4,"asOf":null})")
                              << u"/next"_s;
        QTest::newRow("asOf") << QByteArray(R"({"items":[],"total":1,"exact":true,"next":null,"asOf":1})")
                              << u"/asOf"_s;
    }
    void brokenPages()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, detail);
        const auto got = pageFromJson<Workspace>(parseJson(text)->toObject());
        QVERIFY(!got);
        QVERIFY2(got.error().detail.startsWith(detail), qPrintable(got.error().detail));
    }

    void tooManyItems()
    {
        QJsonArray items;
        for (int i = 0; i < 501; ++i)
            items << 1;
        const auto got = pageFromJson<Workspace>({{u"items"_s, items}});
        QVERIFY(!got);
        QCOMPARE(got.error().detail, u"/items: longer than 500"_s);
    }

    void buckets()
    {
        QByteArray text;
        appendBuckets(text, {{u"empty"_s, 0}, {u"eu-west-1"_s, 12}, {u"\"quoted\""_s, 1}});
        QCOMPARE(parseJson(text)->toObject().value("total"_L1).toInt(), 13);
        const auto got = bucketsFromJson(parseJson(text)->toObject());
        QVERIFY(got);
        QCOMPARE(got->size(), 3);
        QCOMPARE(got->at(2).key, u"\"quoted\""_s);
        QVERIFY(!bucketsFromJson({{u"items"_s, QJsonArray{QJsonObject{{u"key"_s, u"a"_s}, {u"count"_s, -1}}}}}));
    }

    void numbersAndTimes()
    {
        QByteArray out;
        appendReal(out, std::nan(""));
        appendReal(out, std::numeric_limits<double>::infinity());
        QCOMPARE(out, "nullnull");
        out.clear();
        appendReal(out, 0.1);
        QCOMPARE(out, "0.1");
        for (const char *moment : {"1969-12-31T23:59:59.999Z", "2024-02-29T00:00:00.001Z", "9999-12-31T23:59:59.999Z",
                                   "0001-01-01T00:00:00.000Z"}) {
            out.clear();
            appendTime(out, fromRfc3339(QString::fromLatin1(moment)).value());
            QCOMPARE(out, '"' + QByteArray(moment) + '"');
        }
        out.clear();
        appendTime(out, Instant{});
        QCOMPARE(out, "null");
    }

    void strings_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("empty") << QString();
        QTest::newRow("controls") << QString::fromUtf16(u"\x01\x1f\b\f\n\r\t\x7f");
        QTest::newRow("nul") << QString(3, QChar(0));
        QTest::newRow("long run") << QString(1000, u'x') + u"\u00e9"_s + QString(128, u'y');
        QTest::newRow("beyond the plane") << u"\U0001F512\u20ac\u00e9"_s;
    }
    void strings()
    {
        QFETCH(QString, text);
        QByteArray out("[");
        appendString(out, text);
        out += ']';
        QCOMPARE(QJsonDocument::fromJson(out).array().at(0).toString(), text);
    }

    void loneSurrogates()
    {
        QByteArray out;
        appendString(out, QString(QChar(0xd83d)) + u'a' + QChar(0xdc00));
        QCOMPARE(out, QByteArray("\"\xef\xbf\xbd"
                                 "a\xef\xbf\xbd\""));
    }

private:
    template<class T>
    void compareEncoders(const T &value)
    {
        QByteArray text;
        appendJson(text, value);
        QJsonParseError error;
        const QJsonDocument document = QJsonDocument::fromJson(text, &error);
        QVERIFY2(error.error == QJsonParseError::NoError, qPrintable(error.errorString()));
        QCOMPARE(document.object(), toJson(value));
    }
};

QTEST_APPLESS_MAIN(CodecTest)
#include "tst_codec.moc"
