// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/terminal/screencolors.h"

#include <QtGui/QRawFont>
#include <QtWidgets/QAbstractScrollArea>

#include <array>
#include <optional>

namespace parapet::terminal {

/// A terminal's screen, painted: each character in its place, whatever its direction or width claims. As large as fits; scrolls where
/// letters would become too small. Text is marked with the mouse or Ctrl+A and copied with Ctrl+C, inert. Assistive technology gets the
/// lines as text, inert too.
class ScreenView : public QAbstractScrollArea
{
    Q_OBJECT

public:
    explicit ScreenView(QWidget *parent = nullptr);

    void setFrame(const Frame &frame);
    const Frame &frame() const { return m_frame; }
    /// All lines, inert, separated by line breaks.
    QString text() const;
    QString selectedText() const;
    void selectAll();
    void copy() const;
    /// Where a place of the screen is drawn, in coordinates of the viewport.
    QRect cellRect(int row, int column) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    struct Span {
        int from = 0; ///< places, row by row
        int to = 0;   ///< not in it any more
    };
    void fit();
    int placeAt(const QPoint &position) const;
    std::optional<Span> marked() const;
    QString inertText(Span span) const;
    void paintRow(QPainter &painter, int row, const std::optional<Span> &marked);
    void paintGlyphs(QPainter &painter, int row, int from, int to, const QColor &ink);
    void paintLines(QPainter &painter, const Cell &cell, const QRect &rect, const QColor &ink) const;
    void paintCursor(QPainter &painter);
    QPoint origin() const;

    Frame m_frame;
    ScreenColors m_colors;
    QFont m_font;
    std::array<QRawFont, 4> m_raw;                     ///< usual, bold, italic, both
    std::array<QHash<char32_t, quint32>, 4> m_glyphs;
    qreal m_cellWidth = 8;
    int m_cellHeight = 16;
    qreal m_ascent = 12;
    int m_anchor = -1; ///< place where marking began; -1: nothing is marked
    int m_head = -1;
};

} // namespace parapet::terminal
