// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operation/operationsheet.h"

#include "ui/kit/button.h"
#include "ui/kit/parts.h"
#include "ui/kit/statepage.h"
#include "ui/kit/tableview.h"
#include "ui/kit/text/format.h"
#include "ui/kit/text/label.h"
#include "ui/operation/certificatebar.h"
#include "ui/operation/journalview.h"
#include "ui/operation/probemodel.h"
#include "ui/operation/runwords.h"
#include "ui/operation/startform.h"
#include "ui/operation/stepdelegate.h"
#include "ui/operation/stepmodel.h"
#include "ui/operation/survivorbar.h"
#include "ui/operation/touchedview.h"

#include <QtGui/QKeyEvent>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QListView>
#include <QtWidgets/QScrollArea>

namespace parapet::ui {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr QSize sheetSize{kit::size::dialogMax, 706};
constexpr int leftWidth = 400;
constexpr int touchedHeight = 152;
constexpr int headHeight = 46;
constexpr int footHeight = 52;

QString clockText(Milliseconds elapsed)
{
    const qint64 seconds = elapsed.count() / 1000;
    return u"%1:%2"_s.arg(seconds / 60, 2, 10, QLatin1Char('0')).arg(seconds % 60, 2, 10, QLatin1Char('0'));
}

QString undoOf(const operation::Plan &plan)
{
    QStringList back, forGood;
    for (const operation::Step &step : plan.steps) {
        QStringList &list = step.isReversible() ? back : forGood;
        if ((step.isReversible() || step.destructive) && !list.contains(step.title))
            list << step.title;
    }
    QString text;
    if (!back.isEmpty())
        text = OperationSheet::tr("Can be undone: %1.").arg(back.join(u", "_s));
    if (!forGood.isEmpty())
        text += u' ' + OperationSheet::tr("Cannot: %1.").arg(forGood.join(u", "_s));
    return text.trimmed();
}

} // namespace

OperationSheet::OperationSheet(operation::Runner &runner, const Clock &clock, QWidget *host) : Overlay(host), m_runner(runner), m_clock(clock)
{
    setPanelSize(sheetSize);
    auto *column = new QVBoxLayout(panel());
    column->setContentsMargins(1, 1, 1, 1);
    column->setSpacing(0);
    column->addWidget(makeHead());
    column->addWidget(new kit::Hairline(Qt::Horizontal, panel()));
    auto *content = new QWidget(panel());
    auto *row = new QHBoxLayout(content);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(makeLeft());
    row->addWidget(new kit::Hairline(Qt::Vertical, content));
    row->addWidget(makeRight(), 1);
    m_states = new kit::StatePage(content, panel());
    column->addWidget(m_states, 1);
    column->addWidget(new kit::Hairline(Qt::Horizontal, panel()));
    column->addWidget(makeFoot());
    // The clock of the sheet: only while a run is seen, and only the texts that show time.
    m_second.setInterval(1s);
    connect(&m_second, &QTimer::timeout, this, [this] {
        refreshHead();
        refreshProof();
        m_stepList->viewport()->update();
    });
    connect(this, &Overlay::dismissed, this, [this] { m_making.cancel(); m_second.stop(); });
}

OperationSheet::~OperationSheet()
{
    m_making.cancel();
}

QWidget *OperationSheet::makeHead()
{
    auto *head = new QWidget(panel());
    head->setFixedHeight(kit::theme(this).scaled(headHeight));
    auto *row = new QHBoxLayout(head);
    row->setContentsMargins(kit::space::l, 0, kit::space::s, 0);
    row->setSpacing(kit::space::m);
    m_title = new kit::RunLine(head);
    m_elapsed = new kit::PlainLabel({}, kit::Type::Mono, kit::Role::Text, head);
    m_elapsed->setAccessibleName(tr("Time since the start"));
    m_pill = new kit::StatePill(head);
    auto *close = new kit::Button(tr("Close, the run goes on"), kit::Icon::Close, kit::Button::Kind::Ghost, head);
    close->setIconOnly(true);
    connect(close, &kit::Button::clicked, this, &Overlay::dismiss);
    row->addWidget(m_title, 1);
    row->addWidget(m_elapsed);
    row->addWidget(m_pill);
    row->addWidget(close);
    return head;
}

QWidget *OperationSheet::makeLeft()
{
    auto *left = new QWidget(panel());
    left->setFixedWidth(kit::theme(this).scaled(leftWidth));
    auto *column = new QVBoxLayout(left);
    column->setContentsMargins(0, 0, 0, kit::space::m);
    column->setSpacing(kit::space::s);
    m_planHeader = new kit::SectionHeader(tr("Plan"), left);
    column->addWidget(m_planHeader);
    m_steps = new StepModel(this);
    m_stepList = new QListView(left);
    m_stepList->setModel(m_steps);
    m_stepList->setItemDelegate(new StepDelegate(*m_steps, m_clock, m_stepList));
    m_stepList->setFrameShape(QFrame::NoFrame);
    m_stepList->setSelectionMode(QAbstractItemView::NoSelection);
    m_stepList->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_stepList->setAccessibleName(tr("Steps of the plan"));
    QPalette transparent = m_stepList->palette();
    transparent.setBrush(QPalette::Base, Qt::transparent);
    m_stepList->setPalette(transparent);
    const auto padded = [column, left](QWidget *widget, int stretch) {
        auto *frame = new QWidget(left);
        auto *layout = new QVBoxLayout(frame);
        layout->setContentsMargins(kit::space::l, 0, kit::space::l, 0);
        layout->addWidget(widget);
        column->addWidget(frame, stretch);
    };
    padded(m_stepList, 1);
    column->addWidget(new kit::Hairline(Qt::Horizontal, left));
    column->addWidget(new kit::SectionHeader(tr("What is touched"), left));
    m_touched = new TouchedView(left);
    // All that is touched can be read: the list scrolls where it is longer than its place.
    auto *scroll = new QScrollArea(left);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFixedHeight(kit::theme(this).scaled(touchedHeight));
    scroll->setAccessibleName(tr("What is touched"));
    scroll->setWidget(m_touched);
    scroll->viewport()->setAutoFillBackground(false);
    m_touched->setAutoFillBackground(false);
    padded(scroll, 0);
    return left;
}

QWidget *OperationSheet::makeRight()
{
    auto *right = new QWidget(panel());
    auto *column = new QVBoxLayout(right);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_proofHeader = new kit::SectionHeader(tr("Proof"), right);
    m_counts = new kit::RunLine(right);
    m_proofHeader->addWidget(m_counts);
    column->addWidget(m_proofHeader);
    m_form = new StartForm(right);
    auto *formFrame = new QWidget(right);
    auto *formLayout = new QVBoxLayout(formFrame);
    formLayout->setContentsMargins(kit::space::l, 0, kit::space::l, kit::space::m);
    formLayout->addWidget(m_form);
    column->addWidget(formFrame);
    m_banner = new kit::Banner(right);
    m_banner->hide();
    column->addWidget(m_banner);
    m_survivors = new SurvivorBar(right);
    column->addWidget(m_survivors);
    m_probes = new ProbeModel(this);
    m_probeTable = new kit::TableView(right);
    m_probeTable->setModel(m_probes);
    m_probeTable->setColumns(ProbeModel::columns());
    m_probeTable->setClock(&m_clock);
    m_probeTable->setAccessibleName(tr("Probes"));
    column->addWidget(m_probeTable, 1);
    column->addWidget(new kit::Hairline(Qt::Horizontal, right));
    m_certificate = new CertificateBar(right);
    column->addWidget(m_certificate);
    connect(m_survivors, &SurvivorBar::retryRequested, this, [this] {
        if (m_operation)
            m_operation->retryNow();
    });
    connect(m_form, &StartForm::changed, this, &OperationSheet::refreshFoot);
    connect(m_form, &StartForm::submitted, this, &OperationSheet::start);
    connect(m_certificate, &CertificateBar::signRequested, this, [this] {
        if (m_operation)
            m_operation->signNow();
    });
    return right;
}

QWidget *OperationSheet::makeFoot()
{
    auto *foot = new QWidget(panel());
    foot->setFixedHeight(kit::theme(this).scaled(footHeight));
    auto *row = new QHBoxLayout(foot);
    row->setContentsMargins(kit::space::l, 0, kit::space::l, 0);
    row->setSpacing(kit::space::s);
    m_note = new kit::PlainLabel({}, kit::Type::Small, kit::Role::Text3, foot);
    m_note->setElide(Qt::ElideRight);
    m_journal = new kit::Button(tr("Show journal"), kit::Icon::Document, kit::Button::Kind::Normal, foot);
    m_pause = new kit::Button(tr("Pause"), kit::Icon::Pause, kit::Button::Kind::Normal, foot);
    m_cancel = new kit::Button(tr("Cancel and undo…"), kit::Icon::Undo, kit::Button::Kind::Normal, foot);
    m_retry = new kit::Button(tr("Try again"), kit::Icon::History, kit::Button::Kind::Normal, foot);
    m_background = new kit::Button(tr("Close"), foot);
    m_background->setKeyHint(u"Esc"_s);
    m_start = new kit::Button(tr("Start"), kit::Icon::None, kit::Button::Kind::Primary, foot);
    row->addWidget(m_note, 1);
    for (kit::Button *button : {m_journal, m_retry, m_pause, m_cancel, m_background, m_start})
        row->addWidget(button);
    connect(m_journal, &kit::Button::clicked, this, &OperationSheet::showJournal);
    connect(m_background, &kit::Button::clicked, this, &Overlay::dismiss);
    connect(m_start, &kit::Button::clicked, this, &OperationSheet::start);
    connect(m_cancel, &kit::Button::clicked, this, &OperationSheet::askToCancel);
    connect(m_retry, &kit::Button::clicked, this, [this] {
        if (m_operation)
            m_operation->retryNow();
    });
    connect(m_pause, &kit::Button::clicked, this, [this] {
        if (!m_operation)
            return;
        if (m_operation->state() == operation::RunState::Paused)
            m_operation->resume();
        else
            m_operation->pause();
    });
    return foot;
}

const operation::Plan *OperationSheet::plan() const
{
    if (m_operation)
        return &m_operation->plan();
    return m_plan ? &*m_plan : nullptr;
}

void OperationSheet::propose(const QString &title, const Reply<operation::Plan> &plan)
{
    m_making = plan;
    setName(title);
    m_title->setRuns({{title, kit::Type::SheetTitle, kit::Role::Text, 0}});
    m_states->showLoading(tr("Asking what it holds now"));
    refreshFoot();
    deliver(this, plan, [this](const Result<operation::Plan> &made) {
        if (made) {
            showPlan(*made);
        } else if (made.error().code != Error::Code::Cancelled) {
            m_states->showError(made.error(), {});
            refreshFoot();
        }
    });
    present(m_background);
}

void OperationSheet::showPlan(const operation::Plan &plan)
{
    m_plan = plan;
    setName(plan.title);
    m_steps->setPlan(plan);
    m_probes->setPlan(plan);
    m_touched->setTouched(plan.touched, undoOf(plan));
    m_form->setPlan(plan);
    m_states->showReady();
    refresh();
    if (!m_operation)
        m_form->reasonEdit()->setFocus();
}

void OperationSheet::showOperation(operation::Operation *operation)
{
    m_operation = operation;
    showPlan(operation->plan());
    follow();
    present(m_probeTable);
}

void OperationSheet::start()
{
    if (!m_plan || m_operation || !m_form->problem().isEmpty())
        return;
    operation::Plan plan = *m_plan;
    plan.reason = m_form->reason();
    plan.evidenceOverride = m_form->evidenceOverride();
    const Result<operation::Operation *> begun = m_runner.start(plan);
    if (!begun) {
        m_banner->setMessage(kit::Banner::Kind::Critical, {{begun.error().message, kit::Type::Body, kit::Role::Text, 0}});
        m_banner->show();
        return;
    }
    m_operation = *begun;
    follow();
    m_probeTable->setFocus();
    Q_EMIT started(m_operation);
}

void OperationSheet::follow()
{
    connect(m_operation, &operation::Operation::stepsChanged, this, [this](const QVector<int> &rows) {
        m_steps->setRun(m_operation->run(), rows);
        refreshHead();
        refreshFoot();
    });
    connect(m_operation, &operation::Operation::probesChanged, this, [this](const QVector<int> &rows) {
        m_probes->setRun(m_operation->run(), rows);
        refreshHead();
        refreshProof();
    });
    connect(m_operation, &operation::Operation::probesAdded, this, [this] {
        m_probes->setPlan(m_operation->plan());
        m_probes->setRun(m_operation->run());
        refreshProof();
    });
    connect(m_operation, &operation::Operation::stateChanged, this, &OperationSheet::refresh);
    connect(m_operation, &operation::Operation::certificateChanged, this, &OperationSheet::refresh);
    connect(m_operation, &operation::Operation::journalFailed, this, &OperationSheet::refresh);
    m_steps->setRun(m_operation->run());
    m_probes->setRun(m_operation->run());
    refresh();
}

void OperationSheet::refresh()
{
    refreshHead();
    refreshProof();
    refreshFoot();
    if (m_operation && !m_operation->isOver() && isPresented())
        m_second.start();
    else
        m_second.stop();
}

void OperationSheet::refreshHead()
{
    const operation::Plan *shown = plan();
    if (!shown)
        return;
    const bool destroys = std::any_of(shown->steps.begin(), shown->steps.end(), [](const operation::Step &step) { return step.destructive; });
    QVector<kit::Run> runs{{shown->title, kit::Type::SheetTitle, kit::Role::Text, 0}};
    if (m_operation) {
        runs << kit::Run{u"   ·   "_s + tr("operation") + u' ', kit::Type::Body, kit::Role::Text2, 0}
             << kit::Run{m_operation->id().value, kit::Type::Mono, kit::Role::Text2, 0}
             << kit::Run{u"   ·   "_s + tr("reason: %1").arg(Untrusted(m_operation->plan().reason).inert(120)), kit::Type::Body, kit::Role::Text2, 0};
    }
    m_title->setGlyph(destroys ? kit::Icon::Ban : kit::Icon::Checklist, destroys ? kit::Role::Critical : kit::Role::Text2);
    m_title->setRuns(runs);
    m_planHeader->setFigure(shown->workspaces.size() > 1 ? tr("%Ln step(s)", nullptr, int(shown->steps.size())) + u", "_s + tr("%Ln workspace(s)", nullptr, int(shown->workspaces.size()))
                                                         : tr("%Ln step(s), evidence first", nullptr, int(shown->steps.size())));
    m_elapsed->setVisible(m_operation != nullptr);
    m_pill->setVisible(m_operation != nullptr);
    if (!m_operation)
        return;
    m_elapsed->setText(clockText(m_operation->elapsed()));
    m_planHeader->setNote(tr("started %1").arg(kit::localTime(m_operation->run().started)));
    const RunWords words = runWords(*m_operation);
    m_pill->setState(words.mark, words.text);
}

void OperationSheet::refreshProof()
{
    const operation::Plan *shown = plan();
    if (!shown)
        return;
    m_form->parentWidget()->setVisible(!m_operation);
    m_certificate->show(*shown, m_operation, m_runner.environment().certifier);
    m_proofHeader->setFigure(tr("%Ln probe(s)", nullptr, int(shown->probes.size())));
    if (!m_operation) {
        m_counts->setRuns({});
        return;
    }
    const operation::Summary summary = m_operation->summary();
    if (summary.observers > 0)
        m_proofHeader->setFigure(tr("%Ln probe(s)", nullptr, summary.probes) + u' ' + tr("by %Ln observer(s)", nullptr, summary.observers));
    QVector<kit::Run> counts{{tr("%Ln hold(s)", nullptr, summary.hold), kit::Type::Small, summary.hold > 0 ? kit::Role::Ok : kit::Role::Text3, 500}};
    if (summary.unknown > 0)
        counts << kit::Run{u"   "_s + tr("%1 open").arg(summary.unknown), kit::Type::Small, kit::Role::Requested, 500};
    if (summary.survive > 0)
        counts << kit::Run{u"   "_s + tr("%Ln do(es) not hold", nullptr, summary.survive), kit::Type::Small, kit::Role::Critical, 600};
    m_counts->setRuns(counts);
    m_survivors->show(m_operation->run(), m_clock.now());
    if (const auto &broken = m_operation->journalError()) {
        m_banner->setMessage(kit::Banner::Kind::Critical, {{broken->message, kit::Type::Body, kit::Role::Text, 0}});
        m_banner->show();
    } else {
        m_banner->hide();
    }
}

void OperationSheet::refreshFoot()
{
    const operation::Plan *shown = plan();
    const bool running = m_operation && !m_operation->isOver();
    m_journal->setVisible(m_operation);
    m_pause->setVisible(running && m_operation->state() != operation::RunState::Cancelling);
    m_pause->setText(m_operation && m_operation->state() == operation::RunState::Paused ? tr("Go on") : tr("Pause"));
    m_cancel->setVisible(running && m_operation->state() != operation::RunState::Cancelling);
    m_cancel->setAvailable(running && m_operation->canCancel(), tr("Every workspace has begun to be destroyed: half destroyed is worse than either."));
    const operation::Summary summary = m_operation ? m_operation->summary() : operation::Summary();
    m_retry->setVisible(running && (summary.stepsFailed > 0 || m_operation->journalError()));
    m_background->setText(running ? tr("Run in background") : tr("Close"));
    m_start->setVisible(shown && !m_operation);
    if (running)
        m_note->setText(tr("The run is journaled. Closing this sheet does not stop it; after a crash it goes on where it stood."));
    else if (m_operation)
        m_note->setText(tr("Over. Journal and certificate stay."));
    else
        m_note->setText(shown ? m_form->problem() : QString());
    if (!shown || m_operation)
        return;
    const bool destroys = std::any_of(shown->steps.begin(), shown->steps.end(), [](const operation::Step &step) { return step.destructive; });
    m_start->setText(shown->title);
    m_start->setKind(destroys ? kit::Button::Kind::Danger : kit::Button::Kind::Primary);
    m_start->setAvailable(m_form->problem().isEmpty(), m_form->problem());
}

void OperationSheet::showJournal()
{
    if (m_operation)
        (new JournalView(m_operation->run().journalPath, this))->present();
}

void OperationSheet::askToCancel()
{
    kit::ConfirmOverlay::Ask ask;
    ask.title = tr("Cancel and undo?");
    ask.text = tr("What this operation asked for is taken back, last first, wherever nothing was destroyed yet. Workspaces that have begun to be destroyed go on to their end.");
    ask.action = tr("Cancel and undo");
    auto *overlay = new kit::ConfirmOverlay(this, ask);
    connect(overlay, &kit::ConfirmOverlay::accepted, this, [this] {
        if (m_operation)
            m_operation->cancel();
    });
    connect(overlay, &kit::Overlay::dismissed, overlay, &QObject::deleteLater);
    overlay->present();
}

void OperationSheet::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_F5 && m_operation)
        m_operation->retryNow();
    else
        Overlay::keyPressEvent(event);
}

} // namespace parapet::ui
