// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/workspaces/detailpane.h"

#include "models/items/workspacemodel.h"
#include "ui/kit/text/format.h"
#include "ui/kit/text/label.h"
#include "ui/kit/tooltip.h"
#include "ui/pages/workspaces/detaildelegate.h"
#include "ui/pages/workspaces/detailmodel.h"
#include "ui/pages/workspaces/workspacecommands.h"

#include <QtGui/QClipboard>
#include <QtGui/QGuiApplication>
#include <QtGui/QKeyEvent>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QListView>

namespace parapet::pages {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto liveEvery = 2s;
constexpr auto changePause = 300ms;
constexpr int shownWorkspaceEvents = 20;

bool concerns(const ChangeEvent &change, const QString &workspace)
{
    // What this console reads is logged too: answering to that would go round for ever.
    if (change.kind == "event"_L1 && isReadAction(change.object.value("action"_L1).toString()))
        return false;
    return change.id == workspace || change.object.value("workspace"_L1).toString() == workspace;
}

} // namespace

DetailPane::DetailPane(shell::ConsoleContext &context, QWidget *parent)
    : Ground(kit::Role::Raised, parent, Qt::LeftEdge), m_context(context), m_name(new kit::MonoLabel(this)), m_state(new kit::StatePill(this)),
      m_observed(new kit::RunLine(this)), m_facts(new kit::RunLine(this)), m_model(new DetailModel(context.clock(), this)), m_list(new QListView(this))
{
    setAccessibleName(tr("Detail of the workspace"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(1, kit::space::m, 0, 0);
    column->setSpacing(kit::space::s);

    const auto margins = [](QHBoxLayout *row) {
        row->setContentsMargins(kit::space::pane, 0, kit::space::pane, 0);
        row->setSpacing(kit::space::s);
    };
    auto *head = new QHBoxLayout;
    margins(head);
    auto *copy = new kit::Button(tr("Copy identifier"), kit::Icon::Copy, kit::Button::Kind::Ghost, this);
    copy->setIconOnly(true);
    auto *close = new kit::Button(tr("Close detail"), kit::Icon::Close, kit::Button::Kind::Ghost, this);
    close->setIconOnly(true);
    head->addWidget(m_name, 1);
    head->addWidget(copy);
    head->addWidget(close);
    column->addLayout(head);
    auto *state = new QHBoxLayout;
    margins(state);
    state->addWidget(m_state);
    state->addWidget(m_observed, 1);
    column->addLayout(state);
    auto *facts = new QHBoxLayout;
    margins(facts);
    facts->addWidget(m_facts, 1);
    column->addLayout(facts);
    auto *actions = new QHBoxLayout;
    margins(actions);
    for (const QString &id : detailCommandIds()) {
        if (id == "workspace.revoke"_L1)
            actions->addStretch();
        actions->addWidget(context.commands().createButton(id, this, {{}, false}));
    }
    column->addLayout(actions);
    column->addWidget(new kit::Hairline(Qt::Horizontal, this));

    m_list->setModel(m_model);
    m_list->setItemDelegate(new DetailDelegate(*m_model, m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setMouseTracking(true);
    m_list->setAccessibleName(tr("Sessions, processes, leases, connections and events"));
    QPalette transparent = m_list->palette();
    transparent.setBrush(QPalette::Base, Qt::transparent);
    m_list->setPalette(transparent);
    column->addWidget(m_list, 1);

    connect(copy, &kit::Button::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_workspace.id.value); });
    connect(close, &kit::Button::clicked, this, &DetailPane::closeRequested);
    m_liveTimer.setInterval(liveEvery);
    m_changeTimer.setSingleShot(true);
    connect(&m_liveTimer, &QTimer::timeout, this, &DetailPane::refreshLive);
    connect(&m_changeTimer, &QTimer::timeout, this, &DetailPane::refreshAll);
    connect(&context, &shell::ConsoleContext::systemReady, this, [this] { follow(); refreshAll(); });
    connect(&context, &shell::ConsoleContext::systemGone, this, [this] {
        disconnect(m_watching);
        disconnect(m_gap);
        ++m_generation;
        m_stale = true;
        m_model->setStale(tr("The connection is closed."));
    });
    connect(&context, &shell::ConsoleContext::healthChanged, this, &DetailPane::showStaleness);
    follow();
}

DetailPane::~DetailPane() = default;

void DetailPane::follow()
{
    disconnect(m_watching);
    disconnect(m_gap);
    if (const Watch *watch = m_context.watch()) {
        m_watching = connect(watch, &Watch::changed, this, &DetailPane::handle);
        m_gap = connect(watch, &Watch::gapFound, this, [this] {
            // What was missed may have been about this workspace: old until it is answered anew.
            m_model->setStale(tr("Changes were missed. Asking again."));
            refreshAll();
        });
    }
    showStaleness();
}

void DetailPane::showStaleness()
{
    const bool stale = !m_context.system().control || m_context.isFailing();
    if (stale && m_context.system().control)
        m_model->setStale(m_context.summary());
    if (!std::exchange(m_stale, stale) || stale)
        return;
    m_model->endStale();
    refreshAll();
}

void DetailPane::setWorkspace(const Workspace &workspace)
{
    const bool another = workspace.id != m_workspace.id;
    m_workspace = workspace;
    if (another) {
        ++m_generation;
        m_model->clear();
        m_list->scrollToTop();
    }
    showHead();
    if (another)
        refreshAll();
    schedule();
}

void DetailPane::setActive(bool active)
{
    m_active = active;
    schedule();
    if (active)
        refreshAll();
}

void DetailPane::schedule()
{
    if (!isSeen())
        m_liveTimer.stop();
    else if (!m_liveTimer.isActive())
        m_liveTimer.start();
}

void DetailPane::showEvent(QShowEvent *event)
{
    Ground::showEvent(event);
    schedule();
    refreshAll();
}

void DetailPane::hideEvent(QHideEvent *event)
{
    Ground::hideEvent(event);
    schedule();
}

void DetailPane::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape) {
        Q_EMIT closeRequested();
    } else if (event->matches(QKeySequence::Copy)) {
        const QString text = m_list->currentIndex().data(CopyRole).toString();
        if (!text.isEmpty())
            QGuiApplication::clipboard()->setText(text);
    } else {
        Ground::keyPressEvent(event);
    }
}

void DetailPane::showHead()
{
    m_name->setText(m_workspace.name);
    m_state->setState(m_workspace.runtime == RuntimeStatus::Silent ? StateMark::Stale : stateMark(m_workspace), stateText(m_workspace));
    const Instant now = m_context.clock().now();
    QString observed = isKnown(m_workspace.observed) ? tr("observed %1").arg(kit::agoText(m_workspace.observed, now)) : tr("never observed");
    if (m_workspace.simulated)
        observed += u" · "_s + tr("simulated, nothing runs behind it");
    m_observed->setRuns({{observed, kit::Type::Small, kit::Role::Text3, 0}});
    m_facts->setRuns({{m_workspace.ownerName.inert(60), kit::Type::Small, kit::Role::Text, 0},
                      {u"  "_s + Untrusted(m_workspace.project).inert(60) + u"  "_s, kit::Type::Small, kit::Role::Text2, 0},
                      {kit::shortDigest(m_workspace.imageDigest), kit::Type::MonoSmall, kit::Role::Text3, 0},
                      {u"  "_s + (m_workspace.imageSigned ? tr("signed") : tr("unsigned")), kit::Type::Small,
                       m_workspace.imageSigned ? kit::Role::Text3 : kit::Role::Medium, 0}});
    m_facts->setToolTip(kit::plainToolTip(Untrusted(m_workspace.image).inert(300) + u'\n' + m_workspace.imageDigest));
}

void DetailPane::handle(const QVector<ChangeEvent> &changes)
{
    if (!isSeen() || m_changeTimer.isActive())
        return;
    const auto mine = [this](const ChangeEvent &change) { return concerns(change, m_workspace.id.value); };
    if (std::any_of(changes.begin(), changes.end(), mine))
        m_changeTimer.start(changePause);
}

void DetailPane::refreshLive()
{
    Runtime *runtime = m_context.system().runtime;
    if (!runtime || !isSeen() || m_liveUnderWay > 0)
        return;
    m_liveUnderWay = 2;
    showHead();
    const quint64 generation = m_generation;
    deliver(this, runtime->processes(m_workspace.id), [this, generation](const Result<QVector<Process>> &answer) {
        --m_liveUnderWay;
        if (generation != m_generation)
            return;
        if (answer)
            m_model->setProcesses(*answer);
        else
            m_model->setFailed(DetailModel::Part::Processes, answer.error().message);
    });
    deliver(this, runtime->flows(m_workspace.id), [this, generation](const Result<QVector<Flow>> &answer) {
        --m_liveUnderWay;
        if (generation != m_generation)
            return;
        if (answer)
            m_model->setFlows(*answer);
        else
            m_model->setFailed(DetailModel::Part::Flows, answer.error().message);
    });
}

void DetailPane::refreshAll()
{
    const System system = m_context.system();
    if (!isSeen() || !system.control)
        return;
    refreshLive();
    const quint64 generation = m_generation;
    deliver(this, system.control->sessions(m_workspace.id), [this, generation](const Result<QVector<Session>> &answer) {
        if (generation != m_generation)
            return;
        if (answer)
            m_model->setSessions(*answer);
        else
            m_model->setFailed(DetailModel::Part::Sessions, answer.error().message);
    });
    if (system.broker) {
        deliver(this, system.broker->leases(m_workspace.id), [this, generation](const Result<QVector<Lease>> &answer) {
            if (generation != m_generation)
                return;
            if (answer)
                m_model->setLeases(*answer);
            else
                m_model->setFailed(DetailModel::Part::Leases, answer.error().message);
        });
    }
    if (system.audit) {
        PageRequest latest;
        latest.query.filter = u"workspace:%1 %2"_s.arg(m_workspace.id.value, withoutReads());
        latest.limit = shownWorkspaceEvents;
        deliver(this, system.audit->events(latest), [this, generation](const Result<Page<AuditEvent>> &answer) {
            if (generation != m_generation)
                return;
            if (answer)
                m_model->setEvents(answer->items, answer->total);
            else
                m_model->setFailed(DetailModel::Part::Events, answer.error().message);
        });
    }
}

} // namespace parapet::pages
