// SPDX-License-Identifier: GPL-3.0-or-later
// Bookmarks and notes on the Audit page, and who has seen the log.
#include "tests/ui/pages/auditroom.h"
#include "ui/kit/filterfield.h"
#include "ui/kit/overlay.h"
#include "ui/pages/audit/logsheets.h"
#include "ui/pages/audit/noteeditor.h"
#include "ui/pages/audit/notessheet.h"
#include "ui/pages/audit/witnesslist.h"

#include <QtCore/QFile>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QTabBar>

using namespace parapet;
using namespace parapet::pages;
using namespace parapet::support;
using namespace Qt::StringLiterals;

namespace {

crypto::NoteSigner noteWitness(const QString &name)
{
    return *crypto::NoteSigner::make(name, crypto::PrivateKey::generate(crypto::KeyKind::Ed25519), crypto::NoteAlgorithm::Cosignature);
}

Cosignature cosignatureOf(const crypto::NoteSigner &signer, const Room &room, Instant at)
{
    const auto &checkpoint = room.follower.checkpoint()->content.checkpoint;
    const auto signature = transparency::cosign(signer, checkpoint.text(), at);
    return {checkpoint.head.size, transparency::toBytes(checkpoint.head.root), signer.name, QString::fromUtf8(signature.line().chopped(1)), at};
}

QStringList tabsOf(const Room &room)
{
    QStringList names;
    auto *tabs = room.page()->findChild<QTabBar *>();
    for (int i = 0; i < tabs->count(); ++i)
        names << tabs->tabText(i);
    return names;
}

} // namespace

class TestAuditNotes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aBookmarkIsSetByKey();
    void severalAreBookmarkedTogether();
    void theBookmarkedAreAView();
    void aNoteIsSavedWhenItIsLeft();
    void typingIsUndoneAndLettersAreNoCommands();
    void aNoteThatIsTooLongIsNotLost();
    void anotherEventInItsPlaceIsSaid();
    void theListLeadsToEvents();
    void removingIsUndone();
    void troubleIsSaid();
    void withoutNotesNothingIsOffered();
    void whoHasSeenIt();
    void whoHasSeenTheLog();
};

void TestAuditNotes::aBookmarkIsSetByKey()
{
    Room room(40);
    QVERIFY(room.open());
    room.choose(2);
    QSignalSpy painted(&room.model(), &AuditModel::dataChanged);
    QVERIFY(room.desk.commands.trigger(u"audit.bookmark"_s).enabled);
    QCOMPARE(room.desk.commands.find(u"audit.bookmark"_s)->shortcut, QKeySequence(Qt::Key_B));
    QCOMPARE(room.notes.bookmarked(), QVector<qint64>{37});
    QTRY_VERIFY(painted.count() > 0);
    const QModelIndex mark = room.model().index(2, 0);
    QCOMPARE(mark.data(NotedRole).toInt(), int(BookmarkedRow));
    QVERIFY(mark.data(Qt::AccessibleTextRole).toString().contains(u"bookmarked"_s));
    QCOMPARE(room.model().index(3, 0).data(NotedRole).toInt(), 0);
    room.desk.commands.trigger(u"audit.bookmark"_s);
    QVERIFY(room.notes.bookmarked().isEmpty());
}

void TestAuditNotes::severalAreBookmarkedTogether()
{
    Room room(10);
    QVERIFY(room.open());
    QVERIFY(room.notes.setBookmarked(*room.model().rowAt(1), true));
    room.page()->table()->setFocus();
    for (const int row : {0, 1, 2}) {
        room.choose(row);
        QTest::keyClick(room.page()->table(), Qt::Key_Space);
    }
    room.desk.commands.trigger(u"audit.bookmark"_s);
    QCOMPARE(room.notes.bookmarked(), (QVector<qint64>{7, 8, 9}));
}

void TestAuditNotes::theBookmarkedAreAView()
{
    Room room(40);
    QVERIFY(room.open());
    QVERIFY(!tabsOf(room).contains(u"Bookmarked"_s));
    for (const int row : {3, 17, 30})
        QVERIFY(room.notes.setBookmarked(*room.model().rowAt(row), true));
    QVERIFY(tabsOf(room).contains(u"Bookmarked"_s));
    auto *tabs = room.page()->findChild<QTabBar *>();
    tabs->setCurrentIndex(int(tabsOf(room).indexOf(u"Bookmarked"_s)));
    QTRY_COMPARE(room.model().rowCount(), 3);
    QCOMPARE(room.page()->filterField()->filter(), u"index:9,22,36"_s);
    QTRY_VERIFY(room.model().rowAt(0));
    QCOMPARE(room.model().rowAt(0)->index, 36);
    keepPicture(&room.shown->window, u"audit-bookmarked"_s);
}

void TestAuditNotes::aNoteIsSavedWhenItIsLeft()
{
    Room room(40);
    QVERIFY(room.open());
    QVERIFY(room.openEvent(4));
    NoteEditor *note = room.page()->detail()->note();
    QVERIFY(note->isVisible());
    QVERIFY(note->remark().contains(u"no evidence"_s));
    note->edit()->setFocus();
    QTest::keyClicks(note->edit(), u"Ask Priya"_s);
    QVERIFY(!room.notes.find(35));
    room.page()->table()->setFocus();
    QTRY_VERIFY(room.notes.find(35));
    QCOMPARE(room.notes.find(35)->text, u"Ask Priya"_s);
    QTRY_COMPARE(room.model().index(4, 0).data(NotedRole).toInt(), int(RowWithNote));
    keepPicture(&room.shown->window, u"audit-note"_s);
    // Another event has a note of its own, and an unsaved one is saved on the way.
    note->edit()->setFocus();
    QTest::keyClicks(note->edit(), u"!"_s);
    const QString typed = note->edit()->toPlainText();
    room.choose(5);
    QTRY_COMPARE(room.page()->detail()->event().index, 34);
    QCOMPARE(room.notes.find(35)->text, typed);
    QCOMPARE(note->edit()->toPlainText(), QString());
    room.choose(4);
    QTRY_COMPARE(note->edit()->toPlainText(), typed);
}

void TestAuditNotes::typingIsUndoneAndLettersAreNoCommands()
{
    Room room(10);
    QVERIFY(room.open());
    room.desk.commands.installShortcuts(&room.shown->window);
    QVERIFY(room.openEvent(0));
    QPlainTextEdit *edit = room.page()->detail()->note()->edit();
    edit->setFocus();
    QTest::keyClicks(edit, u"bcb"_s);
    QCOMPARE(edit->toPlainText(), u"bcb"_s);
    QVERIFY(room.notes.bookmarked().isEmpty());
    QVERIFY(!visibleChild<kit::Overlay>(&room.shown->window));
    QTest::keyClick(edit, Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(edit->toPlainText().size() < 3);
}

void TestAuditNotes::aNoteThatIsTooLongIsNotLost()
{
    Room room(10);
    QVERIFY(room.open());
    QVERIFY(room.openEvent(0));
    NoteEditor *note = room.page()->detail()->note();
    note->edit()->insertPlainText(QString(fleet::EventNote::longestText + 5, u'x'));
    QVERIFY(note->remark().contains(u"shorten"_s));
    note->save();
    QVERIFY(!room.notes.find(9));
    QCOMPARE(note->edit()->toPlainText().size(), fleet::EventNote::longestText + 5);
    for (int i = 0; i < 5; ++i)
        note->edit()->textCursor().deletePreviousChar();
    note->save();
    QVERIFY(room.notes.find(9));
}

void TestAuditNotes::anotherEventInItsPlaceIsSaid()
{
    Room room(10);
    QVERIFY(room.open());
    AuditEvent former = *room.model().rowAt(0);
    former.action = u"workspace.start"_s;
    QVERIFY(room.notes.setText(former, u"made on another"_s));
    QVERIFY(room.openEvent(0));
    const NoteEditor *note = room.page()->detail()->note();
    QVERIFY2(note->remark().contains(u"another event in this place"_s), qPrintable(note->remark()));
    QVERIFY(note->remark().contains(QString::fromLatin1(room.notes.find(9)->leaf.toHex().left(16))));
}

void TestAuditNotes::theListLeadsToEvents()
{
    Room room(40);
    QVERIFY(room.open());
    QVERIFY(room.notes.setBookmarked(*room.model().rowAt(3), true));
    QVERIFY(room.notes.setText(*room.model().rowAt(3), u"Two lines\nof it"_s));
    QVERIFY(room.notes.setText(*room.model().rowAt(8), u"Another"_s));
    room.desk.commands.trigger(u"audit.notes"_s);
    auto *sheet = visibleChild<NotesSheet>(&room.shown->window);
    QVERIFY(sheet);
    QCOMPARE(sheet->model()->rowCount(), 2);
    QCOMPARE(sheet->model()->index(0, 1).data().toString(), u"36"_s);
    QVERIFY(sheet->model()->index(0, 5).data().toString().startsWith(u"Two lines"_s));
    QVERIFY(!sheet->model()->index(0, 5).data().toString().contains(u'\n'));
    keepPicture(&room.shown->window, u"audit-notes"_s);
    sheet->table()->setCurrentIndex(sheet->model()->index(1, 1));
    QTest::keyClick(sheet->table(), Qt::Key_Return);
    QTRY_COMPARE(room.page()->detail()->event().index, 31);
    room.desk.commands.trigger(u"audit.notes"_s);
    sheet = visibleChild<NotesSheet>(&room.shown->window);
    QTest::mouseClick(buttonIn(sheet, u"Show bookmarked events"_s), Qt::LeftButton);
    QTRY_COMPARE(room.page()->filterField()->filter(), u"index:36"_s);
}

void TestAuditNotes::removingIsUndone()
{
    Room room(40);
    QVERIFY(room.open());
    QVERIFY(room.notes.setText(*room.model().rowAt(3), u"keep me"_s));
    room.desk.commands.trigger(u"audit.notes"_s);
    auto *sheet = visibleChild<NotesSheet>(&room.shown->window);
    QTest::keyClick(sheet->table(), Qt::Key_Delete);
    QVERIFY(!room.notes.find(36));
    QCOMPARE(stateIn(sheet), kit::StatePage::State::Empty);
    QTest::mouseClick(buttonIn(sheet, u"Undo"_s), Qt::LeftButton);
    QVERIFY(room.notes.find(36));
    QCOMPARE(room.notes.find(36)->text, u"keep me"_s);
    QCOMPARE(stateIn(sheet), kit::StatePage::State::Ready);
    QTest::mouseClick(buttonIn(sheet, u"Remove"_s), Qt::LeftButton);
    QVERIFY(!room.notes.find(36));
}

void TestAuditNotes::troubleIsSaid()
{
    Room room(10);
    fleet::EventNotes other(room.folder.path(), room.desk.system.world.clock);
    other.setSystem(u"ca"_s);
    QVERIFY(waitUntil([&] { return other.isReady(); }));
    QVERIFY(room.open());
    QVERIFY(waitUntil([&] { return room.notes.isReady(); }));
    QVERIFY(room.openEvent(0));
    const NoteEditor *note = room.page()->detail()->note();
    QTRY_VERIFY2(note->remark().contains(u"Another console"_s), qPrintable(note->remark()));
    QVERIFY(note->edit()->isReadOnly());
    QVERIFY(!room.desk.commands.trigger(u"audit.bookmark"_s).enabled);
}

void TestAuditNotes::withoutNotesNothingIsOffered()
{
    Room room(10);
    room.desk.context.setNotes(nullptr);
    QVERIFY(room.open());
    QVERIFY(room.openEvent(0));
    QVERIFY(!room.page()->detail()->note()->isVisible());
    QVERIFY(!room.desk.commands.trigger(u"audit.bookmark"_s).enabled);
    QVERIFY(!room.desk.commands.trigger(u"audit.notes"_s).enabled);
}

void TestAuditNotes::whoHasSeenIt()
{
    Room room(40);
    const auto pinned = noteWitness(u"witness.example"_s);
    const auto silent = noteWitness(u"silent.example"_s);
    const auto stranger = noteWitness(u"stranger.example"_s);
    QVERIFY(room.open());
    for (const crypto::NoteSigner *signer : {&pinned, &stranger})
        room.desk.system.audit.cosigned.append(cosignatureOf(*signer, room, room.desk.system.world.clock.now()));
    QVERIFY(room.openEvent(4));
    EventPane *pane = room.page()->detail();
    QTRY_VERIFY2(pane->signersText().contains(u"No witness is pinned"_s), qPrintable(pane->signersText()));
    QVERIFY(pane->signersText().contains(u"unknown witness: proves nothing here"_s));
    // Keys are pinned while it is open.
    room.follower.setWitnesses({pinned.verifier(), silent.verifier()}, {2, 24});
    QTRY_VERIFY2(pane->signersText().contains(u"saw 40 events"_s), qPrintable(pane->signersText()));
    QVERIFY(pane->signersText().contains(u"silent.example  has not cosigned it"_s));
    QVERIFY(pane->signersText().contains(u"stranger.example  unknown witness"_s));
    QVERIFY2(pane->signersText().contains(u"1 of 2 pinned witnesses"_s), qPrintable(pane->signersText()));
    keepPicture(&room.shown->window, u"audit-witnesses"_s);
}

void TestAuditNotes::whoHasSeenTheLog()
{
    Room room(40);
    const auto pinned = noteWitness(u"witness.example"_s);
    room.follower.setWitnesses({pinned.verifier()}, {1, 24});
    QVERIFY(room.open());
    Cosignature bad = cosignatureOf(pinned, room, room.desk.system.world.clock.now());
    bad.size = 39;
    room.desk.system.audit.cosigned.append(bad);
    room.desk.commands.trigger(u"audit.witnesses"_s);
    auto *sheet = visibleChild<WitnessesSheet>(&room.shown->window);
    QVERIFY(sheet);
    QTRY_VERIFY2(sheet->list()->text().contains(u"not the signature of this witness"_s), qPrintable(sheet->list()->text()));
    QTest::mouseClick(buttonIn(sheet, u"Pin witnesses, or make this console one"_s), Qt::LeftButton);
    QTRY_COMPARE(room.places.size(), 1);
    QCOMPARE(room.places.last().page, u"connections"_s);
    room.desk.system.audit.cosigned = {cosignatureOf(pinned, room, room.desk.system.world.clock.now())};
    room.desk.commands.trigger(u"audit.witnesses"_s);
    sheet = visibleChild<WitnessesSheet>(&room.shown->window);
    QTRY_VERIFY2(sheet->list()->text().contains(u"1 of 1 pinned witnesses"_s), qPrintable(sheet->list()->text()));
    keepPicture(&room.shown->window, u"audit-witnesses-log"_s);
}

QTEST_MAIN(TestAuditNotes)
#include "tst_auditnotes.moc"
