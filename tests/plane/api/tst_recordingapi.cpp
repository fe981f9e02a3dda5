// SPDX-License-Identifier: GPL-3.0-or-later
// Terminal recordings over the interface: who sees which, in which order, and their files.
#include "models/crypto/digest.h"
#include "models/domain/recording.h"
#include "tests/plane/api/planefixture.h"

#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace parapet;
using namespace parapet::planetest;
using plane::Interface;

class TestRecordingApi : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void pagesAreNewestFirstAndWholeByCursor_data();
    void pagesAreNewestFirstAndWholeByCursor();
    void badListsSayWhy_data();
    void badListsSayWhy();
    void theFileIsTheFile();
    void whatRunsHasNoFileYet();
    void aFileThatIsGoneIsSaid();
    void watchingIsAnEvent();
    void scopesHideWhatIsNotTheirs();
    void rowsComeBackAfterARestart();

private:
    HttpReply get(const QByteArray &target, const QString &identity = {}) { return m_fixture->client(Interface::Audit, identity).get(target); }
    QStringList idsOf(const HttpReply &reply) const
    {
        QStringList ids;
        for (const auto &item : reply.items())
            ids << item.toObject().value("id"_L1).toString();
        return ids;
    }

    std::unique_ptr<PlaneFixture> m_fixture;
    const QByteArray m_cast = "{\"version\":2,\"width\":100,\"height\":30}\n[0.5,\"o\",\"hello\\r\\n\"]\n";
};

void TestRecordingApi::initTestCase()
{
    m_fixture = std::make_unique<PlaneFixture>();
    QVERIFY2(m_fixture->start(), qPrintable(m_fixture->failure));
    const QString folder = m_fixture->options.dataFolder + u"/recordings"_s;
    QVERIFY(QDir(folder).exists());
    const Status stored = m_fixture->plane->store().perform([this](plane::Unit &unit) {
        for (int i = 0; i < 7; ++i) {
            Recording recording;
            recording.id = u"rec-%1"_s.arg(i);
            recording.workspace = WorkspaceId(i % 2 ? u"sim-000001"_s : u"sim-000002"_s);
            recording.actor = PrincipalId(u"noor.haddad"_s);
            recording.actorName = Untrusted(i == 3 ? u"Noor \u202Eddad"_s : u"Noor Haddad"_s);
            recording.started = Instant(Milliseconds(1'760'000'000'000 + i / 2 * 1000)); // some at the same moment
            recording.columns = 100;
            recording.rows = 30;
            if (i != 6) {
                recording.state = RecordingState::Ended;
                recording.bytes = m_cast.size();
                recording.sha256 = QString::fromLatin1(crypto::sha256(m_cast).toHex());
                recording.event = 10 + i;
            }
            unit.put(recording);
        }
    });
    QVERIFY2(stored, qPrintable(stored ? QString() : stored.error().message));
    QFile file(folder + u"/rec-1.cast"_s);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(m_cast);
}

void TestRecordingApi::pagesAreNewestFirstAndWholeByCursor_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QStringList>("ids");
    QTest::newRow("newest first") << QByteArray("limit=2") << QStringList{u"rec-6"_s, u"rec-5"_s, u"rec-4"_s, u"rec-3"_s, u"rec-2"_s, u"rec-1"_s, u"rec-0"_s};
    QTest::newRow("oldest first") << QByteArray("limit=3&sort=started&order=asc") << QStringList{u"rec-0"_s, u"rec-1"_s, u"rec-2"_s, u"rec-3"_s, u"rec-4"_s, u"rec-5"_s, u"rec-6"_s};
    QTest::newRow("by identifier") << QByteArray("limit=4&sort=id&order=desc") << QStringList{u"rec-6"_s, u"rec-5"_s, u"rec-4"_s, u"rec-3"_s, u"rec-2"_s, u"rec-1"_s, u"rec-0"_s};
    QTest::newRow("a workspace's") << QByteArray("limit=1&filter=workspace:sim-000001") << QStringList{u"rec-5"_s, u"rec-3"_s, u"rec-1"_s};
    QTest::newRow("those that run") << QByteArray("limit=1&filter=state:running") << QStringList{u"rec-6"_s};
}

void TestRecordingApi::pagesAreNewestFirstAndWholeByCursor()
{
    QFETCH(QByteArray, query);
    QFETCH(QStringList, ids);
    QStringList seen;
    QByteArray after;
    for (int pages = 0; pages < 10; ++pages) {
        const HttpReply reply = get("/v1/recordings?" + query + (after.isEmpty() ? QByteArray() : "&after=" + after));
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.json().value("total"_L1).toInteger(), ids.size());
        seen += idsOf(reply);
        after = reply.text("next").toLatin1();
        if (after.isEmpty())
            break;
    }
    QCOMPARE(seen, ids);
    const HttpReply jumped = get("/v1/recordings?" + query + "&at=" + QByteArray::number(ids.size() - 1));
    QCOMPARE(idsOf(jumped), QStringList{ids.last()});
}

void TestRecordingApi::badListsSayWhy_data()
{
    QTest::addColumn<QByteArray>("query");
    for (const char *query : {"sort=colour", "filter=nonsense:1", "after=AAAA", "limit=501", "spoon=1"})
        QTest::newRow(query) << QByteArray(query);
}

void TestRecordingApi::badListsSayWhy()
{
    QFETCH(QByteArray, query);
    const HttpReply reply = get("/v1/recordings?" + query);
    QCOMPARE(reply.status, 400);
    QVERIFY(!reply.text("detail").isEmpty());
}

void TestRecordingApi::theFileIsTheFile()
{
    const HttpReply row = get("/v1/recordings/rec-1");
    QCOMPARE(row.status, 200);
    const HttpReply file = get("/v1/recordings/rec-1/file");
    QCOMPARE(file.status, 200);
    QCOMPARE(file.header("Content-Type"), QByteArray("application/x-asciicast"));
    QCOMPARE(file.body, m_cast);
    QCOMPARE(QString::fromLatin1(crypto::sha256(file.body).toHex()), row.text("sha256"));
}

void TestRecordingApi::whatRunsHasNoFileYet()
{
    const HttpReply reply = get("/v1/recordings/rec-6/file");
    QCOMPARE(reply.status, 409);
    QVERIFY(reply.text("detail").contains("still runs"_L1));
}

void TestRecordingApi::aFileThatIsGoneIsSaid()
{
    QCOMPARE(get("/v1/recordings/rec-2/file").status, 404);
    QCOMPARE(get("/v1/recordings/none").status, 404);
    QCOMPARE(get("/v1/recordings/none/file").status, 404);
    QCOMPARE(get("/v1/recordings/..%2Fca-key/file").status, 404);
}

void TestRecordingApi::watchingIsAnEvent()
{
    const auto fetched = [this] { return get("/v1/events?filter=action:recording.fetch%20target:rec-1%20outcome:success").json().value("total"_L1).toInteger(); };
    const qint64 before = fetched();
    QCOMPARE(get("/v1/recordings/rec-1/file").status, 200);
    QCOMPARE(fetched(), before + 1);
}

void TestRecordingApi::scopesHideWhatIsNotTheirs()
{
    const QString none = m_fixture->identity(u"stranger"_s, u"developer"_s);
    QCOMPARE(get("/v1/recordings", none).status, 403);
    const QString one = m_fixture->identity(u"reader-of-one"_s, u"auditor"_s, u"workspace:sim-000001"_s);
    QVERIFY(!one.isEmpty());
    const HttpReply list = get("/v1/recordings", one);
    QCOMPARE(list.status, 200);
    QCOMPARE(idsOf(list), (QStringList{u"rec-5"_s, u"rec-3"_s, u"rec-1"_s}));
    QCOMPARE(list.json().value("total"_L1).toInteger(), 3);
    QCOMPARE(get("/v1/recordings/rec-1/file", one).status, 200);
    QCOMPARE(get("/v1/recordings/rec-2/file", one).status, 403);
    QCOMPARE(get("/v1/recordings/rec-2", one).status, 403);
}

void TestRecordingApi::rowsComeBackAfterARestart()
{
    const QByteArray before = get("/v1/recordings/rec-3").body;
    m_fixture->stop();
    QVERIFY2(m_fixture->start(), qPrintable(m_fixture->failure));
    QCOMPARE(get("/v1/recordings/rec-3").body, before);
    QCOMPARE(get("/v1/recordings").json().value("total"_L1).toInteger(), 7);
}

QTEST_GUILESS_MAIN(TestRecordingApi)
#include "tst_recordingapi.moc"
