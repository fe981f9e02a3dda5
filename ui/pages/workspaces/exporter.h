// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/workspace.h"
#include "models/ports/controlplane.h"
#include "ui/listing/exporter.h"

namespace parapet::pages {

/// All workspaces that match a query, to a file.
class WorkspaceExporter : public listing::RowExporter<Workspace>
{
public:
    WorkspaceExporter(ControlPlane &control, Query query, Format format, QVector<int> columns, QObject *parent = nullptr)
        : RowExporter([&control](const PageRequest &request) { return control.workspaces(request); }, std::move(query), format, std::move(columns), parent)
    {
    }
};

} // namespace parapet::pages
