// SPDX-License-Identifier: GPL-3.0-or-later
// The other half of FilterField: where its chips are and how they look. Keys and filters are in filterfield.cpp.
#include "ui/kit/filterfield.h"

#include "ui/kit/paint.h"

#include <QtGui/QPainter>
#include <QtWidgets/QLineEdit>

namespace parapet::kit {

namespace {

constexpr int chipGap = 6;
constexpr int chipPadding = 6;
constexpr int chipClose = 14;
constexpr int fieldEditWidth = 90;

} // namespace

int FilterField::chipWidth(const FilterChip &chip) const
{
    const int close = theme(this).scaled(chipClose);
    return std::min(textWidth(chip.field + chip.op + chip.value, theme(this), Type::Mono) + 2 * chipPadding + close,
                    theme(this).scaled(320));
}

QRect FilterField::chipRect(int index) const
{
    return index >= 0 && index < m_rects.size() ? m_rects.at(index) : QRect();
}

QRect FilterField::closeRect(int index) const
{
    QRect chip = chipRect(index);
    chip.setLeft(chip.right() - theme(this).scaled(chipClose) - 3);
    return chip;
}

/// Places chips and line edit between icon and matches. When they are wider than the room, they are shifted so that the
/// caret, or the chip under the keyboard, stays in sight.
void FilterField::arrange()
{
    const Theme &look = theme(this);
    const int left = 10 + look.scaled(size::icon) + 8;
    int right = width() - 10;
    if (!m_keyHint.isEmpty())
        right -= keyCapWidth(m_keyHint, look) + 8;
    if (!m_matches.isEmpty())
        right -= textWidth(m_matches, look, Type::Small) + 8;
    const int tall = look.scaled(size::chip);
    const int top = (height() - tall) / 2;
    m_rects.clear();
    int x = left;
    for (const FilterChip &chip : std::as_const(m_chips)) {
        m_rects.append(QRect(x, top, chipWidth(chip), tall));
        x += m_rects.last().width() + chipGap;
        if (!chip.error.isEmpty())
            x += textWidth(chip.error, look, Type::Small) + chipGap;
    }
    const int room = std::max(0, right - left);
    const int edit = std::min(room, look.scaled(fieldEditWidth));
    m_scroll = std::max(0, x + edit - right);
    if (m_currentChip >= 0 && m_currentChip < m_rects.size())
        m_scroll = std::min(m_scroll, m_rects.at(m_currentChip).left() - left);
    for (QRect &rect : m_rects)
        rect.translate(-m_scroll, 0);
    m_edit->setFont(look.font(m_syntax ? Type::Mono : Type::Body));
    m_edit->setGeometry(x - m_scroll, (height() - look.scaled(22)) / 2, std::max(edit, right - (x - m_scroll)),
                        look.scaled(22));
    m_edit->setVisible(m_edit->x() < right);
    update();
}

void FilterField::paintChip(QPainter &painter, int index) const
{
    const Theme &look = theme(this);
    const FilterChip &chip = m_chips.at(index);
    const QRect rect = m_rects.at(index);
    const bool wrong = !chip.error.isEmpty();
    paintBox(painter, rect, radius::chip, look.color(index == m_hoverChip ? Role::Hover : Role::Control),
             look.color(wrong ? Role::Critical : Role::LineStrong));
    if (index == m_currentChip)
        paintFocusRing(painter, rect.adjusted(1, 1, -1, -1), radius::chip, look);
    QRect text = rect.adjusted(chipPadding, 0, -look.scaled(chipClose) - 4, 0);
    paintText(painter, text, chip.field, look, Type::Mono, Role::Text2);
    text.setLeft(text.left() + textWidth(chip.field, look, Type::Mono));
    const bool negated = chip.op.contains(u'!') || chip.op.contains(u'≠');
    paintText(painter, text, chip.op, look, Type::Mono, negated ? Role::High : Role::Text2);
    text.setLeft(text.left() + textWidth(chip.op, look, Type::Mono));
    paintText(painter, text, chip.value, look, Type::Mono,
              wrong     ? Role::Critical
              : negated ? Role::High
                        : Role::Accent);
    paintIcon(painter, closeRect(index), Icon::Close, look.color(Role::Text2), look.scaled(10));
    if (wrong)
        paintText(painter, QRect(rect.right() + 1 + chipGap, 0, width(), height()), chip.error, look, Type::Small,
                  Role::Critical);
}

void FilterField::paintEvent(QPaintEvent *)
{
    const Theme &look = theme(this);
    QPainter painter(this);
    paintBox(painter, rect(), radius::control, look.color(Role::Control), look.color(Role::LineStrong));
    const int side = look.scaled(size::icon);
    int right = width() - 10;
    if (!m_keyHint.isEmpty()) {
        right -= keyCapWidth(m_keyHint, look);
        paintKeyCap(painter, QRect(right, 0, width(), height()), m_keyHint, look);
        right -= 8;
    }
    if (!m_matches.isEmpty()) {
        paintText(painter, QRect(0, 0, right, height()), m_matches, look, Type::Small, Role::Text3, Qt::AlignRight);
        right -= textWidth(m_matches, look, Type::Small) + 8;
    }
    paintIcon(painter, QRect(10, 0, side, height()), m_syntax ? Icon::Filter : Icon::Search, look.color(Role::Text2),
              side);
    painter.setClipRect(QRect(10 + side + 4, 0, right - 10 - side - 4, height()));
    for (int i = 0; i < m_chips.size(); ++i)
        paintChip(painter, i);
    painter.setClipping(false);
    if (m_edit->hasFocus()) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(look.color(Role::Focus), 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), radius::control, radius::control);
    }
}

} // namespace parapet::kit
