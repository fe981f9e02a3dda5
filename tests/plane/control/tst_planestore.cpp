// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/control/authority.h"
#include "app/plane/control/datafolder.h"
#include "app/plane/control/store.h"
#include "app/plane/control/storeplace.h"
#include "tests/support/postgresserver.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include <future>
#include <thread>

#include <sys/stat.h>

using namespace Qt::StringLiterals;
using namespace parapet;
using namespace parapet::plane;

class TestPlaneStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { support::DatabasePlaces::addEngines(); }
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_place = m_places.fresh();
        QVERIFY(!m_place.isEmpty());
    }
    void keepsEverythingOverARestart();
    void commitsInGroups();
    void seesEarlierUnitsOfItsBatch();
    void forgetsWhatWasReset();
    void undoesOnlyTheUnitThatFails();
    void versionsGrowOnlyWithChanges();
    void tellsChangesAfterTheCommit();
    void refusesALogThatDoesNotVerify();
    void refusesAnotherPlanesDatabase();
    void folderRemembersItsStore();
    void hidesPasswordsInUris_data();
    void hidesPasswordsInUris();
    void folderKeepsItsIdentity();
    void folderIsForOnePlane();
    void refusesExposedFolders_data();
    void refusesExposedFolders();

private:
    std::unique_ptr<Store> open(std::function<void(std::vector<StoredChange>)> told = {})
    {
        Store::Options options;
        options.path = m_place;
        options.origin = u"test"_s;
        options.onCommitted = std::move(told);
        auto store = Store::open(std::move(options));
        return store ? std::move(*store) : nullptr;
    }
    static Principal principal(const QString &id)
    {
        Principal row;
        row.id = PrincipalId(id);
        row.name = Untrusted(id);
        return row;
    }
    static AuditEvent event(const QString &action)
    {
        AuditEvent event;
        event.action = action;
        event.origin = u"control"_s;
        return event;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    support::DatabasePlaces m_places;
    QString m_place;
};

void TestPlaneStore::keepsEverythingOverARestart()
{
    LogHead head;
    {
        const auto store = open();
        QVERIFY(store);
        QVERIFY(store->perform([](Unit &unit) {
            unit.put(principal(u"ada"_s));
            Workspace workspace;
            workspace.id = WorkspaceId(u"ws-1"_s);
            workspace.owner = PrincipalId(u"ada"_s);
            unit.put(workspace);
            Session session;
            session.id = SessionId(u"sess-1"_s);
            session.workspace = workspace.id;
            session.actor = PrincipalId(u"ada"_s);
            unit.put(session);
            unit.addToken("digest", u"sess-1"_s, "sealed");
            Intent intent;
            intent.workspace = workspace.id;
            intent.held = true;
            intent.leases = {u"a@b"_s, u"c@d"_s};
            unit.put(intent);
            unit.put(TargetRow{u"t"_s, LeaseKind::CloudRole, u"t.svc"_s, 443, true, 4711});
            unit.record(event(u"test.made"_s));
        }));
        head = store->log().head();
        QCOMPARE(head.size, 1);
    }
    const auto store = open();
    QVERIFY(store);
    const State &state = store->state();
    QCOMPARE(state.workspaces.find(u"ws-1"_s)->value().owner.value, u"ada"_s);
    QCOMPARE(state.sessionsOf.value(u"ws-1"_s).size(), 1);
    QCOMPARE(state.sessionsBy.value(u"ada"_s).size(), 1);
    QCOMPARE(state.tokens.value("digest"), u"sess-1"_s);
    QCOMPARE(state.tokenOf.value(u"sess-1"_s), QByteArray("digest"));
    QVERIFY(state.intents.value(u"ws-1"_s).held);
    QCOMPARE(state.intents.value(u"ws-1"_s).leases.size(), 2);
    QCOMPARE(state.targets.value(u"t"_s).port, quint16(4711));
    QCOMPARE(store->log().head().rootHash, head.rootHash);
    QVERIFY(store->perform([](Unit &unit) { unit.dropTokenOf(u"sess-1"_s); }));
    QVERIFY(state.tokens.isEmpty() && state.tokenOf.isEmpty());
}

void TestPlaneStore::commitsInGroups()
{
    const auto store = open();
    std::promise<void> go;
    std::shared_future<void> gone = go.get_future().share();
    std::atomic<int> done = 0;
    store->submit([gone](Unit &) { gone.wait(); }); // everything else gathers behind this one
    for (int i = 0; i < 300; ++i)
        store->submit([](Unit &unit) { unit.record(event(u"test.event"_s)); }, [&](const Status &status) { done += status ? 1 : 0; });
    go.set_value();
    QVERIFY(store->perform([](Unit &) {}));
    QCOMPARE(done.load(), 300);
    QCOMPARE(store->log().head().size, 300);
    QVERIFY2(store->commits() <= 4, qPrintable(QString::number(store->commits())));
}

void TestPlaneStore::seesEarlierUnitsOfItsBatch()
{
    const auto store = open();
    std::promise<void> go;
    std::shared_future<void> gone = go.get_future().share();
    QVector<qint64> versions;
    store->submit([gone](Unit &) { gone.wait(); });
    for (int i = 0; i < 5; ++i) {
        store->submit([&versions](Unit &unit) {
            Principal row = unit.find<Principal>(u"ada"_s).value_or(principal(u"ada"_s));
            unit.put(row);
            versions.append(unit.find<Principal>(u"ada"_s)->version);
        });
    }
    go.set_value();
    QVERIFY(store->perform([](Unit &) {}));
    QCOMPARE(versions, (QVector<qint64>{1, 2, 3, 4, 5}));
}

void TestPlaneStore::forgetsWhatWasReset()
{
    const auto store = open();
    bool ran = false;
    QVERIFY(store->perform([&](Unit &unit) {
        unit.put(principal(u"ada"_s));
        unit.record(event(u"test.never"_s));
        unit.afterCommit([&] { ran = true; });
        unit.reset();
        unit.record(event(u"test.refused"_s));
    }));
    QVERIFY(!ran);
    QVERIFY(!store->state().principals.find(u"ada"_s));
    QCOMPARE(store->log().head().size, 1);
}

void TestPlaneStore::undoesOnlyTheUnitThatFails()
{
    const auto store = open();
    std::promise<void> go;
    std::shared_future<void> gone = go.get_future().share();
    QVector<bool> results;
    const auto note = [&](const Status &status) { results.append(bool(status)); };
    store->submit([gone](Unit &) { gone.wait(); });
    store->submit([](Unit &unit) { unit.put(principal(u"one"_s)); unit.record(event(u"one"_s)); }, note);
    store->submit([](Unit &unit) {
        unit.put(principal(u"two"_s));
        unit.record(event(u"two"_s));
        unit.sql([](storage::Database &database) { return database.execute("INSERT INTO tokens VALUES(NULL,NULL,NULL,NULL)"); });
    }, note);
    store->submit([](Unit &unit) { unit.put(principal(u"three"_s)); unit.record(event(u"three"_s)); }, note);
    go.set_value();
    QVERIFY(store->perform([](Unit &) {}));
    QCOMPARE(results, (QVector<bool>{true, false, true}));
    QVERIFY(store->state().principals.find(u"one"_s));
    QVERIFY(!store->state().principals.find(u"two"_s));
    QVERIFY(store->state().principals.find(u"three"_s));
    QCOMPARE(store->log().head().size, 2); // and the log is whole
}

void TestPlaneStore::versionsGrowOnlyWithChanges()
{
    const auto store = open();
    const auto version = [&](Tell tell) {
        qint64 after = 0;
        (void)store->perform([&](Unit &unit) {
            unit.put(unit.find<Principal>(u"ada"_s).value_or(principal(u"ada"_s)), tell);
            after = unit.find<Principal>(u"ada"_s)->version;
        });
        return after;
    };
    QCOMPARE(version(Tell::Nobody), 1); // a row always has one
    QCOMPARE(version(Tell::Heartbeat), 1);
    QCOMPARE(version(Tell::Everyone), 2);
    QCOMPARE(version(Tell::Heartbeat), 2);
}

void TestPlaneStore::tellsChangesAfterTheCommit()
{
    QStringList told;
    const auto store = open([&](std::vector<StoredChange> changes) {
        for (const StoredChange &change : changes)
            told << QLatin1String(change.kind) + u':' + change.id;
    });
    QVERIFY(store->perform([&](Unit &unit) {
        unit.put(principal(u"ada"_s));
        unit.put(principal(u"quiet"_s), Tell::Nobody);
        unit.record(event(u"test.loud"_s));
        unit.record(event(u"test.read"_s), Tell::Nobody);
        QVERIFY(told.isEmpty());
    }));
    QCOMPARE(told.join(u' '), u"principal:ada event:0"_s);
}

void TestPlaneStore::refusesALogThatDoesNotVerify()
{
    {
        const auto store = open();
        QVERIFY(store->perform([](Unit &unit) { unit.record(event(u"test.event"_s)); }));
    }
    {
        auto database = storage::Database::open(m_place);
        QVERIFY((*database)->execute(support::DatabasePlaces::spelled(R"(UPDATE events SET "leaf"=CAST('{}' AS BLOB))").constData()));
    }
    QVERIFY(!open());
}

void TestPlaneStore::refusesAnotherPlanesDatabase()
{
    QVERIFY(open());
    Store::Options options;
    options.path = m_place;
    options.origin = u"other"_s;
    const auto store = Store::open(std::move(options));
    QVERIFY(!store);
    QVERIFY2(store.error().message.contains(u"another plane's log"_s), qPrintable(store.error().message));
    QVERIFY(open());
}

void TestPlaneStore::folderRemembersItsStore()
{
    const auto folder = DataFolder::open(m_folder->filePath(u"data"_s), u"ada"_s, u"Ada"_s, Clock::system());
    QVERIFY(folder);
    const QString uri = u"postgresql://parapet:geheim@db.example/parapet"_s;
    QCOMPARE(storePlace(**folder, {}).value(), (*folder)->path("plane.sqlite"));
    QCOMPARE(storePlace(**folder, u"mysql://x"_s).error().code, ExitUsage);
    QCOMPARE(storePlace(**folder, uri).value(), uri);
    QCOMPARE(storePlace(**folder, {}).value(), uri);
    const auto other = storePlace(**folder, u"postgresql://elsewhere/parapet"_s);
    QCOMPARE(other.error().code, ExitUsage);
    QVERIFY(!other.error().message.contains(u"geheim"_s));
    struct stat status {};
    QCOMPARE(::stat(QFile::encodeName((*folder)->path("store")).constData(), &status), 0);
    QVERIFY((status.st_mode & 077) == 0);

    QVERIFY(QFile::remove((*folder)->path("store")));
    QFile used((*folder)->path("plane.sqlite"));
    QVERIFY(used.open(QIODevice::WriteOnly));
    QCOMPARE(storePlace(**folder, uri).error().code, ExitUsage); // what is in the file would be left behind
}

void TestPlaneStore::hidesPasswordsInUris_data()
{
    QTest::addColumn<QString>("uri");
    QTest::addColumn<QString>("shown");
    QTest::newRow("none") << u"postgresql://db/parapet"_s << u"postgresql://db/parapet"_s;
    QTest::newRow("port") << u"postgresql://db:5432/parapet"_s << u"postgresql://db:5432/parapet"_s;
    QTest::newRow("user info") << u"postgresql://me:pa:ss@db/parapet"_s << u"postgresql://me:…@db/parapet"_s;
    QTest::newRow("parameter") << u"postgresql:///p?host=/x&password=pass&user=me"_s << u"postgresql:///p?host=/x&password=…&user=me"_s;
}

void TestPlaneStore::hidesPasswordsInUris()
{
    QFETCH(QString, uri);
    QTEST(withoutPassword(uri), "shown");
}

void TestPlaneStore::folderKeepsItsIdentity()
{
    const QString path = m_folder->filePath(u"data"_s);
    QString authority, log, id;
    {
        const auto folder = DataFolder::open(path, u"ada"_s, u"Ada"_s, Clock::system());
        QVERIFY(folder);
        QVERIFY((*folder)->isNew());
        authority = (*folder)->authority().certificate().fingerprint();
        log = (*folder)->logVerifier();
        id = (*folder)->planeId();
        for (const char *name : {"operator.pem", "prober.pem", "ca-key.pem", "log-key.pem", "secrets.key", "server.pem"}) {
            struct stat status {};
            QCOMPARE(::stat(QFile::encodeName((*folder)->path(name)).constData(), &status), 0);
            QVERIFY2((status.st_mode & 077) == 0, name);
        }
        const auto operatorIdentity = crypto::Identity::load((*folder)->path("operator.pem"));
        QVERIFY(operatorIdentity);
        QCOMPARE(operatorIdentity->certificate.principal(), u"ada"_s);
        QVERIFY(operatorIdentity->certificate.isIssuedBy((*folder)->authority().certificate()));
    }
    const auto again = DataFolder::open(path, u"other"_s, u"Other"_s, Clock::system());
    QVERIFY(again);
    QVERIFY(!(*again)->isNew());
    QCOMPARE((*again)->authority().certificate().fingerprint(), authority);
    QCOMPARE((*again)->logVerifier(), log);
    QCOMPARE((*again)->planeId(), id);
}

void TestPlaneStore::folderIsForOnePlane()
{
    const QString path = m_folder->filePath(u"data"_s);
    auto first = DataFolder::open(path, u"ada"_s, u"Ada"_s, Clock::system());
    QVERIFY(first);
    const auto second = DataFolder::open(path, u"ada"_s, u"Ada"_s, Clock::system());
    QVERIFY(!second);
    QCOMPARE(second.error().code, ExitHeld);
    QVERIFY(second.error().message.contains(QString::number(QCoreApplication::applicationPid())));
    first->reset();
    QVERIFY(DataFolder::open(path, u"ada"_s, u"Ada"_s, Clock::system()));
}

void TestPlaneStore::refusesExposedFolders_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("mode");
    QTest::newRow("the folder to its group") << QString() << 0750;
    QTest::newRow("the folder to all") << QString() << 0701;
    QTest::newRow("the authority's key") << u"ca-key.pem"_s << 0644;
    QTest::newRow("the sealing key") << u"secrets.key"_s << 0640;
    QTest::newRow("the server's key") << u"server.pem"_s << 0604;
}

void TestPlaneStore::refusesExposedFolders()
{
    QFETCH(QString, name);
    QFETCH(int, mode);
    const QString path = m_folder->filePath(u"data"_s);
    QVERIFY(DataFolder::open(path, u"ada"_s, u"Ada"_s, Clock::system()));
    QCOMPARE(::chmod(QFile::encodeName(path + u'/' + name).constData(), mode_t(mode)), 0);
    const auto opened = DataFolder::open(path, u"ada"_s, u"Ada"_s, Clock::system());
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, ExitExposed);
    QVERIFY(!opened.error().message.isEmpty());
}

QTEST_GUILESS_MAIN(TestPlaneStore)
#include "tst_planestore.moc"
