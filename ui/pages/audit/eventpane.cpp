// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/audit/eventpane.h"

#include "models/items/auditmodel.h"
#include "models/transparency/eventleaf.h"
#include "models/transparency/hash.h"
#include "ui/kit/proofpath.h"
#include "ui/kit/tableview.h"
#include "ui/kit/text/format.h"
#include "ui/kit/text/label.h"
#include "ui/pages/audit/auditcolumns.h"
#include "ui/pages/audit/eventfields.h"
#include "ui/pages/audit/noteeditor.h"
#include "ui/pages/audit/witnesslist.h"

#include <QtGui/QClipboard>
#include <QtGui/QGuiApplication>
#include <QtGui/QKeyEvent>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QMenu>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QScrollArea>
#include <QtWidgets/QStackedWidget>
#include <QtWidgets/QTabBar>

namespace parapet::pages {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using kit::Role;
using kit::Type;

namespace {

constexpr auto aroundReach = 5min;

QHBoxLayout *paneRow()
{
    auto *row = new QHBoxLayout;
    row->setContentsMargins(kit::space::pane, 0, kit::space::pane, 0);
    row->setSpacing(kit::space::s);
    return row;
}

/// At which level of the tree a range of leaves has its node.
int levelOf(const transparency::LeafRange &leaves)
{
    int level = 0;
    while ((qint64(1) << level) < leaves.to - leaves.from)
        ++level;
    return level;
}

kit::ProofPath::Path drawn(const fleet::InclusionPath &path)
{
    kit::ProofPath::Path out;
    out.leaf = transparency::toBytes(path.leaf);
    out.signedRoot = transparency::toBytes(path.root);
    for (const transparency::PathStep &step : path.steps)
        out.steps.append({levelOf(step.parentLeaves), transparency::toBytes(step.parent), transparency::toBytes(step.sibling), step.siblingIsLeft});
    return out;
}

} // namespace

EventPane::EventPane(shell::ConsoleContext &context, QWidget *parent)
    : Ground(Role::Raised, parent, Qt::LeftEdge), m_context(context), m_neighbourModel(new AuditModel(context.clock(), this))
{
    setAccessibleName(tr("The event"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(1, kit::space::m, 0, 0);
    column->setSpacing(kit::space::s);
    makeHead(column);
    makeBody(column);
    makeFoot(column);
    m_neighbourModel->setLive(false);
    if (fleet::LogFollower *log = context.log()) {
        m_neighbourModel->setFollower(log);
        connect(log, &fleet::LogFollower::changed, this, &EventPane::showProof);
        connect(log, &fleet::LogFollower::rowsChecked, this, [this](const QVector<qint64> &indexes) {
            if (indexes.contains(m_event.index))
                showProof();
        });
    }
    follow();
}

EventPane::~EventPane() = default;

void EventPane::makeHead(QVBoxLayout *column)
{
    auto *head = paneRow();
    m_name = new kit::MonoLabel(this);
    auto *copy = new kit::Button(tr("Copy canonical form"), kit::Icon::Copy, kit::Button::Kind::Ghost, this);
    copy->setIconOnly(true);
    auto *close = new kit::Button(tr("Close detail"), kit::Icon::Close, kit::Button::Kind::Ghost, this);
    close->setIconOnly(true);
    head->addWidget(m_name, 1);
    head->addWidget(copy);
    head->addWidget(close);
    column->addLayout(head);
    auto *state = paneRow();
    m_proof = new kit::RunLine(this);
    state->addWidget(m_proof, 1);
    column->addLayout(state);
    m_tabs = new QTabBar(this);
    m_tabs->setAccessibleName(tr("Parts of the event"));
    m_tabs->setExpanding(false);
    m_tabs->setDrawBase(false);
    m_tabs->setUsesScrollButtons(true);
    column->addWidget(m_tabs);
    column->addWidget(new kit::Hairline(Qt::Horizontal, this));
    connect(copy, &kit::Button::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_canonical->toPlainText()); });
    connect(close, &kit::Button::clicked, this, &EventPane::closeRequested);
    connect(m_tabs, &QTabBar::currentChanged, this, &EventPane::showTab);
}

void EventPane::makeBody(QVBoxLayout *column)
{
    m_stack = new QStackedWidget(this);
    auto *body = new kit::Ground(Role::Raised);
    auto *lines = new QVBoxLayout(body);
    lines->setContentsMargins(0, 0, 0, kit::space::m);
    lines->setSpacing(kit::space::s);
    m_fields = new EventFields(body);
    m_pathHeader = new kit::SectionHeader(tr("Inclusion proof"), body);
    m_pathNote = new kit::RunLine(body);
    m_path = new kit::ProofPath(body);
    m_path->hide();
    m_signersHeader = new kit::SectionHeader(tr("Who has seen this checkpoint"), body);
    m_signers = new kit::RunLine(body);
    m_witnesses = new WitnessList(body);
    m_note = new NoteEditor(m_context.notes(), body);
    connect(m_note, &NoteEditor::bookmarkToggled, this, &EventPane::bookmarkToggled);
    lines->addWidget(m_fields);
    lines->addWidget(m_note);
    lines->addWidget(new kit::Hairline(Qt::Horizontal, body));
    lines->addWidget(m_pathHeader);
    auto *path = paneRow();
    path->addWidget(m_path, 1);
    auto *note = paneRow();
    note->addWidget(m_pathNote, 1);
    lines->addLayout(note);
    lines->addLayout(path);
    lines->addWidget(new kit::Hairline(Qt::Horizontal, body));
    lines->addWidget(m_signersHeader);
    auto *signers = paneRow();
    signers->addWidget(m_signers, 1);
    lines->addLayout(signers);
    auto *witnesses = paneRow();
    witnesses->addWidget(m_witnesses, 1);
    lines->addLayout(witnesses);
    lines->addStretch(1);
    m_scroll = new QScrollArea(this);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->setWidget(body);
    m_stack->addWidget(m_scroll);
    connect(m_fields, &EventFields::pivotRequested, this, [this](const QString &field) {
        const QString filter = filterByValue(m_event, field);
        if (!filter.isEmpty())
            Q_EMIT filterRequested(filter);
    });
    connect(m_fields, &EventFields::lineChanged, this, [this](const QRect &line) {
        const QPoint at = m_fields->mapTo(m_scroll->widget(), line.center());
        m_scroll->ensureVisible(at.x(), at.y(), 0, line.height());
    });

    auto *canonical = new QWidget(this);
    auto *text = new QVBoxLayout(canonical);
    text->setContentsMargins(kit::space::pane, 0, kit::space::pane, 0);
    m_leaf = new kit::MonoLabel(canonical);
    m_canonical = new QPlainTextEdit(canonical);
    m_canonical->setReadOnly(true);
    m_canonical->setFrameShape(QFrame::NoFrame);
    m_canonical->setWordWrapMode(QTextOption::WrapAnywhere);
    m_canonical->setTabChangesFocus(true);
    m_canonical->setFont(kit::theme(this).font(Type::Mono));
    m_canonical->setAccessibleName(tr("Canonical form of the event"));
    text->addWidget(m_leaf);
    text->addWidget(m_canonical, 1);
    m_stack->addWidget(canonical);

    m_neighbours = new kit::TableView(this);
    m_neighbours->setAccessibleName(tr("Events beside this one"));
    m_neighbours->setClock(&m_context.clock());
    m_neighbours->setModel(m_neighbourModel);
    m_neighbours->setColumns(neighbourColumns());
    m_stack->addWidget(m_neighbours);
    connect(m_neighbours, &kit::TableView::rowActivated, this, [this](const QModelIndex &index) {
        if (const AuditEvent *row = m_neighbourModel->rowAt(index.row()))
            Q_EMIT eventRequested(row->index);
    });
    connect(m_neighbourModel, &AuditModel::totalChanged, this, [this] {
        const int tab = m_tabs->currentIndex() - FirstNeighbours;
        if (tab >= 0 && tab < m_groups.size())
            m_tabs->setTabText(tab + FirstNeighbours, m_groups[tab].first + u'\t' + m_neighbourModel->total().text());
    });
    column->addWidget(m_stack, 1);
}

void EventPane::makeFoot(QVBoxLayout *column)
{
    auto *foot = new kit::Ground(Role::Raised, this, Qt::TopEdge);
    auto *row = new QHBoxLayout(foot);
    row->setContentsMargins(kit::space::pane, kit::space::s, kit::space::pane, kit::space::s);
    row->setSpacing(kit::space::s);
    auto *standard = new kit::PlainLabel(tr("RFC 6962"), Type::Small, Role::Text3, foot);
    auto *pivot = new kit::Button(tr("All like this"), kit::Icon::Filter, kit::Button::Kind::Normal, foot);
    m_export = new kit::Button(tr("Export proof"), kit::Icon::Download, kit::Button::Kind::Normal, foot);
    row->addWidget(standard);
    row->addStretch(1);
    m_recording = new kit::Button(tr("Open recording"), kit::Icon::Play, kit::Button::Kind::Normal, foot);
    m_recording->hide();
    row->addWidget(m_recording);
    row->addWidget(pivot);
    row->addWidget(m_export);
    column->addWidget(foot);
    connect(pivot, &kit::Button::clicked, this, [this, pivot] { openPivots(pivot->mapToGlobal(QPoint(0, 0))); });
    connect(m_export, &kit::Button::clicked, this, &EventPane::exportRequested);
    connect(m_recording, &kit::Button::clicked, this, [this] { m_context.goTo(m_recordingPlace); });
}

void EventPane::openPivots(const QPoint &at)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto offer = [&](const QString &text, const QString &filter) {
        if (!filter.isEmpty())
            menu->addAction(text, this, [this, filter] { Q_EMIT filterRequested(filter); });
    };
    offer(tr("All by this actor"), filterByValue(m_event, u"actor"_s));
    offer(tr("All on this target"), filterByValue(m_event, u"target"_s));
    offer(tr("All in this workspace"), filterByValue(m_event, u"workspace"_s));
    offer(tr("All in this session"), filterByValue(m_event, u"session"_s));
    offer(tr("All of this request"), filterByValue(m_event, u"requestId"_s));
    offer(tr("All with this action"), filterByValue(m_event, u"action"_s));
    offer(tr("All from this address"), filterByValue(m_event, u"source"_s));
    offer(tr("Around this time"), filterAround(m_event, aroundReach));
    menu->popup(at - QPoint(0, menu->sizeHint().height()));
}

/// The event may be about a recording, or have happened in a session of which there is one.
void EventPane::askRecording()
{
    m_recording->hide();
    if (m_event.action == "recording.start"_L1 || m_event.action == "recording.end"_L1)
        return offerRecording(m_event.target.inert(128), {});
    AuditStore *audit = m_context.system().audit;
    const QString filter = filterByValue(m_event, u"session"_s);
    if (!audit || filter.isEmpty())
        return;
    PageRequest one;
    one.limit = 1;
    one.query.filter = filter;
    deliver(this, audit->recordings(one), [this, generation = m_generation](const Result<Page<Recording>> &answer) {
        if (generation == m_generation && answer && !answer->items.isEmpty())
            offerRecording(answer->items.first().id, m_event.time - answer->items.first().started);
    });
}

void EventPane::offerRecording(const QString &id, Milliseconds at)
{
    m_recordingPlace = shell::Location{u"recordings"_s, {{u"id"_s, id}}};
    if (at.count() > 0)
        m_recordingPlace = m_recordingPlace.with(u"at"_s, QString::number(double(at.count()) / 1000, 'f', 3));
    m_recording->show();
}

void EventPane::follow()
{
    ++m_generation;
    m_neighbourModel->setSystem(m_context.system().audit, m_context.watch());
    m_pathMark.clear();
    m_witnessMark.clear();
    showProof();
}

void EventPane::setActive(bool active)
{
    m_active = active;
    m_neighbourModel->setLive(active && isVisible() && m_tabs->currentIndex() >= FirstNeighbours);
    if (active)
        showProof();
}

void EventPane::setEvent(const AuditEvent &event)
{
    const bool another = event.index != m_event.index;
    const QByteArray leaf = transparency::leafOf(event);
    const bool same = !another && leaf == transparency::leafOf(m_event);
    m_event = event;
    if (another)
        ++m_generation;
    if (!same) {
        m_name->setText(Untrusted(event.action).inert(120));
        m_canonical->setPlainText(Untrusted(QString::fromUtf8(leaf)).inert(transparency::maximumEntry));
        m_leaf->setText(tr("leaf %1").arg(QString::fromLatin1(transparency::toBytes(transparency::leafHash(leaf)).toHex())));
        m_pathMark.clear();
        m_path->clear();
        m_path->hide();
        showTabs();
        askRecording();
        if (another)
            m_scroll->ensureVisible(0, 0);
    }
    showProof();
}

void EventPane::showTabs()
{
    m_groups.clear();
    const auto group = [this](const QString &title, const char *field) {
        const QString filter = filterByValue(m_event, QLatin1String(field));
        if (!filter.isEmpty())
            m_groups.append({title, filter});
    };
    group(tr("Same session"), "session");
    group(tr("Same request"), "requestId");
    group(tr("Same target"), "target");
    const int current = m_tabs->currentIndex();
    const QSignalBlocker quiet(m_tabs);
    while (m_tabs->count() > 0)
        m_tabs->removeTab(m_tabs->count() - 1);
    m_tabs->addTab(tr("Event"));
    m_tabs->addTab(tr("JSON"));
    for (const auto &[title, filter] : std::as_const(m_groups))
        m_tabs->addTab(title);
    m_tabs->setCurrentIndex(std::clamp(current, 0, m_tabs->count() - 1));
    showTab(m_tabs->currentIndex());
    AuditStore *audit = m_context.system().audit;
    for (int i = 0; audit && i < m_groups.size(); ++i) {
        PageRequest one;
        one.limit = 1;
        one.query.filter = m_groups[i].second;
        deliver(this, audit->events(one), [this, i, generation = m_generation](const Result<Page<AuditEvent>> &answer) {
            if (answer && generation == m_generation && i < m_groups.size())
                m_tabs->setTabText(i + FirstNeighbours, m_groups[i].first + u'\t' + answer->total.text());
        });
    }
}

void EventPane::showTab(int index)
{
    m_stack->setCurrentIndex(std::clamp(index, 0, int(FirstNeighbours)));
    const bool neighbours = index >= FirstNeighbours && index - FirstNeighbours < m_groups.size();
    if (neighbours)
        m_neighbourModel->setQuery({m_groups[index - FirstNeighbours].second, {}, false});
    m_neighbourModel->setLive(m_active && neighbours);
}

void EventPane::showProof()
{
    if (m_event.index < 0)
        return;
    const fleet::LogFollower *log = m_context.log();
    const fleet::RowProof proof = log ? log->proofOf(m_event.index) : fleet::RowProof::Unknown;
    const QString failure = log ? log->failureOf(m_event.index) : QString();
    std::optional<AuditEvent> kept;
    switch (proof) {
    case fleet::RowProof::Verified:
        m_proof->setMark(Proof::Verified);
        m_proof->setRuns({{tr("Included and verified on this console"), Type::Body, Role::Ok}});
        break;
    case fleet::RowProof::NotCovered:
        m_proof->setMark(Proof::Pending);
        m_proof->setRuns({{tr("Newer than the last verified checkpoint"), Type::Body, Role::Text2}});
        break;
    case fleet::RowProof::Failed:
        kept = log->provenCopy(m_event.index);
        m_proof->setMark(Proof::Broken);
        m_proof->setRuns({{kept ? tr("Altered after it was proven here") : failure, Type::Body, Role::Critical, 600}});
        break;
    case fleet::RowProof::Unknown:
        m_proof->setMark(Proof::Unchecked);
        m_proof->setRuns({{failure.isEmpty() ? tr("Not checked") : failure, Type::Body, Role::Text2}});
        break;
    }
    m_fields->setEvent(m_event, kept);
    m_note->setEvent(m_event);
    m_export->setAvailable(proof == fleet::RowProof::Verified, tr("Only a verified event can be exported with its proof."));
    showSigners();
    askPath();
    askWitnesses();
}

void EventPane::askPath()
{
    fleet::LogFollower *log = m_context.log();
    const auto say = [this](const QString &sentence) {
        m_path->hide();
        m_path->clear();
        m_pathHeader->setFigure({});
        m_pathNote->show();
        m_pathNote->setRuns({{sentence, Type::Small, Role::Text2}});
    };
    if (!log || !log->checkpoint()) {
        m_pathMark.clear();
        return say(log ? tr("No checkpoint of the log was verified yet.") : tr("This console does not follow the log."));
    }
    const qint64 size = log->checkpoint()->size();
    const QString mark = u"%1/%2/%3"_s.arg(m_event.index).arg(size).arg(int(log->proofOf(m_event.index)));
    if (mark == m_pathMark || !isVisible())
        return;
    m_pathMark = mark;
    if (m_path->path().leaf.isEmpty())
        say(tr("The log is being asked."));
    if (m_event.index >= size)
        return say(tr("The verified checkpoint has %1 events; this one comes after it.").arg(kit::numberText(size)));
    deliver(this, log->pathOf(m_event), [this, say, mark](const Result<fleet::InclusionPath> &path) {
        if (mark != m_pathMark)
            return;
        if (!path) {
            m_pathMark.clear();
            return say(path.error().message);
        }
        m_pathHeader->setFigure(tr("%Ln hash(es), tree size", nullptr, int(path->steps.size())) + u' ' + kit::numberText(path->size));
        m_pathNote->hide();
        m_path->setPath(drawn(*path));
        m_path->show();
    });
}

void EventPane::showSigners()
{
    const fleet::LogFollower *log = m_context.log();
    if (!log || !log->checkpoint()) {
        m_signersHeader->setFigure({});
        m_signers->setRuns({{tr("Nobody that is known here."), Type::Small, Role::Text2}});
        return;
    }
    const fleet::GoodCheckpoint &good = *log->checkpoint();
    m_signersHeader->setFigure(kit::numberText(good.size()));
    m_signers->setRuns({{Untrusted(log->keyName()).inert(60), Type::MonoSmall, Role::Text}, {u' ' + tr("(the log, pinned)"), Type::Small, Role::Ok}});
}

QString EventPane::signersText() const
{
    return m_signers->text() + u'\n' + m_witnesses->text();
}

void EventPane::askWitnesses()
{
    fleet::LogFollower *log = m_context.log();
    m_witnesses->setVisible(log && log->checkpoint());
    if (!log || !log->checkpoint()) {
        m_witnessMark.clear();
        return;
    }
    const qint64 size = log->checkpoint()->size();
    QString mark = u"%1/%2/%3/%4"_s.arg(m_event.index).arg(size).arg(log->witnessPolicy().least).arg(log->witnessPolicy().hours);
    for (const crypto::NoteVerifier &witness : log->witnesses())
        mark += u'/' + witness.text();
    if (mark == m_witnessMark || !isVisible())
        return;
    m_witnessMark = mark;
    if (m_event.index >= size)
        return m_witnesses->setMissing(tr("No verified checkpoint covers this event yet."));
    deliver(this, log->witnessesOf(m_event.index), [this, mark, at = m_event.time](const Result<QVector<fleet::WitnessStatement>> &statements) {
        if (mark != m_witnessMark || !m_context.log())
            return;
        if (!statements) {
            m_witnessMark.clear();
            return m_witnesses->setMissing(statements.error().message);
        }
        m_witnesses->setStatements(*statements, *m_context.log(), at, m_context.clock().now());
    });
}

void EventPane::showEvent(QShowEvent *event)
{
    Ground::showEvent(event);
    showProof();
}

void EventPane::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        Q_EMIT closeRequested();
    else
        Ground::keyPressEvent(event);
}

} // namespace parapet::pages
