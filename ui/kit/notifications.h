// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/kit/marks.h"

#include <QtWidgets/QWidget>

#include <functional>

namespace parapet::kit {

/// Short messages at the bottom right of a window, newest below. Errors and what survives stay until closed; the others
/// leave by themselves after 6 s, but not while the pointer is on them. They never take the focus; F8 reaches the
/// newest.
class Notifications : public QWidget
{
    Q_OBJECT

public:
    explicit Notifications(QWidget *host);

    struct Note {
        Severity severity = Severity::Info;
        QString title; ///< ours, or inert
        QString text;
        QString action; ///< "Show"; empty: none
        std::function<void()> run;
    };
    /// A note with the same title and text as one that is shown only counts up.
    void post(const Note &note);
    int count() const { return int(m_toasts.size()); }
    void closeAll();
    void focusNewest();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void place();
    void remove(class Toast *toast);

    QVector<class Toast *> m_toasts;
};

} // namespace parapet::kit
