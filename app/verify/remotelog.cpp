// SPDX-License-Identifier: GPL-3.0-or-later
// The only file of this room that knows the network.
#include "app/verify/remotelog.h"

#include "app/verify/interruption.h"
#include "models/core/id.h"
#include "models/core/json.h"
#include "models/core/untrusted.h"
#include "models/crypto/privatefile.h"
#include "models/crypto/random.h"
#include "models/transport/backoff.h"
#include "models/transport/httpclient.h"
#include "models/transport/httperrors.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QCryptographicHash>
#include <QtCore/QFile>
#include <QtCore/QHash>
#include <QtCore/QJsonObject>
#include <QtCore/QPromise>
#include <QtCore/QScopeGuard>
#include <QtCore/QSocketNotifier>
#include <QtCore/QThread>

namespace parapet::verify {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

struct RemoteText {
    Q_DECLARE_TR_FUNCTIONS(Verify)
};

constexpr int longestRetryAfter = 300; ///< seconds
constexpr qint64 pemLimit = 64 << 10;

/// One request with its repetitions.
struct RemoteCall {
    transport::HttpRequest request;
    QPromise<Result<QByteArray>> promise;
    transport::Backoff backoff;
    int left = 0;
};

Result<QByteArray> readPem(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(Error::Code::Storage, u"%1: %2"_s.arg(path, file.errorString()));
    return file.read(pemLimit);
}

Result<transport::Trust> trustIn(const QString &authority)
{
    transport::Trust trust;
    trust.ofThisMachine = authority.isEmpty();
    if (trust.ofThisMachine)
        return trust;
    const Result<QByteArray> pem = readPem(authority);
    if (!pem)
        return fail(pem.error());
    const auto certificates = QSslCertificate::fromData(*pem, QSsl::Pem);
    if (certificates.isEmpty())
        return fail(Error::Code::Invalid, RemoteText::tr("%1 holds no certificate. --ca takes an authority's PEM file.").arg(authority));
    trust.authority = certificates.first();
    trust.pin = trust.authority.digest(QCryptographicHash::Sha256);
    return trust;
}

Result<std::optional<transport::TlsIdentity>> identityOf(const RemoteAccess &access)
{
    if (access.certificate.isEmpty())
        return std::optional<transport::TlsIdentity>();
    const QString keyFile = access.privateKey.isEmpty() ? access.certificate : access.privateKey;
    Result<QByteArray> key = crypto::readPrivateFile(keyFile);
    if (!key)
        return fail(key.error());
    QByteArray pem, passphrase;
    const auto wiped = qScopeGuard([&] {
        crypto::wipe(*key);
        crypto::wipe(pem);
        crypto::wipe(passphrase);
    });
    if (!access.privateKey.isEmpty()) {
        const Result<QByteArray> certificate = readPem(access.certificate);
        if (!certificate)
            return fail(certificate.error());
        pem = *certificate + '\n';
    }
    pem += *key;
    if (crypto::isEncryptedPem(*key)) {
        Result<QByteArray> asked = access.passphrase ? access.passphrase(keyFile) : Result<QByteArray>(fail(Error::Code::Unauthorized, {}));
        if (!asked)
            return fail(asked.error());
        passphrase = *std::exchange(asked, QByteArray());
    }
    const Result<crypto::Identity> identity = crypto::Identity::fromPem(pem, passphrase);
    if (!identity)
        return fail(identity.error().code, u"%1: %2"_s.arg(keyFile, identity.error().message));
    Result<transport::TlsIdentity> tls = transport::toTls(*identity);
    if (!tls)
        return fail(tls.error().code, u"%1: %2"_s.arg(access.certificate, tls.error().message));
    return std::optional(*std::move(tls));
}

/// The same error, in words for someone who has no profile, no console, and options instead.
Error inOurWords(const Error &error, const QUrl &url, const RemoteAccess &access)
{
    const QString peer = Untrusted(url.authority(QUrl::FullyEncoded)).inert(200);
    const QString detail = Untrusted(error.detail.isEmpty() ? error.message : error.detail).inert(300);
    Error said = error;
    switch (error.code) {
    case Error::Code::Tls:
        said.message = access.authority.isEmpty()
            ? RemoteText::tr("%1 is not vouched for by an authority that this machine trusts. Name the log's own with --ca.").arg(peer)
            : RemoteText::tr("%1 is not vouched for by the authority in %2. Nothing was sent.").arg(peer, access.authority);
        break;
    case Error::Code::Unauthorized:
        said.message = access.certificate.isEmpty()
            ? RemoteText::tr("%1 wants a client certificate. Give yours with --certificate and --private-key.").arg(peer)
            : RemoteText::tr("%1 does not accept the certificate in %2.").arg(peer, access.certificate);
        break;
    case Error::Code::Forbidden:
        said.message = RemoteText::tr("%1 does not allow it: %2").arg(peer, detail);
        break;
    case Error::Code::Network:
        said.message = RemoteText::tr("%1 cannot be reached, or broke off: %2").arg(peer, detail);
        // Some servers just hang up on those who name nobody.
        if (access.certificate.isEmpty() && error.detail.endsWith(u"(%1)"_s.arg(int(QNetworkReply::RemoteHostClosedError))))
            said.message += u' ' + RemoteText::tr("If it wants a client certificate, give yours with --certificate and --private-key.");
        break;
    case Error::Code::NotFound:
        said.message = RemoteText::tr("%1 has nothing at %2.").arg(peer, Untrusted(url.path(QUrl::FullyEncoded)).inert(200));
        break;
    case Error::Code::RateLimited:
    case Error::Code::Server:
        said.message = RemoteText::tr("%1 cannot answer now: %2. Try again later.").arg(peer, Untrusted(error.message).inert(200));
        break;
    case Error::Code::Protocol:
        said.message = RemoteText::tr("%1 answered with something that no log answers: %2").arg(peer, detail);
        break;
    default:
        break;
    }
    return said;
}

Result<QByteArray> bodyOf(const transport::HttpRequest &request, transport::HttpResponse &response)
{
    // Logs differ in the media types that they name, and all content is proven.
    transport::HttpRequest asked;
    asked.url = request.url;
    asked.accept = response.contentType;
    if (std::optional<Error> error = transport::errorOf(asked, response))
        return fail(*std::move(error));
    return std::move(response.body);
}

/// Sends, on the network's thread.
class RemoteCaller : public QObject
{
public:
    RemoteCaller(RemoteAccess access, const transport::Trust &trust, std::optional<transport::TlsIdentity> identity)
        : m_access(std::move(access)), m_client(new transport::HttpClient(trust, std::move(identity), Clock::system(), this))
    {
        if (Interruption::descriptor() < 0)
            return;
        auto *notifier = new QSocketNotifier(Interruption::descriptor(), QSocketNotifier::Read, this);
        connect(notifier, &QSocketNotifier::activated, this, [this, notifier] {
            notifier->setEnabled(false);
            endAll();
        });
    }
    ~RemoteCaller() override { endAll(); }

    void call(const std::shared_ptr<RemoteCall> &call)
    {
        if (m_ended)
            return finish(call, fail(Interruption::error()));
        m_waiting.append(call);
        attempt(call);
    }

private:
    void attempt(const std::shared_ptr<RemoteCall> &call)
    {
        const transport::HttpClient::Decode<QByteArray> decode = [call](transport::HttpResponse &response) { return bodyOf(call->request, response); };
        deliver(this, m_client->send<QByteArray>(call->request, decode), [this, call](const Result<QByteArray> &answer) { settle(call, answer); });
    }
    void settle(const std::shared_ptr<RemoteCall> &call, const Result<QByteArray> &answer)
    {
        if (m_ended || !m_waiting.contains(call))
            return;
        if (answer)
            return finish(call, answer);
        const Error &error = answer.error();
        if (!error.retryable || call->left == 0 || error.retryAfterSeconds > longestRetryAfter)
            return finish(call, fail(inOurWords(error, call->request.url, m_access)));
        --call->left;
        const Milliseconds pause = std::max<Milliseconds>(call->backoff.next(), std::chrono::seconds(error.retryAfterSeconds));
        QTimer::singleShot(pause, this, [this, call] {
            if (m_waiting.contains(call))
                attempt(call);
        });
    }
    void finish(const std::shared_ptr<RemoteCall> &call, Result<QByteArray> answer)
    {
        m_waiting.removeOne(call);
        call->promise.addResult(std::move(answer));
        call->promise.finish();
    }
    void endAll()
    {
        m_ended = true;
        while (!m_waiting.isEmpty())
            finish(m_waiting.first(), fail(Interruption::error()));
        m_client->refuse(Interruption::error());
    }

    const RemoteAccess m_access;
    transport::HttpClient *m_client;
    QVector<std::shared_ptr<RemoteCall>> m_waiting;
    bool m_ended = false;
};

} // namespace

struct RemoteLog::Inside {
    using Answer = QFuture<Result<QByteArray>>;

    RemoteAccess access;
    transport::Trust trust;
    std::optional<transport::TlsIdentity> identity;
    QUrl base; ///< its path ends in a slash
    QThread thread;
    RemoteCaller *caller = nullptr;
    QVector<LogSource::Wanted> ahead; ///< announced, and not asked for yet
    QHash<QString, Answer> flying;    ///< asked for before it is read

    Answer begin(transport::HttpRequest request)
    {
        auto call = std::make_shared<RemoteCall>();
        call->request = std::move(request);
        call->request.anyStatus = true;
        call->request.deadline = 5min;
        call->left = access.retries;
        call->promise.start();
        QMetaObject::invokeMethod(caller, [to = caller, call] { to->call(call); }, Qt::QueuedConnection);
        return call->promise.future();
    }
    QUrl urlOf(const QString &path) const
    {
        QUrl url = base;
        url.setPath(base.path(QUrl::FullyEncoded) + path, QUrl::TolerantMode);
        return url;
    }
    Answer beginRead(const QString &path, qsizetype limit)
    {
        transport::HttpRequest request;
        request.url = urlOf(path);
        request.accept = "*/*";
        request.limit = limit;
        return begin(std::move(request));
    }
    void topUp()
    {
        while (!ahead.isEmpty() && flying.size() < parallel) {
            const LogSource::Wanted next = ahead.takeFirst();
            if (!flying.contains(next.path))
                flying.insert(next.path, beginRead(next.path, next.limit));
        }
    }
    Result<QByteArray> read(const QString &path, qsizetype limit)
    {
        ahead.removeIf([&](const LogSource::Wanted &wanted) { return wanted.path == path; });
        Answer answer = flying.contains(path) ? flying.take(path) : beginRead(path, limit);
        topUp();
        answer.waitForFinished();
        return answer.result();
    }
    void announce(const QVector<LogSource::Wanted> &next)
    {
        ahead = next;
        flying.removeIf([&](QHash<QString, Answer>::iterator one) {
            return std::none_of(next.begin(), next.end(), [&](const LogSource::Wanted &wanted) { return wanted.path == one.key(); });
        });
        topUp();
    }
};

QString problemOfLogUrl(const QUrl &url)
{
    if (!url.isValid() || url.host().isEmpty())
        return RemoteText::tr("--log takes a folder, or an address such as https://log.example:8443/.");
    if (url.scheme() != u"https")
        return RemoteText::tr("--log takes https addresses only.");
    if (!url.userInfo().isEmpty() || url.hasQuery() || url.hasFragment())
        return RemoteText::tr("The address of a log has no user, no “?” and no “#”.");
    return {};
}

RemoteLog::RemoteLog(std::unique_ptr<Inside> inside) : m_inside(std::move(inside))
{
    m_inside->base = m_inside->access.url;
    const QString path = m_inside->base.path(QUrl::FullyEncoded);
    if (!path.endsWith(u'/'))
        m_inside->base.setPath(path + u'/', QUrl::TolerantMode);
    m_inside->thread.setObjectName(u"network"_s);
    m_inside->thread.start();
    // Made on the thread on which it works.
    auto *starter = new QObject;
    starter->moveToThread(&m_inside->thread);
    QMetaObject::invokeMethod(starter, [this, starter] {
        m_inside->caller = new RemoteCaller(m_inside->access, m_inside->trust, m_inside->identity);
        delete starter;
    }, Qt::BlockingQueuedConnection);
}

RemoteLog::~RemoteLog()
{
    QMetaObject::invokeMethod(m_inside->caller, [caller = m_inside->caller] { caller->deleteLater(); }, Qt::BlockingQueuedConnection);
    m_inside->thread.quit();
    m_inside->thread.wait();
}

Result<std::unique_ptr<RemoteLog>> RemoteLog::open(const RemoteAccess &access)
{
    if (const QString problem = problemOfLogUrl(access.url); !problem.isEmpty())
        return fail(Error::Code::Invalid, problem);
    Result<transport::Trust> trust = trustIn(access.authority);
    if (!trust)
        return fail(trust.error());
    Result<std::optional<transport::TlsIdentity>> identity = identityOf(access);
    if (!identity)
        return fail(identity.error());
    auto inside = std::make_unique<Inside>();
    inside->access = access;
    inside->trust = *std::move(trust);
    inside->identity = *std::move(identity);
    return std::unique_ptr<RemoteLog>(new RemoteLog(std::move(inside)));
}

LogSource RemoteLog::source()
{
    return {[inside = m_inside.get()](const QString &path, qsizetype limit) { return inside->read(path, limit); },
            [inside = m_inside.get()](const QVector<LogSource::Wanted> &next) { inside->announce(next); }};
}

Status RemoteLog::sendCosignature(qint64 size, const QString &line)
{
    transport::HttpRequest request;
    request.method = "POST";
    request.url = m_inside->urlOf(u"v1/cosignatures"_s);
    request.limit = 1 << 20;
    request.headers.append({"Idempotency-Key", newIdentifier(u"cosign").toUtf8()});
    request.body = canonicalJson(QJsonObject{{u"size"_s, size}, {u"line"_s, line}});
    Inside::Answer answer = m_inside->begin(std::move(request));
    answer.waitForFinished();
    const Result<QByteArray> taken = answer.result();
    return taken ? Status() : Status(fail(taken.error()));
}

} // namespace parapet::verify
