// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/access/roles.h"

#include <QtCore/QCoreApplication>

namespace parapet::access {

using namespace Qt::StringLiterals;

const QStringList &knownPermissions()
{
    static const QStringList permissions{u"workspace:read"_s,    u"workspace:revoke"_s, u"workspace:stop"_s,
                                         u"session:read"_s,      u"session:end"_s,      u"lease:read"_s,
                                         u"lease:revoke"_s,      u"credential:probe"_s, u"principal:read"_s,
                                         u"principal:suspend"_s, u"runtime:read"_s,     u"runtime:freeze"_s,
                                         u"runtime:isolate"_s,   u"runtime:snapshot"_s, u"runtime:pause"_s,
                                         u"runtime:terminate"_s, u"evidence:read"_s,    u"audit:read"_s,
                                         u"audit:write"_s,       u"request:read"_s,     u"request:decide"_s};
    return permissions;
}

QVector<Role> builtInRoles()
{
    const QStringList viewer{u"workspace:read"_s, u"session:read"_s, u"lease:read"_s, u"principal:read"_s,
                             u"runtime:read"_s};
    // What stops something without destroying it: everyday work.
    const QStringList operating = viewer + QStringList{u"workspace:stop"_s, u"session:end"_s,     u"lease:revoke"_s,
                                                       u"runtime:freeze"_s, u"runtime:isolate"_s, u"runtime:snapshot"_s,
                                                       u"runtime:pause"_s,  u"audit:read"_s,      u"audit:write"_s};
    // What cannot be taken back, and the proof of it.
    const QStringList responding =
        operating + QStringList{u"workspace:revoke"_s, u"principal:suspend"_s, u"runtime:terminate"_s,
                                u"credential:probe"_s, u"evidence:read"_s};
    return {
        {u"viewer"_s, viewer},
        {u"operator"_s, operating},
        {u"responder"_s, responding},
        {u"auditor"_s, viewer + QStringList{u"audit:read"_s, u"evidence:read"_s}},
        {u"approver"_s, {u"workspace:read"_s, u"principal:read"_s, u"request:read"_s, u"request:decide"_s}},
        {u"agent-host"_s, {u"workspace:read"_s, u"runtime:read"_s, u"audit:write"_s}},
        {u"admin"_s, {u"*"_s}},
    };
}

QString roleTitle(const QString &name)
{
    static constexpr std::pair<const char *, const char *> titles[] = {
        {"viewer", QT_TRANSLATE_NOOP("access", "Viewer")},
        {"operator", QT_TRANSLATE_NOOP("access", "Security operator")},
        {"responder", QT_TRANSLATE_NOOP("access", "Incident responder")},
        {"auditor", QT_TRANSLATE_NOOP("access", "Auditor")},
        {"approver", QT_TRANSLATE_NOOP("access", "Approver")},
        {"agent-host", QT_TRANSLATE_NOOP("access", "Runtime host")},
        {"admin", QT_TRANSLATE_NOOP("access", "Administrator")},
    };
    for (const auto &[role, title] : titles) {
        if (name == QLatin1String(role))
            return QCoreApplication::translate("access", title);
    }
    return name;
}

} // namespace parapet::access
