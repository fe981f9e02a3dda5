// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/needslist.h"

#include "ui/kit/keepscaled.h"
#include "ui/kit/parts.h"
#include "ui/kit/text/label.h"

#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QGridLayout>

namespace parapet::pages {

using namespace Qt::StringLiterals;

namespace {

constexpr int needRowHeight = 32;
constexpr int needKindWidth = 104;
constexpr int needWhenWidth = 120;
constexpr int needButtonWidth = 72;
constexpr int shownNeeds = 8;

kit::Role whenRole(Severity severity)
{
    if (severity == Severity::Critical)
        return kit::Role::Critical;
    return severity == Severity::High ? kit::Role::High : kit::Role::Text2;
}

} // namespace

NeedsList::NeedsList(QWidget *parent) : QWidget(parent), m_column(new QVBoxLayout(this))
{
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(0);
    m_none = new kit::PlainLabel(tr("Nothing that this console knows of needs you now."), kit::Type::Body, kit::Role::Text3, this);
    m_none->setContentsMargins(kit::space::page, kit::space::m, kit::space::page, kit::space::m);
    m_column->addWidget(m_none);
}

NeedsList::Row NeedsList::makeRow(int index)
{
    auto *widget = new kit::Ground(kit::Role::Surface, this, Qt::BottomEdge);
    auto *grid = new QGridLayout(widget);
    grid->setContentsMargins(kit::space::page, 0, kit::space::page, 0);
    grid->setHorizontalSpacing(kit::space::m);
    grid->setVerticalSpacing(0);
    Row made{widget, grid, new kit::RunLine(widget), new kit::RunLine(widget),
             new kit::PlainLabel({}, kit::Type::Small, kit::Role::Text3, widget), new kit::PlainLabel({}, kit::Type::Mono, kit::Role::Text2, widget),
             new kit::Button({}, widget)};
    kit::keepWidth(made.mark, needKindWidth);
    made.context->setElide(Qt::ElideRight);
    kit::keepWidth(made.when, needWhenWidth);
    made.when->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    kit::keepWidth(made.button, needButtonWidth);
    kit::keepScaled(widget, [grid](const kit::Theme &look) { grid->setRowMinimumHeight(0, look.scaled(needRowHeight)); });
    grid->addWidget(made.mark, 0, 0);
    grid->addWidget(made.what, 0, 1);
    grid->addWidget(made.when, 0, 3);
    grid->addWidget(made.button, 0, 4);
    place(made);
    connect(made.button, &kit::Button::clicked, this, [this, index] {
        if (index < m_needs.size())
            Q_EMIT activated(m_needs[index]);
    });
    m_column->addWidget(widget);
    return made;
}

void NeedsList::place(const Row &row) const
{
    row.grid->removeWidget(row.context);
    row.grid->addWidget(row.context, m_narrow ? 1 : 0, m_narrow ? 1 : 2);
    row.grid->setColumnStretch(1, 5);
    row.grid->setColumnStretch(2, m_narrow ? 0 : 4);
    row.grid->setContentsMargins(kit::space::page, 0, kit::space::page, m_narrow ? kit::space::s : 0);
}

void NeedsList::setNarrow(bool narrow)
{
    if (std::exchange(m_narrow, narrow) == narrow)
        return;
    for (const Row &row : std::as_const(m_rows))
        place(row);
}

QWidget *NeedsList::firstButton() const
{
    return m_needs.isEmpty() ? nullptr : m_rows.first().button;
}

void NeedsList::setNeeds(const QVector<Need> &needs)
{
    m_needs = needs;
    const int shown = std::min<int>(shownNeeds, int(needs.size()));
    while (m_rows.size() < shown)
        m_rows << makeRow(int(m_rows.size()));
    for (int i = 0; i < m_rows.size(); ++i) {
        const Row &row = m_rows[i];
        row.widget->setVisible(i < shown);
        if (i >= shown)
            continue;
        const Need &need = needs[i];
        row.mark->setMark(need.severity);
        row.mark->setRuns({{need.kind, kit::Type::Body, kit::Role::Text2, 0}});
        row.what->setRuns(need.what);
        row.context->setText(need.context);
        row.when->setText(need.when);
        row.when->setRole(whenRole(need.severity));
        row.button->setText(need.action);
        row.button->setAccessibleName(need.action + u": "_s + row.what->text());
    }
    m_none->setVisible(needs.isEmpty());
}

} // namespace parapet::pages
