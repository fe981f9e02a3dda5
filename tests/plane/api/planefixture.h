// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/control/authority.h"
#include "app/plane/control/plane.h"
#include "tests/plane/api/planeclient.h"

#include <QtCore/QTemporaryDir>

#include <atomic>

namespace parapet::planetest {

/// A clock that tests move while the plane's threads read it. Begins at the present, for the certificates' sake.
class MovableClock final : public Clock
{
public:
    Instant now() const override { return Instant(Milliseconds(m_now.load())); }
    void advance(Milliseconds by) { m_now += by.count(); }

private:
    std::atomic<qint64> m_now = Clock::system().now().time_since_epoch().count();
};

/// A plane in this process, with clients of several identities. Nothing runs in it: its fleet is simulated.
class PlaneFixture
{
public:
    explicit PlaneFixture(int fleet = 20, plane::PlaneParts parts = {}) : m_parts(std::move(parts))
    {
        options.dataFolder = m_folder.filePath(QStringLiteral("plane"));
        options.fleet = fleet;
        options.activity = false;
        options.runWorkspaces = false;
        options.world.history = false;
    }

    bool start()
    {
        auto started = plane::Plane::start(options, m_parts);
        if (!started) {
            failure = started.error().message + started.error().detail;
            return false;
        }
        plane = std::move(*started);
        return true;
    }
    void stop() { plane.reset(); }

    PlaneClient client(plane::Interface interface = plane::Interface::Control, const QString &identity = {}) const
    {
        const plane::Announcement &said = plane->announcement();
        const QString &url = interface == plane::Interface::Control ? said.control : interface == plane::Interface::Audit ? said.audit : said.agent;
        return PlaneClient(url, said.ca, identity.isEmpty() ? said.identity : identity);
    }
    /// Issues an identity as `parapet-plane identity` does, and gives its file.
    QString identity(const QString &principal, const QString &role, const QString &scope = QStringLiteral("organisation"))
    {
        const QString out = m_folder.filePath(principal + QStringLiteral(".pem"));
        const auto issued = plane::Identities::issue(options.dataFolder, {principal, principal, ActorKind::Human, role, scope}, out, Clock::system());
        return issued ? out : QString();
    }
    QString file(const QString &name) const { return m_folder.filePath(name); }

    plane::PlaneOptions options;
    std::unique_ptr<plane::Plane> plane;
    QString failure;

private:
    QTemporaryDir m_folder;
    plane::PlaneParts m_parts;
};

} // namespace parapet::planetest
