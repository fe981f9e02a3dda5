// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/kit/button.h"
#include "ui/kit/notifications.h"

#include <QtCore/QTimer>

namespace parapet::kit {

class PlainLabel;

/// One notification.
class Toast : public QWidget
{
    Q_OBJECT

public:
    Toast(const Notifications::Note &note, QWidget *parent);
    const Notifications::Note &note() const { return m_note; }
    bool staysUntilClosed() const { return m_note.severity >= Severity::High; }
    void countUp();
    int heightFor(int width) const;
    void takeFocus();

Q_SIGNALS:
    void closed();

protected:
    void paintEvent(QPaintEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    Notifications::Note m_note;
    PlainLabel *m_title;
    PlainLabel *m_text;
    Button *m_close;
    QTimer m_leave;
    int m_times = 1;
};

} // namespace parapet::kit
