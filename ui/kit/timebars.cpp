// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/charts.h"

#include "ui/kit/paint.h"
#include "ui/kit/text/format.h"
#include "ui/kit/tooltip.h"

#include <QtCore/QDateTime>
#include <QtGui/QHelpEvent>
#include <QtGui/QKeyEvent>
#include <QtGui/QPainter>
#include <QtWidgets/QToolTip>

namespace parapet::kit {

namespace {

constexpr int legendHeight = 22;
constexpr int axisHeight = 18;
constexpr int gapPercent = 14; ///< of a bucket's width, at least a pixel: parts it from its neighbour

/// A round number of at least `value`, and how many steps lead there.
std::pair<qint64, int> roundTop(qint64 value)
{
    qint64 step = 1;
    for (;;) {
        for (const qint64 factor : {1, 2, 5}) {
            const qint64 each = step * factor;
            const qint64 steps = std::max<qint64>(1, (value + each - 1) / each);
            if (steps <= 5)
                return {each * steps, int(steps)};
        }
        step *= 10;
    }
}

} // namespace

TimeBars::TimeBars(QWidget *parent) : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
}

void TimeBars::setData(Instant from, Milliseconds width, const QVector<Series> &series, const QVector<Mark> &marks)
{
    m_from = from;
    m_width = width;
    m_series = series;
    m_marks = marks;
    m_count = 0;
    for (const Series &each : std::as_const(m_series))
        m_count = std::max(m_count, int(each.counts.size()));
    qint64 high = 0;
    qint64 total = 0;
    for (int i = 0; i < m_count; ++i) {
        qint64 sum = 0;
        for (const Series &each : std::as_const(m_series))
            sum += each.counts.value(i);
        high = std::max(high, sum);
        total += sum;
    }
    std::tie(m_top, m_steps) = roundTop(high);
    m_current = std::min(m_current, m_count - 1);
    setAccessibleDescription(
        tr("%1 in all, %2 at most in %3").arg(numberText(total), numberText(high), durationText(m_width)));
    update();
}

QSize TimeBars::sizeHint() const
{
    return {theme(this).scaled(520), theme(this).scaled(240)};
}

QSize TimeBars::minimumSizeHint() const
{
    return {theme(this).scaled(240), theme(this).scaled(120)};
}

QRect TimeBars::plot() const
{
    const Theme &look = theme(this);
    const int left = textWidth(numberText(m_top), look, Type::Axis) + 10;
    const int top = look.scaled(legendHeight);
    return {left, top, std::max(40, width() - left), std::max(40, height() - top - look.scaled(axisHeight))};
}

int TimeBars::bucketAt(const QPoint &position) const
{
    const QRect plot = this->plot();
    return m_count > 0 && plot.contains(position) ? (position.x() - plot.left()) * m_count / plot.width() : -1;
}

void TimeBars::activate(int bucket)
{
    if (bucket < 0)
        return;
    m_current = bucket;
    update();
    Q_EMIT bucketActivated(m_from + m_width * bucket, m_from + m_width * (bucket + 1));
}

void TimeBars::mousePressEvent(QMouseEvent *event)
{
    activate(bucketAt(event->pos()));
}

bool TimeBars::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        auto *help = static_cast<QHelpEvent *>(event);
        const int bucket = bucketAt(help->pos());
        if (bucket < 0)
            return true;
        const Instant from = m_from + m_width * bucket;
        QStringList lines{localDateTime(from), utcText(from)};
        for (const Series &series : std::as_const(m_series))
            lines << series.name + QLatin1String(": ") + numberText(series.counts.value(bucket));
        for (const Mark &mark : std::as_const(m_marks)) {
            if (mark.at >= from && mark.at < from + m_width)
                lines << mark.text;
        }
        QToolTip::showText(help->globalPos(), plainToolTip(lines.join(u'\n')), this);
        return true;
    }
    return QWidget::event(event);
}

void TimeBars::keyPressEvent(QKeyEvent *event)
{
    if (m_count > 0 && (event->key() == Qt::Key_Left || event->key() == Qt::Key_Right)) {
        m_current = std::clamp(m_current + (event->key() == Qt::Key_Right ? 1 : -1), 0, m_count - 1);
        update();
    } else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        activate(m_current);
    } else {
        QWidget::keyPressEvent(event);
    }
}

void TimeBars::paintBars(QPainter &painter, const QRect &plot) const
{
    const Theme &look = theme(this);
    painter.fillRect(plot, look.color(Role::Surface));
    const int high = plot.height() - 3; // the highest line stands whole
    for (int step = 0; step <= m_steps; ++step)
        painter.fillRect(QRect(plot.left(), plot.bottom() - high * step / m_steps, plot.width(), 1), look.color(Role::Grid));
    for (int i = 0; i < m_count; ++i) {
        const int from = plot.left() + plot.width() * i / m_count;
        const int room = plot.left() + plot.width() * (i + 1) / m_count - from;
        const int wide = std::max(1, room - std::max(1, room * gapPercent / 100));
        qint64 sum = 0;
        for (const Series &series : m_series) {
            const int base = plot.bottom() - int(high * sum / m_top);
            sum += series.counts.value(i);
            const int top = plot.bottom() - int(high * sum / m_top);
            painter.fillRect(QRect(from, top, wide, base - top), look.color(series.role));
            // A line in the ground's colour parts the stacked bars, so that they hold in greyscale.
            if (base - top > 2)
                painter.fillRect(QRect(from, top, wide, 1), look.color(Role::Surface));
        }
    }
}

void TimeBars::paintEvent(QPaintEvent *)
{
    const Theme &look = theme(this);
    QPainter painter(this);
    const QRect plot = this->plot();
    const int line = look.scaled(14);
    paintBars(painter, plot);
    // Values at the left.
    for (int step = 0; step <= m_steps; ++step) {
        const int y = plot.bottom() - (plot.height() - 3) * step / m_steps;
        paintText(painter, QRect(0, y - line / 2, plot.left() - 6, line),
                  numberText(m_top * step / m_steps), look, Type::Axis, Role::Text3, Qt::AlignRight,
                  Qt::ElideNone);
    }
    // Times below, as many as there is room for.
    const int count = m_count;
    if (count > 0) {
        const int room = std::max(1, plot.width() / look.scaled(90));
        for (int i = 0; i <= room; ++i) {
            const Instant at = m_from + m_width * (qint64(count) * i / room);
            const QString text = QDateTime::fromMSecsSinceEpoch(at.time_since_epoch().count())
                                     .toLocalTime()
                                     .toString(m_width * count > std::chrono::hours(48) ? QStringLiteral("d MMM")
                                                                                        : QStringLiteral("HH:mm"));
            const int wide = textWidth(text, look, Type::Axis);
            const int x = std::clamp(plot.left() + plot.width() * i / room - wide / 2, plot.left(),
                                     std::max(plot.left(), width() - wide));
            paintText(painter, QRect(x, plot.bottom() + 3, wide, line), text, look, Type::Axis, Role::Text3,
                      Qt::AlignLeft, Qt::ElideNone);
        }
        const int mark = look.scaled(size::severityMark);
        for (const Mark &each : std::as_const(m_marks)) {
            const qint64 since = (each.at - m_from).count();
            const int x = plot.left() + int(since * plot.width() / std::max<qint64>(1, (m_width * count).count()));
            if (x >= plot.left() && x <= plot.right())
                paintSeverity(painter, QRect(x - mark / 2, 2, mark, mark), each.severity, look);
        }
        if (hasFocus() && m_current >= 0) {
            const int x = plot.left() + plot.width() * m_current / count;
            painter.fillRect(QRect(x, plot.bottom() + 1, std::max(3, plot.width() / count), 2),
                             look.color(Role::Focus));
        }
    }
}

} // namespace parapet::kit
