// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/principal.h"

namespace parapet {

enum class LeaseKind { GitToken, DatabasePassword, RegistryToken, CloudRole };
template<>
struct EnumNames<LeaseKind> {
    static constexpr std::array names{"gitToken", "databasePassword", "registryToken", "cloudRole"};
};

enum class LeaseState { Active, Revoked, Expired };
template<>
struct EnumNames<LeaseState> {
    static constexpr std::array names{"active", "revoked", "expired"};
};

/// A short-lived credential that the broker issued to a workspace. Its secret is never part of it.
struct Lease {
    LeaseId id;
    QString name; ///< "db-payments-ro"
    LeaseKind kind = LeaseKind::GitToken;
    QString target;   ///< the service that accepts it: "postgres-payments"
    QString endpoint; ///< where the service listens, "https://127.0.0.1:PORT"
    WorkspaceId workspace;
    PrincipalId holder;
    Untrusted holderName;
    bool production = false;
    LeaseState state = LeaseState::Active;
    Instant issued{};
    Instant expires{};
    Instant revoked{};
    qint64 version = 0;
};
template<>
std::span<const Field<Lease>> fieldsOf<Lease>();

} // namespace parapet
