// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/overview/overviewdata.h"
#include "ui/shell/page.h"

namespace parapet::kit {
class Banner;
class FigureBar;
class SectionHeader;
class StackedBar;
class StatePage;
class TimeBars;
}

namespace parapet::pages {

class ConnectionList;
class EventList;
class NeedsList;

/// What needs a human now, the fleet, a day of activity, the connections, the last events.
class OverviewPage : public shell::Page
{
    Q_OBJECT

public:
    explicit OverviewPage(shell::ConsoleContext &context, QWidget *parent = nullptr);
    ~OverviewPage() override;

    QVector<shell::Command> commands() override;
    QWidget *firstFocus() override;

protected:
    void activated() override;
    void deactivated() override;

private:
    QWidget *makeFleet();
    QWidget *makeActivity();
    QWidget *makeConnections();
    void askUnfinished();
    void showNeeds();
    void showFleet();
    void showActivity();
    void showState();
    void openWorkspaces(const QString &filter);

    shell::ConsoleContext &m_context;
    OverviewData *m_data;
    kit::StatePage *m_states;
    kit::Banner *m_banner;
    kit::SectionHeader *m_needsHeader;
    NeedsList *m_needs;
    kit::SectionHeader *m_fleetHeader = nullptr;
    kit::StackedBar *m_fleet = nullptr;
    QVector<QPair<FleetFigure::Which, kit::FigureBar *>> m_figures;
    kit::SectionHeader *m_activityHeader = nullptr;
    kit::TimeBars *m_activity = nullptr;
    ConnectionList *m_connections = nullptr;
    EventList *m_events = nullptr;
    QVector<operation::UnfinishedRun> m_unfinished;
    QTimer m_needsTimer;
};

} // namespace parapet::pages
