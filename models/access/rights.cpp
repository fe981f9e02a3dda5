// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/access/rights.h"

#include "models/core/untrusted.h"

#include <QtCore/QCoreApplication>

namespace parapet::access {

using namespace Qt::StringLiterals;

namespace {

QString rightsPrincipal()
{
    return u"self"_s;
}

/// Where to ask for a right.
QString rightsPlace(const Target &target)
{
    if (!target.project.isEmpty())
        return QCoreApplication::translate("access", "project %1").arg(Untrusted(target.project).inert(80));
    if (!target.workspace.isEmpty())
        return QCoreApplication::translate("access", "workspace %1").arg(Untrusted(target.workspace).inert(80));
    return QCoreApplication::translate("access", "the organisation");
}

} // namespace

Result<Rights> Rights::fromGrants(const QVector<Grant> &grants)
{
    // One role for each scope and effect: those are the bindings.
    QVector<Role> roles;
    QVector<Binding> bindings;
    QHash<QString, int> places;
    for (const Grant &grant : grants) {
        const QString key = nameOf(grant.effect) + u' ' + grant.scope;
        const auto known = places.constFind(key);
        if (known != places.constEnd()) {
            roles[*known].permissions << grant.right;
            continue;
        }
        Result<Scope> scope = Scope::fromText(grant.scope);
        if (!scope)
            return fail(std::move(scope.error()));
        const QString name = u"g%1"_s.arg(roles.size());
        places.insert(key, int(roles.size()));
        roles.append({name, {grant.right}});
        bindings.append({name, rightsPrincipal(), name, std::move(*scope),
                         grant.effect == GrantEffect::Deny ? Effect::Deny : Effect::Allow});
    }
    Result<Policy> policy = Policy::compile(roles, bindings);
    if (!policy)
        return fail(std::move(policy.error()));
    Rights rights;
    rights.m_grants = grants;
    rights.m_policy = std::move(*policy);
    return rights;
}

bool Rights::allows(const QString &permission, const Target &target) const
{
    return m_policy.allows(rightsPrincipal(), permission, target);
}

bool Rights::allowsSomewhere(const QString &permission) const
{
    return m_policy.allowsSomewhere(rightsPrincipal(), permission);
}

QString Rights::refusal(const QString &permission, const QVector<Target> &targets) const
{
    Target where;
    if (targets.isEmpty()) {
        if (allowsSomewhere(permission))
            return {};
    } else {
        const auto refused = std::find_if(targets.begin(), targets.end(), [&](const Target &target) { return !allows(permission, target); });
        if (refused == targets.end())
            return {};
        where = *refused;
    }
    const bool denied = m_policy.decide(rightsPrincipal(), permission, where).reason == Decision::Reason::Denied;
    return (denied ? QCoreApplication::translate("access", "You may not %1: %2 was denied to you on %3.")
                   : QCoreApplication::translate("access", "You may not %1: ask for %2 on %3."))
        .arg(permissionTitle(permission), permission, rightsPlace(where));
}

QString permissionTitle(const QString &permission)
{
    static constexpr std::pair<const char *, const char *> titles[] = {
        {"workspace:read", QT_TRANSLATE_NOOP("access", "see workspaces")},
        {"workspace:revoke", QT_TRANSLATE_NOOP("access", "revoke workspaces")},
        {"workspace:stop", QT_TRANSLATE_NOOP("access", "stop workspaces")},
        {"session:read", QT_TRANSLATE_NOOP("access", "see sessions")},
        {"session:end", QT_TRANSLATE_NOOP("access", "end sessions")},
        {"lease:read", QT_TRANSLATE_NOOP("access", "see leases")},
        {"lease:revoke", QT_TRANSLATE_NOOP("access", "revoke leases")},
        {"credential:probe", QT_TRANSLATE_NOOP("access", "try credentials")},
        {"principal:read", QT_TRANSLATE_NOOP("access", "see people and agents")},
        {"principal:suspend", QT_TRANSLATE_NOOP("access", "suspend people and agents")},
        {"runtime:read", QT_TRANSLATE_NOOP("access", "see what runs")},
        {"runtime:freeze", QT_TRANSLATE_NOOP("access", "freeze and thaw workspaces")},
        {"runtime:isolate", QT_TRANSLATE_NOOP("access", "cut workspaces from the network")},
        {"runtime:snapshot", QT_TRANSLATE_NOOP("access", "take snapshots")},
        {"runtime:pause", QT_TRANSLATE_NOOP("access", "pause AI agents")},
        {"runtime:terminate", QT_TRANSLATE_NOOP("access", "end what runs")},
        {"evidence:read", QT_TRANSLATE_NOOP("access", "read evidence")},
        {"audit:read", QT_TRANSLATE_NOOP("access", "read the audit log")},
        {"audit:write", QT_TRANSLATE_NOOP("access", "write to the audit log")},
        {"request:read", QT_TRANSLATE_NOOP("access", "see requests")},
        {"request:decide", QT_TRANSLATE_NOOP("access", "decide requests")},
    };
    for (const auto &[name, title] : titles) {
        if (permission == QLatin1String(name))
            return QCoreApplication::translate("access", title);
    }
    return permission;
}

} // namespace parapet::access
