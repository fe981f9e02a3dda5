// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/workspace.h"
#include "ui/kit/parts.h"
#include "ui/shell/consolecontext.h"

#include <QtCore/QTimer>

class QListView;

namespace parapet::kit {
class MonoLabel;
class StatePill;
}

namespace parapet::pages {

class DetailModel;

/// What really runs in one workspace, beside the table: state, actions, sessions, processes, leases, connections, events. It asks
/// again when the watch names the workspace; figures that no event announces (processor, memory, bytes) every two seconds, and only
/// while the pane is seen.
class DetailPane : public kit::Ground
{
    Q_OBJECT

public:
    explicit DetailPane(shell::ConsoleContext &context, QWidget *parent = nullptr);
    ~DetailPane() override;

    /// Shows this workspace; an empty identifier shows nothing.
    void setWorkspace(const Workspace &workspace);
    const Workspace &workspace() const { return m_workspace; }
    /// The page is shown, or not.
    void setActive(bool active);
    QListView *list() const { return m_list; }

Q_SIGNALS:
    void closeRequested();

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void showHead();
    void refreshAll();
    void refreshLive();
    void follow();
    void showStaleness();
    void handle(const QVector<ChangeEvent> &changes);
    void schedule();
    bool isSeen() const { return m_active && isVisible() && !m_workspace.id.isEmpty(); }

    shell::ConsoleContext &m_context;
    Workspace m_workspace;
    quint64 m_generation = 0;
    int m_liveUnderWay = 0; ///< a slow agent is not asked again before it answered
    bool m_active = false;
    kit::MonoLabel *m_name;
    kit::StatePill *m_state;
    kit::RunLine *m_observed;
    kit::RunLine *m_facts;
    DetailModel *m_model;
    QListView *m_list;
    QTimer m_liveTimer;
    QTimer m_changeTimer;
    QMetaObject::Connection m_watching;
    QMetaObject::Connection m_gap;
    bool m_stale = false;
};

} // namespace parapet::pages
