// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/roles.h"
#include "ui/kit/theme.h"

#include <QtCore/QString>

class QPainter;

namespace parapet::kit {

QString severityText(Severity severity);
QString proofText(Proof proof);
Role severityRole(Severity severity);
Role severitySoftRole(Severity severity);
Role stateRole(StateMark mark);

/// Each paints its mark centred in `rect`; cached by shape, colour, size and device pixel ratio. `grey` leaves the
/// shape alone.
void paintSeverity(QPainter &painter, const QRect &rect, Severity severity, const Theme &theme,
                   int pixels = size::severityMark, bool grey = false);
void paintState(QPainter &painter, const QRect &rect, StateMark mark, const Theme &theme);
void paintProof(QPainter &painter, const QRect &rect, Proof proof, const Theme &theme);

/// Mark and text as a cell draws them; Requested, Survives and Stale get their outlined pill. Returns the width used.
int paintStatePill(QPainter &painter, const QRect &rect, StateMark mark, const QString &text, const Theme &theme);
/// The width paintStatePill() needs.
int statePillWidth(StateMark mark, const QString &text, const Theme &theme);

} // namespace parapet::kit
