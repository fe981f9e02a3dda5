// SPDX-License-Identifier: GPL-3.0-or-later
// An empty Qt window, to measure a program's start and memory beside: says when it was first painted.
#include <QtCore/QEvent>
#include <QtWidgets/QApplication>
#include <QtWidgets/QMainWindow>

#include <cstdio>

namespace {

class Window : public QMainWindow
{
protected:
    bool event(QEvent *event) override
    {
        const bool handled = QMainWindow::event(event);
        if (event->type() == QEvent::Paint && !m_said) {
            m_said = true;
            std::fputs("trace: window painted\n", stderr);
            std::fflush(stderr);
        }
        return handled;
    }

private:
    bool m_said = false;
};

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    Window window;
    window.resize(1440, 900);
    window.show();
    return QApplication::exec();
}
