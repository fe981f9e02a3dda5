// SPDX-License-Identifier: GPL-3.0-or-later
// kill -9 in the middle of load, then a restart: what was answered is there, and the log verifies.
#include "tests/plane/api/planeclient.h"
#include "tests/plane/control/planeprogram.h"
#include "tests/support/postgresserver.h"

#include <QtCore/QRandomGenerator>
#include <QtTest/QTest>

#include <atomic>
#include <mutex>
#include <thread>

using namespace Qt::StringLiterals;
using namespace parapet;
using namespace parapet::planetest;

class TestPlaneCrash : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { support::DatabasePlaces::addEngines(); }
    void losesNothingThatWasAnswered_data();
    void losesNothingThatWasAnswered();
    void survivesADeathInTheFirstStart_data();
    void survivesADeathInTheFirstStart();

private:
    /// Arguments that put a new data folder's state where this round's engine is.
    QStringList store()
    {
        const QString place = m_places.fresh();
        return support::DatabasePlaces::isServer() ? QStringList{u"--store"_s, place} : QStringList();
    }
    support::DatabasePlaces m_places;
};

void TestPlaneCrash::losesNothingThatWasAnswered_data()
{
    QTest::addColumn<int>("answers");
    for (const int answers : {1, 7, 40, 133, 300})
        QTest::addRow("after %d answers", answers) << answers;
}

void TestPlaneCrash::losesNothingThatWasAnswered()
{
    QFETCH(int, answers);
    PlaneProgram program;
    QVERIFY2(program.start(QStringList{u"--no-workspaces"_s, u"--fleet"_s, u"100"_s, u"--activity"_s, u"none"_s} + store()), program.errors().constData());
    const QString control = program.text("control"), audit = program.text("audit"), agent = program.text("agent");
    const QString ca = program.text("ca"), identity = program.text("identity");

    struct Answered { QByteArray path; QByteArray key; QByteArray body; };
    std::mutex lock;
    QVector<Answered> kept;
    QVector<QByteArray> statements;
    std::atomic<int> count = 0;
    std::atomic<bool> stop = false;
    std::vector<std::thread> load;
    for (int worker = 0; worker < 4; ++worker) {
        load.emplace_back([&, worker] {
            PlaneClient actions(agent, ca, identity);
            PlaneClient log(audit, ca, identity);
            PlaneClient reads(control, ca, identity);
            const char *const verbs[] = {"freeze", "thaw", "isolate", "rejoin", "pause-agent"};
            for (int i = 0; !stop && i < 100000; ++i) {
                const QByteArray key = "load-" + QByteArray::number(worker) + '-' + QByteArray::number(i);
                if (i % 3 == 0) {
                    const HttpReply reply = log.post("/v1/events", {{u"action"_s, u"load.step"_s}, {u"detail"_s, QString::fromLatin1(key)}}, {{"Idempotency-Key", key}});
                    if (reply.status == 200) {
                        const std::scoped_lock guard(lock);
                        statements.append(reply.body);
                        ++count;
                    }
                } else if (i % 3 == 1) {
                    const QByteArray path = "/v1/workspaces/sim-" + QByteArray::number(worker * 25 + i % 25 + 1).rightJustified(6, '0') + '/' + verbs[i % 5];
                    const HttpReply reply = actions.post(path, {}, {{"Idempotency-Key", key}});
                    if (reply.status == 200) {
                        const std::scoped_lock guard(lock);
                        kept.append({path, key, reply.body});
                        ++count;
                    }
                } else {
                    count += reads.get("/v1/workspaces?limit=5").status == 200 ? 1 : 0;
                }
            }
        });
    }
    const bool loaded = QTest::qWaitFor([&] { return count >= answers; }, 60000);
    program.kill();
    stop = true;
    for (std::thread &thread : load)
        thread.join();
    QVERIFY(loaded);

    QVERIFY2(program.start({u"--no-workspaces"_s, u"--check"_s, u"--activity"_s, u"none"_s}), program.errors().constData());
    QCOMPARE(program.text("control"), control);
    PlaneClient log(program.text("audit"), ca, identity);
    for (const QByteArray &statement : std::as_const(statements)) {
        const QJsonObject answered = parseJson(statement).value_or(QJsonValue()).toObject();
        const HttpReply stored = log.get("/v1/events/" + QByteArray::number(answered.value("index"_L1).toInteger()));
        QCOMPARE(stored.json(), answered);
    }
    PlaneClient actions(program.text("agent"), ca, identity);
    for (const Answered &answered : std::as_const(kept)) {
        // The same call again gets the same answer: it is remembered, not done again.
        const HttpReply again = actions.post(answered.path, {}, {{"Idempotency-Key", answered.key}});
        QCOMPARE(again.status, 200);
        QCOMPARE(again.body, answered.body);
    }
    QVERIFY(log.get("/v1/head").json().value("size"_L1).toInteger() >= count);
    QVERIFY(program.end());
    QVERIFY2(program.start({u"--no-workspaces"_s, u"--check"_s}), program.errors().constData());
}

void TestPlaneCrash::survivesADeathInTheFirstStart_data()
{
    QTest::addColumn<int>("milliseconds");
    for (const int milliseconds : {1, 20, 60, 120, 250})
        QTest::addRow("%d ms", milliseconds) << milliseconds;
}

void TestPlaneCrash::survivesADeathInTheFirstStart()
{
    QFETCH(int, milliseconds);
    PlaneProgram program;
    program.process = std::make_unique<QProcess>();
    const QStringList place = store();
    program.process->start(QStringLiteral(PARAPET_BINARY_DIR "/bin/parapet-plane"),
                           QStringList{u"--data"_s, program.data(), u"--no-workspaces"_s, u"--fleet"_s, u"200"_s} + place);
    QVERIFY(program.process->waitForStarted());
    program.process->waitForFinished(milliseconds); // wherever it is then
    program.kill();
    QVERIFY2(program.start(QStringList{u"--no-workspaces"_s, u"--fleet"_s, u"200"_s, u"--check"_s} + place), program.errors().constData());
    PlaneClient client(program.text("control"), program.text("ca"), program.text("identity"));
    QCOMPARE(client.get("/v1/workspaces?limit=1").json().value("total"_L1).toInt(), 224);
}

QTEST_GUILESS_MAIN(TestPlaneCrash)
#include "tst_planecrash.moc"
