// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/operation/run.h"
#include "ui/kit/paint.h"
#include "ui/pages/overview/overviewdata.h"

namespace parapet::pages {

/// One thing that waits for a person, as a row of "Needs a human now".
struct Need {
    Severity severity = Severity::Medium;
    QString kind;              ///< translated: "Probe", "Drift", "Connection"
    QVector<kit::Run> what;    ///< a sentence
    QString context;           ///< where from
    QString when;              ///< "9 s ago", "retry in 4 s"
    QString action;            ///< the button's verb
    QString key;               ///< tells it from others: stable while it lasts
    shell::Location place;     ///< where the button leads, or
    OperationId operation;     ///< whose sheet it opens
};

/// What is known, from which needs follow.
struct NeedsInput {
    const OverviewData *data = nullptr;
    const fleet::Connection *connection = nullptr;
    QVector<const operation::Operation *> operations;
    QVector<operation::UnfinishedRun> unfinished;
    Instant now{};
};

/// The needs, the most severe first, the newest first among equals. Nothing here is remembered: what no longer holds is gone.
QVector<Need> needsFrom(const NeedsInput &input);

} // namespace parapet::pages
