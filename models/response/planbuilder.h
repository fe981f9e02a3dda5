// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/response/survey.h"

namespace parapet::response {

// What the plans of this room have in common.

/// A step's identifier: the verb and the workspace, or its number in the plan where that would be too long.
QString stepId(const QString &verb, const WorkspaceId &workspace, int number);

operation::Plan emptyPlan(const QString &feature, const QString &reason, const PlanOptions &options);
void describeWorkspace(operation::Plan &plan, const Surveyed &what);

/// Counts and named lines of what the plan touches: sessions and agents by their effect, production leases, other services.
void countTouched(operation::Plan &plan, const Survey &survey, const QString &personEffect, const QString &agentEffect);

/// The plan that `make` makes of a survey, made when the survey is there; a cancelled reply cancels the survey.
Reply<operation::Plan> planned(const Reply<Survey> &survey, std::function<Result<operation::Plan>(const Survey &)> make);

} // namespace parapet::response
