// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/operation/runner.h"
#include "ui/kit/overlay.h"

#include <QtCore/QPointer>
#include <QtCore/QTimer>

namespace parapet::kit {
class Banner;
class Button;
class PlainLabel;
class RunLine;
class SectionHeader;
class StatePage;
class StatePill;
class TableView;
}

class QListView;

namespace parapet::ui {

class CertificateBar;
class ProbeModel;
class StartForm;
class StepModel;
class SurvivorBar;
class TouchedView;

/// The sheet of one plan: made, shown, started, run, proven. Esc, or the cross, leaves a run going in the background.
class OperationSheet : public kit::Overlay
{
    Q_OBJECT

public:
    /// `runner` and `clock` live longer than the sheet.
    OperationSheet(operation::Runner &runner, const Clock &clock, QWidget *host);
    ~OperationSheet() override;

    /// Shows a plan that is being made; loading, then the plan, or why there is none. Closing cancels the reply.
    void propose(const QString &title, const Reply<operation::Plan> &plan);
    /// Shows a run. It stays shown when it is over.
    void showOperation(operation::Operation *operation);

    /// The run that is shown, if it was started.
    operation::Operation *operation() const { return m_operation; }
    /// The plan that is shown, before or after its start.
    const operation::Plan *plan() const;
    StartForm *startForm() const { return m_form; }
    kit::Button *startButton() const { return m_start; }
    SurvivorBar *survivorBar() const { return m_survivors; }
    CertificateBar *certificateBar() const { return m_certificate; }

Q_SIGNALS:
    /// It was started from here.
    void started(parapet::operation::Operation *operation);

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    QWidget *makeHead();
    QWidget *makeLeft();
    QWidget *makeRight();
    QWidget *makeFoot();
    void showPlan(const operation::Plan &plan);
    void start();
    void follow();
    void refresh();
    void refreshHead();
    void refreshProof();
    void refreshFoot();
    void showJournal();
    void askToCancel();

    operation::Runner &m_runner;
    const Clock &m_clock;
    std::optional<operation::Plan> m_plan;
    QPointer<operation::Operation> m_operation;
    Reply<operation::Plan> m_making;
    kit::StatePage *m_states = nullptr;
    kit::RunLine *m_title = nullptr;
    kit::PlainLabel *m_elapsed = nullptr;
    kit::StatePill *m_pill = nullptr;
    kit::SectionHeader *m_planHeader = nullptr;
    StepModel *m_steps = nullptr;
    QListView *m_stepList = nullptr;
    TouchedView *m_touched = nullptr;
    kit::SectionHeader *m_proofHeader = nullptr;
    kit::RunLine *m_counts = nullptr;
    kit::Banner *m_banner = nullptr;
    SurvivorBar *m_survivors = nullptr;
    ProbeModel *m_probes = nullptr;
    kit::TableView *m_probeTable = nullptr;
    StartForm *m_form = nullptr;
    CertificateBar *m_certificate = nullptr;
    kit::PlainLabel *m_note = nullptr;
    kit::Button *m_journal = nullptr;
    kit::Button *m_pause = nullptr;
    kit::Button *m_cancel = nullptr;
    kit::Button *m_retry = nullptr;
    kit::Button *m_background = nullptr;
    kit::Button *m_start = nullptr;
    QTimer m_second;
};

} // namespace parapet::ui
