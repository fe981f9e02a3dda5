// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/json.h"
#include "models/domain/workspace.h"
#include "models/wire/self.h"
#include "models/wire/activity.h"
#include "models/wire/changeevent.h"
#include "models/wire/heldsecret.h"
#include "models/wire/problem.h"
#include "models/wire/runtimestate.h"

#include <QtTest/QTest>

using namespace parapet;
using namespace parapet::wire;
using namespace Qt::StringLiterals;

namespace {

/// JSON with ' for ", because moc cannot read raw strings that hold quotes.
QByteArray quoted(const char *text)
{
    return QByteArray(text).replace('\'', '"');
}

template<class T>
QJsonObject objectOf(const T &value)
{
    QByteArray text;
    appendJson(text, value);
    return parseJson(text).value().toObject();
}

} // namespace

class WireValuesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void runtimeState()
    {
        RuntimeState state;
        state.workspace = WorkspaceId(u"ws-1"_s);
        state.exists = state.frozen = state.networkPresent = true;
        state.processes = 31;
        state.rootPid = 4711;
        state.rootStartTicks = 123456789;
        state.openFlows = 2;
        state.bootId = u"b00t"_s;
        state.host = u"h1"_s;
        state.at = fromRfc3339(u"2026-03-17T13:41:31.250Z").value();
        const auto got = fromJson<RuntimeState>(objectOf(state));
        QVERIFY2(got, qPrintable(got ? QString() : got.error().detail));
        QCOMPARE(objectOf(*got), objectOf(state));
        QVERIFY(got->frozen && !got->isolated && !got->simulated);

        QJsonObject partial = objectOf(state);
        partial.remove(u"exists"_s);
        const auto broken = fromJson<RuntimeState>(partial);
        QVERIFY2(!broken, "whether it still exists must never be assumed");
        QCOMPARE(broken.error().detail, u"/exists: missing"_s);
    }

    void capabilities()
    {
        QByteArray text;
        appendCapabilities(text, {{u"freeze"_s, Capability::present()},
                                  {u"isolate"_s, Capability::absent(u"no nftables"_s)},
                                  {u"limits"_s, Capability::degraded(u"cgroup v1"_s)}});
        const auto got = capabilitiesFromJson(parseJson(text)->toObject());
        QVERIFY(got);
        QCOMPARE(got->size(), 3);
        QVERIFY(got->at(0).second.isPresent() && !got->at(0).second.isDegraded());
        QVERIFY(!got->at(1).second.isPresent());
        QCOMPARE(got->at(1).second.reason(), u"no nftables"_s);
        QVERIFY(got->at(2).second.isDegraded());

        const auto silent = capabilitiesFromJson(
            parseJson(quoted("{'items':[{'verb':'freeze','present':false,'reason':''}]}"))->toObject());
        QVERIFY2(!silent, "an absence needs its reason");
    }

    void self()
    {
        Self self;
        self.principal.id = PrincipalId(u"vera"_s);
        self.principal.version = 7;
        self.acceptedUntil = Instant(Milliseconds(1'773'755'318'250));
        self.rights = {{u"workspace:read"_s, u"organisation"_s, GrantEffect::Allow}, {u"audit:read"_s, u"project:a \"b"_s, GrantEffect::Deny}};
        QByteArray text;
        appendJson(text, self);
        const QJsonObject object = parseJson(text)->toObject();
        const auto got = fromJson<Self>(object);
        QVERIFY2(got, qPrintable(got ? QString() : got.error().detail));
        QCOMPARE(got->principal.id, self.principal.id);
        QCOMPARE(got->principal.version, 7);
        QCOMPARE(got->acceptedUntil, self.acceptedUntil);
        QCOMPARE(got->rights, self.rights);
        for (const QString &member : {u"rights"_s, u"acceptedUntil"_s, u"id"_s}) {
            QJsonObject less = object;
            less.remove(member);
            QVERIFY2(!fromJson<Self>(less), qPrintable(member));
        }
        QJsonObject odd = object;
        odd.insert(u"rights"_s, QJsonArray{QJsonObject{{u"right"_s, u"x:y"_s}, {u"scope"_s, u"organisation"_s}, {u"effect"_s, u"perhaps"_s}}});
        const auto refused = fromJson<Self>(odd);
        QVERIFY(!refused);
        QVERIFY2(refused.error().detail.startsWith(u"/rights/0/effect"_s), qPrintable(refused.error().detail));
    }

    void heldSecrets()
    {
        HeldSecret secret{HeldSecret::Kind::LeaseSecret,
                          u"le-1"_s,
                          u"db-payments-ro"_s,
                          u"postgres-payments"_s,
                          u"https://127.0.0.1:1"_s,
                          u"ro"_s,
                          QByteArray("\0\xff\"s3cret", 9)};
        QByteArray text;
        appendItems(text, QVector<HeldSecret>{secret});
        const auto got = itemsFromJson<HeldSecret>(parseJson(text)->toObject());
        QVERIFY2(got, qPrintable(got ? QString() : got.error().detail));
        QCOMPARE(got->first().secret, secret.secret);
        QCOMPARE(got->first().kind, secret.kind);
        QCOMPARE(got->first().userName, u"ro"_s);
    }

    void brokenSecrets_data()
    {
        QTest::addColumn<QString>("secret");
        QTest::newRow("not base64") << u"@@@@"_s;
        QTest::newRow("no padding") << u"YQ"_s;
        QTest::newRow("loose bits") << u"YR=="_s;
        QTest::newRow("too long") << QString::fromLatin1(QByteArray(4097, 'x').toBase64());
    }
    void brokenSecrets()
    {
        QFETCH(QString, secret);
        QJsonObject object = objectOf(HeldSecret{});
        object.insert(u"secret"_s, secret);
        const auto got = fromJson<HeldSecret>(object);
        QVERIFY(!got);
        QVERIFY(got.error().detail.startsWith(u"/secret: "_s));
        QVERIFY2(!got.error().detail.contains(secret), "an error never repeats a secret");
    }

    void activityAndHead()
    {
        const ActivitySlice slice{fromRfc3339(u"2026-03-17T13:45:00Z").value(), 12, 3, 40, 2};
        const auto got = fromJson<ActivitySlice>(objectOf(slice));
        QVERIFY(got && got->from == slice.from && got->people == 12 && got->agents == 3 && got->services == 40 && got->refused == 2);
        QJsonObject older = objectOf(slice); // an earlier plane says nothing of services
        older.remove(u"services"_s);
        older.remove(u"refused"_s);
        QVERIFY(fromJson<ActivitySlice>(older));
        QVERIFY(!fromJson<ActivitySlice>({{u"from"_s, QJsonValue()}, {u"people"_s, 1}, {u"agents"_s, 0}, {u"refused"_s, -1}}));
        QVERIFY(!fromJson<ActivitySlice>({{u"from"_s, QJsonValue()}, {u"people"_s, -1}, {u"agents"_s, 0}}));

        const LogHead head{u"plane"_s, 4812006, QByteArray(32, '\x7f'), slice.from};
        const auto read = fromJson<LogHead>(objectOf(head));
        QVERIFY(read && read->size == head.size && read->rootHash == head.rootHash && read->origin == head.origin);
        for (const int size : {0, 31, 33}) {
            QJsonObject object = objectOf(head);
            object.insert(u"rootHash"_s, QString::fromLatin1(QByteArray(size, 'x').toBase64()));
            QVERIFY(!fromJson<LogHead>(object));
        }
    }

    void cosignatures()
    {
        const Cosignature one{4812006, QByteArray(32, '\x7f'), u"witness.example"_s, u"\u2014 witness.example AbCd"_s, fromRfc3339(u"2026-03-17T13:45:00Z").value()};
        QJsonObject object = objectOf(one);
        // What the plane keeps beside it is no matter here.
        object.insert(u"received"_s, u"2026-03-17T13:45:01Z"_s);
        object.insert(u"principal"_s, u"person-1"_s);
        const auto read = fromJson<Cosignature>(object);
        QVERIFY(read && read->size == one.size && read->rootHash == one.rootHash && read->witness == one.witness && read->line == one.line && read->at == one.at);
        for (const auto &[name, value] : {std::pair(u"size"_s, QJsonValue(-1)), std::pair(u"rootHash"_s, QJsonValue(u"AAAA"_s)), std::pair(u"line"_s, QJsonValue(7)),
                                          std::pair(u"line"_s, QJsonValue(QString(4097, u'x'))), std::pair(u"at"_s, QJsonValue(u"then"_s))}) {
            QJsonObject wrong = object;
            wrong.insert(name, value);
            QVERIFY2(!fromJson<Cosignature>(wrong), qPrintable(name));
        }
    }

    void changes()
    {
        Workspace workspace;
        workspace.id = WorkspaceId(u"ws-1"_s);
        QByteArray data;
        appendChange(data, workspace.id.value, workspace);
        QVERIFY2(!data.contains('\n'), "one event, one line");
        const auto got = changeFrom(u"e1-7"_s, u"workspace"_s, data);
        QVERIFY2(got, qPrintable(got ? QString() : got.error().detail));
        QVERIFY(!got->removed);
        QCOMPARE(got->object, toJson(workspace));

        data.clear();
        appendRemoval(data, u"ws-1"_s);
        const auto gone = changeFrom(u"e1-8"_s, u"workspace"_s, data);
        QVERIFY(gone && gone->removed && gone->object.isEmpty());

        data.clear();
        appendHello(data, {u"e1"_s, u"e1-8"_s, 10});
        const auto hello = helloFrom(data);
        QVERIFY(hello && hello->epoch == u"e1"_s && hello->sequence == u"e1-8"_s && hello->pingSeconds == 10);
    }

    void brokenChanges_data()
    {
        QTest::addColumn<QByteArray>("data");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("garbage") << QByteArray("<html>");
        QTest::newRow("array") << QByteArray("[]");
        QTest::newRow("no identifier") << quoted("{'removed':true}");
        QTest::newRow("empty identifier") << quoted("{'id':'','removed':true}");
        QTest::newRow("no object") << quoted("{'id':'a','removed':false}");
        QTest::newRow("object is text") << quoted("{'id':'a','removed':false,'object':'x'}");
        QTest::newRow("twice") << quoted("{'id':'a','id':'b','removed':true}");
        QTest::newRow("deep") << quoted("{'id':'a','removed':false,'object':") + QByteArray(100, '[') +
                                     QByteArray(100, ']') + '}';
    }
    void brokenChanges()
    {
        QFETCH(QByteArray, data);
        const auto got = changeFrom(u"e1-7"_s, u"workspace"_s, data);
        QVERIFY(!got);
        QVERIFY(got.error().code == Error::Code::Protocol);
    }

    void pingsAreSane()
    {
        for (const int seconds : {-1, 0, 601})
            QVERIFY(!helloFrom("{\"epoch\":\"e\",\"sequence\":\"e-1\",\"pingSeconds\":" + QByteArray::number(seconds) +
                               '}'));
    }

    void problems()
    {
        const Problem sent{403,
                           {Error::Code::Forbidden, u"No binding gives lease:revoke."_s, u"internal detail"_s, false},
                           u"req-1"_s,
                           {}};
        const QByteArray body = toProblem(sent);
        QVERIFY2(!body.contains("internal detail"), "the log's detail stays at home");
        const QJsonObject object = parseJson(body)->toObject();
        QCOMPARE(object.value("type"_L1).toString(), u"about:blank"_s);
        QCOMPARE(object.value("title"_L1).toString(), u"Forbidden"_s);
        QCOMPARE(object.value("status"_L1).toInt(), 403);
        QCOMPARE(object.value("code"_L1).toString(), nameOf(Error::Code::Forbidden));

        const Problem got = problemFrom(403, body, "application/problem+json; charset=utf-8");
        QVERIFY(got.error.code == Error::Code::Forbidden);
        QVERIFY(got.error.message.contains(u"No binding gives lease:revoke."_s));
        QCOMPARE(got.instance, u"req-1"_s);
        QVERIFY(!got.error.retryable);
    }

    void statuses_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("code");
        QTest::addColumn<bool>("retryable");
        const auto row = [](int status, Error::Code code, bool retryable) {
            QTest::addRow("%d", status) << status << int(code) << retryable;
        };
        row(400, Error::Code::Invalid, false);
        row(401, Error::Code::Unauthorized, false);
        row(403, Error::Code::Forbidden, false);
        row(404, Error::Code::NotFound, false);
        row(410, Error::Code::NotFound, false);
        row(409, Error::Code::Conflict, false);
        row(412, Error::Code::Conflict, false);
        row(413, Error::Code::Invalid, false);
        row(429, Error::Code::RateLimited, true);
        row(500, Error::Code::Server, false);
        row(503, Error::Code::Server, true);
        row(504, Error::Code::Server, true);
        row(302, Error::Code::Protocol, false);
        row(200, Error::Code::Protocol, false);
    }
    void statuses()
    {
        QFETCH(int, status);
        const Problem problem = problemFrom(status, "<html>hostile</html>", "text/html");
        QTEST(int(problem.error.code), "code");
        QTEST(problem.error.retryable, "retryable");
        QVERIFY(!problem.error.message.isEmpty());
        QVERIFY2(!problem.error.message.contains(u"hostile"_s), "only problem documents are quoted");
    }

    void hostileProblems()
    {
        const QByteArray body =
            quoted("{'detail':'a\\u202eb") + QByteArray(5000, 'x') + quoted("','title':7,'instance':'%1 %2'}");
        const Problem problem = problemFrom(500, body, "application/problem+json");
        QVERIFY(!problem.error.message.contains(QChar(0x202e)));
        QVERIFY(problem.error.message.size() < 1000);
        QVERIFY(problemFrom(500, "{\"detail\":", "application/problem+json").error.code == Error::Code::Server);
    }

    void everyCodeHasAStatus()
    {
        for (int code = 0; code <= int(Error::Code::Storage); ++code)
            QVERIFY(statusOf(Error::Code(code)) >= 400);
        for (const int status : {400, 401, 403, 404, 409, 429, 500})
            QCOMPARE(statusOf(codeOf(status)), status);
    }

    void retryAfter_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<qint64>("seconds");
        QTest::newRow("seconds") << QByteArray(" 7 ") << qint64(7);
        QTest::newRow("an hour at most") << QByteArray("999999") << qint64(3600);
        QTest::newRow("date") << QByteArray("Fri, 31 Dec 1999 23:59:59 GMT") << qint64(0);
        QTest::newRow("negative") << QByteArray("-1") << qint64(0);
        QTest::newRow("none") << QByteArray() << qint64(0);
        QTest::newRow("overflow") << QByteArray("99999999999999999999") << qint64(0);
    }
    void retryAfter()
    {
        QFETCH(QByteArray, header);
        QFETCH(qint64, seconds);
        QCOMPARE(retryAfterFrom(header), Milliseconds(seconds * 1000));
    }
};

QTEST_APPLESS_MAIN(WireValuesTest)
#include "tst_wirevalues.moc"
