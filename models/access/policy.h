// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/access/roles.h"
#include "models/access/scope.h"
#include "models/domain/self.h"

#include <QtCore/QHash>

#include <array>

namespace parapet::access {

enum class Effect { Allow, Deny };

/// A role for a principal within a scope. A deny binding takes the role's permissions away there, whatever else allows
/// them.
struct Binding {
    QString id;        ///< identifier, unique within the policy
    QString principal; ///< identifier of a person, service or AI agent
    QString role;
    Scope scope;
    Effect effect = Effect::Allow;
};

/// An answer with its reason.
struct Decision {
    enum class Reason {
        Allowed,           ///< `binding` allows it
        Denied,            ///< `binding` denies it
        OutOfScope,        ///< `binding` would allow it elsewhere
        NoBinding,         ///< no binding of the principal gives the permission
        UnknownPermission, ///< nobody can have it
    };
    Reason reason = Reason::NoBinding;
    QString permission;
    QString binding;            ///< the deciding binding's identifier, or empty
    QString role;               ///< its role
    Scope scope;                ///< its scope
    QStringList rolesThatAllow; ///< when it is refused for want of a binding: the roles that would give it

    bool allowed() const { return reason == Reason::Allowed; }
    /// One sentence for a person, translated: which binding decides, or what is missing.
    QString explanation() const;
};

/// Roles and bindings, compiled. Immutable, safe to read from several threads. Default deny; an explicit deny beats
/// every allow.
///
/// A binding on the organisation holds for every target, one on a project for the workspaces of that project and the
/// project itself, one on a workspace for that workspace alone. A target without a workspace and project is the whole
/// organisation: only bindings on the organisation allow it, and only they deny it.
class Policy
{
public:
    /// Nobody may do anything.
    Policy() = default;
    /// At most 256 distinct permissions. Errors (Invalid): a permission that is not "resource:action", a role defined
    /// twice or not at all, a binding's identifier used twice or missing, a scope without a name.
    static Result<Policy> compile(const QVector<Role> &roles, const QVector<Binding> &bindings);

    /// The answer alone: a few hash look-ups.
    bool allows(const QString &principal, const QString &permission, const Target &target) const;
    /// The same answer with its reason; looks at all of the principal's bindings.
    Decision decide(const QString &principal, const QString &permission, const Target &target) const;
    /// Everything that the principal may do to the target, sorted.
    QStringList permissionsOf(const QString &principal, const Target &target) const;

    /// True when the permission is allowed on the organisation, or on some project or workspace that a binding names.
    bool allowsSomewhere(const QString &principal, const QString &permission) const;
    /// Everything that bindings give or deny the principal, scope by scope, roles and wildcards written out. Rights::fromGrants()
    /// answers every question as this policy does.
    QVector<Grant> grantsOf(const QString &principal) const;

    const QVector<Binding> &bindings() const { return m_bindings; }

private:
    /// A set of permissions by number.
    struct Set {
        std::array<quint64, 4> words{};
        void add(int i) { words[size_t(i) / 64] |= quint64(1) << (i % 64); }
        bool has(int i) const { return words[size_t(i) / 64] >> (i % 64) & 1; }
        void unite(const Set &other);
    };
    struct Grants {
        Set allow;
        Set deny;
    };
    struct Holder {
        Grants organisation;
        QHash<QString, Grants> projects;
        QHash<QString, Grants> workspaces;
        QVector<int> bindings; ///< places in m_bindings
    };

    Status addRoles(const QVector<Role> &roles);
    Status addBinding(const Binding &binding);
    Grants grantsFor(const Holder &holder, const Target &target) const;
    static bool covers(const Scope &scope, const Target &target);

    QHash<QString, int> m_permissions;
    QStringList m_names; ///< by number
    QHash<QString, Set> m_roles;
    QStringList m_roleNames; ///< in the order of definition
    QHash<QString, Holder> m_holders;
    QVector<Binding> m_bindings;
    QHash<QString, int> m_bindingIds;
};

} // namespace parapet::access
