// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/audit/eventfields.h"

#include "models/domain/fieldtext.h"
#include "ui/kit/text/format.h"
#include "ui/kit/tooltip.h"

#include <QtGui/QAccessible>
#include <QtGui/QClipboard>
#include <QtGui/QGuiApplication>
#include <QtGui/QHelpEvent>
#include <QtGui/QKeyEvent>
#include <QtGui/QPainter>
#include <QtWidgets/QToolTip>

namespace parapet::pages {

using namespace Qt::StringLiterals;
using kit::Role;
using kit::Type;

namespace {

constexpr int fieldLine = 22;
constexpr int fieldLabel = 128;

QString fieldValue(const Field<AuditEvent> &field, const AuditEvent &event)
{
    if (field.kind == FieldKind::Time)
        return kit::localDateTime(event.time);
    return displayText(field.kind, field.get(event));
}

} // namespace

EventFields::EventFields(QWidget *parent) : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Fields of the event"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void EventFields::add(const QString &label, const QString &value, const QString &field, Type type, Role role)
{
    m_lines.append({label, value, value, field, type, role});
}

void EventFields::setEvent(const AuditEvent &event, const std::optional<AuditEvent> &kept)
{
    m_lines.clear();
    for (const Field<AuditEvent> &field : fieldsOf<AuditEvent>()) {
        const QString name = QLatin1String(field.name);
        const QString value = fieldValue(field, event);
        const bool differs = kept && field.get(*kept) != field.get(event);
        if (value.isEmpty() && !differs)
            continue;
        const bool mono = field.kind == FieldKind::Identifier || name == "target"_L1 || name == "source"_L1 || name == "originSequence"_L1 || name == "origin"_L1;
        const Role role = differs ? Role::Critical : name == "outcome"_L1 && event.outcome != Outcome::Success ? Role::High : Role::Text;
        add(labelOf(field), value, field.kind == FieldKind::Time ? QString() : name, mono ? Type::Mono : Type::Body, role);
        m_lines.last().copy = exportText(field.kind, field.get(event));
        if (field.kind == FieldKind::Time)
            add(tr("In UTC"), utcText(event.time), {}, Type::Body);
        if (differs)
            add(tr("kept here"), fieldValue(field, *kept), {}, mono ? Type::Mono : Type::Body, Role::Ok);
    }
    m_current = std::min(m_current, int(m_lines.size()) - 1);
    updateGeometry();
    update();
}

QString EventFields::lineText(int line) const
{
    return m_lines.value(line).label + u": "_s + m_lines.value(line).value;
}

QRect EventFields::lineRect(int line) const
{
    const int height = kit::theme(this).scaled(fieldLine);
    return {0, line * height, width(), height};
}

QSize EventFields::sizeHint() const
{
    return {kit::theme(this).scaled(360), std::max(1, int(m_lines.size())) * kit::theme(this).scaled(fieldLine)};
}

QSize EventFields::minimumSizeHint() const
{
    return {kit::theme(this).scaled(200), sizeHint().height()};
}

int EventFields::lineAt(const QPoint &position) const
{
    const int line = position.y() / std::max(1, kit::theme(this).scaled(fieldLine));
    return line < m_lines.size() ? line : -1;
}

void EventFields::paintEvent(QPaintEvent *)
{
    const kit::Theme &look = kit::theme(this);
    QPainter painter(this);
    const int label = look.scaled(fieldLabel);
    for (int i = 0; i < m_lines.size(); ++i) {
        const Line &line = m_lines.at(i);
        const QRect rect = lineRect(i);
        if (i == m_current && hasFocus()) {
            painter.fillRect(rect, look.color(Role::Selection));
            kit::paintInnerFocus(painter, rect, look);
        }
        const QRect inside = rect.adjusted(kit::space::pane, 0, -kit::space::pane, 0);
        kit::paintText(painter, QRect(inside.left(), inside.top(), label - kit::space::s, inside.height()), line.label, look, Type::Small, Role::Text3);
        kit::paintText(painter, inside.adjusted(label, 0, 0, 0), line.value, look, line.type, line.role);
    }
}

void EventFields::go(int line)
{
    if (line < 0 || line >= m_lines.size())
        return;
    m_current = line;
    setAccessibleDescription(lineText(line));
    QAccessibleEvent event(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&event);
    update();
    Q_EMIT lineChanged(lineRect(line));
}

void EventFields::pivot()
{
    const QString field = m_lines.value(m_current).field;
    if (!field.isEmpty())
        Q_EMIT pivotRequested(field);
}

void EventFields::mousePressEvent(QMouseEvent *event)
{
    go(lineAt(event->pos()));
}

void EventFields::mouseDoubleClickEvent(QMouseEvent *)
{
    pivot();
}

void EventFields::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    if (m_current < 0)
        go(0);
    update();
}

void EventFields::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Down || event->key() == Qt::Key_Up)
        go(std::clamp(m_current + (event->key() == Qt::Key_Down ? 1 : -1), 0, std::max(0, int(m_lines.size()) - 1)));
    else if (event->matches(QKeySequence::Copy) && m_current >= 0)
        QGuiApplication::clipboard()->setText(m_lines.at(m_current).copy);
    else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        pivot();
    else
        QWidget::keyPressEvent(event);
}

void EventFields::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        updateGeometry();
}

bool EventFields::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    auto *help = static_cast<QHelpEvent *>(event);
    const int line = lineAt(help->pos());
    if (line >= 0) {
        const QString hint = m_lines.at(line).field.isEmpty() ? QString() : u'\n' + tr("Enter or a double click: all events with this value");
        QToolTip::showText(help->globalPos(), kit::plainToolTip(m_lines.at(line).value + hint), this);
    }
    return true;
}

} // namespace parapet::pages
