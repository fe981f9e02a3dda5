// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/button.h"

#include "ui/kit/paint.h"
#include "ui/kit/tooltip.h"

#include <QtGui/QKeyEvent>
#include <QtGui/QPainter>

namespace parapet::kit {

namespace {

constexpr int buttonPadding = 11;
constexpr int buttonGap = 7;

} // namespace

Button::Button(const QString &text, QWidget *parent) : Button(text, Icon::None, Kind::Normal, parent)
{
}

Button::Button(const QString &text, Icon icon, Kind kind, QWidget *parent)
    : QAbstractButton(parent), m_icon(icon), m_kind(kind)
{
    setText(text);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAttribute(Qt::WA_Hover);
    describe();
}

void Button::setKind(Kind kind)
{
    m_kind = kind;
    update();
}

void Button::setIconOnly(bool only)
{
    m_iconOnly = only;
    describe();
    updateGeometry();
}

void Button::setGlyph(Icon icon)
{
    m_icon = icon;
    updateGeometry();
    update();
}

void Button::setKeyHint(const QString &key)
{
    m_keyHint = key;
    describe();
    updateGeometry();
    update();
}

void Button::setAvailable(bool available, const QString &reason)
{
    m_reason = available ? QString() : reason;
    setEnabled(available);
    describe();
}

void Button::describe()
{
    setAccessibleName(withoutMnemonic(text()));
    setAccessibleDescription(!m_reason.isEmpty()   ? m_reason
                             : m_keyHint.isEmpty() ? QString()
                                                   : tr("Key %1").arg(m_keyHint));
    QString tip = m_iconOnly ? withoutMnemonic(text()) : QString();
    if (m_iconOnly && !m_keyHint.isEmpty())
        tip += QLatin1String("  ") + m_keyHint;
    if (!m_reason.isEmpty())
        tip = tip.isEmpty() ? m_reason : tip + u'\n' + m_reason;
    setToolTip(plainToolTip(tip));
}

QSize Button::sizeHint() const
{
    const Theme &look = theme(this);
    const int height = look.scaled(size::control);
    if (m_iconOnly)
        return {height, height};
    int width = 2 * buttonPadding + textWidth(withoutMnemonic(text()), look, Type::Button);
    if (m_icon != Icon::None)
        width += look.scaled(size::icon) + buttonGap;
    if (!m_keyHint.isEmpty())
        width += keyCapWidth(m_keyHint, look) + buttonGap;
    return {width, height};
}

QSize Button::minimumSizeHint() const
{
    return sizeHint();
}

void Button::paintEvent(QPaintEvent *)
{
    const Theme &look = theme(this);
    QPainter painter(this);
    const bool hover = isEnabled() && (underMouse() || isDown());
    const bool filled = (m_kind == Kind::Primary || m_kind == Kind::Danger) && isEnabled();
    QColor fill = look.color(hover || isChecked() ? Role::Hover : Role::Control);
    QColor border = look.color(isEnabled() ? Role::LineStrong : Role::Line);
    Role ink = Role::Text;
    switch (m_kind) {
    case Kind::Primary:
        fill = look.color(hover ? Role::AccentFillHover : Role::AccentFill);
        border = QColor();
        ink = Role::OnAccent;
        break;
    case Kind::Danger:
        fill = look.color(Role::CriticalFill);
        border = hover ? look.color(Role::Text) : QColor();
        ink = Role::OnAccent;
        break;
    case Kind::DangerOutline:
        ink = Role::Critical;
        break;
    case Kind::Ghost:
        fill = hover ? look.color(Role::Hover) : QColor();
        border = QColor();
        ink = Role::Text2;
        break;
    case Kind::Normal:
        break;
    }
    if (!isEnabled()) {
        ink = Role::TextDisabled;
        fill = m_kind == Kind::Ghost ? QColor() : look.color(Role::Surface);
        border = m_kind == Kind::Ghost ? QColor() : look.color(Role::Line);
    }
    if (fill.isValid() || border.isValid())
        paintBox(painter, rect(), radius::control, fill, border);

    const int side = look.scaled(size::icon);
    const Role glyphInk = filled || ink != Role::Text ? ink : Role::Text2;
    if (m_iconOnly) {
        paintIcon(painter, rect(), m_icon, look.color(glyphInk), side);
        return;
    }
    const int needed = sizeHint().width() - 2 * buttonPadding;
    QRect row = rect().adjusted(buttonPadding, 0, -buttonPadding, 0);
    if (row.width() > needed)
        row.setLeft(row.left() + (row.width() - needed) / 2);
    if (m_icon != Icon::None) {
        paintIcon(painter, QRect(row.left(), row.top(), side, row.height()), m_icon, look.color(glyphInk), side);
        row.setLeft(row.left() + side + buttonGap);
    }
    paintText(painter, row, withoutMnemonic(text()), look, Type::Button, ink);
    if (!m_keyHint.isEmpty()) {
        row.setLeft(row.left() + textWidth(withoutMnemonic(text()), look, Type::Button) + buttonGap);
        paintKeyCap(painter, row, m_keyHint, look, filled);
    }
}

void Button::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        updateGeometry();
    QAbstractButton::changeEvent(event);
}

void Button::enterEvent(QEnterEvent *event)
{
    update();
    QAbstractButton::enterEvent(event);
}

void Button::leaveEvent(QEvent *event)
{
    update();
    QAbstractButton::leaveEvent(event);
}

void Button::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        click();
        return;
    }
    QAbstractButton::keyPressEvent(event);
}

LinkButton::LinkButton(const QString &text, QWidget *parent) : QAbstractButton(parent)
{
    setText(text);
    setAccessibleName(text);
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAttribute(Qt::WA_Hover);
}

QSize LinkButton::sizeHint() const
{
    const Theme &look = theme(this);
    return {textWidth(text(), look, Type::Small), look.scaled(20)};
}

void LinkButton::paintEvent(QPaintEvent *)
{
    const Theme &look = theme(this);
    QPainter painter(this);
    const Role ink = isEnabled() ? Role::Accent : Role::TextDisabled;
    paintText(painter, rect(), text(), look, Type::Small, ink);
    if (underMouse() && isEnabled())
        painter.fillRect(QRect(0, rect().center().y() + look.scaled(7), width(), 1), look.color(ink));
}

void LinkButton::enterEvent(QEnterEvent *event)
{
    update();
    QAbstractButton::enterEvent(event);
}

void LinkButton::leaveEvent(QEvent *event)
{
    update();
    QAbstractButton::leaveEvent(event);
}

} // namespace parapet::kit
