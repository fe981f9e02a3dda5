// SPDX-License-Identifier: GPL-3.0-or-later
// What the Overview is made of, and where its parts stand.
#include "ui/pages/overview/overviewpage.h"

#include "ui/kit/charts.h"
#include "ui/kit/parts.h"
#include "ui/kit/text/label.h"
#include "ui/pages/overview/lists.h"
#include "ui/pages/overview/needslist.h"

#include <QtWidgets/QBoxLayout>

namespace parapet::pages {

using namespace Qt::StringLiterals;

namespace {

constexpr int narrowBelow = 1000; ///< below this width, at text scale 1, parts stand below each other
constexpr int narrowEvents = 6;

QWidget *padded(QWidget *content, QWidget *parent)
{
    auto *frame = new QWidget(parent);
    auto *layout = new QVBoxLayout(frame);
    layout->setContentsMargins(kit::space::page, 0, kit::space::page, kit::space::m);
    layout->addWidget(content);
    return frame;
}

/// Says in a part's place why nothing of it is shown.
kit::PlainLabel *refusalNote(QWidget *parent)
{
    auto *note = new kit::PlainLabel({}, kit::Type::Body, kit::Role::Medium, parent);
    note->setWordWrap(true);
    note->setContentsMargins(kit::space::page, 0, kit::space::page, kit::space::m);
    note->hide();
    return note;
}

} // namespace

QWidget *OverviewPage::makeFleet()
{
    auto *box = new QWidget(this);
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_fleetHeader = new kit::SectionHeader(tr("Fleet"), box);
    m_fleet = new kit::StackedBar(box);
    m_fleet->setAccessibleName(tr("Workspaces by state"));
    column->addWidget(m_fleetHeader);
    column->addWidget(padded(m_fleet, box));
    column->addWidget(new kit::Hairline(Qt::Horizontal, box));
    column->addSpacing(kit::space::s);
    for (const auto which : {FleetFigure::Agents, FleetFigure::ProductionLeases, FleetFigure::OldImages, FleetFigure::LongRunning, FleetFigure::Unsigned}) {
        auto *bar = new kit::FigureBar(box);
        bar->setContentsMargins(kit::space::page, 0, kit::space::page, 0);
        connect(bar, &kit::FigureBar::activated, this, [this, which] { openWorkspaces(m_data->figure(which).filter); });
        auto *frame = new QWidget(box);
        auto *layout = new QHBoxLayout(frame);
        layout->setContentsMargins(kit::space::page, 0, kit::space::page, 0);
        layout->addWidget(bar);
        column->addWidget(frame);
        m_figures.append({which, bar});
    }
    column->addStretch();
    connect(m_fleet, &kit::StackedBar::partActivated, this, [this](const QString &key) { openWorkspaces(u"state:"_s + key); });
    return box;
}

QWidget *OverviewPage::makeActivity()
{
    auto *box = new QWidget(this);
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_activityHeader = new kit::SectionHeader(tr("Activity, 24 h"), box);
    m_activityHeader->setNote(tr("events in 15 min"));
    m_activity = new kit::TimeBars(box);
    m_activity->setAccessibleName(tr("Events of people and of AI agents in the last 24 hours"));
    m_activityNote = refusalNote(box);
    column->addWidget(m_activityHeader);
    column->addWidget(m_activityNote);
    column->addWidget(padded(m_activity, box), 1);
    return box;
}

QWidget *OverviewPage::makeConnections()
{
    auto *box = new QWidget(this);
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *header = new kit::SectionHeader(tr("Connections"), box);
    header->setNote(tr("latency of the last calls"));
    m_connections = new ConnectionList(box);
    column->addWidget(header);
    column->addWidget(padded(m_connections, box));
    column->addStretch();
    return box;
}

QWidget *OverviewPage::makeEvents()
{
    auto *box = new QWidget(this);
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_eventsHeader = new kit::SectionHeader(tr("Last events"), box);
    m_events = new EventList(box);
    m_eventsNote = refusalNote(box);
    column->addWidget(m_eventsHeader);
    column->addWidget(m_eventsNote);
    column->addWidget(padded(m_events, box), 1);
    return box;
}

OverviewPage::Pair OverviewPage::makePair(QWidget *first, int firstStretch, QWidget *second, int secondStretch, QWidget *parent)
{
    Pair pair{new QBoxLayout(QBoxLayout::LeftToRight), new kit::Hairline(Qt::Vertical, parent), new kit::Hairline(Qt::Horizontal, parent)};
    pair.row->setSpacing(0);
    pair.row->addWidget(first, firstStretch);
    pair.row->addWidget(pair.beside);
    pair.row->addWidget(pair.below);
    pair.row->addWidget(second, secondStretch);
    return pair;
}

void OverviewPage::reflow()
{
    const bool narrow = width() < kit::theme(this).scaled(narrowBelow);
    for (const Pair &pair : std::as_const(m_pairs)) {
        pair.row->setDirection(narrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
        pair.beside->setVisible(!narrow);
        pair.below->setVisible(narrow);
    }
    m_needs->setNarrow(narrow);
    m_events->setLeastLines(narrow ? narrowEvents : 1);
    int labels = 0;
    for (const auto &[which, bar] : std::as_const(m_figures))
        labels = std::max(labels, bar->labelWidth());
    for (const auto &[which, bar] : std::as_const(m_figures))
        bar->setLabelColumn(labels);
}

void OverviewPage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    reflow();
}

} // namespace parapet::pages
