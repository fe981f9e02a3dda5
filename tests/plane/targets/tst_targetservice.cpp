// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/targets/target.h"
#include "models/core/json.h"
#include "models/crypto/certificate.h"
#include "models/wire/batch.h"
#include "tests/support/waiting.h"

#include <QtCore/QJsonObject>
#include <QtNetwork/QNetworkAccessManager>
#include <QtNetwork/QNetworkReply>
#include <QtNetwork/QSslCertificate>
#include <QtNetwork/QSslConfiguration>

#include <mutex>

using namespace parapet;
using namespace parapet::plane;
using namespace Qt::StringLiterals;

namespace {

struct Answer {
    int status = 0;
    QByteArray body;
    QByteArray challenge;
    QJsonObject json() const
    {
        const auto parsed = parseJson(body);
        return parsed ? parsed->toObject() : QJsonObject();
    }
};

QByteArray basic(const QByteArray &user, const QByteArray &secret)
{
    return "Basic " + (user + ':' + secret).toBase64();
}

/// A target that went wrong: it goes on accepting what was dropped.
class StubbornTarget : public TargetService
{
public:
    using TargetService::TargetService;
    bool drop(const LeaseId &) override { return true; }
};

} // namespace

class TestTargetService : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void acceptsAndRefuses_data();
    void acceptsAndRefuses();
    void refusesOddHeaders_data();
    void refusesOddHeaders();
    void naturalPaths_data();
    void naturalPaths();
    void severalAreTriedOneByOne();
    void replacesTheCredentialOfALease();
    void mayBeStubborn();
    void tellsAndCounts();
    void startsAndStops();

private:
    Answer get(const TargetService &target, const QString &path, const QByteArray &authorization,
               const QByteArray &method = "GET", const QByteArray &body = {});
    TargetService::Tls tls() const;
    std::unique_ptr<crypto::CertificateAuthority> m_authority;
    QByteArray m_chain;
    QByteArray m_key;
    QNetworkAccessManager m_network;
};

void TestTargetService::initTestCase()
{
    m_authority =
        std::make_unique<crypto::CertificateAuthority>(crypto::CertificateAuthority::create(u"Test authority"_s));
    const crypto::Identity identity =
        m_authority->issueServer(u"target"_s, {u"127.0.0.1"_s, u"git.meridian.internal"_s}, {});
    m_chain = identity.certificate.toPem();
    m_key = identity.key.toPem();
}

TargetService::Tls TestTargetService::tls() const
{
    return {m_chain, m_key, m_authority->certificate().toPem()};
}

Answer TestTargetService::get(const TargetService &target, const QString &path, const QByteArray &authorization,
                              const QByteArray &method, const QByteArray &body)
{
    QNetworkRequest request(QUrl(target.endpoint() + path));
    QSslConfiguration configuration;
    configuration.setCaCertificates(QSslCertificate::fromData(m_authority->certificate().toPem()));
    configuration.setProtocol(QSsl::TlsV1_3OrLater);
    request.setSslConfiguration(configuration);
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    request.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    if (!authorization.isEmpty())
        request.setRawHeader("Authorization", authorization);
    const std::unique_ptr<QNetworkReply> reply(m_network.sendCustomRequest(request, method, body));
    if (!support::waitUntil([&] { return reply->isFinished(); }))
        return {};
    return {reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), reply->readAll(),
            reply->rawHeader("WWW-Authenticate")};
}

void TestTargetService::acceptsAndRefuses_data()
{
    QTest::addColumn<LeaseKind>("kind");
    QTest::addColumn<QByteArray>("good");
    QTest::addColumn<QByteArray>("bad");
    QTest::addColumn<QByteArray>("wrongScheme");
    QTest::newRow("git") << LeaseKind::GitToken << basic("ada", "s3cret") << basic("ada", "s3creT")
                         << QByteArray("Bearer s3cret");
    QTest::newRow("database") << LeaseKind::DatabasePassword << basic("ada", "s3cret") << basic("bob", "s3cret")
                              << QByteArray("Bearer s3cret");
    QTest::newRow("registry") << LeaseKind::RegistryToken << QByteArray("Bearer s3cret") << QByteArray("Bearer other")
                              << basic("ada", "s3cret");
    QTest::newRow("cloud") << LeaseKind::CloudRole << QByteArray("bearer  s3cret") << QByteArray("Bearer s3cre")
                           << basic("", "s3cret");
}

void TestTargetService::acceptsAndRefuses()
{
    QFETCH(LeaseKind, kind);
    QFETCH(QByteArray, good);
    QFETCH(QByteArray, bad);
    QFETCH(QByteArray, wrongScheme);
    TargetService target(kind, u"target-one"_s);
    QVERIFY(target.start(tls()));
    QCOMPARE(get(target, u"/v1/try"_s, good).status, 401); // nothing granted yet
    target.grant({LeaseId(u"lease-1"_s), u"ada"_s, "s3cret", u"ws-1"_s});
    QCOMPARE(target.credentials(), 1);

    const Answer accepted = get(target, u"/v1/try"_s, good);
    QCOMPARE(accepted.status, 200);
    QCOMPARE(accepted.json(),
             (QJsonObject{{u"target"_s, u"target-one"_s}, {u"accepted"_s, true}, {u"as"_s, u"ws-1"_s}}));
    for (const QByteArray &header : {bad, wrongScheme, QByteArray()}) {
        const Answer refused = get(target, u"/v1/try"_s, header);
        QCOMPARE(refused.status, 401);
        QCOMPARE(refused.json()[u"accepted"_s], QJsonValue(false));
        QCOMPARE(refused.json()[u"target"_s].toString(), u"target-one"_s);
        QVERIFY(!refused.json()[u"error"_s].toString().isEmpty());
        QVERIFY(!refused.challenge.isEmpty());
        QVERIFY(!refused.body.contains("s3cre"));
    }
    QVERIFY(target.drop(LeaseId(u"lease-1"_s)));
    QVERIFY(!target.drop(LeaseId(u"lease-1"_s)));
    QCOMPARE(get(target, u"/v1/try"_s, good).status, 401);
    QCOMPARE(target.credentials(), 0);
}

void TestTargetService::refusesOddHeaders_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::newRow("scheme only") << QByteArray("Basic");
    QTest::newRow("no base64") << QByteArray("Basic !!!!");
    QTest::newRow("no colon") << QByteArray("Basic ") + QByteArray("adas3cret").toBase64();
    QTest::newRow("empty") << QByteArray("Basic ");
    QTest::newRow("unknown scheme") << QByteArray("Digest username=\"ada\"");
    QTest::newRow("NUL in the user") << basic(QByteArray("ad\0a", 4), "s3cret");
    QTest::newRow("split elsewhere") << basic(QByteArray("ada\0s3", 6), "cret");
}

void TestTargetService::refusesOddHeaders()
{
    QFETCH(QByteArray, header);
    TargetService target(LeaseKind::GitToken, u"git"_s);
    QVERIFY(target.start(tls()));
    target.grant({LeaseId(u"lease-1"_s), u"ada"_s, "s3cret", u"ws-1"_s});
    QCOMPARE(get(target, u"/v1/try"_s, header).status, 401);
    QCOMPARE(target.acceptedLogins(), 0);
}

void TestTargetService::naturalPaths_data()
{
    QTest::addColumn<LeaseKind>("kind");
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QString>("path");
    QTest::addColumn<int>("status");
    QTest::newRow("git refs") << LeaseKind::GitToken << QByteArray("GET")
                              << u"/meridian/ledger.git/info/refs?service=git-upload-pack"_s << 200;
    QTest::newRow("git push") << LeaseKind::GitToken << QByteArray("POST") << u"/meridian/ledger.git/git-receive-pack"_s
                              << 200;
    QTest::newRow("git elsewhere") << LeaseKind::GitToken << QByteArray("GET") << u"/v2/"_s << 404;
    QTest::newRow("login") << LeaseKind::DatabasePassword << QByteArray("POST") << u"/v1/login"_s << 200;
    QTest::newRow("query") << LeaseKind::DatabasePassword << QByteArray("POST") << u"/v1/query"_s << 200;
    QTest::newRow("query by GET") << LeaseKind::DatabasePassword << QByteArray("GET") << u"/v1/query"_s << 405;
    QTest::newRow("registry") << LeaseKind::RegistryToken << QByteArray("GET") << u"/v2/"_s << 200;
    QTest::newRow("manifest") << LeaseKind::RegistryToken << QByteArray("GET")
                              << u"/v2/meridian/ledger/manifests/latest"_s << 200;
    QTest::newRow("role") << LeaseKind::CloudRole << QByteArray("GET") << u"/sts/caller-identity"_s << 200;
    QTest::newRow("root") << LeaseKind::CloudRole << QByteArray("GET") << u"/"_s << 404;
    QTest::newRow("try by POST") << LeaseKind::CloudRole << QByteArray("POST") << u"/v1/try"_s << 405;
}

void TestTargetService::naturalPaths()
{
    QFETCH(LeaseKind, kind);
    QFETCH(QByteArray, method);
    QFETCH(QString, path);
    QFETCH(int, status);
    const bool password = kind == LeaseKind::GitToken || kind == LeaseKind::DatabasePassword;
    TargetService target(kind, u"target-one"_s);
    QVERIFY(target.start(tls()));
    target.grant({LeaseId(u"lease-1"_s), u"ada"_s, "s3cret", u"ws-1"_s});
    QCOMPARE(get(target, path, password ? basic("ada", "s3cret") : QByteArray("Bearer s3cret"), method).status, status);
    QCOMPARE(get(target, path, password ? basic("ada", "wrong") : QByteArray("Bearer wrong"), method).status,
             status == 200 ? 401 : status);
    QCOMPARE(target.acceptedLogins(), status == 200 ? 1 : 0);
    QCOMPARE(target.refusedLogins(), status == 200 ? 1 : 0);
}

void TestTargetService::severalAreTriedOneByOne()
{
    TargetService target(LeaseKind::RegistryToken, u"registry"_s);
    QVERIFY(target.start(tls(), 0));
    QVector<TargetEvent> told;
    std::mutex lock;
    target.onEvent = [&](const TargetEvent &event) {
        const std::scoped_lock guard(lock);
        told.append(event);
    };
    target.grant({LeaseId(u"lease-1"_s), {}, "good", u"ws-1"_s});
    const auto tried = [](const QByteArray &path, const QByteArray &authorization) {
        wire::BatchItem item{"GET", path, {}, {}};
        if (!authorization.isEmpty())
            item.headers.append({"Authorization", authorization});
        return item;
    };
    const QByteArray body = wire::toBatch({tried("/v1/try", "Bearer good"), tried("/v1/try", "Bearer bad"), tried("/v1/try", {}), tried("/v1/nowhere", "Bearer good"),
                                           wire::BatchItem{"POST", "/v1/batch", {}, "{}"}});
    const Answer answer = get(target, u"/v1/batch"_s, {}, "POST", body);
    QCOMPARE(answer.status, 200);
    const auto answers = wire::batchAnswersFromJson(answer.body, 5);
    QVERIFY(answers);
    QCOMPARE(answers->at(0).status, 200);
    QVERIFY(answers->at(0).json.toObject().value(u"accepted"_s).toBool());
    QCOMPARE(answers->at(1).status, 401);
    QVERIFY(!answers->at(1).json.toObject().value(u"accepted"_s).toBool());
    QCOMPARE(answers->at(2).status, 401);
    QCOMPARE(answers->at(3).status, 404);
    QCOMPARE(answers->at(4).status, 400);
    {
        const std::scoped_lock guard(lock);
        QCOMPARE(told.size(), 3); // each try is told, as if it had come alone
        QVERIFY(told.at(0).accepted && !told.at(1).accepted && !told.at(2).accepted);
    }
    QCOMPARE(get(target, u"/v1/batch"_s, {}, "POST", "nonsense").status, 400);
    QCOMPARE(get(target, u"/v1/batch"_s, {}, "GET").status, 405);
}

void TestTargetService::replacesTheCredentialOfALease()
{
    TargetService target(LeaseKind::RegistryToken, u"registry"_s);
    QVERIFY(target.start(tls()));
    target.grant({LeaseId(u"lease-1"_s), {}, "first", u"ws-1"_s});
    target.grant({LeaseId(u"lease-2"_s), {}, "other", u"ws-2"_s});
    target.grant({LeaseId(u"lease-1"_s), {}, "second", u"ws-1"_s});
    QCOMPARE(target.credentials(), 2);
    QCOMPARE(get(target, u"/v1/try"_s, "Bearer first").status, 401);
    QCOMPARE(get(target, u"/v1/try"_s, "Bearer second").status, 200);
    QVERIFY(target.drop(LeaseId(u"lease-1"_s)));
    QCOMPARE(get(target, u"/v1/try"_s, "Bearer second").status, 401);
    QCOMPARE(get(target, u"/v1/try"_s, "Bearer other").json()[u"as"_s].toString(), u"ws-2"_s);
}

void TestTargetService::mayBeStubborn()
{
    StubbornTarget target(LeaseKind::CloudRole, u"sts"_s);
    QVERIFY(target.start(tls()));
    target.grant({LeaseId(u"lease-1"_s), {}, "s3cret", u"ws-1"_s});
    QVERIFY(static_cast<TargetService &>(target).drop(LeaseId(u"lease-1"_s)));
    QCOMPARE(get(target, u"/v1/try"_s, "Bearer s3cret").status, 200);
}

void TestTargetService::tellsAndCounts()
{
    TargetService target(LeaseKind::DatabasePassword, u"postgres-payments"_s);
    std::mutex mutex;
    QVector<TargetEvent> events;
    target.onEvent = [&](const TargetEvent &event) {
        const std::lock_guard lock(mutex);
        events.append(event);
    };
    QVERIFY(target.start(tls()));
    target.grant({LeaseId(u"lease-1"_s), u"ada"_s, "s3cret", u"ws-1"_s});
    QCOMPARE(get(target, u"/v1/login"_s, basic("ada", "s3cret"), "POST").status, 200);
    QCOMPARE(get(target, u"/v1/try"_s, basic(QByteArray(500, 'u'), "wrong")).status, 401);
    const std::lock_guard lock(mutex);
    QCOMPARE(events.size(), 2);
    QCOMPARE(events[0].action, u"login"_s);
    QVERIFY(events[0].accepted);
    QCOMPARE(events[0].lease, LeaseId(u"lease-1"_s));
    QCOMPARE(events[0].userName, Untrusted(u"ada"_s));
    QVERIFY(events[0].peer.startsWith("127.0.0.1:"_L1) && isKnown(events[0].at));
    QCOMPARE(events[1].target, u"postgres-payments"_s);
    QVERIFY(!events[1].accepted && events[1].lease.isEmpty());
    QCOMPARE(events[1].userName.raw().size(), 128);
}

void TestTargetService::startsAndStops()
{
    TargetService target(LeaseKind::GitToken, u"git"_s);
    QVERIFY(target.endpoint().isEmpty());
    QCOMPARE(target.port(), 0);
    const Status wrong = target.start({"nonsense", "nonsense", {}});
    QVERIFY(!wrong);
    QVERIFY(wrong.error().code == Error::Code::Tls);
    QVERIFY(target.start(tls()));
    const quint16 port = target.port();
    QVERIFY(port != 0);
    TargetService second(LeaseKind::GitToken, u"git"_s);
    QVERIFY(!second.start(tls(), port));
    target.stop();
    QVERIFY(target.endpoint().isEmpty());
    QVERIFY(second.start(tls(), port));
    QCOMPARE(second.port(), port);
    QCOMPARE(get(second, u"/v1/try"_s, {}).status, 401);
}

QTEST_GUILESS_MAIN(TestTargetService)
#include "tst_targetservice.moc"
