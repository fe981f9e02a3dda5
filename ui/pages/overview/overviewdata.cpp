// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/overviewdata.h"

#include "models/wire/codec.h"

namespace parapet::pages {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto fleetPause = 2s;      ///< the least time between two rounds of counting
constexpr auto activityPause = 30s;  ///< a slice of the chart is 15 minutes: half a minute late is not seen
constexpr auto retryPause = 5s;
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
    for (QTimer *timer : {&m_fleetTimer, &m_activityTimer, &m_retryTimer})
        timer->setSingleShot(true);
    connect(&m_fleetTimer, &QTimer::timeout, this, &OverviewData::askFleet);
    connect(&m_activityTimer, &QTimer::timeout, this, &OverviewData::askActivity);
    connect(&m_retryTimer, &QTimer::timeout, this, &OverviewData::refresh);
    connect(&context, &shell::ConsoleContext::systemReady, this, &OverviewData::attach);
    connect(&context, &shell::ConsoleContext::healthChanged, this, [this] {
        // It answers again: there is no reason to wait for a change.
        if (m_error && !m_context.isFailing())
            refresh();
    });
    connect(&context, &shell::ConsoleContext::rightsChanged, this, [this] {
        if (m_context.system().control)
            refresh();
    });
    connect(&context, &shell::ConsoleContext::systemGone, this, &OverviewData::detach);
    connect(&context, &shell::ConsoleContext::connectionChanged, this, &OverviewData::forget);
    attach();
}

void OverviewData::attach()
{
    detach();
    const Watch *watch = m_context.watch();
    if (!watch)
        return;
    m_watching = connect(watch, &Watch::changed, this, &OverviewData::handle);
    m_gap = connect(watch, &Watch::gapFound, this, &OverviewData::refresh);
    m_fleetDirty = m_activityDirty = true;
    refresh();
}

void OverviewData::detach()
{
    disconnect(m_watching);
    disconnect(m_gap);
    m_fleetTimer.stop();
    m_activityTimer.stop();
    m_retryTimer.stop();
}

void OverviewData::forget()
{
    m_states.reset();
    for (FleetFigure &figure : m_figures)
        figure.count.reset();
    m_activity.reset();
    m_events.clear();
    m_auditRefusal.clear();
    m_errors = {};
    m_error.reset();
    m_lastGood = {};
    m_fleetDirty = m_activityDirty = true;
    Q_EMIT fleetChanged();
    Q_EMIT activityChanged();
    Q_EMIT eventsChanged();
}

void OverviewData::setActive(bool active)
{
    m_active = active;
    if (active && (m_fleetDirty || m_activityDirty))
        refresh();
    if (!active) {
        m_fleetTimer.stop();
        m_activityTimer.stop();
        m_retryTimer.stop();
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
    const PrincipalId self = m_context.self();
    bool newEvents = false;
    for (const ChangeEvent &change : changes) {
        if (change.kind == "workspace"_L1 || change.kind == "session"_L1 || change.kind == "lease"_L1) {
            m_fleetDirty = true;
        } else if (change.kind == "event"_L1 && !change.removed) {
            const Result<AuditEvent> event = wire::fromJson<AuditEvent>(change.object);
            // What this console reads is logged too; answering to that would go round for ever.
            if (!event || (!self.isEmpty() && event->actor == self) || isReadAction(event->action))
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

void OverviewData::note(int question, const Error &error)
{
    if (error.code == Error::Code::Cancelled)
        return;
    m_errors[size_t(question)] = error;
    m_fleetDirty = m_activityDirty = true;
    if (m_active && error.isTransient() && !m_retryTimer.isActive())
        m_retryTimer.start(retryPause);
    settle();
}

void OverviewData::noteGood(int question)
{
    m_lastGood = m_context.clock().now();
    m_errors[size_t(question)].reset();
    settle();
}

void OverviewData::settle()
{
    const auto first = std::find_if(m_errors.cbegin(), m_errors.cend(), [](const auto &error) { return error.has_value(); });
    const bool broken = first != m_errors.cend();
    if (!broken && !m_error)
        return;
    m_error = broken ? *first : std::nullopt;
    Q_EMIT errorChanged();
}

void OverviewData::askFleet()
{
    ControlPlane *control = m_context.system().control;
    if (!control || !m_active)
        return;
    m_fleetDirty = false;
    const QString source = m_context.systemName();
    deliver(this, control->countWorkspaces({}, u"state"_s), [this, source, generation = m_generation](const Result<QVector<Bucket>> &answer) {
        if (generation != m_generation)
            return;
        if (!answer)
            return note(States, answer.error());
        noteGood(States);
        m_states.emplace(*answer, source, m_context.clock().now(), Means::Answer);
        Q_EMIT fleetChanged();
    });
    for (int which = 0; which < FleetFigure::Size; ++which) {
        FleetFigure &figure = m_figures[size_t(which)];
        PageRequest one;
        one.query.filter = figure.filter;
        one.limit = 1;
        deliver(this, control->workspaces(one), [this, source, which, &figure](const Result<Page<Workspace>> &answer) {
            if (!answer)
                return note(which, answer.error());
            noteGood(which);
            figure.count.emplace(answer->total, source, m_context.clock().now(), Means::Answer);
            Q_EMIT fleetChanged();
        });
    }
}

bool OverviewData::mayReadLog()
{
    // The log is the whole organisation's: a right on a project does not open it.
    const QString refusal = m_context.may(u"audit:read"_s, {access::Target{}}).reason;
    if (refusal != m_auditRefusal) {
        m_auditRefusal = refusal;
        if (!refusal.isEmpty()) {
            m_activity.reset();
            m_events.clear();
            m_errors[Activity].reset();
            m_errors[Events].reset();
            settle();
        }
        Q_EMIT activityChanged();
        Q_EMIT eventsChanged();
    }
    return refusal.isEmpty();
}

void OverviewData::askActivity()
{
    AuditStore *audit = m_context.system().audit;
    if (!audit || !m_active)
        return;
    m_activityDirty = false;
    if (!mayReadLog())
        return;
    const Instant now = m_context.clock().now();
    deliver(this, audit->activity(now - 24h, now, slice()), [this, generation = m_generation](const Result<QVector<ActivitySlice>> &answer) {
        // Asked before the rights were known: a refusal is no failure then.
        if (generation != m_generation || !m_auditRefusal.isEmpty())
            return;
        if (!answer)
            return note(Activity, answer.error());
        noteGood(Activity);
        m_activity.emplace(*answer, m_context.systemName(), m_context.clock().now(), Means::Answer);
        Q_EMIT activityChanged();
    });
}

void OverviewData::askEvents()
{
    AuditStore *audit = m_context.system().audit;
    if (!audit || !m_active || !mayReadLog())
        return;
    PageRequest newest;
    newest.query.filter = withoutReads();
    newest.limit = int(shownEvents);
    deliver(this, audit->events(newest), [this, generation = m_generation](const Result<Page<AuditEvent>> &answer) {
        if (generation != m_generation || !m_auditRefusal.isEmpty())
            return;
        if (!answer)
            return note(Events, answer.error());
        noteGood(Events);
        m_events.assign(answer->items.begin(), answer->items.end());
        Q_EMIT eventsChanged();
    });
}

} // namespace parapet::pages
