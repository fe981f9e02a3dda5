// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/settings/settingspage.h"

#include "tests/ui/pages/desk.h"

#include <QtWidgets/QCheckBox>

using namespace parapet;
using namespace parapet::pages;
using namespace parapet::support;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(parapet::kit::ThemeKind)

class TestSettingsPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void choicesActAtOnceAndStay_data();
    void choicesActAtOnceAndStay();
    void motionCanBeReduced();
    void aHostileStoreIsBounded();
};

void TestSettingsPage::choicesActAtOnceAndStay_data()
{
    QTest::addColumn<QString>("choice");
    QTest::addColumn<kit::ThemeKind>("kind");
    QTest::addColumn<qreal>("scale");
    QTest::newRow("light") << u"Theme: Light"_s << kit::ThemeKind::Light << 1.0;
    QTest::newRow("high contrast") << u"Theme: High contrast"_s << kit::ThemeKind::HighContrast << 1.0;
    QTest::newRow("large text") << u"Text size: 200 %"_s << kit::ThemeKind::Dark << 2.0;
}

void TestSettingsPage::choicesActAtOnceAndStay()
{
    QFETCH(QString, choice);
    QFETCH(kit::ThemeKind, kind);
    QFETCH(qreal, scale);
    Desk desk;
    LookSettings(desk.settings.store()).theme.set(int(kit::ThemeChoice::Dark));
    {
        PageWindow<SettingsPage> shown(desk.commands, desk.theme, desk.settings.store(), desk.settings.path(u"data"_s));
        QVERIFY(shown.page->firstFocus());
        QAbstractButton *button = buttonIn(shown.page, choice);
        QVERIFY(button);
        button->click();
        QCOMPARE(desk.theme.kind(), kind);
        QCOMPARE(desk.theme.textScale(), scale);
    }
    desk.settings.reopen();
    kit::Theme later(kit::ThemeChoice::Dark);
    LookSettings(desk.settings.store()).apply(later);
    QCOMPARE(later.kind(), kind);
    QCOMPARE(later.textScale(), scale);
    PageWindow<SettingsPage> shown(desk.commands, desk.theme, desk.settings.store(), desk.settings.path(u"data"_s));
    QVERIFY(static_cast<QAbstractButton *>(buttonIn(shown.page, choice))->isChecked());
}

void TestSettingsPage::motionCanBeReduced()
{
    Desk desk;
    desk.theme.setReducedMotion(false);
    PageWindow<SettingsPage> shown(desk.commands, desk.theme, desk.settings.store(), desk.settings.path(u"data"_s));
    auto *motion = shown.page->findChild<QCheckBox *>();
    motion->click();
    QCOMPARE(desk.theme.motion(120), 0);
    motion->click();
    QCOMPARE(desk.theme.motion(120), 120);
}

void TestSettingsPage::aHostileStoreIsBounded()
{
    TemporarySettings settings;
    settings.store().setValue(u"look/theme"_s, 99);
    settings.store().setValue(u"look/textPercent"_s, 100000);
    kit::Theme theme(kit::ThemeChoice::Dark);
    LookSettings(settings.store()).apply(theme);
    QCOMPARE(theme.textScale(), 2.0);
    QCOMPARE(theme.choice(), kit::ThemeChoice::HighContrast);
    // No choice is checked then, but the page still says where the keyboard goes.
    Desk desk;
    PageWindow<SettingsPage> shown(desk.commands, theme, settings.store(), settings.path(u"data"_s));
    QVERIFY(shown.page->firstFocus());
}

QTEST_MAIN(TestSettingsPage)
#include "tst_settingspage.moc"
