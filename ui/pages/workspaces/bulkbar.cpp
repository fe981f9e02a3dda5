// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/workspaces/bulkbar.h"

#include "ui/kit/button.h"
#include "ui/kit/keepscaled.h"
#include "ui/kit/text/format.h"
#include "ui/kit/text/label.h"

#include <QtWidgets/QBoxLayout>

namespace parapet::pages {

namespace {
constexpr int bulkBarHeight = 44;
}

BulkBar::BulkBar(kit::RowSelection &selection, shell::CommandRegistry &commands, const QStringList &commandIds, QWidget *parent)
    : Ground(kit::Role::Raised, parent, Qt::TopEdge), m_selection(selection), m_count(new kit::PlainLabel({}, kit::Type::BodyStrong, kit::Role::Text, this)),
      m_all(new kit::LinkButton({}, this)), m_none(new kit::LinkButton(tr("Clear"), this))
{
    kit::keepHeight(this, bulkBarHeight);
    setAccessibleName(tr("Actions on the selected workspaces"));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(kit::space::m, 0, kit::space::m, 0);
    row->setSpacing(kit::space::s);
    row->addWidget(m_count);
    row->addWidget(m_all);
    row->addWidget(m_none);
    row->addStretch();
    for (const QString &id : commandIds) {
        const shell::Command *command = commands.find(id);
        shell::ButtonLook look;
        if (command && command->kind == kit::Button::Kind::Danger)
            look.kind = kit::Button::Kind::DangerOutline;
        m_buttons << commands.createButton(id, this, look);
        row->addWidget(m_buttons.last());
    }
    connect(m_all, &kit::LinkButton::clicked, &selection, &kit::RowSelection::selectAll);
    connect(m_none, &kit::LinkButton::clicked, &selection, &kit::RowSelection::clear);
    connect(&selection, &kit::RowSelection::changed, this, &BulkBar::follow);
    follow();
}

void BulkBar::setTotal(const Count &total)
{
    m_total = total;
    follow();
}

void BulkBar::follow()
{
    // "All that match" is as exact as the count of what matches.
    const bool exact = !m_selection.isAll() || m_total.isExact();
    const Count chosen = exact ? Count::exactly(m_selection.count()) : Count::atLeast(m_selection.count());
    m_count->setText(tr("%1 selected").arg(chosen.text()));
    m_all->setText(tr("Select all %1 that match").arg(m_total.text()));
    m_all->setVisible(!m_selection.isAll() && m_selection.count() < m_total.value());
    setVisible(!m_selection.isEmpty());
    fit();
}

void BulkBar::resizeEvent(QResizeEvent *event)
{
    Ground::resizeEvent(event);
    fit();
}

void BulkBar::fit()
{
    for (const bool icons : {false, true}) {
        for (kit::Button *button : std::as_const(m_buttons))
            button->setIconOnly(icons && button->kind() == kit::Button::Kind::Normal);
        layout()->invalidate();
        if (layout()->sizeHint().width() <= width())
            break;
    }
    layout()->activate(); // at once: a frame in between would show them cut off
}

} // namespace parapet::pages
