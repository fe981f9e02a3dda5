// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/connection.h"

#include "models/connectors/plane/planeconnector.h"
#include "models/crypto/noteverifier.h"
#include "models/crypto/random.h"
#include "models/transport/curl.h"
#include "models/transport/eventstream.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QThreadPool>

namespace parapet::fleet {

using namespace Qt::StringLiterals;

namespace {

QString secretKeyOf(const QString &identityPath)
{
    return u"identity:"_s + identityPath;
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
    auto trust = transport::loadTrust(m_profile.caPath, m_profile.caSha256);
    if (!trust) {
        stop(trust.error());
        return;
    }
    m_loading = std::make_unique<Loading>();
    m_loading->trust = std::move(*trust);
    loadIdentity(m_profile.identityPath, false);
    if (m_loading && !m_profile.proberIdentityPath.isEmpty())
        loadIdentity(m_profile.proberIdentityPath, true);
}

void Connection::loadIdentity(const QString &path, bool isProber)
{
    if (!transport::needsPassphrase(path)) {
        loadWith(path, isProber, {});
        return;
    }
    deliver(this, m_secrets.read(secretKeyOf(path)), [this, path, isProber](const Result<QByteArray> &kept) {
        if (!m_loading)
            return;
        if (kept) {
            loadWith(path, isProber, *kept);
        } else {
            m_loading->locked.insert(path, isProber);
            Q_EMIT passphraseNeeded(path);
        }
    });
}

void Connection::setPassphrase(const QString &identityPath, const QByteArray &passphrase, bool remember)
{
    if (!m_loading || !m_loading->locked.contains(identityPath))
        return;
    if (remember)
        m_secrets.write(secretKeyOf(identityPath), passphrase);
    loadWith(identityPath, m_loading->locked.take(identityPath), QByteArray(passphrase.constData(), passphrase.size()));
}

void Connection::loadWith(const QString &path, bool isProber, QByteArray passphrase)
{
    deliver(this, loadBeside(path, std::move(passphrase), m_clock.now()),
            [this, path, isProber](const Result<transport::TlsIdentity> &identity) {
                if (!m_loading)
                    return;
                if (!identity) {
                    if (identity.error().code ==
                        Error::Code::Unauthorized) { // the passphrase is wrong: what is kept is of no use
                        m_secrets.remove(secretKeyOf(path));
                        m_loading->locked.insert(path, isProber);
                        Q_EMIT passphraseNeeded(path);
                    } else {
                        stop(identity.error());
                    }
                    return;
                }
                (isProber ? m_loading->prober : m_loading->own) = *identity;
                if (m_loading->own && (m_profile.proberIdentityPath.isEmpty() || m_loading->prober))
                    build();
            });
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
    if (auto *stream = qobject_cast<transport::EventStream *>(m_watch.get()))
        connect(stream, &transport::EventStream::heard, this, &Connection::noteHeard);
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
    whenAnswered(m_connector->ports().control.whoAmI(), [this](const Result<Principal> &principal) {
        attempt(PortName::Control).running = false;
        if (principal) {
            m_self.emplace(*principal, titleOf(PortName::Control), m_clock.now(), Means::Answer);
            Q_EMIT selfChanged();
            // The system is back: its watch need not wait for its own next attempt. Once only, or the two would chase
            // each other.
            if (!m_stopReason && m_watch->state() == Watch::State::Broken && !std::exchange(m_nudged, true))
                m_watch->reconnectNow();
        } else if (principal.error().code == Error::Code::Unauthorized ||
                   principal.error().code == Error::Code::Forbidden) {
            stop(principal.error());
        }
    });
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
