// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/control/datafolder.h"
#include "app/plane/control/unit.h"

namespace parapet::plane {

/// An identity that was issued outside a running plane: a file of the folder "identities", taken up by the plane when it starts,
/// or when a certificate comes that it does not know. Whoever can write there holds the authority's key anyway.
struct PendingIdentity {
    QString id;
    QString name;
    ActorKind kind = ActorKind::Human;
    QString role;
    QString scope = QStringLiteral("organisation");
};

class Identities
{
public:
    explicit Identities(QString folder) : m_folder(std::move(folder)) {}

    bool arePending() const;
    /// Adds what waits as principals and bindings, with an event each. In a unit.
    void adopt(Unit &unit);

    /// Issues a certificate to `out` (one PEM file, mode 0600) and leaves the principal and its binding for the plane.
    static Started<void> issue(const QString &dataFolder, const PendingIdentity &identity, const QString &out, const Clock &clock);

private:
    QString m_folder;
};

/// The binding as part of a unit: written, compiled, and recorded by the caller. Invalid for an unknown role or scope.
Status bindRole(Unit &unit, const Authority &before, const QString &principal, const QString &role, const QString &scope);

} // namespace parapet::plane
