// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/terminal/screenaccessible.h"

#include "ui/terminal/screenview.h"

namespace parapet::terminal {

namespace {

QAccessibleInterface *makeScreenAccessible(const QString &, QObject *object)
{
    auto *view = qobject_cast<ScreenView *>(object);
    return view ? new ScreenAccessible(view) : nullptr;
}

} // namespace

void installScreenAccessible()
{
    static const bool installed = [] {
        QAccessible::installFactory(makeScreenAccessible);
        return true;
    }();
    Q_UNUSED(installed)
}

ScreenAccessible::ScreenAccessible(ScreenView *view) : QAccessibleWidget(view, QAccessible::EditableText)
{
}

ScreenView *ScreenAccessible::view() const
{
    return static_cast<ScreenView *>(widget());
}

void *ScreenAccessible::interface_cast(QAccessible::InterfaceType type)
{
    return type == QAccessible::TextInterface ? static_cast<QAccessibleTextInterface *>(this) : QAccessibleWidget::interface_cast(type);
}

QAccessible::State ScreenAccessible::state() const
{
    QAccessible::State state = QAccessibleWidget::state();
    state.readOnly = true;
    state.multiLine = true;
    state.selectableText = true;
    return state;
}

QString ScreenAccessible::text(QAccessible::Text kind) const
{
    return kind == QAccessible::Value ? view()->text() : QAccessibleWidget::text(kind);
}

void ScreenAccessible::selection(int, int *start, int *end) const
{
    const QString marked = view()->selectedText();
    *start = marked.isEmpty() ? 0 : int(view()->text().indexOf(marked));
    *end = *start < 0 ? *start = 0 : *start + int(marked.size());
}

int ScreenAccessible::selectionCount() const
{
    return view()->selectedText().isEmpty() ? 0 : 1;
}

/// Marking is done on the screen: what is read aloud is inert, and its places are other ones.
void ScreenAccessible::addSelection(int, int)
{
}

void ScreenAccessible::removeSelection(int)
{
}

void ScreenAccessible::setSelection(int, int, int)
{
}

int ScreenAccessible::cursorPosition() const
{
    const Frame &frame = view()->frame();
    int position = 0;
    const QStringList lines = view()->text().split(u'\n');
    for (int row = 0; row < frame.cursorRow && row < lines.size(); ++row)
        position += int(lines[row].size()) + 1;
    const int inLine = frame.cursorRow < lines.size() ? int(lines[frame.cursorRow].size()) : 0;
    return position + std::min(frame.cursorColumn, inLine);
}

void ScreenAccessible::setCursorPosition(int)
{
}

QString ScreenAccessible::text(int start, int end) const
{
    return view()->text().mid(start, end - start);
}

int ScreenAccessible::characterCount() const
{
    return int(view()->text().size());
}

QRect ScreenAccessible::characterRect(int offset) const
{
    const QString before = view()->text().left(offset);
    const QRect cell = view()->cellRect(int(before.count(u'\n')), int(before.size() - before.lastIndexOf(u'\n') - 1));
    return {view()->viewport()->mapToGlobal(cell.topLeft()), cell.size()};
}

int ScreenAccessible::offsetAtPoint(const QPoint &point) const
{
    const QPoint at = view()->viewport()->mapFromGlobal(point);
    const QStringList lines = view()->text().split(u'\n');
    int offset = 0;
    for (int row = 0; row < lines.size(); ++row) {
        const QRect first = view()->cellRect(row, 0);
        if (at.y() < first.bottom() || row + 1 == lines.size())
            return offset + std::clamp((at.x() - first.left()) / std::max(1, first.width()), 0, int(lines[row].size()));
        offset += int(lines[row].size()) + 1;
    }
    return offset;
}

void ScreenAccessible::scrollToSubstring(int, int)
{
}

QString ScreenAccessible::attributes(int, int *start, int *end) const
{
    *start = 0;
    *end = characterCount();
    return {};
}

} // namespace parapet::terminal
