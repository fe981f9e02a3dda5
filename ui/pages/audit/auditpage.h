// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/loggaps.h"
#include "ui/kit/rowselection.h"
#include "ui/kit/timebrush.h"
#include "ui/listing/queryfilter.h"
#include "ui/listing/savedviews.h"
#include "ui/shell/consolecontext.h"
#include "ui/shell/page.h"

namespace parapet {
class AuditModel;
}
namespace parapet::kit {
class Banner;
class DetailSplitter;
class StatePage;
class TableView;
}

namespace parapet::pages {

class EventPane;
class LogBanner;

/// The audit log: who did what, proven row by row; how the log as a whole stands; one event with its proof.
/// Places: audit?filter=…&sort=…&order=desc&key=INDEX (the key opens the event).
class AuditPage : public shell::Page
{
    Q_OBJECT

public:
    explicit AuditPage(shell::ConsoleContext &context, QWidget *parent = nullptr);
    ~AuditPage() override;

    QVector<shell::Command> commands() override;
    QWidget *firstFocus() override;
    QWidget *filterWidget() override;

    kit::TableView *table() const { return m_table; }
    AuditModel *model() const { return m_model; }
    EventPane *detail() const { return m_detail; }
    LogBanner *logBanner() const { return m_log; }
    kit::TimeBrush *histogram() const { return m_brush; }
    kit::FilterField *filterField() const { return m_filter; }
    kit::RowSelection *selection() { return &m_selection; }
    const fleet::LogGaps &gaps() const { return m_gaps; }

protected:
    void showLocation(const shell::Location &place) override;
    void activated() override;
    void deactivated() override;

private:
    void makeHeader();
    void makeViews();
    void makeTable();
    void follow();
    void forget();
    void heard(const QVector<ChangeEvent> &changes);
    void applyFilter(const QString &filter);
    void applyQuery(const Query &query);
    void goToFilter(const QString &filter, qint64 key = -1);
    void showState();
    void showFigures();
    void showViews();
    void showLog();
    void askWhole();
    void askHistogram();
    void showHistogram(Instant from, Milliseconds slice, const QVector<ActivitySlice> &slices);
    void askKnownValues();
    void verifyAgain();
    void saveView();
    void exportRows(const QString &suffix);
    void exportProofs(bool onlyThese);
    void openGroups(const QPoint &at);
    void openGaps();
    void openCompare();
    void openNotes();
    void openWitnesses();
    void toggleBookmark(const QVector<AuditEvent> &events);
    /// The saved ones, and the bookmarked events while there are any.
    QVector<listing::SavedView> allViews() const;
    void openDetail(const QModelIndex &index);
    void openEvent(qint64 index);
    void syncDetail();
    void reportObjects();
    const AuditEvent *currentRow() const;
    QVector<AuditEvent> checkedRows() const;

    shell::ConsoleContext &m_context;
    listing::SavedViews m_saved;
    listing::QueryFilter m_syntax;
    kit::RowSelection m_selection;
    AuditModel *m_model;
    fleet::LogGaps m_gaps;
    LogBanner *m_log = nullptr;
    kit::FilterField *m_filter = nullptr;
    kit::TimeBrush *m_brush = nullptr;
    kit::TableView *m_table = nullptr;
    kit::StatePage *m_states = nullptr;
    kit::Banner *m_banner = nullptr;
    kit::DetailSplitter *m_splitter = nullptr;
    EventPane *m_detail = nullptr;
    QString m_wantedKey;
    QMetaObject::Connection m_watching;
    QTimer m_figuresTimer;
    QTimer m_clockTimer;
    Instant m_gapsAt{};
    Milliseconds m_span;
    quint64 m_histogramTicket = 0;
    std::optional<Count> m_whole; ///< of all events, whatever the filter
    bool m_showingViews = false;
    bool m_focusWaits = false;
};

} // namespace parapet::pages
