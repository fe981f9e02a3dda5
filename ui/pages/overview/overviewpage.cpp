// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/overviewpage.h"

#include "ui/kit/charts.h"
#include "ui/kit/parts.h"
#include "ui/kit/statepage.h"
#include "ui/kit/text/format.h"
#include "ui/kit/text/label.h"
#include "ui/pages/overview/lists.h"
#include "ui/pages/overview/needslist.h"

#include <QtCore/QLocale>
#include <QtWidgets/QGridLayout>

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

QWidget *padded(QWidget *content, QWidget *parent)
{
    auto *frame = new QWidget(parent);
    auto *layout = new QVBoxLayout(frame);
    layout->setContentsMargins(kit::space::page, 0, kit::space::page, kit::space::m);
    layout->addWidget(content);
    return frame;
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
    auto *grid = new QGridLayout;
    grid->setSpacing(0);
    grid->addWidget(makeFleet(), 0, 0);
    grid->addWidget(new kit::Hairline(Qt::Vertical, content), 0, 1);
    grid->addWidget(makeActivity(), 0, 2);
    grid->setColumnStretch(0, 40);
    grid->setColumnStretch(2, 80);
    column->addLayout(grid, 3);
    column->addWidget(new kit::Hairline(Qt::Horizontal, content));
    column->addWidget(makeConnections(), 2);

    m_banner = new kit::Banner(this);
    m_banner->hide();
    insertAboveContent(m_banner);
    m_states = new kit::StatePage(content, this);
    setContent(m_states);

    m_needsTimer.setSingleShot(true);
    connect(&m_needsTimer, &QTimer::timeout, this, &OverviewPage::showNeeds);
    const auto soon = [this] {
        if (!m_needsTimer.isActive())
            m_needsTimer.start(needsPause);
    };
    connect(m_data, &OverviewData::fleetChanged, this, [this, soon] { showFleet(); showState(); soon(); });
    connect(m_data, &OverviewData::activityChanged, this, &OverviewPage::showActivity);
    connect(m_data, &OverviewData::eventsChanged, this, [this] { m_events->setEvents(m_data->events()); });
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
    follow();
    followRunner();
}

OverviewPage::~OverviewPage() = default;

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
    column->addWidget(m_activityHeader);
    column->addWidget(padded(m_activity, box), 1);
    return box;
}

QWidget *OverviewPage::makeConnections()
{
    auto *box = new QWidget(this);
    auto *row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    auto *left = new QWidget(box);
    auto *leftColumn = new QVBoxLayout(left);
    leftColumn->setContentsMargins(0, 0, 0, 0);
    leftColumn->setSpacing(0);
    auto *connectionsHeader = new kit::SectionHeader(tr("Connections"), left);
    connectionsHeader->setNote(tr("latency of the last calls"));
    m_connections = new ConnectionList(left);
    leftColumn->addWidget(connectionsHeader);
    leftColumn->addWidget(padded(m_connections, left));
    leftColumn->addStretch();
    auto *right = new QWidget(box);
    auto *rightColumn = new QVBoxLayout(right);
    rightColumn->setContentsMargins(0, 0, 0, 0);
    rightColumn->setSpacing(0);
    auto *eventsHeader = new kit::SectionHeader(tr("Last events"), right);
    eventsHeader->setNote(tr("not yet proven on this console"));
    m_events = new EventList(right);
    rightColumn->addWidget(eventsHeader);
    rightColumn->addWidget(padded(m_events, right), 1);
    row->addWidget(left, 1);
    row->addWidget(new kit::Hairline(Qt::Vertical, box));
    row->addWidget(right, 1);
    return box;
}

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
            << kit::Run{u' ' + tr("need a human"), kit::Type::Body, kit::Role::Text, 0}
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
    m_fleetHeader->setFigure(tr("%1 workspaces").arg(kit::numberText(whole)));
    const auto &simulated = m_data->figure(FleetFigure::Simulated).count;
    m_fleetHeader->setNote(simulated && simulated->value().value() > 0 ? tr("%1 of them simulated").arg(simulated->value().text()) : QString());
    for (const auto &[which, bar] : std::as_const(m_figures)) {
        const auto &count = m_data->figure(which).count;
        bar->setVisible(count.has_value()); // what is not known is not drawn as none
        if (count)
            bar->setFigure(labelOf(which), count->value().value(), whole, {});
    }
}

void OverviewPage::showActivity()
{
    if (!m_data->activity())
        return;
    kit::TimeBars::Series people{tr("people"), kit::Role::Chart1, {}};
    kit::TimeBars::Series agents{tr("AI agents"), kit::Role::Chart2, {}};
    qint64 whole = 0;
    for (const ActivitySlice &slice : m_data->activity()->value()) {
        people.counts << slice.people;
        agents.counts << slice.agents;
        whole += slice.people + slice.agents;
    }
    const QVector<ActivitySlice> &slices = m_data->activity()->value();
    m_activity->setData(slices.isEmpty() ? Instant{} : slices.first().from, m_data->slice(), {people, agents});
    m_activityHeader->setFigure(tr("%1 events").arg(kit::numberText(whole)));
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
