// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/access/policy.h"

#include "models/core/id.h"

#include <QtCore/QCoreApplication>

namespace parapet::access {

using namespace Qt::StringLiterals;

namespace {

constexpr int policyMaxPermissions = 256;

Failure policyInvalid(const char *message, const QString &detail)
{
    return fail(Error::Code::Invalid, QCoreApplication::translate("access", message), detail);
}

bool policyIsWord(QStringView text)
{
    const auto allowed = [](QChar c) { return (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9') || c == u'-'; };
    return !text.isEmpty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), allowed);
}

/// "resource:action", "resource:*" or "*".
bool policyIsPermission(const QString &text)
{
    if (text == u"*")
        return true;
    const qsizetype colon = text.indexOf(u':');
    const QStringView action = QStringView(text).mid(colon + 1);
    return colon > 0 && policyIsWord(QStringView(text).first(colon)) && (action == u"*" || policyIsWord(action));
}

bool policyCovers(const QString &pattern, const QString &permission)
{
    if (pattern == u"*" || pattern == permission)
        return true;
    return pattern.endsWith(":*"_L1) && QStringView(permission).startsWith(QStringView(pattern).chopped(1));
}

} // namespace

void Policy::Set::unite(const Set &other)
{
    for (size_t i = 0; i < words.size(); ++i)
        words[i] |= other.words[i];
}

Status Policy::addRoles(const QVector<Role> &roles)
{
    QStringList names = knownPermissions();
    for (const Role &role : roles) {
        for (const QString &permission : role.permissions) {
            if (!policyIsPermission(permission)) {
                return policyInvalid(QT_TRANSLATE_NOOP("access",
                                                       "A role names something that is not a permission. Write "
                                                       "resource:action."),
                                     role.name + u": "_s + permission);
            }
            if (!permission.endsWith(u'*'))
                names << permission;
        }
    }
    names.removeDuplicates();
    if (names.size() > policyMaxPermissions)
        return policyInvalid(QT_TRANSLATE_NOOP("access", "The policy has more than 256 permissions. Remove some."), {});
    m_names = names;
    for (int i = 0; i < names.size(); ++i)
        m_permissions.insert(names[i], i);
    for (const Role &role : roles) {
        if (!policyIsWord(role.name) || m_roles.contains(role.name))
            return policyInvalid(QT_TRANSLATE_NOOP("access", "A role has no proper name, or the name of another one."),
                                 role.name);
        Set set;
        for (const QString &pattern : role.permissions) {
            for (int i = 0; i < names.size(); ++i) {
                if (policyCovers(pattern, names[i]))
                    set.add(i);
            }
        }
        m_roles.insert(role.name, set);
        m_roleNames << role.name;
    }
    return {};
}

Status Policy::addBinding(const Binding &binding)
{
    const auto role = m_roles.constFind(binding.role);
    if (role == m_roles.constEnd())
        return policyInvalid(QT_TRANSLATE_NOOP("access", "A binding names a role that does not exist."), binding.role);
    if (!isIdentifier(binding.id) || m_bindingIds.contains(binding.id))
        return policyInvalid(QT_TRANSLATE_NOOP("access", "A binding has no identifier, or that of another one."),
                             binding.id);
    if (!isIdentifier(binding.principal))
        return policyInvalid(QT_TRANSLATE_NOOP("access", "A binding names no principal."), binding.id);
    if ((binding.scope.kind == Scope::Kind::Organisation) != binding.scope.name.isEmpty())
        return policyInvalid(QT_TRANSLATE_NOOP("access", "A binding's scope is not whole."), binding.id);
    const int place = int(m_bindings.size());
    m_bindings << binding;
    m_bindingIds.insert(binding.id, place);
    Holder &holder = m_holders[binding.principal];
    holder.bindings << place;
    Grants &grants = binding.scope.kind == Scope::Kind::Organisation ? holder.organisation
                     : binding.scope.kind == Scope::Kind::Project    ? holder.projects[binding.scope.name]
                                                                     : holder.workspaces[binding.scope.name];
    (binding.effect == Effect::Allow ? grants.allow : grants.deny).unite(*role);
    return {};
}

Result<Policy> Policy::compile(const QVector<Role> &roles, const QVector<Binding> &bindings)
{
    Policy policy;
    if (Status added = policy.addRoles(roles); !added)
        return fail(std::move(added.error()));
    for (const Binding &binding : bindings) {
        if (Status added = policy.addBinding(binding); !added)
            return fail(std::move(added.error()));
    }
    return policy;
}

Policy::Grants Policy::grantsFor(const Holder &holder, const Target &target) const
{
    Grants grants = holder.organisation;
    const auto unite = [&](const QHash<QString, Grants> &scoped, const QString &name) {
        const auto found = name.isEmpty() ? scoped.constEnd() : scoped.constFind(name);
        if (found == scoped.constEnd())
            return;
        grants.allow.unite(found->allow);
        grants.deny.unite(found->deny);
    };
    unite(holder.projects, target.project);
    unite(holder.workspaces, target.workspace);
    return grants;
}

bool Policy::allows(const QString &principal, const QString &permission, const Target &target) const
{
    const auto number = m_permissions.constFind(permission);
    const auto holder = m_holders.constFind(principal);
    if (number == m_permissions.constEnd() || holder == m_holders.constEnd())
        return false;
    const Grants grants = grantsFor(*holder, target);
    return grants.allow.has(*number) && !grants.deny.has(*number);
}

bool Policy::covers(const Scope &scope, const Target &target)
{
    switch (scope.kind) {
    case Scope::Kind::Organisation:
        return true;
    case Scope::Kind::Project:
        return scope.name == target.project;
    case Scope::Kind::Workspace:
        return scope.name == target.workspace;
    }
    return false;
}

Decision Policy::decide(const QString &principal, const QString &permission, const Target &target) const
{
    Decision decision;
    decision.permission = permission;
    const auto number = m_permissions.constFind(permission);
    if (number == m_permissions.constEnd()) {
        decision.reason = Decision::Reason::UnknownPermission;
        return decision;
    }
    const auto take = [&](Decision::Reason reason, const Binding &binding) {
        decision.reason = reason;
        decision.binding = binding.id;
        decision.role = binding.role;
        decision.scope = binding.scope;
    };
    const auto holder = m_holders.constFind(principal);
    for (const int place : holder == m_holders.constEnd() ? QVector<int>{} : holder->bindings) {
        const Binding &binding = m_bindings[place];
        if (!m_roles.constFind(binding.role)->has(*number))
            continue;
        const bool here = covers(binding.scope, target);
        if (here && binding.effect == Effect::Deny) {
            take(Decision::Reason::Denied, binding);
            return decision;
        }
        if (here && !decision.allowed())
            take(Decision::Reason::Allowed, binding);
        else if (!here && binding.effect == Effect::Allow && decision.reason == Decision::Reason::NoBinding)
            take(Decision::Reason::OutOfScope, binding);
    }
    if (!decision.allowed()) {
        for (const QString &role : m_roleNames) {
            if (m_roles.constFind(role)->has(*number))
                decision.rolesThatAllow << role;
        }
    }
    return decision;
}

QStringList Policy::permissionsOf(const QString &principal, const Target &target) const
{
    const auto holder = m_holders.constFind(principal);
    if (holder == m_holders.constEnd())
        return {};
    const Grants grants = grantsFor(*holder, target);
    QStringList allowed;
    for (int i = 0; i < m_names.size(); ++i) {
        if (grants.allow.has(i) && !grants.deny.has(i))
            allowed << m_names[i];
    }
    allowed.sort();
    return allowed;
}

bool Policy::allowsSomewhere(const QString &principal, const QString &permission) const
{
    const auto number = m_permissions.constFind(permission);
    const auto holder = m_holders.constFind(principal);
    if (number == m_permissions.constEnd() || holder == m_holders.constEnd())
        return false;
    const Grants &all = holder->organisation;
    if (all.deny.has(*number))
        return false;
    const auto allowed = [&](const Grants &grants) {
        return (all.allow.has(*number) || grants.allow.has(*number)) && !grants.deny.has(*number);
    };
    return all.allow.has(*number) || std::any_of(holder->projects.begin(), holder->projects.end(), allowed) ||
           std::any_of(holder->workspaces.begin(), holder->workspaces.end(), allowed);
}

QVector<Grant> Policy::grantsOf(const QString &principal) const
{
    QVector<Grant> list;
    const auto holder = m_holders.constFind(principal);
    if (holder == m_holders.constEnd())
        return list;
    const auto add = [&](const Scope &scope, const Grants &grants) {
        for (int i = 0; i < m_names.size(); ++i) {
            if (grants.allow.has(i))
                list.append({m_names[i], scope.text(), GrantEffect::Allow});
            if (grants.deny.has(i))
                list.append({m_names[i], scope.text(), GrantEffect::Deny});
        }
    };
    add(Scope::organisation(), holder->organisation);
    for (auto it = holder->projects.begin(); it != holder->projects.end(); ++it)
        add(Scope::project(it.key()), *it);
    for (auto it = holder->workspaces.begin(); it != holder->workspaces.end(); ++it)
        add(Scope::workspace(it.key()), *it);
    std::sort(list.begin(), list.end(), [](const Grant &a, const Grant &b) {
        return std::tie(a.scope, a.right, a.effect) < std::tie(b.scope, b.right, b.effect);
    });
    return list;
}

QString Decision::explanation() const
{
    const auto text = [](const char *noop) { return QCoreApplication::translate("access", noop); };
    QStringList titles;
    for (const QString &name : rolesThatAllow)
        titles << roleTitle(name);
    switch (reason) {
    case Reason::Allowed:
        return text(QT_TRANSLATE_NOOP("access", "Allowed by binding %1: role %2 on %3."))
            .arg(binding, roleTitle(role), this->scope.text());
    case Reason::Denied:
        return text(QT_TRANSLATE_NOOP("access", "Denied by binding %1: role %2 on %3. A deny beats every allow."))
            .arg(binding, roleTitle(role), this->scope.text());
    case Reason::OutOfScope:
        return text(QT_TRANSLATE_NOOP("access",
                                      "Not here: binding %1 gives %2 only on %3. Ask for a binding that covers this."))
            .arg(binding, permission, this->scope.text());
    case Reason::NoBinding:
        return text(QT_TRANSLATE_NOOP("access", "No binding gives %1. Ask for one of these roles: %2."))
            .arg(permission, titles.join(", "_L1));
    case Reason::UnknownPermission:
        return text(QT_TRANSLATE_NOOP("access", "There is no permission %1: nobody can have it.")).arg(permission);
    }
    return {};
}

} // namespace parapet::access
