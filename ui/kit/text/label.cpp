// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/text/label.h"

#include "ui/kit/text/format.h"
#include "ui/kit/tooltip.h"

#include <QtGui/QHelpEvent>
#include <QtGui/QPainter>
#include <QtWidgets/QToolTip>

namespace parapet::kit {

PlainLabel::PlainLabel(QWidget *parent) : PlainLabel(QString(), Type::Body, Role::Text, parent)
{
}

PlainLabel::PlainLabel(const QString &text, QWidget *parent) : PlainLabel(text, Type::Body, Role::Text, parent)
{
}

PlainLabel::PlainLabel(const QString &text, Type type, Role role, QWidget *parent)
    : QLabel(parent), m_type(type), m_role(role)
{
    setTextFormat(Qt::PlainText);
    setOpenExternalLinks(false);
    restyle();
    setText(text);
}

void PlainLabel::setText(const QString &text)
{
    if (text == m_text)
        return;
    m_text = text;
    QLabel::setText(text);
    setAccessibleName(text);
}

void PlainLabel::setText(const Untrusted &text)
{
    setText(text.inert());
}

void PlainLabel::setType(Type type)
{
    m_type = type;
    restyle();
}

void PlainLabel::setRole(Role role)
{
    m_role = role;
    restyle();
}

void PlainLabel::setElide(Qt::TextElideMode mode)
{
    m_elide = mode;
    updateGeometry();
    update();
}

void PlainLabel::setSelectable(bool selectable)
{
    setTextInteractionFlags(selectable ? Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard
                                       : Qt::NoTextInteraction);
    if (selectable)
        setFocusPolicy(Qt::ClickFocus);
}

void PlainLabel::restyle()
{
    // Setting font and palette sends the very changes that lead here.
    if (m_restyling)
        return;
    m_restyling = true;
    const Theme &look = theme(this);
    setFont(look.font(m_type));
    QPalette colors = palette();
    colors.setColor(QPalette::WindowText, look.color(m_role));
    colors.setColor(QPalette::Text, look.color(m_role));
    setPalette(colors);
    m_restyling = false;
}

void PlainLabel::changeEvent(QEvent *event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::StyleChange || event->type() == QEvent::PaletteChange ||
        event->type() == QEvent::FontChange)
        restyle();
}

QSize PlainLabel::sizeHint() const
{
    QSize hint = QLabel::sizeHint();
    if (m_elide != Qt::ElideNone && !wordWrap())
        hint.setHeight(std::max(hint.height(), theme(this).lineHeight(m_type)));
    return hint;
}

QSize PlainLabel::minimumSizeHint() const
{
    if (m_elide == Qt::ElideNone || wordWrap())
        return QLabel::minimumSizeHint();
    return {fontMetrics().averageCharWidth() * 4, QLabel::minimumSizeHint().height()};
}

bool PlainLabel::isCut() const
{
    return m_elide != Qt::ElideNone && !wordWrap() && fontMetrics().horizontalAdvance(m_text) > contentsRect().width();
}

void PlainLabel::paintEvent(QPaintEvent *event)
{
    if (!isCut()) {
        QLabel::paintEvent(event);
        return;
    }
    QPainter painter(this);
    painter.setPen(palette().color(isEnabled() ? QPalette::Active : QPalette::Disabled, QPalette::WindowText));
    painter.drawText(contentsRect(), int(alignment()) | Qt::TextSingleLine,
                     fontMetrics().elidedText(m_text, m_elide, contentsRect().width()));
}

void PlainLabel::resizeEvent(QResizeEvent *event)
{
    QLabel::resizeEvent(event);
    if (m_elide != Qt::ElideNone)
        update();
}

bool PlainLabel::event(QEvent *event)
{
    // Its font is its own, so a new one of the application does not come as a FontChange.
    if (event->type() == QEvent::ApplicationFontChange)
        restyle();
    if (event->type() == QEvent::ToolTip && toolTip().isEmpty() && isCut()) {
        QToolTip::showText(static_cast<QHelpEvent *>(event)->globalPos(), plainToolTip(m_text), this);
        return true;
    }
    return QLabel::event(event);
}

MonoLabel::MonoLabel(QWidget *parent) : MonoLabel(QString(), parent)
{
}

MonoLabel::MonoLabel(const QString &text, QWidget *parent) : PlainLabel(text, Type::Mono, Role::Text, parent)
{
    setElide(Qt::ElideMiddle);
    setSelectable(true);
}

TimeLabel::TimeLabel(QWidget *parent) : PlainLabel(QString(), Type::Mono, Role::Text2, parent)
{
}

void TimeLabel::setInstant(Instant at, Form form)
{
    m_at = at;
    setText(form == Form::Time ? localTime(at) : localDateTime(at));
    setToolTip(utcText(at));
}

} // namespace parapet::kit
