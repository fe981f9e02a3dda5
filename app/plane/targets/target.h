// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"
#include "models/domain/lease.h"

#include <QtCore/QByteArray>
#include <QtCore/QString>

#include <atomic>
#include <functional>
#include <memory>

namespace parapet::plane {

/// A credential that a target service accepts, as the broker hands it over.
struct Credential {
    LeaseId lease;
    QString userName; ///< for gitToken and databasePassword; ignored for the others
    QByteArray secret;
    QString as; ///< whom a login is taken for: "ws-… (db-payments-ro)"
};

/// One login that was tried at a target.
struct TargetEvent {
    QString target;
    bool accepted = false;
    LeaseId lease;      ///< of an accepted login, else empty
    Untrusted userName; ///< as the client sent it, at most 128 characters; empty for bearer logins
    QString peer;       ///< "127.0.0.1:PORT"
    QString action;     ///< "try", "git.refs", "login", "registry.manifest", "role.assume"
    Instant at{};
};

/// A small service on loopback that accepts or refuses credentials of one kind, with a store of its own: what the
/// broker believes and what the target accepts are two things, and only trying tells. Of a secret it keeps a salted
/// SHA-256. TLS 1.3 with the plane's certificate; no client certificate.
///
/// GET /v1/try → 200 {"target","accepted":true,"as"} | 401 {"target","accepted":false,"error"} with WWW-Authenticate.
/// Beside it the path that its kind has in life:
///   gitToken          GET /REPO.git/info/refs?service=git-upload-pack, POST /REPO.git/git-receive-pack
///   databasePassword  POST /v1/login, POST /v1/query
///   registryToken     GET /v2/, GET /v2/NAME/manifests/REFERENCE
///   cloudRole         GET /sts/caller-identity
/// Basic for the first two kinds, Bearer for the others (RFC 7617, RFC 6750). A wrong scheme is a refusal.
///
/// Threads: all functions from any thread; onEvent comes on a thread of the server.
class TargetService
{
public:
    struct Tls {
        QByteArray certificateChain; ///< PEM
        QByteArray privateKey;       ///< PEM
        QByteArray authority;        ///< PEM
    };

    TargetService(LeaseKind kind, QString name);
    virtual ~TargetService();
    TargetService(const TargetService &) = delete;
    TargetService &operator=(const TargetService &) = delete;

    /// Set before start().
    std::function<void(const TargetEvent &)> onEvent;

    /// Listens on 127.0.0.1:`port` (0: any).
    Status start(const Tls &tls, quint16 port = 0);
    void stop();

    LeaseKind kind() const { return m_kind; }
    const QString &name() const { return m_name; }
    quint16 port() const;
    /// "https://127.0.0.1:PORT"; empty before start().
    QString endpoint() const;

    /// Accepts `credential` from now on; one with the same lease replaces it.
    virtual void grant(const Credential &credential);
    /// Accepts the credential of `lease` no longer. False when it held none.
    virtual bool drop(const LeaseId &lease);

    qsizetype credentials() const;
    qint64 acceptedLogins() const { return m_accepted; }
    qint64 refusedLogins() const { return m_refused; }

private:
    class Private;
    friend class Private;
    const LeaseKind m_kind;
    const QString m_name;
    std::atomic<qint64> m_accepted = 0;
    std::atomic<qint64> m_refused = 0;
    std::unique_ptr<Private> d;
};

} // namespace parapet::plane
