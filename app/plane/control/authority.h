// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/access/policy.h"
#include "models/domain/principal.h"
#include "models/domain/workspace.h"
#include "models/storage/database.h"

namespace parapet::plane {

/// Who holds which role, and where (table "bindings").
struct BindingRow {
    PrincipalId principal;
    QString role;
    QString scope;          ///< "organisation", "project:NAME" or "workspace:ID"
};

/// The plane's policy: roles and bindings as they are stored, and the answer of models/access to each call. Immutable: a change
/// makes another one. Any thread.
class Authority
{
public:
    static Result<std::shared_ptr<const Authority>> load(storage::Database &database);
    static Result<std::shared_ptr<const Authority>> make(QVector<access::Role> roles, QVector<BindingRow> bindings);

    /// True only when a binding grants it: default deny. Without a workspace only bindings to the organisation count.
    bool allows(const PrincipalId &principal, const QString &right, const Workspace *workspace = nullptr) const;
    /// True when some binding grants it, wherever.
    bool allowsSomewhere(const PrincipalId &principal, const QString &right) const;
    /// All that bindings give the principal, scope by scope.
    QVector<Grant> grantsOf(const PrincipalId &principal) const { return m_policy->grantsOf(principal.value); }
    /// Why, in a sentence.
    QString explanation(const PrincipalId &principal, const QString &right, const Workspace *workspace = nullptr) const;

    const QVector<access::Role> &roles() const { return m_roles; }
    const QVector<BindingRow> &bindings() const { return m_bindings; }
    bool hasRole(const QString &name) const;

    /// With one binding more; storeBinding() writes it. Invalid for an unknown role or scope.
    Result<std::shared_ptr<const Authority>> with(const BindingRow &binding) const;

    static Status storeRole(storage::Database &database, const access::Role &role);
    static Status storeBinding(storage::Database &database, const BindingRow &binding);

    /// The roles that every plane begins with: those of models/access, "prober" and "developer".
    static QVector<access::Role> standardRoles();

private:
    QVector<access::Role> m_roles;
    QVector<BindingRow> m_bindings;
    std::optional<access::Policy> m_policy;
};

} // namespace parapet::plane
