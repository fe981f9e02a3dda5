// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/kit/theme.h"
#include "ui/terminal/terminal.h"

#include <QtCore/QHash>
#include <QtGui/QColor>

namespace parapet::terminal {

/// The colours that a recording asks for, as they are drawn in a theme: the sixteen named ones by the theme's roles, all others as
/// asked, and every text brought to a contrast of 4.5 to 1 on the ground it stands on, so that nothing can be hidden in plain sight.
class ScreenColors
{
public:
    explicit ScreenColors(const kit::Theme &theme);

    struct Pair {
        QColor ink;
        QColor ground;
        friend bool operator==(const Pair &, const Pair &) = default;
    };
    Pair of(const Cell &cell, bool reversedScreen) const;
    QColor ground() const { return m_ground; }
    QColor text() const { return m_text; }

private:
    QColor colorOf(const Ink &ink, const QColor &usual) const;
    QColor readable(const QColor &ink, const QColor &ground) const;

    QColor m_text;
    QColor m_ground;
    QColor m_named[16];
    mutable QHash<quint64, QRgb> m_readable;
};

} // namespace parapet::terminal
