// SPDX-License-Identifier: GPL-3.0-or-later
// Runs that are over: listed, opened to be read, forgotten; and who may sign them.
#include "models/core/json.h"
#include "models/operation/journal.h"
#include "models/operation/journalwriter.h"
#include "tests/models/operation/scripted.h"

#include <QtCore/QDateTime>
#include <QtCore/QFile>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

#include <sys/file.h>

using namespace parapet;
using namespace parapet::operation;
using namespace parapet::support;
using namespace Qt::StringLiterals;

class TestPastRuns : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void finishedRunsAreListed();
    void cancelledOnesAreListedToo();
    void aRunIsOpenedToBeRead();
    void whatIsNotOverIsNotOpened();
    void anotherFileIsNotItsCertificate();
    void damageIsListed();
    void listingLocksNothing();
    void unchangedFilesAreNotReadAgain();
    void callersAtOnceGetTheSame();
    void halfPlansOfOthersStay();
    void oldOnesAreForgotten();
    void theStarterIsRecorded();
    void onlyTheStarterSigns();
    void theFirstVersionIsStillRead();
    void lettingGoOfAJournalLosesNothing();

private:
    Operation *finished(Bench &bench, const QStringList &workspaces = {u"ws-1"_s})
    {
        const auto started = bench.runner->start(scriptedPlan(workspaces));
        if (!started || !bench.untilOver(*started))
            return nullptr;
        return *started;
    }
};

void TestPastRuns::finishedRunsAreListed()
{
    Bench bench;
    const Operation *first = finished(bench);
    QVERIFY(first);
    const OperationId firstId = first->id();
    bench.clock.advance(std::chrono::hours(1));
    const Operation *second = finished(bench, {u"ws-2"_s, u"ws-3"_s});
    QVERIFY(second);
    const OperationId secondId = second->id();
    // Those that run here are in operations() already.
    QVERIFY(await(bench.runner->past())->isEmpty());
    bench.restart();
    const auto past = await(bench.runner->past());
    QCOMPARE(past->size(), 2);
    const PastRun &latest = past->first();
    QCOMPARE(latest.id, secondId);
    QCOMPARE(past->last().id, firstId);
    QCOMPARE(latest.title, u"Scripted"_s);
    QCOMPARE(latest.feature, u"scripted"_s);
    QCOMPARE(latest.reason, u"a test"_s);
    QCOMPARE(latest.state, RunState::Finished);
    QCOMPARE(latest.workspaces, 2);
    QCOMPARE(latest.startedBy, u"operator"_s);
    QVERIFY(isKnown(latest.started) && latest.ended >= latest.started);
    QVERIFY(latest.summary.probes > 0);
    QCOMPARE(latest.summary.hold, latest.summary.probes);
    QCOMPARE(latest.summary.stepsObserved, latest.summary.steps);
    QCOMPARE(latest.path, journalPath(bench.folder.path(), secondId));
    QCOMPARE(latest.certificatePath, certificatePath(bench.folder.path(), secondId));
    QVERIFY(await(bench.runner->unfinished())->isEmpty());
}

void TestPastRuns::cancelledOnesAreListedToo()
{
    Bench bench;
    bench.world.invisible.insert(u"keep.ws-1"_s);
    Operation *operation = *bench.runner->start(scriptedPlan());
    QVERIFY(bench.until([operation] { return operation->run().steps.at(0).state == StepState::Observed; }));
    operation->cancel();
    QVERIFY(bench.untilOver(operation));
    bench.restart();
    const auto past = await(bench.runner->past());
    QCOMPARE(past->size(), 1);
    QCOMPARE(past->first().state, RunState::Cancelled);
    QVERIFY(past->first().certificatePath.isEmpty());
}

void TestPastRuns::aRunIsOpenedToBeRead()
{
    Bench bench;
    const Operation *ran = finished(bench);
    QVERIFY(ran);
    const QByteArray envelope = ran->run().certificate->envelope;
    const QVector<StepRun> steps = ran->run().steps;
    const QString path = ran->run().journalPath;
    bench.restart();
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray before = file.readAll();
    const auto opened = await(bench.runner->open(path));
    QVERIFY2(opened, why(opened));
    Operation *operation = *opened;
    QVERIFY(operation->isOver());
    QVERIFY(!operation->canCancel());
    QVERIFY(!isKnown(operation->nextTry()));
    QVERIFY(operation->run().certificate);
    QCOMPARE(operation->run().certificate->envelope, envelope);
    QCOMPARE(operation->run().steps.size(), steps.size());
    QCOMPARE(operation->run().steps.first().seen, steps.first().seen);
    QCOMPARE(operation->summary().hold, operation->summary().probes);
    QVERIFY(bench.runner->operations().isEmpty());
    // Nothing moves it any more.
    operation->retryNow();
    operation->cancel();
    operation->pause();
    operation->resume();
    operation->signNow();
    operation->hint(WorkspaceId(u"ws-1"_s));
    QVERIFY(operation->isOver());
    file.seek(0);
    QCOMPARE(file.readAll(), before);
    QPointer<Operation> watched = operation;
    bench.runner->close(operation);
    QVERIFY(waitUntil([watched] { return !watched; }));
    bench.runner->close(nullptr);
}

void TestPastRuns::whatIsNotOverIsNotOpened()
{
    Bench bench;
    bench.world.invisible.insert(u"keep.ws-1"_s);
    Operation *operation = *bench.runner->start(scriptedPlan());
    QVERIFY(bench.until([operation] { return operation->run().steps.at(0).state == StepState::Observed; }));
    const auto opened = await(bench.runner->open(operation->run().journalPath));
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, Error::Code::Invalid);
    const auto none = await(bench.runner->open(bench.folder.filePath(u"none.journal"_s)));
    QVERIFY(!none);
    QCOMPARE(none.error().code, Error::Code::NotFound);
    // What runs is not the caller's to close.
    bench.runner->close(operation);
    QCOMPARE(bench.runner->operations().size(), 1);
}

void TestPastRuns::anotherFileIsNotItsCertificate()
{
    Bench bench;
    const Operation *ran = finished(bench);
    QVERIFY(ran);
    const QString path = ran->run().journalPath;
    QFile certificate(ran->run().certificate->path);
    QVERIFY(certificate.open(QIODevice::WriteOnly | QIODevice::Append));
    certificate.write(" ");
    certificate.close();
    bench.restart();
    auto opened = await(bench.runner->open(path));
    QVERIFY(opened);
    QVERIFY(!(*opened)->run().certificate);
    QVERIFY(!(*opened)->run().certificateRefused.isEmpty());
    QVERIFY(certificate.remove());
    opened = await(bench.runner->open(path));
    QVERIFY(opened);
    QVERIFY(!(*opened)->run().certificate);
    QVERIFY((*opened)->run().certificateRefused.contains(certificate.fileName()));
    QVERIFY(await(bench.runner->past())->first().certificatePath.isEmpty());
}

void TestPastRuns::damageIsListed()
{
    Bench bench;
    const Operation *ran = finished(bench);
    QVERIFY(ran);
    const QString path = ran->run().journalPath;
    bench.restart();
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadWrite));
    file.seek(100);
    file.write("x");
    file.close();
    const auto past = await(bench.runner->past());
    QCOMPARE(past->size(), 1);
    QVERIFY(past->first().unreadable);
    QVERIFY(!await(bench.runner->open(path)));
}

void TestPastRuns::listingLocksNothing()
{
    Bench bench;
    bench.world.invisible.insert(u"keep.ws-1"_s);
    Operation *operation = *bench.runner->start(scriptedPlan());
    QVERIFY(bench.until([operation] { return operation->run().steps.at(0).state == StepState::Observed; }));
    const QString path = operation->run().journalPath;
    bench.world.dead = true;
    bench.restart();
    JournalWriter::waitUntilClosed(path);
    // Whoever holds a shared lock keeps exclusive ones out: listing does not mind, so it takes none.
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(::flock(file.handle(), LOCK_SH | LOCK_NB), 0);
    const auto found = await(bench.runner->unfinished());
    QCOMPARE(found->size(), 1);
    QVERIFY(!found->first().unreadable);
    file.close();
    // Taken up while others list: it does not meet them.
    bench.world.dead = false;
    bench.world.invisible.clear();
    const Reply<QVector<UnfinishedRun>> one = bench.runner->unfinished();
    const Reply<QVector<PastRun>> two = bench.runner->past();
    const auto resumed = await(bench.runner->resume(path));
    QVERIFY2(resumed, why(resumed));
    QVERIFY(await(one));
    QVERIFY(await(two));
    QVERIFY(bench.untilOver(*resumed));
}

void TestPastRuns::unchangedFilesAreNotReadAgain()
{
    Bench bench;
    const Operation *ran = finished(bench);
    QVERIFY(ran);
    const QString path = ran->run().journalPath;
    bench.restart();
    QCOMPARE(await(bench.runner->past())->size(), 1);
    // The same size and time, another content: whoever does not read cannot tell.
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadWrite));
    const QDateTime changed = file.fileTime(QFileDevice::FileModificationTime);
    file.seek(100);
    file.write("x");
    file.flush();
    QVERIFY(file.setFileTime(changed, QFileDevice::FileModificationTime));
    file.close();
    QVERIFY(!await(bench.runner->past())->first().unreadable);
    // What has changed is read.
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.setFileTime(changed.addSecs(10), QFileDevice::FileModificationTime));
    file.close();
    QVERIFY(await(bench.runner->past())->first().unreadable);
    QVERIFY(QFile::remove(path));
    QVERIFY(await(bench.runner->past())->isEmpty());
}

void TestPastRuns::callersAtOnceGetTheSame()
{
    Bench bench;
    QVERIFY(finished(bench));
    bench.restart();
    QVector<Reply<QVector<PastRun>>> replies;
    for (int i = 0; i < 6; ++i)
        replies.append(bench.runner->past());
    for (const Reply<QVector<PastRun>> &reply : replies)
        QCOMPARE(await(reply)->size(), 1);
}

void TestPastRuns::halfPlansOfOthersStay()
{
    Bench bench;
    const QVector<QJsonObject> entries = planEntries(scriptedPlan(), bench.clock.now());
    const QString path = runningPath(bench.folder.path(), OperationId(u"op-half"_s));
    {
        auto file = AppendFile::open(path, nullptr);
        QVERIFY(file);
        QVERIFY((*file)->append('[' + canonicalJson(entries.first()) + ']'));
    }
    // Young: whoever writes it may just be about to take the lock.
    QVERIFY(await(bench.runner->unfinished())->isEmpty());
    QVERIFY(QFile::exists(path));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.setFileTime(QDateTime::currentDateTime().addSecs(-600), QFileDevice::FileModificationTime));
    file.close();
    {
        const auto held = AppendFile::open(path, nullptr);
        QVERIFY(held);
        QVERIFY(AppendFile::isHeld(path));
        QVERIFY(await(bench.runner->unfinished())->isEmpty());
        QVERIFY(QFile::exists(path));
    }
    QVERIFY(!AppendFile::isHeld(path));
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.setFileTime(QDateTime::currentDateTime().addSecs(-601), QFileDevice::FileModificationTime));
    file.close();
    QVERIFY(await(bench.runner->unfinished())->isEmpty());
    QVERIFY(!QFile::exists(path));
}

void TestPastRuns::oldOnesAreForgotten()
{
    Bench bench;
    QSignalSpy forgotten(bench.runner.get(), &Runner::operationForgotten);
    for (int i = 0; i < Runner::keptOver + 3; ++i)
        QVERIFY(finished(bench));
    QVERIFY(bench.runner->operations().size() <= Runner::keptOver + 1);
    QCOMPARE(forgotten.size(), Runner::keptOver + 3 - bench.runner->operations().size());
    // They are not lost.
    QCOMPARE(await(bench.runner->past())->size(), forgotten.size());
}

void TestPastRuns::theStarterIsRecorded()
{
    Bench bench;
    bench.environment.starter = [] { return Operator{PrincipalId(u"karin.lindqvist"_s), Untrusted(u"Karin Lindqvist"_s)}; };
    bench.certifier.name = u"karin.lindqvist"_s;
    bench.restart();
    const Operation *operation = finished(bench);
    QVERIFY(operation);
    QCOMPARE(operation->run().startedBy.id.value, u"karin.lindqvist"_s);
    const auto replayed = replay(*AppendFile::read(operation->run().journalPath));
    QVERIFY(replayed);
    QCOMPARE(replayed->run.startedBy.id.value, u"karin.lindqvist"_s);
    QCOMPARE(replayed->run.startedBy.name.raw(), u"Karin Lindqvist"_s);
}

void TestPastRuns::onlyTheStarterSigns()
{
    Bench bench;
    bench.certifier.name = u"karin"_s;
    bench.restart();
    Operation *operation = *bench.runner->start(scriptedPlan());
    // Somebody else connects before it ends.
    bench.certifier.name = u"tomasz"_s;
    QVERIFY(bench.until([operation] { return operation->state() == RunState::Stopped; }));
    QVERIFY(!operation->run().certificate);
    QVERIFY(operation->run().certificateRefused.contains(u"karin"_s));
    QCOMPARE(bench.certifier.issued, 0);
    operation->signNow();
    QCOMPARE(bench.certifier.issued, 0);
    bench.certifier.name = u"karin"_s;
    operation->signNow();
    QVERIFY(bench.untilOver(operation));
    QVERIFY(operation->run().certificate);
}

void TestPastRuns::theFirstVersionIsStillRead()
{
    Bench bench;
    QVector<QJsonObject> entries = planEntries(scriptedPlan(), bench.clock.now(), {PrincipalId(u"karin"_s), {}});
    entries[0].remove(u"operator"_s);
    entries[0].remove(u"operatorName"_s);
    const auto recordOf = [](const QJsonObject &entry) { return '[' + canonicalJson(entry) + ']'; };
    QVERIFY(!replay({recordOf(entries[0])})); // of version 2 it would have to say
    entries[0][u"version"_s] = 1;
    QVector<QByteArray> records;
    for (const QJsonObject &entry : std::as_const(entries))
        records.append(recordOf(entry));
    const auto replayed = replay(records);
    QVERIFY2(replayed, why(replayed));
    QVERIFY(replayed->whole);
    QVERIFY(replayed->run.startedBy.id.isEmpty());
    entries[0][u"version"_s] = JournalVersion + 1;
    QVERIFY(!replay({recordOf(entries[0])}));
}

void TestPastRuns::lettingGoOfAJournalLosesNothing()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"op.running"_s);
    const QVector<QJsonObject> entries = planEntries(scriptedPlan(), FakeClock().now());
    {
        JournalWriter writer(path, FileCalls::system());
        writer.open({});
        for (const QJsonObject &entry : entries)
            writer.append(entry);
    }
    // Whoever opens it next waits on its own thread, and finds all of it.
    bool opened = false;
    qsizetype steps = 0;
    JournalWriter next(path, FileCalls::system());
    next.open([&](const Result<Replayed> &replayed) {
        opened = true;
        steps = replayed ? replayed->run.plan.steps.size() : -1;
    });
    QVERIFY(waitUntil([&] { return opened; }));
    QCOMPARE(steps, scriptedPlan().steps.size());
}

QTEST_GUILESS_MAIN(TestPastRuns)
#include "tst_pastruns.moc"
