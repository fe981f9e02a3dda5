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
#include "ui/pages/audit/noteeditor.h"
#include "ui/pages/audit/notessheet.h"

#include <QtWidgets/QLineEdit>
#include <QtWidgets/QTabBar>

namespace parapet::pages {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto auditFiguresPause = 3s; ///< the least time between two rounds of counting
constexpr auto auditFreshEvery = 10s;
constexpr auto usualSpan = 4h;

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
    if (fleet::EventNotes *notes = context.notes()) {
        m_model->setNotes(notes);
        connect(notes, &fleet::EventNotes::changed, this, &AuditPage::showViews);
        connect(notes, &fleet::EventNotes::changed, &context.commands(), &shell::CommandRegistry::refresh);
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
    m_detail->note()->save();
    m_selection.clear();
    m_whole.reset();
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

QVector<listing::SavedView> AuditPage::allViews() const
{
    QVector<listing::SavedView> all = m_saved.views();
    if (const QString marked = m_context.notes() ? bookmarkFilter(*m_context.notes()) : QString(); !marked.isEmpty())
        all.append({tr("Bookmarked"), marked, true});
    return all;
}

void AuditPage::showViews()
{
    QTabBar *tabs = views();
    m_showingViews = true;
    const QVector<listing::SavedView> all = allViews();
    const auto found = std::find_if(all.begin(), all.end(), [&](const listing::SavedView &view) { return view.filter == m_model->query().filter; });
    const int current = found == all.end() ? -1 : int(found - all.begin());
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
