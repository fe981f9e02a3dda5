// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/revocation.h"

namespace parapet::evidence {

/// What must hold in a record before it is signed, and again whenever it is read: one check for both, so that nothing
/// is issued that does not verify. Each gives what does not hold, in translated sentences that name it with inert text.

/// Identifiers are there, unique and known; times are known; steps wait only for steps that are there.
QStringList malformations(const RevocationRecord &record);
/// Each step was observed, no earlier than it was asked for.
QStringList unfinishedSteps(const RevocationRecord &record);
/// Each workspace was probed, each probe holds, none is older than the destruction in its workspace.
QStringList failedProbes(const RevocationRecord &record);
/// Evidence was observed before destruction was asked for, along the plan's order; or an override says why not.
QStringList lateEvidence(const RevocationRecord &record);
/// Every digest is one, and evidence has at least one.
QStringList malformedDigests(const RevocationRecord &record);

} // namespace parapet::evidence
