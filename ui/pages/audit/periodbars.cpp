// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/audit/periodbars.h"

#include "ui/kit/paint.h"
#include "ui/kit/text/format.h"
#include "ui/kit/tooltip.h"

#include <QtGui/QHelpEvent>
#include <QtGui/QPainter>
#include <QtWidgets/QToolTip>

#include <numeric>

namespace parapet::pages {

using kit::Role;
using kit::Type;

namespace {

constexpr int barsHigh = 92;
constexpr int barsLegend = 20;
constexpr int barsMargin = 20;

} // namespace

PeriodBars::PeriodBars(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Events of both periods over time"));
}

void PeriodBars::setData(const Period &a, const QVector<qint64> &countsA, const Period &b, const QVector<qint64> &countsB)
{
    m_a = a;
    m_b = b;
    m_countsA = countsA;
    m_countsB = countsB;
    m_missing.clear();
    const auto sum = [](const QVector<qint64> &counts) { return kit::numberText(std::accumulate(counts.begin(), counts.end(), qint64(0))); };
    setAccessibleDescription(tr("A: %1 events. B: %2 events.").arg(sum(countsA), sum(countsB)));
    update();
}

void PeriodBars::setMissing(const QString &sentence)
{
    m_countsA.clear();
    m_countsB.clear();
    m_missing = sentence;
    setAccessibleDescription(sentence);
    update();
}

QSize PeriodBars::sizeHint() const
{
    return {400, kit::theme(this).scaled(barsHigh)};
}

QSize PeriodBars::minimumSizeHint() const
{
    return {200, kit::theme(this).scaled(barsHigh)};
}

QRect PeriodBars::plot() const
{
    return rect().adjusted(barsMargin, kit::theme(this).scaled(barsLegend), -barsMargin, -6);
}

int PeriodBars::edge(int slice) const
{
    const QRect area = plot();
    return area.left() + int(qint64(area.width()) * slice / slices);
}

QString PeriodBars::sliceText(const QPoint &at) const
{
    const QRect area = plot();
    if (!area.contains(at) || m_countsA.isEmpty())
        return {};
    const int slice = std::clamp((at.x() - area.left()) * slices / std::max(1, area.width()), 0, slices - 1);
    const auto line = [slice](const QString &name, const Period &period, const QVector<qint64> &counts) {
        const Milliseconds width = period.length() / slices;
        return PeriodBars::tr("%1: %2 from %3").arg(name, kit::numberText(counts.value(slice)), kit::localDateTime(period.from + width * slice));
    };
    return line(tr("A"), m_a, m_countsA) + u'\n' + line(tr("B"), m_b, m_countsB);
}

bool PeriodBars::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const QString tip = sliceText(help->pos());
    if (tip.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(help->globalPos(), kit::plainToolTip(tip), this);
    return true;
}

void PeriodBars::paintEvent(QPaintEvent *)
{
    const kit::Theme &look = kit::theme(this);
    QPainter painter(this);
    const QRect area = plot();
    if (!m_missing.isEmpty()) {
        kit::paintText(painter, area, m_missing, look, Type::Small, Role::Text3);
        return;
    }
    QRect legend(area.left(), 0, area.width(), look.scaled(barsLegend));
    const auto name = [&](const QString &text, bool filled) {
        const QRect box(legend.left(), legend.center().y() - 4, 14, 8);
        if (filled)
            painter.fillRect(box, look.color(Role::Chart1));
        else
            kit::paintBox(painter, box, 0, QColor(), look.color(Role::Chart3));
        legend.setLeft(box.right() + 6);
        kit::paintText(painter, legend, text, look, Type::Caption, Role::Text2);
        legend.setLeft(legend.left() + kit::textWidth(text, look, Type::Caption) + kit::space::l);
    };
    name(tr("A"), true);
    name(tr("B, laid over it"), false);
    kit::paintText(painter, legend, tr("each slice is 1/%1 of its period").arg(slices), look, Type::Caption, Role::Text3, Qt::AlignRight);

    qint64 top = 1;
    for (const QVector<qint64> *counts : {&m_countsA, &m_countsB}) {
        for (const qint64 count : *counts)
            top = std::max(top, count);
    }
    const auto high = [&](const QVector<qint64> &counts, int slice) { return int((area.height() - 2) * counts.value(slice) / top); };
    for (int i = 0; i < slices; ++i) {
        if (const int height = high(m_countsA, i); m_countsA.value(i) > 0)
            painter.fillRect(QRect(edge(i), area.bottom() - std::max(1, height), std::max(1, edge(i + 1) - edge(i) - 1), std::max(1, height)), look.color(Role::Chart1));
    }
    painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), look.color(Role::Line));
    QPolygon steps;
    for (int i = 0; i < slices; ++i) {
        const int y = area.bottom() - high(m_countsB, i);
        steps << QPoint(edge(i), y) << QPoint(edge(i + 1), y);
    }
    painter.setPen(QPen(look.color(Role::Chart3), 1.5));
    painter.drawPolyline(steps);
}

} // namespace parapet::pages
