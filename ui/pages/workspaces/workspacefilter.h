// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/workspace.h"
#include "ui/listing/queryfilter.h"

namespace parapet::pages {

/// The filter language over workspaces.
class WorkspaceFilter : public listing::QueryFilter
{
public:
    WorkspaceFilter() : QueryFilter(query::schemaOf<Workspace>()) {}
};

} // namespace parapet::pages
