// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/terminal/terminal.h"

#include "ui/terminal/arena.h"
#include "ui/terminal/gate.h"

#include <vterm.h>

#include <algorithm>

namespace parapet::terminal {

namespace {

/// What libvterm needs for each place at most, its own bookkeeping in it.
constexpr size_t bytesOfCell = 64;

QString textOfCell(const VTermScreenCell &cell)
{
    QString text;
    for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; ++i)
        text += QChar::fromUcs4(cell.chars[i] <= QChar::LastValidCodePoint ? char32_t(cell.chars[i]) : char32_t(0xFFFD));
    return text;
}

/// libvterm marks the right half of a wide character so.
bool isRightHalf(const VTermScreenCell &cell)
{
    return cell.chars[0] == uint32_t(-1);
}

QString textOfCells(int count, const std::function<void(int, VTermScreenCell &)> &cellAt)
{
    QString text;
    qsizetype end = 0;
    VTermScreenCell cell;
    for (int column = 0; column < count; ++column) {
        cellAt(column, cell);
        if (isRightHalf(cell))
            continue;
        if (cell.chars[0] == 0) {
            text += u' ';
            continue;
        }
        text += textOfCell(cell);
        if (cell.chars[0] != ' ')
            end = text.size();
    }
    text.truncate(end);
    return text;
}

Ink inkOf(const VTermColor &color)
{
    if (VTERM_COLOR_IS_DEFAULT_FG(&color) || VTERM_COLOR_IS_DEFAULT_BG(&color))
        return {};
    if (VTERM_COLOR_IS_INDEXED(&color))
        return {Ink::Kind::Palette, color.indexed.idx, 0, 0};
    return {Ink::Kind::Rgb, color.rgb.red, color.rgb.green, color.rgb.blue};
}

quint8 flagsOf(const VTermScreenCellAttrs &attrs)
{
    int flags = 0;
    if (attrs.bold)
        flags |= Cell::Bold;
    if (attrs.italic)
        flags |= Cell::Italic;
    if (attrs.underline == VTERM_UNDERLINE_DOUBLE)
        flags |= Cell::DoubleUnderline;
    else if (attrs.underline != VTERM_UNDERLINE_OFF)
        flags |= Cell::Underline;
    if (attrs.strike)
        flags |= Cell::Strike;
    if (attrs.reverse)
        flags |= Cell::Reverse;
    return quint8(flags);
}

struct Size {
    int columns;
    int rows;
};

Size bounded(int columns, int rows)
{
    Size size{std::clamp(columns, Terminal::minimumColumns, Terminal::maximumColumns), std::clamp(rows, 1, Terminal::maximumRows)};
    size.rows = std::min(size.rows, std::max(1, Terminal::maximumCells / size.columns));
    return size;
}

} // namespace

QString Frame::text(int row, int from, int to) const
{
    QString text;
    qsizetype end = 0;
    const int last = to < 0 ? columns : std::min(to, columns);
    for (int column = std::max(0, from); column < last; ++column) {
        const Cell &cell = at(row, column);
        if (cell.width == 0)
            continue;
        text += cell.character ? QString::fromUcs4(&cell.character, 1) : QString(u' ');
        if (cell.flags & Cell::Combined)
            text += marks.value(row * columns + column);
        if (cell.character && cell.character != U' ')
            end = text.size();
    }
    text.truncate(end);
    return text;
}

struct Terminal::Arena : terminal::Arena {
    using terminal::Arena::Arena;
};

/// What lies outside of libvterm's memory and belongs to the state nevertheless. Plain bytes, kept with it.
struct TerminalProps {
    int cursorVisible = 1;
    int cursorShape = VTERM_PROP_CURSORSHAPE_BLOCK;
    int reversed = 0;
    Gate gate;
};
static_assert(std::is_trivially_copyable_v<TerminalProps>);

struct Terminal::Body {
    VTerm *term = nullptr;
    VTermScreen *screen = nullptr;
    TerminalProps props;
    Watcher watcher;

    static Body &of(void *user) { return *static_cast<Body *>(user); }

    static int damaged(VTermRect rect, void *user)
    {
        if (const auto &tell = of(user).watcher.rowsChanged)
            tell(rect.start_row, rect.end_row);
        return 1;
    }
    static int moved(VTermRect to, VTermRect from, void *user)
    {
        const Body &body = of(user);
        int rows = 0;
        int columns = 0;
        vterm_get_size(body.term, &rows, &columns);
        // Only whole rows are the same rows elsewhere; anything else is changed rows.
        const bool whole = to.start_col == 0 && to.end_col == columns && from.start_col == 0;
        if (whole && body.watcher.rowsMoved)
            body.watcher.rowsMoved(to.start_row, to.end_row, from.start_row - to.start_row);
        else if (body.watcher.rowsChanged)
            body.watcher.rowsChanged(to.start_row, to.end_row);
        return 1;
    }
    /// Of all that a program may set here three things are heard. Title, icon name and mouse are not.
    static int propSet(VTermProp prop, VTermValue *value, void *user)
    {
        TerminalProps &props = of(user).props;
        if (prop == VTERM_PROP_CURSORVISIBLE)
            props.cursorVisible = value->boolean;
        else if (prop == VTERM_PROP_CURSORSHAPE)
            props.cursorShape = value->number;
        else if (prop == VTERM_PROP_REVERSE)
            props.reversed = value->boolean;
        return 1;
    }
    static int lineLeft(int columns, const VTermScreenCell *cells, void *user)
    {
        if (const auto &tell = of(user).watcher.lineLeft)
            tell(textOfCells(columns, [cells](int column, VTermScreenCell &cell) { cell = cells[column]; }));
        return 1;
    }
};

Terminal::Terminal(int columns, int rows) : m_arena(std::make_unique<Arena>(bytesOfCell * (maximumCells + maximumColumns))), m_body(std::make_unique<Body>())
{
    static VTermAllocatorFunctions functions{[](size_t size, void *arena) { return static_cast<Arena *>(arena)->allocate(size); },
                                             [](void *piece, void *arena) { static_cast<Arena *>(arena)->release(piece); }};
    static const VTermScreenCallbacks callbacks{&Body::damaged, &Body::moved, nullptr, &Body::propSet, nullptr, nullptr, &Body::lineLeft, nullptr};
    const Size size = bounded(columns, rows);
    m_body->term = vterm_new_with_allocator(size.rows, size.columns, &functions, m_arena.get());
    vterm_set_utf8(m_body->term, 1);
    // What it would say to the program: its name, the cursor's place, its settings. Nobody hears it.
    vterm_output_set_callback(m_body->term, [](const char *, size_t, void *) {}, nullptr);
    m_body->screen = vterm_obtain_screen(m_body->term);
    vterm_screen_set_callbacks(m_body->screen, &callbacks, m_body.get());
    vterm_screen_enable_altscreen(m_body->screen, 1);
    vterm_screen_set_damage_merge(m_body->screen, VTERM_DAMAGE_SCROLL);
    vterm_screen_reset(m_body->screen, 1);
    vterm_state_set_bold_highbright(vterm_obtain_state(m_body->term), 0);
}

Terminal::~Terminal()
{
    m_body->watcher = {};
    vterm_free(m_body->term);
}

void Terminal::feed(QByteArrayView bytes)
{
    const QByteArray passed = m_body->props.gate.pass(bytes);
    vterm_input_write(m_body->term, passed.constData(), size_t(passed.size()));
    vterm_screen_flush_damage(m_body->screen);
}

void Terminal::resize(int columns, int rows)
{
    const Size size = bounded(columns, rows);
    if (size.columns == this->columns() && size.rows == this->rows())
        return;
    vterm_set_size(m_body->term, size.rows, size.columns);
    // Margins of the larger screen could lie outside of this one: they become the whole screen, as in xterm. That moves the cursor.
    VTermPos cursor{0, 0};
    vterm_state_get_cursorpos(vterm_obtain_state(m_body->term), &cursor);
    const QByteArray margins = "\x1b[r\x1b[" + QByteArray::number(cursor.row + 1) + ';' + QByteArray::number(cursor.col + 1) + 'H';
    vterm_input_write(m_body->term, margins.constData(), size_t(margins.size()));
    vterm_screen_flush_damage(m_body->screen);
}

int Terminal::columns() const
{
    int rows = 0;
    int columns = 0;
    vterm_get_size(m_body->term, &rows, &columns);
    return columns;
}

int Terminal::rows() const
{
    int rows = 0;
    int columns = 0;
    vterm_get_size(m_body->term, &rows, &columns);
    return rows;
}

Frame Terminal::frame() const
{
    Frame frame;
    frame.columns = columns();
    frame.rows = rows();
    frame.cells.resize(qsizetype(frame.columns) * frame.rows);
    VTermScreenCell source;
    for (int row = 0, place = 0; row < frame.rows; ++row) {
        for (int column = 0; column < frame.columns; ++column, ++place) {
            Cell &cell = frame.cells[place];
            vterm_screen_get_cell(m_body->screen, {row, column}, &source);
            if (isRightHalf(source)) {
                // Its left half may have been written over: then it is a blank.
                const bool covered = column > 0 && frame.cells[place - 1].width == 2;
                cell = covered ? frame.cells[place - 1] : Cell{};
                cell.character = 0;
                cell.flags &= ~Cell::Combined;
                cell.width = covered ? 0 : 1;
                continue;
            }
            cell.character = source.chars[0] <= QChar::LastValidCodePoint ? char32_t(source.chars[0]) : char32_t(0xFFFD);
            cell.ink = inkOf(source.fg);
            cell.ground = inkOf(source.bg);
            cell.flags = flagsOf(source.attrs);
            cell.width = source.width == 2 && column + 1 < frame.columns ? 2 : 1;
            if (source.chars[0] && source.chars[1]) {
                cell.flags |= Cell::Combined;
                frame.marks.insert(place, textOfCell(source).mid(QChar::requiresSurrogates(cell.character) ? 2 : 1));
            }
        }
    }
    VTermPos cursor{0, 0};
    vterm_state_get_cursorpos(vterm_obtain_state(m_body->term), &cursor);
    frame.cursorRow = std::clamp(cursor.row, 0, frame.rows - 1);
    frame.cursorColumn = std::clamp(cursor.col, 0, frame.columns - 1);
    frame.cursorVisible = m_body->props.cursorVisible;
    frame.cursorShape = m_body->props.cursorShape == VTERM_PROP_CURSORSHAPE_BAR_LEFT ? Frame::CursorShape::Bar
        : m_body->props.cursorShape == VTERM_PROP_CURSORSHAPE_UNDERLINE              ? Frame::CursorShape::Underline
                                                                                     : Frame::CursorShape::Block;
    frame.reversed = m_body->props.reversed;
    return frame;
}

QString Terminal::rowText(int row) const
{
    return textOfCells(columns(), [this, row](int column, VTermScreenCell &cell) { vterm_screen_get_cell(m_body->screen, {row, column}, &cell); });
}

Terminal::State Terminal::save() const
{
    State state(reinterpret_cast<const char *>(&m_body->props), sizeof(TerminalProps));
    state += m_arena->save();
    return state;
}

void Terminal::restore(const State &state)
{
    std::copy_n(state.constData(), sizeof(TerminalProps), reinterpret_cast<char *>(&m_body->props));
    m_arena->restore(state.sliced(sizeof(TerminalProps)));
}

void Terminal::setWatcher(Watcher watcher)
{
    m_body->watcher = std::move(watcher);
}

} // namespace parapet::terminal
