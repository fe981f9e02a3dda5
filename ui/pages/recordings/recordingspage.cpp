// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/recordings/recordingspage.h"

#include "models/items/recordingmodel.h"
#include "models/query/printer.h"
#include "ui/kit/filterfield.h"
#include "ui/kit/pane.h"
#include "ui/kit/statepage.h"
#include "ui/kit/tableview.h"
#include "ui/kit/text/format.h"
#include "ui/pages/recordings/recordingcolumns.h"
#include "ui/pages/recordings/recordingpane.h"
#include "ui/terminal/playerview.h"
#include "ui/terminal/screenview.h"

#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QMenu>

namespace parapet::pages {

using namespace Qt::StringLiterals;
using kit::Role;
using kit::Type;

namespace {

constexpr int recordingPaneWidth = 620;

} // namespace

RecordingsPage::RecordingsPage(shell::ConsoleContext &context, QWidget *parent)
    : Page(tr("Recordings"), parent), m_context(context), m_syntax(query::schemaOf<Recording>()), m_model(new RecordingModel(context.clock(), this))
{
    makeHeader();
    makeContent();
    connect(m_model, &RecordingModel::stateChanged, this, &RecordingsPage::showState);
    connect(m_model, &RecordingModel::totalChanged, this, [this] {
        m_filter->setMatches(tr("%1 match").arg(m_model->total().text()));
        showState();
    });
    connect(m_model, &RecordingModel::pageLoaded, this, [this] {
        if (!m_wantedId.isEmpty() && m_table->setCurrentKey(m_wantedId))
            openId(m_wantedId);
        syncPane();
        showFigures();
    });
    connect(m_model, &RecordingModel::dataChanged, this, &RecordingsPage::syncPane);
    connect(&context, &shell::ConsoleContext::systemReady, this, &RecordingsPage::follow);
    connect(&context, &shell::ConsoleContext::systemGone, this, [this] {
        m_model->setSystem(nullptr, nullptr);
        m_pane->follow();
        showState();
    });
    connect(&context, &shell::ConsoleContext::healthChanged, this, &RecordingsPage::showState);
    connect(&context, &shell::ConsoleContext::connectionChanged, this, [this] {
        closePane();
        m_pane->clear();
        m_model->forget();
        showState();
    });
    applyQuery({{}, m_table->sortColumn(), m_table->isSortDescending()});
    follow();
}

RecordingsPage::~RecordingsPage() = default;

void RecordingsPage::makeHeader()
{
    auto *bar = new QWidget(this);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kit::space::s);
    m_filter = new kit::FilterField(bar);
    m_filter->setAccessibleName(tr("Filter"));
    m_filter->setSyntax(&m_syntax);
    m_filter->setPlaceholder(tr("Filter by actor, workspace, session, time…"));
    m_filter->setKeyHint(u"/"_s);
    auto *columns = new kit::Button(tr("Columns"), kit::Icon::Columns, kit::Button::Kind::Normal, bar);
    connect(columns, &kit::Button::clicked, this, [this, columns] {
        QMenu *menu = m_table->createColumnMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        menu->popup(columns->mapToGlobal(QPoint(0, columns->height() + 2)));
    });
    row->addWidget(m_filter, 1);
    row->addWidget(columns);
    setFilterBar(bar);
    connect(m_filter, &kit::FilterField::filterChanged, this, &RecordingsPage::applyFilter);
}

void RecordingsPage::makeContent()
{
    m_table = new kit::TableView(this);
    m_table->setObjectName(u"recordings"_s);
    m_table->setAccessibleName(tr("Terminal recordings"));
    m_table->setClock(&m_context.clock());
    m_table->setModel(m_model);
    m_table->setColumns(recordingColumns());
    m_table->setLayoutStore(&m_context.settings(), u"recordings/table"_s);
    connect(m_table, &kit::TableView::currentRowChanged, this, [this] {
        if (m_splitter->isOpen() && currentRow())
            open(*currentRow(), m_pane->isFull());
        reportObjects();
    });
    connect(m_table, &kit::TableView::rowActivated, this, [this] {
        if (const Recording *row = currentRow()) {
            // Once opens it beside the list, once more over all of the page.
            open(*row, m_splitter->isOpen() && m_pane->recording().id == row->id);
            m_pane->player()->screen()->setFocus(Qt::OtherFocusReason);
        }
    });
    connect(m_table, &kit::TableView::sortRequested, this, [this](const QString &column, bool descending) {
        Query query = m_model->query();
        query.sort = column;
        query.descending = descending;
        applyQuery(query);
    });
    connect(m_table, &kit::TableView::rowMenuRequested, this, [this](const QModelIndex &, const QPoint &at) {
        QStringList ids;
        for (const shell::Command &command : commands())
            ids << command.id;
        QMenu *menu = m_context.commands().createMenu(ids, this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        menu->popup(at);
    });
    m_list = new QWidget(this);
    auto *column = new QVBoxLayout(m_list);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_banner = new kit::Banner(m_list);
    m_banner->hide();
    m_states = new kit::StatePage(m_table, m_list);
    column->addWidget(m_banner);
    column->addWidget(m_states, 1);
    m_pane = new RecordingPane(m_context, this);
    m_splitter = new kit::DetailSplitter(m_list, m_pane, this);
    m_splitter->setPaneWidth(kit::theme(this).scaled(recordingPaneWidth));
    connect(m_pane, &RecordingPane::closeRequested, this, &RecordingsPage::closePane);
    connect(m_pane, &RecordingPane::fullRequested, this, &RecordingsPage::setFull);
    connect(m_pane, &RecordingPane::eventsRequested, this, [this](const QString &filter, qint64 index) {
        const shell::Location place{u"audit"_s, {}};
        Q_EMIT locationRequested(place.with(u"filter"_s, index >= 0 ? QString() : filter).with(u"key"_s, index >= 0 ? QString::number(index) : QString()));
    });
    setContent(m_splitter);
}

QWidget *RecordingsPage::firstFocus()
{
    if (m_splitter->isOpen() && m_pane->isFull())
        return m_pane->player()->screen();
    m_focusWaits = !m_table->isVisible();
    return m_states->currentWidget();
}

QWidget *RecordingsPage::filterWidget()
{
    return m_filter->edit();
}

void RecordingsPage::follow()
{
    m_model->setSystem(m_context.system().audit, m_context.watch());
    m_pane->follow();
    showState();
    if (!m_wantedId.isEmpty())
        openId(m_wantedId);
}

void RecordingsPage::activated()
{
    m_model->setLive(true);
    showState();
    reportObjects();
}

void RecordingsPage::deactivated()
{
    m_model->setLive(false);
    m_pane->player()->player().pause();
}

void RecordingsPage::showLocation(const shell::Location &place)
{
    Query query;
    query.filter = place.param(u"filter"_s);
    const bool ordered = place.params.contains(u"sort"_s);
    query.sort = ordered ? place.param(u"sort"_s) : m_table->sortColumn();
    query.descending = ordered ? place.param(u"order"_s) == "desc"_L1 : m_table->isSortDescending();
    m_filter->setFilter(query.filter);
    m_table->setSort(query.sort, query.descending);
    m_model->setQuery(query);
    const QString id = place.param(u"id"_s);
    m_wantedId = id;
    if (id.isEmpty())
        return;
    bool isNumber = false;
    const double at = place.param(u"at"_s).toDouble(&isNumber);
    m_wantedAt = isNumber && at >= 0 && at < formats::Asciicast::longest ? qint64(at * terminal::Player::second) : -1;
    openId(id);
    if (place.params.contains(u"full"_s))
        setFull(true);
}

void RecordingsPage::applyFilter(const QString &filter)
{
    Query query = m_model->query();
    query.filter = filter;
    applyQuery(query);
}

void RecordingsPage::applyQuery(const Query &query)
{
    if (m_filter->filter() != query.filter)
        m_filter->setFilter(query.filter);
    m_model->setQuery(query);
    const shell::Location place{u"recordings"_s, {}};
    setLocation(place.with(u"filter"_s, query.filter)
                    .with(u"sort"_s, query.sort)
                    .with(u"order"_s, query.descending && !query.sort.isEmpty() ? u"desc"_s : QString())
                    .with(u"id"_s, m_splitter->isOpen() ? m_pane->recording().id : QString()));
}

void RecordingsPage::open(const Recording &recording, bool full)
{
    const qint64 at = m_wantedId == recording.id ? m_wantedAt : -1;
    m_wantedId.clear();
    m_wantedAt = -1;
    m_pane->setRecording(recording);
    if (at >= 0)
        m_pane->seekTo(at);
    m_splitter->setOpen(true);
    setFull(full);
    setLocation(location().with(u"id"_s, recording.id).with(u"at"_s, {}));
}

void RecordingsPage::openId(const QString &id)
{
    m_wantedId = id;
    if (const Recording *held = m_model->rowAt(m_model->positionOf(id))) {
        m_table->setCurrentKey(id);
        open(*held, m_pane->isFull());
        return;
    }
    AuditStore *audit = m_context.system().audit;
    if (!audit)
        return;
    // It may stand far from here in the table, or not in it at all: it is asked for by itself.
    PageRequest request;
    request.limit = 1;
    request.query.filter = query::term(u"id"_s, query::Operator::Is, {id});
    deliver(this, audit->recordings(request), [this, id](const Result<parapet::Page<Recording>> &answer) {
        if (m_wantedId != id)
            return;
        if (answer && !answer->items.isEmpty() && answer->items.first().id == id)
            open(answer->items.first(), m_pane->isFull());
    });
}

void RecordingsPage::closePane()
{
    setFull(false);
    m_pane->player()->player().pause();
    m_splitter->setOpen(false);
    if (isActive())
        m_table->setFocus();
    m_wantedId.clear();
    setLocation(location().with(u"id"_s, {}).with(u"at"_s, {}).with(u"full"_s, {}));
}

void RecordingsPage::setFull(bool full)
{
    if (full == m_pane->isFull())
        return;
    m_pane->setFull(full);
    m_list->setVisible(!full);
    if (!full && m_splitter->isOpen())
        m_splitter->setPaneWidth(m_splitter->paneWidth());
    setLocation(location().with(u"full"_s, full ? u"1"_s : QString()));
}

void RecordingsPage::syncPane()
{
    if (!m_splitter->isOpen())
        return;
    if (const Recording *held = m_model->rowAt(m_model->positionOf(m_pane->recording().id)))
        m_pane->setRecording(*held);
}

const Recording *RecordingsPage::currentRow() const
{
    return m_model->rowAt(m_table->currentIndex().row());
}

void RecordingsPage::reportObjects()
{
    const Recording *row = currentRow();
    Q_EMIT objectsChanged(row ? 1 : 0, row ? tr("recording %1").arg(Untrusted(row->id).inert(60)) : QString());
}

void RecordingsPage::showFigures()
{
    QVector<kit::Run> figures{{m_model->total().text(), Type::Body, Role::Text, 600}};
    const Watch *watch = m_context.watch();
    const bool live = watch && watch->state() == Watch::State::Live && !m_model->isStale();
    const Instant heard = m_model->lastGood();
    if (isKnown(heard))
        figures << kit::Run{u"    "_s + (live ? tr("live") : tr("not live, last answer %1").arg(kit::agoText(heard, m_context.clock().now()))), Type::Body,
                            live ? Role::Text3 : Role::Medium};
    setFigures(figures);
}

void RecordingsPage::showNothing()
{
    const QString filter = m_model->query().filter;
    if (filter.isEmpty())
        return m_states->showEmpty(kit::Icon::Terminal, tr("No recording exists"),
                                   {{tr("The audit store answered, and holds no terminal recording that you may see."), Type::Body, Role::Text2, 0}});
    m_states->showEmpty(kit::Icon::Filter, tr("No recording matches"), {{Untrusted(filter).inert(200), Type::Mono, Role::Text2, 0}, {u' ' + tr("leaves none."), Type::Body, Role::Text2, 0}},
                        {{tr("Clear filter"), [this] { applyFilter({}); }, kit::Button::Kind::Normal, kit::Icon::None, u"Esc"_s}});
}

void RecordingsPage::showState()
{
    showFigures();
    const bool stale = m_model->isStale();
    const bool any = m_model->rowCount() > 0;
    const auto retry = [this] {
        m_context.retryNow();
        m_model->refresh();
    };
    // An empty list that was true is as old as one with rows: it stays, and says since when.
    const bool held = any || (stale && isKnown(m_model->lastGood()));
    m_banner->setVisible(held && stale);
    if (!m_context.isConnected() && !any) {
        m_banner->hide();
        m_states->showEmpty(kit::Icon::Server, tr("No system is connected"), {{tr("Open a connection to see what was recorded there."), Type::Body, Role::Text2, 0}},
                            {{tr("Connections"), [this] { Q_EMIT locationRequested({u"connections"_s, {}}); }, kit::Button::Kind::Primary, kit::Icon::Server, {}}});
    } else if (held) {
        if (!any) {
            showNothing();
        } else {
            m_states->showReady();
            if (std::exchange(m_focusWaits, false) && isActive())
                m_table->setFocus();
        }
        if (!stale)
            return;
        const QString why = m_model->error() ? m_model->error()->message : m_context.summary();
        m_banner->setMessage(kit::Banner::Kind::Stale, {{why + u' ', Type::Body, Role::Text, 0},
                                                        {tr("Rows are as they were at %1.").arg(kit::localTime(m_model->lastGood())), Type::Body, Role::Text2, 0}});
        m_banner->clearActions();
        m_banner->addAction(tr("Try again"), retry);
    } else if (m_model->state() == PagedModelBase::State::Failed || (stale && m_context.isFailing())) {
        m_states->showError(m_model->error().value_or(Error{Error::Code::Network, m_context.summary(), {}, true}), retry);
    } else if (m_model->state() == PagedModelBase::State::Ready) {
        showNothing();
    } else {
        m_states->showLoading(tr("Asking the audit store"));
    }
}

QVector<shell::Command> RecordingsPage::commands()
{
    QVector<shell::Command> all;
    const auto add = [&](const char *id, const QString &text, kit::Icon icon, std::function<void()> run) {
        shell::Command command;
        command.id = QLatin1String(id);
        command.text = text;
        command.icon = icon;
        command.run = std::move(run);
        command.needs = shell::NeedsObjects;
        command.onObject = true;
        all << command;
    };
    add("recordings.play", tr("Play the recording"), kit::Icon::Play, [this] {
        if (const Recording *row = currentRow()) {
            open(*row, m_pane->isFull());
            m_pane->player()->screen()->setFocus(Qt::OtherFocusReason);
        }
    });
    add("recordings.full", tr("Play it in full width"), kit::Icon::Terminal, [this] {
        if (const Recording *row = currentRow()) {
            open(*row, true);
            m_pane->player()->screen()->setFocus(Qt::OtherFocusReason);
        }
    });
    return all;
}

} // namespace parapet::pages
