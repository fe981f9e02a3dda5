// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/query/chips.h"
#include "models/query/parser.h"
#include "models/query/printer.h"

#include <QtCore/QRandomGenerator>
#include <QtTest/QTest>

using namespace parapet;
using namespace parapet::query;
using namespace Qt::StringLiterals;

namespace {

/// The tree as text that shows its shape: and(compare, or(…)).
QString shape(const Expression &e)
{
    QStringList children;
    for (const Expression &child : e.children)
        children << shape(child);
    QStringList values;
    for (const Value &value : e.values)
        values << value.text;
    switch (e.kind) {
    case Expression::Kind::All:
        return u"all"_s;
    case Expression::Kind::And:
        return u"and("_s + children.join(u", "_s) + u')';
    case Expression::Kind::Or:
        return u"or("_s + children.join(u", "_s) + u')';
    case Expression::Kind::Not:
        return u"not("_s + children.join(u", "_s) + u')';
    case Expression::Kind::Compare:
        return e.field + u' ' + symbolOf(e.op) + u' ' + values.join(u'|');
    case Expression::Kind::Text:
        return u'\'' + values.first() + u'\'';
    }
    return {};
}

Expression randomExpression(QRandomGenerator &random, int depth)
{
    static const QStringList texts{u"payments"_s,    u"OR"_s,  u"-x"_s,  u"a b"_s,         u"\"q\\"_s,
                                   u"sha256:9c41"_s, u""_s,    u"(p)"_s, u"a,b"_s,         u"\u00e9\u4e2d"_s,
                                   u"!no"_s,         u"x<y"_s, u"NOT"_s, u"10.0.0.1:443"_s};
    Expression e;
    const int kind = random.bounded(depth > 3 ? 2 : 5);
    const auto text = [&] { return Value{texts[random.bounded(int(texts.size()))], {}}; };
    if (kind == 0) {
        e.kind = Expression::Kind::Text;
        e.values << text();
    } else if (kind == 1) {
        e.kind = Expression::Kind::Compare;
        e.field = QStringList{u"team"_s, u"image.digest"_s, u"x_1"_s}[random.bounded(3)];
        e.op = Operator(random.bounded(7));
        const bool many = e.op == Operator::Is || e.op == Operator::IsNot || e.op == Operator::Contains;
        for (int i = many ? random.bounded(1, 4) : 1; i > 0; --i)
            e.values << text();
    } else if (kind == 2) {
        e.kind = Expression::Kind::Not;
        e.children.push_back(randomExpression(random, depth + 1));
    } else {
        e.kind = kind == 3 ? Expression::Kind::And : Expression::Kind::Or;
        for (int i = random.bounded(2, 4); i > 0; --i)
            e.children.push_back(randomExpression(random, depth + 1));
    }
    return e;
}

} // namespace

class FilterTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void shapes_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("tree");
        const auto row = [](const char *text, const char *tree) {
            QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(tree);
        };
        row("", "all");
        row("   ", "all");
        row("word", "'word'");
        row("\"two words\"", "'two words'");
        row("\"a \\\"b\\\" \\\\\"", "'a \"b\" \\'");
        row("team:payments,ledger", "team : payments|ledger");
        row("team:\"a b\",c", "team : a b|c");
        row("owner:\"\"", "owner : ");
        row("held>=3", "held >= 3");
        row("held≥3", "held >= 3");
        row("started<8h", "started < 8h");
        row("created>2026-03-01", "created > 2026-03-01");
        row("image~9c41", "image ~ 9c41");
        row("image!~9c41", "not(image ~ 9c41)");
        row("state!:stopped", "state !: stopped");
        row("!state:stopped", "not(state : stopped)");
        row("-state:stopped", "not(state : stopped)");
        row("NOT state:stopped", "not(state : stopped)");
        row("!(a b)", "not(and('a', 'b'))");
        row("!!a", "not(not('a'))");
        row("- a", "and('-', 'a')");
        row("a b", "and('a', 'b')");
        row("a AND b", "and('a', 'b')");
        row("a b OR c d", "or(and('a', 'b'), and('c', 'd'))");
        row("(a OR b) c", "and(or('a', 'b'), 'c')");
        row("((a))", "'a'");
        row("or and", "and('or', 'and')");
        row("ORDER", "'ORDER'");
        row("OR1 OR NOTE", "or('OR1', 'NOTE')");
        row("10.0.0.1:443", "'10.0.0.1:443'");
        row("image.digest:sha256:9c41", "image.digest : sha256:9c41");
        row("team:payments,ledger held>=3 !state:stopped image~9c41 (region:eu-west-1 OR region:eu-north-1) free "
            "\"quoted text\"",
            "and(team : payments|ledger, held >= 3, not(state : stopped), image ~ 9c41, "
            "or(region : eu-west-1, region : eu-north-1), 'free', 'quoted text')");
    }
    void shapes()
    {
        QFETCH(QString, text);
        const auto expression = parse(text);
        QVERIFY2(expression, qPrintable(expression ? QString() : expression.error().message));
        QTEST(shape(*expression), "tree");
        const QString printed = print(*expression);
        const auto again = parse(printed);
        QVERIFY2(again && *again == *expression, qPrintable(printed));
        QCOMPARE(print(*again), printed);
    }

    void problems_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("from");
        QTest::addColumn<int>("length");
        const auto row = [](const char *text, int from, int length) {
            QTest::newRow(text) << QString::fromUtf8(text) << from << length;
        };
        row("(", 1, 0);
        row("()", 1, 1);
        row("(a", 0, 1);
        row("a)", 1, 1);
        row("a OR", 4, 0);
        row("OR a", 0, 1);
        row("a AND", 5, 0);
        row("a AND OR b", 6, 1);
        row("a \"b", 2, 2);
        row("team:", 0, 5);
        row("team:a,", 0, 7);
        row("a team: b", 2, 5);
        row("held>3,4", 6, 1);
        row(":x", 0, 1);
        row(">3", 0, 1);
        row("!", 0, 1);
        row("! a", 0, 1);
        row("a NOT", 2, 3);
        row("a\"b\"", 1, 1);
        row("team:a\"b\"", 6, 1);
        row("\"a\"b", 3, 1);
    }
    void problems()
    {
        QFETCH(QString, text);
        const auto expression = parse(text);
        QVERIFY(!expression);
        QTEST(expression.error().span.from, "from");
        QTEST(expression.error().span.length, "length");
        QVERIFY(!expression.error().message.isEmpty());
        const Error error = toError(expression.error(), text);
        QVERIFY(error.code == Error::Code::Invalid);
        QVERIFY(error.message.contains(QString::number(expression.error().span.from + 1)));
    }

    void limits()
    {
        QVERIFY(parse(QString(4096, u'a')));
        QVERIFY(!parse(QString(4097, u'a')));
        QVERIFY(parse(QString(32, u'(') + u'a' + QString(32, u')')));
        QVERIFY(!parse(QString(33, u'(') + u'a' + QString(33, u')')));
        QVERIFY(!parse(QString(4000, u'(')));
        QVERIFY(!parse(QString(4000, u'!') + u'a'));
        QVERIFY(parse(QString(2000, u'a').replace(u"aa"_s, u"a "_s)));
    }

    void printingRoundTrips()
    {
        QRandomGenerator random(20260317);
        for (int i = 0; i < 3000; ++i) {
            const Expression expression = randomExpression(random, 0);
            const QString text = print(expression);
            const auto parsed = parse(text);
            QVERIFY2(parsed, qPrintable(text));
            QVERIFY2(*parsed == expression, qPrintable(text + u"  "_s + shape(expression) + u"  "_s + shape(*parsed)));
        }
    }

    /// Whatever is typed, the parser answers; what it accepts, it prints so that it accepts it again.
    void anyText()
    {
        QRandomGenerator random(4711);
        const QString letters = u"ab:!<>=~()\"\\, -ORANDNT.\u2265\u00e9"_s + QChar(0) + QChar(0xd83d);
        for (int i = 0; i < 20000; ++i) {
            QString text;
            for (int n = random.bounded(24); n > 0; --n)
                text += letters[random.bounded(int(letters.size()))];
            const auto parsed = parse(text);
            if (!parsed) {
                const Span span = parsed.error().span;
                QVERIFY2(span.from >= 0 && span.length >= 0 && span.end() <= text.size(), qPrintable(text));
                continue;
            }
            const auto again = parse(print(*parsed));
            QVERIFY2(again && *again == *parsed, qPrintable(text + u"  "_s + print(*parsed)));
        }
    }

    void spansCoverTheirTerms()
    {
        const QString text = u"  !state:stopped (a OR \"b c\")  held>=3"_s;
        const auto all = chips(text);
        QVERIFY(all);
        QCOMPARE(all->size(), 3);
        QCOMPARE(all->at(0).text, u"!state:stopped"_s);
        QCOMPARE(all->at(1).text, u"(a OR \"b c\")"_s);
        QCOMPARE(all->at(2).text, u"held>=3"_s);
        QCOMPARE(all->at(2).term.field, u"held"_s);
        const Expression &inner = all->at(0).term.children.front();
        QCOMPARE(text.mid(inner.fieldSpan.from, inner.fieldSpan.length), u"state"_s);
        QCOMPARE(text.mid(inner.values.front().span.from, inner.values.front().span.length), u"stopped"_s);
    }

    void chipsAreRemovedWhole_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("index");
        QTest::addColumn<QString>("rest");
        QTest::newRow("first") << u"a  b c"_s << 0 << u"b c"_s;
        QTest::newRow("with AND") << u"a AND b"_s << 0 << u"b"_s;
        QTest::newRow("last") << u"a b"_s << 1 << u"a"_s;
        QTest::newRow("only") << u"a"_s << 0 << QString();
        QTest::newRow("or is one chip") << u"a OR b"_s << 0 << QString();
        QTest::newRow("group is one chip") << u"(a b)"_s << 0 << QString();
        QTest::newRow("no such") << u"a b"_s << 7 << u"a b"_s;
        QTest::newRow("unreadable stays") << u"a ("_s << 0 << u"a ("_s;
    }
    void chipsAreRemovedWhole()
    {
        QFETCH(QString, text);
        QFETCH(int, index);
        QTEST(withoutChip(text, index), "rest");
    }

    void filtersAreJoined()
    {
        QCOMPARE(bothFilters(u""_s, u" a "_s), u"a"_s);
        QCOMPARE(bothFilters(u"a"_s, u""_s), u"a"_s);
        QCOMPARE(bothFilters(u"a OR b"_s, u"c"_s), u"(a OR b) c"_s);
        QCOMPARE(bothFilters(u"a"_s, u"(b OR c)"_s), u"a (b OR c)"_s);
        QCOMPARE(bothFilters(u"a"_s, u"b OR (c)"_s), u"a (b OR (c))"_s);
    }

    void termsForLinks()
    {
        QCOMPARE(term(u"team"_s, Operator::Is, {u"payments"_s, u"a b"_s}), u"team:payments,\"a b\""_s);
        QCOMPARE(term(u"owner"_s, Operator::Is, {QString()}), u"owner:\"\""_s);
    }
};

QTEST_APPLESS_MAIN(FilterTest)
#include "tst_filter.moc"
