// SPDX-License-Identifier: GPL-3.0-or-later
// Terminals of a real plane's workspaces: recorded while they work, ended when the plane is killed, kept when they are revoked.
#include "models/crypto/digest.h"
#include "tests/plane/api/planeclient.h"
#include "tests/support/planeprocess.h"
#include "tests/support/waiting.h"

#include <QtTest/QTest>

using namespace parapet;
using namespace Qt::StringLiterals;
using planetest::PlaneClient;

class TestRecordings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aNewWorldHasRecordings();
    void revokingKeepsWhatWasRecorded();
    void aKilledPlaneEndsItsRecordings();

private:
    PlaneClient client(const char *interface) const
    {
        const QJsonObject &said = m_plane.announcement();
        return {said.value(QLatin1String(interface)).toString(), said.value("ca"_L1).toString(), said.value("identity"_L1).toString()};
    }
    QVector<QJsonObject> recordings(const QByteArray &filter) const
    {
        QVector<QJsonObject> found;
        for (const auto &item : client("audit").get("/v1/recordings?limit=200&filter=" + filter).items())
            found.append(item.toObject());
        return found;
    }
    /// The file is what row and log say of it.
    bool isProven(const QJsonObject &row) const
    {
        PlaneClient audit = client("audit");
        const QByteArray id = row["id"_L1].toString().toLatin1();
        const QByteArray file = audit.get("/v1/recordings/" + id + "/file").body;
        const QJsonObject event = audit.get("/v1/events/" + QByteArray::number(row["event"_L1].toInteger())).json();
        const QJsonObject detail = parseJson(event["detail"_L1].toString().toUtf8()).value_or(QJsonValue()).toObject();
        const QString digest = crypto::sha256Hex(file);
        return file.startsWith("{\"version\": 2") && row["sha256"_L1].toString() == digest && detail["sha256"_L1].toString() == digest
            && event["action"_L1].toString() == "recording.end"_L1 && event["target"_L1] == row["id"_L1];
    }

    support::PlaneProcess m_plane;
};

void TestRecordings::initTestCase()
{
    m_plane.setArguments({u"--seed"_s, u"7"_s, u"--activity"_s, u"none"_s});
    const Status started = m_plane.start();
    QVERIFY2(started, support::why(started));
}

void TestRecordings::aNewWorldHasRecordings()
{
    QVERIFY(support::waitUntil([this] { return !recordings("state:ended").isEmpty(); }, 60'000));
    const QJsonObject row = recordings("state:ended")[0];
    QVERIFY(isProven(row));
    QVERIFY(row["remark"_L1].toString().isEmpty());
    QVERIFY(!row["session"_L1].toString().isEmpty());
}

void TestRecordings::revokingKeepsWhatWasRecorded()
{
    QVERIFY(support::waitUntil([this] { return !recordings("state:running").isEmpty(); }, 60'000));
    const QByteArray workspace = recordings("state:running")[0]["workspace"_L1].toString().toLatin1();
    const planetest::HttpReply killed = client("agent").post("/v1/workspaces/" + workspace + "/terminate");
    QVERIFY2(killed.status / 100 == 2, killed.body.constData());
    QVERIFY(support::waitUntil([&] { return recordings("state:running+workspace:" + workspace).isEmpty(); }, 60'000));
    const QVector<QJsonObject> kept = recordings("workspace:" + workspace);
    QVERIFY(!kept.isEmpty());
    for (const QJsonObject &row : kept)
        QVERIFY(isProven(row));
}

void TestRecordings::aKilledPlaneEndsItsRecordings()
{
    QVERIFY(support::waitUntil([this] { return !recordings("state:running").isEmpty(); }, 60'000));
    const QByteArray id = recordings("state:running")[0]["id"_L1].toString().toLatin1();
    QVERIFY(support::waitUntil([&] { return QFileInfo(m_plane.dataFolder() + u"/recordings/"_s + QString::fromLatin1(id) + u".cast"_s).size() > 0; }, 20'000));
    m_plane.kill();
    const Status started = m_plane.start();
    QVERIFY2(started, support::why(started));
    const QJsonObject row = client("audit").get("/v1/recordings/" + id).json();
    QCOMPARE(row["state"_L1].toString(), u"ended"_s);
    // It may have ended by itself between the look and the kill.
    QVERIFY(row["remark"_L1].toString().isEmpty() || row["remark"_L1].toString() == "cut off when the plane stopped"_L1);
    QVERIFY(isProven(row));
}

QTEST_GUILESS_MAIN(TestRecordings)
#include "tst_recordings.moc"
