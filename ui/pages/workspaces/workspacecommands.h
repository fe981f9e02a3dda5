// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/response/revoke.h"
#include "ui/shell/consolecontext.h"

namespace parapet::pages {

/// What the commands act on, asked when one is started.
struct CommandTargets {
    std::function<response::Targets()> targets;
    std::function<QVector<access::Target>()> access; ///< those whose rights can be looked at beforehand
    std::function<QString()> name;         ///< "ws-payments-api-7f3" or "3 workspaces", safe to draw
    std::function<void()> copyIdentifiers;
    std::function<void()> copyApiCall;
    std::function<void()> openDetail;
};

/// The commands on workspaces. Each proposes a plan of models/response; none calls a port by itself. A verb that the runtime lacks
/// is disabled with the runtime's own reason.
QVector<shell::Command> workspaceCommands(shell::ConsoleContext &context, const CommandTargets &targets);

/// The verbs of the bulk bar and of the detail pane, in order.
QStringList bulkCommandIds();
QStringList detailCommandIds();
QStringList menuCommandIds();

} // namespace parapet::pages
