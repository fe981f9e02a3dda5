// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/wire/batch.h"

#include "models/core/json.h"

#include <QtTest/QTest>

using namespace parapet;
using namespace Qt::StringLiterals;
using wire::BatchItem;

class TestBatch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void requestsComeBack();
    void answersComeBack();
    void badRequestsAreRefused_data();
    void badRequestsAreRefused();
    void badAnswersAreRefused_data();
    void badAnswersAreRefused();
};

void TestBatch::requestsComeBack()
{
    const QVector<BatchItem> items{{"GET", "/v1/workspaces/ws%2F1/state?limit=5", {{"Authorization", "Bearer pt_x"}}, {}},
                                   {"POST", "/v1/workspaces/ws-1/isolate", {{"Idempotency-Key", "k-1"}, {"If-Match", "\"7\""}, {"Cookie", "dropped"}}, R"({"reason":"a \"b\""})"}};
    const auto read = wire::batchFromJson(wire::toBatch(items));
    QVERIFY2(read, qPrintable(read ? QString() : read.error().detail));
    QCOMPARE(read->size(), 2);
    QCOMPARE(read->at(0).method, items[0].method);
    QCOMPARE(read->at(0).target, items[0].target);
    QCOMPARE(read->at(0).headers, items[0].headers);
    QVERIFY(read->at(0).body.isEmpty());
    QCOMPARE(read->at(1).body, items[1].body);
    QCOMPARE(read->at(1).headers.size(), 2); // what is no business of a batch does not go into one
}

void TestBatch::answersComeBack()
{
    QByteArray one, two, three;
    wire::appendBatchAnswer(one, 200, "application/json; charset=utf-8", {{"ETag", "\"3\""}, {"Cache-Control", "no-store"}}, R"({"a":1})");
    wire::appendBatchAnswer(two, 401, "application/problem+json", {{"WWW-Authenticate", "Bearer error=\"invalid_token\""}}, R"({"status":401})");
    wire::appendBatchAnswer(three, 200, "application/x-tar", {}, QByteArrayView("\0\xff\n", 3));
    const auto read = wire::batchAnswersFromJson(wire::toBatchAnswers({one, two, three}), 3);
    QVERIFY2(read, qPrintable(read ? QString() : read.error().detail));
    QCOMPARE(read->at(0).status, 200);
    QCOMPARE(read->at(0).contentType, "application/json");
    QCOMPARE(read->at(0).headers.size(), 1);
    QCOMPARE(read->at(0).json.toObject().value("a"_L1).toInt(), 1);
    QCOMPARE(read->at(1).headers.first().second, "Bearer error=\"invalid_token\"");
    QVERIFY(read->at(2).json.isUndefined());
    QCOMPARE(read->at(2).body, QByteArray("\0\xff\n", 3));
}

void TestBatch::badRequestsAreRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("place");
    QTest::newRow("no JSON") << QByteArray("{") << QString();
    QTest::newRow("array") << QByteArray("[]") << QString();
    QTest::newRow("no items") << QByteArray("{}") << u"/items"_s;
    QTest::newRow("empty") << QByteArray(R"({"items":[]})") << u"/items"_s;
    QTest::newRow("unknown member") << QByteArray(R"({"items":[{"method":"GET","path":"/v1/self"}],"x":1})") << u"/x"_s;
    QTest::newRow("item is no object") << QByteArray(R"({"items":[1]})") << u"/items/0"_s;
    QTest::newRow("method") << QByteArray(R"({"items":[{"method":"PUT","path":"/v1/self"}]})") << u"/items/0/method"_s;
    QTest::newRow("no path") << QByteArray(R"({"items":[{"method":"GET"}]})") << u"/items/0/path"_s;
    QTest::newRow("absolute") << QByteArray(R"({"items":[{"method":"GET","path":"https://elsewhere/v1/self"}]})") << u"/items/0/path"_s;
    QTest::newRow("line break") << QByteArray(R"({"items":[{"method":"GET","path":"/v1/self\r\nX: y"}]})") << u"/items/0/path"_s;
    QTest::newRow("header") << QByteArray(R"({"items":[{"method":"GET","path":"/v1/self","headers":{"Cookie":"x"}}]})") << u"/items/0/headers/Cookie"_s;
    QTest::newRow("header's kind") << QByteArray(R"({"items":[{"method":"GET","path":"/v1/self","headers":{"If-Match":1}}]})") << u"/items/0/headers/If-Match"_s;
    QTest::newRow("header's line break") << QByteArray(R"({"items":[{"method":"GET","path":"/v1/self","headers":{"If-Match":"\"1\"\r\nX: y"}}]})") << u"/items/0/headers/If-Match"_s;
    QTest::newRow("body") << QByteArray(R"({"items":[{"method":"POST","path":"/v1/self","body":[]}]})") << u"/items/0/body"_s;
    QTest::newRow("the second") << QByteArray(R"({"items":[{"method":"GET","path":"/v1/self"},{"method":"GET","path":""}]})") << u"/items/1/path"_s;
    QByteArray many = R"({"items":[)";
    for (int i = 0; i <= wire::maxBatchItems; ++i)
        many += QByteArray(i ? "," : "") + R"({"method":"GET","path":"/v1/self"})";
    QTest::newRow("too many") << many + "]}" << u"/items"_s;
    QTest::newRow("too large a body") << R"({"items":[{"method":"POST","path":"/v1/x","body":{"reason":")" + QByteArray(wire::maxBatchItemBytes, 'x') + R"("}}]})"
                                      << u"/items/0/body"_s;
}

void TestBatch::badRequestsAreRefused()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, place);
    const auto read = wire::batchFromJson(text);
    QVERIFY(!read);
    QCOMPARE(read.error().code, Error::Code::Invalid);
    QVERIFY2(read.error().detail.startsWith(place), qPrintable(read.error().detail));
}

void TestBatch::badAnswersAreRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("too few") << QByteArray(R"({"items":[{"status":200,"contentType":"application/json","body":{}}]})");
    QTest::newRow("no status") << QByteArray(R"({"items":[{"contentType":"application/json","body":{}},{"status":200,"contentType":"a/b","base64":""}]})");
    QTest::newRow("status") << QByteArray(R"({"items":[{"status":20,"contentType":"a/b","base64":""},{"status":200,"contentType":"a/b","base64":""}]})");
    QTest::newRow("base64") << QByteArray(R"({"items":[{"status":200,"contentType":"a/b","base64":"!"},{"status":200,"contentType":"a/b","base64":""}]})");
    QTest::newRow("header") << QByteArray(R"({"items":[{"status":200,"contentType":"a/b","base64":"","headers":{"Set-Cookie":"x"}},{"status":200,"contentType":"a/b","base64":""}]})");
}

void TestBatch::badAnswersAreRefused()
{
    QFETCH(QByteArray, text);
    QVERIFY(!wire::batchAnswersFromJson(text, 2));
}

QTEST_GUILESS_MAIN(TestBatch)
#include "tst_batch.moc"
