// SPDX-License-Identifier: GPL-3.0-or-later
// Every operation of the plane against resources/api/openapi.yaml, by an existing validator (python3-jsonschema).
#include "models/domain/lease.h"
#include "models/domain/process.h"
#include "models/domain/self.h"
#include "models/domain/session.h"
#include "models/domain/recording.h"
#include "models/domain/snapshot.h"
#include "models/transparency/checkpoint.h"
#include "tests/plane/api/planefixture.h"

#include <QtCore/QProcess>
#include <QtCore/QRegularExpression>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace parapet;
using namespace parapet::planetest;
using plane::Interface;

class TestContract : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void operationsAreThose();
    void schemasAreTheFieldTables_data();
    void schemasAreTheFieldTables();
    void answersHold();

private:
    template<class T> static QStringList namesOf()
    {
        QStringList names;
        for (const Field<T> &field : fieldsOf<T>())
            names << QLatin1String(field.name);
        return names;
    }
    void record(const QByteArray &method, const QByteArray &target, const HttpReply &reply, const QByteArray &media = {});
    void get(Interface interface, const QByteArray &target) { record("GET", target, m_fixture->client(interface).get(target)); }
    void recordLog();
    void addRecordings();
    void post(Interface interface, const QByteArray &target, const QJsonObject &body = {}) { record("POST", target, m_fixture->client(interface).post(target, body)); }

    QString m_contract = QStringLiteral(PARAPET_SOURCE_DIR "/resources/api/openapi.yaml");
    QString m_text;
    std::unique_ptr<PlaneFixture> m_fixture;
    QByteArray m_records;
};

void TestContract::initTestCase()
{
    QFile file(m_contract);
    QVERIFY(file.open(QIODevice::ReadOnly));
    m_text = QString::fromUtf8(file.readAll());
    m_fixture = std::make_unique<PlaneFixture>();
    QVERIFY2(m_fixture->start(), qPrintable(m_fixture->failure));
}

void TestContract::operationsAreThose()
{
    QStringList written;
    QString path;
    static const QRegularExpression pathLine(u"^  (/\\S*):$"_s), methodLine(u"^    (get|post):$"_s), tagLine(u"^      tags: \\[(.+)\\]$"_s),
        rightLine(u"^      x-right: \"(.*)\"$"_s);
    for (const QString &line : m_text.split(u'\n')) {
        if (const auto match = pathLine.match(line); match.hasMatch())
            path = match.captured(1);
        else if (const auto match = methodLine.match(line); match.hasMatch())
            written << match.captured(1).toUpper() + u' ' + path;
        else if (const auto match = tagLine.match(line); match.hasMatch()) {
            // One that every interface serves is written once.
            const QString operation = written.takeLast();
            for (const QString &tag : match.captured(1).split(u", "_s))
                written << operation + u' ' + tag;
        }
        else if (const auto match = rightLine.match(line); match.hasMatch())
            written.last() += u' ' + match.captured(1);
    }
    QStringList served;
    const char *const names[] = {"control", "audit", "agent"};
    for (const plane::Endpoint &endpoint : m_fixture->plane->api().routes()) {
        served << QString::fromLatin1(endpoint.method) + u' ' + endpoint.pattern + u' ' + QLatin1String(names[int(endpoint.interface)])
                + (endpoint.right.isEmpty() ? QString() : u' ' + endpoint.right);
    }
    written.sort();
    served.sort();
    QCOMPARE(written, served);
}

void TestContract::schemasAreTheFieldTables_data()
{
    QTest::addColumn<QString>("schema");
    QTest::addColumn<QStringList>("members");
    QTest::newRow("Workspace") << u"Workspace"_s << namesOf<Workspace>();
    QTest::newRow("Principal") << u"Principal"_s << namesOf<Principal>();
    QTest::newRow("Self") << u"Self"_s << (namesOf<Principal>() << u"acceptedUntil"_s << u"rights"_s);
    QTest::newRow("Grant") << u"Grant"_s << namesOf<Grant>();
    QTest::newRow("Session") << u"Session"_s << namesOf<Session>();
    QTest::newRow("Lease") << u"Lease"_s << namesOf<Lease>();
    QTest::newRow("Snapshot") << u"Snapshot"_s << namesOf<Snapshot>();
    QTest::newRow("Recording") << u"Recording"_s << namesOf<Recording>();
    QTest::newRow("AuditEvent") << u"AuditEvent"_s << namesOf<AuditEvent>();
    QTest::newRow("Process") << u"Process"_s << namesOf<Process>();
    QTest::newRow("Flow") << u"Flow"_s << namesOf<Flow>();
}

void TestContract::schemasAreTheFieldTables()
{
    QFETCH(QString, schema);
    QFETCH(QStringList, members);
    const qsizetype from = m_text.indexOf(u"\n    %1:\n"_s.arg(schema));
    QVERIFY(from > 0);
    QStringList written;
    static const QRegularExpression member(u"^        (\\w+): \\{"_s), next(u"^    \\w"_s);
    const QStringList lines = m_text.mid(from + 1).split(u'\n').mid(1);
    for (const QString &line : lines) {
        if (next.match(line).hasMatch())
            break;
        if (const auto match = member.match(line); match.hasMatch())
            written << match.captured(1);
    }
    QCOMPARE(written, members);
}

void TestContract::record(const QByteArray &method, const QByteArray &target, const HttpReply &reply, const QByteArray &media)
{
    const QJsonObject line{{u"method"_s, QString::fromLatin1(method)}, {u"path"_s, QString::fromLatin1(target.split('?').first())},
                           {u"status"_s, reply.status}, {u"contentType"_s, QString::fromLatin1(media.isEmpty() ? reply.header("Content-Type") : media)},
                           {u"body"_s, QString::fromUtf8(reply.body)}};
    m_records += canonicalJson(line) + '\n';
}

// The published log, and a witness that says it has seen it.
void TestContract::recordLog()
{
    using namespace transparency;
    const auto witness = crypto::NoteSigner::make(u"witness.example/w1"_s, crypto::PrivateKey::generate(crypto::KeyKind::Ed25519),
                                                  crypto::NoteAlgorithm::Cosignature);
    QFile keys(m_fixture->options.dataFolder + u"/witnesses"_s);
    QVERIFY(keys.open(QIODevice::WriteOnly));
    keys.write(witness->verifier().text().toUtf8() + '\n');
    keys.close();
    const HttpReply checkpoint = m_fixture->client(Interface::Audit).get("/checkpoint");
    record("GET", "/checkpoint", checkpoint);
    const auto opened = openCheckpoint(checkpoint.body, *crypto::NoteVerifier::parse(m_fixture->plane->announcement().logKey));
    QVERIFY(opened);
    const QByteArray size = QByteArray::number(opened->head().size), edge = QByteArray::number(opened->head().size % 256);
    QVERIFY(opened->head().size < 256 && opened->head().size > 0);
    const QString line = QString::fromUtf8(cosign(*witness, opened->checkpoint.text(), Clock::system().now()).line().chopped(1));
    post(Interface::Audit, "/v1/cosignatures", {{u"size"_s, opened->head().size}, {u"line"_s, line}});
    post(Interface::Audit, "/v1/cosignatures", {{u"size"_s, 1}, {u"line"_s, line}});
    post(Interface::Audit, "/v1/cosignatures", {{u"size"_s, 1}, {u"line"_s, u"nonsense"_s}});
    get(Interface::Audit, "/v1/cosignatures");
    get(Interface::Audit, "/v1/checkpoints/" + size);
    get(Interface::Audit, "/v1/checkpoints/99999999");
    for (const QByteArray &target : {"/tile/0/000.p/" + edge, "/tile/entries/000.p/" + edge}) {
        HttpReply reply = m_fixture->client(Interface::Audit).get(target);
        reply.body = reply.body.toBase64();
        record("GET", target, reply);
    }
    get(Interface::Audit, "/tile/0/001");
    get(Interface::Audit, "/tile/spoons");
    get(Interface::Audit, "/tile/entries/001");
}

/// One that has ended, with its file, and one that runs.
void TestContract::addRecordings()
{
    QFile file(m_fixture->options.dataFolder + u"/recordings/rec-1.cast"_s);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("{\"version\": 2, \"width\": 100, \"height\": 30}\n[0.5, \"o\", \"x\"]\n");
    QVERIFY(m_fixture->plane->store().perform([&](plane::Unit &unit) {
        Recording recording;
        recording.id = u"rec-1"_s;
        recording.workspace = WorkspaceId(u"sim-000001"_s);
        recording.actor = PrincipalId(u"noor.haddad"_s);
        recording.state = RecordingState::Ended;
        recording.started = unit.now();
        recording.bytes = file.size();
        recording.event = 1;
        unit.put(recording);
        recording.id = u"rec-2"_s;
        recording.state = RecordingState::Running;
        unit.put(recording);
    }));
}

void TestContract::answersHold()
{
    QProcess probe;
    probe.start(u"/usr/bin/python3"_s, {u"-c"_s, u"import jsonschema, yaml"_s});
    QVERIFY(probe.waitForFinished());
    QVERIFY2(probe.exitCode() == 0, "python3-jsonschema and python3-yaml are needed: packaging/setup installs them");

    const QByteArray ws = "/v1/workspaces/sim-000001";
    for (const char *target : {"/v1/self", "/v1/workspaces", "/v1/workspaces?limit=3&sort=name&order=desc&filter=state:running", "/v1/workspaces/counts?by=state",
                               "/v1/workspaces/sim-000001", "/v1/workspaces/ws-payments-api-7f3", "/v1/workspaces/sim-000001/sessions",
                               "/v1/workspaces/sim-000001/principals", "/v1/workspaces/sim-000001/leases", "/v1/workspaces/sim-000001/held-secrets",
                               "/v1/token", "/v1/workspaces/none", "/v1/nothing", "/v1/workspaces?limit=0", "/v1/workspaces/counts?by=created"})
        get(Interface::Control, target);
    PlaneClient control = m_fixture->client();
    const QJsonArray held = control.get(ws + "/held-secrets").items();
    const QByteArray token = QByteArray::fromBase64(held.first().toObject().value("secret"_L1).toString().toLatin1());
    record("GET", "/v1/token", control.get("/v1/token", {{"Authorization", "Bearer " + token}}));
    const QByteArray session = "/v1/sessions/" + held.first().toObject().value("subject"_L1).toString().toUtf8();
    const QByteArray lease = "/v1/leases/" + held.last().toObject().value("subject"_L1).toString().toUtf8();
    get(Interface::Control, session);
    get(Interface::Control, lease);
    post(Interface::Control, session + "/end", {{u"reason"_s, u"x"_s}});
    post(Interface::Control, lease + "/revoke", {{u"reason"_s, u"x"_s}});
    get(Interface::Control, session);
    post(Interface::Control, "/v1/principals/tomasz.wilk/suspend", {{u"suspended"_s, true}});
    post(Interface::Control, "/v1/principals/tomasz.wilk/suspend", {{u"suspended"_s, u"yes"_s}});

    post(Interface::Control, "/v1/batch", {{u"items"_s, QJsonArray{QJsonObject{{u"method"_s, u"GET"_s}, {u"path"_s, u"/v1/self"_s}},
                                                                  QJsonObject{{u"method"_s, u"GET"_s}, {u"path"_s, u"/v1/nothing"_s}},
                                                                  QJsonObject{{u"method"_s, u"GET"_s}, {u"path"_s, u"/v1/token"_s}}}}});
    post(Interface::Audit, "/v1/batch", {{u"items"_s, 1}});

    get(Interface::Agent, "/v1/capabilities");
    for (const char *what : {"/state", "/processes", "/flows"})
        get(Interface::Agent, ws + what);
    get(Interface::Agent, "/v1/workspaces/ws-payments-api-7f3/state");
    for (const char *verb : {"/freeze", "/thaw", "/isolate", "/rejoin", "/pause-agent", "/resume-agent"})
        post(Interface::Agent, ws + verb, {{u"reason"_s, u"x"_s}});
    const HttpReply snapshot = m_fixture->client(Interface::Agent).post(ws + "/snapshots");
    record("POST", ws + "/snapshots", snapshot);
    const QByteArray taken = "/v1/snapshots/" + snapshot.text("id").toUtf8();
    for (const char *part : {"", "/manifest", "/archive"}) {
        HttpReply reply = m_fixture->client(Interface::Agent).get(taken + part);
        if (QByteArray(part) == "/archive")
            reply.body = reply.body.toBase64();
        record("GET", taken + part, reply);
    }
    post(Interface::Agent, ws + "/terminate");
    post(Interface::Agent, ws + "/freeze");
    post(Interface::Control, ws + "/revoke");
    post(Interface::Control, "/v1/workspaces/sim-000002/stop", {{u"reason"_s, u"x"_s}});

    addRecordings();
    for (const char *target : {"/v1/events", "/v1/events?filter=outcome:failure&sort=time", "/v1/events/0", "/v1/events/99999999", "/v1/head", "/v1/shipping",
                               "/v1/recordings", "/v1/recordings/rec-1", "/v1/recordings/rec-1/file", "/v1/recordings/rec-2/file",
                               "/v1/recordings/none", "/v1/recordings/none/file", "/v1/recordings?sort=nothing",
                               "/v1/activity?from=2026-11-24T00:00:00Z&to=2026-11-25T00:00:00Z&sliceSeconds=900", "/v1/events?filter=nonsense:1", "/v1/events/counts?by=action", "/v1/events/counts?by=outcome&filter=actorKind:human",
                               "/v1/events/counts?by=time", "/v1/activity?from=2026-11-24T00:00:00Z&to=2026-11-25T00:00:00Z&sliceSeconds=900&filter="})
        get(Interface::Audit, target);
    post(Interface::Audit, "/v1/events", {{u"action"_s, u"revoke.begin"_s}, {u"outcome"_s, u"success"_s}});
    post(Interface::Audit, "/v1/events", {{u"unknown"_s, 1}});
    recordLog();
    HttpReply watch;
    watch.status = 200;
    watch.body = m_fixture->client().stream("/v1/changes", "pingSeconds");
    record("GET", "/v1/changes", watch, watch.body.contains("text/event-stream") ? "text/event-stream" : "none");

    const QString path = m_fixture->file(u"records.jsonl"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(m_records);
    file.close();
    QProcess validator;
    validator.setProcessChannelMode(QProcess::MergedChannels);
    validator.start(u"/usr/bin/python3"_s, {QStringLiteral(PARAPET_SOURCE_DIR "/tests/plane/api/validate.py"), m_contract, path});
    QVERIFY(validator.waitForFinished(120000));
    QVERIFY2(validator.exitCode() == 0, validator.readAll().constData());
}

QTEST_GUILESS_MAIN(TestContract)
#include "tst_contract.moc"
