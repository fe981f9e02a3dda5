// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kit/timebrush.h"

#include "ui/kit/text/format.h"
#include "ui/kit/tooltip.h"

#include <QtCore/QDateTime>
#include <QtGui/QHelpEvent>
#include <QtGui/QKeyEvent>
#include <QtGui/QPainter>
#include <QtWidgets/QToolTip>

namespace parapet::kit {

namespace {

constexpr int brushHigh = 88;
constexpr int brushTitle = 18;
constexpr int brushAxis = 16;
constexpr int brushMargin = 12;
constexpr int brushHandle = 6;
constexpr int grabNear = 5;

} // namespace

TimeBrush::TimeBrush(QWidget *parent) : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Events over time"));
}

void TimeBrush::setData(Instant from, Milliseconds width, const QVector<Slice> &slices, const QString &title)
{
    m_from = from;
    m_width = width;
    m_slices = slices;
    m_title = title;
    m_missing.clear();
    m_cursor = std::min(m_cursor, int(slices.size()) - 1);
    qint64 total = 0, most = 0, refused = 0;
    for (const Slice &slice : slices) {
        total += slice.count;
        refused += slice.refused;
        most = std::max(most, slice.count);
    }
    setAccessibleDescription(tr("%1 events in all, %2 of them refused, %3 at most in %4")
                                 .arg(numberText(total), numberText(refused), numberText(most), durationText(width)));
    update();
}

void TimeBrush::setMissing(const QString &sentence)
{
    m_slices.clear();
    m_missing = sentence;
    setAccessibleDescription(sentence);
    update();
}

void TimeBrush::setRange(const std::optional<Range> &range)
{
    m_range = range;
    update();
}

void TimeBrush::setAlarm(Instant at)
{
    m_alarm = at;
    update();
}

qint64 TimeBrush::countIn(const Range &range) const
{
    qint64 sum = 0;
    for (int i = 0; i < m_slices.size(); ++i) {
        const Instant at = m_from + m_width * i;
        if (at >= range.from && at < range.to)
            sum += m_slices.at(i).count;
    }
    return sum;
}

QSize TimeBrush::sizeHint() const
{
    return {theme(this).scaled(520), theme(this).scaled(brushHigh)};
}

QSize TimeBrush::minimumSizeHint() const
{
    return {theme(this).scaled(200), theme(this).scaled(brushHigh)};
}

QRect TimeBrush::plot() const
{
    const Theme &look = theme(this);
    return rect().adjusted(brushMargin, look.scaled(brushTitle), -brushMargin, -look.scaled(brushAxis) - 1);
}

QRect TimeBrush::sliceRect(int slice) const
{
    const QRect area = plot();
    const int count = std::max(1, int(m_slices.size()));
    const int from = area.left() + area.width() * slice / count;
    const int to = area.left() + area.width() * (slice + 1) / count;
    return {from, area.top(), std::max(1, to - from), area.height()};
}

int TimeBrush::xOf(Instant at) const
{
    const QRect area = plot();
    const qint64 whole = std::max<qint64>(1, (m_width * std::max<qint64>(1, m_slices.size())).count());
    return area.left() + int(std::clamp<qint64>((at - m_from).count(), 0, whole) * area.width() / whole);
}

int TimeBrush::sliceAt(int x) const
{
    const QRect area = plot();
    if (m_slices.isEmpty() || area.width() <= 0)
        return -1;
    return int(std::clamp<qint64>(qint64(x - area.left()) * m_slices.size() / area.width(), 0, m_slices.size() - 1));
}

TimeBrush::Range TimeBrush::span(int first, int last) const
{
    return {m_from + m_width * std::min(first, last), m_from + m_width * (std::max(first, last) + 1)};
}

void TimeBrush::paintRange(QPainter &painter, const Range &range) const
{
    const Theme &look = theme(this);
    const QRect area = plot();
    const int left = xOf(range.from);
    const int right = std::max(left + 2, xOf(range.to));
    painter.fillRect(QRect(left, area.top() - look.scaled(brushTitle) + 4, right - left, area.bottom() - area.top() + look.scaled(brushTitle) - 3), look.color(Role::SelectionSoft));
    const int handle = look.scaled(brushHandle);
    for (const int x : {left, right}) {
        painter.fillRect(QRect(x - 1, area.top() - look.scaled(brushTitle) + 4, 2, area.height() + look.scaled(brushTitle) - 4), look.color(Role::Accent));
        paintBox(painter, QRect(x - handle / 2, area.center().y() - handle, handle, 2 * handle), radius::mark, look.color(Role::AccentFill), QColor());
    }
}

void TimeBrush::paintEvent(QPaintEvent *)
{
    const Theme &look = theme(this);
    QPainter painter(this);
    painter.fillRect(rect(), look.color(Role::Surface));
    painter.fillRect(QRect(0, height() - 1, width(), 1), look.color(Role::Line));
    const QRect area = plot();
    const QRect head(area.left(), 2, area.width(), look.scaled(brushTitle) - 2);
    if (!m_missing.isEmpty()) {
        paintText(painter, rect().adjusted(brushMargin, 0, -brushMargin, 0), m_missing, look, Type::Small, Role::Text3);
        return;
    }
    std::optional<Range> range = m_range;
    if (m_anchor >= 0)
        range = span(m_anchor, m_cursor);
    if (range)
        paintRange(painter, *range);
    paintText(painter, head, m_title, look, Type::Caption, Role::Text3);
    qint64 most = 1;
    for (const Slice &slice : std::as_const(m_slices))
        most = std::max(most, slice.count);
    for (int i = 0; i < m_slices.size(); ++i) {
        const Slice &slice = m_slices.at(i);
        if (slice.count == 0)
            continue;
        const QRect column = sliceRect(i);
        const Instant at = m_from + m_width * i;
        const bool inside = range && at >= range->from && at < range->to;
        // One event of a thousand is still seen.
        const int high = std::max(2, int(area.height() * slice.count / most));
        const int red = slice.refused == 0 ? 0 : std::max(2, int(qint64(high) * slice.refused / slice.count));
        const int wide = std::max(1, column.width() - (column.width() > 3 ? 1 : 0));
        painter.fillRect(QRect(column.left(), area.bottom() - high + 1, wide, high - red), look.color(inside ? Role::Chart1 : range ? Role::LineStrong : Role::Chart5));
        painter.fillRect(QRect(column.left(), area.bottom() - high + 1, wide, red), look.color(Role::Critical));
    }
    painter.fillRect(QRect(area.left(), area.bottom() + 1, area.width(), 1), look.color(Role::Grid));
    if (range) {
        const QString text = tr("%1 to %2").arg(localClock(range->from), localTime(range->to)) + QStringLiteral(", ") + tr("%Ln event(s)", nullptr, numerus(countIn(*range)));
        const int wide = textWidth(text, look, Type::Caption) + 2 * space::xs;
        const int titleEnd = head.left() + textWidth(m_title, look, Type::Caption) + space::m;
        const int left = xOf(range->from);
        // Left of the range where there is room, else within or right of it.
        const int x = left - wide > titleEnd ? left - wide : std::clamp(left + space::s, titleEnd, std::max(titleEnd, area.right() - wide));
        paintText(painter, QRect(x, head.top(), wide, head.height()), text, look, Type::Caption, Role::Text);
    }
    if (isKnown(m_alarm) && m_alarm >= m_from && m_alarm < m_from + m_width * m_slices.size())
        painter.fillRect(QRect(xOf(m_alarm) - 1, area.top(), 2, area.height()), look.color(Role::Critical));
    const int line = look.scaled(14);
    const Milliseconds whole = m_width * std::max<qint64>(1, m_slices.size());
    const int room = std::max(1, area.width() / look.scaled(130));
    for (int i = 0; i <= room && !m_slices.isEmpty(); ++i) {
        const auto at = QDateTime::fromMSecsSinceEpoch((m_from + whole * i / room).time_since_epoch().count()).toLocalTime();
        const QString text = at.toString(whole > std::chrono::hours(36) ? QStringLiteral("d MMM HH:mm") : QStringLiteral("HH:mm"));
        const int wide = textWidth(text, look, Type::Axis) + 2;
        const int x = std::clamp(area.left() + area.width() * i / room - wide / 2, area.left(), std::max(area.left(), area.right() - wide));
        paintText(painter, QRect(x, area.bottom() + 2, wide, line), text, look, Type::Axis, Role::Text3, Qt::AlignLeft, Qt::ElideNone);
    }
    if (hasFocus()) {
        paintInnerFocus(painter, rect().adjusted(0, 0, 0, -1), look);
        if (m_cursor >= 0 && m_cursor < m_slices.size())
            painter.fillRect(QRect(sliceRect(m_cursor).left(), area.bottom() + 1, std::max(3, sliceRect(m_cursor).width()), 2), look.color(Role::Focus));
    }
}

void TimeBrush::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || m_slices.isEmpty())
        return;
    const int x = event->pos().x();
    m_cursor = m_anchor = sliceAt(x);
    m_dragging = true;
    if (m_range) { // a handle is taken: the other end stays
        if (std::abs(x - xOf(m_range->from)) <= grabNear)
            m_anchor = sliceAt(xOf(m_range->to) - 1);
        else if (std::abs(x - xOf(m_range->to)) <= grabNear)
            m_anchor = sliceAt(xOf(m_range->from));
    }
    update();
}

void TimeBrush::mouseMoveEvent(QMouseEvent *event)
{
    if (m_dragging) {
        m_cursor = sliceAt(event->pos().x());
        update();
        return;
    }
    const int x = event->pos().x();
    const bool handle = m_range && (std::abs(x - xOf(m_range->from)) <= grabNear || std::abs(x - xOf(m_range->to)) <= grabNear);
    setCursor(handle ? Qt::SizeHorCursor : m_slices.isEmpty() ? Qt::ArrowCursor : Qt::CrossCursor);
}

void TimeBrush::mouseReleaseEvent(QMouseEvent *event)
{
    if (!m_dragging || event->button() != Qt::LeftButton)
        return;
    m_dragging = false;
    m_cursor = sliceAt(event->pos().x());
    take();
}

void TimeBrush::take()
{
    if (m_anchor < 0 || m_cursor < 0)
        return;
    const Range range = span(m_anchor, m_cursor);
    m_anchor = -1;
    m_range = range;
    update();
    Q_EMIT rangeBrushed(range.from, range.to);
}

void TimeBrush::brushTo(int slice)
{
    m_cursor = std::clamp(slice, 0, int(m_slices.size()) - 1);
    update();
}

void TimeBrush::keyPressEvent(QKeyEvent *event)
{
    const bool extend = event->modifiers() & Qt::ShiftModifier;
    const int key = event->key();
    if (!m_slices.isEmpty() && (key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_Home || key == Qt::Key_End)) {
        const int last = int(m_slices.size()) - 1;
        const int from = m_cursor < 0 ? last : m_cursor;
        if (extend && m_anchor < 0)
            m_anchor = from;
        else if (!extend)
            m_anchor = -1;
        brushTo(key == Qt::Key_Home ? 0 : key == Qt::Key_End ? last : from + (key == Qt::Key_Right ? 1 : -1));
    } else if (m_cursor >= 0 && (key == Qt::Key_Return || key == Qt::Key_Enter)) {
        if (m_anchor < 0)
            m_anchor = m_cursor;
        take();
    } else if (key == Qt::Key_Escape && (m_anchor >= 0 || m_range)) {
        const bool marked = m_anchor >= 0;
        m_anchor = -1;
        m_dragging = false;
        update();
        if (!marked)
            Q_EMIT rangeCleared();
    } else {
        QWidget::keyPressEvent(event);
    }
}

void TimeBrush::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        updateGeometry();
}

bool TimeBrush::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    auto *help = static_cast<QHelpEvent *>(event);
    const int slice = sliceAt(help->pos().x());
    if (slice >= 0) {
        const Instant at = m_from + m_width * slice;
        QToolTip::showText(help->globalPos(),
                           plainToolTip(QStringList{localDateTime(at), utcText(at), tr("%Ln event(s)", nullptr, numerus(m_slices.at(slice).count)) + QStringLiteral(", ") + tr("%1 refused").arg(numberText(m_slices.at(slice).refused))}
                                            .join(u'\n')),
                           this);
    }
    return true;
}

} // namespace parapet::kit
