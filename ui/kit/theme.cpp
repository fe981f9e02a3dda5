// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/theme.h"

#include "ui/kit/focusring.h"
#include "ui/kit/style.h"
#include "ui/kit/tokens.h"

#include <QtCore/QEvent>
#include <QtCore/QThread>
#include <QtGui/QScreen>
#include <QtWidgets/QApplication>
#include <QtWidgets/QWidget>

#include <cmath>

namespace parapet::kit {

namespace {

qreal channel(qreal value)
{
    return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

qreal luminance(const QColor &color)
{
    return 0.2126 * channel(color.redF()) + 0.7152 * channel(color.greenF()) + 0.0722 * channel(color.blueF());
}

qreal screenResolution()
{
    const QScreen *screen = QGuiApplication::primaryScreen();
    return screen ? screen->logicalDotsPerInchY() : 96;
}

/// Before the event loop runs, Qt keeps a new font and palette to itself.
void tellWidgets()
{
    if (QThread::currentThread()->loopLevel() > 0)
        return;
    const QWidgetList widgets = QApplication::allWidgets();
    for (QWidget *widget : widgets) {
        for (const QEvent::Type type : {QEvent::ApplicationFontChange, QEvent::ApplicationPaletteChange}) {
            QEvent event(type);
            QApplication::sendEvent(widget, &event);
        }
    }
}

} // namespace

Theme::Theme(ThemeChoice choice, QObject *parent) : QObject(parent), m_choice(choice), m_kind(ThemeKind::Dark)
{
    m_kind = resolved();
}

ThemeKind Theme::resolved() const
{
    switch (m_choice) {
    case ThemeChoice::Dark:
        return ThemeKind::Dark;
    case ThemeChoice::Light:
        return ThemeKind::Light;
    case ThemeChoice::HighContrast:
        return ThemeKind::HighContrast;
    case ThemeChoice::System:
        break;
    }
    return luminance(m_system.color(QPalette::Window)) > luminance(m_system.color(QPalette::WindowText))
               ? ThemeKind::Light
               : ThemeKind::Dark;
}

void Theme::setChoice(ThemeChoice choice)
{
    m_choice = choice;
    const ThemeKind kind = resolved();
    if (kind == m_kind)
        return;
    m_kind = kind;
    apply();
}

void Theme::setSystemPalette(const QPalette &palette)
{
    m_system = palette;
    setChoice(m_choice);
}

QColor Theme::color(ThemeKind kind, Role role)
{
    const Token &token = tokenTable[size_t(role)];
    return QColor::fromRgba(kind == ThemeKind::Dark    ? token.dark
                            : kind == ThemeKind::Light ? token.light
                                                       : token.highContrast);
}

const char *Theme::name(Role role)
{
    return tokenTable[size_t(role)].name;
}

QFont Theme::font(Type type, int weight) const
{
    const TypeToken &token = typeTable[size_t(type)];
    if (weight <= 0)
        weight = token.weight;
    QFont &font = m_fonts[int(type) * 1000 + weight];
    if (font.resolveMask() != 0)
        return font;
    font.setFamilies(token.mono ? QStringList{QStringLiteral("JetBrains Mono"), QStringLiteral("Noto Sans Mono")}
                                : QStringList{QStringLiteral("Inter"), QStringLiteral("Noto Sans")});
    if (token.mono) {
        font.setStyleHint(QFont::Monospace);
        font.setFixedPitch(true);
        // Any letter spacing turns ligatures off; this is the least that Qt can represent (1/64 px) and shaping stays
        // on.
        font.setLetterSpacing(QFont::AbsoluteSpacing, 0.02);
    }
    // Tokens are pixels; QFont takes fractions of them only as points, and counts those by the screen's resolution. At
    // scale 1 the rasteriser takes whole pixels: a half goes down, or the table's 12.5 would be the body's 13.
    font.setPointSizeF((token.pixels - 0.1) * 72 / screenResolution() * m_textScale);
    font.setWeight(QFont::Weight(weight));
    font.setHintingPreference(QFont::PreferVerticalHinting);
    return font;
}

int Theme::lineHeight(Type type) const
{
    return scaled(typeTable[size_t(type)].line);
}

void Theme::setTextScale(qreal scale)
{
    scale = std::clamp(scale, 1.0, 2.0);
    if (qFuzzyCompare(scale, m_textScale))
        return;
    m_textScale = scale;
    m_fonts.clear();
    apply();
}

QPalette Theme::palette() const
{
    QPalette palette;
    const auto set = [&](QPalette::ColorRole role, Role token) { palette.setColor(role, color(token)); };
    set(QPalette::Window, Role::Surface);
    set(QPalette::WindowText, Role::Text);
    set(QPalette::Base, Role::Surface);
    set(QPalette::AlternateBase, Role::Raised);
    set(QPalette::Text, Role::Text);
    set(QPalette::PlaceholderText, Role::Text3);
    set(QPalette::Button, Role::Control);
    set(QPalette::ButtonText, Role::Text);
    set(QPalette::BrightText, Role::Critical);
    set(QPalette::ToolTipBase, Role::Overlay);
    set(QPalette::ToolTipText, Role::Text);
    set(QPalette::Highlight, Role::Selection);
    set(QPalette::HighlightedText, Role::Text);
    set(QPalette::Link, Role::Accent);
    set(QPalette::LinkVisited, Role::Accent);
    set(QPalette::Light, Role::Raised);
    set(QPalette::Midlight, Role::Hover);
    set(QPalette::Mid, Role::LineStrong);
    set(QPalette::Dark, Role::Line);
    set(QPalette::Shadow, Role::Window);
    for (QPalette::ColorRole role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
        palette.setColor(QPalette::Disabled, role, color(Role::TextDisabled));
    return palette;
}

void Theme::install(QApplication &application)
{
    m_system = application.palette();
    m_application = &application;
    m_kind = resolved();
    QApplication::setStyle(new Style(*this));
    new FocusRing(this);
    apply();
}

void Theme::apply()
{
    if (m_application) {
        QApplication::setFont(font(Type::Body));
        QApplication::setPalette(palette());
        tellWidgets();
        // A palette that differs only in what our painters read directly would not be announced.
        for (QWidget *window : QApplication::topLevelWidgets())
            window->update();
    }
    Q_EMIT changed();
}

const Theme &theme(const QWidget *widget)
{
    if (const auto *style = qobject_cast<const Style *>(widget ? widget->style() : QApplication::style()))
        return style->theme();
    static const Theme plain(ThemeChoice::Dark);
    return plain;
}

qreal contrastRatio(const QColor &a, const QColor &b)
{
    const qreal x = luminance(a), y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

} // namespace parapet::kit
