// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/switchboard.h"
#include "ui/kit/theme.h"
#include "ui/shell/consolecontext.h"
#include "ui/shell/page.h"

namespace parapet::console {

/// What pages are made from; everything lives longer than they do.
struct PageParts {
    shell::ConsoleContext &context;
    fleet::Switchboard &switchboard;
    kit::Theme &theme;
    QString dataFolder;
};

/// The list of pages, in the order of the rail.
QVector<shell::PageInfo> pages(const PageParts &parts);

} // namespace parapet::console
