// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/startuptrace.h"

#include <QtCore/QEvent>
#include <QtWidgets/QAbstractItemView>
#include <QtWidgets/QApplication>

#include <cstdio>

namespace parapet::console {

using namespace Qt::StringLiterals;

bool StartupTrace::isWanted()
{
    return qEnvironmentVariable("PARAPET_TRACE") == "startup"_L1;
}

StartupTrace::StartupTrace(QWidget *window) : QObject(window)
{
    qApp->installEventFilter(this);
}

bool StartupTrace::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::Paint || m_rows)
        return false;
    if (!m_painted) {
        m_painted = true;
        say("window painted");
    }
    // A table's viewport that paints while its model has rows has shown them.
    const auto *view = qobject_cast<QAbstractItemView *>(watched->parent());
    if (view && view->viewport() == watched && view->objectName() == "workspaces"_L1 && view->model() && view->model()->rowCount() > 0) {
        m_rows = true;
        say("rows painted");
        qApp->removeEventFilter(this);
    }
    return false;
}

void StartupTrace::say(const char *what)
{
    std::fprintf(stderr, "trace: %s\n", what);
    std::fflush(stderr);
}

} // namespace parapet::console
