// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/focusring.h"

#include <QtWidgets/QAbstractButton>
#include <QtWidgets/QAbstractSpinBox>
#include <QtWidgets/QApplication>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QFocusFrame>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QSlider>

namespace parapet::kit {

namespace {

bool wantsRing(QWidget *widget)
{
    if (qobject_cast<QAbstractButton *>(widget) || qobject_cast<QSlider *>(widget))
        return QApplication::mouseButtons() == Qt::NoButton;
    if (auto *edit = qobject_cast<QLineEdit *>(widget))
        return edit->hasFrame();
    return qobject_cast<QComboBox *>(widget) || qobject_cast<QAbstractSpinBox *>(widget) ||
           qobject_cast<QPlainTextEdit *>(widget);
}

} // namespace

FocusRing::FocusRing(QObject *parent) : QObject(parent)
{
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget *, QWidget *now) { follow(now); });
}

FocusRing::~FocusRing()
{
    delete m_frame;
}

QWidget *FocusRing::target() const
{
    return m_frame ? m_frame->widget() : nullptr;
}

void FocusRing::follow(QWidget *now)
{
    if (now && wantsRing(now) && now->parentWidget()) {
        // The frame is a child of the followed widget's window and dies with it.
        if (!m_frame)
            m_frame = new QFocusFrame(now->parentWidget());
        m_frame->setWidget(now);
    } else if (m_frame) {
        m_frame->setWidget(nullptr);
    }
}

} // namespace parapet::kit
