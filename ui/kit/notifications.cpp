// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/notifications.h"

#include "ui/kit/toast.h"

#include <QtCore/QEvent>

namespace parapet::kit {

namespace {

constexpr int toastMargin = 12;
constexpr qsizetype toastLimit = 5;

} // namespace

Notifications::Notifications(QWidget *host) : QWidget(host)
{
    setAccessibleName(tr("Notifications"));
    host->installEventFilter(this);
    hide();
}

void Notifications::post(const Note &note)
{
    for (Toast *toast : std::as_const(m_toasts)) {
        if (toast->note().title == note.title && toast->note().text == note.text) {
            toast->countUp();
            place();
            return;
        }
    }
    auto *toast = new Toast(note, this);
    connect(toast, &Toast::closed, this, [this, toast] { remove(toast); });
    m_toasts.append(toast);
    // What leaves by itself goes first; what must be read is only pushed out by more of its kind.
    while (m_toasts.size() > toastLimit) {
        const auto passing =
            std::find_if(m_toasts.begin(), m_toasts.end(), [](const Toast *each) { return !each->staysUntilClosed(); });
        remove(passing != m_toasts.end() ? *passing : m_toasts.first());
    }
    toast->show();
    place();
    show();
    raise();
}

void Notifications::remove(Toast *toast)
{
    if (!m_toasts.removeOne(toast))
        return;
    if (toast->isAncestorOf(focusWidget() ? focusWidget() : this) && parentWidget())
        parentWidget()->setFocus(Qt::OtherFocusReason);
    toast->hide();
    toast->deleteLater();
    place();
}

void Notifications::closeAll()
{
    while (!m_toasts.isEmpty())
        remove(m_toasts.first());
}

void Notifications::focusNewest()
{
    if (!m_toasts.isEmpty())
        m_toasts.last()->takeFocus();
}

void Notifications::place()
{
    if (m_toasts.isEmpty() || !parentWidget()) {
        hide();
        return;
    }
    const Theme &look = theme(this);
    const int wide = std::min(look.scaled(360), parentWidget()->width() - 2 * toastMargin);
    int y = 0;
    for (Toast *toast : std::as_const(m_toasts)) {
        const int tall = toast->heightFor(wide);
        toast->setGeometry(0, y, wide, tall);
        y += tall + space::s;
    }
    y -= space::s;
    setGeometry(parentWidget()->width() - wide - toastMargin,
                parentWidget()->height() - y - toastMargin - look.scaled(size::statusLine), wide, y);
}

bool Notifications::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize)
        place();
    return QWidget::eventFilter(watched, event);
}

} // namespace parapet::kit
