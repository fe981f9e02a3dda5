// SPDX-License-Identifier: GPL-3.0-or-later
// kill -9 while the log grows, again and again: no checkpoint that was once published is ever taken back.
#include "models/transparency/eventleaf.h"
#include "models/wire/codec.h"
#include "tests/plane/audit/publishedlog.h"
#include "tests/plane/control/planeprogram.h"

#include <QtTest/QTest>

#include <atomic>
#include <mutex>
#include <thread>

using namespace Qt::StringLiterals;
using namespace parapet;
using namespace parapet::planetest;
using namespace parapet::transparency;

class TestPublishedCrash : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void checkpointsNeverGoBack();
};

void TestPublishedCrash::checkpointsNeverGoBack()
{
    PlaneProgram program;
    QVERIFY2(program.start({u"--no-workspaces"_s, u"--activity"_s, u"none"_s}), program.errors().constData());
    const QString ca = program.text("ca"), identity = program.text("identity"), audit = program.text("audit");
    const crypto::NoteVerifier key = *crypto::NoteVerifier::parse(program.text("log_key"));
    Follower follower(key);

    for (const int answers : {3, 60, 200, 90, 400}) {
        std::mutex lock;
        QVector<QByteArray> seen; ///< every checkpoint that was answered, in order
        QVector<QByteArray> events;
        std::atomic<int> count = 0;
        std::atomic<bool> stop = false;
        std::vector<std::thread> load;
        for (int worker = 0; worker < 4; ++worker) {
            load.emplace_back([&] {
                PlaneClient client(audit, ca, identity);
                while (!stop) {
                    const HttpReply reply = client.post("/v1/events", {{u"action"_s, u"load.step"_s}});
                    if (reply.status != 200)
                        continue;
                    const std::scoped_lock guard(lock);
                    events.append(reply.body);
                    ++count;
                }
            });
        }
        load.emplace_back([&] {
            PlaneClient client(audit, ca, identity);
            while (!stop) {
                const HttpReply reply = client.get("/checkpoint");
                if (reply.status != 200)
                    continue;
                const std::scoped_lock guard(lock);
                seen.append(reply.body);
            }
        });
        const bool loaded = QTest::qWaitFor([&] {
            const std::scoped_lock guard(lock);
            return count >= answers && !seen.isEmpty();
        }, 60000);
        program.kill();
        stop = true;
        for (std::thread &thread : load)
            thread.join();
        QVERIFY(loaded);

        QVERIFY2(program.start({u"--no-workspaces"_s, u"--check"_s, u"--activity"_s, u"none"_s}), program.errors().constData());
        QCOMPARE(program.text("audit"), audit);
        PlaneClient client(audit, ca, identity);
        PublishedLog log(client);
        // Each one that was seen, from the plane that came after: all are of the one history.
        qint64 largest = 0;
        for (const QByteArray &note : std::as_const(seen)) {
            const auto opened = openCheckpoint(note, key);
            QVERIFY(opened);
            QVERIFY(opened->head().size >= largest);
            largest = opened->head().size;
        }
        for (const QByteArray &note : {seen.first(), seen[seen.size() / 2], seen.last()}) {
            follower.offer(note, Clock::system().now());
            const Judgement judgement = log.finish(follower);
            QVERIFY2(isTrusted(judgement.verdict), qPrintable(judgement.words));
        }
        const Judgement after = log.follow(follower);
        QVERIFY2(isTrusted(after.verdict), qPrintable(after.words));
        QVERIFY(follower.keptHead().size >= largest);
        // No acknowledged event is lost: each is in the tree that is signed now.
        TileReader &reader = *follower.reader();
        QVERIFY(log.feed(reader, [&] { return reader.missingForLeaves(0, reader.head().size); }));
        for (const QByteArray &answered : std::as_const(events)) {
            const auto event = wire::fromJson<AuditEvent>(parseJson(answered)->toObject());
            QVERIFY(event);
            const Status proven = reader.proveLeaf(event->index, leafHash(leafOf(*event)));
            QVERIFY2(proven, qPrintable(proven ? QString() : proven.error().message));
        }
    }
}

QTEST_GUILESS_MAIN(TestPublishedCrash)
#include "tst_publishedcrash.moc"
