// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/control/authority.h"

namespace parapet::plane {

using namespace Qt::StringLiterals;

namespace {

access::Target authorityTarget(const Workspace *workspace)
{
    return workspace ? access::Target{workspace->id.value, workspace->project} : access::Target{};
}

} // namespace

Result<std::shared_ptr<const Authority>> Authority::make(QVector<access::Role> roles, QVector<BindingRow> bindings)
{
    QVector<access::Binding> compiled;
    for (const BindingRow &row : bindings) {
        Result<access::Scope> scope = access::Scope::fromText(row.scope);
        if (!scope)
            return fail(scope.error());
        compiled.append({u"b%1"_s.arg(compiled.size()), row.principal.value, row.role, *scope, access::Effect::Allow});
    }
    Result<access::Policy> policy = access::Policy::compile(roles, compiled);
    if (!policy)
        return fail(policy.error());
    auto authority = std::make_shared<Authority>();
    authority->m_roles = std::move(roles);
    authority->m_bindings = std::move(bindings);
    authority->m_policy = std::move(*policy);
    return authority;
}

bool Authority::allows(const PrincipalId &principal, const QString &right, const Workspace *workspace) const
{
    return m_policy->allows(principal.value, right, authorityTarget(workspace));
}

bool Authority::allowsSomewhere(const PrincipalId &principal, const QString &right) const
{
    return m_policy->allowsSomewhere(principal.value, right);
}

QString Authority::explanation(const PrincipalId &principal, const QString &right, const Workspace *workspace) const
{
    return m_policy->decide(principal.value, right, authorityTarget(workspace)).explanation();
}

Result<std::shared_ptr<const Authority>> Authority::load(storage::Database &database)
{
    QVector<access::Role> roles;
    QVector<BindingRow> bindings;
    auto rows = database.prepare(R"(SELECT "name","permissions" FROM roles)", false);
    if (!rows)
        return fail(rows.error());
    while (true) {
        const Result<bool> there = rows->step();
        if (!there)
            return fail(there.error());
        if (!*there)
            break;
        roles.append({rows->text(0), rows->text(1).split(u' ', Qt::SkipEmptyParts)});
    }
    auto bound = database.prepare(R"(SELECT "principal","role","scope" FROM bindings)", false);
    if (!bound)
        return fail(bound.error());
    while (true) {
        const Result<bool> there = bound->step();
        if (!there)
            return fail(there.error());
        if (!*there)
            break;
        bindings.append({PrincipalId(bound->text(0)), bound->text(1), bound->text(2)});
    }
    return make(std::move(roles), std::move(bindings));
}

bool Authority::hasRole(const QString &name) const
{
    return std::any_of(m_roles.cbegin(), m_roles.cend(), [&](const access::Role &role) { return role.name == name; });
}

Result<std::shared_ptr<const Authority>> Authority::with(const BindingRow &binding) const
{
    QVector<BindingRow> bindings = m_bindings;
    bindings.append(binding);
    return make(m_roles, std::move(bindings));
}

Status Authority::storeRole(storage::Database &database, const access::Role &role)
{
    auto row = database.prepare(
        R"(INSERT INTO roles("name","permissions") VALUES(?,?) ON CONFLICT("name") DO UPDATE SET "permissions"=excluded."permissions")");
    if (!row)
        return fail(row.error());
    return row->bind(1, role.name).bind(2, role.permissions.join(u' ')).run();
}

Status Authority::storeBinding(storage::Database &database, const BindingRow &binding)
{
    auto row = database.prepare(
        R"(INSERT INTO bindings("principal","role","scope") VALUES(?,?,?) ON CONFLICT("principal","role","scope") DO NOTHING)");
    if (!row)
        return fail(row.error());
    return row->bind(1, binding.principal.value).bind(2, binding.role).bind(3, binding.scope).run();
}

QVector<access::Role> Authority::standardRoles()
{
    QVector<access::Role> roles = access::builtInRoles();
    roles.append({u"prober"_s, {u"credential:probe"_s, u"session:read"_s, u"lease:read"_s, u"workspace:read"_s, u"runtime:read"_s,
                                u"evidence:read"_s, u"audit:read"_s}});
    roles.append({u"developer"_s, {u"workspace:read"_s, u"session:read"_s, u"lease:read"_s, u"runtime:read"_s}});
    return roles;
}

} // namespace parapet::plane
