// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/json.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonObject>
#include <QtTest/QTest>

#include <bit>
#include <limits>

using namespace parapet;
using namespace Qt::StringLiterals;

class TestJson : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reads();
    void refuses_data();
    void refuses();
    void holdsTheLimits();
    void refusesTwoSpellingsOfOneName();
    void readsWhatWasWritten_data();
    void readsWhatWasWritten();
    void canonicalNumbers_data();
    void canonicalNumbers();
    void canonicalDocuments_data();
    void canonicalDocuments();
    void canonicalIsStable();
    void whatJsonCannotSay();
};

void TestJson::reads()
{
    const auto value = parseJson("{\"a\":[1,-2,2.5,1e3,true,false,null,\"\\u20ac\\ud83d\\ude00\"],\"b\":{}} ");
    QVERIFY(value);
    const QJsonArray list = value->toObject().value(u"a"_s).toArray();
    QCOMPARE(list.size(), 8);
    QCOMPARE(list[0].toInteger(), 1);
    QCOMPARE(list[1].toInteger(), -2);
    QCOMPARE(list[2].toDouble(), 2.5);
    QCOMPARE(list[3].toDouble(), 1000.0);
    QCOMPARE(list[7].toString(), u"€😀"_s);
    QVERIFY(value->toObject().value(u"b"_s).isObject());
    QCOMPARE(parseJson("9007199254740991")->toInteger(), 9007199254740991);
    QCOMPARE(parseJson("-9007199254740991")->toInteger(), -9007199254740991);
    QCOMPARE(parseJson("\"x\"")->toString(), u"x"_s);
}

void TestJson::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("white space") << QByteArray("  \n");
    QTest::newRow("two documents") << QByteArray("{}{}");
    QTest::newRow("trailing comma") << QByteArray("[1,]");
    QTest::newRow("comment") << QByteArray("[1/*x*/]");
    QTest::newRow("single quotes") << QByteArray("{'a':1}");
    QTest::newRow("unquoted name") << QByteArray("{a:1}");
    QTest::newRow("truncated") << QByteArray("{\"a\":[1,2");
    QTest::newRow("leading zero") << QByteArray("01");
    QTest::newRow("plus") << QByteArray("+1");
    QTest::newRow("NaN") << QByteArray("NaN");
    QTest::newRow("too great a double") << QByteArray("1e400");
    QTest::newRow("2^53") << QByteArray("9007199254740992");
    QTest::newRow("double that prints as an integer") << QByteArray("123456789012345680000.1");
    QTest::newRow("integer in scientific notation") << QByteArray("-1e20");
    QTest::newRow("-2^53") << QByteArray("-9007199254740992");
    QTest::newRow("2^63") << QByteArray("9223372036854775808");
    QTest::newRow("30 digits") << QByteArray("123456789012345678901234567890");
    QTest::newRow("duplicate") << QByteArray("{\"a\":1,\"a\":2}");
    QTest::newRow("duplicate, deep") << QByteArray("[{\"x\":{\"a\":1,\"b\":0,\"a\":1}}]");
    QTest::newRow("bad UTF-8") << QByteArray("\"\xff\"");
    QTest::newRow("overlong UTF-8") << QByteArray("\"\xc0\xaf\"");
    QTest::newRow("surrogate in UTF-8") << QByteArray("\"\xed\xa0\x80\"");
    QTest::newRow("byte order mark") << QByteArray("\xef\xbb\xbf{}");
    QTest::newRow("control character") << QByteArray("\"a\nb\"");
    QTest::newRow("half a pair, high") << QByteArray("\"\\ud83d\"");
    QTest::newRow("half a pair, low") << QByteArray("\"\\ude00\"");
    QTest::newRow("half a pair as a name") << QByteArray("{\"\\ude00\":1}");
    QTest::newRow("bad escape") << QByteArray("\"\\x\"");
}

void TestJson::refuses()
{
    QFETCH(QByteArray, text);
    const auto value = parseJson(text);
    QVERIFY(!value);
    QCOMPARE(value.error().code, Error::Code::Invalid);
    QVERIFY(!value.error().message.isEmpty());
}

void TestJson::holdsTheLimits()
{
    const auto nested = [](int depth) { return QByteArray(depth, '[') + QByteArray(depth, ']'); };
    QVERIFY(parseJson(nested(64)));
    QVERIFY(!parseJson(nested(65)));
    QVERIFY(!parseJson(nested(100000)));
    QVERIFY(parseJson("[[1]]", {.bytes = 5, .depth = 2}));
    QVERIFY(!parseJson("[[1]]", {.bytes = 4, .depth = 2}));
    QVERIFY(!parseJson("[[1]]", {.bytes = 5, .depth = 1}));
    QVERIFY(parseJson("1", {.bytes = 5, .depth = 0}));
}

void TestJson::refusesTwoSpellingsOfOneName()
{
    const auto value = parseJson("{\"role\":\"viewer\",\"\\u0072ole\":\"admin\"}");
    QVERIFY(!value);
    QVERIFY(value.error().message.contains(u"role"));
    // Two names that Qt's decoder would make one
    const auto marked = parseJson("{\"role\":1,\"\xef\xbb\xbfrole\":2,\"\xef\xbb\xbf\\ufeffrole\":3}");
    QVERIFY(marked);
    QCOMPARE(marked->toObject().size(), 3);
    QCOMPARE(marked->toObject().value(u"role"_s).toInteger(), 1);
    const auto escaped = parseJson("[\"\\ufeffa\",\"\\ufeff\",{\"\\ufeffb\":1,\"b\":2}]");
    QVERIFY(escaped);
    QCOMPARE(escaped->toArray().at(0).toString(), QString(QChar(0xfeff)) + u'a');
    QCOMPARE(escaped->toArray().at(1).toString(), QString(QChar(0xfeff)));
    QCOMPARE(escaped->toArray().at(2).toObject().size(), 2);
}

void TestJson::readsWhatWasWritten_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("canonical");
    QTest::newRow("integers") << QByteArray("[0,-0,1,-1,9007199254740991,-9007199254740991]") << QByteArray("[0,0,1,-1,9007199254740991,-9007199254740991]");
    QTest::newRow("doubles") << QByteArray("[0.0,-0.0,1.0,1e2,1.5e300,5e-324,1e-400,0.1,123456.789e3,1e21,4.35]")
                             << QByteArray("[0,0,1,100,1.5e+300,5e-324,0,0.1,123456789,1e+21,4.35]");
    QTest::newRow("strings") << QByteArray("[\"\",\"a\\u0000b\",\"\\ud83d\\ude00\",\"\xf0\x9f\x98\x80\",\"\xc3\xa9\\/\\\"\"]")
                             << QByteArray("[\"\",\"a\\u0000b\",\"\xf0\x9f\x98\x80\",\"\xf0\x9f\x98\x80\",\"\xc3\xa9/\\\"\"]");
    QTest::newRow("names") << QByteArray("{\"\xc3\xa9\":1,\"z\":2,\"\\u0061\":3,\"\":4,\"\xf0\x9f\x98\x80\":5,\"\xef\xbf\xbd\":6}")
                           << QByteArray("{\"\":4,\"a\":3,\"z\":2,\"\xc3\xa9\":1,\"\xf0\x9f\x98\x80\":5,\"\xef\xbf\xbd\":6}");
    QTest::newRow("nested") << QByteArray(" { \"a\" : [ { } , [ ] , null , true , false ] } ") << QByteArray("{\"a\":[{},[],null,true,false]}");
}

/// Qt's reader makes the tree of what simdjson accepted: what they could understand differently.
void TestJson::readsWhatWasWritten()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, canonical);
    const auto value = parseJson(text);
    QVERIFY2(value, qPrintable(value ? QString() : value.error().message));
    QCOMPARE(canonicalJson(*value), canonical);
}

void TestJson::canonicalNumbers_data()
{
    QTest::addColumn<quint64>("bits");
    QTest::addColumn<QByteArray>("text");
    // RFC 8785, appendix B
    QTest::newRow("zero") << Q_UINT64_C(0x0000000000000000) << QByteArray("0");
    QTest::newRow("minus zero") << Q_UINT64_C(0x8000000000000000) << QByteArray("0");
    QTest::newRow("min pos") << Q_UINT64_C(0x0000000000000001) << QByteArray("5e-324");
    QTest::newRow("min neg") << Q_UINT64_C(0x8000000000000001) << QByteArray("-5e-324");
    QTest::newRow("max pos") << Q_UINT64_C(0x7fefffffffffffff) << QByteArray("1.7976931348623157e+308");
    QTest::newRow("max neg") << Q_UINT64_C(0xffefffffffffffff) << QByteArray("-1.7976931348623157e+308");
    QTest::newRow("max pos int") << Q_UINT64_C(0x4340000000000000) << QByteArray("9007199254740992");
    QTest::newRow("max neg int") << Q_UINT64_C(0xc340000000000000) << QByteArray("-9007199254740992");
    QTest::newRow("2^68") << Q_UINT64_C(0x4430000000000000) << QByteArray("295147905179352830000");
    QTest::newRow("9.999999999999997e+22") << Q_UINT64_C(0x44b52d02c7e14af5) << QByteArray("9.999999999999997e+22");
    QTest::newRow("1e+23") << Q_UINT64_C(0x44b52d02c7e14af6) << QByteArray("1e+23");
    QTest::newRow("1.0000000000000001e+23") << Q_UINT64_C(0x44b52d02c7e14af7) << QByteArray("1.0000000000000001e+23");
    QTest::newRow("999999999999999700000") << Q_UINT64_C(0x444b1ae4d6e2ef4e) << QByteArray("999999999999999700000");
    QTest::newRow("999999999999999900000") << Q_UINT64_C(0x444b1ae4d6e2ef4f) << QByteArray("999999999999999900000");
    QTest::newRow("1e+21") << Q_UINT64_C(0x444b1ae4d6e2ef50) << QByteArray("1e+21");
    QTest::newRow("9.999999999999997e-7") << Q_UINT64_C(0x3eb0c6f7a0b5ed8c) << QByteArray("9.999999999999997e-7");
    QTest::newRow("0.000001") << Q_UINT64_C(0x3eb0c6f7a0b5ed8d) << QByteArray("0.000001");
    QTest::newRow("333333333.3333332") << Q_UINT64_C(0x41b3de4355555553) << QByteArray("333333333.3333332");
    QTest::newRow("333333333.33333325") << Q_UINT64_C(0x41b3de4355555554) << QByteArray("333333333.33333325");
    QTest::newRow("333333333.3333333") << Q_UINT64_C(0x41b3de4355555555) << QByteArray("333333333.3333333");
    QTest::newRow("333333333.3333334") << Q_UINT64_C(0x41b3de4355555556) << QByteArray("333333333.3333334");
    QTest::newRow("333333333.33333343") << Q_UINT64_C(0x41b3de4355555557) << QByteArray("333333333.33333343");
    QTest::newRow("-0.0000033333333333333333")
        << Q_UINT64_C(0xbecbf647612f3696) << QByteArray("-0.0000033333333333333333");
    QTest::newRow("round to even") << Q_UINT64_C(0x43143ff3c1cb0959) << QByteArray("1424953923781206.2");
}

void TestJson::canonicalNumbers()
{
    QFETCH(quint64, bits);
    QFETCH(QByteArray, text);
    const double value = std::bit_cast<double>(bits);
    QCOMPARE(canonicalJson(value), text);
    QCOMPARE(text.toDouble(), value);
}

void TestJson::canonicalDocuments_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("canonical");
    // RFC 8785 §3.2.2 and §3.2.4
    QTest::newRow("rfc 3.2.2")
        << QByteArray("{\"numbers\": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],"
                      "\"string\": \"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\","
                      "\"literals\": [null, true, false]}")
        << QByteArray("{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
                      "\"string\":\"\xe2\x82\xac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
    // RFC 8785 §3.2.3: UTF-16 code units, not code points
    QTest::newRow("rfc 3.2.3")
        << QByteArray("{\"\\u20ac\": \"Euro Sign\",\"\\r\": \"Carriage Return\",\"\\ufb33\": \"Hebrew Letter Dalet "
                      "With Dagesh\","
                      "\"1\": \"One\",\"\\ud83d\\ude00\": \"Emoji: Grinning Face\",\"\\u0080\": \"Control\","
                      "\"\\u00f6\": \"Latin Small Letter O With Diaeresis\"}")
        << QByteArray(
               "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xc2\x80\":\"Control\","
               "\"\xc3\xb6\":\"Latin Small Letter O With Diaeresis\",\"\xe2\x82\xac\":\"Euro Sign\","
               "\"\xf0\x9f\x98\x80\":\"Emoji: Grinning Face\",\"\xef\xac\xb3\":\"Hebrew Letter Dalet With Dagesh\"}");
    // The reference implementation's test data: cyberphone/json-canonicalization, testdata/input and output
    QTest::newRow("arrays") << QByteArray("[56,{\"d\":true,\"10\":null,\"1\":[ ]}]")
                            << QByteArray("[56,{\"1\":[],\"10\":null,\"d\":true}]");
    QTest::newRow("french") << QByteArray("{\"peach\":\"This sorting order\",\"p\xc3\xa9"
                                          "ch\xc3\xa9\":\"is wrong according to French\","
                                          "\"p\xc3\xaa"
                                          "che\":\"but canonicalization MUST\",\"sin\":\"ignore locale\"}")
                            << QByteArray("{\"peach\":\"This sorting order\",\"p\xc3\xa9"
                                          "ch\xc3\xa9\":\"is wrong according to French\","
                                          "\"p\xc3\xaa"
                                          "che\":\"but canonicalization MUST\",\"sin\":\"ignore locale\"}");
    QTest::newRow("structures") << QByteArray("{\"1\": {\"f\": {\"f\": \"hi\",\"F\": 5} ,\"\\n\": 56.0},\"10\": { "
                                              "},\"\": \"empty\",\"a\": { },\"111\": "
                                              "[ {\"e\": \"yes\",\"E\": \"no\" } ],\"A\": { }}")
                                << QByteArray("{\"\":\"empty\",\"1\":{\"\\n\":56,\"f\":{\"F\":5,\"f\":\"hi\"}},\"10\":{"
                                              "},\"111\":[{\"E\":\"no\",\"e\":\"yes\"}],"
                                              "\"A\":{},\"a\":{}}");
    QTest::newRow("unicode") << QByteArray("{\"Unnormalized Unicode\":\"A\\u030a\"}")
                             << QByteArray("{\"Unnormalized Unicode\":\"A\xcc\x8a\"}");
    QTest::newRow("weird") << QByteArray("{\"\\u20ac\": \"Euro Sign\",\"1\": \"One\",\"\\u0080\": \"Control\\u007f\",\"\\ud83d\\ude02\": \"Smiley\","
                                         "\"\\u00f6\": \"Latin Small Letter O With Diaeresis\",\"\\ufb33\": \"Hebrew Letter Dalet With Dagesh\","
                                         "\"</script>\": \"Browser Challenge\"}")
                           << QByteArray("{\"1\":\"One\",\"</script>\":\"Browser Challenge\",\"\xc2\x80\":\"Control\x7f\","
                                         "\"\xc3\xb6\":\"Latin Small Letter O With Diaeresis\",\"\xe2\x82\xac\":\"Euro Sign\",\"\xf0\x9f\x98\x82\":\"Smiley\","
                                         "\"\xef\xac\xb3\":\"Hebrew Letter Dalet With Dagesh\"}");
    QTest::newRow("every control") << QByteArray("\"\\b\\t\\n\\f\\r\\u0000\\u001f\\u007f\"")
                                   << QByteArray("\"\\b\\t\\n\\f\\r\\u0000\\u001f\x7f\"");
}

void TestJson::canonicalDocuments()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, canonical);
    const auto value = parseJson(text);
    QVERIFY(value);
    QCOMPARE(canonicalJson(*value), canonical);
}

void TestJson::canonicalIsStable()
{
    // Doubles of every exponent, from a fixed generator: reading back what was written gives the same bytes.
    quint64 state = 0x9e3779b97f4a7c15;
    for (int i = 0; i < 20000; ++i) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        const double value = std::bit_cast<double>(state);
        if (!std::isfinite(value))
            continue;
        const QByteArray text = canonicalJson(value);
        QCOMPARE(text.toDouble(), value);
        const bool integer = !text.contains('.') && !text.contains('e');
        if (integer && std::fabs(value) > 9007199254740991.0)
            continue; // refused when read: RFC 7493 §2.2
        const auto read = parseJson(text);
        QVERIFY(read);
        QCOMPARE(canonicalJson(*read), text);
    }
}

void TestJson::whatJsonCannotSay()
{
    QCOMPARE(canonicalJson(std::numeric_limits<double>::infinity()), QByteArray("null"));
    QCOMPARE(canonicalJson(std::numeric_limits<double>::quiet_NaN()), QByteArray("null"));
    QCOMPARE(canonicalJson(QJsonValue(QJsonValue::Undefined)), QByteArray("null"));
    QCOMPARE(canonicalJson(QString(QChar(0xd800)) + u'a'), QByteArray("\"\xef\xbf\xbd"
                                                                      "a\""));
    // U+FEFF is a character of the text, wherever it stands.
    QCOMPARE(canonicalJson(QString(QChar(0xfeff)) + QChar(0xd800)), QByteArray("\"\xef\xbb\xbf\xef\xbf\xbd\""));
    QCOMPARE(parseJson("\"\xef\xbb\xbf\"")->toString(), QString(QChar(0xfeff)));
}

QTEST_GUILESS_MAIN(TestJson)
#include "tst_json.moc"
