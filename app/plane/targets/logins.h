// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/plane/targets/target.h"

#include <QtCore/QHash>

#include <mutex>
#include <optional>

namespace parapet::plane {

/// What one target accepts: of each secret only SHA-256(salt ‖ user ‖ 0 ‖ secret), with a salt of this store's own.
/// Since it is salted, looking a digest up in a table betrays nothing by its timing. Thread-safe.
class LoginStore
{
public:
    struct Login {
        LeaseId lease;
        QString as;
    };

    LoginStore();
    void grant(const QByteArray &user, const Credential &credential);
    bool drop(const LeaseId &lease);
    std::optional<Login> find(const QByteArray &user, const QByteArray &secret) const;
    qsizetype size() const;

private:
    QByteArray digestOf(const QByteArray &user, const QByteArray &secret) const;
    const QByteArray m_salt;
    mutable std::mutex m_mutex;
    QHash<QByteArray, Login> m_logins;    ///< by digest
    QHash<LeaseId, QByteArray> m_digests; ///< by lease
};

} // namespace parapet::plane
