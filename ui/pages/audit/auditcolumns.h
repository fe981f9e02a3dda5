// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/kit/tableview.h"
#include "ui/listing/savedviews.h"

namespace parapet::pages {

/// The columns of an AuditModel, in its order; and which of them stands last.
QVector<kit::Column> auditColumns();
/// The few of them that there is room for beside an event.
QVector<kit::Column> neighbourColumns();
QVector<listing::SavedView> auditViews();

} // namespace parapet::pages
