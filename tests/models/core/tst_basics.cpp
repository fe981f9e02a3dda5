// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/capability.h"
#include "models/core/count.h"
#include "models/core/crc32c.h"
#include "models/core/error.h"
#include "models/core/id.h"
#include "models/core/redact.h"
#include "models/core/reply.h"

#include <QtCore/QLocale>
#include <QtCore/QSet>
#include <QtTest/QTest>

using namespace parapet;
using namespace Qt::StringLiterals;

class TestBasics : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }
    void errorNames();
    void identifiers_data();
    void identifiers();
    void freshIdentifiers();
    void counts();
    void capabilities();
    void checksums();
    void redacts_data();
    void redacts();
    void redactsKeys();
    void deliversQueued();
    void dropsWhatNobodyWaitsFor();
    void saysWhatWasCancelled();
};

void TestBasics::errorNames()
{
    QSet<QString> names;
    for (int i = 0; i <= int(Error::Code::Storage); ++i) {
        const QString name = nameOf(Error::Code(i));
        names.insert(name);
        Error::Code code = Error::Code::Protocol;
        QVERIFY(fromName(name, code));
        QCOMPARE(int(code), i);
    }
    QCOMPARE(names.size(), int(Error::Code::Storage) + 1);
    QCOMPARE(nameOf(Error::Code::RateLimited), u"RateLimited"_s);
    Error::Code code = Error::Code::Tls;
    QVERIFY(!fromName(u"rateLimited", code));
    QCOMPARE(code, Error::Code::Tls);
}

void TestBasics::identifiers_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("good");
    QTest::newRow("usual") << u"ws-payments-api-7f3"_s << true;
    QTest::newRow("every sign") << u"aZ09._:-"_s << true;
    QTest::newRow("longest") << QString(128, u'a') << true;
    QTest::newRow("too long") << QString(129, u'a') << false;
    QTest::newRow("empty") << QString() << false;
    QTest::newRow("space") << u"a b"_s << false;
    QTest::newRow("slash") << u"a/b"_s << false;
    QTest::newRow("line break") << u"a\n"_s << false;
    QTest::newRow("nul") << QString(QChar(0)) << false;
    QTest::newRow("letter of another script") << u"аbc"_s << false;
    QTest::newRow("full-width digit") << u"１"_s << false;
}

void TestBasics::identifiers()
{
    QFETCH(QString, text);
    QFETCH(bool, good);
    QCOMPARE(isIdentifier(text), good);
}

void TestBasics::freshIdentifiers()
{
    QSet<QString> seen;
    for (int i = 0; i < 1000; ++i) {
        const QString id = newIdentifier(u"op");
        QVERIFY(id.startsWith(u"op-"));
        QCOMPARE(id.size(), 19);
        QVERIFY(isIdentifier(id));
        QCOMPARE(id, id.toLower());
        seen.insert(id);
    }
    QCOMPARE(seen.size(), 1000);
    QCOMPARE(newIdentifier(u"op-").size(), 19);
    QCOMPARE(newIdentifier(u"").size(), 16);
}

void TestBasics::counts()
{
    QCOMPARE(Count::exactly(1284).text(), u"1,284"_s);
    QCOMPARE(Count::atLeast(1000).text(), u"at least 1,000"_s);
    QVERIFY(!(Count::exactly(3) == Count::atLeast(3)));
}

void TestBasics::capabilities()
{
    QVERIFY(Capability::present().isPresent());
    QVERIFY(!Capability::present().isDegraded());
    QVERIFY(Capability::degraded(u"no cgroups"_s).isPresent());
    QVERIFY(Capability::degraded(u"no cgroups"_s).isDegraded());
    QVERIFY(!Capability::absent(u"no bubblewrap"_s).isPresent());
    QCOMPARE(Capability::absent(u"no bubblewrap"_s).reason(), u"no bubblewrap"_s);
}

void TestBasics::checksums()
{
    // RFC 3720 §B.4
    QByteArray ascending;
    for (char c = 0; c < 32; ++c)
        ascending += c;
    QByteArray descending(ascending.size(), Qt::Uninitialized);
    std::reverse_copy(ascending.begin(), ascending.end(), descending.begin());
    QCOMPARE(Crc32c::of(QByteArray(32, '\0')), 0x8a9136aau);
    QCOMPARE(Crc32c::of(QByteArray(32, '\xff')), 0x62a8ab43u);
    QCOMPARE(Crc32c::of(ascending), 0x46dd794eu);
    QCOMPARE(Crc32c::of(descending), 0x113fdb5cu);
    QCOMPARE(Crc32c::of("123456789"), 0xe3069283u);
    QCOMPARE(Crc32c::of({}), 0u);
}

void TestBasics::redacts_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("clean");
    QTest::newRow("nothing") << u"connection refused by 127.0.0.1:8443"_s << u"connection refused by 127.0.0.1:8443"_s;
    QTest::newRow("authorization") << u"Authorization: Bearer abc.def\r\nHost: x"_s
                                   << u"Authorization: [redacted]\r\nHost: x"_s;
    QTest::newRow("bearer") << u"sent bearer AbCdEf0123456789"_s << u"sent bearer [redacted]"_s;
    QTest::newRow("cookie") << u"cookie: sid=1"_s << u"cookie: [redacted]"_s;
    QTest::newRow("token in JSON") << u"{\"token\":\"s\\\"ecret\",\"id\":1}"_s << u"{\"token\":[redacted],\"id\":1}"_s;
    QTest::newRow("parameter") << u"/x?access_token=abc&y=1"_s << u"/x?access_token=[redacted]&y=1"_s;
    QTest::newRow("password") << u"password=hunter2, retry"_s << u"password=[redacted], retry"_s;
    QTest::newRow("user information") << u"https://me:pw@host/"_s << u"https://[redacted]@host/"_s;
    QTest::newRow("web token") << u"got eyJhbGciOi.eyJzdWIi.c2ln end"_s << u"got [redacted] end"_s;
    QTest::newRow("a token's fate") << u"401 invalid_token"_s << u"401 invalid_token"_s;
}

void TestBasics::redacts()
{
    QFETCH(QString, text);
    QFETCH(QString, clean);
    QCOMPARE(redacted(text), clean);
}

void TestBasics::redactsKeys()
{
    const QString key = u"a\n-----BEGIN PRIVATE KEY-----\nMC4CAQ\n-----END PRIVATE KEY-----\nb"_s;
    QCOMPARE(redacted(key), u"a\n[redacted]\nb"_s);
    QCOMPARE(redacted(u"x -----BEGIN EC PRIVATE KEY-----\nMC4C"_s), u"x [redacted]"_s);
}

void TestBasics::deliversQueued()
{
    QObject context;
    int got = 0;
    deliver(&context, ready(Result<int>(7)), [&](const Result<int> &result) { got = result.value(); });
    QCOMPARE(got, 0);
    QTRY_COMPARE(got, 7);
}

void TestBasics::dropsWhatNobodyWaitsFor()
{
    bool called = false;
    bool later = false;
    auto context = std::make_unique<QObject>();
    QPromise<Result<int>> promise;
    promise.start();
    deliver(context.get(), Reply<int>(promise.future()), [&](const Result<int> &) { called = true; });
    context.reset();
    promise.addResult(Result<int>(1));
    promise.finish();
    QObject other;
    deliver(&other, ready(Result<int>(2)), [&](const Result<int> &) { later = true; });
    QTRY_VERIFY(later);
    QVERIFY(!called);
}

void TestBasics::saysWhatWasCancelled()
{
    QObject context;
    std::optional<Error::Code> code;
    QPromise<Result<int>> promise;
    promise.start();
    Reply<int> reply = promise.future();
    deliver(&context, reply, [&](const Result<int> &result) { code = result.error().code; });
    reply.cancel();
    promise.finish();
    QTRY_VERIFY(code.has_value());
    QCOMPARE(*code, Error::Code::Cancelled);
}

QTEST_GUILESS_MAIN(TestBasics)
#include "tst_basics.moc"
