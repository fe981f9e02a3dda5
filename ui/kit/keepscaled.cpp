// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/keepscaled.h"

#include "ui/kit/theme.h"

#include <QtCore/QEvent>
#include <QtWidgets/QWidget>

namespace parapet::kit {

namespace {

class ScaleWatcher : public QObject
{
public:
    ScaleWatcher(QWidget *widget, std::function<void(const Theme &)> apply) : QObject(widget), m_widget(widget), m_apply(std::move(apply))
    {
        widget->installEventFilter(this);
        m_apply(theme(m_widget));
    }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (watched == m_widget && (event->type() == QEvent::ApplicationFontChange || event->type() == QEvent::StyleChange))
            m_apply(theme(m_widget));
        return false;
    }

private:
    QWidget *m_widget;
    std::function<void(const Theme &)> m_apply;
};

} // namespace

void keepScaled(QWidget *widget, std::function<void(const Theme &theme)> apply)
{
    new ScaleWatcher(widget, std::move(apply));
}

void keepHeight(QWidget *widget, int pixels)
{
    keepScaled(widget, [widget, pixels](const Theme &look) { widget->setFixedHeight(look.scaled(pixels)); });
}

void keepWidth(QWidget *widget, int pixels)
{
    keepScaled(widget, [widget, pixels](const Theme &look) { widget->setFixedWidth(look.scaled(pixels)); });
}

void keepMinimumWidth(QWidget *widget, int pixels)
{
    keepScaled(widget, [widget, pixels](const Theme &look) { widget->setMinimumWidth(look.scaled(pixels)); });
}

} // namespace parapet::kit
