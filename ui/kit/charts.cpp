// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/charts.h"

#include "ui/kit/paint.h"
#include "ui/kit/text/format.h"

#include <QtGui/QKeyEvent>
#include <QtGui/QPainter>
#include <QtWidgets/QApplication>

namespace parapet::kit {

namespace {

constexpr int stackedBarHeight = 14;
constexpr int legendColumns = 3;

} // namespace

StackedBar::StackedBar(QWidget *parent) : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void StackedBar::setParts(const QVector<BarPart> &parts)
{
    m_parts = parts;
    m_current = std::clamp(m_current, 0, std::max(0, int(parts.size()) - 1));
    describe();
    updateGeometry();
    update();
}

void StackedBar::describe()
{
    QStringList all;
    for (const BarPart &part : std::as_const(m_parts))
        all << part.label + u' ' + numberText(part.value);
    setAccessibleDescription(all.join(QLatin1String(", ")));
}

QRect StackedBar::barRect() const
{
    return {0, 0, width(), theme(this).scaled(stackedBarHeight)};
}

QRect StackedBar::legendRect(int index) const
{
    const Theme &look = theme(this);
    const int row = look.scaled(22);
    const int column = width() / legendColumns;
    return {index % legendColumns * column, barRect().bottom() + 9 + index / legendColumns * row, column - 4, row};
}

QSize StackedBar::sizeHint() const
{
    const int rows = (int(m_parts.size()) + legendColumns - 1) / legendColumns;
    return {theme(this).scaled(360), theme(this).scaled(stackedBarHeight) + 8 + rows * theme(this).scaled(22)};
}

QSize StackedBar::minimumSizeHint() const
{
    return {theme(this).scaled(240), sizeHint().height()};
}

int StackedBar::partAt(const QPoint &position) const
{
    for (int i = 0; i < m_parts.size(); ++i) {
        if (legendRect(i).contains(position))
            return i;
    }
    if (!barRect().contains(position))
        return -1;
    qint64 whole = 0;
    for (const BarPart &part : m_parts)
        whole += part.value;
    qint64 sum = 0;
    for (int i = 0; i < m_parts.size() && whole > 0; ++i) {
        sum += m_parts.at(i).value;
        if (position.x() < width() * sum / whole)
            return i;
    }
    return -1;
}

void StackedBar::paintEvent(QPaintEvent *)
{
    const Theme &look = theme(this);
    QPainter painter(this);
    const QRect bar = barRect();
    qint64 whole = 0;
    for (const BarPart &part : std::as_const(m_parts))
        whole += part.value;
    if (whole == 0)
        painter.fillRect(bar, look.color(Role::Grid));
    qint64 sum = 0;
    for (int i = 0; i < m_parts.size(); ++i) {
        const BarPart &part = m_parts.at(i);
        if (part.value > 0 && whole > 0) {
            // Even one of a thousand is 2 px wide: nothing that exists is invisible.
            const int from = int(bar.width() * sum / whole);
            const int to = std::max(from + 3, int(bar.width() * (sum + part.value) / whole));
            painter.fillRect(QRect(from, bar.top(), to - from - 1, bar.height()), look.color(part.role));
        }
        sum += part.value;
        const QRect legend = legendRect(i);
        const int side = look.scaled(8);
        painter.fillRect(QRect(legend.left(), legend.center().y() - side / 2 + 1, side, side), look.color(part.role));
        const int label = textWidth(part.label, look, Type::Table);
        const QRect text = legend.adjusted(side + 6, 0, 0, 0);
        paintText(painter, text, part.label, look, Type::Table, Role::Text2);
        paintText(painter, text.adjusted(label + 6, 0, 0, 0), numberText(part.value), look, Type::Mono, Role::Text);
        if (hasFocus() && i == m_current)
            paintInnerFocus(painter,
                            QRect(legend.left() - 2, legend.top(),
                                  side + 6 + label + 16 + textWidth(numberText(part.value), look, Type::Mono),
                                  legend.height()),
                            look);
    }
}

void StackedBar::mousePressEvent(QMouseEvent *event)
{
    const int part = partAt(event->pos());
    if (part < 0)
        return;
    m_current = part;
    update();
    Q_EMIT partActivated(m_parts.at(part).key);
}

void StackedBar::mouseMoveEvent(QMouseEvent *event)
{
    setCursor(partAt(event->pos()) >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

void StackedBar::keyPressEvent(QKeyEvent *event)
{
    const int count = int(m_parts.size());
    if (count > 0 && (event->key() == Qt::Key_Right || event->key() == Qt::Key_Left)) {
        m_current = (m_current + (event->key() == Qt::Key_Right ? 1 : count - 1)) % count;
        update();
    } else if (count > 0 &&
               (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Space)) {
        Q_EMIT partActivated(m_parts.at(m_current).key);
    } else {
        QWidget::keyPressEvent(event);
    }
}

void StackedBar::focusInEvent(QFocusEvent *)
{
    update();
}

FigureBar::FigureBar(QWidget *parent) : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void FigureBar::setFigure(const QString &label, qint64 value, qint64 whole, const QString &note, Role role)
{
    m_label = label;
    m_value = value;
    m_whole = whole;
    m_note = note;
    m_role = role;
    setAccessibleName(QStringList{label, numberText(value), note}.join(u' '));
    updateGeometry();
    update();
}

int FigureBar::labelWidth() const
{
    return textWidth(m_label, theme(this), Type::Table) + 8;
}

void FigureBar::setLabelColumn(int width)
{
    if (std::exchange(m_labelColumn, width) == width)
        return;
    updateGeometry();
    update();
}

QSize FigureBar::sizeHint() const
{
    return {std::max(theme(this).scaled(360), minimumSizeHint().width()), theme(this).scaled(size::listRow)};
}

QSize FigureBar::minimumSizeHint() const
{
    const Theme &look = theme(this);
    return {std::max(labelWidth(), m_labelColumn) + look.scaled(24 + 36) + 9, look.scaled(size::listRow)};
}

void FigureBar::paintEvent(QPaintEvent *)
{
    const Theme &look = theme(this);
    QPainter painter(this);
    const int figure = look.scaled(36);
    const int label = std::max({width() * 41 / 100, labelWidth(), m_labelColumn});
    const int track = std::clamp(width() - label - figure - 9, 0, width() * 22 / 100);
    const int height = look.scaled(6);
    paintText(painter, QRect(0, 0, label - 6, this->height()), m_label, look, Type::Table, Role::Text);
    const QRect groove(label, (this->height() - height) / 2, track, height);
    painter.fillRect(groove, look.color(Role::Grid));
    if (m_value > 0 && m_whole > 0) {
        const int wide = std::max(1, int(track * std::min(m_value, m_whole) / m_whole));
        painter.fillRect(QRect(groove.left(), groove.top(), wide, height), look.color(m_role));
    }
    paintText(painter, QRect(groove.right() + 1, 0, figure, this->height()), numberText(m_value), look, Type::Mono,
              Role::Text, Qt::AlignRight, Qt::ElideNone);
    paintText(painter, QRect(groove.right() + figure + 9, 0, width() - groove.right() - figure - 9, this->height()),
              m_note, look, Type::Small, Role::Text3);
    if (hasFocus())
        paintInnerFocus(painter, rect(), look);
}

void FigureBar::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton && rect().contains(event->pos()))
        Q_EMIT activated();
}

void FigureBar::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Space)
        Q_EMIT activated();
    else
        QWidget::keyPressEvent(event);
}

ProgressSegments::ProgressSegments(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ProgressSegments::setSegments(const QVector<Segment> &segments)
{
    m_segments = segments;
    const auto done = std::count(segments.begin(), segments.end(), Segment::Done);
    const auto failed = std::count(segments.begin(), segments.end(), Segment::Failed);
    setAccessibleName(failed > 0 ? tr("%1 of %2 done, %3 failed").arg(done).arg(segments.size()).arg(failed)
                                 : tr("%1 of %2 done").arg(done).arg(segments.size()));
    update();
}

QSize ProgressSegments::sizeHint() const
{
    return {theme(this).scaled(200), theme(this).scaled(10)};
}

void ProgressSegments::paintEvent(QPaintEvent *)
{
    const Theme &look = theme(this);
    QPainter painter(this);
    const int count = int(m_segments.size());
    for (int i = 0; i < count; ++i) {
        const Segment segment = m_segments.at(i);
        const int from = width() * i / count;
        const int to = width() * (i + 1) / count;
        const QRect box(from, 0, std::max(1, to - from - 2), height());
        painter.fillRect(box, look.color(segment == Segment::Done     ? Role::Ok
                                         : segment == Segment::Failed ? Role::Critical
                                                                      : Role::LineStrong));
        // Holds in greyscale: what failed is crossed through.
        if (segment == Segment::Failed)
            painter.fillRect(QRect(box.left(), box.center().y(), box.width(), 1), look.color(Role::Surface));
    }
}

Sparkline::Sparkline(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void Sparkline::setValues(const QVector<qreal> &values, const QString &accessibleText)
{
    m_values = values;
    setAccessibleName(accessibleText);
    update();
}

void Sparkline::setRole(Role role)
{
    m_role = role;
    update();
}

QSize Sparkline::sizeHint() const
{
    return {theme(this).scaled(120), theme(this).scaled(18)};
}

void Sparkline::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintSparkline(painter, rect(), m_values, theme(this).color(m_role));
}

} // namespace parapet::kit
