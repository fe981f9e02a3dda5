// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QObject>
#include <QtCore/QPointer>

class QAbstractItemView;
class QWidget;

namespace parapet::console {

/// With PARAPET_TRACE=startup in the environment: writes one line to stderr when the window was first painted and one when rows were,
/// so that packaging/bench can measure the program that people start. Otherwise it is not made.
class StartupTrace : public QObject
{
    Q_OBJECT

public:
    static bool isWanted();
    explicit StartupTrace(QWidget *window);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void say(const char *what);
    bool m_painted = false;
    bool m_rows = false;
};

} // namespace parapet::console
