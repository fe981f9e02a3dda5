// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/auditevent.h"
#include "ui/kit/parts.h"
#include "ui/shell/consolecontext.h"

class QPlainTextEdit;
class QScrollArea;
class QStackedWidget;
class QTabBar;

namespace parapet {
class AuditModel;
}
namespace parapet::kit {
class MonoLabel;
class ProofPath;
class TableView;
}

namespace parapet::pages {

class EventFields;
class NoteEditor;
class WitnessList;

/// One event beside the table: its fields, what this desk noted on it, its canonical form, its way to the signed root, who signed
/// and witnessed that, and its neighbours in the same session, request and target.
class EventPane : public kit::Ground
{
    Q_OBJECT

public:
    explicit EventPane(shell::ConsoleContext &context, QWidget *parent = nullptr);
    ~EventPane() override;

    void setEvent(const AuditEvent &event);
    const AuditEvent &event() const { return m_event; }
    void setActive(bool active);
    /// The system came or went, or is another one.
    void follow();

    EventFields *fields() const { return m_fields; }
    kit::ProofPath *path() const { return m_path; }
    QTabBar *tabs() const { return m_tabs; }
    kit::TableView *neighbours() const { return m_neighbours; }
    QPlainTextEdit *canonical() const { return m_canonical; }
    QString proofText() const { return m_proof->text(); }
    /// Who signed the checkpoint, and who has cosigned one that covers the event.
    QString signersText() const;
    NoteEditor *note() const { return m_note; }

Q_SIGNALS:
    void closeRequested();
    /// Show the events that match.
    void filterRequested(const QString &filter);
    void eventRequested(qint64 index);
    void exportRequested();
    void bookmarkToggled();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    enum Tab { FieldsTab, CanonicalTab, FirstNeighbours };
    void makeHead(class QVBoxLayout *column);
    void makeBody(class QVBoxLayout *column);
    void makeFoot(class QVBoxLayout *column);
    void showTabs();
    void showTab(int index);
    void showProof();
    void askPath();
    void showSigners();
    void askWitnesses();
    void openPivots(const QPoint &at);
    void askRecording();
    void offerRecording(const QString &id, Milliseconds at);

    shell::ConsoleContext &m_context;
    AuditEvent m_event;
    quint64 m_generation = 0;
    bool m_active = false;
    QVector<std::pair<QString, QString>> m_groups; ///< title and filter of the tabs of neighbours
    QString m_pathMark; ///< what the drawn path was asked for
    kit::MonoLabel *m_name;
    kit::RunLine *m_proof;
    QTabBar *m_tabs;
    QStackedWidget *m_stack;
    QScrollArea *m_scroll;
    EventFields *m_fields;
    kit::SectionHeader *m_pathHeader;
    kit::ProofPath *m_path;
    kit::RunLine *m_pathNote;
    kit::SectionHeader *m_signersHeader;
    kit::RunLine *m_signers;
    WitnessList *m_witnesses;
    QString m_witnessMark; ///< what the list of witnesses was asked for
    NoteEditor *m_note;
    QPlainTextEdit *m_canonical;
    kit::MonoLabel *m_leaf;
    AuditModel *m_neighbourModel;
    kit::TableView *m_neighbours;
    kit::Button *m_export;
    kit::Button *m_recording;
    shell::Location m_recordingPlace; ///< where the terminal's recording of this moment is; empty: there is none
};

} // namespace parapet::pages
