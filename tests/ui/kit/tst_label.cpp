// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/text/format.h"
#include "ui/kit/text/label.h"
#include "ui/kit/tooltip.h"

#include <QtGui/QTextDocument>
#include <QtTest/QtTest>

using namespace parapet;
using namespace parapet::kit;

class TestLabel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hostileTextIsDrawnAsItIs_data();
    void hostileTextIsDrawnAsItIs();
    void untrustedIsInert();
    void elidesAndKeepsTheWhole();
    void toolTipIsPlain();
    void timesCarryTheirZone();
};

void TestLabel::hostileTextIsDrawnAsItIs_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("bold") << QStringLiteral("<b>admin</b>");
    QTest::newRow("image") << QStringLiteral("<img src=\"file:///etc/passwd\">");
    QTest::newRow("link") << QStringLiteral("<a href=\"https://example.org\">click</a>");
    QTest::newRow("html") << QStringLiteral("<html><h1>Approved</h1></html>");
    QTest::newRow("mnemonic") << QStringLiteral("R&D");
}

void TestLabel::hostileTextIsDrawnAsItIs()
{
    QFETCH(QString, text);
    PlainLabel label;
    label.setText(text);
    QCOMPARE(label.textFormat(), Qt::PlainText);
    QCOMPARE(label.text(), text);
    QCOMPARE(label.accessibleName(), text);
    QVERIFY(!label.openExternalLinks());
    // As wide as its characters, all of them: nothing was taken for markup.
    QVERIFY(label.sizeHint().width() >= label.fontMetrics().horizontalAdvance(text));
}

void TestLabel::untrustedIsInert()
{
    const Untrusted name(QStringLiteral("ws-\u202Egpj.exe\n<b>x</b>\u0007"));
    PlainLabel label;
    label.setText(name);
    QCOMPARE(label.text(), name.inert());
    for (const QChar c : label.text())
        QVERIFY(c != QChar(0x202E) && c != u'\n' && c != QChar(7));
}

void TestLabel::elidesAndKeepsTheWhole()
{
    MonoLabel label(QStringLiteral("sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"));
    QVERIFY(label.minimumSizeHint().width() < label.sizeHint().width() / 4);
    label.resize(80, 20);
    QCOMPARE(label.fullText().size(), 71);
    QVERIFY(!label.grab().isNull());
}

void TestLabel::toolTipIsPlain()
{
    QCOMPARE(plainToolTip(QStringLiteral("9 s ago")), QStringLiteral("9 s ago"));
    const QString hostile = QStringLiteral("<img src=\"file:///etc/passwd\"> & more");
    QTextDocument document;
    document.setHtml(plainToolTip(hostile));
    QCOMPARE(document.toPlainText(), hostile);
}

void TestLabel::timesCarryTheirZone()
{
    const Instant at(std::chrono::milliseconds(1'773'755'318'250));
    QVERIFY(utcText(at).contains(QStringLiteral("UTC")));
    QVERIFY(localTime(at).startsWith(localClock(at)));
    QVERIFY(localTime(at).size() > localClock(at).size());
    QCOMPARE(localTime(Instant{}), QString());
    QCOMPARE(agoText(at, at + std::chrono::seconds(9)), QStringLiteral("9 s ago"));
    TimeLabel label;
    label.setInstant(at);
    QCOMPARE(label.toolTip(), utcText(at));
    QCOMPARE(shortDigest(QStringLiteral("sha256:9c41e07b00")), QStringLiteral("9c41e07b"));
}

QTEST_MAIN(TestLabel)
#include "tst_label.moc"
