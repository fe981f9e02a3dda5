// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operation/touchedview.h"

#include "ui/kit/paint.h"

#include <QtGui/QPainter>

namespace parapet::ui {

using namespace Qt::StringLiterals;

namespace {

kit::Icon iconOf(operation::TouchedLine::Kind kind)
{
    switch (kind) {
    case operation::TouchedLine::Kind::Person: return kit::Icon::Human;
    case operation::TouchedLine::Kind::Agent: return kit::Icon::Robot;
    case operation::TouchedLine::Kind::Workspace: return kit::Icon::Terminal;
    case operation::TouchedLine::Kind::Service: return kit::Icon::Nodes;
    case operation::TouchedLine::Kind::Lease: break;
    }
    return kit::Icon::Lease;
}

} // namespace

TouchedView::TouchedView(QWidget *parent) : QWidget(parent) {}

void TouchedView::setTouched(const operation::Touched &touched, const QString &undo)
{
    m_figures.clear();
    const auto add = [this](Count count, const QString &name) { m_figures << Figure{count.text(), name}; };
    if (touched.workspaces.value() != 1)
        add(touched.workspaces, tr("workspaces"));
    add(touched.processes, tr("processes"));
    add(touched.sessions, tr("sessions"));
    add(touched.leases, tr("leases"));
    if (touched.dependants.value() > 0)
        add(touched.dependants, tr("dependants"));
    add(touched.people, tr("people"));
    m_lines = touched.lines;
    m_undo = undo;
    QString spoken;
    for (const Figure &figure : std::as_const(m_figures))
        spoken += figure.number + u' ' + figure.name + u", "_s;
    setAccessibleName(tr("What is touched: %1").arg(spoken));
    updateGeometry();
    update();
}

QSize TouchedView::sizeHint() const
{
    const kit::Theme &theme = kit::theme(this);
    const qsizetype lines = m_lines.size() + 1;
    return {320, theme.lineHeight(kit::Type::Title) + theme.lineHeight(kit::Type::Small) + kit::space::m + int(lines) * theme.scaled(22)};
}

void TouchedView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const kit::Theme &theme = kit::theme(this);
    const int columnWidth = width() / std::max<int>(5, int(m_figures.size()));
    int y = 0;
    int x = 0;
    for (const Figure &figure : std::as_const(m_figures)) {
        kit::paintText(painter, QRect(x, y, columnWidth, theme.lineHeight(kit::Type::Title)), figure.number, theme, kit::Type::Title, kit::Role::Text);
        kit::paintText(painter, QRect(x, y + theme.lineHeight(kit::Type::Title), columnWidth, theme.lineHeight(kit::Type::Small)), figure.name,
                       theme, kit::Type::Small, kit::Role::Text2);
        x += columnWidth;
    }
    y += theme.lineHeight(kit::Type::Title) + theme.lineHeight(kit::Type::Small) + kit::space::s;
    const int lineHeight = theme.scaled(22);
    for (qsizetype i = 0; i < m_lines.size(); ++i) {
        const operation::TouchedLine &line = m_lines[i];
        kit::paintIcon(painter, QRect(0, y, theme.scaled(kit::size::icon), lineHeight), iconOf(line.kind),
                       theme.color(line.kind == operation::TouchedLine::Kind::Agent ? kit::Role::Chart2 : kit::Role::Text2));
        const int left = theme.scaled(kit::size::icon) + kit::space::s;
        kit::paintRuns(painter, QRect(left, y, width() - left, lineHeight),
                       {{line.name.inert(60) + u"  "_s, kit::Type::Small, kit::Role::Text, 500}, {line.effect, kit::Type::Small, kit::Role::Text3, 0}}, theme);
        y += lineHeight;
    }
    kit::paintText(painter, QRect(0, y, width(), lineHeight), m_undo, theme, kit::Type::Small, kit::Role::Text3);
}

} // namespace parapet::ui
