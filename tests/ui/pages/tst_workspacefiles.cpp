// SPDX-License-Identifier: GPL-3.0-or-later
// What the Workspaces page keeps: saved views and exported files.
#include "tests/ui/pages/desk.h"
#include "ui/kit/overlay.h"
#include "ui/pages/workspaces/exporter.h"
#include "ui/pages/workspaces/savedviews.h"
#include "ui/pages/workspaces/workspacespage.h"

#include "models/core/json.h"
#include "models/wire/codec.h"

#include <QtCore/QDir>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QTabBar>

using namespace parapet;
using namespace parapet::pages;
using namespace parapet::support;
using namespace Qt::StringLiterals;

namespace {

struct Export {
    explicit Export(Desk &desk, WorkspaceExporter::Format format, const QString &filter = {}, QVector<int> columns = {0, 1})
        : exporter(desk.system.control, Query{filter, {}, false}, format, std::move(columns)), ended(&exporter, &WorkspaceExporter::finished)
    {
    }
    bool run(const QString &path)
    {
        exporter.start(path);
        return ended.count() > 0 || ended.wait(patience);
    }
    qint64 written() const { return ended.first().at(0).toLongLong(); }
    QString error() const { return ended.first().at(1).toString(); }

    WorkspaceExporter exporter;
    QSignalSpy ended;
};

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestWorkspaceFiles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void csvIsSafeForSpreadsheets_data();
    void csvIsSafeForSpreadsheets();
    void jsonLinesHoldTheWireForm();
    void everyPageIsFetched();
    void aFailureLeavesNoFile();
    void cancellingLeavesNoFile();
    void aFolderThatIsNotThereIsSaid();
    void viewsAreNamedFilters();
    void aHostileStoreIsBounded();
    void aViewIsSavedAndRemovedOnThePage();
};

void TestWorkspaceFiles::csvIsSafeForSpreadsheets_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("cell");
    QTest::newRow("plain") << u"ws-a"_s << QByteArray("ws-a");
    QTest::newRow("formula") << u"=cmd|' /C calc'!A0"_s << QByteArray("'=cmd|' /C calc'!A0");
    QTest::newRow("plus") << u"+SUM(A1)"_s << QByteArray("'+SUM(A1)");
    QTest::newRow("at") << u"@A1"_s << QByteArray("'@A1");
    QTest::newRow("quote and comma") << u"a\"b,c"_s << QByteArray("\"a\"\"b,c\"");
}

void TestWorkspaceFiles::csvIsSafeForSpreadsheets()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, cell);
    Desk desk(1);
    desk.workspace("ws-1").workspace.name = Untrusted(name);
    const int column = int(findField<Workspace>(u"name"_s) - fieldsOf<Workspace>().data());
    Export csv(desk, WorkspaceExporter::Format::Csv, {}, {column});
    const QString path = desk.settings.path(u"out.csv"_s);
    QVERIFY(csv.run(path));
    QCOMPARE(csv.error(), QString());
    QCOMPARE(contentOf(path), "name\r\n" + cell + "\r\n");
}

void TestWorkspaceFiles::jsonLinesHoldTheWireForm()
{
    Desk desk(3);
    desk.workspace("ws-2").workspace.state = WorkspaceState::Stopped;
    Export lines(desk, WorkspaceExporter::Format::JsonLines, u"state:running"_s);
    const QString path = desk.settings.path(u"out.jsonl"_s);
    QVERIFY(lines.run(path));
    QCOMPARE(lines.written(), 2);
    const QList<QByteArray> written = contentOf(path).trimmed().split('\n');
    QCOMPARE(written.size(), 2);
    for (const QByteArray &line : written) {
        const Result<QJsonValue> json = parseJson(line);
        QVERIFY2(json, why(json));
        const Result<Workspace> workspace = wire::fromJson<Workspace>(json->toObject());
        QVERIFY2(workspace, why(workspace));
        QCOMPARE(workspace->state, WorkspaceState::Running);
    }
}

void TestWorkspaceFiles::everyPageIsFetched()
{
    Desk desk(1203);
    Export csv(desk, WorkspaceExporter::Format::Csv);
    QSignalSpy progress(&csv.exporter, &WorkspaceExporter::progressed);
    const QString path = desk.settings.path(u"all.csv"_s);
    QVERIFY(csv.run(path));
    QCOMPARE(csv.written(), 1203);
    QCOMPARE(progress.count(), 3);
    QCOMPARE(contentOf(path).count('\n'), 1204);
}

void TestWorkspaceFiles::aFailureLeavesNoFile()
{
    Desk desk(1203);
    desk.system.control.script.onCall = [&](const Call &) {
        if (desk.system.control.script.count(u"workspaces"_s) == 2)
            desk.system.control.script.failNext(u"workspaces"_s, networkError(u"It went away."_s));
    };
    Export csv(desk, WorkspaceExporter::Format::Csv);
    QVERIFY(csv.run(desk.settings.path(u"half.csv"_s)));
    QCOMPARE(csv.written(), 500);
    QVERIFY(csv.error().contains(u"It went away."_s));
    QVERIFY(!QFile::exists(desk.settings.path(u"half.csv"_s)));
}

void TestWorkspaceFiles::cancellingLeavesNoFile()
{
    Desk desk(700);
    desk.system.control.script.hold(u"workspaces"_s);
    Export csv(desk, WorkspaceExporter::Format::Csv);
    const QString path = desk.settings.path(u"cancelled.csv"_s);
    csv.exporter.start(path);
    csv.exporter.cancel();
    QTRY_COMPARE(csv.ended.count(), 1); // though the source never answers
    desk.system.control.script.release(u"workspaces"_s);
    QCoreApplication::sendPostedEvents();
    QCOMPARE(csv.ended.count(), 1);
    QVERIFY(!csv.error().isEmpty());
    QVERIFY(!QFile::exists(path));
}

void TestWorkspaceFiles::aFolderThatIsNotThereIsSaid()
{
    Desk desk(1);
    Export csv(desk, WorkspaceExporter::Format::Csv);
    QVERIFY(csv.run(desk.settings.path(u"no/such/folder/out.csv"_s)));
    QVERIFY(!csv.error().isEmpty());
    QVERIFY(desk.system.control.script.calls().isEmpty());
}

void TestWorkspaceFiles::viewsAreNamedFilters()
{
    TemporarySettings settings;
    SavedViews views(settings.store(), u"test/views"_s, {{u"All"_s, {}, false}, {u"Running"_s, u"state:running"_s, false}});
    QVERIFY(views.views().first().builtIn);
    QVERIFY(views.save(u"  Mine "_s, u"team:payments"_s));
    QVERIFY(!views.save(u"running"_s, u"team:x"_s)); // a built-in view's name
    QVERIFY(!views.save(u"  "_s, u"team:x"_s));
    QCOMPARE(views.indexOf(u"team:payments"_s), 2);
    QVERIFY(views.save(u"MINE"_s, u"team:identity"_s)); // the same view, changed
    QCOMPARE(views.views().size(), 3);
    settings.reopen();
    SavedViews again(settings.store(), u"test/views"_s, {{u"All"_s, {}, false}});
    QCOMPARE(again.views().size(), 2);
    QCOMPARE(again.views().last().name, u"Mine"_s);
    QCOMPARE(again.views().last().filter, u"team:identity"_s);
    again.remove(u"Mine"_s);
    QCOMPARE(again.views().size(), 1);
    for (int i = 0; i < 50; ++i)
        QVERIFY(again.save(u"view %1"_s.arg(i), u"name~%1"_s.arg(i)));
    QVERIFY(!again.save(u"one too many"_s, u"name~x"_s));
}

void TestWorkspaceFiles::aHostileStoreIsBounded()
{
    TemporarySettings settings;
    settings.store().setValue(u"test/views/size"_s, 2'000'000'000);
    settings.store().setValue(u"test/views/1/name"_s, QString(5000, u'x'));
    const SavedViews views(settings.store(), u"test/views"_s, {});
    QVERIFY(views.views().size() <= 50);
    QVERIFY(views.views().value(0).name.size() <= 60);
}

void TestWorkspaceFiles::aViewIsSavedAndRemovedOnThePage()
{
    Desk desk(4);
    desk.connectSystem();
    PageWindow<WorkspacesPage> shown(desk.commands, desk.context);
    auto *tabs = shown.page->findChild<QTabBar *>();
    const int builtIn = tabs->count();
    shown.page->goTo({u"workspaces"_s, {{u"filter"_s, u"project:ledger"_s}}});
    QCOMPARE(tabs->count(), builtIn + 1); // "Filtered": no view claims to be it
    const auto openDialog = [&] {
        QTest::mouseClick(buttonIn(shown.page, u"Save view"_s), Qt::LeftButton);
        auto *overlay = visibleChild<kit::Overlay>(&shown.window);
        return overlay;
    };
    kit::Overlay *overlay = openDialog();
    QVERIFY(overlay);
    auto *name = overlay->findChild<QLineEdit *>();
    QAbstractButton *save = buttonIn(overlay, u"Save"_s);
    QVERIFY(save && !save->isEnabled());
    QTest::keyClicks(name, u"Running"_s);
    QTest::mouseClick(save, Qt::LeftButton);
    QVERIFY(overlay->isPresented()); // a built-in view has that name
    name->clear();
    QTest::keyClicks(name, u"Ledger & co"_s);
    QTest::keyClick(name, Qt::Key_Return);
    QTRY_COMPARE(tabs->count(), builtIn + 1);
    QTRY_VERIFY(tabs->tabText(builtIn).startsWith(u"Ledger && co"_s));
    QCOMPARE(tabs->currentIndex(), builtIn);
    QTRY_VERIFY(!visibleChild<kit::Overlay>(&shown.window));
    overlay = openDialog();
    QAbstractButton *remove = buttonIn(overlay, u"Remove"_s);
    QVERIFY(remove);
    QTest::mouseClick(remove, Qt::LeftButton);
    QTRY_VERIFY(tabs->tabText(builtIn).startsWith(u"Filtered"_s));
}

QTEST_MAIN(TestWorkspaceFiles)
#include "tst_workspacefiles.moc"
