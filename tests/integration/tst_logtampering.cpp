// SPDX-License-Identifier: GPL-3.0-or-later
// The plane that is shipped, whose data folder falls into the wrong hands while it is stopped: what was done to it is named by the
// console on its next look.
#include "models/crypto/key.h"
#include "models/fleet/connection.h"
#include "models/fleet/logfollower.h"
#include "models/storage/database.h"
#include "models/transparency/conflictbundle.h"
#include "tests/support/planeprocess.h"
#include "tests/support/waiting.h"

#include <QtCore/QDir>
#include <QtCore/QTemporaryDir>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace parapet;
using namespace parapet::fleet;
using namespace Qt::StringLiterals;
using support::await;
using support::waitUntil;
using support::why;
using LogVerdict = transparency::Verdict;

class TestLogTampering : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void anHonestPlaneVerifiesOverARestart();
    void aStoredByteEdited();
    void theLastEventsDropped();
    void anotherHistory();
    void anotherKey();

private:
    void connectConsole();
    void disconnectConsole();
    bool restart();
    bool reaches(LogState state);
    bool record(int events);
    QString database() const { return m_plane->dataFolder() + u"/plane.sqlite"_s; }
    void copyDatabase(const QString &to, bool back = false);
    /// The evidence as it was saved, checked with nothing but the pinned key.
    Result<transparency::ConflictBundle::Weight> weight(LogVerdict verdict);

    std::unique_ptr<support::PlaneProcess> m_plane;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<LogFollower> m_follower;
    std::unique_ptr<Connection> m_connection;
    MemorySecretStore m_secrets;
    int m_keys = 0;
};

void TestLogTampering::init()
{
    m_plane = std::make_unique<support::PlaneProcess>();
    m_plane->setArguments({u"--seed"_s, u"7"_s, u"--no-workspaces"_s, u"--activity"_s, u"none"_s});
    const Status started = m_plane->start();
    QVERIFY2(started, why(started));
    m_folder = std::make_unique<QTemporaryDir>();
    m_follower = std::make_unique<LogFollower>(m_folder->path(), Clock::system());
    connectConsole();
    QVERIFY2(reaches(LogState::Verified), qPrintable(m_follower->reason()));
}

void TestLogTampering::cleanup()
{
    disconnectConsole();
    m_follower.reset();
    m_plane.reset();
}

void TestLogTampering::connectConsole()
{
    m_connection = std::make_unique<Connection>(m_plane->profile(), m_secrets);
    connect(m_connection.get(), &Connection::ready, m_follower.get(), [this] {
        const Profile &profile = m_connection->profile();
        m_follower->setSystem(m_connection->system().audit, m_connection->watch(), profile.caSha256, profile.logKey);
    });
    connect(m_connection.get(), &Connection::aboutToClose, m_follower.get(), &LogFollower::clearSystem);
    m_connection->open();
}

void TestLogTampering::disconnectConsole()
{
    if (m_connection)
        m_connection->close();
    m_connection.reset();
}

bool TestLogTampering::restart()
{
    const Status started = m_plane->start();
    if (!started)
        qWarning("%s", why(started));
    return bool(started);
}

bool TestLogTampering::reaches(LogState state)
{
    return waitUntil([&] { return m_follower->state() == state && !m_follower->isBusy(); }, 60'000);
}

bool TestLogTampering::record(int events)
{
    // A read is an event too, and is cheap.
    const auto &audit = m_connection->system().audit;
    QVector<Reply<AuditEvent>> asked;
    for (int i = 0; i < events; ++i)
        asked << audit->event(i % 10);
    return std::all_of(asked.begin(), asked.end(), [](const Reply<AuditEvent> &reply) { return bool(await(reply, 60'000)); });
}

void TestLogTampering::copyDatabase(const QString &to, bool back)
{
    for (const QString &suffix : {QString(), u"-wal"_s, u"-shm"_s}) {
        const QString mine = database() + suffix;
        const QString other = to + suffix;
        QFile::remove(back ? mine : other);
        if (QFile::exists(back ? other : mine))
            QVERIFY(QFile::copy(back ? other : mine, back ? mine : other));
    }
}

Result<transparency::ConflictBundle::Weight> TestLogTampering::weight(LogVerdict verdict)
{
    if (!waitUntil([this] { return m_follower->conflict() && !m_follower->conflict()->bundlePath.isEmpty(); }))
        return fail(Error::Code::NotFound, u"No bundle was saved."_s);
    if (m_follower->conflict()->verdict != verdict)
        return fail(Error::Code::Invalid, m_follower->conflict()->title);
    QFile file(m_follower->conflict()->bundlePath);
    if (!file.open(QIODevice::ReadOnly))
        return fail(Error::Code::Storage, file.errorString());
    const auto bundle = transparency::ConflictBundle::fromBytes(file.readAll());
    if (!bundle)
        return fail(bundle.error());
    return bundle->verify(*crypto::NoteVerifier::parse(m_follower->logKey()));
}

void TestLogTampering::anHonestPlaneVerifiesOverARestart()
{
    QVERIFY(record(40));
    m_follower->refresh();
    QVERIFY(reaches(LogState::Verified));
    PageRequest all;
    all.limit = 500;
    const auto page = await(m_connection->system().audit->events(all));
    QVERIFY2(page, why(page));
    m_follower->refresh();
    m_follower->check(page->items);
    for (const AuditEvent &event : page->items)
        QTRY_COMPARE(m_follower->proofOf(event.index), RowProof::Verified);
    const auto path = await(m_follower->pathOf(page->items.last()));
    QVERIFY2(path, why(path));
    QVERIFY(path->holds());
    const auto counts = await(m_connection->system().audit->countEvents({}, u"action"_s));
    QVERIFY2(counts, why(counts));
    QVERIFY(!counts->isEmpty() && counts->first().count >= 40);
    const Instant now = Clock::system().now();
    const auto slices = await(m_connection->system().audit->activityOf({}, now - std::chrono::hours(24 * 30), now + std::chrono::minutes(1), std::chrono::hours(12)));
    QVERIFY2(slices, why(slices));
    qint64 sum = 0;
    for (const ActivitySlice &slice : *slices)
        sum += slice.people + slice.agents + slice.services;
    QVERIFY(sum >= 40);
    const qint64 before = m_follower->checkpoint()->size();
    disconnectConsole();
    QVERIFY(m_plane->stop());
    QVERIFY(restart());
    connectConsole();
    QVERIFY(waitUntil([&] { return m_follower->state() == LogState::Verified && m_follower->checkpoint()->size() >= before; }));
    QVERIFY(!m_follower->conflict());
}

void TestLogTampering::aStoredByteEdited()
{
    // Older than what a plane proves at its own start.
    while (m_follower->checkpoint()->size() < 1600) {
        QVERIFY(record(200));
        m_follower->refresh();
        QVERIFY(reaches(LogState::Verified));
    }
    disconnectConsole();
    QVERIFY(m_plane->stop());
    {
        auto store = storage::Database::open(database());
        QVERIFY2(store, why(store));
        auto read = (*store)->prepare(R"(SELECT "leaf" FROM events WHERE "index"=7)", false);
        QVERIFY(read && *read->step());
        QByteArray leaf = read->blob(0);
        read->reset();
        const qsizetype at = leaf.indexOf("\"actorName\":\"") + 13;
        leaf[at] = leaf[at] == 'x' ? 'y' : 'x';
        auto write = (*store)->prepare(R"(UPDATE events SET "leaf"=? WHERE "index"=7)", false);
        QVERIFY(write && write->bindBlob(1, leaf).run());
    }
    QVERIFY(restart());
    connectConsole();
    QVERIFY(reaches(LogState::Verified)); // the tree is what it was; the event is not
    const auto event = await(m_connection->system().audit->event(7));
    QVERIFY2(event, why(event));
    m_follower->check({*event});
    QVERIFY(reaches(LogState::Refused));
    QCOMPARE(m_follower->proofOf(7), RowProof::Failed);
    QCOMPARE(m_follower->conflict()->leaf, 7);
    QCOMPARE(m_follower->conflict()->where, u"tile/entries/000"_s);
    const auto worth = weight(LogVerdict::Altered);
    QVERIFY2(worth, why(worth));
}

void TestLogTampering::theLastEventsDropped()
{
    disconnectConsole();
    QVERIFY(m_plane->stop());
    copyDatabase(m_folder->filePath(u"earlier"_s));
    QVERIFY(restart());
    connectConsole();
    QVERIFY(waitUntil([this] { return m_connection->system().audit; }));
    QVERIFY(record(100));
    m_follower->refresh();
    QVERIFY(reaches(LogState::Verified));
    disconnectConsole();
    QVERIFY(m_plane->stop());
    copyDatabase(m_folder->filePath(u"earlier"_s), true);
    QVERIFY(restart());
    connectConsole();
    QVERIFY(reaches(LogState::Refused));
    const auto worth = weight(LogVerdict::RolledBack);
    QVERIFY2(worth, why(worth));
}

void TestLogTampering::anotherHistory()
{
    disconnectConsole();
    QVERIFY(m_plane->stop());
    copyDatabase(m_folder->filePath(u"earlier"_s));
    QVERIFY(restart());
    connectConsole();
    QVERIFY(waitUntil([this] { return m_connection->system().audit; }));
    QVERIFY(record(60));
    m_follower->refresh();
    QVERIFY(reaches(LogState::Verified));
    const qint64 size = m_follower->checkpoint()->size();
    disconnectConsole();
    QVERIFY(m_plane->stop());
    copyDatabase(m_folder->filePath(u"earlier"_s), true);
    QVERIFY(restart());
    // Somebody else, of whom this console hears nothing, goes on from there until the log is longer than it was.
    {
        Connection other(m_plane->profile(), m_secrets);
        other.open();
        QVERIFY(waitUntil([&] { return other.system().audit && other.self(); }));
        qint64 now = 0;
        while (now <= size) {
            QVector<Reply<AuditEvent>> asked;
            for (int i = 0; i < 40; ++i)
                asked << other.system().audit->event(i % 5);
            for (const Reply<AuditEvent> &reply : asked)
                QVERIFY(await(reply));
            const auto head = await(other.system().audit->head());
            QVERIFY2(head, why(head));
            now = head->size;
        }
        other.close();
    }
    connectConsole();
    QVERIFY(reaches(LogState::Refused));
    const auto worth = weight(LogVerdict::Forked);
    QVERIFY2(worth, why(worth));
    QCOMPARE(*worth, transparency::ConflictBundle::Weight::ProvenByTheLog);
}

void TestLogTampering::anotherKey()
{
    const Profile pinned = m_connection->profile();
    disconnectConsole();
    QVERIFY(m_plane->stop());
    const QString key = m_plane->dataFolder() + u"/log-key.pem"_s;
    QVERIFY(QFile::exists(key));
    QVERIFY(QFile::remove(key));
    QVERIFY(crypto::PrivateKey::generate(crypto::KeyKind::Ed25519).save(key));
    QVERIFY(restart());
    m_connection = std::make_unique<Connection>(pinned, m_secrets);
    connect(m_connection.get(), &Connection::ready, m_follower.get(), [this, pinned] {
        m_follower->setSystem(m_connection->system().audit, m_connection->watch(), pinned.caSha256, pinned.logKey);
    });
    connect(m_connection.get(), &Connection::aboutToClose, m_follower.get(), &LogFollower::clearSystem);
    m_connection->open();
    QVERIFY(reaches(LogState::Refused));
    const auto worth = weight(LogVerdict::KeySwapped);
    QVERIFY2(worth, why(worth));
}

QTEST_GUILESS_MAIN(TestLogTampering)
#include "tst_logtampering.moc"
