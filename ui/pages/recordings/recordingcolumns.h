// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/kit/tableview.h"

namespace parapet::pages {

/// The columns of a RecordingModel, in its order.
QVector<kit::Column> recordingColumns();

} // namespace parapet::pages
