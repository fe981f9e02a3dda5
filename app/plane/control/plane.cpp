// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/control/plane.h"

#include "app/plane/control/storeplace.h"
#include "models/core/json.h"

#include <QtCore/QCoreApplication>

namespace parapet::plane {

using namespace Qt::StringLiterals;

namespace {

constexpr auto planeServicesLifetime = std::chrono::hours(24 * 90);
constexpr int planeObserveMilliseconds = 5000;
constexpr int planePurgeMilliseconds = 3600 * 1000;
constexpr const char *planeInterfaces[] = {"control", "audit", "agent"};

tl::unexpected<Refused> planeRefused(ExitCode code, const Error &error)
{
    return tl::unexpected<Refused>({code, error.message, error.detail});
}

} // namespace

QByteArray Announcement::json() const
{
    return canonicalJson(QJsonObject{{u"control"_s, control}, {u"audit"_s, audit}, {u"agent"_s, agent}, {u"ca"_s, ca}, {u"ca_sha256"_s, caSha256},
                                     {u"identity"_s, identity}, {u"prober"_s, prober}, {u"log_key"_s, logKey}, {u"data"_s, data}});
}

Started<std::unique_ptr<Plane>> Plane::start(const PlaneOptions &options, PlaneParts parts)
{
    std::unique_ptr<Plane> plane(new Plane);
    auto folder = DataFolder::open(options.dataFolder, firstOperator(options.world.name).value, firstOperatorName(options.world.name), *parts.clock);
    if (!folder)
        return tl::unexpected(folder.error());
    plane->m_folder = std::move(*folder);
    if (const auto done = plane->openStore(options, parts); !done)
        return tl::unexpected(done.error());
    if (const auto done = plane->openRooms(options, parts); !done)
        return tl::unexpected(done.error());
    if (const auto done = plane->listen(options, parts); !done)
        return tl::unexpected(done.error());
    plane->startTimers(options);
    plane->m_lifecycle->begin(options.runWorkspaces);
    return plane;
}

Started<void> Plane::openStore(const PlaneOptions &options, const PlaneParts &parts)
{
    m_feed = std::make_unique<ChangeFeed>();
    const Started<QString> place = storePlace(*m_folder, options.store);
    if (!place)
        return tl::unexpected(place.error());
    Store::Options store;
    store.path = *place;
    store.origin = m_folder->logName();
    store.check = options.check;
    store.clock = parts.clock;
    store.onCommitted = [feed = m_feed.get()](std::vector<StoredChange> changes) { feed->publish(std::move(changes)); };
    auto opened = Store::open(std::move(store));
    if (!opened) {
        const bool log = opened.error().message.startsWith(QCoreApplication::translate("audit", "The audit log does not verify: %1").arg(QString()));
        if (!log)
            return planeRefused(ExitDatabase, opened.error());
        return tl::unexpected<Refused>({ExitLogBroken,
                                        QCoreApplication::translate("plane", "%1 Keep the data folder as evidence, restore a backup of it, or start "
                                                                             "with another folder.").arg(opened.error().message),
                                        opened.error().detail});
    }
    m_store = std::move(*opened);
    return {};
}

Started<void> Plane::openRooms(const PlaneOptions &options, PlaneParts &parts)
{
    if (const Status made = createWorld(*m_store, options.world); !made)
        return planeRefused(ExitFailure, made.error());
    m_queries = std::make_unique<EventQueries>(m_store->path());
    m_publisher = std::make_unique<LogPublisher>(*m_queries, m_store->log(), m_folder->logSigner(), m_folder->path("witnesses"));
    m_identities = std::make_unique<Identities>(m_folder->path("identities"));
    if (m_identities->arePending())
        (void)m_store->perform([this](Unit &unit) { m_identities->adopt(unit); });

    m_broker = std::make_unique<Broker>(*m_store, m_folder->box());
    const QByteArray authority = m_folder->authority().certificate().toPem();
    // The services go by the names that workspaces use for them, and by the address where they are tried.
    QStringList hosts{u"127.0.0.1"_s, u"localhost"_s};
    for (const TargetRow &target : m_store->state().targets)
        hosts << target.host;
    const crypto::Identity services = m_folder->authority().issueServer(u"Parapet target services"_s, hosts, crypto::Validity{*parts.clock, planeServicesLifetime});
    const TargetService::Tls tls{services.certificate.toPem(), services.key.toPem(), authority};
    const TargetFactory factory = parts.target ? parts.target : [](LeaseKind kind, const QString &name) {
        return std::make_unique<TargetService>(kind, name);
    };
    if (const Status started = m_broker->startTargets(factory, tls); !started)
        return planeRefused(ExitListen, started.error());
    if (const Status made = createFleet(*m_store, *m_broker, options.fleet, options.world.seed); !made)
        return planeRefused(ExitFailure, made.error());

    Lifecycle::Options lifecycle;
    lifecycle.homes = m_folder->path("homes");
    lifecycle.evidence = m_folder->path("evidence");
    lifecycle.recordings = m_folder->path("recordings");
    lifecycle.authority = authority;
    lifecycle.host = std::move(parts.runtime);
    lifecycle.host.planeId = m_folder->planeId();
    lifecycle.host.stateFolder = m_folder->path("runtime");
    m_lifecycle = std::make_unique<Lifecycle>(*m_store, *m_broker, std::move(lifecycle));
    m_broker->onSessionEnded = [this](const Session &session) { m_lifecycle->sessionEnded(session.workspace, session.actor); };
    m_broker->onIssued = [this](const WorkspaceId &id) { m_lifecycle->refreshSecrets(id); };
    m_activity = std::make_unique<Activity>(*m_store, *m_broker, options.world.seed);
    m_shipping = std::make_unique<Shipping>(*m_store, *m_queries, m_folder->logName());
    for (const ShippingDestination &destination : options.ship)
        m_shipping->add(destination);
    m_api = std::make_unique<Api>(Api::Parts{*m_store, *m_broker, *m_lifecycle, *m_feed, *m_queries, *m_identities, *m_publisher, *m_shipping,
                                             m_folder->path("recordings")});
    return {};
}

quint16 Plane::rememberedPort(const char *name)
{
    quint16 port = 0;
    (void)m_store->perform([&](Unit &unit) {
        auto row = unit.database().prepare(R"(SELECT "value" FROM meta WHERE "name"=?)");
        if (row && row->bind(1, u"port."_s + QLatin1String(name)).step().value_or(false))
            port = quint16(row->text(0).toUInt());
    });
    return port;
}

void Plane::rememberPort(const char *name, quint16 port)
{
    (void)m_store->perform([&](Unit &unit) {
        unit.sql([key = u"port."_s + QLatin1String(name), port](storage::Database &database) -> Status {
            auto upsert = database.prepare(R"(INSERT INTO meta("name","value") VALUES(?,?) ON CONFLICT("name") DO UPDATE SET "value"=excluded."value")");
            if (!upsert)
                return fail(upsert.error());
            return upsert->bind(1, key).bind(2, QString::number(port)).run();
        });
    });
}

Started<void> Plane::listenOn(Interface interface, const PlaneOptions &options, const PlaneParts &parts, quint16 port)
{
    server::Config config;
    config.address = options.address;
    config.port = port;
    config.certificateChain = m_folder->server().certificate.toPem();
    config.privateKey = m_folder->server().key.toPem();
    config.clientAuthorities = m_folder->authority().certificate().toPem();
    config.limits = parts.limits;
    config.threads = interface == Interface::Control ? 2 : 1;
    config.refusal = [this, interface](const server::Refusal &refusal) { return m_api->refused(interface, refusal); };
    config.refusedPeer = [this, interface](const server::RefusedPeer &peer) { m_api->refusedPeer(interface, peer); };
    auto started = server::Server::start(std::move(config), [this, interface](server::Request request, std::shared_ptr<server::Responder> responder) {
        m_api->handle(interface, std::move(request), std::move(responder));
    });
    if (!started)
        return planeRefused(ExitListen, started.error());
    m_servers[int(interface)] = std::move(*started);
    return {};
}

Started<void> Plane::listen(const PlaneOptions &options, const PlaneParts &parts)
{
    QString *urls[] = {&m_announcement.control, &m_announcement.audit, &m_announcement.agent};
    for (int i = 0; i < 3; ++i) {
        const char *name = planeInterfaces[i];
        const bool chosen = i == 0 && options.port != 0;
        const quint16 before = chosen ? options.port : rememberedPort(name);
        // The old port keeps connections valid over a restart; where somebody else took it, any other does.
        Started<void> done = listenOn(Interface(i), options, parts, before);
        if (!done && before != 0 && !chosen)
            done = listenOn(Interface(i), options, parts, 0);
        if (!done)
            return done;
        const quint16 port = m_servers[i]->port();
        if (port != before || chosen)
            rememberPort(name, port);
        *urls[i] = u"https://%1:%2"_s.arg(options.address.contains(u':') ? u'[' + options.address + u']' : options.address).arg(port);
    }
    m_api->setControlUrl(m_announcement.control);
    m_announcement.ca = m_folder->path("ca.pem");
    m_announcement.caSha256 = m_folder->authority().certificate().fingerprint();
    m_announcement.identity = m_folder->path("operator.pem");
    m_announcement.prober = m_folder->path("prober.pem");
    m_announcement.logKey = m_folder->logVerifier();
    m_announcement.data = m_folder->root();
    return {};
}

void Plane::startTimers(const PlaneOptions &options)
{
    m_deadlineTimer.setSingleShot(true);
    connect(&m_deadlineTimer, &QTimer::timeout, this, &Plane::actOnClocks);
    m_broker->deadlines().onEarlier = [this] { QMetaObject::invokeMethod(this, &Plane::armDeadline, Qt::QueuedConnection); };
    armDeadline();

    m_pingTimer.setInterval(ChangeFeed::pingSeconds * 1000);
    connect(&m_pingTimer, &QTimer::timeout, this, [this] { m_feed->ping(); });
    m_observeTimer.setInterval(planeObserveMilliseconds);
    m_observeTimer.setTimerType(Qt::VeryCoarseTimer);
    connect(&m_observeTimer, &QTimer::timeout, this, [this] { m_lifecycle->observeRunning(); });
    // Nothing is looked at while nobody looks.
    m_feed->onWatched = [this](bool) {
        QMetaObject::invokeMethod(this, [this] {
            const bool watched = m_feed->watchers() > 0;
            if (watched == m_pingTimer.isActive())
                return;
            if (watched) {
                m_pingTimer.start();
                m_observeTimer.start();
                m_lifecycle->observeRunning();
            } else {
                m_pingTimer.stop();
                m_observeTimer.stop();
            }
        }, Qt::QueuedConnection);
    };

    m_purgeTimer.setInterval(planePurgeMilliseconds);
    connect(&m_purgeTimer, &QTimer::timeout, this, [this] { m_broker->forgetOldSecrets(); });
    m_purgeTimer.start();
    m_broker->forgetOldSecrets();

    if (options.activity) {
        m_activityTimer.setInterval(Activity::momentMilliseconds);
        m_activityTimer.setTimerType(Qt::CoarseTimer);
        connect(&m_activityTimer, &QTimer::timeout, this, [this] { m_activity->moment(); });
        m_activityTimer.start();
    }
}

void Plane::armDeadline()
{
    const Instant next = m_broker->deadlines().next();
    if (!isKnown(next))
        return m_deadlineTimer.stop();
    // A few milliseconds late rather than early, and at least once an hour: wall clocks jump.
    const qint64 wait = std::clamp<qint64>((next - m_store->clock().now()).count() + 5, 0, 3600 * 1000);
    m_deadlineTimer.start(int(wait));
}

void Plane::actOnClocks()
{
    m_broker->endWhatIsDue();
    armDeadline();
}

Plane::~Plane()
{
    for (QTimer *timer : {&m_deadlineTimer, &m_pingTimer, &m_observeTimer, &m_purgeTimer, &m_activityTimer})
        timer->stop();
    if (m_broker)
        m_broker->deadlines().onEarlier = {};
    if (m_feed)
        m_feed->closeAll();
    for (auto &server : m_servers) {
        if (server)
            server->stop();
    }
    if (m_api)
        m_api->stop();
    if (m_lifecycle)
        m_lifecycle->end();
    if (m_broker)
        m_broker->stopTargets();
    m_shipping.reset(); // stores how far it came
    // The store works off what is left before those who are called back go.
    m_store.reset();
    for (auto &server : m_servers)
        server.reset();
    m_api.reset();
    m_activity.reset();
    m_lifecycle.reset();
    m_broker.reset();
}

} // namespace parapet::plane
