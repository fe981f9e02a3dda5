// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QStringList>
#include <QtCore/QVector>

namespace parapet::access {

/// A named set of permissions, each "resource:action". "resource:*" stands for every action on a resource, "*" for
/// everything.
struct Role {
    QString name; ///< lower case, [a-z0-9-]
    QStringList permissions;
};

/// The permissions that the plane asks for, in a fixed order.
const QStringList &knownPermissions();

/// viewer, operator, responder, auditor, approver, agent-host, admin. Approver has no rights over running things:
/// approving is its own right, given to somebody who cannot act. Agent-host is for the machines that report; it can do
/// nothing else.
QVector<Role> builtInRoles();

/// A role's name for people, translated; other roles come back as they are called.
QString roleTitle(const QString &name);

} // namespace parapet::access
