// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/consolecontext.h"
#include "ui/shell/paletteprovider.h"

namespace parapet::pages {

/// Workspaces in the palette: asked of the control plane by what was typed; Enter opens the detail.
class WorkspaceProvider : public shell::PaletteProvider
{
    Q_OBJECT

public:
    explicit WorkspaceProvider(shell::ConsoleContext &context, QObject *parent = nullptr);
    QString heading() const override;
    Reply<shell::PaletteAnswer> search(const QString &needle) override;

private:
    shell::PaletteItem itemOf(const Workspace &workspace) const;
    shell::ConsoleContext &m_context;
};

} // namespace parapet::pages
