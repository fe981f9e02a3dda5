// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/railparts.h"

#include "ui/kit/paint.h"
#include "ui/kit/tooltip.h"

#include <QtGui/QPainter>

namespace parapet::shell {

namespace {

QString initialsOf(const QString &name)
{
    QString initials;
    for (const QString &word : name.split(u' ', Qt::SkipEmptyParts)) {
        if (initials.size() < 2)
            initials += word.at(0).toUpper();
    }
    return initials;
}

} // namespace

RailButton::RailButton(QWidget *parent) : QAbstractButton(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void RailButton::setCollapsed(bool collapsed)
{
    m_collapsed = collapsed;
    updateGeometry();
    update();
}

RailSearch::RailSearch(QWidget *parent) : RailButton(parent)
{
    setAccessibleName(tr("Go to or do"));
    setAccessibleDescription(tr("Opens the palette: any place, object or command. Key Ctrl K."));
    setToolTip(tr("Go to or do…  Ctrl K"));
}

QSize RailSearch::sizeHint() const
{
    return {kit::theme(this).scaled(40), kit::theme(this).scaled(kit::size::control)};
}

void RailSearch::paintEvent(QPaintEvent *)
{
    const kit::Theme &look = kit::theme(this);
    QPainter painter(this);
    kit::paintBox(painter, rect(), kit::radius::control,
                  look.color(isHovered() ? kit::Role::Hover : kit::Role::Control), look.color(kit::Role::LineStrong));
    const int side = look.scaled(14);
    if (m_collapsed) {
        kit::paintIcon(painter, rect(), kit::Icon::Search, look.color(kit::Role::Text2), side);
        return;
    }
    QRect row = rect().adjusted(9, 0, -6, 0);
    kit::paintIcon(painter, QRect(row.left(), row.top(), side, row.height()), kit::Icon::Search,
                   look.color(kit::Role::Text2), side);
    const QString key = tr("Ctrl K");
    const int cap = kit::keyCapWidth(key, look);
    kit::paintKeyCap(painter, QRect(row.right() + 1 - cap, row.top(), cap, row.height()), key, look);
    row.adjust(side + 7, 0, -cap - 6, 0);
    kit::paintText(painter, row, tr("Go to or do…"), look, kit::Type::Table, kit::Role::Text3);
}

RailHead::RailHead(QWidget *parent) : RailButton(parent)
{
    setAccessibleName(tr("Fold the navigation"));
    setToolTip(tr("Fold or unfold the navigation  Ctrl B"));
}

QSize RailHead::sizeHint() const
{
    return {kit::theme(this).scaled(40), kit::theme(this).scaled(kit::size::pageHeader)};
}

void RailHead::paintEvent(QPaintEvent *)
{
    const kit::Theme &look = kit::theme(this);
    QPainter painter(this);
    const int side = look.scaled(20);
    const QRect mark = m_collapsed ? rect() : QRect(8, 0, side, height());
    kit::paintIcon(painter, mark, kit::Icon::Parapet, look.color(kit::Role::Text), side);
    if (!m_collapsed)
        kit::paintText(painter, rect().adjusted(8 + side + 8, 0, 0, 0), tr("Parapet"), look, kit::Type::BodyStrong,
                       kit::Role::Text);
}

RailUser::RailUser(QWidget *parent) : RailButton(parent)
{
}

void RailUser::setUser(const QString &name, const QString &role)
{
    m_name = name;
    m_role = role;
    setAccessibleName(name);
    setAccessibleDescription(role);
    setToolTip(kit::plainToolTip(role.isEmpty() ? name : name + u'\n' + role));
    update();
}

QSize RailUser::sizeHint() const
{
    return {kit::theme(this).scaled(40), kit::theme(this).scaled(44)};
}

void RailUser::paintEvent(QPaintEvent *)
{
    const kit::Theme &look = kit::theme(this);
    QPainter painter(this);
    if (isHovered())
        kit::paintBox(painter, rect(), kit::radius::control, look.color(kit::Role::Hover), {});
    const int side = look.scaled(26);
    QRect disc(m_collapsed ? (width() - side) / 2 : 8, (height() - side) / 2, side, side);
    kit::paintBox(painter, disc, side / 2, look.color(kit::Role::Control), look.color(kit::Role::LineStrong));
    kit::paintText(painter, disc, initialsOf(m_name), look, kit::Type::Caption, kit::Role::Text2, Qt::AlignHCenter,
                   Qt::ElideNone);
    if (m_collapsed)
        return;
    const int line = look.lineHeight(kit::Type::Caption);
    const QRect text(disc.right() + 10, height() / 2 - line, width() - disc.right() - 14, line);
    if (m_role.isEmpty()) {
        kit::paintText(painter, QRect(text.left(), 0, text.width(), height()), m_name, look, kit::Type::Small,
                       kit::Role::Text);
        return;
    }
    kit::paintText(painter, text, m_name, look, kit::Type::Small, kit::Role::Text);
    kit::paintText(painter, text.translated(0, line), m_role, look, kit::Type::Caption, kit::Role::Text3);
}

RailConnection::RailConnection(QWidget *parent) : RailButton(parent)
{
}

void RailConnection::setName(const QString &name)
{
    m_name = name;
    setAccessibleName(tr("Connection: %1").arg(name));
    setToolTip(kit::plainToolTip(name));
    update();
}

QSize RailConnection::sizeHint() const
{
    return {kit::theme(this).scaled(40), kit::theme(this).scaled(kit::size::statusLine)};
}

void RailConnection::paintEvent(QPaintEvent *)
{
    const kit::Theme &look = kit::theme(this);
    QPainter painter(this);
    painter.fillRect(QRect(0, 0, width(), 1), look.color(kit::Role::Line));
    if (m_collapsed)
        kit::paintIcon(painter, rect(), kit::Icon::Server, look.color(kit::Role::Text2), look.scaled(14));
    else
        kit::paintText(painter, rect().adjusted(12, 1, -6, 0), m_name, look, kit::Type::Status, kit::Role::Text,
                       Qt::AlignLeft, Qt::ElideRight, 600);
}

} // namespace parapet::shell
