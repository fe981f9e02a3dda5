// SPDX-License-Identifier: GPL-3.0-or-later
// What the Audit page is made of: header, views, filter bar, histogram, table, event pane.
#include "models/items/auditmodel.h"
#include "ui/kit/filterfield.h"
#include "ui/kit/pane.h"
#include "ui/kit/statepage.h"
#include "ui/kit/tableview.h"
#include "ui/pages/audit/auditcolumns.h"
#include "ui/pages/audit/auditpage.h"
#include "ui/pages/audit/eventpane.h"
#include "ui/pages/audit/logbanner.h"
#include "ui/pages/audit/logsheets.h"
#include "ui/pages/audit/timefilter.h"

#include <QtGui/QClipboard>
#include <QtGui/QGuiApplication>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QMenu>
#include <QtWidgets/QTabBar>

namespace parapet::pages {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int eventPaneWidth = 430;

} // namespace

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
        if (m_context.notes()) {
            menu->addSeparator();
            menu->addAction(tr("Bookmarks and notes…"), this, &AuditPage::openNotes);
        }
        menu->popup(exporting->mapToGlobal(QPoint(0, exporting->height() + 2)));
    });
    auto *verify = new kit::Button(tr("Verify again"), kit::Icon::ShieldCheck, kit::Button::Kind::Normal, this);
    connect(verify, &kit::Button::clicked, this, &AuditPage::verifyAgain);
    auto *compare = new kit::Button(tr("Compare"), kit::Icon::Columns, kit::Button::Kind::Normal, this);
    compare->setToolTip(tr("Compare two periods (C)"));
    connect(compare, &kit::Button::clicked, this, &AuditPage::openCompare);
    for (QWidget *widget : std::initializer_list<QWidget *>{save, group, compare, exporting, verify})
        addHeaderWidget(widget);
}

void AuditPage::makeViews()
{
    QTabBar *tabs = views();
    tabs->setAccessibleName(tr("Views"));
    connect(tabs, &QTabBar::currentChanged, this, [this](int index) {
        const QVector<listing::SavedView> all = allViews();
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
    connect(m_detail, &EventPane::bookmarkToggled, this, [this] { toggleBookmark({m_detail->event()}); });
    connect(m_detail, &EventPane::exportRequested, this, [this] { exportProofs(true); });
    m_log = new LogBanner(this);
    connect(m_log, &LogBanner::gapsRequested, this, &AuditPage::openGaps);
    connect(m_log, &LogBanner::witnessesRequested, this, &AuditPage::openWitnesses);
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

} // namespace parapet::pages
