// SPDX-License-Identifier: GPL-3.0-or-later
// A crash at every boundary: the run goes on where it stood, nothing is done twice, nothing is left out.
#include "models/core/json.h"
#include "models/operation/journal.h"
#include "tests/models/operation/scripted.h"

#include <QtCore/QDateTime>
#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

#include <atomic>
#include <cerrno>

using namespace parapet;
using namespace parapet::operation;
using namespace parapet::support;
using namespace Qt::StringLiterals;

namespace {

/// Fails one call of one kind, once; a failing write leaves half of its bytes.
class FailingFile final : public FileCalls
{
public:
    enum class Kind { Write, Sync, Open };
    FailingFile(Kind kind, int nth) : m_kind(kind), m_left(nth) {}

    int open(const char *path, int flags, int mode) override
    {
        return strikes(Kind::Open) ? -1 : FileCalls::open(path, flags, mode);
    }
    qint64 write(int fd, const char *data, qint64 size) override
    {
        if (strikes(Kind::Write)) {
            FileCalls::write(fd, data, size / 2);
            errno = ENOSPC;
            return -1;
        }
        return FileCalls::write(fd, data, size);
    }
    int fsync(int fd) override { return strikes(Kind::Sync) ? -1 : FileCalls::fsync(fd); }
    bool struck() const { return m_left <= 0; }

private:
    bool strikes(Kind kind)
    {
        if (kind != m_kind || --m_left != 0)
            return false;
        errno = EIO;
        return true;
    }
    const Kind m_kind;
    std::atomic<int> m_left;
};

QVector<QJsonObject> entriesOf(const QString &path)
{
    QVector<QJsonObject> entries;
    const auto records = AppendFile::read(path);
    for (const QByteArray &record : records.value()) {
        for (const QJsonValue &entry : parseJson(record, {AppendFile::longestRecord, 64}).value().toArray())
            entries.append(entry.toObject());
    }
    return entries;
}

void writeJournal(const QString &path, const QVector<QJsonObject> &entries)
{
    QVector<QByteArray> none;
    auto file = AppendFile::open(path, &none);
    for (const QJsonObject &entry : entries)
        QVERIFY((*file)->append('[' + canonicalJson(entry) + ']'));
}

/// What the world knows when the program died behind these entries. The last request may have arrived, or not.
void liveThrough(ScriptedWorld &world, const QVector<QJsonObject> &entries, bool lastArrived)
{
    for (int i = 0; i < entries.size(); ++i) {
        const QJsonObject &entry = entries[i];
        if (entry[u"type"_s] != u"requested"_s)
            continue;
        bool answered = false;
        for (int j = i + 1; j < entries.size(); ++j)
            answered |= entries[j][u"type"_s] == u"answered"_s && entries[j][u"step"_s] == entry[u"step"_s];
        if (!answered && !lastArrived)
            continue;
        const QString step = entry[u"step"_s].toString();
        world.facts.insert(step.section(u'.', 0, 0) + u' ' + step.section(u'.', 1));
        ++world.effects[entry[u"key"_s].toString()];
    }
}

} // namespace

class TestCrash : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyRecordBoundary_data();
    void everyRecordBoundary();
    void everyRequest_data();
    void everyRequest();
    void everyCancelBoundary();
    void everyFileFault_data();
    void everyFileFault();
    void unfinishedRunsAreListed();
    void aLockedJournalIsNotResumed();
    void damageIsNamed();

private:
    QVector<QJsonObject> wholeRun(Plan *plan) const;
};

QVector<QJsonObject> TestCrash::wholeRun(Plan *plan) const
{
    Bench bench;
    bench.environment.parallelism = 1;
    bench.restart();
    *plan = scriptedPlan({u"ws-1"_s, u"ws-2"_s});
    Operation *operation = *bench.runner->start(*plan);
    if (!bench.untilOver(operation))
        return {};
    return entriesOf(operation->run().journalPath);
}

void TestCrash::everyRecordBoundary_data()
{
    QTest::addColumn<bool>("arrived");
    QTest::newRow("the last request was lost") << false;
    QTest::newRow("the last request arrived") << true;
}

void TestCrash::everyRecordBoundary()
{
    QFETCH(bool, arrived);
    Plan plan;
    const QVector<QJsonObject> entries = wholeRun(&plan);
    QVERIFY(entries.size() > 25);
    const int planned = int(planEntries(plan, {}).size());
    for (int cut = planned; cut < entries.size(); ++cut) {
        const QVector<QJsonObject> before = entries.mid(0, cut);
        Bench bench;
        liveThrough(bench.world, before, arrived);
        writeJournal(runningPath(bench.folder.path(), plan.id), before);
        const auto unfinished = await(bench.runner->unfinished());
        QVERIFY2(unfinished && unfinished->size() == 1, qPrintable(QString::number(cut)));
        const auto resumed = await(bench.runner->resume(unfinished->first().path));
        QVERIFY2(resumed, why(resumed));
        QVERIFY2(bench.untilOver(*resumed), qPrintable(QString::number(cut)));
        QCOMPARE((*resumed)->state(), RunState::Finished);
        QVERIFY((*resumed)->run().certificate);
        // Every effect once, under the key that its step has had from the start.
        QCOMPARE(bench.world.effects.size(), plan.steps.size());
        for (const Step &step : std::as_const(plan.steps))
            QCOMPARE(bench.world.effects.value(idempotencyKey(plan.id, step.id)), 1);
        // What was observed is not asked for again, and what had arrived is seen before it could be.
        for (const QJsonObject &entry : before) {
            const bool known = entry[u"type"_s] == u"observed"_s || (arrived && entry[u"type"_s] == u"requested"_s);
            if (known)
                QVERIFY2(!bench.world.requests.contains(entry[u"step"_s].toString()), qPrintable(QString::number(cut)));
        }
        for (const int arrivals : std::as_const(bench.world.arrivals))
            QCOMPARE(arrivals, 1);
        // The journal of the second life continues that of the first.
        QCOMPARE(entriesOf((*resumed)->run().journalPath).mid(0, cut), before);
    }
}

void TestCrash::everyRequest_data()
{
    QTest::addColumn<int>("nth");
    QTest::addColumn<bool>("arrives");
    for (int nth = 1; nth <= 8; ++nth) {
        QTest::addRow("request %d lost", nth) << nth << false;
        QTest::addRow("request %d arrives", nth) << nth << true;
    }
}

void TestCrash::everyRequest()
{
    QFETCH(int, nth);
    QFETCH(bool, arrives);
    Bench bench;
    const Plan plan = scriptedPlan({u"ws-1"_s, u"ws-2"_s});
    int count = 0;
    bench.world.onRequest = [&](const Step &step, const QString &key) {
        if (++count != nth)
            return;
        if (arrives) {
            bench.world.facts.insert(ScriptedAction::fact(step.verb, step));
            ++bench.world.effects[key];
        }
        bench.world.dead = true;
    };
    QVERIFY(bench.runner->start(plan));
    QVERIFY(bench.until([&] { return bench.world.dead; }));
    bench.restart();
    bench.world.dead = false;
    const auto unfinished = await(bench.runner->unfinished());
    QCOMPARE(unfinished->size(), 1);
    const auto resumed = await(bench.runner->resume(unfinished->first().path));
    QVERIFY2(resumed, why(resumed));
    QVERIFY(bench.untilOver(*resumed));
    QCOMPARE((*resumed)->state(), RunState::Finished);
    QCOMPARE(bench.world.effects.size(), 8);
    for (auto it = bench.world.effects.cbegin(); it != bench.world.effects.cend(); ++it)
        QCOMPARE(it.value(), 1);
}

void TestCrash::everyCancelBoundary()
{
    Plan plan = scriptedPlan();
    QVector<QJsonObject> entries;
    {
        Bench bench;
        bench.world.invisible.insert(u"keep.ws-1"_s);
        Operation *operation = *bench.runner->start(plan);
        QVERIFY(bench.until([&] { return bench.world.requests.contains(u"keep.ws-1"_s); }));
        operation->cancel();
        QVERIFY(bench.untilOver(operation));
        entries = entriesOf(operation->run().journalPath);
    }
    qsizetype cancelled = 0;
    while (entries.at(cancelled).value(u"state"_s) != u"cancelling"_s)
        ++cancelled;
    for (qsizetype cut = cancelled + 1; cut < entries.size(); ++cut) {
        Bench bench;
        bench.world.facts = {u"cut ws-1"_s, u"keep ws-1"_s};
        // The second time that the cut was answered, it was on its way back.
        const auto before = entries.mid(0, cut);
        const auto answered = std::count_if(before.cbegin(), before.cend(), [](const QJsonObject &entry) {
            return entry[u"type"_s] == u"answered"_s && entry[u"step"_s] == u"cut.ws-1"_s;
        });
        if (answered == 2)
            bench.world.facts.remove(u"cut ws-1"_s);
        writeJournal(runningPath(bench.folder.path(), plan.id), entries.mid(0, cut));
        const auto resumed = await(bench.runner->resume(runningPath(bench.folder.path(), plan.id)));
        QVERIFY2(resumed, why(resumed));
        QVERIFY2(bench.untilOver(*resumed), qPrintable(QString::number(cut)));
        QCOMPARE((*resumed)->state(), RunState::Cancelled);
        QVERIFY(!bench.world.facts.contains(u"cut ws-1"_s));
        QVERIFY(!bench.world.facts.contains(u"kill ws-1"_s));
    }
}

void TestCrash::everyFileFault_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("nth");
    for (int nth = 1; nth <= 14; ++nth) {
        QTest::addRow("write %d", nth) << int(FailingFile::Kind::Write) << nth;
        QTest::addRow("sync %d", nth) << int(FailingFile::Kind::Sync) << nth;
    }
    QTest::addRow("open") << int(FailingFile::Kind::Open) << 1;
}

/// The disk fails once: the run says so and asks for nothing more; when the disk is back a person goes on, and nothing is done twice.
void TestCrash::everyFileFault()
{
    QFETCH(int, kind);
    QFETCH(int, nth);
    Bench bench;
    FailingFile files(FailingFile::Kind(kind), nth);
    bench.environment.files = &files;
    bench.environment.parallelism = 1;
    bench.restart();
    const Plan plan = scriptedPlan();
    Operation *operation = *bench.runner->start(plan);
    QSignalSpy failed(operation, &Operation::journalFailed);
    QVERIFY(bench.until([&] { return !failed.isEmpty() || operation->isOver(); }));
    if (!failed.isEmpty()) {
        QVERIFY(operation->journalError()->code == Error::Code::Storage);
        const qsizetype asked = bench.world.requests.size();
        for (int i = 0; i < 20; ++i) {
            bench.timers->advance(Milliseconds(1'000));
            QCoreApplication::sendPostedEvents();
        }
        QCOMPARE(bench.world.requests.size(), asked);
        operation->retryNow();
    }
    QVERIFY(bench.untilOver(operation));
    QCOMPARE(operation->state(), RunState::Finished);
    QCOMPARE(bench.world.requests.size(), 4);
    const auto replayed = replay(*AppendFile::read(operation->run().journalPath));
    QVERIFY2(replayed, why(replayed));
    QVERIFY(replayed->whole);
    QCOMPARE(replayed->run.state, RunState::Finished);
}

void TestCrash::unfinishedRunsAreListed()
{
    Plan plan;
    const QVector<QJsonObject> entries = wholeRun(&plan);
    Bench bench;
    const QString path = runningPath(bench.folder.path(), plan.id);
    // A plan that is not whole asked for nothing; once nobody can be writing it any more, it goes.
    writeJournal(path, entries.mid(0, 1));
    QFile half(path);
    QVERIFY(half.open(QIODevice::ReadWrite));
    QVERIFY(half.setFileTime(QDateTime::currentDateTime().addSecs(-600), QFileDevice::FileModificationTime));
    half.close();
    QVERIFY(await(bench.runner->unfinished())->isEmpty());
    QVERIFY(!QFile::exists(path));
    // One that is over only lacks its name.
    writeJournal(path, entries);
    QVERIFY(await(bench.runner->unfinished())->isEmpty());
    QVERIFY(QFile::exists(journalPath(bench.folder.path(), plan.id)));
    QVERIFY(QFile::remove(journalPath(bench.folder.path(), plan.id)));
    // One that stands in the middle is offered, unless it runs here.
    writeJournal(path, entries.mid(0, 9));
    const auto found = await(bench.runner->unfinished());
    QCOMPARE(found->size(), 1);
    QCOMPARE(found->first().id, plan.id);
    QCOMPARE(found->first().title, plan.title);
    QVERIFY(await(bench.runner->resume(path)));
    QVERIFY(await(bench.runner->unfinished())->isEmpty());
}

void TestCrash::aLockedJournalIsNotResumed()
{
    Plan plan;
    const QVector<QJsonObject> entries = wholeRun(&plan);
    Bench bench;
    const QString path = runningPath(bench.folder.path(), plan.id);
    writeJournal(path, entries.mid(0, 9));
    QVector<QByteArray> records;
    const auto held = AppendFile::open(path, &records);
    QVERIFY(held);
    QVERIFY(await(bench.runner->unfinished())->isEmpty());
    const auto resumed = await(bench.runner->resume(path));
    QVERIFY(!resumed);
    QVERIFY(resumed.error().code == Error::Code::Conflict);
    QVERIFY(bench.world.requests.isEmpty());
}

void TestCrash::damageIsNamed()
{
    Plan plan;
    const QVector<QJsonObject> entries = wholeRun(&plan);
    Bench bench;
    const QString path = runningPath(bench.folder.path(), plan.id);
    writeJournal(path, entries.mid(0, 12));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadWrite));
    QByteArray bytes = file.readAll();
    bytes[bytes.size() / 2] = char(bytes[bytes.size() / 2] ^ 1);
    file.seek(0);
    file.write(bytes);
    file.close();
    const auto found = await(bench.runner->unfinished());
    QCOMPARE(found->size(), 1);
    QVERIFY(found->first().unreadable);
    QVERIFY(!await(bench.runner->resume(path)));
    QVERIFY(QFile::exists(path));
}

QTEST_GUILESS_MAIN(TestCrash)
#include "tst_crash.moc"
