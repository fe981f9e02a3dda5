// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/overview/overviewdata.h"
#include "ui/shell/page.h"

class QBoxLayout;
class QScrollArea;

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
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeFleet();
    QWidget *makeActivity();
    QWidget *makeConnections();
    QWidget *makeEvents();
    void askUnfinished();
    void showNeeds();
    void showFleet();
    void showActivity();
    void showEvents();
    void proveEvents();
    /// Parts stand below each other where they would be cut short side by side.
    void reflow();
    void showState();
    void openWorkspaces(const QString &filter);

    shell::ConsoleContext &m_context;
    OverviewData *m_data;
    kit::StatePage *m_states;
    kit::Banner *m_banner;
    kit::SectionHeader *m_needsHeader;
    NeedsList *m_needs;
    QScrollArea *m_scroll = nullptr;
    /// Two parts in a row, and the lines between them when they stand side by side or below each other.
    struct Pair {
        QBoxLayout *row = nullptr;
        QWidget *beside = nullptr;
        QWidget *below = nullptr;
    };
    Pair makePair(QWidget *first, int firstStretch, QWidget *second, int secondStretch, QWidget *parent);
    QVector<Pair> m_pairs;
    kit::SectionHeader *m_fleetHeader = nullptr;
    kit::StackedBar *m_fleet = nullptr;
    QVector<QPair<FleetFigure::Which, kit::FigureBar *>> m_figures;
    kit::SectionHeader *m_activityHeader = nullptr;
    kit::TimeBars *m_activity = nullptr;
    ConnectionList *m_connections = nullptr;
    kit::PlainLabel *m_activityNote = nullptr;
    kit::SectionHeader *m_eventsHeader = nullptr;
    kit::PlainLabel *m_eventsNote = nullptr;
    EventList *m_events = nullptr;
    QVector<operation::UnfinishedRun> m_unfinished;
    QTimer m_needsTimer;
};

} // namespace parapet::pages
