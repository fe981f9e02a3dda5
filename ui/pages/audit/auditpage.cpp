// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/audit/auditpage.h"

#include "models/items/auditmodel.h"
#include "models/query/chips.h"
#include "ui/kit/filterfield.h"
#include "ui/kit/pane.h"
#include "ui/kit/statepage.h"
#include "ui/kit/tableview.h"
#include "ui/kit/text/format.h"
#include "ui/pages/audit/auditcolumns.h"
#include "ui/pages/audit/eventpane.h"
#include "ui/pages/audit/logbanner.h"
#include "ui/pages/audit/logsheets.h"
#include "ui/pages/audit/timefilter.h"

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

constexpr auto auditFiguresPause = 3s; ///< the least time between two rounds of counting
constexpr auto auditFreshEvery = 10s;
constexpr auto usualSpan = 4h;
constexpr int eventPaneWidth = 430;

} // namespace

AuditPage::AuditPage(shell::ConsoleContext &context, QWidget *parent)
    : Page(tr("Audit"), parent), m_context(context), m_saved(context.settings(), u"audit/views"_s, auditViews()), m_syntax(query::schemaOf<AuditEvent>()),
      m_model(new AuditModel(context.clock(), this)), m_span(usualSpan)
{
    makeHeader();
    makeViews();
    makeTable();
    m_figuresTimer.setSingleShot(true);
    connect(&m_figuresTimer, &QTimer::timeout, this, [this] {
        askWhole();
        askHistogram();
    });
    m_clockTimer.setInterval(auditFreshEvery);
    connect(&m_clockTimer, &QTimer::timeout, this, &AuditPage::showFigures);
    connect(m_model, &AuditModel::stateChanged, this, &AuditPage::showState);
    connect(m_model, &AuditModel::totalChanged, this, [this] {
        m_selection.setTotal(m_model->total().value());
        m_filter->setMatches(tr("%1 match").arg(m_model->total().text()));
        showState();
    });
    connect(m_model, &AuditModel::pageLoaded, this, [this] {
        if (!m_wantedKey.isEmpty() && m_table->setCurrentKey(m_wantedKey)) {
            m_wantedKey.clear();
            openDetail(m_table->currentIndex());
        }
        syncDetail();
        showFigures();
    });
    connect(m_model, &AuditModel::dataChanged, this, &AuditPage::syncDetail);
    connect(&m_selection, &kit::RowSelection::changed, this, &AuditPage::reportObjects);
    connect(&m_gaps, &fleet::LogGaps::searched, this, [this] {
        m_model->setGaps(m_gaps.gaps());
        showLog();
    });
    if (fleet::LogFollower *log = context.log()) {
        m_model->setFollower(log);
        connect(log, &fleet::LogFollower::changed, this, &AuditPage::showLog);
    }
    connect(&context, &shell::ConsoleContext::systemReady, this, &AuditPage::follow);
    connect(&context, &shell::ConsoleContext::systemGone, this, [this] {
        disconnect(m_watching);
        m_gaps.setAudit(nullptr);
        m_model->setSystem(nullptr, nullptr);
        m_detail->follow();
        ++m_histogramTicket;
        showState();
    });
    connect(&context, &shell::ConsoleContext::healthChanged, this, &AuditPage::showState);
    connect(&context, &shell::ConsoleContext::connectionChanged, this, &AuditPage::forget);
    applyQuery({{}, m_table->sortColumn(), m_table->isSortDescending()});
    follow();
}

AuditPage::~AuditPage() = default;

void AuditPage::makeHeader()
{
    auto *save = new kit::Button(tr("Save view"), this);
    connect(save, &kit::Button::clicked, this, &AuditPage::saveView);
    auto *group = new kit::Button(tr("Group"), kit::Icon::Checklist, kit::Button::Kind::Normal, this);
    connect(group, &kit::Button::clicked, this, [this, group] { openGroups(group->mapToGlobal(QPoint(0, group->height() + 2))); });
    auto *exporting = new kit::Button(tr("Export"), kit::Icon::Download, kit::Button::Kind::Normal, this);
    connect(exporting, &kit::Button::clicked, this, [this, exporting] {
        auto *menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        menu->addAction(tr("All that match as CSV…"), this, [this] { exportRows(u"csv"_s); });
        menu->addAction(tr("All that match as JSON lines…"), this, [this] { exportRows(u"jsonl"_s); });
        menu->addAction(tr("All that match as a proof bundle…"), this, [this] { exportProofs(false); });
        menu->addAction(m_selection.isEmpty() ? tr("This event as a proof bundle…") : tr("The checked events as a proof bundle…"), this, [this] { exportProofs(true); });
        menu->popup(exporting->mapToGlobal(QPoint(0, exporting->height() + 2)));
    });
    auto *verify = new kit::Button(tr("Verify again"), kit::Icon::ShieldCheck, kit::Button::Kind::Normal, this);
    connect(verify, &kit::Button::clicked, this, &AuditPage::verifyAgain);
    for (QWidget *widget : std::initializer_list<QWidget *>{save, group, exporting, verify})
        addHeaderWidget(widget);
}

void AuditPage::makeViews()
{
    QTabBar *tabs = views();
    tabs->setAccessibleName(tr("Views"));
    connect(tabs, &QTabBar::currentChanged, this, [this](int index) {
        const QVector<listing::SavedView> all = m_saved.views();
        if (!m_showingViews && index >= 0 && index < all.size())
            applyFilter(all[index].filter);
    });
    auto *bar = new QWidget(this);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kit::space::s);
    m_filter = new kit::FilterField(bar);
    m_filter->setAccessibleName(tr("Filter"));
    m_filter->setSyntax(&m_syntax);
    m_filter->setPlaceholder(tr("Filter by actor, action, target, time, outcome…"));
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
    connect(m_filter, &kit::FilterField::filterChanged, this, &AuditPage::applyFilter);
}

void AuditPage::makeTable()
{
    m_table = new kit::TableView(this);
    m_table->setObjectName(u"events"_s);
    m_table->setAccessibleName(tr("Audit events"));
    m_table->setClock(&m_context.clock());
    m_table->setModel(m_model);
    m_table->setColumns(auditColumns());
    // The leaf stands last, as in the log's own documents; who moved columns finds them where they were left.
    QHeaderView *header = m_table->horizontalHeader();
    header->moveSection(header->visualIndex(AuditModel::columnOf("index"_L1)), header->count() - 1);
    m_table->setRowSelection(&m_selection);
    m_table->setLayoutStore(&m_context.settings(), u"audit/table"_s);
    connect(m_table, &kit::TableView::currentRowChanged, this, [this] {
        syncDetail();
        reportObjects();
    });
    connect(m_table, &kit::TableView::rowActivated, this, &AuditPage::openDetail);
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

    auto *left = new QWidget(this);
    auto *column = new QVBoxLayout(left);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_brush = new kit::TimeBrush(left);
    connect(m_brush, &kit::TimeBrush::rangeBrushed, this, [this](Instant from, Instant to) { applyFilter(withTime(m_model->query().filter, from, to)); });
    connect(m_brush, &kit::TimeBrush::rangeCleared, this, [this] { applyFilter(withoutTime(m_model->query().filter)); });
    m_brush->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_brush, &QWidget::customContextMenuRequested, this, [this](const QPoint &at) {
        auto *menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        for (const auto &[span, text] : std::initializer_list<std::pair<Milliseconds, QString>>{
                 {1h, tr("The last hour")}, {4h, tr("The last 4 hours")}, {24h, tr("The last day")}, {168h, tr("The last 7 days")}, {720h, tr("The last 30 days")}}) {
            menu->addAction(text, this, [this, span = span] {
                m_span = span;
                askHistogram();
            });
        }
        menu->popup(m_brush->mapToGlobal(at));
    });
    m_banner = new kit::Banner(left);
    m_banner->hide();
    m_states = new kit::StatePage(m_table, left);
    column->addWidget(m_brush);
    column->addWidget(m_banner);
    column->addWidget(m_states, 1);

    m_detail = new EventPane(m_context, this);
    m_splitter = new kit::DetailSplitter(left, m_detail, this);
    m_splitter->setPaneWidth(kit::theme(this).scaled(eventPaneWidth));
    connect(m_detail, &EventPane::closeRequested, this, [this] {
        m_splitter->setOpen(false);
        m_table->setFocus();
        setLocation(location().with(u"key"_s, {}));
    });
    connect(m_detail, &EventPane::filterRequested, this, [this](const QString &filter) { goToFilter(filter, m_detail->event().index); });
    connect(m_detail, &EventPane::eventRequested, this, &AuditPage::openEvent);
    connect(m_detail, &EventPane::exportRequested, this, [this] { exportProofs(true); });
    m_log = new LogBanner(this);
    connect(m_log, &LogBanner::gapsRequested, this, &AuditPage::openGaps);
    connect(m_log, &LogBanner::limitsRequested, this, [this] { new LimitsSheet(this); });
    connect(m_log, &LogBanner::refreshRequested, this, &AuditPage::verifyAgain);
    connect(m_log, &LogBanner::bundleRequested, this, [this] {
        if (m_context.log() && m_context.log()->conflict())
            QGuiApplication::clipboard()->setText(m_context.log()->conflict()->bundlePath);
    });
    connect(m_log, &LogBanner::acknowledged, this, [this] {
        if (m_context.log())
            m_context.log()->acknowledge();
    });
    setContent(m_splitter);
    insertAboveContent(m_log);
}

QWidget *AuditPage::firstFocus()
{
    m_focusWaits = !m_table->isVisible();
    return m_states->currentWidget();
}

QWidget *AuditPage::filterWidget()
{
    return m_filter->edit();
}

void AuditPage::follow()
{
    AuditStore *audit = m_context.system().audit;
    m_gaps.setAudit(audit);
    m_model->setSystem(audit, m_context.watch());
    m_detail->follow();
    disconnect(m_watching);
    if (const Watch *watch = m_context.watch())
        m_watching = connect(watch, &Watch::changed, this, &AuditPage::heard);
    m_gapsAt = {};
    showState();
    showLog();
    if (isActive())
        activated();
}

void AuditPage::forget()
{
    m_selection.clear();
    m_whole = -1;
    m_splitter->setOpen(false);
    m_model->setGaps({});
    m_model->forget();
    m_brush->setData({}, 1min, {}, {});
    showViews();
    showState();
    showLog();
}

void AuditPage::heard(const QVector<ChangeEvent> &changes)
{
    const auto tells = [](const ChangeEvent &change) {
        return change.kind == "event"_L1 && !isReadAction(change.object.value("action"_L1).toString());
    };
    if (isActive() && !m_figuresTimer.isActive() && std::any_of(changes.begin(), changes.end(), tells))
        m_figuresTimer.start(auditFiguresPause);
}

void AuditPage::activated()
{
    m_model->setLive(true);
    m_detail->setActive(true);
    m_clockTimer.start();
    askWhole();
    askHistogram();
    askKnownValues();
    showViews();
    showLog();
    reportObjects();
}

void AuditPage::deactivated()
{
    m_model->setLive(false);
    m_detail->setActive(false);
    m_clockTimer.stop();
    m_figuresTimer.stop();
}

void AuditPage::showLocation(const shell::Location &place)
{
    Query query;
    query.filter = place.param(u"filter"_s);
    const bool ordered = place.params.contains(u"sort"_s);
    query.sort = ordered ? place.param(u"sort"_s) : m_table->sortColumn();
    query.descending = ordered ? place.param(u"order"_s) == "desc"_L1 : m_table->isSortDescending();
    m_filter->setFilter(query.filter);
    m_table->setSort(query.sort, query.descending);
    const QString key = place.param(u"key"_s);
    m_model->setQuery(query);
    m_wantedKey.clear();
    if (!key.isEmpty())
        openEvent(key.toLongLong());
    showViews();
    askHistogram();
}

void AuditPage::goToFilter(const QString &filter, qint64 key)
{
    shell::Location place{u"audit"_s, {}};
    Q_EMIT locationRequested(place.with(u"filter"_s, filter).with(u"key"_s, key >= 0 ? QString::number(key) : QString()));
}

void AuditPage::applyFilter(const QString &filter)
{
    Query query = m_model->query();
    query.filter = filter;
    applyQuery(query);
    askHistogram();
}

void AuditPage::applyQuery(const Query &query)
{
    if (m_filter->filter() != query.filter)
        m_filter->setFilter(query.filter);
    m_selection.clear();
    m_model->setQuery(query);
    shell::Location place{u"audit"_s, {}};
    setLocation(place.with(u"filter"_s, query.filter)
                    .with(u"sort"_s, query.sort)
                    .with(u"order"_s, query.descending && !query.sort.isEmpty() ? u"desc"_s : QString())
                    .with(u"key"_s, m_splitter && m_splitter->isOpen() ? QString::number(m_detail->event().index) : QString()));
    showViews();
}

void AuditPage::showViews()
{
    QTabBar *tabs = views();
    m_showingViews = true;
    const QVector<listing::SavedView> all = m_saved.views();
    const int current = m_saved.indexOf(m_model->query().filter);
    // A filter that no view has stands in a tab of its own, so that nothing claims to be it.
    const int wanted = int(all.size()) + (current < 0 ? 1 : 0);
    while (tabs->count() > wanted)
        tabs->removeTab(tabs->count() - 1);
    while (tabs->count() < wanted)
        tabs->addTab({});
    for (int i = 0; i < wanted; ++i) {
        QString text = i < all.size() ? all[i].name : tr("Filtered");
        tabs->setTabText(i, text.replace(u'&', "&&"_L1));
    }
    tabs->setCurrentIndex(current < 0 ? wanted - 1 : current);
    m_showingViews = false;
}

void AuditPage::showLog()
{
    const fleet::LogFollower *log = m_context.log();
    m_log->showLog(log, m_gaps);
    Instant alarm{};
    if (log && log->conflict() && log->conflict()->leaf >= 0) {
        if (const AuditEvent *row = m_model->rowAt(m_model->positionOf(QString::number(log->conflict()->leaf))))
            alarm = row->time;
    }
    m_brush->setAlarm(alarm);
    // Marks of all rows depend on how the log stands.
    if (m_model->rowCount() > 0)
        m_table->viewport()->update();
    showFigures();
    if (log && log->state() == fleet::LogState::Verified && isActive()) {
        constexpr auto gapsPause = 60s;
        if (!isKnown(m_gapsAt) || m_context.clock().now() - m_gapsAt > gapsPause) {
            m_gapsAt = m_context.clock().now();
            m_gaps.search();
        }
    }
}

void AuditPage::verifyAgain()
{
    m_context.retryNow();
    m_gapsAt = m_context.clock().now();
    m_gaps.search();
    m_model->refresh();
    if (fleet::LogFollower *log = m_context.log()) {
        log->refresh();
        m_model->checkHeld();
    }
}

void AuditPage::askWhole()
{
    AuditStore *audit = m_context.system().audit;
    if (!audit || !isActive())
        return;
    PageRequest one;
    one.limit = 1;
    deliver(this, audit->events(one), [this](const Result<parapet::Page<AuditEvent>> &answer) {
        if (!answer)
            return;
        m_whole = answer->total.value();
        showFigures();
    });
}

void AuditPage::showFigures()
{
    using kit::Role;
    using kit::Type;
    QVector<kit::Run> figures{{m_model->total().text(), Type::Body, Role::Text, 600}};
    if (m_whole >= 0 && m_whole > m_model->total().value())
        figures << kit::Run{tr(" of %1").arg(kit::numberText(m_whole)), Type::Body, Role::Text};
    const fleet::LogFollower *log = m_context.log();
    if (log && log->conflict()) {
        figures << kit::Run{u"    "_s + tr("the log does not verify"), Type::Body, Role::Critical, 600};
        setFigures(figures);
        return;
    }
    const Watch *watch = m_context.watch();
    const bool live = watch && watch->state() == Watch::State::Live && !m_model->isStale();
    const Instant heard = live ? std::max(watch->lastHeard(), m_model->lastGood()) : m_model->lastGood();
    if (isKnown(heard)) {
        figures << kit::Run{u"    "_s + (live ? tr("live, updated %1") : tr("not live, last answer %1")).arg(kit::agoText(heard, m_context.clock().now())), Type::Body,
                            live ? Role::Text3 : Role::Medium};
    }
    setFigures(figures);
}

void AuditPage::showState()
{
    const bool stale = m_model->isStale();
    const bool any = m_model->rowCount() > 0;
    if (!m_context.isConnected() && !any) {
        m_banner->hide();
        m_states->showEmpty(kit::Icon::Server, tr("No system is connected"), {{tr("Open a connection to see its audit log."), kit::Type::Body, kit::Role::Text2, 0}},
                            {{tr("Connections"), [this] { Q_EMIT locationRequested({u"connections"_s, {}}); }, kit::Button::Kind::Primary, kit::Icon::Server, {}}});
        showFigures();
        return;
    }
    const auto retry = [this] { verifyAgain(); };
    if (any) {
        m_states->showReady();
        if (std::exchange(m_focusWaits, false) && isActive())
            m_table->setFocus();
        if (stale) {
            const QString why = m_model->error() ? m_model->error()->message : m_context.summary();
            m_banner->setMessage(kit::Banner::Kind::Stale, {{why + u' ', kit::Type::Body, kit::Role::Text, 0},
                                                            {tr("Rows are as they were at %1.").arg(kit::localTime(m_model->lastGood())), kit::Type::Body, kit::Role::Text2, 0}});
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
            m_states->showEmpty(kit::Icon::Document, tr("No event exists"), {{tr("The audit store answered, and its log is empty."), kit::Type::Body, kit::Role::Text2, 0}});
        } else {
            m_states->showEmpty(kit::Icon::Filter, tr("No event matches"),
                                {{m_whole >= 0 ? tr("%Ln event(s) exist.", nullptr, kit::numerus(m_whole)) + u' ' : QString(), kit::Type::Body, kit::Role::Text2, 0},
                                 {Untrusted(filter).inert(200), kit::Type::Mono, kit::Role::Text2, 0},
                                 {u' ' + tr("leaves none."), kit::Type::Body, kit::Role::Text2, 0}},
                                {{tr("Clear filter"), [this] { applyFilter({}); }, kit::Button::Kind::Normal, kit::Icon::None, u"Esc"_s}});
        }
    } else {
        m_banner->hide();
        m_states->showLoading(tr("Asking the audit store"));
    }
    showFigures();
}

const AuditEvent *AuditPage::currentRow() const
{
    return m_model->rowAt(m_table->currentIndex().row());
}

void AuditPage::openDetail(const QModelIndex &index)
{
    if (!index.isValid() || !m_model->rowAt(index.row()))
        return;
    m_detail->setEvent(*m_model->rowAt(index.row()));
    m_splitter->setOpen(true);
    setLocation(location().with(u"key"_s, QString::number(m_detail->event().index)));
}

void AuditPage::openEvent(qint64 index)
{
    const QString key = QString::number(index);
    m_wantedKey = key;
    if (m_table->setCurrentKey(key)) {
        m_wantedKey.clear();
        openDetail(m_table->currentIndex());
        return;
    }
    AuditStore *audit = m_context.system().audit;
    if (!audit)
        return;
    // It may stand far from here in the table, or not in it at all: it is asked for by itself.
    deliver(this, audit->event(index), [this, key](const Result<AuditEvent> &event) {
        if (m_wantedKey != key)
            return;
        m_wantedKey.clear();
        if (!event)
            return;
        if (fleet::LogFollower *log = m_context.log())
            log->check({*event});
        m_detail->setEvent(*event);
        m_splitter->setOpen(true);
        setLocation(location().with(u"key"_s, key));
    });
}

void AuditPage::syncDetail()
{
    if (!m_splitter->isOpen())
        return;
    if (const AuditEvent *row = currentRow())
        m_detail->setEvent(*row);
}

QVector<AuditEvent> AuditPage::checkedRows() const
{
    QVector<AuditEvent> rows;
    if (!m_selection.isAll()) {
        for (const QString &key : m_selection.keys()) {
            if (const AuditEvent *row = m_model->rowAt(m_model->positionOf(key)))
                rows << *row;
        }
    }
    return rows;
}

void AuditPage::reportObjects()
{
    const AuditEvent *row = currentRow();
    const qint64 count = m_selection.isEmpty() ? (row ? 1 : 0) : m_selection.count();
    Q_EMIT objectsChanged(int(std::min<qint64>(count, std::numeric_limits<int>::max())),
                          count == 1 && row ? tr("event %1").arg(row->index) : count > 0 ? tr("%Ln event(s)", nullptr, kit::numerus(count)) : QString());
}

} // namespace parapet::pages
