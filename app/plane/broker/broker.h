// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/broker/deadlines.h"
#include "app/plane/control/store.h"
#include "app/plane/targets/target.h"
#include "models/crypto/secretbox.h"
#include "models/ports/credentialbroker.h"

#include <map>

namespace parapet::plane {

/// The clocks of a session.
inline constexpr std::chrono::minutes sessionIdle{30};
inline constexpr std::chrono::hours sessionLifetime{8};
/// The longest that one secret serves. A session is over sooner, by its lifetime; a lease may be renewed for weeks, and gets
/// another secret each day.
inline constexpr std::chrono::hours tokenRotation{24};
/// How long a secret that is no longer accepted stays sealed, so that it can be tried.
inline constexpr std::chrono::hours heldSecretLifetime{24};

/// When a session ends by itself: idle for too long, or over.
inline Instant endOf(const Session &session)
{
    return std::min(session.idleEnds, session.expires);
}

/// When something is to be done about a session: it ends, or its token is replaced.
inline Instant dueOf(const Session &session)
{
    return std::min(endOf(session), session.rotates);
}

/// Makes the service behind a target: replaced by tests that need one which misbehaves.
using TargetFactory = std::function<std::unique_ptr<TargetService>(LeaseKind kind, const QString &name)>;

/// Issues and ends sessions and leases. Those functions that take a Unit run on the store's thread, inside the unit, and
/// record their events; `by` carries who does it (actor, source, request, reason). The others may be called from any thread.
class Broker
{
public:
    Broker(Store &store, const crypto::SecretBox &box);
    ~Broker();

    /// Starts the services of all targets, on their old ports where those are free, and tells them every active lease.
    Status startTargets(const TargetFactory &factory, const TargetService::Tls &tls);
    void stopTargets();
    TargetService *target(const QString &name) const;

    struct SessionDraft {
        SessionId id;              ///< empty: a new one
        WorkspaceId workspace;
        Principal actor;
        Untrusted client;
        QString source;
        QString mfa;
        Instant started{};         ///< unknown: now
        Instant lastActive{};
        bool recorded = true;      ///< false: part of a world that is made at once, recorded as a whole
    };
    Session startSession(Unit &unit, const SessionDraft &draft, const AuditEvent &by, Tell tell = Tell::Everyone);
    /// What was ended stays ended: then nothing changes and nothing is recorded.
    Session endSession(Unit &unit, Session session, const QString &reason, const AuditEvent &by);
    /// The actor did something: the idle clock starts again. Not an event, and told only when `tell` says so.
    void touch(Unit &unit, Session session, Tell tell);
    /// The session that accepts this token now.
    std::optional<SessionId> sessionOfToken(QByteArrayView token) const;

    struct LeaseDraft {
        QString name;
        QString target;            ///< must be one of the state's targets
        WorkspaceId workspace;
        Principal holder;
        Milliseconds lifetime{};
        Instant issued{};          ///< unknown: now
        bool recorded = true;
    };
    /// `plain` receives the secret when it is wanted (to place it in the workspace).
    std::optional<Lease> issueLease(Unit &unit, const LeaseDraft &draft, const AuditEvent &by, Tell tell = Tell::Everyone,
                                    QByteArray *plain = nullptr);
    /// Takes it from the target, then says so. A lease that is not active stays as it is.
    Lease revokeLease(Unit &unit, Lease lease, const AuditEvent &by);
    /// Longer, up to tokenRotation since it was issued. One that has come so far is replaced: a new lease with a secret of its own,
    /// placed in the workspace, and the old one revoked.
    void renewLease(Unit &unit, Lease lease, Milliseconds lifetime, const AuditEvent &by);

    /// Sees to it that the workspace has a session of its owner and of its agent, and the credentials that `wishes` name
    /// ("db-payments-ro@postgres-payments"); what is there stays. Counts the row.
    void provide(Unit &unit, const Workspace &workspace, const Principal &owner, const std::optional<Principal> &agent,
                 const QStringList &wishes, Tell tell = Tell::Everyone);

    /// Called on the store's thread when provide() gave a workspace another credential.
    std::function<void(const WorkspaceId &)> onIssued;
    /// Called on the store's thread once the end of a session is durable; it must not wait.
    std::function<void(const Session &)> onSessionEnded;

    /// Counts of a workspace's row from its sessions and leases. Call after changing them.
    void recount(Unit &unit, const QString &workspace, Tell tell = Tell::Everyone);

    /// All secrets that the workspace holds, or held in the last 24 hours. `database` may be a reader's connection.
    Result<QVector<HeldSecret>> heldSecrets(storage::Database &database, const WorkspaceId &workspace, const QString &tokenEndpoint) const;
    /// The user name and the secret of an active lease; user name empty where a bearer token is meant.
    Result<std::pair<QString, QByteArray>> secretOf(storage::Database &database, const LeaseId &lease) const;

    /// Ends what is due at the clock's present: sessions that are idle or over, leases, tokens to rotate.
    void endWhatIsDue();
    /// Forgets sealed secrets and remembered calls that are older than 24 hours.
    void forgetOldSecrets();
    Deadlines &deadlines() { return m_deadlines; }

private:
    void provideSession(Unit &unit, const Workspace &workspace, const Principal &actor, Tell tell);
    void endDueSession(Unit &unit, Session session);
    void endDueLease(Unit &unit, Lease lease);
    void giveToken(Unit &unit, const SessionId &session);
    void replaceLease(Unit &unit, const Lease &lease, Milliseconds lifetime, AuditEvent by);
    Status grantAll();
    void noteLogin(const TargetEvent &seen);

    Store &m_store;
    const crypto::SecretBox &m_box;
    Deadlines m_deadlines;
    std::map<QString, std::unique_ptr<TargetService>> m_targets; ///< fixed once started
    std::mutex m_loginLock;
    Instant m_loginWindow{};
    int m_loginsInWindow = 0;
};

/// An event of the broker itself.
AuditEvent brokerEvent();

} // namespace parapet::plane
