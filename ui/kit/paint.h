// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/kit/icon.h"
#include "ui/kit/marks.h"

#include <QtCore/QVector>

class QPainter;

namespace parapet::kit {

/// Shared painters: what delegates and widgets draw alike. Rectangles are logical pixels; borders are 1
/// device-independent pixel, drawn inside. Text given to them must be ours or inert.

/// A rounded rectangle with a crisp border; an invalid colour leaves out fill or border.
void paintBox(QPainter &painter, const QRect &rect, int radius, const QColor &fill, const QColor &border,
              Qt::PenStyle pen = Qt::SolidLine);
/// The 2 px ring, 1 px off `rect`.
void paintFocusRing(QPainter &painter, const QRect &rect, int radius, const Theme &theme);
/// The 2 px frame inside a cell or list row.
void paintInnerFocus(QPainter &painter, const QRect &rect, const Theme &theme);

/// One line, vertically centred, elided. Layouts are cached: the same text in the same width costs next to nothing
/// again.
void paintText(QPainter &painter, const QRect &rect, const QString &text, const Theme &theme, Type type, Role role,
               Qt::Alignment horizontal = Qt::AlignLeft, Qt::TextElideMode elide = Qt::ElideRight, int weight = 0);
/// The text of a button, tab or menu item as it is drawn: "&&" is one ampersand, a single one before a letter its key.
QString withoutMnemonic(const QString &text);

/// How many lines had to be shaped so far, ten microseconds each: text in a fixed-pitch font is none of them.
quint64 shapedLines();

int textWidth(const QString &text, const Theme &theme, Type type, int weight = 0);

/// A key in its cap ("Ctrl K", "Esc"), left-aligned and centred in `rect`; returns its width. `on` is drawn on accent
/// fills.
int paintKeyCap(QPainter &painter, const QRect &rect, const QString &key, const Theme &theme, bool onAccent = false);
int keyCapWidth(const QString &key, const Theme &theme);

/// An outlined tag of 18 px in a role's colour ("signed", "drift"); `soft` fills it. Returns its width.
int paintTag(QPainter &painter, const QRect &rect, const QString &text, Role role, const Theme &theme,
             bool filled = false);
int tagWidth(const QString &text, const Theme &theme);

/// Skeleton bar for what is not loaded; `seed` varies its width between 45 and 85 % of the cell.
void paintSkeleton(QPainter &painter, const QRect &cell, uint seed, Qt::Alignment align, const Theme &theme);

/// Diagonal hatching in the grid colour.
void paintHatching(QPainter &painter, const QRect &rect, const Theme &theme);

/// A check box of 14 px centred in `rect`.
void paintCheckBox(QPainter &painter, const QRect &rect, Qt::CheckState state, const Theme &theme, bool enabled = true);

/// A line of values, scaled to its own extremes, newest at the right.
void paintSparkline(QPainter &painter, const QRect &rect, const QVector<qreal> &values, const QColor &color);

/// Text in which parts are strong or mono, drawn without rich text.
struct Run {
    QString text;
    Type type = Type::Body;
    Role role = Role::Text;
    int weight = 0;
};
/// Draws runs on one line, elides the last that does not fit; returns the width used.
int paintRuns(QPainter &painter, const QRect &rect, const QVector<Run> &runs, const Theme &theme);
int runsWidth(const QVector<Run> &runs, const Theme &theme);

} // namespace parapet::kit
