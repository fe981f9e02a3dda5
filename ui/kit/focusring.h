// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QObject>
#include <QtCore/QPointer>

class QFocusFrame;
class QWidget;

namespace parapet::kit {

/// Puts the 2 px ring around the button, box or input that has the keyboard, 1 px off it and so outside its rectangle.
/// Buttons that the mouse pressed get none. One for the application; item views draw their own focus inside.
class FocusRing : public QObject
{
    Q_OBJECT

public:
    explicit FocusRing(QObject *parent);
    ~FocusRing() override;

    QWidget *target() const;

private:
    void follow(QWidget *now);

    QPointer<QFocusFrame> m_frame;
};

} // namespace parapet::kit
