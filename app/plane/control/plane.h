// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/api/api.h"
#include "app/plane/audit/logpublisher.h"
#include "app/plane/control/datafolder.h"
#include "app/plane/control/identities.h"
#include "app/plane/shipping/shipping.h"
#include "app/plane/world/activity.h"

#include <QtCore/QObject>
#include <QtCore/QTimer>

namespace parapet::plane {

/// What a plane is started with.
struct PlaneOptions {
    QString dataFolder;
    QString store;                  ///< URI of a PostgreSQL database; empty: what the folder uses
    QString address = QStringLiteral("127.0.0.1");
    quint16 port = 0;               ///< of the control plane; 0: the last one where it is free
    WorldOptions world;
    int fleet = 0;                  ///< simulated workspaces
    bool activity = true;
    bool runWorkspaces = true;      ///< false: nothing is started (tests of what does not need it)
    LogCheck check = LogCheck::Edge;
    QVector<ShippingDestination> ship; ///< where the log is told
};

/// What a test replaces.
struct PlaneParts {
    TargetFactory target;           ///< unset: the real services
    const Clock *clock = &Clock::system();
    RuntimeHost::Options runtime;   ///< planeId, stateFolder and the callbacks are the plane's
    server::Limits limits;
};

/// What the plane says about itself when it has started: the line on stdout.
struct Announcement {
    QString control;
    QString audit;
    QString agent;
    QString ca;
    QString caSha256;
    QString identity;
    QString prober;
    QString logKey;
    QString data;

    QByteArray json() const;
};

/// A whole plane in one object: composition and order of start and end. Lives on a thread with an event loop.
class Plane : public QObject
{
    Q_OBJECT

public:
    static Started<std::unique_ptr<Plane>> start(const PlaneOptions &options, PlaneParts parts = {});
    /// Ends the sandboxes, answers what is under way, empties the write-ahead log.
    ~Plane() override;

    const Announcement &announcement() const { return m_announcement; }
    Store &store() { return *m_store; }
    Broker &broker() { return *m_broker; }
    Lifecycle &lifecycle() { return *m_lifecycle; }
    const Api &api() const { return *m_api; }
    /// Lets the clocks act on the clock's present: what a timer does by itself.
    void actOnClocks();

private:
    Plane() = default;
    Started<void> openStore(const PlaneOptions &options, const PlaneParts &parts);
    Started<void> openRooms(const PlaneOptions &options, PlaneParts &parts);
    Started<void> listen(const PlaneOptions &options, const PlaneParts &parts);
    Started<void> listenOn(Interface interface, const PlaneOptions &options, const PlaneParts &parts, quint16 port);
    void startTimers(const PlaneOptions &options);
    void armDeadline();
    quint16 rememberedPort(const char *name);
    void rememberPort(const char *name, quint16 port);

    Announcement m_announcement;
    std::unique_ptr<DataFolder> m_folder;
    std::unique_ptr<ChangeFeed> m_feed;
    std::unique_ptr<Store> m_store;
    std::unique_ptr<EventQueries> m_queries;
    std::unique_ptr<LogPublisher> m_publisher;
    std::unique_ptr<Shipping> m_shipping;
    std::unique_ptr<Identities> m_identities;
    std::unique_ptr<Broker> m_broker;
    std::unique_ptr<Lifecycle> m_lifecycle;
    std::unique_ptr<Activity> m_activity;
    std::unique_ptr<Api> m_api;
    std::unique_ptr<server::Server> m_servers[3];
    QTimer m_deadlineTimer;
    QTimer m_pingTimer;
    QTimer m_observeTimer;
    QTimer m_purgeTimer;
    QTimer m_activityTimer;
};

} // namespace parapet::plane
