// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/reply.h"
#include "models/domain/lease.h"
#include "models/ports/change.h"

namespace parapet {

/// A held secret, only so that it can be tried. In memory only: never in a journal, a log, a setting or a certificate.
struct HeldSecret {
    enum class Kind { SessionToken, LeaseSecret };
    Kind kind = Kind::SessionToken;
    QString subject;       ///< the session's or lease's identifier
    QString label;         ///< "db-payments-ro"
    QString target;        ///< who accepts it: "control plane" or the lease's target
    QString endpoint;      ///< URL to try it at
    QString userName;      ///< for password logins, else empty
    QByteArray secret;
};

/// Issues, looks up and revokes short-lived credentials.
class CredentialBroker
{
public:
    virtual ~CredentialBroker() = default;
    virtual Reply<QVector<Lease>> leases(const WorkspaceId &id) = 0;
    virtual Reply<Lease> lease(const LeaseId &id) = 0;
    virtual Reply<Lease> revokeLease(const LeaseId &id, const Change &change) = 0;
    /// Every secret that the workspace holds or held in the last 24 hours, revoked ones included (a revoked secret is kept
    /// sealed so that it can be tried). Needs the right credential:probe; each call is an audit event.
    virtual Reply<QVector<HeldSecret>> heldSecrets(const WorkspaceId &id) = 0;
};

} // namespace parapet
