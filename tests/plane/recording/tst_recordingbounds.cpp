// SPDX-License-Identifier: GPL-3.0-or-later
// What terminals show, kept and stated by the log: by the tap alone, and from real sandboxes.
#include "app/plane/recording/castfile.h"
#include "app/plane/recording/recorder.h"
#include "models/core/json.h"
#include "models/crypto/digest.h"
#include "tests/plane/runtime/hostfixture.h"

#include <QtCore/QJsonObject>
#include <QtTest/QTest>

#include <sys/resource.h>

#include <csignal>

using namespace Qt::StringLiterals;
using namespace parapet;
using namespace parapet::plane;
using namespace parapet::runtimetest;

namespace {

const WorkspaceId recorderWorkspace(u"ws-1"_s);

} // namespace

class TestRecordingBounds : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void theLogStatesTheFile();
    void eachPieceOfWorkIsOne();
    void silenceIsNoRecording();
    void aFullFileEndsIt();
    void whoBeginsAnewFillsNoDisk();
    void aFullDiskEndsItAndTheLogSays();
    void aFolderThatIsGoneIsSaid();
    void tornFilesAreCutAndHashed_data();
    void tornFilesAreCutAndHashed();
    void realTerminal();
    void aFloodIsBounded();
    void aFrozenWorkspaceShowsNothing();
    void theEndOfTheWorkspaceKeepsIt();

private:
    void openStore();
    SandboxActor actor() const { return {PrincipalId(u"p-ada"_s), ActorKind::Human, Untrusted(u"Ada"_s), {}, {}, {}}; }
    QVector<Recording> rows() const
    {
        const std::shared_lock guard(m_store->state().lock);
        QVector<Recording> found;
        for (const auto &row : m_store->state().recordings.rows())
            found.append(row->value());
        return found;
    }
    QVector<Recording> ended() const
    {
        QVector<Recording> found = rows();
        found.removeIf([](const Recording &row) { return row.state != RecordingState::Ended; });
        return found;
    }
    QByteArray bytesOf(const Recording &row) const
    {
        QFile file(Recorder::fileOf(m_recordings, row.id));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    QVector<AuditEvent> events(const QString &action) const;
    /// What the file shows, all of it.
    static QByteArray shown(const QByteArray &cast);
    /// Row, file and event say the same.
    void verifyStated(const Recording &row);

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_recordings;
    std::unique_ptr<Store> m_store;
};

void TestRecordingBounds::openStore()
{
    Store::Options options;
    options.path = m_folder->filePath(u"plane.sqlite"_s);
    options.origin = u"test.example/log"_s;
    auto opened = Store::open(std::move(options));
    QVERIFY2(opened, support::why(opened));
    m_store = std::move(*opened);
}

void TestRecordingBounds::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_recordings = m_folder->filePath(u"recordings"_s);
    QVERIFY(QDir().mkdir(m_recordings));
    openStore();
}

void TestRecordingBounds::cleanup()
{
    HostFixture::adjustment = {};
    m_store.reset();
    m_folder.reset();
}

QVector<AuditEvent> TestRecordingBounds::events(const QString &action) const
{
    QVector<AuditEvent> found;
    const Status read = m_store->perform([&](Unit &unit) {
        auto rows = unit.database().prepare(R"(SELECT "index","actor","target","outcome","reason","detail" FROM events WHERE "action"=? ORDER BY "index")");
        QVERIFY(rows);
        rows->bind(1, action);
        while (rows->step().value_or(false)) {
            AuditEvent event;
            event.index = rows->integer(0);
            event.actor = PrincipalId(rows->text(1));
            event.target = Untrusted(rows->text(2));
            fromName(rows->text(3), event.outcome);
            event.reason = Untrusted(rows->text(4));
            event.detail = Untrusted(rows->text(5));
            found.append(event);
        }
    });
    return read ? found : QVector<AuditEvent>();
}

QByteArray TestRecordingBounds::shown(const QByteArray &cast)
{
    QByteArray text;
    const QList<QByteArray> lines = cast.split('\n');
    for (qsizetype i = 1; i < lines.size(); ++i) {
        const auto line = parseJson(lines[i]);
        if (line && line->isArray())
            text += line->toArray().at(2).toString().toUtf8();
    }
    return text;
}

void TestRecordingBounds::verifyStated(const Recording &row)
{
    const QByteArray cast = bytesOf(row);
    QCOMPARE(row.bytes, cast.size());
    QCOMPARE(row.sha256, QString::fromLatin1(crypto::sha256(cast).toHex()));
    QCOMPARE(QFile(Recorder::fileOf(m_recordings, row.id)).permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    for (const AuditEvent &event : events(u"recording.end"_s)) {
        if (event.target.raw() != row.id)
            continue;
        QCOMPARE(event.index, row.event);
        QCOMPARE(event.actor, row.actor);
        QCOMPARE(event.reason.raw(), row.remark);
        QCOMPARE(event.detail.raw(), QString::fromUtf8(canonicalJson(QJsonObject{{u"bytes"_s, row.bytes}, {u"columns"_s, 100}, {u"rows"_s, 30},
                                                                                 {u"durationMs"_s, row.duration}, {u"sha256"_s, row.sha256}})));
        return;
    }
    QFAIL("the log does not state it");
}

void TestRecordingBounds::theLogStatesTheFile()
{
    Recorder recorder(*m_store, m_recordings);
    auto tap = recorder.tap(recorderWorkspace, actor());
    tap->output("\033[1mhello\xC3");
    tap->output("\xA9\r\n\xFF");
    tap->flush();
    QTRY_COMPARE(rows().size(), 1);
    QCOMPARE(rows().first().state, RecordingState::Running);
    QCOMPARE(rows().first().event, -1);
    tap.reset();
    QTRY_COMPARE(ended().size(), 1);
    verifyStated(ended().first());
    QCOMPARE(shown(bytesOf(ended().first())), QByteArray("\033[1mhello\xC3\xA9\r\n\xEF\xBF\xBD"));
    QCOMPARE(events(u"recording.start"_s).size(), 1);
    QVERIFY(ended().first().remark.isEmpty());
}

void TestRecordingBounds::eachPieceOfWorkIsOne()
{
    Recorder recorder(*m_store, m_recordings);
    auto tap = recorder.tap(recorderWorkspace, actor());
    for (const char *text : {"one", "two"}) {
        tap->output(text);
        tap->cut();
    }
    tap->cut();
    tap.reset();
    QTRY_COMPARE(ended().size(), 2);
    QSet<QByteArray> all;
    for (const Recording &row : ended()) {
        verifyStated(row);
        all.insert(shown(bytesOf(row)));
    }
    QCOMPARE(all, (QSet<QByteArray>{"one", "two"}));
}

void TestRecordingBounds::silenceIsNoRecording()
{
    {
        Recorder recorder(*m_store, m_recordings);
        recorder.tap(recorderWorkspace, actor())->flush();
    }
    QVERIFY(events(u"recording.start"_s).isEmpty());
    QVERIFY(QDir(m_recordings).isEmpty());
}

void TestRecordingBounds::aFullFileEndsIt()
{
    Recorder recorder(*m_store, m_recordings, {1000, 100'000, 0});
    auto tap = recorder.tap(recorderWorkspace, actor());
    for (int i = 0; i < 100; ++i)
        tap->output(QByteArray(50, 'x'));
    // While the terminal is still there.
    QTRY_COMPARE(ended().size(), 1);
    verifyStated(ended().first());
    QVERIFY(ended().first().bytes <= 1000);
    QVERIFY2(ended().first().remark.contains(QString::number(ended().first().bytes)), qPrintable(ended().first().remark));
    tap->cut();
    tap->output("again");
    tap.reset();
    QTRY_COMPARE(ended().size(), 2);
    QCOMPARE(rows().size(), 2);
}

void TestRecordingBounds::whoBeginsAnewFillsNoDisk()
{
    {
        Recorder recorder(*m_store, m_recordings, {1000, 3000, 0});
        auto tap = recorder.tap(recorderWorkspace, actor());
        for (int piece = 0; piece < 50; ++piece) {
            for (int i = 0; i < 100; ++i)
                tap->output(QByteArray(50, 'x'));
            tap->cut();
        }
    }
    qint64 stored = 0;
    for (const QFileInfo &file : QDir(m_recordings).entryInfoList(QDir::Files))
        stored += file.size();
    QVERIFY2(stored > 1000 && stored <= 3000, qPrintable(QString::number(stored)));
    // Nor is it kept quiet: each piece of work has begun, or the log says why not.
    QCOMPARE(events(u"recording.start"_s).size(), 50);
    QCOMPARE(events(u"recording.start"_s).last().outcome, Outcome::Failure);
}

void TestRecordingBounds::aFullDiskEndsItAndTheLogSays()
{
    // What a full disk does to a write, for this process alone: no file may grow beyond a size. The store's is smaller than that.
    Recorder recorder(*m_store, m_recordings);
    auto tap = recorder.tap(recorderWorkspace, actor());
    tap->output("before");
    tap->flush();
    QTRY_COMPARE(rows().size(), 1);
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    const rlimit small{8 << 20, before.rlim_max};
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &small), 0);
    for (int i = 0; i < 4000; ++i)
        tap->output(QByteArray(4000, 'x'));
    tap->flush();
    QTRY_COMPARE(ended().size(), 1);
    ::setrlimit(RLIMIT_FSIZE, &before);
    const Recording row = ended().first();
    verifyStated(row);
    QVERIFY2(row.remark.contains("could not be written"_L1), qPrintable(row.remark));
    QVERIFY(bytesOf(row).endsWith("\"]\n")); // whole lines only
    // The session goes on, and its next piece of work is recorded.
    tap->cut();
    tap->output("after");
    tap.reset();
    QTRY_COMPARE(ended().size(), 2);
}

void TestRecordingBounds::aFolderThatIsGoneIsSaid()
{
    QVERIFY(QDir(m_recordings).removeRecursively());
    {
        Recorder recorder(*m_store, m_recordings);
        recorder.tap(recorderWorkspace, actor())->output("x");
    }
    QCOMPARE(events(u"recording.start"_s).size(), 1);
    QCOMPARE(events(u"recording.start"_s).first().outcome, Outcome::Failure);
    QVERIFY(rows().isEmpty());
}

void TestRecordingBounds::tornFilesAreCutAndHashed_data()
{
    QTest::addColumn<QByteArray>("left");
    QTest::addColumn<QByteArray>("kept");
    QTest::addColumn<qint64>("duration");
    const QByteArray header = "{\"version\": 2, \"width\": 100, \"height\": 30}\n";
    const QByteArray line = "[1.500000, \"o\", \"a\"]\n";
    const QByteArray longLine = "[2.250000, \"o\", \"" + QByteArray(200'000, 'x') + "\"]\n";
    QTest::newRow("whole") << header + line << header + line << qint64(1500);
    QTest::newRow("torn") << header + line + "[2.0, \"o\", \"b" << header + line << qint64(1500);
    QTest::newRow("torn in a long line") << header + line + longLine.chopped(5) << header + line << qint64(1500);
    QTest::newRow("a long last line") << header + longLine << header + longLine << qint64(2250);
    QTest::newRow("the header alone") << header << header << qint64(0);
    QTest::newRow("no line") << header.chopped(3) << QByteArray() << qint64(0);
    QTest::newRow("empty") << QByteArray() << QByteArray() << qint64(0);
}

void TestRecordingBounds::tornFilesAreCutAndHashed()
{
    QFETCH(QByteArray, left);
    QFETCH(QByteArray, kept);
    QFETCH(qint64, duration);
    Recording row;
    row.id = u"rec-1"_s;
    row.workspace = recorderWorkspace;
    row.actor = actor().id;
    row.columns = 100;
    row.rows = 30;
    QVERIFY(m_store->perform([&](Unit &unit) { unit.put(row); }));
    QFile file(Recorder::fileOf(m_recordings, row.id));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(left);
    file.close();
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    Recorder(*m_store, m_recordings).recover();
    QCOMPARE(ended().size(), 1);
    QCOMPARE(bytesOf(ended().first()), kept);
    QCOMPARE(ended().first().duration, duration);
    QVERIFY(!ended().first().remark.isEmpty());
    verifyStated(ended().first());
    Recorder(*m_store, m_recordings).recover(); // once is enough
    QCOMPARE(events(u"recording.end"_s).size(), 1);
}

void TestRecordingBounds::realTerminal()
{
    Recorder recorder(*m_store, m_recordings);
    HostFixture::adjustment = [&](RuntimeHost::Options &options) {
        options.onTerminal = [&](const WorkspaceId &id, const SandboxActor &who) { return recorder.tap(id, who); };
    };
    HostFixture fixture;
    const Status started = fixture.host->start(fixture.launch(u"ws-1"_s,
        "test -t 0 && test -t 1 && test -t 2 && echo terminal; stty size; echo $TERM; "
        "printf '\\033]0;title\\007\\033[31mred\\033[0m \\377\\n'; printf terminal.end >&3; exec sleep 1000",
        "echo agent; exec sleep 1000"));
    QVERIFY2(started, support::why(started));
    TRY_REAL(ended().size() == 1);
    QCOMPARE(shown(bytesOf(ended().first())),
             QByteArray("terminal\r\n30 100\r\nxterm-256color\r\n\033]0;title\007\033[31mred\033[0m \xEF\xBF\xBD\r\n"));
    QCOMPARE(ended().first().actor.value, u"p-ada"_s);
    TRY_REAL(rows().size() == 2); // the agent's goes on
    QVERIFY(fixture.host->terminate(recorderWorkspace));
    TRY_REAL(ended().size() == 2);
    for (const Recording &row : ended())
        verifyStated(row);
    fixture.host.reset();
}

void TestRecordingBounds::aFloodIsBounded()
{
    Recorder recorder(*m_store, m_recordings, {qint64(1) << 20, qint64(1) << 20, 0});
    HostFixture::adjustment = [&](RuntimeHost::Options &options) {
        options.onTerminal = [&](const WorkspaceId &id, const SandboxActor &who) { return recorder.tap(id, who); };
    };
    HostFixture fixture;
    const Status started = fixture.host->start(fixture.launch(u"ws-1"_s, "head -c 10000000 /dev/urandom; touch done; exec sleep 1000"));
    QVERIFY2(started, support::why(started));
    // The host answers meanwhile, and the script comes to its end: nobody waits for a file that is full.
    QVERIFY(fixture.host->state(recorderWorkspace).exists);
    TRY_REAL(QFile::exists(fixture.home(u"ws-1"_s) + u"/done"_s));
    TRY_REAL(ended().size() == 1);
    verifyStated(ended().first());
    QVERIFY(ended().first().bytes <= 1 << 20);
    QVERIFY(!ended().first().remark.isEmpty());
    fixture.host.reset();
    QCOMPARE(rows().size(), 1);
}

void TestRecordingBounds::aFrozenWorkspaceShowsNothing()
{
    Recorder recorder(*m_store, m_recordings);
    HostFixture::adjustment = [&](RuntimeHost::Options &options) {
        options.onTerminal = [&](const WorkspaceId &id, const SandboxActor &who) { return recorder.tap(id, who); };
    };
    HostFixture fixture;
    const Status started = fixture.host->start(fixture.launch(u"ws-1"_s, "while :; do echo tick; sleep 0.01; done"));
    QVERIFY2(started, support::why(started));
    TRY_REAL(rows().size() == 1);
    QVERIFY(fixture.host->setFrozen(recorderWorkspace, true));
    TRY_REAL(fixture.host->state(recorderWorkspace).frozen);
    // A frozen workspace can be ended, and its recording with it.
    QVERIFY(fixture.host->terminate(recorderWorkspace));
    TRY_REAL(ended().size() == 1);
    verifyStated(ended().first());
    fixture.host.reset();
}

void TestRecordingBounds::theEndOfTheWorkspaceKeepsIt()
{
    {
        Recorder recorder(*m_store, m_recordings);
        HostFixture::adjustment = [&](RuntimeHost::Options &options) {
            options.onTerminal = [&](const WorkspaceId &id, const SandboxActor &who) { return recorder.tap(id, who); };
        };
        HostFixture fixture;
        const Status started = fixture.host->start(fixture.launch(u"ws-1"_s, "echo last words; touch said; exec sleep 1000"));
        QVERIFY2(started, support::why(started));
        TRY_REAL(QFile::exists(fixture.home(u"ws-1"_s) + u"/said"_s));
    } // the plane shuts down: host, then recorder
    m_store.reset();
    openStore();
    QCOMPARE(ended().size(), 1);
    QCOMPARE(shown(bytesOf(ended().first())), QByteArray("last words\r\n"));
    verifyStated(ended().first());
}

QTEST_GUILESS_MAIN(TestRecordingBounds)
#include "tst_recordingbounds.moc"
