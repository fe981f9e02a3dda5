// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/auditmodel.h"
#include "models/query/predicate.h"
#include "models/transparency/proofbundle.h"
#include "tests/ui/pages/auditroom.h"
#include "ui/kit/filterfield.h"
#include "ui/kit/overlay.h"
#include "ui/kit/proofpath.h"
#include "ui/kit/tableview.h"
#include "ui/pages/audit/auditpage.h"
#include "ui/pages/audit/eventfields.h"
#include "ui/pages/audit/eventpane.h"
#include "ui/pages/audit/groupsheet.h"
#include "ui/pages/audit/logbanner.h"
#include "ui/pages/audit/proofexporter.h"
#include "ui/pages/audit/timefilter.h"

#include <QtCore/QTemporaryDir>
#include <QtGui/QClipboard>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QTabBar>

using namespace parapet;
using namespace parapet::pages;
using namespace parapet::support;
using namespace Qt::StringLiterals;

class TestAuditPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rowsAreShownAndProven();
    void theEventIsProvenFromLeafToRoot();
    void theFieldsLeadToEventsThatShareThem();
    void neighboursAreShown();
    void theCanonicalFormIsInert();
    void aRangeIsBrushed_data();
    void aRangeIsBrushed();
    void timeTermsComeAndGo_data();
    void timeTermsComeAndGo();
    void filtersAndViews();
    void groupsLeadToRows();
    void tamperingCannotBeMissed_data();
    void tamperingCannotBeMissed();
    void anAlteredEventShowsBoth();
    void aPlaceOpensAnEventThatIsFarAway();
    void gapsAreShownAndLeadToRows();
    void whatIsNotProvenIsSaid();
    void troubleKeepsRowsAndRecovers_data();
    void troubleKeepsRowsAndRecovers();
    void proofsAreExported();
    void exportsSayWhatWentWrong_data();
    void exportsSayWhatWentWrong();
    void withoutAFollowerItSaysSo();
    void anotherSystemsEventsAreForgotten();
};

void TestAuditPage::rowsAreShownAndProven()
{
    Room room;
    QVERIFY(room.open());
    QCOMPARE(room.model().rowCount(), 300);
    for (int row = 0; row < 20; ++row)
        QTRY_COMPARE(room.proof(row), Proof::Verified);
    const LogBanner *banner = room.page()->logBanner();
    QVERIFY(banner->isVisible());
    QVERIFY2(banner->text().contains(u"Verified here"_s) && banner->text().contains(u"300"_s), qPrintable(banner->text()));
    QVERIFY(banner->text().contains(room.follower.keyName()));
    QVERIFY(!banner->isAlarm());
    room.log.append();
    QTRY_COMPARE(room.model().rowCount(), 301);
    QTRY_VERIFY(banner->text().contains(u"consistent with 300"_s));
    QTRY_COMPARE(room.proof(0), Proof::Verified);
    keepPicture(&room.shown->window, u"audit-verified"_s);
}

void TestAuditPage::theEventIsProvenFromLeafToRoot()
{
    Room room(700);
    QVERIFY(room.open());
    QVERIFY(room.openEvent(3));
    EventPane *pane = room.page()->detail();
    QTRY_VERIFY(pane->path()->isVisible());
    QTRY_VERIFY(pane->path()->path().holds());
    QVERIFY(pane->path()->path().steps.size() > 6);
    QVERIFY(pane->proofText().contains(u"verified"_s));
    QVERIFY(pane->signersText().contains(room.follower.keyName()));
    QVERIFY(pane->path()->isFolded());
    const int folded = pane->path()->rowCount();
    pane->path()->setFocus();
    QTest::keyClick(pane->path(), Qt::Key_Return);
    QVERIFY(!pane->path()->isFolded());
    QVERIFY(pane->path()->rowCount() > folded);
    QTest::keyClick(pane->path(), Qt::Key_Down);
    QTest::keyClick(pane->path(), Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QGuiApplication::clipboard()->text(), QString::fromLatin1(room.follower.checkpoint()->content.head().root.size() ? pane->path()->path().signedRoot.toHex() : QByteArray()));
    keepPicture(&room.shown->window, u"audit-event"_s);
    // Esc closes it, and the table has the keyboard again.
    QTest::keyClick(pane->path(), Qt::Key_Escape);
    QTRY_VERIFY(!pane->isVisible());
}

void TestAuditPage::theFieldsLeadToEventsThatShareThem()
{
    Room room;
    QVERIFY(room.open());
    QVERIFY(room.openEvent(0));
    EventFields *fields = room.page()->detail()->fields();
    fields->setFocus();
    for (int line = 0; line < fields->lineCount(); ++line) {
        if (fields->lineText(line).startsWith(u"Session"_s))
            break;
        QTest::keyClick(fields, Qt::Key_Down);
    }
    QVERIFY(fields->lineText(fields->currentLine()).startsWith(u"Session"_s));
    QTest::keyClick(fields, Qt::Key_Return);
    QTRY_COMPARE(room.places.size(), 1);
    QCOMPARE(room.places.last().param(u"filter"_s), u"session:sess-2"_s);
    QTRY_COMPARE(room.model().rowCount(), 100);
    QCOMPARE(room.page()->filterField()->filter(), u"session:sess-2"_s);
    // By command, from the table.
    room.choose(0);
    room.desk.commands.trigger(u"audit.by-target"_s);
    QTRY_COMPARE(room.places.last().param(u"filter"_s), u"target:ws-4"_s);
    room.choose(0);
    QTRY_VERIFY(room.model().rowAt(0));
    room.desk.commands.trigger(u"audit.around"_s);
    QTRY_VERIFY(room.places.last().param(u"filter"_s).startsWith(u"time>="_s));
}

void TestAuditPage::neighboursAreShown()
{
    Room room;
    QVERIFY(room.open());
    QVERIFY(room.openEvent(0));
    EventPane *pane = room.page()->detail();
    QTRY_VERIFY(pane->tabs()->count() == 5 && pane->tabs()->tabText(2).contains(u"100"_s));
    pane->tabs()->setCurrentIndex(2);
    QTRY_COMPARE(pane->neighbours()->model()->rowCount(), 100);
    QVERIFY(pane->neighbours()->isVisible());
    QTRY_COMPARE(pane->neighbours()->model()->index(5, 0).data(LoadStateRole).toInt(), int(LoadState::Loaded));
    pane->neighbours()->setCurrentIndex(pane->neighbours()->model()->index(5, 1));
    QTest::keyClick(pane->neighbours(), Qt::Key_Return);
    QTRY_COMPARE(pane->event().index, 284);
}

void TestAuditPage::theCanonicalFormIsInert()
{
    Room room(3);
    room.desk.system.world.events[2].reason = Untrusted(u"<b>x</b>\u202e"_s);
    QVERIFY(room.open());
    QVERIFY(room.openEvent(0));
    EventPane *pane = room.page()->detail();
    pane->tabs()->setCurrentIndex(1);
    const QString text = pane->canonical()->toPlainText();
    QVERIFY(text.startsWith(u"{\"action\":"_s));
    QVERIFY(text.contains(u"<b>x</b>"_s));
    QVERIFY(!text.contains(QChar(0x202e)));
}

void TestAuditPage::aRangeIsBrushed_data()
{
    QTest::addColumn<bool>("mouse");
    QTest::newRow("by mouse") << true;
    QTest::newRow("by key") << false;
}

void TestAuditPage::aRangeIsBrushed()
{
    QFETCH(bool, mouse);
    Room room(40);
    for (int i = 0; i < 40; ++i)
        room.desk.system.world.events[i].time = room.desk.system.world.clock.now() - std::chrono::minutes(2 * i);
    QVERIFY(room.open());
    kit::TimeBrush *brush = room.page()->histogram();
    QTRY_COMPARE(brush->sliceCount(), 120);
    QVERIFY(brush->countIn({Instant{}, room.desk.system.world.clock.now() + std::chrono::hours(1)}) == 40);
    const int last = brush->sliceCount() - 1;
    if (mouse) {
        QTest::mousePress(brush, Qt::LeftButton, {}, brush->sliceRect(last - 9).center());
        QTest::mouseMove(brush, brush->sliceRect(last - 4).center());
        QTest::mouseRelease(brush, Qt::LeftButton, {}, brush->sliceRect(last - 2).center());
    } else {
        brush->setFocus();
        QTest::keyClick(brush, Qt::Key_End);
        QTest::keyClick(brush, Qt::Key_Left);
        QTest::keyClick(brush, Qt::Key_Left);
        for (int i = 0; i < 7; ++i)
            QTest::keyClick(brush, Qt::Key_Left, Qt::ShiftModifier);
        QTest::keyClick(brush, Qt::Key_Return);
    }
    const auto terms = timeTermsOf(room.page()->filterField()->filter());
    QVERIFY2(terms, qPrintable(room.page()->filterField()->filter()));
    QCOMPARE(terms->to - terms->from, Milliseconds(std::chrono::minutes(16)));
    QTRY_COMPARE(room.model().rowCount(), 8);
    QVERIFY(brush->range());
    keepPicture(&room.shown->window, u"audit-brushed"_s);
    brush->setFocus();
    QTest::keyClick(brush, Qt::Key_Escape);
    QVERIFY(room.page()->filterField()->filter().isEmpty());
    QTRY_COMPARE(room.model().rowCount(), 40);
    QTRY_VERIFY(!brush->range());
}

void TestAuditPage::timeTermsComeAndGo_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QString>("without");
    QTest::newRow("none") << u"action:x"_s << u"action:x"_s;
    QTest::newRow("both ends") << u"action:x time>=2026-03-01T10:00:00Z time<2026-03-01T11:00:00Z"_s << u"action:x"_s;
    QTest::newRow("a day") << u"when:2026-03-01"_s << QString();
    QTest::newRow("with or") << u"(action:x OR action:y) time<2026-03-01"_s << u"(action:x OR action:y)"_s;
    QTest::newRow("cannot be read") << u"action:("_s << u"action:("_s;
}

void TestAuditPage::timeTermsComeAndGo()
{
    QFETCH(QString, filter);
    QFETCH(QString, without);
    QCOMPARE(withoutTime(filter), without);
    if (filter == without) {
        QVERIFY(!timeTermsOf(filter));
        if (filter.contains(u'('))
            return;
    }
    const Instant from(std::chrono::seconds(1'773'754'800));
    const QString brushed = withTime(filter, from, from + std::chrono::hours(1));
    const auto predicate = query::predicateFrom<AuditEvent>(brushed);
    QVERIFY2(predicate, qPrintable(brushed));
    const auto terms = timeTermsOf(brushed);
    QVERIFY(terms);
    QCOMPARE(*terms, (TimeTerms{from, from + std::chrono::hours(1)}));
    QCOMPARE(withoutTime(brushed), without);
}

void TestAuditPage::filtersAndViews()
{
    Room room(30);
    room.log.append(u"lease.issue"_s, u"agent-1"_s);
    QVERIFY(room.open());
    QLineEdit *edit = room.page()->filterField()->edit();
    edit->setFocus();
    QTest::keyClicks(edit, u"action:lease.issue"_s);
    QTest::keyClick(edit, Qt::Key_Return);
    QTRY_COMPARE(room.model().rowCount(), 1);
    auto *tabs = room.page()->findChild<QTabBar *>();
    QVERIFY(tabs->accessibleName() == u"Views"_s);
    QCOMPARE(tabs->tabText(tabs->currentIndex()), u"Filtered"_s);
    QTest::mouseClick(buttonIn(room.page(), u"Save view"_s), Qt::LeftButton);
    auto *overlay = visibleChild<kit::Overlay>(&room.shown->window);
    QVERIFY(overlay);
    auto *name = overlay->findChild<QLineEdit *>();
    QTest::keyClicks(name, u"Leases"_s);
    QTest::keyClick(name, Qt::Key_Return);
    QTRY_COMPARE(tabs->tabText(tabs->currentIndex()), u"Leases"_s);
    tabs->setCurrentIndex(3); // AI agents
    QTRY_COMPARE(room.page()->filterField()->filter(), u"actorKind:agent"_s);
    QTRY_COMPARE(room.model().rowCount(), 1);
    tabs->setCurrentIndex(2);
    QTRY_COMPARE(stateIn(room.page()), kit::StatePage::State::Empty);
}

void TestAuditPage::groupsLeadToRows()
{
    Room room(30);
    room.log.append(u"lease.issue"_s);
    QVERIFY(room.open());
    auto *sheet = new GroupSheet(room.page(), &room.desk.system.audit, {}, u"action"_s, u"Action"_s);
    QSignalSpy asked(sheet, &GroupSheet::termRequested);
    QTRY_COMPARE(sheet->table()->model()->rowCount(), 2);
    QTRY_VERIFY(sheet->table()->isVisible());
    QTest::keyClick(sheet->table(), Qt::Key_Return);
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked.first().first().toString(), u"action:lease.issue"_s);
    room.desk.system.audit.script.failNext(u"countEvents"_s, networkError());
    auto *failing = new GroupSheet(room.page(), &room.desk.system.audit, {}, u"action"_s, u"Action"_s);
    QTRY_COMPARE(stateIn(failing), kit::StatePage::State::Error);
    failing->dismiss();
}

void TestAuditPage::tamperingCannotBeMissed_data()
{
    QTest::addColumn<int>("way");
    QTest::addColumn<QString>("named");
    QTest::newRow("the last events dropped") << 0 << u"newest events were dropped"_s;
    QTest::newRow("another history") << 1 << u"another history"_s;
    QTest::newRow("another key") << 2 << u"another key"_s;
    QTest::newRow("a stored event edited") << 3 << u"was altered"_s;
}

void TestAuditPage::tamperingCannotBeMissed()
{
    QFETCH(int, way);
    QFETCH(QString, named);
    Room room;
    QVERIFY(room.open());
    if (way == 0) {
        room.log.signedSize = 290;
    } else if (way == 1) {
        room.log.hashed.insert(7, "{}");
        room.log.grow(310);
    } else if (way == 2) {
        room.log.signer = *crypto::NoteSigner::make(room.log.signer.name, crypto::PrivateKey::generate(crypto::KeyKind::Ed25519));
    } else {
        AuditEvent stored = room.desk.system.world.events.at(298);
        stored.actorName = Untrusted(u"Nobody"_s);
        room.log.stored.insert(298, transparency::leafOf(stored));
        room.desk.system.audit.alter = [stored](AuditEvent &event) {
            if (event.index == stored.index)
                event = stored;
        };
    }
    QTest::mouseClick(buttonIn(room.page(), u"Verify again"_s), Qt::LeftButton);
    const LogBanner *banner = room.page()->logBanner();
    QTRY_VERIFY(banner->isAlarm());
    QTRY_VERIFY(room.follower.conflict() && !room.follower.conflict()->bundlePath.isEmpty());
    QVERIFY2(banner->text().contains(named, Qt::CaseInsensitive), qPrintable(banner->text()));
    QVERIFY(banner->text().contains(u"Since: after"_s));
    QVERIFY2(banner->text().contains(room.follower.conflict()->bundlePath), qPrintable(banner->text()));
    QTest::mouseClick(buttonIn(banner, u"Copy bundle's path"_s), Qt::LeftButton);
    QCOMPARE(QGuiApplication::clipboard()->text(), room.follower.conflict()->bundlePath);
    QVERIFY(!buttonIn(banner, u"Acknowledge"_s)->isEnabled());
    keepPicture(&room.shown->window, u"audit-tampered-%1"_s.arg(way));
    // It stays when the log is good again, until somebody has seen it.
    if (way == 0) {
        room.log.signedSize = -1;
        room.desk.system.world.clock.advance(std::chrono::minutes(1));
        room.log.append();
        QTRY_VERIFY(buttonIn(banner, u"Acknowledge"_s)->isEnabled());
        QTest::mouseClick(buttonIn(banner, u"Acknowledge"_s), Qt::LeftButton);
        QTRY_VERIFY(!banner->isAlarm());
        QVERIFY(banner->text().contains(u"Verified here"_s));
    }
}

void TestAuditPage::anAlteredEventShowsBoth()
{
    Room room;
    QVERIFY(room.open());
    QTRY_COMPARE(room.proof(1), Proof::Verified);
    room.desk.system.audit.alter = [](AuditEvent &event) {
        if (event.index == 298)
            event.target = Untrusted(u"ws-forged"_s);
    };
    QTest::mouseClick(buttonIn(room.page(), u"Verify again"_s), Qt::LeftButton);
    QTRY_COMPARE(room.proof(1), Proof::Broken);
    QVERIFY(room.openEvent(1));
    EventPane *pane = room.page()->detail();
    QVERIFY(pane->proofText().contains(u"Altered"_s));
    QStringList lines;
    for (int i = 0; i < pane->fields()->lineCount(); ++i)
        lines << pane->fields()->lineText(i);
    QVERIFY(lines.contains(u"Target: ws-forged"_s));
    QVERIFY2(lines.contains(u"kept here: ws-3"_s), qPrintable(lines.join(u'\n')));
    QTRY_VERIFY(pane->path()->isVisible());
    QVERIFY(!pane->path()->path().holds());
    QVERIFY(!buttonIn(pane, u"Export proof"_s)->isEnabled());
    keepPicture(&room.shown->window, u"audit-altered"_s);
}

void TestAuditPage::aPlaceOpensAnEventThatIsFarAway()
{
    Room room(5000);
    QVERIFY(room.open());
    room.page()->goTo({u"audit"_s, {{u"key"_s, u"7"_s}}});
    QTRY_COMPARE(room.page()->detail()->event().index, 7);
    QVERIFY(room.page()->detail()->isVisible());
    QTRY_VERIFY(room.page()->detail()->proofText().contains(u"verified"_s));
    room.page()->goTo({u"audit"_s, {{u"filter"_s, u"index<20"_s}, {u"key"_s, u"9"_s}}});
    QTRY_COMPARE(room.page()->table()->currentKey(), u"9"_s);
    QTRY_COMPARE(room.page()->detail()->event().index, 9);
}

void TestAuditPage::gapsAreShownAndLeadToRows()
{
    Room room(20);
    room.log.skipped = 3;
    room.log.append();
    QVERIFY(room.open());
    QAbstractButton *link = nullptr;
    QTRY_VERIFY((link = buttonIn(room.page()->logBanner(), u"1 gap in 1 source"_s)));
    QTest::mouseClick(link, Qt::LeftButton);
    auto *sheet = visibleChild<kit::Overlay>(&room.shown->window);
    QVERIFY(sheet);
    QAbstractButton *gap = buttonIn(sheet, u"3 sequence numbers missing from source control: 21 to 23"_s);
    QVERIFY(gap);
    QTest::mouseClick(gap, Qt::LeftButton);
    QTRY_COMPARE(room.model().rowCount(), 4);
    QTRY_COMPARE(room.model().index(0, AuditModel::columnOf("originSequence"_L1)).data(SeverityRole).toInt(), int(Severity::Medium));
}

void TestAuditPage::whatIsNotProvenIsSaid()
{
    Room room(3);
    QVERIFY(room.open());
    QTest::mouseClick(buttonIn(room.page()->logBanner(), u"What this does not prove"_s), Qt::LeftButton);
    auto *sheet = visibleChild<kit::Overlay>(&room.shown->window);
    QVERIFY(sheet);
    int sentences = 0;
    for (const QLabel *label : sheet->findChildren<QLabel *>())
        sentences += fleet::limitsOfVerification().contains(label->text());
    QCOMPARE(sentences, fleet::limitsOfVerification().size());
    QTest::keyClick(sheet->window(), Qt::Key_Escape);
    sheet->dismiss();
}

void TestAuditPage::troubleKeepsRowsAndRecovers_data()
{
    QTest::addColumn<QString>("rule");
    QTest::newRow("events do not come") << u"events"_s;
    QTest::newRow("the log does not come") << u"published"_s;
}

void TestAuditPage::troubleKeepsRowsAndRecovers()
{
    QFETCH(QString, rule);
    Room room;
    QVERIFY(room.open());
    Script &script = room.desk.system.audit.script;
    script.failAlways(rule, networkError(u"The store is gone."_s, false));
    room.desk.system.world.clock.advance(std::chrono::minutes(3));
    QTest::mouseClick(buttonIn(room.page(), u"Verify again"_s), Qt::LeftButton);
    if (rule == "events"_L1) {
        QTRY_VERIFY(room.model().isStale());
        auto *banner = visibleChild<kit::Banner>(room.page());
        QVERIFY(banner);
        QVERIFY2(banner->text().contains(u"The store is gone."_s), qPrintable(banner->text()));
    } else {
        QTRY_COMPARE(room.follower.state(), fleet::LogState::Stale);
        QVERIFY2(room.page()->logBanner()->text().contains(u"Not verified since"_s), qPrintable(room.page()->logBanner()->text()));
        QVERIFY(room.page()->logBanner()->text().contains(u"The store is gone."_s));
        QVERIFY(room.page()->logBanner()->text().contains(u"Last good: checkpoint 300"_s));
    }
    QCOMPARE(room.model().rowCount(), 300);
    QCOMPARE(stateIn(room.page()), kit::StatePage::State::Ready);
    QCOMPARE(room.proof(0), Proof::Verified); // what was proven stays proven
    keepPicture(&room.shown->window, u"audit-trouble-"_s + rule);
    script.succeed(rule);
    QTest::mouseClick(buttonIn(room.page(), u"Verify again"_s), Qt::LeftButton);
    QTRY_VERIFY(!room.model().isStale());
    QTRY_COMPARE(room.follower.state(), fleet::LogState::Verified);
}

void TestAuditPage::proofsAreExported()
{
    Room room(1300);
    QVERIFY(room.open());
    const QString path = room.desk.settings.path(u"proofs.json"_s);
    ProofExporter exporter(room.desk.system.audit, room.follower);
    QSignalSpy ended(&exporter, &ProofExporter::finished);
    exporter.startMatching({u"session:sess-1"_s, {}, true}, path);
    QVERIFY(ended.count() || ended.wait(patience));
    QCOMPARE(ended.first().at(2).toString(), QString());
    QCOMPARE(ended.first().at(0).toLongLong(), 433);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto bundle = transparency::ProofBundle::fromBytes(file.readAll());
    QVERIFY2(bundle, why(bundle));
    QCOMPARE(bundle->query, u"session:sess-1"_s);
    QCOMPARE(bundle->log, room.log.key());
    const auto verified = bundle->verify(room.log.signer.verifier());
    QVERIFY2(verified, why(verified));
    QCOMPARE(verified->head().size, 1300);

    ProofExporter one(room.desk.system.audit, room.follower);
    QSignalSpy oneEnded(&one, &ProofExporter::finished);
    one.startThese({room.desk.system.world.events.at(9), room.desk.system.world.events.at(3)}, path);
    QVERIFY(oneEnded.count() || oneEnded.wait(patience));
    QCOMPARE(oneEnded.first().at(2).toString(), QString());
    QCOMPARE(oneEnded.first().at(0).toLongLong(), 2);
}

void TestAuditPage::exportsSayWhatWentWrong_data()
{
    QTest::addColumn<int>("way");
    QTest::newRow("a row that does not verify") << 0;
    QTest::newRow("the store goes") << 1;
    QTest::newRow("a folder that is not there") << 2;
    QTest::newRow("cancelled") << 3;
    QTest::newRow("nothing is covered") << 4;
}

void TestAuditPage::exportsSayWhatWentWrong()
{
    QFETCH(int, way);
    Room room(20);
    QVERIFY(room.open());
    QString path = room.desk.settings.path(u"out.json"_s);
    ProofExporter exporter(room.desk.system.audit, room.follower);
    QSignalSpy ended(&exporter, &ProofExporter::finished);
    QString filter;
    if (way == 0)
        room.desk.system.audit.alter = [](AuditEvent &event) { event.reason = Untrusted(u"forged"_s); };
    else if (way == 1)
        room.desk.system.audit.script.failAlways(u"events"_s, networkError());
    else if (way == 2)
        path = room.desk.settings.path(u"no/such/folder/out.json"_s);
    else if (way == 3)
        room.desk.system.audit.script.hold(u"events"_s);
    else {
        room.log.signedSize = 20;
        room.log.append(u"lease.issue"_s);
        filter = u"action:lease.issue"_s;
    }
    exporter.startMatching({filter, {}, false}, path);
    if (way == 3)
        exporter.cancel();
    QVERIFY(ended.count() || ended.wait(patience));
    QVERIFY(!ended.first().at(2).toString().isEmpty());
    QVERIFY(!QFile::exists(path));
    QCOMPARE(ended.count(), 1);
}

void TestAuditPage::withoutAFollowerItSaysSo()
{
    Room room(20);
    room.desk.context.setLog(nullptr);
    room.desk.connectSystem();
    PageWindow<AuditPage> shown(room.desk.commands, room.desk.context);
    QTRY_COMPARE(shown.page->model()->rowCount(), 20);
    QVERIFY(shown.page->logBanner()->text().contains(u"Not verified."_s));
    QCOMPARE(Proof(shown.page->model()->index(0, 0).data(ProofRole).toInt()), Proof::Unchecked);
    shown.page->table()->setCurrentIndex(shown.page->model()->index(0, 1));
    QTest::keyClick(shown.page->table(), Qt::Key_Return);
    QTRY_VERIFY(shown.page->detail()->isVisible());
    QVERIFY(!shown.page->detail()->path()->isVisible());
}

void TestAuditPage::anotherSystemsEventsAreForgotten()
{
    Room room(20);
    QVERIFY(room.open());
    QVERIFY(room.openEvent(0));
    room.follower.clearSystem();
    room.desk.dropSystem();
    QTRY_VERIFY(room.model().isStale());
    QCOMPARE(room.model().rowCount(), 20); // stays, as old
    QVERIFY(!room.page()->grab().isNull());
    room.follower.forget();
    Q_EMIT room.desk.context.connectionChanged();
    QCOMPARE(room.model().rowCount(), 0);
    QTRY_VERIFY(!room.page()->detail()->isVisible());
}

QTEST_MAIN(TestAuditPage)
#include "tst_auditpage.moc"
