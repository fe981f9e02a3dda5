// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/overviewpage.h"

#include "models/items/auditmodel.h"
#include "ui/kit/charts.h"
#include "ui/kit/keepscaled.h"
#include "ui/kit/parts.h"
#include "ui/kit/statepage.h"
#include "ui/kit/text/format.h"
#include "ui/kit/text/label.h"
#include "ui/pages/overview/lists.h"
#include "ui/pages/overview/needslist.h"

#include <QtCore/QLocale>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QScrollArea>

namespace parapet::pages {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto needsPause = 200ms; ///< bursts of changes make one new list

struct StateLook {
    const char *key;
    kit::Role role;
};
constexpr StateLook stateLooks[] = {{"running", kit::Role::Ok},        {"frozen", kit::Role::Low},       {"starting", kit::Role::Text3},
                                    {"stopping", kit::Role::Requested}, {"stopped", kit::Role::LineStrong}, {"revoked", kit::Role::Critical}};

QString titleOfState(const QString &key)
{
    static const QHash<QString, const char *> titles{
        {u"running"_s, QT_TRANSLATE_NOOP("overview", "Running")},   {u"frozen"_s, QT_TRANSLATE_NOOP("overview", "Frozen")},
        {u"starting"_s, QT_TRANSLATE_NOOP("overview", "Starting")}, {u"stopping"_s, QT_TRANSLATE_NOOP("overview", "Stopping")},
        {u"stopped"_s, QT_TRANSLATE_NOOP("overview", "Stopped")},   {u"revoked"_s, QT_TRANSLATE_NOOP("overview", "Revoked")}};
    const char *title = titles.value(key);
    return title ? QCoreApplication::translate("overview", title) : Untrusted(key).inert(40);
}

QString labelOf(FleetFigure::Which which)
{
    switch (which) {
    case FleetFigure::Agents: return OverviewPage::tr("With AI agents");
    case FleetFigure::ProductionLeases: return OverviewPage::tr("With production leases");
    case FleetFigure::OldImages: return OverviewPage::tr("Image over 60 days old");
    case FleetFigure::LongRunning: return OverviewPage::tr("Running longer than 8 h");
    case FleetFigure::Unsigned: return OverviewPage::tr("Unsigned image");
    default: break;
    }
    return {};
}

} // namespace

OverviewPage::OverviewPage(shell::ConsoleContext &context, QWidget *parent)
    : Page(tr("Overview"), parent), m_context(context), m_data(new OverviewData(context, this))
{
    auto *content = new kit::Ground(kit::Role::Surface, this);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_needsHeader = new kit::SectionHeader(tr("Needs a human now"), content);
    m_needs = new NeedsList(content);
    column->addWidget(m_needsHeader);
    column->addWidget(new kit::Hairline(Qt::Horizontal, content));
    column->addWidget(m_needs);
    column->addWidget(new kit::Hairline(Qt::Horizontal, content));
    m_pairs << makePair(makeFleet(), 40, makeActivity(), 80, content);
    column->addLayout(m_pairs.last().row, 3);
    column->addWidget(new kit::Hairline(Qt::Horizontal, content));
    QWidget *ports = makeConnections();
    m_pairs << makePair(ports, 1, makeEvents(), 1, content);
    column->addLayout(m_pairs.last().row, 2);
    m_scroll = new QScrollArea(this);
    m_scroll->setWidget(content);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->setAccessibleName(tr("Overview"));

    m_banner = new kit::Banner(this);
    m_banner->hide();
    insertAboveContent(m_banner);
    m_states = new kit::StatePage(m_scroll, this);
    setContent(m_states);
    kit::keepScaled(this, [this](const kit::Theme &) { reflow(); });

    m_needsTimer.setSingleShot(true);
    connect(&m_needsTimer, &QTimer::timeout, this, &OverviewPage::showNeeds);
    const auto soon = [this] {
        if (!m_needsTimer.isActive())
            m_needsTimer.start(needsPause);
    };
    connect(m_data, &OverviewData::fleetChanged, this, [this, soon] { showFleet(); showState(); soon(); });
    connect(m_data, &OverviewData::activityChanged, this, &OverviewPage::showActivity);
    connect(m_data, &OverviewData::eventsChanged, this, &OverviewPage::showEvents);
    connect(m_data, &OverviewData::errorChanged, this, &OverviewPage::showState);
    connect(m_needs, &NeedsList::activated, this, [this](const Need &need) {
        if (!need.operation.isEmpty())
            m_context.showOperation(need.operation);
        else
            Q_EMIT locationRequested(need.place);
    });
    const auto follow = [this, soon] {
        if (fleet::Connection *connection = m_context.connection())
            connect(connection, &fleet::Connection::healthChanged, this, soon);
        showState();
        soon();
    };
    connect(&context, &shell::ConsoleContext::connectionChanged, this, follow);
    connect(&context, &shell::ConsoleContext::systemReady, this, &OverviewPage::showState);
    connect(&context, &shell::ConsoleContext::healthChanged, this, [this, soon] { showState(); soon(); });
    const auto followRunner = [this, soon] {
        if (operation::Runner *runner = m_context.runner()) {
            connect(runner, &operation::Runner::operationAdded, this, soon);
            connect(runner, &operation::Runner::operationChanged, this, soon);
        }
        askUnfinished();
        soon();
    };
    connect(&context, &shell::ConsoleContext::runnerChanged, this, followRunner);
    if (fleet::LogFollower *log = context.log()) {
        connect(log, &fleet::LogFollower::changed, this, &OverviewPage::proveEvents);
        connect(log, &fleet::LogFollower::rowsChecked, this, &OverviewPage::showEvents);
    }
    follow();
    followRunner();
    showEvents();
}

OverviewPage::~OverviewPage() = default;

QVector<shell::Command> OverviewPage::commands()
{
    shell::Command refresh;
    refresh.id = u"overview.refresh"_s;
    refresh.text = tr("Refresh");
    refresh.hint = tr("asks every figure again");
    refresh.icon = kit::Icon::History;
    refresh.shortcut = QKeySequence(Qt::Key_F5);
    refresh.needs = shell::NeedsOnline;
    refresh.run = [this] { m_data->refresh(); };
    return {refresh};
}

QWidget *OverviewPage::firstFocus()
{
    if (m_states->currentWidget() != m_states->content())
        return m_states->currentWidget();
    if (QWidget *first = m_needs->firstButton())
        return first;
    return m_fleet;
}

void OverviewPage::activated()
{
    m_data->setActive(true);
    askUnfinished();
    showState();
    showNeeds();
    proveEvents();
}

void OverviewPage::deactivated()
{
    m_data->setActive(false);
    m_needsTimer.stop();
}

void OverviewPage::askUnfinished()
{
    m_unfinished.clear();
    operation::Runner *runner = m_context.runner();
    if (!runner)
        return;
    deliver(this, runner->unfinished(), [this](const Result<QVector<operation::UnfinishedRun>> &answer) {
        m_unfinished = answer.value_or(QVector<operation::UnfinishedRun>());
        showNeeds();
    });
}

void OverviewPage::openWorkspaces(const QString &filter)
{
    Q_EMIT locationRequested({u"workspaces"_s, {{u"filter"_s, filter}}});
}

void OverviewPage::showNeeds()
{
    NeedsInput input;
    input.data = m_data;
    input.connection = m_context.connection();
    input.now = m_context.clock().now();
    if (operation::Runner *runner = m_context.runner()) {
        for (const operation::Operation *operation : runner->operations())
            input.operations << operation;
        input.unfinished = m_unfinished;
    }
    const QVector<Need> needs = needsFrom(input);
    m_needs->setNeeds(needs);
    m_needsHeader->setFigure(QString::number(needs.size()));
    const auto critical = std::count_if(needs.begin(), needs.end(), [](const Need &need) { return need.severity == Severity::Critical; });
    QVector<kit::Run> figures;
    if (critical > 0)
        figures << kit::Run{tr("%1 critical").arg(critical), kit::Type::Body, kit::Role::Critical, 500} << kit::Run{u"   "_s};
    figures << kit::Run{QString::number(needs.size()), kit::Type::Body, kit::Role::Text, 600}
            << kit::Run{u' ' + tr("need(s) a human", nullptr, int(needs.size())), kit::Type::Body, kit::Role::Text, 0}
            << kit::Run{u"   "_s + QLocale().toString(QDate::currentDate(), QLocale::LongFormat), kit::Type::Body, kit::Role::Text3, 0};
    setFigures(figures);
    m_connections->setConnection(m_context.connection(), input.now);
}

void OverviewPage::showFleet()
{
    if (!m_data->states())
        return;
    QVector<kit::BarPart> parts;
    qint64 whole = 0;
    QHash<QString, qint64> counts;
    for (const Bucket &bucket : m_data->states()->value()) {
        counts.insert(bucket.key, bucket.count);
        whole += bucket.count;
    }
    for (const StateLook &look : stateLooks) {
        const QString key = QLatin1String(look.key);
        if (const qint64 count = counts.take(key))
            parts << kit::BarPart{key, titleOfState(key), count, look.role};
    }
    for (auto it = counts.cbegin(); it != counts.cend(); ++it)
        parts << kit::BarPart{it.key(), titleOfState(it.key()), it.value(), kit::Role::Chart5};
    m_fleet->setParts(parts);
    m_fleetHeader->setFigure(tr("%1 workspace(s)", nullptr, kit::numerus(whole)).arg(kit::numberText(whole)));
    const auto &simulated = m_data->figure(FleetFigure::Simulated).count;
    m_fleetHeader->setNote(simulated && simulated->value().value() > 0 ? tr("%1 of them simulated").arg(simulated->value().text()) : QString());
    for (const auto &[which, bar] : std::as_const(m_figures)) {
        const auto &count = m_data->figure(which).count;
        bar->setVisible(count.has_value()); // what is not known is not drawn as none
        if (count)
            bar->setFigure(labelOf(which), count->value().value(), whole, count->value().isExact() ? QString() : tr("at least so many"));
    }
    reflow();
}

void OverviewPage::showActivity()
{
    const QString refusal = m_data->auditRefusal();
    m_activityNote->setText(refusal);
    m_activityNote->setVisible(!refusal.isEmpty());
    m_activity->setVisible(refusal.isEmpty());
    if (!m_data->activity()) {
        m_activityHeader->setFigure({});
        return;
    }
    kit::TimeBars::Series people{tr("people"), kit::Role::Chart1, {}};
    kit::TimeBars::Series agents{tr("AI agents"), kit::Role::Chart2, {}};
    kit::TimeBars::Series services{tr("services"), kit::Role::Chart3, {}};
    qint64 whole = 0;
    qint64 ofServices = 0;
    for (const ActivitySlice &slice : m_data->activity()->value()) {
        people.counts << slice.people;
        agents.counts << slice.agents;
        services.counts << slice.services;
        ofServices += slice.services;
        whole += slice.people + slice.agents + slice.services;
    }
    QVector<kit::TimeBars::Series> series{people, agents};
    if (ofServices > 0)
        series << services;
    const QVector<ActivitySlice> &slices = m_data->activity()->value();
    m_activity->setData(slices.isEmpty() ? Instant{} : slices.first().from, m_data->slice(), series);
    m_activityHeader->setFigure(tr("%1 event(s)", nullptr, kit::numerus(whole)).arg(kit::numberText(whole)));
}

void OverviewPage::showEvents()
{
    const QString refusal = m_data->auditRefusal();
    m_eventsNote->setText(refusal);
    m_eventsNote->setVisible(!refusal.isEmpty());
    const fleet::LogFollower *log = m_context.log();
    const std::deque<AuditEvent> &events = m_data->events();
    QVector<Proof> proofs;
    for (const AuditEvent &event : events)
        proofs << AuditModel::proofOf(log, event.index);
    m_events->setEvents(events, proofs);
    const auto count = [&](fleet::RowProof proof) {
        return std::count_if(events.begin(), events.end(), [&](const AuditEvent &event) { return log && log->proofOf(event.index) == proof; });
    };
    const auto proven = count(fleet::RowProof::Verified);
    if (!refusal.isEmpty())
        m_eventsHeader->setNote({});
    else if (log && (log->conflict() || count(fleet::RowProof::Failed) > 0))
        m_eventsHeader->setNote(tr("the log does not verify"), kit::Role::Critical);
    else if (!log || log->state() == fleet::LogState::Off || events.empty())
        m_eventsHeader->setNote(tr("not proven on this console"));
    else if (proven == qsizetype(events.size()))
        m_eventsHeader->setNote(tr("all proven on this console"), kit::Role::Ok);
    else
        m_eventsHeader->setNote(tr("%1 of %2 proven on this console").arg(proven).arg(events.size()));
}

void OverviewPage::proveEvents()
{
    // With each checkpoint, not with each event: the newest are covered by the next one only.
    fleet::LogFollower *log = m_context.log();
    if (isActive() && log && log->state() == fleet::LogState::Verified) {
        QVector<AuditEvent> open;
        for (const AuditEvent &event : m_data->events()) {
            if (log->proofOf(event.index) != fleet::RowProof::Verified)
                open << event;
        }
        log->check(open);
    }
    showEvents();
}

void OverviewPage::showState()
{
    m_connections->setConnection(m_context.connection(), m_context.clock().now());
    if (!m_context.isConnected()) {
        m_banner->hide();
        m_states->showEmpty(kit::Icon::Server, tr("No fleet is connected"),
                            {{tr("Open a connection to see what runs."), kit::Type::Body, kit::Role::Text2, 0}},
                            {{tr("Connections"), [this] { Q_EMIT locationRequested({u"connections"_s, {}}); }, kit::Button::Kind::Primary,
                              kit::Icon::Server, {}}});
        return;
    }
    const bool known = m_data->states().has_value();
    const bool broken = m_data->error() || m_context.isFailing();
    const auto retry = [this] {
        m_context.retryNow();
        m_data->refresh();
    };
    if (!known && broken) {
        m_banner->hide();
        m_states->showError(m_data->error().value_or(Error{Error::Code::Network, m_context.summary(), {}, true}), retry);
        return;
    }
    if (!known) {
        m_banner->hide();
        m_states->showLoading(tr("Asking the control plane"));
        return;
    }
    m_states->showReady();
    if (broken) {
        const QString why = m_context.isFailing() ? m_context.summary() : m_data->error()->message;
        m_banner->setMessage(kit::Banner::Kind::Stale,
                             {{why + u' ', kit::Type::Body, kit::Role::Text, 0},
                              {tr("What is shown was answered at %1.").arg(kit::localTime(m_data->lastGood())), kit::Type::Body, kit::Role::Text2, 0}});
        m_banner->clearActions();
        m_banner->addAction(tr("Try again"), retry);
    }
    m_banner->setVisible(broken);
}

} // namespace parapet::pages
