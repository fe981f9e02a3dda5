// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/terminal/screenview.h"

#include "models/core/untrusted.h"
#include "ui/kit/paint.h"
#include "ui/terminal/screenaccessible.h"

#include <QtGui/QClipboard>
#include <QtGui/QContextMenuEvent>
#include <QtGui/QGlyphRun>
#include <QtGui/QGuiApplication>
#include <QtGui/QPainter>
#include <QtWidgets/QMenu>
#include <QtWidgets/QScrollBar>

#include <algorithm>
#include <cmath>

namespace parapet::terminal {

namespace {

constexpr qreal largestLetters = 15; ///< pixels at scale 1
constexpr qreal smallestLetters = 7;
constexpr int screenMargin = 8;
constexpr int longestInertLine = 4 * Terminal::maximumColumns;

int styleOf(const Cell &cell)
{
    return (cell.flags & Cell::Bold ? 1 : 0) | (cell.flags & Cell::Italic ? 2 : 0);
}

bool isBlank(const Cell &cell)
{
    return cell.character == 0 || cell.character == U' ' || cell.width == 0;
}

/// Drawn alone it has no shape, or changes that of its neighbours.
bool isFormat(char32_t character)
{
    const QChar::Category category = QChar::category(character);
    return category == QChar::Other_Format || category == QChar::Other_Control || category == QChar::Separator_Line || category == QChar::Separator_Paragraph;
}

} // namespace

ScreenView::ScreenView(QWidget *parent) : QAbstractScrollArea(parent), m_colors(kit::theme(this))
{
    installScreenAccessible();
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Recorded screen"));
    viewport()->setCursor(Qt::IBeamCursor);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    fit();
}

QSize ScreenView::sizeHint() const
{
    const kit::Theme &look = kit::theme(this);
    return {look.scaled(640), look.scaled(420)};
}

QSize ScreenView::minimumSizeHint() const
{
    const kit::Theme &look = kit::theme(this);
    return {look.scaled(240), look.scaled(140)};
}

void ScreenView::setFrame(const Frame &frame)
{
    const bool another = frame.columns != m_frame.columns || frame.rows != m_frame.rows;
    m_frame = frame;
    if (another) {
        m_anchor = m_head = -1;
        fit();
    }
    viewport()->update();
    QAccessibleTextUpdateEvent changed(this, 0, QString(), QString());
    if (QAccessible::isActive())
        QAccessible::updateAccessibility(&changed);
}

void ScreenView::fit()
{
    const kit::Theme &look = kit::theme(this);
    m_font = look.font(kit::Type::Mono);
    m_font.setHintingPreference(QFont::PreferNoHinting);
    m_font.setKerning(false);
    const auto measure = [this](qreal pixels) {
        m_font.setPointSizeF(pixels * 0.75);
        const QFontMetricsF metrics(m_font);
        m_cellWidth = metrics.horizontalAdvance(u'M');
        m_cellHeight = std::max(1, int(std::ceil(metrics.ascent() + metrics.descent())));
        m_ascent = metrics.ascent();
    };
    const qreal largest = largestLetters * look.textScale();
    measure(largest);
    const QSize room = maximumViewportSize() - QSize(2 * screenMargin, 2 * screenMargin);
    if (m_frame.columns > 0) {
        const qreal wide = room.width() / (m_cellWidth * m_frame.columns);
        const qreal high = qreal(room.height()) / (m_cellHeight * m_frame.rows);
        const qreal smallest = smallestLetters * look.textScale();
        qreal pixels = std::clamp(std::floor(largest * std::min({wide, high, 1.0}) * 4) / 4, smallest, largest);
        measure(pixels);
        // Widths and heights of a font do not grow evenly: a step less may be needed.
        while (pixels > smallest && (m_cellWidth * m_frame.columns > room.width() || m_cellHeight * m_frame.rows > room.height()))
            measure(pixels = std::max(smallest, pixels - 0.25));
    }
    for (int style = 0; style < 4; ++style) {
        QFont font = m_font;
        font.setBold(style & 1);
        font.setItalic(style & 2);
        m_raw[size_t(style)] = QRawFont::fromFont(font);
        m_glyphs[size_t(style)].clear();
    }
    const QSize whole(int(std::ceil(m_cellWidth * m_frame.columns)) + 2 * screenMargin, m_cellHeight * m_frame.rows + 2 * screenMargin);
    horizontalScrollBar()->setRange(0, std::max(0, whole.width() - viewport()->width()));
    horizontalScrollBar()->setPageStep(viewport()->width());
    verticalScrollBar()->setRange(0, std::max(0, whole.height() - viewport()->height()));
    verticalScrollBar()->setPageStep(viewport()->height());
    horizontalScrollBar()->setSingleStep(m_cellHeight);
    verticalScrollBar()->setSingleStep(m_cellHeight);
    viewport()->update();
}

/// In the middle of what room there is, so that nothing hangs at an edge.
QPoint ScreenView::origin() const
{
    const int wide = int(std::ceil(m_cellWidth * m_frame.columns));
    const int high = m_cellHeight * m_frame.rows;
    return {std::max(screenMargin, (viewport()->width() - wide) / 2) - horizontalScrollBar()->value(),
            std::max(screenMargin, (viewport()->height() - high) / 2) - verticalScrollBar()->value()};
}

QRect ScreenView::cellRect(int row, int column) const
{
    const QPoint at = origin();
    const int left = at.x() + int(std::round(column * m_cellWidth));
    return {left, at.y() + row * m_cellHeight, at.x() + int(std::round((column + 1) * m_cellWidth)) - left, m_cellHeight};
}

int ScreenView::placeAt(const QPoint &position) const
{
    if (m_frame.isEmpty())
        return -1;
    const QPoint at = position - origin();
    const int row = std::clamp(at.y() / m_cellHeight, 0, m_frame.rows - 1);
    const int column = std::clamp(int(std::round(at.x() / m_cellWidth)), 0, m_frame.columns);
    return row * m_frame.columns + column;
}

std::optional<ScreenView::Span> ScreenView::marked() const
{
    if (m_anchor < 0 || m_anchor == m_head)
        return std::nullopt;
    return Span{std::min(m_anchor, m_head), std::max(m_anchor, m_head)};
}

QString ScreenView::inertText(Span span) const
{
    QStringList lines;
    for (int row = 0; row < m_frame.rows; ++row) {
        const int from = std::max(0, span.from - row * m_frame.columns);
        const int to = std::min(m_frame.columns, span.to - row * m_frame.columns);
        if (from < to)
            lines << Untrusted(m_frame.text(row, from, to)).inert(longestInertLine);
    }
    return lines.join(u'\n');
}

QString ScreenView::text() const
{
    return inertText({0, int(m_frame.cells.size())});
}

QString ScreenView::selectedText() const
{
    const auto span = marked();
    return span ? inertText(*span) : QString();
}

void ScreenView::selectAll()
{
    m_anchor = 0;
    m_head = int(m_frame.cells.size());
    viewport()->update();
}

void ScreenView::copy() const
{
    const QString text = selectedText();
    if (!text.isEmpty())
        QGuiApplication::clipboard()->setText(text);
}

void ScreenView::paintEvent(QPaintEvent *event)
{
    QPainter painter(viewport());
    painter.fillRect(event->rect(), m_colors.ground());
    if (!m_frame.isEmpty()) {
        const auto span = marked();
        const int top = origin().y();
        const int first = std::clamp((event->rect().top() - top) / m_cellHeight, 0, m_frame.rows - 1);
        const int last = std::clamp((event->rect().bottom() - top) / m_cellHeight, 0, m_frame.rows - 1);
        for (int row = first; row <= last; ++row)
            paintRow(painter, row, span);
        paintCursor(painter);
    }
    if (hasFocus())
        kit::paintInnerFocus(painter, viewport()->rect(), kit::theme(this));
}

void ScreenView::paintRow(QPainter &painter, int row, const std::optional<Span> &marked)
{
    const QColor markGround = kit::theme(this).color(kit::Role::Selection);
    const auto colors = [&](int column) {
        const int place = row * m_frame.columns + column;
        ScreenColors::Pair pair = m_colors.of(m_frame.cells.at(place), m_frame.reversed);
        if (marked && place >= marked->from && place < marked->to)
            pair = {m_colors.text(), markGround};
        return pair;
    };
    const auto isOther = [&](int a, int b) { return styleOf(m_frame.at(row, a)) != styleOf(m_frame.at(row, b)); };
    for (int from = 0; from < m_frame.columns;) {
        const ScreenColors::Pair pair = colors(from);
        int to = from + 1;
        while (to < m_frame.columns && colors(to) == pair && !isOther(from, to))
            ++to;
        const QRect box = cellRect(row, from).united(cellRect(row, to - 1));
        if (pair.ground != m_colors.ground())
            painter.fillRect(box, pair.ground);
        paintGlyphs(painter, row, from, to, pair.ink);
        for (int column = from; column < to; ++column)
            paintLines(painter, m_frame.at(row, column), cellRect(row, column), pair.ink);
        from = to;
    }
}

/// Each character at its own place: nothing is shaped, so nothing joins, mirrors or runs backwards.
void ScreenView::paintGlyphs(QPainter &painter, int row, int from, int to, const QColor &ink)
{
    const QPoint at = origin();
    const auto style = size_t(styleOf(m_frame.at(row, from)));
    const qreal base = at.y() + row * m_cellHeight + m_ascent;
    QVector<quint32> glyphs;
    QVector<QPointF> places;
    painter.setPen(ink);
    for (int column = from; column < to; ++column) {
        const Cell &cell = m_frame.at(row, column);
        if (isBlank(cell) || isFormat(cell.character))
            continue;
        auto glyph = m_glyphs[style].find(cell.character);
        if (glyph == m_glyphs[style].end()) {
            const QList<quint32> found = m_raw[style].glyphIndexesForString(QString::fromUcs4(&cell.character, 1));
            glyph = m_glyphs[style].insert(cell.character, found.isEmpty() ? 0 : found.first());
        }
        const qreal x = at.x() + column * m_cellWidth;
        if (*glyph != 0 && !(cell.flags & Cell::Combined)) {
            glyphs << *glyph;
            places << QPointF(x, base);
            continue;
        }
        // Another font has it, or marks stand on it: alone, within its cells.
        QString text = QString::fromUcs4(&cell.character, 1);
        for (const QChar mark : m_frame.marks.value(row * m_frame.columns + column)) {
            if (mark.isSurrogate() || mark.isMark())
                text += mark;
        }
        QFont font = m_font;
        font.setBold(style & 1);
        font.setItalic(style & 2);
        painter.save();
        painter.setFont(font);
        painter.setClipRect(QRectF(x - 1, at.y() + row * m_cellHeight, m_cellWidth * cell.width + 2, m_cellHeight));
        painter.drawText(QPointF(x, base), text);
        painter.restore();
    }
    if (glyphs.isEmpty())
        return;
    QGlyphRun run;
    run.setRawFont(m_raw[style]);
    run.setGlyphIndexes(glyphs);
    run.setPositions(places);
    painter.drawGlyphRun(QPointF(), run);
}

void ScreenView::paintLines(QPainter &painter, const Cell &cell, const QRect &rect, const QColor &ink) const
{
    const int under = rect.top() + int(m_ascent) + 1;
    if (cell.flags & (Cell::Underline | Cell::DoubleUnderline))
        painter.fillRect(QRect(rect.left(), under, rect.width(), 1), ink);
    if (cell.flags & Cell::DoubleUnderline)
        painter.fillRect(QRect(rect.left(), under + 2, rect.width(), 1), ink);
    if (cell.flags & Cell::Strike)
        painter.fillRect(QRect(rect.left(), rect.top() + int(m_ascent * 0.65), rect.width(), 1), ink);
}

void ScreenView::paintCursor(QPainter &painter)
{
    if (!m_frame.cursorVisible)
        return;
    const int row = m_frame.cursorRow;
    const int column = m_frame.cursorColumn;
    const Cell &cell = m_frame.at(row, column);
    QRect rect = cellRect(row, column);
    if (cell.width == 2)
        rect = rect.united(cellRect(row, column + 1));
    const ScreenColors::Pair pair = m_colors.of(cell, m_frame.reversed);
    switch (m_frame.cursorShape) {
    case Frame::CursorShape::Block:
        painter.fillRect(rect, pair.ink);
        paintGlyphs(painter, row, column, column + 1, pair.ground);
        break;
    case Frame::CursorShape::Underline:
        painter.fillRect(QRect(rect.left(), rect.bottom() - 1, rect.width(), 2), pair.ink);
        break;
    case Frame::CursorShape::Bar:
        painter.fillRect(QRect(rect.left(), rect.top(), 2, rect.height()), pair.ink);
        break;
    }
}

void ScreenView::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    fit();
}

void ScreenView::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        m_colors = ScreenColors(kit::theme(this));
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        fit();
}

void ScreenView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    m_head = placeAt(event->position().toPoint());
    if (!(event->modifiers() & Qt::ShiftModifier) || m_anchor < 0)
        m_anchor = m_head;
    viewport()->update();
}

void ScreenView::mouseMoveEvent(QMouseEvent *event)
{
    if (!(event->buttons() & Qt::LeftButton) || m_anchor < 0)
        return;
    m_head = placeAt(event->position().toPoint());
    viewport()->update();
}

void ScreenView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy) && marked())
        copy();
    else if (event->matches(QKeySequence::SelectAll))
        selectAll();
    else
        event->ignore(); // the player's: arrows do not scroll here
}

void ScreenView::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    QAction *copying = menu->addAction(tr("Copy"), this, &ScreenView::copy);
    copying->setEnabled(marked().has_value());
    menu->addAction(tr("Mark all"), this, &ScreenView::selectAll);
    menu->popup(event->globalPos());
}

void ScreenView::focusInEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void ScreenView::focusOutEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

} // namespace parapet::terminal
