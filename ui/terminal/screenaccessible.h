// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtWidgets/QAccessibleWidget>

namespace parapet::terminal {

class ScreenView;

/// A ScreenView for assistive technology: text that can be read and not written, line by line, inert.
class ScreenAccessible : public QAccessibleWidget, public QAccessibleTextInterface
{
public:
    explicit ScreenAccessible(ScreenView *view);

    void *interface_cast(QAccessible::InterfaceType type) override;
    QAccessible::State state() const override;
    QString text(QAccessible::Text kind) const override;

    void selection(int index, int *start, int *end) const override;
    int selectionCount() const override;
    void addSelection(int start, int end) override;
    void removeSelection(int index) override;
    void setSelection(int index, int start, int end) override;
    int cursorPosition() const override;
    void setCursorPosition(int position) override;
    QString text(int start, int end) const override;
    int characterCount() const override;
    QRect characterRect(int offset) const override;
    int offsetAtPoint(const QPoint &point) const override;
    void scrollToSubstring(int start, int end) override;
    QString attributes(int offset, int *start, int *end) const override;

private:
    ScreenView *view() const;
};

/// Makes Qt use it for each ScreenView. A second call does nothing.
void installScreenAccessible();

} // namespace parapet::terminal
