// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/recordings/recordingspage.h"

#include "models/crypto/digest.h"
#include "models/items/recordingmodel.h"
#include "tests/support/provenlog.h"
#include "tests/ui/pages/desk.h"
#include "tests/ui/terminal/castmaker.h"
#include "ui/kit/tableview.h"
#include "ui/pages/recordings/castfile.h"
#include "ui/pages/recordings/recordingpane.h"
#include "ui/terminal/playerview.h"
#include "ui/terminal/screenview.h"

#include <QtCore/QDir>
#include <QtCore/QTemporaryDir>

using namespace parapet;
using namespace parapet::pages;
using namespace parapet::support;
using namespace Qt::StringLiterals;
using terminal::Player;
using State = RecordingProof::State;

namespace {

/// The page over a system whose log is proven, with one recording that has ended and one that runs.
struct Recordings : Desk {
    Recordings() : log(system)
    {
        CastMaker cast(80, 24);
        cast.output(0, demoScreen());
        for (int i = 1; i < 60; ++i)
            cast.output(i, "step " + QByteArray::number(i) + "\r\n");
        file = cast.file();
        system.audit.matches = [this](const AuditEvent &event, const QString &filter) {
            const auto predicate = query::predicateFrom<AuditEvent>(filter);
            return predicate && predicate->matches(event, system.world.clock.now());
        };
        ended.id = u"rec-1"_s;
        ended.workspace = WorkspaceId(u"ws-1"_s);
        ended.session = SessionId(u"sess-1"_s);
        ended.actor = PrincipalId(u"person-1"_s);
        ended.actorName = Untrusted(u"Ada Lovelace"_s);
        ended.state = RecordingState::Ended;
        ended.started = system.world.clock.now();
        ended.duration = 59'000;
        ended.columns = 80;
        ended.rows = 24;
        ended.bytes = file.size();
        ended.sha256 = crypto::sha256Hex(file);
        log.grow(4);
        state(ended.sha256);
        ended.event = 4;
        running = ended;
        running.id = u"rec-2"_s;
        running.state = RecordingState::Running;
        running.event = -1;
        running.sha256.clear();
        running.bytes = 0;
        system.audit.recorded = {running, ended};
        system.audit.files.insert(ended.id, file);
        follower = std::make_unique<fleet::LogFollower>(folder.path(), system.world.clock);
        context.setLog(follower.get());
    }
    ~Recordings() { context.setLog(nullptr); }

    /// The event that ends the recording, with this digest in it.
    void state(const QString &digest)
    {
        AuditEvent event = log.append(u"recording.end"_s);
        AuditEvent &kept = system.world.events.last();
        kept.target = Untrusted(ended.id);
        kept.session = ended.session;
        kept.detail = Untrusted(u"{\"sha256\":\"%1\",\"bytes\":%2}"_s.arg(digest).arg(file.size()));
    }
    void begin()
    {
        connectSystem();
        follower->setSystem(&system.audit, watch.get(), u"fake"_s, log.key());
        view = std::make_unique<PageWindow<RecordingsPage>>(commands, context);
        window = view->page;
    }
    RecordingPane &pane() { return *window->pane(); }
    Player &player() { return pane().player()->player(); }
    bool comesTo(State state)
    {
        return waitUntil([&] { return pane().proof().state() == state; });
    }
    bool opens(const QString &id)
    {
        if (!view)
            begin();
        window->goTo({u"recordings"_s, {{u"id"_s, id}}});
        return waitUntil([&] { return pane().recording().id == id; });
    }
    bool isShown() { return pane().gate()->state() == kit::StatePage::State::Ready; }

    ProvenLog log;
    QTemporaryDir folder;
    QByteArray file;
    Recording ended;
    Recording running;
    std::unique_ptr<fleet::LogFollower> follower;
    std::unique_ptr<PageWindow<RecordingsPage>> view;
    RecordingsPage *window = nullptr;
};

} // namespace

class TestRecordingsPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void recordingsAreListed();
    void theDigestOfTheLogIsProven();
    void anotherFileIsNotShownUnasked();
    void aChangedEventIsNotBelieved();
    void anEventOfSomethingElseIsNotBelieved();
    void withoutALogNothingIsClaimed();
    void whatRunsIsNotPlayed();
    void aPlaceOpensItAtASecond();
    void eventsOfTheSessionAreMarks();
    void itLeadsToTheEvents();
    void itIsSavedWithItsDigest();
    void aFileThatCannotBeHadIsAskedForAgain();
    void losingTheSystemKeepsWhatIsShown();
    void namesOfFilesAreHarmless();
};

void TestRecordingsPage::recordingsAreListed()
{
    Recordings desk;
    desk.begin();
    QVERIFY(waitUntil([&] { return desk.window->model()->rowCount() == 2; }));
    QVERIFY(waitUntil([&] { return desk.window->model()->rowAt(1) != nullptr; }));
    const RecordingModel &model = *desk.window->model();
    QCOMPARE(model.index(1, RecordingModel::columnOf("actorName"_L1)).data().toString(), u"Ada Lovelace"_s);
    QCOMPARE(model.index(1, RecordingModel::columnOf("duration"_L1)).data().toString(), u"59 s"_s);
    QCOMPARE(model.index(0, RecordingModel::columnOf("state"_L1)).data(StateMarkRole).toInt(), int(StateMark::Running));
    // Another one is told by the log.
    desk.system.audit.recorded.prepend(desk.running);
    desk.system.audit.recorded.first().id = u"rec-3"_s;
    desk.log.append(u"recording.start"_s);
    QVERIFY(waitUntil([&] { return model.rowCount() == 3; }));
}

void TestRecordingsPage::theDigestOfTheLogIsProven()
{
    Recordings desk;
    QVERIFY(desk.opens(desk.ended.id));
    QVERIFY(desk.comesTo(State::Verified));
    QCOMPARE(desk.pane().proofText(), u"Matches event 4 of the log · verified"_s);
    QVERIFY(waitUntil([&] { return desk.isShown() && !desk.player().frame().isEmpty(); }));
    QVERIFY(desk.pane().player()->screen()->text().contains(u"make test"_s));
    for (const auto &[choice, name] : {std::pair(kit::ThemeChoice::Dark, "dark"), std::pair(kit::ThemeChoice::Light, "light")}) {
        desk.theme.setChoice(choice);
        QCoreApplication::sendPostedEvents();
        QDir().mkpath(QStringLiteral(PARAPET_BINARY_DIR "/pages"));
        desk.view->window.grab().save(QStringLiteral(PARAPET_BINARY_DIR "/pages/recording-%1.png").arg(QLatin1String(name)));
    }
}

void TestRecordingsPage::anotherFileIsNotShownUnasked()
{
    Recordings desk;
    desk.system.audit.files[desk.ended.id].replace("step 7", "step 8");
    QVERIFY(desk.opens(desk.ended.id));
    QVERIFY(desk.comesTo(State::Mismatch));
    QVERIFY(desk.pane().proof().isAlarm());
    QVERIFY(desk.pane().proof().detail().contains(desk.ended.sha256.left(16)));
    QCOMPARE(desk.pane().gate()->state(), kit::StatePage::State::Error);
    QAbstractButton *anyway = buttonIn(&desk.pane(), u"Show anyway"_s);
    QVERIFY(anyway);
    QDir().mkpath(QStringLiteral(PARAPET_BINARY_DIR "/pages"));
    desk.view->window.grab().save(QStringLiteral(PARAPET_BINARY_DIR "/pages/recording-mismatch.png"));
    anyway->click();
    QVERIFY(desk.isShown());
    QVERIFY(desk.pane().proof().isAlarm());
}

void TestRecordingsPage::aChangedEventIsNotBelieved()
{
    Recordings desk;
    // The store holds another file, and says that the log states its digest; the log was signed over something else.
    QByteArray other = desk.file;
    other.replace("step 7", "step 8");
    desk.system.audit.files[desk.ended.id] = other;
    desk.system.audit.alter = [&](AuditEvent &event) {
        if (event.index == 4)
            event.detail = Untrusted(u"{\"sha256\":\"%1\"}"_s.arg(crypto::sha256Hex(other)));
    };
    QVERIFY(desk.opens(desk.ended.id));
    QVERIFY(waitUntil([&] { return desk.pane().proof().isAlarm(); }));
    QVERIFY(!desk.isShown());
}

void TestRecordingsPage::anEventOfSomethingElseIsNotBelieved()
{
    Recordings desk;
    desk.system.audit.recorded.last().event = 2;
    QVERIFY(desk.opens(desk.ended.id));
    QVERIFY(desk.comesTo(State::Mismatch));
    QVERIFY(desk.pane().proofText().contains(u"not about the end of this recording"_s));
}

void TestRecordingsPage::withoutALogNothingIsClaimed()
{
    Recordings desk;
    desk.context.setLog(nullptr);
    QVERIFY(desk.opens(desk.ended.id));
    QVERIFY(desk.comesTo(State::Unproven));
    QVERIFY(desk.pane().proofText().contains(u"not proven here"_s));
    QVERIFY(waitUntil([&] { return desk.isShown(); }));
}

void TestRecordingsPage::whatRunsIsNotPlayed()
{
    Recordings desk;
    QVERIFY(desk.opens(desk.running.id));
    QCOMPARE(desk.pane().proof().state(), State::Running);
    QCOMPARE(desk.pane().proofText(), u"Not ended: nothing proves it yet."_s);
    QCOMPARE(desk.system.audit.script.count(u"recordingFile"_s), 0);
    // It ends.
    Recording over = desk.ended;
    over.id = desk.running.id;
    desk.system.audit.files.insert(over.id, desk.file);
    desk.log.append(u"recording.end"_s);
    over.event = desk.system.world.events.size() - 1;
    desk.system.world.events.last().target = Untrusted(over.id);
    desk.system.world.events.last().detail = Untrusted(u"sha256 "_s + over.sha256);
    desk.system.audit.recorded.first() = over;
    desk.window->model()->refresh();
    QVERIFY(waitUntil([&] { return desk.player().state() == Player::State::Ready; }));
}

void TestRecordingsPage::aPlaceOpensItAtASecond()
{
    Recordings desk;
    desk.begin();
    desk.window->goTo({u"recordings"_s, {{u"id"_s, desk.ended.id}, {u"at"_s, u"12.5"_s}, {u"full"_s, u"1"_s}}});
    QVERIFY(waitUntil([&] { return desk.player().position() == 12'500'000; }));
    QVERIFY(desk.pane().isFull());
    QVERIFY(!desk.window->table()->isVisible());
    QTest::keyClick(desk.pane().player()->screen(), Qt::Key_Escape);
    QVERIFY(!desk.pane().isFull());
    QVERIFY(desk.window->table()->isVisible());
    QTest::keyClick(desk.pane().player()->screen(), Qt::Key_Escape);
    QVERIFY(waitUntil([&] { return !desk.pane().isVisible(); }));
}

void TestRecordingsPage::eventsOfTheSessionAreMarks()
{
    Recordings desk;
    AuditEvent event = desk.log.append(u"lease.issue"_s);
    AuditEvent &kept = desk.system.world.events.last();
    kept.session = desk.ended.session;
    kept.outcome = Outcome::Denied;
    kept.time = desk.ended.started + Milliseconds(30'000);
    QVERIFY(desk.opens(desk.ended.id));
    terminal::Timeline *timeline = desk.pane().player()->timeline();
    QVERIFY(waitUntil([&] { return desk.player().state() == Player::State::Ready && !timeline->marks().isEmpty(); }));
    const auto refused = std::find_if(timeline->marks().begin(), timeline->marks().end(), [](const auto &mark) { return mark.severity == Severity::High; });
    QVERIFY(refused != timeline->marks().end());
    QCOMPARE(refused->at, 30'000'000);
    QVERIFY(refused->text.startsWith(u"lease.issue"_s));
}

void TestRecordingsPage::itLeadsToTheEvents()
{
    Recordings desk;
    QVERIFY(desk.opens(desk.ended.id));
    QSignalSpy asked(desk.window, &shell::Page::locationRequested);
    buttonIn(&desk.pane(), u"Events of this session"_s)->click();
    QCOMPARE(asked.last().first().value<shell::Location>().toString(), u"audit?filter=session:sess-1"_s);
    buttonIn(&desk.pane(), u"Show the event"_s)->click();
    QCOMPARE(asked.last().first().value<shell::Location>().toString(), u"audit?key=4"_s);
}

void TestRecordingsPage::itIsSavedWithItsDigest()
{
    Recordings desk;
    QVERIFY(desk.opens(desk.ended.id));
    QVERIFY(desk.comesTo(State::Verified));
    const QString path = desk.folder.filePath(u"one.cast"_s);
    desk.pane().saveTo(path);
    QVERIFY(waitUntil([&] { return QFile::exists(path + u".sha256"_s); }));
    QFile saved(path);
    QVERIFY(saved.open(QIODevice::ReadOnly));
    QCOMPARE(saved.readAll(), desk.file);
    QFile digest(path + u".sha256"_s);
    QVERIFY(digest.open(QIODevice::ReadOnly));
    QCOMPARE(digest.readAll(), desk.ended.sha256.toUtf8() + "  one.cast\n");
    const auto failed = await(writeCast(desk.folder.filePath(u"no/such/folder.cast"_s), desk.file));
    QVERIFY(!failed);
    QCOMPARE(failed.error().code, Error::Code::Storage);
}

void TestRecordingsPage::aFileThatCannotBeHadIsAskedForAgain()
{
    Recordings desk;
    desk.system.audit.script.failNext(u"recordingFile"_s, networkError(u"It is away."_s));
    QVERIFY(desk.opens(desk.ended.id));
    QVERIFY(waitUntil([&] { return desk.pane().gate()->state() == kit::StatePage::State::Error; }));
    QAbstractButton *again = buttonIn(&desk.pane(), u"Try again"_s);
    QVERIFY(again);
    again->click();
    QVERIFY(desk.comesTo(State::Verified));
}

void TestRecordingsPage::losingTheSystemKeepsWhatIsShown()
{
    Recordings desk;
    QVERIFY(desk.opens(desk.ended.id));
    QVERIFY(desk.comesTo(State::Verified));
    desk.follower->clearSystem();
    desk.dropSystem();
    QCOMPARE(desk.player().state(), Player::State::Ready);
    desk.player().seek(20'000'000);
    QVERIFY(waitUntil([&] { return desk.player().framePosition() == 20'000'000; }));
}

void TestRecordingsPage::namesOfFilesAreHarmless()
{
    QCOMPARE(safeCastName(u"../../etc/passwd"_s), u"etcpasswd.cast"_s);
    QCOMPARE(safeCastName(u"rec-1"_s), u"rec-1.cast"_s);
    QCOMPARE(safeCastName(u"\u202e"_s), u"recording.cast"_s);
}

QTEST_MAIN(TestRecordingsPage)
#include "tst_recordingspage.moc"
