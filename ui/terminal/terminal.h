// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QHash>
#include <QtCore/QMetaType>
#include <QtCore/QString>
#include <QtCore/QVector>

#include <functional>
#include <memory>

namespace parapet::terminal {

/// A colour as the terminal was asked for it.
struct Ink {
    enum class Kind : quint8 { Default, Palette, Rgb };
    Kind kind = Kind::Default;
    quint8 red = 0; ///< of Palette: the place, 0 to 255
    quint8 green = 0;
    quint8 blue = 0;
    friend bool operator==(const Ink &, const Ink &) = default;
};

/// One place of the screen.
struct Cell {
    enum Flag : quint8 { Bold = 1, Italic = 2, Underline = 4, DoubleUnderline = 8, Strike = 16, Reverse = 32, Combined = 64 };
    char32_t character = 0; ///< 0: blank
    Ink ink;
    Ink ground;
    quint8 flags = 0;
    quint8 width = 1; ///< 2: it covers the next place too, whose width is 0
    friend bool operator==(const Cell &, const Cell &) = default;
};

/// What is on the screen at a moment. A value: it knows no terminal.
struct Frame {
    enum class CursorShape : quint8 { Block, Underline, Bar };
    int columns = 0;
    int rows = 0;
    QVector<Cell> cells;        ///< row by row
    QHash<int, QString> marks;  ///< by place: what is combined with the character of a cell with the flag Combined
    int cursorRow = 0;
    int cursorColumn = 0;
    bool cursorVisible = true;
    CursorShape cursorShape = CursorShape::Block;
    bool reversed = false; ///< DECSCNM: the whole screen

    bool isEmpty() const { return cells.isEmpty(); }
    const Cell &at(int row, int column) const { return cells.at(row * columns + column); }
    /// Columns `from` to `to` of a row, without the blanks at its end. As it came: show Untrusted(…).inert() of it.
    QString text(int row, int from = 0, int to = -1) const;
    friend bool operator==(const Frame &, const Frame &) = default;
};

/// A terminal that ends in itself: bytes go in, and what comes of it is a Frame. A Gate lets pass what draws, libvterm interprets it;
/// whatever it would answer to the program, ring, name a window or copy goes nowhere, because nothing is connected to it. Everything that libvterm keeps lies in one
/// block of memory, which is what makes its state a value that can be kept and brought back.
///
/// One thread at a time.
class Terminal
{
public:
    static constexpr int minimumColumns = 2; ///< a wide character has room: libvterm writes it in any case
    static constexpr int maximumColumns = 1000;
    static constexpr int maximumRows = 1000;
    static constexpr int maximumCells = 200'000; ///< rows are taken away where there would be more

    Terminal(int columns, int rows);
    ~Terminal();
    Terminal(const Terminal &) = delete;
    Terminal &operator=(const Terminal &) = delete;

    /// Output of a program, UTF-8.
    void feed(QByteArrayView bytes);
    /// Sizes out of bounds are brought within them.
    void resize(int columns, int rows);
    int columns() const;
    int rows() const;
    Frame frame() const;
    /// One row's text, without the blanks at its end; as it came.
    QString rowText(int row) const;

    /// Everything that decides what comes next, byte by byte. Belongs to this terminal alone.
    using State = QByteArray;
    State save() const;
    void restore(const State &state);

    /// Told while feed() and resize() run: what an index of the text needs. All may be null.
    struct Watcher {
        std::function<void(int from, int to)> rowsChanged;           ///< `to` is not among them
        std::function<void(int from, int to, int by)> rowsMoved;     ///< rows [from, to) come from `by` further down (negative: up)
        std::function<void(const QString &text)> lineLeft;           ///< a line went out at the top
    };
    void setWatcher(Watcher watcher);

private:
    struct Arena;
    struct Body;
    std::unique_ptr<Arena> m_arena;
    std::unique_ptr<Body> m_body;
};

} // namespace parapet::terminal

Q_DECLARE_METATYPE(parapet::terminal::Frame)
