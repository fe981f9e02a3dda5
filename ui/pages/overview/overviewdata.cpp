// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/overviewdata.h"

#include "models/wire/codec.h"

namespace parapet::pages {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto fleetPause = 2s;      ///< the least time between two rounds of counting
constexpr auto activityPause = 30s;  ///< a slice of the chart is 15 minutes: half a minute late is not seen
constexpr size_t shownEvents = 12;

QString filterOf(FleetFigure::Which which)
{
    switch (which) {
    case FleetFigure::Agents: return u"agents>=1"_s;
    case FleetFigure::ProductionLeases: return u"productionLeases>=1"_s;
    case FleetFigure::OldImages: return u"imageBuilt>60d"_s;
    case FleetFigure::LongRunning: return u"state:running started>8h"_s;
    case FleetFigure::Unsigned: return u"imageSigned:false state:running,frozen"_s;
    case FleetFigure::Silent: return u"runtime:silent"_s;
    case FleetFigure::Isolated: return u"isolated:true"_s;
    case FleetFigure::Simulated: return u"simulated:true"_s;
    case FleetFigure::Size: break;
    }
    return {};
}

} // namespace

OverviewData::OverviewData(shell::ConsoleContext &context, QObject *parent) : QObject(parent), m_context(context)
{
    for (int i = 0; i < FleetFigure::Size; ++i)
        m_figures[size_t(i)].filter = filterOf(FleetFigure::Which(i));
    for (QTimer *timer : {&m_fleetTimer, &m_activityTimer})
        timer->setSingleShot(true);
    connect(&m_fleetTimer, &QTimer::timeout, this, &OverviewData::askFleet);
    connect(&m_activityTimer, &QTimer::timeout, this, &OverviewData::askActivity);
    connect(&context, &shell::ConsoleContext::systemReady, this, &OverviewData::attach);
    connect(&context, &shell::ConsoleContext::systemGone, this, &OverviewData::detach);
    attach();
}

void OverviewData::attach()
{
    detach();
    fleet::Connection *connection = m_context.connection();
    if (!connection || !connection->watch())
        return;
    m_watching = connect(connection->watch(), &Watch::changed, this, &OverviewData::handle);
    m_gap = connect(connection->watch(), &Watch::gapFound, this, &OverviewData::refresh);
    m_fleetDirty = m_activityDirty = true;
    refresh();
}

void OverviewData::detach()
{
    disconnect(m_watching);
    disconnect(m_gap);
    m_fleetTimer.stop();
    m_activityTimer.stop();
}

void OverviewData::setActive(bool active)
{
    m_active = active;
    if (active && (m_fleetDirty || m_activityDirty))
        refresh();
    if (!active) {
        m_fleetTimer.stop();
        m_activityTimer.stop();
    }
}

void OverviewData::refresh()
{
    m_fleetDirty = m_activityDirty = true;
    if (!m_active)
        return;
    askFleet();
    askActivity();
    askEvents();
}

void OverviewData::handle(const QVector<ChangeEvent> &changes)
{
    const auto &self = m_context.connection()->self();
    bool newEvents = false;
    for (const ChangeEvent &change : changes) {
        if (change.kind == "workspace"_L1 || change.kind == "session"_L1 || change.kind == "lease"_L1) {
            m_fleetDirty = true;
        } else if (change.kind == "event"_L1 && !change.removed) {
            const Result<AuditEvent> event = wire::fromJson<AuditEvent>(change.object);
            // What this console reads is logged too; answering to that would go round for ever.
            if (!event || (self && event->actor == self->value().id) || event->action.startsWith("api."_L1))
                continue;
            m_activityDirty = newEvents = true;
            m_events.push_front(*event);
        }
    }
    if (m_events.size() > shownEvents)
        m_events.resize(shownEvents);
    if (newEvents)
        Q_EMIT eventsChanged();
    if (m_active && m_fleetDirty && !m_fleetTimer.isActive())
        m_fleetTimer.start(fleetPause);
    if (m_active && m_activityDirty && !m_activityTimer.isActive())
        m_activityTimer.start(activityPause);
}

void OverviewData::note(const Error &error)
{
    if (error.code == Error::Code::Cancelled)
        return;
    m_error = error;
    Q_EMIT errorChanged();
}

void OverviewData::noteGood()
{
    m_lastGood = m_context.clock().now();
    if (m_error) {
        m_error.reset();
        Q_EMIT errorChanged();
    }
}

void OverviewData::askFleet()
{
    ControlPlane *control = m_context.system().control;
    if (!control || !m_active)
        return;
    m_fleetDirty = false;
    const QString source = m_context.connection()->profile().name;
    deliver(this, control->countWorkspaces({}, u"state"_s), [this, source](const Result<QVector<Bucket>> &answer) {
        if (!answer)
            return note(answer.error());
        noteGood();
        m_states.emplace(*answer, source, m_context.clock().now(), Means::Answer);
        Q_EMIT fleetChanged();
    });
    for (FleetFigure &figure : m_figures) {
        PageRequest one;
        one.query.filter = figure.filter;
        one.limit = 1;
        deliver(this, control->workspaces(one), [this, source, &figure](const Result<Page<Workspace>> &answer) {
            if (!answer)
                return note(answer.error());
            figure.count.emplace(answer->total, source, m_context.clock().now(), Means::Answer);
            Q_EMIT fleetChanged();
        });
    }
}

void OverviewData::askActivity()
{
    AuditStore *audit = m_context.system().audit;
    if (!audit || !m_active)
        return;
    m_activityDirty = false;
    const Instant now = m_context.clock().now();
    deliver(this, audit->activity(now - 24h, now, slice()), [this](const Result<QVector<ActivitySlice>> &answer) {
        if (!answer)
            return note(answer.error());
        noteGood();
        m_activity.emplace(*answer, m_context.connection()->profile().name, m_context.clock().now(), Means::Answer);
        Q_EMIT activityChanged();
    });
}

void OverviewData::askEvents()
{
    AuditStore *audit = m_context.system().audit;
    if (!audit || !m_active)
        return;
    PageRequest newest;
    newest.query.filter = u"!action~api."_s;
    newest.limit = int(shownEvents);
    deliver(this, audit->events(newest), [this](const Result<Page<AuditEvent>> &answer) {
        if (!answer)
            return note(answer.error());
        m_events.assign(answer->items.begin(), answer->items.end());
        Q_EMIT eventsChanged();
    });
}

} // namespace parapet::pages
