// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/paint.h"

#include <QtCore/QCache>
#include <QtCore/QCoreApplication>
#include <QtCore/QHash>
#include <QtGui/QFontMetricsF>
#include <QtGui/QGlyphRun>
#include <QtGui/QPainter>
#include <QtGui/QPainterPath>
#include <QtGui/QPixmap>
#include <QtGui/QRawFont>
#include <QtGui/QTextLayout>
#include <QtGui/QTextOption>

#include <cmath>

namespace parapet::kit {

namespace {

constexpr int unlimitedWidth = 1 << 20;

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

/// A line laid out: glyphs and where they stand, from its top left corner on.
struct Line {
    QList<QGlyphRun> glyphs;
    int width = 0;
    int height = 0;
};

/// What shaping makes of each letter of a fixed-pitch font, found once: names, digests, figures and times in it are put together
/// from that. Shaping is most of what a new row costs, and a page that arrives brings a screen of new ones. It also keeps every
/// letter itself: shaped, a "!=" in somebody's name would be drawn as another sign.
struct FixedPitch {
    QRawFont font;
    QList<quint32> glyphs; ///< of alphabet(), empty when the font is none for this
    qreal advance = 0;
    qreal baseline = 0;

    /// Each with a space behind it, so that no two are shaped into one sign.
    static QString alphabet()
    {
        QString letters;
        for (char16_t letter = u' '; letter <= u'~'; ++letter)
            letters += QStringLiteral("%1 ").arg(QChar(letter));
        return letters + QChar(u'\u2026');
    }
    static qsizetype placeOf(QChar letter)
    {
        return letter >= u' ' && letter <= u'~' ? letter.unicode() - u' ' : letter == u'\u2026' ? u'~' - u' ' + 1 : -1;
    }
    bool spells(const QString &text) const
    {
        return !glyphs.isEmpty() && std::all_of(text.begin(), text.end(), [](QChar letter) { return placeOf(letter) >= 0; });
    }
};

quint64 shaped = 0;

qreal shape(Line &line, const QString &text, const QFont &font)
{
    ++shaped;
    QTextOption option(Qt::AlignLeft);
    option.setWrapMode(QTextOption::NoWrap);
    option.setFlags(QTextOption::IncludeTrailingSpaces);
    QTextLayout layout(text, font);
    layout.setTextOption(option);
    layout.beginLayout();
    QTextLine whole = layout.createLine();
    whole.setLineWidth(unlimitedWidth);
    layout.endLayout();
    line.glyphs = layout.glyphRuns();
    return whole.naturalTextWidth();
}

FixedPitch fixedPitchOf(const QFont &font)
{
    FixedPitch pitch;
    const QString alphabet = FixedPitch::alphabet();
    Line line;
    shape(line, alphabet, font);
    if (line.glyphs.size() != 1 || line.glyphs.first().positions().size() != alphabet.size())
        return pitch;
    const QList<QPointF> places = line.glyphs.first().positions();
    pitch.advance = places.at(1).x() - places.at(0).x();
    for (qsizetype i = 0; i < places.size(); ++i) {
        if (!qFuzzyCompare(1 + places.at(i).x(), 1 + double(i) * pitch.advance))
            return pitch;
    }
    pitch.baseline = places.first().y();
    pitch.font = line.glyphs.first().rawFont();
    const QList<quint32> glyphs = line.glyphs.first().glyphIndexes();
    for (qsizetype i = 0; i < glyphs.size(); i += 2)
        pitch.glyphs << glyphs.at(i);
    return pitch;
}

QString elided(const QString &text, const FixedPitch &pitch, int width, Qt::TextElideMode mode)
{
    const auto kept = qsizetype(width / pitch.advance) - 1; // beside the ellipsis
    if (kept < 0)
        return {};
    const qsizetype tail = mode == Qt::ElideMiddle ? kept / 2 : mode == Qt::ElideLeft ? kept : 0;
    return text.first(kept - tail) + QChar(u'\u2026') + text.last(tail);
}

void spell(Line &line, const QString &text, const FixedPitch &pitch)
{
    QList<quint32> glyphs(text.size());
    QList<QPointF> places(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        glyphs[i] = pitch.glyphs.at(FixedPitch::placeOf(text.at(i)));
        places[i] = {double(i) * pitch.advance, pitch.baseline};
    }
    QGlyphRun run;
    run.setRawFont(pitch.font);
    run.setGlyphIndexes(glyphs);
    run.setPositions(places);
    line.glyphs = {run};
}

/// Both are emptied while there still are fonts.
struct Lines {
    QCache<LineKey, Line> made{4096};
    QHash<int, FixedPitch> pitches;

    const FixedPitch &pitchOf(const LineKey &key, const QFont &font)
    {
        const int face = (key.type * 1000 + key.weight) * 1000 + key.scale;
        auto found = pitches.find(face);
        if (found == pitches.end())
            found = pitches.insert(face, font.fixedPitch() ? fixedPitchOf(font) : FixedPitch());
        return *found;
    }
};

/// A line laid out once. A table of thirty rows draws three hundred of them a frame; laying them out again would cost
/// most of it.
const Line *lineFor(const LineKey &key, const Theme &theme)
{
    static Lines lines;
    static const bool emptied = [] {
        qAddPostRoutine([] {
            lines.made.clear();
            lines.pitches.clear();
        });
        return true;
    }();
    Q_UNUSED(emptied)
    if (const Line *found = lines.made.object(key))
        return found;
    auto *line = new Line;
    const QFont font = theme.font(Type(key.type), key.weight);
    const QFontMetricsF metrics(font);
    const auto mode = Qt::TextElideMode(key.elide);
    qreal width = 0;
    if (const FixedPitch &pitch = lines.pitchOf(key, font); pitch.spells(key.text)) {
        width = double(key.text.size()) * pitch.advance;
        const bool fits = std::ceil(width) <= key.width || mode == Qt::ElideNone;
        const QString text = fits ? key.text : elided(key.text, pitch, key.width, mode);
        width = double(text.size()) * pitch.advance;
        spell(*line, text, pitch);
    } else {
        width = shape(*line, key.text, font);
        if (std::ceil(width) > key.width && mode != Qt::ElideNone)
            width = shape(*line, metrics.elidedText(key.text, mode, key.width), font);
    }
    line->width = int(std::ceil(width));
    line->height = int(std::ceil(metrics.ascent() + metrics.descent()));
    lines.made.insert(key, line);
    return line;
}

int scaleKey(const Theme &theme)
{
    return qRound(theme.textScale() * 100);
}

struct BoxKey {
    int width;
    int height;
    int radius;
    QRgb fill;
    QRgb border;
    int pen;
    int percent;
    friend bool operator==(const BoxKey &, const BoxKey &) = default;
    friend size_t qHash(const BoxKey &key, size_t seed = 0)
    {
        return qHashMulti(seed, key.width, key.height, key.radius, key.fill, key.border, key.pen, key.percent);
    }
};

bool isSmall(const QRect &rect)
{
    return rect.width() > 0 && rect.height() > 0 && rect.width() <= 200 && rect.height() <= 32;
}

void drawBox(QPainter &painter, const QRect &rect, int radius, const QColor &fill, const QColor &border, Qt::PenStyle pen)
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

QRect centred(const QRect &rect, int width, int height)
{
    return {rect.left() + (rect.width() - width) / 2, rect.top() + (rect.height() - height) / 2, width, height};
}

} // namespace

void paintBox(QPainter &painter, const QRect &rect, int radius, const QColor &fill, const QColor &border,
              Qt::PenStyle pen)
{
    if (!isSmall(rect) || painter.transform().type() > QTransform::TxTranslate) {
        drawBox(painter, rect, radius, fill, border, pen);
        return;
    }
    // Check boxes and pills stand in every row: their smooth corners and dashes are drawn once a size.
    static QCache<BoxKey, QPixmap> cache(256);
    const qreal ratio = painter.device()->devicePixelRatioF();
    const BoxKey key{rect.width(), rect.height(), radius, fill.isValid() ? fill.rgba() : 0, border.isValid() ? border.rgba() : 0,
                     int(pen), qRound(ratio * 100)};
    QPixmap *box = cache.object(key);
    if (!box) {
        box = new QPixmap(QSize(int(std::ceil(rect.width() * ratio)), int(std::ceil(rect.height() * ratio))));
        box->setDevicePixelRatio(ratio);
        box->fill(Qt::transparent);
        QPainter inside(box);
        drawBox(inside, QRect(QPoint(), rect.size()), radius, fill, border, pen);
        inside.end();
        cache.insert(key, box);
    }
    painter.drawPixmap(rect.topLeft(), *box);
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
    const Line *line = lineFor({text, int(type), weight, rect.width(), int(elide), scaleKey(theme)}, theme);
    int x = rect.left();
    if (horizontal & Qt::AlignRight)
        x = rect.right() + 1 - line->width;
    else if (horizontal & Qt::AlignHCenter)
        x = rect.left() + (rect.width() - line->width) / 2;
    painter.setPen(theme.color(role));
    const QPoint corner(x, rect.top() + (rect.height() - line->height) / 2);
    for (const QGlyphRun &run : line->glyphs)
        painter.drawGlyphRun(corner, run);
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

quint64 shapedLines()
{
    return shaped;
}

int textWidth(const QString &text, const Theme &theme, Type type, int weight)
{
    if (text.isEmpty())
        return 0;
    return lineFor({text, int(type), weight, unlimitedWidth, int(Qt::ElideNone), scaleKey(theme)}, theme)->width;
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
