// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/observed.h"
#include "ui/shell/consolecontext.h"

#include <QtCore/QTimer>

#include <array>
#include <deque>
#include <optional>

namespace parapet::pages {

/// A number of workspaces and the filter that leads to them.
struct FleetFigure {
    enum Which { Agents, ProductionLeases, OldImages, LongRunning, Unsigned, Silent, Isolated, Simulated, Size };
    QString filter;
    std::optional<Observed<Count>> count;
};

/// What the Overview shows, asked of the ports: counts, activity, last events. It asks when the page comes up and when the watch
/// tells of changes, at most once in two seconds, and never while the page is hidden. What it holds keeps its age when answers stop.
class OverviewData : public QObject
{
    Q_OBJECT

public:
    explicit OverviewData(shell::ConsoleContext &context, QObject *parent = nullptr);

    void setActive(bool active);
    void refresh();

    const std::optional<Observed<QVector<Bucket>>> &states() const { return m_states; }
    const FleetFigure &figure(FleetFigure::Which which) const { return m_figures[size_t(which)]; }
    const std::optional<Observed<QVector<ActivitySlice>>> &activity() const { return m_activity; }
    Milliseconds slice() const { return std::chrono::minutes(15); }
    /// Newest first, at most twelve.
    const std::deque<AuditEvent> &events() const { return m_events; }
    /// Why the log's parts are empty: the right that is missing, and what to ask for. Empty when it is held.
    const QString &auditRefusal() const { return m_auditRefusal; }
    /// Why something of it could not be learnt, until it was. Failures that may pass are tried again.
    const std::optional<Error> &error() const { return m_error; }
    /// When anything was last answered.
    Instant lastGood() const { return m_lastGood; }

Q_SIGNALS:
    void fleetChanged();
    void activityChanged();
    void eventsChanged();
    void errorChanged();

private:
    void attach();
    void detach();
    void forget();
    void handle(const QVector<ChangeEvent> &changes);
    void askFleet();
    void askActivity();
    void askEvents();
    bool mayReadLog();
    /// What was asked, and how it went last: a figure, or one of these.
    enum Question { States = FleetFigure::Size, Activity, Events, QuestionCount };
    void note(int question, const Error &error);
    void noteGood(int question);
    void settle();

    shell::ConsoleContext &m_context;
    bool m_active = false;
    quint64 m_generation = 0;
    bool m_fleetDirty = true;
    bool m_activityDirty = true;
    QTimer m_fleetTimer;
    QTimer m_activityTimer;
    QTimer m_retryTimer;
    QMetaObject::Connection m_watching;
    QMetaObject::Connection m_gap;
    std::optional<Observed<QVector<Bucket>>> m_states;
    std::array<FleetFigure, FleetFigure::Size> m_figures;
    std::optional<Observed<QVector<ActivitySlice>>> m_activity;
    std::deque<AuditEvent> m_events;
    QString m_auditRefusal;
    std::array<std::optional<Error>, QuestionCount> m_errors;
    std::optional<Error> m_error; ///< the first of them
    Instant m_lastGood{};
};

} // namespace parapet::pages
