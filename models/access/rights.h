// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/access/policy.h"
#include "models/domain/self.h"

namespace parapet::access {

/// What one principal may do, as the system that enforces it states it: the same evaluator over those grants, to say beforehand
/// what would be refused, and what to ask for. Immutable.
class Rights
{
public:
    /// Invalid: a right that is not "resource:action", a scope that is none.
    static Result<Rights> fromGrants(const QVector<Grant> &grants);

    bool allows(const QString &permission, const Target &target = {}) const;
    /// True when it is allowed in some project or workspace, or everywhere.
    bool allowsSomewhere(const QString &permission) const;

    /// Why not, and what to ask for, in a sentence: "You may not revoke workspaces: ask for workspace:revoke on project payments."
    /// Empty when it is allowed on every target; without targets, when it is allowed anywhere.
    QString refusal(const QString &permission, const QVector<Target> &targets = {}) const;

    const QVector<Grant> &grants() const { return m_grants; }
    friend bool operator==(const Rights &a, const Rights &b) { return a.m_grants == b.m_grants; }

private:
    QVector<Grant> m_grants;
    Policy m_policy;
};

/// What a permission lets one do, for people, translated: "revoke workspaces"; one that is not known comes back as it is called.
QString permissionTitle(const QString &permission);

} // namespace parapet::access
