// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/workspaces/workspacespage.h"

#include "models/items/workspacemodel.h"
#include "ui/kit/pane.h"
#include "ui/kit/statepage.h"
#include "ui/kit/tableview.h"
#include "ui/kit/text/format.h"
#include "ui/pages/workspaces/bulkbar.h"
#include "ui/pages/workspaces/detailpane.h"
#include "ui/pages/workspaces/workspacecommands.h"

#include <QtGui/QClipboard>
#include <QtGui/QGuiApplication>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QMenu>
#include <QtWidgets/QTabBar>

namespace parapet::pages {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto figuresPause = 3s;   ///< the least time between two rounds of counting for header and views
constexpr auto freshEvery = 10s;    ///< "updated 10 s ago" moves in these steps
constexpr int detailWidth = 460;    ///< four commands and their words side by side

QVector<SavedView> builtInViews()
{
    return {{WorkspacesPage::tr("All"), {}, true},
            {WorkspacesPage::tr("Running"), u"state:running"_s, true},
            {WorkspacesPage::tr("With AI agents"), u"agents>=1"_s, true},
            {WorkspacesPage::tr("Holding prod leases"), u"productionLeases>=1"_s, true},
            {WorkspacesPage::tr("Older than 8 h"), u"started>8h"_s, true},
            {WorkspacesPage::tr("Unsigned image"), u"imageSigned:false"_s, true}};
}

kit::Column columnOf(const Field<Workspace> &field)
{
    kit::Column column;
    column.id = QLatin1String(field.name);
    column.title = labelOf(field);
    column.shown = field.flags & Shown;
    column.sortable = field.flags & Sortable;
    const QString &id = column.id;
    if (id == "name"_L1) {
        column.kind = kit::CellKind::Mono;
        column.width = 196;
        column.strong = true;
    } else if (id == "state"_L1) {
        column.kind = kit::CellKind::State;
        column.width = 124;
    } else if (id == "ownerName"_L1) {
        column.width = 140;
        column.strong = true;
    } else if (id == "people"_L1) {
        column.kind = kit::CellKind::Actors;
        column.title = WorkspacesPage::tr("Actors");
        column.width = 60;
    } else if (id == "agents"_L1 || id == "sessions"_L1) {
        column.kind = kit::CellKind::Figure;
        column.shown = id == "sessions"_L1;
        column.width = 74;
    } else if (id == "started"_L1) {
        column.kind = kit::CellKind::Age;
        column.title = WorkspacesPage::tr("Age");
        column.width = 92;
    } else if (id == "imageDigest"_L1) {
        column.kind = kit::CellKind::Mono;
        column.title = WorkspacesPage::tr("Image");
        column.width = 84;
    } else if (id == "runtime"_L1) {
        column.kind = kit::CellKind::Muted;
        column.title = WorkspacesPage::tr("Agent status");
        column.width = 100;
    } else if (id == "region"_L1 || id == "project"_L1) {
        column.kind = kit::CellKind::Muted;
    } else if (field.kind == FieldKind::Time) {
        column.kind = kit::CellKind::Time;
        column.width = 110;
    } else if (field.kind == FieldKind::Integer) {
        column.kind = kit::CellKind::Figure;
        column.width = 68;
    } else if (field.kind == FieldKind::Identifier) {
        column.kind = kit::CellKind::Mono;
        column.width = 180;
    }
    return column;
}

} // namespace

WorkspacesPage::WorkspacesPage(shell::ConsoleContext &context, QWidget *parent)
    : Page(tr("Workspaces"), parent), m_context(context), m_saved(context.settings(), u"workspaces/views"_s, builtInViews()),
      m_model(new WorkspaceModel(context.clock(), this))
{
    makeHeader();
    makeViews();
    makeTable();
    m_figuresTimer.setSingleShot(true);
    connect(&m_figuresTimer, &QTimer::timeout, this, &WorkspacesPage::askFigures);
    m_clockTimer.setInterval(freshEvery);
    connect(&m_clockTimer, &QTimer::timeout, this, &WorkspacesPage::showFigures);
    connect(m_model, &WorkspaceModel::stateChanged, this, &WorkspacesPage::showState);
    connect(m_model, &WorkspaceModel::totalChanged, this, [this] {
        m_selection.setTotal(m_model->total().value());
        m_bulk->setTotal(m_model->total());
        m_filter->setMatches(tr("%1 match(es)", nullptr, kit::numerus(m_model->total())).arg(m_model->total().text()));
        showState();
        showFigures();
    });
    connect(m_model, &WorkspaceModel::pageLoaded, this, [this] {
        if (!m_wantedKey.isEmpty() && m_table->setCurrentKey(m_wantedKey)) {
            m_wantedKey.clear();
            openDetail(m_table->currentIndex());
        }
        syncDetail();
    });
    connect(m_model, &WorkspaceModel::dataChanged, this, &WorkspacesPage::syncDetail);
    connect(&m_selection, &kit::RowSelection::changed, this, &WorkspacesPage::reportObjects);
    connect(&context, &shell::ConsoleContext::systemReady, this, &WorkspacesPage::follow);
    connect(&context, &shell::ConsoleContext::systemGone, this, [this] { m_model->setSystem(nullptr, nullptr); });
    connect(&context, &shell::ConsoleContext::healthChanged, this, &WorkspacesPage::showState);
    connect(&context, &shell::ConsoleContext::rightsChanged, this, [this] {
        // Other rights, other rows.
        m_model->refresh();
        askFigures();
    });
    connect(&context, &shell::ConsoleContext::connectionChanged, this, &WorkspacesPage::forget);
    applyQuery({{}, m_table->sortColumn(), m_table->isSortDescending()});
    follow();
}

WorkspacesPage::~WorkspacesPage() = default;

void WorkspacesPage::makeHeader()
{
    auto *columns = new kit::Button(tr("Columns"), kit::Icon::Columns, kit::Button::Kind::Normal, this);
    connect(columns, &kit::Button::clicked, this, [this, columns] {
        QMenu *menu = m_table->createColumnMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        menu->popup(columns->mapToGlobal(QPoint(0, columns->height() + 2)));
    });
    auto *save = new kit::Button(tr("Save view"), this);
    connect(save, &kit::Button::clicked, this, &WorkspacesPage::saveView);
    auto *exporting = new kit::Button(tr("Export"), kit::Icon::Download, kit::Button::Kind::Normal, this);
    connect(exporting, &kit::Button::clicked, this, [this, exporting] {
        auto *menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        menu->addAction(tr("All that match as CSV…"), this, [this] { exportRows(u"csv"_s); });
        menu->addAction(tr("All that match as JSON lines…"), this, [this] { exportRows(u"jsonl"_s); });
        menu->popup(exporting->mapToGlobal(QPoint(0, exporting->height() + 2)));
    });
    addHeaderWidget(columns);
    addHeaderWidget(save);
    addHeaderWidget(exporting);
}

void WorkspacesPage::makeViews()
{
    QTabBar *tabs = views();
    tabs->setAccessibleName(tr("Views"));
    tabs->installEventFilter(this);
    connect(tabs, &QTabBar::currentChanged, this, [this](int index) {
        const QVector<SavedView> all = m_saved.views();
        if (!m_showingViews && index >= 0 && index < all.size())
            applyFilter(all[index].filter);
    });
    auto *bar = new QWidget(this);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    m_filter = new kit::FilterField(bar);
    m_filter->setAccessibleName(tr("Filter"));
    m_filter->setSyntax(&m_syntax);
    m_filter->setPlaceholder(tr("Filter by owner, state, image, lease, actor…"));
    m_filter->setKeyHint(u"/"_s);
    row->addWidget(m_filter);
    setFilterBar(bar);
    connect(m_filter, &kit::FilterField::filterChanged, this, &WorkspacesPage::applyFilter);
}

void WorkspacesPage::makeTable()
{
    m_table = new kit::TableView(this);
    m_table->setObjectName(u"workspaces"_s);
    m_table->setAccessibleName(tr("Workspaces"));
    m_table->setClock(&m_context.clock());
    QVector<kit::Column> columns;
    for (const Field<Workspace> &field : fieldsOf<Workspace>())
        columns << columnOf(field);
    m_table->setModel(m_model);
    m_table->setColumns(columns);
    m_table->setRowSelection(&m_selection);
    m_table->setLayoutStore(&m_context.settings(), u"workspaces/table"_s);
    connect(m_table, &kit::TableView::currentRowChanged, this, [this] {
        if (m_splitter->isOpen())
            syncDetail();
        reportObjects();
    });
    connect(m_table, &kit::TableView::rowActivated, this, &WorkspacesPage::openDetail);
    connect(m_table, &kit::TableView::sortRequested, this, [this](const QString &column, bool descending) {
        Query query = m_model->query();
        query.sort = column;
        query.descending = descending;
        applyQuery(query);
    });
    connect(m_table, &kit::TableView::rowMenuRequested, this, [this](const QModelIndex &, const QPoint &at) {
        QMenu *menu = m_context.commands().createMenu(menuCommandIds(), this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        menu->popup(at);
    });

    auto *left = new QWidget(this);
    auto *column = new QVBoxLayout(left);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_banner = new kit::Banner(left);
    m_banner->hide();
    m_states = new kit::StatePage(m_table, left);
    column->addWidget(m_banner);
    column->addWidget(m_states, 1);
    m_bulk = new BulkBar(m_selection, m_context.commands(), bulkCommandIds(), left);
    left->installEventFilter(this);

    m_detail = new DetailPane(m_context, this);
    m_splitter = new kit::DetailSplitter(left, m_detail, this);
    m_splitter->setPaneWidth(kit::theme(this).scaled(detailWidth));
    connect(m_detail, &DetailPane::closeRequested, this, [this] {
        m_splitter->setOpen(false);
        m_table->setFocus();
        setLocation(location().with(u"key"_s, {}));
    });
    setContent(m_splitter);
}

QVector<shell::Command> WorkspacesPage::commands()
{
    CommandTargets on;
    on.targets = [this] { return targets(); };
    on.access = [this] { return accessTargets(); };
    on.name = [this] { return targetName(); };
    on.copyIdentifiers = [this] {
        const QStringList keys = m_selection.isEmpty() || m_selection.isAll() ? QStringList{currentKey()} : m_selection.keys();
        QGuiApplication::clipboard()->setText(keys.join(u'\n'));
    };
    on.copyApiCall = [this] {
        if (m_context.connection())
            QGuiApplication::clipboard()->setText(m_context.connection()->equivalentCall(u"workspace.revoke"_s, currentKey()));
    };
    on.openDetail = [this] { openDetail(m_table->currentIndex()); };
    QVector<shell::Command> all = workspaceCommands(m_context, on);
    shell::Command refresh;
    refresh.id = u"workspaces.refresh"_s;
    refresh.text = tr("Refresh");
    refresh.hint = tr("asks again for what is shown");
    refresh.icon = kit::Icon::History;
    refresh.shortcut = QKeySequence(Qt::Key_F5);
    refresh.needs = shell::NeedsOnline;
    refresh.run = [this] { m_model->refresh(); };
    all << refresh;
    return all;
}

QWidget *WorkspacesPage::firstFocus()
{
    // A hidden widget cannot take the focus: the table gets it when the rows are there, what stands in its place until then.
    m_focusWaits = !m_table->isVisible();
    return m_states->currentWidget();
}

QWidget *WorkspacesPage::filterWidget()
{
    return m_filter->edit();
}

void WorkspacesPage::follow()
{
    m_model->setSystem(m_context.system().control, m_context.watch());
    if (const Watch *watch = m_context.watch()) {
        disconnect(m_watching);
        m_watching = connect(watch, &Watch::changed, this, [this] {
            if (isActive() && !m_figuresTimer.isActive())
                m_figuresTimer.start(figuresPause);
        });
    }
    showState();
    if (isActive())
        askFigures();
}

void WorkspacesPage::forget()
{
    // Rows, counts and checked keys of another system mean nothing here.
    m_selection.clear();
    m_viewCounts.clear();
    m_running.reset();
    m_drifting.reset();
    m_whole.reset();
    m_splitter->setOpen(false);
    m_model->forget();
    showViews();
    showState();
}

void WorkspacesPage::activated()
{
    m_detail->setActive(true);
    m_clockTimer.start();
    askFigures();
    showViews();
    reportObjects();
}

void WorkspacesPage::deactivated()
{
    m_detail->setActive(false);
    m_clockTimer.stop();
    m_figuresTimer.stop();
}

void WorkspacesPage::showLocation(const shell::Location &place)
{
    Query query;
    query.filter = place.param(u"filter"_s);
    // A place that says nothing of the order keeps the one that this person uses.
    const bool ordered = place.params.contains(u"sort"_s);
    query.sort = ordered ? place.param(u"sort"_s) : m_table->sortColumn();
    query.descending = ordered ? place.param(u"order"_s) == "desc"_L1 : m_table->isSortDescending();
    m_filter->setFilter(query.filter);
    m_table->setSort(query.sort, query.descending);
    m_wantedKey = place.param(u"key"_s);
    m_model->setQuery(query);
    if (!m_wantedKey.isEmpty() && m_table->setCurrentKey(m_wantedKey)) {
        m_wantedKey.clear();
        openDetail(m_table->currentIndex());
    }
    showViews();
}

void WorkspacesPage::applyFilter(const QString &filter)
{
    Query query = m_model->query();
    query.filter = filter;
    applyQuery(query);
}

void WorkspacesPage::applyQuery(const Query &query)
{
    if (m_filter->filter() != query.filter)
        m_filter->setFilter(query.filter);
    m_selection.clear();
    m_model->setQuery(query);
    shell::Location place{u"workspaces"_s, {}};
    setLocation(place.with(u"filter"_s, query.filter)
                    .with(u"sort"_s, query.sort)
                    .with(u"order"_s, query.descending && !query.sort.isEmpty() ? u"desc"_s : QString())
                    .with(u"key"_s, m_splitter && m_splitter->isOpen() ? currentKey() : QString()));
    showViews();
}

void WorkspacesPage::showViews()
{
    QTabBar *tabs = views();
    m_showingViews = true;
    const QVector<SavedView> all = m_saved.views();
    while (tabs->count() > all.size() + 1)
        tabs->removeTab(tabs->count() - 1);
    while (tabs->count() < all.size())
        tabs->addTab({});
    for (int i = 0; i < all.size(); ++i) {
        const std::optional<Count> count = m_viewCounts.value(i);
        QString text = all[i].name;
        text.replace(u'&', "&&"_L1);
        tabs->setTabText(i, count ? text + u'\t' + count->text() : text);
    }
    int current = m_saved.indexOf(m_model->query().filter);
    if (current < 0) { // a filter that no view has stands in a tab of its own, so that nothing claims to be it
        if (tabs->count() == all.size())
            tabs->addTab({});
        tabs->setTabText(int(all.size()), tr("Filtered"));
        current = int(all.size());
    } else if (tabs->count() > all.size()) {
        tabs->removeTab(int(all.size()));
    }
    tabs->setCurrentIndex(current);
    m_showingViews = false;
}

void WorkspacesPage::showFigures()
{
    using kit::Role;
    using kit::Type;
    QVector<kit::Run> figures;
    const QString shown = m_model->total().text();
    figures << kit::Run{shown, Type::Body, Role::Text, 600};
    if (m_whole && *m_whole != m_model->total())
        figures << kit::Run{tr(" of %1").arg(m_whole->text()), Type::Body, Role::Text, 0};
    if (m_running)
        figures << kit::Run{u"    "_s + m_running->text(), Type::Body, Role::Ok, 600} << kit::Run{u' ' + tr("running"), Type::Body, Role::Text, 0};
    if (m_drifting && m_drifting->value() > 0)
        figures << kit::Run{u"    "_s + m_drifting->text(), Type::Body, Role::Medium, 600} << kit::Run{u' ' + tr("drifting"), Type::Body, Role::Text, 0};
    const Instant now = m_context.clock().now();
    const Watch *watch = m_context.watch();
    const bool live = watch && watch->state() == Watch::State::Live && !m_model->isStale();
    const Instant heard = live ? std::max(watch->lastHeard(), m_model->lastGood()) : m_model->lastGood();
    if (isKnown(heard)) {
        figures << kit::Run{u"    "_s + (live ? tr("live, updated %1") : tr("not live, last answer %1")).arg(kit::agoText(heard, now)), Type::Body,
                            live ? Role::Text3 : Role::Medium, 0};
    }
    setFigures(figures);
}

void WorkspacesPage::showState()
{
    const bool stale = m_model->isStale();
    const bool any = m_model->rowCount() > 0;
    if (!m_context.isConnected() && !any) {
        m_banner->hide();
        m_states->showEmpty(kit::Icon::Server, tr("No fleet is connected"),
                            {{tr("Open a connection to see its workspaces."), kit::Type::Body, kit::Role::Text2, 0}},
                            {{tr("Connections"), [this] { Q_EMIT locationRequested({u"connections"_s, {}}); }, kit::Button::Kind::Primary, kit::Icon::Server, {}}});
        return;
    }
    const auto retry = [this] {
        m_context.retryNow();
        m_model->refresh();
    };
    if (any) {
        m_states->showReady();
        if (std::exchange(m_focusWaits, false) && isActive())
            m_table->setFocus();
        if (stale) {
            const QString since = kit::localTime(m_model->lastGood());
            const QString why = m_model->error() ? m_model->error()->message : m_context.summary();
            m_banner->setMessage(kit::Banner::Kind::Stale,
                                 {{why + u' ', kit::Type::Body, kit::Role::Text, 0},
                                  {tr("Rows are as they were at %1.").arg(since), kit::Type::Body, kit::Role::Text2, 0}});
            m_banner->clearActions();
            m_banner->addAction(tr("Try again"), retry);
        }
        m_banner->setVisible(stale);
    } else if (m_model->state() == PagedModelBase::State::Failed || (stale && m_context.isFailing())) {
        m_banner->hide();
        m_states->showError(m_model->error().value_or(Error{Error::Code::Network, m_context.summary(), {}, true}), retry);
    } else if (m_model->state() == PagedModelBase::State::Ready) {
        m_banner->hide();
        const QString filter = m_model->query().filter;
        if (filter.isEmpty()) {
            m_states->showEmpty(kit::Icon::Terminal, tr("No workspace exists"),
                                {{tr("The control plane answered, and it knows of none."), kit::Type::Body, kit::Role::Text2, 0}});
        } else {
            m_states->showEmpty(kit::Icon::Filter, tr("No workspace matches"),
                                {{(m_whole ? tr("%1 workspace(s) exist.", nullptr, kit::numerus(*m_whole)).arg(m_whole->text()) + u' ' : QString()), kit::Type::Body, kit::Role::Text2, 0},
                                 {Untrusted(filter).inert(200), kit::Type::Mono, kit::Role::Text2, 0},
                                 {u' ' + tr("leaves none."), kit::Type::Body, kit::Role::Text2, 0}},
                                {{tr("Clear filter"), [this] { applyFilter({}); }, kit::Button::Kind::Normal, kit::Icon::None, u"Esc"_s}});
        }
    } else {
        m_banner->hide();
        m_states->showLoading(tr("Asking the control plane"));
    }
    showFigures();
    startFigures();
}

QString WorkspacesPage::currentKey() const
{
    return m_table->currentKey();
}

void WorkspacesPage::openDetail(const QModelIndex &index)
{
    if (!index.isValid())
        return;
    m_splitter->setOpen(true);
    syncDetail();
    setLocation(location().with(u"key"_s, currentKey()));
}

void WorkspacesPage::syncDetail()
{
    if (!m_splitter->isOpen())
        return;
    if (const Workspace *row = m_model->rowAt(m_table->currentIndex().row()))
        m_detail->setWorkspace(*row);
}

} // namespace parapet::pages
