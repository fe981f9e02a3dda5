// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/untrusted.h"

#include <QtTest/QTest>

using namespace parapet;
using namespace Qt::StringLiterals;

class TestUntrusted : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void inert_data();
    void inert();
    void cutsWithoutSplitting();
    void keepsTheOriginal();
    void nothingDeceptiveIsLeft();
};

void TestUntrusted::inert_data()
{
    QTest::addColumn<QString>("raw");
    QTest::addColumn<QString>("shown");
    QTest::newRow("plain") << u"ws-payments-api-7f3"_s << u"ws-payments-api-7f3"_s;
    QTest::newRow("letters of the world") << u"Grüße, Ελλάς, 日本, हिन्दी, 😀"_s << u"Grüße, Ελλάς, 日本, हिन्दी, 😀"_s;
    QTest::newRow("markup stays text") << u"<b>&amp;</b>"_s << u"<b>&amp;</b>"_s;
    QTest::newRow("escape sequence") << u"\x1b[31mred\a"_s << u"␛[31mred␇"_s;
    QTest::newRow("nul and delete") << QString(QChar(0)) + QChar(0x7f) << u"␀␡"_s;
    QTest::newRow("tab") << u"a\tb"_s << u"a␉b"_s;
    QTest::newRow("line breaks") << u"a\nb\r\nc\u2028d\u2029e\u0085f"_s << u"a⏎b⏎c⏎d⏎e⏎f"_s;
    QTest::newRow("carriage return alone") << u"good\revil"_s << u"good␍evil"_s;
    QTest::newRow("C1") << QString(QChar(0x9b)) << u"⟨U+009B⟩"_s;
    QTest::newRow("right-to-left override") << u"exe.\u202Egpj"_s << u"exe.⟨U+202E⟩gpj"_s;
    QTest::newRow("isolates and marks") << u"\u2066\u2069\u200E\u061C"_s << u"⟨U+2066⟩⟨U+2069⟩⟨U+200E⟩⟨U+061C⟩"_s;
    QTest::newRow("zero width") << u"a\u200B\u200D\uFEFF\u2060b"_s << u"a⟨U+200B⟩⟨U+200D⟩⟨U+FEFF⟩⟨U+2060⟩b"_s;
    QTest::newRow("soft hyphen") << u"pass\u00ADword"_s << u"pass⟨U+00AD⟩word"_s;
    QTest::newRow("fillers") << u"\u3164\u115F\u2800\uFFA0"_s << u"⟨U+3164⟩⟨U+115F⟩⟨U+2800⟩⟨U+FFA0⟩"_s;
    QTest::newRow("variation selector") << u"a\uFE0F"_s << u"a⟨U+FE0F⟩"_s;
    QTest::newRow("tag characters") << u"\U000E0041"_s << u"⟨U+E0041⟩"_s;
    QTest::newRow("private use") << u"\uE000\U000F0000"_s << u"⟨U+E000⟩⟨U+F0000⟩"_s;
    QTest::newRow("noncharacter") << u"\uFFFE"_s << u"⟨U+FFFE⟩"_s;
    QTest::newRow("half a pair") << QString(QChar(0xd83d)) + u'x' << u"⟨U+D83D⟩x"_s;
    QTest::newRow("half a pair, low, at the end") << u'x' + QString(QChar(0xde00)) << u"x⟨U+DE00⟩"_s;
    QTest::newRow("piled marks") << u"e"_s + QString(6, QChar(0x301))
                                 << u"e"_s + QString(4, QChar(0x301)) + u"⟨U+0301⟩⟨U+0301⟩"_s;
    QTest::newRow("empty") << QString() << QString();
}

void TestUntrusted::inert()
{
    QFETCH(QString, raw);
    QFETCH(QString, shown);
    QCOMPARE(Untrusted(raw).inert(), shown);
}

void TestUntrusted::cutsWithoutSplitting()
{
    QCOMPARE(Untrusted(u"abcdef"_s).inert(6), u"abcdef"_s);
    QCOMPARE(Untrusted(u"abcdefg"_s).inert(6), u"abcdef…"_s);
    QCOMPARE(Untrusted(u"abc\u202E"_s).inert(6), u"abc…"_s);
    QCOMPARE(Untrusted(u"ab😀"_s).inert(3), u"ab…"_s);
    QCOMPARE(Untrusted(QString(100000, u'x')).inert().size(), 4097);
}

void TestUntrusted::keepsTheOriginal()
{
    const QString raw = u"a\u202Eb\n"_s;
    QCOMPARE(Untrusted(raw).raw(), raw);
    QVERIFY(Untrusted(raw) == Untrusted(raw));
    QVERIFY(!(Untrusted(raw) == Untrusted(u"ab"_s)));
}

void TestUntrusted::nothingDeceptiveIsLeft()
{
    // Planes 4 to 13 hold nothing: a sample of them is enough.
    for (char32_t c = 0; c < 0x110000; c += c >= 0x40000 && c < 0xE0000 ? 251 : 1) {
        const QString raw = QStringView(QChar::fromUcs4(c)).toString();
        const QString shown = Untrusted(raw).inert();
        QVERIFY(!shown.isEmpty());
        const QList<uint> points = shown.toUcs4();
        for (const uint point : points) {
            const QChar::Category category = QChar::category(char32_t(point));
            const bool visible = category != QChar::Other_Control && category != QChar::Other_Format &&
                                 category != QChar::Other_Surrogate && category != QChar::Other_PrivateUse &&
                                 category != QChar::Other_NotAssigned && category != QChar::Separator_Line &&
                                 category != QChar::Separator_Paragraph;
            if (!visible)
                QFAIL(qPrintable(u"U+%1 shows as U+%2"_s.arg(uint(c), 0, 16).arg(point, 0, 16)));
        }
    }
}

QTEST_GUILESS_MAIN(TestUntrusted)
#include "tst_untrusted.moc"
