// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/kit/theme.h"

#include <QtGui/QPixmap>

class QPainter;

namespace parapet::kit {

/// A picture of 16 px, stroke 1.3, drawn in resources/icons and tinted by a role.
enum class Icon : quint8 {
    None,
    Overview,
    Bell,
    Flag,
    Hourglass,
    Terminal,
    Key,
    Share,
    Checklist,
    Document,
    ShieldCheck,
    Stopwatch,
    Sliders,
    Search,
    Filter,
    Columns,
    ChevronDown,
    ChevronRight,
    ChevronLeft,
    ChevronUp,
    Close,
    Check,
    Plus,
    Minus,
    Freeze,
    Isolate,
    Camera,
    Pause,
    Stop,
    Play,
    Ban,
    Human,
    Robot,
    Lease,
    Globe,
    Cpu,
    File,
    Tree,
    Database,
    Branch,
    Cube,
    Nodes,
    Server,
    Cloud,
    People,
    BoxMinus,
    Clock,
    Lock,
    Copy,
    Download,
    Dots,
    External,
    ArrowLeft,
    ArrowRight,
    ArrowUp,
    ArrowDown,
    Comment,
    Wrench,
    Certificate,
    Scissors,
    Gem,
    History,
    Pencil,
    Undo,
    Warning,
    Info,
    Bookmark,
    Parapet,
};
constexpr int IconCount = int(Icon::Parapet) + 1;

/// The file name in resources/icons without its ending: "shield-check".
const char *iconName(Icon icon);

/// A cached pixmap with the device pixel ratio set; `pixels` is its side at scale 1.
QPixmap iconPixmap(Icon icon, const QColor &color, qreal devicePixelRatio, int pixels = size::icon);

/// Paints the icon centred in `rect`; `pixels` is its side, text scale applied.
void paintIcon(QPainter &painter, const QRect &rect, Icon icon, const QColor &color, int pixels = size::icon);

} // namespace parapet::kit
