// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QHash>
#include <QtCore/QObject>
#include <QtGui/QColor>
#include <QtGui/QFont>
#include <QtGui/QPalette>

class QApplication;
class QWidget;

namespace parapet::kit {

/// What a colour is for. Painting code names a role, never a colour. The order is that of the token table.
enum class Role : quint8 {
    Window,       ///< rail, status line, sheet background
    Surface,      ///< page, tables
    Raised,       ///< detail pane, table header, group rows
    Sunken,       ///< graph canvas, code
    Hover,        ///< row or button under the pointer
    Control,      ///< inputs, buttons
    Overlay,      ///< dialogs, menus, popups, tooltips
    Line,         ///< hairline separators
    LineStrong,   ///< borders of controls and popups
    Grid,         ///< row hairlines, chart grid, bar tracks
    Text,         ///< primary text
    Text2,        ///< secondary text, icons
    Text3,        ///< labels, units, hints, stale rows
    TextDisabled, ///< disabled controls only; the reason stands beside them
    Accent,       ///< links, current mark, cut
    AccentFill,   ///< primary button, checked box
    AccentFillHover,
    OnAccent,      ///< text and marks on AccentFill and CriticalFill
    Focus,         ///< focus ring
    Selection,     ///< current row, current page
    SelectionSoft, ///< selected rows, highlighted section
    Critical,
    CriticalFill, ///< danger button, tamper banner, broken proof
    CriticalSoft,
    High,
    HighSoft,
    Medium,
    MediumSoft,
    Low,
    LowSoft,
    Info,
    InfoSoft,
    Ok, ///< observed, verified, holds
    OkSoft,
    Requested, ///< asked for, not yet observed
    Stale,     ///< last observed too long ago
    Chart1,
    Chart2,
    Chart3,
    Chart4,
    Chart5,
    Chart6,
    Scrim, ///< behind a modal dialog; translucent
    Jewel, ///< crown jewels
};
constexpr int RoleCount = int(Role::Jewel) + 1;

/// A step of the type scale.
enum class Type : quint8 {
    Display,
    Figure,
    SheetTitle,
    Title,
    DialogTitle,
    Body,
    BodyStrong,
    Table,
    Button,
    Section,
    Small,
    ColumnHeader,
    Status,
    Caption,
    Mono,
    MonoSmall,
    Axis,
};
constexpr int TypeCount = int(Type::Axis) + 1;

enum class ThemeKind : quint8 { Dark, Light, HighContrast };

/// What the person chose; System follows the desktop's light or dark palette.
enum class ThemeChoice : quint8 { System, Dark, Light, HighContrast };

/// The 4 px grid, in pixels at scale 1.
namespace space {
constexpr int xs = 4, s = 8, m = 12, l = 16, xl = 20, xxl = 32, cell = 8, pane = 14, page = 16;
}
namespace radius {
constexpr int mark = 2, chip = 3, control = 4, popup = 6, dialog = 8;
}
/// Heights and widths at text scale 1; pass them through Theme::scaled() where text decides.
namespace size {
constexpr int row = 28, rowComfortable = 32, rowGroup = 30, listRow = 23, columnHeader = 28, pageHeader = 48,
              viewsBar = 34, filterBar = 40, tabBar = 32, statusLine = 26, rail = 180, railCollapsed = 48,
              railItem = 30, control = 28, controlLarge = 36, chip = 20, pill = 20, tag = 18, checkbox = 14, icon = 16,
              severityMark = 12, proofMark = 14, stateDot = 10, graphNode = 28, detailPaneMin = 372,
              detailPaneMax = 430, dialogMax = 1168, palette = 680, splitterHandle = 1;
}
/// Milliseconds; all are 0 when motion is reduced (Theme::motion()).
namespace motion {
constexpr int paneSlide = 120, rowFlash = 600, stateChange = 80, skeletonAfter = 200;
}

/// The colours, fonts and sizes of the console in one of three themes, all from one table. It is owned by whoever
/// composes the program and reaches widgets through the style that install() sets: theme(widget). Widgets repaint on
/// QEvent::PaletteChange.
class Theme : public QObject
{
    Q_OBJECT

public:
    explicit Theme(ThemeChoice choice = ThemeChoice::System, QObject *parent = nullptr);

    ThemeKind kind() const { return m_kind; }
    ThemeChoice choice() const { return m_choice; }
    void setChoice(ThemeChoice choice);

    /// What the desktop had before install() replaced the palette; decides what System means. Call again when it
    /// changes.
    void setSystemPalette(const QPalette &palette);

    QColor color(Role role) const { return color(m_kind, role); }
    static QColor color(ThemeKind kind, Role role);
    /// The token's name in tokens.json: "text-2".
    static const char *name(Role role);

    /// A font of the scale; fractional pixel sizes, mono without ligatures, `weight` 0 keeps the scale's own.
    QFont font(Type type, int weight = 0) const;
    /// Line height in pixels, text scale applied.
    int lineHeight(Type type) const;

    /// 1.0 to 2.0; sizes and fonts grow with it.
    qreal textScale() const { return m_textScale; }
    void setTextScale(qreal scale);
    int scaled(int pixels) const { return qRound(pixels * m_textScale); }

    /// `milliseconds`, or 0 when the person wants no motion.
    int motion(int milliseconds) const { return m_reducedMotion ? 0 : milliseconds; }
    void setReducedMotion(bool reduced) { m_reducedMotion = reduced; }

    QPalette palette() const;

    /// Sets style, palette and font of the application, and keeps them right from now on.
    void install(QApplication &application);

Q_SIGNALS:
    /// Kind or text scale changed; widgets have had their PaletteChange or FontChange.
    void changed();

private:
    void apply();
    ThemeKind resolved() const;

    ThemeChoice m_choice;
    ThemeKind m_kind;
    QPalette m_system;
    qreal m_textScale = 1.0;
    bool m_reducedMotion = false;
    mutable QHash<int, QFont> m_fonts; ///< by type and weight: painting asks for them all the time
    QApplication *m_application = nullptr;
};

/// The theme that a widget is drawn with: that of its style. Never null; a plain dark theme where none was installed.
const Theme &theme(const QWidget *widget);

/// WCAG 2.1 contrast ratio of two opaque colours, 1 to 21.
qreal contrastRatio(const QColor &a, const QColor &b);

} // namespace parapet::kit
