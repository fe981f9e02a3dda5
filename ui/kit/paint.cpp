// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/paint.h"

#include <QtCore/QCache>
#include <QtGui/QFontMetricsF>
#include <QtGui/QPainter>
#include <QtGui/QPainterPath>
#include <QtGui/QStaticText>
#include <QtGui/QTextOption>

#include <cmath>

namespace parapet::kit {

namespace {

struct LineKey {
    QString text;
    int type;
    int weight;
    int width;
    int elide;
    int scale;
    friend bool operator==(const LineKey &, const LineKey &) = default;
    friend size_t qHash(const LineKey &key, size_t seed = 0)
    {
        return qHashMulti(seed, key.text, key.type, key.weight, key.width, key.elide, key.scale);
    }
};

struct Line {
    QStaticText text;
    QFont font;
    int width = 0;
    int height = 0;
};

/// A line laid out once. A table of thirty rows draws three hundred of them a frame; laying them out again would cost
/// most of it.
Line *lineFor(const LineKey &key, const Theme &theme)
{
    static QCache<LineKey, Line> cache(4096);
    if (Line *found = cache.object(key))
        return found;
    auto *line = new Line;
    line->font = theme.font(Type(key.type), key.weight);
    const QFontMetricsF metrics(line->font);
    QString text = key.text;
    qreal width = metrics.horizontalAdvance(text);
    if (std::ceil(width) > key.width && Qt::TextElideMode(key.elide) != Qt::ElideNone) {
        text = metrics.elidedText(text, Qt::TextElideMode(key.elide), key.width);
        width = metrics.horizontalAdvance(text);
    }
    line->width = int(std::ceil(width));
    line->height = int(std::ceil(metrics.ascent() + metrics.descent()));
    line->text.setTextFormat(Qt::PlainText);
    line->text.setTextOption(QTextOption(Qt::AlignLeft));
    line->text.setText(text);
    line->text.prepare(QTransform(), line->font);
    cache.insert(key, line);
    return line;
}

int scaleKey(const Theme &theme)
{
    return qRound(theme.textScale() * 100);
}

QRect centred(const QRect &rect, int width, int height)
{
    return {rect.left() + (rect.width() - width) / 2, rect.top() + (rect.height() - height) / 2, width, height};
}

} // namespace

void paintBox(QPainter &painter, const QRect &rect, int radius, const QColor &fill, const QColor &border,
              Qt::PenStyle pen)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(fill.isValid() ? QBrush(fill) : QBrush(Qt::NoBrush));
    QRectF box(rect);
    if (border.isValid()) {
        QPen outline(border, 1, pen);
        if (pen == Qt::DashLine)
            outline.setDashPattern({2.1, 1.6});
        painter.setPen(outline);
        box.adjust(0.5, 0.5, -0.5, -0.5);
    } else {
        painter.setPen(Qt::NoPen);
    }
    painter.drawRoundedRect(box, radius, radius);
    painter.restore();
}

void paintFocusRing(QPainter &painter, const QRect &rect, int radius, const Theme &theme)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.color(Role::Focus), 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(QRectF(rect).adjusted(-2, -2, 2, 2), radius + 2, radius + 2);
    painter.restore();
}

void paintInnerFocus(QPainter &painter, const QRect &rect, const Theme &theme)
{
    painter.save();
    painter.setPen(QPen(theme.color(Role::Focus), 2, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(rect.adjusted(1, 1, -1, -1));
    painter.restore();
}

void paintText(QPainter &painter, const QRect &rect, const QString &text, const Theme &theme, Type type, Role role,
               Qt::Alignment horizontal, Qt::TextElideMode elide, int weight)
{
    if (text.isEmpty() || rect.width() <= 0)
        return;
    Line *line = lineFor({text, int(type), weight, rect.width(), int(elide), scaleKey(theme)}, theme);
    int x = rect.left();
    if (horizontal & Qt::AlignRight)
        x = rect.right() + 1 - line->width;
    else if (horizontal & Qt::AlignHCenter)
        x = rect.left() + (rect.width() - line->width) / 2;
    painter.setFont(line->font);
    painter.setPen(theme.color(role));
    painter.drawStaticText(QPoint(x, rect.top() + (rect.height() - line->height) / 2), line->text);
}

QString withoutMnemonic(const QString &text)
{
    QString plain;
    plain.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text.at(i) == u'&' && i + 1 < text.size() && !text.at(i + 1).isSpace())
            ++i;
        plain += text.at(i);
    }
    return plain;
}

int textWidth(const QString &text, const Theme &theme, Type type, int weight)
{
    if (text.isEmpty())
        return 0;
    constexpr int unlimited = 1 << 20;
    return lineFor({text, int(type), weight, unlimited, int(Qt::ElideNone), scaleKey(theme)}, theme)->width;
}

int keyCapWidth(const QString &key, const Theme &theme)
{
    return std::max(textWidth(key, theme, Type::Caption) + 10, theme.scaled(16));
}

int paintKeyCap(QPainter &painter, const QRect &rect, const QString &key, const Theme &theme, bool onAccent)
{
    const int width = keyCapWidth(key, theme);
    const int height = theme.scaled(18);
    const QRect cap(rect.left(), rect.top() + (rect.height() - height) / 2, width, height);
    if (onAccent)
        paintBox(painter, cap, radius::chip, {}, theme.color(Role::OnAccent));
    else
        paintBox(painter, cap, radius::chip, theme.color(Role::Control), theme.color(Role::LineStrong));
    paintText(painter, cap, key, theme, Type::Caption, onAccent ? Role::OnAccent : Role::Text2, Qt::AlignHCenter,
              Qt::ElideNone);
    return width;
}

int tagWidth(const QString &text, const Theme &theme)
{
    return textWidth(text, theme, Type::Caption) + 12;
}

int paintTag(QPainter &painter, const QRect &rect, const QString &text, Role role, const Theme &theme, bool filled)
{
    const int width = std::min(tagWidth(text, theme), rect.width());
    const int height = theme.scaled(size::tag);
    const QRect tag(rect.left(), rect.top() + (rect.height() - height) / 2, width, height);
    QColor fill;
    if (filled) {
        fill = theme.color(role == Role::Critical ? Role::CriticalSoft
                           : role == Role::High   ? Role::HighSoft
                           : role == Role::Medium ? Role::MediumSoft
                           : role == Role::Ok     ? Role::OkSoft
                                                  : Role::InfoSoft);
    }
    paintBox(painter, tag, radius::chip, fill,
             theme.color(role == Role::Text2 || role == Role::Text3 ? Role::LineStrong : role));
    paintText(painter, tag.adjusted(6, 0, -6, 0), text, theme, Type::Caption, role);
    return width;
}

void paintSkeleton(QPainter &painter, const QRect &cell, uint seed, Qt::Alignment align, const Theme &theme)
{
    const int width = cell.width() * int(45 + (seed * 2654435761U >> 16) % 41) / 100;
    const int height = theme.scaled(8);
    QRect bar(cell.left(), cell.top() + (cell.height() - height) / 2, width, height);
    if (align & Qt::AlignRight)
        bar.moveRight(cell.right());
    painter.fillRect(bar, theme.color(Role::Line));
}

void paintHatching(QPainter &painter, const QRect &rect, const Theme &theme)
{
    painter.fillRect(rect, QBrush(theme.color(Role::Grid), Qt::BDiagPattern));
}

void paintCheckBox(QPainter &painter, const QRect &rect, Qt::CheckState state, const Theme &theme, bool enabled)
{
    const int side = theme.scaled(size::checkbox);
    const QRect box = centred(rect, side, side);
    const bool on = state != Qt::Unchecked;
    paintBox(painter, box, radius::chip, theme.color(on && enabled ? Role::AccentFill : Role::Control),
             theme.color(!enabled ? Role::TextDisabled
                         : on     ? Role::AccentFill
                                  : Role::Text3));
    if (!on)
        return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.color(enabled ? Role::OnAccent : Role::TextDisabled), 1.5, Qt::SolidLine, Qt::RoundCap,
                        Qt::RoundJoin));
    const QPointF at = QRectF(box).topLeft();
    const qreal unit = side / 14.0;
    if (state == Qt::Checked)
        painter.drawPolyline(
            QPolygonF{at + QPointF(3.6, 7.3) * unit, at + QPointF(6.0, 9.7) * unit, at + QPointF(10.4, 4.7) * unit});
    else
        painter.drawLine(at + QPointF(3.8, 7) * unit, at + QPointF(10.2, 7) * unit);
    painter.restore();
}

void paintSparkline(QPainter &painter, const QRect &rect, const QVector<qreal> &values, const QColor &color)
{
    if (values.size() < 2 || rect.width() < 2)
        return;
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    const qreal range = *high > *low ? *high - *low : 1;
    QPolygonF line;
    line.reserve(values.size());
    for (qsizetype i = 0; i < values.size(); ++i) {
        const qreal level = *high > *low ? (values.at(i) - *low) / range : 0.5;
        line << QPointF(rect.left() + qreal(i) * (rect.width() - 1) / qreal(values.size() - 1),
                        rect.bottom() - 1 - level * (rect.height() - 3));
    }
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(color, 1.3, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPolyline(line);
    painter.restore();
}

int paintRuns(QPainter &painter, const QRect &rect, const QVector<Run> &runs, const Theme &theme)
{
    int x = rect.left();
    for (const Run &run : runs) {
        const int left = rect.right() + 1 - x;
        if (left <= 0)
            break;
        const int width = textWidth(run.text, theme, run.type, run.weight);
        paintText(painter, QRect(x, rect.top(), std::min(left, width), rect.height()), run.text, theme, run.type,
                  run.role, Qt::AlignLeft, Qt::ElideRight, run.weight);
        x += width;
    }
    return std::min(x, rect.right() + 1) - rect.left();
}

int runsWidth(const QVector<Run> &runs, const Theme &theme)
{
    int width = 0;
    for (const Run &run : runs)
        width += textWidth(run.text, theme, run.type, run.weight);
    return width;
}

} // namespace parapet::kit
