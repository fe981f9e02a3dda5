// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/terminal/screencolors.h"

#include <utility>

namespace parapet::terminal {

namespace {

constexpr qreal wantedContrast = 4.5; ///< WCAG 2.1, 1.4.3
constexpr int mostCachedColors = 4096;

QColor mixedColor(const QColor &from, const QColor &to, qreal part)
{
    const auto mix = [part](int a, int b) { return int(a + (b - a) * part); };
    return {mix(from.red(), to.red()), mix(from.green(), to.green()), mix(from.blue(), to.blue())};
}

/// xterm's 6 × 6 × 6 cube and its greys.
QColor cubeColor(int place)
{
    if (place >= 232) {
        const int grey = 8 + (place - 232) * 10;
        return {grey, grey, grey};
    }
    const auto level = [](int step) { return step == 0 ? 0 : 55 + step * 40; };
    const int at = place - 16;
    return {level(at / 36), level(at / 6 % 6), level(at % 6)};
}

} // namespace

ScreenColors::ScreenColors(const kit::Theme &theme) : m_text(theme.color(kit::Role::Text)), m_ground(theme.color(kit::Role::Sunken))
{
    using kit::Role;
    const Role roles[] = {Role::LineStrong, Role::Critical, Role::Ok, Role::Medium, Role::Chart1, Role::Chart4, Role::Chart2, Role::Text2};
    for (int i = 0; i < 8; ++i) {
        m_named[i] = theme.color(roles[i]);
        m_named[i + 8] = mixedColor(m_named[i], m_text, 0.3);
    }
    m_named[8] = theme.color(Role::Text3);
    m_named[15] = m_text;
}

QColor ScreenColors::colorOf(const Ink &ink, const QColor &usual) const
{
    switch (ink.kind) {
    case Ink::Kind::Palette:
        return ink.red < 16 ? m_named[ink.red] : cubeColor(ink.red);
    case Ink::Kind::Rgb:
        return {ink.red, ink.green, ink.blue};
    case Ink::Kind::Default:
        break;
    }
    return usual;
}

ScreenColors::Pair ScreenColors::of(const Cell &cell, bool reversedScreen) const
{
    Pair pair{colorOf(cell.ink, m_text), colorOf(cell.ground, m_ground)};
    if (bool(cell.flags & Cell::Reverse) != reversedScreen)
        std::swap(pair.ink, pair.ground);
    pair.ink = readable(pair.ink, pair.ground);
    return pair;
}

QColor ScreenColors::readable(const QColor &ink, const QColor &ground) const
{
    const quint64 key = quint64(ink.rgb()) << 32 | ground.rgb();
    const auto known = m_readable.constFind(key);
    if (known != m_readable.cend())
        return QColor(*known);
    QColor found = ink;
    const QColor far = kit::contrastRatio(Qt::white, ground) > kit::contrastRatio(Qt::black, ground) ? Qt::white : Qt::black;
    for (int step = 1; step <= 10 && kit::contrastRatio(found, ground) < wantedContrast; ++step)
        found = mixedColor(ink, far, step / 10.0);
    if (m_readable.size() >= mostCachedColors)
        m_readable.clear();
    m_readable.insert(key, found.rgb());
    return found;
}

} // namespace parapet::terminal
