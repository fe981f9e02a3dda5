// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/access/scope.h"

#include <QtCore/QCoreApplication>

namespace parapet::access {

QString Scope::text() const
{
    switch (kind) {
    case Kind::Organisation:
        return QStringLiteral("organisation");
    case Kind::Project:
        return QLatin1String("project:") + name;
    case Kind::Workspace:
        return QLatin1String("workspace:") + name;
    }
    return {};
}

Result<Scope> Scope::fromText(const QString &text)
{
    const auto named = [&](QLatin1String prefix) { return text.startsWith(prefix) && text.size() > prefix.size(); };
    const QLatin1String project("project:"), workspace("workspace:");
    if (text == QLatin1String("organisation"))
        return organisation();
    if (text.size() <= 256 && named(project))
        return Scope::project(text.mid(project.size()));
    if (text.size() <= 256 && named(workspace))
        return Scope::workspace(text.mid(workspace.size()));
    return fail(
        Error::Code::Invalid,
        QCoreApplication::translate("access", "A scope is \"organisation\", \"project:NAME\" or \"workspace:ID\"."),
        QStringLiteral("scope"));
}

} // namespace parapet::access
