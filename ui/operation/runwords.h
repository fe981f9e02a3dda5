// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/roles.h"
#include "models/operation/runner.h"

namespace parapet::ui {

/// How a run stands, for people, wherever it is told: the sheet, the list of operations, notifications.
struct RunWords {
    StateMark mark = StateMark::None;
    QString text;     ///< translated: "Proven", "Stopped: 1 failed"
    QString sentence; ///< translated, whole: "Every probe holds."
};

RunWords runWords(const operation::Operation &operation);
/// A run that is over, of this or of an earlier process; a damaged journal says what to do about it.
RunWords runWords(const operation::PastRun &run);
/// A run that an earlier process did not end.
RunWords runWords(const operation::UnfinishedRun &run);

} // namespace parapet::ui
