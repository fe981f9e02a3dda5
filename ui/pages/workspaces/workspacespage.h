// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/response/revoke.h"
#include "ui/kit/rowselection.h"
#include "ui/pages/workspaces/savedviews.h"
#include "ui/pages/workspaces/workspacefilter.h"
#include "ui/shell/consolecontext.h"
#include "ui/shell/page.h"

#include <deque>
#include <functional>

namespace parapet {
class WorkspaceModel;
}
namespace parapet::kit {
class Banner;
class DetailSplitter;
class StatePage;
class TableView;
}

namespace parapet::pages {

class BulkBar;
class DetailPane;

/// The live table of workspaces, the detail of one, and the commands on some.
/// Places: workspaces?filter=…&sort=…&key=… (the key opens the detail).
class WorkspacesPage : public shell::Page
{
    Q_OBJECT

public:
    explicit WorkspacesPage(shell::ConsoleContext &context, QWidget *parent = nullptr);
    ~WorkspacesPage() override;

    QVector<shell::Command> commands() override;
    QWidget *firstFocus() override;
    QWidget *filterWidget() override;

    kit::TableView *table() const { return m_table; }
    DetailPane *detail() const { return m_detail; }
    kit::RowSelection *selection() { return &m_selection; }
    kit::FilterField *filterField() const { return m_filter; }

protected:
    void showLocation(const shell::Location &place) override;
    void activated() override;
    void deactivated() override;
    void resizeEvent(QResizeEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void makeHeader();
    void makeViews();
    void makeTable();
    void follow();
    void forget();
    void applyFilter(const QString &filter);
    void applyQuery(const Query &query);
    void showState();
    void showFigures();
    /// Counts for header and views, and known values for the filter; soon, see startFigures().
    void askFigures();
    void startFigures();
    void askNextFigure();
    void showViews();
    void saveView();
    void exportRows(const QString &suffix);
    void openDetail(const QModelIndex &index);
    void syncDetail();
    void reportObjects();
    void placeBulkBar();
    response::Targets targets() const;
    QString targetName() const;
    Count selectedCount() const;
    /// Those whose rights are known beforehand: of "all that match", and of rows that are not loaded, none.
    QVector<access::Target> accessTargets() const;
    QString currentKey() const;

    shell::ConsoleContext &m_context;
    SavedViews m_saved;
    WorkspaceFilter m_syntax;
    kit::RowSelection m_selection;
    WorkspaceModel *m_model;
    kit::FilterField *m_filter = nullptr;
    kit::TableView *m_table = nullptr;
    kit::StatePage *m_states = nullptr;
    kit::Banner *m_banner = nullptr;
    kit::DetailSplitter *m_splitter = nullptr;
    DetailPane *m_detail = nullptr;
    BulkBar *m_bulk = nullptr;
    QString m_wantedKey;
    QMetaObject::Connection m_watching;
    QTimer m_figuresTimer;
    std::deque<std::function<void(ControlPlane &)>> m_figures; ///< still to be asked in this round
    bool m_figuresWanted = false;                              ///< a round, as soon as it may begin
    bool m_figureUnderWay = false;
    QTimer m_clockTimer;
    QVector<std::optional<Count>> m_viewCounts;
    std::optional<Count> m_running;
    std::optional<Count> m_drifting;
    std::optional<Count> m_whole;
    bool m_showingViews = false;
    bool m_focusWaits = false;
};

} // namespace parapet::pages
