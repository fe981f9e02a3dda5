// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/terminal/timeline.h"

#include "ui/kit/paint.h"
#include "ui/kit/tooltip.h"

#include <QtGui/QHelpEvent>
#include <QtGui/QPainter>
#include <QtWidgets/QToolTip>

#include <algorithm>

namespace parapet::terminal {

using kit::Role;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 sliderUnit = 10'000; ///< microseconds: a month of them is an int
constexpr int barHeight = 6;
constexpr int markSide = 11;
constexpr int hitHeight = 6;
constexpr int timelineMargin = 8;

} // namespace

QString clockText(qint64 microseconds)
{
    const qint64 seconds = microseconds / 1'000'000;
    const qint64 hours = seconds / 3600;
    const QString minutes = QString::number(seconds / 60 % 60);
    const QString rest = u"%1"_s.arg(seconds % 60, 2, 10, QChar(u'0'));
    return hours > 0 ? u"%1:%2:%3"_s.arg(hours).arg(minutes.rightJustified(2, u'0'), rest) : minutes + u':' + rest;
}

Timeline::Timeline(QWidget *parent) : QSlider(Qt::Horizontal, parent)
{
    setAccessibleName(tr("Position in the recording"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    connect(this, &QSlider::valueChanged, this, [this](int value) {
        if (!m_setting)
            Q_EMIT seekRequested(value * sliderUnit);
    });
}

QSize Timeline::sizeHint() const
{
    const kit::Theme &look = kit::theme(this);
    return {look.scaled(400), look.scaled(markSide + barHeight + hitHeight + 12)};
}

QSize Timeline::minimumSizeHint() const
{
    return {kit::theme(this).scaled(120), sizeHint().height()};
}

void Timeline::setDuration(qint64 duration)
{
    m_duration = duration;
    m_setting = true;
    setRange(0, int(duration / sliderUnit));
    setSingleStep(int(5 * 1'000'000 / sliderUnit));
    setPageStep(int(60 * 1'000'000 / sliderUnit));
    m_setting = false;
    update();
}

void Timeline::setPosition(qint64 position)
{
    if (position == m_position && value() == int(position / sliderUnit))
        return;
    m_position = position;
    m_setting = true;
    setValue(int(position / sliderUnit));
    m_setting = false;
    setAccessibleDescription(tr("%1 of %2").arg(clockText(position), clockText(m_duration)));
    update();
}

void Timeline::setMarks(const QVector<Mark> &marks)
{
    m_marks = marks;
    update();
}

void Timeline::setHits(const QVector<qint64> &hits)
{
    m_hits = hits;
    update();
}

QRect Timeline::bar() const
{
    const kit::Theme &look = kit::theme(this);
    return {timelineMargin, look.scaled(markSide + 6), width() - 2 * timelineMargin, look.scaled(barHeight)};
}

int Timeline::xOf(qint64 at) const
{
    const QRect rect = bar();
    return m_duration <= 0 ? rect.left() : rect.left() + int(double(std::clamp<qint64>(at, 0, m_duration)) / double(m_duration) * rect.width());
}

qint64 Timeline::timeAt(int x) const
{
    const QRect rect = bar();
    return rect.width() <= 0 ? 0 : qint64(std::clamp(double(x - rect.left()) / rect.width(), 0.0, 1.0) * double(m_duration));
}

QRect Timeline::markRect(int mark) const
{
    const int side = kit::theme(this).scaled(markSide);
    return {xOf(m_marks.at(mark).at) - side / 2, 2, side, side};
}

/// The latest of those that lie there: it is drawn over the others.
int Timeline::markAt(const QPoint &position) const
{
    for (int i = int(m_marks.size()) - 1; i >= 0; --i) {
        if (markRect(i).adjusted(-2, -2, 2, 2).contains(position))
            return i;
    }
    return -1;
}

QString Timeline::tipAt(const QPoint &position) const
{
    if (const int mark = markAt(position); mark >= 0)
        return clockText(m_marks[mark].at) + u"  "_s + m_marks[mark].text;
    return m_duration > 0 ? clockText(timeAt(position.x())) : QString();
}

void Timeline::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const kit::Theme &look = kit::theme(this);
    const QRect track = bar();
    const int at = xOf(m_position);
    kit::paintBox(painter, track, track.height() / 2, look.color(Role::Grid), QColor());
    if (at > track.left())
        kit::paintBox(painter, QRect(track.left(), track.top(), at - track.left(), track.height()), track.height() / 2, look.color(Role::AccentFill), QColor());
    for (const qint64 hit : m_hits)
        painter.fillRect(QRect(xOf(hit), track.bottom() + 3, 2, look.scaled(hitHeight)), look.color(Role::Jewel));
    for (int i = 0; i < m_marks.size(); ++i) {
        const QRect rect = markRect(i);
        if (m_marks[i].severity == Severity::None) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(look.color(Role::Text3));
            painter.drawRect(QRect(rect.center().x(), rect.top() + 2, 2, rect.height() - 1));
        } else {
            kit::paintSeverity(painter, rect, m_marks[i].severity, look);
        }
    }
    const int knob = look.scaled(12);
    const QRect knobRect(at - knob / 2, track.center().y() - knob / 2 + 1, knob, knob);
    painter.setPen(QPen(look.color(Role::Surface), 2));
    painter.setBrush(look.color(isEnabled() ? Role::AccentFill : Role::TextDisabled));
    painter.drawEllipse(knobRect);
    if (hasFocus())
        kit::paintFocusRing(painter, knobRect, knob / 2, look);
}

void Timeline::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    const int mark = markAt(event->position().toPoint());
    Q_EMIT seekRequested(mark >= 0 ? m_marks[mark].at : timeAt(int(event->position().x())));
}

void Timeline::mouseMoveEvent(QMouseEvent *event)
{
    if (event->buttons() & Qt::LeftButton)
        Q_EMIT seekRequested(timeAt(int(event->position().x())));
}

void Timeline::mouseReleaseEvent(QMouseEvent *event)
{
    event->accept();
}

/// The player's keys are the same wherever the focus is in it.
void Timeline::keyPressEvent(QKeyEvent *event)
{
    event->ignore();
}

void Timeline::wheelEvent(QWheelEvent *event)
{
    event->ignore();
}

bool Timeline::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QSlider::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const QString tip = tipAt(help->pos());
    if (tip.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(help->globalPos(), kit::plainToolTip(tip), this);
    return true;
}

} // namespace parapet::terminal
