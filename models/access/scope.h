// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"

#include <QtCore/QString>

namespace parapet::access {

/// Where a binding holds: everywhere, in one project, or in one workspace. As text "organisation", "project:NAME",
/// "workspace:ID".
struct Scope {
    enum class Kind { Organisation, Project, Workspace };
    Kind kind = Kind::Organisation;
    QString name; ///< the project's name or the workspace's identifier; empty for the organisation

    static Scope organisation() { return {}; }
    static Scope project(QString name) { return {Kind::Project, std::move(name)}; }
    static Scope workspace(QString id) { return {Kind::Workspace, std::move(id)}; }

    QString text() const;
    static Result<Scope> fromText(const QString &text);
    friend bool operator==(const Scope &, const Scope &) = default;
};

/// What a call is about. A call about the organisation as a whole (a list, the log) leaves both empty.
struct Target {
    QString workspace; ///< identifier
    QString project;   ///< the project that it belongs to
};

} // namespace parapet::access
