// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/style.h"
#include "ui/kit/theme.h"
#include "ui/kit/tokens.h"

#include <QtGui/QFontInfo>
#include <QtGui/QFontMetricsF>
#include <QtGui/QScreen>
#include <QtTest/QtTest>

using namespace parapet::kit;

class TestTheme : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void contrast_data();
    void contrast();
    void knowsItsTokens();
    void choiceDecidesKind();
    void systemFollowsThePalette();
    void switchesLive();
    void monoHasNoLigatures();
    void textScaleGrowsFontsAndSizes();
    void contrastOfBlackAndWhite();
};

void TestTheme::contrast_data()
{
    QTest::addColumn<int>("kind");
    for (const ThemeKind kind : {ThemeKind::Dark, ThemeKind::Light, ThemeKind::HighContrast})
        QTest::addRow("%d", int(kind)) << int(kind);
}

/// Every role that text is drawn in, on every ground that it may stand on.
void TestTheme::contrast()
{
    QFETCH(int, kind);
    const auto theme = ThemeKind(kind);
    const QVector<Role> inks{Role::Text,      Role::Text2,  Role::Text3, Role::Accent, Role::Critical,
                             Role::High,      Role::Medium, Role::Low,   Role::Info,   Role::Ok,
                             Role::Requested, Role::Stale,  Role::Jewel};
    const QVector<Role> grounds{Role::Window,  Role::Surface, Role::Raised,    Role::Sunken,       Role::Hover,
                                Role::Control, Role::Overlay, Role::Selection, Role::SelectionSoft};
    const auto check = [&](Role ink, Role ground) {
        const qreal ratio = contrastRatio(Theme::color(theme, ink), Theme::color(theme, ground));
        QVERIFY2(ratio >= 4.5, qPrintable(QStringLiteral("%1 on %2: %3")
                                              .arg(QLatin1String(Theme::name(ink)), QLatin1String(Theme::name(ground)))
                                              .arg(ratio)));
    };
    for (const Role ink : inks) {
        for (const Role ground : grounds)
            check(ink, ground);
    }
    for (const Role soft : {Role::CriticalSoft, Role::MediumSoft, Role::OkSoft}) {
        check(Role::Text, soft);
        check(Role::Text2, soft);
    }
    check(Role::Critical, Role::CriticalSoft);
    check(Role::High, Role::HighSoft);
    check(Role::Medium, Role::MediumSoft);
    check(Role::Low, Role::LowSoft);
    check(Role::Info, Role::InfoSoft);
    check(Role::Ok, Role::OkSoft);
    for (const Role fill : {Role::AccentFill, Role::AccentFillHover, Role::CriticalFill})
        check(Role::OnAccent, fill);
    // What is no text but must be seen: WCAG 1.4.11.
    QVERIFY(contrastRatio(Theme::color(theme, Role::Focus), Theme::color(theme, Role::Surface)) >= 3.0);
    QVERIFY(contrastRatio(Theme::color(theme, Role::Text3), Theme::color(theme, Role::Control)) >= 3.0);
}

void TestTheme::knowsItsTokens()
{
    QCOMPARE(QByteArray(Theme::name(Role::Window)), QByteArray("window"));
    QCOMPARE(QByteArray(Theme::name(Role::Text2)), QByteArray("text-2"));
    QCOMPARE(QByteArray(Theme::name(Role::AccentFillHover)), QByteArray("accent-fill-hover"));
    QCOMPARE(QByteArray(Theme::name(Role::Chart6)), QByteArray("chart-6"));
    QCOMPARE(QByteArray(Theme::name(Role::Jewel)), QByteArray("jewel"));
    QCOMPARE(Theme::color(ThemeKind::Dark, Role::Accent), QColor(0x6b, 0xa8, 0xf7));
    QCOMPARE(Theme::color(ThemeKind::Light, Role::Scrim).alpha(), 0x66);
    QCOMPARE(QByteArray(typeTable[size_t(Type::Axis)].name), QByteArray("axis"));
}

void TestTheme::choiceDecidesKind()
{
    QCOMPARE(Theme(ThemeChoice::Dark).kind(), ThemeKind::Dark);
    QCOMPARE(Theme(ThemeChoice::Light).kind(), ThemeKind::Light);
    QCOMPARE(Theme(ThemeChoice::HighContrast).kind(), ThemeKind::HighContrast);
}

void TestTheme::systemFollowsThePalette()
{
    Theme theme(ThemeChoice::System);
    QSignalSpy changed(&theme, &Theme::changed);
    QPalette dark;
    dark.setColor(QPalette::Window, Qt::black);
    dark.setColor(QPalette::WindowText, Qt::white);
    QPalette light;
    light.setColor(QPalette::Window, Qt::white);
    light.setColor(QPalette::WindowText, Qt::black);
    theme.setSystemPalette(light);
    QCOMPARE(theme.kind(), ThemeKind::Light);
    theme.setSystemPalette(dark);
    QCOMPARE(theme.kind(), ThemeKind::Dark);
    const auto before = changed.count();
    theme.setSystemPalette(dark);
    QCOMPARE(changed.count(), before);
    theme.setChoice(ThemeChoice::Light);
    theme.setSystemPalette(dark);
    QCOMPARE(theme.kind(), ThemeKind::Light);
}

void TestTheme::switchesLive()
{
    Theme theme(ThemeChoice::Dark);
    theme.install(*qApp);
    QWidget widget;
    widget.show();
    QCOMPARE(&parapet::kit::theme(&widget), &theme);
    QCOMPARE(widget.palette().color(QPalette::WindowText), theme.color(Role::Text));
    theme.setChoice(ThemeChoice::Light);
    QCOMPARE(widget.palette().color(QPalette::WindowText), Theme::color(ThemeKind::Light, Role::Text));
    QApplication::setStyle(QStringLiteral("fusion"));
    QCOMPARE(parapet::kit::theme(&widget).kind(), ThemeKind::Dark); // the fallback, never null
}

void TestTheme::monoHasNoLigatures()
{
    const Theme theme(ThemeChoice::Dark);
    for (const Type type : {Type::Mono, Type::MonoSmall, Type::Figure, Type::Axis}) {
        const QFont font = theme.font(type);
        QVERIFY(font.letterSpacingType() == QFont::AbsoluteSpacing && font.letterSpacing() != 0);
        const QFontMetricsF metrics(font);
        QCOMPARE(qRound(metrics.horizontalAdvance(QStringLiteral("1111"))),
                 qRound(metrics.horizontalAdvance(QStringLiteral("0008"))));
    }
    const qreal points = 72 / QGuiApplication::primaryScreen()->logicalDotsPerInchY();
    QCOMPARE(theme.font(Type::Table).pointSizeF(), 12.4 * points);
    QCOMPARE(theme.font(Type::Body, 700).weight(), int(QFont::Bold));
}

void TestTheme::textScaleGrowsFontsAndSizes()
{
    Theme theme(ThemeChoice::Dark);
    theme.setTextScale(2);
    QCOMPARE(QFontInfo(theme.font(Type::Body)).pixelSize(), 26);
    QCOMPARE(theme.scaled(size::row), 56);
    QCOMPARE(theme.lineHeight(Type::Body), 36);
    theme.setTextScale(9);
    QCOMPARE(theme.textScale(), 2.0);
    theme.setTextScale(0.1);
    QCOMPARE(theme.textScale(), 1.0);
    QCOMPARE(theme.motion(120), 120);
    theme.setReducedMotion(true);
    QCOMPARE(theme.motion(120), 0);
}

void TestTheme::contrastOfBlackAndWhite()
{
    QCOMPARE(contrastRatio(Qt::black, Qt::white), 21.0);
    QCOMPARE(contrastRatio(Qt::white, Qt::white), 1.0);
}

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
