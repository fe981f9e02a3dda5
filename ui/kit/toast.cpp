// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/toast.h"

#include "ui/kit/paint.h"
#include "ui/kit/text/label.h"

#include <QtGui/QAccessible>
#include <QtGui/QKeyEvent>
#include <QtGui/QPainter>
#include <QtWidgets/QGridLayout>

namespace parapet::kit {

namespace {

constexpr int toastStay = 6000;

} // namespace

Toast::Toast(const Notifications::Note &note, QWidget *parent)
    : QWidget(parent),
      m_note(note),
      m_title(new PlainLabel(note.title, Type::BodyStrong, Role::Text, this)),
      m_text(new PlainLabel(note.text, Type::Small, Role::Text2, this)),
      m_close(new Button(tr("Close"), Icon::Close, Button::Kind::Ghost, this))
{
    setAccessibleName(note.title);
    setAccessibleDescription(note.text);
    m_close->setIconOnly(true);
    m_title->setWordWrap(true);
    m_text->setWordWrap(true);
    m_text->setVisible(!note.text.isEmpty());
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(space::m + theme(this).scaled(size::severityMark) + space::s, space::s, space::s,
                             space::s);
    grid->setHorizontalSpacing(space::s);
    grid->setVerticalSpacing(2);
    grid->setColumnStretch(0, 1);
    grid->addWidget(m_title, 0, 0);
    grid->addWidget(m_close, 0, 2, Qt::AlignTop);
    grid->addWidget(m_text, 1, 0);
    if (!note.action.isEmpty()) {
        auto *act = new Button(note.action, this);
        connect(act, &QAbstractButton::clicked, this, [this] {
            const auto run = m_note.run;
            Q_EMIT closed();
            if (run)
                run();
        });
        grid->addWidget(act, note.text.isEmpty() ? 0 : 1, 1, Qt::AlignBottom);
    }
    connect(m_close, &QAbstractButton::clicked, this, &Toast::closed);
    m_leave.setSingleShot(true);
    connect(&m_leave, &QTimer::timeout, this, &Toast::closed);
    if (!staysUntilClosed())
        m_leave.start(toastStay);
    QAccessibleEvent announcement(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&announcement);
}

void Toast::countUp()
{
    ++m_times;
    m_title->setText(tr("%1 (%n times)", nullptr, m_times).arg(m_note.title));
    if (m_leave.isActive())
        m_leave.start();
}

int Toast::heightFor(int width) const
{
    return std::max(layout()->heightForWidth(width), layout()->minimumSize().height());
}

void Toast::takeFocus()
{
    m_close->setFocus(Qt::ShortcutFocusReason);
}

void Toast::paintEvent(QPaintEvent *)
{
    const Theme &look = theme(this);
    QPainter painter(this);
    paintBox(painter, rect(), radius::popup, look.color(Role::Overlay),
             look.color(m_note.severity == Severity::Critical ? Role::Critical : Role::LineStrong));
    const int mark = look.scaled(size::severityMark);
    paintSeverity(painter, QRect(space::m, space::s, mark, look.scaled(size::control)), m_note.severity, look);
}

void Toast::enterEvent(QEnterEvent *event)
{
    m_leave.stop();
    QWidget::enterEvent(event);
}

void Toast::leaveEvent(QEvent *event)
{
    if (!staysUntilClosed())
        m_leave.start(toastStay);
    QWidget::leaveEvent(event);
}

void Toast::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        Q_EMIT closed();
    else
        QWidget::keyPressEvent(event);
}

} // namespace parapet::kit
