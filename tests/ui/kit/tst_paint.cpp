// SPDX-License-Identifier: GPL-3.0-or-later
// Text as delegates draw it: what it costs counted in lines that are shaped, and that it shows what it was given.
#include "ui/kit/paint.h"

#include <QtGui/QPainter>
#include <QtTest/QtTest>

using namespace parapet::kit;
using namespace Qt::StringLiterals;

class TestPaint : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_theme.install(*qApp); }
    void fixedPitchIsNotShaped();
    void aLineIsShapedOnce();
    void lettersStayThemselves_data();
    void lettersStayThemselves();
    void elidedTextFits_data();
    void elidedTextFits();

private:
    QImage drawn(const QString &text, Type type, int width = 400, Qt::TextElideMode elide = Qt::ElideRight) const
    {
        QImage image(width, 24, QImage::Format_RGB32);
        image.fill(Qt::black);
        QPainter painter(&image);
        paintText(painter, image.rect(), text, m_theme, type, Role::Text, Qt::AlignLeft, elide);
        return image;
    }

    Theme m_theme{ThemeChoice::Dark};
};

/// A page that arrives brings a screen of names and digests that nobody has seen before.
void TestPaint::fixedPitchIsNotShaped()
{
    drawn(u"x"_s, Type::Mono); // its letters are looked up once
    const quint64 before = shapedLines();
    for (int row = 0; row < 200; ++row) {
        drawn(u"ws-payments-%1"_s.arg(row, 8, 16, QLatin1Char('0')), Type::Mono);
        drawn(u"%1 h 04 m"_s.arg(row), Type::Mono, 30);
    }
    QCOMPARE(shapedLines(), before);
    QVERIFY(drawn(u"ws-payments"_s, Type::Mono) != drawn(u"ws-identity"_s, Type::Mono));
    // Other letters come from other fonts, and the whole line is shaped.
    QVERIFY(drawn(u"\u65E5\u672C"_s, Type::Mono) != drawn(QString(), Type::Mono));
    QVERIFY(shapedLines() > before);
}

void TestPaint::aLineIsShapedOnce()
{
    const quint64 before = shapedLines();
    for (int frame = 0; frame < 10; ++frame)
        drawn(u"Person of the test"_s, Type::Table);
    QCOMPARE(shapedLines(), before + 1);
}

void TestPaint::lettersStayThemselves_data()
{
    QTest::addColumn<QString>("pair");
    for (const char *pair : {"!=", "->", "<=", "==", "--", "://"})
        QTest::newRow(pair) << QString::fromLatin1(pair);
}

/// Fonts for programmers draw "!=" as one sign: here a name is what it is, letter by letter.
void TestPaint::lettersStayThemselves()
{
    QFETCH(QString, pair);
    const int step = textWidth(u"aaaaaaaaaa"_s, m_theme, Type::Mono) / 10;
    const QImage together = drawn(pair, Type::Mono);
    const QImage first = drawn(pair.left(1), Type::Mono);
    // One pixel less: the second letter's smoothed edge may reach over.
    QCOMPARE(together.copy(0, 0, step - 1, 24), first.copy(0, 0, step - 1, 24));
}

void TestPaint::elidedTextFits_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<int>("elide");
    for (const Type type : {Type::Mono, Type::Table}) {
        for (const Qt::TextElideMode elide : {Qt::ElideLeft, Qt::ElideMiddle, Qt::ElideRight})
            QTest::addRow("%d %d", int(type), int(elide)) << int(type) << int(elide);
    }
}

void TestPaint::elidedTextFits()
{
    QFETCH(int, type);
    QFETCH(int, elide);
    const QString text = u"9f86d081884c7d659a2feaa0c55ad015"_s;
    for (int width = 1; width < 240; width += 7) {
        QImage image(300, 24, QImage::Format_RGB32);
        image.fill(Qt::black);
        QPainter painter(&image);
        paintText(painter, QRect(0, 0, width, 24), text, m_theme, Type(type), Role::Text, Qt::AlignLeft, Qt::TextElideMode(elide));
        painter.end();
        const QImage beyond = image.copy(width + 1, 0, 299 - width, 24);
        QImage nothing = beyond;
        nothing.fill(Qt::black);
        QVERIFY2(beyond == nothing, qPrintable(QString::number(width)));
    }
}

QTEST_MAIN(TestPaint)
#include "tst_paint.moc"
