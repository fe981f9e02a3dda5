// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/button.h"
#include "ui/kit/notifications.h"
#include "ui/kit/overlay.h"
#include "ui/kit/pane.h"
#include "ui/kit/statepage.h"
#include "ui/kit/theme.h"

#include <QtTest/QtTest>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QLineEdit>

using namespace parapet;
using namespace parapet::kit;

class TestOverlay : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void focusStaysInside();
    void escapeClosesAndGivesFocusBack();
    void neverLargerThanTheWindow();
    void confirmNeedsItsReason();
    void confirmCancelled();
    void notesCountUpAndStay();
    void notesRunTheirAction();
    void statesOfAPage();
    void quickAnswersDoNotFlicker();
    void errorKeysWork();
    void paneSlides();
    void disabledButtonSaysWhy();

private:
    Theme m_theme{ThemeChoice::Dark};
    std::unique_ptr<QWidget> m_window;
    QLineEdit *m_behind = nullptr;
};

void TestOverlay::initTestCase()
{
    m_theme.install(*qApp);
}

void TestOverlay::init()
{
    m_window = std::make_unique<QWidget>();
    auto *column = new QVBoxLayout(m_window.get());
    m_behind = new QLineEdit;
    column->addWidget(m_behind);
    column->addStretch(1);
    m_window->resize(900, 600);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    m_window->activateWindow();
    m_behind->setFocus();
    QTRY_VERIFY(m_behind->hasFocus());
}

void TestOverlay::cleanup()
{
    m_window.reset();
}

void TestOverlay::focusStaysInside()
{
    auto *overlay = new Overlay(m_behind);
    auto *row = new QHBoxLayout(overlay->panel());
    QVector<QLineEdit *> edits;
    for (int i = 0; i < 3; ++i) {
        edits << new QLineEdit;
        row->addWidget(edits.last());
    }
    edits.at(1)->setEnabled(false);
    overlay->present();
    QVERIFY(edits.at(0)->hasFocus());
    QTest::keyClick(edits.at(0), Qt::Key_Tab);
    QVERIFY(edits.at(2)->hasFocus());
    QTest::keyClick(edits.at(2), Qt::Key_Tab);
    QVERIFY(edits.at(0)->hasFocus());
    QTest::keyClick(edits.at(0), Qt::Key_Backtab);
    QVERIFY(edits.at(2)->hasFocus());
}

void TestOverlay::escapeClosesAndGivesFocusBack()
{
    auto *overlay = new Overlay(m_behind);
    auto *button = new Button(QStringLiteral("Go"), overlay->panel());
    QSignalSpy dismissed(overlay, &Overlay::dismissed);
    overlay->present(button);
    QVERIFY(button->hasFocus());
    overlay->setEscCloses(false);
    QTest::keyClick(button, Qt::Key_Escape);
    QTest::mouseClick(overlay, Qt::LeftButton, {}, QPoint(3, 3));
    QCOMPARE(dismissed.count(), 0);
    overlay->setEscCloses(true);
    QTest::keyClick(button, Qt::Key_Escape);
    QCOMPARE(dismissed.count(), 1);
    QVERIFY(m_behind->hasFocus());
    overlay->dismiss();
    QCOMPARE(dismissed.count(), 1);
}

void TestOverlay::neverLargerThanTheWindow()
{
    Overlay overlay(m_behind);
    overlay.setPanelSize({5000, 5000});
    overlay.present();
    QVERIFY(overlay.rect().contains(overlay.panel()->geometry()));
    m_window->resize(500, 400);
    QTRY_COMPARE(overlay.size(), QSize(500, 400));
    QVERIFY(overlay.rect().contains(overlay.panel()->geometry()));
    overlay.setPanelSize({200, 100});
    overlay.setPanelTop(40);
    QCOMPARE(overlay.panel()->geometry(), QRect(150, 40, 200, 100));
}

void TestOverlay::confirmNeedsItsReason()
{
    auto *ask = new ConfirmOverlay(m_behind, {QStringLiteral("Stop ws-1?"), QStringLiteral("Its processes end."),
                                              QStringLiteral("Stop"), true, true, QStringLiteral("Why")});
    QPointer<ConfirmOverlay> alive(ask);
    QSignalSpy accepted(ask, &ConfirmOverlay::accepted);
    Button *act = nullptr;
    for (Button *button : ask->findChildren<Button *>()) {
        if (button->kind() == Button::Kind::Danger)
            act = button;
    }
    QVERIFY(act && !act->isEnabled() && !act->reason().isEmpty());
    auto *reason = ask->findChild<QLineEdit *>();
    QVERIFY(reason->hasFocus());
    QTest::keyClicks(reason, QStringLiteral("   "));
    QVERIFY(!act->isEnabled());
    QTest::keyClicks(reason, QStringLiteral("INC-0147"));
    QVERIFY(act->isEnabled());
    QTest::keyClick(reason, Qt::Key_Return);
    QCOMPARE(accepted.count(), 1);
    QCOMPARE(accepted.last().at(0).toString(), QStringLiteral("INC-0147"));
    QTRY_VERIFY(!alive);
}

void TestOverlay::confirmCancelled()
{
    auto *ask = new ConfirmOverlay(
        m_behind, {QStringLiteral("Title"), QStringLiteral("Text"), QStringLiteral("Do"), false, false, {}});
    QPointer<ConfirmOverlay> alive(ask);
    QSignalSpy accepted(ask, &ConfirmOverlay::accepted);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
    QTRY_VERIFY(!alive);
    QCOMPARE(accepted.count(), 0);
    QVERIFY(m_behind->hasFocus());
}

void TestOverlay::notesCountUpAndStay()
{
    auto *notes = new Notifications(m_window.get());
    notes->post({Severity::Info, QStringLiteral("Saved"), {}, {}, {}});
    notes->post({Severity::Critical, QStringLiteral("A lease survives"), QStringLiteral("db-payments-ro"), {}, {}});
    notes->post({Severity::Critical, QStringLiteral("A lease survives"), QStringLiteral("db-payments-ro"), {}, {}});
    QCOMPARE(notes->count(), 2);
    QVERIFY(m_behind->hasFocus());
    QVERIFY(m_window->rect().contains(notes->geometry()));
    // More than fit push out what would leave by itself, not what must be read.
    for (int i = 0; i < 6; ++i)
        notes->post({Severity::Low, QStringLiteral("Note %1").arg(i), {}, {}, {}});
    QCOMPARE(notes->count(), 5);
    notes->focusNewest();
    QVERIFY(notes->isAncestorOf(QApplication::focusWidget()));
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
    QCOMPARE(notes->count(), 4);
    notes->closeAll();
    QCOMPARE(notes->count(), 0);
    QVERIFY(!notes->isVisible());
}

void TestOverlay::notesRunTheirAction()
{
    auto *notes = new Notifications(m_window.get());
    bool ran = false;
    notes->post(
        {Severity::High, QStringLiteral("2 hosts are silent"), {}, QStringLiteral("Show"), [&] { ran = true; }});
    for (Button *button : notes->findChildren<Button *>()) {
        if (button->text() == QStringLiteral("Show"))
            QTest::mouseClick(button, Qt::LeftButton);
    }
    QVERIFY(ran);
    QCOMPARE(notes->count(), 0);
}

void TestOverlay::statesOfAPage()
{
    auto *content = new QWidget;
    StatePage page(content);
    page.resize(600, 400);
    page.show();
    QSignalSpy changed(&page, &StatePage::stateChanged);
    QCOMPARE(page.state(), StatePage::State::Ready);
    bool cancelled = false;
    page.showLoading(QStringLiteral("120 of 318"), [&] { cancelled = true; });
    QCOMPARE(page.currentWidget(), content); // what was there stays until the skeleton comes
    QTRY_VERIFY(page.currentWidget() != content);
    QTest::keyClick(page.currentWidget(), Qt::Key_Escape);
    QVERIFY(cancelled);
    page.showEmpty(Icon::Filter, QStringLiteral("No workspace matches"),
                   {{QStringLiteral("318 exist."), Type::Body, Role::Text2}});
    QCOMPARE(page.state(), StatePage::State::Empty);
    QCOMPARE(page.currentWidget()->accessibleName(), QStringLiteral("No workspace matches"));
    QCOMPARE(page.currentWidget()->accessibleDescription(), QStringLiteral("318 exist."));
    page.showReady();
    QCOMPARE(page.currentWidget(), content);
    QCOMPARE(changed.count(), 3);
}

void TestOverlay::quickAnswersDoNotFlicker()
{
    auto *content = new QWidget;
    StatePage page(content);
    page.show();
    QSignalSpy shown(&page, &QStackedWidget::currentChanged);
    page.showLoading();
    page.showReady();
    QTRY_COMPARE(page.state(), StatePage::State::Ready);
    QCOMPARE(shown.count(), 0);
}

void TestOverlay::errorKeysWork()
{
    StatePage page(new QWidget);
    page.resize(600, 400);
    page.show();
    int tries = 0;
    page.showError(
        parapet::Error{parapet::Error::Code::Network, QStringLiteral("The control plane does not answer."), {}, true},
        [&] { ++tries; });
    QVERIFY(!page.grab().isNull());
    QTest::keyClick(page.currentWidget(), Qt::Key_F5);
    QCOMPARE(tries, 1);
    auto *again = page.currentWidget()->findChild<Button *>();
    QTest::mouseClick(again, Qt::LeftButton);
    QCOMPARE(tries, 2);
    page.showError(parapet::Error{parapet::Error::Code::Forbidden, QStringLiteral("No."), {}, false}, {});
    QTRY_VERIFY(page.currentWidget()->findChildren<Button *>().isEmpty());
}

void TestOverlay::paneSlides()
{
    auto *detail = new QWidget;
    DetailSplitter pane(new QLineEdit, detail);
    pane.resize(1000, 400);
    pane.show();
    QVERIFY(QTest::qWaitForWindowExposed(&pane));
    QVERIFY(!pane.isOpen() && !detail->isVisible());
    pane.setOpen(true);
    QVERIFY(detail->isVisible());
    QTRY_COMPARE(detail->width(), pane.paneWidth());
    pane.setPaneWidth(430);
    QCOMPARE(detail->width(), 430);
    pane.setPaneWidth(10);
    QVERIFY(detail->width() >= size::detailPaneMin);
    pane.setOpen(false);
    QTRY_VERIFY(!detail->isVisible());
    m_theme.setReducedMotion(true);
    pane.setOpen(true);
    QTRY_COMPARE(detail->width(), pane.paneWidth());
    m_theme.setReducedMotion(false);
}

void TestOverlay::disabledButtonSaysWhy()
{
    Button button(QStringLiteral("Sign certificate"), Icon::Certificate);
    button.setAvailable(false, QStringLiteral("12 of 14 statements hold."));
    QVERIFY(!button.isEnabled());
    QCOMPARE(button.toolTip(), QStringLiteral("12 of 14 statements hold."));
    QCOMPARE(button.accessibleDescription(), QStringLiteral("12 of 14 statements hold."));
    button.setAvailable(true);
    QVERIFY(button.toolTip().isEmpty());
    QSignalSpy clicked(&button, &QAbstractButton::clicked);
    QTest::keyClick(&button, Qt::Key_Return);
    QTest::keyClick(&button, Qt::Key_Space);
    QTest::mouseClick(&button, Qt::LeftButton);
    QCOMPARE(clicked.count(), 3);
    Button amp(QStringLiteral("Payments && ledger"));
    QCOMPARE(amp.accessibleName(), QStringLiteral("Payments & ledger"));
}

QTEST_MAIN(TestOverlay)
#include "tst_overlay.moc"
