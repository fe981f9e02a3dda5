// SPDX-License-Identifier: GPL-3.0-or-later
// What holds for every page of the console, also for those that come later. Leaves pictures in BUILD/pages, to be looked at.
#include "app/console/pages.h"

#include "models/response/actions.h"
#include "tests/support/certificatefactory.h"
#include "tests/ui/pages/desk.h"
#include "ui/kit/charts.h"
#include "ui/kit/filterfield.h"
#include "ui/kit/text/label.h"
#include "ui/shell/mainwindow.h"

#include <QtCore/QDir>
#include <QtCore/QTemporaryDir>
#include <QtGui/QAccessible>
#include <QtWidgets/QAbstractScrollArea>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QScrollBar>
#include <QtWidgets/QTabBar>

using namespace parapet;
using namespace parapet::support;
using namespace Qt::StringLiterals;

namespace {

constexpr QSize usualWindow(1440, 900);
constexpr QSize largeWindow(1920, 1080);

/// The console's window over a fake system, with one saved profile and drift to show.
struct Window : Desk {
    Window() : Desk(12), switchboard(profiles, secrets, nullptr, system.world.clock)
    {
        workspace("ws-2").workspace.imageSigned = false;
        workspace("ws-3").workspace.runtime = RuntimeStatus::Silent;
        const QUrl url(u"https://127.0.0.1:8443"_s);
        profiles.save({u"prod-eu"_s, url, url, url, certificates.caPath(), certificates.caSha256(), {}, certificates.clientFile(u"operator"_s), {}, {}});
        actions = response::actionsFor(system.system());
        operation::Environment environment;
        environment.folder = folder.path();
        environment.actions = actions.get();
        environment.clock = &system.world.clock;
        runner = std::make_unique<operation::Runner>(environment);
        connectSystem();
        context.setRunner(runner.get());
        const console::PageParts parts{context, switchboard, theme, folder.path()};
        window = std::make_unique<shell::MainWindow>(console::pages(parts), commands, settings.store());
        window->resize(usualWindow);
        window->show();
    }
    ~Window() { context.setRunner(nullptr); }

    shell::Page *open(const QString &id)
    {
        if (!window->goTo({id, {}}))
            return nullptr;
        // What the page asks for at once is there when no reply is on its way any more.
        waitUntil([this] {
            const auto *states = window->currentPage()->findChild<kit::StatePage *>();
            return !states || states->state() != kit::StatePage::State::Loading;
        });
        QCoreApplication::sendPostedEvents();
        return window->currentPage();
    }

    CertificateFactory certificates;
    fleet::MemorySecretStore secrets;
    fleet::ProfileStore profiles{settings.store()};
    fleet::Switchboard switchboard;
    QTemporaryDir folder;
    std::unique_ptr<operation::ActionSet> actions;
    std::unique_ptr<operation::Runner> runner;
    std::unique_ptr<shell::MainWindow> window;
};

void addPages()
{
    QTest::addColumn<QString>("id");
    Window probe;
    for (const shell::PageInfo &info : probe.window->pages())
        QTest::newRow(qPrintable(info.id)) << info.id;
}

void keepPicture(const QImage &picture, const QString &name)
{
    const QDir folder(QStringLiteral(PARAPET_BINARY_DIR "/pages"));
    folder.mkpath(u"."_s);
    picture.save(folder.filePath(name + u".png"_s));
}

QString describe(const QWidget *widget)
{
    QString path;
    for (const QWidget *at = widget; at && !at->isWindow(); at = at->parentWidget())
        path = QLatin1String(at->metaObject()->className()) + (path.isEmpty() ? QString() : u" > "_s + path);
    return path + u" \""_s + widget->accessibleName() + u"\""_s;
}

bool takesFocus(const QWidget *widget)
{
    return widget->isEnabled() && widget->isVisible() && (widget->focusPolicy() & Qt::TabFocus) && !widget->focusProxy();
}

QString spokenName(QWidget *widget)
{
    QAccessibleInterface *interface = QAccessible::queryAccessibleInterface(widget);
    return interface ? interface->text(QAccessible::Name) : widget->accessibleName();
}

/// Why the widget's text does not fit; empty when it does, or when it elides by intent and shows the whole in a tooltip.
QString clipping(const QWidget *widget)
{
    const QString size = u" has %1x%2, needs "_s.arg(widget->width()).arg(widget->height());
    const auto needs = [&](const QSize &least) {
        const bool fits = widget->width() >= least.width() && widget->height() >= least.height();
        return fits ? QString() : describe(widget) + size + u"%1x%2"_s.arg(least.width()).arg(least.height());
    };
    if (const auto *label = qobject_cast<const kit::PlainLabel *>(widget)) {
        if (label->fullText().isEmpty())
            return {};
        const int height = label->wordWrap() ? label->heightForWidth(label->width()) : label->minimumSizeHint().height();
        return needs({label->wordWrap() ? 0 : label->minimumSizeHint().width(), height});
    }
    // A line with a tooltip of its own is one of data, of any length: it may be cut short. All others are our words.
    if (const auto *line = qobject_cast<const kit::RunLine *>(widget))
        return line->text().isEmpty() ? QString() : needs({line->toolTip().isEmpty() ? line->sizeHint().width() : 0, line->sizeHint().height()});
    if (qobject_cast<const kit::FigureBar *>(widget))
        return needs(widget->minimumSizeHint());
    if (qobject_cast<const QAbstractButton *>(widget))
        return needs(widget->sizeHint().boundedTo({4000, 4000}));
    if (qobject_cast<const QLineEdit *>(widget) && !qobject_cast<const kit::FilterField *>(widget->parentWidget()))
        return needs({0, widget->sizeHint().height()});
    if (qobject_cast<const QTabBar *>(widget) || qobject_cast<const kit::FilterField *>(widget))
        return needs({0, widget->minimumSizeHint().height()});
    return {};
}

/// Whether the widget lies wholly within what its ancestors show; what a scroll area can bring into view counts as shown.
QString cutOff(const QWidget *widget)
{
    QRect rect = widget->rect();
    for (const QWidget *at = widget; at->parentWidget() && !at->isWindow(); at = at->parentWidget()) {
        const QWidget *parent = at->parentWidget();
        rect.translate(at->pos());
        if (qobject_cast<const QAbstractScrollArea *>(parent->parentWidget()))
            return {};
        if (!parent->rect().contains(rect))
            return describe(widget) + u" is cut off by "_s + QLatin1String(parent->metaObject()->className());
    }
    return {};
}

QStringList faultsOfText(const QWidget *page)
{
    QStringList faults;
    for (const QWidget *widget : page->findChildren<QWidget *>()) {
        if (!widget->isVisible() || widget->size().isEmpty() || !widget->inherits("QWidget"))
            continue;
        const QString fault = clipping(widget);
        if (!fault.isEmpty())
            faults << fault;
        else if (qobject_cast<const QAbstractButton *>(widget) || qobject_cast<const kit::PlainLabel *>(widget) || qobject_cast<const kit::RunLine *>(widget)
                 || qobject_cast<const QLineEdit *>(widget))
            faults << cutOff(widget);
    }
    faults.removeAll(QString());
    return faults;
}

} // namespace

class TestPages : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyControlHasAName_data() { addPages(); }
    void everyControlHasAName();
    void tabReachesAllAndComesRound_data() { addPages(); }
    void tabReachesAllAndComesRound();
    void thePageTakesTheFocus_data() { addPages(); }
    void thePageTakesTheFocus();
    void noTextIsClippedAtTwiceTheSize_data();
    void noTextIsClippedAtTwiceTheSize();
    void itIsDrawnInEveryTheme_data() { addPages(); }
    void itIsDrawnInEveryTheme();
    void losingTheSystemIsSurvived_data() { addPages(); }
    void losingTheSystemIsSurvived();
    void titlesAndIdsAreUnique();
};

void TestPages::everyControlHasAName()
{
    QFETCH(QString, id);
    Window desk;
    shell::Page *page = desk.open(id);
    QVERIFY(page);
    QStringList nameless;
    for (QWidget *widget : page->findChildren<QWidget *>()) {
        if (takesFocus(widget) && spokenName(widget).trimmed().isEmpty())
            nameless << describe(widget);
    }
    QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(u'\n')));
    QVERIFY(!page->accessibleName().isEmpty());
}

void TestPages::tabReachesAllAndComesRound()
{
    QFETCH(QString, id);
    Window desk;
    shell::Page *page = desk.open(id);
    QVERIFY(page);
    desk.window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(desk.window.get()));
    QSet<const QWidget *> wanted;
    for (const QWidget *widget : page->findChildren<QWidget *>()) {
        // Of radio buttons side by side the keyboard stops at one: arrows go on from there.
        const auto *button = qobject_cast<const QAbstractButton *>(widget);
        const bool follower = button && button->autoExclusive() && !button->isChecked();
        if (takesFocus(widget) && !follower)
            wanted.insert(widget);
    }
    if (QWidget *first = page->firstFocus())
        first->setFocus(Qt::OtherFocusReason);
    const QWidget *start = QApplication::focusWidget();
    QVERIFY(start);
    QSet<const QWidget *> seen;
    int steps = 0;
    do {
        seen.insert(QApplication::focusWidget());
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        QVERIFY2(QApplication::focusWidget(), "Tab leads nowhere");
        QVERIFY2(++steps < 400, qPrintable(u"Tab does not come round; it stands at "_s + describe(QApplication::focusWidget())));
    } while (QApplication::focusWidget() != start);
    QStringList missed;
    for (const QWidget *widget : wanted) {
        if (!seen.contains(widget))
            missed << describe(widget);
    }
    QVERIFY2(missed.isEmpty(), qPrintable(u"Tab does not reach\n"_s + missed.join(u'\n')));
}

void TestPages::thePageTakesTheFocus()
{
    QFETCH(QString, id);
    Window desk;
    desk.window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(desk.window.get()));
    shell::Page *page = desk.open(id);
    QWidget *first = page->firstFocus();
    QVERIFY(first);
    first->setFocus(Qt::OtherFocusReason);
    QVERIFY2(page->isAncestorOf(QApplication::focusWidget()), qPrintable(describe(first) + u" does not take the keyboard"_s));
}

void TestPages::noTextIsClippedAtTwiceTheSize_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<bool>("later"); ///< the page was made before the size was chosen
    Window probe;
    for (const shell::PageInfo &info : probe.window->pages()) {
        QTest::newRow(qPrintable(info.id + u" made so"_s)) << info.id << false;
        QTest::newRow(qPrintable(info.id + u" changed"_s)) << info.id << true;
    }
}

void TestPages::noTextIsClippedAtTwiceTheSize()
{
    QFETCH(QString, id);
    QFETCH(bool, later);
    Window desk;
    desk.theme.setTextScale(later ? 1 : 2);
    shell::Page *page = desk.open(id);
    QVERIFY(page);
    desk.theme.setTextScale(2);
    QCoreApplication::sendPostedEvents();
    desk.window->resize(largeWindow);
    QCoreApplication::sendPostedEvents();
    QVERIFY2(desk.window->width() <= largeWindow.width() && desk.window->height() <= largeWindow.height(), "the window no longer fits on a screen");
    const auto settled = [&] { return faultsOfText(page).isEmpty(); };
    const bool fits = waitUntil(settled, 500);
    keepPicture(page->grab().toImage(), id + (later ? u"-200-later"_s : u"-200"_s));
    if (!fits)
        QFAIL(qPrintable(faultsOfText(page).join(u'\n')));
}

void TestPages::itIsDrawnInEveryTheme()
{
    QFETCH(QString, id);
    Window desk;
    shell::Page *page = desk.open(id);
    QVERIFY(page);
    QSet<QRgb> grounds;
    for (const auto choice : {kit::ThemeChoice::Dark, kit::ThemeChoice::Light, kit::ThemeChoice::HighContrast}) {
        desk.theme.setChoice(choice);
        QCoreApplication::sendPostedEvents();
        const QImage picture = page->grab().toImage();
        keepPicture(picture, id + u'-' + QString::number(int(choice)));
        QSet<QRgb> colours;
        for (int y = 0; y < picture.height(); y += 3) {
            for (int x = 0; x < picture.width(); x += 3)
                colours.insert(picture.pixel(x, y));
        }
        QVERIFY2(colours.size() > 12, "hardly anything is drawn");
        // The ground is the theme's: nothing draws a page of another theme.
        const QRgb ground = picture.pixel(picture.width() - 4, picture.height() / 2);
        grounds.insert(ground);
        QCOMPARE(QColor(ground).lightness() > 128, choice == kit::ThemeChoice::Light);
    }
    QVERIFY(grounds.size() >= 2);
}

void TestPages::losingTheSystemIsSurvived()
{
    QFETCH(QString, id);
    Window desk;
    shell::Page *page = desk.open(id);
    QVERIFY(page);
    desk.context.setRunner(nullptr);
    desk.dropSystem();
    QVERIFY(!page->grab().isNull());
    desk.connectSystem();
    desk.context.setRunner(desk.runner.get());
    QTRY_VERIFY(!page->findChild<kit::StatePage *>() || stateIn(page) != kit::StatePage::State::Loading);
    QVERIFY(!page->grab().isNull());
}

void TestPages::titlesAndIdsAreUnique()
{
    Window desk;
    QSet<QString> ids, titles;
    for (const shell::PageInfo &info : desk.window->pages()) {
        ids.insert(info.id);
        titles.insert(info.title);
        QVERIFY2(shell::Location::parse(info.id), qPrintable(info.id));
        QCOMPARE(desk.open(info.id)->location().page, info.id);
    }
    QCOMPARE(ids.size(), desk.window->pages().size());
    QCOMPARE(titles.size(), desk.window->pages().size());
}

QTEST_MAIN(TestPages)
#include "tst_pages.moc"
