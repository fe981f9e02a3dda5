// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/charts.h"

#include "ui/kit/paint.h"
#include "ui/kit/text/format.h"
#include "ui/kit/tooltip.h"

#include <QtCharts/QBarCategoryAxis>
#include <QtCharts/QBarSet>
#include <QtCharts/QChart>
#include <QtCharts/QChartView>
#include <QtCharts/QStackedBarSeries>
#include <QtCharts/QValueAxis>
#include <QtCore/QDateTime>
#include <QtGui/QHelpEvent>
#include <QtGui/QKeyEvent>
#include <QtGui/QPainter>
#include <QtWidgets/QGraphicsLayout>
#include <QtWidgets/QToolTip>

namespace parapet::kit {

namespace {

constexpr int legendHeight = 22;
constexpr int axisHeight = 18;

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

/// The parts of Qt Charts, kept out of the header: nothing outside this file sees them.
struct TimeBars::Chart {
    QChart *chart = nullptr;
    QChartView *view = nullptr;
    QStackedBarSeries *bars = nullptr;
    QValueAxis *values = nullptr;
    QBarCategoryAxis *buckets = nullptr;
    qint64 top = 0;
    int steps = 1;
};

TimeBars::TimeBars(QWidget *parent) : QWidget(parent), m_chart(std::make_unique<Chart>())
{
    setFocusPolicy(Qt::StrongFocus);
    auto &c = *m_chart;
    c.chart = new QChart;
    c.chart->setAnimationOptions(QChart::NoAnimation);
    c.chart->legend()->hide();
    c.chart->setMargins(QMargins());
    c.chart->layout()->setContentsMargins(0, 0, 0, 0);
    c.chart->setBackgroundRoundness(0);
    c.bars = new QStackedBarSeries;
    c.bars->setBarWidth(0.86);
    c.chart->addSeries(c.bars);
    c.values = new QValueAxis;
    c.buckets = new QBarCategoryAxis;
    c.chart->addAxis(c.values, Qt::AlignLeft);
    c.chart->addAxis(c.buckets, Qt::AlignBottom);
    c.bars->attachAxis(c.values);
    c.bars->attachAxis(c.buckets);
    // Labels are ours: the axis of bars would print one a bucket, and both in a font of its own.
    c.values->setLabelsVisible(false);
    c.buckets->setLabelsVisible(false);
    c.buckets->setGridLineVisible(false);
    c.buckets->setLineVisible(false);
    c.values->setLineVisible(false);
    c.view = new QChartView(c.chart, this);
    c.view->setFrameShape(QFrame::NoFrame);
    c.view->setFocusPolicy(Qt::NoFocus);
    c.view->setRenderHint(QPainter::Antialiasing, false);
    c.view->viewport()->installEventFilter(this);
    restyle();
}

TimeBars::~TimeBars() = default;

void TimeBars::setData(Instant from, Milliseconds width, const QVector<Series> &series, const QVector<Mark> &marks)
{
    m_from = from;
    m_width = width;
    m_series = series;
    m_marks = marks;
    rebuild();
}

void TimeBars::rebuild()
{
    auto &c = *m_chart;
    qsizetype count = 0;
    for (const Series &series : std::as_const(m_series))
        count = std::max(count, series.counts.size());
    qint64 high = 0;
    qint64 total = 0;
    for (qsizetype i = 0; i < count; ++i) {
        qint64 sum = 0;
        for (const Series &series : std::as_const(m_series))
            sum += series.counts.value(i);
        high = std::max(high, sum);
        total += sum;
    }
    c.bars->clear();
    for (const Series &series : std::as_const(m_series)) {
        auto *set = new QBarSet(series.name);
        for (const qint64 value : series.counts)
            set->append(qreal(value));
        c.bars->append(set);
    }
    QStringList names;
    for (qsizetype i = 0; i < count; ++i)
        names << QString::number(i);
    c.buckets->setCategories(names);
    std::tie(c.top, c.steps) = roundTop(high);
    c.values->setRange(0, qreal(c.top));
    c.values->setTickCount(c.steps + 1);
    m_current = std::min(m_current, int(count) - 1);
    setAccessibleDescription(
        tr("%1 in all, %2 at most in %3").arg(numberText(total), numberText(high), durationText(m_width)));
    restyle();
    resizeEvent(nullptr);
}

void TimeBars::restyle()
{
    auto &c = *m_chart;
    const Theme &look = theme(this);
    c.chart->setBackgroundBrush(look.color(Role::Surface));
    c.chart->setBackgroundPen(Qt::NoPen);
    c.chart->setPlotAreaBackgroundVisible(false);
    c.view->setBackgroundBrush(look.color(Role::Surface));
    c.values->setGridLinePen(QPen(look.color(Role::Grid), 1));
    const QList<QBarSet *> sets = c.bars->barSets();
    for (qsizetype i = 0; i < sets.size() && i < m_series.size(); ++i) {
        sets.at(i)->setBrush(look.color(m_series.at(i).role));
        // A line in the ground's colour parts the stacked bars, so that they hold in greyscale.
        sets.at(i)->setPen(QPen(look.color(Role::Surface), 0.6));
    }
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

void TimeBars::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange ||
        event->type() == QEvent::StyleChange) {
        restyle();
        resizeEvent(nullptr);
    }
}

void TimeBars::resizeEvent(QResizeEvent *)
{
    const Theme &look = theme(this);
    const int left = textWidth(numberText(m_chart->top), look, Type::Axis) + 10;
    const int top = look.scaled(legendHeight);
    const QRect plot(left, top, std::max(40, width() - left), std::max(40, height() - top - look.scaled(axisHeight)));
    m_chart->view->setGeometry(plot);
    m_chart->chart->setPlotArea(QRectF(0, 2, plot.width(), plot.height() - 2));
    update();
}

int TimeBars::bucketAt(int x) const
{
    const int count = m_chart->buckets->count();
    const QRect plot = m_chart->view->geometry();
    if (count == 0 || plot.width() == 0 || x < plot.left() || x > plot.right())
        return -1;
    return std::min(count - 1, (x - plot.left()) * count / plot.width());
}

void TimeBars::activate(int bucket)
{
    if (bucket < 0)
        return;
    m_current = bucket;
    update();
    Q_EMIT bucketActivated(m_from + m_width * bucket, m_from + m_width * (bucket + 1));
}

bool TimeBars::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::MouseButtonPress) {
        setFocus(Qt::MouseFocusReason);
        activate(bucketAt(static_cast<QMouseEvent *>(event)->pos().x() + m_chart->view->x()));
        return true;
    }
    if (event->type() == QEvent::ToolTip) {
        auto *help = static_cast<QHelpEvent *>(event);
        const int bucket = bucketAt(help->pos().x() + m_chart->view->x());
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
    return QWidget::eventFilter(watched, event);
}

void TimeBars::keyPressEvent(QKeyEvent *event)
{
    const int count = m_chart->buckets->count();
    if (count > 0 && (event->key() == Qt::Key_Left || event->key() == Qt::Key_Right)) {
        m_current = std::clamp(m_current + (event->key() == Qt::Key_Right ? 1 : -1), 0, count - 1);
        update();
    } else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        activate(m_current);
    } else {
        QWidget::keyPressEvent(event);
    }
}

void TimeBars::paintEvent(QPaintEvent *)
{
    const Theme &look = theme(this);
    QPainter painter(this);
    const QRect plot = m_chart->view->geometry();
    const int line = look.scaled(14);
    // Values at the left.
    for (int step = 0; step <= m_chart->steps; ++step) {
        const int y = plot.bottom() - (plot.height() - 3) * step / m_chart->steps;
        paintText(painter, QRect(0, y - line / 2, plot.left() - 6, line),
                  numberText(m_chart->top * step / m_chart->steps), look, Type::Axis, Role::Text3, Qt::AlignRight,
                  Qt::ElideNone);
    }
    // Times below, as many as there is room for.
    const int count = m_chart->buckets->count();
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
