// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/theme.h"
#include "ui/shell/command.h"

#include <QtGui/QAction>
#include <QtTest/QtTest>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QMenu>

using namespace parapet;
using namespace parapet::shell;

namespace {

Command command(const char *id, std::function<void()> run, Needs needs = NeedsNothing)
{
    Command made;
    made.id = QLatin1String(id);
    made.text = QLatin1String(id) + QChar(0x2026);
    made.needs = needs;
    made.run = std::move(run);
    return made;
}

} // namespace

class TestCommand : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void oneFunctionDecides();
    void rightsAndConditions();
    void pageCommandsOnlyWhileActive();
    void goneWithTheirOwner();
    void viewsStayRight();
    void refusalIsSaid();
    void shortcutsFollowTheActivePage();
    void runMayRemoveItself();
};

void TestCommand::oneFunctionDecides()
{
    CommandRegistry registry;
    const Command both = command(
        "x", [] {}, NeedsOnline | NeedsOneObject);
    registry.setContext({Availability::no(QStringLiteral("Not connected since 14:38.")), {}});
    QCOMPARE(registry.availability(both).reason, QStringLiteral("Not connected since 14:38."));
    registry.setContext({});
    QVERIFY(!registry.availability(both).enabled);
    registry.setObjects(1, QStringLiteral("ws-1"));
    QVERIFY(registry.availability(both).enabled);
    registry.setObjects(3, QStringLiteral("ws-1"));
    QVERIFY(!registry.availability(both).enabled);
    QVERIFY(!registry.availability(both).reason.isEmpty());
    QVERIFY(registry
                .availability(command(
                    "y", [] {}, NeedsObjects))
                .enabled);
}

void TestCommand::rightsAndConditions()
{
    CommandRegistry registry;
    registry.setContext({Availability::yes(), [](const QString &right) {
                             return right == QStringLiteral("workspace:read")
                                        ? Availability::yes()
                                        : Availability::no(QStringLiteral("needs the right ") + right);
                         }});
    Command read = command("read", [] {});
    read.right = QStringLiteral("workspace:read");
    QVERIFY(registry.availability(read).enabled);
    Command revoke = command("revoke", [] {});
    revoke.right = QStringLiteral("workspace:revoke");
    QCOMPARE(registry.availability(revoke).reason, QStringLiteral("needs the right workspace:revoke"));
    read.condition = [] { return Availability::no(QStringLiteral("It is frozen.")); };
    QCOMPARE(registry.availability(read).reason, QStringLiteral("It is frozen."));
}

void TestCommand::pageCommandsOnlyWhileActive()
{
    CommandRegistry registry;
    QObject window, one, two;
    registry.addGlobal(&window, {command("global", [] {})});
    registry.add(&one, {command("same", [] {}), command("one", [] {})});
    registry.add(&two, {command("same", [] {})}); // another page may use the same id
    QCOMPARE(registry.commands().size(), 1);
    registry.setActive(&one);
    QCOMPARE(registry.commands().size(), 3);
    QCOMPARE(registry.commands().last()->id, QStringLiteral("global"));
    registry.setActive(&two);
    QVERIFY(!registry.find(QStringLiteral("one")));
    QVERIFY(registry.find(QStringLiteral("same")));
    QVERIFY(!registry.trigger(QStringLiteral("one")).enabled);
}

void TestCommand::goneWithTheirOwner()
{
    CommandRegistry registry;
    auto page = std::make_unique<QObject>();
    registry.add(page.get(), {command("x", [] {})});
    registry.setActive(page.get());
    QVERIFY(registry.find(QStringLiteral("x")));
    page.reset();
    QVERIFY(!registry.find(QStringLiteral("x")));
    QVERIFY(registry.commands().isEmpty());
}

void TestCommand::viewsStayRight()
{
    CommandRegistry registry;
    QObject page;
    int runs = 0;
    Command freeze = command(
        "freeze", [&] { ++runs; }, NeedsObjects);
    freeze.shortcut = QKeySequence(Qt::Key_F);
    freeze.icon = kit::Icon::Freeze;
    registry.add(&page, {freeze});
    registry.setActive(&page);
    QWidget window;
    kit::Button *button = registry.createButton(QStringLiteral("freeze"), &window);
    std::unique_ptr<QMenu> menu(registry.createMenu({QStringLiteral("freeze"), QString()}, nullptr));
    QAction *action = menu->actions().first();
    QVERIFY(!button->isEnabled() && !action->isEnabled());
    QVERIFY(!button->reason().isEmpty());
    QCOMPARE(action->toolTip(), button->reason());
    QCOMPARE(button->keyHint(), QStringLiteral("F"));
    registry.setObjects(1, QStringLiteral("ws-1"));
    QVERIFY(button->isEnabled() && action->isEnabled());
    button->click();
    action->trigger();
    QCOMPARE(runs, 2);
    registry.setActive(nullptr);
    QVERIFY(!action->isVisible() && !button->isEnabled());
}

void TestCommand::refusalIsSaid()
{
    CommandRegistry registry;
    QObject page;
    int runs = 0;
    registry.add(&page, {command(
                            "x", [&] { ++runs; }, NeedsObjects)});
    registry.setActive(&page);
    QSignalSpy refused(&registry, &CommandRegistry::refused);
    QVERIFY(!registry.trigger(QStringLiteral("x")).enabled);
    QCOMPARE(refused.count(), 1);
    QVERIFY(!refused.last().at(1).toString().isEmpty());
    QCOMPARE(runs, 0);
}

void TestCommand::shortcutsFollowTheActivePage()
{
    CommandRegistry registry;
    QWidget window;
    QLineEdit edit(&window);
    window.setFocusPolicy(Qt::StrongFocus);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    window.activateWindow();
    window.setFocus();
    QTRY_VERIFY(window.hasFocus());
    registry.installShortcuts(&window);
    QObject one, two;
    int ones = 0, twos = 0;
    Command first = command("a", [&] { ++ones; });
    first.shortcut = QKeySequence(Qt::Key_R);
    Command second = command("b", [&] { ++twos; });
    second.shortcut = QKeySequence(Qt::Key_R);
    registry.add(&one, {first});
    registry.add(&two, {second});
    registry.setActive(&one);
    QTest::keyClick(&window, Qt::Key_R);
    QTRY_COMPARE(ones, 1);
    registry.setActive(&two);
    QTest::keyClick(&window, Qt::Key_R);
    QTRY_COMPARE(twos, 1);
    QCOMPARE(ones, 1);
    // Typing stays typing.
    edit.setFocus();
    QTest::keyClick(&edit, Qt::Key_R);
    QCOMPARE(edit.text(), QStringLiteral("r"));
    QCoreApplication::sendPostedEvents();
    QCOMPARE(twos, 1);
}

void TestCommand::runMayRemoveItself()
{
    CommandRegistry registry;
    auto *page = new QObject;
    bool ran = false;
    registry.add(page, {command("x", [&] {
                     delete page;
                     ran = true;
                 })});
    registry.setActive(page);
    registry.trigger(QStringLiteral("x"));
    QVERIFY(ran);
}

QTEST_MAIN(TestCommand)
#include "tst_command.moc"
