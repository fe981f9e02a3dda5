// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/connection.h"

#include "models/connectors/plane/planeconnector.h"
#include "models/crypto/noteverifier.h"
#include "models/crypto/random.h"
#include "models/transport/curl.h"
#include "models/transport/eventstream.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QScopeGuard>
#include <QtCore/QThreadPool>

namespace parapet::fleet {

using namespace Qt::StringLiterals;

namespace {

constexpr Milliseconds rightsPause{300}; ///< a burst of refusals is one question

QString secretKeyOf(const QString &identityPath)
{
    return u"identity:"_s + identityPath;
}

/// The authority and the identities whose keys are not locked.
struct OpenParts {
    transport::Trust trust;
    std::optional<transport::TlsIdentity> own;
    std::optional<transport::TlsIdentity> prober;
};

Result<OpenParts> readOpenParts(const Profile &profile, Instant now)
{
    OpenParts parts;
    auto trust = transport::loadTrust(profile.caPath, profile.caSha256);
    if (!trust)
        return fail(trust.error());
    parts.trust = std::move(*trust);
    for (const auto &[path, part] : {std::pair(profile.identityPath, &parts.own), std::pair(profile.proberIdentityPath, &parts.prober)}) {
        if (path.isEmpty() || transport::needsPassphrase(path))
            continue;
        auto identity = transport::loadTlsIdentity(path, {}, now);
        if (!identity)
            return fail(identity.error());
        part->emplace(std::move(*identity));
    }
    return parts;
}

/// Reading the authority means to load the TLS library, and what belongs to the window is made meanwhile.
Reply<OpenParts> readBeside(const Profile &profile, Instant now)
{
    auto promise = std::make_shared<QPromise<Result<OpenParts>>>();
    promise->start();
    QThreadPool::globalInstance()->start([promise, profile, now] {
        promise->addResult(readOpenParts(profile, now));
        promise->finish();
    });
    return promise->future();
}

/// Opening a locked key takes long on purpose (scrypt), so it is done beside the GUI thread.
Reply<transport::TlsIdentity> loadBeside(const QString &path, QByteArray passphrase, Instant now)
{
    auto promise = std::make_shared<QPromise<Result<transport::TlsIdentity>>>();
    promise->start();
    QThreadPool::globalInstance()->start([promise, path, passphrase = std::move(passphrase), now]() mutable {
        promise->addResult(transport::loadTlsIdentity(path, passphrase, now));
        crypto::wipe(passphrase);
        promise->finish();
    });
    return promise->future();
}

PortName portOf(planeconnector::PlaneConnector::Interface interface)
{
    switch (interface) {
    case planeconnector::PlaneConnector::Interface::Audit:
        return PortName::Audit;
    case planeconnector::PlaneConnector::Interface::Agent:
        return PortName::Agent;
    default:
        return PortName::Control;
    }
}

} // namespace

/// What is known while the identities are being loaded.
struct Connection::Loading {
    transport::Trust trust;
    std::optional<transport::TlsIdentity> own;
    std::optional<transport::TlsIdentity> prober;
    QHash<QString, bool> locked; ///< path → is the prober's; waiting for a passphrase
};

Connection::Connection(Profile profile, SecretStore &secrets, const Clock &clock, QObject *parent)
    : QObject(parent), m_profile(std::move(profile)), m_secrets(secrets), m_clock(clock)
{
    for (const PortName port : allPorts) {
        attempt(port).timer.setSingleShot(true);
        connect(&attempt(port).timer, &QTimer::timeout, this, [this, port] { tryPort(port); });
    }
    m_rightsTimer.setSingleShot(true);
    connect(&m_rightsTimer, &QTimer::timeout, this, [this] {
        // An answer that is on its way may be older than the change.
        if (attempt(PortName::Control).running)
            askRightsSoon();
        else
            tryPort(PortName::Control);
    });
}

Connection::~Connection() = default;

void Connection::open()
{
    if (m_connector || m_loading)
        return;
    m_stopReason.reset();
    for (const PortName port : allPorts) {
        m_health[size_t(port)].connecting(m_clock.now());
        tellHealth(port);
    }
    if (const QString problem = problemOf(m_profile); !problem.isEmpty()) {
        stop({Error::Code::Invalid, problem, {}, false});
        return;
    }
    m_loading = std::make_unique<Loading>();
    deliver(this, readBeside(m_profile, m_clock.now()), [this](const Result<OpenParts> &parts) {
        if (!m_loading)
            return;
        if (!parts) {
            stop(parts.error());
            return;
        }
        m_loading->trust = parts->trust;
        m_loading->own = parts->own;
        m_loading->prober = parts->prober;
        if (!m_loading->own)
            unlock(m_profile.identityPath, false);
        if (!m_loading->prober && !m_profile.proberIdentityPath.isEmpty())
            unlock(m_profile.proberIdentityPath, true);
        buildWhenWhole();
    });
}

void Connection::unlock(const QString &path, bool isProber)
{
    deliver(this, m_secrets.read(secretKeyOf(path)), [this, path, isProber](const Result<QByteArray> &kept) {
        if (!m_loading)
            return;
        if (kept) {
            loadWith(path, isProber, *kept);
        } else {
            m_loading->locked.insert(path, isProber);
            Q_EMIT passphraseNeeded(path, {});
        }
    });
}

void Connection::setPassphrase(const QString &identityPath, const QByteArray &passphrase, bool remember)
{
    if (!m_loading || !m_loading->locked.contains(identityPath))
        return;
    loadWith(identityPath, m_loading->locked.take(identityPath), QByteArray(passphrase.constData(), passphrase.size()),
             remember);
}

void Connection::withholdPassphrase(const QString &identityPath)
{
    if (!m_loading || !m_loading->locked.contains(identityPath))
        return;
    m_loading.reset();
    m_stopReason = Error{Error::Code::Cancelled,
                         QCoreApplication::translate("fleet", "Your key stayed locked, so nothing was connected. Open the "
                                                              "connection again and type the passphrase of %1.")
                             .arg(Untrusted(identityPath).inert(300)),
                         {},
                         false};
    for (const PortName port : allPorts) {
        m_health[size_t(port)].closed(m_clock.now());
        tellHealth(port);
    }
    Q_EMIT stopped(*m_stopReason);
}

void Connection::keepPassphrase(const QString &path, QByteArray passphrase)
{
    deliver(this, m_secrets.write(secretKeyOf(path), passphrase), [this](const Result<void> &written) {
        if (!written)
            Q_EMIT passphraseNotKept(written.error());
    });
    crypto::wipe(passphrase);
}

void Connection::loadWith(const QString &path, bool isProber, QByteArray passphrase, bool remember)
{
    // Kept only once it is known to be right: a copy of its own until then.
    auto kept = std::make_shared<QByteArray>(remember ? QByteArray(passphrase.constData(), passphrase.size()) : QByteArray());
    deliver(this, loadBeside(path, std::move(passphrase), m_clock.now()),
            [this, path, isProber, kept](const Result<transport::TlsIdentity> &identity) {
                QByteArray toKeep = std::exchange(*kept, {});
                const auto forget = qScopeGuard([&toKeep] { crypto::wipe(toKeep); });
                if (!m_loading)
                    return;
                if (!identity) {
                    if (identity.error().code ==
                        Error::Code::Unauthorized) { // the passphrase is wrong: what is kept is of no use
                        m_secrets.remove(secretKeyOf(path));
                        m_loading->locked.insert(path, isProber);
                        Q_EMIT passphraseNeeded(path, identity.error().message);
                    } else {
                        stop(identity.error());
                    }
                    return;
                }
                (isProber ? m_loading->prober : m_loading->own) = *identity;
                if (!toKeep.isEmpty())
                    keepPassphrase(path, std::exchange(toKeep, {}));
                Q_EMIT passphraseTaken(path);
                if (!m_loading)
                    return; // whoever heard that closed it
                buildWhenWhole();
            });
}

void Connection::buildWhenWhole()
{
    if (m_loading->own && (m_profile.proberIdentityPath.isEmpty() || m_loading->prober))
        build();
}

void Connection::build()
{
    const auto loading = std::move(m_loading);
    planeconnector::PlaneConnector::Parts parts{loading->trust,
                                                *loading->own,
                                                loading->prober,
                                                {m_profile.control, m_profile.audit, m_profile.agent},
                                                m_profile.isLocal()};
    m_connector = std::make_unique<planeconnector::PlaneConnector>(std::move(parts), m_clock);
    using Interface = planeconnector::PlaneConnector::Interface;
    connect(m_connector.get(), &planeconnector::PlaneConnector::finished, this,
            [this](Interface interface, const transport::RequestRecord &done) {
                record(done);
                if (interface != Interface::Target)
                    noteRequest(portOf(interface), done);
            });
    connect(m_connector.get(), &planeconnector::PlaneConnector::waitingLong, this, [this](Interface interface) {
        const PortName port = portOf(interface);
        if (interface != Interface::Target && m_health[size_t(port)].waitingLong(m_clock.now()))
            tellHealth(port);
    });
    m_watch = m_connector->ports().control.watch();
    listenToWatch();
    Q_EMIT ready();
    for (const PortName port : allPorts)
        tryPort(port);
}

void Connection::listenToWatch()
{
    connect(m_watch.get(), &Watch::stateChanged, this,
            [this, wasBroken = false](Watch::State state, const Error &why) mutable {
                if (state == Watch::State::Broken)
                    noteFailure(PortName::Control, why, Health::Source::Watch);
                if (state == Watch::State::Live) {
                    m_nudged = false;
                    noteHeard();
                    // It may be another process now: who we are, what it can do and which log it has are asked anew.
                    if (wasBroken) {
                        m_connector->forgetPeers();
                        for (const PortName port : allPorts)
                            tryPort(port);
                    }
                }
                wasBroken = state == Watch::State::Broken;
            });
    connect(m_watch.get(), &Watch::changed, this, [this](const QVector<ChangeEvent> &changes) {
        const auto isOurs = [this](const ChangeEvent &change) {
            return change.kind == "principal"_L1 && m_self && change.id == m_self->value().id.value;
        };
        if (std::any_of(changes.begin(), changes.end(), isOurs))
            askRightsSoon();
    });
    if (auto *stream = qobject_cast<transport::EventStream *>(m_watch.get()))
        connect(stream, &transport::EventStream::heard, this, &Connection::noteHeard);
}

void Connection::askRightsSoon()
{
    if (!m_rightsTimer.isActive())
        m_rightsTimer.start(rightsPause);
}

template<class T, class Callback>
void Connection::whenAnswered(const Reply<T> &reply, Callback callback)
{
    deliver(this, reply, [this, generation = m_generation, callback = std::move(callback)](const Result<T> &result) {
        if (generation == m_generation)
            callback(result);
    });
}

void Connection::tryPort(PortName port)
{
    if (!m_connector || m_stopReason || attempt(port).running)
        return;
    attempt(port).timer.stop();
    attempt(port).running = true;
    if (port == PortName::Control)
        askWhoWeAre();
    else if (port == PortName::Audit)
        checkLogKey();
    else
        whenAnswered(m_connector->ports().runtime.learnCapabilities(), [this](const Result<bool> &learned) {
            attempt(PortName::Agent).running = false;
            if (learned)
                tellHealth(PortName::Agent);
        });
}

void Connection::askWhoWeAre()
{
    whenAnswered(m_connector->ports().control.whoAmI(), [this](const Result<Self> &self) {
        attempt(PortName::Control).running = false;
        if (self) {
            noteSelf(*self);
            // The system is back: its watch need not wait for its own next attempt. Once only, or the two would chase
            // each other.
            if (!m_stopReason && m_watch->state() == Watch::State::Broken && !std::exchange(m_nudged, true))
                m_watch->reconnectNow();
        } else if (self.error().code == Error::Code::Unauthorized || self.error().code == Error::Code::Forbidden) {
            stop(self.error());
        }
    });
}

void Connection::noteSelf(const Self &self)
{
    m_self.emplace(self.principal, titleOf(PortName::Control), m_clock.now(), Means::Answer);
    m_acceptedUntil = self.acceptedUntil;
    // Grants that make no sense here say nothing about what we may do; the system itself refuses what it refuses.
    Result<access::Rights> rights = access::Rights::fromGrants(self.rights);
    m_rights = rights ? std::optional(std::move(*rights)) : std::nullopt;
    Q_EMIT selfChanged();
}

void Connection::checkLogKey()
{
    whenAnswered(m_connector->ports().audit.head(), [this](const Result<LogHead> &head) {
        attempt(PortName::Audit).running = false;
        if (!head)
            return;
        const auto pinned = crypto::NoteVerifier::parse(m_profile.logKey);
        if (pinned && pinned->name != head->origin)
            stop({Error::Code::Tls,
                  QCoreApplication::translate(
                      "fleet", "The audit log is not the one whose key was confirmed: it calls itself %1, not %2. "
                               "Nothing more is sent. "
                               "Ask the system's owner what happened to the log before you confirm another one.")
                      .arg(Untrusted(head->origin).inert(100), pinned->name),
                  u"log origin changed"_s, false});
    });
}

void Connection::stop(const Error &why)
{
    if (m_stopReason)
        return;
    m_stopReason = why;
    m_loading.reset();
    for (const PortName port : allPorts) {
        attempt(port).timer.stop();
        m_health[size_t(port)].failed(m_clock.now(), why);
    }
    if (auto *stream = qobject_cast<transport::EventStream *>(m_watch.get()))
        stream->giveUp(why);
    if (m_connector)
        m_connector->refuse(why);
    for (const PortName port : allPorts)
        tellHealth(port);
    Q_EMIT stopped(why);
}

void Connection::drop()
{
    ++m_generation;
    m_loading.reset();
    // Perhaps one of them is just telling us something: it ends now, and is deleted once it has returned.
    const Error closed{
        Error::Code::Cancelled, QCoreApplication::translate("fleet", "The connection was closed."), {}, false};
    if (m_watch) {
        m_watch->disconnect(this);
        if (auto *stream = qobject_cast<transport::EventStream *>(m_watch.get()))
            stream->giveUp(closed);
        m_watch.release()->deleteLater();
    }
    if (m_connector) {
        m_connector->disconnect(this);
        m_connector->refuse(closed);
        m_connector.release()->deleteLater();
    }
    m_rightsTimer.stop();
    for (Attempt &one : m_attempts) {
        one.timer.stop();
        one.running = false;
        one.backoff.reset();
    }
}

void Connection::close()
{
    if (m_connector)
        Q_EMIT aboutToClose();
    drop();
    m_stopReason.reset();
    m_rights.reset();
    m_acceptedUntil = {};
    if (std::exchange(m_self, std::nullopt))
        Q_EMIT selfChanged();
    for (const PortName port : allPorts) {
        if (m_health[size_t(port)].closed(m_clock.now()))
            tellHealth(port);
    }
}

void Connection::retryNow()
{
    if (m_stopReason || !m_connector) {
        if (m_loading)
            return;
        close();
        open();
        return;
    }
    if (m_watch)
        m_watch->reconnectNow();
    for (const PortName port : allPorts) {
        attempt(port).backoff.reset();
        if (health(port).state() != HealthState::Healthy)
            tryPort(port);
    }
}

System Connection::system() const
{
    return m_connector ? m_connector->system() : System{};
}

QString Connection::equivalentCall(const QString &verb, const QString &subject) const
{
    const auto request = planecalls::byVerb({m_profile.control, m_profile.audit, m_profile.agent}, verb, subject);
    return request.method.isEmpty() ? QString() : transport::curlOf(request);
}

} // namespace parapet::fleet
